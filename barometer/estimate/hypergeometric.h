// What an unweighted count says of a finite population, exactly.
//
// n of N units answered, k of them with a property; K units of the population have it. If the n
// were drawn at random, k is hypergeometric. The interval holds every K that neither tail rejects:
//   P(X ≥ k | K) > α/2  and  P(X ≤ k | K) > α/2      (equal tails, level 1 - α)
// With no assumption on who answered, K is only known to lie in k … k + N - n.
#pragma once

#include <cstdint>

#include "barometer/base/result.h"

namespace barometer {

struct CountInterval {
  int64_t lower = 0;
  int64_t upper = 0;

  bool operator==(const CountInterval&) const = default;
};

// kInvalid unless 0 ≤ k ≤ n ≤ N, n ≥ 1 and 0 < level < 1. Time grows as n log N.
Result<CountInterval> hypergeometric_interval(int64_t population, int64_t n, int64_t k,
                                              double level);

// P(X ≤ k) for n drawn from a population with `having` of the property; exact to about 1e-12.
double hypergeometric_at_most(int64_t k, int64_t population, int64_t n, int64_t having);

// kInvalid unless 0 ≤ k ≤ n ≤ N.
Result<CountInterval> no_assumption_range(int64_t population, int64_t n, int64_t k);

}  // namespace barometer
