#include <algorithm>
#include <cmath>
#include <unordered_set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/formula/formula_internal.h"

namespace barometer {
namespace {

using Kind = FormulaNode::Kind;
using Terms = std::vector<FormulaTerm>;  // each once, in order of appearance

constexpr size_t kMaxTerms = 1000;
constexpr size_t kMaxSteps = 2'000'000;  // products of terms made on the way

class Expansion {
 public:
  Expansion(FormulaParts& parts, std::string_view text) : parts_(parts), text_(text) {}

  // The terms of a node; 0, 1 and their signs set the intercept on the way.
  Result<Terms> terms(const FormulaNode& node) {
    switch (node.kind) {
      case Kind::kGroup:
        return terms(node.children[0]);
      case Kind::kNumber:
        return number(node);
      case Kind::kSign:
        return signed_terms(node);
      case Kind::kSum:
        return sum(node);
      case Kind::kInteract:
        return interaction(node);
      case Kind::kProduct:
        return product(node);
      case Kind::kPower:
        return power(node);
      case Kind::kText:
        return error(node, "a text is no term; compare it, as in stype == \"H\"");
      case Kind::kCompare:
      case Kind::kNot:
      case Kind::kAnd:
      case Kind::kOr:
        return error(node, "among terms a comparison stands in I(…), as in I(ell == 0)");
      case Kind::kName:
      case Kind::kCall:
        return variable(node);
    }
    CHECK(false, "every kind of node has terms or is refused");
  }

 private:
  [[nodiscard]] tl::unexpected<Error> error(const FormulaNode& node,
                                            const std::string& what) const {
    return tl::unexpected(formula_error(text_, node.at, what));
  }

  Result<Terms> variable(const FormulaNode& node) {
    const std::string name = written(node);
    const auto found = std::ranges::find(parts_.names, name);
    const auto index = static_cast<size_t>(found - parts_.names.begin());
    if (found == parts_.names.end()) {
      if (index == kMaxFormulaVariables) {
        return error(node, fmt::format("more than {} variables", kMaxFormulaVariables));
      }
      parts_.names.push_back(name);
      parts_.variables.push_back(node);
    }
    return Terms{FormulaTerm().set(index)};
  }

  Result<Terms> number(const FormulaNode& node) {
    if (node.number != 0 && node.number != 1) {
      return error(node, "a number here is the intercept, 1 or 0; write I(…) for arithmetic");
    }
    parts_.intercept = (node.number == 1) == adding_;
    return Terms{};
  }

  Result<Terms> signed_terms(const FormulaNode& node) {
    if (node.text == "+") return terms(node.children[0]);
    TRY(taken_away(node.children[0]));
    return Terms{};
  }

  Result<Terms> taken_away(const FormulaNode& node) {
    adding_ = !adding_;
    Terms away = TRY(terms(node));
    adding_ = !adding_;
    return away;
  }

  Result<Terms> sum(const FormulaNode& node) {
    Terms all = TRY(terms(node.children[0]));
    for (size_t i = 1; i < node.children.size(); ++i) {
      const FormulaNode& part = node.children[i];
      if (node.text[i - 1] == '+') {
        all = TRY(joined(std::move(all), TRY(terms(part)), part));
        continue;
      }
      const Terms away = TRY(taken_away(part));
      const std::unordered_set<FormulaTerm> gone(away.begin(), away.end());
      std::erase_if(all, [&](const FormulaTerm& term) { return gone.contains(term); });
    }
    return all;
  }

  Result<Terms> joined(Terms left, const Terms& right, const FormulaNode& node) {
    std::unordered_set<FormulaTerm> known(left.begin(), left.end());
    steps_ += left.size() + right.size();
    for (const FormulaTerm& term : right) {
      if (known.insert(term).second) left.push_back(term);
    }
    TRY_DONE(check_size(left, node));
    return left;
  }

  Result<Terms> crossed(const Terms& left, const Terms& right, const FormulaNode& node) {
    Terms all;
    std::unordered_set<FormulaTerm> known;
    for (const FormulaTerm& a : left) {
      for (const FormulaTerm& b : right) {
        if (known.insert(a | b).second) all.push_back(a | b);
      }
      steps_ += right.size();
      TRY_DONE(check_size(all, node));
    }
    return all;
  }

  Status check_size(const Terms& all, const FormulaNode& node) {
    if (all.size() <= kMaxTerms && steps_ <= kMaxSteps) return {};
    return error(node, fmt::format("the formula has more than {} terms", kMaxTerms));
  }

  Result<Terms> interaction(const FormulaNode& node) {
    Terms all = TRY(terms(node.children[0]));
    for (size_t i = 1; i < node.children.size(); ++i) {
      all = TRY(crossed(all, TRY(terms(node.children[i])), node));
    }
    return all;
  }

  // a*b is a + b + a:b; a/b is a + b within every variable of a.
  Result<Terms> product(const FormulaNode& node) {
    Terms all = TRY(terms(node.children[0]));
    for (size_t i = 1; i < node.children.size(); ++i) {
      const Terms part = TRY(terms(node.children[i]));
      if (node.text[i - 1] == '*') {
        const Terms both = TRY(crossed(all, part, node));
        all = TRY(joined(TRY(joined(std::move(all), part, node)), both, node));
      } else {
        FormulaTerm within;
        for (const FormulaTerm& term : all) within |= term;
        const Terms nested = TRY(crossed({within}, part, node));
        all = TRY(joined(std::move(all), nested, node));
      }
    }
    return all;
  }

  Result<Terms> power(const FormulaNode& node) {
    const FormulaNode& exponent = node.children[1];
    const bool whole = exponent.kind == Kind::kNumber && exponent.number >= 1 &&
                       exponent.number == std::floor(exponent.number);
    if (!whole) return error(exponent, "the power of terms is 1, 2, …; write I(x^2) for a square");
    const Terms base = TRY(terms(node.children[0]));
    Terms all = base;
    for (double order = 2; order <= exponent.number; ++order) {
      const size_t before = all.size();
      const Terms higher = TRY(crossed(all, base, node));
      all = TRY(joined(std::move(all), higher, node));
      if (all.size() == before) break;
    }
    return all;
  }

  FormulaParts& parts_;
  std::string_view text_;
  bool adding_ = true;  // false inside what is taken away
  size_t steps_ = 0;
};

std::string label_of(const FormulaTerm& term, const std::vector<std::string>& names) {
  std::vector<std::string> parts;
  for (size_t i = 0; i < names.size(); ++i) {
    if (term[i]) parts.push_back(names[i]);
  }
  return join(parts, ":");
}

}  // namespace

Result<FormulaParts> expanded(FormulaSides sides, std::string_view text) {
  FormulaParts parts;
  Expansion expansion(parts, text);
  parts.terms = TRY(expansion.terms(sides.terms));
  std::ranges::stable_sort(parts.terms, {}, &FormulaTerm::count);
  if (parts.terms.empty() && !parts.intercept) {
    return tl::unexpected(formula_error(text, sides.terms.at, "no term and no intercept is left"));
  }
  if (sides.response) {
    const auto both = std::ranges::find(parts.names, written(*sides.response));
    if (both != parts.names.end()) {
      const auto index = static_cast<size_t>(both - parts.names.begin());
      return tl::unexpected(formula_error(text, parts.variables[index].at,
                                          "'" + printable(*both) + "' stands on both sides"));
    }
  }
  for (const FormulaTerm& term : parts.terms) parts.labels.push_back(label_of(term, parts.names));
  parts.response = std::move(sides.response);
  return parts;
}

}  // namespace barometer
