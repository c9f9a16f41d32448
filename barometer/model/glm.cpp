#include "barometer/model/glm.h"

#include <cmath>

#include <fmt/format.h>
#include <Eigen/Dense>

#include "barometer/base/student_t.h"
#include "barometer/hypothesis/quadratic_form.h"
#include "barometer/model/glm_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

Result<GlmOptions> checked(GlmOptions options) {
  if (!options.link) options.link = own_link(options.family);
  if (!link_fits(options.family, *options.link)) {
    return fail(ErrorCode::kInvalid, fmt::format("the {} family has no {} link",
                                                 name_of(options.family), name_of(*options.link)));
  }
  return options;
}

// Cases of the domain with a weight.
std::vector<uint8_t> weighted_cases(const Sample& sample, Domain domain) {
  std::vector<uint8_t> cases(sample.case_count());
  for (size_t i = 0; i < cases.size(); ++i) {
    cases[i] = in_domain(domain, static_cast<Index>(i)) && sample.weights()[i] != 0 ? 1 : 0;
  }
  return cases;
}

double mean_weight(const Sample& sample, Domain domain) {
  double sum = 0;
  for (size_t i = 0; i < sample.case_count(); ++i) {
    if (in_domain(domain, static_cast<Index>(i))) sum += sample.weights()[i];
  }
  const size_t count = sample.cases(domain);
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

Matrix rows_of(const Matrix& x, const std::vector<size_t>& rows) {
  Matrix chosen(static_cast<Index>(rows.size()), x.cols());
  for (size_t i = 0; i < rows.size(); ++i) {
    chosen.row(static_cast<Index>(i)) = x.row(static_cast<Index>(rows[i]));
  }
  return chosen;
}

// The response of the model's cases, each one that the family can have.
Result<Vector> checked_response(const Dataset& data, const Formula& formula, GlmFamily family,
                                std::vector<uint8_t>& cases) {
  const std::vector<double> y = TRY(formula.response(data));
  for (size_t i = 0; i < cases.size(); ++i) {
    if (std::isnan(y[i])) cases[i] = 0;
    if (cases[i] == 0) continue;
    if (const auto why = refusal(family, y[i])) {
      return fail(ErrorCode::kInvalid, fmt::format("{}; that of row {} is {}", *why, i + 1, y[i]));
    }
  }
  return Vector(Eigen::Map<const Vector>(y.data(), static_cast<Index>(y.size())));
}

Result<std::shared_ptr<GlmData>> gathered(const Sample& sample, const ModelMatrix& matrix,
                                          const Vector& y, std::vector<uint8_t> cases,
                                          const GlmOptions& options) {
  auto data = std::make_shared<GlmData>();
  data->options = options;
  data->columns = matrix.columns;
  data->domain = std::move(cases);
  for (size_t i = 0; i < data->domain.size(); ++i) {
    if (data->domain[i] == 0) continue;
    data->rows.push_back(i);
    data->n += sample.live_at(i);
  }
  if (data->rows.empty()) {
    return fail(ErrorCode::kInvalid, "no case of the domain has a value of every variable");
  }
  data->weights = TRY(model_weights(sample.weights(), data->rows));
  data->y = rows_of(y, data->rows);
  const Matrix x = rows_of(matrix.x, data->rows);
  data->spread = column_spread(x);
  data->basis = TRY(column_basis(x, data->weights, data->columns));
  return data;
}

double dispersion_of(const GlmData& data, const Vector& eta) {
  const auto n = static_cast<double>(data.n);
  if (data.n < 2) return 0;
  Vector residual(eta.size());
  for (Index i = 0; i < eta.size(); ++i) {
    const double mu = mean_at(data.link(), eta(i));
    residual(i) = (data.y(i) - mu) / std::sqrt(variance_at(data.options.family, mu));
  }
  const double total = data.weights.sum();
  const double mean = data.weights.dot(residual) / total;
  return data.weights.dot((residual.array() - mean).square().matrix()) / total * n / (n - 1);
}

std::optional<double> null_deviance_of(const GlmData& data, bool intercept) {
  double mu = 0;
  if (intercept) {
    mu = data.weights.dot(data.y) / data.weights.sum();
  } else if (eta_allowed(data.link(), 0)) {
    mu = mean_at(data.link(), 0);
  } else {
    return std::nullopt;
  }
  double sum = 0;
  for (Index i = 0; i < data.y.size(); ++i) {
    sum += data.weights(i) * unit_deviance(data.options.family, data.y(i), mu);
  }
  return sum;
}

void describe_cases(const GlmData& data, const Vector& eta, GlmFit& fit) {
  const size_t count = data.domain.size();
  fit.cases = data.domain;
  fit.response.assign(count, 0);
  fit.linear_predictor.assign(count, 0);
  fit.fitted.assign(count, 0);
  for (size_t i = 0; i < data.rows.size(); ++i) {
    const auto at = static_cast<Index>(i);
    fit.response[data.rows[i]] = data.y(at);
    fit.linear_predictor[data.rows[i]] = eta(at);
    fit.fitted[data.rows[i]] = mean_at(data.link(), eta(at));
  }
}

// What does not depend on the design, at the fitted β.
void describe(const GlmData& data, const GlmSolution& solution, GlmFit& fit) {
  const double mean = fit.mean_weight;
  const Vector eta = data.eta_of(fit.coefficients.value);
  const Vector weights = data.weights / mean;
  fit.n = data.n;
  fit.weight_sum = data.weights.sum();
  fit.dispersion = dispersion_of(data, eta);
  fit.deviance = glm_deviance(data, weights, eta);
  fit.null_deviance = null_deviance_of(data, fit.formula.has_intercept());
  if (fit.null_deviance) *fit.null_deviance /= mean;
  const Index p = fit.coefficients.value.size();
  const bool behind = solution.eta_before.size() > 0;
  const Matrix half = data.basis.triangle.triangularView<Eigen::Upper>().solve(
      glm_information(data, weights, behind ? solution.eta_before : eta)
          .llt()
          .solve(Matrix::Identity(p, p)));
  fit.naive_covariance = data.basis.triangle.triangularView<Eigen::Upper>().solve(half.transpose());
  describe_cases(data, eta, fit);
}

// `fit` holds the formula, its terms and the mean weight.
Result<GlmFit> finished(const Sample& sample, const std::shared_ptr<const GlmData>& data,
                        GlmFit fit, const Progress& progress) {
  const GlmSolution solution = TRY(solve_glm(*data, data->weights, Vector()));
  fit.labels = data->columns;
  fit.options = data->options;
  fit.iterations = solution.iterations;
  fit.functional = std::make_shared<GlmFunctional>(data, solution);
  fit.coefficients = TRY(estimate(sample, *fit.functional, progress));
  fit.df_residual = fit.coefficients.df + 1 - static_cast<double>(fit.labels.size());
  describe(*data, solution, fit);
  return fit;
}

}  // namespace

