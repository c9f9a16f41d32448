#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <Eigen/LU>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/tools/roots.hpp>

#include "barometer/estimand/likelihood_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr int kMaxSteps = 9;          // of R's grid, to each side
constexpr double kStepsToLimit = 5;   // a step is a fifth of the widest z asked for
constexpr size_t kPointsPerKnot = 3;  // of the broken line through the spline
constexpr int kMaxFitSteps = 25;      // of R's glm
constexpr double kFitTolerance = 1e-8;
constexpr std::uintmax_t kIterations = 200;

// log(1 + e^b) without overflow.
double softplus(double b) { return std::max(b, 0.0) + std::log1p(std::exp(-std::abs(b))); }

double third_difference(const std::vector<double>& x, const std::vector<double>& y, size_t at) {
  const auto slope = [&](size_t i) { return (y[i + 1] - y[i]) / (x[i + 1] - x[i]); };
  const auto second = [&](size_t i) { return (slope(i + 1) - slope(i)) / (x[i + 2] - x[i]); };
  return (second(at + 1) - second(at)) / (x[at + 3] - x[at]);
}

// The cubic spline whose end pieces have the third derivative of the cubic through the four points
// there (Forsythe, Malcolm & Moler, "Computer Methods for Mathematical Computations", 1977, ch. 4).
class CubicSpline {
 public:
  CubicSpline(std::vector<double> x, std::vector<double> y) : x_(std::move(x)), y_(std::move(y)) {
    const auto n = static_cast<Index>(x_.size());
    Matrix system = Matrix::Zero(n, n);
    Vector right = Vector::Zero(n);
    for (Index i = 1; i + 1 < n; ++i) {
      system(i, i - 1) = width(i - 1);
      system(i, i) = 2 * (width(i - 1) + width(i));
      system(i, i + 1) = width(i);
      right(i) = slope(i) - slope(i - 1);
    }
    const double first = width(0), last = width(n - 2);
    system(0, 0) = -first;
    system(0, 1) = first;
    system(n - 1, n - 1) = -last;
    system(n - 1, n - 2) = last;
    if (n > 3) {
      right(0) = first * first * third_difference(x_, y_, 0);
      right(n - 1) = -last * last * third_difference(x_, y_, x_.size() - 4);
    }
    sigma_ = system.partialPivLu().solve(right);
  }
  [[nodiscard]] double at(double x) const {
    const auto above = std::upper_bound(x_.begin() + 1, x_.end() - 1, x);
    const auto i = static_cast<Index>(above - x_.begin()) - 1;
    const double t = x - x_[static_cast<size_t>(i)], h = width(i);
    const double linear = slope(i) - h * (sigma_(i + 1) + 2 * sigma_(i));
    const double cubic = (sigma_(i + 1) - sigma_(i)) / h;
    return y_[static_cast<size_t>(i)] + t * (linear + t * (3 * sigma_(i) + t * cubic));
  }

 private:
  [[nodiscard]] double width(Index i) const {
    return x_[static_cast<size_t>(i) + 1] - x_[static_cast<size_t>(i)];
  }
  [[nodiscard]] double slope(Index i) const {
    return (y_[static_cast<size_t>(i) + 1] - y_[static_cast<size_t>(i)]) / width(i);
  }

  std::vector<double> x_, y_;
  Vector sigma_;
};

struct LinePoint {
  double z = 0, b = 0;
};

// b at `z` of the broken line through the points, whose z grow.
Result<double> on_line(const std::vector<LinePoint>& line, double z) {
  if (z < line.front().z || z > line.back().z) {
    return fail(ErrorCode::kInvalid,
                "the likelihood is too flat for the grid of its profile; take likelihood-exact");
  }
  const auto above = std::ranges::upper_bound(line.begin() + 1, line.end() - 1, z, {},
                                              [](const LinePoint& point) { return point.z; });
  const LinePoint& from = *(above - 1);
  if (z == from.z) return from.b;
  return from.b + (z - from.z) / (above->z - from.z) * (above->b - from.b);
}

// y log(y/m), 0 at y = 0.
double entropy(double y, double m) { return y > 0 ? y * std::log(y / m) : 0; }
double deviance(double y, double m) { return 2 * (entropy(y, m) + entropy(1 - y, 1 - m)); }

double spread_of(const ProportionFacts& facts) {
  return facts.fitted_spread > 0 ? facts.fitted_spread : facts.p * (1 - facts.p);
}

struct WeightedEvents {
  std::vector<double> y, w;  // w of mean 1
  double p = 0, n = 0;
};

