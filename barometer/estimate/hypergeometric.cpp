#include "barometer/estimate/hypergeometric.h"

#include <algorithm>

#include <fmt/format.h>

namespace barometer {
namespace {

// Tails this close to α/2 count as equal to it.
constexpr double kTie = 1e-12;

Status check_counts(int64_t population, int64_t n, int64_t k) {
  if (0 <= k && k <= n && n <= population) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("{} of {} answers in a population of {}: counts must be 0 <= k <= n <= N",
                          k, n, population));
}

// P(X = x + 1) / P(X = x).
double step(int64_t x, int64_t population, int64_t n, int64_t having) {
  return static_cast<double>(having - x) * static_cast<double>(n - x) /
         (static_cast<double>(x + 1) * static_cast<double>(population - having - n + x + 1));
}

struct Tails {
  double at_most = 0, at_least = 0;
};

// Both tails from one walk out of the mode, where every term is at most 1: no overflow, no
// logarithms, and the terms that underflow are too small to matter.
Tails tails(int64_t k, int64_t population, int64_t n, int64_t having) {
  const int64_t low = std::max<int64_t>(0, n + having - population);
  const int64_t high = std::min(n, having);
  const auto mode =
      static_cast<int64_t>((static_cast<double>(n) + 1) * (static_cast<double>(having) + 1) /
                           (static_cast<double>(population) + 2));
  const int64_t start = std::clamp(mode, low, high);
  double below = 0, at = 0, above = 0;
  const auto count = [&](int64_t x, double term) { (x < k ? below : x > k ? above : at) += term; };
  count(start, 1.0);
  double term = 1;
  for (int64_t x = start; x < high && term > 0; ++x) {
    term *= step(x, population, n, having);
    count(x + 1, term);
  }
  term = 1;
  for (int64_t x = start; x > low && term > 0; --x) {
    term /= step(x - 1, population, n, having);
    count(x - 1, term);
  }
  const double all = below + at + above;
  return {(below + at) / all, (above + at) / all};
}

// The smallest K in [low, high] for which `holds`, which is false and then true.
template <class Predicate>
int64_t first_where(int64_t low, int64_t high, Predicate holds) {
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (holds(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

double hypergeometric_at_most(int64_t k, int64_t population, int64_t n, int64_t having) {
  CHECK(0 <= n && n <= population && 0 <= having && having <= population, "a hypergeometric law");
  return tails(k, population, n, having).at_most;
}

Result<CountInterval> hypergeometric_interval(int64_t population, int64_t n, int64_t k,
                                              double level) {
  const CountInterval possible = TRY(no_assumption_range(population, n, k));
  if (n == 0) return fail(ErrorCode::kInvalid, "an interval needs at least one answer");
  if (!(level > 0 && level < 1)) {
    return fail(ErrorCode::kInvalid, fmt::format("the level {} is not between 0 and 1", level));
  }
  const double rejected = (1 - level) / 2 * (1 + kTie);
  const int64_t lower = first_where(possible.lower, possible.upper, [&](int64_t having) {
    return tails(k, population, n, having).at_least > rejected;
  });
  const int64_t beyond = first_where(lower, possible.upper + 1, [&](int64_t having) {
    return having > possible.upper || tails(k, population, n, having).at_most <= rejected;
  });
  return CountInterval{lower, beyond - 1};
}

Result<CountInterval> no_assumption_range(int64_t population, int64_t n, int64_t k) {
  TRY_DONE(check_counts(population, n, k));
  return CountInterval{k, k + population - n};
}

}  // namespace barometer
