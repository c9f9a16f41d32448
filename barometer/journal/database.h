// A database of ours behind one small interface: SQLite in a file, or PostgreSQL.
//
// Statements are literals of ours with a ? for each value; values are bound, never pasted, so that
// no text from outside can become SQL. Both databases get the same statements: whole numbers
// (BIGINT), texts (TEXT, UTF-8 without NUL) and NULL; hashes and keys are stored as hexadecimal.
// ON CONFLICT and RETURNING mean the same in both.
//
// Durable: SQLite runs in WAL mode with synchronous=FULL, PostgreSQL with synchronous_commit=on.
// What transaction() has returned success for survives a kill or a loss of power.
//
// A Database is one connection and belongs to one thread at a time; any number may be open, in any
// number of processes. Only one of them writes at a time; the others wait up to `wait_ms`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

using DbValue = std::variant<std::monostate, int64_t, std::string>;
using DbValues = std::vector<DbValue>;

// One row of an answer; valid during the call that hands it out.
class DbRow {
 public:
  virtual ~DbRow() = default;
  [[nodiscard]] virtual bool is_null(size_t column) const = 0;
  [[nodiscard]] virtual int64_t whole(size_t column) const = 0;          // 0 where NULL
  [[nodiscard]] virtual std::string_view text(size_t column) const = 0;  // "" where NULL
};
using DbRowUser = std::function<Status(const DbRow&)>;

// Where a database is: a path, or postgresql://user:password@host:port/database.
struct DatabaseAddress {
  std::string text{};
  std::string schema{};  // PostgreSQL only, made when it is not there: small letters, digits, _

  [[nodiscard]] bool is_postgresql() const;
  // For messages and logs: never a password.
  [[nodiscard]] std::string shown() const;
};

struct DatabaseOptions {
  int wait_ms = 10'000;    // how long a statement waits for another writer
  bool read_only = false;  // SQLite: the file must exist, and is not changed
};

class Database {
 public:
  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  virtual ~Database() = default;

  // Runs one statement for each set of values, in order; PostgreSQL is sent all of them at once.
  // `use` (may be empty) gets the number of the set and each row. Returns how many rows were
  // changed in all. kIo: the database said no (disk full, read-only, connection lost, ...) with its
  // words; kInvalid: a text that is not UTF-8 or holds a NUL. A lost PostgreSQL connection is
  // opened again by the next statement outside a transaction.
  virtual Result<int64_t> each(std::string_view sql, std::span<const DbValues> sets,
                               const std::function<Status(size_t set, const DbRow& row)>& use) = 0;

  // Statements of ours separated by ';', without values. ROW_KEY stands for the type of a whole
  // number that is the primary key, IDENTITY_KEY for one that the database gives out itself.
  virtual Status script(std::string_view sql) = 0;

  // Begins, runs `body`, and commits when it succeeded; else nothing has happened. Only one such
  // transaction writes at a time in a SQLite file. An error of the commit itself may leave it done
  // or not done: the caller asks again (a journal entry has its key for that). Not nested.
  Status transaction(const std::function<Status()>& body);
  // Within a transaction: until its end no other transaction holds this lock. Elsewhere than in
  // PostgreSQL the transaction is lock enough.
  virtual Status lock(int64_t number) = 0;

  // A copy of the database as it stands at one moment, made while others go on writing. SQLite: a
  // database file at `target`, which must not exist. kUnsupported on PostgreSQL (pg_dump does it).
  virtual Status copy_to(const std::filesystem::path& target) = 0;

  // After a deletion has been committed: takes the deleted bytes out of the database's files.
  // SQLite overwrites them and empties its log; PostgreSQL writes the table anew, for which it is
  // locked a moment, and keeps its write-ahead log. kIo while a long read keeps them; nothing is
  // lost by asking again.
  virtual Status purge(std::string_view table) = 0;

  [[nodiscard]] virtual bool is_postgresql() const = 0;

  // each() with one set.
  Result<int64_t> run(std::string_view sql, const DbValues& values = {});
  Status ask(std::string_view sql, const DbValues& values, const DbRowUser& use);
  // The first column of the first row; none without a row or where it is NULL.
  Result<std::optional<int64_t>> ask_whole(std::string_view sql, const DbValues& values = {});
  Result<std::optional<std::string>> ask_text(std::string_view sql, const DbValues& values = {});

 protected:
  virtual Status begin() = 0;
  virtual Status commit() = 0;
  virtual void roll_back() = 0;
};
using DatabasePtr = std::unique_ptr<Database>;

// A SQLite file is made when it is not there (not read_only), for its owner alone (0600).
Result<DatabasePtr> open_database(const DatabaseAddress& address,
                                  const DatabaseOptions& options = {});

// One numbered step of a schema. Steps are never changed once released: a new one is added.
struct Migration {
  int number = 0;  // 1, 2, 3, ...
  std::string_view sql;
};
// Takes the tables of `component` to the last step, in one transaction; safe when two processes
// start at once. kUnsupported when the database is newer than the program.
Status migrate(Database& database, std::string_view component, std::span<const Migration> steps);

}  // namespace barometer
