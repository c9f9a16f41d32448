// The stages of a formula: text -> FormulaNode (grammar) -> FormulaParts (terms) -> columns.
//
//   formula_grammar.cpp   the PEGTL grammar
//   formula_written.cpp   a node as R writes it
//   formula_terms.cpp     terms and intercept from + - : * / ^
//   formula_value.cpp     the value of a node for each case
//   model_matrix.cpp      columns of terms
#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/formula/formula.h"

namespace barometer {

struct FormulaNode {
  enum class Kind {
    kName,      // text: as written, backticks removed
    kNumber,    // number
    kText,      // text: quotes removed
    kCall,      // text: the function; one child
    kGroup,     // in parentheses; one child
    kSign,      // text: + or -; one child
    kPower,     // base, exponent
    kInteract,  // parts of a:b:c
    kProduct,   // parts; text[i] is * or / before child i + 1
    kSum,       // parts; text[i] is + or - before child i + 1
    kCompare,   // text: the operator; two children
    kNot,       // one child
    kAnd,       // parts
    kOr,        // parts
  };
  Kind kind = Kind::kName;
  size_t at = 0;  // byte offset in the formula
  std::string text{};
  double number = 0;
  std::vector<FormulaNode> children{};
};

// kInvalid: "column 8: <message>\n  <line of text>\n  <caret>".
Error formula_error(std::string_view text, size_t at, const std::string& message);

struct FormulaSides {
  std::optional<FormulaNode> response;
  FormulaNode terms;
};
Result<FormulaSides> parse_sides(std::string_view text);
Result<FormulaNode> parse_expression(std::string_view text);

// As R deparses it: "I(api99^2)", "log(a + 1)", "`a b` == \"x\"".
std::string written(const FormulaNode& node);
void collect_names(const FormulaNode& node, std::vector<std::string>& names);
// Comparisons and what joins them, also in parentheses or I().
bool is_truth(const FormulaNode& node);

inline constexpr size_t kMaxFormulaVariables = 256;
using FormulaTerm = std::bitset<kMaxFormulaVariables>;  // of variables

struct FormulaParts {
  std::optional<FormulaNode> response;
  std::vector<FormulaNode> variables;  // of the terms: names and expressions
  std::vector<std::string> names;      // of the variables, written
  std::vector<FormulaTerm> terms;      // by order
  std::vector<std::string> labels;     // of the terms
  bool intercept = true;
};
Result<FormulaParts> expanded(FormulaSides sides, std::string_view text);

// Distinct numbers, told apart by 15 digits; NaN is missing.
Levels levels_of_numbers(std::span<const double> values);

// A quantity, or categories, for each case.
struct FormulaValue {
  std::vector<double> numbers{};  // NaN where missing; when not categorical
  Levels levels{};                // when categorical
  bool categorical = false;
  bool truth = false;  // numbers are 0 and 1 from a comparison
};
Result<FormulaValue> value_of(const FormulaNode& node, const Dataset& data, std::string_view text);

}  // namespace barometer
