// The words the grammar of numbers knows, each with what it may be and its number.
#pragma once

#include <cstdint>
#include <string_view>

namespace barometer::wording {

enum WordClass : uint32_t {
  kZero = 1U << 0,
  kUnit = 1U << 1,  // one to nine
  kTeen = 1U << 2,  // ten to nineteen
  kTens = 1U << 3,  // twenty to ninety
  kHundred = 1U << 4,
  kThousands = 1U << 5,    // thousand, million, …
  kScaleLetter = 1U << 6,  // m, bn: written onto digits
  kDozen = 1U << 7,
  kOrdinalWord = 1U << 8,  // first, third: the number
  kDenominator = 1U << 9,  // third, quarters: the number below the line
  kMonth = 1U << 10,
  kMeasureUnit = 1U << 11,  // months, miles
  kMoneyUnit = 1U << 12,    // pounds
  kLabelWord = 1U << 13,    // section, wave: the number after it is a name
  kPeopleNoun = 1U << 14,
  kOrganisationNoun = 1U << 15,
  kAnswerNoun = 1U << 16,
  kThingNoun = 1U << 17,
  kNoun = kPeopleNoun | kOrganisationNoun | kAnswerNoun | kThingNoun,
  kVerb = 1U << 18,          // said, were, thought
  kFunction = 1U << 19,      // that, who, in: ends the words that belong to a number
  kBeforeDate = 1U << 20,    // in, by, since
  kMultipleWord = 1U << 21,  // twice, doubled
  kHedgeStart = 1U << 22,
  kQuantifierStart = 1U << 23,
  kScoreWord = 1U << 24,  // mean, average, scored
  kCondition = 1U << 25,  // where, if
  kDown = 1U << 26,
  kUp = 1U << 27,
  kOtherStart = 1U << 28,  // a, the, between
};
// What a phrase may begin with.
inline constexpr uint32_t kStart = kZero | kUnit | kTeen | kTens | kOrdinalWord | kMonth |
                                   kLabelWord | kMultipleWord | kHedgeStart | kQuantifierStart |
                                   kOtherStart;

struct WordEntry {
  uint32_t classes = 0;
  int64_t number = 0;
};

// Of the letters from the beginning of `text`, whatever their case; no classes when unknown.
WordEntry look_up(std::string_view word);
// The letters A-Z, a-z at the beginning.
std::string_view first_word(std::string_view text);
// The letters that end at byte `end`.
std::string_view last_word(std::string_view text, size_t end);
bool is_word(std::string_view word, std::string_view lower_case);

}  // namespace barometer::wording
