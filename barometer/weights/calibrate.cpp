#include "barometer/weights/calibrate.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <Eigen/Dense>

#include "barometer/base/text.h"
#include "barometer/weights/auxiliary_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

// R's grake: weights this many times too small (for every total) are scaled before Newton's steps.
constexpr double kFarTooSmall = 20;
constexpr double kPinvTolerance = 256 * std::numeric_limits<double>::epsilon();

bool is_plain_linear(const CalibrateOptions& options) {
  return options.distance == CalibrationDistance::kLinear && !std::isfinite(options.lower) &&
         !std::isfinite(options.upper);
}

// F(u) and its derivative.
class Distance {
 public:
  explicit Distance(const CalibrateOptions& options)
      : kind_(options.distance), lower_(options.lower), upper_(options.upper) {}

  [[nodiscard]] double f(double u) const {
    switch (kind_) {
      case CalibrationDistance::kLinear:
        return cut(1 + u);
      case CalibrationDistance::kRaking:
        return cut(std::exp(u));
      case CalibrationDistance::kLogit:
        break;
    }
    const auto [rise, fall] = logit_parts(u);
    return (lower_ * (upper_ - 1) * fall + upper_ * (1 - lower_) * rise) /
           ((upper_ - 1) * fall + (1 - lower_) * rise);
  }
  [[nodiscard]] double derivative(double u) const {
    const auto inside = [&](double g) { return g > lower_ && g < upper_; };
    switch (kind_) {
      case CalibrationDistance::kLinear:
        return inside(1 + u) ? 1 : 0;
      case CalibrationDistance::kRaking:
        return inside(std::exp(u)) ? std::exp(u) : 0;
      case CalibrationDistance::kLogit:
        break;
    }
    const auto [rise, fall] = logit_parts(u);
    const double under = (upper_ - 1) * fall + (1 - lower_) * rise;
    return (upper_ - lower_) * (upper_ - lower_) * rise * fall / (under * under);
  }

 private:
  [[nodiscard]] double cut(double g) const { return std::min(std::max(g, lower_), upper_); }
  // exp(Au) over 1, or 1 over exp(-Au): neither grows beyond all numbers.
  [[nodiscard]] std::pair<double, double> logit_parts(double u) const {
    const double at = u * (upper_ - lower_) / ((upper_ - 1) * (1 - lower_));
    return at > 0 ? std::pair(1.0, std::exp(-at)) : std::pair(std::exp(at), 1.0);
  }

  CalibrationDistance kind_;
  double lower_, upper_;
};

// Finds g for weights of the cells: of the full sample, or of a replicate.
class Calibrator {
 public:
  struct Found {
    Vector g;         // by cell
    Vector achieved;  // totals after
    bool converged = true;
    bool rescaled = false;
    size_t iterations = 0;
  };

  Calibrator(const Auxiliary& auxiliary, const AuxiliaryBasis& basis,
             const CalibrateOptions& options)
      : auxiliary_(auxiliary), basis_(basis), options_(options), distance_(options) {}

  // nullopt-like: kInvalid when the totals of a replicate cannot be solved for.
  [[nodiscard]] Result<Found> find(Vector w) const {
    return is_plain_linear(options_) ? linear(w) : newton(std::move(w));
  }

 private:
  [[nodiscard]] Vector totals(const Vector& w, const Vector& g) const {
    return auxiliary_.x.transpose() * w.cwiseProduct(g);
  }
  [[nodiscard]] Matrix cross(const Vector& w, const Vector& derivative) const {
    const Vector scale = w.array() * derivative.array() / auxiliary_.variance.array();
    return basis_.basis.transpose() * scale.asDiagonal() * basis_.basis;
  }
  [[nodiscard]] Vector u_of(const Vector& eta) const {
    return (basis_.basis * eta).cwiseQuotient(auxiliary_.variance);
  }

  [[nodiscard]] Result<Found> linear(const Vector& w) const {
    const Vector ones = Vector::Ones(w.size());
    const Vector misfit = auxiliary_.population - totals(w, ones);
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(cross(w, ones));
    const double largest = solver.eigenvalues().cwiseAbs().maxCoeff();
    if (!(solver.eigenvalues().minCoeff() > 1e-14 * largest)) {
      return fail(ErrorCode::kInvalid,
                  "its weights leave too little of the auxiliary variables to calibrate on");
    }
    const Vector eta = solver.eigenvectors() *
                       (solver.eigenvectors().transpose() * (basis_.to_basis.transpose() * misfit))
                           .cwiseQuotient(solver.eigenvalues());
    Found found;
    found.g = ones + u_of(eta);
    found.achieved = totals(w, found.g);
    return found;
  }

