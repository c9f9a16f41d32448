// What must hold between the cells of books, and between books and other estimates of the same.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "barometer/book/book.h"
#include "barometer/engine/memory_engine.h"
#include "barometer/estimate/cross_table.h"
#include "barometer/estimate/estimator.h"
#include "tests/support/random_survey.h"

namespace barometer {
namespace {

using testing::DesignKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::RandomSurvey;
using testing::RandomSurveys;

constexpr double kTiny = 1e-12;

RandomSurvey survey_of(uint64_t seed, DesignKind kind, size_t cases = 150) {
  RandomSurveys surveys(seed);
  return surveys.survey(cases, kind);
}

std::shared_ptr<const Engine> engine_of(const RandomSurvey& survey) {
  return MemoryEngine::make(survey.data, survey.design, {}).value();
}

RowsPlan rows_of_question(const std::string& id) {
  RowsPlan rows;
  rows.variables = {id};
  return rows;
}

BookPlan plan_of(const std::string& rows, const std::string& banner) {
  BookPlan plan;
  plan.rows = {rows_of_question(rows)};
  if (!banner.empty()) plan.banner = {{.variables = {banner}}};
  return plan;
}

Book made(const Engine& engine, const BookPlan& plan, bool covariances = false) {
  auto book = make_book({&engine}, plan, {.covariances = covariances}, {});
  CHECK(book, book ? "" : book.error().message);
  return *std::move(book);
}

void expect_same(const BookCell& a, const BookCell& b) {
  ASSERT_EQ(a.value.has_value(), b.value.has_value());
  if (!a.value) return;
  EXPECT_NEAR(*a.value, *b.value, kTiny);
  EXPECT_NEAR(a.se.value(), b.se.value(), kTiny);
}

class Identities : public ::testing::TestWithParam<DesignKind> {
 protected:
  const RandomSurvey survey_ = survey_of(static_cast<uint64_t>(GetParam()) + 40, GetParam());
  const std::shared_ptr<const Engine> engine_ = engine_of(survey_);
};
INSTANTIATE_TEST_SUITE_P(Designs, Identities,
                         ::testing::Values(DesignKind::kElements, DesignKind::kStrata,
                                           DesignKind::kClusters, DesignKind::kTwoStages,
                                           DesignKind::kUnits));

// With the rows' don't knows out of the way, which are no column.
TEST_P(Identities, RowPercentsAreColumnPercentsOfTheTransposedTable) {
  BookPlan across = plan_of("q", "wide");
  across.filter = "q is not missing and wide is not missing";
  across.percent = PercentBase::kRow;
  BookPlan down = plan_of("wide", "q");
  down.filter = across.filter;
  const Book row_book = made(*engine_, across), column_book = made(*engine_, down);
  const BookTable& a = row_book.tables.front();
  const BookTable& b = column_book.tables.front();
  for (size_t r = 0; r < a.rows.size(); ++r) {
    for (size_t g = 1; g < a.columns.size(); ++g) expect_same(a.at(r, g), b.at(g - 1, r + 1));
  }
}

TEST_P(Identities, TheRestOfTwoColumnsIsTheOther) {
  BookPlan plan = plan_of("scale", "wide");
  plan.rows.front().statistics = {{RowStatistic::kMean}, {RowStatistic::kTopBoxes, 2}};
  plan.filter = "wide in (1, 300)";
  plan.banner.front().rest = true;
  const Book book = made(*engine_, plan);
  const BookTable& table = book.tables.front();
  ASSERT_EQ(table.columns.size(), 7U);  // total, 1 and its rest, 300 and its rest, 2000 and …
  for (size_t r = 0; r < table.rows.size(); ++r) {
    expect_same(table.at(r, 1), table.at(r, 4));
    expect_same(table.at(r, 2), table.at(r, 3));
  }
  EXPECT_EQ(table.columns[2].n, table.columns[3].n);
}

TEST_P(Identities, SharesAddUpOverRowsColumnsAndResponses) {
  BookPlan plan = plan_of("q", "wide");
  plan.rows.front().nets = {{{"low", "low", {1, 2}}, ""}};
  plan.rows.push_back(rows_of_question("barriers"));
  plan.rows.back().responses = true;
  plan.filter = "q is not missing and wide is not missing and barriers is not missing";
  const Book book = made(*engine_, plan);
  for (const BookTable& table : book.tables) {
    for (size_t g = 0; g < table.columns.size(); ++g) {
      double sum = 0, net = 0, parts = 0;
      for (size_t r = 0; r < table.rows.size(); ++r) {
        const double value = table.at(r, g).value.value_or(0);
        if (table.rows[r].kind == RowKind::kCategory) sum += value;
        if (table.rows[r].kind == RowKind::kNet) net += value;
        if (table.rows[r].level == 1) parts += value;
      }
      EXPECT_NEAR(net, parts, kTiny);
      EXPECT_NEAR(sum, table.at(0, g).value ? 1 : 0, kTiny) << table.id << g;
    }
    for (size_t r = 0; r < table.rows.size(); ++r) {
      double weighted = 0, base = 0;
      for (size_t g = 1; g < table.columns.size(); ++g) {
        weighted += table.at(r, g).weighted_base * table.at(r, g).value.value_or(0);
        base += table.at(r, g).weighted_base;
      }
      EXPECT_NEAR(table.at(r, 0).value.value(), weighted / base, kTiny);
    }
  }
}

TEST_P(Identities, ABookIsItsCrossTables) {
  BookPlan plan = plan_of("q", "wide");
  const Book book = made(*engine_, plan, true);
  const BookTable& table = book.tables.front();
  const CrossTable cross{"q", "wide"};
  const auto done = cross_tables(
      *engine_, {&cross, 1}, {.covariances = true}, {},
      [&](size_t, const CrossTableEstimates& other) -> Status {
        for (Eigen::Index r = 0; r < other.share.rows(); ++r) {
          for (Eigen::Index g = 0; g < other.share.cols(); ++g) {
            const bool total = g + 1 == other.share.cols();
            const auto row = static_cast<size_t>(r);
            const BookCell& cell = table.at(row, total ? 0 : static_cast<size_t>(g) + 1);
            EXPECT_NEAR(cell.value.value_or(0), other.share(r, g), kTiny);
            EXPECT_NEAR(cell.se.value_or(0), other.se(r, g), kTiny);
            EXPECT_EQ(cell.count, other.count(r, g));
            EXPECT_EQ(cell.n, other.n(g));
          }
          // There the total is the last column.
          const Matrix& found = table.covariances.front().of_rows[static_cast<size_t>(r)];
          const auto& expected = other.covariances[static_cast<size_t>(r)];
          EXPECT_EQ(table.covariances.front().columns.back(), 0U);
          EXPECT_LT((found - expected).norm(), kTiny);
        }
        return {};
      });
  ASSERT_TRUE(done.has_value());
}

TEST_P(Identities, TheTotalIsWhatTheEstimatorSays) {
  BookPlan plan = plan_of("scale", "");
  plan.rows.front().statistics = {{RowStatistic::kMean}};
  const Book book = made(*engine_, plan);
  const BookTable& table = book.tables.front();
  const Estimator estimator = Estimator::make(engine_, {}).value();
  const std::vector<std::string> ids{"scale", "q"};
  const auto items = estimator.items(ids, Unit::kRespondent, {}, {}).value();
  const Estimate& mean = items.front().mean.value();
  const BookCell& found = table.at(table.rows.size() - 1, 0);
  EXPECT_NEAR(found.value.value(), mean.value.value(), kTiny);
  EXPECT_NEAR(found.se.value(), mean.se.value(), kTiny);
  EXPECT_EQ(found.lower.has_value(), mean.interval.has_value());
  EXPECT_NEAR(found.lower.value_or(0), mean.interval.value_or(Interval{}).lower, 1e-10);
  EXPECT_EQ(found.n, static_cast<double>(mean.n));
  const Book other = made(*engine_, plan_of("q", ""));
  const BookTable& questions = other.tables.front();
  const Estimate& first = items[1].options.front();
  EXPECT_EQ(questions.not_asked, static_cast<double>(first.not_asked));
  EXPECT_EQ(questions.no_answer, static_cast<double>(first.no_answer));
  EXPECT_EQ(questions.dont_know, static_cast<double>(first.dont_know));
  for (size_t r = 0; r < questions.rows.size(); ++r) {
    const Estimate& share = items[1].options[r];
    const BookCell& cell = questions.at(r, 0);
    EXPECT_EQ(cell.lower.has_value(), share.interval.has_value());
    if (!share.interval) continue;
    EXPECT_NEAR(*cell.lower, share.interval->lower, 1e-10);
    EXPECT_NEAR(*cell.upper, share.interval->upper, 1e-10);
  }
}

TEST_P(Identities, MarksSayWhatTheTestsSay) {
  BookPlan plan = plan_of("q", "wide");
  plan.banner.push_back({.variables = {"wide"}, .sequence = true});
  plan.significance.on = true;
  plan.significance.least_base = 0;
  plan.significance.levels = {0.2, 0.6};
  plan.significance.adjustment = PAdjustment::kHolm;
  const Book book = made(*engine_, plan);
  const BookTable& table = book.tables.front();
  size_t marks = 0, expected = 0;
  for (const BookCell& cell : table.cells) {
    marks += cell.above.size() + cell.above_second.size() + (cell.arrow != Arrow::kNone ? 1 : 0);
  }
  for (const PairTest& test : table.tests) {
    EXPECT_GE(test.p_adjusted, test.p);
    const bool sequence = table.columns[test.a].group == 1;
    const bool first = test.p_adjusted <= 0.2, second = !first && test.p_adjusted <= 0.6;
    const bool up = test.difference > 0;
    if (sequence) {
      EXPECT_EQ(test.b + 1, test.a);
      const Arrow arrow = !first ? Arrow::kNone : up ? Arrow::kUp : Arrow::kDown;
      EXPECT_EQ(table.at(test.row, test.a).arrow, arrow);
      expected += first ? 1 : 0;
      continue;
    }
    const BookCell& higher = table.at(test.row, up ? test.a : test.b);
    const size_t lower = up ? test.b : test.a;
    EXPECT_EQ(std::ranges::count(higher.above, lower), first ? 1 : 0);
    EXPECT_EQ(std::ranges::count(higher.above_second, lower), second ? 1 : 0);
    expected += first || second ? 1 : 0;
  }
  EXPECT_EQ(marks, expected);
  EXPECT_FALSE(table.tests.empty());
}

// ---- Books as a whole

TEST(Grid, IsTheTotalsOfItsItems) {
  RandomSurvey survey = survey_of(3, DesignKind::kStrata);
  Variable copy = *survey.data->codebook().find("q");
  copy.id = "q_reversed";
  std::vector<uint32_t> reversed(survey.data->case_count());
  for (size_t i = 0; i < reversed.size(); ++i) {
    reversed[i] = static_cast<uint32_t>(reversed.size() - 1 - i);
  }
  const Column column = picked(**survey.data->find("q"), reversed);
  survey.data = std::make_shared<const Dataset>(survey.data->with(copy, column).value());
  const auto engine = engine_of(survey);
  BookPlan plan = plan_of("q", "wide");
  plan.rows.push_back({.variables = {"q", "q_reversed"}, .grid = true});
  plan.rows.back().nets = {{{"low", "low", {1, 2}}, ""}};
  plan.rows.push_back(rows_of_question("q_reversed"));
  const Book book = made(*engine, plan);
  const BookTable& grid = book.tables[1];
  EXPECT_TRUE(grid.grid);
  EXPECT_EQ(grid.id, "q_2");
  ASSERT_EQ(grid.rows.size(), 2U);
  EXPECT_EQ(grid.rows[1].variable, "q_reversed");
  ASSERT_EQ(grid.columns.size(), 6U);
  EXPECT_EQ(grid.columns[0].answer, "low");
  EXPECT_EQ(grid.columns[0].figure, RowKind::kNet);
  for (size_t r = 0; r < 2; ++r) {
    const BookTable& alone = book.tables[2 * r];
    for (size_t g = 1; g < 6; ++g) expect_same(grid.at(r, g), alone.at(g - 1, 0));
    EXPECT_NEAR(grid.at(r, 0).value.value(),
                grid.at(r, 1).value.value() + grid.at(r, 2).value.value(), kTiny);
  }
}

TEST(Weights, EachHasItsTables) {
  const RandomSurvey survey = survey_of(9, DesignKind::kUnits);
  const auto engine = engine_of(survey);
  BookPlan plan = plan_of("q", "wide");
  plan.weights = {"", "share"};
  DesignSpec spec;
  spec.case_count = survey.data->case_count();
  const auto even = MemoryEngine::make(
      survey.data, std::make_shared<const Design>(Design::make(spec).value()), {});
  const auto book = make_book({engine.get(), even->get()}, plan, {}, {});
  ASSERT_TRUE(book.has_value()) << book.error().message;
  ASSERT_EQ(book->tables.size(), 2U);
  EXPECT_EQ(book->tables[1].id, "q@share");
  EXPECT_EQ(book->tables[1].weight, "share");
  EXPECT_EQ(book->tables[0].columns[0].n, book->tables[1].columns[0].n);
  EXPECT_NE(book->tables[0].columns[0].weighted_base, book->tables[1].columns[0].weighted_base);
  EXPECT_EQ(book->find("q@share"), &book->tables[1]);
  EXPECT_EQ(book->find("nothing"), nullptr);
  const auto one = make_book({engine.get()}, plan, {}, {});
  ASSERT_FALSE(one.has_value());
  EXPECT_THAT(one.error().message, HasSubstr("1 engines for 2 weights"));
}

TEST(Columns, OfNestedGroupsGoInnermostFastestAndHaveLetters) {
  const RandomSurvey survey = survey_of(9, DesignKind::kStrata);
  BookPlan plan = plan_of("scale", "");
  plan.banner = {{.variables = {"wide", "barriers"}}, {.variables = {"wide"}, .rest = true}};
  const Book book = made(*engine_of(survey), plan);
  const std::vector<BookColumn>& columns = book.tables.front().columns;
  ASSERT_EQ(columns.size(), 1U + 12 + 6);
  EXPECT_THAT(columns[0].labels, ElementsAre("Total"));
  EXPECT_THAT(columns[1].labels, ElementsAre("c1", "c1"));
  EXPECT_THAT(columns[2].labels, ElementsAre("c1", "c2"));
  EXPECT_THAT(columns[12].codes, ElementsAre(2000, 4));
  EXPECT_EQ(columns[12].letter, "L");
  EXPECT_EQ(columns[13].letter, "A");
  EXPECT_EQ(columns[14].kind, ColumnKind::kRest);
  EXPECT_EQ(columns[14].letter, "");
  EXPECT_EQ(columns[14].group, 1U);
}

TEST(Books, SayWhatIsWrong) {
  const RandomSurvey survey = survey_of(9, DesignKind::kStrata);
  const auto engine = engine_of(survey);
  const auto message = [&](const BookPlan& plan) {
    const auto book = make_book({engine.get()}, plan, {}, {});
    return book ? "made" : book.error().message;
  };
  EXPECT_EQ(message(plan_of("q", "wide")), "made");
  EXPECT_THAT(message(plan_of("qq", "wide")), HasSubstr("'qq'"));
  EXPECT_THAT(message(plan_of("q", "size")), HasSubstr("'size'"));
  EXPECT_THAT(message(plan_of("words", "wide")), HasSubstr("open text"));
  BookPlan filtered = plan_of("q", "wide");
  filtered.filter = "q = = 1";
  EXPECT_THAT(message(filtered), HasSubstr("expected"));
  Progress stopped;
  stopped.stop();
  EXPECT_FALSE(make_book({engine.get()}, plan_of("q", "wide"), {}, stopped).has_value());
}

TEST(Books, OfNoOneHaveReasons) {
  const RandomSurvey survey = survey_of(9, DesignKind::kStrata);
  BookPlan plan = plan_of("q", "wide");
  plan.filter = "size > 1000000";
  plan.significance.on = true;
  plan.rao_scott = true;
  const Book book = made(*engine_of(survey), plan);
  for (const BookCell& cell : book.tables.front().cells) {
    EXPECT_FALSE(cell.value.has_value());
    EXPECT_EQ(cell.reason, "no one is in the base");
  }
  EXPECT_TRUE(book.tables.front().tests.empty());
  EXPECT_FALSE(book.tables.front().group_tests.front().reason.empty());
}

}  // namespace
}  // namespace barometer
