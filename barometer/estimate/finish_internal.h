// From sums to a finished Estimate: value, SE, df, then interval and method line.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "barometer/estimate/coding_internal.h"
#include "barometer/estimate/estimator.h"

namespace barometer {

// The statistics of one table: value, se, df, n, weighted_base, effective_base, weighted, reason.
// `total` gives population totals in place of means.
std::vector<Estimate> estimated(const Design& design, const TableSums& sums,
                                std::span<const CodedStatistic> statistics, bool total);

// What the exact interval needs to know of an estimate.
struct Population {
  std::optional<size_t> units;  // N; nullopt when not known, or when it is not that of this base
  bool counts = true;           // the value is numerator / n, in whole units
};
bool is_simple_random_sample(const Design& design);

// Sets interval or no_interval, and the method line. `df_rule` is "PSUs - strata".
void finish(Estimate& estimate, const EstimatorOptions& options, const Population& population,
            const std::string& description, const std::string& df_rule);

}  // namespace barometer
