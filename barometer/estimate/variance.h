// The variance of any set of linearised statistics under any design: the one routine.
// The recursion is design/nested.h; here its sums come from the cells of a table.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "barometer/design/design.h"
#include "barometer/estimate/influence.h"

namespace barometer {

// Variances of the forms, in order. nullopt when LonelyPsu::kAverage finds nothing to average.
std::optional<std::vector<double>> variances(const Design& design, const TableSums& sums,
                                             std::span<const LinearForm> influences);

// The whole symmetric matrix, row by row.
std::optional<std::vector<double>> covariances(const Design& design, const TableSums& sums,
                                               std::span<const LinearForm> influences);

}  // namespace barometer
