// Which items a case is asked: the routing's conditions over the answers saved so far. The same
// meaning as Expression::evaluate over a dataset of this one case (route_test.cpp).
#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>

#include "barometer/interview/plan_internal.h"

namespace barometer {
namespace {

template <class T>
bool compared(const T& left, std::string_view op, const T& right) {
  if (op == "=") return left == right;
  if (op == "<>") return left != right;
  if (op == "<") return left < right;
  if (op == "<=") return left <= right;
  if (op == ">") return left > right;
  CHECK(op == ">=", "the grammar knows six comparisons");
  return left >= right;
}

Truth as_truth(bool truth) { return truth ? kTrue : kFalse; }

double applied(double left, char sign, double right) {
  switch (sign) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    default:
      return left / right;
  }
}

double number_of(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

CaseRoute::CaseRoute(const Interview::Plan& plan, const InterviewState& state) : plan_(plan) {
  const size_t count = plan.questionnaire.items.size();
  saved_.reserve(count);
  asked_.assign(count, 0);
  for (const Item& item : plan.questionnaire.items) {
    const auto found = state.answers.find(item.id);
    saved_.push_back(found == state.answers.end() ? nullptr : &found->second);
  }
  // A rule names earlier items only, so one pass decides all.
  for (size_t i = 0; i < count; ++i) {
    asked_[i] = !plan.rules[i] || truth(*plan.rules[i]) == kTrue ? 1 : 0;
  }
}

const GivenAnswer* CaseRoute::answer(size_t item) const {
  return asked(item) ? saved_[item] : nullptr;
}

bool CaseRoute::on_route(size_t page) const {
  return std::ranges::any_of(plan_.pages[page].items, [&](size_t item) { return asked(item); });
}

bool CaseRoute::open(size_t page) const {
  return std::ranges::any_of(plan_.pages[page].items,
                             [&](size_t item) { return asked(item) && saved_[item] == nullptr; });
}

std::optional<size_t> CaseRoute::first_open(size_t from) const {
  for (size_t page = from; page < plan_.pages.size(); ++page) {
    if (open(page)) return page;
  }
  return std::nullopt;
}

Missing CaseRoute::missing(size_t item) const {
  if (!asked(item)) return Missing::kNotAsked;
  return saved_[item] == nullptr ? Missing::kSystem : saved_[item]->missing;
}

Truth CaseRoute::truth(const BoundCondition& condition) const {
  using Kind = BoundCondition::Kind;
  switch (condition.kind) {
    case Kind::kAll:
    case Kind::kAny:
      return junction(condition);
    case Kind::kNot:
      return static_cast<Truth>(kTrue - truth(condition.parts.at(0)));
    case Kind::kCodes: {
      const Missing kind = missing(condition.column);
      if (kind != Missing::kNone) {
        return static_cast<Truth>(condition.by_missing.at(static_cast<size_t>(kind)));
      }
      const auto code = static_cast<size_t>(saved_[condition.column]->codes.at(0));
      return code < condition.by_code.size() ? static_cast<Truth>(condition.by_code[code])
                                             : kUnknown;
    }
    case Kind::kOptions:
      return options_truth(condition);
    case Kind::kMissing:
      return static_cast<Truth>(
          condition.by_missing.at(static_cast<size_t>(missing(condition.column))));
    case Kind::kNumbers:
      return numbers_truth(condition);
    case Kind::kText:
    case Kind::kTextColumns:
      return texts_truth(condition);
  }
  return kUnknown;
}

Truth CaseRoute::junction(const BoundCondition& condition) const {
  const bool all = condition.kind == BoundCondition::Kind::kAll;
  Truth out = all ? kTrue : kFalse;
  for (const BoundCondition& part : condition.parts) {
    out = all ? std::min(out, truth(part)) : std::max(out, truth(part));
  }
  return out;
}

Truth CaseRoute::options_truth(const BoundCondition& condition) const {
  if (missing(condition.column) != Missing::kNone) return kUnknown;
  const auto& options = plan_.item(condition.column).options;
  const auto& chosen = saved_[condition.column]->codes;
  for (size_t i = 0; i < options.size(); ++i) {
    const bool wanted = ((condition.bits >> i) & 1) != 0;
    if (wanted && std::ranges::binary_search(chosen, options[i].code)) return kTrue;
  }
  return kFalse;
}

Truth CaseRoute::numbers_truth(const BoundCondition& condition) const {
  const auto left = quantity(condition.sides.at(0));
  const auto right = quantity(condition.sides.at(1));
  if (!left || !right) return kUnknown;
  return as_truth(compared(*left, condition.op, *right));
}

Truth CaseRoute::texts_truth(const BoundCondition& condition) const {
  if (missing(condition.column) != Missing::kNone) return kUnknown;
  const std::string& left = saved_[condition.column]->text;
  if (condition.kind == BoundCondition::Kind::kText) {
    return as_truth(compared(left, condition.op, condition.text));
  }
  if (missing(condition.other) != Missing::kNone) return kUnknown;
  return as_truth(compared(left, condition.op, saved_[condition.other]->text));
}

std::optional<double> CaseRoute::quantity(const BoundQuantity& quantity) const {
  using Kind = BoundQuantity::Kind;
  switch (quantity.kind) {
    case Kind::kConstant:
      return quantity.value;
    case Kind::kNumberColumn:
      if (missing(quantity.column) != Missing::kNone) return std::nullopt;
      return number_of(saved_[quantity.column]->text);
    case Kind::kCodes: {
      if (missing(quantity.column) != Missing::kNone) return std::nullopt;
      const int code = saved_[quantity.column]->codes.at(0);
      if (code < quantity.low || code > quantity.high) return std::nullopt;
      return code;
    }
    case Kind::kNegative: {
      const auto part = this->quantity(quantity.parts.at(0));
      return part ? std::optional(-*part) : std::nullopt;
    }
    case Kind::kArithmetic:
      return arithmetic(quantity);
  }
  return std::nullopt;
}

std::optional<double> CaseRoute::arithmetic(const BoundQuantity& sum) const {
  std::optional<double> out = quantity(sum.parts.at(0));
  for (size_t i = 1; i < sum.parts.size(); ++i) {
    const auto next = quantity(sum.parts[i]);
    if (!out || !next) return std::nullopt;
    out = applied(*out, sum.signs.at(i - 1), *next);
    if (!std::isfinite(*out)) return std::nullopt;
  }
  return out;
}

}  // namespace barometer
