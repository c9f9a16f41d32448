// Whatever the text: no crash, an error that is a sentence, a chart that reads back as itself, a
// specification without a number that is not finite, and a table as wide as its headings.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "barometer/base/result.h"
#include "barometer/base/text.h"
#include "barometer/chart/chart_file.h"
#include "barometer/chart/vega_lite.h"

namespace {

void check_error(const barometer::Error& error) {
  CHECK(!error.message.empty() && barometer::is_utf8(error.message), "an error is a sentence");
}

void check_chart(const barometer::Chart& chart) {
  static const barometer::Theme theme = barometer::standard_theme().value();
  static const barometer::Typesetter typesetter;
  const std::string text = barometer::chart_json(chart);
  const auto again = barometer::parse_chart(text);
  CHECK(again && barometer::chart_json(*again) == text, "a chart reads back as itself");
  const auto table = barometer::data_table(chart);
  for (const auto& row : table.rows) {
    CHECK(row.size() == table.headings.size(), "a table is as wide as its headings");
  }
  const auto spec = barometer::vega_lite_spec(chart, theme, typesetter);
  if (!spec) return check_error(spec.error());
  // JSON has no word for what is not finite: it would be a null in place of a number.
  for (const char* field : {"\"from\": null", "\"to\": null", "\"y\": null", "\"x2\": null"}) {
    CHECK(spec->find(field) == std::string::npos, "every place is a number");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kLargest = 20'000;
  if (size > kLargest) return 0;
  const auto chart = barometer::parse_chart({reinterpret_cast<const char*>(data), size});
  if (chart) {
    check_chart(*chart);
  } else {
    check_error(chart.error());
  }
  return 0;
}
