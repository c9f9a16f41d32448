#include <duckdb.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/text.h"
#include "barometer/io/duckdb_internal.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxHeaderBytes = size_t{4} << 20;

std::string sql_text(std::string_view text) {
  return "'" + replaced(std::string(text), "'", "''") + "'";
}

// What DuckDB says of a CSV line, without the line itself: it may be someone's answer.
std::string csv_reason(std::string_view message) {
  const size_t expected = message.find("Expected Number of Columns: ");
  if (expected != std::string_view::npos) {
    const std::string_view line = message.substr(expected, message.find('\n', expected) - expected);
    const size_t found = line.find(" Found: ");
    if (found != std::string_view::npos) {
      constexpr size_t kPrefix = 28;
      return fmt::format("this row has {} cells, the header has {}", line.substr(found + 8),
                         line.substr(kPrefix, found - kPrefix));
    }
  }
  if (message.find("Invalid unicode") != std::string_view::npos) return "the text is not UTF-8";
  if (message.find("unterminated quote") != std::string_view::npos) {
    return "a quoted cell never ends, or text follows its closing quote";
  }
  if (message.find("Maximum line size") != std::string_view::npos) return "the line is too long";
  return "the line cannot be read as CSV";
}

// "Invalid Input Error: CSV Error on Line: 3\n…" -> "line 3: this row has 1 cells, …".
std::string one_sentence(std::string_view message) {
  constexpr std::string_view kLine = "CSV Error on Line: ";
  if (const size_t at = message.find(kLine); at != std::string_view::npos) {
    const std::string_view digits = message.substr(at + kLine.size());
    return fmt::format("line {}: {}", digits.substr(0, digits.find('\n')), csv_reason(message));
  }
  std::string_view first = message.substr(0, message.find('\n'));
  if (const size_t at = first.find("Error: "); at != std::string_view::npos && at < 40) {
    first.remove_prefix(at + 7);
  }
  return printable(first, 200);
}

auto failure(const char* act, const fs::path& file, std::string_view message) {
  return fail(ErrorCode::kInvalid,
              fmt::format("{} '{}': {}", act, file.string(), one_sentence(message)));
}

// Owns a C object of DuckDB.
template <class T, auto Destroy>
class Owned {
 public:
  Owned() = default;
  explicit Owned(T value) : value_(value) {}
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() { Destroy(&value_); }
  T* out() { return &value_; }
  [[nodiscard]] T value() const { return value_; }

 private:
  T value_{};
};
using Answer = Owned<duckdb_result, duckdb_destroy_result>;
using Chunk = Owned<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using Statement = Owned<duckdb_prepared_statement, duckdb_destroy_prepare>;
using Pending = Owned<duckdb_pending_result, duckdb_destroy_pending>;
using Appender = Owned<duckdb_appender, duckdb_appender_destroy>;
using Settings = Owned<duckdb_config, duckdb_destroy_config>;

std::string_view text_of(const Answer& answer) {
  duckdb_result result = answer.value();
  const char* message = duckdb_result_error(&result);
  return message == nullptr ? "DuckDB gave no reason" : message;
}

bool is_valid(duckdb_vector vector, size_t row) {
  uint64_t* validity = duckdb_vector_get_validity(vector);
  return validity == nullptr || duckdb_validity_row_is_valid(validity, row);
}

std::string_view text_at(duckdb_vector vector, size_t row) {
  auto* strings = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
  return {duckdb_string_t_data(&strings[row]), duckdb_string_t_length(strings[row])};
}

class Database {
 public:
  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() {
    duckdb_disconnect(&connection_);
    duckdb_close(&database_);
  }

