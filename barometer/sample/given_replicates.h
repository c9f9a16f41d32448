// Replicate weights that came with the data: the scales that their type implies.
//
//   BRR              1/R
//   Fay              1/(R(1-rho)²)
//   SDR, also ACS    4/R
//   JK1              (R-1)/R
//   bootstraps       1/(R-1)
//   JKn              1, and the rscales must be given
//   other            must be given; rscales need not
// A scale that is given counts, whatever the type. rscales are 1 each, unless given. As R survey's
// svrepdesign with weights that have the sampling weight in them; where R warns and goes on (no
// scale for 'other'), this is an error. JK2 replicates, whose scale and rscales are 1, are read as
// JKn with these rscales.
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
// fewer than 2 replicates, a scale that is missing or below 0, rscales of
// another length, a negative one, a rho outside 0 … 1 or of a type that has none.
Status complete(Replicates& replicates, const GivenScales& given = {});

// "BRR", "Fay", "JK1", "JKn", "JK2" (JKn), "bootstrap", "subbootstrap", "mrbbootstrap", "ACS",
// "successive-difference", "SDR", "other"; letter case aside.
Result<ReplicateType> parse_replicate_type(std::string_view word);

}  // namespace barometer
