// The SQL engine over ClickHouse, on one server and on shards.
#include <gmock/gmock.h>

#include "barometer/engine/engine.h"
#include "barometer/io/io.h"
#include "barometer/sql/load.h"
#include "barometer/sql/sql_engine.h"
#include "tests/support/server_process.h"
#include "tests/support/sql_cases.h"

namespace barometer {
namespace {

using testing::ClickhouseServers;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RandomTable;
using testing::TempFolder;

Cells cells_of(const Engine& engine, const char* query) {
  const auto cells = engine.cells(testing::query_of(query), Progress());
  EXPECT_TRUE(cells) << cells.error().message;
  return cells ? *cells : Cells();
}

TEST(SqlClickhouse, AnswersAsTheSlowEngineDoes) {
  const ClickhouseServers servers(1);
  TempFolder folder;
  const Dataset data = read_data(folder.write("data.csv", RandomTable(4).csv())).value();
  const SqlSource source = parse_sql_source(servers.address(0), "answers").value();
  const Status loaded = load_table(data, source, {}, Progress());
  ASSERT_TRUE(loaded) << loaded.error().message;
  testing::expect_same_answers(source, data);
}

TEST(SqlClickhouse, LoadingTouchesNoOtherTable) {
  const ClickhouseServers servers(1);
  TempFolder folder;
  const Dataset data = read_data(folder.write("a.csv", "w,x\n1,a\n2,b\n")).value();
  const auto message = [&](const std::string& table, bool replace) {
    const SqlSource source = parse_sql_source(servers.address(0), table).value();
    const Status status = load_table(data, source, {.replace = replace}, Progress());
    return status ? std::string("loaded") : status.error().message;
  };
  EXPECT_EQ(message("t", false), "loaded");
  EXPECT_EQ(message("t_old", false), "loaded");
  EXPECT_THAT(message("t", false), HasSubstr("there is a table 't' already"));
  EXPECT_THAT(message("t", true), HasSubstr("'t_old', a name that loading needs for itself"));
  EXPECT_THAT(message("t_old", false), HasSubstr("already")) << "it is still there";
  EXPECT_EQ(message("t_old", true), "loaded");
  EXPECT_EQ(message("u_new", false), "loaded");
  EXPECT_THAT(message("u", false), HasSubstr("'u_new', a name that loading needs for itself"));
}

TEST(SqlClickhouse, TwoShardsGiveTheFiguresOfOneToTheLastBitAndNoneWhenOneIsDown) {
  ClickhouseServers servers(2);
  TempFolder folder;
  const Dataset data = read_data(folder.write("data.csv", RandomTable(5, 3000).csv())).value();
  const Progress progress;
  SqlSource one = parse_sql_source(servers.address(0), "one").value();
  SqlSource two = parse_sql_source(servers.address(0), "two").value();
  ASSERT_TRUE(load_table(data, one, {}, progress));
  const LoadOptions sharded{.shards = {parse_sql_source(servers.address(0), "two").value(),
                                       parse_sql_source(servers.address(1), "two").value()},
                            .cluster = "survey"};
  const Status loaded = load_table(data, two, sharded, progress);
  ASSERT_TRUE(loaded) << loaded.error().message;
  const DesignColumns design{.weight = "w", .strata = {"region"}, .ids = {"area"}, .nest = true};
  const SqlOptions options{.retries = 1};
  const auto left = open_sql_engine(one, design, options, progress);
  const auto right = open_sql_engine(two, design, options, progress);
  ASSERT_TRUE(left) << left.error().message;
  ASSERT_TRUE(right) << right.error().message;
  for (const char* query : {"answer|||", "rank||income > 2000|", "other|income spend||"}) {
    const Cells a = cells_of(**left, query);
    const Cells b = cells_of(**right, query);
    EXPECT_EQ(a.sums.n, b.sums.n) << query;
    EXPECT_EQ(a.sums.w, b.sums.w) << query;
    EXPECT_EQ(a.sums.w2, b.sums.w2) << query;
    EXPECT_EQ(a.sums.row_w, b.sums.row_w) << query;
  }
  const auto message = [&](const char* query) {
    const auto cells = (*right)->cells(testing::query_of(query), progress);
    return cells ? std::string("an answer") : cells.error().message;
  };
  servers.freeze(1);  // in the middle of a request
  EXPECT_THAT(message("answer|||"), HasSubstr("clickhouse://survey@127.0.0.1:"));
  EXPECT_THAT(message("answer|||"), Not(HasSubstr(ClickhouseServers::kPassword)));
  servers.thaw(1);
  servers.stop(1);
  EXPECT_THAT(message("rank||income > 2000|"), HasSubstr("clickhouse://survey@127.0.0.1:"));
  servers.start(1);
  EXPECT_EQ(message("rank||income > 2000|"), "an answer");
}

}  // namespace
}  // namespace barometer
