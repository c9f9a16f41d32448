#include "barometer/estimate/interval.h"

#include <cmath>

#include "barometer/base/student_t.h"

namespace barometer {

Interval t_interval(double value, double se, double df, double level) {
  const double reach = t_quantile(level, df) * se;
  return {value - reach, value + reach, level, IntervalMethod::kT};
}

std::optional<Interval> logit_interval(double p, double se, double df, double level) {
  if (!(p > 0 && p < 1)) return std::nullopt;
  const double logit = std::log(p / (1 - p));
  const double reach = t_quantile(level, df) * se / (p * (1 - p));
  const auto back = [](double l) { return 1 / (1 + std::exp(-l)); };
  return Interval{back(logit - reach), back(logit + reach), level, IntervalMethod::kLogit};
}

}  // namespace barometer
