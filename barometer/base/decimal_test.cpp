#include "barometer/base/decimal.h"

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace barometer {
namespace {

constexpr std::array kRules = {Rounding::kHalfUp, Rounding::kHalfEven, Rounding::kTruncate};

std::string percent(int64_t count, int64_t base, int places = 0,
                    Rounding rule = Rounding::kHalfUp) {
  return round(Ratio{100 * count, base}, places, rule).text();
}

// Each is a trap for floor(k / n * 100 + 0.5) in binary, or a half that must go up.
TEST(Round, PercentsOfCountsAreExact) {
  EXPECT_EQ(percent(29, 200), "15");
  EXPECT_EQ(percent(57, 200), "29");
  EXPECT_EQ(percent(1, 200), "1");
  EXPECT_EQ(percent(34, 80), "43");
  EXPECT_EQ(percent(90, 240), "38");
  EXPECT_EQ(percent(73, 200), "37");  // 36.5
  EXPECT_EQ(percent(1, 201), "0");
  EXPECT_EQ(percent(0, 7), "0");
  EXPECT_EQ(percent(7, 7), "100");
  EXPECT_EQ(percent(1, 800, 2), "0.13");  // 0.125
  EXPECT_EQ(percent(1, 3, 1), "33.3");
}

TEST(Round, TheRuleDecidesTheHalf) {
  struct Row {
    Ratio value;
    int places;
    std::string half_up, half_even, truncated;
  };
  const std::vector<Row> rows = {
      {{5, 2}, 0, "3", "2", "2"},          {{7, 2}, 0, "4", "4", "3"},
      {{1, 2}, 0, "1", "0", "0"},          {{-1, 2}, 0, "-1", "0", "0"},
      {{-5, 2}, 0, "-3", "-2", "-2"},      {{-7, 2}, 0, "-4", "-4", "-3"},
      {{99, 10}, 0, "10", "10", "9"},      {{-99, 10}, 0, "-10", "-10", "-9"},
      {{1, 4}, 1, "0.3", "0.2", "0.2"},    {{3, 4}, 1, "0.8", "0.8", "0.7"},
      {{6, 1}, 2, "6.00", "6.00", "6.00"}, {{-1, 200}, 1, "0.0", "0.0", "0.0"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(fmt::format("{}/{}", row.value.numerator, row.value.denominator));
    EXPECT_EQ(round(row.value, row.places, Rounding::kHalfUp).text(), row.half_up);
    EXPECT_EQ(round(row.value, row.places, Rounding::kHalfEven).text(), row.half_even);
    EXPECT_EQ(round(row.value, row.places, Rounding::kTruncate).text(), row.truncated);
  }
}

// Second road: the nearest integer found by trying them, with exact comparisons only.
TEST(Round, AgreesWithSearchForEveryPercentOfSmallBases) {
  for (int64_t base = 1; base <= 250; ++base) {
    for (int64_t count = 0; count <= base; ++count) {
      int64_t nearest = 0;  // greatest r with r - 1/2 <= 100 count / base
      while ((2 * (nearest + 1) - 1) * base <= 200 * count) ++nearest;
      ASSERT_EQ(round(Ratio{100 * count, base}, 0).digits, nearest) << count << "/" << base;
    }
  }
}

TEST(Round, DoublesWithBinaryNoiseFollowTheExactHalf) {
  for (int64_t base = 1; base <= 400; ++base) {
    for (int64_t count = 0; count <= base; ++count) {
      const double noisy = static_cast<double>(count) / static_cast<double>(base) * 100;
      for (const Rounding rule : kRules) {
        ASSERT_EQ(round(noisy, 0, rule), round(Ratio{100 * count, base}, 0, rule))
            << count << "/" << base << " " << name_of(rule);
      }
    }
  }
}

TEST(Round, DoublesNearAHalfButNotAtItAreLeftAlone) {
  EXPECT_EQ(round(14.4999, 0).digits, 14);
  EXPECT_EQ(round(14.5001, 0, Rounding::kTruncate).digits, 14);
  EXPECT_EQ(round(28.999999999999996, 0, Rounding::kTruncate).digits, 29);
  // Population totals: a relative tolerance alone would take 0.4 for a half.
  EXPECT_EQ(round(200000000.4, 0).digits, 200000000);
  EXPECT_EQ(round(-200000000.4, 0).digits, -200000000);
  EXPECT_EQ(round(123456789012.4, 0).digits, 123456789012);
}

TEST(Round, WhatCannotBePrintedIsABrokenPromise) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW((void)round(nan, 0), BrokenPromise);
  EXPECT_THROW((void)round(std::numeric_limits<double>::infinity(), 0), BrokenPromise);
  EXPECT_THROW((void)round(1e15, 0), BrokenPromise);
  EXPECT_THROW((void)round(1e10, 9), BrokenPromise);
  EXPECT_THROW((void)round(Ratio{1, 0}, 0), BrokenPromise);
  EXPECT_THROW((void)round(Ratio{1, -3}, 0), BrokenPromise);
  EXPECT_THROW((void)round(Ratio{1, 2}, -1), BrokenPromise);
  EXPECT_THROW((void)round(Ratio{1, 2}, 16), BrokenPromise);
  EXPECT_THROW((void)round(Ratio{int64_t{1} << 61, 1}, 6), BrokenPromise);
}

TEST(Ratio, ComparesWithoutOverflow) {
  const int64_t big = (int64_t{1} << 62) - 1;
  EXPECT_EQ((Ratio{1, 3}), (Ratio{2, 6}));
  EXPECT_LT((Ratio{-1, 2}), (Ratio{1, 3}));
  EXPECT_LT((Ratio{big - 1, big}), (Ratio{big, big}));
  EXPECT_GT((Ratio{big, 1}), (Ratio{big, 2}));
  EXPECT_EQ((Ratio{0, 5}), (Ratio{0, 7}));
}

TEST(ParseDecimal, KeepsWhatStoodInPrint) {
  struct Row {
    std::string_view text;
    Decimal value;
    std::string_view again;
  };
  const std::vector<Row> rows = {
      {"7.2", {72, 1}, "7.2"},
      {"-5", {-5, 0}, "-5"},
      {"+3", {3, 0}, "3"},
      {"6.00", {600, 2}, "6.00"},
      {"0", {0, 0}, "0"},
      {"007", {7, 0}, "7"},
      {"-0.5", {-5, 1}, "-0.5"},
      {"0.05", {5, 2}, "0.05"},
      {"-0.0", {0, 1}, "0.0"},
      {"999999999999999", {999999999999999, 0}, "999999999999999"},
      {"0.00000000000001", {1, 14}, "0.00000000000001"},
  };
  for (const Row& row : rows) {
    const auto parsed = parse_decimal(row.text);
    ASSERT_TRUE(parsed) << row.text;
    EXPECT_EQ(*parsed, row.value) << row.text;
    EXPECT_EQ(parsed->text(), row.again);
  }
}

TEST(ParseDecimal, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      "-",
                                      "+",
                                      ".",
                                      ".5",
                                      "5.",
                                      "1.2.3",
                                      "--1",
                                      "+-1",
                                      "1e3",
                                      "1,000",
                                      " 1",
                                      "1 ",
                                      "0x10",
                                      "nan",
                                      "inf",
                                      "12%",
                                      "one",
                                      "\u00A05",
                                      "1234567890123456",
                                      "1.234567890123456"}) {
    const auto parsed = parse_decimal(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalid);
  }
  EXPECT_EQ(parse_decimal("4\x1B[2J").error().message, "'4\\x1B[2J' is not a number");
}