  Status open(unsigned threads) {
    Settings settings;
    if (duckdb_create_config(settings.out()) != DuckDBSuccess) return broken("no configuration");
    const auto set = [&](const char* name, const std::string& value) {
      duckdb_set_config(settings.value(), name, value.c_str());
    };
    set("autoinstall_known_extensions", "false");
    set("autoload_known_extensions", "false");
    set("preserve_insertion_order", "true");
    if (threads > 0) set("threads", std::to_string(threads));
    char* message = nullptr;
    const bool opened =
        duckdb_open_ext(nullptr, &database_, settings.value(), &message) == DuckDBSuccess;
    const std::string reason = message == nullptr ? "" : message;
    duckdb_free(message);
    if (!opened || duckdb_connect(database_, &connection_) != DuckDBSuccess) return broken(reason);
    Answer answer;
    if (!query("SET lock_configuration = true", answer)) return broken(text_of(answer));
    return {};
  }

  bool query(const std::string& sql, Answer& answer) const {
    return duckdb_query(connection_, sql.c_str(), answer.out()) == DuckDBSuccess;
  }
  [[nodiscard]] duckdb_connection connection() const { return connection_; }

 private:
  static tl::unexpected<Error> broken(std::string_view reason) {
    return fail(ErrorCode::kIo, fmt::format("cannot start DuckDB: {}", one_sentence(reason)));
  }

  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

// Every row of a small answer, as text; nothing for NULL.
std::vector<std::vector<std::optional<std::string>>> rows_of(Answer& answer) {
  std::vector<std::vector<std::optional<std::string>>> rows;
  const idx_t columns = duckdb_column_count(answer.out());
  while (true) {
    const Chunk chunk(duckdb_fetch_chunk(answer.value()));
    if (chunk.value() == nullptr) return rows;
    const idx_t count = duckdb_data_chunk_get_size(chunk.value());
    for (idx_t row = 0; row < count; ++row) {
      auto& cells = rows.emplace_back(columns);
      for (idx_t column = 0; column < columns; ++column) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk.value(), column);
        if (is_valid(vector, row)) cells[column] = std::string(text_at(vector, row));
      }
    }
  }
}

Status check_file(const fs::path& file) {
  std::error_code problem;
  if (!fs::exists(file, problem)) {
    return fail(ErrorCode::kNotFound, fmt::format("there is no file '{}'", file.string()));
  }
  if (!fs::is_regular_file(file, problem)) {
    return fail(ErrorCode::kIo, fmt::format("'{}' is not a file", file.string()));
  }
  return {};
}

// The bytes of the first record: up to the first line end outside quotes.
std::string first_record(std::istream& in) {
  std::string record;
  bool quoted = false;
  for (char c = 0; record.size() < kMaxHeaderBytes && in.get(c);) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '\n' || c == '\r')) break;
    record += c;
  }
  return record;
}

Result<std::vector<std::string>> header_of(const fs::path& file, char separator) {
  std::ifstream in(file, std::ios::binary);
  std::string record = first_record(in);
  // R writes row names under an empty first name.
  if (record.starts_with("\"\"") || record.starts_with(separator)) record.insert(0, "row");
  if (record.starts_with("row\"\"")) record.erase(3, 2);
  if (separator == '\t') record = replaced(replaced(record, ",", "\x1F"), "\t", ",");
  Diagnostics problems;
  const CsvTable table = CsvTable::parse(record, file.filename().string(), problems);
  TRY_DONE(problems.status());
  std::vector<std::string> names;
  for (const CsvCell& cell : table.header()) names.push_back(replaced(cell.text, "\x1F", ","));
  return names;
}

// FROM clause that reads every cell as text.
std::string csv_source(const fs::path& file, char separator,
                       const std::vector<std::string>& names) {
  std::vector<std::string> columns;
  for (const std::string& name : names) columns.push_back(sql_text(name) + ": 'VARCHAR'");
  return fmt::format(
      "read_csv({}, auto_detect = false, header = true, delim = {}, quote = '\"', escape = '\"', "
      "nullstr = ['', 'NA'], hive_partitioning = false, strict_mode = true, columns = {{{}}})",
      sql_path_to_read(file), sql_text(std::string(1, separator)), join(columns, ", "));
}

