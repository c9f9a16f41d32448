#include "barometer/protection/suppression.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/protection/part_solver_internal.h"
#include "barometer/protection/suppression_search_internal.h"

namespace barometer {
namespace {

std::string named(const SuppressionProblem& problem, size_t cell) {
  const std::string& name = problem.cells[cell].name;
  return name.empty() ? fmt::format("cell {}", cell + 1) : fmt::format("'{}'", printable(name));
}

// What an attacker knows of the cells that a choice shows.
CountSystem published(const SuppressionProblem& problem, const std::vector<uint8_t>& hidden) {
  CountSystem system = problem.known;
  for (size_t i = 0; i < problem.cells.size(); ++i) {
    if (hidden[i] != 0) continue;
    const SuppressibleCell& cell = problem.cells[i];
    system.statements.push_back({cell.sum, cell.value, cell.value, named(problem, i)});
  }
  return system;
}

Result<std::vector<SumRange>> attacked(const SuppressionProblem& problem,
                                       const std::vector<uint8_t>& hidden,
                                       const std::vector<size_t>& cells,
                                       const SuppressionOptions& options, Effort& effort,
                                       const Progress& progress) {
  std::vector<LinearSum> sums;
  for (const size_t cell : cells) sums.push_back(problem.cells[cell].sum);
  return ranges_within(published(problem, hidden), sums, options.ranges, effort, progress);
}

Result<std::vector<SumRange>> attacked(const SuppressionProblem& problem,
                                       const std::vector<uint8_t>& hidden,
                                       const std::vector<size_t>& cells,
                                       const SuppressionOptions& options,
                                       const Progress& progress) {
  Effort effort(options.ranges.all_steps);
  return attacked(problem, hidden, cells, options, effort, progress);
}

bool not_below_zero(const LinearSum& sum) {
  return std::ranges::all_of(sum.terms, [](const auto& term) { return term.second >= 0; });
}

int64_t lower_of(const SuppressibleCell& cell) {
  return not_below_zero(cell.sum) ? std::min(cell.lower, cell.value) : cell.lower;
}

// A range that the solver could not make exact is an outer one, and proves nothing.
bool protects(const SumRange& range, const SuppressibleCell& cell) {
  const bool least_open = range.least == -kNoLimit;
  const bool most_open = range.most == kNoLimit;
  if (!range.exact) return false;
  return (least_open || range.least <= cell.value - lower_of(cell)) &&
         (most_open || range.most >= cell.value + cell.upper) &&
         (least_open || most_open || range.most - range.least >= cell.slide);
}

Status check_cell(const SuppressionProblem& problem, size_t at) {
  const SuppressibleCell& cell = problem.cells[at];
  if (!(cell.cost >= 0) || std::isinf(cell.cost)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: the cost {} of hiding it is not a number of 0 "
                            "or more",
                            named(problem, at), cell.cost));
  }
  if (cell.lower < 0 || cell.upper < 0 || cell.slide < 0) {
    return fail(ErrorCode::kInvalid, fmt::format("{}: protection below 0", named(problem, at)));
  }
  if (cell.sensitive && cell.fixed) {
    return fail(ErrorCode::kInvalid, fmt::format("{} is sensitive and must be shown: one of the "
                                                 "two",
                                                 named(problem, at)));
  }
  return {};
}

// How far each cell can lie from its value by what is known whatever is hidden. A cell without a
// limit gets one far beyond all values and protection asked for: farther off changes no choice.
void set_reach(const SuppressionProblem& problem, const std::vector<SumRange>& ranges,
               SuppressionModel& model) {
  double far = 1000;
  for (const SuppressibleCell& cell : problem.cells) {
    far = std::max(far, 4.0 * static_cast<double>(std::abs(cell.value) + cell.upper + cell.slide));
  }
  for (const CountStatement& statement : problem.known.statements) {
    for (const int64_t end : {statement.least, statement.most}) {
      if (end != kNoLimit && end != -kNoLimit) {
        far = std::max(far, 4.0 * std::abs(static_cast<double>(end)));
      }
    }
  }
  for (size_t i = 0; i < ranges.size(); ++i) {
    ModelCell& cell = model.cells[i];
    cell.down =
        ranges[i].least == -kNoLimit ? far : cell.value - static_cast<double>(ranges[i].least);
    cell.up = ranges[i].most == kNoLimit ? far : static_cast<double>(ranges[i].most) - cell.value;
    cell.free = cell.free && cell.down + cell.up > 0;
  }
  for (double& most : model.atom_most) most = std::min(most, 2 * far);
}

