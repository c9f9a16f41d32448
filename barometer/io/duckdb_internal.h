// Tables in files, read and written by DuckDB: nothing outside duckdb.cpp knows it.
//
// A database in memory for each file; extensions are neither loaded nor installed, and the
// configuration is locked before the file is touched. What a CSV cell may be is decided here, not
// by DuckDB's sniffer: the header is ours, cells are text, and a column is a number only when every
// cell is one (finite, without leading zeros as in "007", exact as a double when whole).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/io/table_source.h"

namespace barometer {

enum class FileFormat { kCsv, kTsv, kParquet };
// By the ending of the name; kUnsupported for others.
Result<FileFormat> format_of(const std::filesystem::path& file);

// Some rows of a file, valid during the call that hands it out.
class FileBlock {
 public:
  struct Cells {
    const void* values;
    const uint64_t* present;  // one bit a row; nullptr: every row has a value
  };
  FileBlock(std::vector<Cells> columns, size_t rows, size_t first_row)
      : columns_(std::move(columns)), rows_(rows), first_row_(first_row) {}

  [[nodiscard]] size_t rows() const { return rows_; }
  [[nodiscard]] size_t first_row() const { return first_row_; }  // of the file, from 0
  [[nodiscard]] bool has_value(size_t column, size_t row) const {
    const uint64_t* present = columns_[column].present;
    return present == nullptr || ((present[row / 64] >> (row % 64)) & 1) != 0;
  }
  [[nodiscard]] double number(size_t column, size_t row) const {
    return static_cast<const double*>(columns_[column].values)[row];
  }
  [[nodiscard]] bool flag(size_t column, size_t row) const {
    return static_cast<const bool*>(columns_[column].values)[row];
  }
  [[nodiscard]] std::string_view text(size_t column, size_t row) const;

 private:
  std::vector<Cells> columns_;
  size_t rows_;
  size_t first_row_;
};

class TableFile {
 public:
  // `threads` 0: one a processor. `all_text`: every column is text, whatever it holds.
  static Result<TableFile> open(const std::filesystem::path& file, unsigned threads, bool all_text);

  [[nodiscard]] const std::vector<FileColumn>& columns() const& { return columns_; }
  // What stands after FROM to read it.
  [[nodiscard]] const std::string& from() const&;
  // Hands out the rows in the order of the file. Empty cells and NA have no value.
  Status read(const std::function<Status(const FileBlock&)>& use) const;
  // Copies every row to another file. Returns their number.
  [[nodiscard]] Result<size_t> copy_to(const std::filesystem::path& target,
                                       FileFormat format) const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
  std::vector<FileColumn> columns_;
};

struct ParquetColumn {
  enum class Type { kInt8, kInt16, kInt32, kDouble, kText };
  std::string name{};
  Type type = Type::kInt8;
  // One of these two by type. False: no value in this row.
  std::function<bool(size_t row, double& out)> number{};
  std::function<bool(size_t row, std::string_view& out)> text{};
};
// Plain write to `file`, not atomic. The same columns give the same bytes.
Status write_parquet_file(const std::filesystem::path& file,
                          const std::vector<ParquetColumn>& columns, size_t rows);

// The file's name as a text literal of SQL that means this one file: quotes doubled, and the
// characters of a file pattern (* ? [) taken as themselves when it is read.
std::string sql_path_to_read(const std::filesystem::path& file);
std::string sql_path_to_write(const std::filesystem::path& file);
}  // namespace barometer
