// Whatever the text, as YAML and as words: no crash, an error that is a sentence, and a plan that
// resolves to itself.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "barometer/base/result.h"
#include "barometer/book/plan.h"

namespace {

using barometer::BookPlan;
using barometer::Codebook;
using barometer::VariableKind;

Codebook of_every_kind() {
  Codebook codebook;
  const auto add = [&](barometer::Variable variable) {
    CHECK(codebook.add(std::move(variable)), "the codebook is sound");
  };
  add({.id = "s",
       .categories = {{1, "a"}, {2, "b"}, {3, "c", true}},
       .nets = {{"n", "N", {1, 2}}}});
  add({.id = "q", .categories = {{1, "a"}, {2, "b"}, {3, "c", true}}});
  add({.id = "l", .kind = VariableKind::kScale, .scale_low = 0, .scale_high = 10});
  add({.id = "m", .kind = VariableKind::kMulti, .categories = {{1, "a"}, {2, "b"}}});
  add({.id = "x", .kind = VariableKind::kNumber});
  add({.id = "t", .kind = VariableKind::kText});
  return codebook;
}

void check_error(const barometer::Error& error) {
  CHECK(!error.message.empty(), "an error says something");
}

void check_resolved(const BookPlan& plan, const Codebook& codebook) {
  const auto once = resolved(plan, codebook);
  if (!once) return check_error(once.error());
  CHECK(!once->rows.empty(), "a plan has tables");
  const auto twice = resolved(*once, codebook);
  CHECK(twice.has_value(), "a resolved plan resolves");
  CHECK(twice->rows.size() == once->rows.size(), "to as many tables");
  for (size_t i = 0; i < once->rows.size(); ++i) {
    const barometer::RowsPlan& rows = once->rows[i];
    const barometer::RowsPlan& again = twice->rows[i];
    CHECK(rows.grid || rows.variables.size() == 1, "a table has one variable");
    CHECK(rows.variables == again.variables && rows.statistics == again.statistics &&
              rows.scores == again.scores && rows.nets.size() == again.nets.size() &&
              rows.last == again.last && rows.hidden == again.hidden,
          "of the same rows");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const Codebook codebook = of_every_kind();
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto plan = barometer::parse_book_plan(text, "plan.yaml");
  if (plan) {
    check_resolved(*plan, codebook);
  } else {
    check_error(plan.error());
  }
  const auto rows = barometer::parse_rows(text, codebook);
  if (!rows) check_error(rows.error());
  const auto banner = barometer::parse_banner(text, codebook);
  if (!banner) check_error(banner.error());
  const auto measures = barometer::parse_measures(text);
  if (!measures) check_error(measures.error());
  return 0;
}
