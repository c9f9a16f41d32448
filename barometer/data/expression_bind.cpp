#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/data/expression_internal.h"

namespace barometer {
namespace {

using Node = Expression::Node;
using Kind = Node::Kind;

uint8_t truth_of(bool holds) { return holds ? kTrue : kFalse; }

bool holds(double left, std::string_view op, double right) {
  if (op == "=") return left == right;
  if (op == "<>") return left != right;
  if (op == "<") return left < right;
  if (op == "<=") return left <= right;
  return op == ">" ? left > right : left >= right;
}

// 7 < x says x > 7.
std::string_view mirrored(std::string_view op) {
  if (op == "<") return ">";
  if (op == "<=") return ">=";
  if (op == ">") return "<";
  return op == ">=" ? "<=" : op;
}

bool is_equality(std::string_view op) { return op == "=" || op == "<>"; }

// Every code a variable can have: its scale points, then its categories.
std::vector<int> codes_of(const Variable& variable) {
  std::vector<int> codes;
  if (variable.kind == VariableKind::kScale) {
    for (int code = *variable.scale_low; code <= *variable.scale_high; ++code) {
      codes.push_back(code);
    }
  }
  for (const Category& category : variable.categories) codes.push_back(category.code);
  return codes;
}

bool off_scale(const Variable& variable, int code) {
  return variable.kind == VariableKind::kScale &&
         (code < *variable.scale_low || code > *variable.scale_high);
}

// The truth of `test(code)` for each code; unknown where a value is missing.
template <class Test>
CodeTruths truths_of(const Variable& variable, Test test) {
  const std::vector<int> codes = codes_of(variable);
  CodeTruths truths;
  truths.by_missing.fill(kUnknown);
  if (!codes.empty()) truths.by_code.resize(static_cast<size_t>(std::ranges::max(codes)) + 1);
  for (const int code : codes) truths.by_code[static_cast<size_t>(code)] = test(code);
  return truths;
}

std::vector<std::string> labels_of(const Variable& variable) {
  std::vector<std::string> labels;
  for (const Category& category : variable.categories) labels.push_back(category.label);
  return labels;
}

class Binder {
 public:
  Binder(std::string_view text, const Codebook& codebook) : text_(text), codebook_(codebook) {}

  Result<ConditionPtr> condition(const Node& node) const {
    switch (node.kind) {
      case Kind::kAnd:
        return all_of(TRY(conditions(node)));
      case Kind::kOr:
        return any_of(TRY(conditions(node)));
      case Kind::kNot:
        return negation(TRY(condition(node.children[0])));
      case Kind::kCompare:
        return compare(node);
      case Kind::kIn:
        return negated(node, TRY(in(node)));
      case Kind::kBetween:
        return negated(node, TRY(between(node)));
      case Kind::kIs:
        return negated(node, TRY(is(node)));
      case Kind::kHas:
        return negated(node, TRY(has(node)));
      default:
        CHECK(false, "the grammar puts conditions where conditions belong");
    }
  }

 private:
  struct Bound {
    size_t column;
    const Variable* variable;
  };

  [[nodiscard]] tl::unexpected<Error> error(const Node& node, const std::string& message) const {
    return tl::unexpected(expression_error(text_, node.at, message));
  }

  static ConditionPtr negated(const Node& node, ConditionPtr part) {
    return node.negated ? negation(std::move(part)) : std::move(part);
  }

  Result<std::vector<ConditionPtr>> conditions(const Node& node) const {
    std::vector<ConditionPtr> parts;
    for (const Node& child : node.children) parts.push_back(TRY(condition(child)));
    return parts;
  }

  Result<Bound> variable(const Node& node) const {
    if (node.kind != Kind::kName) return error(node, "expected a variable's name here");
    if (const auto index = codebook_.index_of_written(node.text)) {
      return Bound{*index, &codebook_.variables()[*index]};
    }
    const std::string hint = suggestion(node.text, codebook_.ids());
    return error(node, fmt::format("there is no variable '{}'{}{}", printable(node.text),
                                   hint.empty() ? "" : "; ", hint));
  }

