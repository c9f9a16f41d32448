#include "barometer/estimate/interval.h"

#include <cmath>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace barometer {

double t_quantile(double level, double df) {
  CHECK(df > 0 && level > 0 && level < 1, "a t quantile exists");
  const double upper_tail = (1 - level) / 2;
  if (std::isinf(df)) {
    return boost::math::quantile(boost::math::complement(boost::math::normal(), upper_tail));
  }
  return boost::math::quantile(boost::math::complement(boost::math::students_t(df), upper_tail));
}

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
