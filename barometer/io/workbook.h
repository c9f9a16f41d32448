// Spreadsheets: a small model of a workbook, written as XLSX (libxlsxwriter behind) or ODS.
//
// The layout follows the Analysis Function's guidance on accessible spreadsheets: one table a
// sheet, its title in A1, the table from the first column on, a frozen header, no merged or blank
// cells for looks. Text is always text: a cell that begins with = is no formula. The same workbook
// gives the same bytes.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

enum class CellStyle {
  kText,    // wrapped, top
  kLabel,   // first column of a table
  kHeader,  // bold, bordered, wrapped
  kTitle,   // large, not wrapped
  kNote,    // small print under a table
  kStrong,  // bold: totals, bases
};

struct SheetCell {
  std::variant<std::string, double> value = std::string();
  CellStyle style = CellStyle::kText;
  int places = 0;      // decimals shown of a number, 0 … 9; thousands are separated
  std::string link{};  // text cells: the name of another sheet, or an https address
};

struct Sheet {
  std::string name{};   // on the tab; made to fit: at most 31 letters, none of []:*?/\, no doubles
  std::string title{};  // cell A1; empty: the rows start in A1
  std::vector<std::vector<SheetCell>> rows{};
  std::vector<double> widths{};  // of the columns in letters; the rest keep the usual 8.43
  size_t frozen_rows = 0;        // of `rows`, the title comes on top of them
  size_t frozen_columns = 0;
};

struct Workbook {
  std::string title{};  // document properties
  std::string author{};
  std::string subject{};
  std::vector<Sheet> sheets{};
};

// The bytes of the .xlsx file. kInvalid: no sheet, a number that is not finite, text that is not
// UTF-8 or longer than 32,767 letters, more rows or columns than a sheet holds; names the cell.
Result<std::string> workbook_bytes(const Workbook& workbook);
// The same of an .ods file, with the same sheets and errors; kInvalid for control characters too.
Result<std::string> ods_bytes(const Workbook& workbook);

// The names on the tabs, in order: what workbook_bytes makes of Sheet::name.
std::vector<std::string> tab_names(const Workbook& workbook);

}  // namespace barometer
