// CSV that people wrote (RFC 4180), with the place of every cell for messages.
//
// For small hand-kept files: frames, published figures. Data files go through io (DuckDB).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/diagnostic.h"

namespace barometer {

struct CsvCell {
  std::string text;  // trimmed unless it was quoted
  Place place;
};

class CsvTable {
 public:
  // Reports to `problems`: bytes that are not UTF-8, an unclosed quote, an empty or doubled column
  // name, semicolons or tabs between the columns, a row with another number of cells than the
  // header. Well-formed rows are kept. A byte order mark and LF, CRLF and CR line ends are accepted
  // (inside quotes each is read as LF); blank lines and lines starting with '#' are skipped. NUL
  // bytes count as "not UTF-8 text" (UTF-16).
  static CsvTable parse(std::string_view bytes, const std::string& file, Diagnostics& problems);

  [[nodiscard]] const std::vector<CsvCell>& header() const& { return header_; }
  [[nodiscard]] size_t row_count() const { return rows_.size(); }
  [[nodiscard]] std::optional<size_t> column(std::string_view name) const;
  // The cell of a named column; an empty cell at the row's place when there is no such column.
  [[nodiscard]] const CsvCell& cell(size_t row, std::string_view column_name) const&;
  [[nodiscard]] const std::vector<CsvCell>& row(size_t index) const& { return rows_.at(index); }

  // Reports each header that is in neither list (with the nearest known name), and each required
  // column that is missing. False: one is missing, so that rows say nothing more.
  bool require_columns(const std::vector<std::string>& required,
                       const std::vector<std::string>& optional, Diagnostics& problems) const;

 private:
  std::string file_;
  std::vector<CsvCell> header_;
  std::vector<std::vector<CsvCell>> rows_;
  CsvCell none_;
};

// One cell as CSV text, quoted when it must be.
std::string csv_quoted(std::string_view cell);
// As csv_quoted, and a cell that a spreadsheet would take for a formula (leading = + - @, tab or
// carriage return, unless it is a plain number) gets a leading apostrophe.
std::string csv_spreadsheet_safe(std::string_view cell);

}  // namespace barometer
