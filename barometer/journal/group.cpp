#include "barometer/journal/group_internal.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace barometer {
namespace {

constexpr size_t kMarksMax = 250'000;  // keys remembered; more, and all are forgotten

// Moves the values of some entries into one list for a statement, and back at the end.
class Lent {
 public:
  Lent(DbValues QueuedEntry::* part, std::vector<QueuedEntry*> owners)
      : part_(part), owners_(std::move(owners)) {
    values_.reserve(owners_.size());
    for (QueuedEntry* owner : owners_) values_.push_back(std::move(owner->*part_));
  }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;
  ~Lent() {
    for (size_t i = 0; i < owners_.size(); ++i) owners_[i]->*part_ = std::move(values_[i]);
  }
  [[nodiscard]] std::span<const DbValues> values() const { return values_; }
  [[nodiscard]] QueuedEntry& owner(size_t set) const { return *owners_[set]; }

 private:
  DbValues QueuedEntry::* part_;
  std::vector<QueuedEntry*> owners_;
  std::vector<DbValues> values_;
};

}  // namespace

QueuedEntry queued_entry(NewEntry entry, AppendDone done) {
  QueuedEntry queued;
  queued.name = entry.wave + '\0' + entry.subject;
  queued.key_mark = std::hash<std::string>()(entry.key);
  queued.expected_version = entry.expected_version;
  queued.place.reserve(3);
  queued.place.emplace_back(entry.wave);
  queued.place.emplace_back(entry.subject);
  queued.place.emplace_back(int64_t{0});
  queued.row = unchained_row(std::move(entry));
  queued.done = std::move(done);
  return queued;
}

Result<std::vector<Appended>> GroupWriter::write(std::span<QueuedEntry> entries) {
  std::vector<Appended> outcomes;
  Status written = database_.transaction([&]() -> Status {
    head_ = TRY(lock_head(database_));
    TRY_DONE(read_news(entries));
    return place(entries, outcomes);
  });
  if (written) return outcomes;
  subjects_.clear();  // what is remembered may not have happened
  marks_ = 0;
  return tl::unexpected(std::move(written).error());
}

// What was appended for these subjects since this writer last asked, here or elsewhere.
Status GroupWriter::read_news(std::span<QueuedEntry> entries) {
  if (marks_ > kMarksMax) {
    subjects_.clear();
    marks_ = 0;
  }
  ++groups_;
  std::vector<QueuedEntry*> asking;
  asking.reserve(entries.size());
  for (QueuedEntry& entry : entries) {
    Subject& subject = subjects_[entry.name];
    if (std::exchange(subject.asked_for, groups_) == groups_) continue;
    entry.place[2] = subject.version;
    asking.push_back(&entry);
  }
  const Lent lent(&QueuedEntry::place, std::move(asking));
  TRY(database_.each(
      "SELECT version, entry_key FROM journal WHERE wave = ? AND subject = ? AND version > ? "
      "ORDER BY version",
      lent.values(), [&](size_t set, const DbRow& row) -> Status {
        Subject& subject = subjects_.at(lent.owner(set).name);
        subject.version = row.whole(0);
        subject.key_marks.push_back(std::hash<std::string_view>()(row.text(1)));
        ++marks_;
        return {};
      }));
  return {};
}

Status GroupWriter::place(std::span<QueuedEntry> entries, std::vector<Appended>& outcomes) {
  outcomes.reserve(entries.size());
  placed_.clear();
  for (QueuedEntry& entry : entries) outcomes.push_back(TRY(decide(entry)));
  if (placed_.empty()) return {};
  const Lent lent(&QueuedEntry::row, std::move(placed_));
  TRY(database_.each(kInsertEntry, lent.values(), {}));
  return move_head(database_, head_);
}

Result<Appended> GroupWriter::decide(QueuedEntry& entry) {
  Subject& subject = subjects_.at(entry.name);
  if (std::ranges::count(subject.key_marks, entry.key_mark) > 0) {
    const auto earlier = TRY(find_key(entry));
    if (earlier && earlier->same) {
      return Appended{AppendOutcome::kReplayed, earlier->sequence, earlier->version};
    }
    if (earlier) return Appended{AppendOutcome::kKeyReused, 0, subject.version};
  }
  if (entry.expected_version && *entry.expected_version != subject.version) {
    return Appended{AppendOutcome::kConflict, 0, subject.version};
  }
  subject.key_marks.push_back(entry.key_mark);
  ++marks_;
  chain(head_, ++subject.version, entry.row);
  placed_.push_back(&entry);
  return Appended{AppendOutcome::kAppended, head_.sequence, subject.version};
}

// In this group, or in the database. None: another key has the same mark.
Result<std::optional<GroupWriter::Earlier>> GroupWriter::find_key(const QueuedEntry& entry) {
  const auto text = [](const DbValues& row, EntryColumn column) -> const std::string& {
    return std::get<std::string>(row[column]);
  };
  const std::string& key = text(entry.row, kKeyColumn);
  const std::string& kind = text(entry.row, kKindColumn);
  const std::string& body = text(entry.row, kBodyColumn);
  for (const QueuedEntry* other : placed_) {
    if (other->name != entry.name || text(other->row, kKeyColumn) != key) continue;
    return std::optional(
        Earlier{std::get<int64_t>(other->row[kSequenceColumn]),
                std::get<int64_t>(other->row[kVersionColumn]),
                text(other->row, kKindColumn) == kind && text(other->row, kBodyColumn) == body});
  }
  std::optional<Earlier> found;
  TRY_DONE(database_.ask(
      "SELECT sequence, version, kind, body FROM journal "
      "WHERE wave = ? AND subject = ? AND entry_key = ?",
      {entry.row[kWaveColumn], entry.row[kSubjectColumn], entry.row[kKeyColumn]},
      [&](const DbRow& row) -> Status {
        const bool same = row.text(2) == kind && (row.is_null(3) || row.text(3) == body);
        found = Earlier{row.whole(0), row.whole(1), same};
        return {};
      }));
  return found;
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
    const auto last = TRY(database.ask_whole(
        "SELECT max(version) FROM journal WHERE wave = ? AND subject = ?", {wave, subject}));
    const int64_t version = last.value_or(0) + 1;
    DbValues row = unchained_row(
        {.wave = wave,
         .subject = subject,
         .kind = std::string(kErasedKind),
         .body = fmt::format("{{\"entries\":{},\"through\":{}}}", erased, head.sequence),
         .key = fmt::format("erased:{}:{}", subject, version),
         .at_ms = at_ms});
    chain(head, version, row);
    TRY(database.run(kInsertEntry, row));
    return move_head(database, head);
  }));
  return erased;
}

}  // namespace barometer
