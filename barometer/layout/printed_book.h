// A book as a reader sees it: every cell a text with its marker, ready for any format.
//
// Built once from a Book by the rules of print; the writers below only place texts, so that the
// terminal, a workbook and a page cannot disagree.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/book/book.h"
#include "barometer/table/print.h"

namespace barometer {

struct PrintedCell {
  std::string text;     // "63", "[42]", "*", "-", "[c]", "7.2", "12 of 25"
  Marker marker = Marker::kNone;
  std::string letters{};         // "BC d" : upper case at the first level, lower at the second
  std::optional<double> value{};  // unrounded, in the unit of print; none where not shown
  int places = 0;
};

struct PrintedRow {
  enum class Kind { kBase, kWeightedBase, kEffectiveBase, kAnswer, kNet, kStatistic, kMeasure };
  Kind kind = Kind::kAnswer;
  std::string id{};     // BookRow::answer; "" for bases
  std::string label{};
  std::string measure{};  // "%", "n", "SE", "95% interval"; said where a table has several
  int level = 0;
  std::vector<PrintedCell> cells{};  // one a column
};

struct PrintedColumn {
  std::vector<std::string> headings{};  // group title first, then one a nested variable
  std::string letter{};
};

struct PrintedTable {
  std::string id, title, question, base, filter, weight;
  std::string percent_base;  // "% of column"
  std::vector<PrintedColumn> columns;
  std::vector<PrintedRow> rows;
  std::vector<std::string> notes;   // bases, rounding, tests and their level, don't know rule
  std::string source;               // study, wave, version; or the file
};

struct PrintedBook {
  std::string title, method, rounding, weighting;
  std::vector<PrintedTable> tables;
  std::vector<std::pair<std::string, std::string>> symbols;  // used in the book, with their meaning
};

PrintedBook print_book(const Book& book, const std::string& source);

struct TextOptions {
  size_t width = 100;   // of the terminal; a wide table is cut into blocks of columns
  bool colours = false;  // higher and lower cells, dim bases
};
std::string text_of(const PrintedBook& book, const TextOptions& options);
std::string markdown_of(const PrintedBook& book);
std::string latex_of(const PrintedBook& book);  // a document with booktabs and longtable
std::string html_of(const PrintedBook& book);   // one page: contents, a table each with scope and caption
// One file for all tables, a row a cell: ids, labels, value and marker in columns of their own.
std::string csv_of(const PrintedBook& book, const Book& numbers);
// Everything of Book with what is printed; tests with their p. Stable keys.
std::string json_of(const PrintedBook& book, const Book& numbers);
Result<std::string> xlsx_of(const PrintedBook& book);  // cover with links, notes, a sheet a table
Result<std::string> ods_of(const PrintedBook& book);

}  // namespace barometer
