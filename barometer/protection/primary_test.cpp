#include "barometer/protection/primary.h"

#include <vector>

#include <gtest/gtest.h>

#include "barometer/base/result.h"

namespace barometer {
namespace {

TEST(CountRisk, ThresholdsOfCountsAndTheirRest) {
  const CountRule rule{10, 5, true};
  struct Case {
    int64_t count, base;
    CountRisk risk;
  };
  for (const Case& at : {
           Case{0, 0, CountRisk::kNone},       // nobody was asked: nobody is shown
           Case{3, 9, CountRisk::kSmallBase},  // the base comes first
           Case{0, 9, CountRisk::kSmallBase},
           Case{0, 10, CountRisk::kNone},  // nobody said so
           Case{1, 10, CountRisk::kSmallCount},
           Case{4, 10, CountRisk::kSmallCount},
           Case{5, 10, CountRisk::kNone},
           Case{6, 10, CountRisk::kSmallRest},
           Case{9, 10, CountRisk::kSmallRest},
           Case{10, 10, CountRisk::kNone},
       }) {
    EXPECT_EQ(count_risk(at.count, at.base, rule), at.risk) << at.count << " of " << at.base;
  }
  EXPECT_EQ(count_risk(6, 10, {10, 5, false}), CountRisk::kNone);
  EXPECT_EQ(count_risk(1, 1, {}), CountRisk::kNone);  // no rule, no risk
}

TEST(DisclosesGroup, AllOrNoneOfAFewNamedPeople) {
  EXPECT_TRUE(discloses_group(7, 7, 8));
  EXPECT_TRUE(discloses_group(0, 8, 8));
  EXPECT_FALSE(discloses_group(0, 9, 8));
  EXPECT_FALSE(discloses_group(6, 7, 8));
  EXPECT_FALSE(discloses_group(0, 0, 8));
}

TEST(IsDominated, TheLargestTogether) {
  const std::vector<double> cell{5, 80, 5, 10};
  EXPECT_TRUE(is_dominated(cell, 1, 79));
  EXPECT_FALSE(is_dominated(cell, 1, 80));  // more than, not as much as
  EXPECT_TRUE(is_dominated(cell, 2, 89));
  EXPECT_FALSE(is_dominated(cell, 2, 90));
  EXPECT_TRUE(is_dominated(std::vector<double>{3}, 2, 99));
  EXPECT_FALSE(is_dominated({}, 1, 50));
}

TEST(IsEstimable, BySecondLargestWithinAPercentage) {
  // The second, who knows 300 and the total 1400, finds the first is at most 1100: 10% above 1000.
  const std::vector<double> cell{60, 1000, 40, 300};
  EXPECT_FALSE(is_estimable(cell, 10));
  EXPECT_TRUE(is_estimable(cell, 10.5));
  EXPECT_DOUBLE_EQ(protection_of_estimable(cell, 15), 50);
  EXPECT_DOUBLE_EQ(protection_of_estimable(cell, 10), 0);
  // Knowing everybody to 50% before, 10% is as 20% without.
  EXPECT_TRUE(is_estimable(cell, 10, 50));
  EXPECT_DOUBLE_EQ(protection_of_estimable(cell, 10, 50), 100);
  EXPECT_TRUE(is_estimable(std::vector<double>{9}, 1));
  EXPECT_TRUE(is_estimable(std::vector<double>{9, 8}, 1));
  EXPECT_FALSE(is_estimable({}, 10));
}

TEST(Contributions, BelowZeroAreABrokenPromise) {
  EXPECT_THROW(is_dominated(std::vector<double>{-1, 2}, 1, 50), BrokenPromise);
  EXPECT_THROW(is_estimable(std::vector<double>{-1, 2}, 10), BrokenPromise);
}

}  // namespace
}  // namespace barometer
