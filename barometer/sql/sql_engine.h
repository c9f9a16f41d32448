// The engine whose cases stay in a database: every request becomes SELECT … GROUP BY, and only sums
// travel. DuckDB over a file of any size or a database of its own, PostgreSQL, ClickHouse.
//
// Columns mean what read_data (io/io.h) would make of the same data: numbers are numbers, texts are
// answers whose codes are their places in byte order, booleans 1 No and 2 Yes, NULL is no answer.
// Sums are of whole numbers (limbs.h): the same to the last bit for any number of threads, order of
// rows or cut into shards.
//
// Numbers are summed as distances from the mean of the whole table. The spread of a number within a
// cell is therefore known to about 2^-52 (D / s)² of itself, where D is the distance of the cell's
// mean from that of the table and s the spread within the cell: half the digits of a double are
// left where D is ten thousand times s.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/engine/engine.h"
#include "barometer/sql/sql_text.h"

namespace barometer {

struct SqlSource {
  SqlServer server = SqlServer::kDuckdb;
  std::filesystem::path database_file{};  // DuckDB: a database; empty: `data` is a file
  std::string host{}, port{}, user{}, password{}, database{};
  std::string data{};  // a .parquet, .csv or .tsv file; else a table, "table" or "schema.table"

  // For messages: "postgresql://user@host:5432/database"; without the password.
  [[nodiscard]] std::string name() const;
};

// `engine`: duckdb, duckdb:FILE.duckdb, clickhouse://[user[:password]@]host[:port]/database, or
// postgresql:// (postgres://) with the same. %40 in a name or password is an @. kInvalid otherwise.
Result<SqlSource> parse_sql_source(std::string_view engine, std::string_view data);

// The columns that say how the cases were drawn; names as in the data, or ids.
struct DesignColumns {
  std::string weight{};                             // none: each 1, or from the fpc
  std::vector<std::string> strata{}, ids{}, fpc{};  // by stage
  bool nest = false;
  LonelyPsu lonely_psu = LonelyPsu::kFail;
  bool domain_lonely = false;
  bool weights_from_fpc = false;  // with fpc and no weight
  std::vector<std::string> replicates{};
};

struct SqlOptions {
  size_t memory_limit = size_t{1} << 30;  // of DuckDB, bytes; past it, it uses the disk
  unsigned threads = 0;                   // of DuckDB; 0: one a processor
  int retries = 3;  // of a connection that fails or breaks, with longer pauses
  // Where DuckDB may put what passes its memory; empty: beside the data.
  std::filesystem::path spill_folder{};
  size_t max_categories = 1000;  // a text column of more distinct values is open text
  size_t max_rows = 2'000'000;   // combinations of strata and units of the design
};

// Reads the names and types of the columns, and the design by one GROUP BY of its columns. Stages
// below the first without a population size add nothing to a variance (design.h) and are not read.
// kNotFound: no such file, table or column; kInvalid: weights or a design that Design::make
// refuses, with stratum, unit and value; kLimit: over max_rows; kIo: the server, by name(), and
// what it said. Statements that lose their server are repeated as a whole. The queries of a request
// are one statement, of very many or very long ones a few (SqlUnion); what these need to know of a
// column is asked when it is first named. The engine may be asked from several threads; it answers
// one at a time.
Result<std::unique_ptr<Engine>> open_sql_engine(const SqlSource& source,
                                                const DesignColumns& columns,
                                                const SqlOptions& options,
                                                const Progress& progress);

}  // namespace barometer
