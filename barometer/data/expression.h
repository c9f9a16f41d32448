// The one expression language: filters, routing, bases.
//
//   role = 'chair' and (confidence >= 7 or region in ('North', 'London')) and not is_gp = 'no'
//   confidence between 7 and 10        pooled_budget is not missing       leave_self is likely
//   barriers has 'tariff'              q3 is dont_know                    q3 is not_asked
//
// A subset of SQL: and, or, not, = <> != < <= > >=, [not] in (…), [not] between, is [not] missing |
// not_asked | refused | dont_know | <net id>, [not] has for multi variables, + - * / on numbers.
// Names are variable ids, or the name a column had in its file (api.stu, "pupil teacher ratio");
// 'text' is a category's label (or text value), a number its code; labels are told apart by letter
// case, keywords are not. PEGTL grammar; depth at most 64, length at most 10,000.
//
// Three-valued logic as in SQL: a comparison with a missing value is unknown, and only true
// selects. < <= > >= and between compare codes; an answer off a scale (a code outside its ends) is
// unknown there and in arithmetic, and so is a division by zero. `is dont_know` holds for the
// missing kind and for a category marked as one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/data/dataset.h"

namespace barometer {

struct BoundCondition;

// A parsed expression; knows its text, not yet what the names mean.
class Expression {
 public:
  // kInvalid with column and a caret under the word:
  //   "column 8: expected a value after '='\n  role = = 'chair'\n         ^"
  static Result<Expression> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const& { return text_; }
  // Variable ids it mentions, each once, in order of appearance.
  [[nodiscard]] std::vector<std::string> variables() const;
  // Names, labels, codes and NETs are those of the codebook, types fit; else kInvalid as in parse,
  // with the nearest known name.
  [[nodiscard]] Status check(const Codebook& codebook) const;
  // Its meaning in this codebook (bound_expression.h). Fails as check().
  [[nodiscard]] Result<BoundCondition> bind(const Codebook& codebook) const;
  // One byte a case, 1 where true. Fails as check().
  [[nodiscard]] Result<std::vector<uint8_t>> evaluate(const Dataset& data) const;

  struct Node;

 private:
  Expression(std::string text, std::shared_ptr<const Node> root)
      : text_(std::move(text)), root_(std::move(root)) {}

  std::string text_;
  std::shared_ptr<const Node> root_;
};

}  // namespace barometer
