#include <algorithm>

#include "barometer/book/answers_internal.h"

namespace barometer {
namespace {

constexpr int kShownPoints = 11;

void add_points(const Variable& variable, std::vector<TableAnswer>& answers) {
  const int low = *variable.scale_low;
  const int high = *variable.scale_high;
  for (int code = low; code <= high; ++code) {
    const Category* category = variable.category(code);
    if (category == nullptr && high - low >= kShownPoints) continue;
    const bool named = category != nullptr && !category->label.empty();
    answers.push_back({code, named ? category->label : std::to_string(code),
                       category != nullptr && category->dont_know});
  }
}

}  // namespace

std::vector<TableAnswer> answers_of(const Variable& variable) {
  std::vector<TableAnswer> answers;
  if (variable.kind == VariableKind::kScale) add_points(variable, answers);
  for (const Category& category : variable.categories) {
    const auto same = [&](const TableAnswer& answer) { return answer.code == category.code; };
    if (std::ranges::any_of(answers, same)) continue;
    answers.push_back({category.code, category.label, category.dont_know});
  }
  return answers;
}

bool outside_base(const Variable& variable, const TableAnswer& answer) {
  return answer.dont_know && !variable.dont_know_in_base;
}

GivenAnswers given_answers(const Variable& variable, const Column& column) {
  GivenAnswers given;
  const size_t count = length_of(column);
  given.codes.resize(count);
  const auto* sets = std::get_if<OptionSets>(&column);
  for (size_t cell = 0; cell < count; ++cell) {
    given.missing.push_back(missing_at(column, cell));
    if (given.missing.back() != Missing::kNone || variable.kind == VariableKind::kNumber) continue;
    if (sets == nullptr) {
      given.codes[cell].push_back(code_at(column, cell));
      continue;
    }
    for (size_t i = 0; i < variable.categories.size(); ++i) {
      if (((sets->bits[cell] >> i) & 1U) != 0) {
        given.codes[cell].push_back(variable.categories[i].code);
      }
    }
  }
  return given;
}

namespace {

bool says_dont_know(const Variable& variable, const std::vector<int>& codes) {
  return std::ranges::any_of(codes, [&](int code) {
    const Category* category = variable.category(code);
    return category != nullptr && category->dont_know;
  });
}

}  // namespace

std::vector<uint8_t> cells_in_base(const Variable& variable, const GivenAnswers& given) {
  std::vector<uint8_t> in;
  for (size_t cell = 0; cell < given.missing.size(); ++cell) {
    const Missing missing = given.missing[cell];
    bool inside = missing == Missing::kNone;
    if (variable.kind == VariableKind::kNumber) {
      in.push_back(inside ? 1 : 0);
      continue;
    }
    if (missing == Missing::kDontKnow) inside = variable.dont_know_in_base;
    if (!variable.dont_know_in_base && says_dont_know(variable, given.codes[cell])) inside = false;
    in.push_back(inside ? 1 : 0);
  }
  return in;
}

std::vector<uint8_t> cells_of_dont_know(const Variable& variable, const GivenAnswers& given) {
  std::vector<uint8_t> says;
  for (size_t cell = 0; cell < given.missing.size(); ++cell) {
    const bool kind = given.missing[cell] == Missing::kDontKnow;
    says.push_back(kind || says_dont_know(variable, given.codes[cell]) ? 1 : 0);
  }
  return says;
}

MissingCases missing_cases(const Variable& variable, const GivenAnswers& given,
                           const std::vector<uint64_t>& n) {
  MissingCases counts;
  for (size_t cell = 0; cell < given.missing.size(); ++cell) {
    const auto cases = static_cast<double>(n[cell]);
    switch (given.missing[cell]) {
      case Missing::kNone:
        if (says_dont_know(variable, given.codes[cell])) counts.dont_know += cases;
        break;
      case Missing::kNotAsked:
        counts.not_asked += cases;
        break;
      case Missing::kSystem:
        counts.no_answer += cases;
        break;
      case Missing::kRefused:
        counts.refused += cases;
        break;
      case Missing::kDontKnow:
        counts.dont_know += cases;
        break;
    }
  }
  return counts;
}

}  // namespace barometer
