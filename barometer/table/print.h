// How an estimate is printed: rounded once, with the symbols that keep a reader from error.
//
//   63        a percentage                     12 of 25   base under percent_base_under
//   [42]      base under bracket_base_under    *          more than 0, rounds to 0
//   [c]       suppressed (confidential)        0          none
//   [x]       not available                    [u]        base too small for a percentage
//   [z]       not applicable
// After requirements F2, F3, F6 and E8.
#pragma once

#include <string>
#include <string_view>

#include "barometer/estimate/estimate.h"
#include "barometer/study/study.h"

namespace barometer {

enum class Marker {
  kNone,
  kSuppressed,     // too few people stand behind it
  kNotAvailable,   // no value, or the published figures of a reconstruction do not fix it
  kUnreliable,     // the base is too small for a percentage, and no count says the same
  kLow,            // more than zero, rounds to zero
  kSmallBase,      // in brackets: on a small base
  kCount,          // a count, since the base is too small for a percentage
  kNotApplicable,  // there is nothing to be told: nobody is in the base, a mean has no count
};
std::string_view symbol_of(Marker marker);   // "[c]", "[x]", "[z]", "*", "[ ]", "n of N", ""
std::string_view meaning_of(Marker marker);  // for the key of symbols

struct Printed {
  std::string text;  // "63", "[42]", "*", "7.2", "[c]", "12 of 25"
  Marker marker = Marker::kNone;

  // With the sign of the unit: "63%", "[42]%"; symbols and counts alone.
  [[nodiscard]] std::string with_unit(Statistic statistic) const;
  bool operator==(const Printed&) const = default;
};

// A proportion as a percentage, a mean with mean_places decimals; from the exact ratio where there
// is one. An estimate without value prints [x], a base under suppress_base_under [c].
Printed print_estimate(const Estimate& estimate, const PrintRules& rules);
// Whether a proportion is its count over its base: not when weighted, nor of organisations whose
// people gave different answers. Only then may the count stand for it.
bool is_share_of_cases(const Estimate& estimate);
Printed printed_symbol(Marker marker);
// Points of change with a sign; "0" for none: "-5", "+3", "+0.7".
std::string print_change(const Decimal& change);

// "rounded half up to whole per cent; means to 1 decimal"
std::string rounding_text(const PrintRules& rules);

}  // namespace barometer
