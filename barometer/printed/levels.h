// Printed figures against each other: a level with a change, a total with its subgroups, a figure
// with the words about it.
//
// Each figure stands for its interval of rounding; two sides of an equation agree when their
// intervals meet (Moore, Interval Analysis, 1966). Where the bases are known, the few counts that
// each figure allows take the place of its interval. A change may be printed from the unrounded
// levels or from the printed ones; both are taken as right.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "barometer/printed/printed.h"

namespace barometer {

// A percentage (or, without a base, a mean) as printed.
struct PrintedLevel {
  Decimal value;
  std::optional<int64_t> n;
};

// The lowest and the highest that could have been printed.
struct PrintedRange {
  Decimal low;
  Decimal high;
  bool operator==(const PrintedRange&) const = default;
};

// "68 per cent, five points down on January's 73": now - before = change, in points.
Verdict change_verdict(const PrintedLevel& now, const Decimal& change, const PrintedLevel& before,
                       RoundingRule rule = {});
// What stood before a change, where only that is said: 68 after -5 was 72…74.
PrintedRange implied_before(const Decimal& now, const Decimal& change, RoundingRule rule = {});

// A total lies between its lowest and its highest subgroup. Where every subgroup has its base and
// they are all the subgroups, the total is their mean by bases, and its counts are their sums.
Verdict bracket_verdict(const Decimal& total, std::span<const PrintedLevel> groups,
                        RoundingRule rule = {});
// The share of the first of two subgroups in the total, in whole per cent; nothing where the
// subgroups may be equal, or the total is not between them.
std::optional<PrintedRange> implied_share(const Decimal& total, const Decimal& first,
                                          const Decimal& second, RoundingRule rule = {});

// What words say of a figure v: bound x, tolerance d.
enum class BoundRelation {
  kOver,     // v > x
  kAtLeast,  // v >= x
  kUnder,    // v < x
  kAtMost,   // v <= x
  kNearly,   // x - d <= v < x
  kAround,   // |v - x| <= d
};
std::string_view name_of(BoundRelation relation);  // "over", "nearly"

// "Over 40%" of a body figure of 43, "more than a third" (x = 100/3) of 35. Possible where every
// value that prints so is as the words say, impossible where none is; no power where rounding
// leaves it open ("over 40%" of a printed 40).
Verdict bound_verdict(BoundRelation relation, const Ratio& bound, const Ratio& tolerance,
                      const PrintedLevel& figure, RoundingRule rule = {});

}  // namespace barometer
