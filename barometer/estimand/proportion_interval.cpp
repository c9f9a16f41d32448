#include "barometer/estimand/proportion_interval.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <boost/math/distributions/beta.hpp>

#include "barometer/base/text.h"
#include "barometer/estimand/cases_internal.h"
#include "barometer/estimand/likelihood_internal.h"

namespace barometer {
namespace {

using Method = ProportionMethod;

constexpr std::array<std::pair<Method, std::string_view>, 8> kMethods = {{
    {Method::kLogit, "logit"},
    {Method::kLikelihood, "likelihood"},
    {Method::kAsin, "asin"},
    {Method::kBeta, "beta"},
    {Method::kXlogit, "xlogit"},
    {Method::kMean, "mean"},
    {Method::kWilson, "wilson"},
    {Method::kExactLikelihood, "likelihood-exact"},
}};

double expit(double l) { return 1 / (1 + std::exp(-l)); }

bool at_an_end(double p) { return p <= 0 || p >= 1; }

// p, exactly 0 or 1 where every case with a weight says so.
double share_of(double p, const Sample& sample, std::span<const double> event, Domain domain) {
  bool none = true, all = true;
  for (size_t i = 0; i < event.size(); ++i) {
    if (sample.weights()[i] == 0 || !in_domain(domain, static_cast<Eigen::Index>(i))) continue;
    none = none && event[i] == 0;
    all = all && event[i] == 1;
  }
  return none ? 0 : all ? 1 : std::clamp(p, 0.0, 1.0);
}

ConfidenceBounds logit_bounds(double p, double variance, double t) {
  const double logit = std::log(p / (1 - p));
  const double reach = t * std::sqrt(variance);
  return {expit(logit - reach), expit(logit + reach)};
}

ConfidenceBounds asin_bounds(double p, double variance, double t) {
  const double angle = std::asin(std::sqrt(p));
  const double reach = t * std::sqrt(variance / (4 * p * (1 - p)));
  const auto back = [](double a) { return std::sin(a) * std::sin(a); };
  return {back(angle - reach), back(angle + reach)};
}

// Clopper & Pearson of n cases, n not whole.
ConfidenceBounds beta_bounds(double p, double n, double level) {
  using boost::math::beta_distribution;
  const double tail = (1 - level) / 2;
  ConfidenceBounds bounds{0, 1};
  if (p > 0) bounds.lower = quantile(beta_distribution<>(n * p, n * (1 - p) + 1), tail);
  if (p < 1) {
    bounds.upper = quantile(complement(beta_distribution<>(n * p + 1, n * (1 - p)), tail));
  }
  return bounds;
}

ConfidenceBounds wilson_bounds(double p, double n, double t) {
  const double share = t * t / n;
  const double centre = (p + share / 2) / (1 + share);
  const double reach = std::sqrt(share * (p * (1 - p) + share / 4)) / (1 + share);
  return {p <= 0 ? 0 : centre - reach, p >= 1 ? 1 : centre + reach};
}

Result<ConfidenceBounds> korn_graubard(const ProportionFacts& facts, double level) {
  if (facts.cases < 2) {
    return fail(ErrorCode::kInvalid, "an effective base needs two cases");
  }
  const double t = t_quantile(level, facts.cases - 1) / t_quantile(level, facts.design_df);
  const double n = at_an_end(facts.p) ? facts.cases : facts.p * (1 - facts.p) / facts.variance;
  return beta_bounds(facts.p, n * t * t, level);
}

Result<ConfidenceBounds> likelihood_bounds(const ProportionFacts& facts, double level, double df,
                                           bool exact) {
  if (facts.weighted_cases < 2) {
    return fail(ErrorCode::kInvalid, "a dispersion needs two cases");
  }
  const double t = t_quantile(level, df);
  const ProfileLikelihood profile(facts, t);
  const auto logits = exact ? profile.roots() : TRY(profile.interpolated_roots());
  return ConfidenceBounds{expit(logits.lower), expit(logits.upper)};
}

bool needs_logit(Method method) {
  return method == Method::kLogit || method == Method::kLikelihood ||
         method == Method::kExactLikelihood;
}

Status check_options(const ProportionOptions& options) {
  TRY_DONE(check_confidence(options.level));
  if (options.df && !(*options.df > 0)) {
    return fail(ErrorCode::kInvalid, fmt::format("{} degrees of freedom", *options.df));
  }
  return {};
}

Result<Estimated> logit_of(const Sample& sample, const FunctionalPtr& proportion) {
  const Smooth logit{
      1,
      [](const Vector& p) -> Result<Vector> {
        if (at_an_end(p(0))) {
          return fail(ErrorCode::kInvalid, fmt::format("the proportion is {}", p(0)));
        }
        return Vector(Vector::Constant(1, std::log(p(0) / (1 - p(0)))));
      },
      [](const Vector& p) -> Matrix { return Matrix::Constant(1, 1, 1 / (p(0) * (1 - p(0)))); }};
  return estimate(sample, *derived(proportion, logit), Progress());
}

Result<ConfidenceBounds> bounds_in_sample(const Sample& sample, const FunctionalPtr& proportion,
                                          std::span<const double> event, ProportionFacts facts,
                                          const ProportionOptions& options) {
  if (needs_logit(options.method) && !at_an_end(facts.p)) {
    facts.logit_variance = TRY(logit_of(sample, proportion)).covariance(0, 0);
  }
  if (options.method == Method::kLikelihood && !at_an_end(facts.p)) {
    facts.fitted_spread = last_fitted_spread(event, sample.weights(), proportion->domain());
  }
  return proportion_bounds(facts, options);
}

}  // namespace

std::string_view name_of(ProportionMethod method) {
  return std::ranges::find(kMethods, method, [](const auto& row) { return row.first; })->second;
}

Result<ProportionMethod> parse_proportion_method(std::string_view word) {
  std::vector<std::string> known;
  for (const auto& [method, name] : kMethods) {
    if (name == word) return method;
    known.emplace_back(name);
  }
  return fail(ErrorCode::kInvalid, fmt::format("'{}' is no interval for a proportion; {}",
                                               printable(word), suggestion(word, known)));
}

Result<ConfidenceBounds> proportion_bounds(const ProportionFacts& facts,
                                           const ProportionOptions& options) {
  TRY_DONE(check_options(options));
  const double df = options.df.value_or(facts.design_df);
  if (!(df > 0) || (options.method == Method::kBeta && !(facts.design_df > 0))) {
    return fail(ErrorCode::kInvalid, "there are no degrees of freedom");
  }
  const double t = t_quantile(options.level, df);
  const double p = facts.p, variance = facts.variance;
  if (at_an_end(p)) {
    if (options.method == Method::kBeta) return korn_graubard(facts, options.level);
    if (options.method == Method::kWilson) return wilson_bounds(p, facts.cases, t);
    return fail(ErrorCode::kInvalid, fmt::format("there is no {} interval at a proportion of {}",
                                                 name_of(options.method), p));
  }
  if (!(variance > 0)) return ConfidenceBounds{p, p};
  switch (options.method) {
    case Method::kLogit:
      return logit_bounds(p, facts.logit_variance, t);
    case Method::kXlogit:
      return logit_bounds(p, variance / (p * (1 - p) * p * (1 - p)), t);
    case Method::kAsin:
      return asin_bounds(p, variance, t);
    case Method::kMean:
      return ConfidenceBounds{p - t * std::sqrt(variance), p + t * std::sqrt(variance)};
    case Method::kBeta:
      return korn_graubard(facts, options.level);
    case Method::kWilson:
      return wilson_bounds(p, p * (1 - p) / variance, t);
    case Method::kLikelihood:
      return likelihood_bounds(facts, options.level, df, false);
    case Method::kExactLikelihood:
      return likelihood_bounds(facts, options.level, df, true);
  }
  CHECK(false, "every method is named above");
}

Result<ProportionEstimate> proportion_interval(const Sample& sample, std::span<const double> event,
                                               Domain domain, const ProportionOptions& options) {
  TRY_DONE(check_options(options));
  TRY_DONE(check_measure(sample, event, domain));
  for (size_t i = 0; i < event.size(); ++i) {
    if (in_domain(domain, static_cast<Eigen::Index>(i)) && (event[i] < 0 || event[i] > 1)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("row {} is {}, where a proportion counts 0 or 1", i + 1, event[i]));
    }
  }
  const FunctionalPtr proportion =
      mean_of(Eigen::Map<const Vector>(event.data(), static_cast<Eigen::Index>(event.size())),
              mask_of(domain));
  ProportionEstimate result;
  const auto estimated = estimate(sample, *proportion, Progress());
  if (!estimated) {
    result.reason = estimated.error().message;
    return result;
  }
  ProportionFacts facts{.p = share_of(estimated->value(0), sample, event, domain),
                        .variance = std::max(0.0, estimated->covariance(0, 0)),
                        .cases = static_cast<double>(sample.cases(domain)),
                        .weighted_cases = static_cast<double>(counted_cases(sample, domain)),
                        .design_df = estimated->df};
  result.value = facts.p;
  result.se = std::sqrt(facts.variance);
  result.df =
      options.method == Method::kBeta ? facts.design_df : options.df.value_or(facts.design_df);
  if (!at_an_end(facts.p) && facts.variance > 0) {
    result.effective_cases = facts.p * (1 - facts.p) / facts.variance;
  }
  const auto bounds = bounds_in_sample(sample, proportion, event, facts, options);
  if (bounds) {
    result.ci = *bounds;
  } else {
    result.reason = bounds.error().message;
  }
  return result;
}

}  // namespace barometer
