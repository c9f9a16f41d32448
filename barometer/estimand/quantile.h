// Quantiles with their intervals, as R survey's svyquantile (4.1 and later).
//
// With the values sorted (x_1 ≤ … ≤ x_n, cases of weight 0 left out) and W_k = w_1 + … + w_k:
//   math, hf1     inf {x : F(x) ≥ p}
//   school, hf2   the same, but the mean of both neighbours where W_k = p W_n
//   hf3           over distinct values; at a tie the lower neighbour where its place is even
//   hf4           linear between (W_k / W_n, x_k)
//   shahvaish     x_k of the last step (S_k + ½ - w_k/2)/(n+1) ≤ p, S_k = W_k over the mean weight
//   hf5 … hf9     linear between (p_k, x_k), constant outside:
//     hf5 (W_k - w_k/2)/W_n    hf6 W_k/(W_n + w_n)    hf7 W_{k-1}/W_{n-1}
//     hf8 (W_{k-1}/3 + 2W_k/3)/(W_n + w_n/3)    hf9 (3W_{k-1}/8 + 5W_k/8)/(W_n + w_n/4)
// (Hyndman & Fan, American Statistician 50, 1996.) Ties W_k = p W_n are of doubles, from sums in
// extended precision. Below the first step, p < w_1/W_n, R's math, school, hf1 to hf3 take x_2 and
// hf4 goes on below x_1; so does this, for equal numbers.
//
// The interval of the quantile q is that of the share F(q) (Woodruff, JASA 47, 1952), taken back by
// the rule: mean, beta, xlogit or asin as in proportion_interval.h. `score` inverts the test of
// Σ w ((x > θ) - (1 - p)) by Brent's method to 1/(100 √n) (Francisco & Fuller, Annals of Statistics
// 19, 1991), as R does with the unweighted share below θ. `quantile`, of replicated samples, is
// q ± t √V from the replicates' quantiles. The standard error is the interval's width over 2t.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "barometer/sample/functional.h"

namespace barometer {

enum class QuantileRule {
  kMath,
  kSchool,
  kShahvaish,
  kHf1,
  kHf2,
  kHf3,
  kHf4,
  kHf5,
  kHf6,
  kHf7,
  kHf8,
  kHf9
};
enum class QuantileInterval { kMean, kBeta, kXlogit, kAsin, kScore, kQuantile };
std::string_view name_of(QuantileRule rule);          // "math", "school", …
std::string_view name_of(QuantileInterval interval);  // "mean", "beta", …
Result<QuantileRule> parse_quantile_rule(std::string_view word);
Result<QuantileInterval> parse_quantile_interval(std::string_view word);

// The distribution of values by weight, sorted once; quantiles of it.
class WeightedValues {
 public:
  // Values of the cases of the domain with a weight other than 0. `smallest_is_many`: these are
  // cells, and that of the smallest value stands for two cases or more; for rules that look at
  // steps alone.
  WeightedValues(std::span<const double> y, std::span<const double> weights, Domain domain,
                 bool smallest_is_many = false);
  [[nodiscard]] bool empty() const { return x_.empty(); }
  [[nodiscard]] std::span<const double> sorted() const& { return x_; }
  // p in 0 … 1; not empty.
  [[nodiscard]] double quantile(double p, QuantileRule rule) const;

 private:
  struct Step;
  [[nodiscard]] Step step(double p) const;
  [[nodiscard]] double distinct_quantile(double p) const;
  [[nodiscard]] double shah_vaish(double p) const;
  [[nodiscard]] double on_line(double p, QuantileRule rule) const;

  std::vector<double> x_, w_, cumulated_;
  double total_ = 0;
  bool smallest_is_many_ = false;
};

struct QuantileOptions {
  QuantileRule rule = QuantileRule::kMath;
  QuantileInterval interval = QuantileInterval::kMean;
  double level = 0.95;
  std::optional<double> df{};  // of t; infinity for the normal. None: the sample's in the domain
};

struct QuantileEstimate {
  double prob = 0;
  std::optional<double> value{};
  std::optional<double> se{};              // needs both ends
  std::optional<double> lower{}, upper{};  // an end is none where the share's is outside 0 … 1
  double df = 0;
  std::string reason{};  // why something is none
};

// One a prob. y is read inside the domain only. kInvalid: lengths that differ, a value that is not
// finite, a prob outside 0 … 1, a level or df that is none, score with replicates, quantile
// without.
Result<std::vector<QuantileEstimate>> quantiles(const Sample& sample, std::span<const double> y,
                                                Domain domain, std::span<const double> probs,
                                                const QuantileOptions& options);

}  // namespace barometer
