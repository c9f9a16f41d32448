// Each rule on a table of organisations made by hand.
#include "barometer/panel/organisations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/panel/coverage.h"
#include "barometer/panel/panel_test_internal.h"

namespace barometer {
namespace {

using testing::dataset_of;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::label_column;
using testing::near_rel;
using testing::number_column;
using testing::own_estimate;
using testing::text_column;

// c: two agree; d: chair yes, officer no; e: three, two of them yes; f: nobody answered; g: one;
// and one respondent of no organisation.
std::shared_ptr<const Dataset> respondents() {
  auto view = label_column("view", {"Yes", "No", "Unsure"},
                           {"No", "Yes", "Yes", "Yes", "No", "Yes", "", "", "Unsure", "Yes", "No"});
  view.first.nets = {{"firm", "Yes or no", {1, 2}}};
  return dataset_of(
      {text_column("organisation", {"d", "c", "d", "c", "e", "e", "e", "f", "e", "", "g"}),
       label_column("role", {"Chair", "Officer", "Member"},
                    {"Officer", "Chair", "Chair", "Officer", "Member", "Officer", "Chair", "Chair",
                     "Officer", "Chair", ""}),
       view, number_column("score", {4, 6, 9, 8, 1, 2, 6, 5, 3, 7, 10})});
}

CollapsedOrganisations collapsed(CollapseRule rule,
                                 std::vector<std::string> variables = {"view", "score"}) {
  CollapseOptions options;
  options.rule = rule;
  if (rule == CollapseRule::kSenior) {
    options.role = "role";
    options.roles = {"Chair", "Officer"};
  }
  auto result = collapse(*respondents(), "organisation", options, variables);
  CHECK(result.has_value(), result ? "" : result.error().message);
  return std::move(*result);
}

std::vector<double> column(const CollapsedOrganisations& organisations, const std::string& id) {
  const auto& numbers = std::get<Numbers>(**organisations.data.find(id));
  std::vector<double> values;
  for (size_t i = 0; i < numbers.values.size(); ++i) {
    values.push_back(numbers.missing[i] == Missing::kNone ? numbers.values[i] : -1);
  }
  return values;
}

TEST(Collapse, GivesEachOrganisationOneAnswerByTheRule) {
  struct Row {
    CollapseRule rule;
    std::vector<double> yes, no, firm, score;  // of c, d, e, f, g; -1: no answer
  };
  // e: officer yes, officer unsure, member no (the chair gave no view).
  const double third = 1.0 / 3;
  const std::vector<double> mean_score = {7, 6.5, 3, 5, 10};
  const Row rows[] = {
      {CollapseRule::kMean,
       {1, 0.5, third, -1, 0},
       {0, 0.5, third, -1, 1},
       {1, 1, 2 * third, -1, 1},
       mean_score},
      {CollapseRule::kAny, {1, 1, 1, -1, 0}, {0, 1, 1, -1, 1}, {1, 1, 1, -1, 1}, mean_score},
      {CollapseRule::kAll, {1, 0, 0, -1, 0}, {0, 0, 0, -1, 1}, {1, 1, 0, -1, 1}, mean_score},
      {CollapseRule::kMajority, {1, 0, 0, -1, 0}, {0, 0, 0, -1, 1}, {1, 1, 1, -1, 1}, mean_score},
      {CollapseRule::kSenior,
       {1, 1, 0.5, -1, 0},
       {0, 0, 0, -1, 1},
       {1, 1, 0.5, -1, 1},
       {6, 9, 6, 5, 10}},
  };
  const auto expect = [](const std::vector<double>& found, const std::vector<double>& wanted) {
    ASSERT_EQ(found.size(), wanted.size());
    for (size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-15);
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(name_of(row.rule));
    const CollapsedOrganisations found = collapsed(row.rule);
    EXPECT_THAT(std::get<Texts>(**found.data.find("organisation")).values,
                ElementsAre("c", "d", "e", "f", "g"));
    expect(column(found, "view_1"), row.yes);
    expect(column(found, "view_2"), row.no);
    expect(column(found, "view_firm"), row.firm);
    expect(column(found, "score"), row.score);
  }
}

TEST(Collapse, CountsWhoAnsweredSeveralTimesAndDisagreed) {
  const CollapsedOrganisations found = collapsed(CollapseRule::kMajority);
  EXPECT_EQ(found.respondents, 10U);
  EXPECT_EQ(found.without_organisation, 1U);
  EXPECT_EQ(found.several, 3U) << "c, d, e";
  EXPECT_EQ(found.disagreed, 3U) << "d and e on the view, all on the score";
  ASSERT_EQ(found.variables.size(), 5U);
  const CollapsedVariable& yes = found.variables[0];
  EXPECT_EQ(yes.id, "view_1");
  EXPECT_EQ(yes.source, "view");
  EXPECT_EQ(yes.answer, "Yes");
  EXPECT_EQ(yes.organisations, 4U);
  EXPECT_EQ(yes.several, 3U);
  EXPECT_EQ(yes.disagreed, 2U);
  EXPECT_EQ(yes.ties, 1U) << "d: one of two";
  EXPECT_EQ(found.variables[3].answer, "firm");
  EXPECT_EQ(found.variables[3].disagreed, 1U) << "d agrees that it is sure";
  EXPECT_FALSE(found.variables[4].of_option);
  EXPECT_EQ(found.variables[4].ties, 0U);
  EXPECT_EQ(collapsed(CollapseRule::kMean).variables[0].ties, 0U) << "only a majority ties";
}

// The case of estimate's own test of organisations: six people of four of ten organisations, the
// last of whom answers for two, have the mean 7/24 and the standard error √((1-4/10) s²/4) there.
TEST(Collapse, ByMeanIsWhatEstimatePublishes) {
  const auto data = dataset_of(
      {text_column("organisation", {"a", "a", "b", "b", "b", "c;d"}),
       label_column("q", {"likely", "unlikely"},
                    {"likely", "unlikely", "likely", "likely", "unlikely", "unlikely"})});
  const auto found = collapse(*data, "organisation", {}, {"q"});
  ASSERT_TRUE(found);
  SurveyWave wave;
  wave.data = std::make_shared<const Dataset>(found->data);
  wave.spec.case_count = 4;
  wave.spec.fpc = {std::vector<double>(4, 10)};
  const Estimated likely = own_estimate(wave, "q_1");
  EXPECT_TRUE(near_rel(likely.value(0), 7.0 / 24, 1e-15, "estimate's value"));
  double squares = 0;
  for (const double x : {0.5, 2.0 / 3, 0.0, 0.0}) squares += std::pow(x - 7.0 / 24, 2);
  EXPECT_TRUE(near_rel(likely.se(0), std::sqrt(0.6 * squares / 3 / 4), 1e-12, "estimate's error"));
}

TEST(Collapse, ReadsWhoAnsweredForSeveralOrganisations) {
  const auto data = dataset_of(
      {text_column("organisation", {"a; b", "b", "a;a"}), number_column("score", {2, 6, 4})});
  const auto found = collapse(*data, "organisation", {}, {"score"});
  ASSERT_TRUE(found);
  EXPECT_THAT(column(*found, "score"), ElementsAre(3, 4));
  EXPECT_EQ(found->shared_respondents, 1U);
  EXPECT_EQ(found->respondents, 3U);
}

TEST(Collapse, LeavesOutWhomTheMaskLeavesOut) {
  CollapseOptions options;
  options.mask = {1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0};
  const auto found = collapse(*respondents(), "organisation", options, {"view"});
  ASSERT_TRUE(found);
  EXPECT_THAT(column(*found, "view_1"), ElementsAre(1, 0, 1)) << "c, d and e";
  EXPECT_EQ(found->without_organisation, 0U);
}

TEST(Collapse, KeepsDontKnowsOutOfTheBaseWhereTheCodebookSaysSo) {
  auto view = label_column("view", {"Yes", "Unsure"}, {"Yes", "Unsure"});
  view.first.categories[1].dont_know = true;
  view.first.dont_know_in_base = false;
  const auto data = dataset_of({text_column("organisation", {"a", "a"}), view});
  const auto found = collapse(*data, "organisation", {}, {"view"});
  ASSERT_TRUE(found);
  EXPECT_THAT(column(*found, "view_1"), ElementsAre(1));
}

TEST(Collapse, SaysWhatIsWrong) {
  const auto message = [](const std::string& organisation, const CollapseOptions& options,
                          const std::vector<std::string>& variables) {
    const auto found = collapse(*respondents(), organisation, options, variables);
    return found ? "it was collapsed" : found.error().message;
  };
  EXPECT_EQ(message("organization", {}, {"view"}),
            "there is no variable 'organization'; did you mean 'organisation'?");
  EXPECT_EQ(message("organisation", {}, {"views"}),
            "there is no variable 'views'; did you mean 'view'?");
  EXPECT_THAT(message("organisation", {}, {"organisation"}), HasSubstr("has no answer options"));
  EXPECT_EQ(message("organisation", {CollapseRule::kMean, "", {}, {1, 0}}, {"view"}),
            "a mask of 2 cases for 11");
  EXPECT_EQ(message("organisation", {CollapseRule::kMean, "", {}, std::vector<uint8_t>(11, 0)}, {}),
            "no respondent names an organisation in 'organisation'");
  EXPECT_THAT(message("organisation", {CollapseRule::kSenior, "role", {}, {}}, {"view"}),
              HasSubstr("needs the roles"));
  EXPECT_EQ(message("organisation", {CollapseRule::kSenior, "role", {"Chair", "Oficer"}, {}}, {}),
            "'Oficer' is no role of variable 'role'; did you mean 'Officer'?");
  EXPECT_EQ(message("organisation", {CollapseRule::kSenior, "role", {"Chair", "Chair"}, {}}, {}),
            "the role 'Chair' is listed twice");
  EXPECT_THAT(message("organisation", {CollapseRule::kSenior, "rank", {"Chair"}, {}}, {}),
              HasSubstr("there is no variable 'rank'"));
  EXPECT_THAT(message("organisation", {}, {"view", "view"}), HasSubstr("view_1"));
}

TEST(Collapse, RulesHaveNames) {
  for (const auto rule : {CollapseRule::kMean, CollapseRule::kAny, CollapseRule::kAll,
                          CollapseRule::kMajority, CollapseRule::kSenior}) {
    EXPECT_EQ(parse_collapse_rule(name_of(rule)).value(), rule);
  }
  EXPECT_THAT(parse_collapse_rule("most").error().message, HasSubstr("'most' is no rule"));
}

OrganisationSizes frame_of_six() {
  return {{"c", "d", "e", "f", "g", "h"}, {10, 20, 30, 15, 5, 20}, {}};
}

TEST(AnswerCoverage, BoundsWhatTheWholeFrameWouldSay) {
  const auto found = answer_coverage(frame_of_six(), collapsed(CollapseRule::kMean));
  ASSERT_TRUE(found);
  const AnswerCoverage& yes = (*found)[0];
  EXPECT_EQ(yes.answering, 4U) << "c, d, e, g";
  EXPECT_EQ(yes.in_frame, 6U);
  EXPECT_NEAR(yes.answered.organisations, 4.0 / 6, 1e-15);
  EXPECT_NEAR(*yes.answered.population, 0.65, 1e-15);
  EXPECT_FALSE(yes.answered.budget);
  const double known = 1 + 0.5 + 1.0 / 3;
  EXPECT_NEAR(yes.at_least->organisations, known / 6, 1e-15);
  EXPECT_NEAR(yes.at_most->organisations, (known + 2) / 6, 1e-15);
  EXPECT_NEAR(*yes.at_least->population, 0.3, 1e-15) << "10 + 20/2 + 30/3 of 100";
  EXPECT_NEAR(*yes.at_most->population, 0.65, 1e-15) << "and 35 unknown";
  const AnswerCoverage& score = found->back();
  EXPECT_EQ(score.answering, 5U);
  EXPECT_FALSE(score.at_least) << "a number has no share";
}

// Every answer that the silent could have given lies between the bounds, and both ends are reached.
TEST(AnswerCoverage, BoundsAreReached) {
  const auto found = answer_coverage(frame_of_six(), collapsed(CollapseRule::kAny)).value()[0];
  const double said = 10 + 20 + 30;  // c, d, e; g said no; f and h are silent
  double least = 1, most = 0;
  for (const double f : {0.0, 1.0}) {
    for (const double h : {0.0, 1.0}) {
      const double share = (said + 15 * f + 20 * h) / 100;
      least = std::min(least, share);
      most = std::max(most, share);
    }
  }
  EXPECT_NEAR(*found.at_least->population, least, 1e-15);
  EXPECT_NEAR(*found.at_most->population, most, 1e-15);
}

TEST(AnswerCoverage, SaysWhatIsWrong) {
  const CollapsedOrganisations answers = collapsed(CollapseRule::kMean, {"view"});
  const auto message = [&](const std::function<void(OrganisationSizes&)>& spoil) {
    OrganisationSizes frame = frame_of_six();
    spoil(frame);
    const auto found = answer_coverage(frame, answers);
    return found ? "it was covered" : found.error().message;
  };
  EXPECT_EQ(message([](auto& f) { f = {}; }), "the frame has no organisations");
  EXPECT_EQ(message([](auto& f) { f.ids[5] = "c"; }), "organisation 'c' is in the frame twice");
  EXPECT_THAT(message([](auto& f) { f.ids[0] = "x"; }),
              HasSubstr("organisation 'c' is not in the frame"));
  EXPECT_EQ(message([](auto& f) { f.population.pop_back(); }),
            "5 population sizes for 6 organisations");
  EXPECT_EQ(message([](auto& f) { f.population[1] = -3; }),
            "organisation 'd': the population -3 is not a number of at least 0");
  EXPECT_EQ(message([](auto& f) { f.budget.assign(6, 0); }),
            "the budget of the frame's organisations adds up to 0");
}

TEST(AnswerCoverage, TakesSizesThatTheWholeFrameHas) {
  Diagnostics problems;
  const Frame frame =
      Frame::parse("id,name,region,population,budget\nc,C,North,10,5\nd,D,South,20,\n",
                   "organisations.csv", "", "people.csv", {}, problems);
  const OrganisationSizes sizes = sizes_of(frame);
  EXPECT_THAT(sizes.ids, ElementsAre("c", "d"));
  EXPECT_THAT(sizes.population, ElementsAre(10, 20));
  EXPECT_TRUE(sizes.budget.empty()) << "d has none";
}

}  // namespace
}  // namespace barometer
