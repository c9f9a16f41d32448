#include "barometer/base/date.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr std::array kMonths = {"January",   "February", "March",    "April",
                                "May",       "June",     "July",     "August",
                                "September", "October",  "November", "December"};

bool all_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

unsigned number(std::string_view digits) {
  unsigned value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

Result<Date> parse_date(std::string_view text) {
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' &&
                      all_digits(text.substr(0, 4)) && all_digits(text.substr(5, 2)) &&
                      all_digits(text.substr(8, 2));
  if (!shaped) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' is not a date like 2012-10-05", printable(text)));
  }
  const Date date{std::chrono::year(static_cast<int>(number(text.substr(0, 4)))),
                  std::chrono::month(number(text.substr(5, 2))),
                  std::chrono::day(number(text.substr(8, 2)))};
  if (!date.ok()) return fail(ErrorCode::kInvalid, fmt::format("there is no day {}", text));
  return date;
}

std::string iso_text(const Date& date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string long_text(const Date& date) {
  return fmt::format("{} {} {}", static_cast<unsigned>(date.day()),
                     kMonths.at(static_cast<unsigned>(date.month()) - 1),
                     static_cast<int>(date.year()));
}

}  // namespace barometer
