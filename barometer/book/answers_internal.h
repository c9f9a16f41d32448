// The answers of a variable, and who of an engine's cells gave them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "barometer/data/dataset.h"

namespace barometer {

struct TableAnswer {
  int code = 0;
  std::string label{};
  bool dont_know = false;
};

// In the order of the questionnaire; of a scale its points first. Points of a scale of more than 11
// that have no label are left out.
std::vector<TableAnswer> answers_of(const Variable& variable);

// Whether a table's base leaves this answer out (don't know, by the rule of the variable).
bool outside_base(const Variable& variable, const TableAnswer& answer);

// One a cell.
struct GivenAnswers {
  std::vector<Missing> missing;
  std::vector<std::vector<int>> codes;  // none of numbers
};
GivenAnswers given_answers(const Variable& variable, const Column& column);

// Whether the cell is in the base of shares, as in estimate.h: kinds of missing are out, but for a
// don't know where the rule of the variable has it in.
std::vector<uint8_t> cells_in_base(const Variable& variable, const GivenAnswers& given);

// Whether the cell says don't know, as an answer or as a kind of missing.
std::vector<uint8_t> cells_of_dont_know(const Variable& variable, const GivenAnswers& given);

struct MissingCases {
  double not_asked = 0, no_answer = 0, refused = 0, dont_know = 0;
};
// n: cases, one a cell.
MissingCases missing_cases(const Variable& variable, const GivenAnswers& given,
                           const std::vector<uint64_t>& n);

}  // namespace barometer
