#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/estimand/contrast_internal.h"

namespace barometer {
namespace {

bool anywhere(double) { return true; }
bool above_zero(double x) { return x > 0; }
bool from_zero(double x) { return x >= 0; }
bool above_minus_one(double x) { return x > -1; }
bool within_one(double x) { return x >= -1 && x <= 1; }
bool a_share(double x) { return x > 0 && x < 1; }

double square(double x) { return x * x; }
double expit(double x) { return 1 / (1 + std::exp(-x)); }

constexpr std::array<ContrastFunction, 18> kFunctions = {{
    {"exp", anywhere, [](double x) { return std::exp(x); }, [](double x) { return std::exp(x); }},
    {"expm1", anywhere, [](double x) { return std::expm1(x); },
     [](double x) { return std::exp(x); }},
    {"log", above_zero, [](double x) { return std::log(x); }, [](double x) { return 1 / x; }},
    {"log2", above_zero, [](double x) { return std::log2(x); },
     [](double x) { return 1 / (x * std::numbers::ln2); }},
    {"log10", above_zero, [](double x) { return std::log10(x); },
     [](double x) { return 1 / (x * std::numbers::ln10); }},
    {"log1p", above_minus_one, [](double x) { return std::log1p(x); },
     [](double x) { return 1 / (1 + x); }},
    {"sqrt", from_zero, [](double x) { return std::sqrt(x); },
     [](double x) { return 1 / (2 * std::sqrt(x)); }},
    {"sin", anywhere, [](double x) { return std::sin(x); }, [](double x) { return std::cos(x); }},
    {"cos", anywhere, [](double x) { return std::cos(x); }, [](double x) { return -std::sin(x); }},
    {"tan", anywhere, [](double x) { return std::tan(x); },
     [](double x) { return 1 / square(std::cos(x)); }},
    {"asin", within_one, [](double x) { return std::asin(x); },
     [](double x) { return 1 / std::sqrt(1 - x * x); }},
    {"acos", within_one, [](double x) { return std::acos(x); },
     [](double x) { return -1 / std::sqrt(1 - x * x); }},
    {"atan", anywhere, [](double x) { return std::atan(x); },
     [](double x) { return 1 / (1 + x * x); }},
    {"sinh", anywhere, [](double x) { return std::sinh(x); },
     [](double x) { return std::cosh(x); }},
    {"cosh", anywhere, [](double x) { return std::cosh(x); },
     [](double x) { return std::sinh(x); }},
    {"tanh", anywhere, [](double x) { return std::tanh(x); },
     [](double x) { return 1 - square(std::tanh(x)); }},
    {"logit", a_share, [](double x) { return std::log(x / (1 - x)); },
     [](double x) { return 1 / (x * (1 - x)); }},
    {"expit", anywhere, expit, [](double x) { return expit(x) * expit(-x); }},
}};

using Node = ContrastNode;
using Kind = Node::Kind;

// Evaluation of one expression; `text` is for messages.
class Evaluation {
 public:
  Evaluation(const Vector& at, std::string_view text) : at_(at), text_(text) {}

  Result<ValueAndGradient> of(const Node& node) const {
    ValueAndGradient result = TRY(raw(node));
    if (!std::isfinite(result.value)) return none(node, "this is too large for a number");
    if (!result.gradient.allFinite()) return none(node, "there is no derivative here");
    return result;
  }

 private:
  [[nodiscard]] Result<ValueAndGradient> none(const Node& node, const std::string& why) const {
    return fail(ErrorCode::kInvalid, with_caret(text_, node.at, why));
  }
  [[nodiscard]] ValueAndGradient constant(double value) const {
    return {value, Vector::Zero(at_.size())};
  }

