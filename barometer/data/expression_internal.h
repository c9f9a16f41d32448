// The stages of an expression: text -> Node (grammar) -> Condition (bound to a codebook) -> truth.
//
//   expression_grammar.cpp   parse_node: the PEGTL grammar
//   expression_bind.cpp      bind: names, labels and types, once
//   expression_evaluate.cpp  the conditions and quantities, over blocks of cases
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/data/bound_expression.h"
#include "barometer/data/expression.h"

namespace barometer {

struct Expression::Node {
  enum class Kind {
    kAnd,      // children: two or more conditions
    kOr,       // children: two or more conditions
    kNot,      // one condition
    kCompare,  // text: the operator; two values
    kIn,       // a value, then literals
    kBetween,  // value, lower, upper
    kIs,       // a value, then a kName: what it is
    kHas,      // a value, a literal
    kSum,      // values; text[i] is the sign before child i + 1
    kProduct,  // values; text[i] is * or / before child i + 1
    kNegate,   // one value
    kName,     // text: as written, quotes removed
    kNumber,   // number
    kText,     // text: quotes removed
  };
  Kind kind = Kind::kName;
  size_t at = 0;  // byte offset in the expression
  std::string text{};
  double number = 0;
  bool negated = false;  // not in, not between, is not, not has
  std::vector<Node> children{};

  [[nodiscard]] bool is_condition() const { return kind <= Kind::kHas; }
};

// kInvalid: "column 8: <message>\n  <line of text>\n  <caret>".
Error expression_error(std::string_view text, size_t at, const std::string& message);

Result<Expression::Node> parse_node(std::string_view text);

inline constexpr size_t kBlock = 1024;  // cases evaluated at a time

// A number for each case of a block; `known` is 1 where there is one, and only then is it finite.
struct QuantityBlock {
  std::array<double, kBlock> values;
  std::array<uint8_t, kBlock> known;
};

class Quantity {
 public:
  virtual ~Quantity() = default;
  // Fills the first `count` places from the cases begin, begin + 1, …
  virtual void evaluate(const Dataset& data, size_t begin, size_t count,
                        QuantityBlock& out) const = 0;
  [[nodiscard]] virtual BoundQuantity bound() const = 0;
};

class Condition {
 public:
  virtual ~Condition() = default;
  // One Truth a case, from the case `begin` on; at most kBlock.
  virtual void evaluate(const Dataset& data, size_t begin, std::span<uint8_t> out) const = 0;
  [[nodiscard]] virtual BoundCondition bound() const = 0;
};

using QuantityPtr = std::unique_ptr<const Quantity>;
using ConditionPtr = std::unique_ptr<const Condition>;

// A condition on one variable's value alone, worked out for every value it can have.
struct CodeTruths {
  std::vector<uint8_t> by_code;         // Truth of each code; codes past the end do not occur
  std::array<uint8_t, 5> by_missing{};  // Truth of each kind of missing
};

ConditionPtr all_of(std::vector<ConditionPtr> parts);
ConditionPtr any_of(std::vector<ConditionPtr> parts);
ConditionPtr negation(ConditionPtr part);
ConditionPtr code_condition(size_t column, CodeTruths truths);
// Any of `bits` chosen.
ConditionPtr options_condition(size_t column, uint64_t bits);
// True where the kind of missing is one of `truths` (kNone included); for every column type.
ConditionPtr missing_condition(size_t column, std::array<uint8_t, 5> truths);
ConditionPtr number_comparison(QuantityPtr left, std::string_view op, QuantityPtr right);
ConditionPtr text_comparison(size_t column, std::string_view op, std::string text);
ConditionPtr text_columns_comparison(size_t left, std::string_view op, size_t right);

QuantityPtr constant(double value);
QuantityPtr number_column(size_t column);
// Codes as numbers; those outside low … high are not known.
QuantityPtr code_quantity(size_t column, int low, int high);
QuantityPtr negative(QuantityPtr part);
// parts[0] then signs[i] parts[i + 1], from left to right; signs are + - * /.
QuantityPtr arithmetic(std::vector<QuantityPtr> parts, std::string signs);

Result<ConditionPtr> bound_condition(const Expression::Node& root, std::string_view text,
                                     const Codebook& codebook);

}  // namespace barometer
