#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/formula/formula_internal.h"

namespace barometer {
namespace {

using Kind = FormulaNode::Kind;

// The fewest of 15 digits that give the number, in the shorter of 100 and 1e+02 (ties: the first).
std::string written_number(double value) {
  const std::string full = fmt::format("{:.14e}", value);
  int digits = 0;
  std::string scientific = fmt::format("{:.0e}", value);
  while (std::strtod(scientific.c_str(), nullptr) != std::strtod(full.c_str(), nullptr)) {
    scientific = fmt::format("{:.{}e}", value, ++digits);
  }
  const int exponent = std::atoi(scientific.c_str() + scientific.find('e') + 1);
  std::string fixed = fmt::format("{:.{}f}", value, std::max(0, digits - exponent));
  return fixed.size() <= scientific.size() ? fixed : scientific;
}

std::string written_name(const std::string& name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || static_cast<unsigned char>(c) >= 0x80;
  };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool typographic = name.find("\xE2\x80") != name.npos || name.find("\xE2\x89") != name.npos;
  const bool syntactic = !name.empty() && name != "." && !typographic &&
                         std::ranges::all_of(name, plain) && !digit(name[0]) && name[0] != '_' &&
                         !(name[0] == '.' && name.size() > 1 && digit(name[1]));
  return syntactic ? name : "`" + name + "`";
}

std::string written_text(const std::string& text) {
  return "\"" + replaced(replaced(text, "\\", "\\\\"), "\"", "\\\"") + "\"";
}

// Signs of the parts after the first: one for all, or one a part.
std::string written_chain(const FormulaNode& node) {
  std::string out = written(node.children[0]);
  for (size_t i = 1; i < node.children.size(); ++i) {
    const char sign = node.text[i - 1];
    out += sign == '/' || sign == ':' ? std::string(1, sign) : fmt::format(" {} ", sign);
    out += written(node.children[i]);
  }
  return out;
}

}  // namespace

std::string written(const FormulaNode& node) {
  switch (node.kind) {
    case Kind::kName:
      return written_name(node.text);
    case Kind::kNumber:
      return written_number(node.number);
    case Kind::kText:
      return written_text(node.text);
    case Kind::kCall:
    case Kind::kGroup:
      return node.text + "(" + written(node.children[0]) + ")";
    case Kind::kSign:
    case Kind::kNot:
      return node.text + written(node.children[0]);
    case Kind::kPower:
      return written(node.children[0]) + "^" + written(node.children[1]);
    case Kind::kCompare:
      return fmt::format("{} {} {}", written(node.children[0]), node.text,
                         written(node.children[1]));
    case Kind::kInteract:
    case Kind::kProduct:
    case Kind::kSum:
    case Kind::kAnd:
    case Kind::kOr:
      return written_chain(node);
  }
  CHECK(false, "every kind of node is written");
}

void collect_names(const FormulaNode& node, std::vector<std::string>& names) {
  if (node.kind == Kind::kName && std::ranges::find(names, node.text) == names.end()) {
    names.push_back(node.text);
  }
  for (const FormulaNode& child : node.children) collect_names(child, names);
}

bool is_truth(const FormulaNode& node) {
  switch (node.kind) {
    case Kind::kCompare:
    case Kind::kNot:
    case Kind::kAnd:
    case Kind::kOr:
      return true;
    case Kind::kGroup:
      return is_truth(node.children[0]);
    case Kind::kCall:
      return node.text == "I" && is_truth(node.children[0]);
    default:
      return false;
  }
}

}  // namespace barometer
