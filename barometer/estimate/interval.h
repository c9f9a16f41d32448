// Confidence intervals from a value, its standard error and the design's degrees of freedom.
#pragma once

#include <optional>

#include "barometer/estimate/estimate.h"

namespace barometer {

// value ± t(df) se.
Interval t_interval(double value, double se, double df, double level);

// p on the logit scale, l = log(p/(1-p)), se_l = se/(p(1-p)), l ± t(df) se_l, back to 0 … 1.
// R survey's svyciprop(method = "xlogit"), and the closed form of method = "logit".
// nullopt when p is 0 or 1, where the logit has no end.
std::optional<Interval> logit_interval(double p, double se, double df, double level);

// The same with the quantile of t, where many intervals have one df and level.
struct TReach {
  double quantile = 0;
  double level = 0.95;
};
Interval t_interval(double value, double se, const TReach& reach);
std::optional<Interval> logit_interval(double p, double se, const TReach& reach);

}  // namespace barometer
