// The profile of the scaled binomial deviance of one proportion (proportion_interval.h), on the
// logit scale:  z(b)² = 2 n KL(p ‖ expit b) / φ,  and the b with z(b) = ± t √λ.
#pragma once

#include "barometer/estimand/proportion_interval.h"

namespace barometer {

// π(1-π) at the last but one step of iteratively reweighted least squares from (wy + ½)/(w + 1), w
// over its mean, until the deviance changes by less than 1e-8 of itself and 0.1 (McCullagh &
// Nelder, "Generalized Linear Models", 1989, 2.5, as R's glm stops it). 0 when it does not settle.
double last_fitted_spread(std::span<const double> event, std::span<const double> weights,
                          Domain domain);

class ProfileLikelihood {
 public:
  // 0 < p < 1, both variances > 0, at least two cases.
  ProfileLikelihood(const ProportionFacts& facts, double t);

  [[nodiscard]] ConfidenceBounds roots() const;
  // As R: the profile on a grid, z as a cubic spline of b, b as a broken line of z. kInvalid when
  // the grid ends before z reaches its limit.
  [[nodiscard]] Result<ConfidenceBounds> interpolated_roots() const;

 private:
  [[nodiscard]] double z(double b) const;
  [[nodiscard]] double root(double sign) const;

  double p_, centre_, se_, cases_, scale_, limit_;
};

}  // namespace barometer
