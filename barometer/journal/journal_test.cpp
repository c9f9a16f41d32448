#include "barometer/journal/journal.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>

#include "tests/support/journal_cases.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using testing::check_of;
using ::testing::ElementsAre;
using testing::entries_of;
using testing::entry_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::TempFolder;

DatabaseAddress in(const TempFolder& folder, const std::string& name = "j.sqlite") {
  return {(folder / name).string()};
}

TEST(Journal, TakesEachKeyOnceAndEachVersionInTurn) {
  for (const size_t group_max : {1U, 3U, 512U}) {
    const TempFolder folder;
    testing::expect_appends(in(folder), group_max);
  }
}

TEST(Journal, GroupsOfManyThreadsAreOneChain) {
  const TempFolder folder;
  auto journal = Journal::open(in(folder)).value();
  testing::expect_group_commit({journal.get()}, in(folder), 8, 50);
}

TEST(Journal, TwoWritersOfOneFileShareTheChain) {
  const TempFolder folder;
  auto first = Journal::open(in(folder)).value();
  auto second = Journal::open(in(folder)).value();
  testing::expect_group_commit({first.get(), second.get()}, in(folder), 4, 25);
  testing::expect_one_of_two_devices(*first, *second);
}

TEST(Journal, AWriterKnowsTheKeysOfOthers) {
  const TempFolder folder;
  auto first = Journal::open(in(folder)).value();
  auto second = Journal::open(in(folder)).value();
  testing::expect_keys_of_others_known(*first, *second, in(folder));
}

TEST(Journal, TablesOfTheFirstReleaseAreTakenOver) {
  const TempFolder folder;
  {
    auto journal = Journal::open(in(folder)).value();
    ASSERT_TRUE(journal->append(entry_of("a", "k1", "{\"x\":1}")));
    ASSERT_TRUE(journal->append(entry_of("b", "k2")));
    ASSERT_TRUE(journal->append(entry_of("a", "k3")));
    ASSERT_TRUE(journal->erase("w1", "b", 5));
  }
  {
    auto database = open_database(in(folder)).value();
    const Status made = database->script(
        "CREATE TABLE was (sequence ROW_KEY, version BIGINT NOT NULL, wave TEXT NOT NULL, "
        "subject TEXT NOT NULL, kind TEXT NOT NULL, entry_key TEXT NOT NULL, "
        "at_ms BIGINT NOT NULL, nonce TEXT, body TEXT, body_hash TEXT NOT NULL, "
        "hash TEXT NOT NULL, UNIQUE (wave, entry_key), UNIQUE (wave, subject, version));"
        "INSERT INTO was SELECT * FROM journal; DROP TABLE journal;"
        "ALTER TABLE was RENAME TO journal; DELETE FROM schema_step WHERE number = 2");
    ASSERT_TRUE(made) << made.error().message;
  }
  const std::string head = check_of(in(folder)).head;
  auto journal = Journal::open(in(folder)).value();
  EXPECT_EQ(journal->append(entry_of("a", "k1", "{\"x\":1}"))->outcome, AppendOutcome::kReplayed);
  EXPECT_EQ(journal->append(entry_of("c", "k1"))->outcome, AppendOutcome::kAppended);
  const auto check = check_of(in(folder), head);
  EXPECT_THAT(check.problems, IsEmpty());
  EXPECT_EQ(check.entries, 5);
  EXPECT_EQ(check.erased, 1);
}

TEST(Journal, ErasureRemovesBodiesAndTheChainHolds) {
  const TempFolder folder;
  testing::expect_erasure(in(folder));
  // The words are in no file any more, the write-ahead log included.
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    std::ifstream bytes(file.path(), std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(bytes), {}};
    EXPECT_THAT(all, Not(HasSubstr("my chair is a fool"))) << file.path();
  }
}

TEST(Journal, TamperingIsFound) {
  const TempFolder folder;
  testing::expect_tampering_found(in(folder));
}

TEST(Journal, SurvivesAReopening) {
  const TempFolder folder;
  {
    auto journal = Journal::open(in(folder)).value();
    ASSERT_TRUE(journal->append(entry_of("s", "k1")));
  }
  auto journal = Journal::open(in(folder)).value();
  EXPECT_EQ(journal->append(entry_of("s", "k1"))->outcome, AppendOutcome::kReplayed);
  EXPECT_EQ(journal->append(entry_of("s", "k2"))->sequence, 2);
  EXPECT_EQ(journal->last_sequence().value(), 2);
}

TEST(Journal, QueuedEntriesAreWrittenBeforeItEnds) {
  const TempFolder folder;
  std::atomic<int> done = 0;
  {
    auto journal = Journal::open(in(folder)).value();
    for (int i = 0; i < 300; ++i) {
      journal->append(entry_of("s", std::to_string(i)),
                      [&](const Result<Appended>& outcome) { done += outcome ? 1 : 0; });
    }
  }
  EXPECT_EQ(done, 300);
  EXPECT_EQ(check_of(in(folder)).entries, 300);
}

