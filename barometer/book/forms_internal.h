// What each row of a table takes of an engine's cells.
#pragma once

#include "barometer/book/answers_internal.h"
#include "barometer/book/figures_internal.h"

namespace barometer {

// The variable of a table in the cells of one answer of the engine.
struct RowVariable {
  const Variable& variable;
  const Column& column;
  const GivenAnswers& given;
  std::vector<uint8_t> in_base;
};
RowVariable row_variable(const Variable& variable, const Column& column, const GivenAnswers& given);

// Weight of the cells in the base with one of the codes; of responses, of all of these answers.
double weight_of_codes(const RowVariable& row, const std::vector<int>& codes, bool responses,
                       const std::vector<double>& w);

// One form a row, by the bases of the plan: of `percent` for shares, of the column for statistics.
RowForms forms_of(const RowVariable& row, const std::vector<BookRow>& rows, const RowsPlan& plan,
                  PercentBase percent);

}  // namespace barometer
