#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/journal/chain_internal.h"
#include "barometer/journal/journal.h"

namespace barometer {
namespace {

constexpr size_t kProblemsMax = 20;
constexpr int64_t kRows = 2'000;

struct Row {
  JournalEntry entry;
  std::string nonce;
  std::string body_hash;
  std::string hash;
};

struct Subject {
  int64_t version = 0;        // of the last entry
  int64_t first_missing = 0;  // sequences of entries without a body that no erasure explains yet
  int64_t missing = 0;
};

class Check {
 public:
  explicit Check(const std::string& known_head) : known_head_(known_head) {
    known_found_ = known_head.empty() || known_head == kFirstPrevious;
  }

  void add(const Row& row) {
    const JournalEntry& entry = row.entry;
    if (entry.sequence != check_.entries + 1) {
      problem(fmt::format("entry {} follows entry {}", entry.sequence, last_));
      check_.entries = entry.sequence - 1;  // one gap is one problem
    }
    ++check_.entries;
    last_ = entry.sequence;
    check_body(row);
    if (hash_of(row) != row.hash) {
      problem(fmt::format("entry {}: its hash does not fit what it says and the entry before it",
                          entry.sequence));
    }
    check_subject(entry);
    previous_ = row.hash;
    if (row.hash == known_head_) known_found_ = true;
  }

  void doubled_key(int64_t first, int64_t last) {
    problem(fmt::format("entries {} and {} are of one subject and have one key", first, last));
  }

  JournalCheck finish(const ChainHead& head) {
    for (const auto& [name, subject] : subjects_) {
      if (subject.missing == 0) continue;
      problem(
          fmt::format("entry {} ({} in all of its subject): the body is missing, and no "
                      "erasure says so",
                      subject.first_missing, subject.missing));
    }
    if (head.sequence != last_ || head.hash != previous_) {
      problem(
          fmt::format("the head says {} entries, and the last one is {}", head.sequence, last_));
    }
    if (!known_found_) {
      problem(fmt::format("no entry has the hash '{}' that was written down before",
                          printable(known_head_, 70)));
    }
    check_.subjects = static_cast<int64_t>(subjects_.size());
    check_.head = previous_;
    return std::move(check_);
  }

 private:
  [[nodiscard]] std::string hash_of(const Row& row) const {
    const JournalEntry& entry = row.entry;
    return entry_hash_of(previous_, {.sequence = entry.sequence,
                                     .version = entry.version,
                                     .wave = entry.wave,
                                     .subject = entry.subject,
                                     .kind = entry.kind,
                                     .key = entry.key,
                                     .at_ms = entry.at_ms,
                                     .body_hash = row.body_hash});
  }

  void check_body(const Row& row) {
    if (row.entry.erased) {
      ++check_.erased;
    } else if (body_hash_of(row.nonce, row.entry.body) != row.body_hash) {
      problem(
          fmt::format("entry {}: the body is not the one that was written", row.entry.sequence));
    }
  }

  void check_subject(const JournalEntry& entry) {
    Subject& subject = subjects_[{entry.wave, entry.subject}];
    if (entry.version != subject.version + 1) {
      problem(fmt::format("entry {}: version {} of its subject follows version {}", entry.sequence,
                          entry.version, subject.version));
    }
    subject.version = entry.version;
    if (entry.kind == kErasedKind) {
      subject.missing = 0;
    } else if (entry.erased && subject.missing++ == 0) {
      subject.first_missing = entry.sequence;
    }
  }

  void problem(std::string words) {
    if (check_.problems.size() < kProblemsMax) check_.problems.push_back(std::move(words));
  }

  std::string known_head_;
  bool known_found_ = false;
  JournalCheck check_;
  std::string previous_{kFirstPrevious};
  int64_t last_ = 0;
  std::map<std::pair<std::string, std::string>, Subject> subjects_;
};

}  // namespace

Result<JournalCheck> verify_journal(Database& database, const std::string& known_head) {
  Check check(known_head);
  // The last entry, then the head: a head moves with its entries, so it is never behind them.
  const auto last = TRY(database.ask_whole("SELECT max(sequence) FROM journal"));
  ChainHead head;
  TRY_DONE(database.ask("SELECT sequence, hash FROM journal_head WHERE id = 1", {},
                        [&](const DbRow& row) -> Status {
                          head = {row.whole(0), std::string(row.text(1))};
                          return {};
                        }));
  const int64_t end = std::max(head.sequence, last.value_or(0));
  int64_t from = 0;
  int64_t found = 0;
  do {
    found = 0;
    TRY_DONE(
        database.ask("SELECT " BAROMETER_ENTRY_COLUMNS
                     ", nonce, body_hash, hash FROM journal WHERE sequence > ? AND sequence <= ? "
                     "ORDER BY sequence LIMIT ?",
                     {from, end, kRows}, [&](const DbRow& row) -> Status {
                       check.add({read_entry(row), std::string(row.text(8)),
                                  std::string(row.text(9)), std::string(row.text(10))});
                       from = row.whole(0);
                       ++found;
                       return {};
                     }));
  } while (found == kRows);
  TRY_DONE(
      database.ask("SELECT min(sequence), max(sequence) FROM journal WHERE sequence <= ? "
                   "GROUP BY wave, subject, entry_key HAVING count(*) > 1 ORDER BY 1 LIMIT ?",
                   {end, static_cast<int64_t>(kProblemsMax)}, [&](const DbRow& row) -> Status {
                     check.doubled_key(row.whole(0), row.whole(1));
                     return {};
                   }));
  return check.finish(head);
}

}  // namespace barometer
