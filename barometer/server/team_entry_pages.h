// The pages on which a member of the team enters what was said by telephone or came on paper, and
// what became of a call; from plain data.
#pragma once

#include <string>
#include <vector>

#include "barometer/fieldwork/people.h"
#include "barometer/interview/page_view.h"
#include "barometer/server/respondent_pages.h"
#include "barometer/server/team_pages.h"

namespace barometer {

struct EntryLine {
  std::string href, words;  // the person
  std::string role, organisations, interview;
};
// `find` as typed; `more` when there are others than `lines`.
std::string entry_list_page(const TeamFrame& frame, const std::string& find,
                            const std::vector<EntryLine>& lines, bool more);

struct EntryCaseFacts {
  FieldPerson person;
  std::string organisations, interview;
  std::vector<ContactEvent> events;
  std::string action;                     // of both forms
  std::string closed;                     // why nothing can be entered; empty: it can
  std::string sees;                       // in words: which answers the operator sees
  std::string mode_error, outcome_error;  // of the two forms; empty: none
  std::string note;                       // as typed, when it was refused
};
std::string entry_case_page(const TeamFrame& frame, const EntryCaseFacts& facts);

// Round a page of the interview or its check: whose case it is, and what is not shown.
struct EntryFrame {
  std::string case_href;
  std::string heading;  // "p7 by telephone"
  std::string hidden;   // a sentence; empty: nothing is hidden
  std::string notice;   // of what became of a post; empty: nothing to say
};
std::string entry_question_page(const TeamFrame& frame, const EntryFrame& entry,
                                const PageView& view, const std::string& action,
                                const std::string& ticket);
std::string entry_check_page(const TeamFrame& frame, const EntryFrame& entry,
                             const std::vector<CheckLine>& lines, const std::string& action,
                             const std::string& ticket);

// What an operator may record of a person; nullptr for a word that is none of these.
struct EntryOutcome {
  std::string_view word;   // of the form
  std::string_view label;  // "Refused"
  std::string_view hint;
  ContactKind kind;
};
const EntryOutcome* entry_outcome(std::string_view word);

}  // namespace barometer
