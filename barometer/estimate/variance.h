// The variance of any set of linearised statistics under any design: the one routine.
//
// With x_i the influence total of unit i and a stratum of n sampled of N units, stage 1 gives
//   Σ_strata (N-n)/N · n/(n-1) · Σ_i (x_i - x̄)²
// and each unit adds n/N times the same formula over its own units of stage 2, and so on. Units
// outside the domain have x = 0 and stay in n. Equal to R survey 4.1 (svyrecvar) but for lonely
// units of stage 1 under kAdjust: their distance is taken from the mean x of all units, as in
// survey 4.5. That mean is 0, and the two agree, for everything but totals.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "barometer/estimate/influence.h"

namespace barometer {

// Variances of the forms, in order. nullopt when LonelyPsu::kAverage finds nothing to average.
std::optional<std::vector<double>> variances(const Design& design, const TableSums& sums,
                                             std::span<const LinearForm> influences);

// The whole symmetric matrix, row by row.
std::optional<std::vector<double>> covariances(const Design& design, const TableSums& sums,
                                               std::span<const LinearForm> influences);

}  // namespace barometer
