// A book as a workbook, which io writes as XLSX or ODS: cover, notes and symbols, a table a sheet.
//
// After the Analysis Function's guidance on accessible spreadsheets: title in A1, what the table
// is below it, one row of headings, one table that starts in column A, nothing under it; symbols
// and notes on a sheet of their own. Letters stand beside their figures, so that these are numbers:
// every column that is tested has one of letters, whether some are in it or not.
#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/decimal.h"
#include "barometer/base/text.h"
#include "barometer/io/workbook.h"
#include "barometer/layout/writers_internal.h"

namespace barometer {
namespace {

constexpr const char* kCover = "Cover";
constexpr const char* kNotes = "Notes";

SheetCell words(std::string text, CellStyle style = CellStyle::kText) {
  SheetCell cell;
  cell.value = std::move(text);
  cell.style = style;
  return cell;
}

SheetCell linked(std::string text, const std::string& sheet) {
  SheetCell cell = words(std::move(text));
  cell.link = sheet;
  return cell;
}

// A number where a plain number is printed; the symbol or the words elsewhere.
SheetCell figure(const PrintedCell& printed, CellStyle style) {
  const auto number = parse_decimal(replaced(printed.text, ",", ""));
  if (printed.marker != Marker::kNone || !printed.value || !number) {
    return words(printed.text, style);
  }
  SheetCell cell;
  cell.value = number->value();
  cell.places = number->places;
  cell.style = style;
  return cell;
}

std::string sheet_name(size_t number, const PrintedTable& table) {
  return fmt::format("{} {}", number + 1, table.id);
}

std::string indented(const PrintedRow& row) {
  return std::string(static_cast<size_t>(std::max(row.level, 0)) * 2, ' ') + row.label;
}

class TableSheet {
 public:
  explicit TableSheet(const PrintedTable& table) : table_(table), measures_(table.has_measures()) {}

  Sheet sheet(const std::string& name) {
    Sheet sheet;
    sheet.name = name;
    sheet.title = name_of_table(table_);
    for (const auto& [label, text] : facts_of(table_)) {
      sheet.rows.push_back({words(fmt::format("{}: {}", label, text))});
    }
    if (!table_.notes.empty()) {
      sheet.rows.push_back({linked("Notes and symbols are on the sheet Notes", kNotes)});
    }
    sheet.rows.push_back({linked("Back to the list of tables", kCover)});
    sheet.rows.push_back(headings());
    sheet.frozen_rows = sheet.rows.size();
    sheet.frozen_columns = 1;
    for (const PrintedRow& row : table_.rows) sheet.rows.push_back(cells_of(row));
    sheet.widths = widths();
    return sheet;
  }

 private:
  [[nodiscard]] std::vector<SheetCell> headings() const {
    std::vector<SheetCell> row = {words("Answer", CellStyle::kHeader)};
    if (measures_) row.push_back(words("Shown", CellStyle::kHeader));
    for (size_t c = 0; c < table_.columns.size(); ++c) {
      row.push_back(words(whole_heading(table_.columns[c]), CellStyle::kHeader));
      if (table_.columns[c].tested) {
        const std::string heading = whole_heading(table_.columns[c]) + ": tests";
        row.push_back(words(heading, CellStyle::kHeader));
      }
    }
    return row;
  }

  [[nodiscard]] std::vector<SheetCell> cells_of(const PrintedRow& row) const {
    const bool strong = is_base(row) || row.kind == PrintedRow::Kind::kNet;
    const CellStyle style = strong ? CellStyle::kStrong : CellStyle::kText;
    std::vector<SheetCell> cells = {
        words(indented(row), strong ? CellStyle::kStrong : CellStyle::kLabel)};
    if (measures_) cells.push_back(words(row.measure));
    for (size_t c = 0; c < table_.columns.size(); ++c) {
      cells.push_back(figure(row.cells[c], style));
      if (table_.columns[c].tested) cells.push_back(words(row.cells[c].letters));
    }
    return cells;
  }

  [[nodiscard]] std::vector<double> widths() const {
    constexpr double kLabel = 40;
    constexpr double kFigure = 12;
    std::vector<double> widths = {kLabel};
    if (measures_) widths.push_back(kFigure);
    for (const PrintedColumn& column : table_.columns) {
      widths.push_back(kFigure);
      if (column.tested) widths.push_back(kFigure);
    }
    return widths;
  }

  const PrintedTable& table_;
  bool measures_;
};

Sheet cover_of(const PrintedBook& book) {
  Sheet sheet;
  sheet.name = kCover;
  sheet.title = book.title;
  for (const auto& [label, text] : facts_of(book)) {
    sheet.rows.push_back({words(fmt::format("{}: {}", label, text))});
  }
  sheet.rows.push_back({linked("Notes and symbols", kNotes)});
  sheet.rows.push_back({words("Tables", CellStyle::kStrong)});
  for (size_t t = 0; t < book.tables.size(); ++t) {
    const PrintedTable& table = book.tables[t];
    sheet.rows.push_back({linked(name_of_table(table), sheet_name(t, table))});
  }
  sheet.widths = {100};
  return sheet;
}

Sheet notes_sheet(const PrintedBook& book) {
  Sheet sheet;
  sheet.name = kNotes;
  sheet.title = "Notes and symbols";
  sheet.rows.push_back(
      {words("Table or symbol", CellStyle::kHeader), words("Note", CellStyle::kHeader)});
  sheet.frozen_rows = 1;
  for (const auto& [symbol, meaning] : book.symbols) {
    sheet.rows.push_back({words(symbol, CellStyle::kLabel), words(meaning)});
  }
  for (size_t t = 0; t < book.tables.size(); ++t) {
    for (const std::string& note : book.tables[t].notes) {
      sheet.rows.push_back({linked(book.tables[t].id, sheet_name(t, book.tables[t])), words(note)});
    }
  }
  sheet.widths = {30, 110};
  return sheet;
}

Workbook workbook_of(const PrintedBook& book) {
  Workbook workbook;
  workbook.title = book.title;
  workbook.subject = book.source;
  workbook.sheets.push_back(cover_of(book));
  workbook.sheets.push_back(notes_sheet(book));
  for (size_t t = 0; t < book.tables.size(); ++t) {
    workbook.sheets.push_back(TableSheet(book.tables[t]).sheet(sheet_name(t, book.tables[t])));
  }
  return workbook;
}

}  // namespace

Result<std::string> xlsx_of(const PrintedBook& book) { return workbook_bytes(workbook_of(book)); }

Result<std::string> ods_of(const PrintedBook& book) { return ods_bytes(workbook_of(book)); }

}  // namespace barometer
