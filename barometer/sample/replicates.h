// Replicate weights: the estimate made again with each of R other weightings of the same cases.
//
//   V = scale · Σ_r rscales_r (θ_r - θ̄)(θ_r - θ̄)ᵀ
// where θ̄ is the mean of the θ_r with rscales_r > 0, or with `mse` the full-sample estimate
// (Wolter, "Introduction to Variance Estimation", 2007; R survey's svrVar).
#pragma once

#include <string>
#include <vector>

#include "barometer/base/matrix.h"

namespace barometer {

enum class ReplicateType {
  kJk1,
  kJkn,
  kBrr,
  kFay,
  kBootstrap,
  kSubbootstrap,
  kMrbBootstrap,
  kSdr,
  kOther
};
std::string_view name_of(ReplicateType type);  // "JK1", "JKn", "BRR", "Fay", "bootstrap", …

struct Replicates {
  ReplicateType type = ReplicateType::kOther;
  Matrix weights;  // cases × R: weights to analyse with, the sampling weight already in them
  double scale = 1;
  std::vector<double> rscales;  // one a replicate, each ≥ 0
  bool mse = false;
  double fay_rho = 0;  // 0 … 1, of kFay

  [[nodiscard]] size_t count() const { return static_cast<size_t>(weights.cols()); }
};

// V from the R × p matrix of the θ_r and the full-sample estimate.
Matrix replicate_covariance(const Matrix& thetas, const Vector& full, const Replicates& replicates);

}  // namespace barometer
