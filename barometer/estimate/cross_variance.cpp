#include <algorithm>
#include <cmath>

#include "barometer/estimate/cross_variance_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr const char* kNothingToAverage =
    "every stratum of a stage has one sampled unit, so there is no variance to average";

// The sheet of one row of the design.
void fill_sheet(const CellSums& sums, const CrossLayout& layout, size_t row, double* sheet) {
  std::fill_n(sheet, layout.sheet_size(), 0.0);
  const double* w = sums.row_w.data();
  if (layout.exclusive && sums.cell.empty()) {
    w += sums.row_begin[row];
    const uint32_t* slot = layout.slot.data();
    for (const uint32_t cell : layout.used) sheet[*slot++] += w[cell];
  } else {
    for (size_t at = sums.row_begin[row]; at < sums.row_begin[row + 1]; ++at) {
      for (const uint32_t slot : layout.slots_of(sums.cell_of(row, at))) sheet[slot] += w[at];
    }
  }
  if (layout.exclusive) layout.fold(sheet);
}

// z = (w_entry - p w_column) / W_column
void influence_of(const double* sheet, const CrossLayout& layout, const CrossShares& shares,
                  double* z) {
  const size_t width = layout.width();
  const double* base = sheet + layout.entries();
  const double* p = shares.share.data();
  const double* inverse = shares.inverse.data();
  for (size_t row = 0; row < layout.rows; ++row) {
    for (size_t g = 0; g < width; ++g) z[g] = (sheet[g] - p[g] * base[g]) * inverse[g];
    sheet += width;
    p += width;
    z += width;
  }
}

// What an entry's variance counts a stratum's squares with; 0 where it adds nothing.
double scale_of(const Stratum& stratum) {
  const double n = stratum.sampled();
  return n > 1 ? stratum.unsampled_share() * n / (n - 1) : 0;
}

// Σ (z - mean)² over the units of a stratum, and products of columns within a row.
class SquareSum {
 public:
  SquareSum(const CrossLayout& layout, bool covariances)
      : layout_(layout), sum_(layout.entries()), mean_(layout.entries()) {
    const auto width = static_cast<Index>(layout.width());
    if (covariances) products_.assign(layout.rows, Matrix::Zero(width, width));
  }

  // z: units × entries; it holds distances from the mean afterwards.
  void add(double* z, size_t units, double scale) {
    const size_t entries = layout_.entries();
    double* mean = mean_.data();
    std::fill(mean_.begin(), mean_.end(), 0.0);
    for (size_t u = 0; u < units; ++u) {
      for (size_t j = 0; j < entries; ++j) mean[j] += z[u * entries + j];
    }
    const double inverse = 1 / static_cast<double>(units);
    for (size_t j = 0; j < entries; ++j) mean[j] *= inverse;
    double* sum = sum_.data();
    for (size_t u = 0; u < units; ++u) {
      double* of_unit = z + u * entries;
      for (size_t j = 0; j < entries; ++j) {
        of_unit[j] -= mean[j];
        sum[j] += scale * (of_unit[j] * of_unit[j]);
      }
      if (!products_.empty()) add_products(of_unit, scale);
    }
  }

  [[nodiscard]] std::vector<double> sums() const { return sum_; }
  [[nodiscard]] std::vector<Matrix> covariances() && {
    for (Matrix& products : products_) {
      products.triangularView<Eigen::StrictlyUpper>() = products.transpose();
    }
    return std::move(products_);
  }

 private:
  void add_products(const double* z, double scale) {
    const auto width = static_cast<Index>(layout_.width());
    for (Matrix& products : products_) {
      for (Index k = 0; k < width; ++k) {
        const double scaled = scale * z[k];
        double* column = products.data() + k * width;
        for (Index j = k; j < width; ++j) column[j] += scaled * z[j];
      }
      z += width;
    }
  }

  const CrossLayout& layout_;
  std::vector<double> sum_, mean_;
  std::vector<Matrix> products_;
};