bool is_nested(std::string_view type) {
  constexpr std::array<std::string_view, 6> kNested = {"STRUCT", "MAP", "UNION",
                                                       "BLOB",   "BIT", "VARIANT"};
  return type.ends_with("]") ||
         std::ranges::any_of(kNested, [&](auto start) { return type.starts_with(start); });
}

bool is_number_type(std::string_view type) {
  constexpr std::array<std::string_view, 12> kNumbers = {
      "TINYINT",  "SMALLINT", "INTEGER", "BIGINT",  "UTINYINT", "USMALLINT",
      "UINTEGER", "FLOAT",    "DOUBLE",  "HUGEINT", "UBIGINT",  "UHUGEINT"};
  return std::ranges::find(kNumbers, type) != kNumbers.end() || type.starts_with("DECIMAL");
}

bool may_pass_doubles(std::string_view type) {
  return type == "BIGINT" || type == "HUGEINT" || type == "UBIGINT" || type == "UHUGEINT";
}

}  // namespace

struct TableFile::Impl {
  fs::path file;
  FileFormat format = FileFormat::kCsv;
  std::string source;  // what stands after FROM
  Database database;

  Result<std::vector<std::vector<std::optional<std::string>>>> rows(const std::string& sql) const {
    Answer answer;
    if (!database.query(sql, answer)) return failure("cannot read", file, text_of(answer));
    return rows_of(answer);
  }
  Status decide_csv_types(std::vector<FileColumn>& columns) const;
  Status describe_parquet(std::vector<FileColumn>& columns, bool all_text) const;
};

// One pass over the file: is every cell of the column a number, and a whole one?
Status TableFile::Impl::decide_csv_types(std::vector<FileColumn>& columns) const {
  constexpr std::string_view kTests =
      "count({0}) = count({1}) AND coalesce(isfinite(min({1})) AND isfinite(max({1})), true) "
      // cells like 007 lie between '00' and '0:', the byte after '9'
      "AND NOT coalesce(bool_or({0} >= '00' AND {0} < '0:'), false) "
      // whole numbers past 2^53 written out, not as 1e20
      "AND NOT coalesce(bool_and({1} = floor({1})) AND max(strlen({0})) > 15 "
      "AND greatest(max({1}), -min({1})) >= 9007199254740992, false), "
      "coalesce(bool_and({1} = floor({1})) AND greatest(max({1}), -min({1})) < 9007199254740992, "
      "true)";
  std::vector<std::string> tests;
  for (const FileColumn& column : columns) {
    const std::string name = sql_name(column.name);
    tests.push_back(
        fmt::format(fmt::runtime(kTests), name, fmt::format("TRY_CAST({} AS DOUBLE)", name)));
  }
  const std::string sql =
      fmt::format("SELECT unnest([{}])::VARCHAR FROM {}", join(tests, ", "), source);
  const auto answer = TRY(rows(sql));
  for (size_t i = 0; i < columns.size(); ++i) {
    columns[i].type = answer.at(2 * i).at(0) == "true" ? FileType::kNumber : FileType::kText;
    columns[i].whole = answer.at(2 * i + 1).at(0) == "true";
  }
  return {};
}

Status TableFile::Impl::describe_parquet(std::vector<FileColumn>& columns, bool all_text) const {
  const auto described = TRY(rows(
      fmt::format("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {})", source)));
  for (const auto& row : described) {
    const std::string& type = row[1].value();
    FileColumn column{.name = row[0].value()};
    if (is_nested(type)) {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("cannot read '{}': the column '{}' holds {}, not single values",
                              file.string(), printable(column.name), printable(type)));
    }
    if (!all_text && type == "BOOLEAN") column.type = FileType::kBoolean;
    if (!all_text && is_number_type(type)) column.type = FileType::kNumber;
    column.whole = type.find("INT") != std::string::npos;
    if (!all_text && may_pass_doubles(type)) {
      const auto exact = TRY(rows(fmt::format(
          "SELECT coalesce(bool_and({0} BETWEEN -9007199254740992 AND 9007199254740992), "
          "true)::VARCHAR FROM {1}",
          sql_name(column.name), source)));
      if (exact.at(0).at(0) != "true") column.type = FileType::kText;
    }
    columns.push_back(std::move(column));
  }
  return {};
}

