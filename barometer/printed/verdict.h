// What a check of printed figures says, and the rule by which a source may have rounded.
//
// Every check of this module that has an answer for a reader gives a Verdict: one of four outcomes,
// the arithmetic as a line that can be printed and checked by hand, and the least change that would
// make the figures possible. The checks decide in whole numbers; no double takes part.
#pragma once

#include <string>
#include <string_view>

#include "barometer/base/decimal.h"

namespace barometer {

enum class Possibility {
  kPossible,
  kImpossible,
  kNoPower,  // possible, and the check could not have said anything else
  kNoBase,   // something that the check needs is not known, or out of its reach
};
std::string_view name_of(Possibility possibility);  // "possible", "no power"

struct Verdict {
  Possibility outcome = Possibility::kNoBase;
  std::string arithmetic;  // "42% of 94: 39/94 = 41.49, 40/94 = 42.55"
  std::string mend;        // "41% or 43%; a base of 93 or 95"; empty where nothing need change

  [[nodiscard]] bool fails() const { return outcome == Possibility::kImpossible; }
};

// How a source rounds: one of the rules of base/decimal.h, or permissive: halves may have gone
// either way, because the rule is not known. Brown and Heathers (2017) recommend the latter for
// other people's figures.
class RoundingRule {
 public:
  constexpr RoundingRule(Rounding rule = Rounding::kHalfUp) : rule_(rule) {}
  static constexpr RoundingRule permissive() {
    RoundingRule rule;
    rule.permissive_ = true;
    return rule;
  }

  // All exact values that may have been printed so.
  [[nodiscard]] RoundingInterval interval(const Decimal& printed) const;
  // How `exact` prints; permissive prints half up.
  [[nodiscard]] Decimal print(const Ratio& exact, int places) const;
  [[nodiscard]] std::string_view name() const;  // "half up", "permissive"

 private:
  Rounding rule_;
  bool permissive_ = false;
};

}  // namespace barometer
