// disclosure.json: what a bundle says of its own protection, so that a stranger can attack it.
//
//   rules   counts and bases under which nothing is shown, and the least range of a hidden count
//   waves   their questions: kind, options (which are don't know, which have a score), NETs
#pragma once

#include <string>
#include <vector>

#include "barometer/study/study.h"

namespace barometer {

// Of these waves of the study, in order.
std::string disclosure_note(const Study& study, const std::vector<const Wave*>& waves);

}  // namespace barometer
