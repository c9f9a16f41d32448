// What is estimated: any function θ of the weights of the cases, with its derivative.
//
// The influence of case i is dθ/dw_i, a row of a cases × size() matrix. A total Σ w_i y_i has the
// influence y_i; a mean the influence (y_i - m) / Σw; a domain zeroes the rows outside it. From
// these alone, one routine makes the estimate with its covariance under any sample: linearised from
// w_i times the influence, replicated from θ at each replicate's weights. Nothing else knows about
// designs. Demnati & Rao, Survey Methodology 30 (2004).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/sample/sample.h"

namespace barometer {

class Functional {
 public:
  Functional() = default;
  Functional(const Functional&) = delete;
  Functional& operator=(const Functional&) = delete;
  virtual ~Functional() = default;

  [[nodiscard]] virtual size_t size() const = 0;
  // Cases that θ depends on: empty (all) or one byte a case.
  [[nodiscard]] virtual Domain domain() const& = 0;
  // θ, each entry finite. kInvalid with the reason when the weights allow no value.
  [[nodiscard]] virtual Result<Vector> value(std::span<const double> weights) const = 0;
  // dθ/dw at `weights`, where θ is `value`; 0 outside the domain.
  [[nodiscard]] virtual Result<Matrix> influence(std::span<const double> weights,
                                                 const Vector& value) const = 0;
};
using FunctionalPtr = std::shared_ptr<const Functional>;

struct Estimated {
  Vector value;
  Matrix covariance;  // size × size
  double df = 0;      // of the sample in the functional's domain
  // Replicated samples: R × size, θ of each replicate; else empty.
  Matrix replicates;

  [[nodiscard]] double se(Eigen::Index j) const;  // √ of the diagonal, 0 where it is just below 0
};

// kInvalid: θ has no value (also in a replicate: says which), or the sample no variance. kLimit
// when progress was told to stop.
Result<Estimated> estimate(const Sample& sample, const Functional& functional,
                           const Progress& progress);
// The covariance alone, of influences made elsewhere (linearised samples).
Result<Matrix> linearised_covariance(const Sample& sample, const Matrix& influence, Domain domain);

// Totals Σ w y_j over the domain. Rows of y outside the domain are not read.
FunctionalPtr total_of(Matrix y, std::vector<uint8_t> domain);
// Means Σ w y_j / Σ w over the domain. No value where the weights sum to 0.
FunctionalPtr mean_of(Matrix y, std::vector<uint8_t> domain);
// Ratios Σ w y_j / Σ w z_j. No value where a denominator is 0.
FunctionalPtr ratio_of(Matrix y, Matrix z, std::vector<uint8_t> domain);
// Several one after another, in one vector; the domain is the union.
FunctionalPtr stacked(std::vector<FunctionalPtr> parts);

// A smooth function of other estimates: value g(θ) and its Jacobian (rows: outputs).
struct Smooth {
  size_t size = 0;
  std::function<Result<Vector>(const Vector&)> value;
  std::function<Matrix(const Vector&)> jacobian;
};
FunctionalPtr derived(FunctionalPtr from, Smooth smooth);
// The same, of estimates already made: the delta method, J V Jᵀ.
Result<Estimated> delta_method(const Estimated& estimated, const Smooth& smooth);

}  // namespace barometer
