#include <algorithm>
#include <cmath>

#include "barometer/data/expression_internal.h"

namespace barometer {
namespace {

// Folds the parts' truths by `Pick` (minimum for and, maximum for or).
template <const uint8_t& (*Pick)(const uint8_t&, const uint8_t&), BoundCondition::Kind kKind>
class Junction : public Condition {
 public:
  explicit Junction(std::vector<ConditionPtr> parts) : parts_(std::move(parts)) {}

  void evaluate(const Dataset& data, size_t begin, std::span<uint8_t> out) const override {
    parts_[0]->evaluate(data, begin, out);
    std::array<uint8_t, kBlock> next;
    for (size_t part = 1; part < parts_.size(); ++part) {
      parts_[part]->evaluate(data, begin, std::span(next).first(out.size()));
      for (size_t i = 0; i < out.size(); ++i) out[i] = Pick(out[i], next[i]);
    }
  }

  [[nodiscard]] BoundCondition bound() const override {
    BoundCondition tree{.kind = kKind};
    for (const ConditionPtr& part : parts_) tree.parts.push_back(part->bound());
    return tree;
  }

 private:
  std::vector<ConditionPtr> parts_;
};
using Conjunction = Junction<std::min<uint8_t>, BoundCondition::Kind::kAll>;
using Disjunction = Junction<std::max<uint8_t>, BoundCondition::Kind::kAny>;

class Negation : public Condition {
 public:
  explicit Negation(ConditionPtr part) : part_(std::move(part)) {}

  void evaluate(const Dataset& data, size_t begin, std::span<uint8_t> out) const override {
    part_->evaluate(data, begin, out);
    for (uint8_t& truth : out) truth = static_cast<uint8_t>(kTrue - truth);
  }

  [[nodiscard]] BoundCondition bound() const override {
    return {.kind = BoundCondition::Kind::kNot, .parts = {part_->bound()}};
  }

 private:
  ConditionPtr part_;
};

// One look-up a case.
class CodeCondition : public Condition {
 public:
  CodeCondition(size_t column, CodeTruths truths) : column_(column), truths_(std::move(truths)) {
    for (size_t code = 0; code < narrow_.size(); ++code) {
      narrow_[code] = truth_of(static_cast<uint8_t>(code));
    }
  }

  void evaluate(const Dataset& data, size_t begin, std::span<uint8_t> out) const override {
    const Column& column = data.column(column_);
    if (const auto* narrow = std::get_if<NarrowCodes>(&column)) {
      const std::span codes = std::span(*narrow).subspan(begin, out.size());
      for (size_t i = 0; i < out.size(); ++i) out[i] = narrow_[codes[i]];
    } else {
      const std::span codes = std::span(std::get<WideCodes>(column)).subspan(begin, out.size());
      for (size_t i = 0; i < out.size(); ++i) out[i] = truth_of(codes[i]);
    }
  }

  [[nodiscard]] BoundCondition bound() const override {
    return {.kind = BoundCondition::Kind::kCodes,
            .column = column_,
            .by_code = truths_.by_code,
            .by_missing = truths_.by_missing};
  }

 private:
  template <class T>
  [[nodiscard]] uint8_t truth_of(T code) const {
    if (const Missing kind = missing_of(code); kind != Missing::kNone) {
      return truths_.by_missing[static_cast<size_t>(kind)];
    }
    return code < truths_.by_code.size() ? truths_.by_code[code] : uint8_t{kUnknown};
  }

  size_t column_;
  CodeTruths truths_;
  std::array<uint8_t, 256> narrow_{};
};

class OptionsCondition : public Condition {
 public:
  OptionsCondition(size_t column, uint64_t bits) : column_(column), bits_(bits) {}

  void evaluate(const Dataset& data, size_t begin, std::span<uint8_t> out) const override {
    const auto& sets = std::get<OptionSets>(data.column(column_));
    for (size_t i = 0; i < out.size(); ++i) {
      const uint8_t chosen = (sets.bits[begin + i] & bits_) != 0 ? kTrue : kFalse;
      out[i] = sets.missing[begin + i] == Missing::kNone ? chosen : uint8_t{kUnknown};
    }
  }

  [[nodiscard]] BoundCondition bound() const override {
    return {.kind = BoundCondition::Kind::kOptions, .column = column_, .bits = bits_};
  }

 private:
  size_t column_;
  uint64_t bits_;
};

class MissingCondition : public Condition {
 public:
  MissingCondition(size_t column, std::array<uint8_t, 5> truths)
      : column_(column), truths_(truths) {}

  void evaluate(const Dataset& data, size_t begin, std::span<uint8_t> out) const override {
    const Column& column = data.column(column_);
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] = truths_[static_cast<size_t>(missing_at(column, begin + i))];
    }
  }

  [[nodiscard]] BoundCondition bound() const override {
    return {.kind = BoundCondition::Kind::kMissing, .column = column_, .by_missing = truths_};
  }

