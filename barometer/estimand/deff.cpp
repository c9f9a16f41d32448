#include "barometer/estimand/deff.h"

#include <cmath>

#include <fmt/format.h>

#include "barometer/estimand/cases_internal.h"
#include "barometer/estimand/spread.h"

namespace barometer {
namespace {

using Eigen::Index;

// V_srs of a mean over S².
struct SrsFactor {
  double factor = 0;
  std::string reason;  // why there is none
};

SrsFactor srs_factor(double population, double n, SrsBase base) {
  if (!(population > 0)) return {.reason = "the weights in the base sum to 0"};
  if (base == SrsBase::kWithReplacement) return {.factor = 1 / n, .reason = {}};
  if (population < n) {
    return {.reason = fmt::format("the weights sum to {:.6g}, less than the {} cases: are they "
                                  "scaled to the population?",
                                  population, n)};
  }
  if (population == n) return {.reason = "the base is a census: weights sum to its cases"};
  return {.factor = (population - n) / (population * n), .reason = {}};
}

// The variance that deff divides by, over S²: `scale` times that of a mean.
Result<std::vector<DesignEffect>> against_srs(const Sample& sample, const Matrix& y, Domain domain,
                                              const Vector& variances, bool of_total,
                                              SrsBase base) {
  TRY_DONE(check_measures(sample, y, domain));
  CHECK(variances.size() == y.cols(), "one variance a column");
  const double population = base_weight(sample.weights(), domain);
  const size_t n = counted_cases(sample, domain);
  const SrsFactor srs = srs_factor(population, static_cast<double>(n), base);
  std::vector<DesignEffect> effects(static_cast<size_t>(y.cols()));
  const auto explain = [&](const std::string& reason) {
    for (DesignEffect& effect : effects) effect.reason = reason;
    return effects;
  };
  if (!srs.reason.empty()) return explain(srs.reason);
  const auto spread = variances_of(y, mask_of(domain), n)->value(sample.weights());
  if (!spread) return explain(spread.error().message);
  const double scale = of_total ? population * population : 1;
  for (Index j = 0; j < y.cols(); ++j) {
    DesignEffect& effect = effects[static_cast<size_t>(j)];
    const double expected = (*spread)(j)*srs.factor * scale;
    if (expected > 0) {
      effect.value = variances(j) / expected;
    } else {
      effect.reason = "there is no variation in the base";
    }
  }
  return effects;
}

}  // namespace

Result<std::vector<DesignEffect>> mean_design_effects(const Sample& sample, const Matrix& y,
                                                      Domain domain, const Matrix& covariance,
                                                      SrsBase base) {
  return against_srs(sample, y, domain, covariance.diagonal(), false, base);
}

Result<std::vector<DesignEffect>> total_design_effects(const Sample& sample, const Matrix& y,
                                                       Domain domain, const Matrix& covariance,
                                                       SrsBase base) {
  return against_srs(sample, y, domain, covariance.diagonal(), true, base);
}

Result<std::vector<DesignEffect>> ratio_design_effects(const Sample& sample, const Matrix& y,
                                                       const Matrix& z, Domain domain,
                                                       SrsBase base) {
  TRY_DONE(check_measures(sample, y, domain));
  TRY_DONE(check_measures(sample, z, domain));
  const Vector ratios = TRY(ratio_of(y, z, mask_of(domain))->value(sample.weights()));
  const Vector under = TRY(total_of(z, mask_of(domain))->value(sample.weights()));
  Matrix residuals = Matrix::Zero(y.rows(), y.cols());
  for (Index i = 0; i < y.rows(); ++i) {
    if (!in_domain(domain, i)) continue;
    residuals.row(i) = (y.row(i).array() - ratios.transpose().array() * z.row(i).array()) /
                       under.transpose().array();
  }
  const Estimated total = TRY(estimate(sample, *total_of(residuals, mask_of(domain)), Progress()));
  return total_design_effects(sample, residuals, domain, total.covariance, base);
}

std::optional<double> coefficient_of_variation(double value, double se) {
  if (value == 0) return std::nullopt;
  return se / value;
}

std::optional<double> kish_effective_base(std::span<const double> weights, Domain domain) {
  double sum = 0, squares = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (!in_domain(domain, static_cast<Index>(i))) continue;
    sum += weights[i];
    squares += weights[i] * weights[i];
  }
  if (!(squares > 0)) return std::nullopt;
  return sum * sum / squares;
}

std::optional<double> effective_base(double n, double deff) {
  if (!(deff > 0)) return std::nullopt;
  return n / deff;
}

}  // namespace barometer
