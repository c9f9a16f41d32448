// One conversation with a server: a statement goes out, typed rows come back.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/sql/sql_engine.h"

namespace barometer {

enum class SqlType { kText, kWhole, kNumber };

struct SqlStatement {
  std::string text{};
  std::vector<SqlType> types{};  // of its columns; empty: it answers nothing that matters
};

// One of text, whole and number by the column's type; none where not known (NULL).
struct SqlCell {
  bool known = false;
  std::string_view text{};  // valid during the call
  int64_t whole = 0;
  double number = 0;
};
using SqlRow = std::span<const SqlCell>;
using SqlRowUser = std::function<Status(SqlRow)>;
using SqlRowSource = std::function<bool(std::vector<SqlCell>& cells)>;

// What became of a statement. A lost connection is worth another attempt; the answer of the lost
// one is then to be forgotten.
struct SqlOutcome {
  Status status{};
  bool connection_lost = false;
};

class SqlConnection {
 public:
  SqlConnection() = default;
  SqlConnection(const SqlConnection&) = delete;
  SqlConnection& operator=(const SqlConnection&) = delete;
  virtual ~SqlConnection() = default;

  // kIo with the server's name and what it said; kLimit when `progress` was told to stop.
  virtual SqlOutcome run(const SqlStatement& statement, const Progress& progress,
                         const SqlRowUser& use) = 0;
  // Appends rows to a table that is there, until `next` says there is none more. `table` is quoted
  // where it must be; DuckDB takes "table" or "schema.table" as they are.
  virtual SqlOutcome append(const std::string& table, const std::vector<SqlType>& types,
                            const Progress& progress, const SqlRowSource& next) = 0;
};
using SqlConnectionPtr = std::unique_ptr<SqlConnection>;

// Not yet connected where there is a network: the first statement does that.
enum class SqlAccess { kRead, kWrite };
Result<SqlConnectionPtr> open_duckdb(const SqlSource& source, const SqlOptions& options,
                                     SqlAccess access);
Result<SqlConnectionPtr> open_postgresql(const SqlSource& source, const SqlOptions& options);
Result<SqlConnectionPtr> open_clickhouse(const SqlSource& source, const SqlOptions& options);
Result<SqlConnectionPtr> open_connection(const SqlSource& source, const SqlOptions& options,
                                         SqlAccess access);
// "schema.table" or "table", each part quoted; of ClickHouse always with the database.
std::string sql_table_name(const Dialect& dialect, const SqlSource& source);

// A cell of text as servers write it; false where it does not fit the type.
bool parse_cell(std::string_view text, SqlType type, SqlCell& cell);

}  // namespace barometer
