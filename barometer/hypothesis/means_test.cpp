#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/hypothesis/mean_test.h"
#include "barometer/hypothesis/quadratic_form.h"
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
                          const MeanTestOptions& options = {}) {
  return mean_test(survey.sample, *survey.data, Formula::parse(formula).value(), base, options);
}

TEST(MeanTest, IsThatOfR) {
  const auto surveys = cases();
  size_t seen = 0;
  for (const auto& row : testing::expected_of("others.csv")) {
    if (row.text("test") != "t") continue;
    ++seen;
    SCOPED_TRACE(row.where());
    const Case& survey = surveys.at(row.text("design"));
    const auto test = tested(survey, row.text("formula"), survey.base(row.text("base")));
    ASSERT_TRUE(test.has_value()) << test.error().message;
    EXPECT_TRUE(near_rel(test->statistic, row.number("value"), 1e-9, kSource));
    EXPECT_EQ(test->df, std::vector<double>{row.number("df1")});
    EXPECT_TRUE(near_rel(test->p, row.number("p"), 1e-9, kSource));
    EXPECT_TRUE(near_rel(test->estimate.value(), row.number("estimate"), 1e-9, kSource));
    EXPECT_TRUE(near_rel(test->interval->lower, row.number("lower"), 1e-9, kSource));
    EXPECT_TRUE(near_rel(test->interval->upper, row.number("upper"), 1e-9, kSource));
  }
  EXPECT_EQ(seen, 48u);
}

TEST(MeanTest, SaysWhatItEstimates) {
  const Case clus1 = cases().at("clus1");
  const TestResult two = tested(clus1, "enroll ~ comp_imp").value();
  EXPECT_EQ(two.method, "Design-based t-test");
  EXPECT_EQ(two.estimate_name, "difference in mean of enroll: Yes - No");
  EXPECT_EQ(two.statistic_name, "t");
  EXPECT_EQ(two.cases, 183u);
  const TestResult paired = tested(clus1, "I(api00 - api99) ~ 1").value();
  EXPECT_EQ(paired.method, "Design-based one-sample t-test");
  EXPECT_EQ(paired.estimate_name, "mean of I(api00 - api99)");
  EXPECT_EQ(tested(clus1, "target ~ 1").value().cases, 175u);
}

// Welch's standard error by hand, drawn singly with replacement: each group's sum of squared
// distances over the squared group size, times n / (n - 1) of the sample.
TEST(MeanTest, OfSingleDrawsByHand) {
  const Dataset data = labelled({{"y", {"1", "4", "2", "7", "9", "5", "8", "8"}},
                                 {"g", {"a", "a", "a", "a", "b", "b", "b", "b"}}});
  const TestResult test = mean_test(independent_cases(std::vector<double>(8, 2.5)), data,
                                    Formula::parse("y ~ g").value(), {})
                              .value();
  const double first = (2.5 * 2.5 + 0.5 * 0.5 + 1.5 * 1.5 + 3.5 * 3.5) / 16;
  const double second = (1.5 * 1.5 + 2.5 * 2.5 + 0.5 * 0.5 + 0.5 * 0.5) / 16;
  const double se = std::sqrt((first + second) * 8 / 7);
  EXPECT_TRUE(near_rel(*test.estimate, 4, 1e-12, "7.5 - 3.5"));
  EXPECT_TRUE(near_rel(*test.se, se, 1e-12, "by hand"));
  EXPECT_TRUE(near_rel(test.statistic, 4 / se, 1e-12, "by hand"));
  EXPECT_EQ(test.df, std::vector<double>{6});
}

TEST(MeanTest, AgainstMuIsTheTestOfTheShiftedVariable) {
  const Case strat = cases().at("strat");
  const TestResult at = tested(strat, "api00 ~ 1", {}, {.mu = 650}).value();
  const TestResult shifted = tested(strat, "I(api00 - 650) ~ 1").value();
  EXPECT_TRUE(near_rel(at.statistic, shifted.statistic, 1e-10, "the same"));
  EXPECT_TRUE(near_rel(at.p, shifted.p, 1e-9, "the same"));
  EXPECT_TRUE(near_rel(*at.estimate, *shifted.estimate + 650, 1e-12, "the mean itself"));
}

