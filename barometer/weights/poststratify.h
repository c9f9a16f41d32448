// Post-stratification: the weights of each cell are scaled to sum to its population.
//
//   w_i' = w_i N_c / Σ_{j in c} w_j
// What is left of x = weight × influence is x_i - w_i Σ_{j in c} x_j / Σ_{j in c} w_j, its residual
// within the cell (Holt & Smith, JRSS A 142, 1979; as in R survey's postStratify). Replicates are
// each scaled to the same populations.
#pragma once

#include "barometer/data/dataset.h"
#include "barometer/weights/margins.h"
#include "barometer/weights/report.h"

namespace barometer {

struct PoststratifyOptions {
  bool partial = false;   // cells without cases are left out of the population, with a note
  double population = 0;  // shares are scaled to this; 0: to the sum of the weights
};
// Cases with weight 0 keep it, whatever their cell. kInvalid, kNotFound: see match_margin's list (a
// missing value, a category on one side only, a population of 0 with cases), and a replicate that
// has no weight in a cell.
Result<Weighted> poststratify(const Sample& sample, const Dataset& data, const Margin& margin,
                              const PoststratifyOptions& options = {});

}  // namespace barometer
