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

// Strata of one unit, which a rule of the design gives a variance; in domains too.
TEST(Books, OfLonelyUnits) {
  RandomSurveys surveys(12);
  for (const LonelyPsu rule : {LonelyPsu::kAdjust, LonelyPsu::kAverage}) {
    for (const bool in_domains : {false, true}) {
      RandomSurvey survey = surveys.survey(70, DesignKind::kStrata);
      DesignSpec spec;
      spec.case_count = 70;
      spec.nest = true;
      spec.lonely_psu = rule;
      spec.domain_lonely = in_domains;
      spec.strata.emplace_back();
      spec.ids.emplace_back();
      for (size_t i = 0; i < 70; ++i) {
        spec.strata[0].push_back(static_cast<int32_t>(surveys.below(5)));
        const bool lonely = spec.strata[0].back() == 0;
        spec.ids[0].push_back(lonely ? 0 : static_cast<int32_t>(surveys.below(4)));
        spec.weights.push_back(surveys.weight());
      }
      survey.design = std::make_shared<const Design>(Design::make(spec).value());
      BookPlan plan = whole_plan();
      plan.significance.on = false;
      check_book(survey, *memory(survey, 1), plan);
    }
  }
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

// The columns of each group put together two and two, as they stand.
void merge_pairs(const BookTable& table, BookPlan& plan) {
  for (size_t group = 0; group < plan.banner.size(); ++group) {
    auto& merged = plan.banner[group].merged;
    bool open = false;
    for (const BookColumn& column : table.columns) {
      if (column.kind != ColumnKind::kCategory || column.group != group) continue;
      if (!open) merged.emplace_back();
      merged.back().push_back(column.codes);
      open = !open;
    }
  }
}

// Of alternatives, of several answers (whoever gave two of them counts once), nested, with rests.
TEST(Books, OfMergedColumnsAreRatiosOfTheirCases) {
  uint64_t seed = 40;
  for (const DesignKind kind : {DesignKind::kStrata, DesignKind::kClusters, DesignKind::kUnits}) {
    for (const PercentBase percent : {PercentBase::kColumn, PercentBase::kRow}) {
      RandomSurveys surveys(seed++);
      const RandomSurvey survey = surveys.survey(90, kind);
      const auto engine = memory(survey, 1);
      BookPlan plan = whole_plan();
      plan.percent = percent;
      const auto apart = make_book({engine.get()}, plan, {}, {});
      ASSERT_TRUE(apart.has_value()) << apart.error().message;
      merge_pairs(apart->tables.front(), plan);
      check_book(survey, *engine, plan);
      const auto book = make_book({engine.get()}, plan, {}, {});
      ASSERT_TRUE(book.has_value());
      EXPECT_LT(book->tables.front().columns.size(), apart->tables.front().columns.size());
    }
  }
}

TEST(Books, MergedColumnsThatLeaveSomeoneOutAreRefused) {
  RandomSurveys surveys(9);
  const RandomSurvey survey = surveys.survey(60, DesignKind::kElements);
  const auto engine = memory(survey, 1);
  const auto error_of = [&](std::vector<std::vector<std::vector<int>>> merged) {
    BookPlan plan;
    plan.rows = {rows_of_question("scale")};
    plan.banner = {{.variables = {"q"}, .merged = std::move(merged)}};
    const auto book = make_book({engine.get()}, plan, {}, {});
    return book ? "no error" : book.error().message;
  };
  EXPECT_THAT(error_of({{{1}, {2}}}), ::testing::HasSubstr("is in none"));
  EXPECT_THAT(error_of({{{1}, {2}}, {{1}}}), ::testing::HasSubstr("stands in two"));
  EXPECT_THAT(error_of({{{77}}}), ::testing::HasSubstr("the combination 77 is none"));
}

// Those who do not know, of all who answered: as a kind of missing and as an answer out of the
// base.
TEST(Books, DontKnowOutOfTheBaseIsAShareOfAllAsked) {
  Variable q;
  q.id = "q";
  q.kind = VariableKind::kSingle;
  q.categories = {{1, "Yes"}, {2, "No"}, {9, "Don't know", true}};
  q.dont_know_in_base = false;
  Variable group;
  group.id = "g";
  group.categories = {{1, "A"}, {2, "B"}};
  const int dont_know = file_code(Missing::kDontKnow), refused = file_code(Missing::kRefused);
  const std::vector<int> said = {1, 2, 9, 9, dont_know, refused, 1, 2, 2, 9};
  const std::vector<int> in = {1, 1, 1, 1, 1, 1, 2, 2, 2, 2};
  Codebook codebook;
  ASSERT_TRUE(codebook.add(q).has_value());
  ASSERT_TRUE(codebook.add(group).has_value());
  const auto data = std::make_shared<const Dataset>(
      Dataset::make(codebook, {make_codes(said), make_codes(in)}).value());
  DesignSpec spec;
  spec.case_count = said.size();
  spec.weights = {1, 1, 2, 1, 1, 1, 1, 1, 1, 1};
  const auto design = std::make_shared<const Design>(Design::make(spec).value());
  const auto engine = MemoryEngine::make(data, design, {.threads = 1}).value();
  BookPlan plan;
  plan.rows = {rows_of_question("q")};
  plan.rows[0].statistics = {{RowStatistic::kDontKnow}};
  plan.banner = {{.variables = {"g"}}};
  const auto book = make_book({engine.get()}, plan, {}, {});
  ASSERT_TRUE(book.has_value()) << book.error().message;
  const BookTable& table = book->tables.front();
  const size_t last = table.rows.size() - 1;
  ASSERT_EQ(table.rows[last].kind, RowKind::kDontKnow);
  EXPECT_EQ(last, 2U);  // the answer itself has no row
  const auto expect_cell = [&](size_t c, double n, double count, double share) {
    const BookCell& cell = table.at(last, c);
    EXPECT_EQ(cell.n, n) << c;
    EXPECT_EQ(cell.count, count) << c;
    EXPECT_NEAR(*cell.value, share, 1e-15) << c;
    EXPECT_TRUE(cell.se.has_value()) << c;
  };
  expect_cell(0, 9, 4, 5.0 / 10);  // who refused is in neither
  expect_cell(1, 5, 3, 4.0 / 6);
  expect_cell(2, 4, 1, 1.0 / 4);
  EXPECT_EQ(table.columns[1].n, 2);  // the base of the others
}

}  // namespace
}  // namespace barometer
