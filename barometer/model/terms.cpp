#include "barometer/model/term_test.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <Eigen/Dense>

#include "barometer/base/text.h"
#include "barometer/model/glm_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr double kNested = 1e-8;  // largest share of a column outside the other model's span
const std::string kIntercept = "(Intercept)";

struct Columns {
  std::vector<size_t> tested;
  std::vector<size_t> kept;
};

Result<Columns> columns_of_terms(const GlmFit& fit, const std::vector<std::string>& terms) {
  for (const std::string& term : terms) {
    const bool there = term == kIntercept ? std::ranges::count(fit.labels, kIntercept) > 0
                                          : std::ranges::count(fit.terms, term) > 0;
    if (!there) {
      return fail(ErrorCode::kNotFound, fmt::format("the model has no term '{}'; its terms are {}",
                                                    term, join(fit.terms, ", ")));
    }
  }
  Columns columns;
  for (size_t j = 0; j < fit.labels.size(); ++j) {
    const size_t term = fit.term_of_coefficient[j];
    const std::string& name = term < fit.terms.size() ? fit.terms[term] : kIntercept;
    (std::ranges::count(terms, name) > 0 ? columns.tested : columns.kept).push_back(j);
  }
  if (columns.tested.empty()) return fail(ErrorCode::kInvalid, "no term to test is named");
  return columns;
}

Matrix selection(const std::vector<size_t>& chosen, size_t of) {
  Matrix rows = Matrix::Zero(static_cast<Index>(chosen.size()), static_cast<Index>(of));
  for (size_t i = 0; i < chosen.size(); ++i) {
    rows(static_cast<Index>(i), static_cast<Index>(chosen[i])) = 1;
  }
  return rows;
}

// The quadratic form xᵀ M⁻¹ x of contrasts x with covariance M.
Result<double> quadratic(const Vector& x, const Matrix& covariance) {
  const Vector scale = covariance.diagonal().cwiseMax(0).cwiseSqrt();
  if (!(scale.minCoeff() > 0)) {
    return fail(ErrorCode::kInvalid, "a tested contrast has no variance: there is no Wald test");
  }
  const Matrix correlation =
      scale.cwiseInverse().asDiagonal() * covariance * scale.cwiseInverse().asDiagonal();
  if (weak_pivot(correlation) >= 0) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the covariance of the {} tested contrasts has not full rank (as many "
                            "as the design has degrees of freedom?): there is no Wald test",
                            x.size()));
  }
  const Vector scaled = x.cwiseQuotient(scale);
  return scaled.dot(correlation.llt().solve(scaled));
}

// Eigenvalues of (L V₀ Lᵀ)⁻¹ (L V Lᵀ), falling.
std::vector<double> design_effects(const Matrix& contrasts, const GlmFit& fit) {
  const Matrix v = contrasts * fit.coefficients.covariance * contrasts.transpose();
  const Matrix naive = contrasts * fit.naive_covariance * contrasts.transpose();
  const Eigen::GeneralizedSelfAdjointEigenSolver<Matrix> solver(
      v, naive, Eigen::EigenvaluesOnly | Eigen::Ax_lBx);
  std::vector<double> lambda(solver.eigenvalues().begin(), solver.eigenvalues().end());
  std::ranges::reverse(lambda);
  return lambda;
}

Result<double> checked_df(double df, size_t columns) {
  if (df > 0) return df;
  return fail(ErrorCode::kInvalid,
              fmt::format("a model of {} coefficients leaves {} degrees of freedom: no test; use "
                          "fewer columns or state the degrees of freedom",
                          columns, df));
}

// λ, their sum and the tail of a working statistic.
Status finish_working(const Matrix& contrasts, const GlmFit& fit, TailMethod tail, TermTest& test) {
  test.lambda = design_effects(contrasts, fit);
  double sum = 0;
  for (const double lambda : test.lambda) sum += lambda;
  if (!(sum > 0)) return fail(ErrorCode::kInvalid, "the tested coefficients have no variance");
  test.f = test.statistic / sum;
  test.p = TRY(f_sum_tail(test.statistic, test.lambda, test.denominator_df, tail));
  return {};
}

// `without`: the deviance of the smaller model.
Result<TermTest> tested(const GlmFit& fit, const Matrix& contrasts, const TermTestOptions& options,
                        double without) {
  const double df = TRY(checked_df(options.df.value_or(fit.df_residual), fit.labels.size()));
  if (options.method == TermTestMethod::kWald) {
    return wald_test(fit.coefficients, contrasts, Vector(), df);
  }
  TermTest test{
      .method = options.method, .df = static_cast<size_t>(contrasts.rows()), .denominator_df = df};
  if (options.method == TermTestMethod::kWorkingWald) {
    test.statistic = TRY(quadratic(contrasts * fit.coefficients.value,
                                   contrasts * fit.naive_covariance * contrasts.transpose()));
  } else {
    test.statistic = without - fit.deviance;
  }
  TRY_DONE(finish_working(contrasts, fit, options.tail, test));
  return test;
}

