// What a table file is to SQL in DuckDB: what stands after FROM, and what its columns hold. The
// rules of types and names are those of read_data (io.h), so that data read and data queried agree.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

enum class FileType { kNumber, kBoolean, kText };

struct FileColumn {
  std::string name{};
  FileType type = FileType::kText;
  bool whole = false;  // of a number column: every cell is a whole number for sure
};

struct FileSource {
  std::string from{};  // cells of a CSV file are text, NULL where empty or NA
  std::vector<FileColumn> columns{};
};

// A .csv or .tsv file is read once to find its types; of a .parquet file the footer and, where
// there are 64-bit integers, these columns. Errors as read_data. `threads` 0: one a processor.
Result<FileSource> describe_table_file(const std::filesystem::path& file, unsigned threads);

// An id a column. A name that is an id keeps it, whatever stands before: what is asked for as it is
// written is what is found.
std::vector<std::string> variable_ids_of(std::span<const FileColumn> columns);

// A column's name in SQL.
std::string sql_name(std::string_view name);

}  // namespace barometer