// PSUs - strata with live cases, a column.
class DfCount {
 public:
  explicit DfCount(size_t columns) : count_(columns, 0.0), here_(columns, 0.0) {}
  void add_units(size_t column, double units) { here_[column] += units; }
  void end_stratum() {
    for (size_t g = 0; g < here_.size(); ++g) {
      if (here_[g] > 0) count_[g] += here_[g] - 1;
      here_[g] = 0;
    }
  }
  [[nodiscard]] std::vector<double> df() && { return std::move(count_); }

 private:
  std::vector<double> count_, here_;
};

// Weight times influence of each cell on the share of `row` in each column.
Matrix influence_on(const CellSums& sums, const CrossLayout& layout, const CrossShares& shares,
                    size_t row) {
  Matrix x = Matrix::Zero(static_cast<Index>(sums.cell_count), static_cast<Index>(layout.width()));
  for (const uint32_t cell : layout.used) {
    const CrossPlace place = place_of(layout, cell);
    const double in_row = std::ranges::count(place.rows, row) > 0 ? 1 : 0;
    for (const uint32_t g : place.columns) {
      const size_t at = row * layout.width() + g;
      x(cell, g) = sums.w[cell] * (in_row - shares.share[at]) * shares.inverse[g];
    }
  }
  return x;
}

}  // namespace

std::vector<uint8_t> cells_in(const CrossLayout& layout, size_t column) {
  std::vector<uint8_t> in(layout.begin.size() - 1, 0);
  for (const uint32_t cell : layout.used) {
    const auto columns = place_of(layout, cell).columns;
    if (std::ranges::count(columns, column) > 0) in[cell] = 1;
  }
  return in;
}

CrossErrors errors_of_units(const Design& design, const CellSums& sums, const CrossLayout& layout,
                            const CrossShares& shares, bool covariances) {
  const size_t width = layout.width();
  const size_t entries = layout.entries();
  std::vector<double> sheet(layout.sheet_size());
  std::vector<double> z;
  SquareSum squares(layout, covariances);
  DfCount df(width);
  for (const Stratum& stratum : design.stages()[0].strata) {
    const size_t units = stratum.last - stratum.first;
    const double scale = scale_of(stratum);
    z.resize(std::max(z.size(), units * entries));
    for (size_t u = 0; u < units; ++u) {
      fill_sheet(sums, layout, stratum.first + u, sheet.data());
      const double* base = sheet.data() + entries;
      for (size_t g = 0; g < width; ++g) df.add_units(g, base[g] > 0 ? 1 : 0);
      influence_of(sheet.data(), layout, shares, z.data() + u * entries);
    }
    df.end_stratum();
    if (scale != 0) squares.add(z.data(), units, scale);
  }
  return {squares.sums(), std::move(df).df(), std::vector<std::string>(width),
          std::move(squares).covariances()};
}

namespace {

// Σ (x - c)² over the single cases of one stratum (cell_sampling's add_products, of one entry).
class ElementSquares {
 public:
  ElementSquares(const CellSums& sums, const CrossLayout& layout, const CrossShares& shares)
      : sums_(sums), layout_(layout), shares_(shares), in_row_(layout.rows) {
    for (size_t cell = 0; cell < sums.cell_count; ++cell) {
      places_.push_back(place_of(layout, cell));
    }
  }

  // `live`: cases with a weight, a column.
  void add(size_t row, const std::vector<double>& centre, double scale, double cases,
           std::vector<double>& variance, DfCount& live) {
    std::vector<double> squares(layout_.entries(), 0.0);
    std::vector<double> counted(layout_.width(), 0.0);
    for (size_t at = sums_.row_begin[row]; at < sums_.row_begin[row + 1]; ++at) {
      const CrossPlace& place = places_[sums_.cell_of(row, at)];
      if (sums_.row_n[at] == 0) continue;
      for (const uint32_t g : place.columns) {
        counted[g] += sums_.row_n[at];
        live.add_units(g, sums_.row_live[at]);
      }
      if (scale != 0) add_entry(at, place, centre, squares);
    }
    for (size_t j = 0; j < squares.size() && scale != 0; ++j) {
      const double outside = cases - counted[j % layout_.width()];
      variance[j] += scale * (squares[j] + outside * centre[j] * centre[j]);
    }
  }

