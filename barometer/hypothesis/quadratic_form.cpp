#include "barometer/hypothesis/quadratic_form.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>

namespace barometer {
namespace {

// λ χ²_df
struct WeightedChiSquare {
  double lambda = 0;
  double df = 1;
};
using Terms = std::vector<WeightedChiSquare>;

// The terms and x over the largest λ.
struct Scaled {
  Terms terms;
  double x = 0;
  [[nodiscard]] double largest() const {
    return std::ranges::max_element(terms, {}, &WeightedChiSquare::lambda)->lambda;
  }
  [[nodiscard]] double smallest() const {
    return std::ranges::min_element(terms, {}, &WeightedChiSquare::lambda)->lambda;
  }
};

Scaled scaled(double x, Terms terms) {
  const double scale = std::ranges::max_element(terms, {}, &WeightedChiSquare::lambda)->lambda;
  for (auto& term : terms) term.lambda /= scale;
  return {std::move(terms), x / scale};
}

// The cumulant function K(s) = log E exp(sQ) and its derivatives, 1 - 2λs > 0 for each λ.
double cumulant(const Terms& terms, double s) {
  double sum = 0;
  for (const auto& [lambda, df] : terms) sum -= df * std::log1p(-2 * s * lambda) / 2;
  return sum;
}
double cumulant_slope(const Terms& terms, double s) {
  double sum = 0;
  for (const auto& [lambda, df] : terms) sum += df * lambda / (1 - 2 * s * lambda);
  return sum;
}
// s √K''(s), for s of any size.
double standardised(const Terms& terms, double s) {
  double sum = 0;
  for (const auto& [lambda, df] : terms) {
    const double part = s * lambda / (1 - 2 * s * lambda);
    sum += 2 * df * part * part;
  }
  return std::copysign(std::sqrt(sum), s);
}

// The zero of an increasing function in an open interval, to the last bit.
template <class F>
double zero_of_increasing(F f, double low, double high) {
  while (true) {
    const double middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) return middle;
    (f(middle) < 0 ? low : high) = middle;
  }
}

// nullopt next to the mean of Q, where the formula is 0/0. x > 0 where no λ is below 0.
std::optional<double> saddlepoint_tail(const Scaled& q) {
  double df = 0;
  for (const auto& term : q.terms) df += term.df;
  const double low = q.smallest() < 0 ? 1 / (2 * q.smallest()) : -df / (2 * q.x);
  const double zeta = zero_of_increasing([&](double s) { return cumulant_slope(q.terms, s) - q.x; },
                                         low, 1 / (2 * q.largest()));
  if (std::abs(zeta) < 1e-4) return std::nullopt;
  const double exponent = std::max(0.0, zeta * q.x - cumulant(q.terms, zeta));
  const double w = std::copysign(std::sqrt(2 * exponent), zeta);
  const double v = standardised(q.terms, zeta);
  const boost::math::normal standard;
  return boost::math::cdf(boost::math::complement(standard, w + std::log(v / w) / w));
}

// -Q and -x. Q has a λ below 0.
Scaled reflected(const Scaled& q) {
  Terms terms = q.terms;
  for (auto& term : terms) term.lambda = -term.lambda;
  return scaled(-q.x, std::move(terms));
}

// (1/2πi) ∫ exp(K(s) - sx) ds/s over s(u) = c + σ (κ (cosh u - 1) + i sinh u): c > 0 is the lowest
// point of the integrand on the axis, σ its width there. The contour bends right, where exp(-sx)
// dies away, around the cuts from 1/(2λ). By the trapezoidal rule, which for such an integrand
// gains digits at the rate of exp(-2π/step).
double contour_tail(const Scaled& q) {
  if (q.x < 0) return 1 - contour_tail(reflected(q));
  constexpr double kStep = 0.0625, kBend = 0.7, kFarthest = 80;
  const double c = zero_of_increasing(
      [&](double s) { return cumulant_slope(q.terms, s) - q.x - 1 / s; }, 0, 1 / (2 * q.largest()));
  const double height = cumulant(q.terms, c) - c * q.x - std::log(c);
  const double width = c / std::hypot(standardised(q.terms, c), 1);
  double sum = 0.5;
  for (double u = kStep; u < kFarthest; u += kStep) {
    const std::complex<double> s(c + width * kBend * (std::cosh(u) - 1), width * std::sinh(u));
    std::complex<double> logarithm = -s * q.x - std::log(s) - height;
    for (const auto& [lambda, df] : q.terms) logarithm -= df * std::log(1.0 - 2 * lambda * s) / 2.0;
    const std::complex<double> term =
        std::exp(logarithm) * std::complex<double>(std::cosh(u), -kBend * std::sinh(u));
    sum += term.real();
    if (std::abs(term) < 1e-18) break;
  }
  const double tail = std::exp(height) * width * kStep * sum / std::numbers::pi;
  return std::clamp(tail, 0.0, 1.0);
}

struct Satterthwaite {
  double scale = 0;
  double df = 0;
};
Result<Satterthwaite> satterthwaite(std::span<const double> lambda) {
  double sum = 0, squares = 0;
  for (const double l : lambda) {
    sum += l;
    squares += l * l;
  }
  if (!(sum > 0)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("a sum of weighted chi-squares needs weights with a sum above 0 for "
                            "Satterthwaite's method, and theirs is {}",
                            sum));
  }
  return Satterthwaite{squares / sum, sum * sum / squares};
}

