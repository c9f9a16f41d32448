// The SQL engine over DuckDB: files and tables, against the engine that goes case by case.
#include <algorithm>
#include <cmath>
#include <optional>
#include <random>

#include <gmock/gmock.h>

#include "barometer/engine/engine.h"
#include "barometer/io/io.h"
#include "barometer/sql/load.h"
#include "barometer/sql/sql_engine.h"
#include "tests/support/same_cells.h"
#include "tests/support/sql_cases.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;
using testing::RandomTable;
using testing::TempFolder;

TEST(SqlDuckdb, AnswersAsTheSlowEngineDoes) {
  for (const uint64_t seed : {1U}) {
    TempFolder folder;
    const auto csv = folder.write("data.csv", RandomTable(seed).csv());
    const auto parquet = folder / "data.parquet";
    ASSERT_TRUE(convert_file(csv, parquet));
    const Dataset data = read_data(csv).value();
    for (const auto& file : {csv, parquet}) {
      SCOPED_TRACE(file.string());
      testing::expect_same_answers(parse_sql_source("duckdb", file.string()).value(), data);
    }
  }
}

// Conditions of every kind, nested at random.
class RandomCondition {
 public:
  explicit RandomCondition(uint64_t seed) : random_(seed) {}

  std::string condition(int depth) {
    switch (random_() % (depth > 0 ? 10 : 6)) {
      case 0:
        return fmt::format("{} {} {}", coded(), pick({"=", "<>", "<", ">="}), random_() % 2 + 1);
      case 1:
        return "answer " + pick({"= 'yes'", "<> 'é'", "in ('no', 'a,b')", "not in ('yes', 3)"});
      case 2:
        return pick({"answer", "rank", "income", "region"}) + " is " +
               pick({"missing", "not missing", "refused", "not dont_know", "not_asked"});
      case 3:
        return fmt::format("{} {} {}", quantity(depth), pick({"=", "<>", "<", "<=", ">", ">="}),
                           quantity(depth));
      case 4:
        return fmt::format("{} {}between {} and {}", quantity(depth), pick({"", "not "}),
                           quantity(0), quantity(0));
      case 5:
        return "rank in (0, 2)";
      case 6:
      case 7:
        return fmt::format("({} {} {})", condition(depth - 1), pick({"and", "or"}),
                           condition(depth - 1));
      default:
        return fmt::format("not ({})", condition(depth - 1));
    }
  }

 private:
  std::string pick(const std::vector<std::string>& from) { return from[random_() % from.size()]; }
  std::string coded() { return pick({"other", "region", "answer"}); }
  std::string quantity(int depth) {
    switch (random_() % (depth > 0 ? 5 : 3)) {
      case 0:
        return pick({"rank", "income", "spend", "r1"});
      case 1:
        return pick({"0", "1", "2.5", "2000", "0.7"});
      case 2:
        return "rank";
      case 3:
        return fmt::format("-({})", quantity(depth - 1));
      default:
        return fmt::format("({} {} {} {} {})", quantity(depth - 1), pick({"+", "-"}),
                           quantity(depth - 1), pick({"*", "/"}), quantity(depth - 1));
    }
  }

  std::mt19937_64 random_;
};

TEST(SqlDuckdb, ConditionsSelectTheCasesTheySelectInMemory) {
  TempFolder folder;
  const auto file = folder.write("data.csv", RandomTable(6, 150).csv());
  const Dataset data = read_data(file).value();
  const Progress progress;
  const auto engine =
      open_sql_engine(parse_sql_source("duckdb", file.string()).value(), {}, {}, progress);
  ASSERT_TRUE(engine) << engine.error().message;
  RandomCondition random(11);
  size_t selected = 0;
  for (int round = 0; round < 400; ++round) {
    const std::string text = random.condition(3);
    CellQuery query = testing::query_of("person|||");
    query.where = Expression::parse(text).value();
    query.outside = true;
    const auto wanted = query.where->evaluate(data);
    const auto cells = (*engine)->cells(query, progress);
    ASSERT_EQ(wanted.has_value(), cells.has_value())
        << text << (cells ? "" : cells.error().message);
    if (!cells) continue;
    const auto& person = std::get<Numbers>(cells->data.column(0)).values;
    ASSERT_EQ(person.size(), data.case_count()) << text;
    for (size_t cell = 0; cell < person.size(); ++cell) {
      selected += cells->inside[cell];
      EXPECT_EQ(cells->inside[cell], (*wanted)[static_cast<size_t>(person[cell])])
          << text << " in case " << person[cell];
    }
  }
  EXPECT_GT(selected, 5000U);
  EXPECT_LT(selected, 55000U);
}

