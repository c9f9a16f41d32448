#include "barometer/journal/database.h"

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/journal/database_internal.h"

namespace barometer {
namespace {

constexpr int64_t kMigrationLock = 0x6261726f;  // "baro": any number that is ours

}  // namespace

bool DatabaseAddress::is_postgresql() const {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

std::string DatabaseAddress::shown() const {
  if (!is_postgresql()) return printable(text, 300);
  const size_t start = text.find("://") + 3;
  const size_t at = text.rfind('@');
  // A password may also stand among the parameters.
  const size_t end = text.find('?', at == std::string::npos ? start : at);
  const size_t from = at == std::string::npos ? start : at + 1;
  return "postgresql://" + printable(std::string_view(text).substr(from, end - from), 200);
}

Status check_values(std::span<const DbValues> sets) {
  for (const DbValues& values : sets) {
    for (const DbValue& value : values) {
      const auto* text = std::get_if<std::string>(&value);
      if (text == nullptr) continue;
      if (!is_utf8(*text) || text->find('\0') != std::string::npos) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' is not text in UTF-8", printable(*text)));
      }
    }
  }
  return {};
}

Result<DatabasePtr> open_database(const DatabaseAddress& address, const DatabaseOptions& options) {
  return address.is_postgresql() ? open_postgresql_database(address, options)
                                 : open_sqlite(address, options);
}

Status Database::transaction(const std::function<Status()>& body) {
  TRY_DONE(begin());
  if (Status done = body(); !done) {
    roll_back();
    return done;
  }
  Status committed = commit();
  if (!committed) roll_back();
  return committed;
}

Result<int64_t> Database::run(std::string_view sql, const DbValues& values) {
  return each(sql, {&values, 1}, {});
}

Status Database::ask(std::string_view sql, const DbValues& values, const DbRowUser& use) {
  TRY(each(sql, {&values, 1}, [&](size_t, const DbRow& row) { return use(row); }));
  return {};
}

Result<std::optional<int64_t>> Database::ask_whole(std::string_view sql, const DbValues& values) {
  std::optional<int64_t> found;
  bool first = true;
  TRY_DONE(ask(sql, values, [&](const DbRow& row) -> Status {
    if (first && !row.is_null(0)) found = row.whole(0);
    first = false;
    return {};
  }));
  return found;
}

Result<std::optional<std::string>> Database::ask_text(std::string_view sql,
                                                      const DbValues& values) {
  std::optional<std::string> found;
  bool first = true;
  TRY_DONE(ask(sql, values, [&](const DbRow& row) -> Status {
    if (first && !row.is_null(0)) found = std::string(row.text(0));
    first = false;
    return {};
  }));
  return found;
}

Status migrate(Database& database, std::string_view component, std::span<const Migration> steps) {
  return database.transaction([&]() -> Status {
    TRY_DONE(database.lock(kMigrationLock));
    TRY_DONE(database.script(
        "CREATE TABLE IF NOT EXISTS schema_step (component TEXT NOT NULL, number BIGINT NOT NULL, "
        "PRIMARY KEY (component, number))"));
    const std::string name(component);
    const auto last =
        TRY(database.ask_whole("SELECT max(number) FROM schema_step WHERE component = ?", {name}));
    const int64_t done = last.value_or(0);
    if (!steps.empty() && done > steps.back().number) {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("the tables of '{}' are of a newer program (step {}; this one knows "
                              "{})",
                              component, done, steps.back().number));
    }
    for (const Migration& step : steps) {
      if (step.number <= done) continue;
      TRY_DONE(database.script(step.sql));
      TRY(database.run("INSERT INTO schema_step (component, number) VALUES (?, ?)",
                       {name, int64_t{step.number}}));
    }
    return {};
  });
}

}  // namespace barometer
