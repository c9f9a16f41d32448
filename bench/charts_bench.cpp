// Sixty charts of every kind, as a bundle draws them: SVG wide and narrow, PNG and PDF.
#include <benchmark/benchmark.h>

#include "barometer/chart/pictures.h"
#include "barometer/chart/renderer.h"
#include "barometer/chart/samples_tables_internal.h"

namespace {

using barometer::Chart;

std::vector<Chart> sixty_charts() {
  const auto kinds = barometer::samples::all_kinds();
  std::vector<Chart> charts;
  while (charts.size() < 60) {
    charts.push_back(kinds[charts.size() % kinds.size()]);
    charts.back().id += fmt::format("-{}", charts.size());
  }
  return charts;
}

void draw_bundle(benchmark::State& state, bool rasters) {
  const auto charts = sixty_charts();
  const barometer::PictureOptions options{.theme = barometer::standard_theme().value(),
                                          .rasters = rasters,
                                          .threads = static_cast<unsigned>(state.range(0))};
  for (auto _ : state) {
    const auto pictures = barometer::draw_pictures(charts, options, barometer::Progress());
    if (!pictures) state.SkipWithError(pictures.error().message.c_str());
    benchmark::DoNotOptimize(pictures);
  }
}

// 60 drawings of one width: what a report of 60 pages needs.
void sixty_charts_once(benchmark::State& state) {
  const auto charts = sixty_charts();
  const auto theme = barometer::standard_theme().value();
  for (auto _ : state) {
    const auto renderer = barometer::Renderer::make();
    for (const auto& chart : charts) benchmark::DoNotOptimize(renderer->svg(chart, theme));
  }
}
BENCHMARK(sixty_charts_once)->Unit(benchmark::kMillisecond)->Iterations(1)->UseRealTime();

void sixty_charts_wide_and_narrow(benchmark::State& state) { draw_bundle(state, false); }
BENCHMARK(sixty_charts_wide_and_narrow)
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->UseRealTime();

void sixty_charts_as_a_bundle(benchmark::State& state) { draw_bundle(state, true); }
BENCHMARK(sixty_charts_as_a_bundle)
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->UseRealTime();

}  // namespace
