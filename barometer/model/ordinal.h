// Cumulative link models of an ordered response: R survey's svyolr.
//
//   P(y ≤ k) = F(ζ_k - xβ),  k = 1 … K - 1,  F logistic (proportional odds) or normal
// (McCullagh, J. R. Stat. Soc. B 42, 1980). β and the cutpoints ζ₁ < ζ₂ < … maximise the weighted
// likelihood, by Newton's method to rounding (R stops its optimiser at about 1e-8). The influence
// of a case is H⁻¹ times its score, H the observed information; replicates fit again from the full
// sample's values.
//
// Levels are those that cases of the model have, in the variable's order; at least three. Cases
// with a missing value or weight 0 are outside, as in glm.h.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "barometer/data/dataset.h"
#include "barometer/formula/formula.h"
#include "barometer/model/term_test.h"
#include "barometer/sample/functional.h"
#include "barometer/sample/sample.h"

namespace barometer {

enum class OrdinalLink { kLogit, kProbit };

struct OrdinalOptions {
  OrdinalLink link = OrdinalLink::kLogit;
  int max_iterations = 100;
  double tolerance = 1e-12;  // of the largest change of ζ - xβ, relative
};

struct OrdinalFit {
  std::vector<std::string> levels{};
  std::vector<std::string> labels{};  // of the slopes, then of the cutpoints: "low|middle"
  size_t slopes = 0;
  Estimated coefficients{};   // in that order; df: of the design among the model's cases
  double df_residual = 0;     // that df - slopes
  double deviance = 0;        // -2 log likelihood at weights of mean 1
  Matrix naive_covariance{};  // H⁻¹ at weights of mean 1
  int iterations = 0;
  size_t n = 0;
  double weight_sum = 0;
  std::vector<uint8_t> cases{};  // one a case: 1 in the model
  Matrix fitted{};               // cases × levels: probabilities; 0 outside the model
  std::vector<std::string> terms{};
  std::vector<size_t> term_of_slope{};
  OrdinalOptions options{};
};

// kInvalid: a formula without response or intercept; fewer than three levels; a level without a
// weight in a replicate; a column that is a combination of those before it, or whose coefficient
// grows without bound (separation), with its name.
Result<OrdinalFit> fit_ordinal(const Sample& sample, const Dataset& data, const Formula& formula,
                               Domain domain, const OrdinalOptions& options,
                               const Progress& progress = Progress());

// Wald test that all slopes of the terms are 0; `df` none: df_residual. As test_terms.
Result<TermTest> test_ordinal_terms(const OrdinalFit& fit, const std::vector<std::string>& terms,
                                    std::optional<double> df = std::nullopt);

}  // namespace barometer