Result<SuppressionModel> model_of(const SuppressionProblem& problem,
                                  const SuppressionOptions& options, const Progress& progress) {
  SuppressionModel model;
  std::vector<LinearSum> sums;
  for (size_t i = 0; i < problem.cells.size(); ++i) {
    const SuppressibleCell& from = problem.cells[i];
    ModelCell cell;
    cell.terms = TRY(merged_terms(from.sum, problem.known.atoms, named(problem, i)));
    cell.value = static_cast<double>(from.value);
    cell.cost = from.cost;
    cell.sensitive = from.sensitive;
    cell.free = !from.sensitive && !from.fixed && !cell.terms.empty();
    cell.lower = static_cast<double>(lower_of(from));
    cell.upper = static_cast<double>(from.upper);
    cell.slide = static_cast<double>(from.slide);
    if (from.sensitive) model.sensitive.push_back(i);
    model.cells.push_back(std::move(cell));
    sums.push_back(from.sum);
  }
  model.rows = TRY(rows_of(problem.known));
  Bounds bounds = TRY(first_bounds(problem.known));
  narrow(model.rows, bounds);
  for (size_t atom = 0; atom < problem.known.atoms; ++atom) {
    model.atom_least.push_back(static_cast<double>(bounds.least[atom]));
    model.atom_most.push_back(
        bounds.most[atom] == kNoLimit ? kInfinite : static_cast<double>(bounds.most[atom]));
  }
  set_reach(problem, TRY(ranges_of(problem.known, sums, options.ranges, progress)), model);
  return model;
}

// With everything hidden that may be, each sensitive cell must be safe.
Status check_possible(const SuppressionProblem& problem, const SuppressionModel& model,
                      const SuppressionOptions& options, const Progress& progress) {
  std::vector<uint8_t> hidden;
  for (const ModelCell& cell : model.cells) hidden.push_back(cell.free || cell.sensitive ? 1 : 0);
  const std::vector<SumRange> ranges =
      TRY(attacked(problem, hidden, model.sensitive, options, progress));
  for (size_t i = 0; i < ranges.size(); ++i) {
    const size_t at = model.sensitive[i];
    const SuppressibleCell& cell = problem.cells[at];
    if (protects(ranges[i], cell)) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("{} cannot be protected: with everything hidden that may be, its value "
                            "{} still lies between {} and {}; asked for is room from {} to {} and "
                            "a width of {}",
                            named(problem, at), cell.value, ranges[i].least, ranges[i].most,
                            cell.value - lower_of(cell), cell.value + cell.upper, cell.slide));
  }
  return {};
}

Status set_ranges(const SuppressionProblem& problem, const SuppressionOptions& options,
                  const Progress& progress, SuppressionResult& result) {
  std::vector<size_t> hidden;
  for (size_t i = 0; i < problem.cells.size(); ++i) {
    result.ranges.push_back({problem.cells[i].value, problem.cells[i].value, true});
    if (result.hidden[i] != 0) hidden.push_back(i);
  }
  const auto ranges = TRY(attacked(problem, result.hidden, hidden, options, progress));
  for (size_t i = 0; i < hidden.size(); ++i) result.ranges[hidden[i]] = ranges[i];
  return {};
}

// ---- parts that share no count

// The numbers of atoms that are bound to one another, from 0.
class Families {
 public:
  explicit Families(size_t atoms) : of_(atoms) { std::iota(of_.begin(), of_.end(), size_t{0}); }

  void bind(const LinearSum& sum) {
    for (const auto& [atom, coefficient] : sum.terms) {
      of_[top(atom)] = top(sum.terms.front().first);
    }
  }
  size_t top(size_t atom) {
    while (of_[atom] != atom) atom = of_[atom] = of_[of_[atom]];
    return atom;
  }

 private:
  std::vector<size_t> of_;
};

struct Part {
  SuppressionProblem problem;
  std::vector<size_t> cells;  // places in the whole problem
  bool sensitive = false;
};

