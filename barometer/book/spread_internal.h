// Variances of a table's entries, and covariances of each row's entries between columns, from the
// influence of the cells and their sums by row of the design.
#pragma once

#include <string>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/book/figures_internal.h"
#include "barometer/design/design.h"

namespace barometer {

struct Spread {
  std::vector<double> variance;     // entries row * columns + column
  std::vector<Matrix> covariances;  // one a row; empty unless asked for, and where there are none
  std::vector<double> df;           // entries base * columns + column: PSUs - strata of its cases
  std::vector<std::string> no_se;   // a column: why its values have no standard error; else empty
};

// `sums` by row, as its design has them.
Spread spread_of(const Design& design, const CellSums& sums, const Figures& figures,
                 const RowForms& forms, const GroupColumns& group, bool covariances);

}  // namespace barometer
