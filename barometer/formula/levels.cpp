#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/formula/formula_internal.h"

namespace barometer {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Result<size_t> index_of(const Dataset& data, const std::string& name) {
  if (const auto index = data.codebook().index_of_written(name)) return *index;
  const std::string hint = suggestion(name, data.codebook().ids());
  return fail(ErrorCode::kNotFound, fmt::format("there is no variable '{}'{}{}", printable(name),
                                                hint.empty() ? "" : "; ", hint));
}

auto several(const Variable& variable) {
  return fail(
      ErrorCode::kInvalid,
      fmt::format("'{}' may have several answers a case; it has no one level a case", variable.id));
}

Status check_count(const Variable& variable, size_t count, size_t limit) {
  if (count <= limit) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' has {} different values, more than {}", variable.id, count, limit));
}

bool outside_base(const Variable& variable, const Category& category) {
  return category.dont_know && !variable.dont_know_in_base;
}

// Codes that are answers, in order: the points of a scale, then the categories.
std::vector<std::pair<int, std::string>> answers_of(const Variable& variable) {
  std::vector<std::pair<int, std::string>> answers;
  const bool scale = variable.kind == VariableKind::kScale;
  const int low = scale ? *variable.scale_low : 0;
  const int high = scale ? *variable.scale_high : -1;
  for (int code = low; code <= high; ++code) {
    const Category* category = variable.category(code);
    if (category != nullptr && outside_base(variable, *category)) continue;
    const bool named = category != nullptr && !category->label.empty();
    answers.emplace_back(code, named ? category->label : std::to_string(code));
  }
  for (const Category& category : variable.categories) {
    if (outside_base(variable, category)) continue;
    if (category.code >= low && category.code <= high) continue;
    answers.emplace_back(category.code, category.label);
  }
  return answers;
}

Levels levels_of_codes(const Variable& variable, const Column& column) {
  const size_t count = length_of(column);
  std::vector<uint8_t> occurs(kMaxCode + 1);
  std::vector<int> codes(count);
  for (size_t row = 0; row < count; ++row) {
    codes[row] = code_at(column, row);
    if (codes[row] >= 0) occurs[static_cast<size_t>(codes[row])] = 1;
  }
  Levels levels;
  std::vector<int32_t> place(kMaxCode + 1, -1);
  for (auto& [code, label] : answers_of(variable)) {
    if (occurs[static_cast<size_t>(code)] == 0) continue;
    place[static_cast<size_t>(code)] = static_cast<int32_t>(levels.labels.size());
    levels.labels.push_back(std::move(label));
  }
  levels.codes.reserve(count);
  for (const int code : codes) {
    levels.codes.push_back(code < 0 ? -1 : place[static_cast<size_t>(code)]);
  }
  return levels;
}

Levels levels_of_texts(const Texts& texts) {
  std::map<std::string_view, int32_t> places;
  for (size_t row = 0; row < texts.values.size(); ++row) {
    if (texts.missing[row] == Missing::kNone) places.emplace(texts.values[row], 0);
  }
  Levels levels;
  for (auto& [text, place] : places) {
    place = static_cast<int32_t>(levels.labels.size());
    levels.labels.emplace_back(text);
  }
  for (size_t row = 0; row < texts.values.size(); ++row) {
    const bool known = texts.missing[row] == Missing::kNone;
    levels.codes.push_back(known ? places.at(texts.values[row]) : -1);
  }
  return levels;
}

}  // namespace

Levels levels_of_numbers(std::span<const double> values) {
  std::vector<double> distinct;
  std::ranges::copy_if(values, std::back_inserter(distinct), [](double v) { return v == v; });
  std::ranges::sort(distinct);
  distinct.erase(std::ranges::unique(distinct).begin(), distinct.end());
  Levels levels;
  std::unordered_map<double, int32_t> places;
  for (const double value : distinct) {
    std::string label = fmt::format("{:.15g}", value == 0 ? 0.0 : value);
    if (levels.labels.empty() || levels.labels.back() != label) {
      levels.labels.push_back(std::move(label));
    }
    places[value] = static_cast<int32_t>(levels.labels.size()) - 1;
  }
  for (const double value : values) {
    levels.codes.push_back(value == value ? places.at(value) : -1);
  }
  return levels;
}

Result<Levels> levels_of(const Dataset& data, const std::string& name, size_t limit) {
  const size_t index = TRY(index_of(data, name));
  const Variable& variable = data.codebook().variables()[index];
  const Column& column = data.column(index);
  Levels levels;
  switch (variable.kind) {
    case VariableKind::kMulti:
      return several(variable);
    case VariableKind::kSingle:
    case VariableKind::kScale:
      levels = levels_of_codes(variable, column);
      break;
    case VariableKind::kNumber:
      levels = levels_of_numbers(TRY(numbers_of_variable(data, name)));
      break;
    case VariableKind::kText:
      levels = levels_of_texts(std::get<Texts>(column));
      break;
  }
  TRY_DONE(check_count(variable, levels.labels.size(), limit));
  return levels;
}

Result<std::vector<double>> numbers_of_variable(const Dataset& data, const std::string& name) {
  const size_t index = TRY(index_of(data, name));
  const Variable& variable = data.codebook().variables()[index];
  const Column& column = data.column(index);
  std::vector<double> values;
  values.reserve(data.case_count());
  if (const auto* numbers = std::get_if<Numbers>(&column)) {
    for (size_t row = 0; row < data.case_count(); ++row) {
      values.push_back(numbers->missing[row] == Missing::kNone ? numbers->values[row] : kNone);
    }
    return values;
  }
  if (variable.kind != VariableKind::kScale) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' is no number but {}", variable.id,
                            variable.kind == VariableKind::kText ? "text" : "categories"));
  }
  for (size_t row = 0; row < data.case_count(); ++row) {
    const int code = code_at(column, row);
    const Category* category = variable.category(code);
    const bool on_scale = code >= *variable.scale_low && code <= *variable.scale_high &&
                          (category == nullptr || !outside_base(variable, *category));
    values.push_back(on_scale ? code : kNone);
  }
  return values;
}

}  // namespace barometer
