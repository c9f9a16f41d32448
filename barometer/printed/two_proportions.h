// Is a change between two printed percentages more than noise?
//
// Two independent proportions, pooled (Fleiss, Levin and Paik, Statistical Methods for Rates and
// Proportions, 3rd edition, 2003, section 3.1):
//   z = (k/n - k'/n') / √(p (1 - p) (1/n + 1/n')),  p = (k + k') / (n + n').
// Its square is a fraction of whole numbers, so z is compared with its critical value exactly and
// rounded once. z rises with k and falls with k', so that over all counts that print as the two
// percentages its extremes stand at the ends of their ranges.
//
// Assumes two independent simple random samples: for the same organisations in both waves, or a
// census attempt, it is a first look and no more (estimate has the paired and finite forms).
#pragma once

#include <cstdint>
#include <optional>

#include "barometer/printed/levels.h"

namespace barometer {

// z with `places` decimals, at most 3; 0 where all or none of both samples have it. Bases from 1
// to 10^6, 0 <= k <= n.
Decimal two_proportion_z(int64_t k, int64_t n, int64_t earlier_k, int64_t earlier_n,
                         int places = 3);

struct ChangeTest {
  Decimal z_low;  // over all counts that print as the two levels
  Decimal z_high;
  // Possible: |z| reaches the critical value for all counts, and a verb of change has its test.
  // Impossible: for none. No power: for some. No base: a base is unknown or over 10^6, or a level
  // is impossible at its base.
  Verdict verdict;
};
ChangeTest change_test(const PrintedLevel& now, const PrintedLevel& before,
                       const Decimal& critical = {196, 2}, RoundingRule rule = {});

}  // namespace barometer
