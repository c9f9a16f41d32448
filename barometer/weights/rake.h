// Raking: post-stratification to one margin after another, round after round, until nothing moves.
//
// Deming & Stephan, Ann. Math. Stat. 11 (1940). As in R survey's rake: a round post-stratifies to
// each margin in turn; it is done when no cell of the crossed margins moved by `epsilon` in a
// round. What is left of x = weight × influence is the residual of x_i / w_i on the margins,
// unweighted, by ten rounds of subtracting their means, times w_i. Replicates are raked to the same
// margins in as many rounds as the full weights.
//
// With bounds, each round ends by cutting the ratio w_i' / w_i, over its mean Σw' / Σw, to
// [lower, upper] (Izrael, Battaglia & Frankel, SAS Global Forum 2009, 247), and it is done when
// the margins are met too.
#pragma once

#include <limits>
#include <span>

#include "barometer/data/dataset.h"
#include "barometer/weights/margins.h"
#include "barometer/weights/report.h"

namespace barometer {

struct RakeOptions {
  size_t max_rounds = 1000;
  // Below 1: a part of the sum of the weights before; else a sum of weights.
  double epsilon = 1e-11;
  double lower = 0, upper = std::numeric_limits<double>::infinity();  // of the ratio; 0 … 1 … ∞
  double population = 0;  // shares are scaled to this; 0: to the sum of the weights

  // R's own defaults stop early: 10 rounds, or when no cell moves by 1.
  static RakeOptions as_in_r() { return {.max_rounds = 10, .epsilon = 1}; }
};
// Not converged: the step says so, and names the margin that is furthest off. kInvalid, kNotFound:
// as poststratify (partial margins are refused), and margins with different sums.
Result<Weighted> rake(const Sample& sample, const Dataset& data, std::span<const Margin> margins,
                      const RakeOptions& options = {});

}  // namespace barometer
