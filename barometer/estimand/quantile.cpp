#include "barometer/estimand/quantile.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/estimand/brent_internal.h"
#include "barometer/estimand/cases_internal.h"
#include "barometer/estimand/proportion_interval.h"
#include "barometer/estimand/weighted_steps_internal.h"

namespace barometer {
namespace {

using Eigen::Index;
using Interval = QuantileInterval;

constexpr std::array<std::pair<QuantileRule, std::string_view>, 12> kRules = {{
    {QuantileRule::kMath, "math"},
    {QuantileRule::kSchool, "school"},
    {QuantileRule::kShahvaish, "shahvaish"},
    {QuantileRule::kHf1, "hf1"},
    {QuantileRule::kHf2, "hf2"},
    {QuantileRule::kHf3, "hf3"},
    {QuantileRule::kHf4, "hf4"},
    {QuantileRule::kHf5, "hf5"},
    {QuantileRule::kHf6, "hf6"},
    {QuantileRule::kHf7, "hf7"},
    {QuantileRule::kHf8, "hf8"},
    {QuantileRule::kHf9, "hf9"},
}};
constexpr std::array<std::pair<Interval, std::string_view>, 6> kIntervals = {{
    {Interval::kMean, "mean"},
    {Interval::kBeta, "beta"},
    {Interval::kXlogit, "xlogit"},
    {Interval::kAsin, "asin"},
    {Interval::kScore, "score"},
    {Interval::kQuantile, "quantile"},
}};

// From so many cases on they are not sorted.
constexpr size_t kMany = size_t{1} << 16;

template <class Table>
auto parsed(const Table& table, std::string_view word, std::string_view what)
    -> Result<typename Table::value_type::first_type> {
  std::vector<std::string> known;
  for (const auto& [value, name] : table) {
    if (name == word) return value;
    known.emplace_back(name);
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' is no {}; {}", printable(word), what, suggestion(word, known)));
}

// What every prob shares.
struct Question {
  const Sample& sample;
  std::span<const double> y;
  Domain domain;
  const QuantileOptions& options;
  std::vector<double> weights;             // as R keeps them
  std::optional<WeightedValues> values{};  // sorted, or
  std::unique_ptr<WeightedSteps> steps{};  // where there are many, in buckets
  double design_df = 0;
  double df = 0;

  void arrange() {
    if (y.size() >= kMany && WeightedSteps::serves(options.rule) &&
        options.interval != Interval::kScore) {
      steps = std::make_unique<WeightedSteps>(y, weights, domain, smallest_is_many());
    } else {
      values.emplace(y, weights, domain, smallest_is_many());
    }
  }
  // Of cells: R's rules take the second case below the first step, which has the smallest value too
  // where that has two cases.
  [[nodiscard]] bool smallest_is_many() const {
    if (sample.cells() == nullptr) return false;
    size_t smallest = y.size();
    for (size_t i = 0; i < y.size(); ++i) {
      if (weights[i] == 0 || !inside(i)) continue;
      if (smallest == y.size() || y[i] < y[smallest]) smallest = i;
    }
    return smallest < y.size() && sample.live_at(smallest) > 1;
  }
  [[nodiscard]] bool empty() const { return steps ? steps->empty() : values->empty(); }
  [[nodiscard]] double quantile(double p) const {
    return steps ? steps->quantile(p, options.rule) : values->quantile(p, options.rule);
  }
  [[nodiscard]] double largest() const {
    return steps ? steps->largest() : values->sorted().back();
  }
  [[nodiscard]] bool inside(size_t i) const { return in_domain(domain, static_cast<Index>(i)); }
};

// Weights as R keeps them: of linearised samples the probabilities 1/w, so that a tie of sums is
// one of 1/(1/w).
std::vector<double> kept_weights(const Sample& sample) {
  std::vector<double> weights(sample.weights().begin(), sample.weights().end());
  if (sample.replicates() != nullptr) return weights;
  for (double& w : weights) w = w == 0 ? 0 : 1 / (1 / w);
  return weights;
}

struct Ends {
  std::optional<double> lower{}, upper{};
  std::string reason{};
};

ProportionMethod method_of(Interval interval) {
  switch (interval) {
    case Interval::kBeta:
      return ProportionMethod::kBeta;
    case Interval::kXlogit:
      return ProportionMethod::kXlogit;
    case Interval::kAsin:
      return ProportionMethod::kAsin;
    default:
      return ProportionMethod::kMean;
  }
}

Result<Estimated> shares_case_by_case(const Question& q,
                                      const std::vector<QuantileEstimate>& found) {
  Matrix below(static_cast<Index>(q.y.size()), static_cast<Index>(found.size()));
  for (Index j = 0; j < below.cols(); ++j) {
    const double limit = *found[static_cast<size_t>(j)].value;
    for (Index i = 0; i < below.rows(); ++i) {
      below(i, j) = q.y[static_cast<size_t>(i)] <= limit ? 1 : 0;
    }
  }
  return estimate(q.sample, *mean_of(std::move(below), mask_of(q.domain)), Progress());
}

// The shares at or below each quantile, and how they vary: the base cut at the quantiles is all
// that they depend on.
Result<Estimated> shares_below(const Question& q, const std::vector<QuantileEstimate>& found) {
  std::vector<double> limits;
  for (const QuantileEstimate& estimate : found) limits.push_back(*estimate.value);
  std::ranges::sort(limits);
  std::vector<uint32_t> piece(q.y.size());
  for (size_t i = 0; i < piece.size(); ++i) {
    if (!q.inside(i)) {
      piece[i] = static_cast<uint32_t>(limits.size()) + 1;
      continue;
    }
    for (const double limit : limits) piece[i] += q.y[i] <= limit ? 0U : 1U;
  }
  const auto pieces = gathered(q.sample, piece, limits.size() + 2);
  if (!pieces) return shares_case_by_case(q, found);
  Matrix below(static_cast<Index>(limits.size()) + 2, static_cast<Index>(found.size()));
  for (Index j = 0; j < below.cols(); ++j) {
    const auto rank =
        std::ranges::lower_bound(limits, *found[static_cast<size_t>(j)].value) - limits.begin();
    for (Index c = 0; c < below.rows(); ++c) below(c, j) = c <= rank ? 1 : 0;
  }
  std::vector<uint8_t> base(limits.size() + 2, 1);
  base.back() = 0;
  return estimate(*pieces, *mean_of(std::move(below), std::move(base)), Progress());
}

Ends taken_back(const Question& q, const ConfidenceBounds& share) {
  Ends ends;
  if (share.lower >= 0) ends.lower = q.quantile(share.lower);
  if (share.upper <= 1) ends.upper = q.quantile(share.upper);
  if (!ends.lower || !ends.upper) {
    ends.reason = fmt::format("the interval of the share, {:.4f} to {:.4f}, passes {}", share.lower,
                              share.upper, ends.lower ? "1" : "0");
  }
  return ends;
}

Ends woodruff(const Question& q, double value, double share, double variance) {
  const bool all_below = value >= q.largest();
  const auto bounds = proportion_bounds(
      {.p = all_below ? 1 : share,
       .variance = std::max(0.0, variance),
       .cases = static_cast<double>(q.sample.cases(q.domain)),
       .weighted_cases = static_cast<double>(q.sample.live_cases(q.domain)),
       .design_df = q.design_df},
      {.method = method_of(q.options.interval), .level = q.options.level, .df = q.df});
  if (!bounds) {
    return {.reason =
                all_below ? "every case is at or below the quantile" : bounds.error().message};
  }
  return taken_back(q, *bounds);
}

// (Σ w ((x > θ) - (1 - p)) / Σ w) over its standard error.
double score_at(const Question& q, double prob, double theta) {
  Vector u(static_cast<Index>(q.y.size()));
  for (Index i = 0; i < u.size(); ++i) {
    u(i) = (q.y[static_cast<size_t>(i)] > theta ? 1 : 0) - (1 - prob);
  }
  const auto mean = estimate(q.sample, *mean_of(u, mask_of(q.domain)), Progress());
  if (!mean || !(mean->se(0) > 0)) return std::copysign(HUGE_VAL, mean ? mean->value(0) : 1);
  return mean->value(0) / mean->se(0);
}

Ends score_ends(const Question& q, double prob) {
  std::vector<double> values;
  for (size_t i = 0; i < q.y.size(); ++i) {
    if (q.inside(i)) values.push_back(q.y[i]);
  }
  const auto n = static_cast<double>(values.size());
  const WeightedValues unweighted(values, std::vector<double>(values.size(), 1.0), {});
  const double quarter = (unweighted.quantile(0.75, QuantileRule::kHf7) -
                          unweighted.quantile(0.25, QuantileRule::kHf7)) /
                         100;
  const double low = unweighted.sorted().front() + quarter;
  const double high = unweighted.sorted().back() - quarter;
  const double t = t_quantile(q.options.level, q.df);
  const auto end = [&](double limit) -> std::optional<double> {
    const auto root =
        low < high ? brent_root([&](double theta) { return score_at(q, prob, theta) - limit; }, low,
                                high, 1 / (100 * std::sqrt(n)))
                   : std::nullopt;
    if (!root) return std::nullopt;
    const auto below = std::ranges::upper_bound(unweighted.sorted(), *root);
    const double share = static_cast<double>(below - unweighted.sorted().begin()) / n;
    return q.quantile(share);
  };
  Ends ends{.lower = end(t), .upper = end(-t)};
  if (!ends.lower || !ends.upper)
    ends.reason = "the score test does not reach its limit on one side";
  return ends;
}

Result<Ends> replicate_ends(const Question& q, double prob, double value) {
  const Replicates& replicates = *q.sample.replicates();
  Matrix thetas(replicates.weights.cols(), 1);
  for (Index r = 0; r < thetas.rows(); ++r) {
    const auto column = replicates.weights.col(r);
    const WeightedValues values(
        q.y, std::span<const double>(column.data(), static_cast<size_t>(column.size())), q.domain);
    if (values.empty()) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("replicate {}: no case of the base has a weight", r + 1));
    }
    thetas(r, 0) = values.quantile(prob, q.options.rule);
  }
  const double variance =
      replicate_covariance(thetas, Vector::Constant(1, value), replicates)(0, 0);
  const double reach = t_quantile(q.options.level, q.df) * std::sqrt(variance);
  return Ends{.lower = value - reach, .upper = value + reach};
}

Status check_question(const Sample& sample, std::span<const double> y, Domain domain,
                      std::span<const double> probs, const QuantileOptions& options) {
  TRY_DONE(check_measure(sample, y, domain));
  TRY_DONE(check_confidence(options.level));
  for (const double prob : probs) {
    if (!(prob >= 0 && prob <= 1)) {
      return fail(ErrorCode::kInvalid, fmt::format("the share {} is not between 0 and 1", prob));
    }
  }
  if (options.df && !(*options.df > 0)) {
    return fail(ErrorCode::kInvalid, fmt::format("{} degrees of freedom", *options.df));
  }
  const bool replicated = sample.replicates() != nullptr;
  if (options.interval == Interval::kScore && replicated) {
    return fail(ErrorCode::kInvalid, "replicated samples have no score interval of a quantile");
  }
  if (options.interval == Interval::kQuantile && !replicated) {
    return fail(ErrorCode::kInvalid, "a 'quantile' interval is made from replicates");
  }
  return {};
}

void give(QuantileEstimate& estimate, const Ends& ends, double t) {
  estimate.lower = ends.lower;
  estimate.upper = ends.upper;
  estimate.reason = ends.reason;
  if (ends.lower && ends.upper) estimate.se = (*ends.upper - *ends.lower) / (2 * t);
}

Status add_intervals(const Question& q, std::vector<QuantileEstimate>& found) {
  const double t = t_quantile(q.options.level, q.df);
  const bool by_share =
      q.options.interval != Interval::kScore && q.options.interval != Interval::kQuantile;
  const Estimated shares = by_share ? TRY(shares_below(q, found)) : Estimated{};
  for (size_t k = 0; k < found.size(); ++k) {
    const auto j = static_cast<Index>(k);
    const double value = *found[k].value;
    if (by_share) {
      give(found[k], woodruff(q, value, shares.value(j), shares.covariance(j, j)), t);
    } else if (q.options.interval == Interval::kScore) {
      give(found[k], score_ends(q, found[k].prob), t);
    } else {
      give(found[k], TRY(replicate_ends(q, found[k].prob, value)), t);
    }
  }
  return {};
}

}  // namespace

