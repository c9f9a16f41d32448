// Which further cells to hide so that no small count can be worked back, at the least loss.
//
// Secondary suppression as an integer program: minimise Σ cost of what is hidden, such that for
// every sensitive cell an attacker who knows the shown cells, and of every hidden one no more than
// `known`, finds a range that holds [value - lower, value + upper] and spans at least `slide`.
// By linear duality each range that is too narrow is an inequality Σ a_i x_i >= 1 (x_i: cell i is
// hidden) that every safe choice meets: those are added as cuts until none is broken (Fischetti &
// Salazar-González, Management Science 47, 2001, 1008-1027, section 4). The last check is in whole
// numbers (ranges_of): a range that only fractions keep open is closed by the cut "hide one more".
//
// Zeros are cells like any other: a zero that stays visible (an option nobody chose, a dash in
// print) is `fixed`, as sdcTable does with its status z. The attacker then knows it. A zero that is
// not fixed may be hidden, and the attacker does not know that it is one.
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
  double cost = 1;         // of hiding it, not below 0
  bool sensitive = false;  // must be hidden and protected
  bool fixed = false;      // must be shown (a total that is known anyway)
  // Protection asked for a sensitive cell. A count is never below 0: `lower` is at most its value.
  int64_t lower = 0, upper = 0, slide = 0;
  std::string name = {};  // for messages
};

struct SuppressionProblem {
  CountSystem known;  // relations and everything that is known whatever is hidden
  std::vector<SuppressibleCell> cells;
};

struct SuppressionOptions {
  // Of search; the best choice by then is the result, and the same one every time.
  int64_t steps = 60 * kStepsPerSecond;
  RangeOptions ranges = {};  // of the check in whole numbers
};

struct SuppressionResult {
  std::vector<uint8_t> hidden;   // one a cell
  double cost = 0;               // of all that is hidden, sensitive cells included
  double bound = 0;              // no choice costs less; equal to cost when optimal
  bool optimal = false;          // of the problem with whole numbers
  std::vector<SumRange> ranges;  // of the attacker, one a cell; of a shown one its value
};

// The result is always safe; out of steps it may cost more than needed (then not optimal).
// kInvalid: cells that contradict the system, a sensitive cell that no hiding protects (says
// which). kLimit: stopped.
Result<SuppressionResult> suppress_cells(const SuppressionProblem& problem,
                                         const SuppressionOptions& options,
                                         const Progress& progress);

}  // namespace barometer
