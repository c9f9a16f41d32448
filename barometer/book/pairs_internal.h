// Tests between the columns of one group.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "barometer/book/figures_internal.h"
#include "barometer/book/spread_internal.h"

namespace barometer {

// What is tested: rows [first_row, first_row + rows) of the figures, whose covariances are there.
struct PairQuestion {
  const SignificancePlan& plan;
  bool sequence = false;
  const CellSums& sums;
  const RowForms& forms;
  const GroupColumns& group;
  const Figures& figures;
  const Spread& spread;
  size_t first_row = 0, rows = 0;
  std::optional<double> df{};  // in place of that of the table's base
};

// What each column is compared with: others of the group, its rest or the total.
ColumnKind with_of(const PairQuestion& question);

// Columns count as in GroupColumns, rows from 0. In a sequence each column with the one before;
// else with its rest or the total where the plan says so, or all pairs. A family of tests is one
// row (significance/letters.h). Medians and standard deviations have no test. What the tests say is
// marked on `cells`, row * columns + column.
std::vector<PairTest> pair_tests(const PairQuestion& question, std::span<BookCell> cells);

}  // namespace barometer
