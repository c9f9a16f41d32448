// Books as R survey has them (testdata/book.R), on every engine.
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "barometer/base/text.h"
#include "barometer/book/book.h"
#include "tests/support/engines.h"
#include "tests/support/near.h"
#include "tests/support/survey.h"

namespace barometer {
namespace {

using testing::near_rel;
using Json = nlohmann::json;

constexpr const char* kSource = "R survey 4.1.1";

Json records() {
  std::ifstream file(std::string(SOURCE_DIR) + "/barometer/book/testdata/book.json");
  return Json::parse(file).at("records");
}

testing::Survey survey_of(const std::string& design) {
  if (design == "strat") return testing::apistrat();
  if (design == "clus1") return testing::apiclus1();
  testing::Survey survey = testing::apiclus2();
  survey.spec.weights.clear();
  survey.spec.weights_from_fpc = true;
  return survey;
}

BookPlan base_plan() {
  BookPlan plan;
  plan.significance.on = true;
  plan.significance.least_base = 0;
  plan.rao_scott = true;
  return plan;
}

RowsPlan rows_of_question(const std::string& id) {
  RowsPlan rows;
  rows.variables = {id};
  return rows;
}

Book made(const Engine& engine, const BookPlan& plan) {
  auto book = make_book({&engine}, plan, {.covariances = true}, {});
  CHECK(book, book ? "" : book.error().message);
  return *std::move(book);
}

// Everything with percents of columns.
Book whole_book(const Engine& engine) {
  BookPlan plan = base_plan();
  RowsPlan type = rows_of_question("stype");
  type.nets = {{{"secondary", "secondary", {2, 3}}}};  // of E, H, M
  RowsPlan score = rows_of_question("api00");
  score.statistics = {
      {RowStatistic::kMean}, {RowStatistic::kStandardDeviation}, {RowStatistic::kMedian}};
  plan.rows = {type, score, rows_of_question("awards"), rows_of_question("comp_imp"),
               rows_of_question("sch_wide")};
  plan.banner = {{.variables = {"awards"}},
                 {.variables = {"awards", "comp_imp"}},
                 {.variables = {"stype"}, .rest = true}};
  return made(engine, plan);
}

Book percent_book(const Engine& engine, PercentBase percent) {
  BookPlan plan = base_plan();
  plan.rows = {rows_of_question("awards"), rows_of_question("comp_imp"),
               rows_of_question("sch_wide")};
  plan.banner = {{.variables = {"stype"}}};
  plan.percent = percent;
  return made(engine, plan);
}

// The place in a table that a record speaks of.
struct Spot {
  const BookTable* table = nullptr;
  size_t group = 0, row = 0;
};

class Books {
 public:
  explicit Books(std::shared_ptr<const Engine> engine) : engine_(std::move(engine)) {
    books_.emplace("column", whole_book(*engine_));
    books_.emplace("row", percent_book(*engine_, PercentBase::kRow));
    books_.emplace("table", percent_book(*engine_, PercentBase::kTable));
  }

  void add(const std::string& name, Book book) { books_.emplace(name, std::move(book)); }
  [[nodiscard]] bool has(const std::string& name) const { return books_.contains(name); }

  [[nodiscard]] Spot spot(const Json& record) const {
    const std::string table = record.at("table");
    const std::string row = record.value("row", "");
    static const std::map<std::string, std::string> flags{
        {"awards", "awards"}, {"comp", "comp_imp"}, {"wide", "sch_wide"}};
    if (table == "type") return at("column", "stype", 0, row);
    if (table == "nested") return at("column", "stype", 1, row);
    if (table == "score") return at("column", "api00", 2, row);
    if (table == "rest") return at("column", "awards", 2, row);
    if (table == "cases") return at("column", flags.at(row), 2, "Yes");
    if (table == "responses") return at("responses", "flags", 0, row);
    return at(table, flags.at(row), 0, "Yes");
  }

 private:
  [[nodiscard]] Spot at(const std::string& book, const std::string& table, size_t group,
                        const std::string& row) const {
    Spot found{books_.at(book).find(table), group, 0};
    CHECK(found.table != nullptr, "a table: " + table);
    for (size_t r = 0; r < found.table->rows.size(); ++r) {
      const BookRow& here = found.table->rows[r];
      if (here.label == row || here.answer == row) found.row = r;
    }
    return found;
  }

