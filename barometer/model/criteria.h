// How well a model of a complex sample fits, for choosing among models.
//
//   eff_p = Σ λ over all terms, λ as in term_test.h;   AIC = D + 2 eff_p (dAIC)
// and BIC of a model within a largest one (Lumley & Scott, "AIC and BIC for modeling with complex
// survey data", J. Surv. Stat. Methodol. 3, 2015): R's AIC.svyglm and BIC.svyglm. A gaussian model
// has -2 log L = N̂ (log σ² + 1 + log 2π), N̂ = Σ of the scaled weights, and σ² as one more
// parameter. For these, R survey 4.1.1 forgets σ² in the naive covariance and divides the result by
// σ²; its later versions do as the paper.
#pragma once

#include <optional>

#include "barometer/model/glm.h"

namespace barometer {

struct ModelCriteria {
  double effective_parameters = 0;      // eff_p
  double aic = 0;                       // smaller is better; compare models of the same cases only
  std::optional<double> mean_effect{};  // mean λ ("deltabar"); none without terms
};
// kInvalid: a gaussian model without residuals.
Result<ModelCriteria> criteria_of(const GlmFit& fit);

struct DesignBic {
  size_t parameters = 0;
  double bic = 0;
  std::optional<double> effective_n{};  // none for the largest model itself
};
// kInvalid: `fit` has a coefficient that `largest` lacks, or other cases.
Result<DesignBic> bic_within(const GlmFit& fit, const GlmFit& largest);

// Of binomial and poisson models:
// 1 - exp(-(D₀ - D₁)/Σw), the deviances with the sample's own weights, and the same over the
// largest it can be, 1 - exp(-D₀/Σw) (Nagelkerke, Biometrika 78, 1991; Lumley 2017). The weights
// must be those of the population's sizes. kInvalid: a family other than binomial and poisson.
struct PseudoRSquared {
  double cox_snell = 0;
  double nagelkerke = 0;
};
Result<PseudoRSquared> pseudo_r_squared(const GlmFit& fit);

}  // namespace barometer
