#include "barometer/protection/part_solver_internal.h"

#include <algorithm>
#include <cmath>

namespace barometer {
namespace {

constexpr double kWhole = 1e-5;  // nearer to a whole number than this: tried as one, then checked

double as_double(int64_t value) {
  if (value == kNoLimit) return kInfinite;
  return value == -kNoLimit ? -kInfinite : static_cast<double>(value);
}

// The least whole number that a solver's bound allows, its rounding errors aside.
int64_t whole_above(double bound) {
  return static_cast<int64_t>(std::ceil(bound - 1e-6 - 1e-9 * std::abs(bound)));
}

Terms by_column(const Terms& terms, const std::vector<size_t>& atoms) {
  Terms out = terms;
  for (auto& [atom, coefficient] : out) {
    atom = static_cast<size_t>(std::ranges::lower_bound(atoms, atom) - atoms.begin());
  }
  return out;
}

Bounds bounds_of(const SystemPart& part, const Bounds& all) {
  Bounds out;
  for (const size_t atom : part.atoms) {
    out.least.push_back(all.least[atom]);
    out.most.push_back(all.most[atom]);
  }
  return out;
}

Program program_of(const SystemPart& part, const Bounds& bounds) {
  Program program;
  for (size_t j = 0; j < part.atoms.size(); ++j) {
    program.add_column(as_double(bounds.least[j]), as_double(bounds.most[j]), 0);
  }
  for (const CountRow& row : part.rows) {
    ProgramRow out{{}, {}, as_double(row.least), as_double(row.most)};
    for (const auto& [column, coefficient] : by_column(row.terms, part.atoms)) {
      out.columns.push_back(static_cast<int>(column));
      out.coefficients.push_back(static_cast<double>(coefficient));
    }
    program.rows.push_back(std::move(out));
  }
  return program;
}

SearchLimits limits_of(const RangeOptions& options) {
  return {options.steps, options.most_nodes, kInfinite};
}

}  // namespace

PartSolver::PartSolver(const SystemPart& part, const Bounds& bounds)
    : part_(&part),
      bounds_(bounds_of(part, bounds)),
      program_(program_of(part, bounds_)),
      linear_(program_) {
  for (const CountRow& row : part.rows) rows_.push_back(by_column(row.terms, part.atoms));
}

Outcome PartSolver::feasible(const RangeOptions& options, Effort& effort,
                             const Progress& progress) {
  const Outcome linear = linear_.solve(effort);
  if (linear == Outcome::kInfeasible) return linear;
  if (linear == Outcome::kSolved) note(linear_.point());
  if (!counts_.empty()) return Outcome::kSolved;
  const std::vector<uint8_t> whole(program_.lower.size(), 1);
  const WholeSolution found = solve_whole(program_, whole, limits_of(options), effort, progress);
  if (!found.point.empty()) note(found.point);
  if (!counts_.empty()) return Outcome::kSolved;
  return found.outcome == Outcome::kInfeasible ? Outcome::kInfeasible : Outcome::kGaveUp;
}

size_t PartSolver::add(const Terms& piece) {
  pieces_.push_back({by_column(piece, part_->atoms)});
  if (!counts_.empty()) look(pieces_.back());
  return pieces_.size() - 1;
}

SumRange PartSolver::seen(size_t piece) const {
  return {pieces_[piece].seen_least, pieces_[piece].seen_most};
}

void PartSolver::look_at_ends(size_t piece, Effort& effort) {
  for (const int sign : {1, -1}) {
    linear_.minimise(costs_of(piece, sign));
    if (linear_.solve(effort) == Outcome::kSolved) note(linear_.point());
  }
}

SumRange PartSolver::range(size_t piece, const RangeOptions& options, Effort& effort,
                           const Progress& progress) {
  SumRange range;
  range.least = minimum(piece, 1, options, effort, progress, range.exact);
  range.most = -minimum(piece, -1, options, effort, progress, range.exact);
  return range;
}

// The least of the sum (sign 1), or of its negative (-1).
int64_t PartSolver::minimum(size_t piece, int sign, const RangeOptions& options, Effort& effort,
                            const Progress& progress, bool& exact) {
  const SumRange box = over_box(pieces_[piece].terms, bounds_);
  const int64_t outer = sign > 0 ? box.least : -box.most;
  if (seen_end(piece, sign) == outer) return outer;
  linear_.minimise(costs_of(piece, sign));
  const Outcome outcome = linear_.solve(effort);
  if (outcome == Outcome::kUnbounded) return -kNoLimit;
  if (outcome != Outcome::kSolved) {
    exact = false;
    return outer;
  }
  const int64_t bound = std::max(outer, whole_above(linear_.value()));
  note(linear_.point());
  if (seen_end(piece, sign) <= bound) return seen_end(piece, sign);
  return searched(piece, sign, bound, options, effort, progress, exact);
}

int64_t PartSolver::searched(size_t piece, int sign, int64_t bound, const RangeOptions& options,
                             Effort& effort, const Progress& progress, bool& exact) {
  Program program = program_;
  for (const auto& [column, price] : costs_of(piece, sign)) {
    program.cost[static_cast<size_t>(column)] = price;
  }
  SearchLimits limits = limits_of(options);
  const int64_t best = seen_end(piece, sign);
  if (best != kNoLimit) limits.cutoff = static_cast<double>(best) - 0.5;
  const std::vector<uint8_t> whole(program.lower.size(), 1);
  const WholeSolution found = solve_whole(program, whole, limits, effort, progress);
  if (!found.point.empty()) note(found.point);
  const int64_t now = seen_end(piece, sign);
  const bool proven = found.outcome == Outcome::kInfeasible
                          ? now != kNoLimit
                          : found.outcome == Outcome::kSolved && now <= std::llround(found.value);
  if (proven || now <= bound) return now;
  exact = false;
  if (found.outcome == Outcome::kGaveUp && found.bound > static_cast<double>(bound)) {
    bound = std::min(now, whole_above(found.bound));
  }
  return bound;
}

int64_t PartSolver::seen_end(size_t piece, int sign) const {
  const Piece& at = pieces_[piece];
  return sign > 0 ? at.seen_least : -at.seen_most;
}

// Remembers a point when it is a system of counts that meets every row: checked in whole numbers.
void PartSolver::note(std::span<const double> point) {
  std::vector<int64_t> counts(point.size());
  for (size_t j = 0; j < point.size(); ++j) {
    const double nearest = std::round(point[j]);
    if (std::abs(point[j] - nearest) > kWhole) return;
    counts[j] = static_cast<int64_t>(nearest);
    if (counts[j] < bounds_.least[j] || counts[j] > bounds_.most[j]) return;
  }
  for (size_t i = 0; i < rows_.size(); ++i) {
    const int64_t value = value_at(rows_[i], counts);
    if (value < part_->rows[i].least || value > part_->rows[i].most) return;
  }
  counts_ = std::move(counts);
  for (Piece& piece : pieces_) look(piece);
}

void PartSolver::look(Piece& piece) const {
  const int64_t value = value_at(piece.terms, counts_);
  piece.seen_least = std::min(piece.seen_least, value);
  piece.seen_most = std::max(piece.seen_most, value);
}

std::vector<std::pair<int, double>> PartSolver::costs_of(size_t piece, int sign) const {
  std::vector<std::pair<int, double>> costs;
  for (const auto& [column, coefficient] : pieces_[piece].terms) {
    costs.emplace_back(static_cast<int>(column), static_cast<double>(sign * coefficient));
  }
  return costs;
}

}  // namespace barometer
