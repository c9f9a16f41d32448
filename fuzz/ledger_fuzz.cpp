// Whatever the bytes: a ledger that is read is written and read back as itself.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "barometer/base/result.h"
#include "barometer/ledger/read.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto csv = barometer::ledger_from_csv(text, "l.csv");
  if (csv) static_cast<void>(csv->figures.size());
  const auto json = barometer::ledger_from_json(text, "l.json");
  if (!json) return 0;
  const std::string written = json->json();
  const auto again = barometer::ledger_from_json(written, "l.json");
  CHECK(again && again->json() == written, "what is written is read back");
  return 0;
}
