// Do groups differ in rank: are answers higher in one than in another?
//
// Each case has its estimated place in the population's order, r / N in (0, 1): the weights of the
// cases before it and half its own, over the weight sum (ties: the mean of their places in case
// order, as in R survey's svyranktest). A score of the place is compared between groups as means
// are, with the scores taken as known (Lumley & Scott, "Two-sample rank tests under complex
// sampling", Biometrika 100, 2013):
//   kWilcoxon          the place itself
//   kVanDerWaerden     its normal quantile
//   kMedian            1 above the median, 0 below
//   kKruskalWallis     the place itself; the name for several groups
// Two groups: t with ν - 1; the estimate is the difference in mean score, second group less first.
// More: Wald's chi-square over k - 1 as F(k - 1, ν - k + 1), as R has it; the statistic printed is
// the chi-square. ν are the degrees of freedom of the sample among the cases tested.
//
// Replicates: the variance is that of the linearised score totals, replicated, as R does.
// Missing: a case needs a response and a group. Ordered categories rank in the variable's order.
#pragma once

#include <string_view>

#include "barometer/base/progress.h"
#include "barometer/data/dataset.h"
#include "barometer/formula/formula.h"
#include "barometer/hypothesis/test_result.h"
#include "barometer/sample/sample.h"

namespace barometer {

enum class RankScore { kWilcoxon, kVanDerWaerden, kMedian, kKruskalWallis };
std::string_view name_of(
    RankScore score);  // "wilcoxon", "vanderWaerden", "median", "KruskalWallis"
Result<RankScore> parse_rank_score(std::string_view word);

// `formula` is response ~ group. kInvalid: one group in the base, one value of the response, scores
// that do not vary within the groups, a singular covariance, no degrees of freedom.
Result<TestResult> rank_test(const Sample& sample, const Dataset& data, const Formula& formula,
                             Domain domain, RankScore score = RankScore::kWilcoxon,
                             double level = 0.95, const Progress& progress = {});

}  // namespace barometer
