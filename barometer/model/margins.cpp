#include "barometer/model/margins.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <Eigen/Dense>

#include "barometer/model/covariates_internal.h"
#include "barometer/model/glm_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr double kStep = 1e-3;  // of a number, to take its derivative

// A part of one margin: ± μ(xβ), or with `slope` dμ/dv = μ'(xβ) slope β.
struct Part {
  double sign = 1;
  Matrix x;      // the model's cases × columns
  Matrix slope;  // the same shape, or empty
};
using Margin = std::vector<Part>;

Vector each_of(const Part& part, GlmLink link, const Vector& beta) {
  const Vector eta = part.x * beta;
  if (part.slope.size() == 0) {
    return part.sign * eta.unaryExpr([&](double at) { return mean_at(link, at); });
  }
  const Vector slopes = eta.unaryExpr([&](double at) { return mean_slope(link, at); });
  return part.sign * slopes.cwiseProduct(part.slope * beta);
}

// Σ weights · d(case's value)/dβ
Vector gradient_of(const Part& part, GlmLink link, const Vector& beta, const Vector& weights) {
  const Vector eta = part.x * beta;
  const Vector slopes =
      weights.cwiseProduct(eta.unaryExpr([&](double at) { return mean_slope(link, at); }));
  if (part.slope.size() == 0) return part.sign * (part.x.transpose() * slopes);
  const Vector curve =
      weights.cwiseProduct(eta.unaryExpr([&](double at) { return mean_curvature(link, at); }))
          .cwiseProduct(part.slope * beta);
  return part.sign * (part.x.transpose() * curve + part.slope.transpose() * slopes);
}

class MarginFunctional final : public Functional {
 public:
  MarginFunctional(std::shared_ptr<const GlmFunctional> model, std::vector<Margin> margins)
      : model_(std::move(model)), margins_(std::move(margins)) {}

  [[nodiscard]] size_t size() const override { return margins_.size(); }
  [[nodiscard]] Domain domain() const& override { return model_->domain(); }

  [[nodiscard]] Result<Vector> value(std::span<const double> weights) const override {
    const Vector beta = TRY(model_->value(weights));
    const Vector w = TRY(model_weights(weights, model_->data().rows));
    return Vector(cases_at(beta).transpose() * w / w.sum());
  }

  [[nodiscard]] Result<Matrix> influence(std::span<const double> weights,
                                         const Vector& value) const override {
    const Vector beta = TRY(model_->value(weights));
    const Vector w = TRY(model_weights(weights, model_->data().rows));
    const Matrix of_cases = (cases_at(beta).rowwise() - value.transpose()) / w.sum();
    const Matrix of_beta = TRY(model_->influence(weights, beta));
    return Matrix(of_beta * gradient_at(beta, w).transpose() + in_all_rows(of_cases));
  }

  // Each case's value of each margin.
  [[nodiscard]] Matrix cases_at(const Vector& beta) const {
    Matrix cases = Matrix::Zero(model_->data().y.size(), static_cast<Index>(margins_.size()));
    for (size_t k = 0; k < margins_.size(); ++k) {
      for (const Part& part : margins_[k]) {
        cases.col(static_cast<Index>(k)) += each_of(part, model_->data().link(), beta);
      }
    }
    return cases;
  }

  // dθ/dβ: margins × coefficients.
  [[nodiscard]] Matrix gradient_at(const Vector& beta, const Vector& weights) const {
    Matrix gradient = Matrix::Zero(static_cast<Index>(margins_.size()), beta.size());
    for (size_t k = 0; k < margins_.size(); ++k) {
      for (const Part& part : margins_[k]) {
        gradient.row(static_cast<Index>(k)) +=
            gradient_of(part, model_->data().link(), beta, weights).transpose() / weights.sum();
      }
    }
    return gradient;
  }

  [[nodiscard]] Matrix in_all_rows(const Matrix& compact) const {
    const std::vector<size_t>& rows = model_->data().rows;
    Matrix all = Matrix::Zero(static_cast<Index>(model_->data().domain.size()), compact.cols());
    for (size_t i = 0; i < rows.size(); ++i) {
      all.row(static_cast<Index>(rows[i])) = compact.row(static_cast<Index>(i));
    }
    return all;
  }

 private:
  std::shared_ptr<const GlmFunctional> model_;
  std::vector<Margin> margins_;
};

Result<Estimated> estimated(const Sample& sample, const GlmFit& fit, std::vector<Margin> margins,
                            MarginVariance variance, const Progress& progress) {
  const MarginFunctional functional(fit.functional, std::move(margins));
  if (variance == MarginVariance::kJoint) return estimate(sample, functional, progress);
  const GlmData& data = fit.functional->data();
  const Vector& beta = fit.coefficients.value;
  const Matrix cases = functional.cases_at(beta);
  const Matrix gradient = functional.gradient_at(beta, data.weights);
  Estimated made;
  made.value = cases.transpose() * data.weights / data.weights.sum();
  made.covariance = gradient * fit.coefficients.covariance * gradient.transpose();
  made.df = fit.coefficients.df;
  if (variance == MarginVariance::kSummed) {
    const FunctionalPtr mean = mean_of(functional.in_all_rows(cases), data.domain);
    made.covariance += TRY(estimate(sample, *mean, progress)).covariance;
  }
  return made;
}