WeightedEvents weighted_events(std::span<const double> event, std::span<const double> weights,
                               Domain domain) {
  WeightedEvents events;
  double sum = 0, successes = 0;
  for (size_t i = 0; i < event.size(); ++i) {
    if (!in_domain(domain, static_cast<Index>(i))) continue;
    events.y.push_back(event[i]);
    events.w.push_back(weights[i]);
    sum += weights[i];
    successes += weights[i] * event[i];
  }
  events.n = static_cast<double>(events.y.size());
  events.p = successes / sum;
  for (double& w : events.w) w *= events.n / sum;
  return events;
}

}  // namespace

double last_fitted_spread(std::span<const double> event, std::span<const double> weights,
                          Domain domain) {
  const WeightedEvents events = weighted_events(event, weights, domain);
  double before = 0, own = 0, products = 0, spreads = 0;
  for (size_t i = 0; i < events.y.size(); ++i) {
    const double y = events.y[i], w = events.w[i];
    const double m = (w * y + 0.5) / (w + 1), spread = m * (1 - m);
    before += w * deviance(y, m);
    own += 2 * w * (entropy(y, 1) + entropy(1 - y, 1));
    products += w * (spread * std::log(m / (1 - m)) + y - m);
    spreads += w * spread;
  }
  double b = products / spreads, spread = spreads / events.n;
  for (int step = 0; step < kMaxFitSteps; ++step) {
    const double m = 1 / (1 + std::exp(-b));
    const double now =
        own - 2 * events.n * (events.p * std::log(m) + (1 - events.p) * std::log1p(-m));
    if (std::abs(now - before) / (std::abs(now) + 0.1) < kFitTolerance) return spread;
    before = now;
    spread = m * (1 - m);
    b += (events.p - m) / spread;
  }
  return 0;
}

ProfileLikelihood::ProfileLikelihood(const ProportionFacts& facts, double t)
    : p_(facts.p),
      centre_(std::log(facts.p / (1 - facts.p))),
      se_(std::sqrt(facts.logit_variance)),
      cases_(facts.cases),
      scale_(2 * facts.cases * (facts.weighted_cases - 1) / facts.weighted_cases),
      limit_(t * std::sqrt(facts.cases * spread_of(facts) * facts.logit_variance)) {}

double ProfileLikelihood::z(double b) const {
  const double divergence = (softplus(b) - softplus(centre_)) - p_ * (b - centre_);
  return std::copysign(std::sqrt(scale_ * std::max(0.0, divergence)), b - centre_);
}

// z grows with b, without end.
double ProfileLikelihood::root(double sign) const {
  const auto miss = [&](double b) { return sign * z(b) - limit_; };
  double reach = se_;
  while (miss(centre_ + sign * reach) < 0) reach *= 2;
  double low = std::min(centre_, centre_ + sign * reach);
  double high = std::max(centre_, centre_ + sign * reach);
  std::uintmax_t iterations = kIterations;
  const auto bracket = boost::math::tools::toms748_solve(
      miss, low, high, boost::math::tools::eps_tolerance<double>(), iterations);
  return (bracket.first + bracket.second) / 2;
}

ConfidenceBounds ProfileLikelihood::roots() const { return {root(-1), root(1)}; }

Result<ConfidenceBounds> ProfileLikelihood::interpolated_roots() const {
  const boost::math::normal normal;
  // R asks the grid to reach the z of half the tail that the limit leaves.
  const double tail = cdf(complement(normal, limit_)) / 2;
  if (!(tail > std::numeric_limits<double>::min())) {
    return fail(ErrorCode::kInvalid,
                "the design effect is too large for a profile; take likelihood-exact");
  }
  const double widest = std::sqrt(quantile(complement(boost::math::fisher_f(1, cases_ - 1), tail)));
  std::vector<double> b{centre_}, of_b{0};
  for (const int sign : {-1, 1}) {
    double reached = 0;
    for (int step = 1; step <= kMaxSteps && std::abs(reached) < widest; ++step) {
      const double at = centre_ + sign * step * (widest / kStepsToLimit) * se_;
      reached = z(at);
      b.push_back(at);
      of_b.push_back(reached);
    }
  }
  std::ranges::sort(b);
  std::ranges::sort(of_b);
  const CubicSpline spline(b, of_b);
  const size_t points = kPointsPerKnot * b.size();
  std::vector<LinePoint> line;
  for (size_t i = 0; i < points; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(points - 1);
    const double at = b.front() + share * (b.back() - b.front());
    line.push_back({spline.at(at), at});
  }
  std::ranges::sort(line, {}, [](const LinePoint& point) { return point.z; });
  return ConfidenceBounds{TRY(on_line(line, -limit_)), TRY(on_line(line, limit_))};
}

}  // namespace barometer
