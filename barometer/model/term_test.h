// Tests of coefficients and comparisons of models, under complex samples.
//
//   Wald          W = (Lβ)ᵀ (L V Lᵀ)⁻¹ (Lβ), q rows of L;  W/q as F(q, df), or W as χ²(q)
//   working Wald  (Lβ)ᵀ (L V₀ Lᵀ)⁻¹ (Lβ), V₀ the naive covariance of weighted likelihood
//   working LRT   D₀ - D₁, the difference of the deviances without and with the terms
// The working statistics are Σ λ_j χ²_1 under the null, λ the eigenvalues of (L V₀ Lᵀ)⁻¹(L V Lᵀ):
// generalised design effects (Rao & Scott, Ann. Statist. 12, 1984; Lumley & Scott, "Tests for
// regression models fitted to survey data", Aust. N.Z. J. Stat. 56, 2014). R survey's regTermTest
// and anova.svyglm.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "barometer/hypothesis/quadratic_form.h"
#include "barometer/model/glm.h"

namespace barometer {

enum class TermTestMethod { kWald, kWorkingWald, kLikelihoodRatio };

struct TermTestOptions {
  TermTestMethod method = TermTestMethod::kWald;
  std::optional<double> df{};  // of the design. None: the model's residual; infinite: χ² tests
  TailMethod tail = TailMethod::kSaddlepoint;  // of the working statistics
};

struct TermTest {
  std::vector<std::string> terms{};
  TermTestMethod method = TermTestMethod::kWald;
  double statistic = 0;       // Wald: W; else as above
  size_t df = 0;              // rows of L
  double denominator_df = 0;  // may be infinite
  double f = 0;               // statistic / df, of Wald; statistic / Σ λ of the working ones
  double p = 0;
  std::vector<double> lambda{};  // working statistics: falling; empty of Wald
};

// W for Lβ = `null` (empty: 0). kInvalid: L V Lᵀ cannot be inverted (as many contrasts as the
// sample has degrees of freedom), a df that is not above 0.
Result<TermTest> wald_test(const Estimated& coefficients, const Matrix& contrasts,
                           const Vector& null, double df);

// All coefficients of the named terms are 0; "(Intercept)" is one, too. kNotFound: no such term,
// with those there are.
Result<TermTest> test_terms(const GlmFit& fit, const std::vector<std::string>& terms,
                            const TermTestOptions& options);
// Each term given those before it, first to last, in models of the same cases (anova(model) in R).
Result<std::vector<TermTest>> test_terms_in_order(const Sample& sample, const GlmFit& fit,
                                                  const TermTestOptions& options,
                                                  const Progress& progress = Progress());
// A model within another: every mean of `small` is one of `large`, whatever the terms' names.
// kInvalid: not nested, equal, or of other cases, response or family. No working Wald.
Result<TermTest> compare_models(const GlmFit& small, const GlmFit& large,
                                const TermTestOptions& options);

}  // namespace barometer
