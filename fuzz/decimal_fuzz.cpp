// Inverse property: what was parsed is written so that it parses to the same number, and lies in
// the interval of everything that prints like it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "barometer/base/decimal.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using barometer::Rounding;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = barometer::parse_decimal(text);
  if (!parsed) return 0;
  const auto again = barometer::parse_decimal(parsed->text());
  CHECK(again && *again == *parsed, "text() is the inverse of parse_decimal()");
  for (const Rounding rule : {Rounding::kHalfUp, Rounding::kHalfEven, Rounding::kTruncate}) {
    CHECK(barometer::rounding_interval(*parsed, rule).contains(parsed->ratio()),
          "a printed number prints as itself");
    CHECK(barometer::round(parsed->ratio(), parsed->places, rule) == *parsed,
          "rounding to its own places changes nothing");
  }
  return 0;
}
