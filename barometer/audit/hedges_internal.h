// Is what words say of a number true of a printed figure?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "barometer/audit/page_internal.h"

namespace barometer {

// A word or number that a figure can refute: "a majority", "over 40%", "a third", "63 per cent".
bool can_be_judged(const Claim& claim);
// True where some share that prints as the figure is as the words say. `others`: claims of the
// other answers, for the largest group.
bool may_hold(const Page& page, const Claim& words, const Claim& figure,
              const std::vector<size_t>& others);
// Bounds and majorities are false or true; a tolerance is ours.
Grade grade_of_words(const Claim& words, const Claim& figure);
std::string words_arithmetic(const Page& page, const Claim& words, const Claim& figure);

// Words and figures side by side; which claims were judged so.
std::vector<uint8_t> check_hedges(Page& page);

}  // namespace barometer