  // The variable, when the node is the name of one with codes (single or scale).
  Result<std::optional<Bound>> coded(const Node& node) const {
    if (node.kind != Kind::kName) return std::nullopt;
    const Bound bound = TRY(variable(node));
    const VariableKind kind = bound.variable->kind;
    if (kind != VariableKind::kSingle && kind != VariableKind::kScale) return std::nullopt;
    return bound;
  }
  Result<bool> is_text(const Node& node) const {
    if (node.kind != Kind::kName) return false;
    return TRY(variable(node)).variable->kind == VariableKind::kText;
  }

  // The code that a 'label' or a number stands for. An order may be asked of any number.
  Result<double> code_of(const Variable& of, const Node& literal, bool any_number) const {
    if (literal.kind == Kind::kText) {
      if (const Category* category = of.category_labelled(literal.text)) return category->code;
      const std::string hint = suggestion(literal.text, labels_of(of));
      return error(literal, fmt::format("'{}' has no answer '{}'{}{}", of.id,
                                        printable(literal.text), hint.empty() ? "" : "; ", hint));
    }
    const double code = literal.number;
    if (any_number || (code == std::floor(code) && code >= 0 && code <= kMaxCode &&
                       of.has_code(static_cast<int>(code)))) {
      return code;
    }
    return error(literal, unknown_code(of, literal));
  }

  static std::string unknown_code(const Variable& of, const Node& literal) {
    constexpr size_t kMaxListed = 12;
    if (literal.number < 0) {
      return fmt::format(
          "'{0}' has no code {1}; for a missing answer write '{0} is missing', is not_asked, "
          "is refused or is dont_know",
          of.id, literal.text);
    }
    std::string known;
    if (of.kind == VariableKind::kScale)
      known = fmt::format("{} to {}", *of.scale_low, *of.scale_high);
    if (of.categories.size() <= kMaxListed) {
      for (const Category& category : of.categories) {
        known += fmt::format("{}{} '{}'", known.empty() ? "" : ", ", category.code, category.label);
      }
    }
    return fmt::format("'{}' has no code {}{}{}", of.id, literal.text,
                       known.empty() ? "" : "; known: ", known);
  }

  Result<ConditionPtr> compare(const Node& node) const {
    const Node& left = node.children[0];
    const Node& right = node.children[1];
    const bool literal_right = right.kind == Kind::kText || right.kind == Kind::kNumber;
    if (literal_right) return compare_with(left, node.text, right);
    if (left.kind == Kind::kText || left.kind == Kind::kNumber) {
      return compare_with(right, mirrored(node.text), left);
    }
    const bool text_left = TRY(is_text(left));
    const bool text_right = TRY(is_text(right));
    if (text_left && text_right) {
      return text_columns_comparison(TRY(variable(left)).column, node.text,
                                     TRY(variable(right)).column);
    }
    return number_comparison(TRY(quantity(left, true)), node.text, TRY(quantity(right, true)));
  }

  Result<ConditionPtr> compare_with(const Node& left, const std::string_view op,
                                    const Node& literal) const {
    if (const auto bound = TRY(coded(left))) {
      const double code = TRY(code_of(*bound->variable, literal, !is_equality(op)));
      return code_condition(bound->column, ordered(*bound->variable, op, code));
    }
    if (TRY(is_text(left))) {
      if (literal.kind != Kind::kText) {
        return error(literal,
                     fmt::format("'{}' is text; write '{}' in quotes", left.text, literal.text));
      }
      return text_comparison(TRY(variable(left)).column, op, literal.text);
    }
    if (literal.kind == Kind::kText && left.kind == Kind::kText) {
      return error(left, "one side of a comparison must name a variable");
    }
    QuantityPtr value = TRY(quantity(left, true));
    if (literal.kind == Kind::kText) {
      return error(literal,
                   fmt::format("'{}' is text, compared with a number", printable(literal.text)));
    }
    return number_comparison(std::move(value), op, constant(literal.number));
  }