 private:
  void add_entry(size_t at, const CrossPlace& place, const std::vector<double>& centre,
                 std::vector<double>& squares) {
    const auto n = static_cast<double>(sums_.row_n[at]);
    const double w = sums_.row_w[at];
    const double spread = spread_of_weights(n, w, sums_.row_w2[at]);
    std::fill(in_row_.begin(), in_row_.end(), 0.0);
    for (const uint32_t r : place.rows) in_row_[r] = 1;
    for (const uint32_t g : place.columns) {
      for (size_t r = 0; r < layout_.rows; ++r) {
        const size_t j = r * layout_.width() + g;
        const double u = (in_row_[r] - shares_.share[j]) * shares_.inverse[g];
        const double away = w / n * u - centre[j];
        squares[j] += n * away * away + spread * u * u;
      }
    }
  }

  const CellSums& sums_;
  const CrossLayout& layout_;
  const CrossShares& shares_;
  std::vector<CrossPlace> places_;
  std::vector<double> in_row_;
};

}  // namespace

CrossErrors errors_of_elements(const Design& design, const CellSums& sums,
                               const CrossLayout& layout, const CrossShares& shares) {
  CrossErrors errors;
  errors.variance.assign(layout.entries(), 0.0);
  errors.no_se.resize(layout.width());
  ElementSquares squares(sums, layout, shares);
  DfCount df(layout.width());
  std::vector<double> sheet(layout.sheet_size());
  std::vector<double> centre(layout.entries());
  for (size_t row = 0; row < design.row_count(); ++row) {
    const Stratum& stratum = design.stages()[0].strata[row];
    fill_sheet(sums, layout, row, sheet.data());
    influence_of(sheet.data(), layout, shares, centre.data());
    for (double& c : centre) c /= stratum.sampled();
    squares.add(row, centre, scale_of(stratum), stratum.sampled(), errors.variance, df);
    df.end_stratum();
  }
  errors.df = std::move(df).df();
  return errors;
}

CrossErrors errors_of_any(const SamplingVariance& sampling, const CellSums& sums,
                          const CrossLayout& layout, const CrossShares& shares) {
  CrossErrors errors;
  errors.variance.assign(layout.entries(), 0.0);
  for (size_t g = 0; g < layout.width(); ++g) {
    const std::vector<uint8_t> domain = cells_in(layout, g);
    errors.df.push_back(sampling.df(sums.w, domain));
    errors.no_se.emplace_back();
    for (size_t row = 0; row < layout.rows && errors.no_se[g].empty(); ++row) {
      const Matrix x = influence_on(sums, layout, shares, row).col(static_cast<Index>(g));
      const auto covariance = sampling.covariance(x, domain);
      if (!covariance) {
        errors.no_se[g] = kNothingToAverage;
      } else {
        errors.variance[row * layout.width() + g] = (*covariance)(0, 0);
      }
    }
  }
  return errors;
}

std::vector<Matrix> covariances_of_any(const SamplingVariance& sampling, const CellSums& sums,
                                       const CrossLayout& layout, const CrossShares& shares) {
  const std::vector<uint8_t> domain = cells_in(layout, layout.columns);
  std::vector<Matrix> found;
  for (size_t row = 0; row < layout.rows; ++row) {
    auto covariance = sampling.covariance(influence_on(sums, layout, shares, row), domain);
    if (!covariance) return {};
    found.push_back(*std::move(covariance));
  }
  return found;
}

}  // namespace barometer
