// Reading the numbers of a megabyte of newspaper text.
#include <cstddef>
#include <cstdint>
#include <string>

#include <benchmark/benchmark.h>

#include "barometer/wording/read.h"

namespace {

constexpr const char* kParagraph =
    "Nearly 60 per cent of the leaders want the informal block on mergers to end, and a majority "
    "expect to hand over substantial responsibilities by April 2017, the survey shows.\n\n"
    "Forty-six leaders answered. Fifty-nine per cent thought the ban should go. Yet more than half "
    "thought mergers unlikely, said the chief officer of one of the \u201Clargest\u201D groups, "
    "who has "
    "argued for years that the boards of the organisations should decide among themselves.\n\n";

void read_article(benchmark::State& state) {
  std::string text;
  while (text.size() < static_cast<size_t>(state.range(0))) text += kParagraph;
  for (auto _ : state) benchmark::DoNotOptimize(barometer::wording::read(text));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
}
BENCHMARK(read_article)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
