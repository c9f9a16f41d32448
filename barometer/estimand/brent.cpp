#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "barometer/estimand/brent_internal.h"

namespace barometer {
namespace {

constexpr int kMaxSteps = 1000;
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr double kLargest = std::numeric_limits<double>::max();

struct Point {
  double x = 0, f = 0;
};

bool same_sign(double a, double b) { return (a > 0 && b > 0) || (a < 0 && b < 0); }

// From best towards the other end: by secant or inverse parabola where that is a good step, else
// half way.
double step_from(const Point& best, const Point& previous, const Point& other, double tolerance) {
  const double across = other.x - best.x, last = best.x - previous.x;
  const double half = across / 2;
  if (std::abs(last) < tolerance || std::abs(previous.f) <= std::abs(best.f)) return half;
  const double s = best.f / previous.f;
  double p = across * s, q = 1 - s;
  if (previous.x != other.x) {
    const double r = previous.f / other.f, t = best.f / other.f;
    p = s * (across * r * (r - t) - last * (t - 1));
    q = (r - 1) * (t - 1) * (s - 1);
  }
  if (p > 0) {
    q = -q;
  } else {
    p = -p;
  }
  const bool inside = p < 0.75 * across * q - std::abs(tolerance * q) / 2;
  return inside && p < std::abs(last * q / 2) ? p / q : half;
}

}  // namespace

std::optional<double> brent_root(const std::function<double(double)>& f, double low, double high,
                                 double tolerance) {
  const auto at = [&](double x) -> Point {
    const double value = f(x);
    return {x, std::isnan(value) ? kLargest : std::clamp(value, -kLargest, kLargest)};
  };
  Point previous = at(low), best = at(high), other = previous;
  if (same_sign(previous.f, best.f)) return std::nullopt;
  if (previous.f == 0) return low;
  for (int i = 0; i < kMaxSteps; ++i) {
    if (std::abs(other.f) < std::abs(best.f)) {
      previous = best;
      best = other;
      other = previous;
    }
    const double reach = 2 * kEpsilon * std::abs(best.x) + tolerance / 2;
    if (std::abs(other.x - best.x) / 2 <= reach || best.f == 0) return best.x;
    double step = step_from(best, previous, other, reach);
    if (std::abs(step) < reach) step = step > 0 ? reach : -reach;
    previous = best;
    best = at(best.x + step);
    if (same_sign(best.f, other.f)) other = previous;
  }
  return best.x;
}

}  // namespace barometer
