// The least and the most of sums over one part of a system of counts, in whole numbers.
//
// One linear program is kept and asked for one sum after the other. Each system of counts it comes
// upon is remembered for all sums of the part: a sum that was seen at its linear bound needs no
// search, and most need not even the linear program.
#pragma once

#include <span>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/protection/presolve_internal.h"
#include "barometer/protection/solver_internal.h"

namespace barometer {

class PartSolver {
 public:
  PartSolver(const SystemPart& part, const Bounds& bounds);

  // kSolved: there is a system of counts. kGaveUp: none was found within the steps, and none
  // excluded.
  Outcome feasible(const RangeOptions& options, Effort& effort, const Progress& progress);

  // To be called after `feasible` did not say kInfeasible: first all pieces, then their ranges.
  size_t add(const Terms& piece);
  // What the points that were met say; least above most when there was none.
  SumRange seen(size_t piece) const;
  // Looks at the ends of the linear program: points to be met, no more.
  void look_at_ends(size_t piece, Effort& effort);
  SumRange range(size_t piece, const RangeOptions& options, Effort& effort,
                 const Progress& progress);

 private:
  struct Piece {
    Terms terms;  // (column, coefficient)
    int64_t seen_least = kNoLimit, seen_most = -kNoLimit;
  };

  int64_t minimum(size_t piece, int sign, const RangeOptions& options, Effort& effort,
                  const Progress& progress, bool& exact);
  int64_t searched(size_t piece, int sign, int64_t bound, const RangeOptions& options,
                   Effort& effort, const Progress& progress, bool& exact);
  int64_t seen_end(size_t piece, int sign) const;
  void note(std::span<const double> point);
  void look(Piece& piece) const;
  std::vector<std::pair<int, double>> costs_of(size_t piece, int sign) const;

  const SystemPart* part_;
  Bounds bounds_;            // by column
  std::vector<Terms> rows_;  // by column
  Program program_;
  LinearSolver linear_;
  std::vector<Piece> pieces_;
  std::vector<int64_t> counts_;  // the last whole point; empty: none yet
};

// ranges_of() that spends an effort of its caller in place of RangeOptions::all_steps.
Result<std::vector<SumRange>> ranges_within(const CountSystem& system,
                                            const std::vector<LinearSum>& sums,
                                            const RangeOptions& options, Effort& effort,
                                            const Progress& progress);

}  // namespace barometer
