#include "barometer/sample/sampling_variance.h"

#include <algorithm>
#include <utility>

#include "barometer/design/nested.h"

namespace barometer {
namespace {

class NestedSampling final : public SamplingVariance {
 public:
  explicit NestedSampling(Design design) : design_(std::move(design)) {}

  [[nodiscard]] size_t case_count() const override { return design_.case_count(); }
  [[nodiscard]] Result<Matrix> covariance(const Matrix& x, Domain domain) const override;
  [[nodiscard]] double df(std::span<const double> weights, Domain domain) const override;
  [[nodiscard]] std::string description() const override { return design_.description(); }
  [[nodiscard]] const Design* nested_design() const override { return &design_; }

 private:
  [[nodiscard]] RowTotals row_totals(const Matrix& x, Domain domain) const;

  Design design_;
};

RowTotals NestedSampling::row_totals(const Matrix& x, Domain domain) const {
  const auto p = static_cast<size_t>(x.cols());
  RowTotals totals{p, std::vector<double>(design_.row_count() * p),
                   std::vector<size_t>(design_.row_count())};
  for (size_t row = 0; row < design_.row_count(); ++row) {
    for (size_t at = design_.row_begin()[row]; at < design_.row_begin()[row + 1]; ++at) {
      const auto i = static_cast<Eigen::Index>(design_.order()[at]);
      if (!in_domain(domain, i)) continue;
      ++totals.active[row];
      for (size_t j = 0; j < p; ++j) {
        totals.x[row * p + j] += x(i, static_cast<Eigen::Index>(j));
      }
    }
  }
  return totals;
}

// Σ (x_i - c)(x_i - c)ᵀ over cases, the lower triangle.
Matrix centred_products(const Matrix& x, std::span<const uint32_t> cases,
                        std::span<const double> centre) {
  constexpr size_t kBlock = 512;
  const Eigen::Index p = x.cols();
  Matrix products = Matrix::Zero(p, p);
  Matrix block(static_cast<Eigen::Index>(std::min(kBlock, cases.size())), p);
  for (size_t at = 0; at < cases.size(); at += kBlock) {
    const std::span<const uint32_t> some = cases.subspan(at, std::min(kBlock, cases.size() - at));
    const auto rows = static_cast<Eigen::Index>(some.size());
    for (Eigen::Index j = 0; j < p; ++j) {
      const double c = centre[static_cast<size_t>(j)];
      for (Eigen::Index r = 0; r < rows; ++r) block(r, j) = x(some[static_cast<size_t>(r)], j) - c;
    }
    products.selfadjointView<Eigen::Lower>().rankUpdate(block.topRows(rows).transpose());
  }
  return products;
}

Result<Matrix> NestedSampling::covariance(const Matrix& x, Domain domain) const {
  CHECK(static_cast<size_t>(x.rows()) == case_count(), "one row of influence a case");
  const std::span<const uint32_t> order(design_.order());
  const auto centred = [&](size_t row, std::span<const double> centre, double scale,
                           SymmetricSum& sum) {
    const size_t first = design_.row_begin()[row];
    const Matrix products =
        centred_products(x, order.subspan(first, design_.row_begin()[row + 1] - first), centre);
    sum.add(scale, [&](size_t j, size_t k) {
      return products(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(k));
    });
  };
  const auto found = nested_variance(design_, row_totals(x, domain), centred, Shape::kFull);
  if (!found) {
    return fail(ErrorCode::kInvalid,
                "every stratum of a stage has one sampled unit, so there is no variance to "
                "average");
  }
  return Matrix(Eigen::Map<const Matrix>(found->data(), x.cols(), x.cols()));
}

double NestedSampling::df(std::span<const double> weights, Domain domain) const {
  std::vector<size_t> live(design_.row_count(), 0);
  for (size_t row = 0; row < live.size(); ++row) {
    for (size_t at = design_.row_begin()[row]; at < design_.row_begin()[row + 1]; ++at) {
      const uint32_t i = design_.order()[at];
      if (in_domain(domain, i) && weights[i] > 0) ++live[row];
    }
  }
  return design_.df(live);
}

}  // namespace

std::shared_ptr<const SamplingVariance> nested_sampling(Design design) {
  return std::make_shared<NestedSampling>(std::move(design));
}

}  // namespace barometer
