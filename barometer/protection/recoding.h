// Coarser categories instead of hidden cells: which adjacent categories to merge (ages, sizes,
// scores) so that no small count is left, with the least loss.
//
// The loss is first the number of categories, then entropy: a merged category of base n of N that
// held bases n_c loses Σ (n_c/N) ln(n/n_c), in nats. Exact, by dynamic programming over the
// category at which the last merged one begins.
#pragma once

#include <cstdint>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

struct OrderedCategory {
  int64_t base = 0;             // people in it
  std::vector<int64_t> counts;  // of them, those in each column
};

struct RecodingRule {
  int64_t least_base = 0;    // a category with people, but fewer, is too small
  int64_t least_count = 0;   // k: a count from 1 to k - 1 is too small
  bool rest_counts = false;  // so is one that leaves 1 to k - 1 of the base
};

struct Recoding {
  std::vector<size_t> starts;  // the first old category of each new one, ascending from 0
  size_t categories_lost = 0;
  double entropy_lost = 0;
};

// Among equals the one whose later categories begin first. kInvalid: categories of different
// columns, counts outside their base, or nothing left to merge (even all in one are too small).
Result<Recoding> merged_adjacent(const std::vector<OrderedCategory>& categories,
                                 const RecodingRule& rule);

}  // namespace barometer
