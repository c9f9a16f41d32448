// The units of a design as replicates see them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "barometer/sample/make_replicates.h"

namespace barometer {

struct UnitStratum {
  std::vector<uint32_t> units;  // in the order of their first case
  double population = 0;        // may be infinite
  double unsampled = 1;         // (N-n)/N
};

// Units of one stage with the strata they were drawn in. Stages count from 0.
struct StageUnits {
  std::vector<uint32_t> unit_of_case;
  std::vector<UnitStratum> strata;  // as Stage::strata
  size_t unit_count = 0;
};
StageUnits units_of_stage(const Design& design, size_t stage);

// Every stratum has two units, was sampled in full, or may count for nothing; else the error.
Status check_lonely(const StageUnits& units, const ReplicateRequest& request, const Design& design);

Result<ReplicateFactors> jackknife_factors(const Design& design, const ReplicateRequest& request);
Result<ReplicateFactors> half_sample_factors(const Design& design, const ReplicateRequest& request);
Result<ReplicateFactors> bootstrap_factors(const Design& design, const ReplicateRequest& request);
Result<ReplicateFactors> rescaled_factors(const Design& design, const ReplicateRequest& request);
Result<ReplicateFactors> difference_factors(const Design& design, const ReplicateRequest& request);

// A matrix of ones, or kLimit.
Result<ReplicateFactors> factors_of_one(StageUnits units, size_t replicates);

}  // namespace barometer
