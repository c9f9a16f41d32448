// Calendar dates, ISO 8601.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "barometer/base/result.h"

namespace barometer {

using Date = std::chrono::year_month_day;

// "2012-10-05" and nothing else; a day that does not exist is kInvalid.
Result<Date> parse_date(std::string_view text);
std::string iso_text(const Date& date);   // "2012-10-05"
std::string long_text(const Date& date);  // "5 October 2012"

}  // namespace barometer
