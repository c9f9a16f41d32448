// Direct standardisation: weights under which every group has the same make-up.
//
// With cells g of the standardising variables (`by`) and groups h of `over`, each case of g and h
// is reweighted by  share_g · W_h / W_gh,  where share_g is the cell's share of the standard
// population and W sums the weights before. Then the share of g is share_g in every group, and a
// group's total stays W_h (where it has cases of all cells; cells without cases are left out, and
// their share is lost to the group). As R survey's svystandardize, which is a post-stratification:
// the variance takes from each case the mean of its cell g×h.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "barometer/data/dataset.h"
#include "barometer/sample/sample.h"

namespace barometer {

struct StandardPopulation {
  // Cells of `by`, in any order and any unit: labels as in domains.h ("E", "E.Yes"). Without
  // labels: in the order of R, the first variable fastest, over the levels that occur in the data.
  std::vector<std::string> cells;
  std::vector<double> counts;
};

struct Standardization {
  std::vector<std::string> by{};
  std::vector<std::string> over{};  // empty: one group
  StandardPopulation population{};
  // Cases that miss one of these get weight 0 first.
  std::vector<std::string> excluding_missing{};
};

// kInvalid: no `by`; a case with a weight that misses a variable of by or over; a cell of the
// sample that the population does not have or gives no share; counts negative, not finite or all 0,
// or as many as there are no cells; a replicate without weight in a cell; open text outside
// factor() (columns.h). kNotFound: as levels_of. kLimit: over 10,000 cells of by and over.
Result<Sample> standardise(const Sample& sample, const Dataset& data,
                           const Standardization& standardization);

}  // namespace barometer
