// Whatever the bytes: phrases stand in order inside the text, a phrase can be judged, and what is
// written of a number is read as that number.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/wording/read.h"
#include "barometer/wording/write.h"

namespace {

using barometer::Decimal;
using barometer::Ratio;
namespace wording = barometer::wording;

void check_written(const wording::NumberPhrase& phrase) {
  if (phrase.form != wording::Form::kPercent || phrase.has_upper) return;
  const Decimal printed = barometer::round(phrase.value, phrase.places);
  if (printed.ratio() != phrase.value) return;  // "63m%"
  for (const wording::HouseStyle& style : wording::house_styles()) {
    const std::string text = write_percent(printed, style, wording::Place::kSentenceStart);
    const std::vector<wording::NumberPhrase> again = wording::read_numbers(text);
    CHECK(again.size() == 1 && again[0].value == phrase.value, "written numbers are read back");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const wording::Reading reading = wording::read(text);
  CHECK(reading.normal.origin.size() == reading.normal.text.size(), "every byte has an origin");
  size_t end = 0;
  for (const wording::NumberPhrase& phrase : reading.phrases) {
    CHECK(phrase.span.begin >= end && phrase.span.begin < phrase.span.end, "phrases are in order");
    CHECK(phrase.number.begin >= phrase.span.begin && phrase.number.end == phrase.span.end,
          "a number stands in its phrase");
    CHECK(phrase.span.end <= size, "a phrase stands in the text");
    CHECK(phrase.hedge != nullptr && phrase.value.denominator > 0, "a phrase is complete");
    is_true(phrase, Ratio{50, 1});
    check_written(phrase);
    end = phrase.span.end;
  }
  wording::read_changes(text);
  return 0;
}
