// The nested variance of a design: the one recursion behind every linearised standard error.
//
// With x_i the influence total of unit i and a stratum of n sampled of N units, stage 1 gives
//   Σ_strata (N-n)/N · n/(n-1) · Σ_i (x_i - x̄)²
// and each unit adds n/N times the same formula over its own units of stage 2, and so on. Units
// outside the domain have x = 0 and stay in n. Equal to R survey 4.1 (svyrecvar) but for lonely
// units of stage 1 under kAdjust: their distance is taken from the mean x of all units, as in
// survey 4.5. That mean is 0, and the two agree, for everything but totals.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/design/design.h"

namespace barometer {

enum class Shape { kDiagonal, kFull };

// A symmetric p × p matrix being summed, row by row, or its diagonal alone.
class SymmetricSum {
 public:
  SymmetricSum(size_t p, Shape shape)
      : p_(p), shape_(shape), values_(shape == Shape::kFull ? p * p : p) {}

  [[nodiscard]] size_t size() const { return p_; }
  // scale * f(j, k) is added at each kept entry.
  template <class F>
  void add(double scale, F f) {
    if (shape_ == Shape::kDiagonal) {
      for (size_t j = 0; j < p_; ++j) values_[j] += scale * f(j, j);
      return;
    }
    for (size_t j = 0; j < p_; ++j) {
      for (size_t k = 0; k <= j; ++k) values_[j * p_ + k] += scale * f(j, k);
    }
  }
  // scale * Σ d d', over the columns d of a p × n matrix.
  void add_squares(double scale, const Matrix& d) {
    if (shape_ == Shape::kDiagonal) {
      const Vector squares = d.rowwise().squaredNorm();
      for (size_t j = 0; j < p_; ++j) values_[j] += scale * squares(static_cast<Eigen::Index>(j));
      return;
    }
    const auto p = static_cast<Eigen::Index>(p_);
    Eigen::Map<Matrix>(values_.data(), p, p).selfadjointView<Eigen::Upper>().rankUpdate(d, scale);
  }
  void add(double scale, const SymmetricSum& other) {
    for (size_t i = 0; i < values_.size(); ++i) values_[i] += scale * other.values_[i];
  }
  void clear() { std::fill(values_.begin(), values_.end(), 0.0); }
  std::vector<double> take() && {
    for (size_t j = 0; shape_ == Shape::kFull && j < p_; ++j) {
      for (size_t k = 0; k < j; ++k) values_[k * p_ + j] = values_[j * p_ + k];
    }
    return std::move(values_);
  }

 private:
  size_t p_;
  Shape shape_;
  std::vector<double> values_;  // of a full matrix, until it is taken, the lower half
};

// Influence totals of the design's rows (Design::row_begin).
struct RowTotals {
  size_t p = 0;
  std::vector<double> x;       // [row * p + j]
  std::vector<size_t> active;  // by row: its cases in the domain

  [[nodiscard]] const double* of(size_t row) const { return x.data() + row * p; }
};

// For designs of single cases, whose rows are strata: adds scale · Σ (x_ij - c_j)(x_ik - c_k) over
// the cases i of a row, those outside the domain with x = 0.
using CentredProducts = std::function<void(size_t row, std::span<const double> centre, double scale,
                                           SymmetricSum& sum)>;

// The diagonal, or the whole matrix row by row. nullopt when LonelyPsu::kAverage finds nothing to
// average. `products` is used only when design.elements().
std::optional<std::vector<double>> nested_variance(const Design& design, RowTotals totals,
                                                   const CentredProducts& products, Shape shape);

}  // namespace barometer
