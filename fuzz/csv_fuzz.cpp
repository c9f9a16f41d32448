// Whatever the bytes: no crash, every row as wide as the header, and what we write we read back.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/csv.h"
#include "barometer/base/result.h"
#include "barometer/base/text.h"

namespace {

std::string line_of(const std::vector<barometer::CsvCell>& cells) {
  std::vector<std::string> quoted;
  quoted.reserve(cells.size());
  for (const barometer::CsvCell& cell : cells) quoted.push_back(barometer::csv_quoted(cell.text));
  const std::string line = barometer::join(quoted, ",");
  return (line.empty() ? "\"\"" : line) + "\n";  // a blank line would be skipped
}

std::string rewritten(const barometer::CsvTable& table) {
  std::string out = line_of(table.header());
  for (size_t row = 0; row < table.row_count(); ++row) out += line_of(table.row(row));
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  barometer::Diagnostics problems;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto table = barometer::CsvTable::parse(bytes, "f.csv", problems);
  CHECK(!table.header().empty() || !problems.ok(), "no header is an error");
  if (table.header().empty()) return 0;

  barometer::Diagnostics again_problems;
  const auto again = barometer::CsvTable::parse(rewritten(table), "f.csv", again_problems);
  CHECK(again.row_count() == table.row_count(), "as many rows are read back");
  for (size_t row = 0; row < table.row_count(); ++row) {
    CHECK(table.row(row).size() == table.header().size(), "a row is as wide as the header");
    for (size_t column = 0; column < table.header().size(); ++column) {
      CHECK(again.row(row)[column].text == table.row(row)[column].text, "a cell is read back");
    }
  }
  return 0;
}
