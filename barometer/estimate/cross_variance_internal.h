// Standard errors of the shares of a cross table from the sums by row of its cells.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/design/cell_sums.h"
#include "barometer/design/design.h"
#include "barometer/estimate/cross_layout_internal.h"
#include "barometer/sample/sampling_variance.h"

namespace barometer {

// Entries in the order of a sheet, without its row of the base.
struct CrossShares {
  std::vector<double> share;
  std::vector<double> inverse;  // of the column's weight; 0 where that is 0
};

struct CrossErrors {
  std::vector<double> variance;     // in the order of the shares
  std::vector<double> df;           // a column
  std::vector<std::string> no_se;   // a column: why it has no variance, else empty
  std::vector<Matrix> covariances;  // a row; empty unless asked for
};

// One byte a cell: whether it is in the column (of the total: in the base).
std::vector<uint8_t> cells_in(const CrossLayout& layout, size_t column);

CrossErrors errors_of_units(const Design& design, const CellSums& sums, const CrossLayout& layout,
                            const CrossShares& shares, bool covariances);
CrossErrors errors_of_elements(const Design& design, const CellSums& sums,
                               const CrossLayout& layout, const CrossShares& shares);
CrossErrors errors_of_any(const SamplingVariance& sampling, const CellSums& sums,
                          const CrossLayout& layout, const CrossShares& shares);
// A matrix a row of the table; empty where there is no variance to average.
std::vector<Matrix> covariances_of_any(const SamplingVariance& sampling, const CellSums& sums,
                                       const CrossLayout& layout, const CrossShares& shares);

}  // namespace barometer
