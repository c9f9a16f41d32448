#include "barometer/printed/levels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/printed/test_figures_internal.h"

namespace barometer {
namespace {

PrintedLevel level(const std::string& value, std::optional<int64_t> n = std::nullopt) {
  return {decimal(value), n};
}

TEST(Change, AgreesWithItsLevelsWithinRounding) {
  struct Row {
    PrintedLevel now;
    const char* change;
    PrintedLevel before;
    const char* expected;
  };
  const Row rows[] = {
      {level("68"), "-5", level("73"),
       "possible | 68 - 73 = -5 (over -6 to under -4 before rounding), stated -5 | "},
      {level("68"), "-6", level("73"),
       "possible | 68 - 73 = -5 (over -6 to under -4 before rounding), stated -6 | "},
      {level("68"), "-7", level("73"),
       "impossible | 68 - 73 = -5 (over -6 to under -4 before rounding), stated -7 | "
       "per cent of the level before, not points, a change of -6…-4, a level now of 65…67 or "
       "a level before of 74…76"},
      {level("68"), "5", level("73"),
       "impossible | 68 - 73 = -5 (over -6 to under -4 before rounding), stated 5 | "
       "a change of -6…-4, a level now of 77…79 or a level before of 62…64"},
      {level("7.2"), "0.7", level("6.5"),
       "possible | 7.2 - 6.5 = 0.7 (over 0.6 to under 0.8 before rounding), stated 0.7 | "},
      {level("7.2"), "0.6", level("6.5"),
       "possible | 7.2 - 6.5 = 0.7 (over 0.6 to under 0.8 before rounding), stated 0.6 | "},
      {level("68", 94), "-5", level("73", 100),
       "possible | 68 of 94 - 73 of 100 = -5 (over -6 to under -4 before rounding), stated -5 | "},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(line(change_verdict(row.now, decimal(row.change), row.before)), row.expected);
  }
}

// The other road: every pair of counts, at bases from 1 to 40 when they are not known.
TEST(Change, WithBasesAgreesWithTryingEveryPairOfCounts) {
  for (const RoundingRule rule : four_rules()) {
    for (const int64_t n : {7, 12, 40}) {
      for (const int64_t m : {9, 12, 33}) {
        for (int64_t now = 20; now <= 60; now += 4) {
          for (int64_t change = -9; change <= 9; ++change) {
            const Decimal before{now + 3, 0};
            bool some = change == -3;
            for (int64_t k = 0; k <= n; ++k) {
              for (int64_t j = 0; j <= m; ++j) {
                some |= rule.interval({now, 0}).contains({100 * k, n}) &&
                        rule.interval(before).contains({100 * j, m}) &&
                        rule.interval({change, 0}).contains({100 * (k * m - j * n), n * m});
              }
            }
            EXPECT_EQ(!change_verdict({{now, 0}, n}, {change, 0}, {before, m}, rule).fails(), some)
                << now << " of " << n << ", " << change << ", " << before.text() << " of " << m
                << " " << rule.name();
          }
        }
      }
    }
  }
}

TEST(Change, ImpliesTheLevelBefore) {
  EXPECT_EQ(implied_before(decimal("68"), decimal("-5")), (PrintedRange{{72, 0}, {74, 0}}));
  EXPECT_EQ(implied_before(decimal("7.2"), decimal("0.7")), (PrintedRange{{64, 1}, {66, 1}}));
}

TEST(Bracket, TotalsLieBetweenTheirSubgroups) {
  const std::vector<PrintedLevel> groups{level("76"), level("64")};
  EXPECT_EQ(line(bracket_verdict(decimal("74"), groups)),
            "possible | total 74, subgroups 76, 64 | ");
  EXPECT_EQ(line(bracket_verdict(decimal("78"), groups)),
            "impossible | total 78, subgroups 76, 64 | a total of 64…76");
  EXPECT_FALSE(bracket_verdict(decimal("76"), groups).fails());
  EXPECT_TRUE(bracket_verdict(decimal("63"), groups).fails());
  EXPECT_EQ(bracket_verdict(decimal("63"), {}).outcome, Possibility::kNoBase);
}

TEST(Bracket, WithBasesIsTheSumOfTheCounts) {
  const std::vector<PrintedLevel> groups{level("76", 210), level("64", 42)};
  EXPECT_EQ(line(bracket_verdict(decimal("74"), groups)),
            "possible | total 74, subgroups 76 of 210, 64 of 42: 186…187 of 252 = 74 | ");
  EXPECT_EQ(line(bracket_verdict(decimal("70"), groups)),
            "impossible | total 70, subgroups 76 of 210, 64 of 42: 186…187 of 252 = 74 | "
            "a total of 74");
  for (const RoundingRule rule : four_rules()) {
    for (const int64_t n : {6, 11, 20}) {
      for (const int64_t m : {5, 30}) {
        for (int64_t total = 30; total <= 80; ++total) {
          bool some = false;
          bool groups_exist = false;
          for (int64_t k = 0; k <= n; ++k) {
            for (int64_t j = 0; j <= m; ++j) {
              const bool both = rule.interval({67, 0}).contains({100 * k, n}) &&
                                rule.interval({40, 0}).contains({100 * j, m});
              groups_exist |= both;
              some |= both && rule.interval({total, 0}).contains({100 * (k + j), n + m});
            }
          }
          if (!groups_exist) continue;  // a subgroup that is impossible is another finding
          const std::vector<PrintedLevel> two{{{67, 0}, n}, {{40, 0}, m}};
          EXPECT_EQ(!bracket_verdict({total, 0}, two, rule).fails(), some) << total;
        }
      }
    }
  }
}

TEST(ImpliedShare, OfTheSubgroupInTheTotal) {
  // (74 - 64) / (76 - 64) is 83 %; rounding leaves 9 / 12 … 11 / 12.
  const auto share = implied_share(decimal("74"), decimal("76"), decimal("64"));
  ASSERT_TRUE(share);
  EXPECT_EQ(*share, (PrintedRange{{75, 0}, {92, 0}}));
  EXPECT_EQ(implied_share(decimal("74"), decimal("64"), decimal("76")),
            std::optional(PrintedRange{{8, 0}, {25, 0}}));
  EXPECT_EQ(implied_share(decimal("74.00"), decimal("76.00"), decimal("64.00")),
            std::optional(PrintedRange{{83, 0}, {83, 0}}));
  EXPECT_FALSE(implied_share(decimal("74"), decimal("74"), decimal("74")));
  EXPECT_FALSE(implied_share(decimal("80"), decimal("76"), decimal("64")));
}

using R = BoundRelation;
struct BoundRow {
  R relation;
  Ratio bound;
  Ratio tolerance;
  PrintedLevel figure;
  const char* expected;
};
const BoundRow kBounds[] = {
    {R::kOver, {40, 1}, {0, 1}, level("43", 273), "possible | over 40: the figure is 43 of 273 | "},
    {R::kNearly,
     {60, 1},
     {2, 1},
     level("59", 46),
     "possible | nearly 60: the figure is 59 of 46 | "},
    {R::kOver, {50, 1}, {0, 1}, level("53", 252), "possible | over 50: the figure is 53 of 252 | "},
    {R::kOver,
     {50, 1},
     {0, 1},
     level("41", 94),
     "impossible | over 50: the figure is 41 of 94 | a figure over 50"},
    {R::kOver,
     {100, 3},
     {0, 1},
     level("35", 100),
     "possible | over 33.33: the figure is 35 of 100 | "},
    {R::kOver, {40, 1}, {0, 1}, level("40"), "no power | over 40: the figure is 40 | "},
    {R::kOver,
     {40, 1},
     {0, 1},
     level("40", 10),
     "impossible | over 40: the figure is 40 of 10 | a figure over 40"},
    {R::kAtLeast,
     {40, 1},
     {0, 1},
     level("40", 10),
     "possible | at least 40: the figure is 40 of 10 | "},
    {R::kNearly,
     {200, 3},
     {3, 1},
     level("63"),
     "impossible | nearly 66.67: the figure is 63 | a figure from 63.67 under 66.67"},
    {R::kNearly, {200, 3}, {3, 1}, level("65"), "possible | nearly 66.67: the figure is 65 | "},
    {R::kNearly,
     {60, 1},
     {2, 1},
     level("61"),
     "impossible | nearly 60: the figure is 61 | a figure from 58 under 60"},
    {R::kAround, {50, 1}, {2, 1}, level("51"), "possible | around 50: the figure is 51 | "},
    {R::kAround,
     {50, 1},
     {2, 1},
     level("54"),
     "impossible | around 50: the figure is 54 | a figure from 48 to 52"},
    {R::kUnder,
     {10, 1},
     {0, 1},
     level("11"),
     "impossible | under 10: the figure is 11 | a figure under 10"},
    {R::kAtMost, {10, 1}, {0, 1}, level("9.9"), "possible | at most 10: the figure is 9.9 | "},
};

TEST(Bounds, OfHeadlinesAndHedges) {
  for (const BoundRow& row : kBounds) {
    EXPECT_EQ(line(bound_verdict(row.relation, row.bound, row.tolerance, row.figure)),
              row.expected);
  }
}

// The other road: values a thousandth apart over the interval, and the ends where they are in.
TEST(Bounds, AgreeWithTryingValues) {
  for (const RoundingRule rule : four_rules()) {
    for (int64_t digits = 55; digits <= 63; ++digits) {
      const RoundingInterval interval = rule.interval({digits, 0});
      for (const R relation :
           {R::kOver, R::kAtLeast, R::kUnder, R::kAtMost, R::kNearly, R::kAround}) {
        bool all = true;
        bool some = false;
        for (int64_t value = 50'000; value <= 70'000; ++value) {
          if (!interval.contains({value, 1000})) continue;
          const bool holds = relation == R::kOver      ? value > 60'000
                             : relation == R::kAtLeast ? value >= 60'000
                             : relation == R::kUnder   ? value < 60'000
                             : relation == R::kAtMost  ? value <= 60'000
                             : relation == R::kNearly  ? value >= 58'500 && value < 60'000
                                                       : value >= 58'500 && value <= 61'500;
          all &= holds;
          some |= holds;
        }
        const Possibility expected = !some ? Possibility::kImpossible
                                     : all ? Possibility::kPossible
                                           : Possibility::kNoPower;
        EXPECT_EQ(bound_verdict(relation, {60, 1}, {3, 2}, {{digits, 0}, {}}, rule).outcome,
                  expected)
            << name_of(relation) << " 60 of " << digits << " " << rule.name();
      }
    }
  }
}

}  // namespace
}  // namespace barometer
