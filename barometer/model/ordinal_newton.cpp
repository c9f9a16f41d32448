#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>
#include <Eigen/Dense>

#include "barometer/base/text.h"
#include "barometer/model/ordinal_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr int kMaxHalvings = 40;
constexpr int kRunawaySteps = 3;
constexpr double kRunawayStep = 0.01;
constexpr double kStillDeviance = 1e-12;
constexpr double kRoundingStep = 1e-9;
constexpr double kSmallest = 1e-300;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double below(OrdinalLink link, double z) {
  if (link == OrdinalLink::kProbit) return std::erfc(-z / std::numbers::sqrt2) / 2;
  return z > 0 ? 1 / (1 + std::exp(-z)) : std::exp(z) / (1 + std::exp(z));
}
double density(OrdinalLink link, double z) {
  if (std::isinf(z)) return 0;
  if (link == OrdinalLink::kProbit) {
    return std::exp(-z * z / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  }
  return below(link, z) * below(link, -z);
}
double density_slope(OrdinalLink link, double z) {
  if (std::isinf(z)) return 0;
  if (link == OrdinalLink::kProbit) return -z * density(link, z);
  return density(link, z) * (below(link, -z) - below(link, z));
}
// F(upper) - F(lower), from the side where both are small.
double between(OrdinalLink link, double lower, double upper) {
  if (lower > 0) return below(link, -lower) - below(link, -upper);
  return below(link, upper) - below(link, lower);
}

struct Bounds {
  double lower, upper;  // of η-free ζ: the case's level lies between
};

Bounds bounds_of(const OrdinalData& data, const Vector& inner, int level, double eta) {
  const Index p = data.slopes();
  return {level == 0 ? -kInfinity : inner(p + level - 1) - eta,
          level == data.cuts() ? kInfinity : inner(p + level) - eta};
}

Vector eta_of(const OrdinalData& data, const Vector& inner) {
  if (data.slopes() == 0) return Vector::Zero(static_cast<Index>(data.rows.size()));
  return data.basis.basis * inner.head(data.slopes());
}

// Derivatives of log P by the upper and the lower bound.
struct Derivatives {
  double upper = 0, lower = 0;              // first
  double upper2 = 0, lower2 = 0, both = 0;  // second
};

Derivatives derivatives_of(OrdinalLink link, const Bounds& bounds) {
  // A case without weight may be off the end of double; its score is multiplied by 0.
  const double p = std::max(between(link, bounds.lower, bounds.upper), kSmallest);
  const double up = density(link, bounds.upper) / p;
  const double low = density(link, bounds.lower) / p;
  return {up, -low, density_slope(link, bounds.upper) / p - up * up,
          -density_slope(link, bounds.lower) / p - low * low, up * low};
}

// The score of each case: cases × (slopes + cuts).
Matrix scores_of(const OrdinalData& data, const Vector& inner) {
  const Index p = data.slopes();
  const Vector eta = eta_of(data, inner);
  Matrix scores = Matrix::Zero(eta.size(), p + data.cuts());
  for (Index i = 0; i < eta.size(); ++i) {
    const int level = data.y[static_cast<size_t>(i)];
    const Derivatives d = derivatives_of(data.options.link, bounds_of(data, inner, level, eta(i)));
    if (p > 0) scores.row(i).head(p) = -(d.upper + d.lower) * data.basis.basis.row(i);
    if (level < data.cuts()) scores(i, p + level) = d.upper;
    if (level > 0) scores(i, p + level - 1) = d.lower;
  }
  return scores;
}

class Newton {
 public:
  Newton(const OrdinalData& data, const Vector& weights)
      : data_(data),
        weights_(weights * (static_cast<double>((weights.array() > 0).count()) / weights.sum())) {}

  Result<OrdinalSolution> run(const Vector& start) {
    TRY_DONE(begin(start));
    for (int round = 1; round <= data_.options.max_iterations; ++round) {
      TRY_DONE(advance());
      if (settled()) return OrdinalSolution{data_.to_outer() * inner_, round};
      if (runaway_ == kRunawaySteps) return tl::unexpected(runaway());
    }
    return fail(ErrorCode::kInvalid,
                fmt::format("no convergence in {} iterations", data_.options.max_iterations));
  }

 private:
  // Cutpoints at the cumulative shares, no slopes.
  Status begin(const Vector& start) {
    Vector shares = Vector::Zero(data_.cuts() + 1);
    for (size_t i = 0; i < data_.y.size(); ++i) {
      shares(data_.y[i]) += weights_(static_cast<Index>(i));
    }
    for (Index k = 0; k < shares.size(); ++k) {
      if (shares(k) > 0) continue;
      return fail(ErrorCode::kInvalid, fmt::format("no case with a weight has the level '{}'",
                                                   data_.levels[static_cast<size_t>(k)]));
    }
    if (start.size() > 0) {
      inner_ = data_.inner(start);
      value_ = ordinal_log_likelihood(data_, weights_, inner_);
      if (std::isfinite(value_)) return {};
    }
    inner_ = Vector::Zero(data_.slopes() + data_.cuts());
    double share = 0;
    const GlmLink link =
        data_.options.link == OrdinalLink::kLogit ? GlmLink::kLogit : GlmLink::kProbit;
    for (Index k = 0; k < data_.cuts(); ++k) {
      share += shares(k) / weights_.sum();
      inner_(data_.slopes() + k) = link_of(link, share);
    }
    value_ = ordinal_log_likelihood(data_, weights_, inner_);
    return {};
  }

  Status advance() {
    const Matrix information = ordinal_information(data_, weights_, inner_);
    if (weak_pivot(information) >= 0) return tl::unexpected(unsolvable(weak_pivot(information)));
    const Vector score = scores_of(data_, inner_).transpose() * weights_;
    Vector step = information.llt().solve(score);
    const Vector from = inner_;
    const double before = value_;
    const double slack = kRoundingStep * (std::abs(before) + 1e-3);
    for (int half = 0; half < kMaxHalvings; ++half, step /= 2) {
      const Vector candidate = from + step;
      const double value = ordinal_log_likelihood(data_, weights_, candidate);
      if (!std::isfinite(value) || value < before - slack) continue;
      inner_ = candidate;
      value_ = value;
      break;
    }
    last_step_ = step;
    previous_ = change_;
    change_ =
        eta_of(data_, step).cwiseAbs().maxCoeff() + step.tail(data_.cuts()).cwiseAbs().maxCoeff();
    const bool still = std::abs(value_ - before) <= kStillDeviance * (std::abs(value_) + 0.1);
    runaway_ = still && change_ > kRunawayStep ? runaway_ + 1 : 0;
    return {};
  }

  [[nodiscard]] bool settled() const {
    const double unit = 1 + eta_of(data_, inner_).cwiseAbs().maxCoeff() +
                        inner_.tail(data_.cuts()).cwiseAbs().maxCoeff();
    if (change_ <= data_.options.tolerance * unit) return true;
    return change_ <= kRoundingStep * unit && previous_ > 0 && change_ > previous_ / 2;
  }

  // At the first step a column is a combination; later it has run away.
  [[nodiscard]] Error unsolvable(Index weak) const {
    if (last_step_.size() > 0) return runaway();
    if (weak < data_.slopes()) {
      return {ErrorCode::kInvalid,
              fmt::format("the column '{}' is constant, or a combination of the columns before "
                          "it, among the cases with a weight",
                          data_.columns[static_cast<size_t>(weak)])};
    }
    return {ErrorCode::kInvalid, "the cutpoints cannot be told apart"};
  }

  [[nodiscard]] Error runaway() const {
    if (data_.slopes() == 0) return {ErrorCode::kInvalid, "the cutpoints grow without bound"};
    const Vector step = (data_.to_outer() * last_step_).head(data_.slopes());
    return {ErrorCode::kInvalid,
            fmt::format("the coefficient of '{}' grows without bound: it tells levels of the "
                        "response apart completely (separation); leave it out or join categories",
                        data_.columns[runaway_column(step, data_.spread)])};
  }

  const OrdinalData& data_;
  const Vector weights_;
  Vector inner_;
  double value_ = 0;
  Vector last_step_;
  double change_ = 0, previous_ = 0;
  int runaway_ = 0;
};

}  // namespace

