// Which further cells to hide so that no small count can be worked back, at the least loss.
//
// Secondary suppression as an integer program: minimise Σ cost of what is hidden, such that for
// every sensitive cell both directions leave room: an attacker who knows the shown cells, and of
// every hidden one no more than its bounds, finds a range that holds [value - lower protection,
// value + upper protection] and spans at least `slide`. Solved by cuts from the attacker's linear
// programs (Fischetti & Salazar-González, Management Science 47, 2001, 1008-1027), then checked in
// whole numbers: what the linear relaxation misses is hidden by further cuts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/protection/count_system.h"

namespace barometer {

struct SuppressibleCell {
  LinearSum sum;
  int64_t value = 0;
  double cost = 1;        // of hiding it
  bool sensitive = false;  // must be hidden and protected
  bool fixed = false;      // must be shown (a total that is known anyway)
  int64_t lower = 0, upper = 0, slide = 0;  // protection asked for a sensitive cell
};

struct SuppressionProblem {
  CountSystem known;  // relations and everything that is known whatever is hidden
  std::vector<SuppressibleCell> cells;
};

struct SuppressionOptions {
  double seconds = 60;
};

struct SuppressionResult {
  std::vector<uint8_t> hidden;  // one a cell
  double cost = 0;
  double bound = 0;        // no choice costs less; equal to cost when optimal
  bool optimal = false;    // of the problem with whole numbers
};

// kInvalid: cells that contradict the system, a sensitive cell that no hiding protects (says which).
Result<SuppressionResult> suppress_cells(const SuppressionProblem& problem,
                                         const SuppressionOptions& options,
                                         const Progress& progress);

}  // namespace barometer
