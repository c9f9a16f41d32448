// Books of samples that sums by unit do not describe, each cell against the long way.
#include <gmock/gmock.h>

#include "barometer/book/book_test_internal.h"
#include "barometer/engine/memory_engine.h"
#include "barometer/sample/make_replicates.h"
#include "barometer/sample/pps.h"
#include "tests/support/random_survey.h"

namespace barometer {
namespace {

using testing::DesignKind;
using testing::RandomSurvey;
using testing::RandomSurveys;

RowsPlan rows_of_question(const std::string& id, std::vector<StatisticPlan> statistics = {}) {
  RowsPlan rows;
  rows.variables = {id};
  rows.statistics = std::move(statistics);
  return rows;
}

BookPlan plan_of_every_kind() {
  BookPlan plan;
  RowsPlan q = rows_of_question("q");
  q.nets = {{{"low", "1 to 3", {1, 2, 3}}, ""}};
  RowsPlan responses = rows_of_question("barriers");
  responses.responses = true;
  RowsPlan share = rows_of_question("share", {{RowStatistic::kMean}, {RowStatistic::kMedian}});
  share.filter = "q in (1, 2, 3)";
  plan.rows = {q,
               rows_of_question("scale", {{RowStatistic::kMean},
                                          {RowStatistic::kStandardDeviation},
                                          {RowStatistic::kTopBoxes, 2},
                                          {RowStatistic::kNps}}),
               responses, share, rows_of_question("size", {{RowStatistic::kMean}})};
  plan.banner = {{.variables = {"wide"}, .rest = true}, {.variables = {"barriers"}}};
  plan.significance.on = true;
  plan.significance.least_base = 0;
  plan.rao_scott = true;
  return plan;
}

Book book_of(const RandomSurvey& survey, const Sample& sample, const BookPlan& plan) {
  const auto engine = engine_of_sample(survey.data, sample, 2);
  CHECK(engine, engine ? "" : engine.error().message);
  auto book = make_book({engine->get()}, plan, {.covariances = true, .samples = {&sample}}, {});
  CHECK(book, book ? "" : book.error().message);
  return *std::move(book);
}

void check_book(const RandomSurvey& survey, const Sample& sample, const BookPlan& plan) {
  const Book book = book_of(survey, sample, plan);
  ASSERT_EQ(book.tables.size(), plan.rows.size());
  for (size_t t = 0; t < plan.rows.size(); ++t) {
    TheLongWay(*survey.data, sample, book.plan, book.tables[t], book.plan.rows[t]).check();
  }
}

Sample replicated(const RandomSurvey& survey, ReplicateType type) {
  std::vector<double> weights(survey.design->weights().begin(), survey.design->weights().end());
  Replicates replicates =
      make_replicates(*survey.design, weights, {.type = type, .count = 24, .seed = 3}).value();
  return Sample::replicated(std::move(weights), std::move(replicates)).value();
}

TEST(SampleBooks, OfReplicateWeights) {
  RandomSurveys surveys(31);
  for (const auto& [kind, type] : {std::pair(DesignKind::kElements, ReplicateType::kJk1),
                                   {DesignKind::kClusters, ReplicateType::kBootstrap},
                                   {DesignKind::kStrata, ReplicateType::kSubbootstrap}}) {
    for (const PercentBase percent : {PercentBase::kColumn, PercentBase::kRow}) {
      const RandomSurvey survey = surveys.survey(60, kind);
      BookPlan plan = plan_of_every_kind();
      plan.percent = percent;
      check_book(survey, replicated(survey, type), plan);
    }
  }
}

TEST(SampleBooks, OfUnequalProbabilities) {
  RandomSurveys surveys(32);
  for (const PercentBase percent : {PercentBase::kColumn, PercentBase::kTable}) {
    const RandomSurvey survey = surveys.survey(70, DesignKind::kElements);
    std::vector<double> probabilities, weights;
    for (size_t i = 0; i < 70; ++i) {
      probabilities.push_back(0.05 + 0.9 / static_cast<double>(1 + surveys.below(9)));
      weights.push_back(1 / probabilities.back());
    }
    BookPlan plan = plan_of_every_kind();
    plan.percent = percent;
    check_book(survey, Sample::linearised(poisson_sampling(probabilities).value(), weights), plan);
  }
}

// The same design by sums and by cases.
TEST(SampleBooks, OfTheDesignAloneAreTheBooksOfItsSums) {
  RandomSurveys surveys(33);
  for (const DesignKind kind : {DesignKind::kStrata, DesignKind::kTwoStages}) {
    const RandomSurvey survey = surveys.survey(90, kind);
    const BookPlan plan = plan_of_every_kind();
    const Book by_cases = book_of(survey, Sample::of(*survey.design), plan);
    const auto engine = MemoryEngine::make(survey.data, survey.design, {}).value();
    const Book by_sums = make_book({engine.get()}, plan, {.covariances = true}, {}).value();
    EXPECT_EQ(by_cases.method, by_sums.method);
    for (size_t t = 0; t < by_sums.tables.size(); ++t) {
      const BookTable& a = by_cases.tables[t];
      const BookTable& b = by_sums.tables[t];
      ASSERT_EQ(a.cells.size(), b.cells.size());
      for (size_t i = 0; i < a.cells.size(); ++i) {
        ASSERT_EQ(a.cells[i].se.has_value(), b.cells[i].se.has_value());
        EXPECT_NEAR(a.cells[i].se.value_or(0), b.cells[i].se.value_or(0),
                    1e-9 * (1 + b.cells[i].se.value_or(0)));
        EXPECT_EQ(a.cells[i].above, b.cells[i].above);
      }
      ASSERT_EQ(a.group_tests.size(), b.group_tests.size());
      for (size_t k = 0; k < a.group_tests.size(); ++k) {
        EXPECT_EQ(a.group_tests[k].reason, b.group_tests[k].reason);
        EXPECT_NEAR(a.group_tests[k].statistic, b.group_tests[k].statistic, 1e-8);
        EXPECT_NEAR(a.group_tests[k].p, b.group_tests[k].p, 1e-8);
      }
    }
  }
}

// A jackknife whose replicate has no one of a column says so, and nothing of a spread.
TEST(SampleBooks, AReplicateWithoutWeightInAColumnHasNoVariance) {
  RandomSurveys surveys(34);
  RandomSurvey survey = surveys.survey(40, DesignKind::kElements);
  size_t one = 0;
  while (missing_at(**survey.data->find("q"), one) != Missing::kNone ||
         survey.design->weights()[one] == 0) {
    ++one;
  }
  std::vector<int> codes(40, 1);
  codes[one] = 2;
  Variable lone{.id = "lone", .categories = {{1, "many"}, {2, "one"}}};
  survey.data = std::make_shared<const Dataset>(
      survey.data->with(std::move(lone), make_codes(codes)).value());
  BookPlan plan;
  plan.rows = {rows_of_question("q")};
  plan.banner = {{.variables = {"lone"}}};
  const Book book = book_of(survey, replicated(survey, ReplicateType::kJk1), plan);
  const BookTable& table = book.tables.front();
  ASSERT_EQ(table.columns.size(), 3U);
  EXPECT_TRUE(table.at(0, 1).se.has_value());
  EXPECT_FALSE(table.at(0, 2).se.has_value());
  EXPECT_EQ(table.at(0, 2).no_interval, "a replicate leaves no weight in the base");
}

TEST(SampleBooks, SayHowTheirVarianceIsMade) {
  RandomSurveys surveys(35);
  const RandomSurvey survey = surveys.survey(40, DesignKind::kElements);
  const BookPlan plan = plan_of_every_kind();
  EXPECT_THAT(
      book_of(survey, replicated(survey, ReplicateType::kJk1), plan).method,
      ::testing::StartsWith("40 JK1 replicates; df rank of the replicate weights - 1; 95%"));
}

// Waves within regions: from the last wave of one region there is no step to the next region.
TEST(WaveColumns, StepWithinWhatTheyAreNestedIn) {
  RandomSurveys surveys(36);
  const RandomSurvey survey = surveys.survey(120, DesignKind::kElements);
  const auto engine = MemoryEngine::make(survey.data, survey.design, {}).value();
  BookPlan plan;
  plan.rows = {rows_of_question("scale", {{RowStatistic::kMean}})};
  plan.banner = {{.variables = {"wide", "q"}, .sequence = true}};
  plan.significance.on = true;
  plan.significance.least_base = 0;
  const Book book = make_book({engine.get()}, plan, {}, {}).value();
  const BookTable& table = book.tables.front();
  ASSERT_FALSE(table.tests.empty());
  for (const PairTest& test : table.tests) {
    EXPECT_EQ(test.a, test.b + 1);
    EXPECT_EQ(table.columns[test.a].codes[0], table.columns[test.b].codes[0]);
  }
}

}  // namespace
}  // namespace barometer
