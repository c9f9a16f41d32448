// Between the files that make a printed book of a book.
#pragma once

#include <string>
#include <vector>

#include "barometer/layout/printed_book.h"

namespace barometer {

// The cell holds no numbers for readers: suppressed, or on a base under suppress_base_under.
bool is_withheld(const BookCell& cell, const PrintRules& rules);
// A test of this row between these columns tells something of a cell that is withheld.
bool is_withheld(const BookTable& table, const PairTest& test, const PrintRules& rules);
// The same of a test of the whole table.
bool is_withheld(const BookTable& table, const GroupTest& test, const PrintRules& rules);

// A base that nobody knows, rather than one that is hidden: some cell of its column is not.
bool is_base_unknown(const BookTable& table, size_t column);
// A share without a count: several counts print so (BookCell::reason says it).
inline bool is_count_unknown(const BookCell& cell) { return cell.value && !cell.reason.empty(); }

// The value by the rules of print, without letters.
PrintedCell printed_value(RowKind kind, const BookCell& cell, const PrintRules& rules);
// One of the other measures of the same cell; kLetters is none.
PrintedCell printed_measure(Measure measure, RowKind kind, const BookCell& cell,
                            const PrintRules& rules);
// "%", "n", "weighted n", "SE", "95% interval"; of a mean "value".
std::string measure_name(Measure measure, RowKind kind, const PrintRules& rules);
PrintedCell printed_base(double base);
// Letters, signs and arrows into the cell.
void add_tests_of(const BookTable& table, const BookCell& cell, bool two_levels,
                  PrintedCell& printed);

// "Region: North: Large", from the headings.
std::string name_of_column(const PrintedColumn& column);
std::vector<std::string> notes_of(const Book& book, const BookTable& table,
                                  const PrintedTable& printed);

}  // namespace barometer
