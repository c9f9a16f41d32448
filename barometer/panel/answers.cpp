#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "barometer/panel/answers_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

bool counts(const Variable& variable, Missing missing) {
  return missing == Missing::kNone || (missing == Missing::kDontKnow && variable.dont_know_in_base);
}

// Bits of the columns that a case's answer belongs to: options first, then NETs.
struct Membership {
  const Variable& variable;

  [[nodiscard]] bool says(size_t option, const Column& column, size_t row) const {
    if (const auto* sets = std::get_if<OptionSets>(&column)) {
      return (sets->bits[row] >> option & 1) != 0;
    }
    return code_at(column, row) == variable.categories[option].code;
  }
  [[nodiscard]] bool out_of_base(const Column& column, size_t row) const {
    if (!counts(variable, missing_at(column, row))) return true;
    if (variable.dont_know_in_base) return false;
    for (size_t i = 0; i < variable.categories.size(); ++i) {
      if (variable.categories[i].dont_know && says(i, column, row)) return true;
    }
    return false;
  }
};

std::vector<std::vector<size_t>> columns_of_options(const Variable& variable) {
  std::vector<std::vector<size_t>> of(variable.categories.size());
  for (size_t i = 0; i < of.size(); ++i) {
    of[i].push_back(i);
    for (size_t k = 0; k < variable.nets.size(); ++k) {
      if (std::ranges::count(variable.nets[k].codes, variable.categories[i].code) > 0) {
        of[i].push_back(variable.categories.size() + k);
      }
    }
  }
  return of;
}

}  // namespace

Result<AnswerColumns> options_of(const Variable& variable, const Column& column) {
  if (variable.categories.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("variable '{}' has no answer options to take shares of", variable.id));
  }
  AnswerColumns answers;
  for (const Category& category : variable.categories) {
    answers.columns.push_back({category.label, category.label, std::to_string(category.code)});
  }
  for (const Net& net : variable.nets) answers.columns.push_back({net.id, net.label, net.id});

  const Membership member{variable};
  const auto columns_of = columns_of_options(variable);
  const size_t n = length_of(column);
  answers.base.assign(n, 0);
  answers.y = Matrix::Zero(static_cast<Index>(n), static_cast<Index>(answers.columns.size()));
  for (size_t row = 0; row < n; ++row) {
    if (member.out_of_base(column, row)) continue;
    answers.base[row] = 1;
    if (missing_at(column, row) != Missing::kNone) continue;
    for (size_t i = 0; i < columns_of.size(); ++i) {
      if (!member.says(i, column, row)) continue;
      for (const size_t j : columns_of[i]) {
        answers.y(static_cast<Index>(row), static_cast<Index>(j)) = 1;
      }
    }
  }
  return answers;
}

Result<AnswerColumns> quantity_of(const Variable& variable, const Column& column) {
  if (variable.kind != VariableKind::kNumber && variable.kind != VariableKind::kScale) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("variable '{}' holds no numbers: ask for shares of its options", variable.id));
  }
  AnswerColumns answers;
  answers.columns.push_back({"", variable.label, ""});
  const size_t n = length_of(column);
  answers.base.assign(n, 0);
  answers.y = Matrix::Zero(static_cast<Index>(n), 1);
  for (size_t row = 0; row < n; ++row) {
    if (missing_at(column, row) != Missing::kNone) continue;
    double value = 0;
    if (const auto* numbers = std::get_if<Numbers>(&column)) {
      value = numbers->values[row];
    } else {
      const int code = code_at(column, row);
      const Category* category = variable.category(code);
      if (code < *variable.scale_low || code > *variable.scale_high) continue;
      if (category != nullptr && category->dont_know) continue;
      value = code;
    }
    answers.base[row] = 1;
    answers.y(static_cast<Index>(row), 0) = value;
  }
  return answers;
}

Result<std::vector<std::string>> keys_of(const Variable& variable, const Column& column) {
  if (variable.kind == VariableKind::kMulti) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("variable '{}' has several answers a case, so it names no unit", variable.id));
  }
  std::vector<std::string> keys(length_of(column));
  for (size_t row = 0; row < keys.size(); ++row) {
    if (missing_at(column, row) != Missing::kNone) continue;
    if (const auto* texts = std::get_if<Texts>(&column)) {
      keys[row] = texts->values[row];
    } else if (const auto* numbers = std::get_if<Numbers>(&column)) {
      keys[row] = fmt::format("{}", numbers->values[row]);
    } else {
      const int code = code_at(column, row);
      const Category* category = variable.category(code);
      keys[row] = category == nullptr ? std::to_string(code) : category->label;
    }
  }
  return keys;
}

}  // namespace barometer
