// The method statement: what the British Polling Council's rules of disclosure ask for (client,
// conductor, dates, method, universe, sample size, geography, weighting, wording), and what a
// survey of a finite set of leaders must add (frame, coverage, organisations, non-response, bases,
// suppression, rounding, limits).
#pragma once

#include <string>
#include <vector>

#include "barometer/table/table.h"

namespace barometer {

struct MethodItem {
  std::string heading;
  std::string text;
};

// Every item, in one order; none is empty: what is not known says so.
std::vector<MethodItem> method_statement(const Study& study, const Wave& wave,
                                         const WaveTables& tables);

// The line that stands on every page, table and file made from a reconstruction.
inline constexpr const char* kReconstructionNotice =
    "Reconstruction from published figures: the answers of this wave were never public. They were "
    "rebuilt to meet every printed figure; only figures that the printed ones fix are shown.";

}  // namespace barometer
