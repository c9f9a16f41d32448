#include "barometer/estimand/spread.h"

#include <cmath>

#include <fmt/format.h>

#include "barometer/estimand/cases_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr size_t kMaxInfluences = size_t{1} << 28;
constexpr size_t kMaxPairs = size_t{1} << 13;  // whose own covariances are 2^26

enum class Pairs { kAll, kSame };  // a + p b for each a and b, or a and itself

// Σ over the domain, with which columns go together.
class SecondMoments final : public Functional {
 public:
  SecondMoments(Matrix y, std::vector<uint8_t> domain, size_t n, Pairs pairs)
      : y_(std::move(y)),
        domain_(std::move(domain)),
        factor_(n > 1 ? static_cast<double>(n) / static_cast<double>(n - 1) : 0),
        n_(n),
        pairs_(pairs) {
    from_first_case();
  }
  [[nodiscard]] size_t size() const override {
    const auto p = static_cast<size_t>(y_.cols());
    return pairs_ == Pairs::kAll ? p * p : p;
  }
  [[nodiscard]] Domain domain() const& override { return domain_; }
  [[nodiscard]] Result<Vector> value(std::span<const double> weights) const override {
    TRY_DONE(check_size());
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
    Vector result(static_cast<Index>(size()));
    for (Index k = 0; k < result.size(); ++k) {
      const auto [a, b] = pair(k);
      const auto product = centred.col(a).array() * centred.col(b).array();
      result(k) = factor_ * (product * w.array()).sum() / total;
    }
    return result;
  }
  [[nodiscard]] Result<Matrix> influence(std::span<const double> weights,
                                         const Vector& value) const override {
    TRY_DONE(check_size());
    const Vector w = weights_in(weights);
    const double total = w.sum();
    const Matrix centred = centred_on_means(w, total);
    Matrix result(y_.rows(), static_cast<Index>(size()));
    for (Index k = 0; k < result.cols(); ++k) {
      const auto [a, b] = pair(k);
      const auto product = centred.col(a).array() * centred.col(b).array();
      result.col(k) = (factor_ * product - value(k)) / total;
    }
    for (Index i = 0; i < result.rows(); ++i) {
      if (!in_domain(domain_, i)) result.row(i).setZero();
    }
    return result;
  }

 private:
  // The influences are size() × cases numbers, the covariances of the estimates size()².
  [[nodiscard]] Status check_size() const {
    const auto cases = static_cast<size_t>(y_.rows());
    if (size() * cases <= kMaxInfluences && size() <= kMaxPairs) return {};
    return fail(ErrorCode::kLimit,
                fmt::format("{} variables have {} covariances, too many for {} cases (at most {} "
                            "covariances, and {} times the cases)",
                            y_.cols(), size(), cases, kMaxPairs, kMaxInfluences));
  }
  [[nodiscard]] std::pair<Index, Index> pair(Index k) const {
    if (pairs_ == Pairs::kSame) return {k, k};
    return {k % y_.cols(), k / y_.cols()};
  }
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
  Pairs pairs_;
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
  return std::make_shared<SecondMoments>(std::move(y), std::move(domain), n, Pairs::kAll);
}

FunctionalPtr variances_of(Matrix y, std::vector<uint8_t> domain, size_t n) {
  return std::make_shared<SecondMoments>(std::move(y), std::move(domain), n, Pairs::kSame);
}

FunctionalPtr correlations_of(Matrix y, std::vector<uint8_t> domain, size_t n) {
  const Correlations correlations{y.cols()};
  const auto size = static_cast<size_t>(y.cols() * y.cols());
  return derived(covariances_of(std::move(y), std::move(domain), n),
                 {size, [correlations](const Vector& v) { return correlations.value(v); },
                  [correlations](const Vector& v) { return correlations.jacobian(v); }});
}

}  // namespace barometer
