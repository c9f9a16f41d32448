// Bytes taken for a workbook, and for the parts of one, are sheets within the limits or an error.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/io/read_workbook.h"
#include "barometer/io/zip_internal.h"

namespace {

using barometer::ZipPart;

void read(std::string_view bytes) {
  constexpr barometer::WorkbookLimits kLimits{
      .unpacked_bytes = size_t{1} << 20, .members = 100, .cells = 20'000};
  const auto sheets = barometer::read_workbook(bytes, kLimits);
  if (!sheets) {
    CHECK(!sheets.error().message.empty(), "an error says something");
    return;
  }
  size_t cells = 0;
  for (const auto& sheet : *sheets) {
    for (const auto& row : sheet.rows) cells += row.size();
  }
  CHECK(cells <= kLimits.cells, "no more cells than asked for");
}

void read_parts(const std::vector<ZipPart>& parts) {
  const auto bytes = barometer::zip_bytes(parts);
  CHECK(bytes.has_value(), "an archive can be made");
  read(*bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  read(bytes);
  read_parts({{.name = "content.xml", .bytes = bytes}});
  const std::string book = "<w><sheet name=\"a\" r:id=\"1\"/></w>";
  const std::string links = "<r><Relationship Id=\"1\" Target=\"worksheets/s.xml\"/></r>";
  read_parts({{.name = "xl/workbook.xml", .bytes = book},
              {.name = "xl/_rels/workbook.xml.rels", .bytes = links},
              {.name = "xl/sharedStrings.xml", .bytes = bytes},
              {.name = "xl/worksheets/s.xml", .bytes = bytes}});
  read_parts({{.name = "xl/workbook.xml", .bytes = bytes},
              {.name = "xl/_rels/workbook.xml.rels", .bytes = bytes},
              {.name = "xl/worksheets/s.xml", .bytes = "<worksheet/>"}});
  return 0;
}