std::vector<std::string> OrdinalData::labels() const {
  std::vector<std::string> all = columns;
  for (size_t k = 1; k < levels.size(); ++k) all.push_back(levels[k - 1] + "|" + levels[k]);
  return all;
}

Matrix OrdinalData::to_outer() const {
  const Index p = slopes();
  Matrix map = Matrix::Identity(p + cuts(), p + cuts());
  if (p == 0) return map;
  const Matrix inverse =
      basis.triangle.triangularView<Eigen::Upper>().solve(Matrix::Identity(p, p));
  map.topLeftCorner(p, p) = inverse;
  map.bottomLeftCorner(cuts(), p).rowwise() = centre.transpose() * inverse;
  return map;
}

Vector OrdinalData::inner(const Vector& outer) const {
  const Index p = slopes();
  Vector made = outer;
  if (p == 0) return made;
  made.head(p) = basis.triangle.triangularView<Eigen::Upper>() * outer.head(p);
  made.tail(cuts()).array() -= centre.dot(outer.head(p));
  return made;
}

Status set_columns(OrdinalData& data, const ModelMatrix& matrix) {
  std::vector<Index> chosen;
  for (size_t j = 0; j < matrix.columns.size(); ++j) {
    if (matrix.term_of_column[j] >= matrix.terms.size()) continue;
    chosen.push_back(static_cast<Index>(j));
    data.columns.push_back(matrix.columns[j]);
  }
  if (chosen.empty()) return {};
  Matrix x(static_cast<Index>(data.rows.size()), data.slopes());
  for (Index i = 0; i < x.rows(); ++i) {
    for (Index j = 0; j < x.cols(); ++j) {
      x(i, j) = matrix.x(static_cast<Index>(data.rows[static_cast<size_t>(i)]),
                         chosen[static_cast<size_t>(j)]);
    }
  }
  data.spread = column_spread(x);
  for (Index j = 0; j < x.cols(); ++j) {
    if (data.spread(j) > 0) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("the column '{}' is constant", data.columns[static_cast<size_t>(j)]));
  }
  data.centre = x.transpose() * data.weights / data.weights.sum();
  x.rowwise() -= data.centre.transpose();
  data.basis = TRY(column_basis(x, data.weights, data.columns));
  return {};
}

