// A variable as columns of numbers: what each case adds to the numerator of each of its answers.
//
// Base of an option or NET: cases with an answer. "Don't know" counts in it, or not, by
// Variable::dont_know_in_base, also where it was recorded as a kind of missing. Base of numbers:
// cases with a number; of a scale: with a point between its ends that is no "don't know".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/data/dataset.h"

namespace barometer {

struct AnswerColumn {
  std::string answer;  // label of the category, id of the NET; empty for numbers
  std::string label;
  std::string code;  // code of the category, id of the NET; empty for numbers
};

struct AnswerColumns {
  std::vector<AnswerColumn> columns;
  Matrix y;                   // cases × columns; options 0 or 1; 0 outside the base
  std::vector<uint8_t> base;  // one byte a case
};

// kInvalid: open text, numbers, no categories.
Result<AnswerColumns> options_of(const Variable& variable, const Column& column);
// kInvalid: no number and no scale.
Result<AnswerColumns> quantity_of(const Variable& variable, const Column& column);

// What identifies a case's unit, as text: a label, a number, a text; empty where it is missing.
// kInvalid: several answers a case.
Result<std::vector<std::string>> keys_of(const Variable& variable, const Column& column);

}  // namespace barometer
