#include "barometer/journal/database.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <functional>

#include <gmock/gmock.h>

#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TempFolder;

TEST(DatabaseAddress, NeverShowsAPassword) {
  const struct {
    const char* text;
    const char* shown;
  } lines[] = {
      {"a/b.sqlite", "a/b.sqlite"},
      {"postgresql://me:secret@host:5432/db", "postgresql://host:5432/db"},
      {"postgres://me:s@cr@t@host/db", "postgresql://host/db"},
      {"postgresql://host/db?password=secret", "postgresql://host/db"},
      {"postgresql://me:secret@host/db?password=secret", "postgresql://host/db"},
  };
  for (const auto& line : lines) EXPECT_EQ(DatabaseAddress{line.text}.shown(), line.shown);
}

TEST(Database, AWrongPostgresqlAddressIsNotRepeated) {
  const auto wrong = open_database({"postgresql://me:secret@host:port:5/db?x=secret"});
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, Not(HasSubstr("secret")));
  EXPECT_FALSE(open_database({"postgresql://me:secret@127.0.0.1:1/db", "x; DROP"}));
}

class Sqlite : public ::testing::Test {
 protected:
  DatabasePtr open() { return open_database({(folder_ / "d.sqlite").string()}).value(); }
  TempFolder folder_;
};

TEST_F(Sqlite, AFailedTransactionHasNotHappened) {
  auto database = open();
  ASSERT_TRUE(database->script("CREATE TABLE t (a BIGINT PRIMARY KEY)"));
  const Status failed = database->transaction([&]() -> Status {
    TRY(database->run("INSERT INTO t (a) VALUES (?)", {int64_t{1}}));
    TRY(database->run("INSERT INTO t (a) VALUES (?)", {int64_t{1}}));
    return {};
  });
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr("UNIQUE constraint failed"));
  EXPECT_EQ(database->ask_whole("SELECT count(*) FROM t").value(), 0);
  // Several sets outside a transaction are one as well.
  const std::vector<DbValues> sets = {{int64_t{1}}, {int64_t{2}}, {int64_t{1}}};
  EXPECT_FALSE(database->each("INSERT INTO t (a) VALUES (?)", sets, {}));
  EXPECT_EQ(database->ask_whole("SELECT count(*) FROM t").value(), 0);
}

TEST_F(Sqlite, HandsBackWhatItWasGiven) {
  auto database = open();
  ASSERT_TRUE(database->script("CREATE TABLE t (a BIGINT, b TEXT)"));
  const std::string odd = "'; DROP TABLE t; -- \xc3\xa9\n\t\"\\";
  EXPECT_EQ(database->run("INSERT INTO t VALUES (?, ?)", {INT64_MIN, odd}).value(), 1);
  EXPECT_EQ(database->run("INSERT INTO t VALUES (?, ?)", {std::monostate(), ""}).value(), 1);
  std::vector<std::string> found;
  ASSERT_TRUE(database->ask("SELECT a, b FROM t", {}, [&](const DbRow& row) -> Status {
    found.push_back(row.is_null(0) ? "null" : std::to_string(row.whole(0)));
    found.emplace_back(row.text(1));
    return {};
  }));
  EXPECT_THAT(found, ElementsAre(std::to_string(INT64_MIN), odd, "null", ""));
  EXPECT_FALSE(database->run("INSERT INTO t VALUES (?, ?)", {int64_t{1}, "\xff"}));
  EXPECT_EQ(database->ask_text("SELECT b FROM t WHERE a = 5").value(), std::nullopt);
}

TEST_F(Sqlite, ACopyIsMadeWhileAnotherWrites) {
  auto database = open();
  ASSERT_TRUE(database->script("CREATE TABLE t (a BIGINT)"));
  ASSERT_TRUE(database->run("INSERT INTO t VALUES (1)"));
  auto other = open();
  ASSERT_TRUE(other->transaction([&]() -> Status {
    TRY(other->run("INSERT INTO t VALUES (2)"));
    return database->copy_to(folder_ / "copy.sqlite");
  }));
  auto copy = open_database({(folder_ / "copy.sqlite").string()}, {.read_only = true}).value();
  EXPECT_EQ(copy->ask_whole("SELECT count(*) FROM t").value(), 1);
  EXPECT_FALSE(database->copy_to(folder_ / "copy.sqlite")) << "never over a file that is there";
}

