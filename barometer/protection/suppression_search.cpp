#include "barometer/protection/suppression_search_internal.h"

#include <algorithm>
#include <cmath>

namespace barometer {
namespace {

constexpr double kSame = 1e-6;
constexpr double kShown = 0.02;  // a smaller share gives no cut worth having
constexpr size_t kStalled = 8;   // linear rounds without a better bound before whole numbers

auto stopped() { return fail(ErrorCode::kLimit, "stopped while choosing what to hide"); }

}  // namespace

SuppressionSearch::SuppressionSearch(const SuppressionModel& model, Check check, int64_t steps,
                                     const Progress& progress)
    : model_(&model),
      check_(std::move(check)),
      effort_(steps),
      grace_(kStepsPerSecond + steps / 4),
      progress_(&progress),
      column_of_(model.cells.size(), -1),
      linear_(master_),
      attacker_(model),
      bridges_(model),
      openings_(model),
      x_(model.cells.size(), 0) {
  for (size_t i = 0; i < model.cells.size(); ++i) {
    const ModelCell& cell = model.cells[i];
    if (cell.sensitive) {
      x_[i] = 1;
      sensitive_cost_ += cell.cost;
    }
    if (!cell.free) continue;
    column_of_[i] = master_.add_column(0, 1, cell.cost);
    free_.push_back(i);
    whole_costs_ = whole_costs_ && cell.cost == std::floor(cell.cost);
  }
  linear_ = LinearSolver(master_);
  best_.hidden.assign(model.cells.size(), 0);
  for (size_t i = 0; i < model.cells.size(); ++i) {
    best_.hidden[i] = model.cells[i].free || model.cells[i].sensitive ? 1 : 0;
  }
  best_.cost = cost_of(best_.hidden);
  best_.bound = sensitive_cost_;
}

double SuppressionSearch::cost_of(const std::vector<uint8_t>& hidden) const {
  double cost = 0;
  for (size_t i = 0; i < hidden.size(); ++i) cost += hidden[i] != 0 ? model_->cells[i].cost : 0;
  return cost;
}

std::vector<double> SuppressionSearch::point_of(std::span<const double> columns) const {
  std::vector<double> x(model_->cells.size(), 0);
  for (const size_t cell : model_->sensitive) x[cell] = 1;
  for (size_t j = 0; j < free_.size(); ++j) x[free_[j]] = std::clamp(columns[j], 0.0, 1.0);
  return x;
}

// A choice worth finding costs less than this, sensitive cells aside.
double SuppressionSearch::cutoff() const {
  const double best = best_.cost - sensitive_cost_;
  return whole_costs_ ? best - 1 + 1e-4 : best - kSame * std::max(1.0, best);
}

bool SuppressionSearch::settled() const { return best_.bound - sensitive_cost_ > cutoff() - kSame; }

void SuppressionSearch::add_cut(const SuppressionCut& cut) {
  ProgramRow row{{}, {}, cut.least, kInfinite};
  for (const auto& [cell, a] : cut.terms) {
    row.columns.push_back(column_of_[cell]);
    row.coefficients.push_back(a);
  }
  linear_.add_row(row);
  master_.rows.push_back(std::move(row));
}

size_t SuppressionSearch::separate(std::span<const double> x) {
  attacker_.choose(x);
  std::vector<SuppressionCut> cuts;
  for (const size_t cell : model_->sensitive) {
    if (progress_->stopped()) break;
    attacker_.separate(cell, effort_, cuts);
  }
  for (const SuppressionCut& cut : cuts) add_cut(cut);
  return cuts.size();
}

size_t SuppressionSearch::separate_bridges() {
  bridges_.choose(x_);
  std::vector<SuppressionCut> cuts;
  for (const size_t cell : free_) {
    if (progress_->stopped() || effort_.left() <= 0) break;
    if (x_[cell] > kShown) bridges_.separate(cell, effort_, cuts);
  }
  for (const SuppressionCut& cut : cuts) add_cut(cut);
  return cuts.size();
}

Status SuppressionSearch::linear_rounds() {
  size_t stalled = 0;
  while (effort_.left() > 0 && stalled < kStalled && !settled()) {
    if (progress_->stopped()) return stopped();
    if (linear_.solve(effort_) != Outcome::kSolved) return {};
    const double bound = sensitive_cost_ + linear_.value();
    stalled = bound > best_.bound + 1e-4 * std::max(1.0, bound) ? 0 : stalled + 1;
    best_.bound = std::max(best_.bound, bound);
    progress_->report("cells to hide: bound", static_cast<size_t>(std::max(0.0, best_.bound)),
                      static_cast<size_t>(best_.cost));
    x_ = point_of(linear_.point());
    if (separate(x_) == 0 && separate_bridges() == 0) return {};
  }
  return {};
}

// The choice itself is safe, or a cut says why not.
Status SuppressionSearch::try_choice(const std::vector<uint8_t>& hidden) {
  if (cost_of(hidden) >= best_.cost - kSame) return {};
  if (separate({std::vector<double>(hidden.begin(), hidden.end())}) > 0) return {};
  const std::vector<size_t> leaks = TRY(check_(hidden, effort_));
  if (!leaks.empty()) return hide_one_more(hidden, leaks.front());
  best_.hidden = hidden;
  best_.cost = cost_of(hidden);
  return {};
}

Status SuppressionSearch::try_openings(const std::vector<uint8_t>& hidden) {
  // A search that has used up its steps still gets one good choice.
  const int64_t most = std::max(effort_.left(), grace_);
  Effort effort(most);
  std::vector<uint8_t> choice = hidden;
  const bool opened = openings_.open(choice, x_, effort, *progress_);
  effort_.spend(most - effort.left());
  return opened ? try_choice(choice) : Status();
}

// What leaks with these cells hidden leaks with fewer: one of the others must be hidden too. The
// cut says more the fewer others there are, so cells are hidden one by one as long as it leaks.
Status SuppressionSearch::hide_one_more(std::vector<uint8_t> hidden, size_t leak) {
  for (const size_t cell : free_) {
    if (progress_->stopped()) return stopped();
    if (hidden[cell] != 0 || effort_.left() <= 0) continue;
    hidden[cell] = 1;
    const std::vector<size_t> leaks = TRY(check_(hidden, effort_));
    if (std::ranges::find(leaks, leak) == leaks.end()) hidden[cell] = 0;
  }
  SuppressionCut cut;
  for (const size_t cell : free_) {
    if (hidden[cell] == 0) cut.terms.emplace_back(cell, 1);
  }
  CHECK(!cut.terms.empty(), "everything hidden was found to be safe");
  add_cut(cut);
  return {};
}

Status SuppressionSearch::whole_rounds() {
  const std::vector<uint8_t> whole(free_.size(), 1);
  while (!settled() && effort_.left() > 0) {
    if (progress_->stopped()) return stopped();
    const SearchLimits limits{effort_.left(), 10'000'000, cutoff()};
    const WholeSolution found = solve_whole(master_, whole, limits, effort_, *progress_);
    if (found.outcome == Outcome::kInfeasible) {
      best_.bound = best_.cost;
      return {};
    }
    if (std::isfinite(found.bound)) {
      best_.bound = std::clamp(found.bound + sensitive_cost_, best_.bound, best_.cost);
    }
    if (found.point.empty()) return {};
    const size_t cuts = master_.rows.size();
    const double cost = best_.cost;
    x_ = point_of(found.point);
    std::vector<uint8_t> hidden;
    for (const double share : x_) hidden.push_back(share > 0.5 ? 1 : 0);
    TRY_DONE(try_choice(hidden));
    if (found.outcome != Outcome::kSolved) return {};
    if (master_.rows.size() == cuts) {  // it was safe: settled by its own bound
      if (best_.cost < cost) continue;
      return {};
    }
    TRY_DONE(try_openings(hidden));
    TRY_DONE(linear_rounds());
  }
  return {};
}

Result<SuppressionResult> SuppressionSearch::run() {
  TRY_DONE(linear_rounds());
  std::vector<uint8_t> hidden(model_->cells.size(), 0);
  for (const size_t cell : model_->sensitive) hidden[cell] = 1;
  TRY_DONE(try_openings(hidden));
  TRY_DONE(whole_rounds());
  if (progress_->stopped()) return stopped();
  best_.optimal = settled();
  if (best_.optimal) best_.bound = best_.cost;
  return best_;
}

}  // namespace barometer
