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

// What a solve costs beside its pivots: as many pivots, and however small the program is as many
// steps; a node of a search costs more, for its place in the tree. Measured, like kStepsPerSecond.
constexpr int64_t kPivotsEach = 10;
constexpr int64_t kStepsOfSolve = 1'000;
constexpr int64_t kStepsOfNode = 10'000;
constexpr int64_t kNodesOfRoot = 2;  // cuts and heuristics before the first branch
// No program of ours needs so many pivots: a solve that goes on has run away.
constexpr int kMostPivots = 500'000;

int64_t steps_of(int64_t pivots, int64_t size) {
  return (pivots + kPivotsEach) * size + kStepsOfSolve;
}

int64_t steps_of(const CbcModel& model, int64_t size) {
  const int64_t nodes = kNodesOfRoot + model.getNodeCount();
  return model.getIterationCount() * size + nodes * (kStepsOfNode + kPivotsEach * size);
}

// Ends a search at the next node when the work is stopped or has taken its steps.
class StopHandler : public CbcEventHandler {
 public:
  StopHandler(int64_t steps, int64_t size, const Progress& progress)
      : steps_(steps), size_(size), progress_(&progress) {}
  CbcAction event(CbcEvent) override {
    const bool over = model_ != nullptr && steps_of(*model_, size_) > steps_;
    return over || progress_->stopped() ? stop : noAction;
  }
  // CBC owns it.
  CbcEventHandler* clone() const override { return std::make_unique<StopHandler>(*this).release(); }

 private:
  int64_t steps_, size_;
  const Progress* progress_;
};

}  // namespace

int Program::add_column(double least, double most, double price) {
  lower.push_back(least);
  upper.push_back(most);
  cost.push_back(price);
  return static_cast<int>(lower.size()) - 1;
}

struct LinearSolver::Model {
  ClpSimplex clp;
  bool dual_ready = false;  // after new rows the last answer is still priced right
};

LinearSolver::LinearSolver(const Program& program) : model_(std::make_unique<Model>()) {
  ClpSimplex& clp = model_->clp;
  clp.setLogLevel(0);
  clp.setMaximumIterations(kMostPivots);
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

Outcome LinearSolver::solve(Effort& effort) {
  ClpSimplex& clp = model_->clp;
  if (model_->dual_ready) {
    clp.dual();
  } else {
    clp.primal();
  }
  effort.spend(steps_of(clp.numberIterations(), clp.numberRows() + clp.numberColumns()));
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
                          const SearchLimits& limits, Effort& effort, const Progress& progress) {
  const int64_t steps = std::min(limits.steps, effort.left());
  if (steps <= 0) return {};
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
  model.setMaximumNodes(static_cast<int>(std::min<size_t>(limits.nodes, 1'000'000'000)));
  const auto size = static_cast<int64_t>(program.rows.size() + program.lower.size());
  const StopHandler stop(steps, size, progress);
  model.passInEventHandler(&stop);
  CbcStrategyDefault strategy(1, 5, 5, 0);
  model.setStrategy(strategy);
  if (limits.cutoff < kInfinite) model.setCutoff(limits.cutoff);
  model.branchAndBound();
  effort.spend(steps_of(model, size));

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
