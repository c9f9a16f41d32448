#include "barometer/printed/verdict.h"

namespace barometer {

std::string_view name_of(Possibility possibility) {
  switch (possibility) {
    case Possibility::kPossible:
      return "possible";
    case Possibility::kImpossible:
      return "impossible";
    case Possibility::kNoPower:
      return "no power";
    case Possibility::kNoBase:
      return "no base";
  }
  return "no base";
}

RoundingInterval RoundingRule::interval(const Decimal& printed) const {
  RoundingInterval interval = rounding_interval(printed, rule_);
  if (permissive_) interval.lower_in = interval.upper_in = true;
  return interval;
}

Decimal RoundingRule::print(const Ratio& exact, int places) const {
  return round(exact, places, rule_);
}

std::string_view RoundingRule::name() const { return permissive_ ? "permissive" : name_of(rule_); }

}  // namespace barometer
