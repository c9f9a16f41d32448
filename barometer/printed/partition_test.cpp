#include "barometer/printed/partition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/printed/test_figures_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Partitions, OfTheReports) {
  EXPECT_THAT(partitions(decimals("47 38 15"), 116).solutions,
              ElementsAre(ElementsAre(55, 44, 17)));
  EXPECT_THAT(partitions(decimals("41 31 17 11"), 94).solutions,
              ElementsAre(ElementsAre(39, 29, 16, 10)));
  EXPECT_THAT(partitions(decimals("41 26 33"), 94).solutions, ElementsAre(ElementsAre(39, 24, 31)));
  EXPECT_THAT(partitions(decimals("63 37"), 124).solutions, ElementsAre(ElementsAre(78, 46)));
  EXPECT_THAT(partitions(decimals("72 18"), 124).solutions, IsEmpty());  // not all the parts
  EXPECT_THAT(partitions(decimals("42 58"), 94).solutions, IsEmpty());   // a part that cannot be
  EXPECT_THAT(partitions(decimals("40 40 30"), 100).solutions, IsEmpty());
}

TEST(Partitions, AgreeWithTryingEveryTriple) {
  for (const char* percents :
       {"33 33 33", "34 33 33", "50 25 25", "40 40 30", "1 1 98", "0 0 100"}) {
    const std::vector<Decimal> parts = decimals(percents);
    for (int64_t n = 1; n <= 120; n += 7) {
      std::vector<std::vector<int64_t>> tried;
      for (int64_t a = 0; a <= n; ++a) {
        for (int64_t b = 0; a + b <= n; ++b) {
          const int64_t c = n - a - b;
          if (round(Ratio{100 * a, n}, 0) == parts[0] && round(Ratio{100 * b, n}, 0) == parts[1] &&
              round(Ratio{100 * c, n}, 0) == parts[2]) {
            tried.push_back({a, b, c});
          }
        }
      }
      EXPECT_EQ(partitions(parts, n).solutions, tried) << percents << " of " << n;
    }
  }
}

TEST(Partitions, SayWhenThereAreMoreThanTheLimit) {
  const auto few = partitions(decimals("33 33 33"), 1000, {.limit = 5});
  EXPECT_EQ(few.solutions.size(), 5U);
  EXPECT_FALSE(few.complete);
  EXPECT_TRUE(partitions(decimals("50 50"), 10, {.limit = 1}).complete);
}

TEST(Partitions, WithARestAddWhatIsLeft) {
  EXPECT_THAT(partitions(decimals("72 18"), 124, {.rest = true}).solutions,
              ElementsAre(ElementsAre(89, 22, 13)));
  EXPECT_THAT(partitions(decimals("35 36"), 94, {.rest = true}).solutions,
              ElementsAre(ElementsAre(33, 34, 27)));
  EXPECT_THAT(partitions(decimals("60 50"), 94, {.rest = true}).solutions, IsEmpty());
}

// The other road: every way to give each part a count that prints so.
std::vector<std::vector<int64_t>> tried_counts(const std::vector<Decimal>& parts, int64_t n,
                                               RoundingRule rule) {
  std::vector<std::vector<int64_t>> ways{{}};
  for (const Decimal& part : parts) {
    std::vector<std::vector<int64_t>> longer;
    for (int64_t k = 0; k <= n; ++k) {
      if (!rule.interval(part).contains({100 * k, n})) continue;
      for (const auto& way : ways) {
        longer.push_back(way);
        longer.back().push_back(k);
      }
    }
    ways = std::move(longer);
  }
  return ways;
}

int64_t sum_of(const std::vector<int64_t>& counts) {
  int64_t sum = 0;
  for (const int64_t k : counts) sum += k;
  return sum;
}

