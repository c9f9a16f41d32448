#include "barometer/formula/formula.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/formula/formula_internal.h"

namespace barometer {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// 0 and 1 of two categories: the two that occur, or the two of the codebook where only one does.
Result<std::vector<double>> two_categories(const FormulaNode& node, const Levels& levels,
                                           const Dataset& data, std::string_view text) {
  size_t base = 0;  // place of the first category that occurs among the two
  if (levels.labels.size() == 1 && node.kind == FormulaNode::Kind::kName) {
    const auto index = data.codebook().index_of_written(node.text);
    const std::vector<Category>& known = data.codebook().variables()[*index].categories;
    base = known.size() == 2 && known[1].label == levels.labels[0] ? 1 : 0;
  } else if (levels.labels.size() != 2) {
    return tl::unexpected(formula_error(
        text, node.at,
        fmt::format("'{}' has {} categories; a number or two categories are needed here",
                    printable(written(node)), levels.labels.size())));
  }
  std::vector<double> numbers;
  for (const int32_t code : levels.codes) {
    numbers.push_back(code < 0 ? kMissing : static_cast<double>(code) + static_cast<double>(base));
  }
  return numbers;
}

}  // namespace

Result<Formula> Formula::parse(std::string_view text) {
  FormulaParts parts = TRY(expanded(TRY(parse_sides(text)), text));
  Formula formula;
  formula.text_ = std::string(text);
  formula.parts_ = std::make_shared<const FormulaParts>(std::move(parts));
  return formula;
}

bool Formula::has_response() const { return parts_->response.has_value(); }
bool Formula::has_intercept() const { return parts_->intercept; }
const std::vector<std::string>& Formula::terms() const& { return parts_->labels; }

std::vector<std::string> Formula::variables() const {
  std::vector<std::string> names;
  if (parts_->response) collect_names(*parts_->response, names);
  for (const FormulaNode& variable : parts_->variables) collect_names(variable, names);
  return names;
}

Result<Formula> Formula::without(const std::string& term) const {
  if (std::ranges::find(parts_->labels, term) == parts_->labels.end()) {
    const std::string hint = suggestion(term, parts_->labels);
    return fail(ErrorCode::kNotFound, fmt::format("'{}' has no term '{}'{}{}", printable(text_),
                                                  printable(term), hint.empty() ? "" : "; ", hint));
  }
  return parse(text_ + " - " + term);
}

Result<std::vector<double>> Formula::response(const Dataset& data) const {
  if (!parts_->response) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' has nothing before '~'", printable(text_)));
  }
  FormulaValue value = TRY(value_of(*parts_->response, data, text_));
  if (value.categorical) return two_categories(*parts_->response, value.levels, data, text_);
  return std::move(value.numbers);
}

Result<Levels> Formula::response_levels(const Dataset& data) const {
  if (!parts_->response) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' has nothing before '~'", printable(text_)));
  }
  const FormulaNode& node = *parts_->response;
  if (node.kind == FormulaNode::Kind::kName) {
    TRY(value_of(node, data, text_));  // an unknown name gets its place
    return levels_of(data, node.text);
  }
  if (FormulaValue value = TRY(value_of(node, data, text_)); value.categorical) {
    return std::move(value.levels);
  }
  return tl::unexpected(
      formula_error(text_, node.at, "categories are needed here: a variable's name, or factor(…)"));
}

Result<NumberExpression> NumberExpression::parse(std::string_view text) {
  FormulaNode root = TRY(parse_expression(text));
  NumberExpression expression;
  expression.text_ = std::string(text);
  expression.root_ = std::make_shared<const FormulaNode>(std::move(root));
  return expression;
}

std::vector<std::string> NumberExpression::variables() const {
  std::vector<std::string> names;
  collect_names(*root_, names);
  return names;
}

bool NumberExpression::is_truth() const { return barometer::is_truth(*root_); }

Result<std::vector<double>> NumberExpression::numbers(const Dataset& data) const {
  FormulaValue value = TRY(value_of(*root_, data, text_));
  if (!value.categorical) return std::move(value.numbers);
  return tl::unexpected(formula_error(
      text_, root_->at,
      fmt::format("'{}' is categories where a number is needed", printable(written(*root_)))));
}

}  // namespace barometer
