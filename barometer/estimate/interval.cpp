#include "barometer/estimate/interval.h"

#include <cmath>

#include "barometer/base/student_t.h"

namespace barometer {

Interval t_interval(double value, double se, double df, double level) {
  return t_interval(value, se, TReach{t_quantile(level, df), level});
}

std::optional<Interval> logit_interval(double p, double se, double df, double level) {
  if (!(p > 0 && p < 1)) return std::nullopt;
  return logit_interval(p, se, TReach{t_quantile(level, df), level});
}

Interval t_interval(double value, double se, const TReach& reach) {
  const double away = reach.quantile * se;
  return {value - away, value + away, reach.level, IntervalMethod::kT};
}

std::optional<Interval> logit_interval(double p, double se, const TReach& reach) {
  if (!(p > 0 && p < 1)) return std::nullopt;
  const double logit = std::log(p / (1 - p));
  const double away = reach.quantile * se / (p * (1 - p));
  const auto back = [](double l) { return 1 / (1 + std::exp(-l)); };
  return Interval{back(logit - away), back(logit + away), reach.level, IntervalMethod::kLogit};
}

}  // namespace barometer
