#include "barometer/estimand/columns.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/estimand/columns_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr size_t kMaxColumns = 5000;
constexpr size_t kMaxCells = size_t{1} << 29;

Result<MeasureColumns> empty_columns(size_t cases, size_t columns, const std::string& written) {
  if (columns == 0) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' has no value in any case", written));
  }
  if (columns > kMaxColumns || columns * cases > kMaxCells) {
    return fail(ErrorCode::kLimit,
                fmt::format("'{}' makes {} columns of {} cases", written, columns, cases));
  }
  MeasureColumns result;
  result.y = Matrix::Zero(static_cast<Index>(cases), static_cast<Index>(columns));
  result.complete.assign(cases, 0);
  return result;
}

// 0/1 a level; -1 is missing.
Result<MeasureColumns> of_levels(const Levels& levels, const std::string& written) {
  MeasureColumns result =
      TRY(empty_columns(levels.codes.size(), levels.labels.size(), printable(written)));
  for (const std::string& label : levels.labels) {
    result.labels.push_back(fmt::format("{}={}", written, label));
  }
  for (size_t i = 0; i < levels.codes.size(); ++i) {
    if (levels.codes[i] < 0) continue;
    result.complete[i] = 1;
    result.y(static_cast<Index>(i), levels.codes[i]) = 1;
  }
  return result;
}

Result<MeasureColumns> of_numbers(const std::vector<double>& numbers, const std::string& written) {
  MeasureColumns result = TRY(empty_columns(numbers.size(), 1, printable(written)));
  result.labels.push_back(written);
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (!std::isfinite(numbers[i])) continue;
    result.complete[i] = 1;
    result.y(static_cast<Index>(i), 0) = numbers[i];
  }
  return result;
}

// All categories of the codebook, also those of no case.
Levels every_category(const Variable& variable, const Column& column) {
  Levels levels;
  std::vector<int32_t> place(kMaxCode + 1, -1);
  for (const Category& category : variable.categories) {
    if (category.dont_know && !variable.dont_know_in_base) continue;
    place[static_cast<size_t>(category.code)] = static_cast<int32_t>(levels.labels.size());
    levels.labels.push_back(category.label);
  }
  for (size_t i = 0; i < length_of(column); ++i) {
    const int code = code_at(column, i);
    levels.codes.push_back(code < 0 ? -1 : place[static_cast<size_t>(code)]);
  }
  return levels;
}

Result<MeasureColumns> of_options(const Variable& variable, const OptionSets& options,
                                  const std::string& written) {
  MeasureColumns result =
      TRY(empty_columns(options.bits.size(), variable.categories.size(), printable(written)));
  for (size_t k = 0; k < variable.categories.size(); ++k) {
    result.labels.push_back(fmt::format("{}={}", written, variable.categories[k].label));
    for (size_t i = 0; i < options.bits.size(); ++i) {
      if (options.missing[i] != Missing::kNone) continue;
      result.complete[i] = 1;
      if ((options.bits[i] >> k & 1) != 0)
        result.y(static_cast<Index>(i), static_cast<Index>(k)) = 1;
    }
  }
  return result;
}

// Its words are those of respondents, and would be printed as labels.
auto open_text(const Variable& variable) {
  return fail(
      ErrorCode::kInvalid,
      fmt::format("'{}' is open text, of which nothing is estimated; factor({}) makes levels "
                  "of it",
                  variable.id, variable.id));
}

Result<MeasureColumns> of_variable(const Dataset& data, size_t index, const std::string& written) {
  const Variable& variable = data.codebook().variables()[index];
  switch (variable.kind) {
    case VariableKind::kNumber:
    case VariableKind::kScale:
      return of_numbers(TRY(numbers_of_variable(data, variable.id)), written);
    case VariableKind::kSingle:
      return of_levels(every_category(variable, data.column(index)), written);
    case VariableKind::kMulti:
      return of_options(variable, std::get<OptionSets>(data.column(index)), written);
    case VariableKind::kText:
      return open_text(variable);
  }
  CHECK(false, "every kind is named above");
}

