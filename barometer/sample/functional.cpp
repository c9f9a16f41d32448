#include "barometer/sample/functional.h"

#include <cmath>

#include <fmt/format.h>

namespace barometer {
namespace {

using Eigen::Index;

Eigen::Map<const Vector> as_vector(std::span<const double> values) {
  return {values.data(), static_cast<Index>(values.size())};
}

// Weights of the cases of the domain, 0 elsewhere.
Vector weights_in(std::span<const double> weights, Domain domain) {
  Vector w = as_vector(weights);
  for (Index i = 0; i < w.size(); ++i) {
    if (!in_domain(domain, i)) w(i) = 0;
  }
  return w;
}

// Columns with the rows outside the domain made 0, so that nothing there is ever read.
Matrix only_in(Matrix columns, Domain domain) {
  for (Index i = 0; i < columns.rows(); ++i) {
    if (!in_domain(domain, i)) columns.row(i).setZero();
  }
  return columns;
}

class OfColumns : public Functional {
 public:
  OfColumns(Matrix y, std::vector<uint8_t> domain)
      : domain_(std::move(domain)), y_(only_in(std::move(y), domain_)) {}
  [[nodiscard]] size_t size() const override { return static_cast<size_t>(y_.cols()); }
  [[nodiscard]] Domain domain() const& override { return domain_; }

 protected:
  [[nodiscard]] const Matrix& y() const& { return y_; }

 private:
  std::vector<uint8_t> domain_;
  Matrix y_;
};

class Total final : public OfColumns {
 public:
  using OfColumns::OfColumns;
  [[nodiscard]] Result<Vector> value(std::span<const double> weights) const override {
    return Vector(y().transpose() * as_vector(weights));
  }
  [[nodiscard]] Result<Matrix> influence(std::span<const double> /*weights*/,
                                         const Vector& /*value*/) const override {
    return y();
  }
};

class Mean final : public OfColumns {
 public:
  using OfColumns::OfColumns;
  [[nodiscard]] Result<Vector> value(std::span<const double> weights) const override {
    const double total = weights_in(weights, domain()).sum();
    if (!(std::abs(total) > 0)) {
      return fail(ErrorCode::kInvalid, "the weights in the base sum to 0");
    }
    return Vector(y().transpose() * as_vector(weights) / total);
  }
  [[nodiscard]] Result<Matrix> influence(std::span<const double> weights,
                                         const Vector& value) const override {
    const double total = weights_in(weights, domain()).sum();
    return only_in((y().rowwise() - value.transpose()) / total, domain());
  }
};

class RatioOfTotals final : public OfColumns {
 public:
  RatioOfTotals(Matrix y, Matrix z, std::vector<uint8_t> domain)
      : OfColumns(std::move(y), std::move(domain)), z_(only_in(std::move(z), OfColumns::domain())) {
    CHECK(OfColumns::y().rows() == z_.rows() && OfColumns::y().cols() == z_.cols(),
          "as many denominators as numerators");
  }
  [[nodiscard]] Result<Vector> value(std::span<const double> weights) const override {
    const Vector over = y().transpose() * as_vector(weights);
    const Vector under = z_.transpose() * as_vector(weights);
    for (Index j = 0; j < under.size(); ++j) {
      if (under(j) == 0) return fail(ErrorCode::kInvalid, "the denominator of the ratio is 0");
    }
    return Vector(over.cwiseQuotient(under));
  }
  [[nodiscard]] Result<Matrix> influence(std::span<const double> weights,
                                         const Vector& value) const override {
    const Vector under = z_.transpose() * as_vector(weights);
    Matrix influence = y() - z_ * value.asDiagonal();
    return Matrix(influence * under.cwiseInverse().asDiagonal());
  }

 private:
  Matrix z_;
};

class Stacked final : public Functional {
 public:
  explicit Stacked(std::vector<FunctionalPtr> parts) : parts_(std::move(parts)) {
    bool all = parts_.empty();
    for (const auto& part : parts_) {
      size_ += part->size();
      all = all || part->domain().empty();
    }
    if (all) return;
    domain_.assign(parts_[0]->domain().size(), 0);
    for (const auto& part : parts_) {
      for (size_t i = 0; i < domain_.size(); ++i) domain_[i] |= part->domain()[i];
    }
  }
  [[nodiscard]] size_t size() const override { return size_; }
  [[nodiscard]] Domain domain() const& override { return domain_; }
  [[nodiscard]] Result<Vector> value(std::span<const double> weights) const override {
    Vector all(static_cast<Index>(size_));
    Index at = 0;
    for (const auto& part : parts_) {
      const Vector value = TRY(part->value(weights));
      all.segment(at, value.size()) = value;
      at += value.size();
    }
    return all;
  }
  [[nodiscard]] Result<Matrix> influence(std::span<const double> weights,
                                         const Vector& value) const override {
    Matrix all(static_cast<Index>(weights.size()), static_cast<Index>(size_));
    Index at = 0;
    for (const auto& part : parts_) {
      const auto width = static_cast<Index>(part->size());
      all.middleCols(at, width) = TRY(part->influence(weights, value.segment(at, width)));
      at += width;
    }
    return all;
  }

