// The fit inside fit_glm: iteratively reweighted least squares in an orthogonal basis.
//
// X = B R once, with B orthonormal at the sample's weights. Each step solves the p × p system
// (Bᵀ H B) δ = Bᵀ u with u, H the score and information of each case, so that its error is a small
// part of the step, however the columns of X lean on each other.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "barometer/model/glm.h"

namespace barometer {

struct ColumnBasis {
  Matrix basis;     // cases × p
  Matrix triangle;  // p × p: X = basis · triangle
};
// kInvalid: a column that is 0 or a combination of those before it, with its name.
Result<ColumnBasis> column_basis(const Matrix& x, const Vector& weights,
                                 const std::vector<std::string>& columns);
// The first column that the information matrix cannot tell from those before it; -1: none.
Eigen::Index weak_pivot(const Matrix& information);
// weightᵢ bᵢ bᵢᵀ, summed.
Matrix weighted_gram(const Matrix& basis, const Vector& weights);
// Of `rows`, checked: finite, ≥ 0, not all 0.
Result<Vector> model_weights(std::span<const double> weights, const std::vector<size_t>& rows);
// Largest less smallest value of each column.
Vector column_spread(const Matrix& x);
// The column whose coefficient moves η most in a step; the intercept only when nothing else does.
size_t runaway_column(const Vector& step, const Vector& spread);

struct GlmData {
  GlmOptions options;
  std::vector<std::string> columns;
  std::vector<size_t> rows;  // cases in the model
  size_t n = 0;              // of them; more than rows where these are cells
  Vector y;                  // of them
  Vector weights;            // of them, the sample's
  double mean_weight = 1;    // of the domain
  ColumnBasis basis;
  Vector spread;
  std::vector<uint8_t> domain;  // one a case: 1 in the model

  [[nodiscard]] GlmLink link() const { return *options.link; }
  [[nodiscard]] Matrix x() const { return basis.basis * basis.triangle; }
  [[nodiscard]] Vector eta_of(const Vector& beta) const;
};

struct GlmSolution {
  Vector beta{};
  int iterations = 0;
  Vector eta_before{};  // with stop_as_r: where R takes the information; else empty
};
// `start` may be empty. Weights of the model's cases.
Result<GlmSolution> solve_glm(const GlmData& data, const Vector& weights, const Vector& start);
double glm_deviance(const GlmData& data, const Vector& weights, const Vector& eta);
// A in the basis, at η.
Matrix glm_information(const GlmData& data, const Vector& weights, const Vector& eta);
// R's glm, step by step to its stop. `start` may be empty; weights on R's scale, which matters for
// the stop and, of a binomial model, for the first means.
GlmSolution solve_as_r(const GlmData& data, const Vector& weights, const Vector& start);

class GlmFunctional final : public Functional {
 public:
  GlmFunctional(std::shared_ptr<const GlmData> data, GlmSolution full)
      : data_(std::move(data)), full_(std::move(full)) {}

  [[nodiscard]] const GlmData& data() const& { return *data_; }
  [[nodiscard]] size_t size() const override { return data_->columns.size(); }
  [[nodiscard]] Domain domain() const& override { return data_->domain; }
  [[nodiscard]] Result<Vector> value(std::span<const double> weights) const override;
  [[nodiscard]] Result<Matrix> influence(std::span<const double> weights,
                                         const Vector& value) const override;

 private:
  std::shared_ptr<const GlmData> data_;
  GlmSolution full_;  // at the sample's weights
};

// Some of the columns, of the same cases.
std::shared_ptr<GlmData> data_of_columns(const GlmData& full, const std::vector<size_t>& columns);
Result<GlmFit> refit_columns(const Sample& sample, const GlmFit& fit,
                             const std::vector<size_t>& columns, const Progress& progress);
// The deviance of the model's cases with some of its columns only, on the fit's scale.
Result<double> deviance_of_columns(const GlmFit& fit, const std::vector<size_t>& columns);

}  // namespace barometer
