// What one person has answered so far.
//
// Plain data. The same state comes from the same journal entries in the same order, on any machine:
// it holds no clock and no randomness but the seed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "barometer/data/codebook.h"

namespace barometer {

// How the words of an open answer may be quoted, in the respondent's own decision.
enum class Quoting { kNotAsked, kNo, kUnattributed, kByRole, kByName };
std::string_view name_of(Quoting quoting);  // "", "no", "unattributed", "role", "name"

// The answer to one item.
struct GivenAnswer {
  // kNone: there is a value. kSystem: the page was saved with nothing chosen. kRefused: prefers not
  // to say. kDontKnow: don't know where that is no option. Never kNotAsked: routing decides that.
  Missing missing = Missing::kNone;
  std::vector<int> codes{};  // single, multi and scale: option codes, rising
  // A number as typed, "12.50", blanks and thousands' commas removed; a date as "2026-11-22"; the
  // words of an open answer, UTF-8, line ends as LF.
  std::string text{};
  std::map<int, std::string> specified{};  // code -> words: "another role, which?"
  Quoting quoting = Quoting::kNotAsked;    // open answers and specified words

  // An answer in the sense of thresholds: a value or a don't know, not a blank or a refusal.
  [[nodiscard]] bool counts() const;
  bool operator==(const GivenAnswer&) const = default;
};

// Known of the case when its first page is saved; recorded in that entry. Organisations and role
// are empty in the privacy mode `unlinked`.
struct CaseFacts {
  std::vector<std::string> organisations{};  // ids of the frame
  std::string role{};                        // of the frame
  std::string privacy{};  // the mode that the person was promised: "confidential", "unlinked"

  bool operator==(const CaseFacts&) const = default;
};

struct InterviewState {
  uint64_t seed = 0;       // decides every random order
  std::string language{};  // of the last page saved
  // By item id. Answers of items that left the route stay here and are not used.
  std::map<std::string, GivenAnswer, std::less<>> answers{};
  CaseFacts facts{};
  bool begun = false;   // seed and facts are recorded
  int64_t entries = 0;  // journal entries applied: the version of the subject
  bool submitted = false;

  bool operator==(const InterviewState&) const = default;
};

}  // namespace barometer
