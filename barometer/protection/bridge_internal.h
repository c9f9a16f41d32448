// Cuts that no safe choice needs to break: a cell that the shown ones give away by an equation is
// not worth hiding. So x_i <= Σ x_j over the cells j of an equation that fixes cell i (the
// bridge-less inequalities of Fischetti & Salazar-González 2001, 1019, for any linear relations).
#pragma once

#include <span>
#include <vector>

#include "barometer/protection/attacker_internal.h"

namespace barometer {

class Bridges {
 public:
  explicit Bridges(const SuppressionModel& model);

  // From here on cell j may deviate by x[j].
  void choose(std::span<const double> x);
  void separate(size_t cell, Effort& effort, std::vector<SuppressionCut>& cuts);

 private:
  void allow(size_t cell, double deviation);

  const SuppressionModel* model_;
  std::vector<int> cell_of_column_, cell_of_row_;  // before the program, which fills them
  Program program_;                      // deviations of atoms; rows: what is known, then cells
  std::vector<int> column_of_, row_of_;  // of a cell, or -1
  std::vector<double> x_;
  LinearSolver linear_;
};

}  // namespace barometer
