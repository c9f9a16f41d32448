#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <map>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/journal/database_internal.h"

namespace barometer {
namespace {

constexpr int kPauseMs = 20;
constexpr int kOpenTries = 50;  // two processes that make one file at once

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Opened = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

// Asks again each millisecond. SQLite's own waiting grows to 100 ms, too seldom to meet the short
// gap between two groups of a busy writer in another process.
int wait_a_moment(void* wait_ms, int asked) {
  if (asked >= *static_cast<int*>(wait_ms)) return 0;
  sqlite3_sleep(1);
  return 1;
}

class SqliteRow final : public DbRow {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  [[nodiscard]] bool is_null(size_t column) const override {
    return sqlite3_column_type(statement_, index(column)) == SQLITE_NULL;
  }
  [[nodiscard]] int64_t whole(size_t column) const override {
    return sqlite3_column_int64(statement_, index(column));
  }
  [[nodiscard]] std::string_view text(size_t column) const override {
    const auto* bytes = sqlite3_column_text(statement_, index(column));
    if (bytes == nullptr) return {};
    return {reinterpret_cast<const char*>(bytes),
            static_cast<size_t>(sqlite3_column_bytes(statement_, index(column)))};
  }

 private:
  [[nodiscard]] int index(size_t column) const {
    CHECK(column < static_cast<size_t>(sqlite3_column_count(statement_)), "a column of the answer");
    return static_cast<int>(column);
  }
  sqlite3_stmt* statement_;
};

// What the database and the system said.
auto refused(sqlite3* database, const std::string& name) {
  std::string words = sqlite3_errmsg(database);
  const int system = sqlite3_system_errno(database);
  const int code = sqlite3_errcode(database) & 0xff;
  const bool of_system = code == SQLITE_IOERR || code == SQLITE_FULL || code == SQLITE_CANTOPEN;
  if (of_system && system != 0) words += ": " + std::generic_category().message(system);
  return fail(ErrorCode::kIo, fmt::format("the database '{}': {}", name, printable(words, 300)));
}

// Ends a statement so that it holds no lock and no values.
class Reset {
 public:
  explicit Reset(sqlite3_stmt* statement) : statement_(statement) {}
  Reset(const Reset&) = delete;
  Reset& operator=(const Reset&) = delete;
  ~Reset() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

 private:
  sqlite3_stmt* statement_;
};

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(Opened database, std::string name, int wait_ms)
      : database_(std::move(database)), name_(std::move(name)), wait_ms_(wait_ms) {
    sqlite3_busy_handler(database_.get(), wait_a_moment, &wait_ms_);
  }

  Result<int64_t> each(std::string_view sql, std::span<const DbValues> sets,
                       const std::function<Status(size_t, const DbRow&)>& use) override {
    TRY_DONE(check_values(sets));
    const bool alone = sets.size() > 1 && sqlite3_get_autocommit(database_.get()) != 0;
    if (!alone) return each_of(sql, sets, use);
    int64_t changed = 0;
    TRY_DONE(transaction([&]() -> Status {
      changed = TRY(each_of(sql, sets, use));
      return {};
    }));
    return changed;
  }

  Status script(std::string_view sql) override {
    const std::string text =
        replaced(replaced(std::string(sql), "IDENTITY_KEY", "INTEGER PRIMARY KEY AUTOINCREMENT"),
                 "ROW_KEY", "INTEGER PRIMARY KEY");
    if (sqlite3_exec(database_.get(), text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      return refused(database_.get(), name_);
    }
    return {};
  }

  Status lock(int64_t /*number*/) override { return {}; }
  [[nodiscard]] bool is_postgresql() const override { return false; }

  Status copy_to(const std::filesystem::path& target) override {
    const int file = ::open(target.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) {
      return fail(ErrorCode::kIo, fmt::format("cannot write '{}': {}", target.string(),
                                              std::generic_category().message(errno)));
    }
    ::close(file);
    sqlite3* raw = nullptr;
    const int opened = sqlite3_open_v2(target.c_str(), &raw,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, nullptr);
    const Opened copy(raw);
    if (opened != SQLITE_OK) return refused(copy.get(), target.string());
    TRY_DONE(copy_pages(copy.get(), target.string()));
    // One file without a log beside it.
    if (sqlite3_exec(copy.get(), "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr) !=
        SQLITE_OK) {
      return refused(copy.get(), target.string());
    }
    return {};
  }

  Status purge(std::string_view /*table*/) override {
    // Deleted cells are zeroed (secure_delete); this takes the zeros from the log into the file and
    // empties the log. A row of (busy, ...) says whether a reader was in the way.
    const auto busy = TRY(ask_whole("PRAGMA wal_checkpoint(TRUNCATE)"));
    if (busy.value_or(0) != 0) {
      return fail(
          ErrorCode::kIo,
          fmt::format("the database '{}': a long read keeps old pages; erase again later", name_));
    }
    return {};
  }

 protected:
  Status begin() override { return simple("BEGIN IMMEDIATE"); }
  Status commit() override { return simple("COMMIT"); }
  void roll_back() override {
    if (sqlite3_get_autocommit(database_.get()) == 0) {
      sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
  }

 private:
  Status simple(const char* sql) {
    TRY(each_of(sql, std::vector<DbValues>(1), {}));
    return {};
  }

  Result<int64_t> each_of(std::string_view sql, std::span<const DbValues> sets,
                          const std::function<Status(size_t, const DbRow&)>& use) {
    sqlite3_stmt* statement = TRY(prepared(sql));
    const SqliteRow row(statement);
    const int64_t before = sqlite3_total_changes64(database_.get());
    for (size_t set = 0; set < sets.size(); ++set) {
      const Reset reset(statement);
      TRY_DONE(bind(statement, sets[set]));
      int code = SQLITE_ROW;
      while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (use) TRY_DONE(use(set, row));
      }
      if (code != SQLITE_DONE) return refused(database_.get(), name_);
    }
    return sqlite3_total_changes64(database_.get()) - before;
  }

  // Statements are literals of ours, so there are few; one that is still being read from is not
  // used twice.
  Result<sqlite3_stmt*> prepared(std::string_view sql) {
    Statement& known = statements_[std::string(sql)];
    if (known && sqlite3_stmt_busy(known.get()) == 0) return known.get();
    CHECK(!known, "a statement is not run while its own rows are handed out");
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &made, nullptr) != SQLITE_OK) {
      return refused(database_.get(), name_);
    }
    known.reset(made);
    return made;
  }

