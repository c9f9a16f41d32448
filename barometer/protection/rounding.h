// Controlled rounding: every count goes to a multiple of the base next to it, and all sums still
// add up. Zero-restricted (a multiple stays itself) where that is possible: Cox, JASA 82 (1987);
// of general tables an integer program that keeps the sum of |rounded - true| least, and that goes
// to a multiple further off only where nothing else adds up, and then as few steps as can be.
#pragma once

#include <cstdint>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/protection/count_system.h"

namespace barometer {

struct RoundedCounts {
  std::vector<int64_t> counts;  // one a cell, in order
  bool zero_restricted = true;  // every count at a multiple next to it
  int64_t distance = 0;         // Σ |rounded - true|
  bool optimal = true;          // false: out of steps, another rounding may be nearer
};

// `cells` are sums of atoms with values; the rounded counts keep every linear relation among them.
// kInvalid: a base below 1, a count below 0, cells and values that do not match. kLimit: stopped,
// or nothing that adds up was found within the steps (count_system.h).
Result<RoundedCounts> rounded_counts(const std::vector<LinearSum>& cells,
                                     const std::vector<int64_t>& values, int64_t base,
                                     int64_t steps, const Progress& progress);

}  // namespace barometer
