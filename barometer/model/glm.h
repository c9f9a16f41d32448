// Generalised linear models of a complex sample: R survey's svyglm.
//
//   β solves the weighted score equations  Σ w_i x_i μ'(η_i)(y_i - μ_i)/V(μ_i) = 0,
// found by iteratively reweighted least squares. Its influence function is
//   dβ/dw_i = A⁻¹ x_i μ'(η_i)(y_i - μ_i)/V(μ_i),   A = Σ w_i x_i x_iᵀ μ'(η_i)²/V(μ_i),
// with the expected information A, as in R (Binder, Int. Stat. Review 51, 1983; Lumley, "Complex
// Surveys", 2010, ch. 5-6). Replicated samples fit again from the full sample's β.
//
// Cases outside the domain, with weight 0, or with a missing value of any variable of the formula
// are not in the model; the design's sample sizes keep them. Deviance, dispersion and naive
// covariance are on the scale of weights whose mean in the domain is 1.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "barometer/data/dataset.h"
#include "barometer/formula/formula.h"
#include "barometer/model/family.h"
#include "barometer/sample/functional.h"
#include "barometer/sample/sample.h"

namespace barometer {

struct GlmOptions {
  GlmFamily family = GlmFamily::kGaussian;
  std::optional<GlmLink> link{};  // none: own_link(family)
  int max_iterations = 100;
  double tolerance = 1e-12;  // of the largest change of η, relative
  // Ends where R's glm does by default, once the deviance changes by less than 1e-8, with standard
  // errors of the step before, as R's: its printed digits beyond the fifth or so.
  bool stop_as_r = false;
};

class GlmFunctional;  // the model's β as a functional of the weights (glm_internal.h)

struct GlmFit {
  std::vector<std::string> labels{};  // of the coefficients: R's column names
  Estimated coefficients{};           // df: of the design among the model's cases
  double df_residual = 0;             // that df + 1 - number of coefficients; tests need it above 0
  double dispersion = 0;              // weighted variance of the Pearson residuals, n/(n - 1)
  double deviance = 0;
  std::optional<double> null_deviance{};  // of the intercept alone; without one, of η = 0
  Matrix naive_covariance{};              // A⁻¹, of a simple random sample with dispersion 1
  int iterations = 0;
  size_t n = 0;            // cases in the model
  double weight_sum = 0;   // of them, unscaled
  double mean_weight = 0;  // of the domain, cases with missing values included

  // A case each, 0 outside the model.
  std::vector<uint8_t> cases{};  // 1 in the model
  std::vector<double> response{};
  std::vector<double> linear_predictor{};
  std::vector<double> fitted{};

  Formula formula;
  GlmOptions options{};  // with the link that was used
  std::vector<std::string> terms{};
  std::vector<size_t> term_of_coefficient{};  // index into terms; SIZE_MAX of the intercept
  std::shared_ptr<const GlmFunctional> functional{};
};

// kInvalid: a formula without response; a link that is not the family's; a response of three
// categories, outside [0, 1] (binomial), below 0 (poisson) or not above 0 (gamma); a negative
// weight; no case; a column that is a combination of those before it, also in a replicate; a
// coefficient that grows without bound (separation): the message names the column.
Result<GlmFit> fit_glm(const Sample& sample, const Dataset& data, const Formula& formula,
                       Domain domain, const GlmOptions& options,
                       const Progress& progress = Progress());

struct GlmCoefficient {
  std::string label{};
  double value = 0;
  double se = 0;
  std::optional<double> t{};  // none where the standard error is 0
  std::optional<double> p{};  // two-sided
  double low = 0, high = 0;
};
// Wald: value ± t(df) · se. `df` none: df_residual; infinite: the normal distribution. kInvalid:
// a df that is not above 0 (more columns than the sample has degrees of freedom), a level outside
// (0, 1).
Result<std::vector<GlmCoefficient>> coefficient_table(const GlmFit& fit, double level = 0.95,
                                                      std::optional<double> df = std::nullopt);

}  // namespace barometer
