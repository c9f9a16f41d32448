#include "barometer/data/dataset.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

template <class T>
constexpr bool kIsCodes = std::is_same_v<T, NarrowCodes> || std::is_same_v<T, WideCodes>;

auto invalid(const Variable& variable, const std::string& what) {
  return fail(ErrorCode::kInvalid, fmt::format("variable '{}': {}", variable.id, what));
}

bool fits(VariableKind kind, const Column& column) {
  switch (kind) {
    case VariableKind::kSingle:
    case VariableKind::kScale:
      return std::holds_alternative<NarrowCodes>(column) ||
             std::holds_alternative<WideCodes>(column);
    case VariableKind::kMulti:
      return std::holds_alternative<OptionSets>(column);
    case VariableKind::kNumber:
      return std::holds_alternative<Numbers>(column);
    case VariableKind::kText:
      return std::holds_alternative<Texts>(column);
  }
  return false;
}

template <class T>
Status check_codes(const Variable& variable, const std::vector<T>& codes) {
  std::vector<bool> allowed(size_t{std::numeric_limits<T>::max()} + 1, false);
  const bool is_scale = variable.kind == VariableKind::kScale;
  for (size_t code = 0; code < allowed.size(); ++code) {
    const auto number = static_cast<int>(code);
    const bool on_scale =
        is_scale && number >= *variable.scale_low && number <= *variable.scale_high;
    allowed[code] = on_scale || missing_of(static_cast<T>(code)) != Missing::kNone;
  }
  for (const Category& category : variable.categories) {
    const auto code = static_cast<size_t>(category.code);
    if (code < allowed.size()) allowed[code] = true;
  }
  const auto bad = std::ranges::find_if(codes, [&](T code) { return !allowed[code]; });
  if (bad == codes.end()) return {};
  return invalid(variable,
                 fmt::format("row {}: {} is not one of its codes", bad - codes.begin() + 1, *bad));
}

template <class Values>
Status check_same_length(const Variable& variable, const Values& values,
                         const std::vector<Missing>& missing) {
  if (values.size() == missing.size()) return {};
  return invalid(variable,
                 fmt::format("{} values but {} marks of missing", values.size(), missing.size()));
}

Status check_sets(const Variable& variable, const OptionSets& sets) {
  TRY_DONE(check_same_length(variable, sets.bits, sets.missing));
  const size_t options = variable.categories.size();
  const uint64_t unknown = options >= 64 ? 0 : ~uint64_t{0} << options;
  for (size_t row = 0; row < sets.bits.size(); ++row) {
    if ((sets.bits[row] & unknown) != 0) {
      return invalid(variable, fmt::format("row {}: an option past the last of {} is chosen",
                                           row + 1, options));
    }
  }
  return {};
}

Status check_numbers(const Variable& variable, const Numbers& numbers) {
  TRY_DONE(check_same_length(variable, numbers.values, numbers.missing));
  for (size_t row = 0; row < numbers.values.size(); ++row) {
    if (numbers.missing[row] == Missing::kNone && !std::isfinite(numbers.values[row])) {
      return invalid(
          variable, fmt::format("row {}: {} is not a finite number", row + 1, numbers.values[row]));
    }
  }
  return {};
}

Status check_texts(const Variable& variable, const Texts& texts) {
  TRY_DONE(check_same_length(variable, texts.values, texts.missing));
  for (size_t row = 0; row < texts.values.size(); ++row) {
    if (!is_utf8(texts.values[row])) {
      return invalid(variable, fmt::format("row {}: the text is not UTF-8", row + 1));
    }
  }
  return {};
}

Status check_column(const Variable& variable, const Column& column) {
  if (!fits(variable.kind, column)) {
    return invalid(variable, "its column is of another kind than the codebook says");
  }
  return std::visit(
      [&](const auto& values) -> Status {
        using T = std::decay_t<decltype(values)>;
        if constexpr (kIsCodes<T>) return check_codes(variable, values);
        if constexpr (std::is_same_v<T, OptionSets>) return check_sets(variable, values);
        if constexpr (std::is_same_v<T, Numbers>) return check_numbers(variable, values);
        if constexpr (std::is_same_v<T, Texts>) return check_texts(variable, values);
      },
      column);
}

template <class T>
std::vector<T> codes_as(std::span<const int> file_codes) {
  std::vector<T> codes;
  codes.reserve(file_codes.size());
  for (const int code : file_codes) {
    codes.push_back(code >= 0 ? static_cast<T>(code)
                              : missing_code<T>(*missing_of_file_code(code)));
  }
  return codes;
}

template <class T>
std::vector<T> kept(const std::vector<T>& values, std::span<const uint8_t> mask, size_t count) {
  std::vector<T> out;
  out.reserve(count);
  for (size_t row = 0; row < values.size(); ++row) {
    if (mask[row] == 1) out.push_back(values[row]);
  }
  return out;
}

Column kept(const Column& column, std::span<const uint8_t> mask, size_t count) {
  return std::visit(
      [&](const auto& values) -> Column {
        using T = std::decay_t<decltype(values)>;
        if constexpr (kIsCodes<T>) {
          return kept(values, mask, count);
        } else if constexpr (std::is_same_v<T, OptionSets>) {
          return OptionSets{kept(values.bits, mask, count), kept(values.missing, mask, count)};
        } else {
          return T{kept(values.values, mask, count), kept(values.missing, mask, count)};
        }
      },
      column);
}

