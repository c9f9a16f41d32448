// The words and numbers in the sheets of an .xlsx file (a zip archive of XML parts).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

struct SheetText {
  std::string name;
  std::vector<std::vector<std::string>> rows;  // cells by column, "" where there is none
};

// kInvalid: no zip archive, a part that does not unpack or is no XML; kLimit: over 256 MiB
// unpacked.
Result<std::vector<SheetText>> read_workbook(std::string_view bytes);

}  // namespace barometer