// What is said of one part tells nothing of another. Sums of nothing belong to the first.
std::vector<Part> independent_parts(const SuppressionProblem& problem) {
  Families families(problem.known.atoms);
  for (const CountStatement& statement : problem.known.statements) families.bind(statement.sum);
  for (const SuppressibleCell& cell : problem.cells) families.bind(cell.sum);
  std::vector<Part> parts(1);
  std::map<size_t, size_t> part_of;  // by family
  std::vector<size_t> renumbered(problem.known.atoms);
  for (size_t atom = 0; atom < problem.known.atoms; ++atom) {
    const auto [at, is_new] = part_of.try_emplace(families.top(atom), parts.size());
    if (is_new && at->second == parts.size()) parts.emplace_back();
    CountSystem& known = parts[at->second].problem.known;
    renumbered[atom] = known.atoms++;
    if (!problem.known.most.empty()) known.most.push_back(problem.known.most[atom]);
  }
  const auto taken = [&](LinearSum& sum) {
    const size_t part = sum.terms.empty() ? 0 : part_of.at(families.top(sum.terms.front().first));
    for (auto& [atom, coefficient] : sum.terms) atom = renumbered[atom];
    return part;
  };
  for (CountStatement statement : problem.known.statements) {
    const size_t part = taken(statement.sum);
    parts[part].problem.known.statements.push_back(std::move(statement));
  }
  for (size_t i = 0; i < problem.cells.size(); ++i) {
    SuppressibleCell cell = problem.cells[i];
    if (cell.name.empty()) cell.name = fmt::format("cell {}", i + 1);
    Part& part = parts[taken(cell.sum)];
    part.sensitive = part.sensitive || cell.sensitive;
    part.problem.cells.push_back(std::move(cell));
    part.cells.push_back(i);
  }
  return parts;
}

Result<SuppressionResult> suppress_part(const SuppressionProblem& problem,
                                        const SuppressionOptions& options,
                                        const Progress& progress) {
  const SuppressionModel model = TRY(model_of(problem, options, progress));
  TRY_DONE(check_possible(problem, model, options, progress));

  bool exact = true;
  const auto check = [&](const std::vector<uint8_t>& hidden,
                         Effort& effort) -> Result<std::vector<size_t>> {
    Effort here(options.ranges.all_steps);
    const auto ranges = TRY(attacked(problem, hidden, model.sensitive, options, here, progress));
    effort.spend(options.ranges.all_steps - here.left());
    std::vector<size_t> leaks;
    for (size_t i = 0; i < ranges.size(); ++i) {
      const size_t cell = model.sensitive[i];
      exact = exact && ranges[i].exact;
      if (!protects(ranges[i], problem.cells[cell])) leaks.push_back(cell);
    }
    return leaks;
  };
  SuppressionSearch search(model, check, options.steps, progress);
  SuppressionResult result = TRY(search.run());
  if (!exact) {  // a choice was turned down that may be safe after all
    result.optimal = false;
    result.bound = 0;
  }
  TRY_DONE(set_ranges(problem, options, progress, result));
  return result;
}

}  // namespace

Result<SuppressionResult> suppress_cells(const SuppressionProblem& problem,
                                         const SuppressionOptions& options,
                                         const Progress& progress) {
  for (size_t i = 0; i < problem.cells.size(); ++i) TRY_DONE(check_cell(problem, i));
  const std::vector<uint8_t> none(problem.cells.size(), 0);
  TRY(attacked(problem, none, {}, options, progress));  // do the values go together at all?
  SuppressionResult out;
  out.optimal = true;
  out.hidden = none;
  for (const SuppressibleCell& cell : problem.cells) {
    out.ranges.push_back({cell.value, cell.value, true});
  }
  std::vector<Part> parts = independent_parts(problem);
  std::erase_if(parts, [](const Part& part) { return !part.sensitive; });
  SuppressionOptions each = options;
  each.steps = options.steps / static_cast<int64_t>(std::max<size_t>(parts.size(), 1));
  for (const Part& part : parts) {
    const SuppressionResult done = TRY(suppress_part(part.problem, each, progress));
    out.cost += done.cost;
    out.bound += done.bound;
    out.optimal = out.optimal && done.optimal;
    for (size_t i = 0; i < part.cells.size(); ++i) {
      out.hidden[part.cells[i]] = done.hidden[i];
      out.ranges[part.cells[i]] = done.ranges[i];
    }
  }
  return out;
}

}  // namespace barometer
