#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <Eigen/Dense>

#include "barometer/model/glm_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr int kMaxHalvings = 40;
constexpr int kRunawaySteps = 3;       // with a still deviance
constexpr double kRunawayStep = 0.01;  // of η
constexpr double kStillDeviance = 1e-12;
constexpr double kRoundingStep = 1e-9;
constexpr double kStopOfR = 1e-8;  // glm.control
constexpr int kIterationsOfR = 25;

// Score and information of each case, as factors of its row of the basis.
struct Working {
  Vector score;
  Vector information;
};

Working working_of(const GlmData& data, const Vector& weights, const Vector& eta) {
  Working working{Vector::Zero(eta.size()), Vector::Zero(eta.size())};
  for (Index i = 0; i < eta.size(); ++i) {
    if (weights(i) == 0) continue;
    const double mu = mean_at(data.link(), eta(i));
    const double slope = mean_slope(data.link(), eta(i));
    const double variance = variance_at(data.options.family, mu);
    working.score(i) = weights(i) * slope * (data.y(i) - mu) / variance;
    working.information(i) = weights(i) * slope * slope / variance;
  }
  return working;
}

// R's first means: of each response by itself, drawn a little inside.
double first_mean(GlmFamily family, double y, double weight) {
  switch (family) {
    case GlmFamily::kBinomial:
      return (weight * y + 0.5) / (weight + 1);
    case GlmFamily::kPoisson:
      return y + 0.1;
    case GlmFamily::kGaussian:
    case GlmFamily::kGamma:
      return y;
  }
  return y;
}

class Irls {
 public:
  Irls(const GlmData& data, const Vector& weights)
      : data_(data),
        weights_(weights * (static_cast<double>((weights.array() > 0).count()) / weights.sum())) {}

  Result<GlmSolution> run(const Vector& start) {
    TRY_DONE(begin(start));
    if (gamma_.size() == 0) return GlmSolution{};
    for (int round = 1; round <= data_.options.max_iterations; ++round) {
      TRY_DONE(advance());
      if (settled()) return GlmSolution{step_in_columns(gamma_), round};
      if (runaway_ == kRunawaySteps) return tl::unexpected(runaway());
    }
    return tl::unexpected(
        Error{ErrorCode::kInvalid,
              fmt::format("no convergence in {} iterations: the coefficient of '{}' still moves",
                          data_.options.max_iterations, runaway_name())});
  }

 private:
  Status begin(const Vector& start) {
    if (start.size() > 0) {
      if (take(data_.basis.triangle.triangularView<Eigen::Upper>() * start)) return {};
    }
    Vector eta(data_.y.size());
    for (Index i = 0; i < eta.size(); ++i) {
      eta(i) = link_of(data_.link(), first_mean(data_.options.family, data_.y(i), 1));
    }
    const Working working = working_of(data_, weights_, eta);
    const Vector toward = working.information.cwiseProduct(eta) + working.score;
    if (take(TRY(solved(working.information, toward)))) return {};
    const double mean = weights_.dot(data_.y) / weights_.sum();
    const Vector constant = weights_ * link_of(data_.link(), mean);
    if (take(TRY(solved(weights_, constant)))) return {};
    return fail(ErrorCode::kInvalid,
                fmt::format("with the {} link no coefficients give every case a mean; try the log "
                            "link",
                            name_of(data_.link())));
  }

  // (Bᵀ information B)⁻¹ Bᵀ score
  Result<Vector> solved(const Vector& information, const Vector& score) {
    const Matrix gram = weighted_gram(data_.basis.basis, information);
    if (const Index weak = weak_pivot(gram); weak >= 0) {
      if (moved_) return tl::unexpected(runaway());
      return fail(ErrorCode::kInvalid,
                  fmt::format("the column '{}' is 0, or a combination of the columns before it, "
                              "among the cases with a weight",
                              data_.columns[static_cast<size_t>(weak)]));
    }
    return Vector(gram.llt().solve(data_.basis.basis.transpose() * score));
  }

  bool take(const Vector& gamma) {
    const Vector eta = data_.basis.basis * gamma;
    for (Index i = 0; i < eta.size(); ++i) {
      if (weights_(i) > 0 && !eta_allowed(data_.link(), eta(i))) return false;
    }
    const double deviance = glm_deviance(data_, weights_, eta);
    if (!std::isfinite(deviance)) return false;
    gamma_ = gamma;
    eta_ = eta;
    deviance_ = deviance;
    return true;
  }

  Status advance() {
    const Working working = working_of(data_, weights_, eta_);
    Vector step = TRY(solved(working.information, working.score));
    const Vector from = gamma_;
    const double before = deviance_;
    const double slack =
        kRoundingStep * (std::abs(before) + 1e-3 * static_cast<double>(eta_.size()));
    const bool linear = data_.link() == GlmLink::kIdentity;
    for (int half = 0; half < kMaxHalvings; ++half) {
      if (take(from + step) && (linear || deviance_ <= before + slack)) break;
      step /= 2;
    }
    moved_ = true;
    last_step_ = step;
    previous_ = change_;
    change_ = 0;
    const Vector change = data_.basis.basis * step;
    for (Index i = 0; i < change.size(); ++i) {
      if (weights_(i) > 0) change_ = std::max(change_, std::abs(change(i)));
    }
    const bool still = std::abs(deviance_ - before) <= kStillDeviance * (std::abs(deviance_) + 0.1);
    runaway_ = still && !linear && change_ > kRunawayStep ? runaway_ + 1 : 0;
    return {};
  }

