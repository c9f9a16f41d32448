// What the writers of a printed book share.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "barometer/layout/printed_book.h"

namespace barometer {

// Headings over columns [first, last) of one table: one text over adjacent columns that share it
// and all above it. A column with fewer headings than others has its first from level `level` over
// several levels.
struct HeadingSpan {
  size_t first = 0, last = 0;
  size_t level = 0;
  size_t levels = 1;
  bool leaf = false;  // the last of its column
  std::string text;   // of leaves with the letter: "North (A)"
};
struct ColumnRange {
  size_t first = 0, last = 0;
};
size_t heading_levels(const PrintedTable& table, ColumnRange columns);
std::vector<HeadingSpan> heading_spans(const PrintedTable& table, ColumnRange columns);

// "Region: North (A)"
std::string whole_heading(const PrintedColumn& column);
// "trust: Trust in the new plans"
std::string name_of_table(const PrintedTable& table);
// "63 BC"
std::string text_with_letters(const PrintedCell& cell);
bool is_base(const PrintedRow& row);
// What stands over a table beside its title, as label and text: "Question", "Base", "Shown", …
std::vector<std::pair<std::string, std::string>> facts_of(const PrintedTable& table);
// The same of the whole book: method, weighting, rounding, source.
std::vector<std::pair<std::string, std::string>> facts_of(const PrintedBook& book);

}  // namespace barometer