  // The least step that mends the misfit, by the pseudo-inverse: cut cells have derivative 0.
  [[nodiscard]] Vector step(const Vector& w, const Vector& u, const Vector& misfit) const {
    const Vector derivative = u.unaryExpr([&](double at) { return distance_.derivative(at); });
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(cross(w, derivative));
    const double least = kPinvTolerance * solver.eigenvalues().cwiseAbs().maxCoeff();
    const Vector inverse = solver.eigenvalues().unaryExpr(
        [&](double value) { return std::abs(value) > least ? 1 / value : 0.0; });
    return solver.eigenvectors() * inverse.cwiseProduct(solver.eigenvectors().transpose() *
                                                        (basis_.to_basis.transpose() * misfit));
  }
  [[nodiscard]] bool finite(const Vector& u) const {
    return std::ranges::all_of(u, [&](double at) {
      return std::isfinite(distance_.f(at)) && std::isfinite(distance_.derivative(at));
    });
  }
  [[nodiscard]] bool met(const Vector& misfit) const {
    const auto allowed = options_.epsilon * (1 + auxiliary_.population.array().abs());
    return (misfit.array().abs() < allowed).all();
  }

  [[nodiscard]] Result<Found> newton(Vector w) const {
    Found found;
    double scale = 1;
    const Vector ratios = auxiliary_.population.cwiseQuotient(totals(w, Vector::Ones(w.size())));
    if (ratios.allFinite() && ratios.minCoeff() > kFarTooSmall) {
      scale = ratios.mean();
      w *= scale;
      found.rescaled = true;
    }
    const auto f = [&](double at) { return distance_.f(at); };
    Vector eta = Vector::Zero(basis_.basis.cols());
    Vector u = Vector::Zero(w.size());
    Vector misfit = auxiliary_.population - totals(w, u.unaryExpr(f));
    size_t iteration = 1;
    while (true) {
      Vector change = step(w, u, misfit);
      eta += change;
      u = u_of(eta);
      while (iteration < options_.max_iterations && !finite(u)) {
        ++iteration;
        change /= 2;
        eta -= change;
        u = u_of(eta);
      }
      if (!finite(u)) {
        return fail(ErrorCode::kInvalid,
                    "the totals cannot be met: the weights grow beyond all numbers");
      }
      found.g = u.unaryExpr(f);
      found.achieved = totals(w, found.g);
      misfit = auxiliary_.population - found.achieved;
      if (met(misfit)) break;
      if (++iteration > options_.max_iterations) {
        found.converged = false;
        break;
      }
    }
    found.iterations = std::min(iteration, options_.max_iterations);
    found.g *= scale;
    return found;
  }

  const Auxiliary& auxiliary_;
  const AuxiliaryBasis& basis_;
  const CalibrateOptions& options_;
  Distance distance_;
};

class Calibrated final : public Adjustment {
 public:
  Calibrated(const Auxiliary& auxiliary, Matrix basis, Vector variance, Vector g,
             std::string description)
      : cell_of_case_(auxiliary.cell_of_case),
        case_weights_(auxiliary.case_weights),
        basis_(std::move(basis)),
        variance_(std::move(variance)),
        g_(std::move(g)),
        description_(std::move(description)) {}

  void apply(Matrix& x) const override {
    Vector sums(g_.size());
    for (Index j = 0; j < x.cols(); ++j) {
      sums.setZero();
      for (Index i = 0; i < x.rows(); ++i) {
        if (const int32_t cell = cell_at(i); cell >= 0) sums[cell] += x(i, j);
      }
      for (Index c = 0; c < sums.size(); ++c) {
        sums[c] = g_[c] == 0 ? 0 : sums[c] / (g_[c] * variance_[c]);
      }
      const Vector fitted = (basis_ * (basis_.transpose() * sums)).cwiseProduct(g_);
      for (Index i = 0; i < x.rows(); ++i) {
        const int32_t cell = cell_at(i);
        if (cell >= 0) x(i, j) -= case_weights_[static_cast<size_t>(i)] * fitted[cell];
      }
    }
  }
  [[nodiscard]] std::string description() const override { return description_; }

