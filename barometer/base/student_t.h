// Student's t: how far an interval reaches, and how unlikely a statistic is.
#pragma once

namespace barometer {

// t with P(|T| ≤ t) = level; the normal quantile when df is infinite, infinite where it passes the
// largest number. CHECKs df > 0, 0 < level < 1.
double t_quantile(double level, double df);
// P(|T| > |t|); normal when df is infinite. CHECKs df > 0.
double t_two_sided(double t, double df);

}  // namespace barometer
