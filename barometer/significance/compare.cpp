#include "barometer/significance/compare.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "barometer/base/student_t.h"

namespace barometer {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();
// Of a share or base, below which sums of weights differ by rounding alone.
constexpr double kRounding = 1e-12;

Comparison untested(double difference, const char* why) {
  return {.difference = difference, .reason = why};
}

// A t from its parts, or why there is none.
Comparison tested(double difference, double variance, double df) {
  if (!(variance > 0) || !std::isfinite(variance)) return untested(difference, "no variance");
  if (!(df > 0)) return untested(difference, "no degrees of freedom");
  Comparison out{.difference = difference, .se = std::sqrt(variance), .df = df};
  out.statistic = difference / out.se;
  out.p = t_two_sided(out.statistic, df);
  return out;
}

bool is_extreme(double share) { return share <= kRounding || share >= 1 - kRounding; }
bool is_same(double a, double b) {
  return std::abs(a - b) <= kRounding * std::max({std::abs(a), std::abs(b), kRounding});
}

double pooled_share(const ColumnFigure& a, const ColumnFigure& b) {
  return (a.weighted_base * a.value + b.weighted_base * b.value) /
         (a.weighted_base + b.weighted_base);
}

// 1/a + 1/b - 2 r o / (a b).
double inverse_bases(double a, double b, double overlap) {
  return 1 / a + 1 / b - 2 * overlap / (a * b);
}

double square_sum(const ColumnFigure& column) { return column.variance * column.weighted_base; }

Comparison by_design(const ColumnFigure& a, const ColumnFigure& b, const Overlap& overlap) {
  const double apart = a.se * a.se + b.se * b.se;
  const double variance = apart - 2 * overlap.covariance;
  const double difference = a.value - b.value;
  // What is left of equal parts taken from each other is no variance.
  if (variance <= kRounding * apart) return untested(difference, "no variance");
  return tested(difference, variance, std::min(a.df, b.df));
}

Comparison by_spss(const ColumnFigure& a, const ColumnFigure& b, const Overlap& overlap,
                   const std::optional<PooledVariance>& pooled) {
  const double difference = a.value - b.value;
  const double inverse = inverse_bases(a.weighted_base, b.weighted_base, overlap.weighted_base);
  if (a.share) {
    if (is_extreme(a.value) || is_extreme(b.value)) {
      return untested(difference, "a share of 0 or 1 is not tested");
    }
    const double p = pooled_share(a, b);
    return tested(difference, p * (1 - p) * inverse, kInfinite);
  }
  if (pooled && overlap.n == 0) {
    return tested(difference, pooled->variance * inverse, pooled->df);
  }
  const double within = a.weighted_base + b.weighted_base - 2;
  if (within <= 0) return untested(difference, "no degrees of freedom");
  return tested(difference, (square_sum(a) + square_sum(b)) / within * inverse,
                within - overlap.weighted_base);
}

Comparison by_quantum(const ColumnFigure& a, const ColumnFigure& b, const Overlap& overlap) {
  const double difference = a.value - b.value;
  if (is_same(a.value, b.value)) return untested(difference, "the same value");
  const double both = a.effective_base + b.effective_base;
  const double inverse = inverse_bases(a.effective_base, b.effective_base,
                                       overlap.correlation * overlap.effective_base);
  const double df = both - overlap.effective_base - 1;
  if (a.share) {
    if (both <= 1) return untested(difference, "no degrees of freedom");
    const double p = pooled_share(a, b);
    return tested(difference, p * (1 - p) * inverse * both / (both - 1), df);
  }
  const double within = a.weighted_base - a.weighted_base / a.effective_base + b.weighted_base -
                        b.weighted_base / b.effective_base;
  if (within <= 0) return untested(difference, "no degrees of freedom");
  return tested(difference, (square_sum(a) + square_sum(b)) / within * inverse, df);
}

bool is_weighted(const ColumnFigure& column) {
  return std::abs(column.n - column.effective_base) > 1e-9 * column.n;
}

// The design effect of the log odds ratio, from the shares of the four cells and their Σw².
double odds_effect(const std::array<double, 4>& shares, const std::array<double, 4>& squares,
                   double n, double weight) {
  double spread = 0;
  double inverse = 0;
  for (size_t j = 0; j < shares.size(); ++j) {
    if (shares[j] <= kRounding) continue;
    spread += squares[j] / (shares[j] * shares[j]);
    inverse += 1 / shares[j];
  }
  return n * n / (n - 1) * spread / (weight * weight * inverse);
}

Comparison shares_by_q(const ColumnFigure& a, const ColumnFigure& b) {
  const double difference = a.value - b.value;
  const double both = pooled_share(a, b);
  if (is_extreme(both)) return untested(difference, "both shares are 0, or both 1");
  const double weight = a.weighted_base + b.weighted_base;
  const double in_a = a.weighted_base / weight;
  const double in_b = b.weighted_base / weight;
  const double n = a.n + b.n;
  // (p11 p22 - p12 p21)² over the totals, with p11 p22 - p12 p21 = in_a in_b (a - b).
  const double x2 = n * in_a * in_b * difference * difference / (both * (1 - both));
  const bool weighted =
      is_weighted(a) || is_weighted(b) || !is_same(a.weighted_base * b.n, b.weighted_base * a.n);
  double effect = 1;
  double df = kInfinite;
  if (weighted) {
    const double ww_a = a.weighted_base * a.weighted_base / a.effective_base;
    const double ww_b = b.weighted_base * b.weighted_base / b.effective_base;
    effect =
        odds_effect({in_a * a.value, in_a * (1 - a.value), in_b * b.value, in_b * (1 - b.value)},
                    {a.wwy, ww_a - a.wwy, b.wwy, ww_b - b.wwy}, n, weight);
    df = n - 1;
  }
  if (is_same(a.value, b.value)) return untested(difference, "the same value");
  if (!(effect > 0)) return untested(difference, "no variance");
  return tested(difference, difference * difference / (x2 / effect), df);
}

// Taylor variance of a mean under weights alone.
double weighted_variance(const ColumnFigure& column) {
  const double w = column.weighted_base;
  const double ww = w * w / column.effective_base;
  const double m = column.value;
  const double residuals = column.wwyy - 2 * m * column.wwy + m * m * ww;
  return column.n / (column.n - 1) * std::max(0.0, residuals) / (w * w);
}

Comparison by_q(const ColumnFigure& a, const ColumnFigure& b, const Overlap& overlap) {
  const double difference = a.value - b.value;
  if (overlap.n > 0) return untested(difference, "Q's test of columns that overlap is not known");
  if (a.n < 2 || b.n < 2) return untested(difference, "a base under 2");
  if (a.share) return shares_by_q(a, b);
  const double va = weighted_variance(a);
  const double vb = weighted_variance(b);
  const double df = (va + vb) * (va + vb) / (va * va / (a.n - 1) + vb * vb / (b.n - 1));
  return tested(difference, va + vb, df);
}

bool has_cases(const ColumnFigure& column) {
  return column.n > 0 && column.weighted_base > 0 && column.effective_base > 0 &&
         std::isfinite(column.value);
}

}  // namespace

