// Formulas, as R writes them, and the model matrix they make of a dataset.
//
//   enroll ~ stype + api99          ~ a*b + I(x^2) + log(y) - 1
//
// Terms: names, `names in backticks` (a name may hold dots), factor(x), I(expression) and functions
// log, exp, sqrt of an expression with + - * / ^, joined by +, : (interaction), * (both and their
// interaction), and - 1 or + 0 for no intercept. The left side is one name, I(…), or absent.
//
// Categories (single and scale with category text, text columns, factor(number)) are coded by
// treatment contrasts: levels in the variable's order (of texts and numbers sorted), the first is
// the base. Without intercept the first categorical term keeps all its levels, as in R. Column
// names are R's: "(Intercept)", "stypeH", "api99", "stypeH:api99".
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/base/result.h"
#include "barometer/data/dataset.h"

namespace barometer {

// The distinct values of a variable, in its order, and each case's place among them.
struct Levels {
  std::vector<std::string> labels;
  std::vector<int32_t> codes;  // one a case: index into labels; -1 where missing
};
// Of any variable of one value a case: categories in codebook order (those that occur in no case
// are left out), numbers and texts sorted. kInvalid: several answers a case; over `limit` levels.
Result<Levels> levels_of(const Dataset& data, const std::string& name, size_t limit = 1000);
// NaN where missing. kInvalid: not a number (a scale counts by its codes).
Result<std::vector<double>> numbers_of_variable(const Dataset& data, const std::string& name);

struct ModelMatrix {
  Matrix x;                          // cases × columns; rows with missing values are 0
  std::vector<std::string> columns;  // R's names
  std::vector<size_t>
      term_of_column;              // index into terms; the intercept belongs to no term: SIZE_MAX
  std::vector<std::string> terms;  // "stype", "api99", "stype:api99"
  std::vector<uint8_t> complete;   // one a case: 1 where no variable of the formula is missing
};

class Formula {
 public:
  // kInvalid with column and a caret under the word.
  static Result<Formula> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const& { return text_; }
  [[nodiscard]] bool has_response() const;
  [[nodiscard]] bool has_intercept() const;
  // Names it mentions, each once, response first.
  [[nodiscard]] std::vector<std::string> variables() const;
  // The same formula without the named term (for tests of a term). kNotFound.
  [[nodiscard]] Result<Formula> without(const std::string& term) const;

  // Right side. Levels are those that occur among cases with mask 1 (all when empty).
  [[nodiscard]] Result<ModelMatrix> matrix(const Dataset& data,
                                           std::span<const uint8_t> mask) const;
  // Left side as numbers, NaN where missing; of two categories 0 and 1 (the second is 1).
  [[nodiscard]] Result<std::vector<double>> response(const Dataset& data) const;
  // Left side as ordered levels. kInvalid for an expression.
  [[nodiscard]] Result<Levels> response_levels(const Dataset& data) const;

  struct Node;

 private:
  Formula() = default;
  std::string text_;
  std::shared_ptr<const Node> root_;
};

}  // namespace barometer
