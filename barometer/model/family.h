// Families and links of generalised linear models (McCullagh & Nelder, "Generalized Linear Models",
// 2nd ed. 1989, ch. 2): E(y) = μ, Var(y) ∝ V(μ), g(μ) = η = xβ.
//
//   family     V(μ)       unit deviance d(y, μ)                           links
//   gaussian   1          (y - μ)²                                        identity
//   binomial   μ(1 - μ)   2[y log(y/μ) + (1 - y) log((1 - y)/(1 - μ))]    logit probit cloglog
//   poisson    μ          2[y log(y/μ) - (y - μ)]                         log
//   gamma      μ²         2[(y - μ)/μ - log(y/μ)]                         inverse log
//
// The first link named is the family's own. Quasi-families are the same: a covariance from the
// design needs no dispersion.
#pragma once

#include <optional>
#include <string_view>

#include "barometer/base/result.h"

namespace barometer {

enum class GlmFamily { kGaussian, kBinomial, kPoisson, kGamma };
enum class GlmLink { kIdentity, kLogit, kProbit, kCloglog, kLog, kInverse };

std::string_view name_of(GlmFamily family);  // "gaussian", …
std::string_view name_of(GlmLink link);      // "identity", …
// Also "quasibinomial", "quasipoisson", "Gamma"; kInvalid otherwise.
Result<GlmFamily> parse_glm_family(std::string_view word);
Result<GlmLink> parse_glm_link(std::string_view word);
GlmLink own_link(GlmFamily family);
bool link_fits(GlmFamily family, GlmLink link);

// μ of η and dμ/dη, d²μ/dη². Probabilities stay inside (0, 1) by 2.2e-16, counts above 0.
double mean_at(GlmLink link, double eta);
double mean_slope(GlmLink link, double eta);
double mean_curvature(GlmLink link, double eta);
double link_of(GlmLink link, double mu);
// False where η has no mean (inverse: η ≤ 0).
bool eta_allowed(GlmLink link, double eta);

double variance_at(GlmFamily family, double mu);
double unit_deviance(GlmFamily family, double y, double mu);
// Why y cannot be a response of the family; nullopt when it can.
std::optional<std::string_view> refusal(GlmFamily family, double y);

}  // namespace barometer
