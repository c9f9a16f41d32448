#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "barometer/journal/chain_internal.h"
#include "barometer/journal/group_internal.h"

namespace barometer {
namespace {

// A wave, and a subject or key in it: neither holds a NUL.
std::string name_in(const std::string& wave, const std::string& what) {
  std::string name;
  name.reserve(wave.size() + 1 + what.size());
  return name.append(wave).append(1, '\0').append(what);
}

DbValues pair_of(const std::string& first, const std::string& second) {
  DbValues values;
  values.reserve(2);
  values.emplace_back(first);
  values.emplace_back(second);
  return values;
}

// An entry that has a key already, in the database or earlier in the group.
struct Earlier {
  int64_t sequence = 0;
  int64_t version = 0;
  std::string subject;
  std::string kind;
  std::optional<std::string> body;  // none: erased
};

bool is_same(const Earlier& earlier, const NewEntry& entry) {
  return earlier.subject == entry.subject && earlier.kind == entry.kind &&
         (!earlier.body || *earlier.body == entry.body);
}

class Group {
 public:
  explicit Group(Database& database) : database_(database) {}

  Result<std::vector<Appended>> write(std::span<const NewEntry> entries) {
    head_ = TRY(lock_head(database_));
    TRY_DONE(read_keys(entries));
    TRY_DONE(read_versions(entries));
    std::vector<Appended> outcomes;
    outcomes.reserve(entries.size());
    for (const NewEntry& entry : entries) outcomes.push_back(decide(entry));
    if (!rows_.empty()) {
      TRY(database_.each(kInsertEntry, rows_, {}));
      TRY_DONE(move_head(database_, head_));
    }
    return outcomes;
  }

 private:
  Status read_keys(std::span<const NewEntry> entries) {
    std::vector<DbValues> sets;
    sets.reserve(entries.size());
    for (const NewEntry& entry : entries) sets.push_back(pair_of(entry.wave, entry.key));
    TRY(database_.each(
        "SELECT sequence, version, subject, kind, body FROM journal "
        "WHERE wave = ? AND entry_key = ?",
        sets, [&](size_t set, const DbRow& row) -> Status {
          Earlier earlier{row.whole(0), row.whole(1), std::string(row.text(2)),
                          std::string(row.text(3)), std::nullopt};
          if (!row.is_null(4)) earlier.body = std::string(row.text(4));
          keys_.insert_or_assign(name_in(entries[set].wave, entries[set].key), std::move(earlier));
          return {};
        }));
    return {};
  }

  Status read_versions(std::span<const NewEntry> entries) {
    std::vector<DbValues> sets;
    for (const NewEntry& entry : entries) {
      if (versions_.try_emplace(name_in(entry.wave, entry.subject), 0).second) {
        sets.push_back(pair_of(entry.wave, entry.subject));
      }
    }
    TRY(database_.each("SELECT max(version) FROM journal WHERE wave = ? AND subject = ?", sets,
                       [&](size_t set, const DbRow& row) -> Status {
                         versions_[name_in(std::get<std::string>(sets[set][0]),
                                           std::get<std::string>(sets[set][1]))] = row.whole(0);
                         return {};
                       }));
    return {};
  }

  Appended decide(const NewEntry& entry) {
    int64_t& version = versions_.at(name_in(entry.wave, entry.subject));
    std::string key = name_in(entry.wave, entry.key);
    if (const auto found = keys_.find(key); found != keys_.end()) {
      const Earlier& earlier = found->second;
      if (is_same(earlier, entry)) {
        return {AppendOutcome::kReplayed, earlier.sequence, earlier.version};
      }
      return {AppendOutcome::kKeyReused, 0, version};
    }
    if (entry.expected_version && *entry.expected_version != version) {
      return {AppendOutcome::kConflict, 0, version};
    }
    JournalEntry placed{.version = ++version,
                        .wave = entry.wave,
                        .subject = entry.subject,
                        .kind = entry.kind,
                        .body = entry.body,
                        .key = entry.key,
                        .at_ms = entry.at_ms};
    rows_.push_back(chained(head_, placed));
    keys_.insert_or_assign(
        std::move(key), Earlier{placed.sequence, version, entry.subject, entry.kind, entry.body});
    return {AppendOutcome::kAppended, placed.sequence, version};
  }

  Database& database_;
  ChainHead head_;
  std::unordered_map<std::string, Earlier> keys_;
  std::unordered_map<std::string, int64_t> versions_;
  std::vector<DbValues> rows_;
};

}  // namespace

Result<std::vector<Appended>> write_group(Database& database, std::span<const NewEntry> entries) {
  std::vector<Appended> outcomes;
  TRY_DONE(database.transaction([&]() -> Status {
    outcomes = TRY(Group(database).write(entries));
    return {};
  }));
  return outcomes;
}

Result<int64_t> erase_entries(Database& database, const std::string& wave,
                              const std::string& subject, int64_t at_ms) {
  int64_t erased = 0;
  TRY_DONE(database.transaction([&]() -> Status {
    ChainHead head = TRY(lock_head(database));
    erased =
        TRY(database.run("UPDATE journal SET body = NULL, nonce = NULL WHERE wave = ? AND "
                         "subject = ? AND body IS NOT NULL AND kind <> ?",
                         {wave, subject, std::string(kErasedKind)}));
    if (erased == 0) return {};
    const auto version = TRY(database.ask_whole(
        "SELECT max(version) FROM journal WHERE wave = ? AND subject = ?", {wave, subject}));
    JournalEntry entry{
        .version = version.value_or(0) + 1,
        .wave = wave,
        .subject = subject,
        .kind = std::string(kErasedKind),
        .body = fmt::format("{{\"entries\":{},\"through\":{}}}", erased, head.sequence),
        .at_ms = at_ms};
    entry.key = fmt::format("erased:{}:{}", subject, entry.version);
    TRY(database.run(kInsertEntry, chained(head, entry)));
    return move_head(database, head);
  }));
  return erased;
}

}  // namespace barometer