 private:
  [[nodiscard]] int32_t cell_at(Index i) const { return cell_of_case_[static_cast<size_t>(i)]; }

  std::vector<int32_t> cell_of_case_;
  std::vector<double> case_weights_;
  Matrix basis_;
  Vector variance_;
  Vector g_;
  std::string description_;
};

Status check_options(const CalibrateOptions& options) {
  if (!(options.lower < options.upper)) {
    return fail(ErrorCode::kInvalid, fmt::format("the lower bound {} is not below the upper {}",
                                                 options.lower, options.upper));
  }
  const bool both = std::isfinite(options.lower) && std::isfinite(options.upper);
  if (options.distance == CalibrationDistance::kLogit &&
      !(both && options.lower < 1 && options.upper > 1)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("logit calibration needs finite bounds on both sides of 1, not {} and "
                            "{}",
                            options.lower, options.upper));
  }
  if (!(options.epsilon > 0) || options.max_iterations == 0) {
    return fail(ErrorCode::kInvalid,
                "calibration needs an epsilon above 0 and at least one iteration");
  }
  return {};
}

std::string describe(const Formula& formula, const CalibrateOptions& options) {
  std::string text = fmt::format("calibrated on {} ({}", formula.text(), name_of(options.distance));
  if (std::isfinite(options.lower) || std::isfinite(options.upper)) {
    text += fmt::format(", g between {:.10g} and {:.10g}", options.lower, options.upper);
  }
  if (!options.aggregate.empty()) {
    text += fmt::format(", by {}", join(options.aggregate, " × "));
  }
  if (!options.variance.empty()) text += fmt::format(", variance {}", options.variance);
  return text + ")";
}

// "'stypeH' is 755 in the population and 701.2 after, 53.8 off"
std::string worst_text(const Auxiliary& auxiliary, const Vector& achieved) {
  const Vector off = (auxiliary.population - achieved).cwiseAbs();
  Index worst = 0;
  off.cwiseQuotient((1 + auxiliary.population.array().abs()).matrix()).maxCoeff(&worst);
  return fmt::format("'{}' is {:.10g} in the population and {:.10g} after, {:.4g} off",
                     auxiliary.columns[static_cast<size_t>(worst)], auxiliary.population[worst],
                     achieved[worst], off[worst]);
}

std::string failure_text(const Auxiliary& auxiliary, const Calibrator::Found& found,
                         const CalibrateOptions& options) {
  const bool bounded = std::isfinite(options.lower) || std::isfinite(options.upper);
  return fmt::format("the totals are not met after {} iterations: {}{}", found.iterations,
                     worst_text(auxiliary, found.achieved),
                     bounded ? fmt::format("; the bounds {:.10g} and {:.10g} may be too narrow",
                                           options.lower, options.upper)
                             : "");
}

// g of the full sample and of each replicate.
Result<Matrix> factors_of(const Calibrator& calibrator, const Matrix& sums,
                          const Auxiliary& auxiliary, const CalibrateOptions& options,
                          WeightStep& step) {
  Matrix factors(sums.rows(), sums.cols());
  for (Index j = 0; j < sums.cols(); ++j) {
    const std::string who = j == 0 ? "calibration" : fmt::format("calibration of replicate {}", j);
    auto found = calibrator.find(sums.col(j));
    if (!found) return tl::unexpected(std::move(found).error().in(who));
    if (!found->converged) {
      const std::string text = who + ": " + failure_text(auxiliary, *found, options);
      if (!options.force) return fail(ErrorCode::kInvalid, text);
      step.converged = false;
      if (step.trouble.empty()) step.trouble = text + ".";
    }
    if (j == 0) {
      step.iterations = found->iterations;
      const bool bounded = std::isfinite(options.lower) || std::isfinite(options.upper);
      if (found->rescaled && bounded) {
        add_trouble(step,
                    "The weights were far too small and are scaled first: the bounds are of "
                    "the scaled weights.");
      }
    }
    factors.col(j) = found->g;
  }
  return factors;
}

void tell_negative(std::span<const double> weights, WeightStep& step) {
  size_t count = 0;
  double least = 0;
  for (const double w : weights) {
    if (w >= 0) continue;
    ++count;
    least = std::min(least, w);
  }
  if (count == 0) return;
  add_trouble(step,
              fmt::format("{} a negative weight, down to {:.6g}: set a lower bound of 0 or "
                          "more, or calibrate by raking.",
                          count == 1 ? "1 case has" : fmt::format("{} cases have", count), least));
}

