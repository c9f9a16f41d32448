// The SQL engine over PostgreSQL, and loading into it.
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

}  // namespace
}  // namespace barometer
