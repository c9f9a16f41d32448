#include "barometer/estimand/spread.h"

#include <cmath>

#include <fmt/format.h>

#include "barometer/estimand/cases_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

// Σ over the domain, with which columns go together.
class SecondMoments final : public Functional {
 public:
  SecondMoments(Matrix y, std::vector<uint8_t> domain, size_t n,
                std::vector<std::pair<Index, Index>> pairs)
      : y_(std::move(y)),
        domain_(std::move(domain)),
        factor_(n > 1 ? static_cast<double>(n) / static_cast<double>(n - 1) : 0),
        n_(n),
        pairs_(std::move(pairs)) {
    from_first_case();
  }
  [[nodiscard]] size_t size() const override { return pairs_.size(); }
  [[nodiscard]] Domain domain() const& override { return domain_; }
  [[nodiscard]] Result<Vector> value(std::span<const double> weights) const override {
    const Vector w = weights_in(weights);
    const double total = w.sum();
    if (n_ < 2) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("a variance needs two cases, and the base has {}", n_));
    }
    if (!(std::abs(total) > 0)) {
      return fail(ErrorCode::kInvalid, "the weights in the base sum to 0");
    }
    const Matrix centred = centred_on_means(w, total);
    Vector result(static_cast<Index>(pairs_.size()));
    for (Index k = 0; k < result.size(); ++k) {
      const auto [a, b] = pairs_[static_cast<size_t>(k)];
      const auto product = centred.col(a).array() * centred.col(b).array();
      result(k) = factor_ * (product * w.array()).sum() / total;
    }
    return result;
  }
  [[nodiscard]] Result<Matrix> influence(std::span<const double> weights,
                                         const Vector& value) const override {
    const Vector w = weights_in(weights);
    const double total = w.sum();
    const Matrix centred = centred_on_means(w, total);
    Matrix result(y_.rows(), static_cast<Index>(pairs_.size()));
    for (Index k = 0; k < result.cols(); ++k) {
      const auto [a, b] = pairs_[static_cast<size_t>(k)];
      const auto product = centred.col(a).array() * centred.col(b).array();
      result.col(k) = (factor_ * product - value(k)) / total;
    }
    for (Index i = 0; i < result.rows(); ++i) {
      if (!in_domain(domain_, i)) result.row(i).setZero();
    }
    return result;
  }

 private:
  // Distances from the first case of the domain: covariances are the same, and those of a variable
  // that does not vary are exactly 0. Rows outside are 0, so that nothing there is ever read.
  void from_first_case() {
    Index first = 0;
    while (first < y_.rows() && !in_domain(domain_, first)) ++first;
    if (first == y_.rows()) return;
    const Eigen::RowVectorXd origin = y_.row(first);
    for (Index i = 0; i < y_.rows(); ++i) {
      if (in_domain(domain_, i)) {
        y_.row(i) -= origin;
      } else {
        y_.row(i).setZero();
      }
    }
  }
  [[nodiscard]] Vector weights_in(std::span<const double> weights) const {
    Vector w = Eigen::Map<const Vector>(weights.data(), static_cast<Index>(weights.size()));
    for (Index i = 0; i < w.size(); ++i) {
      if (!in_domain(domain_, i)) w(i) = 0;
    }
    return w;
  }
  [[nodiscard]] Matrix centred_on_means(const Vector& w, double total) const {
    const Vector means = y_.transpose() * w / total;
    return y_.rowwise() - means.transpose();
  }

  Matrix y_;
  std::vector<uint8_t> domain_;
  double factor_;
  size_t n_;
  std::vector<std::pair<Index, Index>> pairs_;
};

// From p² covariances to p² correlations.
struct Correlations {
  Index p = 0;

  [[nodiscard]] Result<Vector> value(const Vector& covariances) const {
    for (Index a = 0; a < p; ++a) {
      if (covariances(a + p * a) > 0) continue;
      return fail(ErrorCode::kInvalid, fmt::format("variable {} does not vary", a + 1));
    }
    Vector result(p * p);
    for (Index b = 0; b < p; ++b) {
      for (Index a = 0; a < p; ++a) result(a + p * b) = a == b ? 1 : ratio(covariances, a, b);
    }
    return result;
  }
  [[nodiscard]] Matrix jacobian(const Vector& covariances) const {
    Matrix result = Matrix::Zero(p * p, p * p);
    for (Index b = 0; b < p; ++b) {
      for (Index a = 0; a < p; ++a) {
        if (a == b) continue;
        const double vaa = covariances(a + p * a), vbb = covariances(b + p * b);
        result(a + p * b, a + p * b) = 1 / std::sqrt(vaa * vbb);
        result(a + p * b, a + p * a) = -ratio(covariances, a, b) / (2 * vaa);
        result(a + p * b, b + p * b) = -ratio(covariances, a, b) / (2 * vbb);
      }
    }
    return result;
  }

 private:
  [[nodiscard]] double ratio(const Vector& covariances, Index a, Index b) const {
    return covariances(a + p * b) / std::sqrt(covariances(a + p * a) * covariances(b + p * b));
  }
};

}  // namespace

size_t spread_cases(const Sample& sample, Domain domain) { return counted_cases(sample, domain); }

FunctionalPtr covariances_of(Matrix y, std::vector<uint8_t> domain, size_t n) {
  std::vector<std::pair<Index, Index>> pairs;
  for (Index b = 0; b < y.cols(); ++b) {
    for (Index a = 0; a < y.cols(); ++a) pairs.emplace_back(a, b);
  }
  return std::make_shared<SecondMoments>(std::move(y), std::move(domain), n, std::move(pairs));
}

FunctionalPtr variances_of(Matrix y, std::vector<uint8_t> domain, size_t n) {
  std::vector<std::pair<Index, Index>> pairs;
  for (Index a = 0; a < y.cols(); ++a) pairs.emplace_back(a, a);
  return std::make_shared<SecondMoments>(std::move(y), std::move(domain), n, std::move(pairs));
}

FunctionalPtr correlations_of(Matrix y, std::vector<uint8_t> domain, size_t n) {
  const Correlations correlations{y.cols()};
  const auto size = static_cast<size_t>(y.cols() * y.cols());
  return derived(covariances_of(std::move(y), std::move(domain), n),
                 {size, [correlations](const Vector& v) { return correlations.value(v); },
                  [correlations](const Vector& v) { return correlations.jacobian(v); }});
}

}  // namespace barometer
