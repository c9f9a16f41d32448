#include "barometer/base/date.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace barometer {
namespace {

TEST(ParseDate, ReadsIsoDaysThatExist) {
  for (const std::string_view text : {"2012-10-05", "2012-02-29", "2000-02-29", "1999-12-31"}) {
    const auto date = parse_date(text);
    ASSERT_TRUE(date) << text;
    EXPECT_EQ(iso_text(*date), text);
  }
}

// Second road: day numbers count on by one, month lengths by hand.
TEST(ParseDate, KnowsEveryDayOfALeapAndAPlainYear) {
  for (const int year : {2012, 2013, 1900}) {
    const bool leap = year == 2012;
    int days = 0;
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= 31; ++day) {
        char text[16];
        std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
        if (parse_date(text)) ++days;
      }
    }
    EXPECT_EQ(days, leap ? 366 : 365) << year;
  }
}

TEST(ParseDate, RefusesOtherShapesAndDaysThatDoNotExist) {
  for (const std::string_view text :
       {"", "2012", "2012-10", "2012-1-5", "05/10/2012", "2012/10/05", "2012-10-05T00:00",
        " 2012-10-05", "2012-10-05 ", "2012-13-01", "2012-00-10", "2012-01-00", "2013-02-29",
        "1900-02-29", "2012-04-31", "-012-10-05", "2012-+1-05", "20121005--", "2012-10-0x"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
  EXPECT_EQ(parse_date("2013-02-29").error().message, "there is no day 2013-02-29");
  EXPECT_EQ(parse_date("5 Oct\x1B").error().message, "'5 Oct\\x1B' is not a date like 2012-10-05");
}

TEST(Date, IsWrittenShortAndLong) {
  const auto date = parse_date("2012-10-05");
  ASSERT_TRUE(date);
  EXPECT_EQ(iso_text(*date), "2012-10-05");
  EXPECT_EQ(long_text(*date), "5 October 2012");
}

}  // namespace
}  // namespace barometer
