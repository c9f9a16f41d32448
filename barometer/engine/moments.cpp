#include "barometer/engine/moments.h"

#include <cmath>

#include <Eigen/Eigenvalues>

#include "barometer/base/matrix.h"
#include "barometer/base/result.h"

namespace barometer {
namespace {

using Eigen::Index;

// Share of the weight that the points of the measure w² carry.
constexpr double kShareOfSquares = 0x1p-30;
// An axis shorter than this, against the size of the numbers, is rounding.
constexpr double kNoSpread = 1e-15;

// A mass, the mean of its numbers and their second moments about the centre.
struct Measure {
  double mass = 0;
  Vector mean;
  Matrix second;
};

Measure measure_of(double mass, std::span<const double> first, std::span<const double> second) {
  const auto p = static_cast<Index>(first.size());
  Measure measure{mass, Eigen::Map<const Vector>(first.data(), p) / mass, Matrix(p, p)};
  for (Index j = 0; j < p; ++j) {
    for (Index k = 0; k <= j; ++k) {
      measure.second(j, k) = measure.second(k, j) =
          second[triangle_at(static_cast<size_t>(j), static_cast<size_t>(k))] / mass;
    }
  }
  return measure;
}

// The same of one number, without a matrix to take apart.
std::vector<Vector> points_of_one(double mean, double second) {
  const double variance = second - mean * mean;
  if (!(variance > kNoSpread * second)) return {Vector::Constant(1, mean)};
  const double end = std::sqrt(variance);
  return {Vector::Constant(1, mean + end), Vector::Constant(1, mean - end)};
}

// Points of equal mass with the mean and the second moments of the measure. Axes are those of the
// correlations, so that a small number beside a large one keeps its digits.
std::vector<Vector> points_of(const Measure& measure) {
  if (measure.mean.size() == 1) return points_of_one(measure.mean(0), measure.second(0, 0));
  const Matrix spread = measure.second - measure.mean * measure.mean.transpose();
  Vector sd = spread.diagonal().cwiseMax(0).cwiseSqrt();
  for (Index j = 0; j < sd.size(); ++j) {
    if (!(spread(j, j) > kNoSpread * measure.second(j, j))) sd(j) = 0;
  }
  const Vector inverse = sd.unaryExpr([](double s) { return s > 0 ? 1 / s : 0; });
  const Eigen::SelfAdjointEigenSolver<Matrix> axes(inverse.asDiagonal() * spread *
                                                   inverse.asDiagonal());
  std::vector<Vector> ends;
  for (Index k = 0; k < spread.rows(); ++k) {
    const double part = axes.eigenvalues()(k);
    if (part > kNoSpread) {
      ends.emplace_back(std::sqrt(part) * sd.cwiseProduct(axes.eigenvectors().col(k)));
    }
  }
  if (ends.empty()) return {measure.mean};
  const double stretch = std::sqrt(static_cast<double>(ends.size()));
  std::vector<Vector> points;
  for (const Vector& end : ends) {
    points.emplace_back(measure.mean + stretch * end);
    points.emplace_back(measure.mean - stretch * end);
  }
  return points;
}

// What is left of a measure when `share` of its mass lies as `other` does.
Measure without(const Measure& measure, const Measure& other, double share) {
  const double left = 1 - share;
  return {measure.mass * left, (measure.mean - share * other.mean) / left,
          (measure.second - share * other.second) / left};
}

void add_points(std::vector<Representative>& to, const Measure& measure, double mass, double w2) {
  const std::vector<Vector> points = points_of(measure);
  const auto count = static_cast<double>(points.size());
  for (const Vector& point : points) {
    to.push_back({0, 0, mass / count, w2 / count, {point.begin(), point.end()}});
  }
}

}  // namespace

std::vector<Representative> representatives(const GroupSums& group) {
  const size_t p = group.wv.size();
  CHECK(group.wvv.size() == triangle_size(p), "second moments of every pair of numbers");
  std::vector<Representative> found;
  if (!(group.w > 0) || p == 0) {
    return {{group.n, group.live, group.w, group.w2, std::vector<double>(p, 0.0)}};
  }
  const Measure whole = measure_of(group.w, group.wv, group.wvv);
  if (group.w2v.empty()) {
    add_points(found, whole, group.w, group.w2);
  } else {
    const Measure squares = measure_of(group.w2, group.w2v, group.w2vv);
    const Measure rest = without(whole, squares, kShareOfSquares);
    add_points(found, rest, rest.mass, 0);
    add_points(found, squares, kShareOfSquares * group.w, group.w2);
  }
  found.front().n = group.n;
  found.front().live = group.live;
  return found;
}

}  // namespace barometer