TEST(Decimal, HasThreeFacesOfOneNumber) {
  const Decimal score{-725, 2};
  EXPECT_EQ(score.text(), "-7.25");
  EXPECT_EQ(score.value(), -7.25);
  EXPECT_EQ(score.ratio(), (Ratio{-29, 4}));
}

// Second road: v prints as p exactly when the interval of p contains v.
TEST(RoundingInterval, HoldsExactlyWhatPrintsThatWay) {
  for (const Rounding rule : kRules) {
    for (int64_t digits = -3; digits <= 3; ++digits) {
      for (int places = 0; places <= 1; ++places) {
        const Decimal printed{digits, places};
        const RoundingInterval interval = rounding_interval(printed, rule);
        for (int64_t fortieth = -200; fortieth <= 200; ++fortieth) {
          const Ratio v{fortieth, 40};
          ASSERT_EQ(interval.contains(v), round(v, places, rule) == printed)
              << fortieth << "/40 as " << printed.text() << " " << name_of(rule);
        }
      }
    }
  }
}

TEST(RoundingInterval, WorksAtTheLimitOfFifteenDigits) {
  const auto printed = parse_decimal("99999999999999.9");
  ASSERT_TRUE(printed);
  EXPECT_TRUE(rounding_interval(*printed).contains(printed->ratio()));
}

TEST(Rounding, IsNamedInOutput) {
  EXPECT_EQ(name_of(Rounding::kHalfUp), "half up");
  EXPECT_EQ(name_of(Rounding::kHalfEven), "half to even");
  EXPECT_EQ(name_of(Rounding::kTruncate), "truncated");
}

}  // namespace
}  // namespace barometer
