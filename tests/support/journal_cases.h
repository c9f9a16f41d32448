// What every journal must do, whichever database holds it: run on SQLite by the unit tests and on
// PostgreSQL by tests/journal_postgresql_test.cpp.
#pragma once

#include <atomic>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "barometer/journal/journal.h"

namespace barometer::testing {

inline NewEntry entry_of(const std::string& subject, const std::string& key,
                         const std::string& body = "{}") {
  return {.wave = "w1",
          .subject = subject,
          .kind = "answers",
          .body = body,
          .key = key,
          .at_ms = 1'700'000'000'000};
}

inline std::vector<JournalEntry> entries_of(Journal& journal) {
  std::vector<JournalEntry> entries;
  const Status read = journal.read(1, [&](const JournalEntry& entry) -> Status {
    entries.push_back(entry);
    return {};
  });
  EXPECT_TRUE(read) << read.error().message;
  return entries;
}

inline JournalCheck check_of(const DatabaseAddress& address, const std::string& known = {}) {
  auto database = open_database(address);
  EXPECT_TRUE(database) << database.error().message;
  auto check = verify_journal(**database, known);
  EXPECT_TRUE(check) << check.error().message;
  return *check;
}

// One line a post: what is appended to a journal that has seen the lines above it.
struct AppendCase {
  const char* what;
  NewEntry entry;
  AppendOutcome outcome;
  int64_t sequence;
  int64_t version;
};

inline NewEntry expecting(NewEntry entry, int64_t version) {
  entry.expected_version = version;
  return entry;
}
inline NewEntry of_kind(NewEntry entry, const std::string& kind) {
  entry.kind = kind;
  return entry;
}
inline NewEntry in_wave(NewEntry entry, const std::string& wave) {
  entry.wave = wave;
  return entry;
}

inline std::vector<AppendCase> append_cases() {
  using enum AppendOutcome;
  return {
      {"the first entry", expecting(entry_of("a", "k1", "{\"x\":1}"), 0), kAppended, 1, 1},
      {"the same again", expecting(entry_of("a", "k1", "{\"x\":1}"), 0), kReplayed, 1, 1},
      {"the same with a version of now", expecting(entry_of("a", "k1", "{\"x\":1}"), 1), kReplayed,
       1, 1},
      {"the key with another body", entry_of("a", "k1", "{\"x\":2}"), kKeyReused, 0, 1},
      {"the key with another kind", of_kind(entry_of("a", "k1", "{\"x\":1}"), "submitted"),
       kKeyReused, 0, 1},
      {"another device that saw nothing", expecting(entry_of("a", "k2"), 0), kConflict, 0, 1},
      {"a version of the future", expecting(entry_of("a", "k2"), 2), kConflict, 0, 1},
      {"the next entry", expecting(entry_of("a", "k2"), 1), kAppended, 2, 2},
      {"someone else", expecting(entry_of("b", "k3"), 0), kAppended, 3, 1},
      {"a key counts for its subject only", expecting(entry_of("b", "k1"), 1), kAppended, 4, 2},
      {"a key counts in its wave only", in_wave(entry_of("a", "k1"), "w2"), kAppended, 5, 1},
      {"no version expected", entry_of("a", "k4"), kAppended, 6, 3},
      {"the first one, long after", entry_of("a", "k1", "{\"x\":1}"), kReplayed, 1, 1},
  };
}

inline void expect_appends(const DatabaseAddress& address, size_t group_max) {
  auto journal = Journal::open(address, {.group_max = group_max});
  ASSERT_TRUE(journal) << journal.error().message;
  // Queued at once, so that lines of one group meet in memory and later ones in the database.
  std::vector<std::optional<Result<Appended>>> outcomes(append_cases().size());
  std::atomic<size_t> left = outcomes.size();
  for (size_t i = 0; i < outcomes.size(); ++i) {
    (*journal)->append(append_cases()[i].entry, [&, i](Result<Appended> outcome) {
      outcomes[i] = std::move(outcome);
      --left;
    });
  }
  while (left > 0) std::this_thread::yield();
  for (size_t i = 0; i < outcomes.size(); ++i) {
    const AppendCase line = append_cases()[i];
    ASSERT_TRUE(*outcomes[i]) << line.what << ": " << outcomes[i]->error().message;
    const Appended& found = **outcomes[i];
    EXPECT_EQ(found.outcome, line.outcome) << line.what;
    EXPECT_EQ(found.sequence, line.sequence) << line.what;
    EXPECT_EQ(found.version, line.version) << line.what;
  }
  EXPECT_EQ(entries_of(**journal).size(), 6U);
  EXPECT_THAT(check_of(address).problems, ::testing::IsEmpty());
}

// Many threads, each with its own subjects, through `journals` on the same database; every
// acknowledged entry is there once, sequences have no gaps, and the chain holds.
inline void expect_group_commit(const std::vector<Journal*>& journals,
                                const DatabaseAddress& address, int threads, int each) {
  std::mutex mutex;
  std::map<std::string, int64_t> acknowledged;  // key -> sequence
  std::vector<std::thread> running;
  for (int t = 0; t < threads; ++t) {
    running.emplace_back([&, t] {
      Journal& journal = *journals[static_cast<size_t>(t) % journals.size()];
      for (int i = 0; i < each; ++i) {
        const std::string key = fmt::format("k-{}-{}", t, i);
        const auto done = journal.append(expecting(entry_of(fmt::format("s{}", t), key), i));
        ASSERT_TRUE(done) << done.error().message;
        ASSERT_EQ(done->outcome, AppendOutcome::kAppended);
        ASSERT_EQ(done->version, i + 1);
        const std::lock_guard guard(mutex);
        acknowledged[key] = done->sequence;
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  int64_t sequence = 0;
  for (const JournalEntry& entry : entries_of(*journals[0])) {
    EXPECT_EQ(entry.sequence, ++sequence);
    EXPECT_EQ(acknowledged.at(entry.key), entry.sequence);
  }
  EXPECT_EQ(sequence, threads * each);
  EXPECT_THAT(check_of(address).problems, ::testing::IsEmpty());
}

// One subject on two devices at once: of two posts that saw the same, one is taken.
inline void expect_one_of_two_devices(Journal& first, Journal& second) {
  for (int i = 0; i < 30; ++i) {
    std::vector<Result<Appended>> outcomes(2);
    std::thread other(
        [&] { outcomes[1] = second.append(expecting(entry_of("s", fmt::format("b{}", i)), i)); });
    outcomes[0] = first.append(expecting(entry_of("s", fmt::format("a{}", i)), i));
    other.join();
    ASSERT_TRUE(outcomes[0] && outcomes[1]);
    std::multiset<AppendOutcome> found{outcomes[0]->outcome, outcomes[1]->outcome};
    EXPECT_THAT(found, ::testing::ElementsAre(AppendOutcome::kAppended, AppendOutcome::kConflict));
  }
}

// What another writer has appended since is known to this one, which remembers the subject.
inline void expect_keys_of_others_known(Journal& first, Journal& second,
                                        const DatabaseAddress& address) {
  using enum AppendOutcome;
  const auto outcome = [](Journal& journal, const NewEntry& entry) {
    const auto done = journal.append(entry);
    EXPECT_TRUE(done) << done.error().message;
    return std::tuple(done->outcome, done->version);
  };
  const std::string body = "{\"x\":1}";
  EXPECT_EQ(outcome(first, entry_of("a", "k1", body)), std::tuple(kAppended, 1));
  EXPECT_EQ(outcome(second, entry_of("a", "k1", body)), std::tuple(kReplayed, 1));
  EXPECT_EQ(outcome(second, entry_of("a", "k2", body)), std::tuple(kAppended, 2));
  EXPECT_EQ(outcome(second, entry_of("a", "k3", body)), std::tuple(kAppended, 3));
  EXPECT_EQ(outcome(first, entry_of("a", "k3", body)), std::tuple(kReplayed, 3));
  EXPECT_EQ(outcome(first, entry_of("a", "k2", "{}")), std::tuple(kKeyReused, 3));
  EXPECT_EQ(outcome(first, expecting(entry_of("a", "k4"), 2)), std::tuple(kConflict, 3));
  EXPECT_EQ(second.erase("w1", "a", 7).value(), 3);
  EXPECT_EQ(outcome(first, entry_of("a", "k2", "{}")), std::tuple(kReplayed, 2))
      << "what an erased entry said is not known any more";
  EXPECT_EQ(outcome(first, expecting(entry_of("a", "k4"), 4)), std::tuple(kAppended, 5));
  EXPECT_THAT(check_of(address).problems, ::testing::IsEmpty());
}

inline void expect_erasure(const DatabaseAddress& address) {
  auto journal = Journal::open(address);
  ASSERT_TRUE(journal) << journal.error().message;
  const std::string secret = "my chair is a fool";
  for (const char* key : {"a1", "a2"}) {
    ASSERT_TRUE((*journal)->append(entry_of("a", key, "{\"t\":\"" + secret + "\"}")));
    ASSERT_TRUE((*journal)->append(entry_of("b", std::string("b") + key)));
  }
  const std::string before = check_of(address).head;
  EXPECT_EQ((*journal)->erase("w1", "a", 5).value(), 2);
  EXPECT_EQ((*journal)->erase("w1", "a", 6).value(), 0) << "nothing is left to erase";
  EXPECT_EQ((*journal)->erase("w1", "nobody", 6).value(), 0);
  const auto entries = entries_of(**journal);
  ASSERT_EQ(entries.size(), 5U);
  EXPECT_TRUE(entries[0].erased && entries[2].erased);
  EXPECT_EQ(entries[0].body, "");
  EXPECT_FALSE(entries[1].erased);
  EXPECT_EQ(entries[4].kind, kErasedKind);
  EXPECT_EQ(entries[4].body, "{\"entries\":2,\"through\":4}");
  // A post that was answered before the erasure and is sent again is answered the same.
  const auto again = (*journal)->append(entry_of("a", "a2", "{\"t\":\"" + secret + "\"}"));
  EXPECT_EQ(again.value().outcome, AppendOutcome::kReplayed);
  const JournalCheck check = check_of(address, before);
  EXPECT_THAT(check.problems, ::testing::IsEmpty());
  EXPECT_EQ(check.erased, 2);
}

// What someone with the database does to it, and what the check says.
struct TamperCase {
  const char* sql;
  const char* said;
};

inline std::vector<TamperCase> tamper_cases() {
  return {
      {"UPDATE journal SET body = '{\"x\":9}' WHERE sequence = 3",
       "entry 3: the body is not the one that was written"},
      {"UPDATE journal SET nonce = '00' WHERE sequence = 3",
       "entry 3: the body is not the one that was written"},
      {"UPDATE journal SET at_ms = at_ms + 1 WHERE sequence = 3",
       "entry 3: its hash does not fit what it says and the entry before it"},
      {"UPDATE journal SET subject = 'z' WHERE sequence = 3", "entry 3: its hash does not fit"},
      {"UPDATE journal SET entry_key = 'z' WHERE sequence = 3", "entry 3: its hash does not fit"},
      {"UPDATE journal SET kind = 'z' WHERE sequence = 3", "entry 3: its hash does not fit"},
      {"UPDATE journal SET entry_key = 'k2' WHERE sequence = 4",
       "entries 2 and 4 are of one subject and have one key"},
      {"UPDATE journal SET version = 9 WHERE sequence = 3", "version 9 of its subject follows"},
      {"DELETE FROM journal WHERE sequence = 3", "entry 4 follows entry 2"},
      {"DELETE FROM journal WHERE sequence = 1", "entry 2 follows entry 0"},
      {"DELETE FROM journal WHERE sequence = 5", "the head says 5 entries, and the last one is 4"},
      {"DELETE FROM journal", "the head says 5 entries, and the last one is 0"},
      {"UPDATE journal SET body = NULL, nonce = NULL WHERE sequence = 3",
       "entry 3 (1 in all of its subject): the body is missing, and no erasure says so"},
      {"UPDATE journal_head SET sequence = 6", "the head says 6 entries, and the last one is 5"},
      {"UPDATE journal_head SET hash = 'x'", "the head says 5 entries"},
      {"INSERT INTO journal SELECT 6, 6, wave, subject, kind, 'new', at_ms, nonce, body, "
       "body_hash, "
       "hash FROM journal WHERE sequence = 5",
       "entry 6: its hash does not fit"},
      {"DELETE FROM journal WHERE sequence = 5; UPDATE journal_head SET sequence = 4, hash = "
       "(SELECT hash FROM journal WHERE sequence = 4)",
       "that was written down before"},
  };
}

// Each line on the same journal, taken back afterwards.
inline void expect_tampering_found(const DatabaseAddress& address) {
  {
    auto journal = Journal::open(address);
    ASSERT_TRUE(journal) << journal.error().message;
    for (int k = 1; k <= 5; ++k) {
      ASSERT_TRUE((*journal)->append(entry_of("s", fmt::format("k{}", k), "{\"x\":1}")));
    }
  }
  const JournalCheck sound = check_of(address);
  EXPECT_THAT(sound.problems, ::testing::IsEmpty());
  EXPECT_EQ(sound.entries, 5);
  auto database = open_database(address).value();
  for (const TamperCase& line : tamper_cases()) {
    const Status taken_back = database->transaction([&]() -> Status {
      const Status changed = database->script(line.sql);
      EXPECT_TRUE(changed) << changed.error().message;
      const auto check = verify_journal(*database, sound.head);
      EXPECT_TRUE(check);
      EXPECT_THAT(check->problems, ::testing::Contains(::testing::HasSubstr(line.said)))
          << line.sql;
      return fail(ErrorCode::kInvalid, "taken back");
    });
    EXPECT_EQ(taken_back.error().message, "taken back");
  }
  EXPECT_THAT(check_of(address, sound.head).problems, ::testing::IsEmpty());
}

}  // namespace barometer::testing
