// The words and numbers in the sheets of a workbook, as anyone reads it who opens it: XLSX
// (ECMA-376 Part 1: 18.2 workbook, 18.3 worksheets, 18.4 shared strings) or ODS (ODF 1.2, 9.1).
//
// The bytes may be hostile. A zip that unpacks to too much, sheets that claim a million cells in a
// few bytes, and whatever is encrypted are refused before they cost memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

struct SheetText {
  std::string name{};                            // hidden sheets too
  std::vector<std::vector<std::string>> rows{};  // cells by column, "" where there is none
};

struct WorkbookLimits {
  size_t unpacked_bytes = size_t{1} << 28;  // of all parts read; and of the text of all cells
  size_t members = 10'000;                  // of the zip archive
  size_t cells = size_t{1} << 22;           // of all sheets, with empty ones before others in a row
};

// In the order of the tabs. kInvalid: no zip archive, encrypted, a part that does not unpack or is
// no XML, neither kind of workbook; kLimit: over one of the limits.
Result<std::vector<SheetText>> read_workbook(std::string_view bytes,
                                             const WorkbookLimits& limits = {});

}  // namespace barometer
