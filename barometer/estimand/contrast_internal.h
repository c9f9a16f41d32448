// The stages of a contrast: text -> node (contrast_grammar.cpp) -> value with gradient.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/base/result.h"

namespace barometer {

struct ContrastNode {
  enum class Kind {
    kNumber,   // number
    kLabel,    // text as written, backticks removed; index once bound
    kSum,      // text[i] is the sign before child i + 1
    kProduct,  // text[i] is * or / before child i + 1
    kNegate,   // one child
    kPower,    // base and exponent
    kCall,     // text: the function; one child
    kLinear,   // text: none; children are labels, number of each its coefficient
  };
  Kind kind = Kind::kNumber;
  size_t at = 0;  // byte offset in the expression
  std::string text{};
  double number = 0;
  size_t index = 0;
  std::vector<ContrastNode> children{};
};

// A function of one number.
struct ContrastFunction {
  std::string_view name;
  bool (*defined)(double);
  double (*value)(double);
  double (*slope)(double);
};
const ContrastFunction* contrast_function_named(std::string_view name);  // nullptr: none
std::vector<std::string> contrast_function_names();

// kInvalid with a caret.
Result<ContrastNode> parse_contrast(std::string_view text);

struct ValueAndGradient {
  double value = 0;
  Vector gradient;
};
// Of a bound node, at the values of the estimates; `text` for messages.
Result<ValueAndGradient> evaluated_contrast(const ContrastNode& node, const Vector& at,
                                            std::string_view text);

}  // namespace barometer
