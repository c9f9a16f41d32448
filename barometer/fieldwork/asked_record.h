// What was asked when the first answer of a wave came, kept with its people: in every backup, and
// the same for all servers of a wave.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "barometer/base/diagnostic.h"
#include "barometer/fieldwork/people.h"
#include "barometer/journal/journal.h"
#include "barometer/questionnaire/questionnaire.h"

namespace barometer {

// Of an answer that comes now: the first to write it decides.
Status hold_asked(People& people, const Questionnaire& questionnaire);
// Does a wave have any answers left? After all were erased nothing holds its questionnaire.
Result<bool> has_answers(Database& answers, const std::string& wave);

// Compares with what is kept (compare_asked, questionnaire/asked.h); nothing to say where nothing
// is. kInvalid, with every change: given answers would mean something else. Returns the notes.
Result<Diagnostics> check_asked(People& people, const Questionnaire& questionnaire,
                                std::span<const std::string> corrected = {});

// After check_asked: new items and corrected words are what is kept from now on.
Status keep_asked(People& people, const Questionnaire& questionnaire);

}  // namespace barometer