  // The last change is below the tolerance, or is rounding that does not get smaller.
  [[nodiscard]] bool settled() const {
    double largest = 0;
    for (Index i = 0; i < eta_.size(); ++i) {
      if (weights_(i) > 0) largest = std::max(largest, std::abs(eta_(i)));
    }
    const double unit = unit_of_eta() + largest;
    if (change_ <= data_.options.tolerance * unit) return true;
    return change_ <= kRoundingStep * unit && previous_ > 0 && change_ > previous_ / 2;
  }

  [[nodiscard]] double unit_of_eta() const {
    if (data_.link() == GlmLink::kInverse) return 0;
    if (data_.link() == GlmLink::kIdentity) return data_.y.cwiseAbs().maxCoeff();
    return 1;
  }

  [[nodiscard]] Vector step_in_columns(const Vector& gamma) const {
    return data_.basis.triangle.triangularView<Eigen::Upper>().solve(gamma);
  }

  [[nodiscard]] const std::string& runaway_name() const {
    return data_.columns[runaway_column(step_in_columns(last_step_), data_.spread)];
  }

  [[nodiscard]] Error runaway() const {
    const bool binomial = data_.options.family == GlmFamily::kBinomial;
    return {ErrorCode::kInvalid,
            fmt::format("the coefficient of '{}' grows without bound: among cases that it tells "
                        "apart the response is {} (separation); leave it out or join categories",
                        runaway_name(), binomial ? "always 0 or always 1" : "always 0")};
  }

  const GlmData& data_;
  const Vector weights_;  // of mean 1 among those above 0
  Vector gamma_, eta_;
  double deviance_ = 0;
  Vector last_step_;
  double change_ = 0, previous_ = 0;  // of η
  int runaway_ = 0;
  bool moved_ = false;
};

}  // namespace

Vector GlmData::eta_of(const Vector& beta) const {
  return basis.basis * (basis.triangle.triangularView<Eigen::Upper>() * beta);
}

double glm_deviance(const GlmData& data, const Vector& weights, const Vector& eta) {
  double sum = 0;
  for (Index i = 0; i < eta.size(); ++i) {
    if (weights(i) == 0) continue;
    sum += weights(i) * unit_deviance(data.options.family, data.y(i), mean_at(data.link(), eta(i)));
  }
  return sum;
}

Matrix glm_information(const GlmData& data, const Vector& weights, const Vector& eta) {
  return weighted_gram(data.basis.basis, working_of(data, weights, eta).information);
}

GlmSolution solve_as_r(const GlmData& data, const Vector& weights, const Vector& start) {
  const auto triangle = data.basis.triangle.triangularView<Eigen::Upper>();
  const auto deviance_at = [&](const Vector& eta) { return glm_deviance(data, weights, eta); };
  Vector eta = start.size() > 0 ? data.eta_of(start) : Vector(data.y.size());
  for (Index i = 0; start.size() == 0 && i < eta.size(); ++i) {
    eta(i) = link_of(data.link(), first_mean(data.options.family, data.y(i), weights(i)));
  }
  GlmSolution solution;
  double deviance = deviance_at(eta);
  while (solution.iterations < kIterationsOfR) {
    const Working working = working_of(data, weights, eta);
    const Vector toward = working.information.cwiseProduct(eta) + working.score;
    const Vector gamma = weighted_gram(data.basis.basis, working.information)
                             .llt()
                             .solve(data.basis.basis.transpose() * toward);
    solution.eta_before = eta;
    solution.beta = triangle.solve(gamma);
    eta = data.basis.basis * gamma;
    ++solution.iterations;
    const double before = deviance;
    deviance = deviance_at(eta);
    if (std::abs(deviance - before) / (std::abs(deviance) + 0.1) < kStopOfR) break;
  }
  return solution;
}

Result<GlmSolution> solve_glm(const GlmData& data, const Vector& weights, const Vector& start) {
  GlmSolution solution = TRY(Irls(data, weights).run(start));
  if (!data.options.stop_as_r || solution.beta.size() == 0) return solution;
  const double scale = start.size() == 0 ? data.mean_weight : weights.sum();
  GlmSolution of_r = solve_as_r(data, weights / scale, start);
  // Where R's steps leave the means that its link allows, the exact solution stands.
  return of_r.beta.allFinite() ? of_r : solution;
}

Result<Vector> GlmFunctional::value(std::span<const double> weights) const {
  const Vector w = TRY(model_weights(weights, data_->rows));
  if (data_->options.stop_as_r && w == data_->weights) return full_.beta;
  return TRY(solve_glm(*data_, w, full_.beta)).beta;
}

Result<Matrix> GlmFunctional::influence(std::span<const double> weights,
                                        const Vector& value) const {
  const GlmData& data = *data_;
  const Vector w = TRY(model_weights(weights, data.rows));
  const Vector eta = data.eta_of(value);
  const bool behind = full_.eta_before.size() > 0;
  const Matrix information = glm_information(data, w, behind ? full_.eta_before : eta);
  const Vector ones = Vector::Ones(w.size());
  const Working now = working_of(data, ones, eta);
  Vector score = now.score;
  if (behind) {
    // R's score: the residual now, the weight of the step before.
    score = now.score.cwiseQuotient(now.information)
                .cwiseProduct(working_of(data, ones, full_.eta_before).information);
  }
  // Rows score_i b_iᵀ G⁻¹, from γ to β by R⁻¹.
  const Matrix to_beta = data.basis.triangle.triangularView<Eigen::Upper>().solve(
      information.llt().solve(Matrix::Identity(information.rows(), information.cols())));
  const Matrix compact = (data.basis.basis * to_beta.transpose()).array().colwise() * score.array();
  Matrix influence = Matrix::Zero(static_cast<Index>(weights.size()), compact.cols());
  for (size_t i = 0; i < data.rows.size(); ++i) {
    influence.row(static_cast<Index>(data.rows[i])) = compact.row(static_cast<Index>(i));
  }
  return influence;
}

}  // namespace barometer
