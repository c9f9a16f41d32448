// Formulas, as R writes them, and the model matrix they make of a dataset.
//
//   enroll ~ stype + api99          ~ a*b + I(x^2) + log(y) - 1          I(ell == 0) ~ factor(g):x
//
// Between terms: + joins, a:b is the interaction, a*b is a + b + a:b, a/b is a + a:b, (a + b)^2 has
// all terms up to order 2, - takes a term away; - 1 or + 0 leaves out the intercept. A term's
// variables are names (or `names in backticks`; as in their file, so they may hold dots) and
// expressions: I(…), factor(…), log, exp, sqrt, abs. Inside a function + - * / ^ count;
// == != < <= > >= & | ! give truths, which are 0 and 1 in arithmetic and the two categories FALSE
// and TRUE of a term. "text" is a category's label, or a text; a number compared with a single
// variable is a code. Operators bind as in R. Depth at most 64, length at most 10,000.
//
// Categorical are single variables, texts, truths and factor(x); numbers and scales are quantities
// (an answer off its scale is missing). Categories are coded by treatment contrasts: the first is
// the base. A variable keeps all its categories in a term whose margin (the term without it) is in
// no term before; without intercept the first categorical variable does (Chambers & Hastie,
// "Statistical Models in S", 1992, section 2.4.1; R's terms.formula). Terms stand by order, as in
// R, and columns have R's names: "(Intercept)", "stypeH", "I(ell == 0)TRUE", "stypeH:api99".
//
// Missing: a case without an answer, with a "don't know" that is outside the base, or an expression
// without a finite value (1/0, log(-1)); as R's NA, `&` with a false and `|` with a true are known.
#pragma once

#include <cstdint>
#include <memory>
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
// Of any variable of one value a case: categories in codebook order, points of a scale before its
// other answers (what occurs in no case is left out), numbers sorted (told apart by 15 digits),
// texts in byte order. `name` as Codebook::index_of_written. kInvalid: several answers a case; over
// `limit` levels. kNotFound.
Result<Levels> levels_of(const Dataset& data, const std::string& name, size_t limit = 1000);
// NaN where missing. kInvalid: not a number (a scale counts by its codes). kNotFound.
Result<std::vector<double>> numbers_of_variable(const Dataset& data, const std::string& name);

struct ModelMatrix {
  Matrix x;                          // cases × columns; rows that are not complete are 0
  std::vector<std::string> columns;  // R's names
  // Index into terms of each column; SIZE_MAX for the intercept, which belongs to no term.
  std::vector<size_t> term_of_column;
  std::vector<std::string> terms;  // "stype", "api99", "stype:api99"
  // One a case: 1 inside the mask where no variable of the formula is missing, on either side.
  std::vector<uint8_t> complete;
};

struct FormulaNode;
struct FormulaParts;

class Formula {
 public:
  // kInvalid with column and a caret under the word.
  static Result<Formula> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const& { return text_; }
  [[nodiscard]] bool has_response() const;
  [[nodiscard]] bool has_intercept() const;
  // Names it mentions, as written, each once, response first.
  [[nodiscard]] std::vector<std::string> variables() const;
  // Of the right side, in the order of their columns.
  [[nodiscard]] const std::vector<std::string>& terms() const&;
  // The same formula without the named term (for tests of a term). kNotFound.
  [[nodiscard]] Result<Formula> without(const std::string& term) const;

  // Right side. Levels are those that occur among complete cases with mask 1 (all when empty).
  // kInvalid: as expressions; a categorical variable without two levels where it needs them.
  // kLimit: over 5,000 columns, or 2^29 cells.
  [[nodiscard]] Result<ModelMatrix> matrix(const Dataset& data,
                                           std::span<const uint8_t> mask) const;
  // Left side as numbers, NaN where missing; of two categories 0 and 1 (the second is 1).
  [[nodiscard]] Result<std::vector<double>> response(const Dataset& data) const;
  // Left side as ordered levels: a name, or factor(…). kInvalid for another expression.
  [[nodiscard]] Result<Levels> response_levels(const Dataset& data) const;

 private:
  Formula() = default;
  std::string text_;
  std::shared_ptr<const FormulaParts> parts_;
};

// One expression, as inside I(): api00/enroll, I(ell == 0), "sch.wide == 'Yes' & api00 > 600".
class NumberExpression {
 public:
  // kInvalid with column and a caret under the word.
  static Result<NumberExpression> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const& { return text_; }
  [[nodiscard]] std::vector<std::string> variables() const;
  // A comparison: its numbers are 0 and 1.
  [[nodiscard]] bool is_truth() const;
  // One a case; NaN where missing. kInvalid: no number, unknown names and labels, with a caret.
  [[nodiscard]] Result<std::vector<double>> numbers(const Dataset& data) const;

 private:
  NumberExpression() = default;
  std::string text_;
  std::shared_ptr<const FormulaNode> root_;
};

}  // namespace barometer
