// Non-response: within a class, the weights of those who answered are raised to stand for those who
// did not.
//
//   w_i' = w_i Σ_{all in c} w / Σ_{answered in c} w   for those who answered, else 0
// (weighting classes, response homogeneity groups: Särndal, Swensson & Wretman 1992, §15.6; Kalton
// & Flores-Cervantes, J. Official Statistics 19, 2003). That is exact for answers missing at random
// within classes.
//
// Its variance takes whether a case would answer as a trait of the case, and the sample as drawn
// from all (Fay 1991; Shao & Steel, JASA 94, 1999). The adjusted total is then Σ_c of a ratio of
// sample totals, so that x = weight × influence becomes
//   x_i + X_c (w_i / Σ_{all in c} w - r_i w_i / Σ_{answered in c} w),   X_c = Σ_{j in c} x_j
// which reaches the cases that did not answer: they stay in the sample with weight 0. For a sample
// with finite population correction the part that answering adds is left out, as it is where the
// sampling fraction is small. Replicates are adjusted each by its own sums.
//
// Do this before post-stratifying, raking or calibrating: cases with weight 0 need no auxiliary
// variables there.
#pragma once

#include "barometer/data/dataset.h"
#include "barometer/formula/formula.h"
#include "barometer/weights/report.h"

namespace barometer {

struct ResponseOptions {
  std::string respondent{};            // 1: answered, 0: did not; of every case with a weight
  std::vector<std::string> classes{};  // their crossing; none: one class
};
// kInvalid, kNotFound, one sentence: a respondent variable with other values or none; a missing
// class; a class in which nobody answered (of a replicate too); a linearised sample that was
// calibrated before.
Result<Weighted> adjust_for_response(const Sample& sample, const Dataset& data,
                                     const ResponseOptions& options);

// Classes from a weighted logistic regression of answering on the formula's right side: cases in
// order of their fitted probability, cut into `strata` parts of nearly equal numbers of cases
// (equal probabilities stay together). Rosenbaum & Rubin, JASA 79 (1984); Little, Int. Stat. Rev.
// 54 (1986). The classes are then taken as given. kInvalid also: a regression that does not
// converge (someone's answer is certain), a column that others determine.
struct PropensityOptions {
  std::string respondent{};
  size_t strata = 5;
};
Result<Weighted> adjust_by_propensity(const Sample& sample, const Dataset& data,
                                      const Formula& formula, const PropensityOptions& options);
// The fitted probability of each case with a weight; 0 of others.
Result<std::vector<double>> response_propensity(const Sample& sample, const Dataset& data,
                                                const Formula& formula,
                                                const std::string& respondent);

}  // namespace barometer
