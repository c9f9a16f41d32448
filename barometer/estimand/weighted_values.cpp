#include <algorithm>
#include <cmath>
#include <numeric>

#include "barometer/estimand/quantile.h"

namespace barometer {
namespace {

// The line through (at_k, x_k), k in order of growing `at`, at p; constant outside.
double interpolated(const std::vector<double>& at, const std::vector<double>& x, double p) {
  if (p <= at.front()) return x.front();
  if (p >= at.back()) return x.back();
  const auto above = static_cast<size_t>(std::ranges::upper_bound(at, p) - at.begin());
  const double share = (p - at[above - 1]) / (at[above] - at[above - 1]);
  return x[above - 1] + (x[above] - x[above - 1]) * share;
}

// The mean of the x whose step is `step`; steps grow.
double mean_at(const std::vector<double>& steps, const std::vector<double>& x, double step) {
  const auto [first, last] = std::ranges::equal_range(steps, step);
  const auto from = x.begin() + (first - steps.begin()), to = x.begin() + (last - steps.begin());
  return std::accumulate(from, to, 0.0) / static_cast<double>(to - from);
}

std::vector<size_t> sorted_places(const std::vector<double>& values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t i) { return values[i]; });
  return order;
}

std::vector<double> picked(const std::vector<double>& values, const std::vector<size_t>& places) {
  std::vector<double> result;
  result.reserve(places.size());
  for (const size_t place : places) result.push_back(values[place]);
  return result;
}

// Extended sums, each rounded to a double once.
std::vector<double> running_sums(const std::vector<double>& values) {
  std::vector<double> sums;
  sums.reserve(values.size());
  long double sum = 0;
  for (const double value : values) {
    sum += static_cast<long double>(value);
    sums.push_back(static_cast<double>(sum));
  }
  return sums;
}

double sum_of(const std::vector<double>& values) {
  return values.empty() ? 0 : running_sums(values).back();
}

}  // namespace

// Neighbours of p among the steps of F: places and their distances in share.
struct WeightedValues::Step {
  size_t low = 0, up = 0;
  double below = 0, above = 0;  // p - F(x_low), F(x_up) - p
};

WeightedValues::WeightedValues(std::span<const double> y, std::span<const double> weights,
                               Domain domain, bool smallest_is_many)
    : smallest_is_many_(smallest_is_many) {
  for (size_t i = 0; i < y.size(); ++i) {
    if (weights[i] == 0 || !in_domain(domain, static_cast<Eigen::Index>(i))) continue;
    x_.push_back(y[i]);
    w_.push_back(weights[i]);
  }
  total_ = sum_of(w_);
  const auto order = sorted_places(x_);
  x_ = picked(x_, order);
  w_ = picked(w_, order);
  cumulated_ = running_sums(w_);
}

WeightedValues::Step WeightedValues::step(double p) const {
  const auto above = std::ranges::upper_bound(cumulated_, p * total_) - cumulated_.begin();
  Step step;
  step.low = above == 0 ? 0 : static_cast<size_t>(above) - 1;
  step.up = above == 0 && smallest_is_many_ ? 0 : std::min(step.low + 1, x_.size() - 1);
  step.below = p - cumulated_[step.low] / total_;
  step.above = cumulated_[step.up] / total_ - p;
  return step;
}

double WeightedValues::quantile(double p, QuantileRule rule) const {
  CHECK(!x_.empty() && p >= 0 && p <= 1, "there are values, and p is a share of them");
  if (x_.size() == 1) return x_.front();
  switch (rule) {
    case QuantileRule::kMath:
    case QuantileRule::kHf1: {
      const Step at = step(p);
      return x_[at.below == 0 ? at.low : at.up];
    }
    case QuantileRule::kSchool:
    case QuantileRule::kHf2: {
      const Step at = step(p);
      return at.below == 0 ? (x_[at.low] + x_[at.up]) / 2 : x_[at.up];
    }
    case QuantileRule::kHf3:
      return distinct_quantile(p);
    case QuantileRule::kHf4: {
      const Step at = step(p);
      if (at.low == at.up) return x_[at.up];
      const double share = at.below / (at.above + at.below);
      return x_[at.low] * (1 - share) + x_[at.up] * share;
    }
    case QuantileRule::kShahvaish:
      return shah_vaish(p);
    case QuantileRule::kHf5:
    case QuantileRule::kHf6:
    case QuantileRule::kHf7:
    case QuantileRule::kHf8:
    case QuantileRule::kHf9:
      return on_line(p, rule);
  }
  CHECK(false, "every rule is named above");
}

// hf3 over the distinct values.
double WeightedValues::distinct_quantile(double p) const {
  std::vector<double> x, w;
  for (size_t k = 0; k < x_.size(); ++k) {
    if (!x.empty() && x.back() == x_[k]) {
      w.back() += w_[k];
    } else {
      x.push_back(x_[k]);
      w.push_back(w_[k]);
    }
  }
  const WeightedValues distinct(x, w, {});
  const Step at = distinct.step(p);
  const bool even_place = (at.low + 1) % 2 == 0;
  return at.below == 0 && even_place ? x[at.low] : x[at.up];
}

double WeightedValues::shah_vaish(double p) const {
  const auto n = static_cast<double>(x_.size());
  const double mean_weight = sum_of(w_) / n;
  std::vector<double> relative;
  for (const double w : w_) relative.push_back(w / mean_weight);
  std::vector<double> at = running_sums(relative);
  for (size_t k = 0; k < at.size(); ++k) at[k] = (at[k] + 0.5 - w_[k] / 2) / (n + 1);
  // With unequal weights the steps need not be in order; x at equal steps is their mean.
  const auto order = sorted_places(at);
  const std::vector<double> steps = picked(at, order), x = picked(x_, order);
  if (p < steps.front()) return mean_at(steps, x, steps.front());
  const auto above = std::ranges::upper_bound(steps, p);
  return mean_at(steps, x, *(above - 1));
}

double WeightedValues::on_line(double p, QuantileRule rule) const {
  const size_t n = x_.size();
  const double whole = cumulated_.back(), last = w_.back();
  std::vector<double> at;
  at.reserve(n);
  for (size_t k = 0; k < n; ++k) {
    const double before = k == 0 ? 0 : cumulated_[k - 1], with = cumulated_[k];
    switch (rule) {
      case QuantileRule::kHf5:
        at.push_back((with - w_[k] / 2) / whole);
        break;
      case QuantileRule::kHf6:
        at.push_back(with / (whole + last));
        break;
      case QuantileRule::kHf7:
        at.push_back(before / cumulated_[n - 2]);
        break;
      case QuantileRule::kHf8:
        at.push_back((before / 3 + with * 2 / 3) / (whole + last / 3));
        break;
      default:
        at.push_back((before * 3 / 8 + with * 5 / 8) / (whole + last / 4));
        break;
    }
  }
  return interpolated(at, x_, p);
}

}  // namespace barometer
