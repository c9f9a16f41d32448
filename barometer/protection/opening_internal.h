// Good choices of what to hide, found cell by cell: the cheapest change of the table that moves a
// sensitive cell as far as asked shows which cells to hide with it; at the end whatever is not
// needed is shown again. (The idea is Kelly, Golden & Assad, Networks 22 (1992), for two ways.)
#pragma once

#include <span>
#include <vector>

#include "barometer/protection/attacker_internal.h"

namespace barometer {

class Openings {
 public:
  explicit Openings(const SuppressionModel& model);

  // Hides more until every sensitive cell can move; `liked` (0 to 1, one a cell) is what a linear
  // program would hide. False: out of steps.
  bool open(std::vector<uint8_t>& hidden, std::span<const double> liked, Effort& effort,
            const Progress& progress);

 private:
  struct Move {
    size_t cell = 0;
    int sign = 1;
    double amount = 0;
    std::vector<size_t> moved = {};  // other cells that change with it
    double price = 0;
  };
  void allow(const Move& move, std::span<const uint8_t> hidden, bool only_hidden);
  bool solve(Move& move, std::span<const uint8_t> hidden, std::span<const double> prices,
             bool only_hidden, Effort& effort);
  void trim(std::vector<uint8_t>& hidden, std::vector<Move>& moves, Effort& effort,
            const Progress& progress);

  const SuppressionModel* model_;
  LinearSolver linear_;
};

}  // namespace barometer
