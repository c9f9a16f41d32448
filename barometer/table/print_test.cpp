#include "barometer/table/print.h"

#include <gtest/gtest.h>

namespace barometer {
namespace {

Estimate proportion(size_t k, size_t n) {
  Estimate estimate;
  estimate.n = n;
  estimate.numerator = k;
  if (n > 0) {
    estimate.value = static_cast<double>(k) / static_cast<double>(n);
    estimate.exact = Ratio{static_cast<int64_t>(k), static_cast<int64_t>(n)};
  }
  return estimate;
}

struct Case {
  size_t k;
  size_t n;
  const char* printed;
  Marker marker;
};

TEST(PrintEstimate, FollowsTheThresholdsAndSymbols) {
  const PrintRules rules;
  const Case cases[] = {
      {59, 94, "63", Marker::kNone},        {29, 200, "15", Marker::kNone},
      {57, 200, "29", Marker::kNone},       {1, 200, "1", Marker::kNone},
      {34, 80, "43", Marker::kNone},        {90, 240, "38", Marker::kNone},
      {0, 200, "0", Marker::kNone},         {1, 300, "*", Marker::kLow},
      {300, 300, "100", Marker::kNone},     {20, 49, "[41]", Marker::kSmallBase},
      {20, 50, "40", Marker::kNone},        {12, 29, "12 of 29", Marker::kCount},
      {12, 30, "[40]", Marker::kSmallBase}, {3, 9, "[c]", Marker::kSuppressed},
      {3, 10, "3 of 10", Marker::kCount},   {0, 0, "[x]", Marker::kNotAvailable},
  };
  for (const Case& c : cases) {
    const Printed printed = print_estimate(proportion(c.k, c.n), rules);
    EXPECT_EQ(printed.text, c.printed) << c.k << " of " << c.n;
    EXPECT_EQ(printed.marker, c.marker) << c.k << " of " << c.n;
  }
}

TEST(PrintEstimate, NoCountStandsForAWeightedShareOnASmallBase) {
  Estimate weighted = proportion(5, 20);
  weighted.value = 0.769;
  weighted.exact.reset();
  EXPECT_EQ(print_estimate(weighted, {}).text, "[u]");
  // 20 organisations, in each of which half of the people said yes.
  Estimate organisations = proportion(20, 20);
  organisations.value = 0.5;
  organisations.exact = Ratio{1, 2};
  EXPECT_EQ(print_estimate(organisations, {}).text, "[u]");
}

TEST(PrintEstimate, RoundsFromTheExactRatioNotFromTheDouble) {
  // 14.5 and 28.5 per cent are below the half as doubles.
  EXPECT_EQ(print_estimate(proportion(29, 200), {}).text, "15");
  PrintRules even;
  even.rounding = Rounding::kHalfEven;
  EXPECT_EQ(print_estimate(proportion(29, 200), even).text, "14");
  PrintRules one_place;
  one_place.percent_places = 1;
  EXPECT_EQ(print_estimate(proportion(29, 200), one_place).text, "14.5");
}

TEST(PrintEstimate, WritesTheUnitOnlyBesidePercentages) {
  EXPECT_EQ(print_estimate(proportion(59, 94), {}).with_unit(Statistic::kProportion), "63%");
  EXPECT_EQ(print_estimate(proportion(20, 49), {}).with_unit(Statistic::kProportion), "[41]%");
  EXPECT_EQ(print_estimate(proportion(3, 10), {}).with_unit(Statistic::kProportion), "3 of 10");
  EXPECT_EQ(print_estimate(proportion(3, 9), {}).with_unit(Statistic::kProportion), "[c]");
  EXPECT_EQ(Printed{"7.2"}.with_unit(Statistic::kMean), "7.2");
}

TEST(PrintEstimate, PrintsMeansWithTheirDecimals) {
  Estimate mean;
  mean.statistic = Statistic::kMean;
  mean.n = 94;
  mean.value = 677.0 / 94;
  mean.exact = Ratio{677, 94};
  EXPECT_EQ(print_estimate(mean, {}).text, "7.2");
  mean.n = 30;
  EXPECT_EQ(print_estimate(mean, {}).text, "[7.2]");
  mean.n = 9;
  EXPECT_EQ(print_estimate(mean, {}).text, "[c]");
}

TEST(PrintChange, CarriesItsSign) {
  EXPECT_EQ(print_change({-5, 0}), "-5");
  EXPECT_EQ(print_change({7, 1}), "+0.7");
  EXPECT_EQ(print_change({0, 0}), "0");
}

}  // namespace
}  // namespace barometer