TEST(Journal, RefusesWhatItCannotKeep) {
  const TempFolder folder;
  auto journal = Journal::open(in(folder), {.body_max = 100}).value();
  const auto with = [](auto change) {
    NewEntry entry = entry_of("s", "k");
    change(entry);
    return entry;
  };
  const struct {
    NewEntry entry;
    const char* said;
  } lines[] = {
      {with([](NewEntry& e) { e.wave = ""; }), "has a wave"},
      {with([](NewEntry& e) { e.subject = ""; }), "has a wave, a subject"},
      {with([](NewEntry& e) { e.kind = ""; }), "a kind"},
      {with([](NewEntry& e) { e.key = ""; }), "a key"},
      {with([](NewEntry& e) { e.kind = "erased"; }), "only an erasure"},
      {with([](NewEntry& e) { e.body = std::string(101, 'x'); }), "101 bytes; at most 100"},
      {with([](NewEntry& e) { e.body = "\xff"; }), "'\\xFF' is not text in UTF-8"},
      {with([](NewEntry& e) { e.body = std::string("a\0b", 3); }), "is not text in UTF-8"},
      {with([](NewEntry& e) { e.subject = "\xc3"; }), "is not text in UTF-8"},
  };
  for (const auto& line : lines) {
    const auto outcome = journal->append(line.entry);
    ASSERT_FALSE(outcome) << line.said;
    EXPECT_THAT(outcome.error().message, HasSubstr(line.said));
  }
  EXPECT_THAT(entries_of(*journal), IsEmpty());
}

TEST(Journal, AFullQueueIsRefusedAtOnce) {
  const TempFolder folder;
  auto journal = Journal::open(in(folder), {.queued_max = 2}).value();
  // Another writer holds the file, so that nothing leaves the queue.
  auto other = open_database(in(folder)).value();
  std::atomic<int> refused = 0;
  std::atomic<int> written = 0;
  ASSERT_TRUE(other->transaction([&]() -> Status {
    for (int i = 0; i < 20; ++i) {
      journal->append(entry_of("s", std::to_string(i)),
                      [&](const Result<Appended>& outcome) { (outcome ? written : refused)++; });
    }
    EXPECT_GE(refused, 20 - 2 * 2 - 1);
    EXPECT_EQ(written, 0);
    return {};
  }));
  journal.reset();
  EXPECT_EQ(refused + written, 20);
  EXPECT_EQ(check_of(in(folder)).entries, written);
}

// In a child process, so that the limit is its own. Exit code: how many were acknowledged before
// the first that was refused, 255 when none was.
int appended_until_full(const DatabaseAddress& address, rlim_t bytes) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    auto journal = Journal::open(address);
    const rlimit limit{bytes, bytes};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    int acknowledged = 0;
    for (; acknowledged < 250; ++acknowledged) {
      const auto done =
          (*journal)->append(entry_of("s", std::to_string(acknowledged), std::string(4'000, 'x')));
      if (!done) break;
    }
    // It stays an error, and the process lives on.
    const auto again = (*journal)->append(entry_of("s", "again", std::string(4'000, 'x')));
    ::_exit(again || acknowledged == 250 ? 255 : acknowledged);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Journal, AFullDiskAcknowledgesNothingAndLosesNothing) {
  const TempFolder folder;
  const int acknowledged = appended_until_full(in(folder), 400'000);
  ASSERT_GT(acknowledged, 5);
  ASSERT_LT(acknowledged, 250);
  auto journal = Journal::open(in(folder)).value();
  const auto entries = entries_of(*journal);
  EXPECT_EQ(static_cast<int>(entries.size()), acknowledged);
  EXPECT_THAT(check_of(in(folder)).problems, IsEmpty());
  // There is room again: the refused post is sent again and taken.
  EXPECT_EQ(journal->append(entry_of("s", "again"))->outcome, AppendOutcome::kAppended);
}

// In a child process. Exit code: 0 when the same journal goes on as if the refused group had never
// been there.
int goes_on_after_a_full_disk(const DatabaseAddress& address) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    auto journal = Journal::open(address).value();
    const std::string body(4'000, 'x');
    int code = journal->append(entry_of("s", "first")) ? 0 : 1;
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    const rlimit full{100'000, limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &full);
    int acknowledged = 1;
    while (journal->append(entry_of("s", std::to_string(acknowledged), body))) ++acknowledged;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto again = journal->append(entry_of("s", std::to_string(acknowledged), body));
    if (!again || again->outcome != AppendOutcome::kAppended) code = 2;
    if (again && again->version != acknowledged + 1) code = 3;
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Journal, WhatWasRolledBackIsNotRemembered) {
  const TempFolder folder;
  EXPECT_EQ(goes_on_after_a_full_disk(in(folder)), 0);
  EXPECT_THAT(check_of(in(folder)).problems, IsEmpty());
}

TEST(Journal, AReadOnlyDatabaseAcknowledgesNothing) {
  const TempFolder folder;
  {
    ASSERT_TRUE(Journal::open(in(folder)).value()->append(entry_of("s", "k")));
  }
  auto reading = open_database(in(folder), {.read_only = true}).value();
  const auto refused = reading->run("DELETE FROM journal");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("attempt to write a readonly database"));
  EXPECT_EQ(verify_journal(*reading)->entries, 1);
}

TEST(Journal, SaysWhyAFileCannotBeOpened) {
  const TempFolder folder;
  folder.write("text.sqlite", std::string(5'000, 'x'));
  const auto no_folder = Journal::open({(folder / "none" / "j.sqlite").string()});
  ASSERT_FALSE(no_folder);
  EXPECT_THAT(no_folder.error().message, HasSubstr("No such file or directory"));
  const auto no_database = Journal::open(in(folder, "text.sqlite"));
  ASSERT_FALSE(no_database);
  EXPECT_THAT(no_database.error().message, HasSubstr("file is not a database"));
  EXPECT_FALSE(open_database(in(folder, "absent.sqlite"), {.read_only = true}));
}

TEST(Journal, FilesAreTheOwnersAlone) {
  const TempFolder folder;
  auto journal = Journal::open(in(folder)).value();
  ASSERT_TRUE(journal->append(entry_of("s", "k")));
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    struct stat found{};
    ASSERT_EQ(::stat(file.path().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U) << file.path();
  }
}

}  // namespace
}  // namespace barometer
