#include "barometer/data/expression.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/data/expression_internal.h"

namespace barometer {
namespace {

constexpr size_t kMaxLength = 10'000;
constexpr size_t kShown = 100;  // bytes of text round the caret

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

size_t letter_count(std::string_view utf8) {
  return static_cast<size_t>(
      std::ranges::count_if(utf8, [](char c) { return !is_continuation(c); }));
}

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
  size_t first = at > kShown / 2 ? at - kShown / 2 : 0;
  while (first > 0 && first < text.size() && is_continuation(text[first])) --first;
  size_t last = std::min(text.size(), first + kShown);
  while (last < text.size() && is_continuation(text[last])) ++last;
  std::string shown(text.substr(first, last - first));
  const std::string indent(2 + letter_count(text.substr(first, at - first)), ' ');
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return {ErrorCode::kInvalid,
          fmt::format("column {}: {}\n  {}\n{}^", at + 1, message, shown, indent)};
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