Result<GlmFit> fit_glm(const Sample& sample, const Dataset& data, const Formula& formula,
                       Domain domain, const GlmOptions& options, const Progress& progress) {
  const GlmOptions used = TRY(checked(options));
  if (!formula.has_response()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the formula '{}' has no response left of its ~", formula.text()));
  }
  CHECK(data.case_count() == sample.case_count(), "the data are of the sample's cases");
  CHECK(domain.empty() || domain.size() == sample.case_count(), "one byte a case");
  std::vector<uint8_t> cases = weighted_cases(sample, domain);
  const Vector y = TRY(checked_response(data, formula, used.family, cases));
  const ModelMatrix matrix = TRY(formula.matrix(data, cases));
  for (size_t i = 0; i < cases.size(); ++i) cases[i] = cases[i] & matrix.complete[i];
  const auto model = TRY(gathered(sample, matrix, y, std::move(cases), used));
  GlmFit fit{.formula = formula};
  fit.terms = matrix.terms;
  fit.term_of_coefficient = matrix.term_of_column;
  fit.mean_weight = mean_weight(sample, domain);
  model->mean_weight = fit.mean_weight;
  return finished(sample, model, std::move(fit), progress);
}

std::shared_ptr<GlmData> data_of_columns(const GlmData& full, const std::vector<size_t>& columns) {
  auto part = std::make_shared<GlmData>();
  part->options = full.options;
  part->rows = full.rows;
  part->n = full.n;
  part->y = full.y;
  part->weights = full.weights;
  part->domain = full.domain;
  part->mean_weight = full.mean_weight;
  const Matrix x = full.x();
  Matrix chosen(x.rows(), static_cast<Index>(columns.size()));
  for (size_t j = 0; j < columns.size(); ++j) {
    chosen.col(static_cast<Index>(j)) = x.col(static_cast<Index>(columns[j]));
    part->columns.push_back(full.columns[columns[j]]);
  }
  if (columns.empty()) return part;
  part->spread = column_spread(chosen);
  auto basis = column_basis(chosen, full.weights, part->columns);
  CHECK(basis.has_value(), "some of the columns of a basis are one");
  part->basis = std::move(*basis);
  return part;
}

Result<double> deviance_of_columns(const GlmFit& fit, const std::vector<size_t>& columns) {
  const auto part = data_of_columns(fit.functional->data(), columns);
  const Vector weights = part->weights / fit.mean_weight;
  if (columns.empty()) {
    if (!eta_allowed(part->link(), 0)) {
      return fail(ErrorCode::kInvalid, "without a column the inverse link gives no mean");
    }
    return glm_deviance(*part, weights, Vector::Zero(part->y.size()));
  }
  const Vector beta = TRY(solve_glm(*part, part->weights, Vector())).beta;
  return glm_deviance(*part, weights, part->eta_of(beta));
}

Result<GlmFit> refit_columns(const Sample& sample, const GlmFit& fit,
                             const std::vector<size_t>& columns, const Progress& progress) {
  GlmFit part{.formula = fit.formula};
  part.terms = fit.terms;
  for (const size_t j : columns) {
    part.term_of_coefficient.push_back(fit.term_of_coefficient[j]);
  }
  part.mean_weight = fit.mean_weight;
  return finished(sample, data_of_columns(fit.functional->data(), columns), std::move(part),
                  progress);
}

Result<std::vector<GlmCoefficient>> coefficient_table(const GlmFit& fit, double level,
                                                      std::optional<double> df) {
  const double used = df.value_or(fit.df_residual);
  if (!(used > 0)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} coefficients leave {} degrees of freedom of the design's {}: no "
                            "test or interval; use fewer columns or state the degrees of freedom",
                            fit.labels.size(), used, fit.coefficients.df));
  }
  if (!(level > 0 && level < 1)) {
    return fail(ErrorCode::kInvalid, fmt::format("the level {} is not between 0 and 1", level));
  }
  const double reach = t_quantile(level, used);
  std::vector<GlmCoefficient> table;
  for (size_t j = 0; j < fit.labels.size(); ++j) {
    const auto at = static_cast<Index>(j);
    GlmCoefficient row{
        .label = fit.labels[j], .value = fit.coefficients.value(at), .se = fit.coefficients.se(at)};
    row.low = row.value - reach * row.se;
    row.high = row.value + reach * row.se;
    if (row.se > 0) {
      row.t = row.value / row.se;
      row.p = t_two_sided(*row.t, used);
    }
    table.push_back(row);
  }
  return table;
}

}  // namespace barometer
