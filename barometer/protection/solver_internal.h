// Linear and whole-number programs, solved by Clp and CBC (COIN-OR, EPL-2.0). solver.cpp is the
// only file that knows them: they print nothing, run on one thread and give the same answer every
// time unless a limit of time ends them.
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

// Limits of time are the solvers' own: only what gives up looks at their clock.
class Deadline {
 public:
  explicit Deadline(double seconds);
  double left() const;  // seconds, not below 0

 private:
  double end_;
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

  // `seconds` ends a solve that runs away.
  Outcome solve(double seconds);
  double value() const;
  std::span<const double> point() const;
  std::span<const double> prices() const;  // dual values, one a row

 private:
  struct Model;
  std::unique_ptr<Model> model_;
};

struct SearchLimits {
  double seconds = 10;
  size_t nodes = 100'000;
  double cutoff = kInfinite;  // only solutions below it are of interest
};

struct WholeSolution {
  Outcome outcome = Outcome::kGaveUp;  // kSolved: proven; kInfeasible: also nothing below cutoff
  std::vector<double> point;           // the best found; empty: none
  double value = 0;
  double bound = -kInfinite;  // nothing costs less
};

// The same with `whole[j]` columns in whole numbers.
WholeSolution solve_whole(const Program& program, const std::vector<uint8_t>& whole,
                          const SearchLimits& limits, const Progress& progress);

}  // namespace barometer
