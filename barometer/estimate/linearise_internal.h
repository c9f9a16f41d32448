// From sums by row and cell to values with their standard errors.
//
// With L the sum of a statistic's form over the sample and W the weight of its base,
//   total:      L            influence of a case: what it adds to L, without its weight
//   mean type:  m = L / W    influence of a case: (that - m) / W
// (a proportion is the mean of 0 and 1, a domain mean is the mean over the domain's cells). These
// are Taylor linearisations: Särndal, Swensson & Wretman (1992), 5.5-5.7.
#pragma once

#include <span>
#include <vector>

#include "barometer/design/cell_sums.h"
#include "barometer/estimate/coding_internal.h"
#include "barometer/estimate/estimate.h"
#include "barometer/sample/sampling_variance.h"

namespace barometer {

// Of one coded cell.
struct CodedSum {
  uint64_t n = 0;
  double w = 0, w2 = 0;
  double wv = 0;  // v counts from the table's centre
  double nv = 0;
};
// One a coded cell.
std::vector<CodedSum> coded_sums(const CodedTable& table, const CellSums& sums);

// The statistics of tables of one variable, in order: value, se, df, n, weighted_base,
// effective_base, reason. Rows of the tables are cells of the sums, by row, and `sampling` is that
// of these sums. `total` gives population totals in place of means.
std::vector<Estimate> estimated(const SamplingVariance& sampling, const CellSums& sums,
                                std::span<const CodedTable> tables, bool total);

}  // namespace barometer
