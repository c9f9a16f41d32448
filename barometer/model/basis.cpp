#include <cmath>

#include <fmt/format.h>
#include <Eigen/Dense>

#include "barometer/model/glm_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

// R's glm: a column counts as a combination when this share of it, at most, is its own.
constexpr double kAliased = 1e-11;
constexpr double kWeakPivot = 1e-13;

}  // namespace

Result<ColumnBasis> column_basis(const Matrix& x, const Vector& weights,
                                 const std::vector<std::string>& columns) {
  const Index p = x.cols();
  if (x.rows() < p) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} cases cannot tell {} columns apart", x.rows(), p));
  }
  const Eigen::HouseholderQR<Matrix> qr(x.array().colwise() * weights.array().sqrt());
  ColumnBasis made;
  made.triangle = qr.matrixQR().topRows(p).triangularView<Eigen::Upper>();
  for (Index j = 0; j < p; ++j) {
    const double length = made.triangle.col(j).norm();
    if (std::abs(made.triangle(j, j)) > kAliased * length) continue;
    const std::string& name = columns[static_cast<size_t>(j)];
    return fail(ErrorCode::kInvalid,
                length == 0 ? fmt::format("the column '{}' is 0 for every case", name)
                            : fmt::format("the column '{}' is a combination of the columns before "
                                          "it (aliased); leave it out",
                                          name));
  }
  made.basis = made.triangle.triangularView<Eigen::Upper>().solve<Eigen::OnTheRight>(x);
  return made;
}

Index weak_pivot(const Matrix& information) {
  Matrix lower = Matrix::Zero(information.rows(), information.cols());
  for (Index j = 0; j < information.rows(); ++j) {
    const double left = information(j, j) - lower.row(j).head(j).squaredNorm();
    if (!(left > kWeakPivot * information(j, j))) return j;
    lower(j, j) = std::sqrt(left);
    for (Index i = j + 1; i < information.rows(); ++i) {
      lower(i, j) =
          (information(i, j) - lower.row(i).head(j).dot(lower.row(j).head(j))) / lower(j, j);
    }
  }
  return -1;
}

Matrix weighted_gram(const Matrix& basis, const Vector& weights) {
  const Matrix half = basis.array().colwise() * weights.array().sqrt();
  Matrix gram = Matrix::Zero(basis.cols(), basis.cols());
  gram.selfadjointView<Eigen::Lower>().rankUpdate(half.transpose());
  gram.triangularView<Eigen::StrictlyUpper>() = gram.transpose();
  return gram;
}

Result<Vector> model_weights(std::span<const double> weights, const std::vector<size_t>& rows) {
  Vector w(static_cast<Index>(rows.size()));
  for (size_t i = 0; i < rows.size(); ++i) {
    const double weight = weights[rows[i]];
    if (!(weight >= 0) || std::isinf(weight)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("row {} has the weight {}; a model needs weights of at least 0",
                              rows[i] + 1, weight));
    }
    w(static_cast<Index>(i)) = weight;
  }
  if (!(w.sum() > 0)) return fail(ErrorCode::kInvalid, "the weights of the model's cases sum to 0");
  return w;
}

Vector column_spread(const Matrix& x) {
  return (x.colwise().maxCoeff() - x.colwise().minCoeff()).transpose();
}

size_t runaway_column(const Vector& step, const Vector& spread) {
  Index column = 0;
  const double most = step.cwiseAbs().cwiseProduct(spread).maxCoeff(&column);
  for (Index j = 0; j < step.size(); ++j) {
    if (spread(j) == 0 && most < std::abs(step(j)) / 10) return static_cast<size_t>(j);
  }
  return static_cast<size_t>(column);
}

}  // namespace barometer
