#include "barometer/printed/bases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/printed/test_figures_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<BaseClaim> claims(const std::string& words) {
  std::vector<BaseClaim> out;
  for (const Decimal& percent : decimals(words)) out.push_back({percent, std::nullopt});
  return out;
}

TEST(JointBases, OfTheReports) {
  const auto chairs = joint_bases(claims("73.7 4 5 60 39"), 50, 60);
  ASSERT_TRUE(chairs);
  EXPECT_THAT(chairs->bases, ElementsAre(57));
  const auto councils = joint_bases(claims("63 85 35 36 42 18"), 85, 94);
  ASSERT_TRUE(councils);
  EXPECT_THAT(councils->bases, ElementsAre(88, 89, 91, 92));
  EXPECT_THAT(councils->conflict, IsEmpty());
}

TEST(JointBases, ConflictsAreTheFewestFiguresThatLeaveNone) {
  const auto mergers = joint_bases(claims("59 45 53 91 41"), 46, 46);
  ASSERT_TRUE(mergers);
  EXPECT_THAT(mergers->bases, IsEmpty());
  EXPECT_EQ(mergers->conflict.size(), 1U);  // 45 alone, or 53
  EXPECT_THAT(mergers->without, IsEmpty());
  const auto pair = joint_bases(claims("50 33 25"), 1, 11);
  ASSERT_TRUE(pair);  // 50 needs 2, 4, 6, …, 33 needs 3, 6, 9, and 25 needs 4 or 8
  EXPECT_THAT(pair->conflict, ElementsAre(1, 2));
  ASSERT_EQ(pair->without.size(), 2U);
  EXPECT_EQ(pair->without[0].claim, 1U);
  EXPECT_THAT(pair->without[0].bases, ElementsAre(4, 8));
  EXPECT_THAT(pair->without[1].bases, ElementsAre(6));
}

TEST(JointBases, ACountBesideAPercentageNarrowsThem) {
  std::vector<BaseClaim> both = claims("50 37");
  both[0].count = 104;
  const auto joint = joint_bases(both, 200, 215);
  ASSERT_TRUE(joint);
  EXPECT_THAT(joint->bases, ElementsAre(206, 207, 208, 209, 210));
}

// The other road: all subsets of the figures, by size.
TEST(JointBases, ConflictsAreNoLargerThanAnyOther) {
  uint32_t seed = 7;
  const auto next = [&](uint32_t below) {
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 8U) % below;
  };
  int conflicts = 0;
  for (int round = 0; round < 150; ++round) {
    std::vector<BaseClaim> some;
    for (int i = 0; i < 6; ++i) some.push_back({{static_cast<int64_t>(next(101)), 0}, {}});
    const int64_t from = 5 + next(20);
    const auto joint = joint_bases(some, from, from + 12);
    ASSERT_TRUE(joint);
    if (!joint->bases.empty()) continue;
    ++conflicts;
    size_t least = 7;
    for (uint32_t set = 1; set < 64; ++set) {
      std::vector<BaseClaim> chosen;
      for (uint32_t i = 0; i < 6; ++i) {
        if ((set >> i & 1U) != 0) chosen.push_back(some[i]);
      }
      const bool none = joint_bases(chosen, from, from + 12)->bases.empty();
      if (none) least = std::min(least, chosen.size());
    }
    EXPECT_EQ(joint->conflict.size(), least);
    std::vector<BaseClaim> named;
    for (const size_t i : joint->conflict) named.push_back(some[i]);
    EXPECT_THAT(joint_bases(named, from, from + 12)->bases, IsEmpty());
  }
  EXPECT_GT(conflicts, 50);
}