  std::shared_ptr<const Engine> engine_;
  std::map<std::string, Book> books_;
};

// "E", "No>Yes", "E:rest", "E:total", "total".
size_t column_of(const Spot& spot, const std::string& label) {
  const std::vector<std::string> parts = split(label, ':');
  const bool total = parts.back() == "total";
  const auto& columns = spot.table->columns;
  std::string last;
  for (size_t g = 0; g < columns.size(); ++g) {
    if (columns[g].kind == ColumnKind::kTotal && total) return g;
    if (columns[g].kind == ColumnKind::kTotal || columns[g].group != spot.group) continue;
    if (columns[g].kind == ColumnKind::kCategory) last = join(columns[g].labels, ">");
    const bool rest = columns[g].kind == ColumnKind::kRest;
    if (last == parts.front() && rest == (parts.back() == "rest")) return g;
  }
  CHECK(false, "a column: " + label);
  return 0;
}

void check_entry(const Spot& spot, const Json& record) {
  const BookCell& cell = spot.table->at(spot.row, column_of(spot, record.at("column")));
  ASSERT_TRUE(cell.value.has_value() && cell.se.has_value()) << cell.reason << cell.no_interval;
  EXPECT_TRUE(near_rel(*cell.value, record.at("value"), 1e-9, kSource));
  const double se = record.at("se");
  EXPECT_NEAR(*cell.se, se, 1e-9 * se + 1e-13) << kSource;
}

void check_median(const Spot& spot, const Json& record) {
  const BookCell& cell = spot.table->at(spot.row, column_of(spot, record.at("column")));
  EXPECT_TRUE(near_rel(cell.value.value(), record.at("value"), 1e-9, kSource));
  EXPECT_TRUE(near_rel(cell.lower.value(), record.at("lower"), 1e-9, kSource));
  EXPECT_TRUE(near_rel(cell.upper.value(), record.at("upper"), 1e-9, kSource));
}

double covariance_of(const Spot& spot, size_t a, size_t b) {
  const ColumnCovariances& group = spot.table->covariances.at(spot.group);
  const auto place = [&](size_t column) {
    return std::ranges::find(group.columns, column) - group.columns.begin();
  };
  return group.of_rows.at(spot.row)(place(a), place(b));
}

void check_pair(const Spot& spot, const Json& record) {
  const size_t a = column_of(spot, record.at("column"));
  const size_t b = column_of(spot, record.at("other"));
  const double apart = std::pow(spot.table->at(spot.row, a).se.value(), 2) +
                       std::pow(spot.table->at(spot.row, b).se.value(), 2);
  const double covariance = record.at("covariance");
  EXPECT_NEAR(covariance_of(spot, a, b), covariance, 1e-9 * apart + 1e-18) << kSource;
  const bool shares_of_columns = record.at("table") != "row" && record.at("table") != "table";
  const double se = record.at("se");
  for (const PairTest& test : spot.table->tests) {
    if (test.row != spot.row || test.a != a || test.b != b || !shares_of_columns) continue;
    EXPECT_NEAR(test.difference, record.at("difference").get<double>(), 1e-10) << kSource;
    EXPECT_TRUE(near_rel(test.se, se, 1e-9, kSource));
    EXPECT_TRUE(near_rel(test.statistic, record.at("t"), 1e-8, kSource));
    return;
  }
  const bool categories = spot.table->columns[a].kind == ColumnKind::kCategory &&
                          spot.table->columns[b].kind == ColumnKind::kCategory;
  EXPECT_FALSE(categories && shares_of_columns && se > 1e-9) << "no test of the pair";
}

void check_chisq(const Spot& spot, const Json& record) {
  const GroupTest& test = spot.table->group_tests.at(spot.group);
  ASSERT_EQ(test.reason, "");
  EXPECT_TRUE(near_rel(test.statistic, record.at("statistic"), 1e-8, kSource));
  EXPECT_TRUE(near_rel(test.df, record.at("df"), 1e-8, kSource));
  EXPECT_TRUE(near_rel(test.df_denominator, record.at("df_denominator"), 1e-8, kSource));
  EXPECT_TRUE(near_rel(test.p, record.at("p"), 1e-7, kSource));
}

void check_record(const Spot& spot, const Json& record) {
  const std::string kind = record.at("kind");
  if (kind == "entry") return check_entry(spot, record);
  if (kind == "median") return check_median(spot, record);
  return kind == "pair" ? check_pair(spot, record) : check_chisq(spot, record);
}

class BookOracle : public testing::OnEveryEngine {};
INSTANTIATE_TEST_SUITE_P(Engines, BookOracle, ::testing::ValuesIn(testing::table_engine_makers()),
                         BookOracle::label);

TEST_P(BookOracle, EntriesPairsMediansAndTests) {
  std::map<std::string, Books> books;
  size_t checked = 0;
  for (const Json& record : records()) {
    const std::string design = record.at("design");
    SCOPED_TRACE(record.dump());
    if (!books.contains(design)) {
      const testing::Survey survey = survey_of(design);
      books.emplace(design, Books(GetParam().make(survey.data, survey.spec)));
    }
    if (record.at("table") == "responses") continue;
    check_record(books.at(design).spot(record), record);
    ++checked;
  }
  EXPECT_EQ(checked, 393U);
}

// Three questions of yes and no as one of several answers.
testing::Survey with_flags(testing::Survey survey) {
  Variable flags{.id = "flags", .kind = VariableKind::kMulti};
  flags.categories = {{1, "awards"}, {2, "comp"}, {3, "wide"}};
  OptionSets sets{std::vector<uint64_t>(survey.data->case_count()),
                  std::vector<Missing>(survey.data->case_count(), Missing::kNone)};
  uint64_t bit = 1;
  for (const char* id : {"awards", "comp_imp", "sch_wide"}) {
    const std::vector<uint8_t> yes = survey.where(id, "Yes");
    for (size_t i = 0; i < yes.size(); ++i) sets.bits[i] |= yes[i] != 0 ? bit : 0;
    bit *= 2;
  }
  survey.data = std::make_shared<const Dataset>(survey.data->with(flags, sets).value());
  return survey;
}

TEST(BookOracleResponses, AreSharesOfAllAnswers) {
  size_t checked = 0;
  std::map<std::string, Books> books;
  for (const Json& record : records()) {
    if (record.at("table") != "responses") continue;
    SCOPED_TRACE(record.dump());
    const std::string design = record.at("design");
    if (!books.contains(design)) {
      const testing::Survey survey = with_flags(survey_of(design));
      const auto engine = testing::memory_engine(1).make(survey.data, survey.spec);
      BookPlan plan = base_plan();
      plan.rows = {rows_of_question("flags")};
      plan.rows.front().responses = true;
      plan.banner = {{.variables = {"stype"}}};
      books.emplace(design, Books(engine)).first->second.add("responses", made(*engine, plan));
    }
    check_record(books.at(design).spot(record), record);
    ++checked;
  }
  EXPECT_EQ(checked, 54U);
}

}  // namespace
}  // namespace barometer
