// Do two groups have the same mean; has a variable the mean μ?
//
//   y ~ g          the mean of y in the second group less that in the first, against t with ν - 1
//   y ~ 1          the mean of y, against μ, with ν - 1
//   I(a - b) ~ 1   paired: the mean of the differences
// The difference of two domain means is the slope of a regression on the group, with its linearised
// or replicated variance (R survey's svyttest). ν are the degrees of freedom of the sample among
// the cases that count; of a single mean, and with replicates, in the whole base, as R has them.
//
// Missing: a case needs a number, and a group. The groups are the two levels that occur in the
// base, in the variable's order.
#pragma once

#include "barometer/base/progress.h"
#include "barometer/data/dataset.h"
#include "barometer/formula/formula.h"
#include "barometer/hypothesis/test_result.h"
#include "barometer/sample/sample.h"

namespace barometer {

struct MeanTestOptions {
  double mu = 0;  // of one mean, or of the difference
  double level = 0.95;
};

// estimate: "mean of enroll", or "difference in mean of enroll: Yes - No"; its interval.
// kInvalid: more or fewer than two groups in the base, a group after '~' that is not one variable,
// a response that does not vary, no degrees of freedom.
Result<TestResult> mean_test(const Sample& sample, const Dataset& data, const Formula& formula,
                             Domain domain, const MeanTestOptions& options = {},
                             const Progress& progress = {});

}  // namespace barometer