TEST(Exhaustive, OfTheReports) {
  struct Row {
    const char* parts;
    std::optional<int64_t> n;
    const char* expected;
  };
  const Row rows[] = {
      {"47 38 15", 116, "possible | 47 + 38 + 15 = 100; 54…55 + 44 + 17 = 115…116 of 116 | "},
      {"41 31 17 11", 94, "possible | 41 + 31 + 17 + 11 = 100; 39 + 29 + 16 + 10 = 94 of 94 | "},
      {"90 10", 94, "possible | 90 + 10 = 100; 85 + 9 = 94 of 94 | "},
      {"63 37", 124, "possible | 63 + 37 = 100; 78 + 46 = 124 of 124 | "},
      {"72 18", 124,
       "impossible | 72 + 18 = 90; 89 + 22 = 111 of 124 | "
       "a further part of 10%, 82% for 72% or 28% for 18%"},
      {"72 18", std::nullopt,
       "impossible | 72 + 18 = 90, 89 to under 91 before rounding, not 100 "
       "| a further part of 9…11%, 82% for 72% or 28% for 18%"},
      {"33 33 33", std::nullopt,
       "possible | 33 + 33 + 33 = 99, 97.5 to under 100.5 before rounding | "},
      {"34 34 34", std::nullopt,
       "impossible | 34 + 34 + 34 = 102, 100.5 to under 103.5 before "
       "rounding, not 100 | 33% for 34%, 33% for 34% or 33% for 34%"},
      {"42 58", 94,
       "impossible | 42 + 58 = 100; no count for 42% + no count for 58% of 94 | "
       "a base of 93 or a base of 95"},
      {"60 39", 57,
       "impossible | 60 + 39 = 99; 34 + 22 = 56 of 57 | "
       "a further part of 2%, 61% for 60% or 40% for 39%"},
      {"50 50", 0, "no base | a base lies between 1 and 10^9 | "},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(line(exhaustive_verdict(decimals(row.parts), row.n)), row.expected) << row.parts;
  }
}

TEST(Exhaustive, AgreesWithTryingEveryCountByEveryRule) {
  for (const RoundingRule rule : four_rules()) {
    for (const char* text : {"50 50", "33 33 33", "34 33 33", "47 38 15", "72 18", "41 31 17 11",
                             "13 87", "12 88", "100", "0 100", "49 49", "20.5 79.5"}) {
      const std::vector<Decimal> parts = decimals(text);
      for (int64_t n = 1; n <= 60; ++n) {
        bool whole = false;
        for (const auto& way : tried_counts(parts, n, rule)) whole |= sum_of(way) == n;
        EXPECT_EQ(!exhaustive_verdict(parts, n, rule).fails(), whole)
            << text << " of " << n << " " << rule.name();
      }
    }
  }
}

TEST(Exhaustive, WithoutABaseIsWhatSomeBaseAllows) {
  for (const char* text : {"50 50", "33 33 33", "34 33 33", "34 34 34", "35 34 33", "72 18",
                           "49 49", "24 24 24 24", "24 24 25 25", "25 25 25 25 1"}) {
    const std::vector<Decimal> parts = decimals(text);
    bool some = false;
    for (int64_t n = 1; n <= 1200 && !some; ++n) some = !exhaustive_verdict(parts, n).fails();
    EXPECT_EQ(!exhaustive_verdict(parts, std::nullopt).fails(), some) << text;
  }
}

TEST(Remainder, IsWhatTheCountsLeave) {
  struct Row {
    const char* parts;
    std::optional<int64_t> n;
    const char* printed;
    WholeRange counts;
  };
  const Row rows[] = {
      {"35 36", std::nullopt, "28…30", {}},    {"35 36", 94, "29…29", {27, 27}},
      {"41 26", 94, "33…33", {31, 31}},        {"73.7 4 5", std::nullopt, "16.3…18.4", {}},
      {"73.7 4 5", 57, "17.5…17.5", {10, 10}}, {"60 39", 57, "2…2", {1, 1}},
      {"60 39", std::nullopt, "0…2", {}},      {"43 31", 273, "26…26", {70, 72}},
      {"50 50", std::nullopt, "0…1", {}},
  };
  for (const Row& row : rows) {
    const auto left = remainder(decimals(row.parts), row.n);
    ASSERT_TRUE(left) << row.parts;
    EXPECT_EQ(left->low.text() + "…" + left->high.text(), row.printed) << row.parts;
    EXPECT_EQ(left->counts, row.counts) << row.parts;
  }
  EXPECT_FALSE(remainder(decimals("60 42"), std::nullopt));
  EXPECT_FALSE(remainder(decimals("60 42"), 94));
}

