#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/sql/connection_internal.h"
#include "barometer/sql/sql_engine.h"

namespace barometer {
namespace {

constexpr std::string_view kForms =
    "write duckdb, duckdb:FILE.duckdb, clickhouse://user@host:8123/database or "
    "postgresql://user@host:5432/database";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// %40 -> @; false where what follows a % is no byte.
bool unescaped(std::string_view text, std::string& out) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0 || (high == 0 && low == 0)) return false;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return true;
}

// Splits at the first (or last) `mark`; without one `before` is empty and all of it is `after`.
struct Halves {
  std::string_view before, after;
};
Halves cut_at(std::string_view text, size_t mark) {
  if (mark == std::string_view::npos) return {{}, text};
  return {text.substr(0, mark), text.substr(mark + 1)};
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 && port < 65536;
}

// user:password@host:port/database. No message shows any of it: a part may be the password.
Result<SqlSource> server_source(SqlServer server, std::string_view address) {
  const auto wrong = [&](const char* what) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the address of the {} server {}; {}", name_of(server), what, kForms));
  };
  SqlSource source{.server = server};
  const auto [login, place] = cut_at(address, address.rfind('@'));
  const size_t slash = place.find('/');
  if (slash == std::string_view::npos || slash + 1 == place.size()) {
    return wrong("names no database");
  }
  const std::string_view host = place.substr(0, slash);
  const size_t colon = login.find(':');
  const std::string_view user = login.substr(0, colon);
  const std::string_view password =
      colon == std::string_view::npos ? std::string_view() : login.substr(colon + 1);
  const bool bracketed = host.starts_with('[');  // [::1]:5432
  const size_t port = host.find(':', bracketed ? host.find(']') : 0);
  if (port != std::string_view::npos) {
    source.port = host.substr(port + 1);
    if (!is_port(source.port)) return wrong("has a port that is no number from 1 to 65535");
  }
  const std::string_view machine = host.substr(0, port);
  if (machine.empty()) return wrong("names no host");
  const std::string_view bare =
      bracketed && machine.ends_with(']') ? machine.substr(1, machine.size() - 2) : machine;
  if (!unescaped(user, source.user) || !unescaped(password, source.password) ||
      !unescaped(bare, source.host) || !unescaped(place.substr(slash + 1), source.database)) {
    return wrong("has a % that two hexadecimal digits do not follow");
  }
  if (source.port.empty()) source.port = server == SqlServer::kPostgresql ? "5432" : "8123";
  return source;
}

}  // namespace

std::string SqlSource::name() const {
  if (server == SqlServer::kDuckdb) {
    return database_file.empty() ? fmt::format("DuckDB, reading '{}'", data)
                                 : fmt::format("DuckDB, '{}'", database_file.string());
  }
  const std::string_view scheme = server == SqlServer::kPostgresql ? "postgresql" : "clickhouse";
  return fmt::format("{}://{}{}{}:{}/{}", scheme, printable(user), user.empty() ? "" : "@",
                     printable(host), port, printable(database));
}

Result<SqlSource> parse_sql_source(std::string_view engine, std::string_view data) {
  if (data.empty()) {
    return fail(ErrorCode::kInvalid, "no data: name a table, or for duckdb a file");
  }
  SqlSource source;
  constexpr std::string_view kFile = "duckdb:";
  if (engine.starts_with(kFile)) {
    source.database_file = engine.substr(kFile.size());
    if (source.database_file.empty()) {
      return fail(ErrorCode::kInvalid, fmt::format("duckdb: names no file; {}", kForms));
    }
  } else if (engine != "duckdb") {
    // What follows the first ':' may be a password.
    const size_t at = engine.find(':');
    const std::string scheme = lowered(engine.substr(0, at));
    if (at == std::string_view::npos || !engine.substr(at).starts_with("://")) {
      return fail(ErrorCode::kInvalid, fmt::format("there is no engine '{}'; {}",
                                                   printable(engine.substr(0, at), 20), kForms));
    }
    if (scheme == "postgresql" || scheme == "postgres") {
      source = TRY(server_source(SqlServer::kPostgresql, engine.substr(at + 3)));
    } else if (scheme == "clickhouse") {
      source = TRY(server_source(SqlServer::kClickhouse, engine.substr(at + 3)));
    } else {
      return fail(ErrorCode::kInvalid,
                  fmt::format("there is no engine '{}://'; {}", printable(scheme, 20), kForms));
    }
  }
  source.data = data;
  return source;
}

Result<SqlConnectionPtr> open_connection(const SqlSource& source, const SqlOptions& options,
                                         SqlAccess access) {
  switch (source.server) {
    case SqlServer::kDuckdb:
      return open_duckdb(source, options, access);
    case SqlServer::kPostgresql:
      return open_postgresql(source, options);
    case SqlServer::kClickhouse:
      return open_clickhouse(source, options);
  }
  CHECK(false, "a server is of a known kind");
}

std::string sql_table_name(const Dialect& dialect, const SqlSource& source) {
  const size_t dot = source.data.find('.');
  std::string prefix;
  if (dot != std::string::npos) {
    prefix = sql_identifier(dialect, source.data.substr(0, dot)) + ".";
  } else if (source.server == SqlServer::kClickhouse) {
    prefix = sql_identifier(dialect, source.database) + ".";
  }
  return prefix + sql_identifier(dialect, std::string_view(source.data).substr(dot + 1));
}

bool parse_cell(std::string_view text, SqlType type, SqlCell& cell) {
  cell.known = true;
  const auto fits = [&](auto& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
  };
  switch (type) {
    case SqlType::kText:
      cell.text = text;
      return true;
    case SqlType::kWhole:
      return fits(cell.whole);
    case SqlType::kNumber:
      return fits(cell.number);
  }
  return false;
}

}  // namespace barometer
