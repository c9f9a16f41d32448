// Confidence intervals for a proportion p with estimated variance v under any sample.
//
//   mean         p ± t √v
//   logit        l ± t √V(l) for l = log(p/(1-p)), back to 0 … 1; V(l) as the sample estimates it
//                (of replicates from the replicate logits). R's own fit stops at 1e-8 of this
//   xlogit       the same with V(l) = v / (p(1-p))², as SUDAAN and SPSS
//   asin         a ± t √v / (2 √(p(1-p))) for a = asin √p, then sin². As in R an end beyond the
//                range of the angle comes back from the other side
//   likelihood   the π with 2 n KL(p‖π) / φ ≤ t² λ, where
//                KL(p‖π) = p log(p/π) + (1-p) log((1-p)/(1-π)),
//                λ = n p(1-p) V(l) is the design effect that scales the deviance (Rao & Scott,
//                Annals of Statistics 12, 1984) and φ = m/(m-1) its dispersion, m the cases with a
//                weight. R reads it from a coarse grid: a cubic spline through at most 19 points of
//                the profile, then straight lines; so does this
//   likelihood-exact   the same ends as exact roots (apart from R by up to some 1e-2 relative)
//   beta         Clopper & Pearson with n* = p(1-p)/v · (t(n-1)/t(df))² cases, df of the design
//                (Korn & Graubard, Survey Methodology 24, 1998)
//   wilson       the π with (p-π)² ≤ t² π(1-π)/n_e, n_e = p(1-p)/v (Wilson, JASA 22, 1927; for
//                complex samples Dean & Pagano, J. Survey Stat. Methodology 3, 2015, and Franco,
//                Little, Louis & Slud, J. Survey Stat. Methodology 7, 2019)
// t is that of df: the sample's in the domain, unless another is given (∞ for the normal). At p = 0
// or 1, where v says nothing, beta (adjusted for df as above) and wilson take the n cases of the
// base for effective; the others have no interval. With v = 0 in between, the interval is p itself.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "barometer/sample/functional.h"

namespace barometer {

enum class ProportionMethod {
  kLogit,
  kLikelihood,
  kAsin,
  kBeta,
  kXlogit,
  kMean,
  kWilson,
  kExactLikelihood
};
std::string_view name_of(ProportionMethod method);  // "logit", …, "likelihood-exact"
Result<ProportionMethod> parse_proportion_method(std::string_view word);

struct ConfidenceBounds {
  double lower = 0;
  double upper = 0;
};

struct ProportionOptions {
  ProportionMethod method = ProportionMethod::kLogit;
  double level = 0.95;
  std::optional<double> df{};  // of t; infinity for the normal. None: the sample's
};

// What an interval is made of.
struct ProportionFacts {
  double p = 0;
  double variance = 0;        // of p
  double logit_variance = 0;  // of log(p/(1-p)); read by logit and the likelihoods
  // π(1-π) one step before R's fit of p ends, from which it takes λ; 0 for p(1-p). Likelihood only.
  double fitted_spread = 0;
  double cases = 0;           // n: cases of the base
  double weighted_cases = 0;  // m: those with a weight
  double design_df = 0;
};
// kInvalid, with the reason, when the method has no interval here.
Result<ConfidenceBounds> proportion_bounds(const ProportionFacts& facts,
                                           const ProportionOptions& options);

struct ProportionEstimate {
  std::optional<double> value;  // none: `reason` says why, and there is nothing else
  double se = 0;
  double df = 0;  // of t, as used
  std::optional<ConfidenceBounds> ci;
  std::optional<double> effective_cases;  // p(1-p)/v; none where v or p(1-p) is 0
  std::string reason;                     // why there is no value or no interval
};

// The proportion of `event` (each 0 … 1, read inside the domain only). kInvalid: lengths that
// differ, values outside 0 … 1, a level or df that is none.
Result<ProportionEstimate> proportion_interval(const Sample& sample, std::span<const double> event,
                                               Domain domain, const ProportionOptions& options);

}  // namespace barometer
