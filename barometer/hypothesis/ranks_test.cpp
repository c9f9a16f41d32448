#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/hypothesis/mean_test.h"
#include "barometer/hypothesis/quadratic_form.h"
#include "barometer/hypothesis/rank_test.h"
#include "barometer/hypothesis/surveys_test_internal.h"
#include "tests/support/near.h"

namespace barometer {
namespace {

using testing::Case;
using testing::cases;
using ::testing::HasSubstr;
using testing::independent_cases;
using testing::labelled;
using testing::near_rel;

constexpr const char* kSource = "R survey 4.1.1";

Result<TestResult> tested(const Case& survey, const std::string& formula, Domain base = {},
                          RankScore score = RankScore::kWilcoxon) {
  return rank_test(survey.sample, *survey.data, Formula::parse(formula).value(), base, score);
}

TEST(RankTest, IsThatOfR) {
  const auto surveys = cases();
  size_t seen = 0;
  for (const auto& row : testing::expected_of("others.csv")) {
    if (row.text("test") != "rank") continue;
    ++seen;
    SCOPED_TRACE(row.where());
    const Case& survey = surveys.at(row.text("design"));
    const auto test = tested(survey, row.text("formula"), survey.base(row.text("base")),
                             parse_rank_score(row.text("option")).value());
    ASSERT_TRUE(test.has_value()) << test.error().message;
    EXPECT_TRUE(near_rel(test->statistic, row.number("value"), 1e-9, kSource));
    EXPECT_EQ(test->df[0], row.number("df1"));
    EXPECT_EQ(test->df.size(), row.has("df2") ? 2u : 1u);
    if (row.has("df2")) {
      EXPECT_EQ(test->df.at(1), row.number("df2"));
    }
    EXPECT_TRUE(near_rel(test->p, row.number("p"), 1e-9, kSource));
    if (row.has("estimate")) {
      EXPECT_TRUE(near_rel(test->estimate.value(), row.number("estimate"), 1e-9, kSource));
    }
  }
  EXPECT_EQ(seen, 141u);
}

// With equal weights the places are (rank - 1/2) / n, mean ranks for ties, and the test is the
// t-test of them.
TEST(RankTest, IsTheMeanTestOfThePlaces) {
  const Dataset data =
      labelled({{"y", {"1", "4", "4", "7", "9", "5", "8", "8", "8"}},
                {"place", {"0.5", "2", "2", "4.5", "8.5", "3.5", "6.5", "6.5", "6.5"}},
                {"g", {"a", "a", "b", "a", "b", "a", "b", "b", "a"}}});
  const Sample sample = independent_cases(std::vector<double>(9, 7));
  const TestResult rank = rank_test(sample, data, Formula::parse("y ~ g").value(), {}).value();
  const TestResult mean = mean_test(sample, data, Formula::parse("place ~ g").value(), {}).value();
  EXPECT_TRUE(near_rel(rank.statistic, mean.statistic, 1e-10, "the same test"));
  EXPECT_TRUE(near_rel(9 * *rank.estimate, *mean.estimate, 1e-10, "places are of N"));
  EXPECT_EQ(rank.df, mean.df);
  EXPECT_EQ(rank.estimate_name, "difference in mean rank score: b - a");
  EXPECT_EQ(rank.method, "Design-based Wilcoxon rank-sum test");
}

TEST(RankTest, OnlyTheOrderOfTheResponseCounts) {
  for (const auto& [name, survey] : cases()) {
    for (const RankScore score :
         {RankScore::kWilcoxon, RankScore::kVanDerWaerden, RankScore::kMedian}) {
      const TestResult plain = tested(survey, "enroll ~ awards", {}, score).value();
      const TestResult log = tested(survey, "log(enroll) ~ awards", {}, score).value();
      const TestResult turned = tested(survey, "I(-enroll) ~ awards", {}, score).value();
      EXPECT_TRUE(near_rel(plain.statistic, log.statistic, 1e-12, "monotone")) << name;
      if (score != RankScore::kMedian) {  // a tie across the median may fall on either side
        EXPECT_NEAR(plain.statistic, -turned.statistic, 0.2) << name;
      }
    }
  }
}

TEST(RankTest, UnitOfWeightsDoesNotMatter) {
  testing::Survey survey = testing::made(testing::apistrat());
  const auto statistic = [&](const char* formula) {
    return rank_test(survey.sample(), *survey.data, Formula::parse(formula).value(), {})
        .value()
        .statistic;
  };
  const double two = statistic("api00 ~ awards"), three = statistic("api00 ~ stype");
  for (double& w : survey.spec.weights) w *= 1000;
  EXPECT_TRUE(near_rel(statistic("api00 ~ awards"), two, 1e-10, "other unit"));
  EXPECT_TRUE(near_rel(statistic("api00 ~ stype"), three, 1e-10, "other unit"));
}

TEST(RankTest, OrderedCategoriesRankInTheirOrder) {
  const Case clus1 = cases().at("clus1");
  const TestResult test = tested(clus1, "rank3 ~ awards").value();  // few, some, most
  const Dataset coded = testing::cut(*clus1.data, "meals", "other", {30, 60}, {"z", "y", "x"});
  const TestResult renamed =
      rank_test(clus1.sample, coded, Formula::parse("other ~ awards").value(), {}).value();
  EXPECT_TRUE(near_rel(test.statistic, renamed.statistic, 1e-12, "the codebook's order"));
}

TEST(RankTest, SeveralGroups) {
  const Case strat = cases().at("strat");
  const TestResult test = tested(strat, "api00 ~ stype").value();
  EXPECT_EQ(test.method, "Design-based Kruskal-Wallis test");
  EXPECT_EQ(test.statistic_name, "Chisq");
  EXPECT_EQ(test.df, (std::vector<double>{2, 195}));
  EXPECT_FALSE(test.estimate.has_value());
  EXPECT_FALSE(test.interval.has_value());
  EXPECT_THAT(test.reason, HasSubstr("no single difference"));
  EXPECT_TRUE(near_rel(test.p, f_tail(test.statistic / 2, 2, 195), 1e-12, "as said"));
  // R has no such test of replicates; the jackknife is near the linearised one.
  const auto all = cases();
  const TestResult linear = tested(all.at("clus1"), "api00 ~ band").value();
  const TestResult jackknife = tested(all.at("jk1"), "api00 ~ band").value();
  EXPECT_TRUE(near_rel(linear.statistic, jackknife.statistic, 1e-9,
                       "of totals the jackknife is exactly the linearised variance"));
}

TEST(RankTest, WhatCannotBeTestedSaysWhy) {
  const Case clus1 = cases().at("clus1");
  std::vector<uint8_t> yes, district, nobody(183, 0);
  const Levels comp = levels_of(*clus1.data, "comp_imp").value();
  const std::vector<double> dnum = testing::numbers_of(*clus1.data, "dnum");
  for (size_t i = 0; i < 183; ++i) {
    yes.push_back(comp.labels[static_cast<size_t>(comp.codes[i])] == "Yes" ? 1 : 0);
    district.push_back(dnum[i] == 637 || dnum[i] == 716 ? 1 : 0);
  }
  const struct {
    const char* situation;
    const char* formula;
    Domain base;
    RankScore score;
    const char* message;
  } mistakes[] = {
      {"one group", "enroll ~ comp_imp", yes, RankScore::kWilcoxon,
       "'comp_imp' has one group in the base, 'Yes'"},
      {"no group", "enroll ~ 1", {}, RankScore::kWilcoxon, "has 0 terms after '~'"},
      {"two groupings", "enroll ~ stype + awards", {}, RankScore::kWilcoxon, "has 2 terms"},
      {"empty base", "enroll ~ comp_imp", nobody, RankScore::kWilcoxon,
       "no case of the base has a response and a group of 'comp_imp'"},
      {"one value",
       "I(0 * enroll) ~ comp_imp",
       {},
       RankScore::kMedian,
       "has one value in the base, 0"},
      {"the group is the response",
       "I(comp_imp == \"Yes\") ~ comp_imp",
       {},
       RankScore::kWilcoxon,
       "no sampling variance"},
      {"scores that do not vary within a group",
       "api00 ~ band",
       {},
       RankScore::kMedian,
       "mean rank scores is singular"},
      {"no df", "enroll ~ awards", district, RankScore::kWilcoxon, "which leaves 0 for the test"},
      {"no df of groups", "enroll ~ stype", district, RankScore::kKruskalWallis,
       "which leaves -1 for the test"},
      {"unknown", "enrol ~ awards", {}, RankScore::kWilcoxon, "'enrol'"},
  };
  for (const auto& mistake : mistakes) {
    const auto test = tested(clus1, mistake.formula, mistake.base, mistake.score);
    ASSERT_FALSE(test.has_value()) << mistake.situation;
    EXPECT_THAT(test.error().message, HasSubstr(mistake.message)) << mistake.situation;
  }
  EXPECT_THAT(parse_rank_score("Wilcoxon").error().message, HasSubstr("known: wilcoxon"));
  EXPECT_EQ(parse_rank_score(name_of(RankScore::kVanDerWaerden)).value(),
            RankScore::kVanDerWaerden);
  EXPECT_THAT(rank_test(clus1.sample, *clus1.data, Formula::parse("enroll ~ awards").value(), {},
                        RankScore::kWilcoxon, 0)
                  .error()
                  .message,
              HasSubstr("confidence level 0"));
}

TEST(RankTest, CasesWithoutWeightHaveNoRank) {
  const Dataset data =
      labelled({{"y", {"-50", "4", "3", "7", "9", "5"}}, {"g", {"a", "a", "b", "a", "b", "b"}}});
  const TestResult test = rank_test(independent_cases({0, 1, 2, 1, 3, 1}), data,
                                    Formula::parse("y ~ g").value(), {}, RankScore::kVanDerWaerden)
                              .value();
  EXPECT_EQ(test.cases, 5u);
  EXPECT_TRUE(std::isfinite(test.statistic));
}

}  // namespace
}  // namespace barometer
