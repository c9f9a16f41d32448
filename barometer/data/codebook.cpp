#include "barometer/data/codebook.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/data/dataset.h"

namespace barometer {
namespace {

constexpr size_t kMaxIdLength = 32;
constexpr size_t kMaxOptions = 64;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

auto invalid(const Variable& variable, const std::string& what) {
  return fail(ErrorCode::kInvalid, fmt::format("variable '{}': {}", variable.id, what));
}

Status check_categories(const Variable& variable) {
  std::set<int> codes;
  for (const Category& category : variable.categories) {
    if (category.code < 0 || category.code > kMaxCode) {
      return invalid(variable, fmt::format("code {} is outside 0 to {}", category.code, kMaxCode));
    }
    if (!codes.insert(category.code).second) {
      return invalid(variable, fmt::format("code {} is there twice", category.code));
    }
  }
  if (variable.kind == VariableKind::kMulti && codes.size() > kMaxOptions) {
    return invalid(variable, fmt::format("{} options, more than {}", codes.size(), kMaxOptions));
  }
  return {};
}

Status check_scale(const Variable& variable) {
  if (variable.kind != VariableKind::kScale) return {};
  if (!variable.scale_low || !variable.scale_high) {
    return invalid(variable, "a scale needs both its ends");
  }
  const int low = *variable.scale_low;
  const int high = *variable.scale_high;
  if (low < 0 || high > kMaxCode || low >= high) {
    return invalid(variable, fmt::format("{} to {} is not a scale", low, high));
  }
  return {};
}

Status check_nets(const Variable& variable) {
  std::set<std::string> ids;
  for (const Net& net : variable.nets) {
    if (!ids.insert(net.id).second) {
      return invalid(variable, fmt::format("the NET '{}' is there twice", printable(net.id)));
    }
    for (const int code : net.codes) {
      if (variable.has_code(code)) continue;
      return invalid(variable, fmt::format("the NET '{}' holds code {}, which is no answer",
                                           printable(net.id), code));
    }
  }
  return {};
}

}  // namespace

std::string_view name_of(VariableKind kind) {
  switch (kind) {
    case VariableKind::kSingle:
      return "single";
    case VariableKind::kMulti:
      return "multi";
    case VariableKind::kScale:
      return "scale";
    case VariableKind::kNumber:
      return "number";
    case VariableKind::kText:
      break;
  }
  return "text";
}

std::string_view name_of(Missing kind) {
  switch (kind) {
    case Missing::kNone:
      return "answered";
    case Missing::kNotAsked:
      return "not asked";
    case Missing::kSystem:
      return "no answer";
    case Missing::kRefused:
      return "refused";
    case Missing::kDontKnow:
      return "don't know";
  }
  return "no answer";
}

int file_code(Missing kind) {
  switch (kind) {
    case Missing::kNone:
      return 0;
    case Missing::kNotAsked:
      return -1;
    case Missing::kSystem:
      return -2;
    case Missing::kRefused:
      return -7;
    case Missing::kDontKnow:
      return -8;
  }
  return 0;
}

std::optional<Missing> missing_of_file_code(long long code) {
  switch (code) {
    case -1:
      return Missing::kNotAsked;
    case -2:
    case -9:
      return Missing::kSystem;
    case -7:
      return Missing::kRefused;
    case -8:
      return Missing::kDontKnow;
    default:
      return std::nullopt;
  }
}

const Category* Variable::category(int code) const {
  const auto found = std::ranges::find(categories, code, &Category::code);
  return found == categories.end() ? nullptr : &*found;
}

const Category* Variable::category_labelled(std::string_view wanted) const {
  const auto found = std::ranges::find(categories, wanted, &Category::label);
  return found == categories.end() ? nullptr : &*found;
}

const Net* Variable::net(std::string_view net_id) const {
  const auto found = std::ranges::find(nets, net_id, &Net::id);
  return found == nets.end() ? nullptr : &*found;
}

bool Variable::has_code(int code) const {
  if (category(code) != nullptr) return true;
  return kind == VariableKind::kScale && code >= scale_low.value_or(1) &&
         code <= scale_high.value_or(0);
}

Status Codebook::add(Variable variable) {
  if (!is_variable_id(variable.id)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' cannot name a variable: a letter, then up to 31 letters, digits "
                            "or underscores, and not a word like 'and'",
                            printable(variable.id)));
  }
  TRY_DONE(check_scale(variable));
  TRY_DONE(check_categories(variable));
  TRY_DONE(check_nets(variable));
  const auto [place, is_new] = index_.emplace(lowered(variable.id), variables_.size());
  if (!is_new) {
    return fail(ErrorCode::kInvalid, fmt::format("two variables are called '{}' and '{}'",
                                                 variables_[place->second].id, variable.id));
  }
  variables_.push_back(std::move(variable));
  return {};
}

std::optional<size_t> Codebook::index_of(std::string_view id) const {
  const auto found = index_.find(lowered(id));
  if (found == index_.end() || variables_[found->second].id != id) return std::nullopt;
  return found->second;
}

std::optional<size_t> Codebook::index_of_written(std::string_view name) const {
  if (const auto index = index_of(name)) return index;
  const auto labelled = std::ranges::find(variables_, name, &Variable::label);
  if (labelled != variables_.end() && std::ranges::count(variables_, name, &Variable::label) == 1) {
    return static_cast<size_t>(labelled - variables_.begin());
  }
  return index_of(variable_id_of(name));
}

const Variable* Codebook::find(std::string_view id) const {
  const auto index = index_of(id);
  return index ? &variables_[*index] : nullptr;
}

std::vector<std::string> Codebook::ids() const {
  std::vector<std::string> all;
  all.reserve(variables_.size());
  for (const Variable& variable : variables_) all.push_back(variable.id);
  return all;
}

bool is_variable_id(std::string_view id) {
  constexpr std::array<std::string_view, 7> kWords = {"and", "or",  "not",    "in",
                                                      "is",  "has", "between"};
  if (id.empty() || id.size() > kMaxIdLength || !is_letter(id[0])) return false;
  const bool plain =
      std::ranges::all_of(id, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
  return plain && std::ranges::find(kWords, lowered(id)) == kWords.end();
}

std::string variable_id_of(std::string_view column_name) {
  if (is_variable_id(column_name)) return std::string(column_name);
  std::string id;
  bool gap = false;
  for (const char c : column_name) {
    const bool fits = is_letter(c) || is_digit(c) || c == '_';
    if (fits && gap && !id.empty()) id += '_';
    if (fits) id += c;
    gap = !fits;
  }
  if (id.empty() || !is_letter(id[0])) id.insert(0, "v");
  id.resize(std::min(id.size(), kMaxIdLength));
  if (!is_variable_id(id)) id += '_';
  return id;
}

}  // namespace barometer
