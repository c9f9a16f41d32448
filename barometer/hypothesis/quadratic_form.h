// Tails of the distributions that tests compare with, first of all of sums of weighted chi-squares.
//
//   Q = Σ λ_j X_j,  X_j independent chi-squares with 1 df      P(Q > x)
//   the same over an independent chi-square with d df, by d:    P(Q / (X_d / d) > x)
// Under a complex design Pearson's X², a working likelihood ratio and the like are Q, where λ are
// generalised design effects (Rao & Scott, Ann. Statist. 12, 1984). Three methods, as in R survey's
// pchisqsum and pFsum:
//   kSatterthwaite  one scaled chi-square with the mean and variance of Q; the quickest, and rough
//                   in the far tail
//   kSaddlepoint    Kuonen, Biometrika 86 (1999): a relative error of some percent in any tail.
//                   Where the saddlepoint is at the mean (|ζ| < 1e-4), Satterthwaite, as R does;
//                   of a fractional d the whole part counts, as in R
//   kIntegration    exact to about 1e-12 relative: the inversion integral along a contour through
//                   its saddlepoint (Helstrom, Math. Comp. 46, 1986). R asks CompQuadForm
//                   (Davies; Farebrother) for it
#pragma once

#include <span>
#include <string_view>

#include "barometer/base/result.h"

namespace barometer {

enum class TailMethod { kSatterthwaite, kSaddlepoint, kIntegration };
std::string_view name_of(TailMethod method);  // "Satterthwaite", "saddlepoint", "integration"

// λ may hold zeros and, but for Satterthwaite, values below 0. kInvalid: no λ above 0 or none at
// all; a λ or x that is not finite; with Satterthwaite a sum of λ that is not above 0.
Result<double> chi_square_sum_tail(double x, std::span<const double> lambda, TailMethod method);
// `df` above 0; infinite: chi_square_sum_tail.
Result<double> f_sum_tail(double x, std::span<const double> lambda, double df, TailMethod method);

// The plain ones. df above 0 (infinite allowed); x below 0 has the tail 1.
double chi_square_tail(double x, double df);  // P(X > x)
double f_tail(double x, double numerator_df, double denominator_df);

}  // namespace barometer