TEST(JointBases, TooLargeASearchIsAnError) {
  EXPECT_FALSE(joint_bases(claims("50"), 1, 1'000'000));
  EXPECT_FALSE(joint_bases(claims("50"), 1, 5'000'000'000));
  EXPECT_TRUE(joint_bases(claims("50"), 10, 5)->bases.empty());
}

TEST(JointBaseVerdict, NamesTheBaseThatFits) {
  EXPECT_EQ(line(joint_base_verdict(claims("73.7 4 5 60 39"), 50, 60)),
            "impossible | 73.7%, 4%, 5%, 60% and 39% do not fit a base of 60; "
            "of 50…60 they fit 57 | a base of 57");
  EXPECT_EQ(line(joint_base_verdict(claims("63 85 35 36 42 18"), 85, 94)),
            "impossible | 63%, 85%, 35%, 36%, 42% and 18% do not fit a base of 94; "
            "of 85…94 they fit 88, 89, 91, 92 | a base of 92");
  EXPECT_EQ(line(joint_base_verdict(claims("63 85"), 85, 94)),
            "possible | 63% and 85% fit a base of 94 | ");
  EXPECT_EQ(joint_base_verdict(claims("64 14"), 200, 273).outcome, Possibility::kNoPower);
  EXPECT_EQ(line(joint_base_verdict(claims("50 33 25"), 1, 11)),
            "impossible | 50%, 33% and 25% do not fit a base of 11; 33% and 25% fit no base of "
            "1…11 | without 33% a base of 4, 8 or without 25% a base of 6");
  EXPECT_EQ(joint_base_verdict(claims("50"), 1, 0).outcome, Possibility::kNoBase);
  EXPECT_TRUE(joint_base_verdict(claims("45"), 90, 46).fails());
}

TEST(Denominators, AgreeWithTryingEachByEveryRule) {
  for (const RoundingRule rule : four_rules()) {
    for (const char* percent : {"0", "1", "41", "50", "99", "100", "37.5", "120"}) {
      for (const int64_t count : {0, 1, 5, 86, 104}) {
        std::vector<int64_t> tried;
        for (int64_t n = std::max<int64_t>(count, 1); n <= 30'000; ++n) {
          if (rule.interval(decimal(percent)).contains({100 * count, n})) tried.push_back(n);
        }
        const WholeRange found = possible_denominators(count, decimal(percent), rule);
        ASSERT_EQ(found.empty(), tried.empty()) << count << " " << percent << rule.name();
        if (tried.empty()) continue;
        EXPECT_EQ(found.low, tried.front());
        EXPECT_EQ(std::min<int64_t>(found.high, 30'000), tried.back());
      }
    }
  }
}

TEST(CountPercent, PairsOfTheReports) {
  struct Row {
    int64_t count;
    const char* percent;
    std::optional<int64_t> n;
    const char* expected;
  };
  const Row rows[] = {
      {104, "50", 206, "possible | 104 of 206 and 50%: 104/206 = 50.49 | "},
      {86, "41", 211, "possible | 86 of 211 and 41%: 86/211 = 40.76 | "},
      {99, "47", 209, "possible | 99 of 209 and 47%: 99/209 = 47.37 | "},
      {101, "47", 211,
       "impossible | 101 of 211 and 47%: 101/211 = 47.87 | "
       "48%, 99…100 people or a base of 213…217"},
      {5, "16", 27, "impossible | 5 of 27 and 16%: 5/27 = 18.52 | 19% or a base of 31…32"},
      {120, "50", 100,
       "impossible | 120 of 100 and 50%: 120/100 = 120.00 | "
       "50 people or a base of 238…242"},
      {5, "16", std::nullopt, "no base | no base for the count is known | "},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(line(count_percent_verdict(row.count, decimal(row.percent), row.n)), row.expected);
  }
}

TEST(Coverage, NamesTheDenominatorThatFits) {
  const std::vector<NamedBase> others{{"leads contacted", 27}, {"groups covered", 32}};
  EXPECT_EQ(line(coverage_verdict(13, decimal("41"), {"all groups", 211}, others)),
            "impossible | 13 of 211 and 41%: 13/211 = 6.16 all groups | 41% of 32 groups covered");
  EXPECT_FALSE(coverage_verdict(86, decimal("41"), {"all groups", 211}, others).fails());
  const std::vector<NamedBase> contacted{{"leads contacted", 261}};
  // 27 of 261 contacted is 10 %; of 211 groups it is 13 %.
  EXPECT_EQ(coverage_verdict(27, decimal("10"), {"groups", 211}, contacted).mend,
            "10% of 261 leads contacted");
  EXPECT_EQ(coverage_verdict(86, decimal("48"), {"groups", 211}, others).mend,
            "41%, 101…102 people or a base of 178…181");
}

TEST(CountAsPercent, IsArithmeticOnly) {
  EXPECT_EQ(line(count_as_percent_verdict(decimal("42"), 94, std::nullopt)),
            "impossible | 42 people are 42/94 = 44.68; 42% of 94 does not exist | "
            "42 people, 45%");
  EXPECT_EQ(line(count_as_percent_verdict(decimal("39"), 94, decimal("41"))),
            "impossible | 39 people are 39/94 = 41.49; printed elsewhere as 41% | 39 people, 41%");
  EXPECT_EQ(count_as_percent_verdict(decimal("41"), 94, decimal("41")).outcome,
            Possibility::kPossible);
  EXPECT_EQ(count_as_percent_verdict(decimal("41"), 273, std::nullopt).outcome,
            Possibility::kNoPower);
  EXPECT_EQ(count_as_percent_verdict(decimal("95"), 94, std::nullopt).outcome,
            Possibility::kPossible);
  EXPECT_EQ(line(counts_as_percents_verdict(decimals("39 29 16 10"), 94)),
            "impossible | 39 + 29 + 16 + 10 = 94, the base, and not 100 | "
            "counts of 94: 41%, 31%, 17% and 11%");
  EXPECT_FALSE(counts_as_percents_verdict(decimals("41 31 17 11"), 94).fails());
  EXPECT_FALSE(counts_as_percents_verdict(decimals("41 31 17 10"), 99).fails());
}

}  // namespace
}  // namespace barometer
