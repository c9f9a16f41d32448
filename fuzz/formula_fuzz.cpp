// Whatever the text: no crash, an error that is a sentence, terms that read back as themselves, and
// no number in a model matrix that is not finite.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/formula/formula.h"

namespace {

using barometer::Dataset;
using barometer::Formula;
using barometer::Missing;
using barometer::NumberExpression;

// Names of one letter, so that few bytes make a formula that means something.
Dataset three_cases() {
  barometer::Codebook codebook;
  const auto add = [&](barometer::Variable variable) {
    CHECK(codebook.add(std::move(variable)), "the codebook is sound");
  };
  add({.id = "s", .categories = {{1, "a"}, {2, "b"}, {3, "c", true}}});
  add({.id = "l", .kind = barometer::VariableKind::kScale, .scale_low = 1, .scale_high = 9});
  add({.id = "m", .kind = barometer::VariableKind::kMulti, .categories = {{1, "a"}, {2, "b"}}});
  add({.id = "x", .kind = barometer::VariableKind::kNumber});
  add({.id = "t", .kind = barometer::VariableKind::kText});
  const std::vector<Missing> missing = {Missing::kNone, Missing::kNone, Missing::kDontKnow};
  const std::vector<int> codes = {1, 2, -8};
  std::vector<barometer::Column> columns = {
      barometer::make_codes(codes), barometer::make_codes(codes),
      barometer::OptionSets{{3, 1, 0}, missing}, barometer::Numbers{{2.5, -1, 0}, missing},
      barometer::Texts{{"a", "b", ""}, missing}};
  return Dataset::make(std::move(codebook), std::move(columns)).value();
}

void check_error(const barometer::Error& error) {
  CHECK(!error.message.empty(), "an error says something");
}

void evaluate(const Formula& formula, const Dataset& data) {
  const auto made = formula.matrix(data, {});
  if (!made) return check_error(made.error());
  CHECK(made->x.allFinite(), "cells are finite");
  CHECK(made->columns.size() == static_cast<size_t>(made->x.cols()), "each column has a name");
  CHECK(made->columns.size() == made->term_of_column.size(), "each column has a term");
  if (formula.has_response()) {
    const auto response = formula.response(data);
    if (!response) check_error(response.error());
    const auto levels = formula.response_levels(data);
    if (!levels) check_error(levels.error());
  }
}

void parse_as_formula(std::string_view text, const Dataset& data) {
  const auto formula = Formula::parse(text);
  if (!formula) return check_error(formula.error());
  evaluate(*formula, data);
  for (const std::string& term : formula->terms()) {
    const auto again = Formula::parse("~" + term);
    if (!again) {  // written with more spaces than it was read with
      CHECK(term.size() >= 5'000, "a term can be read");
      continue;
    }
    CHECK(again->terms() == std::vector<std::string>{term}, "a term reads back as itself");
  }
}

void parse_as_expression(std::string_view text, const Dataset& data) {
  const auto expression = NumberExpression::parse(text);
  if (!expression) return check_error(expression.error());
  const auto numbers = expression->numbers(data);
  if (!numbers) return check_error(numbers.error());
  for (const double number : *numbers) {
    CHECK(!std::isinf(number), "a number is finite or missing");
    CHECK(!expression->is_truth() || std::isnan(number) || number == 0 || number == 1,
          "a truth is 0 or 1");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const Dataset data = three_cases();
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  parse_as_formula(text, data);
  parse_as_expression(text, data);
  return 0;
}
