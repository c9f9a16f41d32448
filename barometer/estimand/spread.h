// Population variances, covariances and correlations, as functions of the weights.
//
//   V_ab = n/(n-1) Σ w (a - ā)(b - b̄) / Σ w,  ā = Σ w a / Σ w        (R survey's svyvar)
//   ρ_ab = V_ab / √(V_aa V_bb)
// n is the number of cases counted in the domain and does not vary with the weights; its factor
// makes V unbiased when all weights are equal. The influence of case i on V_ab is
// (n/(n-1) (a_i - ā)(b_i - b̄) - V_ab) / Σw: that of the means drops out. All cases of the domain
// need all values (listwise).
#pragma once

#include "barometer/sample/functional.h"

namespace barometer {

// n of the formula: cases of the domain, in a linearised sample those with a weight.
size_t spread_cases(const Sample& sample, Domain domain);

// All p² covariances, columns of the matrix one after another: entry a + p b is V_ab. No value when
// n is below 2 or the weights sum to 0. kLimit, as all here: over 2^13 covariances, or 2^28 times
// the cases.
FunctionalPtr covariances_of(Matrix y, std::vector<uint8_t> domain, size_t n);
// The p variances alone.
FunctionalPtr variances_of(Matrix y, std::vector<uint8_t> domain, size_t n);
// All p² correlations, in the order of the covariances. No value when a variable does not vary.
// The diagonal is 1 with variance 0.
FunctionalPtr correlations_of(Matrix y, std::vector<uint8_t> domain, size_t n);

}  // namespace barometer
