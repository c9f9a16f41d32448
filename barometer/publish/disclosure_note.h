// disclosure.json: what a bundle says of its own protection, so that a stranger can attack it.
//
//   rules   counts and bases under which nothing is shown, and the least range of a hidden count
//   waves   their questions: kind, options (which are don't know, which have a score), NETs; of
//           numbers that are whole and small those they can be; the groups that the wave is split
//           into, and whether they are all of it
#pragma once

#include <string>
#include <vector>

#include "barometer/ledger/ledger.h"

namespace barometer {

// Of these waves, in order.
std::string disclosure_note(const Study& study, const std::vector<WaveTables>& waves,
                            const std::vector<WaveBook>& books = {});

}  // namespace barometer
