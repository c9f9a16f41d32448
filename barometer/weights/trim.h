// Trimming: weights outside bounds are cut to them, and what was cut off is given in equal parts to
// the cases that were inside, so that the sum stays (Potter, JSM 1990; as in R survey's
// trimWeights). With `strict` that is done again until no weight is outside.
//
// Where R's strict form goes on without end (bounds on one side of the mean weight) it is refused
// here. Trimmed weights are taken as given: the variance of a linearised sample keeps its earlier
// adjustments and gets no new one, and replicate weights are multiplied by the ratio of new to old
// weight of their case.
#pragma once

#include <limits>

#include "barometer/weights/report.h"

namespace barometer {

struct TrimOptions {
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
  bool strict = false;
};
// Cases with weight 0 keep it and get no part. kInvalid: a lower bound that is not below the
// upper; bounds that the sum of the weights cannot keep; every weight outside.
Result<Weighted> trim(const Sample& sample, const TrimOptions& options);

}  // namespace barometer
