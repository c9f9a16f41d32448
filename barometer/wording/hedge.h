// What the words round a number claim, as one table: "nearly 60 per cent" is true of 58 and 59 and
// false of 60. The reader attaches rows of it to numbers, the writer chooses a row only when
// it is true, the audit of articles judges by it. All arithmetic is exact.
//
// The tolerances are ours, not a standard's; they are printed with every finding that rests on
// them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "barometer/base/decimal.h"

namespace barometer::wording {

// How the true value v stands to the stated value x; d is the tolerance of the row.
enum class Relation {
  kIs,         // v prints as x; of a fraction: |v - x| <= d
  kOver,       // v > x
  kUnder,      // v < x
  kAtLeast,    // v >= x
  kAtMost,     // v <= x
  kNearly,     // x - d <= v < x
  kJustOver,   // x < v <= x + d
  kAbout,      // |v - x| <= d
  kWellOver,   // v >= x + d
  kWellUnder,  // v <= x - d
};

// What the number is: tolerances differ, for people round harder to fractions than to percents.
enum class Measure {
  kPercent,   // percents and points: d is in points
  kFraction,  // "two-thirds", "one in ten": d is in points, and at most a tenth of x
  kCount,     // d is in percent of x
};

struct Hedge {
  std::string_view words;  // lower case, one space between; "" for a bare number
  Relation relation = Relation::kIs;
  Ratio percent;  // d by measure
  Ratio fraction;
  Ratio count;
  bool for_editor = false;  // a judgement ("only", "a mere"), which a person must stand behind
};

// Rows with words come longest first within a first word. The first row is the bare number's.
std::span<const Hedge> hedges();
const Hedge& no_hedge();
// nullptr when there is none. Case and spacing must be those of the table.
const Hedge* find_hedge(std::string_view words);

// d of the row at this stated value; in percent, or in the unit counted.
Ratio tolerance_at(const Hedge& hedge, Measure measure, const Ratio& stated);
// Is the claim "<hedge> <stated>" true of `actual`? Percents and fractions are both in percent
// (a third is 100/3), counts as they are. `places`: the decimals the stated value is printed with.
// Terms of `stated` have at most 15 digits.
bool is_true(const Hedge& hedge, Measure measure, const Ratio& stated, int places,
             const Ratio& actual);

// Words that stand for a number of their own. Shares in percent.
enum class Part {
  kMajority,   // more than half
  kMinority,   // less than half, more than none
  kSomeOf,     // a minority, but one that counts: at least the floor
  kPlurality,  // more than any other answer; says nothing about half
  kAll,        // 100
  kNone,       // 0
  kRest,       // what the stated answers leave
  kVague,      // many, several: no number can refute it
};
struct Quantifier {
  std::string_view words;
  Part part = Part::kVague;
  bool for_editor = false;
};

// The least share that "a significant minority" may be said of.
inline constexpr Ratio kMinorityFloor{10, 1};

std::span<const Quantifier> quantifiers();
const Quantifier* find_quantifier(std::string_view words);

enum class Truth { kTrue, kFalse, kUnknown };
// `others`: the shares of the other answers to the question, for a plurality and for the rest.
Truth is_true(const Quantifier& quantifier, const Ratio& actual, std::span<const Ratio> others);

// Words that say that something changed or differs. None may be written without a test: its neutral
// form ("was 43 per cent, compared with 40") is free.
enum class Change {
  kUp,
  kDown,
  kSame,     // "unchanged": the test found nothing
  kDiffers,  // "significantly": the test found something, either way
};
struct ChangeWord {
  std::string_view word;
  Change change = Change::kDiffers;
  bool for_editor = false;  // dramatic
};
std::span<const ChangeWord> change_words();
const ChangeWord* find_change_word(std::string_view word);
// Of a difference (new minus old) and what its test said.
bool is_true(const ChangeWord& word, const Ratio& difference, bool significant);

}  // namespace barometer::wording
