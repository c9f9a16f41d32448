// Numbers as people write them, read back: where a number stands, what kind of number it is, its
// exact value and the words that bound it.
//
//   "Nearly two-thirds"         fraction 2/3, nearly
//   "Eighty-five per said"      85 percent, with a typo
//   "more than four in five"    share, 4 of 5, over
//   "24-36-month", "£25", "2012/13", "by April 2017", "section 4"   found, and no result of a
//   survey
//
// It reads a text in one pass, in time linear in its length. What the numbers are about (whose
// answers, which survey) is for the reader of articles to find out: "261 CCGs" is a count of
// organisations here, whoever counted.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "barometer/base/decimal.h"
#include "barometer/wording/hedge.h"
#include "barometer/wording/normalise.h"

namespace barometer::wording {

enum class Form {
  kPercent,     // 63 per cent, 63%, Sixty-three percent
  kFraction,    // half, a third, three quarters, 3/4
  kShare,       // one in ten, nine out of 10, 53 of the 94
  kCount,       // thirty-three, 1,234, only one, none
  kPoints,      // five percentage points, 5pp
  kScore,       // 7.2 out of 10, 7.2/10, a mean of 7
  kDecimal,     // 7.2 with nothing that says what of
  kMultiple,    // twice, doubled, three times
  kQuantifier,  // a majority, most, the remainder, many
  // What follows is never a result.
  kOrdinal,    // first, 3rd
  kDate,       // 5 October 2012, April 2017, 2012/13, 1990s
  kTime,       // 10.30am
  kMoney,      // £60bn, five pounds, £25 per head
  kRange,      // 12-18, 1-3
  kMeasure,    // 24-36-month, ten years, four-hour
  kScale,      // 1 to 10, a five-point scale
  kThreshold,  // where a group had under ten answers
  kPhone,      // 020 7946 0123
  kLabel,      // section 4, question 5, Covid-19, one-off
};
std::string_view name_of(Form form);  // "percent"
bool is_result(Form form);            // may be what a survey found

// What a count counts, by the noun after it.
enum class Counted { kUnknown, kPeople, kOrganisations, kAnswers, kThings };
// Of a noun, whatever its case: "chairs" people, "trust" organisations.
Counted noun_counts(std::string_view word);

struct NumberPhrase {
  TextSpan span;    // with the hedge: "just over half"
  TextSpan number;  // without: "half"
  Form form = Form::kCount;
  // Percent 63 -> 63; a third -> 1/3; one in ten -> 1/10; multiples and counts as they are. Of a
  // range, a scale, or "between 40 and 50 per cent": the lower end. 0 where there is no value.
  Ratio value;
  Ratio upper;                             // the upper end, if has_upper
  int64_t out_of = 0;                      // of a share or a score: 10; else 0
  int places = 0;                          // decimals as printed
  const Hedge* hedge = nullptr;            // never null in what read() returns
  const Quantifier* quantifier = nullptr;  // of kQuantifier and of none
  Counted counted = Counted::kUnknown;
  int direction = 0;  // of points: -1 down, +1 up, 0 not said

  bool has_upper = false;
  bool in_words = false;
  bool typo = false;    // read in spite of a slip: "per said"
  bool quoted = false;  // inside a quotation
  bool starts_sentence = false;
  bool elliptical = false;    // the unit stands with a neighbour: "from 40 to 45 per cent"
  bool is_remainder = false;  // "the other 10 per cent"
  bool for_editor = false;    // the hedge or a word before it is a judgement: "only just over half"

  // In percent, for the forms that are shares of something; CHECKs is_share().
  [[nodiscard]] bool is_share() const;
  [[nodiscard]] Ratio percent() const;
  [[nodiscard]] Measure measure() const;
};

struct Reading {
  NormalText normal;
  std::vector<NumberPhrase> phrases;  // in order, without overlap
};
// Any bytes. At most 2^32 - 1 of them; what is beyond is not read.
Reading read(std::string_view utf8);
// The phrases alone.
std::vector<NumberPhrase> read_numbers(std::string_view utf8);

// Is what the phrase says true of `actual` (in percent for shares, else as it is)? Unknown where
// the form says nothing that a number could refute. `others` as for a Quantifier.
Truth is_true(const NumberPhrase& phrase, const Ratio& actual, std::span<const Ratio> others = {});

// A use of a word of change_words() in the text.
struct ChangeUse {
  TextSpan span;
  const ChangeWord* word = nullptr;
};
std::vector<ChangeUse> read_changes(std::string_view utf8);

}  // namespace barometer::wording