Result<TermTest> test_columns(const GlmFit& fit, const Columns& columns,
                              const TermTestOptions& options) {
  double without = 0;
  if (options.method == TermTestMethod::kLikelihoodRatio) {
    without = TRY(deviance_of_columns(fit, columns.kept));
  }
  return tested(fit, selection(columns.tested, fit.labels.size()), options, without);
}

Status check_comparable(const GlmData& small, const GlmData& large) {
  if (small.options.family != large.options.family || small.link() != large.link()) {
    return fail(ErrorCode::kInvalid, "the models are of different families or links");
  }
  if (small.rows != large.rows) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the models are of different cases ({} and {}): fit both on the cases "
                            "where no variable is missing",
                            small.rows.size(), large.rows.size()));
  }
  if (small.y != large.y || small.weights != large.weights) {
    return fail(ErrorCode::kInvalid, "the models have different responses or weights");
  }
  if (small.columns.size() >= large.columns.size()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the smaller model has {} coefficients, the larger {}",
                            small.columns.size(), large.columns.size()));
  }
  return {};
}

// Rows L with Lβ = 0 exactly where the large model's η is one of the small model's.
Result<Matrix> nesting(const GlmData& small, const GlmData& large) {
  const Matrix x = small.x();
  const Matrix weighted = x.array().colwise() * large.weights.array();
  const Matrix inside = large.basis.basis.transpose() * weighted;
  const Matrix outside = x - large.basis.basis * inside;
  for (Index j = 0; j < x.cols(); ++j) {
    if (outside.col(j).norm() <= kNested * x.col(j).norm()) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("the models are not nested: '{}' of the smaller one is no combination "
                            "of the columns of the larger",
                            small.columns[static_cast<size_t>(j)]));
  }
  const Eigen::HouseholderQR<Matrix> qr(inside);
  const Matrix q = qr.householderQ() * Matrix::Identity(inside.rows(), inside.rows());
  return Matrix(q.rightCols(inside.rows() - inside.cols()).transpose() * large.basis.triangle);
}

}  // namespace

Result<TermTest> wald_test(const Estimated& coefficients, const Matrix& contrasts,
                           const Vector& null, double df) {
  CHECK(contrasts.cols() == coefficients.value.size(), "one column a coefficient");
  CHECK(null.size() == 0 || null.size() == contrasts.rows(), "one null value a contrast");
  if (contrasts.rows() == 0) return fail(ErrorCode::kInvalid, "there is nothing to test");
  TermTest test{.df = static_cast<size_t>(contrasts.rows()),
                .denominator_df = TRY(checked_df(df, static_cast<size_t>(contrasts.cols())))};
  Vector x = contrasts * coefficients.value;
  if (null.size() > 0) x -= null;
  test.statistic = TRY(quadratic(x, contrasts * coefficients.covariance * contrasts.transpose()));
  const auto q = static_cast<double>(test.df);
  test.f = test.statistic / q;
  test.p = std::isinf(df) ? chi_square_tail(test.statistic, q) : f_tail(test.f, q, df);
  return test;
}

Result<TermTest> test_terms(const GlmFit& fit, const std::vector<std::string>& terms,
                            const TermTestOptions& options) {
  TermTest test = TRY(test_columns(fit, TRY(columns_of_terms(fit, terms)), options));
  test.terms = terms;
  return test;
}

Result<std::vector<TermTest>> test_terms_in_order(const Sample& sample, const GlmFit& fit,
                                                  const TermTestOptions& options,
                                                  const Progress& progress) {
  if (fit.terms.empty()) return fail(ErrorCode::kInvalid, "the model has no term to test");
  std::vector<TermTest> tests;
  for (size_t term = 0; term < fit.terms.size(); ++term) {
    std::vector<size_t> columns;
    for (size_t j = 0; j < fit.labels.size(); ++j) {
      const size_t of = fit.term_of_coefficient[j];
      if (of <= term || of >= fit.terms.size()) columns.push_back(j);
    }
    const GlmFit part = TRY(refit_columns(sample, fit, columns, progress));
    tests.push_back(TRY(test_terms(part, {fit.terms[term]}, options)));
  }
  return tests;
}

Result<TermTest> compare_models(const GlmFit& small, const GlmFit& large,
                                const TermTestOptions& options) {
  const GlmData& inner = small.functional->data();
  const GlmData& outer = large.functional->data();
  TRY_DONE(check_comparable(inner, outer));
  const Matrix contrasts = TRY(nesting(inner, outer));
  const double without = small.deviance * small.mean_weight / large.mean_weight;
  TermTest test = TRY(tested(large, contrasts, options, without));
  for (const std::string& term : large.terms) {
    if (std::ranges::count(small.terms, term) == 0) test.terms.push_back(term);
  }
  return test;
}

}  // namespace barometer