const std::string& TableFile::from() const& { return impl_->source; }

Result<FileSource> describe_table_file(const fs::path& file, unsigned threads) {
  const TableFile table = TRY(TableFile::open(file, threads, false));
  return FileSource{table.from(), table.columns()};
}

Result<FileFormat> format_of(const fs::path& file) {
  const std::string ending = lowered(file.extension().string());
  if (ending == ".csv") return FileFormat::kCsv;
  if (ending == ".tsv") return FileFormat::kTsv;
  if (ending == ".parquet") return FileFormat::kParquet;
  return fail(
      ErrorCode::kUnsupported,
      fmt::format("'{}' does not end in .csv, .tsv, .parquet, .sav or .zsav", file.string()));
}

std::string_view FileBlock::text(size_t column, size_t row) const {
  const auto* strings = static_cast<const duckdb_string_t*>(columns_[column].values);
  duckdb_string_t string = strings[row];
  // Short strings live in the value itself, so the pointer must come from the vector's own copy.
  const char* bytes = duckdb_string_is_inlined(string) ? strings[row].value.inlined.inlined
                                                       : duckdb_string_t_data(&string);
  return {bytes, duckdb_string_t_length(string)};
}

Result<TableFile> TableFile::open(const fs::path& file, unsigned threads, bool all_text) {
  TableFile table;
  table.impl_ = std::make_shared<Impl>();
  Impl& impl = *table.impl_;
  impl.file = file;
  impl.format = TRY(format_of(file));
  TRY_DONE(check_file(file));
  TRY_DONE(impl.database.open(threads));
  if (impl.format == FileFormat::kParquet) {
    impl.source =
        fmt::format("read_parquet({}, hive_partitioning = false)", sql_path_to_read(file));
    TRY_DONE(impl.describe_parquet(table.columns_, all_text));
    return table;
  }
  const char separator = impl.format == FileFormat::kTsv ? '\t' : ',';
  const auto names = TRY(header_of(file, separator));
  for (const std::string& name : names) table.columns_.push_back({.name = name});
  impl.source = csv_source(file, separator, names);
  if (!all_text) TRY_DONE(impl.decide_csv_types(table.columns_));
  return table;
}

namespace {

std::string select_list(const std::vector<FileColumn>& columns) {
  std::vector<std::string> parts;
  for (const FileColumn& column : columns) {
    const std::string name = sql_name(column.name);
    switch (column.type) {
      case FileType::kNumber:
        parts.push_back(fmt::format("CAST({} AS DOUBLE)", name));
        break;
      case FileType::kBoolean:
        parts.push_back(name);
        break;
      case FileType::kText:
        parts.push_back(fmt::format("nullif(nullif(CAST({} AS VARCHAR), ''), 'NA')", name));
        break;
    }
  }
  return join(parts, ", ");
}

FileBlock block_of(duckdb_data_chunk chunk, size_t first_row) {
  std::vector<FileBlock::Cells> cells;
  for (idx_t column = 0; column < duckdb_data_chunk_get_column_count(chunk); ++column) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, column);
    cells.push_back({duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)});
  }
  return {std::move(cells), duckdb_data_chunk_get_size(chunk), first_row};
}

}  // namespace

