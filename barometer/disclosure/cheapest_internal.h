// Which further sums of a question to hide at the least loss (protection/suppression.h).
#pragma once

#include <cstdint>
#include <vector>

#include "barometer/disclosure/attack.h"

namespace barometer {

// Places in question.sums. Loss is the people whose answer is no longer said; NETs cost half the
// base more than options, zeros twice the base. Empty when nothing needs to be hidden, and when the
// solver finds no way: the attack decides then.
std::vector<size_t> cheapest_to_hide(const CountedQuestion& question,
                                     const std::vector<bool>& shown, int64_t k);

}  // namespace barometer
