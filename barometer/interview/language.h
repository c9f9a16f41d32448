// What the program itself says to a person in their language: English or Welsh.
#pragma once

#include <string>
#include <string_view>

#include "barometer/base/date.h"

namespace barometer {

// Whether messages, fixed answers and dates are known in it: "cy", and "cy-GB" as "cy".
bool is_spoken(std::string_view language);
// "5 October 2012", "5 Hydref 2012"; in English where the language is not spoken.
std::string spoken_date(const Date& date, std::string_view language);

}  // namespace barometer
