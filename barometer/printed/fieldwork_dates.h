// Can a survey have been in the field from one date to the other?
//
// The first day comes before the last, the window is no longer than such fieldwork lasts, and it
// ends before the report. "24 February 2013 to 10 March 2014" is 380 days: one of its years is
// wrong. The least mend changes one year, or else swaps the dates.
#pragma once

#include <optional>

#include "barometer/base/date.h"
#include "barometer/printed/verdict.h"

namespace barometer {

struct FieldworkLimits {
  int longest_days = 120;  // both ends counted
  std::optional<Date> reported;
};
// Both dates exist.
Verdict fieldwork_verdict(const Date& from, const Date& to, const FieldworkLimits& limits = {});

}  // namespace barometer
