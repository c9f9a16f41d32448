// What the formats for programs say of a book: names that stay, and numbers that may be told.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/layout/printed_book.h"

namespace barometer {

std::string_view name_of(RowKind kind);     // "category", "net", "top_boxes", …
std::string_view name_of(ColumnKind kind);  // "total", "category", "rest", "option"
std::string_view name_of(Arrow arrow);      // "", "up", "down"

// Place of each of BookTable's rows (the first of its measures) in PrintedTable::rows; none:
// hidden.
std::vector<std::optional<size_t>> printed_rows(const PrintedTable& table,
                                                const BookTable& numbers);
// Place of each of BookTable's columns in PrintedTable::columns.
std::vector<size_t> printed_columns(const PrintedTable& table, const BookTable& numbers);
// The cell without its numbers where these are withheld.
BookCell told(const BookCell& cell, const PrintRules& rules);

}  // namespace barometer
