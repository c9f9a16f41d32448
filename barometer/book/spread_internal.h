// Variances of a table's entries, and covariances of each row's entries between columns, from the
// influence of the cells and their sums by row of the design.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/book/figures_internal.h"
#include "barometer/book/part_sample_internal.h"
#include "barometer/design/design.h"

namespace barometer {

struct Spread {
  std::vector<double> variance;  // entries row * columns + column
  // One a row, empty where the design gives none; none at all unless asked for.
  std::vector<Matrix> covariances;
  std::vector<double> df;  // entries base * columns + column: PSUs - strata of its cases
  // Entries row * columns + column: 1 where there is no variance, and why: every stratum that the
  // entry's base is in has one sampled unit, and the design's rule wants a mean of others.
  std::vector<uint8_t> no_variance;
  std::string why_none =
      "every stratum of a stage has one sampled unit, so there is no variance to average";
};

// `sums` by row, as its design has them.
Spread spread_of(const Design& design, const CellSums& sums, const Figures& figures,
                 const RowForms& forms, const GroupColumns& group, bool covariances);

// The same from the cases of any sample. A column of which a replicate has no value has covariances
// that say nothing, as it has no variance.
Spread spread_of_cases(const PartSample& part, const Cells& cells, const Figures& figures,
                       const RowForms& forms, const GroupColumns& group, bool covariances);

}  // namespace barometer