TEST(Remainder, AgreesWithTryingEveryCount) {
  for (const RoundingRule rule : four_rules()) {
    for (const char* text : {"35 36", "60 39", "50 50", "12 13 14", "98", "2.5"}) {
      const std::vector<Decimal> parts = decimals(text);
      for (int64_t n = 1; n <= 70; ++n) {
        const auto ways = tried_counts(parts, n, rule);
        if (ways.empty()) continue;
        WholeRange tried{n + 1, -1};
        for (const auto& way : ways) {
          if (sum_of(way) > n) continue;
          tried = {std::min(tried.low, n - sum_of(way)), std::max(tried.high, n - sum_of(way))};
        }
        const auto left = remainder(parts, n, rule);
        ASSERT_EQ(left.has_value(), tried.low <= n) << text << " of " << n << " " << rule.name();
        if (left) {
          EXPECT_EQ(left->counts, tried) << text << " of " << n << " " << rule.name();
        }
      }
    }
  }
}

TEST(Remainder, StatedIsHeldAgainstTheParts) {
  EXPECT_EQ(line(remainder_verdict(decimals("35 36"), decimal("29"), 94)),
            "possible | 35 + 36 = 71; 33 + 34 = 67 of 94; they leave 29%, stated 29% | ");
  EXPECT_EQ(line(remainder_verdict(decimals("35 36"), decimal("31"), 94)),
            "impossible | 35 + 36 = 71; 33 + 34 = 67 of 94; they leave 29%, stated 31% | "
            "a remainder of 29%");
  EXPECT_FALSE(remainder_verdict(decimals("35 36"), decimal("30"), std::nullopt).fails());
  EXPECT_TRUE(remainder_verdict(decimals("35 36"), decimal("31"), std::nullopt).fails());
}

TEST(Net, IsMadeOfUnroundedParts) {
  struct Row {
    const char* net;
    const char* parts;
    std::optional<int64_t> n;
    const char* expected;
  };
  const Row rows[] = {
      {"74", "28 46", 252, "possible | 28 + 46 = 74; 70…71 + 115…117 = 185…188 of 252; NET 74% | "},
      {"75", "28 46", std::nullopt,
       "possible | 28 + 46 = 74, 73 to under 75 before rounding; NET 75% | "},
      {"76", "28 46", std::nullopt,
       "impossible | 28 + 46 = 74, 73 to under 75 before rounding; NET 76% | a NET of 73…75%"},
      {"64", "30 35", 20, "impossible | 30 + 35 = 65; 6 + 7 = 13 of 20; NET 64% | a NET of 65%"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(line(net_verdict(decimal(row.net), decimals(row.parts), row.n)), row.expected);
  }
}

TEST(Net, AgreesWithTryingEveryCountByEveryRule) {
  for (const RoundingRule rule : four_rules()) {
    for (const char* text : {"28 46", "12 13", "33 33 33", "60 50"}) {
      const std::vector<Decimal> parts = decimals(text);
      for (int64_t n = 5; n <= 60; n += 5) {
        const auto ways = tried_counts(parts, n, rule);
        for (int64_t digits = 20; digits <= 101; ++digits) {
          const Decimal net{digits, 0};
          bool some = false;
          for (const auto& way : ways) {
            some |= sum_of(way) <= n && rule.interval(net).contains({100 * sum_of(way), n});
          }
          EXPECT_EQ(!net_verdict(net, parts, n, rule).fails(), some)
              << text << " NET " << digits << " of " << n << " " << rule.name();
        }
      }
    }
  }
}

}  // namespace
}  // namespace barometer
