#include "barometer/protection/rounding.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/protection/protection_testing_internal.h"

namespace barometer {
namespace {

using testing::Dice;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Progress kQuiet;

struct Table {
  std::vector<LinearSum> cells;
  std::vector<int64_t> values;
};

Table table_of(const std::vector<TableDimension>& dimensions, const std::vector<int64_t>& counts) {
  Table table{cells_of(dimensions), {}};
  for (const LinearSum& cell : table.cells) {
    table.values.push_back(testing::value_of(cell, counts));
  }
  return table;
}

RoundedCounts rounded(const Table& table, int64_t base) {
  const auto out = rounded_counts(table.cells, table.values, base, 30 * kStepsPerSecond, kQuiet);
  EXPECT_TRUE(out) << (out ? "" : out.error().message);
  return out ? *out : RoundedCounts{};
}

// The rounded inner cells explain every rounded cell.
void expect_additive(const std::vector<TableDimension>& dimensions, const RoundedCounts& out,
                     const Table& table, int64_t base) {
  ASSERT_EQ(out.counts.size(), table.cells.size());
  std::vector<int64_t> inner;
  for (size_t i = 0; i < table.cells.size(); ++i) {
    if (table.cells[i].terms.size() == 1) inner.push_back(out.counts[i]);
  }
  const Table again = table_of(dimensions, inner);
  EXPECT_EQ(again.values, out.counts);
  int64_t distance = 0;
  for (size_t i = 0; i < out.counts.size(); ++i) {
    EXPECT_EQ(out.counts[i] % base, 0);
    EXPECT_GE(out.counts[i], 0);
    distance += std::abs(out.counts[i] - table.values[i]);
  }
  EXPECT_EQ(out.distance, distance);
}

TEST(RoundedCounts, AnswersOfAQuestion) {
  const std::vector<TableDimension> answers{dimension_of(3)};
  // 14, 13, 6 of 33 to base 5: 15, 15, 5 would make 35, as near as 15, 10, 5 of 30 is not.
  const Table table = table_of(answers, {14, 13, 6});
  const RoundedCounts out = rounded(table, 5);
  EXPECT_THAT(out.counts, ElementsAre(15, 15, 5, 35));
  EXPECT_TRUE(out.zero_restricted);
  EXPECT_TRUE(out.optimal);
  EXPECT_EQ(out.distance, 1 + 2 + 1 + 2);
}

TEST(RoundedCounts, MultiplesStay) {
  const std::vector<TableDimension> answers{dimension_of(4)};
  const Table table = table_of(answers, {0, 5, 10, 25});
  EXPECT_EQ(rounded(table, 5).counts, table.values);
  EXPECT_EQ(rounded(table, 1).counts, table.values);
}

TEST(RoundedCounts, WhereOnlySumsArePrinted) {
  // a+b, b+c, a+c and a+b+c: the first three are twice the last, whatever a, b and c are.
  const Table table{
      {{{{0, 1}, {1, 1}}}, {{{1, 1}, {2, 1}}}, {{{0, 1}, {2, 1}}}, {{{0, 1}, {1, 1}, {2, 1}}}},
      {4, 5, 7, 8}};
  const RoundedCounts out = rounded(table, 3);
  EXPECT_EQ(out.counts[0] + out.counts[1] + out.counts[2], 2 * out.counts[3]);
  for (const int64_t count : out.counts) EXPECT_EQ(count % 3, 0);
}

TEST(RoundedCounts, Refusals) {
  const auto message = [](const std::vector<LinearSum>& cells, const std::vector<int64_t>& values,
                          int64_t base) {
    const auto out = rounded_counts(cells, values, base, kStepsPerSecond, kQuiet);
    return out ? "no error" : out.error().message;
  };
  EXPECT_THAT(message({{{{0, 1}}}}, {1}, 0), HasSubstr("multiples of 0"));
  EXPECT_THAT(message({{{{0, 1}}}}, {1, 2}, 5), HasSubstr("2 values for 1 cells"));
  EXPECT_THAT(message({{{{0, 1}}}}, {-1}, 5), HasSubstr("-1 is not a count"));
}

struct Naive {
  int64_t steps = 0;  // beyond the next multiples
  int64_t distance = 0;
  bool found = false;
};

// Every choice of multiples of the inner cells, from `reach` below the lower neighbour to `reach`
// above the upper one.
Naive naive_rounding(const std::vector<TableDimension>& dimensions,
                     const std::vector<int64_t>& counts, int64_t base, int64_t reach) {
  const Table table = table_of(dimensions, counts);
  std::vector<int64_t> least, most;
  for (const int64_t count : counts) {
    least.push_back(std::max<int64_t>(0, count / base - reach));
    most.push_back((count + base - 1) / base + reach);
  }
  Naive best;
  std::vector<int64_t> multiples = least;
  while (true) {
    Naive now{0, 0, true};
    for (size_t i = 0; i < table.cells.size(); ++i) {
      const int64_t to = base * testing::value_of(table.cells[i], multiples);
      const int64_t off = std::abs(to - table.values[i]);
      now.distance += off;
      now.steps += off / base;
    }
    if ((reach > 0 || now.steps == 0) &&
        (!best.found ||
         std::pair(now.steps, now.distance) < std::pair(best.steps, best.distance))) {
      best = now;
    }
    size_t at = 0;
    while (at < multiples.size() && multiples[at] == most[at]) {
      multiples[at] = least[at];
      ++at;
    }
    if (at == multiples.size()) return best;
    ++multiples[at];
  }
}

TEST(RoundedCounts, EqualEveryRoundingTriedOnRandomTables) {
  Dice dice(8);
  const std::vector<std::vector<TableDimension>> shapes = {
      {dimension_of(2), dimension_of(2)},
      {dimension_of(2), dimension_of(3)},
      {dimension_of(3), dimension_of(3)},
      {dimension_of(4, {{0, 1}, {2, 3}}), dimension_of(2)},
      {dimension_of(2), dimension_of(2), dimension_of(2)},
      {dimension_of(5, {{0, 1, 2}})},
  };
  for (int round = 0; round < 180; ++round) {
    const auto& shape = shapes[static_cast<size_t>(round) % shapes.size()];
    const int64_t base = std::vector<int64_t>{3, 5, 10}[static_cast<size_t>(dice.roll(0, 2))];
    size_t size = 1;
    for (const TableDimension& dimension : shape) size *= dimension.size;
    std::vector<int64_t> counts;
    for (size_t i = 0; i < size; ++i) counts.push_back(dice.roll(0, 2 * base));
    const Table table = table_of(shape, counts);
    const RoundedCounts out = rounded(table, base);
    expect_additive(shape, out, table, base);
    EXPECT_TRUE(out.optimal);
    const Naive naive = naive_rounding(shape, counts, base, 0);
    EXPECT_EQ(out.zero_restricted, naive.found) << round;
    if (!naive.found) continue;
    EXPECT_EQ(out.distance, naive.distance) << round;
  }
}

// Every two and three of four answers are printed too. With 3 of each and base 5, two up of every
// three would need three up of four: not all neighbours add up.
TEST(RoundedCounts, GoFurtherOnlyWhereNothingElseAddsUp) {
  Dice dice(21);
  std::vector<std::vector<size_t>> nets;
  for (size_t set = 0; set < 16; ++set) {
    std::vector<size_t> net;
    for (size_t i = 0; i < 4; ++i) {
      if ((set >> i & 1u) != 0) net.push_back(i);
    }
    if (net.size() == 2 || net.size() == 3) nets.push_back(net);
  }
  const std::vector<TableDimension> shape{dimension_of(4, nets)};
  int further = 0;
  for (int round = 0; round < 150; ++round) {
    std::vector<int64_t> counts;
    for (int i = 0; i < 4; ++i) counts.push_back(round == 0 ? 3 : dice.roll(0, 11));
    const Table table = table_of(shape, counts);
    const RoundedCounts out = rounded(table, 5);
    expect_additive(shape, out, table, 5);
    const Naive next = naive_rounding(shape, counts, 5, 0);
    EXPECT_EQ(out.zero_restricted, next.found);
    if (next.found) {
      EXPECT_EQ(out.distance, next.distance);
      continue;
    }
    ++further;
    const Naive naive = naive_rounding(shape, counts, 5, 2);
    int64_t steps = 0;
    for (size_t i = 0; i < out.counts.size(); ++i) {
      steps += std::abs(out.counts[i] - table.values[i]) / 5;
    }
    EXPECT_EQ(steps, naive.steps) << round;
    EXPECT_EQ(out.distance, naive.distance) << round;
  }
  EXPECT_GT(further, 5);
}

}  // namespace
}  // namespace barometer