  static CodeTruths ordered(const Variable& of, std::string_view op, double code) {
    return truths_of(of, [&](int answer) -> uint8_t {
      if (!is_equality(op) && off_scale(of, answer)) return kUnknown;
      return truth_of(holds(answer, op, code));
    });
  }

  Result<ConditionPtr> in(const Node& node) const {
    const Node& left = node.children[0];
    const std::span<const Node> listed = std::span(node.children).subspan(1);
    if (const auto bound = TRY(coded(left))) {
      std::vector<double> codes;
      for (const Node& literal : listed) {
        codes.push_back(TRY(code_of(*bound->variable, literal, false)));
      }
      return code_condition(bound->column, truths_of(*bound->variable, [&](int answer) {
                              return truth_of(std::ranges::find(codes, answer) != codes.end());
                            }));
    }
    std::vector<ConditionPtr> parts;
    for (const Node& literal : listed) parts.push_back(TRY(compare_with(left, "=", literal)));
    return any_of(std::move(parts));
  }

  Result<ConditionPtr> between(const Node& node) const {
    std::vector<ConditionPtr> parts;
    parts.push_back(TRY(bounded(node.children[0], ">=", node.children[1])));
    parts.push_back(TRY(bounded(node.children[0], "<=", node.children[2])));
    return all_of(std::move(parts));
  }
  Result<ConditionPtr> bounded(const Node& value, std::string_view op, const Node& end) const {
    if (end.kind == Kind::kText || end.kind == Kind::kNumber) return compare_with(value, op, end);
    return number_comparison(TRY(quantity(value, true)), op, TRY(quantity(end, true)));
  }

  Result<ConditionPtr> is(const Node& node) const {
    const Bound bound = TRY(variable(node.children[0]));
    const Node& what = node.children[1];
    const std::string word = lowered(what.text);
    std::array<uint8_t, 5> truths{};
    const auto mark = [&](Missing kind) { truths[static_cast<size_t>(kind)] = kTrue; };
    if (word == "missing") {
      truths.fill(kTrue);
      truths[0] = kFalse;
    } else if (word == "not_asked") {
      mark(Missing::kNotAsked);
    } else if (word == "refused") {
      mark(Missing::kRefused);
    } else if (word == "dont_know") {
      mark(Missing::kDontKnow);
      return dont_know(bound, truths);
    } else {
      return net(bound, what);
    }
    return missing_condition(bound.column, truths);
  }

  // The missing kind, or an answer marked as a don't know.
  static ConditionPtr dont_know(const Bound& bound, const std::array<uint8_t, 5>& truths) {
    const Variable& of = *bound.variable;
    if (of.kind == VariableKind::kSingle || of.kind == VariableKind::kScale) {
      CodeTruths codes = truths_of(of, [&](int code) {
        const Category* category = of.category(code);
        return truth_of(category != nullptr && category->dont_know);
      });
      codes.by_missing = truths;
      return code_condition(bound.column, std::move(codes));
    }
    ConditionPtr missing = missing_condition(bound.column, truths);
    uint64_t bits = 0;
    for (size_t i = 0; i < of.categories.size() && of.kind == VariableKind::kMulti; ++i) {
      if (of.categories[i].dont_know) bits |= uint64_t{1} << i;
    }
    if (bits == 0) return missing;
    // "chosen" is unknown where there is no answer; there the kind of missing decides.
    std::array<uint8_t, 5> answered{kTrue, kFalse, kFalse, kFalse, kFalse};
    std::vector<ConditionPtr> chosen;
    chosen.push_back(missing_condition(bound.column, answered));
    chosen.push_back(options_condition(bound.column, bits));
    std::vector<ConditionPtr> either;
    either.push_back(std::move(missing));
    either.push_back(all_of(std::move(chosen)));
    return any_of(std::move(either));
  }

