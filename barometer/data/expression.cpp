#include "barometer/data/expression.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/data/expression_internal.h"

namespace barometer {
namespace {

constexpr size_t kMaxLength = 10'000;

void collect_names(const Expression::Node& node, std::vector<std::string>& names) {
  using Kind = Expression::Node::Kind;
  if (node.kind == Kind::kName && std::ranges::find(names, node.text) == names.end()) {
    names.push_back(node.text);
  }
  // The word after `is` names no variable.
  const size_t operands = node.kind == Kind::kIs ? 1 : node.children.size();
  for (size_t i = 0; i < operands; ++i) collect_names(node.children[i], names);
}

}  // namespace

Error expression_error(std::string_view text, size_t at, const std::string& message) {
  return {ErrorCode::kInvalid, with_caret(text, at, message)};
}

Result<Expression> Expression::parse(std::string_view text) {
  if (text.size() > kMaxLength) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the expression has {} bytes, more than {}", text.size(), kMaxLength));
  }
  if (!is_utf8(text)) return fail(ErrorCode::kInvalid, "the expression is not UTF-8 text");
  if (trimmed(text).empty()) return fail(ErrorCode::kInvalid, "the expression is empty");
  Node root = TRY(parse_node(text));
  return Expression(std::string(text), std::make_shared<const Node>(std::move(root)));
}

std::vector<std::string> Expression::variables() const {
  std::vector<std::string> names;
  collect_names(*root_, names);
  return names;
}

Status Expression::check(const Codebook& codebook) const {
  TRY(bound_condition(*root_, text_, codebook));
  return {};
}

Result<BoundCondition> Expression::bind(const Codebook& codebook) const {
  return TRY(bound_condition(*root_, text_, codebook))->bound();
}

Result<std::vector<uint8_t>> Expression::evaluate(const Dataset& data) const {
  const ConditionPtr condition = TRY(bound_condition(*root_, text_, data.codebook()));
  std::vector<uint8_t> selected(data.case_count());
  for (size_t begin = 0; begin < selected.size(); begin += kBlock) {
    const size_t count = std::min(kBlock, selected.size() - begin);
    const std::span<uint8_t> block = std::span(selected).subspan(begin, count);
    condition->evaluate(data, begin, block);
    for (uint8_t& truth : block) truth = truth == kTrue ? 1 : 0;
  }
  return selected;
}

}  // namespace barometer
