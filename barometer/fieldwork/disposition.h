// What became of a person of the frame, from the dated events of the case and the interview.
//
// Codes after AAPOR, Standard Definitions (2016), internet surveys of specifically named persons.
// Opening a link is no event: mail gateways open links, and a person who only looked has said
// nothing. What was taken back does not count. The first line that holds decides:
//
//   interview complete / partial by the thresholds           1.1 / 1.2
//   not eligible; on the list twice; handed over             4.10, 4.81, 4.90
//   someone else said no; declined, opted out, erased        2.111, 2.112
//   answers, but too few for a partial                       2.12  break-off
//   dead, unable, no language in common                      2.31, 2.32, 2.33
//   answered a mail or call otherwise                        2.36
//   away for the whole of fieldwork                          2.26
//   asked, and the last mail did not come back               2.20  no answer
//   asked, and the last mail came back                       3.30
//   not asked: no address, or not yet                        3.11
// A person is listed in the frame, so that one who was reached by mail and is silent is taken to be
// eligible (2.20), where AAPOR would say "nothing ever returned" of an unknown person.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/fieldwork/contact_event.h"
#include "barometer/frame/outcome.h"
#include "barometer/interview/interview.h"

namespace barometer {

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

// Events in any order; they are taken by time, those of one moment in the order given. `interview`
// as Interview::count says; of an unlinked wave, what the identity side was told.
FinalDisposition final_disposition(std::span<const ContactEvent> events, InterviewStatus interview);

struct PersonOutcome {
  std::vector<std::string> organisations;
  FinalDisposition disposition;
};
OutcomeCounts count_people(std::span<const PersonOutcome> people);
void add_outcome(DispositionClass disposition, OutcomeCounts& counts);
// An organisation is what the best of its people is, in the order I, P, R, O, NC, UO, UH; it is not
// eligible when all of them are not. Organisations without people are UO. kInvalid: an organisation
// that is not in the list.
Result<OutcomeCounts> count_organisations(std::span<const PersonOutcome> people,
                                          std::span<const std::string> organisations);

}  // namespace barometer