Result<Levels> joint(Levels first, const Levels& second) {
  if (first.labels.size() * second.labels.size() > kMaxColumns) {
    return fail(ErrorCode::kLimit,
                fmt::format("{} times {} joint levels", first.labels.size(), second.labels.size()));
  }
  Levels levels;
  for (const std::string& slow : second.labels) {
    for (const std::string& fast : first.labels) {
      levels.labels.push_back(fmt::format("{}.{}", fast, slow));
    }
  }
  const auto step = static_cast<int32_t>(first.labels.size());
  for (size_t i = 0; i < first.codes.size(); ++i) {
    const bool known = first.codes[i] >= 0 && second.codes[i] >= 0;
    levels.codes.push_back(known ? first.codes[i] + step * second.codes[i] : -1);
  }
  return levels;
}

// The parts of a:b:c, or nothing where a ":" stands inside brackets or quotes, or there is none.
std::optional<std::vector<std::string>> parts_of(std::string_view written) {
  if (written.find(':') == std::string_view::npos ||
      written.find_first_of("\"'+*/^<>=!&|") != std::string_view::npos) {
    return std::nullopt;
  }
  std::vector<std::string> parts;
  for (const std::string& part : split(written, ':')) parts.emplace_back(trimmed(part));
  return parts;
}

// As ids: "a_b" is no reading of a:b where there are a and b.
bool all_known(const Dataset& data, const std::vector<std::string>& parts) {
  return std::ranges::all_of(
      parts, [&](const std::string& part) { return data.codebook().index_of(part).has_value(); });
}

Result<MeasureColumns> of_expression(const Dataset& data, const std::string& written) {
  const NumberExpression expression = TRY(NumberExpression::parse(written));
  return of_numbers(TRY(expression.numbers(data)), written);
}

}  // namespace

Result<Levels> levels_written(const Dataset& data, std::string_view written) {
  const bool factor = written.starts_with("factor(") && written.ends_with(")");
  std::string_view name = factor ? trimmed(written.substr(7, written.size() - 8)) : written;
  if (name.size() > 1 && name.starts_with('`') && name.ends_with('`')) {
    name = name.substr(1, name.size() - 2);
  }
  const auto index = data.codebook().index_of_written(std::string(name));
  if (index && !factor) {
    const Variable& variable = data.codebook().variables()[*index];
    if (variable.kind == VariableKind::kText) return open_text(variable);
  }
  return levels_of(data, std::string(name));
}

Result<MeasureColumns> measure_columns(const Dataset& data, const std::string& written) {
  const auto parts = parts_of(written);
  const auto index = data.codebook().index_of_written(written);
  if (index && !(parts && all_known(data, *parts))) return of_variable(data, *index, written);
  if (parts) {
    Levels levels = TRY(levels_written(data, parts->front()));
    for (size_t k = 1; k < parts->size(); ++k) {
      levels = TRY(joint(std::move(levels), TRY(levels_written(data, (*parts)[k]))));
    }
    return of_levels(levels, written);
  }
  if (written.starts_with("factor(")) return of_levels(TRY(levels_written(data, written)), written);
  return of_expression(data, written);
}

Result<MeasureColumns> measure_columns(const Dataset& data, std::span<const std::string> written) {
  if (written.empty()) return fail(ErrorCode::kInvalid, "there is no variable to measure");
  MeasureColumns all = TRY(measure_columns(data, written.front()));
  for (const std::string& name : written.subspan(1)) {
    const MeasureColumns next = TRY(measure_columns(data, name));
    const Index width = all.y.cols();
    if (static_cast<size_t>(width + next.y.cols()) > kMaxColumns) {
      return fail(ErrorCode::kLimit, fmt::format("over {} columns", kMaxColumns));
    }
    all.y.conservativeResize(Eigen::NoChange, width + next.y.cols());
    all.y.rightCols(next.y.cols()) = next.y;
    all.labels.insert(all.labels.end(), next.labels.begin(), next.labels.end());
    for (size_t i = 0; i < all.complete.size(); ++i) all.complete[i] &= next.complete[i];
  }
  for (Index i = 0; i < all.y.rows(); ++i) {
    if (all.complete[static_cast<size_t>(i)] == 0) all.y.row(i).setZero();
  }
  return all;
}

}  // namespace barometer
