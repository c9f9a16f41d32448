#include "barometer/sql/sql_union_internal.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using enum SqlType;
const SqlStatement kByAnswer{"SELECT a AS c0, w AS c1 FROM t GROUP BY a", {kText, kWhole}};
const SqlStatement kByRank{"SELECT x AS c0, n AS c1, r AS c2 FROM t GROUP BY r",
                           {kWhole, kWhole, kNumber}};

SqlUnion union_of(SqlServer server, const std::vector<const SqlStatement*>& parts) {
  SqlUnion all(dialect_of(server), "c");
  for (const SqlStatement* part : parts) EXPECT_TRUE(all.add(*part));
  return all;
}

TEST(SqlUnion, PutsColumnsInBanksByTypeAndTypedNullsBetween) {
  struct Case {
    SqlServer server;
    const char* text;
  };
  const std::vector<Case> cases = {
      {SqlServer::kDuckdb,
       "SELECT CAST(0 AS BIGINT) AS q, c0 AS t0, CAST(NULL AS DOUBLE) AS n0, c1 AS w0, "
       "CAST(NULL AS BIGINT) AS w1 FROM (SELECT a AS c0, w AS c1 FROM t GROUP BY a) AS s0"
       " UNION ALL "
       "SELECT CAST(1 AS BIGINT) AS q, CAST(NULL AS VARCHAR) AS t0, c2 AS n0, c0 AS w0, c1 AS w1 "
       "FROM (SELECT x AS c0, n AS c1, r AS c2 FROM t GROUP BY r) AS s1"},
      {SqlServer::kPostgresql,
       "SELECT CAST(0 AS bigint) AS q, c0 AS t0, CAST(NULL AS double precision) AS n0, c1 AS w0, "
       "CAST(NULL AS bigint) AS w1 FROM (SELECT a AS c0, w AS c1 FROM t GROUP BY a) AS s0"
       " UNION ALL "
       "SELECT CAST(1 AS bigint) AS q, CAST(NULL AS text) AS t0, c2 AS n0, c0 AS w0, c1 AS w1 "
       "FROM (SELECT x AS c0, n AS c1, r AS c2 FROM t GROUP BY r) AS s1"},
      {SqlServer::kClickhouse,
       "SELECT toInt64(0) AS q, c0 AS t0, CAST(NULL AS Nullable(Float64)) AS n0, c1 AS w0, "
       "CAST(NULL AS Nullable(Int64)) AS w1 FROM (SELECT a AS c0, w AS c1 FROM t GROUP BY a) AS s0"
       " UNION ALL "
       "SELECT toInt64(1) AS q, CAST(NULL AS Nullable(String)) AS t0, c2 AS n0, c0 AS w0, "
       "c1 AS w1 FROM (SELECT x AS c0, n AS c1, r AS c2 FROM t GROUP BY r) AS s1"},
  };
  for (const Case& c : cases) {
    const SqlStatement all = union_of(c.server, {&kByAnswer, &kByRank}).statement();
    EXPECT_EQ(all.text, c.text);
    EXPECT_THAT(all.types, ElementsAre(kWhole, kText, kNumber, kWhole, kWhole));
  }
}

TEST(SqlUnion, OneStatementIsAskedAsItIs) {
  SqlUnion all = union_of(SqlServer::kDuckdb, {&kByRank});
  EXPECT_EQ(all.statement().text, kByRank.text);
  EXPECT_EQ(all.statement().types, kByRank.types);
  const std::vector<SqlCell> row = {{true, {}, 7}, {true, {}, 8}, {false}};
  EXPECT_TRUE(all.route(row, [&](size_t statement, SqlRow cells) -> Status {
    EXPECT_EQ(statement, 0U);
    EXPECT_EQ(cells.data(), row.data());
    return {};
  }));
}

TEST(SqlUnion, RowsFindTheirStatementAndTheOrderOfItsColumns) {
  SqlUnion all = union_of(SqlServer::kDuckdb, {&kByAnswer, &kByRank, &kByAnswer});
  std::vector<std::string> seen;
  const auto see = [&](size_t statement, SqlRow cells) -> Status {
    std::string text = fmt::format("{}:", statement);
    for (const SqlCell& cell : cells) {
      text += cell.known ? fmt::format(" {}{}{}", cell.text, cell.whole, cell.number) : " -";
    }
    seen.push_back(text);
    return {};
  };
  const auto row = [](int64_t statement, SqlCell text, SqlCell number, int64_t first,
                      SqlCell more) {
    return std::vector<SqlCell>{{true, {}, statement}, text, number, {true, {}, first}, more};
  };
  const SqlCell none{};
  EXPECT_TRUE(all.route(row(1, none, {true, {}, 0, 2.5}, 7, {true, {}, 8}), see));
  EXPECT_TRUE(all.route(row(2, {true, "yes"}, none, 3, none), see));
  EXPECT_TRUE(all.route(row(0, none, none, 4, none), see));
  EXPECT_TRUE(all.route(row(1, none, none, 5, {true, {}, 6}), see));
  EXPECT_THAT(seen, ElementsAre("1: 70 80 02.5", "2: yes00 30", "0: - 40", "1: 50 60 -"));
  for (const int64_t unknown : {-1, 3}) {
    const Status routed = all.route(row(unknown, none, none, 0, none), see);
    ASSERT_FALSE(routed);
    EXPECT_THAT(routed.error().message, HasSubstr("3 were asked"));
  }
}

TEST(SqlUnion, TakesStatementsUpToItsLimitsAndAnyOneAlone) {
  SqlUnion many(dialect_of(SqlServer::kDuckdb), "c");
  for (size_t i = 0; i < SqlUnion::kMostStatements; ++i) EXPECT_TRUE(many.add(kByRank));
  EXPECT_FALSE(many.add(kByRank));
  EXPECT_EQ(many.size(), SqlUnion::kMostStatements);

  const SqlStatement long_one{std::string(SqlUnion::kMostText / 2 - 1000, 'x'), {kWhole}};
  SqlUnion by_text(dialect_of(SqlServer::kDuckdb), "c");
  EXPECT_TRUE(by_text.add(long_one));
  EXPECT_TRUE(by_text.add(long_one));
  EXPECT_LT(by_text.statement().text.size(), SqlUnion::kMostText);
  EXPECT_FALSE(by_text.add(long_one));

  const SqlStatement wide{"x", std::vector<SqlType>(SqlUnion::kMostColumns, kWhole)};
  SqlUnion by_columns(dialect_of(SqlServer::kDuckdb), "c");
  EXPECT_TRUE(by_columns.add(wide));
  EXPECT_FALSE(by_columns.add(kByRank));
}

// The text never passes its limit, however its columns are spread over the banks.
TEST(SqlUnion, CountsTheTextOfItsNulls) {
  const SqlStatement texts{"x", std::vector<SqlType>(700, kText)};
  const SqlStatement numbers{"y", std::vector<SqlType>(700, kNumber)};
  for (const SqlServer server :
       {SqlServer::kDuckdb, SqlServer::kPostgresql, SqlServer::kClickhouse}) {
    SqlUnion all(dialect_of(server), "c");
    while (all.add(all.size() % 2 == 0 ? texts : numbers)) continue;
    EXPECT_LE(all.statement().text.size(), SqlUnion::kMostText);
    EXPECT_GT(all.size(), 10U);
  }
}

}  // namespace
}  // namespace barometer
