// Draws without replacement with unequal probabilities π, such as proportional to size.
//
// With x_i the weighted influence total of unit i (weights are 1/π) and π_ij the probability that i
// and j are both drawn, Δ_ij = (π_ij - π_i π_j)/π_ij, Δ_ii = 1 - π_i, variances are
//   Horvitz-Thompson  Σ_ij Δ_ij x_i x_j
//   Yates-Grundy      -1/2 Σ_ij Δ_ij (x_i - x_j)²       (samples of fixed size)
// (Särndal, Swensson & Wretman 1992, 2.8). Where the π_ij are not known they are approximated, in
// each stratum of n drawn units:
//   Overton         Δ_ij = 1 - (n - (π_i + π_j)/2)/(n-1)       Stehman & Overton 1994
//   Hartley-Rao     Δ_ij = 1 - (n - π_i - π_j + p)/(n-1), p = Σ_population π²/n, estimated by the
//                   mean π of the sample when it is not known   Hartley & Rao 1962
//   Brewer          n/(n-1) Σ_i (1-π_i) (x_i - x̄)², and below unit i of stage 1 π_i times the
//                   same of its own units                       Brewer 2002, ch. 9; Berger 2004
// As R survey's svydesign(pps =), but: pairs with π_i + π_j = 1 keep their Hartley-Rao Δ (R sets it
// to 0 there, which belongs to pairs with π_i = π_j = 1); small Δ of given joint probabilities are
// kept (R's tolerance = 0); each unit of Brewer's formula has its own 1-π_i (R takes that of the
// first unit in a domain, and of another unit where labels are not in the order of the rows).
//
// A variance that comes out below 0 (Horvitz-Thompson may) is an error of covariance().
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/base/result.h"
#include "barometer/design/design.h"
#include "barometer/sample/sampling_variance.h"

namespace barometer {

using SamplingVariancePtr = std::shared_ptr<const SamplingVariance>;
enum class JointEstimator { kHorvitzThompson, kYatesGrundy };

// One stage of unequal probabilities.
struct PpsDraw {
  std::vector<double> probabilities;  // of each case's unit: above 0, at most 1
  std::vector<int32_t> ids = {};      // units; empty: each case is one
  std::vector<int32_t> strata = {};   // empty: none
  bool nest = false;                  // as DesignSpec::nest
};

// The weights that follow from the probabilities, their inverse product over the stages, of each
// case. When weights are given, these, once they are found to agree within 1 in 1000 (as rounded
// weights in files do). kInvalid, with the row: a probability out of range, a weight that
// disagrees.
Result<std::vector<double>> pps_weights(const std::vector<std::vector<double>>& probabilities,
                                        std::span<const double> given = {});

// `spec`: ids (or none: cases), strata, lonely rule; its fpc stays empty, and its weights, if there
// are any, are checked by pps_weights. Probabilities: a list for each stage.
Result<SamplingVariancePtr> brewer_sampling(DesignSpec spec,
                                            const std::vector<std::vector<double>>& probabilities);
Result<SamplingVariancePtr> overton_sampling(
    const PpsDraw& draw, JointEstimator estimator = JointEstimator::kHorvitzThompson);
// `square_means`: Σ_population π²/n of each stratum, in the order of their codes, or one number
// without strata; empty: estimated.
Result<SamplingVariancePtr> hartley_rao_sampling(
    const PpsDraw& draw, const std::vector<double>& square_means = {},
    JointEstimator estimator = JointEstimator::kHorvitzThompson);
// Joint probabilities of all pairs of cases, with the π_i on the diagonal. Strata count for the
// degrees of freedom alone.
Result<SamplingVariancePtr> joint_sampling(const Matrix& joint, JointEstimator estimator,
                                           std::vector<int32_t> strata = {});
// Every case was drawn independently of the others: Σ (1-π_i) x_i².
Result<SamplingVariancePtr> poisson_sampling(const std::vector<double>& probabilities);

}  // namespace barometer
