// Linear and whole-number programs, solved by Clp and CBC (COIN-OR, EPL-2.0). solver.cpp is the
// only file that knows them. They print nothing, run on one thread and never look at a clock: every
// limit is a count of their own work, so that the same program has the same answer under any load.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "barometer/base/progress.h"

namespace barometer {

inline constexpr double kInfinite = std::numeric_limits<double>::infinity();

struct ProgramRow {
  std::vector<int> columns;  // each once
  std::vector<double> coefficients;
  double least = 0, most = 0;
};

// Minimise cost · x, least <= row · x <= most, lower <= x <= upper.
struct Program {
  std::vector<double> lower, upper, cost;
  std::vector<ProgramRow> rows;

  int add_column(double least, double most, double price);
};

enum class Outcome { kSolved, kInfeasible, kUnbounded, kGaveUp };

// The steps (count_system.h) that a piece of work may still take.
class Effort {
 public:
  explicit Effort(int64_t most) : left_(most) {}
  [[nodiscard]] int64_t left() const { return left_; }  // 0 or less: none
  void spend(int64_t steps) { left_ -= steps; }

 private:
  int64_t left_;
};

// One linear program, solved again and again from where it stood: with other costs, bounds, rows.
class LinearSolver {
 public:
  explicit LinearSolver(const Program& program);
  ~LinearSolver();
  LinearSolver(LinearSolver&&) noexcept;
  LinearSolver& operator=(LinearSolver&&) noexcept;

  // Costs of the columns named; all others cost nothing.
  void minimise(std::span<const std::pair<int, double>> costs);
  void bound_column(int column, double least, double most);
  void bound_row(int row, double least, double most);
  void add_row(const ProgramRow& row);

  // To its end, whatever is left; only a solve that runs away gives up.
  Outcome solve(Effort& effort);
  double value() const;
  std::span<const double> point() const;
  std::span<const double> prices() const;  // dual values, one a row

 private:
  struct Model;
  std::unique_ptr<Model> model_;
};

struct SearchLimits {
  int64_t steps = 0;
  size_t nodes = 100'000;
  double cutoff = kInfinite;  // only solutions below it are of interest
};

struct WholeSolution {
  Outcome outcome = Outcome::kGaveUp;  // kSolved: proven; kInfeasible: also nothing below cutoff
  std::vector<double> point;           // the best found; empty: none
  double value = 0;
  double bound = -kInfinite;  // nothing costs less
};

// The same with `whole[j]` columns in whole numbers, within the limits and the effort.
WholeSolution solve_whole(const Program& program, const std::vector<uint8_t>& whole,
                          const SearchLimits& limits, Effort& effort, const Progress& progress);

}  // namespace barometer
