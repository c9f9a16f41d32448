// A thousand articles of 600 words on one core: read, claims found, audited.
#include <cstddef>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "barometer/audit/audit.h"

namespace {

constexpr const char* kParagraphs[] = {
    "Nearly 60 per cent of the leaders want the informal block on mergers to end, and a majority "
    "expect to hand over substantial responsibilities by April 2017, the survey shows.\n\n",
    "Forty-six leaders answered the survey, run in association with a law firm. Fifty-nine per "
    "cent "
    "thought the ban should go. Yet more than half thought mergers unlikely by 2017.\n\n",
    "Asked if their area team worked effectively with them, 64 per cent agreed while 21 per cent "
    "disagreed. The remainder did not know. Last year the figure was 58 per cent, six percentage "
    "points lower.\n\n",
    "The chief officer of one of the “largest” groups, who has argued for years that the boards of "
    "the organisations should decide among themselves, said: “We have £25 per head and 24 months "
    "to do it. Nobody in their right mind would welcome another reorganisation at this stage.”\n\n",
};

std::string article(size_t words, size_t number) {
  std::string text =
      "Leaders want freedom to merge, survey " + std::to_string(number) + " finds\n\n";
  size_t count = 0;
  for (size_t i = number; count < words; ++i) {
    const std::string paragraph = kParagraphs[i % std::size(kParagraphs)];
    for (const char c : paragraph) count += c == ' ' ? 1U : 0U;
    text += paragraph;
  }
  return text;
}

void audit_alone(benchmark::State& state) {
  std::vector<std::string> texts;
  for (size_t i = 0; i < static_cast<size_t>(state.range(0)); ++i) {
    texts.push_back(article(600, i));
  }
  for (auto _ : state) {
    for (const std::string& text : texts) {
      auto document = barometer::read_document(text, barometer::DocumentFormat::kText, "a.txt");
      std::vector<barometer::Article> articles;
      articles.push_back(barometer::read_claims(*std::move(document), {46, 211}));
      benchmark::DoNotOptimize(barometer::audit_articles(std::move(articles)));
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(audit_alone)->Arg(1000)->Unit(benchmark::kMillisecond);

// Against each other too: the pairs are 1,225.
void audit_together(benchmark::State& state) {
  for (auto _ : state) {
    std::vector<barometer::Article> articles;
    for (size_t i = 0; i < static_cast<size_t>(state.range(0)); ++i) {
      auto document =
          barometer::read_document(article(600, i), barometer::DocumentFormat::kText, "a.txt");
      articles.push_back(barometer::read_claims(*std::move(document), {46, 211}));
    }
    benchmark::DoNotOptimize(barometer::audit_articles(std::move(articles)));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(audit_together)->Arg(50)->Unit(benchmark::kMillisecond);

}  // namespace