 private:
  size_t column_;
  std::array<uint8_t, 5> truths_;
};

// Calls `use` with the comparison that `op` stands for.
template <class Use>
void with_comparison(std::string_view op, Use use) {
  if (op == "=") return use(std::equal_to<>());
  if (op == "<>") return use(std::not_equal_to<>());
  if (op == "<") return use(std::less<>());
  if (op == "<=") return use(std::less_equal<>());
  if (op == ">") return use(std::greater<>());
  CHECK(op == ">=", "the grammar knows six comparisons");
  use(std::greater_equal<>());
}

class NumberComparison : public Condition {
 public:
  NumberComparison(QuantityPtr left, std::string_view op, QuantityPtr right)
      : left_(std::move(left)), op_(op), right_(std::move(right)) {}

  void evaluate(const Dataset& data, size_t begin, std::span<uint8_t> out) const override {
    QuantityBlock left;
    QuantityBlock right;
    left_->evaluate(data, begin, out.size(), left);
    right_->evaluate(data, begin, out.size(), right);
    with_comparison(op_, [&](auto compare) {
      for (size_t i = 0; i < out.size(); ++i) {
        const uint8_t truth = compare(left.values[i], right.values[i]) ? kTrue : kFalse;
        out[i] = (left.known[i] & right.known[i]) != 0 ? truth : uint8_t{kUnknown};
      }
    });
  }

  [[nodiscard]] BoundCondition bound() const override {
    return {.kind = BoundCondition::Kind::kNumbers,
            .op = op_,
            .sides = {left_->bound(), right_->bound()}};
  }

 private:
  QuantityPtr left_;
  std::string op_;
  QuantityPtr right_;
};

// A text column against one text, or against another column.
class TextComparison : public Condition {
 public:
  TextComparison(size_t column, std::string_view op, std::string text)
      : column_(column), op_(op), text_(std::move(text)) {}

  void evaluate(const Dataset& data, size_t begin, std::span<uint8_t> out) const override {
    const auto& texts = std::get<Texts>(data.column(column_));
    with_comparison(op_, [&](auto compare) {
      for (size_t i = 0; i < out.size(); ++i) {
        const uint8_t truth = compare(texts.values[begin + i], text_) ? kTrue : kFalse;
        out[i] = texts.missing[begin + i] == Missing::kNone ? truth : uint8_t{kUnknown};
      }
    });
  }

  [[nodiscard]] BoundCondition bound() const override {
    return {.kind = BoundCondition::Kind::kText, .column = column_, .op = op_, .text = text_};
  }

 private:
  size_t column_;
  std::string op_;
  std::string text_;
};

class TextColumnsComparison : public Condition {
 public:
  TextColumnsComparison(size_t left, std::string_view op, size_t right)
      : left_(left), op_(op), right_(right) {}

  void evaluate(const Dataset& data, size_t begin, std::span<uint8_t> out) const override {
    const auto& left = std::get<Texts>(data.column(left_));
    const auto& right = std::get<Texts>(data.column(right_));
    with_comparison(op_, [&](auto compare) {
      for (size_t i = 0; i < out.size(); ++i) {
        const size_t row = begin + i;
        const bool known =
            left.missing[row] == Missing::kNone && right.missing[row] == Missing::kNone;
        const uint8_t truth = compare(left.values[row], right.values[row]) ? kTrue : kFalse;
        out[i] = known ? truth : uint8_t{kUnknown};
      }
    });
  }

  [[nodiscard]] BoundCondition bound() const override {
    return {
        .kind = BoundCondition::Kind::kTextColumns, .column = left_, .other = right_, .op = op_};
  }

 private:
  size_t left_;
  std::string op_;
  size_t right_;
};

class Constant : public Quantity {
 public:
  explicit Constant(double value) : value_(value) {}
  void evaluate(const Dataset&, size_t, size_t count, QuantityBlock& out) const override {
    std::fill_n(out.values.begin(), count, value_);
    std::fill_n(out.known.begin(), count, uint8_t{1});
  }

  [[nodiscard]] BoundQuantity bound() const override {
    return {.kind = BoundQuantity::Kind::kConstant, .value = value_};
  }

 private:
  double value_;
};

class NumberColumn : public Quantity {
 public:
  explicit NumberColumn(size_t column) : column_(column) {}
  void evaluate(const Dataset& data, size_t begin, size_t count,
                QuantityBlock& out) const override {
    const auto& numbers = std::get<Numbers>(data.column(column_));
    for (size_t i = 0; i < count; ++i) {
      out.values[i] = numbers.values[begin + i];
      out.known[i] = numbers.missing[begin + i] == Missing::kNone ? 1 : 0;
    }
  }

  [[nodiscard]] BoundQuantity bound() const override {
    return {.kind = BoundQuantity::Kind::kNumberColumn, .column = column_};
  }

 private:
  size_t column_;
};

