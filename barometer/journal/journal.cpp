#include "barometer/journal/journal.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/journal/chain_internal.h"
#include "barometer/journal/group_internal.h"

namespace barometer {
namespace {

constexpr int64_t kReadRows = 2'000;  // entries asked for at once

Status check_entry(const NewEntry& entry, const JournalOptions& options) {
  if (entry.wave.empty() || entry.subject.empty() || entry.kind.empty() || entry.key.empty()) {
    return fail(ErrorCode::kInvalid, "an entry has a wave, a subject, a kind and a key");
  }
  if (entry.kind == kErasedKind) {
    return fail(ErrorCode::kInvalid, "only an erasure appends that there was one");
  }
  if (entry.body.size() > options.body_max) {
    return fail(ErrorCode::kLimit, fmt::format("an entry of {} bytes; at most {} are taken",
                                               entry.body.size(), options.body_max));
  }
  for (const std::string* text :
       {&entry.wave, &entry.subject, &entry.kind, &entry.key, &entry.body}) {
    if (!is_utf8(*text) || text->find('\0') != std::string::npos) {
      return fail(ErrorCode::kInvalid, fmt::format("'{}' is not text in UTF-8", printable(*text)));
    }
  }
  return {};
}

}  // namespace

// A group on its way from the thread that writes to the one that tells.
struct WrittenGroup {
  std::vector<QueuedEntry> entries;
  Result<std::vector<Appended>> outcomes;
};

// Two threads, so that the next group is written while the last one is told of: what `done` does,
// and letting go of what it held, would be half of a writer's time.
struct Journal::Impl {
  Impl(DatabasePtr writing, DatabasePtr other, const JournalOptions& given)
      : options(given), writer(std::move(writing)), group(*writer), side(std::move(other)) {
    telling = std::thread([this] { tell(); });
    writing_thread = std::thread([this] { write(); });
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    {
      const std::lock_guard guard(mutex);
      ending = true;
    }
    woken.notify_all();
    writing_thread.join();
    {
      const std::lock_guard guard(written_mutex);
      all_written = true;
    }
    written_changed.notify_all();
    telling.join();
  }

  void write() {
    ::pthread_setname_np(::pthread_self(), "journal");  // as `top -H` shows it
    for (;;) {
      std::vector<QueuedEntry> entries = take();
      if (entries.empty()) return;
      auto outcomes = outcomes_of(entries);
      std::unique_lock guard(written_mutex);
      written_changed.wait(guard, [this] { return written.size() < kWrittenMax; });
      written.push_back({std::move(entries), std::move(outcomes)});
      guard.unlock();
      written_changed.notify_all();
    }
  }

  // Waits for entries and takes a group of them; none when there is nothing left to do.
  std::vector<QueuedEntry> take() {
    std::vector<QueuedEntry> entries;
    std::unique_lock guard(mutex);
    woken.wait(guard, [this] { return ending || !queue.empty(); });
    const size_t count = std::min(queue.size(), std::max<size_t>(options.group_max, 1));
    entries.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      entries.push_back(std::move(queue.front()));
      queue.pop_front();
    }
    return entries;
  }

  Result<std::vector<Appended>> outcomes_of(std::vector<QueuedEntry>& entries) {
    auto outcomes = group.write(entries);
    for (int i = 1; !outcomes && writer->is_postgresql() && i < options.attempts; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(options.attempt_pause_ms));
      outcomes = group.write(entries);
    }
    return outcomes;
  }

  void tell() {
    ::pthread_setname_np(::pthread_self(), "journal-tells");
    for (;;) {
      std::unique_lock guard(written_mutex);
      written_changed.wait(guard, [this] { return all_written || !written.empty(); });
      if (written.empty()) return;
      const WrittenGroup told = std::move(written.front());
      written.pop_front();
      guard.unlock();
      written_changed.notify_all();
      for (size_t i = 0; i < told.entries.size(); ++i) {
        if (!told.entries[i].done) continue;
        if (told.outcomes) {
          told.entries[i].done((*told.outcomes)[i]);
        } else {
          told.entries[i].done(tl::unexpected(told.outcomes.error()));
        }
      }
    }
  }

  static constexpr size_t kWrittenMax = 4;  // groups that wait to be told of

  JournalOptions options;
  DatabasePtr writer;  // of the thread that writes
  GroupWriter group;   // likewise
  DatabasePtr side;    // reads and erasures, under side_mutex
  std::mutex side_mutex;
  std::mutex mutex;  // of the queue
  std::condition_variable woken;
  std::deque<QueuedEntry> queue;
  bool ending = false;
  std::mutex written_mutex;  // of what is written and not told of
  std::condition_variable written_changed;
  std::deque<WrittenGroup> written;
  bool all_written = false;
  std::thread telling, writing_thread;  // last: they use the others
};

