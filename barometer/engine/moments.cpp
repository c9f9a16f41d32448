#include "barometer/engine/moments.h"

#include <cmath>

#include "barometer/base/matrix.h"
#include "barometer/base/result.h"

namespace barometer {
namespace {

using Eigen::Index;

// Share of the weight that the points of the measure w² carry.
constexpr double kShareOfSquares = 0x1p-30;
// A variance below this, against the square of the numbers, is rounding.
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

// Columns whose products add up to `spread`, as many as its rank: Cholesky's, the row with most
// left first, against the size of its number (Higham, "Accuracy and Stability of Numerical
// Algorithms", 2nd ed., section 10.3).
std::vector<Vector> axes_of(Matrix spread, const Vector& size) {
  std::vector<Vector> axes;
  for (Index k = 0; k < spread.rows(); ++k) {
    Index pivot = 0;
    for (Index j = 1; j < spread.rows(); ++j) {
      if (spread(j, j) * size(pivot) > spread(pivot, pivot) * size(j)) pivot = j;
    }
    if (!(spread(pivot, pivot) > kNoSpread * size(pivot))) break;
    const Vector& axis = axes.emplace_back(spread.col(pivot) / std::sqrt(spread(pivot, pivot)));
    spread.noalias() -= axis * axis.transpose();
    spread.row(pivot).setZero();
    spread.col(pivot).setZero();
  }
  return axes;
}

// Points of equal mass with the mean and the second moments of the measure.
std::vector<Vector> points_of(const Measure& measure) {
  const std::vector<Vector> axes =
      axes_of(measure.second - measure.mean * measure.mean.transpose(), measure.second.diagonal());
  if (axes.empty()) return {measure.mean};
  const double stretch = std::sqrt(static_cast<double>(axes.size()));
  std::vector<Vector> points;
  for (const Vector& axis : axes) {
    points.emplace_back(measure.mean + stretch * axis);
    points.emplace_back(measure.mean - stretch * axis);
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

// At `mean` ± the standard deviation, or there alone.
void add_points_of_one(PointsOfOne& to, double mean, double second, double mass, double w2) {
  const double variance = second - mean * mean;
  const bool spread = variance > kNoSpread * second;
  const double end = spread ? std::sqrt(variance) : 0;
  const size_t count = spread ? 2 : 1;
  for (size_t k = 0; k < count; ++k) {
    const size_t at = to.count++;
    to.v[at] = k == 0 ? mean + end : mean - end;
    to.w[at] = mass / static_cast<double>(count);
    to.w2[at] = w2 / static_cast<double>(count);
  }
}

std::vector<Representative> of_one(const GroupSums& group) {
  const PointsOfOne points = points_of_one(group);
  std::vector<Representative> found;
  for (size_t k = 0; k < points.count; ++k) {
    found.push_back({0, 0, points.w[k], points.w2[k], {points.v[k]}});
  }
  found.front().n = group.n;
  found.front().live = group.live;
  return found;
}

}  // namespace

PointsOfOne points_of_one(const GroupSums& group) {
  PointsOfOne points;
  if (!(group.w > 0)) {
    points.count = 1;
    points.w2[0] = group.w2;
    return points;
  }
  const double mean = group.wv[0] / group.w;
  const double second = group.wvv[0] / group.w;
  if (group.w2v.empty()) {
    add_points_of_one(points, mean, second, group.w, group.w2);
    return points;
  }
  const double mean2 = group.w2v[0] / group.w2;
  const double second2 = group.w2vv[0] / group.w2;
  const double left = 1 - kShareOfSquares;
  add_points_of_one(points, (mean - kShareOfSquares * mean2) / left,
                    (second - kShareOfSquares * second2) / left, group.w * left, 0);
  add_points_of_one(points, mean2, second2, kShareOfSquares * group.w, group.w2);
  return points;
}

std::vector<Representative> representatives(const GroupSums& group) {
  const size_t p = group.wv.size();
  CHECK(group.wvv.size() == triangle_size(p), "second moments of every pair of numbers");
  if (!(group.w > 0) || p == 0) {
    return {{group.n, group.live, group.w, group.w2, std::vector<double>(p, 0.0)}};
  }
  if (p == 1) return of_one(group);
  std::vector<Representative> found;
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