class CodeQuantity : public Quantity {
 public:
  CodeQuantity(size_t column, int low, int high) : column_(column), low_(low), high_(high) {}
  void evaluate(const Dataset& data, size_t begin, size_t count,
                QuantityBlock& out) const override {
    const Column& column = data.column(column_);
    if (const auto* narrow = std::get_if<NarrowCodes>(&column)) {
      fill(std::span(*narrow).subspan(begin, count), out);
    } else {
      fill(std::span(std::get<WideCodes>(column)).subspan(begin, count), out);
    }
  }

  [[nodiscard]] BoundQuantity bound() const override {
    return {.kind = BoundQuantity::Kind::kCodes, .column = column_, .low = low_, .high = high_};
  }

 private:
  template <class T>
  void fill(std::span<const T> codes, QuantityBlock& out) const {
    for (size_t i = 0; i < codes.size(); ++i) {
      const int code = codes[i];
      out.values[i] = code;
      const bool known = missing_of(codes[i]) == Missing::kNone && code >= low_ && code <= high_;
      out.known[i] = known ? 1 : 0;
    }
  }

  size_t column_;
  int low_;
  int high_;
};

class Negative : public Quantity {
 public:
  explicit Negative(QuantityPtr part) : part_(std::move(part)) {}
  void evaluate(const Dataset& data, size_t begin, size_t count,
                QuantityBlock& out) const override {
    part_->evaluate(data, begin, count, out);
    for (size_t i = 0; i < count; ++i) out.values[i] = -out.values[i];
  }

  [[nodiscard]] BoundQuantity bound() const override {
    return {.kind = BoundQuantity::Kind::kNegative, .parts = {part_->bound()}};
  }

 private:
  QuantityPtr part_;
};

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

class Arithmetic : public Quantity {
 public:
  Arithmetic(std::vector<QuantityPtr> parts, std::string signs)
      : parts_(std::move(parts)), signs_(std::move(signs)) {}

  void evaluate(const Dataset& data, size_t begin, size_t count,
                QuantityBlock& out) const override {
    parts_[0]->evaluate(data, begin, count, out);
    QuantityBlock next;
    for (size_t part = 1; part < parts_.size(); ++part) {
      parts_[part]->evaluate(data, begin, count, next);
      for (size_t i = 0; i < count; ++i) {
        const bool both = (out.known[i] & next.known[i]) != 0;
        const double value = both ? applied(out.values[i], signs_[part - 1], next.values[i]) : 0;
        out.known[i] = both && std::isfinite(value) ? 1 : 0;
        out.values[i] = out.known[i] != 0 ? value : 0;
      }
    }
  }

  [[nodiscard]] BoundQuantity bound() const override {
    BoundQuantity tree{.kind = BoundQuantity::Kind::kArithmetic, .signs = signs_};
    for (const QuantityPtr& part : parts_) tree.parts.push_back(part->bound());
    return tree;
  }

 private:
  std::vector<QuantityPtr> parts_;
  std::string signs_;
};

}  // namespace

ConditionPtr all_of(std::vector<ConditionPtr> parts) {
  return std::make_unique<Conjunction>(std::move(parts));
}
ConditionPtr any_of(std::vector<ConditionPtr> parts) {
  return std::make_unique<Disjunction>(std::move(parts));
}
ConditionPtr negation(ConditionPtr part) { return std::make_unique<Negation>(std::move(part)); }
ConditionPtr code_condition(size_t column, CodeTruths truths) {
  return std::make_unique<CodeCondition>(column, std::move(truths));
}
ConditionPtr options_condition(size_t column, uint64_t bits) {
  return std::make_unique<OptionsCondition>(column, bits);
}
ConditionPtr missing_condition(size_t column, std::array<uint8_t, 5> truths) {
  return std::make_unique<MissingCondition>(column, truths);
}
ConditionPtr number_comparison(QuantityPtr left, std::string_view op, QuantityPtr right) {
  return std::make_unique<NumberComparison>(std::move(left), op, std::move(right));
}
ConditionPtr text_comparison(size_t column, std::string_view op, std::string text) {
  return std::make_unique<TextComparison>(column, op, std::move(text));
}
ConditionPtr text_columns_comparison(size_t left, std::string_view op, size_t right) {
  return std::make_unique<TextColumnsComparison>(left, op, right);
}
QuantityPtr constant(double value) { return std::make_unique<Constant>(value); }
QuantityPtr number_column(size_t column) { return std::make_unique<NumberColumn>(column); }
QuantityPtr code_quantity(size_t column, int low, int high) {
  return std::make_unique<CodeQuantity>(column, low, high);
}
QuantityPtr negative(QuantityPtr part) { return std::make_unique<Negative>(std::move(part)); }
QuantityPtr arithmetic(std::vector<QuantityPtr> parts, std::string signs) {
  return std::make_unique<Arithmetic>(std::move(parts), std::move(signs));
}

}  // namespace barometer