TEST(SqlDuckdb, SumsAreTheSameToTheLastBitForAnyThreadsAndOrder) {
  TempFolder folder;
  const std::string csv = RandomTable(8, 20000).csv();
  std::vector<std::string> lines = split(csv, '\n');
  lines.pop_back();
  std::mt19937_64 random(3);
  std::shuffle(lines.begin() + 1, lines.end(), random);
  const auto straight = folder.write("straight.csv", csv);
  const auto shuffled = folder.write("shuffled.csv", join(lines, "\n") + "\n");
  const auto parquet = folder / "data.parquet";
  ASSERT_TRUE(convert_file(shuffled, parquet));
  const Progress progress;
  std::optional<std::vector<double>> first;
  for (const auto& file : {straight, shuffled, parquet}) {
    for (const unsigned threads : {1U, 4U}) {
      const auto engine =
          open_sql_engine(parse_sql_source("duckdb", file.string()).value(),
                          {.weight = "w", .strata = {"region"}, .ids = {"area"}, .nest = true},
                          {.threads = threads}, progress);
      ASSERT_TRUE(engine) << engine.error().message;
      std::vector<double> all;
      for (const char* text : {"answer rank|||", "other|income spend||"}) {
        const auto cells = (*engine)->cells(testing::query_of(text), progress);
        ASSERT_TRUE(cells) << cells.error().message;
        for (const auto* sums : {&cells->sums.w, &cells->sums.w2, &cells->sums.row_w}) {
          all.insert(all.end(), sums->begin(), sums->end());
        }
      }
      if (!first) first = all;
      EXPECT_EQ(all, *first);
    }
  }
}

// Sums of weights from 1e-3 to 1e6, of numbers on both sides of their mean: the squares go over 18
// powers of ten, and a cell of small weights keeps its digits beside those of large ones.
TEST(SqlDuckdb, CellsOfSmallWeightsKeepTheirDigits) {
  std::mt19937_64 random(12);
  std::uniform_real_distribution<double> real(-1, 1);
  std::string csv = "domain,area,w,x,y\n";
  for (int i = 0; i < 500; ++i) {
    const int power = i % 10 - 3;
    csv += fmt::format("d{},{},{},{},{}\n", i % 10, i % 7,
                       std::pow(10.0, power) * (1 + 0.4 * real(random)), real(random),
                       100 * real(random));
  }
  TempFolder folder;
  const auto file = folder.write("data.csv", csv);
  const Dataset data = read_data(file).value();
  const Progress progress;
  for (const DesignColumns& columns :
       {DesignColumns{.weight = "w"}, DesignColumns{.weight = "w", .ids = {"area"}}}) {
    const auto engine =
        open_sql_engine(parse_sql_source("duckdb", file.string()).value(), columns, {}, progress);
    ASSERT_TRUE(engine) << engine.error().message;
    const auto plain = testing::plain_engine(data, columns);
    for (const char* text : {"domain|||", "domain|x||", "domain|x y||", "domain|y||total"}) {
      const CellQuery query = testing::query_of(text);
      const auto of = [&](const Engine& one) {
        return testing::cells_by_value(one.cells(query, progress).value(), query, one.design());
      };
      EXPECT_TRUE(testing::same_cells(of(**engine), of(*plain), 1e-9)) << text;
    }
  }
}

TEST(SqlDuckdb, ATableOfADatabaseIsAsGoodAsAFile) {
  TempFolder folder;
  const Dataset data = read_data(folder.write("data.csv", RandomTable(9).csv())).value();
  const SqlSource source =
      parse_sql_source("duckdb:" + (folder / "a.duckdb").string(), "answers").value();
  const Progress progress;
  const Status loaded = load_table(data, source, {}, progress);
  ASSERT_TRUE(loaded) << loaded.error().message;
  testing::expect_same_answers(source, data);
  EXPECT_THAT(load_table(data, source, {}, progress).error().message, HasSubstr("already"));
  EXPECT_TRUE(load_table(data, source, {.replace = true}, progress));
}

