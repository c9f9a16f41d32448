// What protection costs: the attack on a table and the choice of what to hide, for tables of the
// sizes a survey prints. Counts fall off as answers do; cells of 1 or 2 are sensitive.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

#include <benchmark/benchmark.h>

#include "barometer/protection/cross_table.h"
#include "barometer/protection/rounding.h"

namespace {

using barometer::Progress;

std::vector<int64_t> survey_counts(int64_t cells) {
  std::mt19937_64 random(20130411);
  std::vector<int64_t> counts;
  for (int64_t i = 0; i < cells; ++i) {
    const double u = static_cast<double>(random() % 1'000'000) / 1e6;
    counts.push_back(static_cast<int64_t>(-8 * std::log(1 - u)));
  }
  return counts;
}

void mark_small(barometer::SuppressionProblem& problem, int64_t slide, bool by_value) {
  for (barometer::SuppressibleCell& cell : problem.cells) {
    const auto value = static_cast<double>(cell.value);
    cell.sensitive = cell.value == 1 || cell.value == 2;
    cell.slide = cell.sensitive ? slide : 0;
    cell.cost = by_value ? value : 1 + std::log(1 + value);
  }
}

barometer::SuppressionProblem survey_table(int64_t rows, int64_t columns) {
  auto problem = barometer::table_problem({barometer::dimension_of(static_cast<size_t>(rows)),
                                           barometer::dimension_of(static_cast<size_t>(columns))},
                                          survey_counts(rows * columns));
  mark_small(problem, 3, false);
  return problem;
}

void choose(benchmark::State& state, const barometer::SuppressionProblem& problem,
            int64_t seconds) {
  barometer::SuppressionOptions options;
  options.steps = seconds * barometer::kStepsPerSecond;
  for (auto _ : state) {
    const auto out = barometer::suppress_cells(problem, options, Progress{});
    if (!out) state.SkipWithError(out.error().message.c_str());
    if (!out) break;
    state.counters["cost"] = out->cost;
    state.counters["bound"] = out->bound;
    state.counters["hidden"] = static_cast<double>(std::ranges::count(out->hidden, 1));
    state.counters["optimal"] = out->optimal ? 1 : 0;
  }
}

void choose_what_to_hide(benchmark::State& state) {
  choose(state, survey_table(state.range(0), state.range(1)), 60);
}
BENCHMARK(choose_what_to_hide)
    ->Args({5, 5})
    ->Args({10, 10})
    ->Args({20, 20})
    ->Args({50, 20})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

// Cells cost their value, and each small one needs room for 6.
void choose_by_value(benchmark::State& state) {
  auto problem = survey_table(state.range(0), state.range(1));
  mark_small(problem, 6, true);
  choose(state, problem, 60);
}
BENCHMARK(choose_by_value)
    ->Args({10, 10})
    ->Args({20, 20})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

// Three dimensions, one with NETs of two categories each.
void choose_in_cube(benchmark::State& state) {
  const auto size = static_cast<size_t>(state.range(0));
  std::vector<std::vector<size_t>> nets;
  for (size_t i = 0; i + 1 < size; i += 2) nets.push_back({i, i + 1});
  auto problem = barometer::table_problem(
      {barometer::dimension_of(size, nets), barometer::dimension_of(4), barometer::dimension_of(3)},
      survey_counts(12 * state.range(0)));
  mark_small(problem, 3, false);
  choose(state, problem, 30);
}
BENCHMARK(choose_in_cube)->Arg(4)->Arg(8)->Unit(benchmark::kMillisecond)->Iterations(1);

// Every inner cell of a table of which only the margins are shown.
void attack_margins(benchmark::State& state) {
  const auto problem = survey_table(state.range(0), state.range(1));
  barometer::CountSystem system{problem.known.atoms, {}, {}};
  std::vector<barometer::LinearSum> inner;
  for (const barometer::SuppressibleCell& cell : problem.cells) {
    if (cell.sum.terms.size() == 1) {
      inner.push_back(cell.sum);
    } else {
      system.statements.push_back({cell.sum, cell.value, cell.value, ""});
    }
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(barometer::ranges_of(system, inner, {}, Progress{}));
  }
}
BENCHMARK(attack_margins)
    ->Args({10, 10})
    ->Args({20, 20})
    ->Args({50, 20})
    ->Args({50, 50})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

void round_table(benchmark::State& state) {
  const auto problem = survey_table(state.range(0), state.range(1));
  std::vector<barometer::LinearSum> cells;
  std::vector<int64_t> values;
  for (const barometer::SuppressibleCell& cell : problem.cells) {
    cells.push_back(cell.sum);
    values.push_back(cell.value);
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        barometer::rounded_counts(cells, values, 5, 60 * barometer::kStepsPerSecond, Progress{}));
  }
}
BENCHMARK(round_table)
    ->Args({10, 10})
    ->Args({20, 20})
    ->Args({50, 20})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

}  // namespace
