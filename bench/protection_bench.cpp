// What protection costs: the attack on a table and the choice of what to hide, for tables of the
// sizes a survey prints. Counts fall off as answers do; cells of 1 or 2 are sensitive.
#include <cmath>
#include <cstdint>
#include <random>

#include <benchmark/benchmark.h>

#include "barometer/protection/cross_table.h"
#include "barometer/protection/rounding.h"

namespace {

using barometer::Progress;

barometer::SuppressionProblem survey_table(int64_t rows, int64_t columns) {
  std::mt19937_64 random(20130411);
  std::vector<int64_t> counts;
  for (int64_t i = 0; i < rows * columns; ++i) {
    const double u = static_cast<double>(random() % 1'000'000) / 1e6;
    counts.push_back(static_cast<int64_t>(-8 * std::log(1 - u)));
  }
  auto problem = barometer::table_problem({barometer::dimension_of(static_cast<size_t>(rows)),
                                           barometer::dimension_of(static_cast<size_t>(columns))},
                                          counts);
  for (barometer::SuppressibleCell& cell : problem.cells) {
    cell.sensitive = cell.value == 1 || cell.value == 2;
    cell.slide = cell.sensitive ? 3 : 0;
    cell.cost = 1 + std::log(1 + static_cast<double>(cell.value));
  }
  return problem;
}

void choose_what_to_hide(benchmark::State& state) {
  const auto problem = survey_table(state.range(0), state.range(1));
  barometer::SuppressionOptions options;
  options.seconds = static_cast<double>(state.range(2));
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
BENCHMARK(choose_what_to_hide)
    ->Args({5, 5, 60})
    ->Args({10, 10, 60})
    ->Args({20, 20, 60})
    ->Args({50, 20, 60})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

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
    benchmark::DoNotOptimize(barometer::rounded_counts(cells, values, 5, 60, Progress{}));
  }
}
BENCHMARK(round_table)
    ->Args({10, 10})
    ->Args({20, 20})
    ->Args({50, 20})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

}  // namespace
