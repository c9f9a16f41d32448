#include "barometer/protection/count_system.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/protection/part_solver_internal.h"
#include "barometer/protection/presolve_internal.h"

namespace barometer {
namespace {

constexpr size_t kNamed = 12;  // sources of a conflict in a message

// Whether any system of counts meets these rows; what could not be settled counts as one.
bool possible(std::span<const CountRow> rows, Bounds bounds, const RangeOptions& options,
              const Progress& progress) {
  if (!narrow(rows, bounds)) return false;
  const Parts parts = parts_of(rows, bounds);
  Effort effort(options.all_steps);
  return std::ranges::all_of(parts.parts, [&](const SystemPart& part) {
    return PartSolver(part, bounds).feasible(options, effort, progress) != Outcome::kInfeasible;
  });
}

// A conflict of which no row can be left out, by halving: Junker, QuickXplain, AAAI 2004.
class Conflict {
 public:
  Conflict(const Bounds& bounds, const RangeOptions& options, const Progress& progress)
      : bounds_(&bounds), options_(&options), progress_(&progress) {}

  std::vector<CountRow> of(std::span<const CountRow> rows) { return explain({}, false, rows); }

 private:
  using Rows = std::vector<CountRow>;

  static Rows joined(const Rows& first, std::span<const CountRow> second) {
    Rows out = first;
    out.insert(out.end(), second.begin(), second.end());
    return out;
  }

  Rows explain(const Rows& background, bool grown, std::span<const CountRow> rows) {
    if (grown && !possible(background, *bounds_, *options_, *progress_)) return {};
    if (rows.size() <= 1) return {rows.begin(), rows.end()};
    const auto first = rows.first(rows.size() / 2);
    const auto second = rows.subspan(rows.size() / 2);
    const Rows of_second = explain(joined(background, first), true, second);
    const Rows of_first = explain(joined(background, of_second), !of_second.empty(), first);
    return joined(of_first, of_second);
  }

  const Bounds* bounds_;
  const RangeOptions* options_;
  const Progress* progress_;
};

std::string said(const CountStatement& statement) {
  if (statement.least == statement.most) return fmt::format("{}", statement.least);
  if (statement.most == kNoLimit) return fmt::format("at least {}", statement.least);
  if (statement.least == -kNoLimit) return fmt::format("at most {}", statement.most);
  return fmt::format("{} to {}", statement.least, statement.most);
}

auto contradiction(const CountSystem& system, std::span<const CountRow> rows, const Bounds& bounds,
                   const RangeOptions& options, const Progress& progress) {
  std::vector<CountRow> conflict = Conflict(bounds, options, progress).of(rows);
  std::ranges::sort(conflict, {}, &CountRow::statement);
  std::vector<std::string> sources;
  for (const CountRow& row : conflict) {
    if (sources.size() == kNamed) {
      sources.push_back(fmt::format("and {} more", conflict.size() - kNamed));
      break;
    }
    const CountStatement& statement = system.statements[row.statement];
    sources.push_back(fmt::format("'{}' is {}", printable(statement.source), said(statement)));
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("no counts of people meet these together: {}", join(sources, "; ")));
}

// A sum cut into what is known, what no row binds, and a piece in each part it touches.
struct CutSum {
  SumRange range;
  std::vector<std::pair<size_t, size_t>> pieces;  // (part, piece)
};

int64_t plus(int64_t a, int64_t b) {
  for (const int64_t limit : {kNoLimit, -kNoLimit}) {
    if (a == limit || b == limit) return limit;
  }
  return a + b;
}

CutSum cut(const Terms& terms, const Bounds& bounds, const Parts& parts,
           std::deque<PartSolver>& solvers) {
  CutSum out;
  Terms loose;
  std::vector<std::pair<size_t, Terms>> by_part;
  for (const auto& term : terms) {
    const size_t part = parts.part_of[term.first];
    if (part == parts.parts.size()) {
      loose.push_back(term);
      continue;
    }
    auto at = std::ranges::find(by_part, part, &std::pair<size_t, Terms>::first);
    if (at == by_part.end()) at = by_part.insert(at, {part, {}});
    at->second.push_back(term);
  }
  out.range = over_box(loose, bounds);
  for (const auto& [part, piece] : by_part) out.pieces.emplace_back(part, solvers[part].add(piece));
  return out;
}

// Whether what was met on the way settles a sum; after a look at the ends of its pieces, if needed.
class Settler {
 public:
  Settler(std::deque<PartSolver>& solvers, const RangeOptions& options, Effort& effort)
      : solvers_(solvers), options_(options), effort_(effort) {}

