#include "barometer/base/csv.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "barometer/base/decimal.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Reads records one after another, keeping line and column (in bytes) of each cell.
class CsvScanner {
 public:
  CsvScanner(std::string_view bytes, std::string file, Diagnostics& problems)
      : bytes_(bytes), file_(std::move(file)), problems_(problems) {}

  [[nodiscard]] bool at_end() const { return at_ >= bytes_.size(); }

  // A comment is skipped as bytes, so that a quote in it opens no cell; a quoted "#" is text.
  bool skip_blank_or_comment() {
    const size_t end = std::min(bytes_.find_first_of("\r\n", at_), bytes_.size());
    const std::string_view line = trimmed(bytes_.substr(at_, end - at_));
    if (!line.empty() && !line.starts_with('#')) return false;
    at_ = end;
    end_line();
    return true;
  }

  std::vector<CsvCell> record() {
    std::vector<CsvCell> cells;
    do {
      cells.push_back(cell());
    } while (take(','));
    end_line();
    return cells;
  }

 private:
  [[nodiscard]] Place here() const { return {file_, line_, at_ - line_start_ + 1}; }

  bool take(char c) {
    if (at_end() || bytes_[at_] != c) return false;
    ++at_;
    return true;
  }

  // LF, CRLF, or the lone CR of old spreadsheets.
  bool end_line() {
    const bool returned = take('\r');
    if (!take('\n') && !returned) return false;
    ++line_;
    line_start_ = at_;
    return true;
  }

  [[nodiscard]] bool in_cell() const {
    return !at_end() && bytes_[at_] != ',' && bytes_[at_] != '\r' && bytes_[at_] != '\n';
  }

  CsvCell cell() {
    while (take(' ')) {
    }
    const Place place = here();
    if (take('"')) return {quoted(place), place};
    const size_t start = at_;
    while (in_cell()) ++at_;
    std::string_view text = bytes_.substr(start, at_ - start);
    return {std::string(trimmed(text)), place};
  }

  std::string quoted(const Place& start) {
    std::string text;
    while (!at_end()) {
      if (take('"')) {
        if (!take('"')) return after_quote(std::move(text));
        text += '"';
      } else if (end_line()) {
        text += '\n';
      } else {
        text += bytes_[at_++];
      }
    }
    problems_.error("csv-unclosed-quote", start, "a quoted cell starts here and never ends");
    return text;
  }

  // Only a comma or the end of the line may follow a closing quote.
  std::string after_quote(std::string text) {
    while (take(' ')) {
    }
    if (in_cell()) {
      problems_.error("csv-stray-quote", here(), "text follows the closing quote of a cell",
                      "double a quote that belongs to the text: \"\"");
      while (in_cell()) ++at_;
    }
    return text;
  }

  std::string_view bytes_;
  std::string file_;
  Diagnostics& problems_;
  size_t at_ = 0;
  size_t line_ = 1;
  size_t line_start_ = 0;
};

void check_header(const std::vector<CsvCell>& header, Diagnostics& problems) {
  std::set<std::string> seen;
  for (const CsvCell& cell : header) {
    if (cell.text.empty()) problems.error("csv-header", cell.place, "a column has no name");
    if (!cell.text.empty() && !seen.insert(cell.text).second) {
      problems.error("csv-header", cell.place,
                     fmt::format("the column '{}' is there twice", printable(cell.text)));
    }
  }
}

// What the columns of a file are separated by whose header is one cell: ";" or a tab, as
// spreadsheets write where the comma is a decimal mark.
const char* other_separator(const std::vector<CsvCell>& header) {
  if (header.size() != 1) return nullptr;
  if (header[0].text.find(';') != std::string::npos) return "semicolons";
  return header[0].text.find('\t') != std::string::npos ? "tabs" : nullptr;
}

bool looks_numeric(std::string_view cell) { return parse_decimal(cell).has_value(); }

}  // namespace

CsvTable CsvTable::parse(std::string_view bytes, const std::string& file, Diagnostics& problems) {
  CsvTable table;
  table.file_ = file;
  table.none_.place = {file, 0, 0};
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  if (!is_utf8(bytes) || bytes.find('\0') != std::string_view::npos) {
    problems.error("csv-encoding", {file, 0, 0}, "the file is not UTF-8 text",
                   "save it as CSV UTF-8");
    return table;
  }
  CsvScanner scanner(bytes, file, problems);
  while (!scanner.at_end()) {
    if (scanner.skip_blank_or_comment()) continue;
    std::vector<CsvCell> cells = scanner.record();
    if (table.header_.empty()) {
      if (const char* separator = other_separator(cells)) {
        problems.error("csv-separator", cells[0].place,
                       fmt::format("the columns are separated by {}, not by commas", separator),
                       "save it as CSV UTF-8 with commas between the columns");
        return table;
      }
      check_header(cells, problems);
      table.header_ = std::move(cells);
    } else if (cells.size() != table.header_.size()) {
      problems.error("csv-width", cells[0].place,
                     fmt::format("this row has {} cells, the header has {}", cells.size(),
                                 table.header_.size()),
                     "quote a cell that holds a comma");
    } else {
      table.rows_.push_back(std::move(cells));
    }
  }
  if (table.header_.empty()) {
    problems.error("csv-empty", {file, 0, 0}, "the file has no header row");
  }
  return table;
}

std::optional<size_t> CsvTable::column(std::string_view name) const {
  const auto found = std::ranges::find(header_, name, &CsvCell::text);
  if (found == header_.end()) return std::nullopt;
  return static_cast<size_t>(found - header_.begin());
}

const CsvCell& CsvTable::cell(size_t row, std::string_view column_name) const& {
  const auto index = column(column_name);
  return index ? rows_.at(row).at(*index) : none_;
}

bool CsvTable::require_columns(const std::vector<std::string>& required,
                               const std::vector<std::string>& optional,
                               Diagnostics& problems) const {
  if (header_.empty()) return false;
  bool all = true;
  std::vector<std::string> known = required;
  known.insert(known.end(), optional.begin(), optional.end());
  for (const CsvCell& cell : header_) {
    if (cell.text.empty() || std::ranges::find(known, cell.text) != known.end()) continue;
    problems.error("csv-unknown-column", cell.place,
                   fmt::format("unknown column '{}'", printable(cell.text)),
                   suggestion(cell.text, known));
  }
  for (const std::string& name : required) {
    if (!column(name)) {
      all = false;
      problems.error("csv-missing-column", {file_, header_[0].place.line, 0},
                     fmt::format("the column '{}' is missing", name));
    }
  }
  return all;
}

std::string csv_quoted(std::string_view cell) {
  const bool plain = cell.find_first_of(",\"\r\n") == std::string_view::npos &&
                     trimmed(cell) == cell && !cell.starts_with('#') &&
                     !cell.starts_with(kByteOrderMark);
  if (plain) return std::string(cell);
  return "\"" + replaced(std::string(cell), "\"", "\"\"") + "\"";
}

std::string csv_spreadsheet_safe(std::string_view cell) {
  const bool formula = !cell.empty() &&
                       std::string_view("=+-@\t\r").find(cell.front()) != std::string_view::npos &&
                       cell != "-" && !looks_numeric(cell);
  return csv_quoted(formula ? "'" + std::string(cell) : std::string(cell));
}

}  // namespace barometer
