// What a questionnaire asked and offered when answers were given, kept beside the answers.
//
// Answers are kept as codes: a question or an option that is changed afterwards gives every answer
// before it another meaning, and nothing in the answers would show it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/questionnaire/questionnaire.h"

namespace barometer {

// As CSV: item,what,code,text with a row for the kind, the question, each option and both ends of a
// scale of each item. Texts in the first language, white space collapsed.
std::string asked_csv(const Questionnaire& questionnaire);

// Compares what was asked (asked_csv of then) with a questionnaire, item by item, at its places:
//   error "asked-changed"        given answers would mean something else: an item that is gone, of
//                                another kind or question, an option whose code is gone or means
//                                another, other ends of a scale
//   note  "wording-corrected"    such a question or label of an item in `corrected`; a label that
//                                was another code's, and all else, stay errors
//   note  "asked-added"          a new item, or a new option: whoever answered before did not see
//   it
// Order, help texts and routing say nothing here. An error as well when `asked` is no such CSV, or
// `corrected` names an item that there is not. `asked_name` names it in messages.
void compare_asked(std::string_view asked, const std::string& asked_name,
                   const Questionnaire& questionnaire, std::span<const std::string> corrected,
                   Diagnostics& changes);

}  // namespace barometer
