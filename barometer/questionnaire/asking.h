// How an item is put to a person: order, what may be left out, limits, words in other languages.
// None of it is part of the item's wording hash. docs/study-format.md documents each key.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/date.h"
#include "barometer/base/decimal.h"
#include "barometer/base/result.h"

namespace barometer {

enum class AnswerNeed {
  kOptional,
  kSoft,  // asked once more when left out; the same post passes the second time
  kRequired,
};
enum class OptionsOrder {
  kAsWritten,
  kRandom,   // all but don't knows, off-scale, exclusive, specified and fixed ones, which stay
  kReverse,  // from last to first for half of the cases; the same ones stay
};
enum class TextFormat { kParagraphs, kLine, kDate };

// An item's texts in a language other than the questionnaire's first. Empty: not translated, the
// first language's words stand.
struct ItemWords {
  std::string stem{}, text{}, hint{}, title{};  // title: of the battery
  std::map<int, std::string> labels{};          // by option code
  std::map<int, std::string> specify{};         // by option code
  std::string low_label{}, high_label{};
};

struct Asking {
  std::string hint{};
  AnswerNeed need = AnswerNeed::kOptional;
  OptionsOrder order = OptionsOrder::kAsWritten;
  bool offer_dont_know = false;    // beside a score, number or text
  bool prefer_not_to_say = false;  // offered as an answer
  std::vector<int> exclusive{};    // codes that stand alone among several answers: "None of these"
  std::vector<int> fixed{};        // codes that keep their place in any order
  std::map<int, std::string> specify{};  // code -> label of its text box: "Which role?"
  size_t least_choices = 0;              // of several answers; 0: no limit
  size_t most_choices = 0;
  std::optional<Decimal> least{}, most{};  // of a number; never below 0
  int decimals = 6;                        // at most, of a number
  std::string unit{};                      // "%", "£", "sessions a week"
  TextFormat format = TextFormat::kParagraphs;
  size_t max_length = 0;                     // characters of a text; 0: the interview's limit
  std::optional<Date> earliest{}, latest{};  // of a date
  bool quote = false;                        // ask whether and how the words may be quoted
  std::map<std::string, ItemWords, std::less<>> words{};  // by language
};

// A text with earlier answers piped into it: {{role}}, or {{role|your role}} with the words that
// stand when there is no answer.
struct PipedPart {
  std::string literal{};  // before the pipe
  std::string item{};     // id; empty in the last part
  std::string fallback{};
};
// kInvalid: "{{" without "}}", or what stands between is no id.
Result<std::vector<PipedPart>> parse_piped(std::string_view text);

}  // namespace barometer