TEST(MeanTest, IntervalHoldsWhatIsNotRejected) {
  for (const auto& [name, survey] : cases()) {
    for (const char* formula : {"enroll ~ comp_imp", "api00 ~ 1"}) {
      const TestResult test = tested(survey, formula, {}, {.level = 0.9}).value();
      const TestResult edge = tested(survey, formula, {}, {.mu = test.interval->upper}).value();
      EXPECT_TRUE(near_rel(edge.p, 0.1, 1e-9, "the edge of a 90% interval")) << name << formula;
    }
  }
}

TEST(MeanTest, GroupsTurnTheSignOnly) {
  const Case clus2 = cases().at("clus2");
  const Dataset turned = testing::cut(*clus2.data, "api00", "low", {650}, {"up to 650", "above"});
  Dataset renamed = testing::cut(turned, "api00", "first_high", {650}, {"x", "y"});
  const TestResult a =
      mean_test(clus2.sample, turned, Formula::parse("enroll ~ low").value(), {}).value();
  const TestResult b = tested(clus2, "enroll ~ I(api00 <= 650)").value();
  EXPECT_TRUE(near_rel(a.statistic, -b.statistic, 1e-10, "turned"));
  EXPECT_TRUE(near_rel(a.p, b.p, 1e-10, "turned"));
  EXPECT_THAT(b.estimate_name, HasSubstr("TRUE - FALSE"));
  EXPECT_THAT(a.estimate_name, HasSubstr("above - up to 650"));
}

TEST(MeanTest, WhatCannotBeTestedSaysWhy) {
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
    MeanTestOptions options;
    const char* message;
  } mistakes[] = {
      {"one group in the base",
       "enroll ~ comp_imp",
       yes,
       {},
       "'comp_imp' has one group in the base, 'Yes'"},
      {"three groups",
       "enroll ~ stype",
       {},
       {},
       "'stype' has 3 groups in the base; a t-test compares two"},
      {"two variables", "enroll ~ stype + awards", {}, {}, "has 2 terms after '~'"},
      {"no response", "~ comp_imp", {}, {}, "nothing before '~'"},
      {"unknown group", "enroll ~ komp", {}, {}, "'komp'"},
      {"unknown response", "enrol ~ comp_imp", {}, {}, "'enrol'"},
      {"empty base",
       "enroll ~ comp_imp",
       nobody,
       {},
       "no case of the base has a value of 'enroll'"},
      {"empty base of one mean",
       "enroll ~ 1",
       nobody,
       {},
       "no case of the base has a value of 'enroll'"},
      {"constant", "I(0 * enroll + 3) ~ comp_imp", {}, {}, "has no sampling variance"},
      {"constant mean",
       "I(0 * enroll + 3) ~ 1",
       {},
       {},
       "mean of 'I(0 * enroll + 3)' has no sampling variance"},
      {"the group itself", "I(comp_imp == \"Yes\") ~ comp_imp", {}, {}, "has no sampling variance"},
      {"two clusters less one", "enroll ~ 1", district, {}, "which leaves 0 for the test"},
      {"two clusters, two groups", "enroll ~ awards", district, {}, "which leaves 0 for the test"},
      {"level", "enroll ~ 1", {}, {.level = 95}, "confidence level 95"},
      {"infinite mu", "enroll ~ 1", {}, {.mu = HUGE_VAL}, "against inf"},
  };
  for (const auto& mistake : mistakes) {
    const auto test = tested(clus1, mistake.formula, mistake.base, mistake.options);
    ASSERT_FALSE(test.has_value()) << mistake.situation;
    EXPECT_THAT(test.error().message, HasSubstr(mistake.message)) << mistake.situation;
  }
}

TEST(MeanTest, ReplicateWithoutOneGroupIsNamed) {
  testing::Survey survey;
  survey.data = std::make_shared<const Dataset>(
      labelled({{"y", {"1", "4", "2", "7", "9", "5"}}, {"g", {"a", "b", "a", "b", "a", "c"}}}));
  survey.spec.case_count = 6;
  survey.spec.ids = {{1, 1, 2, 2, 3, 4}};
  survey.spec.weights.assign(6, 1);
  const std::vector<uint8_t> base{0, 0, 1, 1, 1, 1};
  const std::vector<uint8_t> without_b{1, 0, 1, 0, 1, 1};
  const auto test = mean_test(testing::jackknifed(survey), *survey.data,
                              Formula::parse("y ~ g").value(), without_b);
  ASSERT_FALSE(test.has_value());
  EXPECT_THAT(test.error().message, HasSubstr("replicate 4: the weights in the base sum to 0"));
}

}  // namespace
}  // namespace barometer
