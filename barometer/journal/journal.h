// The journal: every page post is one row, appended, never changed, and acknowledged only after it
// is durable.
//
// Rows form a chain. With H = BLAKE2b-256 over length-prefixed fields,
//   body_hash = H(nonce, body)
//   hash      = H(previous hash, sequence, version, wave, subject, kind, key, at_ms, body_hash)
// so no row can be changed, left out or put between others unnoticed, while an erasure removes body
// and nonce and the chain still verifies. The hash of row 0 is 64 zeros.
//
// Group commit: append() queues; one thread takes whatever is queued, writes it in one transaction,
// and leaves it to another to report after the commit. Several processes may write the same journal
// (two servers on PostgreSQL; a command beside a server on SQLite): the row that holds the head is
// the lock, so sequences have no gaps and rows become visible in their order.
//
// Threads: a Journal may be used from any thread. `done` is called on the thread that reports, in
// the order of the entries, and must be quick; before append() returns when the journal refuses at
// once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/journal/database.h"

namespace barometer {

struct NewEntry {
  std::string wave{};
  std::string subject{};  // whose: a pseudonym, or who acted
  std::string kind{};
  std::string body{};  // canonical JSON
  std::string key{};   // idempotency: once of the subject
  // How many entries of the subject the caller has seen; none: it does not matter.
  std::optional<int64_t> expected_version{};
  int64_t at_ms = 0;  // since 1970, UTC; by the caller's clock
};

// What became of a new entry. Only kAppended and kReplayed are acknowledgements.
enum class AppendOutcome {
  kAppended,   // durable
  kReplayed,   // this key and body were appended before; sequence and version are those of then
  kConflict,   // the subject has other than the expected entries: reload; `version` says how many
  kKeyReused,  // the key was appended with another kind or body; nothing was appended
};
struct Appended {
  AppendOutcome outcome = AppendOutcome::kAppended;
  int64_t sequence = 0;
  int64_t version = 0;  // of the entry within its subject: 1, 2, ...

  [[nodiscard]] bool acknowledged() const { return outcome <= AppendOutcome::kReplayed; }
};
using AppendDone = std::function<void(Result<Appended>)>;

struct JournalEntry {
  int64_t sequence = 0;
  int64_t version = 0;
  std::string wave{};
  std::string subject{};
  std::string kind{};
  std::string body{};  // empty when erased
  bool erased = false;
  std::string key{};
  int64_t at_ms = 0;
};
using EntryUser = std::function<Status(const JournalEntry&)>;

struct JournalOptions {
  size_t group_max = 512;      // entries a transaction; 1: a commit for each, for comparison
  size_t queued_max = 20'000;  // more waiting entries are refused (kLimit)
  size_t body_max = 1 << 20;   // bytes
  // After a lost connection or a busy database the group is written again this often; keys make
  // that safe.
  int attempts = 3;
  int attempt_pause_ms = 100;
};

// The kind of the entry that erase() appends; its body is {"entries":N,"through":SEQUENCE}.
inline constexpr std::string_view kErasedKind = "erased";

struct JournalCheck {
  int64_t entries = 0;
  int64_t subjects = 0;
  int64_t erased = 0;  // entries whose body is gone, rightly
  std::string head{};  // hash of the last entry; written down elsewhere it fixes all before it
  std::vector<std::string> problems{};  // at most 20, each a sentence with the sequence
};

class Journal {
 public:
  // Makes the tables when they are not there. Errors as open_database.
  static Result<std::unique_ptr<Journal>> open(const DatabaseAddress& address,
                                               const JournalOptions& options = {});
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();  // writes what is queued, then ends

  // An error means: not acknowledged (disk full, read-only, connection lost, queue full, not
  // UTF-8). The same entry may be appended again at any time: its key finds it if it was written
  // after all.
  void append(NewEntry entry, AppendDone done);
  Result<Appended> append(NewEntry entry);  // waits

  // Removes the bodies of all entries of a subject and appends an entry that says so; returns how
  // many there were. Answers once the transaction is durable and the bytes are out of
  // the files (Database::purge). Backups made before keep them.
  Result<int64_t> erase(const std::string& wave, const std::string& subject, int64_t at_ms);

  // Entries with a sequence of at least `from`, in order, as committed so far. `use` does not call
  // the journal.
  Status read(int64_t from, const EntryUser& use);
  Status read_subject(const std::string& wave, const std::string& subject, const EntryUser& use);
  Result<int64_t> last_sequence();

  // For open() alone.
  struct Impl;
  struct Private {
    explicit Private() = default;
  };
  Journal(Private, std::unique_ptr<Impl> impl);

 private:
  std::unique_ptr<Impl> impl_;
};

// Makes or upgrades the tables of a journal; Journal::open does it too.
Status prepare_journal(Database& database);

// As Journal::read, through a connection of the caller's.
Status read_entries(Database& database, int64_t from, const EntryUser& use);

// Reads the whole journal and checks chain, gaps, versions, keys, head and that a body is missing
// only where an erasure says so. With `known_head` also that an entry with this hash is in the
// chain.
Result<JournalCheck> verify_journal(Database& database, const std::string& known_head = {});

}  // namespace barometer
