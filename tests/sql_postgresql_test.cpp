// The SQL engine over PostgreSQL, and loading into it.
#include <chrono>
#include <thread>

#include <gmock/gmock.h>

#include "barometer/engine/engine.h"
#include "barometer/io/io.h"
#include "barometer/sql/load.h"
#include "barometer/sql/sql_engine.h"
#include "tests/support/server_process.h"
#include "tests/support/sql_cases.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::PostgresqlServer;
using testing::RandomTable;
using testing::TempFolder;

TEST(SqlPostgresql, AnswersAsTheSlowEngineDoes) {
  const PostgresqlServer server;
  TempFolder folder;
  const Dataset data = read_data(folder.write("data.csv", RandomTable(3).csv())).value();
  const SqlSource source = parse_sql_source(server.address(), "answers").value();
  const Progress progress;
  const Status loaded = load_table(data, source, {}, progress);
  ASSERT_TRUE(loaded) << loaded.error().message;
  testing::expect_same_answers(source, data);
}

TEST(SqlPostgresql, RefusesATableThatIsThereAndReplacesItWhenAsked) {
  const PostgresqlServer server;
  TempFolder folder;
  const Dataset first = read_data(folder.write("a.csv", "w,x\n1,a\n2,b\n")).value();
  const Dataset second =
      read_data(folder.write("b.csv", "w,x\n1,\"tab\there\"\n2,\"a\\b\"\n3,\n")).value();
  const SqlSource source = parse_sql_source(server.address(), "t").value();
  const Progress progress;
  ASSERT_TRUE(load_table(first, source, {}, progress));
  EXPECT_THAT(load_table(second, source, {}, progress).error().message,
              HasSubstr("there is a table 't' already"));
  const Status replaced = load_table(second, source, {.replace = true}, progress);
  ASSERT_TRUE(replaced) << replaced.error().message;
  const auto engine = open_sql_engine(source, {.weight = "w"}, {}, progress);
  ASSERT_TRUE(engine) << engine.error().message;
  const auto cells = (*engine)->cells(testing::query_of("x|||"), progress);
  ASSERT_TRUE(cells) << cells.error().message;
  EXPECT_THAT(cells->sums.w, ::testing::ElementsAre(2, 1, 3));
  EXPECT_EQ(cells->data.codebook().variables()[0].categories[1].label, "tab\there");
}

TEST(SqlPostgresql, LoadingTouchesNoOtherTable) {
  const PostgresqlServer server;
  TempFolder folder;
  const Dataset data = read_data(folder.write("a.csv", "w,x\n1,a\n2,b\n")).value();
  const Progress progress;
  const auto message = [&](const std::string& table, bool replace) {
    const SqlSource source = parse_sql_source(server.address(), table).value();
    const Status status = load_table(data, source, {.replace = replace}, progress);
    return status ? std::string("loaded") : status.error().message;
  };
  EXPECT_EQ(message("t_new", false), "loaded");
  for (const bool replace : {false, true}) {
    EXPECT_THAT(message("t", replace), HasSubstr("'t_new', a name that loading needs for itself"));
  }
  EXPECT_THAT(message("t_new", false), HasSubstr("already")) << "it is still there";
  EXPECT_THAT(message("public.t_new", false), HasSubstr("already")) << "under its whole name";
  EXPECT_EQ(message("t_new", true), "loaded");
  EXPECT_EQ(message("pg_class", false), "loaded") << "pg_catalog is another schema";
  EXPECT_EQ(message("T_NEW", false), "loaded") << "another table by its case";
  EXPECT_THAT(message(std::string(61, 'n'), false), HasSubstr("too long"));
}

TEST(SqlPostgresql, SaysWhatTheServerSaidAndNeverThePassword) {
  PostgresqlServer server;
  const Progress progress;
  SqlSource source = parse_sql_source(server.address(), "nothing").value();
  const auto message = [&](const SqlSource& from) {
    return open_sql_engine(from, {}, {.retries = 0}, progress).error().message;
  };
  EXPECT_THAT(message(source), HasSubstr("there is no table 'nothing'"));
  source.password = "wrong-password";
  EXPECT_THAT(message(source), HasSubstr("password authentication failed"));
  EXPECT_THAT(message(source), Not(HasSubstr("wrong-password")));
  server.stop();
  EXPECT_THAT(message(source), HasSubstr("postgresql://survey@127.0.0.1:"));
  EXPECT_THAT(message(source), HasSubstr("refused"));
}