Status TableFile::read(const std::function<Status(const FileBlock&)>& use) const {
  const auto refuse = [&](const char* message) {
    return failure("cannot read", impl_->file, message == nullptr ? "no reason given" : message);
  };
  const std::string sql = fmt::format("SELECT {} FROM {}", select_list(columns_), impl_->source);
  Statement statement;
  if (duckdb_prepare(impl_->database.connection(), sql.c_str(), statement.out()) != DuckDBSuccess) {
    return refuse(duckdb_prepare_error(statement.value()));
  }
  Pending pending;
  if (duckdb_pending_prepared_streaming(statement.value(), pending.out()) != DuckDBSuccess) {
    return refuse(duckdb_pending_error(pending.value()));
  }
  Answer answer;
  if (duckdb_execute_pending(pending.value(), answer.out()) != DuckDBSuccess) {
    return refuse(duckdb_result_error(answer.out()));
  }
  for (size_t row = 0;;) {
    const Chunk chunk(duckdb_fetch_chunk(answer.value()));
    if (chunk.value() == nullptr) break;
    const FileBlock block = block_of(chunk.value(), row);
    if (block.rows() == 0) break;
    TRY_DONE(use(block));
    row += block.rows();
  }
  if (const char* message = duckdb_result_error(answer.out()); message != nullptr) {
    return refuse(message);
  }
  return {};
}

Result<size_t> TableFile::copy_to(const fs::path& target, FileFormat format) const {
  std::vector<std::string> parts;
  for (const FileColumn& column : columns_) {
    const std::string name = sql_name(column.name);
    const bool typed = impl_->format != FileFormat::kParquet && format == FileFormat::kParquet &&
                       column.type == FileType::kNumber;
    parts.push_back(
        typed ? fmt::format("CAST({0} AS {1}) AS {0}", name, column.whole ? "BIGINT" : "DOUBLE")
              : name);
  }
  const std::string options =
      format == FileFormat::kParquet ? "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"
      : format == FileFormat::kTsv   ? "FORMAT csv, HEADER true, DELIMITER '\t'"
                                     : "FORMAT csv, HEADER true, DELIMITER ','";
  Answer answer;
  const std::string sql = fmt::format("COPY (SELECT {} FROM {}) TO {} ({})", join(parts, ", "),
                                      impl_->source, sql_path_to_write(target), options);
  if (!impl_->database.query(sql, answer)) {
    return failure("cannot convert", impl_->file, text_of(answer));
  }
  return static_cast<size_t>(duckdb_rows_changed(answer.out()));
}

