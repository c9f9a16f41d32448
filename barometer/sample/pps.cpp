#include "barometer/sample/pps.h"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "barometer/sample/pps_internal.h"

namespace barometer {
namespace {

using Index = Eigen::Index;

// Room for rounding in joint probabilities that were computed.
constexpr double kRounding = 1e-9;

// All pairs of cases, or their own Δ alone.
class PairSampling final : public SamplingVariance {
 public:
  PairSampling(Matrix delta, JointEstimator estimator, SamplingVariancePtr structure)
      : delta_(std::move(delta)), estimator_(estimator), structure_(std::move(structure)) {}

  [[nodiscard]] size_t case_count() const override { return static_cast<size_t>(delta_.rows()); }
  [[nodiscard]] Result<Matrix> covariance(const Matrix& x, Domain /*domain*/) const override {
    CHECK(x.rows() == delta_.rows(), "one row of influence a case");
    Matrix sum = x.transpose() * (delta_ * x);
    if (estimator_ == JointEstimator::kYatesGrundy) {
      sum = yates_grundy(std::move(sum), x, delta_.rowwise().sum());
    }
    return checked_covariance(std::move(sum), x, name_of(estimator_));
  }
  [[nodiscard]] double df(std::span<const double> weights, Domain domain) const override {
    return structure_->df(weights, domain);
  }
  [[nodiscard]] std::string description() const override {
    return fmt::format("unequal probabilities with known joint probabilities, {} variance",
                       name_of(estimator_));
  }

 private:
  Matrix delta_;
  JointEstimator estimator_;
  SamplingVariancePtr structure_;
};

class PoissonSampling final : public SamplingVariance {
 public:
  PoissonSampling(Vector delta, SamplingVariancePtr structure)
      : delta_(std::move(delta)), structure_(std::move(structure)) {}

  [[nodiscard]] size_t case_count() const override { return static_cast<size_t>(delta_.size()); }
  [[nodiscard]] Result<Matrix> covariance(const Matrix& x, Domain /*domain*/) const override {
    CHECK(x.rows() == delta_.size(), "one row of influence a case");
    return Matrix(x.transpose() * delta_.asDiagonal() * x);
  }
  [[nodiscard]] double df(std::span<const double> weights, Domain domain) const override {
    return structure_->df(weights, domain);
  }
  [[nodiscard]] std::string description() const override { return "Poisson sampling"; }

 private:
  Vector delta_;
  SamplingVariancePtr structure_;
};

Result<SamplingVariancePtr> single_cases(size_t case_count, std::vector<int32_t> strata) {
  DesignSpec spec;
  spec.case_count = case_count;
  if (!strata.empty()) spec.strata = {std::move(strata)};
  spec.lonely_psu = LonelyPsu::kRemove;
  return nested_sampling(TRY(Design::make(std::move(spec))));
}

Status check_pair(const Matrix& joint, Index i, Index j) {
  const double pair = joint(i, j);
  const double most = std::min(joint(i, i), joint(j, j));
  const std::string place = fmt::format("joint probability of rows {} and {}", i + 1, j + 1);
  if (!(pair > 0)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the {} is {}, but both were drawn, so it is above 0", place, pair));
  }
  if (pair > most * (1 + kRounding)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the {} is {}, more than the probability {} of one of them", place,
                            pair, most));
  }
  if (std::abs(pair - joint(j, i)) > kRounding * pair) {
    return fail(ErrorCode::kInvalid, fmt::format("the {} is {} on one side of the diagonal and {} "
                                                 "on the other",
                                                 place, pair, joint(j, i)));
  }
  return {};
}

Status check_joint(const Matrix& joint) {
  if (joint.rows() != joint.cols()) {
    return fail(ErrorCode::kInvalid, fmt::format("a matrix of joint probabilities is square, not "
                                                 "{} by {}",
                                                 joint.rows(), joint.cols()));
  }
  const Vector single = joint.diagonal();
  TRY_DONE(check_probabilities(std::span(single.data(), static_cast<size_t>(single.size())),
                               static_cast<size_t>(single.size())));
  for (Index j = 0; j < joint.cols(); ++j) {
    for (Index i = 0; i < j; ++i) TRY_DONE(check_pair(joint, i, j));
  }
  return {};
}

}  // namespace

