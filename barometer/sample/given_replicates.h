// Replicate weights that came with the data: the scales that their type implies.
//
//   BRR        1/R                           successive difference (also ACS)  4/R
//   Fay        1/(R(1-rho)²)                 bootstraps                        1/(R-1), unless
//   given JK1        (R-1)/R, unless given         JKn    1, the rscales must be given other both
//   must be given
// rscales are 1 each, unless given. As R survey's svrepdesign with weights that have the sampling
// weight in them; where R warns and goes on (a scale given to BRR, none given to 'other'), this is
// an error. JK2 replicates, whose scale and rscales are 1, are read as JKn with these rscales.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/sample/replicates.h"

namespace barometer {

// What the documentation of the data says of its replicate weights.
struct GivenScales {
  std::optional<double> scale;
  std::vector<double> rscales;  // empty, one for all, or one a replicate
};

// Sets scale and rscales of `replicates` (their type, weights and fay_rho are there). kInvalid:
// fewer than 2 replicates, a scale that the type does not allow or that is missing, rscales of
// another length, a negative one, a rho outside 0 … 1 or of a type that has none.
Status complete(Replicates& replicates, const GivenScales& given = {});

// "BRR", "Fay", "JK1", "JKn", "JK2" (JKn), "bootstrap", "subbootstrap", "mrbbootstrap", "ACS",
// "successive-difference", "SDR", "other"; letter case aside.
Result<ReplicateType> parse_replicate_type(std::string_view word);

}  // namespace barometer
