// What a reader knows of counts of people: whole numbers, not below 0, bound by linear statements.
//
// A publication becomes one system: an atom is a count that nothing published divides further
// (those of a group who gave one answer, say), and everything printed is a statement on a sum of
// atoms: a count is one value; a percentage with its base is the counts that print so; a base, a
// NET, a total, an earlier wave are further sums. What is hidden is a sum without a statement.
// The attack asks for the least and the most that a sum can be over all systems of counts that
// look so: Fischetti & Salazar-González, Management Science 47 (2001); sdcTable and tau-argus ask
// the same of one table, in real numbers.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"

namespace barometer {

// No limit: as the `most` of a statement, an atom or a range; -kNoLimit as the `least`.
inline constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

struct LinearSum {
  std::vector<std::pair<size_t, int64_t>> terms;  // (atom, coefficient); of one atom they add up
};

struct CountStatement {
  LinearSum sum;
  int64_t least = 0, most = 0;  // what a reader concludes: least <= sum <= most
  std::string source;           // "tables/…csv: 2013-04.leave_self.likely", for messages
};

struct CountSystem {
  size_t atoms = 0;
  std::vector<CountStatement> statements;
  std::vector<int64_t> most;  // an atom's upper bound that any reader knows; empty: none
};

struct SumRange {
  int64_t least = 0, most = 0;
  bool exact = true;  // false: the solver gave up; the range is then an outer one
  // Not looked for to its ends (RangeOptions::settled): an inner range, both ends of which occur.
  bool settled = false;
};

// The solvers' work is counted in steps and never timed: the same question has the same answer on
// every machine and under any load. One step is one pivot of the simplex in one row or column of
// its program; so many take about a second on a machine of 2020.
inline constexpr int64_t kStepsPerSecond = 20'000'000;

struct RangeOptions {
  // Ends a search that runs away; such results are not `exact`.
  int64_t steps = 10 * kStepsPerSecond;  // for one end of one range before it is an outer one
  size_t most_nodes = 100'000;
  int64_t all_steps = 3600 * kStepsPerSecond;  // for all; what is left then gets outer ranges
  // Whether it is enough to know that a sum (its place) ranges at least from `least` to `most`.
  // Most questions are settled by systems of counts that were met on the way.
  std::function<bool(size_t sum, int64_t least, int64_t most)> settled{};
};

// Ranges of many sums of one system, in their order. Substitutes what is known, splits the rest
// into parts that share no atom, bounds by linear programming, and searches in whole numbers only
// where the linear bound is not reached by a system of counts that was met on the way.
// kInvalid: statements that contradict each other (says which: a set of which each is needed), an
// atom that does not exist, numbers beyond 10^12 or coefficients beyond 10^6. kLimit: stopped.
Result<std::vector<SumRange>> ranges_of(const CountSystem& system,
                                        const std::vector<LinearSum>& sums,
                                        const RangeOptions& options, const Progress& progress);

}  // namespace barometer