namespace {

duckdb_type duckdb_type_of(ParquetColumn::Type type) {
  switch (type) {
    case ParquetColumn::Type::kInt8:
      return DUCKDB_TYPE_TINYINT;
    case ParquetColumn::Type::kInt16:
      return DUCKDB_TYPE_SMALLINT;
    case ParquetColumn::Type::kInt32:
      return DUCKDB_TYPE_INTEGER;
    case ParquetColumn::Type::kDouble:
      return DUCKDB_TYPE_DOUBLE;
    case ParquetColumn::Type::kText:
      return DUCKDB_TYPE_VARCHAR;
  }
  return DUCKDB_TYPE_VARCHAR;
}

const char* sql_type_of(ParquetColumn::Type type) {
  switch (type) {
    case ParquetColumn::Type::kInt8:
      return "TINYINT";
    case ParquetColumn::Type::kInt16:
      return "SMALLINT";
    case ParquetColumn::Type::kInt32:
      return "INTEGER";
    case ParquetColumn::Type::kDouble:
      return "DOUBLE";
    case ParquetColumn::Type::kText:
      return "VARCHAR";
  }
  return "VARCHAR";
}

void mark_absent(duckdb_vector vector, size_t row) {
  duckdb_vector_ensure_validity_writable(vector);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

template <class T>
void fill_numbers(const ParquetColumn& column, size_t first, size_t count, duckdb_vector vector) {
  auto* values = static_cast<T*>(duckdb_vector_get_data(vector));
  for (size_t row = 0; row < count; ++row) {
    double value = 0;
    const bool present = column.number(first + row, value);
    values[row] = static_cast<T>(value);
    if (!present) mark_absent(vector, row);
  }
}

void fill_texts(const ParquetColumn& column, size_t first, size_t count, duckdb_vector vector) {
  for (size_t row = 0; row < count; ++row) {
    std::string_view text;
    if (column.text(first + row, text)) {
      duckdb_vector_assign_string_element_len(vector, row, text.data(), text.size());
    } else {
      mark_absent(vector, row);
    }
  }
}

void fill(const ParquetColumn& column, size_t first, size_t count, duckdb_vector vector) {
  switch (column.type) {
    case ParquetColumn::Type::kInt8:
      return fill_numbers<int8_t>(column, first, count, vector);
    case ParquetColumn::Type::kInt16:
      return fill_numbers<int16_t>(column, first, count, vector);
    case ParquetColumn::Type::kInt32:
      return fill_numbers<int32_t>(column, first, count, vector);
    case ParquetColumn::Type::kDouble:
      return fill_numbers<double>(column, first, count, vector);
    case ParquetColumn::Type::kText:
      return fill_texts(column, first, count, vector);
  }
}

bool append_rows(const Appender& appender, const std::vector<ParquetColumn>& columns, size_t rows) {
  std::vector<duckdb_logical_type> types;
  for (const ParquetColumn& column : columns) {
    types.push_back(duckdb_create_logical_type(duckdb_type_of(column.type)));
  }
  const Chunk chunk(duckdb_create_data_chunk(types.data(), types.size()));
  for (duckdb_logical_type& type : types) duckdb_destroy_logical_type(&type);
  const size_t step = duckdb_vector_size();
  for (size_t first = 0; first < rows; first += step) {
    const size_t count = std::min(step, rows - first);
    duckdb_data_chunk_reset(chunk.value());
    for (size_t i = 0; i < columns.size(); ++i) {
      fill(columns[i], first, count, duckdb_data_chunk_get_vector(chunk.value(), i));
    }
    duckdb_data_chunk_set_size(chunk.value(), count);
    if (duckdb_append_data_chunk(appender.value(), chunk.value()) != DuckDBSuccess) return false;
  }
  return duckdb_appender_flush(appender.value()) == DuckDBSuccess;
}

}  // namespace

Status write_parquet_file(const fs::path& file, const std::vector<ParquetColumn>& columns,
                          size_t rows) {
  Database database;
  TRY_DONE(database.open(1));
  std::vector<std::string> declared;
  for (const ParquetColumn& column : columns) {
    declared.push_back(sql_name(column.name) + " " + sql_type_of(column.type));
  }
  Answer created;
  if (!database.query(fmt::format("CREATE TABLE data ({})", join(declared, ", ")), created)) {
    return failure("cannot write", file, text_of(created));
  }
  Appender appender;
  const bool appended = duckdb_appender_create(database.connection(), nullptr, "data",
                                               appender.out()) == DuckDBSuccess &&
                        append_rows(appender, columns, rows);
  if (!appended) {
    const char* message = duckdb_appender_error(appender.value());
    return failure("cannot write", file, message == nullptr ? "no reason given" : message);
  }
  Answer copied;
  const std::string sql =
      fmt::format("COPY data TO {} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)",
                  sql_path_to_write(file));
  if (!database.query(sql, copied)) return failure("cannot write", file, text_of(copied));
  return {};
}

std::string sql_path_to_write(const fs::path& file) {
  return sql_text(fs::absolute(file).lexically_normal().string());
}

std::string sql_path_to_read(const fs::path& file) {
  std::string pattern;
  for (const char c : fs::absolute(file).lexically_normal().string()) {
    const bool special = c == '*' || c == '?' || c == '[';
    pattern += special ? fmt::format("[{}]", c) : std::string(1, c);
  }
  return sql_text(pattern);
}

std::string sql_name(std::string_view name) {
  return "\"" + replaced(std::string(name), "\"", "\"\"") + "\"";
}

}  // namespace barometer