  Status bind(sqlite3_stmt* statement, const DbValues& values) {
    CHECK(static_cast<size_t>(sqlite3_bind_parameter_count(statement)) == values.size(),
          "a value for each '?'");
    for (size_t i = 0; i < values.size(); ++i) {
      const int at = static_cast<int>(i) + 1;
      int code = SQLITE_OK;
      if (const auto* text = std::get_if<std::string>(&values[i])) {
        code = sqlite3_bind_text64(statement, at, text->data(), text->size(), SQLITE_STATIC,
                                   SQLITE_UTF8);
      } else if (const auto* whole = std::get_if<int64_t>(&values[i])) {
        code = sqlite3_bind_int64(statement, at, *whole);
      }
      if (code != SQLITE_OK) return refused(database_.get(), name_);
    }
    return {};
  }

  Status copy_pages(sqlite3* target, const std::string& target_name) {
    sqlite3_backup* backup = sqlite3_backup_init(target, "main", database_.get(), "main");
    if (backup == nullptr) return refused(target, target_name);
    // The whole copy is one read of the source: what others write meanwhile is not in it, and does
    // not make it start again.
    int code = sqlite3_backup_step(backup, -1);
    for (int i = 0; i < kOpenTries && code == SQLITE_BUSY; ++i) {
      sqlite3_sleep(kPauseMs);
      code = sqlite3_backup_step(backup, -1);
    }
    sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE) return refused(target, target_name);
    return {};
  }

  Opened database_;
  std::string name_;
  int wait_ms_;
  std::map<std::string, Statement, std::less<>> statements_;
};

}  // namespace

namespace {

// Makes the file before SQLite does it, so that it is the owner's alone; its log gets the same
// mode. The file of a database is never opened here under its name: closing it again would drop
// every lock that this process's connections hold on it (POSIX, fcntl), and the next process that
// ends would take itself for the last, and delete the log with all that was acknowledged.
Status make_file(const DatabaseAddress& address) {
  struct stat there{};
  if (::stat(address.text.c_str(), &there) == 0) return {};
  std::string made = address.text + ".XXXXXX";
  const int file = ::mkostemp(made.data(), O_CLOEXEC);  // mode 0600
  if (file < 0 && (errno == EROFS || errno == EACCES)) return {};
  bool linked = false;
  if (file >= 0) {
    ::close(file);
    linked = ::link(made.c_str(), address.text.c_str()) == 0 || errno == EEXIST;
  }
  const int error = errno;
  if (file >= 0) ::unlink(made.c_str());
  if (linked) return {};
  return fail(ErrorCode::kIo, fmt::format("the database '{}': {}", address.shown(),
                                          std::generic_category().message(error)));
}

}  // namespace

Result<DatabasePtr> open_sqlite(const DatabaseAddress& address, const DatabaseOptions& options) {
  if (!options.read_only) TRY_DONE(make_file(address));
  const int flags = (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(address.text.c_str(), &raw, flags, nullptr);
  Opened opened(raw);
  const auto busy = [raw] { return (sqlite3_errcode(raw) & 0xff) == SQLITE_BUSY; };
  if (code != SQLITE_OK) return refused(opened.get(), address.shown());
  auto database =
      std::make_unique<SqliteDatabase>(std::move(opened), address.shown(), options.wait_ms);
  if (!options.read_only) {
    auto mode = database->ask_text("PRAGMA journal_mode=WAL");
    for (int i = 0; i < kOpenTries && !mode && busy(); ++i) {
      sqlite3_sleep(kPauseMs);
      mode = database->ask_text("PRAGMA journal_mode=WAL");
    }
    if (!mode) return tl::unexpected(std::move(mode).error());
    if (*mode != "wal") {
      return fail(ErrorCode::kIo, fmt::format("the database '{}' cannot be written to (its journal "
                                              "mode stays '{}')",
                                              address.shown(), mode->value_or("")));
    }
  }
  // The indexes are met at random places, so that pages left out of memory are read for each entry;
  // and a page that is changed often between two checkpoints goes into the file once.
  TRY_DONE(
      database->script("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; "
                       "PRAGMA cache_size=-6000; PRAGMA wal_autocheckpoint=4000"));
  return DatabasePtr(std::move(database));
}

}  // namespace barometer