  [[nodiscard]] Result<ValueAndGradient> raw(const Node& node) const {
    switch (node.kind) {
      case Kind::kNumber:
        return constant(node.number);
      case Kind::kLabel:
        return label(node, 1);
      case Kind::kLinear:
        return linear(node);
      case Kind::kSum:
        return sum(node);
      case Kind::kProduct:
        return product(node);
      case Kind::kPower:
        return power(node);
      case Kind::kCall:
        return call(node);
      case Kind::kNegate: {
        ValueAndGradient inner = TRY(of(node.children[0]));
        return ValueAndGradient{-inner.value, -inner.gradient};
      }
    }
    CHECK(false, "every kind is named above");
  }
  [[nodiscard]] ValueAndGradient label(const Node& node, double coefficient) const {
    const auto index = static_cast<Eigen::Index>(node.index);
    ValueAndGradient result = constant(coefficient * at_(index));
    result.gradient(index) = coefficient;
    return result;
  }
  [[nodiscard]] ValueAndGradient linear(const Node& node) const {
    ValueAndGradient result = constant(0);
    for (const Node& child : node.children) {
      const ValueAndGradient part = label(child, child.number);
      result.value += part.value;
      result.gradient += part.gradient;
    }
    return result;
  }
  [[nodiscard]] Result<ValueAndGradient> sum(const Node& node) const {
    ValueAndGradient result = TRY(of(node.children[0]));
    for (size_t i = 1; i < node.children.size(); ++i) {
      const double sign = node.text[i - 1] == '-' ? -1 : 1;
      const ValueAndGradient part = TRY(of(node.children[i]));
      result.value += sign * part.value;
      result.gradient += sign * part.gradient;
    }
    return result;
  }
  [[nodiscard]] Result<ValueAndGradient> product(const Node& node) const {
    ValueAndGradient result = TRY(of(node.children[0]));
    for (size_t i = 1; i < node.children.size(); ++i) {
      const ValueAndGradient part = TRY(of(node.children[i]));
      if (node.text[i - 1] == '*') {
        result.gradient = result.gradient * part.value + part.gradient * result.value;
        result.value *= part.value;
        continue;
      }
      if (part.value == 0)
        return none(node.children[i], "this is 0, and something is divided by it");
      result.value /= part.value;
      result.gradient = (result.gradient - part.gradient * result.value) / part.value;
    }
    return result;
  }
  [[nodiscard]] Result<ValueAndGradient> power(const Node& node) const {
    const ValueAndGradient base = TRY(of(node.children[0]));
    const ValueAndGradient exponent = TRY(of(node.children[1]));
    const double x = base.value, y = exponent.value;
    const bool fixed = exponent.gradient.isZero(0);
    if (x == 0 && y < 0) return none(node.children[0], "this is 0, and its power is negative");
    if (x < 0 && (!fixed || y != std::nearbyint(y))) {
      return none(node.children[0], fmt::format("this is {}, and its power is no whole number", x));
    }
    ValueAndGradient result = constant(std::pow(x, y));
    if (y != 0) result.gradient = base.gradient * (y * std::pow(x, y - 1));
    if (!fixed) result.gradient += exponent.gradient * (result.value * std::log(x));
    return result;
  }
  [[nodiscard]] Result<ValueAndGradient> call(const Node& node) const {
    const ContrastFunction& function = *contrast_function_named(node.text);
    const ValueAndGradient inner = TRY(of(node.children[0]));
    if (!function.defined(inner.value)) {
      return none(node, fmt::format("there is no {} of {}", function.name, inner.value));
    }
    const bool fixed = inner.gradient.isZero(0);
    return ValueAndGradient{
        function.value(inner.value),
        fixed ? inner.gradient : Vector(inner.gradient * function.slope(inner.value))};
  }

  const Vector& at_;
  std::string_view text_;
};

}  // namespace

const ContrastFunction* contrast_function_named(std::string_view name) {
  const auto found = std::ranges::find(kFunctions, name, &ContrastFunction::name);
  return found == kFunctions.end() ? nullptr : &*found;
}

std::vector<std::string> contrast_function_names() {
  std::vector<std::string> names;
  for (const ContrastFunction& function : kFunctions) names.emplace_back(function.name);
  return names;
}

Result<ValueAndGradient> evaluated_contrast(const ContrastNode& node, const Vector& at,
                                            std::string_view text) {
  return Evaluation(at, text).of(node);
}

}  // namespace barometer
