// Whatever the text: no crash, an error that is a sentence, and no case that is both selected by an
// expression and by its negation.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/data/expression.h"

namespace {

using barometer::Dataset;
using barometer::Expression;
using barometer::Missing;

// Names of one letter, so that few bytes make an expression that means something.
Dataset two_cases() {
  barometer::Codebook codebook;
  const auto add = [&](barometer::Variable variable) {
    CHECK(codebook.add(std::move(variable)), "the codebook is sound");
  };
  add({.id = "s", .categories = {{1, "a"}, {2, "b", true}}, .nets = {{"n", "N", {1, 2}}}});
  add({.id = "l", .kind = barometer::VariableKind::kScale, .scale_low = 1, .scale_high = 9});
  add({.id = "m", .kind = barometer::VariableKind::kMulti, .categories = {{1, "a"}, {2, "b"}}});
  add({.id = "x", .kind = barometer::VariableKind::kNumber});
  add({.id = "t", .kind = barometer::VariableKind::kText});
  const std::vector<Missing> missing = {Missing::kNone, Missing::kDontKnow};
  const std::vector<int> codes = {1, -8};
  std::vector<barometer::Column> columns = {
      barometer::make_codes(codes), barometer::make_codes(codes),
      barometer::OptionSets{{3, 0}, missing}, barometer::Numbers{{2.5, 0}, missing},
      barometer::Texts{{"a", ""}, missing}};
  return Dataset::make(std::move(codebook), std::move(columns)).value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const Dataset data = two_cases();
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto parsed = Expression::parse(text);
  if (!parsed) {
    CHECK(!parsed.error().message.empty(), "an error says something");
    return 0;
  }
  const auto mask = parsed->evaluate(data);
  CHECK(mask.has_value() == parsed->check(data.codebook()).has_value(),
        "evaluate fails as check does");
  if (!mask) return 0;
  const auto negated = Expression::parse("not (" + text + ")");
  if (!negated) return 0;  // one level too deep, or too long
  const auto others = negated->evaluate(data);
  CHECK(others.has_value(), "a negation means something when its condition does");
  for (size_t row = 0; row < mask->size(); ++row) {
    CHECK((*mask)[row] + (*others)[row] <= 1, "no case is both");
  }
  return 0;
}