  Result<ConditionPtr> net(const Bound& bound, const Node& what) const {
    const Variable& of = *bound.variable;
    const Net* net = of.net(what.text);
    if (net == nullptr) {
      std::vector<std::string> known = {"missing", "not_asked", "refused", "dont_know"};
      for (const Net& declared : of.nets) known.push_back(declared.id);
      return error(what, fmt::format("'{}' has no NET '{}'; {}", of.id, printable(what.text),
                                     suggestion(what.text, known)));
    }
    const auto holds_code = [&](int code) {
      return std::ranges::find(net->codes, code) != net->codes.end();
    };
    if (of.kind != VariableKind::kMulti) {
      return code_condition(bound.column,
                            truths_of(of, [&](int code) { return truth_of(holds_code(code)); }));
    }
    uint64_t bits = 0;
    for (size_t i = 0; i < of.categories.size(); ++i) {
      if (holds_code(of.categories[i].code)) bits |= uint64_t{1} << i;
    }
    return options_condition(bound.column, bits);
  }

  Result<ConditionPtr> has(const Node& node) const {
    const Bound bound = TRY(variable(node.children[0]));
    const Variable& of = *bound.variable;
    if (of.kind != VariableKind::kMulti) {
      return error(node.children[0],
                   fmt::format("'{}' takes one answer; write = instead of has", of.id));
    }
    const double code = TRY(code_of(of, node.children[1], false));
    const auto option = std::ranges::find(of.categories, static_cast<int>(code), &Category::code);
    return options_condition(bound.column, uint64_t{1} << (option - of.categories.begin()));
  }

  // A number. `bare`: the node stands alone in a comparison, where the codes of a single variable
  // may be compared; sums are for numbers and scales.
  Result<QuantityPtr> quantity(const Node& node, bool bare) const {
    switch (node.kind) {
      case Kind::kNumber:
        return constant(node.number);
      case Kind::kName:
        return quantity_of(node, bare);
      case Kind::kNegate:
        return negative(TRY(quantity(node.children[0], false)));
      case Kind::kSum:
      case Kind::kProduct: {
        std::vector<QuantityPtr> parts;
        for (const Node& child : node.children) parts.push_back(TRY(quantity(child, false)));
        return arithmetic(std::move(parts), node.text);
      }
      case Kind::kText:
        return error(node,
                     fmt::format("'{}' is text where a number is needed", printable(node.text)));
      default:
        CHECK(false, "the grammar puts values where values belong");
    }
  }

  Result<QuantityPtr> quantity_of(const Node& node, bool bare) const {
    const Bound bound = TRY(variable(node));
    const Variable& of = *bound.variable;
    switch (of.kind) {
      case VariableKind::kNumber:
        return number_column(bound.column);
      case VariableKind::kScale:
        return code_quantity(bound.column, *of.scale_low, *of.scale_high);
      case VariableKind::kSingle:
        if (bare) return code_quantity(bound.column, 0, kMaxCode);
        return error(node,
                     fmt::format("the codes of '{}' are names of answers, not amounts", of.id));
      case VariableKind::kMulti:
        return error(node,
                     fmt::format("'{0}' may have several answers; write {0} has 'label'", of.id));
      case VariableKind::kText:
        return error(node, fmt::format("'{}' is text where a number is needed", of.id));
    }
    CHECK(false, "a variable is of a known kind");
  }

  std::string_view text_;
  const Codebook& codebook_;
};

}  // namespace

Result<ConditionPtr> bound_condition(const Node& root, std::string_view text,
                                     const Codebook& codebook) {
  return Binder(text, codebook).condition(root);
}

}  // namespace barometer
