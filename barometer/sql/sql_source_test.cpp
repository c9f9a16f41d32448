#include <gmock/gmock.h>

#include "barometer/sql/sql_engine.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(SqlSource, ReadsWhatPeopleWrite) {
  struct Case {
    const char* engine;
    const char* name;
  };
  const std::vector<Case> cases = {
      {"duckdb", "DuckDB, reading 'data'"},
      {"duckdb:/a/b.duckdb", "DuckDB, '/a/b.duckdb'"},
      {"postgresql://me@db.example/survey", "postgresql://me@db.example:5432/survey"},
      {"postgres://me:secret@db:5433/survey", "postgresql://me@db:5433/survey"},
      {"clickhouse://db/survey", "clickhouse://db:8123/survey"},
      {"clickhouse://a%40b:se%3Acret@[::1]:9000/s", "clickhouse://a@b@::1:9000/s"},
      {"clickhouse://me:secret@with@at@db/s", "clickhouse://me@db:8123/s"},
  };
  for (const Case& c : cases) {
    const auto source = parse_sql_source(c.engine, "data");
    ASSERT_TRUE(source) << source.error().message;
    EXPECT_EQ(source->name(), c.name);
    EXPECT_EQ(source->data, "data");
  }
  const auto escaped = parse_sql_source("clickhouse://a%40b:se%3Acret@db/s", "t");
  EXPECT_EQ(escaped->user, "a@b");
  EXPECT_EQ(escaped->password, "se:cret");
}

TEST(SqlSource, RefusesTheRestWithoutShowingAPassword) {
  for (const char* engine :
       {"", "sqlite", "mysql://me:secret@db/s", "postgresql://me:secret@db", "postgresql://",
        "postgresql:j:secret@h/db", "postgresql:secret://db/s", "pg:secret",
        "postgresql://me:secret@db:port/s", "postgresql://me:secret@:5432/s",
        "clickhouse://me:secret%@db/s", "clickhouse://me:secret%00@db/s",
        "duckdb:", "clickhouse://me:secret@db:99999/s", "postgresql://me:secret@db/"}) {
    const auto source = parse_sql_source(engine, "data");
    ASSERT_FALSE(source) << engine;
    EXPECT_THAT(source.error().message, Not(HasSubstr("secret"))) << engine;
    EXPECT_THAT(source.error().message, HasSubstr("duckdb")) << engine;
  }
  EXPECT_FALSE(parse_sql_source("duckdb", ""));
}

}  // namespace
}  // namespace barometer