Journal::Journal(Private, std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Journal::~Journal() = default;

Result<std::unique_ptr<Journal>> Journal::open(const DatabaseAddress& address,
                                               const JournalOptions& options) {
  DatabasePtr writer = TRY(open_database(address));
  TRY_DONE(prepare_journal(*writer));
  DatabasePtr side = TRY(open_database(address));
  return std::unique_ptr<Journal>(std::make_unique<Journal>(
      Private(), std::make_unique<Impl>(std::move(writer), std::move(side), options)));
}

void Journal::append(NewEntry entry, AppendDone done) {
  if (Status sound = check_entry(entry, impl_->options); !sound) {
    if (done) done(tl::unexpected(std::move(sound).error()));
    return;
  }
  QueuedEntry queued = queued_entry(std::move(entry), std::move(done));
  {
    const std::lock_guard guard(impl_->mutex);
    if (impl_->queue.size() < impl_->options.queued_max) {
      impl_->queue.push_back(std::move(queued));
      impl_->woken.notify_one();
      return;
    }
  }
  if (queued.done) {
    queued.done(fail(ErrorCode::kLimit, fmt::format("{} answers are waiting to be written already",
                                                    impl_->options.queued_max)));
  }
}

Result<Appended> Journal::append(NewEntry entry) {
  std::promise<Result<Appended>> promise;
  auto answer = promise.get_future();
  append(std::move(entry),
         [&promise](Result<Appended> outcome) { promise.set_value(std::move(outcome)); });
  return answer.get();
}

Result<int64_t> Journal::erase(const std::string& wave, const std::string& subject, int64_t at_ms) {
  const std::lock_guard guard(impl_->side_mutex);
  const int64_t erased = TRY(erase_entries(*impl_->side, wave, subject, at_ms));
  TRY_DONE(impl_->side->purge("journal"));
  return erased;
}

Status Journal::read(int64_t from, const EntryUser& use) {
  const std::lock_guard guard(impl_->side_mutex);
  return read_entries(*impl_->side, from, use);
}

Status read_entries(Database& database, int64_t from, const EntryUser& use) {
  std::vector<JournalEntry> entries;
  do {
    entries.clear();
    TRY_DONE(database.ask("SELECT " BAROMETER_ENTRY_COLUMNS
                          " FROM journal WHERE sequence >= ? ORDER BY sequence LIMIT ?",
                          {from, kReadRows}, [&](const DbRow& row) -> Status {
                            entries.push_back(read_entry(row));
                            return {};
                          }));
    for (const JournalEntry& entry : entries) TRY_DONE(use(entry));
    if (!entries.empty()) from = entries.back().sequence + 1;
  } while (entries.size() == static_cast<size_t>(kReadRows));
  return {};
}

Status Journal::read_subject(const std::string& wave, const std::string& subject,
                             const EntryUser& use) {
  const std::lock_guard guard(impl_->side_mutex);
  return impl_->side->ask("SELECT " BAROMETER_ENTRY_COLUMNS
                          " FROM journal WHERE wave = ? AND subject = ? ORDER BY version",
                          {wave, subject}, [&](const DbRow& row) { return use(read_entry(row)); });
}

Result<int64_t> Journal::last_sequence() {
  const std::lock_guard guard(impl_->side_mutex);
  const auto last = TRY(impl_->side->ask_whole("SELECT sequence FROM journal_head WHERE id = 1"));
  return last.value_or(0);
}

}  // namespace barometer
