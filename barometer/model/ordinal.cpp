#include "barometer/model/ordinal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>
#include <Eigen/Dense>

#include "barometer/base/text.h"
#include "barometer/model/glm_internal.h"
#include "barometer/model/ordinal_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

Result<std::shared_ptr<OrdinalData>> gathered(const Sample& sample, const ModelMatrix& matrix,
                                              const Levels& response, std::vector<uint8_t> cases,
                                              const OrdinalOptions& options) {
  auto data = std::make_shared<OrdinalData>();
  data->options = options;
  data->domain = std::move(cases);
  std::vector<int> place(response.labels.size(), -1);
  for (size_t i = 0; i < data->domain.size(); ++i) {
    if (data->domain[i] == 0) continue;
    data->rows.push_back(i);
    data->n += sample.live_at(i);
    place[static_cast<size_t>(response.codes[i])] = 0;
  }
  if (data->rows.empty()) {
    return fail(ErrorCode::kInvalid, "no case of the domain has a value of every variable");
  }
  for (size_t k = 0; k < place.size(); ++k) {
    if (place[k] < 0) continue;
    place[k] = static_cast<int>(data->levels.size());
    data->levels.push_back(response.labels[k]);
  }
  if (data->levels.size() < 3) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the response has the levels {}; an ordinal model needs three or more",
                            join(data->levels, ", ")));
  }
  for (const size_t row : data->rows) {
    data->y.push_back(place[static_cast<size_t>(response.codes[row])]);
  }
  data->weights = TRY(model_weights(sample.weights(), data->rows));
  TRY_DONE(set_columns(*data, matrix));
  return data;
}

void describe(const OrdinalData& data, OrdinalFit& fit) {
  const double mean = data.weights.sum() / static_cast<double>(data.n);
  const Vector inner = data.inner(fit.coefficients.value);
  fit.levels = data.levels;
  fit.labels = data.labels();
  fit.slopes = data.columns.size();
  fit.df_residual = fit.coefficients.df - static_cast<double>(fit.slopes);
  fit.deviance = -2 * ordinal_log_likelihood(data, data.weights / mean, inner);
  const Matrix information = ordinal_information(data, data.weights / mean, inner);
  const Matrix to_outer = data.to_outer();
  fit.naive_covariance =
      to_outer * information.llt().solve(Matrix::Identity(information.rows(), information.cols())) *
      to_outer.transpose();
  fit.n = data.n;
  fit.weight_sum = data.weights.sum();
  fit.cases = data.domain;
  fit.fitted =
      Matrix::Zero(static_cast<Index>(data.domain.size()), static_cast<Index>(data.levels.size()));
  for (size_t i = 0; i < data.rows.size(); ++i) {
    fit.fitted.row(static_cast<Index>(data.rows[i])) =
        ordinal_probabilities(data, inner, static_cast<Index>(i)).transpose();
  }
}

Result<Levels> ordered_response(const Dataset& data, const Formula& formula) {
  if (!formula.has_response()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the formula '{}' has no response left of its ~", formula.text()));
  }
  if (!formula.has_intercept()) {
    return fail(ErrorCode::kInvalid,
                "the cutpoints stand in for the intercept: leave - 1 or + 0 out of the formula");
  }
  return formula.response_levels(data);
}

}  // namespace

Result<OrdinalFit> fit_ordinal(const Sample& sample, const Dataset& data, const Formula& formula,
                               Domain domain, const OrdinalOptions& options,
                               const Progress& progress) {
  CHECK(data.case_count() == sample.case_count(), "the data are of the sample's cases");
  CHECK(domain.empty() || domain.size() == sample.case_count(), "one byte a case");
  const Levels response = TRY(ordered_response(data, formula));
  std::vector<uint8_t> cases(sample.case_count());
  for (size_t i = 0; i < cases.size(); ++i) {
    cases[i] = in_domain(domain, static_cast<Index>(i)) && sample.weights()[i] != 0 &&
                       response.codes[i] >= 0
                   ? 1
                   : 0;
  }
  const ModelMatrix matrix = TRY(formula.matrix(data, cases));
  for (size_t i = 0; i < cases.size(); ++i) cases[i] = cases[i] & matrix.complete[i];
  const std::shared_ptr<const OrdinalData> model =
      TRY(gathered(sample, matrix, response, std::move(cases), options));
  const OrdinalSolution solution = TRY(solve_ordinal(*model, model->weights, Vector()));
  OrdinalFit fit;
  fit.options = options;
  fit.iterations = solution.iterations;
  fit.coefficients = TRY(estimate(sample, OrdinalFunctional(model, solution.values), progress));
  fit.terms = matrix.terms;
  for (const size_t term : matrix.term_of_column) {
    if (term < fit.terms.size()) fit.term_of_slope.push_back(term);
  }
  describe(*model, fit);
  return fit;
}

Result<TermTest> test_ordinal_terms(const OrdinalFit& fit, const std::vector<std::string>& terms,
                                    std::optional<double> df) {
  for (const std::string& term : terms) {
    if (std::ranges::count(fit.terms, term) > 0) continue;
    return fail(ErrorCode::kNotFound, fmt::format("the model has no term '{}'; its terms are {}",
                                                  printable(term), join(fit.terms, ", ")));
  }
  std::vector<size_t> tested;
  for (size_t j = 0; j < fit.slopes; ++j) {
    if (std::ranges::count(terms, fit.terms[fit.term_of_slope[j]]) > 0) tested.push_back(j);
  }
  Matrix contrasts = Matrix::Zero(static_cast<Index>(tested.size()), fit.coefficients.value.size());
  for (size_t i = 0; i < tested.size(); ++i) {
    contrasts(static_cast<Index>(i), static_cast<Index>(tested[i])) = 1;
  }
  TermTest test =
      TRY(wald_test(fit.coefficients, contrasts, Vector(), df.value_or(fit.df_residual)));
  test.terms = terms;
  return test;
}

}  // namespace barometer
