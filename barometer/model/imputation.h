// Rubin's rules: one result from the same estimate made in m completed data sets.
//
//   θ = mean of θ_k;  W = mean of V_k;  B = variance of the θ_k, /(m - 1);  T = W + (1 + 1/m) B
//   r = (1 + 1/m) B/W;   df = (m - 1)(1 + 1/r)²
// and with complete-data degrees of freedom d: 1/df = 1/that + 1/d_obs,
//   d_obs = (d + 1)/(d + 3) · d · W/(W + B)      as R's mitools (MIcombine) has it
//   d_obs = (d + 1)/(d + 3) · d · W/T            as published
// (Rubin, "Multiple Imputation for Nonresponse in Surveys", 1987, section 3.3; Barnard & Rubin,
// Biometrika 86, 1999). The fraction of missing information is (r + 2/(df + 3))/(r + 1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "barometer/sample/functional.h"

namespace barometer {

struct ImputationOptions {
  std::optional<double> complete_df{};  // none: infinite
  bool published_df = false;            // W/T in place of W/(W + B)
};

struct Imputed {
  Estimated estimated;  // df: the smallest below; no replicates
  size_t imputations = 0;
  std::vector<double> df;                   // of each value; infinite where B is 0
  std::vector<double> missing_information;  // of each, 0 … 1
};

// kInvalid: fewer than two results, results of different length, a covariance of another size than
// its values, a variance of 0, a complete_df that is not above 0.
Result<Imputed> combine_imputations(const std::vector<Estimated>& results,
                                    const ImputationOptions& options = {});

}  // namespace barometer
