// Parts and wholes: the parts of one single-code question are whole numbers that sum to its base.
//
// Parts that are rounded each on their own need not print as 100 together: m of them with d
// decimals may miss it by up to m / 2 units of the last place, and no more (Mosteller, Youtz and
// Zahn 1967, Demography 4, 850-858, on how often they do). Known the base, the counts decide: each
// part allows few, and some choice of them must sum to it. That test has power where a single
// percentage has none: 72 % and 18 % of 124 are 89 and 22 people, so that 13 are missing.
// The same sums say what "the remainder" is, and whether a NET can be the union of its parts.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "barometer/printed/printed.h"

namespace barometer {

// All ways in which the parts of one single-code question can be whole numbers that sum to n.
struct Partitions {
  std::vector<std::vector<int64_t>> solutions;  // one count a part, in lexicographic order
  bool complete = true;                         // false: there are more than `limit`
};
struct PartitionOptions {
  RoundingRule rounding = Rounding::kHalfUp;
  size_t limit = 1000;
  bool rest = false;  // parts that were not printed may exist: a last count is what they hold
};
Partitions partitions(std::span<const Decimal> percents, int64_t n,
                      const PartitionOptions& options = {});

// Can these be all the parts? By counts where n is known, else by intervals of rounding.
Verdict exhaustive_verdict(std::span<const Decimal> parts, std::optional<int64_t> n,
                           RoundingRule rule = {});

// What the parts leave of 100 ("the remainder did not know").
struct Remainder {
  Decimal low;  // as it would print, with the most decimals of the parts
  Decimal high;
  WholeRange counts;  // known the base; none where a part is impossible at it
};
// Nothing where the parts are over 100 beyond rounding.
std::optional<Remainder> remainder(std::span<const Decimal> parts, std::optional<int64_t> n,
                                   RoundingRule rule = {});
Verdict remainder_verdict(std::span<const Decimal> parts, const Decimal& stated,
                          std::optional<int64_t> n, RoundingRule rule = {});

// Can the NET be the union of these options of one single-code question? NETs are made of
// unrounded parts, so that it may differ from the sum of the printed ones.
Verdict net_verdict(const Decimal& net, std::span<const Decimal> parts, std::optional<int64_t> n,
                    RoundingRule rule = {});

}  // namespace barometer
