// One group of entries in one transaction.
//
// A writer remembers the keys of the subjects it has written for, so that an entry costs one
// look for what others have appended since, and one row. What it remembers is never trusted to be
// all: each group first asks, under the lock of the head, for entries after the last one known.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "barometer/journal/chain_internal.h"
#include "barometer/journal/journal.h"

namespace barometer {

// An entry on its way. All that needs no place in the chain is made by the thread that brings it.
struct QueuedEntry {
  DbValues row{};      // of the table; sequence, version and hash are still to come
  DbValues place{};    // wave and subject, and the version after which entries are asked for
  std::string name{};  // of the subject in its wave: neither holds a NUL
  size_t key_mark = 0;
  std::optional<int64_t> expected_version{};
  AppendDone done{};
};
QueuedEntry queued_entry(NewEntry entry, AppendDone done = {});

class GroupWriter {
 public:
  explicit GroupWriter(Database& database) : database_(database) {}
  // What becomes of each entry, in order; on an error nothing was written, or nobody knows (then
  // the keys tell at the next attempt). The entries are as before.
  Result<std::vector<Appended>> write(std::span<QueuedEntry> entries);

 private:
  struct Subject {
    int64_t version = 0;
    size_t asked_for = 0;             // the group that asked last
    std::vector<size_t> key_marks{};  // of all entries up to `version`
  };
  // An entry that has a key already.
  struct Earlier {
    int64_t sequence = 0;
    int64_t version = 0;
    bool same = false;
  };

  Status read_news(std::span<QueuedEntry> entries);
  Status place(std::span<QueuedEntry> entries, std::vector<Appended>& outcomes);
  Result<Appended> decide(QueuedEntry& entry);
  Result<std::optional<Earlier>> find_key(const QueuedEntry& entry);

  Database& database_;
  std::unordered_map<std::string, Subject> subjects_;
  size_t marks_ = 0;   // of all subjects
  size_t groups_ = 0;  // so far
  ChainHead head_;
  std::vector<QueuedEntry*> placed_;  // of this group, what is appended
};

// The transaction of Journal::erase; returns how many bodies were removed.
Result<int64_t> erase_entries(Database& database, const std::string& wave,
                              const std::string& subject, int64_t at_ms);

}  // namespace barometer