// A table of 400 cases and a view of it that may sleep, once for each time it is read.
class Survey {
 public:
  Survey()
      : data_(read_data(folder_.write("data.csv", RandomTable(12).csv())).value()),
        table_(parse_sql_source(server_.address(), "answers").value()),
        slow_(parse_sql_source(server_.address(), "slow").value()) {
    const Status loaded = load_table(data_, table_, {}, Progress());
    EXPECT_TRUE(loaded) << loaded.error().message;
    tell("CREATE TABLE pause (seconds double precision)");
    tell("INSERT INTO pause VALUES (0)");
    tell(
        "CREATE VIEW slow AS WITH p AS MATERIALIZED (SELECT pg_sleep(seconds) FROM pause) "
        "SELECT a.* FROM answers a, p");
  }

  [[nodiscard]] const PostgresqlServer& server() const { return server_; }
  [[nodiscard]] const SqlSource& table() const { return table_; }
  [[nodiscard]] const SqlSource& slow() const { return slow_; }
  void tell(const std::string& statement) const { testing::told(table_, statement); }
  void pause(double seconds) const { tell(fmt::format("UPDATE pause SET seconds = {}", seconds)); }
  void end_connections() const {
    testing::told(table_,
                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                  "application_name = 'barometer' AND pid <> pg_backend_pid()",
                  {SqlType::kText});
  }
  // Waits until it is so, ten seconds at most.
  [[nodiscard]] bool becomes_asleep(bool wanted) const {
    const auto asleep = [&] {
      return !testing::told(table_,
                            "SELECT wait_event FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
                            {SqlType::kText})
                  .empty();
    };
    for (int i = 0; i < 200 && asleep() != wanted; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return asleep() == wanted;
  }
  [[nodiscard]] std::unique_ptr<Engine> open(const SqlSource& source, int retries) const {
    auto engine = open_sql_engine(source, kDesign, {.retries = retries}, Progress());
    EXPECT_TRUE(engine) << engine.error().message;
    return std::move(*engine);
  }
  // The request of query_cases(), against the engine that goes case by case.
  void expect_right_answers(const Engine& engine) const {
    const auto plain = testing::plain_engine(data_, kDesign);
    const std::vector<CellQuery> queries = testing::query_cases();
    const Status answered = engine.answer(queries, Progress(), [&](size_t q, Cells cells) {
      SCOPED_TRACE(q);
      testing::expect_same_cells(cells, plain->cells(queries[q], Progress()).value(),
                                 queries[q].numbers.size());
      return Status();
    });
    EXPECT_TRUE(answered) << answered.error().message;
  }

 private:
  inline static const DesignColumns kDesign{.weight = "w",
                                            .strata = {"region"},
                                            .ids = {"area"},
                                            .nest = true,
                                            .replicates = {"r1", "r2"}};

  PostgresqlServer server_;
  TempFolder folder_;
  Dataset data_;
  SqlSource table_, slow_;
};

size_t times_in(std::string_view text, std::string_view word) {
  size_t times = 0;
  for (size_t at = 0; (at = text.find(word, at)) != std::string_view::npos; ++at) ++times;
  return times;
}

TEST(SqlPostgresql, ARequestOfSeveralQueriesIsOneStatement) {
  const Survey survey;
  const auto engine = survey.open(survey.table(), 0);
  survey.expect_right_answers(*engine);  // by now the columns are known
  const std::string before = survey.server().log();
  survey.expect_right_answers(*engine);
  const std::string log = survey.server().log().substr(before.size());
  EXPECT_EQ(times_in(log, "statement: "), 1U) << log;
  EXPECT_EQ(times_in(log, " UNION ALL "), testing::query_cases().size() + 2 - 1);
}

TEST(SqlPostgresql, ARequestPastWhatOneStatementTakesIsAFew) {
  const Survey survey;
  const auto engine = survey.open(survey.table(), 0);
  const CellQuery query = testing::query_of("answer|||total replicates");
  const std::vector<CellQuery> queries(40, query);  // of two statements each; 32 go together
  const Cells wanted = engine->cells(query, Progress()).value();
  const std::string before = survey.server().log();
  size_t next = 0;
  const Status answered = engine->answer(queries, Progress(), [&](size_t q, Cells cells) {
    EXPECT_EQ(q, next++);
    testing::expect_same_cells(cells, wanted, 0);
    return Status();
  });
  EXPECT_TRUE(answered) << answered.error().message;
  EXPECT_EQ(next, queries.size());
  EXPECT_EQ(times_in(survey.server().log().substr(before.size()), "statement: "), 3U);
}

TEST(SqlPostgresql, AsksAgainWhenItsConnectionHasEnded) {
  const Survey survey;
  for (const int retries : {0, 1}) {
    const auto engine = survey.open(survey.table(), retries);
    survey.expect_right_answers(*engine);
    survey.end_connections();
    if (retries == 0) {
      const auto cells = engine->cells(testing::query_of("answer|||"), Progress());
      ASSERT_FALSE(cells);
      EXPECT_EQ(cells.error().code, ErrorCode::kIo);
      EXPECT_THAT(cells.error().message, HasSubstr("postgresql://survey@127.0.0.1:"));
    }
    survey.expect_right_answers(*engine);
  }
}

// What came of the lost attempt is forgotten: the rows of the first query are more than the server
// holds back, and the second sleeps.
TEST(SqlPostgresql, AsksAgainWhenItsConnectionEndsAmidTheRows) {
  const Survey survey;
  const auto engine = survey.open(survey.slow(), 1);
  const std::vector<CellQuery> queries = {testing::query_of("person|||"),
                                          testing::query_of("answer|||replicates")};
  std::vector<Cells> wanted, found;
  const auto keep_in = [](std::vector<Cells>& all) {
    return [&all](size_t /*query*/, Cells cells) {
      all.push_back(std::move(cells));
      return Status();
    };
  };
  ASSERT_TRUE(engine->answer(queries, Progress(), keep_in(wanted)));
  survey.pause(1.5);
  std::thread trouble([&] {
    EXPECT_TRUE(survey.becomes_asleep(true));
    std::this_thread::sleep_for(std::chrono::seconds(2));
    survey.pause(0);
    survey.end_connections();
  });
  const Status answered = engine->answer(queries, Progress(), keep_in(found));
  trouble.join();
  ASSERT_TRUE(answered) << answered.error().message;
  ASSERT_EQ(found.size(), 2U);
  for (size_t q = 0; q < 2; ++q) testing::expect_same_cells(found[q], wanted[q], 0);
}

TEST(SqlPostgresql, StopsTheServerToo) {
  const Survey survey;
  const auto engine = survey.open(survey.slow(), 3);
  survey.expect_right_answers(*engine);
  survey.pause(20);
  Progress progress;
  std::thread person([&] {
    EXPECT_TRUE(survey.becomes_asleep(true));
    progress.stop();
  });
  const auto start = std::chrono::steady_clock::now();
  const auto cells = engine->cells(testing::query_of("answer|||"), progress);
  person.join();
  ASSERT_FALSE(cells);
  EXPECT_EQ(cells.error().code, ErrorCode::kLimit);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(15));
  EXPECT_TRUE(survey.becomes_asleep(false));
  survey.pause(0);
  survey.expect_right_answers(*engine);
}

TEST(SqlPostgresql, SaysWhenTheDataWasChanged) {
  const Survey survey;
  const auto engine = survey.open(survey.table(), 0);
  const auto message = [&](const char* query) {
    const auto cells = engine->cells(testing::query_of(query), Progress());
    return cells ? std::string("an answer") : cells.error().message;
  };
  survey.tell("CREATE TABLE kept AS SELECT * FROM answers");
  survey.tell("DELETE FROM answers WHERE person < 7");
  for (const char* query : {"answer|||", "answer||rank = 2|outside", "answer|||replicates"}) {
    EXPECT_THAT(message(query), HasSubstr("7 rows are missing")) << query;
  }
  survey.tell("INSERT INTO answers SELECT * FROM kept WHERE person < 10");
  EXPECT_THAT(message("answer|||"), HasSubstr("had 400 rows and now has 403"));
  survey.tell("UPDATE answers SET region = 'Elsewhere' WHERE person = 1");
  EXPECT_THAT(message("answer|||"), HasSubstr("new stratum or unit"));
}

}  // namespace
}  // namespace barometer
