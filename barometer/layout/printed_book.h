// A book as a reader sees it: every cell a text with its marker, ready for any format.
//
// Built once from a Book by the rules of print (table/print.h); the writers below only place texts,
// so that the terminal, a workbook and a page cannot disagree. Labels come from data files and may
// hold anything: print_book makes each one line of UTF-8 without controls, and each writer escapes
// what its format would take for more than text. The same book gives the same bytes.
//
// A cell that is printed [c] has no numbers in any format, and neither has a test of it. Whoever
// publishes a book suppresses it before (BookCell::suppressed): only the base of a cell is looked
// at here.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/book/book.h"
#include "barometer/table/print.h"

namespace barometer {

struct PrintedCell {
  std::string text{};  // "63", "[42]", "*", "0", "[c]", "7.2", "12 of 25", "57 to 69"
  Marker marker = Marker::kNone;
  // "BC d": upper case at the first level, lower at the second; "+", "-" against the rest or the
  // total ("++", "--" at the first of two levels); "▲", "▼" from the column before.
  std::string letters{};
  int direction = 0;              // 1: higher by a test, -1: lower
  std::optional<double> value{};  // unrounded, in the unit of print; none where not shown
  std::string figure{};           // id in a ledger that lies beside the book; empty: none
  int places = 0;
};

struct PrintedRow {
  enum class Kind { kBase, kWeightedBase, kEffectiveBase, kAnswer, kNet, kStatistic, kMeasure };
  Kind kind = Kind::kAnswer;  // kMeasure: one more measure of the answer above
  std::string id{};           // BookRow::answer; "" for bases
  std::string label{};        // with the rank, where there is one
  std::string measure{};      // "%", "n", "SE", "95% interval"; said where a table has several
  int level = 0;
  std::optional<size_t> row{};       // in BookTable::rows
  std::vector<PrintedCell> cells{};  // one a column
};

struct PrintedColumn {
  std::string id{};                     // "total", "region:2", "region:2/size:1", "option:3"
  std::vector<std::string> headings{};  // group title first, then one a nested variable
  std::string letter{};
  bool tested = false;             // its cells may hold letters, signs or arrows
  std::optional<size_t> column{};  // in BookTable::columns; none: the bases of a grid
};

struct PrintedTable {
  std::string id, title, question, base, filter, weight;
  std::string percent_base;  // "% of column"
  std::vector<PrintedColumn> columns;
  std::vector<PrintedRow> rows;
  std::vector<std::string> notes;  // bases, rounding, tests and their level, don't know rule
  std::string source;              // study, wave, version; or the file

  // Some answer is printed in more than one measure.
  [[nodiscard]] bool has_measures() const;
};

struct PrintedBook {
  std::string title, method, rounding, weighting, source;
  std::vector<PrintedTable> tables;
  std::vector<std::pair<std::string, std::string>> symbols;  // used in the book, with their meaning
};

PrintedBook print_book(const Book& book, const std::string& source);

struct TextOptions {
  size_t width = 100;    // of the terminal; a wide table is cut into blocks of columns
  bool colours = false;  // higher and lower cells, dim bases
};
std::string text_of(const PrintedBook& book, const TextOptions& options);
std::string markdown_of(const PrintedBook& book);
std::string latex_of(const PrintedBook& book);  // a document with booktabs and longtable
// One page: contents, a table each with caption and scopes; no scripts. `back`: where the page
// belongs to others, a link and its words above everything.
struct BackLink {
  std::string href{}, words{};
};
std::string html_of(const PrintedBook& book, const BackLink& back = {});
// One file for all tables, a row a cell: ids, labels, value and marker in columns of their own.
// `numbers` is the book that was printed.
std::string csv_of(const PrintedBook& book, const Book& numbers);
// Everything of Book with what is printed; tests with their p. Stable keys.
std::string json_of(const PrintedBook& book, const Book& numbers);
// Cover with links, notes and symbols, a sheet a table; letters in columns of their own.
Result<std::string> xlsx_of(const PrintedBook& book);
Result<std::string> ods_of(const PrintedBook& book);

}  // namespace barometer
