// Numbers written as a house writes them. What is written here is read back by read.h as the same
// number: a test goes through every style and every tenth of a percent.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/decimal.h"
#include "barometer/wording/hedge.h"

namespace barometer::wording {

// After the published guides where they say something, else after the articles of that house.
struct HouseStyle {
  std::string_view name;           // "HSJ"
  std::string_view percent_unit;   // behind digits: " per cent", "%"
  std::string_view percent_words;  // behind a number in words: " per cent", " percent"
  int words_below = 10;            // whole counts below are words
  int percent_words_below = 0;     // whole percents below are words
  int percent_places = 0;          // decimals of a percent, unless the caller says otherwise
  bool and_in_words = true;        // one hundred and five; without: one hundred five
  // Behind digits, for whole hundred thousands from a million on; empty: all digits are written.
  std::string_view million;
  std::string_view billion;
};

std::span<const HouseStyle> house_styles();                 // HSJ, Guardian, ONS, AP
const HouseStyle* find_house_style(std::string_view name);  // letter case aside

// At the start of a sentence a number is in words: "Sixty-three per cent".
enum class Place { kInside, kSentenceStart };

// 0 <= printed; |digits| < 10^15.
std::string write_percent(const Decimal& printed, const HouseStyle& style, Place place);
// The exact percent, rounded half up to the style's places.
std::string write_percent(const Ratio& percent, const HouseStyle& style, Place place);
// 0 <= count < 10^15.
std::string write_count(int64_t count, const HouseStyle& style, Place place);
// "five percentage points"; the sign is the caller's verb.
std::string write_points(const Decimal& printed, const HouseStyle& style, Place place);
// "one hundred and five", "zero". 0 <= number < 10^15.
std::string in_words(int64_t number, bool with_and = true);

// A share said without its percent: "nearly two-thirds", "more than four in five"; the same in all
// houses.
struct ShareWording {
  std::string text;
  const Hedge* hedge = nullptr;
  Ratio stated;    // 2/3
  Ratio distance;  // |actual - stated|, in percent
};
// What is true of the share (in percent, 0 to 100) by hedge.h: fractions first by their nearness to
// it, then by the order of their table. Empty if no familiar fraction is near.
std::vector<ShareWording> share_wordings(const Ratio& percent, Place place);
// The first of them.
std::optional<ShareWording> write_fraction(const Ratio& percent, Place place);

}  // namespace barometer::wording
