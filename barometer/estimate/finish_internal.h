// The last steps to an Estimate: its interval and its method line.
#pragma once

#include <string>

#include "barometer/estimate/estimator.h"

namespace barometer {

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