// A process that was there before any database was opened (SQLite's memory of its own locks must
// not be copied): at each call it opens the database, counts, and closes it.
class OtherProcess {
 public:
  explicit OtherProcess(std::function<char()> count) {
    if (::pipe(calls_.data()) != 0 || ::pipe(answers_.data()) != 0) ADD_FAILURE() << "no pipes";
    child_ = ::fork();
    if (child_ != 0) return;
    ::close(calls_[1]);
    for (char call = 0; ::read(calls_[0], &call, 1) == 1;) {
      const char counted = count();
      if (::write(answers_[1], &counted, 1) != 1) break;
    }
    ::_exit(0);
  }
  OtherProcess(const OtherProcess&) = delete;
  OtherProcess& operator=(const OtherProcess&) = delete;
  ~OtherProcess() {
    for (const int end : {calls_[0], calls_[1], answers_[0], answers_[1]}) ::close(end);
    ::waitpid(child_, nullptr, 0);
  }
  [[nodiscard]] int count() const {
    char counted = -1;
    const bool asked = ::write(calls_[1], "?", 1) == 1 && ::read(answers_[0], &counted, 1) == 1;
    return asked ? counted : -1;
  }

 private:
  std::array<int, 2> calls_{};
  std::array<int, 2> answers_{};
  pid_t child_ = -1;
};

// A process that has opened a database twice still holds its locks: whoever comes and goes beside
// it leaves the log alone, and what is written afterwards is there for everybody.
TEST_F(Sqlite, AnotherProcessThatComesAndGoesTakesNothingAway) {
  const OtherProcess other([this] {
    return static_cast<char>(open()->ask_whole("SELECT count(*) FROM t")->value_or(99));
  });
  const auto first = open();
  ASSERT_TRUE(first->script("CREATE TABLE t (a BIGINT)"));
  const auto second = open();
  for (int64_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(first->run("INSERT INTO t (a) VALUES (?)", {i}));
    EXPECT_EQ(other.count(), i);
    EXPECT_TRUE(std::filesystem::exists(folder_ / "d.sqlite-wal"));
    ASSERT_TRUE(second->run("UPDATE t SET a = a + 1", {}));
  }
}

TEST_F(Sqlite, TheFileIsItsOwnersAlone) {
  const auto database = open();
  ASSERT_TRUE(database->script("CREATE TABLE t (a BIGINT)"));
  for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
    EXPECT_EQ(file.status().permissions() & std::filesystem::perms(0777),
              std::filesystem::perms(0600))
        << file.path();
  }
}

TEST_F(Sqlite, MigrationsAreTakenOnceAndNeverBack) {
  const std::vector<Migration> one = {{1, "CREATE TABLE t (a ROW_KEY)"}};
  const std::vector<Migration> two = {one[0], {2, "ALTER TABLE t ADD COLUMN b TEXT"}};
  const std::vector<Migration> wrong = {two[0], two[1], {3, "CREATE TABLE u (a BIGINT); NONSENSE"}};
  auto database = open();
  ASSERT_TRUE(migrate(*database, "x", one));
  ASSERT_TRUE(migrate(*database, "x", two));
  ASSERT_TRUE(migrate(*database, "x", two));
  EXPECT_TRUE(database->run("INSERT INTO t (a, b) VALUES (1, 'b')"));
  const Status old = migrate(*database, "x", one);
  ASSERT_FALSE(old);
  EXPECT_THAT(old.error().message, HasSubstr("are of a newer program (step 2; this one knows 1)"));
  EXPECT_FALSE(migrate(*database, "x", wrong));
  EXPECT_FALSE(database->run("INSERT INTO u (a) VALUES (1)")) << "a failed step leaves nothing";
  EXPECT_TRUE(migrate(*database, "y", std::vector<Migration>{{1, "CREATE TABLE v (a BIGINT)"}}));
}

TEST_F(Sqlite, AnErrorWhileReadingEndsTheRead) {
  auto database = open();
  ASSERT_TRUE(database->script("CREATE TABLE t (a BIGINT); INSERT INTO t VALUES (1), (2), (3)"));
  int seen = 0;
  const Status stopped = database->ask("SELECT a FROM t", {}, [&](const DbRow&) -> Status {
    return ++seen == 2 ? Status(fail(ErrorCode::kInvalid, "enough")) : Status();
  });
  EXPECT_FALSE(stopped);
  EXPECT_EQ(seen, 2);
  EXPECT_EQ(database->ask_whole("SELECT sum(a) FROM t").value(), 6);
}

}  // namespace
}  // namespace barometer
