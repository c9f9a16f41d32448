// The SQL engine over DuckDB: files and tables, against the engine that goes case by case.
#include <gmock/gmock.h>

#include "barometer/engine/engine.h"
#include "barometer/io/io.h"
#include "barometer/sql/sql_engine.h"
#include "tests/support/sql_cases.h"

namespace barometer {
namespace {

using testing::RandomTable;
using testing::TempFolder;

TEST(SqlDuckdb, AnswersAsTheSlowEngineDoes) {
  for (const uint64_t seed : {1U, 2U}) {
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

}  // namespace
}  // namespace barometer
