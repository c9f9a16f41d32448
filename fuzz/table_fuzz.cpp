// A file of any bytes, taken for CSV and for Parquet, is data or an error; data that was read is
// written and read again with as many cases.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "barometer/base/result.h"
#include "barometer/io/io.h"
#include "tests/support/temp_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  barometer::testing::TempFolder folder;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  for (const char* name : {"f.csv", "f.parquet"}) {
    const auto data = barometer::read_data(folder.write(name, text), {.threads = 1});
    if (!data) {
      CHECK(!data.error().message.empty(), "an error says something");
      continue;
    }
    const auto again = barometer::read_data(folder.write("again.csv", csv_text(*data)), {});
    CHECK(again.has_value(), "what we write we read");
    CHECK(again->case_count() == data->case_count(), "as many cases are read back");
  }
  return 0;
}