TEST(SqlDuckdb, SaysWhatIsWrong) {
  TempFolder folder;
  const auto message = [&](const char* csv, const DesignColumns& design, const char* query) {
    const auto file = folder.write("bad.csv", csv);
    const Progress progress;
    const auto engine = open_sql_engine(parse_sql_source("duckdb", file.string()).value(), design,
                                        {.max_categories = 3, .max_rows = 4}, progress);
    if (!engine) return engine.error().message;
    const auto cells = (*engine)->cells(testing::query_of(query), progress);
    return cells ? std::string("fine") : cells.error().message;
  };
  const char* good = "s,u,w,f,x\na,1,2,10,p\na,2,2,10,q\nb,3,1,20,p\nb,4,1,20,\n";
  EXPECT_EQ(message(good, {.weight = "w", .strata = {"s"}, .ids = {"u"}}, "x|||"), "fine");
  struct Case {
    const char* csv;
    DesignColumns design;
    const char* query;
    const char* says;
  };
  const std::vector<Case> cases = {
      {good, {.weight = "v"}, "|||", "there is no variable 'v'"},
      {good, {.weight = "x"}, "|||", "the weight 'x' is not a number"},
      {good, {}, "y|||", "there is no variable 'y'"},
      {good, {}, "x|x||", "'x' is not a number"},
      {good, {}, "x|||replicates", "there are no replicate weights"},
      {good, {}, "x||x = 'r'|", "'x' has no answer 'r'"},
      {good, {.strata = {"s", "u"}}, "|||", "2 strata"},
      {"s,w\na,1\nb,\n", {.weight = "w"}, "|||", "1 case has no weight in 'w'"},
      {"s,w\na,1\nb,-3\n",
       {.weight = "w", .strata = {"s"}},
       "|||",
       "the weight 'w' is -3 where s = 'b'"},
      {"s,w\na,0\nb,0\n", {.weight = "w"}, "|||", "every weight is 0"},
      {"s,u\na,1\n,2\n", {.strata = {"s"}, .ids = {"u"}}, "|||", "1 case has no stratum in 's'"},
      {"s,u\na,1\nb,\n", {.strata = {"s"}, .ids = {"u"}}, "|||", "1 case has no unit in 'u'"},
      {"s,u\na,1\na,2\nb,3\n",
       {.strata = {"s"}, .ids = {"u"}},
       "|||",
       "stratum 'b' has only one sampled unit"},
      {"s,u\na,1\na,2\nb,1\nb,2\n", {.strata = {"s"}, .ids = {"u"}}, "|||", "is in stratum"},
      {"u,f\n1,5\n2,6\n", {.ids = {"u"}, .fpc = {"f"}}, "|||", "population size varies"},
      {"u,f\n1,5\n2,\n", {.ids = {"u"}, .fpc = {"f"}}, "|||", "has no population size in 'f'"},
      {"u\n1\n2\n3\n4\n5\n", {.ids = {"u"}}, "|||", "over 4 combinations of strata and units"},
      {"x\na\nb\nc\nd\n", {}, "x|||", "'x' is open text"},
      {"x\n", {}, "x|||", "there is no case"},
      {"x\n1\n-1e200\n", {}, "|x||", "column 'x' holds -1e+200, which is too large"},
      {"x,w\n1,2\n1e100,1e60\n", {.weight = "w"}, "|x||", "'x' holds 1e+100, which is too large"},
  };
  for (const Case& c : cases) EXPECT_THAT(message(c.csv, c.design, c.query), HasSubstr(c.says));
}

TEST(SqlDuckdb, ReadsNoSystemFiles) {
  for (const char* file : {"a.sav", "A.SAV", "a.zsav"}) {
    const auto engine =
        open_sql_engine(parse_sql_source("duckdb", file).value(), {}, {}, Progress());
    ASSERT_FALSE(engine);
    EXPECT_EQ(engine.error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(engine.error().message,
              fmt::format("'{}': DuckDB reads no SPSS files: use --engine memory, or convert it to "
                          "Parquet",
                          file));
  }
}

TEST(SqlDuckdb, StopsWhenTold) {
  TempFolder folder;
  const auto file = folder.write("data.csv", RandomTable(10).csv());
  Progress progress;
  const auto engine =
      open_sql_engine(parse_sql_source("duckdb", file.string()).value(), {}, {}, progress);
  ASSERT_TRUE(engine) << engine.error().message;
  progress.stop();
  const auto cells = (*engine)->cells(testing::query_of("answer|||"), progress);
  ASSERT_FALSE(cells);
  EXPECT_EQ(cells.error().code, ErrorCode::kLimit);
}

}  // namespace
}  // namespace barometer
