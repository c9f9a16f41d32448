#include "barometer/protection/solver_internal.h"

#include <algorithm>
#include <memory>

#include <CbcEventHandler.hpp>
#include <CbcHeuristic.hpp>
#include <CbcHeuristicFPump.hpp>
#include <CbcHeuristicRINS.hpp>
#include <CbcModel.hpp>
#include <CbcStrategy.hpp>
#include <CglZeroHalf.hpp>
#include <ClpSimplex.hpp>
#include <CoinPackedMatrix.hpp>
#include <CoinTime.hpp>
#include <OsiClpSolverInterface.hpp>

#include "barometer/base/result.h"

namespace barometer {
namespace {

double for_coin(double bound) {
  if (bound == kInfinite) return COIN_DBL_MAX;
  return bound == -kInfinite ? -COIN_DBL_MAX : bound;
}

std::vector<double> for_coin(const std::vector<double>& bounds) {
  std::vector<double> out(bounds.size());
  std::ranges::transform(bounds, out.begin(), [](double bound) { return for_coin(bound); });
  return out;
}

// Rows as the solvers take them.
struct Rows {
  CoinPackedMatrix matrix{false, 0, 0};
  std::vector<double> least, most;

  explicit Rows(const Program& program) {
    std::vector<CoinBigIndex> starts{0};
    std::vector<int> columns;
    std::vector<double> values;
    for (const ProgramRow& row : program.rows) {
      columns.insert(columns.end(), row.columns.begin(), row.columns.end());
      values.insert(values.end(), row.coefficients.begin(), row.coefficients.end());
      starts.push_back(static_cast<CoinBigIndex>(columns.size()));
      least.push_back(for_coin(row.least));
      most.push_back(for_coin(row.most));
    }
    matrix.setDimensions(0, static_cast<int>(program.lower.size()));
    matrix.appendRows(static_cast<int>(program.rows.size()), starts.data(), columns.data(),
                      values.data());
  }
};

// Ends a search at the next node when the work is stopped.
class StopHandler : public CbcEventHandler {
 public:
  explicit StopHandler(const Progress& progress) : progress_(&progress) {}
  CbcAction event(CbcEvent) override { return progress_->stopped() ? stop : noAction; }
  // CBC owns it.
  CbcEventHandler* clone() const override { return std::make_unique<StopHandler>(*this).release(); }

 private:
  const Progress* progress_;
};

}  // namespace

int Program::add_column(double least, double most, double price) {
  lower.push_back(least);
  upper.push_back(most);
  cost.push_back(price);
  return static_cast<int>(lower.size()) - 1;
}

Deadline::Deadline(double seconds) : end_(CoinGetTimeOfDay() + seconds) {}
double Deadline::left() const { return std::max(0.0, end_ - CoinGetTimeOfDay()); }

struct LinearSolver::Model {
  ClpSimplex clp;
  bool dual_ready = false;  // after new rows the last answer is still priced right
};

LinearSolver::LinearSolver(const Program& program) : model_(std::make_unique<Model>()) {
  ClpSimplex& clp = model_->clp;
  clp.setLogLevel(0);
  const Rows rows(program);
  const std::vector<double> lower = for_coin(program.lower);
  const std::vector<double> upper = for_coin(program.upper);
  clp.loadProblem(rows.matrix, lower.data(), upper.data(), program.cost.data(), rows.least.data(),
                  rows.most.data());
}

LinearSolver::~LinearSolver() = default;
LinearSolver::LinearSolver(LinearSolver&&) noexcept = default;
LinearSolver& LinearSolver::operator=(LinearSolver&&) noexcept = default;

void LinearSolver::minimise(std::span<const std::pair<int, double>> costs) {
  double* objective = model_->clp.objective();
  std::fill_n(objective, model_->clp.numberColumns(), 0.0);
  for (const auto& [column, price] : costs) objective[column] = price;
  model_->dual_ready = false;
}

void LinearSolver::bound_column(int column, double least, double most) {
  model_->clp.setColumnBounds(column, for_coin(least), for_coin(most));
}

void LinearSolver::bound_row(int row, double least, double most) {
  model_->clp.setRowBounds(row, for_coin(least), for_coin(most));
}

void LinearSolver::add_row(const ProgramRow& row) {
  model_->clp.addRow(static_cast<int>(row.columns.size()), row.columns.data(),
                     row.coefficients.data(), for_coin(row.least), for_coin(row.most));
}

Outcome LinearSolver::solve(double seconds) {
  ClpSimplex& clp = model_->clp;
  clp.setMaximumSeconds(std::max(seconds, 0.01));
  if (model_->dual_ready) {
    clp.dual();
  } else {
    clp.primal();
  }
  model_->dual_ready = clp.status() == 0;
  switch (clp.status()) {
    case 0:
      return Outcome::kSolved;
    case 1:
      return Outcome::kInfeasible;
    case 2:
      return Outcome::kUnbounded;
    default:
      return Outcome::kGaveUp;
  }
}

double LinearSolver::value() const { return model_->clp.objectiveValue(); }

std::span<const double> LinearSolver::point() const {
  return {model_->clp.primalColumnSolution(), static_cast<size_t>(model_->clp.numberColumns())};
}

std::span<const double> LinearSolver::prices() const {
  return {model_->clp.dualRowSolution(), static_cast<size_t>(model_->clp.numberRows())};
}

WholeSolution solve_whole(const Program& program, const std::vector<uint8_t>& whole,
                          const SearchLimits& limits, const Progress& progress) {
  OsiClpSolverInterface solver;
  solver.messageHandler()->setLogLevel(0);
  const Rows rows(program);
  const std::vector<double> lower = for_coin(program.lower);
  const std::vector<double> upper = for_coin(program.upper);
  solver.loadProblem(rows.matrix, lower.data(), upper.data(), program.cost.data(),
                     rows.least.data(), rows.most.data());
  for (size_t j = 0; j < whole.size(); ++j) {
    if (whole[j] != 0) solver.setInteger(static_cast<int>(j));
  }

  CbcModel model(solver);
  model.setLogLevel(0);
  model.solver()->messageHandler()->setLogLevel(0);
  model.setUseElapsedTime(true);
  model.setMaximumSeconds(std::max(limits.seconds, 0.01));
  model.setMaximumNodes(static_cast<int>(std::min<size_t>(limits.nodes, 1'000'000'000)));
  const StopHandler stop(progress);
  model.passInEventHandler(&stop);
  CbcStrategyDefault strategy(1, 5, 5, 0);
  model.setStrategy(strategy);
  if (limits.cutoff < kInfinite) model.setCutoff(limits.cutoff);
  model.branchAndBound();

  WholeSolution out;
  if (model.bestSolution() != nullptr && model.getSolutionCount() > 0) {
    out.point.assign(model.bestSolution(), model.bestSolution() + model.getNumCols());
    out.value = model.getObjValue();
  }
  out.bound = model.getBestPossibleObjValue();
  if (model.isProvenOptimal()) {
    out.outcome = Outcome::kSolved;
    out.bound = out.value;
  } else if (model.isContinuousUnbounded()) {
    out.outcome = Outcome::kUnbounded;
  } else if (model.isProvenInfeasible()) {
    out.outcome = Outcome::kInfeasible;
    out.bound = limits.cutoff;
  }
  return out;
}

}  // namespace barometer
