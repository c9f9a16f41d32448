#include "barometer/engine/book_engine.h"

#include <cmath>
#include <numeric>
#include <random>

#include <gmock/gmock.h>

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::shared_ptr<const Design> design_of(DesignSpec spec) {
  return std::make_shared<const Design>(Design::make(std::move(spec)).value());
}

TableSums sums_of(const BookEngine& engine, const BookTable& table,
                  std::span<const uint8_t> mask = {}) {
  return engine.sum({{table}}, mask, Progress()).value().front();
}

// Five cases of two clusters, given out of order.
DesignSpec five() {
  DesignSpec spec;
  spec.case_count = 5;
  spec.ids = {{8, 7, 8, 7, 8}};
  spec.weights = {1, 2, 3, 0, 5};
  return spec;
}

TEST(BookEngine, SumsByUnitAndCell) {
  const std::vector<uint16_t> cells{0, 1, 1, 1, kNoCell};
  const std::vector<double> y{10, 20, 30, 40, 50};
  const TableSums sums = sums_of(BookEngine(design_of(five())), {cells, 2, y, 10});
  EXPECT_EQ(sums.row_count, 2U);  // units 7 and 8
  EXPECT_THAT(sums.n, ElementsAre(0, 2, 1, 1));
  EXPECT_THAT(sums.live, ElementsAre(0, 1, 1, 1));
  EXPECT_THAT(sums.w, ElementsAre(0, 2, 1, 3));
  EXPECT_THAT(sums.w2, ElementsAre(0, 4, 1, 9));
  EXPECT_THAT(sums.wv, ElementsAre(0, 20, 0, 60));
  EXPECT_THAT(sums.wv2, ElementsAre(0, 200, 0, 1200));
  EXPECT_THAT(sums.w2v, IsEmpty());
  const TableSums total = sums.over_rows();
  EXPECT_THAT(total.n, ElementsAre(1, 3));
  EXPECT_THAT(total.wv, ElementsAre(0, 80));
}

TEST(BookEngine, KeepsSecondMomentsOfSingleCasesByStratum) {
  DesignSpec spec = five();
  spec.strata = std::move(spec.ids);
  spec.ids.clear();
  const std::vector<uint16_t> cells{0, 0, 0, 0, 0};
  const std::vector<double> y{10, 20, 30, 40, 50};
  const TableSums sums = sums_of(BookEngine(design_of(spec)), {cells, 1, y, 20});
  EXPECT_THAT(sums.w2v, ElementsAre(0, -10 + 90 + 750));
  EXPECT_THAT(sums.w2v2, ElementsAre(0, 100 + 900 + 22500));
}

TEST(BookEngine, MaskedCasesAreOut) {
  const std::vector<uint16_t> cells{0, 1, 1, 1, 0};
  const std::vector<uint8_t> mask{0, 1, 0, 0, 1};
  const TableSums sums = sums_of(BookEngine(design_of(five())), {cells, 2, {}, 0}, mask);
  EXPECT_THAT(sums.n, ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(sums.w, ElementsAre(0, 2, 5, 0));
  EXPECT_THAT(sums.wv, IsEmpty());
}

// Every cut into blocks and every number of threads: rows longer and shorter than a block.
TEST(BookEngine, AnswersTheSameHoweverTheWorkIsCut) {
  std::mt19937 random(5);
  DesignSpec spec;
  spec.case_count = 300;
  spec.ids.resize(1);
  std::vector<uint16_t> cells;
  std::vector<double> y;
  for (size_t i = 0; i < spec.case_count; ++i) {
    spec.ids[0].push_back(i < 120 ? 0 : static_cast<int32_t>(random() % 40));
    spec.weights.push_back(static_cast<double>(random() % 16));  // whole: sums are exact
    cells.push_back(static_cast<uint16_t>(random() % 3));
    y.push_back(static_cast<double>(random() % 100));
  }
  for (const bool elements : {false, true}) {
    if (elements) spec.ids.clear();
    const auto design = design_of(spec);
    const TableSums whole = sums_of(BookEngine(design, 1, 1000), {cells, 3, y, 50});
    EXPECT_EQ(std::accumulate(whole.n.begin(), whole.n.end(), size_t{0}), 300U);
    for (const size_t block : {1U, 2U, 7U, 64U, 119U, 120U, 121U, 299U, 300U}) {
      for (const size_t threads : {1U, 2U, 5U}) {
        const TableSums cut = sums_of(BookEngine(design, threads, block), {cells, 3, y, 50});
        EXPECT_EQ(cut.n, whole.n) << block;
        EXPECT_EQ(cut.live, whole.live) << block;
        EXPECT_EQ(cut.w, whole.w) << block;
        EXPECT_EQ(cut.wv2, whole.wv2) << block;
        EXPECT_EQ(cut.w2v2, whole.w2v2) << block;
      }
    }
  }
}

TEST(BookEngine, AnswersEachTableOfABook) {
  const std::vector<uint16_t> first{0, 1, 1, 1, 0};
  const std::vector<uint16_t> second{2, kNoCell, 2, 0, 1};
  const auto answer = BookEngine(design_of(five()), 2, 2)
                          .sum({{{first, 2, {}, 0}, {second, 3, {}, 0}}}, {}, Progress());
  ASSERT_EQ(answer->size(), 2U);
  EXPECT_THAT((*answer)[0].over_rows().n, ElementsAre(2, 3));
  EXPECT_THAT((*answer)[1].over_rows().n, ElementsAre(1, 1, 2));
}

TEST(BookEngine, StopsWhenTold) {
  Progress progress;
  progress.stop();
  const std::vector<uint16_t> cells(5, 0);
  const auto answer = BookEngine(design_of(five())).sum({{{cells, 1, {}, 0}}}, {}, progress);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "stopped while summing cases");
}

TEST(BookEngine, ReportsProgressUpToTheLastCase) {
  size_t seen = 0;
  const Progress progress([&](const std::string&, size_t done, size_t total) {
    EXPECT_EQ(total, 5U);
    EXPECT_GT(done, seen);
    seen = done;
  });
  const std::vector<uint16_t> cells(5, 0);
  ASSERT_TRUE(BookEngine(design_of(five()), 1, 1).sum({{{cells, 1, {}, 0}}}, {}, progress));
  EXPECT_EQ(seen, 5U);
}

TEST(BookEngine, OfNoCasesAnswersNothing) {
  const TableSums sums = sums_of(BookEngine(design_of({})), {{}, 2, {}, 0});
  EXPECT_THAT(sums.n, IsEmpty());
  EXPECT_THAT(sums.over_rows().w, ElementsAre(0, 0));
}

TEST(BookEngine, BrokenPromisesOfTheCaller) {
  const BookEngine engine(design_of(five()));
  const std::vector<uint16_t> cells{0, 1, 2, 1, 0};
  const std::vector<uint8_t> short_mask{1, 1};
  EXPECT_THROW((void)sums_of(engine, {cells, 2, {}, 0}), BrokenPromise);  // a cell out of range
  EXPECT_THROW((void)sums_of(engine, {std::span(cells).first(4), 3, {}, 0}), BrokenPromise);
  EXPECT_THROW((void)sums_of(engine, {cells, 3, {}, 0}, short_mask), BrokenPromise);
}

}  // namespace
}  // namespace barometer