template <class T>
std::vector<T> picked(const std::vector<T>& values, std::span<const uint32_t> rows) {
  std::vector<T> out;
  out.reserve(rows.size());
  for (const uint32_t row : rows) out.push_back(values[row]);
  return out;
}

}  // namespace

size_t length_of(const Column& column) {
  return std::visit(
      [](const auto& values) {
        using T = std::decay_t<decltype(values)>;
        if constexpr (kIsCodes<T>) {
          return values.size();
        } else {
          return values.missing.size();
        }
      },
      column);
}

Missing missing_at(const Column& column, size_t row) {
  return std::visit(
      [row](const auto& values) {
        using T = std::decay_t<decltype(values)>;
        if constexpr (kIsCodes<T>) {
          return missing_of(values.at(row));
        } else {
          return values.missing.at(row);
        }
      },
      column);
}

int code_at(const Column& column, size_t row) {
  return std::visit(
      [row](const auto& values) -> int {
        using T = std::decay_t<decltype(values)>;
        if constexpr (kIsCodes<T>) {
          const auto code = values.at(row);
          return missing_of(code) == Missing::kNone ? static_cast<int>(code) : -1;
        } else {
          CHECK(false, "code_at is for single and scale columns");
        }
      },
      column);
}

Column make_codes(std::span<const int> file_codes) {
  int highest = 0;
  for (const int code : file_codes) {
    CHECK(code <= kMaxCode && (code >= 0 || missing_of_file_code(code)),
          fmt::format("{} is neither a code nor a kind of missing", code));
    highest = std::max(highest, code);
  }
  if (highest <= kMaxNarrowCode) return codes_as<uint8_t>(file_codes);
  return codes_as<uint16_t>(file_codes);
}

Column picked(const Column& column, std::span<const uint32_t> rows) {
  return std::visit(
      [&](const auto& values) -> Column {
        using T = std::decay_t<decltype(values)>;
        if constexpr (kIsCodes<T>) {
          return picked(values, rows);
        } else if constexpr (std::is_same_v<T, OptionSets>) {
          return OptionSets{picked(values.bits, rows), picked(values.missing, rows)};
        } else {
          return T{picked(values.values, rows), picked(values.missing, rows)};
        }
      },
      column);
}

Result<Dataset> Dataset::make(Codebook codebook, std::vector<Column> columns) {
  if (columns.size() != codebook.variables().size()) {
    return fail(ErrorCode::kInvalid, fmt::format("{} columns for {} variables", columns.size(),
                                                 codebook.variables().size()));
  }
  Dataset data;
  data.case_count_ = columns.empty() ? 0 : length_of(columns[0]);
  for (size_t i = 0; i < columns.size(); ++i) {
    const Variable& variable = codebook.variables()[i];
    if (length_of(columns[i]) != data.case_count_) {
      return invalid(variable, fmt::format("{} rows where '{}' has {}", length_of(columns[i]),
                                           codebook.variables()[0].id, data.case_count_));
    }
    TRY_DONE(check_column(variable, columns[i]));
    data.columns_.push_back(std::make_shared<const Column>(std::move(columns[i])));
  }
  data.codebook_ = std::move(codebook);
  return data;
}

Result<const Column*> Dataset::find(std::string_view id) const& {
  if (const auto index = codebook_.index_of(id)) return columns_[*index].get();
  const std::string hint = suggestion(id, codebook_.ids());
  return fail(ErrorCode::kNotFound, fmt::format("there is no variable '{}'{}{}", printable(id),
                                                hint.empty() ? "" : "; ", hint));
}

Result<Dataset> Dataset::with(Variable variable, Column column) const {
  Dataset more = *this;
  if (!columns_.empty() && length_of(column) != case_count_) {
    return invalid(variable,
                   fmt::format("{} rows where the data has {}", length_of(column), case_count_));
  }
  TRY_DONE(more.codebook_.add(std::move(variable)));
  TRY_DONE(check_column(more.codebook_.variables().back(), column));
  more.case_count_ = length_of(column);
  more.columns_.push_back(std::make_shared<const Column>(std::move(column)));
  return more;
}

Dataset Dataset::where(std::span<const uint8_t> mask) const {
  CHECK(mask.size() == case_count_, "a mask has one byte a case");
  Dataset some;
  some.codebook_ = codebook_;
  some.case_count_ = static_cast<size_t>(std::ranges::count(mask, uint8_t{1}));
  for (const auto& column : columns_) {
    some.columns_.push_back(std::make_shared<const Column>(kept(*column, mask, some.case_count_)));
  }
  return some;
}

Dataset Dataset::reordered(std::span<const uint32_t> order) && {
  CHECK(order.size() == case_count_, "an order has one place a case");
  Dataset sorted = std::move(*this);
  for (auto& column : sorted.columns_) {
    column = std::make_shared<const Column>(picked(*column, order));
  }
  return sorted;
}

}  // namespace barometer