Status check(double x, std::span<const double> lambda) {
  if (!std::isfinite(x)) {
    return fail(ErrorCode::kInvalid, fmt::format("a tail beyond {} is not defined", x));
  }
  for (const double l : lambda) {
    if (!std::isfinite(l)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("a sum of weighted chi-squares cannot have the weight {}", l));
    }
  }
  if (std::ranges::none_of(lambda, [](double l) { return l > 0; })) {
    return fail(ErrorCode::kInvalid,
                "a sum of weighted chi-squares needs a weight above 0, and has none");
  }
  return {};
}

// Without those that are nothing but rounding.
Terms terms_of(std::span<const double> lambda) {
  const double largest = *std::ranges::max_element(lambda);
  Terms terms;
  for (const double l : lambda) {
    if (std::abs(l) > 1e-14 * largest) terms.push_back({l, 1});
  }
  return terms;
}

}  // namespace

std::string_view name_of(TailMethod method) {
  switch (method) {
    case TailMethod::kSatterthwaite:
      return "Satterthwaite";
    case TailMethod::kSaddlepoint:
      return "saddlepoint";
    case TailMethod::kIntegration:
      return "integration";
  }
  return "";
}

Result<double> chi_square_sum_tail(double x, std::span<const double> lambda, TailMethod method) {
  TRY_DONE(check(x, lambda));
  const Scaled q = scaled(x, terms_of(lambda));
  if (q.smallest() > 0 && x <= 0) return 1.0;
  if (method == TailMethod::kIntegration) return contour_tail(q);
  if (method == TailMethod::kSaddlepoint) {
    if (const auto tail = saddlepoint_tail(q)) return *tail;
  }
  const Satterthwaite like = TRY(satterthwaite(lambda));
  return chi_square_tail(x / like.scale, like.df);
}

Result<double> f_sum_tail(double x, std::span<const double> lambda, double df, TailMethod method) {
  if (!(df > 0)) {
    return fail(ErrorCode::kInvalid, fmt::format("{} degrees of freedom leave nothing to compare "
                                                 "with; there must be more than 0",
                                                 df));
  }
  if (std::isinf(df)) return chi_square_sum_tail(x, lambda, method);
  TRY_DONE(check(x, lambda));
  if (x <= 0 && std::ranges::none_of(lambda, [](double l) { return l < 0; })) return 1.0;
  Terms terms = terms_of(lambda);
  if (method == TailMethod::kIntegration) {
    terms.push_back({-x / df, df});
    return contour_tail(scaled(0, std::move(terms)));
  }
  if (method == TailMethod::kSaddlepoint) {
    terms.push_back({-x / df, std::max(1.0, std::floor(df))});
    if (const auto tail = saddlepoint_tail(scaled(0, std::move(terms)))) return *tail;
  }
  const Satterthwaite like = TRY(satterthwaite(lambda));
  return f_tail(x / like.df / like.scale, like.df, df);
}

double chi_square_tail(double x, double df) {
  CHECK(df > 0, "a chi-square has degrees of freedom");
  if (x <= 0) return 1;
  return boost::math::cdf(boost::math::complement(boost::math::chi_squared(df), x));
}

double f_tail(double x, double numerator_df, double denominator_df) {
  CHECK(numerator_df > 0 && denominator_df > 0, "an F has degrees of freedom");
  if (x <= 0) return 1;
  if (std::isinf(denominator_df)) return chi_square_tail(x * numerator_df, numerator_df);
  const boost::math::fisher_f f(numerator_df, denominator_df);
  return boost::math::cdf(boost::math::complement(f, x));
}

}  // namespace barometer