  std::optional<SumRange> settled(size_t place, const CutSum& sum) const {
    if (!options_.settled) return std::nullopt;
    for (const bool look : {false, true}) {
      for (const auto& [part, piece] : sum.pieces) {
        if (look) solvers_[part].look_at_ends(piece, effort_);
      }
      SumRange inner = sum.range;
      bool met = true;
      for (const auto& [part, piece] : sum.pieces) {
        const SumRange seen = solvers_[part].seen(piece);
        met = met && seen.least <= seen.most;
        inner.least = plus(inner.least, seen.least);
        inner.most = plus(inner.most, seen.most);
      }
      if (!met || !options_.settled(place, inner.least, inner.most)) continue;
      inner.exact = sum.pieces.empty();
      inner.settled = !inner.exact;
      return inner;
    }
    return std::nullopt;
  }

 private:
  std::deque<PartSolver>& solvers_;
  const RangeOptions& options_;
  Effort& effort_;
};

Result<std::vector<SumRange>> ranges_in_parts(const std::vector<Terms>& sums, const Bounds& bounds,
                                              const Parts& parts, std::deque<PartSolver>& solvers,
                                              const RangeOptions& options, Effort& effort,
                                              const Progress& progress) {
  std::vector<CutSum> cuts;
  for (const Terms& terms : sums) cuts.push_back(cut(terms, bounds, parts, solvers));
  const Settler settler(solvers, options, effort);
  std::vector<SumRange> ranges;
  for (const CutSum& sum : cuts) {
    progress.report("ranges", ranges.size(), cuts.size());
    if (const auto enough = settler.settled(ranges.size(), sum)) {
      ranges.push_back(*enough);
      continue;
    }
    SumRange range = sum.range;
    for (const auto& [part, piece] : sum.pieces) {
      if (progress.stopped()) return fail(ErrorCode::kLimit, "stopped while looking for ranges");
      const SumRange of_piece = solvers[part].range(piece, options, effort, progress);
      range.least = plus(range.least, of_piece.least);
      range.most = plus(range.most, of_piece.most);
      range.exact = range.exact && of_piece.exact;
    }
    ranges.push_back(range);
  }
  if (progress.stopped()) return fail(ErrorCode::kLimit, "stopped while looking for ranges");
  return ranges;
}

}  // namespace

Result<std::vector<SumRange>> ranges_of(const CountSystem& system,
                                        const std::vector<LinearSum>& sums,
                                        const RangeOptions& options, const Progress& progress) {
  Effort effort(options.all_steps);
  return ranges_within(system, sums, options, effort, progress);
}

Result<std::vector<SumRange>> ranges_within(const CountSystem& system,
                                            const std::vector<LinearSum>& sums,
                                            const RangeOptions& options, Effort& effort,
                                            const Progress& progress) {
  const std::vector<CountRow> rows = TRY(rows_of(system));
  const Bounds first = TRY(first_bounds(system));
  std::vector<Terms> terms;
  for (const LinearSum& sum : sums) {
    terms.push_back(TRY(merged_terms(sum, system.atoms, fmt::format("sum {}", terms.size() + 1))));
  }
  Bounds bounds = first;
  if (!narrow(rows, bounds)) return contradiction(system, rows, first, options, progress);
  const Parts parts = parts_of(rows, bounds);
  std::deque<PartSolver> solvers;
  for (const SystemPart& part : parts.parts) {
    if (progress.stopped()) return fail(ErrorCode::kLimit, "stopped while looking for ranges");
    const Outcome outcome = solvers.emplace_back(part, bounds).feasible(options, effort, progress);
    if (outcome == Outcome::kInfeasible) {
      return contradiction(system, rows, first, options, progress);
    }
  }
  return ranges_in_parts(terms, bounds, parts, solvers, options, effort, progress);
}

}  // namespace barometer
