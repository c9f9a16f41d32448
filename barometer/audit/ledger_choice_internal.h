// The words of a claim that say which figure of a ledger is meant, cut from its article.
#pragma once

#include <string>

#include "barometer/audit/page_internal.h"
#include "barometer/meaning/choice.h"

namespace barometer {

Spoken spoken_of(const Page& page, const LedgerIndex& index, size_t claim);

// What says that an article is of a wave: its date in the text.
size_t date_points(const Page& page, const std::string& wave);
// The wave that a claim's own words name, beside the article's: "in January".
struct WaveNamed {
  bool said = false;
  std::string wave;  // empty: another than the article's, the words do not say which
};
WaveNamed wave_named(const Page& page, const LedgerIndex& index, size_t claim,
                     const std::string& own);

}  // namespace barometer
