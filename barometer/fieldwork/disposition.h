// What became of a person of the frame, from the dated events of the case and the interview.
//
// Codes after AAPOR, Standard Definitions (2016), internet surveys of specifically named persons.
// Opening a link is no event here: mail gateways open links, and a person who only looked has said
// nothing. A decline or opt-out that was taken back does not count.
//
//   interview complete / partial by the thresholds      1.1 / 1.2    whatever else happened
//   declined or opted out, before or after answers      2.11
//   answers, but too few for a partial                  2.12 (break-off)
//   reported dead, ill, unable; no language             2.31, 2.32, 2.33
//   asked, nothing came back                            2.20
//   not asked yet                                       3.11
//   every mail to the person came back                  3.30
//   not eligible: left the post, in the list by mistake 4.10
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/fieldwork/outcome.h"
#include "barometer/interview/interview.h"

namespace barometer {

enum class CaseEventKind {
  kInvited,   // a mail, letter or call went out: invitation or reminder
  kBounced,   // the last one came back
  kDeclined,  // "I do not want to take part", confirmed
  kOptedOut,  // no further contact, confirmed
  kReturned,  // took decline or opt-out back
  kDied,
  kUnable,       // ill or away for the whole of fieldwork
  kLanguage,     // none of the wave's languages
  kNotEligible,  // left the post, in the frame by mistake
  kTransferred,  // a colleague answers in this person's place
  kPartial,      // unlinked waves: the identity side hears only that, by day
  kComplete,     // unlinked waves
};
std::string_view name_of(CaseEventKind kind);
std::optional<CaseEventKind> case_event_named(std::string_view name);

struct CaseEvent {
  CaseEventKind kind = CaseEventKind::kInvited;
  int64_t at_ms = 0;
};

enum class DispositionClass {
  kComplete,          // I
  kPartial,           // P
  kRefusal,           // R
  kNonContact,        // NC
  kOther,             // O
  kUnknownHousehold,  // UH
  kUnknownOther,      // UO
  kNotEligible,       // NE
};
std::string_view letters_of(DispositionClass disposition);  // "I", "UO"

struct FinalDisposition {
  DispositionClass disposition = DispositionClass::kUnknownOther;
  std::string_view code;   // "2.12"
  std::string_view words;  // "Break-off"
};

// Events in any order; they are taken by time, those of one moment in the order given.
FinalDisposition final_disposition(std::span<const CaseEvent> events, InterviewStatus interview);

// A person's disposition counts once; that of a person for several organisations once for each.
struct PersonOutcome {
  std::vector<std::string> organisations;
  FinalDisposition disposition;
};
OutcomeCounts count_people(std::span<const PersonOutcome> people);
// An organisation is what the best of its people is, in the order I, P, R, O, NC, UO, UH; it is not
// eligible when all of them are not. Organisations without people are UO. kInvalid: an organisation
// that is not in the list.
Result<OutcomeCounts> count_organisations(std::span<const PersonOutcome> people,
                                          std::span<const std::string> organisations);

}  // namespace barometer
