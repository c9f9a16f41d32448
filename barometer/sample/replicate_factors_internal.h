// How each type of replicate multiplies the weights of units.
#pragma once

#include "barometer/sample/make_replicates.h"
#include "barometer/sample/stage_units_internal.h"

namespace barometer {

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