std::string label_written(const Variable& variable, const std::string& text) {
  if (variable.category_labelled(text) != nullptr) return text;
  for (const Category& category : variable.categories) {
    if (std::to_string(category.code) == text) return category.label;
  }
  return text;
}

}  // namespace

std::string_view name_of(CalibrationDistance distance) {
  switch (distance) {
    case CalibrationDistance::kLinear:
      return "linear";
    case CalibrationDistance::kRaking:
      return "raking";
    case CalibrationDistance::kLogit:
      break;
  }
  return "logit";
}

Result<CalibrationDistance> parse_calibration_distance(std::string_view word) {
  for (const auto distance :
       {CalibrationDistance::kLinear, CalibrationDistance::kRaking, CalibrationDistance::kLogit}) {
    if (word == name_of(distance)) return distance;
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' is no way to calibrate: linear, raking, logit", printable(word)));
}

Result<Weighted> calibrate(const Sample& sample, const Dataset& data, const Formula& formula,
                           const std::map<std::string, double>& population,
                           const CalibrateOptions& options) {
  TRY_DONE(check_options(options));
  const Auxiliary auxiliary = TRY(read_auxiliary(sample, data, formula, population, options));
  const Matrix sums =
      sums_by_cell(sample, auxiliary.cell_of_case, static_cast<size_t>(auxiliary.x.rows()));
  const Vector variance =
      is_plain_linear(options) ? auxiliary.variance : Vector::Ones(auxiliary.x.rows()).eval();
  const AuxiliaryBasis basis = TRY(orthonormal_basis(auxiliary, sums.col(0), variance));
  WeightStep step{.kind = "calibration", .description = describe(formula, options)};
  const Calibrator calibrator(auxiliary, basis, options);
  const Matrix factors = TRY(factors_of(calibrator, sums, auxiliary, options, step));
  const Vector before = auxiliary.x.transpose() * sums.col(0);
  const Vector after = auxiliary.x.transpose() * sums.col(0).cwiseProduct(factors.col(0));
  for (Index j = 0; j < before.size(); ++j) {
    step.lines.push_back({.variable = auxiliary.columns[static_cast<size_t>(j)],
                          .population = auxiliary.population[j],
                          .before = before[j],
                          .after = after[j]});
  }
  auto adjustment = std::make_shared<Calibrated>(auxiliary, basis.basis, variance, factors.col(0),
                                                 step.description);
  Sample weighted = scaled_by_cell(sample, auxiliary.cell_of_case, factors, std::move(adjustment),
                                   step.description);
  tell_negative(weighted.weights(), step);
  return Weighted{std::move(weighted), std::move(step)};
}

Result<std::map<std::string, double>> totals_of_margins(const Formula& formula, const Dataset& data,
                                                        const std::vector<Margin>& margins) {
  std::map<std::string, double> known;
  for (const Margin& margin : margins) {
    TRY_DONE(check_margin(margin));
    if (margin.shares) {
      return fail(ErrorCode::kInvalid, fmt::format("the margin '{}' has shares; calibration needs "
                                                   "counts",
                                                   name_of(margin)));
    }
    known.try_emplace("(Intercept)", sum_of(margin));
    std::map<std::string, double> own;
    std::vector<const Variable*> variables;
    for (const std::string& written : margin.variables) {
      variables.push_back(data.codebook().find(TRY(written_variable(data, written))));
    }
    for (size_t r = 0; r < margin.levels.size(); ++r) {
      std::vector<std::string> parts;
      for (size_t k = 0; k < variables.size(); ++k) {
        parts.push_back(variables[k]->id + label_written(*variables[k], margin.levels[r][k]));
        own[parts.back()] += margin.totals[r];
      }
      if (parts.size() == 2) {
        own[parts[0] + ":" + parts[1]] = margin.totals[r];
        own[parts[1] + ":" + parts[0]] = margin.totals[r];
      }
    }
    known.insert(own.begin(), own.end());
  }
  const ModelMatrix model = TRY(formula.matrix(data, {}));
  std::map<std::string, double> totals;
  for (const std::string& column : model.columns) {
    const auto found = known.find(column);
    if (found == known.end()) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("no margin gives the population of '{}'", column));
    }
    totals.emplace(*found);
  }
  return totals;
}

}  // namespace barometer
