#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/formula/formula_internal.h"

namespace barometer {
namespace {

using Kind = FormulaNode::Kind;
using Values = std::vector<double>;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

bool missing(double value) { return std::isnan(value); }
double finite_or_missing(double value) { return std::isfinite(value) ? value : kMissing; }

template <class T>
bool holds(const T& left, std::string_view op, const T& right) {
  if (op == "==") return left == right;
  if (op == "!=") return left != right;
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

double arithmetic(double a, char sign, double b) {
  switch (sign) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    default:
      return missing(a) || missing(b) ? kMissing : std::pow(a, b);
  }
}

// R's & and |: what one side decides is known.
double both(double a, double b) {
  if (a == 0 || b == 0) return 0;
  return missing(a) || missing(b) ? kMissing : 1;
}
double either(double a, double b) {
  if ((!missing(a) && a != 0) || (!missing(b) && b != 0)) return 1;
  return missing(a) || missing(b) ? kMissing : 0;
}

double function_value(const std::string& name, double x) {
  if (name == "log") return std::log(x);
  if (name == "exp") return std::exp(x);
  return name == "sqrt" ? std::sqrt(x) : std::abs(x);
}

class Evaluation {
 public:
  Evaluation(const Dataset& data, std::string_view text) : data_(data), text_(text) {}

  Result<FormulaValue> value(const FormulaNode& node) const {
    if (node.kind == Kind::kName) return named(node);
    if (node.kind == Kind::kGroup || (node.kind == Kind::kCall && node.text == "I")) {
      return value(node.children[0]);
    }
    if (node.kind == Kind::kCall && node.text == "factor") return factor(node.children[0]);
    return FormulaValue{.numbers = TRY(computed(node)), .truth = is_truth(node)};
  }

 private:
  [[nodiscard]] tl::unexpected<Error> error(const FormulaNode& node,
                                            const std::string& what) const {
    return tl::unexpected(formula_error(text_, node.at, what));
  }
  // Errors that name a variable get their place.
  template <class T>
  Result<T> placed(const FormulaNode& node, Result<T> result) const {
    if (result) return result;
    return error(node, result.error().message);
  }

  Result<const Variable*> variable(const FormulaNode& node) const {
    const auto index = data_.codebook().index_of_written(node.text);
    if (index) return &data_.codebook().variables()[*index];
    const std::string hint = suggestion(node.text, data_.codebook().ids());
    return error(node, fmt::format("there is no variable '{}'{}{}", printable(node.text),
                                   hint.empty() ? "" : "; ", hint));
  }

  Result<FormulaValue> named(const FormulaNode& node) const {
    const VariableKind kind = TRY(variable(node))->kind;
    if (kind == VariableKind::kNumber || kind == VariableKind::kScale) {
      return FormulaValue{.numbers = TRY(placed(node, numbers_of_variable(data_, node.text)))};
    }
    return FormulaValue{.levels = TRY(placed(node, levels_of(data_, node.text))),
                        .categorical = true};
  }

  Result<FormulaValue> factor(const FormulaNode& node) const {
    if (node.kind == Kind::kName) {
      TRY(variable(node));
      return FormulaValue{.levels = TRY(placed(node, levels_of(data_, node.text))),
                          .categorical = true};
    }
    FormulaValue made = TRY(value(node));
    if (made.categorical) return made;
    made.levels = levels_of_numbers(made.numbers);
    if (made.truth) {
      for (std::string& label : made.levels.labels) label = label == "1" ? "TRUE" : "FALSE";
    }
    return FormulaValue{.levels = std::move(made.levels), .categorical = true};
  }

  Result<Values> numbers(const FormulaNode& node) const {
    FormulaValue made = TRY(value(node));
    if (!made.categorical) return std::move(made.numbers);
    return error(node, fmt::format("'{}' is categories where a number is needed; compare it, as in "
                                   "{} == \"{}\"",
                                   printable(written(node)), printable(written(node)),
                                   made.levels.labels.empty() ? "…" : made.levels.labels[0]));
  }

  Result<Values> computed(const FormulaNode& node) const {
    switch (node.kind) {
      case Kind::kNumber:
        return Values(data_.case_count(), node.number);
      case Kind::kText:
        return error(node, "this is text where a number is needed");
      case Kind::kInteract:
        return error(node.children[1], "':' joins terms; it means nothing inside an expression");
      case Kind::kSum:
      case Kind::kProduct:
      case Kind::kPower:
        return chain(node);
      case Kind::kAnd:
        return folded(node, both);
      case Kind::kOr:
        return folded(node, either);
      case Kind::kCompare:
        return compared(node);
      default:
        return changed(node);
    }
  }

  // A sign, a not or a function of one value.
  Result<Values> changed(const FormulaNode& node) const {
    Values values = TRY(numbers(node.children[0]));
    for (double& x : values) {
      if (missing(x)) continue;
      if (node.kind == Kind::kNot) {
        x = x == 0 ? 1 : 0;
      } else if (node.kind == Kind::kSign) {
        x = node.text == "-" ? -x : x;
      } else {
        x = finite_or_missing(function_value(node.text, x));
      }
    }
    return values;
  }

