#include "barometer/printed/fieldwork_dates.h"

#include <gtest/gtest.h>

#include "barometer/printed/test_figures_internal.h"

namespace barometer {
namespace {

Date date(const std::string& text) { return *parse_date(text); }

TEST(FieldworkDates, AreOrderedAndPlausiblyLong) {
  struct Row {
    const char* from;
    const char* to;
    const char* expected;
  };
  const Row rows[] = {
      {"2013-02-24", "2014-03-10",
       "impossible | 24 February 2013 to 10 March 2014 is 380 days | "
       "to 10 March 2013 (15 days) or from 24 February 2014 (15 days)"},
      {"2013-02-24", "2013-03-10", "possible | 24 February 2013 to 10 March 2013 is 15 days | "},
      {"2013-03-10", "2013-03-10", "possible | 10 March 2013 to 10 March 2013 is 1 day | "},
      {"2013-03-10", "2013-02-24",
       "impossible | 10 March 2013 to 24 February 2013 ends before it starts | "
       "24 February 2013 to 10 March 2013"},
      {"2013-12-10", "2013-01-12",
       "impossible | 10 December 2013 to 12 January 2013 ends before it starts | "
       "to 12 January 2014 (34 days) or from 10 December 2012 (34 days)"},
      {"2012-02-29", "2013-03-10",
       "impossible | 29 February 2012 to 10 March 2013 is 376 days | to 10 March 2012 (11 days)"},
      {"2013-01-05", "2013-11-05", "impossible | 5 January 2013 to 5 November 2013 is 305 days | "},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(line(fieldwork_verdict(date(row.from), date(row.to))), row.expected);
  }
}

TEST(FieldworkDates, EndBeforeTheReport) {
  FieldworkLimits limits;
  limits.reported = date("2013-04-02");
  EXPECT_EQ(line(fieldwork_verdict(date("2013-02-24"), date("2014-03-10"), limits)),
            "impossible | 24 February 2013 to 10 March 2014 is 380 days, and was reported on "
            "2 April 2013 | to 10 March 2013 (15 days)");
  limits.longest_days = 14;
  EXPECT_TRUE(fieldwork_verdict(date("2013-02-24"), date("2013-03-10"), limits).fails());
}

TEST(FieldworkDates, DatesThatDoNotExistAreOurOwnFault) {
  const Date never{std::chrono::year(2013), std::chrono::month(2), std::chrono::day(30)};
  EXPECT_THROW(fieldwork_verdict(never, date("2013-03-10")), BrokenPromise);
}

}  // namespace
}  // namespace barometer
