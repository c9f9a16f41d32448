// Which cells are sensitive before anything else is looked at.
//
// Counts: thresholds. Sums of amounts (budgets, list sizes): the rules of Hundepool et al.,
// Statistical Disclosure Control (Wiley 2012), chapter 4, the same as in sdcTable and tau-argus.
// x_1 >= x_2 >= … are the contributions to a cell, X their sum.
#pragma once

#include <cstdint>
#include <span>

namespace barometer {

struct CountRule {
  int64_t least_base = 0;   // a base of 1 or more below it shows nothing
  int64_t least_count = 0;  // k: counts from 1 to k - 1 are small
  bool rest_counts = true;  // so are counts that leave 1 to k - 1 of the base
};

enum class CountRisk {
  kNone,
  kSmallBase,   // 0 < base < least_base
  kSmallCount,  // 0 < count < k
  kSmallRest,   // 0 < base - count < k: the others can be worked back
};

bool is_small(int64_t count, int64_t under);  // 0 < count < under
CountRisk count_risk(int64_t count, int64_t base, const CountRule& rule);

// All or none of a named small group gave an answer: each one's answer is known without a count
// being small. True for 0 of base and base of base where 0 < base <= `most_named`.
bool discloses_group(int64_t count, int64_t base, int64_t most_named);

// (n,k)-dominance: x_1 + … + x_n > k/100 · X. Contributions in any order, none below 0.
bool is_dominated(std::span<const double> contributions, size_t n, double k);

// p%-rule: the second largest, who knows x_2, can estimate x_1 to within p percent of it:
// X - x_1 - x_2 < p/100 · x_1. With q, what everybody knows of everybody before (prior-posterior
// rule): q/100 · (X - x_1 - x_2) < p/100 · x_1; q = 100 is the p%-rule.
bool is_estimable(std::span<const double> contributions, double p, double q = 100);

// How far above its value a cell that is estimable must stay possible: p/q · x_1 - (X - x_1 - x_2),
// and 0 for one that is not (chapter 4, protection levels).
double protection_of_estimable(std::span<const double> contributions, double p, double q = 100);

}  // namespace barometer
