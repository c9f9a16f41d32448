#include "barometer/model/criteria.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>
#include <Eigen/Dense>

#include "barometer/model/glm_internal.h"
#include "barometer/model/term_test.h"

namespace barometer {
namespace {

using Eigen::Index;

std::vector<size_t> without_intercept(const GlmFit& fit) {
  std::vector<size_t> columns;
  for (size_t j = 0; j < fit.labels.size(); ++j) {
    if (fit.term_of_coefficient[j] < fit.terms.size()) columns.push_back(j);
  }
  return columns;
}

Matrix part_of(const Matrix& matrix, const std::vector<size_t>& chosen) {
  const auto count = static_cast<Index>(chosen.size());
  Matrix part(count, count);
  for (Index i = 0; i < count; ++i) {
    for (Index j = 0; j < count; ++j) {
      part(i, j) = matrix(static_cast<Index>(chosen[static_cast<size_t>(i)]),
                          static_cast<Index>(chosen[static_cast<size_t>(j)]));
    }
  }
  return part;
}

// V₀⁻¹ V of some coefficients.
Matrix effects_of(const GlmFit& fit, const std::vector<size_t>& columns) {
  return part_of(fit.naive_covariance, columns)
      .llt()
      .solve(part_of(fit.coefficients.covariance, columns));
}

// The mean and σ² as parameters; the design effect of σ² compares its sandwich with its
// information.
ModelCriteria gaussian_criteria(const GlmFit& fit) {
  const GlmData& data = fit.functional->data();
  const Vector weights = data.weights / fit.mean_weight;
  const double total = weights.sum();
  const double variance = fit.deviance / total;
  double spread = 0;
  for (size_t i = 0; i < data.rows.size(); ++i) {
    const auto at = static_cast<Index>(i);
    const double residual = data.y(at) - fit.fitted[data.rows[i]];
    const double score = (residual * residual / variance - 1) / (2 * variance);
    spread += weights(at) * score * score;
  }
  const double of_variance = spread * 2 * variance * variance / total;
  const std::vector<size_t> columns = without_intercept(fit);
  const double of_means =
      columns.empty() ? 0 : effects_of(fit, columns).diagonal().sum() / variance;
  ModelCriteria criteria;
  criteria.effective_parameters = of_means + of_variance;
  criteria.aic = total * (std::log(variance) + 1 + std::log(2 * std::numbers::pi)) +
                 2 * criteria.effective_parameters;
  criteria.mean_effect = criteria.effective_parameters / static_cast<double>(columns.size() + 1);
  return criteria;
}

}  // namespace

Result<ModelCriteria> criteria_of(const GlmFit& fit) {
  if (fit.options.family == GlmFamily::kGaussian) {
    if (!(fit.deviance > 0)) {
      return fail(ErrorCode::kInvalid, "the model fits without residuals: it has no likelihood");
    }
    return gaussian_criteria(fit);
  }
  ModelCriteria criteria;
  const std::vector<size_t> columns = without_intercept(fit);
  if (!columns.empty()) {
    criteria.effective_parameters = effects_of(fit, columns).diagonal().sum();
    criteria.mean_effect = criteria.effective_parameters / static_cast<double>(columns.size());
  }
  criteria.aic = fit.deviance + 2 * criteria.effective_parameters;
  return criteria;
}

Result<DesignBic> bic_within(const GlmFit& fit, const GlmFit& largest) {
  if (fit.cases != largest.cases) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the models are of different cases ({} and {})", fit.n, largest.n));
  }
  for (const std::string& label : fit.labels) {
    if (std::ranges::count(largest.labels, label) > 0) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("the largest model has no coefficient '{}'", label));
  }
  std::vector<size_t> extra;
  for (size_t j = 0; j < largest.labels.size(); ++j) {
    if (std::ranges::count(fit.labels, largest.labels[j]) == 0) extra.push_back(j);
  }
  const auto n = static_cast<double>(fit.n);
  DesignBic bic{.parameters = fit.labels.size()};
  bic.bic = largest.deviance + static_cast<double>(bic.parameters) * std::log(n);
  if (extra.empty()) return bic;
  const auto count = static_cast<Index>(extra.size());
  Matrix contrasts = Matrix::Zero(count, static_cast<Index>(largest.labels.size()));
  for (Index i = 0; i < count; ++i) {
    contrasts(i, static_cast<Index>(extra[static_cast<size_t>(i)])) = 1;
  }
  const double infinite = std::numeric_limits<double>::infinity();
  const TermTest wald = TRY(wald_test(largest.coefficients, contrasts, Vector(), infinite));
  const double effect = effects_of(largest, extra).determinant();
  if (!(effect > 0)) {
    return fail(ErrorCode::kInvalid,
                "the covariance of the coefficients left out has not full rank");
  }
  bic.bic += wald.statistic + std::log(effect);
  bic.effective_n = n / std::pow(effect, 1 / static_cast<double>(extra.size()));
  return bic;
}

Result<PseudoRSquared> pseudo_r_squared(const GlmFit& fit) {
  if (fit.options.family != GlmFamily::kBinomial && fit.options.family != GlmFamily::kPoisson) {
    return fail(ErrorCode::kInvalid,
                fmt::format("a pseudo-R² is of a binomial or poisson model, not of a {} one",
                            name_of(fit.options.family)));
  }
  CHECK(fit.null_deviance.has_value(), "these families have a null deviance");
  const double null = *fit.null_deviance * fit.mean_weight;
  const double full = fit.deviance * fit.mean_weight;
  if (!(null > 0)) return fail(ErrorCode::kInvalid, "the response does not vary");
  PseudoRSquared squared;
  squared.cox_snell = -std::expm1((full - null) / fit.weight_sum);
  squared.nagelkerke = squared.cox_snell / -std::expm1(-null / fit.weight_sum);
  return squared;
}

}  // namespace barometer