 private:
  std::vector<FunctionalPtr> parts_;
  size_t size_ = 0;
  std::vector<uint8_t> domain_;
};

class Derived final : public Functional {
 public:
  Derived(FunctionalPtr from, Smooth smooth) : from_(std::move(from)), smooth_(std::move(smooth)) {}
  [[nodiscard]] size_t size() const override { return smooth_.size; }
  [[nodiscard]] Domain domain() const& override { return from_->domain(); }
  [[nodiscard]] Result<Vector> value(std::span<const double> weights) const override {
    return smooth_.value(TRY(from_->value(weights)));
  }
  [[nodiscard]] Result<Matrix> influence(std::span<const double> weights,
                                         const Vector& /*value*/) const override {
    const Vector inner = TRY(from_->value(weights));
    const Matrix influence = TRY(from_->influence(weights, inner));
    return Matrix(influence * smooth_.jacobian(inner).transpose());
  }

 private:
  FunctionalPtr from_;
  Smooth smooth_;
};

Result<Estimated> replicated(const Sample& sample, const Functional& functional,
                             const Progress& progress) {
  const Replicates& replicates = *sample.replicates();
  Estimated estimated;
  estimated.value = TRY(functional.value(sample.weights()));
  estimated.replicates.resize(static_cast<Index>(replicates.count()), estimated.value.size());
  for (Index r = 0; r < replicates.weights.cols(); ++r) {
    if (progress.stopped()) return fail(ErrorCode::kLimit, "stopped");
    const auto column = replicates.weights.col(r);
    auto value = functional.value(
        std::span<const double>(column.data(), static_cast<size_t>(column.size())));
    if (!value) {
      return tl::unexpected(std::move(value).error().in(fmt::format("replicate {}", r + 1)));
    }
    estimated.replicates.row(r) = value->transpose();
  }
  estimated.covariance = replicate_covariance(estimated.replicates, estimated.value, replicates);
  return estimated;
}

}  // namespace

double Estimated::se(Index j) const { return std::sqrt(std::max(0.0, covariance(j, j))); }

Result<Matrix> linearised_covariance(const Sample& sample, const Matrix& influence, Domain domain) {
  CHECK(sample.sampling() != nullptr, "a replicated sample has no linearised variance");
  Matrix x = influence.array().colwise() * as_vector(sample.weights()).array();
  for (const auto& adjustment : sample.adjustments()) adjustment->apply(x);
  // An adjusted influence reaches outside the domain: the auxiliary totals are of everyone.
  return sample.sampling()->covariance(x, sample.adjustments().empty() ? domain : Domain{});
}

Result<Estimated> estimate(const Sample& sample, const Functional& functional,
                           const Progress& progress) {
  Estimated estimated;
  if (sample.replicates() != nullptr) {
    estimated = TRY(replicated(sample, functional, progress));
  } else {
    estimated.value = TRY(functional.value(sample.weights()));
    const Matrix influence = TRY(functional.influence(sample.weights(), estimated.value));
    estimated.covariance = TRY(linearised_covariance(sample, influence, functional.domain()));
  }
  estimated.df = sample.df(functional.domain());
  return estimated;
}

FunctionalPtr total_of(Matrix y, std::vector<uint8_t> domain) {
  return std::make_shared<Total>(std::move(y), std::move(domain));
}

FunctionalPtr mean_of(Matrix y, std::vector<uint8_t> domain) {
  return std::make_shared<Mean>(std::move(y), std::move(domain));
}

FunctionalPtr ratio_of(Matrix y, Matrix z, std::vector<uint8_t> domain) {
  return std::make_shared<RatioOfTotals>(std::move(y), std::move(z), std::move(domain));
}

FunctionalPtr stacked(std::vector<FunctionalPtr> parts) {
  return std::make_shared<Stacked>(std::move(parts));
}

FunctionalPtr derived(FunctionalPtr from, Smooth smooth) {
  return std::make_shared<Derived>(std::move(from), std::move(smooth));
}

Result<Estimated> delta_method(const Estimated& estimated, const Smooth& smooth) {
  Estimated result;
  result.value = TRY(smooth.value(estimated.value));
  const Matrix jacobian = smooth.jacobian(estimated.value);
  result.covariance = jacobian * estimated.covariance * jacobian.transpose();
  result.df = estimated.df;
  return result;
}

}  // namespace barometer
