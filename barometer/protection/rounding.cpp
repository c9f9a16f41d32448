#include "barometer/protection/rounding.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "barometer/protection/presolve_internal.h"
#include "barometer/protection/solver_internal.h"

namespace barometer {
namespace {

// The program in units of the base: cell i is at multiple below[i] + next + up - down.
struct RoundingProgram {
  Program program;
  std::vector<uint8_t> whole;
  struct Columns {
    int next = 0, up = -1, down = -1;
  };
  std::vector<Columns> cells;

  int add(double most, bool is_whole = true) {
    whole.push_back(is_whole ? 1 : 0);
    return program.add_column(0, most, 0);
  }
};

struct Cells {
  std::vector<Terms> terms;
  std::vector<int64_t> below, rest;  // value = below * base + rest
  std::vector<int> cell_of_atom;     // the cell that is this atom alone, or -1
};

Result<Cells> cells_of(const std::vector<LinearSum>& sums, const std::vector<int64_t>& values,
                       int64_t base) {
  if (base < 1) return fail(ErrorCode::kInvalid, fmt::format("rounding to multiples of {}", base));
  if (sums.size() != values.size()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} values for {} cells", values.size(), sums.size()));
  }
  size_t atoms = 0;
  for (const LinearSum& sum : sums) {
    for (const auto& [atom, coefficient] : sum.terms) atoms = std::max(atoms, atom + 1);
  }
  Cells out;
  out.cell_of_atom.assign(atoms, -1);
  for (size_t i = 0; i < sums.size(); ++i) {
    if (values[i] < 0) {
      return fail(ErrorCode::kInvalid, fmt::format("cell {}: {} is not a count", i + 1, values[i]));
    }
    out.terms.push_back(TRY(merged_terms(sums[i], atoms, fmt::format("cell {}", i + 1))));
    out.below.push_back(values[i] / base);
    out.rest.push_back(values[i] % base);
    const Terms& terms = out.terms.back();
    if (terms.size() != 1 || terms.front().second != 1) continue;
    int& cell = out.cell_of_atom[terms.front().first];
    if (cell < 0) cell = static_cast<int>(i);
  }
  return out;
}

// A row that says sum = cell; an atom with a cell of its own is that cell, another one is free.
void add_row(const Cells& cells, size_t at, const std::vector<int>& column_of_atom,
             RoundingProgram& out) {
  const Terms& terms = cells.terms[at];
  ProgramRow row;
  double known = 0;  // of the multiples below, moved to the right-hand side
  const auto add_cell = [&](size_t cell, double coefficient) {
    known -= coefficient * static_cast<double>(cells.below[cell]);
    const RoundingProgram::Columns& columns = out.cells[cell];
    for (const auto& [column, sign] : {std::pair(columns.next, 1.0), std::pair(columns.up, 1.0),
                                       std::pair(columns.down, -1.0)}) {
      if (column < 0) continue;
      row.columns.push_back(column);
      row.coefficients.push_back(sign * coefficient);
    }
  };
  for (const auto& [atom, coefficient] : terms) {
    const int own = cells.cell_of_atom[atom];
    if (own == static_cast<int>(at)) return;  // the cell is its atom
    if (own >= 0) {
      add_cell(static_cast<size_t>(own), static_cast<double>(coefficient));
    } else {
      row.columns.push_back(column_of_atom[atom]);
      row.coefficients.push_back(static_cast<double>(coefficient));
    }
  }
  add_cell(at, -1);
  row.least = row.most = known;
  out.program.rows.push_back(std::move(row));
}

RoundingProgram program_of(const Cells& cells, bool restricted) {
  RoundingProgram out;
  for (size_t i = 0; i < cells.terms.size(); ++i) {
    RoundingProgram::Columns columns;
    columns.next = out.add(cells.rest[i] > 0 ? 1 : 0);
    if (!restricted) {
      columns.up = out.add(kInfinite);
      columns.down = out.add(static_cast<double>(cells.below[i]));
    }
    out.cells.push_back(columns);
  }
  std::vector<int> column_of_atom;
  for (const int own : cells.cell_of_atom) {
    column_of_atom.push_back(own >= 0 ? -1 : out.add(kInfinite, false));
    if (own < 0) out.program.lower.back() = -kInfinite;
  }
  for (size_t i = 0; i < cells.terms.size(); ++i) add_row(cells, i, column_of_atom, out);
  return out;
}

// Σ |rounded - true| = Σ rest + Σ (base - 2 rest) next + base Σ (up + down).
void cost_distance(const Cells& cells, int64_t base, RoundingProgram& program) {
  std::ranges::fill(program.program.cost, 0.0);
  for (size_t i = 0; i < program.cells.size(); ++i) {
    program.program.cost[static_cast<size_t>(program.cells[i].next)] =
        static_cast<double>(base - 2 * cells.rest[i]);
  }
}

RoundedCounts rounding_at(const Cells& cells, const std::vector<int64_t>& values, int64_t base,
                          const RoundingProgram& program, const WholeSolution& found) {
  RoundedCounts out;
  out.optimal = found.outcome == Outcome::kSolved;
  const auto at = [&](int column) -> int64_t {
    return column < 0 ? 0 : std::llround(found.point[static_cast<size_t>(column)]);
  };
  for (size_t i = 0; i < values.size(); ++i) {
    const RoundingProgram::Columns& columns = program.cells[i];
    const int64_t steps = at(columns.next) + at(columns.up) - at(columns.down);
    out.counts.push_back((cells.below[i] + steps) * base);
    out.distance += std::abs(out.counts.back() - values[i]);
    if (std::abs(out.counts.back() - values[i]) >= base) out.zero_restricted = false;
  }
  return out;
}

auto nothing_found(const Progress& progress) {
  return fail(ErrorCode::kLimit,
              progress.stopped()
                  ? "stopped while rounding"
                  : "no rounding that adds up was found in as many steps as the search may take");
}

// As few steps beyond the next multiples as can be, then as near as can be.
Result<RoundedCounts> rounded_further(const Cells& cells, const std::vector<int64_t>& values,
                                      int64_t base, Effort& effort, const Progress& progress) {
  RoundingProgram program = program_of(cells, false);
  ProgramRow steps{{}, {}, 0, kInfinite};
  for (const RoundingProgram::Columns& columns : program.cells) {
    for (const int column : {columns.up, columns.down}) {
      program.program.cost[static_cast<size_t>(column)] = 1;
      steps.columns.push_back(column);
      steps.coefficients.push_back(1);
    }
  }
  const WholeSolution fewest = solve_whole(program.program, program.whole,
                                           {effort.left(), 1'000'000, kInfinite}, effort, progress);
  if (fewest.point.empty()) return nothing_found(progress);
  steps.most = std::round(fewest.value);
  program.program.rows.push_back(std::move(steps));
  cost_distance(cells, base, program);
  const WholeSolution nearest = solve_whole(
      program.program, program.whole, {effort.left(), 1'000'000, kInfinite}, effort, progress);
  RoundedCounts out =
      rounding_at(cells, values, base, program, nearest.point.empty() ? fewest : nearest);
  out.optimal = fewest.outcome == Outcome::kSolved && nearest.outcome == Outcome::kSolved;
  return out;
}

}  // namespace

Result<RoundedCounts> rounded_counts(const std::vector<LinearSum>& cells,
                                     const std::vector<int64_t>& values, int64_t base,
                                     int64_t steps, const Progress& progress) {
  const Cells known = TRY(cells_of(cells, values, base));
  Effort effort(steps);
  RoundingProgram program = program_of(known, true);
  cost_distance(known, base, program);
  const WholeSolution found = solve_whole(program.program, program.whole,
                                          {effort.left(), 1'000'000, kInfinite}, effort, progress);
  if (!found.point.empty()) return rounding_at(known, values, base, program, found);
  if (found.outcome != Outcome::kInfeasible) return nothing_found(progress);
  return rounded_further(known, values, base, effort, progress);
}

}  // namespace barometer
