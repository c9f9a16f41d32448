#include "barometer/sample/sampling_variance.h"

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

Result<Matrix> NestedSampling::covariance(const Matrix& x, Domain domain) const {
  CHECK(static_cast<size_t>(x.rows()) == case_count(), "one row of influence a case");
  const auto centred = [&](size_t row, std::span<const double> centre, double scale,
                           SymmetricSum& sum) {
    std::vector<double> v(centre.size());
    for (size_t at = design_.row_begin()[row]; at < design_.row_begin()[row + 1]; ++at) {
      const auto i = static_cast<Eigen::Index>(design_.order()[at]);
      for (size_t j = 0; j < v.size(); ++j) v[j] = x(i, static_cast<Eigen::Index>(j)) - centre[j];
      sum.add(scale, [&](size_t j, size_t k) { return v[j] * v[k]; });
    }
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