Status check_probabilities(std::span<const double> probabilities, size_t case_count) {
  if (probabilities.size() != case_count) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} probabilities for {} cases", probabilities.size(), case_count));
  }
  if (case_count == 0) return fail(ErrorCode::kInvalid, "there are no cases");
  for (size_t i = 0; i < probabilities.size(); ++i) {
    if (probabilities[i] > 0 && probabilities[i] <= 1) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("row {}: the probability {} is not above 0 and at most 1", i + 1,
                            probabilities[i]));
  }
  return {};
}

Result<std::vector<double>> unit_probabilities(const StageUnits& units,
                                               std::span<const double> of_cases, size_t stage) {
  std::vector<double> of_units(units.unit_count, 0.0);
  for (size_t i = 0; i < of_cases.size(); ++i) {
    double& kept = of_units[units.unit_of_case[i]];
    if (kept == 0) kept = of_cases[i];
    if (kept == of_cases[i]) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("row {}: the probability of its unit at stage {} is {}, but {} in "
                            "another row of the unit",
                            i + 1, stage + 1, of_cases[i], kept));
  }
  return of_units;
}

Matrix unit_totals(const StageUnits& units, const Matrix& x) {
  Matrix totals = Matrix::Zero(static_cast<Index>(units.unit_count), x.cols());
  for (Index i = 0; i < x.rows(); ++i) {
    totals.row(units.unit_of_case[static_cast<size_t>(i)]) += x.row(i);
  }
  return totals;
}

Result<Matrix> checked_covariance(Matrix covariance, const Matrix& x, const char* estimator) {
  covariance = (0.5 * (covariance + covariance.transpose())).eval();
  for (Index j = 0; j < covariance.cols(); ++j) {
    const double variance = covariance(j, j);
    if (variance >= -kRounding * x.col(j).squaredNorm()) continue;
    return fail(ErrorCode::kInvalid, fmt::format("the {} estimate of a variance is below 0 ({:g}); "
                                                 "another estimator may serve",
                                                 estimator, variance));
  }
  return covariance;
}

const char* name_of(JointEstimator estimator) {
  return estimator == JointEstimator::kYatesGrundy ? "Yates-Grundy" : "Horvitz-Thompson";
}

Matrix yates_grundy(Matrix horvitz_thompson, const Matrix& x, const Vector& row_sums) {
  horvitz_thompson -= x.transpose() * row_sums.asDiagonal() * x;
  return horvitz_thompson;
}

Result<std::vector<double>> pps_weights(const std::vector<std::vector<double>>& probabilities,
                                        std::span<const double> given) {
  if (probabilities.empty()) return fail(ErrorCode::kInvalid, "there are no probabilities");
  const size_t n = probabilities.front().size();
  std::vector<double> weights(n, 1.0);
  for (const std::vector<double>& stage : probabilities) {
    TRY_DONE(check_probabilities(stage, n));
    for (size_t i = 0; i < n; ++i) weights[i] /= stage[i];
  }
  if (given.empty()) return weights;
  if (given.size() != n) {
    return fail(ErrorCode::kInvalid, fmt::format("{} weights for {} cases", given.size(), n));
  }
  constexpr double kWrittenDigits = 1e-3;
  for (size_t i = 0; i < n; ++i) {
    if (std::abs(given[i] - weights[i]) <= kWrittenDigits * weights[i]) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("row {}: the weight {} is not the inverse {:g} of its probability",
                            i + 1, given[i], weights[i]));
  }
  return std::vector<double>(given.begin(), given.end());
}

Result<SamplingVariancePtr> joint_sampling(const Matrix& joint, JointEstimator estimator,
                                           std::vector<int32_t> strata) {
  TRY_DONE(check_joint(joint));
  const Vector single = joint.diagonal();
  Matrix delta = 1 - (single * single.transpose()).array() / joint.array();
  delta.diagonal() = 1 - single.array();
  auto structure = TRY(single_cases(static_cast<size_t>(joint.rows()), std::move(strata)));
  return std::make_shared<PairSampling>(std::move(delta), estimator, std::move(structure));
}

Result<SamplingVariancePtr> poisson_sampling(const std::vector<double>& probabilities) {
  TRY_DONE(check_probabilities(probabilities, probabilities.size()));
  auto structure = TRY(single_cases(probabilities.size(), {}));
  Vector delta =
      1 - Eigen::Map<const Vector>(probabilities.data(), static_cast<Index>(probabilities.size()))
              .array();
  return std::make_shared<PoissonSampling>(std::move(delta), std::move(structure));
}

}  // namespace barometer
