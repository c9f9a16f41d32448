// What may be printed of a reconstructed wave: what the published figures fix, and nothing else.
#pragma once

#include "barometer/table/table.h"

namespace barometer {

// The cell becomes [x] unless every solution prints it alike. Where several counts do, the value is
// the printed one, there is no count, and the interval is the widest over those counts. What rests
// on who answered with whom (clusters, strata), or on the spread of scores, is dropped.
void keep_what_is_fixed(const Reconstruction& known, const Wave& wave,
                        std::optional<size_t> population, Cell& cell);

}  // namespace barometer
