// Spreads from sums by units of one stage, and the sums of products that all spreads share.
#pragma once

#include <algorithm>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/book/spread_internal.h"

namespace barometer {

// What an entry's variance counts a stratum's squares with; 0 where it adds nothing.
inline double scale_of(const Stratum& stratum) {
  const double n = stratum.sampled();
  return n > 1 ? stratum.unsampled_share() * n / (n - 1) : 0;
}

// Σ a aᵀ of vectors a of rows × columns entries (column * rows + row), within each row: all pairs
// of columns, or only each with itself. A pair is a run of rows, so that loops go over neighbours.
class RowProducts {
 public:
  RowProducts(size_t rows, size_t columns, bool pairs)
      : rows_(rows), columns_(columns), pairs_(pairs) {
    sum_.assign(rows_ * (pairs ? columns_ * (columns_ + 1) / 2 : columns_), 0.0);
  }

  void clear() { std::fill(sum_.begin(), sum_.end(), 0.0); }

  void add_square(const double* a, double scale) {
    double* sum = sum_.data();
    for (size_t g = 0; g < columns_; ++g) {
      for (size_t h = pairs_ ? 0 : g; h <= g; ++h) {
        const double* left = a + g * rows_;
        const double* right = a + h * rows_;
        for (size_t r = 0; r < rows_; ++r) sum[r] += scale * left[r] * right[r];
        sum += rows_;
      }
    }
  }
  // a bᵀ + b aᵀ
  void add_cross(const double* a, const double* b, double scale) {
    double* sum = sum_.data();
    for (size_t g = 0; g < columns_; ++g) {
      for (size_t h = pairs_ ? 0 : g; h <= g; ++h) {
        for (size_t r = 0; r < rows_; ++r) {
          const size_t i = g * rows_ + r, j = h * rows_ + r;
          sum[r] += scale * (a[i] * b[j] + b[i] * a[j]);
        }
        sum += rows_;
      }
    }
  }
  // Squares below 0 by rounding count as 0.
  void add(double scale, const RowProducts& other) {
    for (size_t i = 0; i < sum_.size(); ++i) sum_[i] += scale * other.sum_[i];
  }
  void not_below_zero() {
    for (size_t g = 0; g < columns_; ++g) {
      double* sum = sum_.data() + square_at(g) * rows_;
      for (size_t r = 0; r < rows_; ++r) sum[r] = std::max(0.0, sum[r]);
    }
  }

  [[nodiscard]] std::vector<double> variances() const {
    std::vector<double> found(rows_ * columns_);
    for (size_t r = 0; r < rows_; ++r) {
      for (size_t g = 0; g < columns_; ++g) {
        found[r * columns_ + g] = sum_[square_at(g) * rows_ + r];
      }
    }
    return found;
  }
  [[nodiscard]] std::vector<Matrix> covariances() const {
    if (!pairs_) return {};
    const auto width = static_cast<Eigen::Index>(columns_);
    std::vector<Matrix> found(rows_, Matrix(width, width));
    for (Eigen::Index g = 0; g < width; ++g) {
      for (Eigen::Index h = 0; h <= g; ++h) {
        const auto at = static_cast<size_t>(g * (g + 1) / 2 + h);
        for (size_t r = 0; r < rows_; ++r) {
          found[r](g, h) = found[r](h, g) = sum_[at * rows_ + r];
        }
      }
    }
    return found;
  }

 private:
  [[nodiscard]] size_t square_at(size_t g) const { return pairs_ ? g * (g + 1) / 2 + g : g; }

  size_t rows_, columns_;
  bool pairs_;
  std::vector<double> sum_;
};

// Of a design of one stage of units (is_plain, not of single cases).
Spread spread_of_units(const Design& design, const CellSums& sums, const Figures& figures,
                       const RowForms& forms, const GroupColumns& group, bool covariances);

}  // namespace barometer
