// Nothing leaves that the attack can open: what suppression within questions left is found by the
// attack on the whole publication, and hidden.
#pragma once

#include <vector>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/ledger/ledger.h"

namespace barometer {

// Hides figures, numbers of missing and bases in `waves` and in their tables by group until the
// attack on their ledger finds nothing that hiding could help. Returns how many cells it hid.
// Editions published earlier are not known here: publish() attacks with them.
Result<size_t> protect_waves(const Study& study, std::vector<WaveTables>& waves,
                             std::vector<WaveBook>& books, const Progress& progress);

}  // namespace barometer
