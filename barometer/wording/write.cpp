#include "barometer/wording/write.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer::wording {
namespace {

constexpr int64_t kLargest = 1'000'000'000'000'000;

// HSJ: by its articles. The Guardian: its style guide, "numbers" and "per cent". ONS: its service
// manual, "writing numbers". AP: its stylebook, "numerals" and "percentages" (2019 and later).
constexpr auto kStyles = std::to_array<HouseStyle>({
    {"HSJ", " per cent", " per cent", 10, 10, 0, true, "m", "bn"},
    {"Guardian", "%", " per cent", 10, 0, 0, true, "m", "bn"},
    {"ONS", "%", " per cent", 10, 0, 1, true, " million", " billion"},
    {"AP", "%", " percent", 10, 0, 0, false, " million", " billion"},
});

constexpr auto kBelowTwenty = std::to_array<std::string_view>(
    {"zero",     "one",     "two",     "three",     "four",     "five",    "six",
     "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
     "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"});
constexpr auto kTensWords = std::to_array<std::string_view>(
    {"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"});

struct Scale {
  int64_t value;
  std::string_view word;
};
constexpr auto kScales = std::to_array<Scale>({{1'000'000'000'000, "trillion"},
                                               {1'000'000'000, "billion"},
                                               {1'000'000, "million"},
                                               {1'000, "thousand"}});

std::string_view digit_word(int64_t digit) { return kBelowTwenty.at(static_cast<size_t>(digit)); }

std::string below_thousand(int64_t number, bool with_and) {
  if (number < 20) return std::string(digit_word(number));
  if (number < 100) {
    const std::string tens(kTensWords.at(static_cast<size_t>(number / 10)));
    return number % 10 == 0 ? tens : fmt::format("{}-{}", tens, digit_word(number % 10));
  }
  std::string hundreds = fmt::format("{} hundred", digit_word(number / 100));
  if (number % 100 == 0) return hundreds;
  return fmt::format("{} {}{}", hundreds, with_and ? "and " : "",
                     below_thousand(number % 100, with_and));
}

std::string placed(std::string text, Place place) {
  if (place == Place::kSentenceStart && !text.empty()) {
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  }
  return text;
}

// "twenty-nine point one"
std::string decimal_in_words(const Decimal& printed, bool with_and) {
  const std::string digits = printed.text();
  const size_t point = digits.find('.');
  int64_t whole = printed.digits;
  for (int i = 0; i < printed.places; ++i) whole /= 10;
  std::string words = in_words(whole, with_and);
  if (point == std::string::npos) return words;
  words += " point";
  for (const char c : digits.substr(point + 1)) words += fmt::format(" {}", digit_word(c - '0'));
  return words;
}

// Commas in the whole part.
std::string decimal_in_digits(const Decimal& printed) {
  const std::string digits = printed.text();
  const size_t point = digits.find('.');
  int64_t whole = printed.digits;
  for (int i = 0; i < printed.places; ++i) whole /= 10;
  return with_thousands(whole) + (point == std::string::npos ? "" : digits.substr(point));
}

void check_printed(const Decimal& printed) {
  CHECK(printed.digits >= 0 && printed.digits < kLargest, "a number that is written has no sign");
}

// Fractions people use, in the order they are preferred in at equal distance.
struct Familiar {
  Ratio share;
  std::string_view text;
};
constexpr auto kFamiliar = std::to_array<Familiar>({
    {{1, 2}, "half"},
    {{1, 3}, "a third"},
    {{2, 3}, "two-thirds"},
    {{1, 4}, "a quarter"},
    {{3, 4}, "three-quarters"},
    {{1, 5}, "one in five"},
    {{2, 5}, "two in five"},
    {{3, 5}, "three in five"},
    {{4, 5}, "four in five"},
    {{1, 10}, "one in 10"},
    {{3, 10}, "three in 10"},
    {{7, 10}, "seven in 10"},
    {{9, 10}, "nine in 10"},
    {{1, 20}, "one in 20"},
});
constexpr auto kFamiliarHedges =
    std::to_array<std::string_view>({"", "nearly", "just over", "more than", "fewer than"});
constexpr Ratio kFarthest{5, 1};  // in points: "more than half" is not said of 70

Ratio distance_of(const Ratio& percent, const Ratio& stated) {
  const Ratio d{percent.numerator * stated.denominator - stated.numerator * percent.denominator,
                percent.denominator * stated.denominator};
  return {std::abs(d.numerator), d.denominator};
}

}  // namespace

std::span<const HouseStyle> house_styles() { return kStyles; }

const HouseStyle* find_house_style(std::string_view name) {
  const auto found = std::ranges::find(kStyles, lowered(name),
                                       [](const HouseStyle& style) { return lowered(style.name); });
  return found == kStyles.end() ? nullptr : &*found;
}

std::string in_words(int64_t number, bool with_and) {
  CHECK(number >= 0 && number < kLargest, "a number in words has at most 15 digits");
  std::string words;
  for (const Scale& scale : kScales) {
    if (number < scale.value) continue;
    words += fmt::format("{}{} {}", words.empty() ? "" : " ",
                         below_thousand(number / scale.value, with_and), scale.word);
    number %= scale.value;
  }
  if (words.empty()) return below_thousand(number, with_and);
  if (number == 0) return words;
  const bool joined = with_and && number < 100;
  return fmt::format("{} {}{}", words, joined ? "and " : "", below_thousand(number, with_and));
}

std::string write_percent(const Decimal& printed, const HouseStyle& style, Place place) {
  check_printed(printed);
  const bool in_few = printed.places == 0 && printed.digits < style.percent_words_below;
  if (place == Place::kSentenceStart || in_few) {
    return placed(decimal_in_words(printed, style.and_in_words), place) +
           std::string(style.percent_words);
  }
  return decimal_in_digits(printed) + std::string(style.percent_unit);
}

std::string write_percent(const Ratio& percent, const HouseStyle& style, Place place) {
  return write_percent(round(percent, style.percent_places), style, place);
}

std::string write_count(int64_t count, const HouseStyle& style, Place place) {
  CHECK(count >= 0 && count < kLargest, "a count has at most 15 digits");
  if (place == Place::kSentenceStart || count < style.words_below) {
    return placed(in_words(count, style.and_in_words), place);
  }
  for (const auto& [value, unit] :
       {std::pair{int64_t{1'000'000'000}, style.billion}, {int64_t{1'000'000}, style.million}}) {
    if (unit.empty() || count < value || count % (value / 10) != 0) continue;
    const int64_t tenths = count / (value / 10);
    const Decimal short_form = tenths % 10 == 0 ? Decimal{tenths / 10, 0} : Decimal{tenths, 1};
    return decimal_in_digits(short_form) + std::string(unit);
  }
  return with_thousands(count);
}

std::string write_points(const Decimal& printed, const HouseStyle& style, Place place) {
  check_printed(printed);
  const bool in_few = printed.places == 0 && printed.digits < style.words_below;
  const bool words = place == Place::kSentenceStart || in_few;
  const std::string number = words ? placed(decimal_in_words(printed, style.and_in_words), place)
                                   : decimal_in_digits(printed);
  const bool one = printed == Decimal{1, 0};
  return fmt::format("{} percentage {}", number, one ? "point" : "points");
}

std::vector<ShareWording> share_wordings(const Ratio& percent, Place place) {
  CHECK(percent.denominator < kLargest, "a share has terms of at most 15 digits");
  CHECK(percent.numerator >= 0 && percent <= (Ratio{100, 1}), "a share is 0 to 100 percent");
  std::vector<ShareWording> wordings;
  for (const Familiar& familiar : kFamiliar) {
    const Ratio stated{100 * familiar.share.numerator, familiar.share.denominator};
    const Ratio distance = distance_of(percent, stated);
    if (distance > kFarthest) continue;
    for (const std::string_view words : kFamiliarHedges) {
      const Hedge* hedge = find_hedge(words);
      CHECK(hedge != nullptr, "hedges of the writer are rows of the table");
      if (!is_true(*hedge, Measure::kFraction, stated, 0, percent)) continue;
      std::string text = fmt::format("{}{}{}", words, words.empty() ? "" : " ", familiar.text);
      wordings.push_back({placed(std::move(text), place), hedge, familiar.share, distance});
      break;
    }
  }
  std::ranges::stable_sort(wordings, {}, &ShareWording::distance);
  return wordings;
}

std::optional<ShareWording> write_fraction(const Ratio& percent, Place place) {
  std::vector<ShareWording> all = share_wordings(percent, place);
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

}  // namespace barometer::wording
