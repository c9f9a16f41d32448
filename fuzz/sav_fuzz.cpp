// Bytes taken for an SPSS system file are data or an error; data that was read is written, with
// both kinds of compression, and read again with as many variables and cases.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "barometer/base/result.h"
#include "barometer/io/sav.h"
#include "tests/support/temp_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto read = barometer::read_sav_bytes(bytes, "f.sav", {.threads = 1});
  if (!read) {
    CHECK(!read.error().message.empty(), "an error says something");
    return 0;
  }
  if (read->data.case_count() > 10000) return 0;  // time to write is not what is tried here
  barometer::testing::TempFolder folder;
  for (const char* name : {"again.sav", "again.zsav"}) {
    const auto written = barometer::write_sav(read->data, folder / name, {.threads = 1});
    CHECK(written.has_value(), "what was read can be written");
    const auto again = barometer::read_sav(folder / name, {.threads = 1});
    CHECK(again.has_value(), "what we write we read");
    CHECK(again->names.size() == read->names.size(), "as many variables are read back");
    CHECK(again->names.empty() || again->data.case_count() == read->data.case_count(),
          "as many cases are read back");
  }
  return 0;
}
