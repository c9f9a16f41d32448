#include <algorithm>
#include <cmath>
#include <utility>

#include "barometer/design/nested.h"
#include "barometer/sample/sampling_variance.h"

namespace barometer {
namespace {

using Eigen::Index;

class CellSampling final : public SamplingVariance {
 public:
  CellSampling(std::shared_ptr<const Design> design, std::shared_ptr<const CellSums> sums)
      : design_(std::move(design)), sums_(std::move(sums)), inverse_(sums_->cell_count, 0.0) {
    CHECK(sums_->by_row() && sums_->row_count == design_->row_count(),
          "the sums are by the rows of the design");
    for (size_t c = 0; c < inverse_.size(); ++c) {
      if (sums_->w[c] > 0) inverse_[c] = 1 / sums_->w[c];
    }
  }

  [[nodiscard]] size_t case_count() const override { return sums_->cell_count; }
  [[nodiscard]] Result<Matrix> covariance(const Matrix& x, Domain domain) const override;
  [[nodiscard]] double df(std::span<const double> weights, Domain domain) const override;
  [[nodiscard]] std::string description() const override { return design_->description(); }

 private:
  [[nodiscard]] RowTotals row_totals(const Matrix& u, Domain domain) const;
  [[nodiscard]] RowTotals dense_totals(const Matrix& u, Domain domain) const;
  void add_products(const Matrix& u, size_t row, std::span<const double> centre, double scale,
                    SymmetricSum& sum) const;

  std::shared_ptr<const Design> design_;
  std::shared_ptr<const CellSums> sums_;
  std::vector<double> inverse_;  // of Σw by cell; 0 where that is 0
};

// As row_totals, where every row has an entry for every cell.
RowTotals CellSampling::dense_totals(const Matrix& u, Domain domain) const {
  const size_t rows = design_->row_count();
  const size_t cells = sums_->cell_count;
  RowTotals totals{static_cast<size_t>(u.rows()),
                   std::vector<double>(rows * static_cast<size_t>(u.rows())),
                   std::vector<size_t>(rows)};
  Matrix inside = u;
  for (size_t c = 0; c < cells; ++c) {
    if (!in_domain(domain, static_cast<Index>(c))) inside.col(static_cast<Index>(c)).setZero();
  }
  const Eigen::Map<const Matrix> w(sums_->row_w.data(), u.cols(), static_cast<Index>(rows));
  Eigen::Map<Matrix>(totals.x.data(), u.rows(), w.cols()).noalias() = inside * w;
  for (size_t row = 0; row < rows; ++row) {
    for (size_t c = 0; c < cells; ++c) {
      if (in_domain(domain, static_cast<Index>(c))) {
        totals.active[row] += sums_->row_n[row * cells + c];
      }
    }
  }
  return totals;
}

// u: p × cells, influence times the factor on the weights.
RowTotals CellSampling::row_totals(const Matrix& u, Domain domain) const {
  const auto p = static_cast<size_t>(u.rows());
  const size_t rows = design_->row_count();
  RowTotals totals{p, std::vector<double>(rows * p), std::vector<size_t>(rows)};
  if (sums_->cell.empty()) return dense_totals(u, domain);
  for (size_t row = 0; row < rows; ++row) {
    Eigen::Map<Vector> x(totals.x.data() + row * p, u.rows());
    for (size_t at = sums_->row_begin[row]; at < sums_->row_begin[row + 1]; ++at) {
      const auto c = static_cast<Index>(sums_->cell_of(row, at));
      if (sums_->row_w[at] == 0 && sums_->row_n[at] == 0) continue;
      if (!in_domain(domain, c)) continue;
      totals.active[row] += sums_->row_n[at];
      x += sums_->row_w[at] * u.col(c);
    }
  }
  return totals;
}

// Σ (x_ij - c_j)(x_ik - c_k) over the cases i of a row, each x_i = w_i u. Over the n cases of an
// entry: n (x̄_j - c_j)(x̄_k - c_k) + (Σw² - (Σw)²/n) u_j u_k, which loses no digits where the
// weights are alike. Representatives without cases have squares alone (engine/moments.h).
void CellSampling::add_products(const Matrix& u, size_t row, std::span<const double> centre,
                                double scale, SymmetricSum& sum) const {
  const auto p = u.rows();
  const Eigen::Map<const Vector> c(centre.data(), p);
  Matrix products = Matrix::Zero(p, p);
  Vector away(p);
  uint64_t counted = 0;
  for (size_t at = sums_->row_begin[row]; at < sums_->row_begin[row + 1]; ++at) {
    const auto column = u.col(static_cast<Index>(sums_->cell_of(row, at)));
    const double w = sums_->row_w[at];
    const double w2 = sums_->row_w2[at];
    const auto n = static_cast<double>(sums_->row_n[at]);
    counted += sums_->row_n[at];
    double spread = w2;
    if (n > 0) {
      away = w / n * column - c;
      products.selfadjointView<Eigen::Lower>().rankUpdate(away, n);
      spread = spread_of_weights(n, w, w2);
    } else if (w != 0) {
      products.selfadjointView<Eigen::Lower>().rankUpdate(column, c, -w);
    }
    if (spread != 0) products.selfadjointView<Eigen::Lower>().rankUpdate(column, spread);
  }
  // Cases outside every cell have x = 0.
  const auto rest = static_cast<double>(design_->cases_in_row(row) - counted);
  if (rest > 0) products.selfadjointView<Eigen::Lower>().rankUpdate(c, rest);
  sum.add(scale, [&](size_t j, size_t k) {
    const double product = products(static_cast<Index>(j), static_cast<Index>(k));
    return j == k ? std::max(0.0, product) : product;
  });
}

Result<Matrix> CellSampling::covariance(const Matrix& x, Domain domain) const {
  CHECK(static_cast<size_t>(x.rows()) == case_count(), "one row of influence a cell");
  const Matrix u =
      x.transpose() *
      Eigen::Map<const Vector>(inverse_.data(), static_cast<Index>(inverse_.size())).asDiagonal();
  const auto products = [&](size_t row, std::span<const double> centre, double scale,
                            SymmetricSum& sum) { add_products(u, row, centre, scale, sum); };
  const auto found = nested_variance(*design_, row_totals(u, domain), products, Shape::kFull);
  if (!found) {
    return fail(ErrorCode::kInvalid,
                "every stratum of a stage has one sampled unit, so there is no variance to "
                "average");
  }
  return Matrix(Eigen::Map<const Matrix>(found->data(), x.cols(), x.cols()));
}

double CellSampling::df(std::span<const double> weights, Domain domain) const {
  std::vector<size_t> live(design_->row_count(), 0);
  for (size_t row = 0; row < live.size(); ++row) {
    for (size_t at = sums_->row_begin[row]; at < sums_->row_begin[row + 1]; ++at) {
      const uint32_t c = sums_->cell_of(row, at);
      if (!in_domain(domain, c) || !(weights[c] > 0)) continue;
      if (design_->elements()) {
        live[row] += sums_->row_live[at];
      } else if (sums_->row_w[at] != 0) {
        live[row] = 1;
        break;
      }
    }
  }
  return design_->df(live);
}

}  // namespace

std::shared_ptr<const SamplingVariance> cell_sampling(std::shared_ptr<const Design> design,
                                                      std::shared_ptr<const CellSums> sums) {
  return std::make_shared<CellSampling>(std::move(design), std::move(sums));
}

}  // namespace barometer
