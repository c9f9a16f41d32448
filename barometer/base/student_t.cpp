#include "barometer/base/student_t.h"

#include <cmath>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include "barometer/base/result.h"

namespace barometer {
namespace {

using boost::math::complement;
using Policy = boost::math::policies::policy<
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>>;
using StudentT = boost::math::students_t_distribution<double, Policy>;

}  // namespace

double t_quantile(double level, double df) {
  CHECK(df > 0 && level > 0 && level < 1, "a t quantile exists");
  const double upper_tail = (1 - level) / 2;
  if (std::isinf(df)) return boost::math::quantile(complement(boost::math::normal(), upper_tail));
  return boost::math::quantile(complement(StudentT(df), upper_tail));
}

double t_two_sided(double t, double df) {
  CHECK(df > 0, "a t has degrees of freedom");
  const double size = std::abs(t);
  if (std::isinf(df)) return 2 * boost::math::cdf(complement(boost::math::normal(), size));
  return 2 * boost::math::cdf(complement(StudentT(df), size));
}

}  // namespace barometer
