// The bodies of journal entries: canonical JSON, keys sorted, no blanks.
//
//   {"answers":{"ITEM":ANSWER,…},"by":"ed","case":{"organisations":[…],"privacy":"…","role":"…"},
//    "language":"en","mode":"web","page":"ID","seconds":12,"seed":"0f…",
//    "shown":{"ITEM":[codes…],"PAGE":[ids…]}}
// `by` names the operator who entered it. `case` and `seed` stand in the first entry of a subject
// only, `shown` where an order was drawn.
// ANSWER is [codes] or a text (open answers, dates, and numbers as typed), or, when there is more
// to say, {"codes":[9],"quote":"role","specified":{"9":"…"}}, {"quote":"role","text":"…"} or
// {"missing":"refused" | "dont_know" | "blank"}.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/interview/plan_internal.h"

namespace barometer {

struct EntryBody {
  std::map<std::string, GivenAnswer, std::less<>> answers{};
  std::string page{}, language{}, mode{}, by{};
  int64_t seconds = 0;
  std::optional<uint64_t> seed{};
  CaseFacts facts{};
  std::map<std::string, std::vector<int>> shown_options{};
  std::map<std::string, std::vector<std::string>> shown_statements{};
};

// What an entry of this kind makes of a case.
void take_entry(const Interview::Plan& plan, std::string_view kind, EntryBody body,
                InterviewState& state);

std::string entry_text(const EntryBody& body);
// kInvalid: anything that entry_text would not write for this questionnaire.
Result<EntryBody> read_entry(const Interview::Plan& plan, std::string_view text);

}  // namespace barometer
