// Which tables a load may touch.
#include "barometer/sql/load.h"

#include <gmock/gmock.h>

#include "barometer/io/io.h"
#include "barometer/sql/connection_internal.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;

class LoadDuckdb : public ::testing::Test {
 protected:
  void execute(const std::string& sql) const {
    const auto connection = open_duckdb(source("t"), {}, SqlAccess::kWrite).value();
    const Status done = connection->run({sql, {}}, Progress(), {}).status;
    ASSERT_TRUE(done) << done.error().message;
  }
  [[nodiscard]] int64_t count(const std::string& table) const {
    const auto connection = open_duckdb(source("t"), {}, SqlAccess::kWrite).value();
    int64_t rows = -1;
    const auto use = [&](SqlRow row) -> Status {
      rows = row[0].whole;
      return {};
    };
    const SqlStatement statement{"SELECT count(*) FROM " + table, {SqlType::kWhole}};
    (void)connection->run(statement, Progress(), use);
    return rows;
  }
  [[nodiscard]] SqlSource source(const std::string& table) const {
    return {.database_file = folder_ / "a.duckdb", .data = table};
  }
  [[nodiscard]] std::string loaded(const std::string& table, bool replace) const {
    const Dataset data = read_data(folder_.write("data.csv", "w,x\n1,a\n2,b\n3,a\n")).value();
    const Status status = load_table(data, source(table), {.replace = replace}, Progress());
    return status ? "loaded" : status.error().message;
  }

  testing::TempFolder folder_;
};

TEST_F(LoadDuckdb, TouchesNoTableOfTheUser) {
  for (const std::string taken : {"t_new", "t_codebook_new", "T_NEW"}) {
    execute("CREATE TABLE " + taken + " AS SELECT 42 AS mine");
    for (const bool replace : {false, true}) {
      EXPECT_THAT(loaded("t", replace), HasSubstr("a name that loading needs for itself"));
      EXPECT_EQ(count(taken), 1) << taken;
      EXPECT_EQ(count("t"), -1) << "nothing was written";
    }
    execute("DROP TABLE " + taken);
  }
  execute("CREATE TABLE t_codebook AS SELECT 42 AS mine");
  EXPECT_THAT(loaded("t", false), HasSubstr("there is a table 't_codebook' already"));
  EXPECT_EQ(count("t_codebook"), 1);
  execute("CREATE TABLE t_old AS SELECT 42 AS mine");
  EXPECT_EQ(loaded("t", true), "loaded");
  EXPECT_EQ(count("t_codebook"), 3);
  EXPECT_EQ(count("t_old"), 1);
}

TEST_F(LoadDuckdb, NamesDifferByMoreThanCase) {
  execute("CREATE TABLE survey AS SELECT 42 AS mine");
  EXPECT_THAT(loaded("Survey", false), HasSubstr("there is a table 'Survey' already"));
  EXPECT_EQ(count("survey"), 1);
  EXPECT_EQ(loaded("Survey", true), "loaded");
  EXPECT_EQ(count("survey"), 3);
}

TEST_F(LoadDuckdb, LoadsIntoTheSchemaThatIsMeant) {
  execute("CREATE SCHEMA poll");
  execute("CREATE TABLE answers AS SELECT 42 AS mine");
  execute("CREATE TABLE answers_new AS SELECT 42 AS mine");
  EXPECT_EQ(loaded("poll.answers", false), "loaded");
  EXPECT_EQ(count("poll.answers"), 3);
  EXPECT_EQ(count("poll.answers_codebook"), 3);
  EXPECT_THAT(loaded("POLL.Answers", false), HasSubstr("already"));
  EXPECT_EQ(count("main.answers"), 1);
  execute("CREATE TABLE poll.other AS SELECT 42 AS mine");
  EXPECT_EQ(loaded("other", false), "loaded") << "another schema is no matter";
}

TEST_F(LoadDuckdb, ClearsAwayWhatItMadeWhenItFails) {
  execute("CREATE VIEW t AS SELECT 42 AS mine");  // no table that can be dropped
  EXPECT_THAT(loaded("t", true), HasSubstr("t"));
  EXPECT_EQ(count("t_new"), -1);
  EXPECT_EQ(count("t_codebook_new"), -1);
  EXPECT_EQ(count("t"), 1);
}

}  // namespace
}  // namespace barometer
