#include "barometer/journal/backup.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr size_t kRows = 500;  // written, and asked of PostgreSQL, at once

struct Table {
  std::string name;
  std::vector<std::string> columns;
  std::string identity;  // the column that the database numbers itself, PostgreSQL only
};

bool is_plain(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Result<std::vector<Table>> tables_of(Database& database) {
  const std::string_view sql =
      database.is_postgresql()
          ? "SELECT c.table_name, c.column_name, c.is_identity FROM information_schema.columns c "
            "JOIN information_schema.tables t ON t.table_schema = c.table_schema AND "
            "t.table_name = c.table_name WHERE c.table_schema = current_schema() AND "
            "t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position"
          : "SELECT m.name, p.name, 'NO' FROM sqlite_master m, pragma_table_info(m.name) p "
            "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~' "
            "ORDER BY m.name, p.cid";
  std::vector<Table> tables;
  TRY_DONE(database.ask(sql, {}, [&](const DbRow& row) -> Status {
    if (!is_plain(row.text(0)) || !is_plain(row.text(1))) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("'{}' is no table of ours", printable(row.text(0))));
    }
    if (tables.empty() || tables.back().name != row.text(0)) {
      tables.push_back({std::string(row.text(0)), {}, {}});
    }
    tables.back().columns.emplace_back(row.text(1));
    if (row.text(2) == "YES") tables.back().identity = std::string(row.text(1));
    return {};
  }));
  return tables;
}

// Rows gathered until there are enough to write.
class Rows {
 public:
  Rows(Database& to, const Table& table) : to_(to), columns_(table.columns.size()) {
    std::string places;
    for (size_t i = 0; i < columns_; ++i) places += i == 0 ? "?" : ", ?";
    sql_ = fmt::format("INSERT INTO {} ({}) VALUES ({})", table.name, join(table.columns, ", "),
                       places);
  }
  // Numbers go as the texts that they are read as: both databases take them for what the column is.
  Status add(const DbRow& row) {
    DbValues values;
    values.reserve(columns_);
    for (size_t i = 0; i < columns_; ++i) {
      if (row.is_null(i)) {
        values.emplace_back(std::monostate());
      } else {
        values.emplace_back(std::string(row.text(i)));
      }
    }
    sets_.push_back(std::move(values));
    return sets_.size() < kRows ? Status() : write();
  }
  Status write() {
    if (!sets_.empty()) TRY(to_.each(sql_, sets_, {}));
    sets_.clear();
    return {};
  }

 private:
  Database& to_;
  size_t columns_;
  std::string sql_;
  std::vector<DbValues> sets_;
};

Status read_table(Database& from, const Table& table, const DbRowUser& use) {
  const std::string select =
      fmt::format("SELECT {} FROM {}", join(table.columns, ", "), table.name);
  if (!from.is_postgresql()) return from.ask(select, {}, use);
  // A cursor, so that a table is never in memory as a whole.
  TRY_DONE(from.script(fmt::format("DECLARE copied CURSOR FOR {}", select)));
  size_t found = 0;
  do {
    found = 0;
    TRY_DONE(
        from.ask(fmt::format("FETCH {} FROM copied", kRows), {}, [&](const DbRow& row) -> Status {
          ++found;
          return use(row);
        }));
  } while (found == kRows);
  return from.script("CLOSE copied");
}

Status copy_table(Database& from, Database& to, const Table& table) {
  TRY(to.run(fmt::format("DELETE FROM {}", table.name)));
  Rows rows(to, table);
  TRY_DONE(read_table(from, table, [&](const DbRow& row) { return rows.add(row); }));
  TRY_DONE(rows.write());
  if (table.identity.empty()) return {};
  // Numbers that were copied are not given out again.
  TRY(
      to.ask_whole(fmt::format("SELECT setval(pg_get_serial_sequence('{0}', '{1}'), "
                               "coalesce(max({1}), 0) + 1, false) FROM {0}",
                               table.name, table.identity)));
  return {};
}

Status copy_tables(Database& from, Database& to) {
  const std::vector<Table> theirs = TRY(tables_of(from));
  const std::vector<Table> ours = TRY(tables_of(to));
  for (const Table& table : theirs) {
    const auto same = std::ranges::find(ours, table.name, &Table::name);
    if (same == ours.end() || same->columns != table.columns) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the table '{}' is not as this program makes it", table.name));
    }
  }
  for (const Table& table : ours) {
    if (std::ranges::count(theirs, table.name, &Table::name) == 0) {
      return fail(ErrorCode::kInvalid, fmt::format("there is no table '{}'", table.name));
    }
    TRY_DONE(copy_table(from, to, table));
  }
  return {};
}

Status copy_all(Database& from, Database& to) {
  const auto read = [&]() -> Status {
    if (from.is_postgresql()) {
      TRY_DONE(from.script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"));
    }
    return copy_tables(from, to);
  };
  return to.transaction([&] { return from.transaction(read); });
}

// Rows that a fresh database has are those of its steps, the head and settings of ours.
Result<bool> is_fresh(Database& database) {
  const std::set<std::string, std::less<>> made = {"schema_step", "journal_head"};
  for (const Table& table : TRY(tables_of(database))) {
    if (made.contains(table.name)) continue;
    if (TRY(database.ask_whole(fmt::format("SELECT 1 FROM {} LIMIT 1", table.name)))) return false;
  }
  return true;
}

}  // namespace

Status back_up(const DatabaseAddress& from, const PrepareTables& prepare,
               const std::filesystem::path& to) {
  const DatabasePtr source = TRY(open_database(from));
  TRY_DONE(prepare(*source));
  if (!source->is_postgresql()) return source->copy_to(to);
  if (std::filesystem::exists(to)) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' exists already", to.string()));
  }
  const DatabasePtr target = TRY(open_database({.text = to.string()}));
  TRY_DONE(prepare(*target));
  TRY_DONE(copy_all(*source, *target));
  // One file without a log beside it.
  return target->script("PRAGMA journal_mode=DELETE");
}

Status restore(const std::filesystem::path& from, const PrepareTables& prepare,
               const DatabaseAddress& to) {
  const DatabasePtr source = TRY(open_database({.text = from.string()}, {.read_only = true}));
  const DatabasePtr target = TRY(open_database(to));
  TRY_DONE(prepare(*target));
  if (!TRY(is_fresh(*target))) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("'{}' holds something already; nothing is restored over it", to.shown()));
  }
  return copy_all(*source, *target);
}

}  // namespace barometer