std::string_view name_of(QuantileRule rule) { return kRules.at(static_cast<size_t>(rule)).second; }

std::string_view name_of(QuantileInterval interval) {
  return kIntervals.at(static_cast<size_t>(interval)).second;
}

Result<QuantileRule> parse_quantile_rule(std::string_view word) {
  return parsed(kRules, word, "rule for quantiles");
}

Result<QuantileInterval> parse_quantile_interval(std::string_view word) {
  return parsed(kIntervals, word, "interval of a quantile");
}

Result<std::vector<QuantileEstimate>> quantiles(const Sample& sample, std::span<const double> y,
                                                Domain domain, std::span<const double> probs,
                                                const QuantileOptions& options) {
  TRY_DONE(check_question(sample, y, domain, probs, options));
  Question q{.sample = sample,
             .y = y,
             .domain = domain,
             .options = options,
             .weights = kept_weights(sample)};
  q.arrange();
  std::vector<QuantileEstimate> found;
  for (const double prob : probs) found.push_back({.prob = prob});
  const auto explain = [&](const std::string& reason) {
    for (QuantileEstimate& estimate : found) estimate.reason = reason;
  };
  if (q.empty()) {
    explain("no case of the base has a weight");
    return found;
  }
  q.design_df = sample.df(domain);
  q.df = options.df.value_or(q.design_df);
  for (QuantileEstimate& estimate : found) {
    estimate.value = q.quantile(estimate.prob);
    estimate.df = q.df;
  }
  if (!(q.df > 0)) {
    explain("there are no degrees of freedom");
  } else if (const auto done = add_intervals(q, found); !done) {
    explain(done.error().message);
  }
  return found;
}

}  // namespace barometer