ColumnSums& ColumnSums::operator+=(const ColumnSums& other) {
  n += other.n;
  w += other.w;
  ww += other.ww;
  wy += other.wy;
  wyy += other.wyy;
  wwy += other.wwy;
  wwyy += other.wwyy;
  return *this;
}

ColumnFigure figure_of(const ColumnSums& sums, bool share) {
  if (!(sums.w > 0) || !(sums.ww > 0)) return {.share = share};
  const double mean = sums.wy / sums.w;
  return {.value = mean,
          .share = share,
          .n = sums.n,
          .weighted_base = sums.w,
          .effective_base = sums.w * sums.w / sums.ww,
          .variance = std::max(0.0, sums.wyy / sums.w - mean * mean),
          .wwy = sums.wwy,
          .wwyy = sums.wwyy};
}

std::optional<PooledVariance> pooled_variance(std::span<const ColumnFigure> columns) {
  double squares = 0;
  double df = 0;
  for (const ColumnFigure& column : columns) {
    if (!has_cases(column)) continue;
    squares += square_sum(column);
    df += column.weighted_base - 1;
  }
  if (!(df > 0)) return std::nullopt;
  return PooledVariance{.variance = squares / df, .df = df};
}

Comparison compare(Convention convention, const ColumnFigure& a, const ColumnFigure& b,
                   const Overlap& overlap, const std::optional<PooledVariance>& pooled) {
  if (!has_cases(a) || !has_cases(b)) return untested(0, "an empty column");
  switch (convention) {
    case Convention::kDesign:
      return by_design(a, b, overlap);
    case Convention::kSpss:
      return by_spss(a, b, overlap, pooled);
    case Convention::kQuantum:
      return by_quantum(a, b, overlap);
    case Convention::kQ:
      break;
  }
  return by_q(a, b, overlap);
}

}  // namespace barometer
