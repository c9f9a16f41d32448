// Rounding of percents: as many as a large banner book prints.
#include <cstdint>

#include <benchmark/benchmark.h>

#include "barometer/base/decimal.h"

namespace {

void round_exact_percents(benchmark::State& state) {
  for (auto _ : state) {
    for (int64_t count = 0; count < state.range(0); ++count) {
      benchmark::DoNotOptimize(barometer::round(barometer::Ratio{100 * count, state.range(0)}, 0));
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(round_exact_percents)->Arg(100000);

void print_percents(benchmark::State& state) {
  for (auto _ : state) {
    for (int64_t count = 0; count < state.range(0); ++count) {
      const barometer::Ratio percent{100 * count, state.range(0)};
      benchmark::DoNotOptimize(barometer::round(percent, 1).text());
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(print_percents)->Arg(100000);

}  // namespace
