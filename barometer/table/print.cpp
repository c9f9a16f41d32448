#include "barometer/table/print.h"

#include <fmt/format.h>

namespace barometer {
namespace {

Decimal percent_of(const Estimate& estimate, const PrintRules& rules) {
  if (estimate.exact) {
    const Ratio percent{estimate.exact->numerator * 100, estimate.exact->denominator};
    return round(percent, rules.percent_places, rules.rounding);
  }
  return round(*estimate.value * 100, rules.percent_places, rules.rounding);
}

Printed print_proportion(const Estimate& estimate, const PrintRules& rules) {
  const auto n = static_cast<long long>(estimate.n);
  if (n < rules.percent_base_under && !is_share_of_cases(estimate)) {
    return printed_symbol(Marker::kUnreliable);
  }
  if (n < rules.percent_base_under) {
    return {fmt::format("{} of {}", estimate.numerator, estimate.n), Marker::kCount};
  }
  const Decimal percent = percent_of(estimate, rules);
  if (percent.digits == 0 && *estimate.value > 0) return printed_symbol(Marker::kLow);
  if (n < rules.bracket_base_under) {
    return {fmt::format("[{}]", percent.text()), Marker::kSmallBase};
  }
  return {percent.text(), Marker::kNone};
}

Printed print_mean(const Estimate& estimate, const PrintRules& rules) {
  const Decimal mean = estimate.exact ? round(*estimate.exact, rules.mean_places, rules.rounding)
                                      : round(*estimate.value, rules.mean_places, rules.rounding);
  if (static_cast<long long>(estimate.n) < rules.bracket_base_under) {
    return {fmt::format("[{}]", mean.text()), Marker::kSmallBase};
  }
  return {mean.text(), Marker::kNone};
}

}  // namespace

bool is_share_of_cases(const Estimate& estimate) {
  return estimate.exact && *estimate.exact == Ratio{static_cast<int64_t>(estimate.numerator),
                                                    static_cast<int64_t>(estimate.n)};
}

std::string_view symbol_of(Marker marker) {
  switch (marker) {
    case Marker::kNone:
      return "";
    case Marker::kSuppressed:
      return "[c]";
    case Marker::kNotAvailable:
      return "[x]";
    case Marker::kUnreliable:
      return "[u]";
    case Marker::kLow:
      return "*";
    case Marker::kSmallBase:
      return "[ ]";
    case Marker::kCount:
      return "n of N";
    case Marker::kNotApplicable:
      return "[z]";
  }
  return "";
}

std::string_view meaning_of(Marker marker) {
  switch (marker) {
    case Marker::kNone:
      return "";
    case Marker::kSuppressed:
      return "suppressed: too few people stand behind it";
    case Marker::kNotAvailable:
      return "not available";
    case Marker::kUnreliable:
      return "unreliable: the base is too small for a percentage";
    case Marker::kLow:
      return "more than zero, but rounds to zero";
    case Marker::kSmallBase:
      return "on a small base: read with care";
    case Marker::kCount:
      return "a count: the base is too small for a percentage";
    case Marker::kNotApplicable:
      return "not applicable";
  }
  return "";
}

std::string Printed::with_unit(Statistic statistic) const {
  const bool percent = statistic == Statistic::kProportion &&
                       (marker == Marker::kNone || marker == Marker::kSmallBase);
  return percent ? text + "%" : text;
}

Printed print_estimate(const Estimate& estimate, const PrintRules& rules) {
  if (!estimate.value) return printed_symbol(Marker::kNotAvailable);
  if (static_cast<long long>(estimate.n) < rules.suppress_base_under) {
    return printed_symbol(Marker::kSuppressed);
  }
  if (estimate.statistic == Statistic::kProportion) return print_proportion(estimate, rules);
  return print_mean(estimate, rules);
}

Printed printed_symbol(Marker marker) { return {std::string(symbol_of(marker)), marker}; }

std::string print_change(const Decimal& change) {
  return change.digits > 0 ? "+" + change.text() : change.text();
}

std::string rounding_text(const PrintRules& rules) {
  const std::string percent = rules.percent_places == 0
                                  ? std::string("whole per cent")
                                  : fmt::format("{} decimals of a per cent", rules.percent_places);
  return fmt::format("rounded {} to {}; means to {} decimal{}", name_of(rules.rounding), percent,
                     rules.mean_places, rules.mean_places == 1 ? "" : "s");
}

}  // namespace barometer
