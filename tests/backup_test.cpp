// Backups while others write, on files and PostgreSQL, and back either way.
#include <gmock/gmock.h>

#include "barometer/fieldwork/people.h"
#include "barometer/journal/backup.h"
#include "barometer/journal/journal.h"
#include "tests/support/journal_cases.h"
#include "tests/support/server_process.h"

namespace barometer {
namespace {

using testing::check_of;
using ::testing::ElementsAre;
using testing::entry_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::PostgresqlServer;
using testing::TempFolder;

Status prepare(Database& database) {
  TRY_DONE(People::prepare(database));
  return prepare_journal(database);
}

void fill(const DatabaseAddress& address, int entries) {
  auto journal = Journal::open(address).value();
  for (int i = 0; i < entries; ++i) {
    journal->append(entry_of("s", std::to_string(i), "{\"é\":\"'\\t\"}"),
                    [](const Result<Appended>& done) { EXPECT_TRUE(done); });
  }
  journal.reset();  // waits
  auto database = open_database(address).value();
  ASSERT_TRUE(People::prepare(*database));
  People people(*database, "w1");
  FieldPerson one{.id = "p1", .name = "Zoë\n", .email = "zoe@x.example"};
  one.organisations = {"o1", "o2"};
  ASSERT_TRUE(people.import({one}, 1));
  ASSERT_TRUE(people.opt_out("p1", true, 2, ""));
}

void expect_same(const DatabaseAddress& one, const DatabaseAddress& other) {
  EXPECT_EQ(check_of(one).head, check_of(other).head);
  EXPECT_THAT(check_of(other).problems, IsEmpty());
  auto database = open_database(other).value();
  People people(*database, "w1");
  const FieldPerson person = people.find("p1").value().value();
  EXPECT_EQ(person.name, "Zoë\n");
  EXPECT_TRUE(person.opted_out);
  EXPECT_THAT(person.organisations, ElementsAre("o1", "o2"));
  // Numbers that the database gives out go on where they were.
  const auto before = people.events("p1").value();
  ASSERT_TRUE(people.record({.person = "p1", .at_ms = 3, .kind = ContactKind::kReplied}));
  const auto after = people.events("p1").value();
  ASSERT_EQ(after.size(), before.size() + 1);
  EXPECT_GT(after.back().id, before.back().id);
}

TEST(Backup, GoesFromEachDatabaseToEach) {
  const PostgresqlServer server;
  const TempFolder folder;
  const DatabaseAddress files{(folder / "a.sqlite").string()};
  const DatabaseAddress tables{server.address(), "one"};
  for (const DatabaseAddress& from : {files, tables}) {
    const std::string name = from.is_postgresql() ? "tables" : "files";
    fill(from, 1'203);
    const auto copy = folder / (name + ".copy");
    const Status made = back_up(from, prepare, copy);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_FALSE(back_up(from, prepare, copy)) << "never over an older one";
    for (const DatabaseAddress& to : {DatabaseAddress{(folder / (name + ".back")).string()},
                                      DatabaseAddress{server.address(), "back_" + name}}) {
      const Status restored = restore(copy, prepare, to);
      ASSERT_TRUE(restored) << restored.error().message;
      expect_same(from, to);
      const Status twice = restore(copy, prepare, to);
      ASSERT_FALSE(twice);
      EXPECT_THAT(twice.error().message, HasSubstr("holds something already"));
      // The chain goes on.
      auto journal = Journal::open(to).value();
      EXPECT_EQ(journal->append(entry_of("s", "0", "{\"é\":\"'\\t\"}"))->outcome,
                AppendOutcome::kReplayed);
      EXPECT_EQ(journal->append(entry_of("s", "new"))->sequence, 1'204);
      EXPECT_THAT(check_of(to).problems, IsEmpty());
    }
  }
}

TEST(Backup, IsSoundWhileEntriesArrive) {
  const TempFolder folder;
  const DatabaseAddress address{(folder / "a.sqlite").string()};
  fill(address, 10);
  auto journal = Journal::open(address).value();
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      ASSERT_TRUE(journal->append(entry_of("t", "w" + std::to_string(i))));
    }
  });
  int64_t entries = 0;
  for (int i = 0; i < 5; ++i) {
    const DatabaseAddress copy{(folder / std::to_string(i)).string()};
    ASSERT_TRUE(back_up(address, prepare, copy.text));
    const JournalCheck check = check_of(copy);
    EXPECT_THAT(check.problems, IsEmpty());
    EXPECT_GE(check.entries, entries);
    entries = check.entries;
  }
  stop = true;
  writer.join();
}

TEST(Backup, AnotherDatabaseIsRefused) {
  const TempFolder folder;
  const auto file = folder / "other.sqlite";
  {
    auto database = open_database({.text = file.string()}).value();
    ASSERT_TRUE(database->script("CREATE TABLE journal (a BIGINT)"));
  }
  const Status refused = restore(file, prepare, {(folder / "to.sqlite").string()});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("'journal' is not as this program makes it"));
  EXPECT_FALSE(restore(folder / "absent", prepare, {(folder / "to.sqlite").string()}));
}

}  // namespace
}  // namespace barometer