// dx/dv of each case's columns, the other variables as they are.
Result<Matrix> slope_of(const CovariateRows& rows, const std::string& variable) {
  const Vector values = TRY(rows.numbers(variable));
  const double centre = values.mean();
  const double spread =
      std::sqrt((values.array() - centre).square().mean()) + std::abs(centre) + 1e-300;
  const Vector step =
      values.unaryExpr([&](double at) { return kStep * (at != 0 ? std::abs(at) : spread); });
  const auto columns = [&](double times) { return rows.each_at(variable, values + times * step); };
  const Matrix near = TRY(columns(1)) - TRY(columns(-1));
  const Matrix far = TRY(columns(2)) - TRY(columns(-2));
  return Matrix((8 * near - far).array().colwise() / (12 * step).array());
}

std::string label_of(const CovariateValue& value) {
  if (const double* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  return std::get<std::string>(value);
}

}  // namespace

Result<Margins> predict_at(const GlmFit& fit, const Dataset& data,
                           const std::vector<CovariatePoint>& points, PredictionScale scale) {
  const CovariateRows rows = TRY(CovariateRows::make(fit, data));
  const Matrix x = TRY(rows.at(points));
  const GlmLink link = *fit.options.link;
  Margins made;
  for (size_t i = 0; i < points.size(); ++i) made.labels.push_back(std::to_string(i + 1));
  const Vector eta = x * fit.coefficients.value;
  for (Index i = 0; i < eta.size(); ++i) {
    if (eta_allowed(link, eta(i))) continue;
    return fail(ErrorCode::kInvalid, fmt::format("point {} has no mean: its {} link is {}", i + 1,
                                                 name_of(link), eta(i)));
  }
  Matrix jacobian = x;
  made.estimated.value = eta;
  if (scale == PredictionScale::kResponse) {
    made.estimated.value = eta.unaryExpr([&](double at) { return mean_at(link, at); });
    const Vector slopes = eta.unaryExpr([&](double at) { return mean_slope(link, at); });
    jacobian = slopes.asDiagonal() * x;
  }
  made.estimated.covariance = jacobian * fit.coefficients.covariance * jacobian.transpose();
  made.estimated.df = fit.coefficients.df;
  return made;
}

Result<Margins> marginal_means(const Sample& sample, const Dataset& data, const GlmFit& fit,
                               const std::string& variable, std::vector<CovariateValue> values,
                               MarginVariance variance, const Progress& progress) {
  const CovariateRows rows = TRY(CovariateRows::make(fit, data));
  if (values.empty()) {
    if (rows.is_number(variable)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("'{}' is a number: state the values to predict at", variable));
    }
    for (const std::string& label : TRY(rows.categories(variable))) values.emplace_back(label);
  }
  Margins made;
  std::vector<Margin> margins;
  for (const CovariateValue& value : values) {
    made.labels.push_back(label_of(value));
    margins.push_back({Part{1, TRY(rows.all_at(variable, value)), {}}});
  }
  made.estimated = TRY(estimated(sample, fit, std::move(margins), variance, progress));
  return made;
}

Result<Margins> average_effects(const Sample& sample, const Dataset& data, const GlmFit& fit,
                                const std::string& variable, MarginVariance variance,
                                const Progress& progress) {
  const CovariateRows rows = TRY(CovariateRows::make(fit, data));
  Margins made;
  std::vector<Margin> margins;
  if (rows.is_number(variable)) {
    auto slope = slope_of(rows, variable);
    if (!slope) {
      return tl::unexpected(std::move(slope).error().in(
          fmt::format("'{}' has no derivative in this model (average_change takes two of its "
                      "values)",
                      variable)));
    }
    made.labels = {variable};
    margins.push_back({Part{1, TRY(rows.as_they_are()), std::move(*slope)}});
  } else {
    const std::vector<std::string> labels = TRY(rows.categories(variable));
    if (labels.size() < 2) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("'{}' has one category among the model's cases", variable));
    }
    const Matrix base = TRY(rows.all_at(variable, labels[0]));
    for (size_t k = 1; k < labels.size(); ++k) {
      made.labels.push_back(labels[k]);
      margins.push_back({Part{1, TRY(rows.all_at(variable, labels[k])), {}}, Part{-1, base, {}}});
    }
  }
  made.estimated = TRY(estimated(sample, fit, std::move(margins), variance, progress));
  return made;
}

Result<Margins> average_change(const Sample& sample, const Dataset& data, const GlmFit& fit,
                               const std::string& variable, const CovariateValue& from,
                               const CovariateValue& to, MarginVariance variance,
                               const Progress& progress) {
  const CovariateRows rows = TRY(CovariateRows::make(fit, data));
  Margins made;
  made.labels = {label_of(to)};
  std::vector<Margin> margins = {{Part{1, TRY(rows.all_at(variable, to)), {}},
                                  Part{-1, TRY(rows.all_at(variable, from)), {}}}};
  made.estimated = TRY(estimated(sample, fit, std::move(margins), variance, progress));
  return made;
}

}  // namespace barometer