Result<OrdinalSolution> solve_ordinal(const OrdinalData& data, const Vector& weights,
                                      const Vector& start) {
  return Newton(data, weights).run(start);
}

double ordinal_log_likelihood(const OrdinalData& data, const Vector& weights, const Vector& inner) {
  for (Index k = 1; k < data.cuts(); ++k) {
    if (!(inner(data.slopes() + k) > inner(data.slopes() + k - 1))) return -kInfinity;
  }
  const Vector eta = eta_of(data, inner);
  double sum = 0;
  for (Index i = 0; i < eta.size(); ++i) {
    if (weights(i) == 0) continue;
    const Bounds bounds = bounds_of(data, inner, data.y[static_cast<size_t>(i)], eta(i));
    sum += weights(i) * std::log(between(data.options.link, bounds.lower, bounds.upper));
  }
  return sum;
}

Matrix ordinal_information(const OrdinalData& data, const Vector& weights, const Vector& inner) {
  const Index p = data.slopes();
  const Vector eta = eta_of(data, inner);
  Matrix information = Matrix::Zero(p + data.cuts(), p + data.cuts());
  Vector of_eta = Vector::Zero(eta.size());
  Matrix crossed = Matrix::Zero(eta.size(), data.cuts());  // by η and each cutpoint
  for (Index i = 0; i < eta.size(); ++i) {
    if (weights(i) == 0) continue;
    const int level = data.y[static_cast<size_t>(i)];
    const Derivatives d = derivatives_of(data.options.link, bounds_of(data, inner, level, eta(i)));
    of_eta(i) = -weights(i) * (d.upper2 + 2 * d.both + d.lower2);
    const bool upper = level < data.cuts();
    const bool lower = level > 0;
    if (upper) {
      crossed(i, level) = weights(i) * (d.upper2 + d.both);
      information(p + level, p + level) -= weights(i) * d.upper2;
    }
    if (lower) {
      crossed(i, level - 1) = weights(i) * (d.lower2 + d.both);
      information(p + level - 1, p + level - 1) -= weights(i) * d.lower2;
    }
    if (upper && lower) {
      information(p + level, p + level - 1) -= weights(i) * d.both;
      information(p + level - 1, p + level) -= weights(i) * d.both;
    }
  }
  if (p == 0) return information;
  information.topLeftCorner(p, p) = weighted_gram(data.basis.basis, of_eta.cwiseMax(0));
  information.topRightCorner(p, data.cuts()) = data.basis.basis.transpose() * crossed;
  information.bottomLeftCorner(data.cuts(), p) =
      information.topRightCorner(p, data.cuts()).transpose();
  return information;
}

Vector ordinal_probabilities(const OrdinalData& data, const Vector& inner, Index at) {
  const double eta =
      data.slopes() == 0 ? 0 : data.basis.basis.row(at).dot(inner.head(data.slopes()));
  Vector probabilities(data.cuts() + 1);
  for (int level = 0; level <= data.cuts(); ++level) {
    const Bounds bounds = bounds_of(data, inner, level, eta);
    probabilities(level) = between(data.options.link, bounds.lower, bounds.upper);
  }
  return probabilities;
}

Result<Vector> OrdinalFunctional::value(std::span<const double> weights) const {
  const Vector w = TRY(model_weights(weights, data_->rows));
  return TRY(solve_ordinal(*data_, w, start_)).values;
}

Result<Matrix> OrdinalFunctional::influence(std::span<const double> weights,
                                            const Vector& value) const {
  const OrdinalData& data = *data_;
  const Vector w = TRY(model_weights(weights, data.rows));
  const Vector inner = data.inner(value);
  const Matrix information = ordinal_information(data, w, inner);
  const Matrix compact =
      scores_of(data, inner) * information.llt().solve(data.to_outer().transpose());
  Matrix influence = Matrix::Zero(static_cast<Index>(weights.size()), compact.cols());
  for (size_t i = 0; i < data.rows.size(); ++i) {
    influence.row(static_cast<Index>(data.rows[i])) = compact.row(static_cast<Index>(i));
  }
  return influence;
}

}  // namespace barometer
