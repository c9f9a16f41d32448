// The problem of suppression as the search sees it, and the attacker's linear programs that give
// it its cuts.
#pragma once

#include <span>
#include <vector>

#include "barometer/protection/presolve_internal.h"
#include "barometer/protection/solver_internal.h"
#include "barometer/protection/suppression.h"

namespace barometer {

struct ModelCell {
  Terms terms;
  double value = 0, cost = 1;
  double down = 0, up = 0;  // how far a hidden cell can lie from its value by what is known
  bool sensitive = false;
  bool free = false;  // the search may hide or show it
  double lower = 0, upper = 0, slide = 0;
};

struct SuppressionModel {
  std::vector<double> atom_least, atom_most;  // finite
  std::vector<CountRow> rows;                 // what is known
  std::vector<ModelCell> cells;
  std::vector<size_t> sensitive;
};

// Σ a_i x_i >= least over free cells.
struct SuppressionCut {
  std::vector<std::pair<size_t, double>> terms = {};  // (cell, a)
  double least = 1;
};

class Attacker {
 public:
  explicit Attacker(const SuppressionModel& model);

  // From here on cell i is hidden by the share x[i].
  void choose(std::span<const double> x);
  // Cuts that `x` breaks because the range of the cell is too narrow.
  void separate(size_t cell, Effort& effort, std::vector<SuppressionCut>& cuts);

 private:
  // sign * sum >= constant - Σ reach_i x_i, for every x.
  struct Bound {
    double constant = 0;
    std::vector<double> reach;  // one a cell
    double value = 0;           // at the x chosen
    bool solved = false;
  };
  Bound bound(size_t cell, int sign, Effort& effort);
  Bound by_duality(const ModelCell& cell, int sign, std::vector<double> prices) const;
  void add_cut(const std::vector<double>& reach, double need,
               std::vector<SuppressionCut>& cuts) const;

  const SuppressionModel* model_;
  Program program_;
  std::vector<int> cell_of_column_;  // the cell that is this atom alone, or -1
  std::vector<int> cell_of_row_;     // or -1: a row of what is known
  std::vector<double> x_;
  LinearSolver linear_;
};

}  // namespace barometer
