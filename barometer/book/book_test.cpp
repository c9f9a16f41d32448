// Books of random surveys on every engine, each cell against the long way; then identities.
#include "barometer/book/book.h"

#include <gmock/gmock.h>

#include "barometer/book/book_test_internal.h"
#include "tests/support/engines.h"
#include "tests/support/random_survey.h"

namespace barometer {
namespace {

using testing::DesignKind;
using testing::RandomSurvey;
using testing::RandomSurveys;

RowsPlan rows_of_question(const std::string& id) {
  RowsPlan rows;
  rows.variables = {id};
  return rows;
}

// Every kind of row and of column.
BookPlan whole_plan() {
  BookPlan plan;
  RowsPlan q = rows_of_question("q");
  q.nets = {{{"low", "1 to 3", {1, 2, 3}}, ""}, {{"lowest", "1 or 2", {1, 2}}, "low"}};
  q.scores = {{1, -1.5}, {2, 0}, {3, 2.25}};
  q.statistics = {{RowStatistic::kMean}, {RowStatistic::kTopBoxes, 2}};
  RowsPlan scale = rows_of_question("scale");
  scale.statistics = {{RowStatistic::kMean},           {RowStatistic::kStandardDeviation},
                      {RowStatistic::kMedian},         {RowStatistic::kTopBoxes, 2},
                      {RowStatistic::kBottomBoxes, 3}, {RowStatistic::kNps}};
  scale.filter = "q in (1, 2, 3)";
  RowsPlan barriers = rows_of_question("barriers");
  RowsPlan responses = barriers;
  responses.responses = true;
  responses.nets = {{{"some", "1 or 2", {1, 2}}, ""}};
  RowsPlan size = rows_of_question("size");
  size.statistics = {{RowStatistic::kMean}};
  RowsPlan share = rows_of_question("share");
  share.statistics = {{RowStatistic::kMean}, {RowStatistic::kStandardDeviation}};
  plan.rows = {q, scale, barriers, responses, size, share};
  plan.banner = {{.variables = {"wide"}, .rest = true},
                 {.variables = {"barriers"}},
                 {.variables = {"wide", "q"}}};
  plan.significance.on = true;
  plan.significance.least_base = 0;
  return plan;
}

// A table's rows in the plan: tables are in the plan's order.
void check_book(const RandomSurvey& survey, const Engine& engine, const BookPlan& plan) {
  const auto book = make_book({&engine}, plan, {.covariances = true}, {});
  ASSERT_TRUE(book.has_value()) << book.error().message;
  ASSERT_EQ(book->tables.size(), plan.rows.size());
  const Sample sample = Sample::of(*survey.design);
  for (size_t t = 0; t < plan.rows.size(); ++t) {
    TheLongWay(*survey.data, sample, book->plan, book->tables[t], book->plan.rows[t]).check();
  }
}

const std::vector<DesignKind>& all_designs() {
  static const std::vector<DesignKind> kinds{DesignKind::kElements, DesignKind::kStrata,
                                             DesignKind::kClusters, DesignKind::kTwoStages,
                                             DesignKind::kUnits};
  return kinds;
}

std::shared_ptr<const Engine> memory(const RandomSurvey& survey, size_t threads) {
  return MemoryEngine::make(survey.data, survey.design,
                            {.threads = threads, .run_cases = 16, .part_cases = 64})
      .value();
}

TEST(Books, OfEveryDesignAndPercentAreRatiosOfCases) {
  uint64_t seed = 1;
  for (const DesignKind kind : all_designs()) {
    for (const PercentBase percent :
         {PercentBase::kColumn, PercentBase::kRow, PercentBase::kTable}) {
      SCOPED_TRACE(seed);
      RandomSurveys surveys(seed++);
      const RandomSurvey survey = surveys.survey(80, kind);
      BookPlan plan = whole_plan();
      plan.percent = percent;
      check_book(survey, *memory(survey, 1), plan);
    }
  }
}

TEST(Books, OnThreadsAndOnThePlainEngine) {
  RandomSurveys surveys(77);
  const RandomSurvey survey = surveys.survey(90, DesignKind::kClusters);
  check_book(survey, *memory(survey, 3), whole_plan());
  check_book(survey, testing::PlainEngine(survey.data, survey.design), whole_plan());
}

TEST(Books, CompareWithTheTotalAndWithRestsThatAreNotShown) {
  RandomSurveys surveys(5);
  for (const DesignKind kind : {DesignKind::kStrata, DesignKind::kUnits}) {
    const RandomSurvey survey = surveys.survey(120, kind);
    for (const bool rest : {true, false}) {
      BookPlan plan = whole_plan();
      plan.banner[0].rest = false;
      plan.total = !rest;
      plan.filter = "size > 41";
      (rest ? plan.significance.against_rest : plan.significance.against_total) = true;
      check_book(survey, *memory(survey, 1), plan);
    }
  }
}

}  // namespace
}  // namespace barometer