  Result<Values> chain(const FormulaNode& node) const {
    Values values = TRY(numbers(node.children[0]));
    for (size_t i = 1; i < node.children.size(); ++i) {
      const Values part = TRY(numbers(node.children[i]));
      const char sign = node.kind == Kind::kPower ? '^' : node.text[i - 1];
      for (size_t row = 0; row < values.size(); ++row) {
        values[row] = finite_or_missing(arithmetic(values[row], sign, part[row]));
      }
    }
    return values;
  }

  Result<Values> folded(const FormulaNode& node, double (*join)(double, double)) const {
    Values values = TRY(numbers(node.children[0]));
    for (double& x : values) x = join(x, x);
    for (size_t i = 1; i < node.children.size(); ++i) {
      const Values part = TRY(numbers(node.children[i]));
      for (size_t row = 0; row < values.size(); ++row) values[row] = join(values[row], part[row]);
    }
    return values;
  }

  Result<Values> compared(const FormulaNode& node) const {
    const FormulaNode* left = &node.children[0];
    const FormulaNode* right = &node.children[1];
    std::string_view op = node.text;
    const auto literal = [](const FormulaNode& side) {
      return side.kind == Kind::kText || side.kind == Kind::kNumber;
    };
    if (literal(*left)) {
      std::swap(left, right);
      op = mirrored(op);
    }
    if (left->kind == Kind::kName && literal(*right)) {
      const Variable& of = *TRY(variable(*left));
      if (of.kind == VariableKind::kSingle) return coded(*left, of, op, *right);
      if (of.kind == VariableKind::kScale && right->kind == Kind::kText) {
        return coded(*left, of, op, *right);
      }
    }
    if (right->kind == Kind::kText) return with_text(*left, op, *right);
    return of_two(*left, op, *right);
  }

  // A single or scale variable with a label or a code.
  Result<Values> coded(const FormulaNode& name, const Variable& of, std::string_view op,
                       const FormulaNode& literal) const {
    if (op != "==" && op != "!=") {
      return error(name,
                   fmt::format("the categories of '{}' have no order; write == or !=", of.id));
    }
    const int wanted = TRY(code_of(of, literal));
    const Column& column = *TRY(data_.find(of.id));
    Values truths(data_.case_count());
    for (size_t row = 0; row < truths.size(); ++row) {
      const int code = code_at(column, row);
      const Category* category = code < 0 ? nullptr : of.category(code);
      const bool out = category != nullptr && category->dont_know && !of.dont_know_in_base;
      truths[row] =
          code < 0 || out ? kMissing : static_cast<double>((code == wanted) == (op == "=="));
    }
    return truths;
  }

  Result<int> code_of(const Variable& of, const FormulaNode& literal) const {
    if (literal.kind == Kind::kText) {
      if (const Category* category = of.category_labelled(literal.text)) return category->code;
      std::vector<std::string> labels;
      for (const Category& category : of.categories) labels.push_back(category.label);
      const std::string hint = suggestion(literal.text, labels);
      return error(literal, fmt::format("'{}' has no answer '{}'{}{}", of.id,
                                        printable(literal.text), hint.empty() ? "" : "; ", hint));
    }
    const double number = literal.number;
    if (number == std::floor(number) && number >= 0 && number <= kMaxCode) {
      const int code = static_cast<int>(number);
      if (of.has_code(code)) return code;
    }
    return error(literal, fmt::format("'{}' has no code {}", of.id, written(literal)));
  }

  Result<Values> with_text(const FormulaNode& node, std::string_view op,
                           const FormulaNode& text) const {
    if (node.kind == Kind::kText)
      return error(node, "one side of a comparison must name a variable");
    const FormulaValue made = TRY(value(node));
    if (!made.categorical) {
      return error(text,
                   fmt::format("\"{}\" is text, compared with a number", printable(text.text)));
    }
    Values of_level;
    for (const std::string& label : made.levels.labels) {
      of_level.push_back(holds(label, op, text.text) ? 1 : 0);
    }
    Values truths;
    for (const int32_t code : made.levels.codes) {
      truths.push_back(code < 0 ? kMissing : of_level[static_cast<size_t>(code)]);
    }
    return truths;
  }

  Result<Values> of_two(const FormulaNode& left, std::string_view op,
                        const FormulaNode& right) const {
    const FormulaValue a = TRY(value(left));
    const FormulaValue b = TRY(value(right));
    Values truths(data_.case_count(), kMissing);
    if (a.categorical && b.categorical) {
      for (size_t row = 0; row < truths.size(); ++row) {
        const int32_t i = a.levels.codes[row];
        const int32_t j = b.levels.codes[row];
        if (i < 0 || j < 0) continue;
        truths[row] = holds(a.levels.labels[static_cast<size_t>(i)], op,
                            b.levels.labels[static_cast<size_t>(j)])
                          ? 1
                          : 0;
      }
      return truths;
    }
    const Values x = TRY(numbers(left));
    const Values y = TRY(numbers(right));
    for (size_t row = 0; row < truths.size(); ++row) {
      if (missing(x[row]) || missing(y[row])) continue;
      truths[row] = holds(x[row], op, y[row]) ? 1 : 0;
    }
    return truths;
  }

  const Dataset& data_;
  std::string_view text_;
};

}  // namespace

Result<FormulaValue> value_of(const FormulaNode& node, const Dataset& data, std::string_view text) {
  return Evaluation(data, text).value(node);
}

}  // namespace barometer
