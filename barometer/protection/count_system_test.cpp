#include "barometer/protection/count_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/protection/protection_testing_internal.h"

namespace barometer {
namespace {

using testing::Dice;
using ::testing::HasSubstr;
using ::testing::Not;

const Progress kQuiet;

CountStatement says(LinearSum sum, int64_t least, int64_t most, std::string source = "x") {
  return {std::move(sum), least, most, std::move(source)};
}

SumRange range_of(const CountSystem& system, const LinearSum& sum) {
  const auto ranges = ranges_of(system, {sum}, {}, kQuiet);
  EXPECT_TRUE(ranges) << (ranges ? "" : ranges.error().message);
  return ranges ? ranges->front() : SumRange{-1, -1, false};
}

std::string error_of(const CountSystem& system, const std::vector<LinearSum>& sums = {}) {
  const auto ranges = ranges_of(system, sums, {}, kQuiet);
  return ranges ? "no error" : ranges.error().message;
}

void expect_range(const SumRange& range, int64_t least, int64_t most) {
  EXPECT_TRUE(range.exact);
  EXPECT_EQ(range.least, least);
  EXPECT_EQ(range.most, most);
}

TEST(RangesOf, APercentageWithItsBaseGivesTheCount) {
  // 9% of 94, rounded half up: 17 * 94 <= 200 * count < 19 * 94 leaves 8 alone.
  CountSystem system{1, {says({{{0, 200}}}, 17 * 94, 19 * 94 - 1)}, {94}};
  expect_range(range_of(system, {{{0, 1}}}), 8, 8);
}

TEST(RangesOf, HiddenPairInATotal) {
  CountSystem system{2, {says({{{0, 1}, {1, 1}}}, 7, 7)}, {}};
  expect_range(range_of(system, {{{0, 1}}}), 0, 7);
  expect_range(range_of(system, {{{0, 1}, {1, -1}}}), -7, 7);
  expect_range(range_of(system, {{{0, 1}, {1, 1}}}), 7, 7);
  expect_range(range_of(system, {{}}), 0, 0);
}

TEST(RangesOf, TermsOfOneAtomAddUp) {
  CountSystem system{1, {says({{{0, 1}, {0, 1}}}, 6, 6)}, {}};
  expect_range(range_of(system, {{{0, 3}, {0, -1}}}), 6, 6);
}

TEST(RangesOf, FractionsAreNoPeople) {
  // x+y, y+z and x+z at least 1: half a person each would do, two people are needed.
  CountSystem system{3, {}, {1, 1, 1}};
  for (const auto& [a, b] : {std::pair(0, 1), std::pair(1, 2), std::pair(0, 2)}) {
    system.statements.push_back(
        says({{{static_cast<size_t>(a), 1}, {static_cast<size_t>(b), 1}}}, 1, 2));
  }
  expect_range(range_of(system, {{{0, 1}, {1, 1}, {2, 1}}}), 2, 3);
}

TEST(RangesOf, NothingSaidMeansNoLimit) {
  CountSystem system{2, {says({{{0, 1}, {1, -1}}}, 0, kNoLimit)}, {}};
  expect_range(range_of(system, {{{0, 1}}}), 0, kNoLimit);
  expect_range(range_of(system, {{{0, 1}, {1, -1}}}), 0, kNoLimit);
  expect_range(range_of(system, {{{1, 1}, {0, -1}}}), -kNoLimit, 0);
}

TEST(RangesOf, SumsOverSeveralParts) {
  CountSystem system{
      5, {says({{{0, 1}, {1, 1}}}, 4, 4), says({{{2, 1}, {3, 1}}}, 2, 3)}, {9, 9, 9, 9, 5}};
  expect_range(range_of(system, {{{0, 1}, {2, 1}, {4, 2}}}), 0, 4 + 3 + 10);
}

struct Wrong {
  const char* name;
  CountSystem system;
  const char* words;
};

TEST(RangesOf, RefusesWhatItCannotMean) {
  const std::vector<Wrong> cases = {
      {"atom", {1, {says({{{1, 1}}}, 0, 1, "t")}, {}}, "'t' speaks of atom 1 of a system of 1"},
      {"order", {1, {says({{{0, 1}}}, 2, 1, "t")}, {}}, "'t': 2 is more than 1"},
      {"size", {1, {says({{{0, 1}}}, 0, 2'000'000'000'000, "t")}, {}}, "is beyond 10^12"},
      {"factor", {1, {says({{{0, 2'000'000}}}, 0, 1, "t")}, {}}, "2000000 is beyond 10^6"},
      {"bounds", {2, {}, {1}}, "1 upper bounds for 2 atoms"},
      {"negative", {1, {}, {-1}}, "the upper bound -1 of atom 0 is not a count"},
      {"control", {1, {says({{{3, 1}}}, 0, 1, "a\x1b")}, {}}, "'a\\x1B' speaks"},
  };
  for (const Wrong& wrong : cases) {
    EXPECT_THAT(error_of(wrong.system), HasSubstr(wrong.words)) << wrong.name;
  }
  EXPECT_THAT(error_of({1, {}, {}}, {{{{7, 1}}}}), HasSubstr("sum 1 speaks of atom 7"));
}

TEST(RangesOf, ContradictionsNameOnlyWhatIsNeeded) {
  CountSystem system{
      4,
      {says({{{0, 1}, {1, 1}}}, 5, 5, "table 1: base"),
       says({{{2, 1}, {3, 1}}}, 9, 9, "table 2: base"), says({{{0, 1}}}, 3, 3, "table 1: yes"),
       says({{{2, 1}}}, 1, 4, "table 2: yes"), says({{{1, 1}}}, 4, kNoLimit, "table 1: no")},
      {}};
  const std::string message = error_of(system);
  EXPECT_THAT(message, HasSubstr("no counts of people meet these together: 'table 1: base' is 5; "
                                 "'table 1: yes' is 3; 'table 1: no' is at least 4"));
  EXPECT_THAT(message, Not(HasSubstr("table 2")));
}

TEST(RangesOf, ContradictionOfWholeNumbersOnly) {
  CountSystem system{
      2, {says({{{0, 2}, {1, 2}}}, 3, 3, "twice"), says({{{0, 1}}}, 0, 1, "spare")}, {}};
  EXPECT_THAT(error_of(system), HasSubstr("'twice' is 3"));
  EXPECT_THAT(error_of(system), Not(HasSubstr("spare")));
}

// Sums of large coefficients that few counts meet: without a search only fractions bound them.
TEST(RangesOf, WithoutASearchTheRangeIsAnOuterOne) {
  Dice dice(31);
  size_t outer = 0;
  for (int round = 0; round < 20; ++round) {
    CountSystem system{4, {}, {6, 6, 6, 6}};
    std::vector<int64_t> truth;
    for (int i = 0; i < 4; ++i) truth.push_back(dice.roll(0, 6));
    LinearSum sum;
    for (size_t atom = 0; atom < 4; ++atom) sum.terms.emplace_back(atom, dice.roll(20, 90));
    const int64_t value = testing::value_of(sum, truth);
    system.statements.push_back(says(sum, value, value));
    const std::vector<LinearSum> sums = {{{{0, 1}}}, {{{1, 1}, {2, 1}}}};
    RangeOptions none;
    none.most_nodes = 0;
    none.steps = 0;
    const auto ranges = ranges_of(system, sums, none, kQuiet);
    ASSERT_TRUE(ranges);
    const auto slow = testing::slow_ranges(system, sums, system.most);
    for (size_t i = 0; i < sums.size(); ++i) {
      EXPECT_LE((*ranges)[i].least, slow[i].least);
      EXPECT_GE((*ranges)[i].most, slow[i].most);
      if ((*ranges)[i].exact) {
        EXPECT_EQ((*ranges)[i].least, slow[i].least);
        EXPECT_EQ((*ranges)[i].most, slow[i].most);
      } else {
        ++outer;
      }
    }
  }
  EXPECT_GT(outer, 0u);
}

TEST(RangesOf, StopsWhenAsked) {
  Progress progress;
  progress.stop();
  CountSystem system{2, {says({{{0, 1}, {1, 1}}}, 7, 7)}, {}};
  const auto ranges = ranges_of(system, {{{{0, 1}}}}, {}, progress);
  ASSERT_FALSE(ranges);
  EXPECT_EQ(ranges.error().code, ErrorCode::kLimit);
}

LinearSum random_sum(Dice& dice, size_t atoms) {
  LinearSum sum;
  for (size_t atom = 0; atom < atoms; ++atom) {
    const int64_t coefficient = dice.roll(0, 2) == 0 ? dice.roll(-2, 3) : dice.roll(0, 1);
    if (coefficient != 0) sum.terms.emplace_back(atom, coefficient);
  }
  return sum;
}

// A system with a hidden truth, so that it mostly has an answer; now and then it lies.
CountSystem random_system(Dice& dice, bool may_lie) {
  CountSystem system;
  system.atoms = static_cast<size_t>(dice.roll(2, 5));
  std::vector<int64_t> truth;
  for (size_t atom = 0; atom < system.atoms; ++atom) {
    system.most.push_back(dice.roll(1, 5));
    truth.push_back(dice.roll(0, system.most.back()));
  }
  const int64_t statements = dice.roll(0, 4);
  for (int64_t i = 0; i < statements; ++i) {
    LinearSum sum = random_sum(dice, system.atoms);
    const int64_t value = testing::value_of(sum, truth) + (may_lie ? dice.roll(0, 2) : 0);
    system.statements.push_back(
        says(std::move(sum), value - dice.roll(0, 2), value + dice.roll(0, 1), std::to_string(i)));
  }
  return system;
}

TEST(RangesOf, EqualsEveryCountTriedOnRandomSystems) {
  Dice dice(20131);
  size_t contradictions = 0;
  for (int round = 0; round < 800; ++round) {
    const CountSystem system = random_system(dice, round % 2 == 1);
    std::vector<LinearSum> sums;
    for (int i = 0; i < 4; ++i) sums.push_back(random_sum(dice, system.atoms));
    const std::vector<SumRange> slow = testing::slow_ranges(system, sums, system.most);
    const auto ranges = ranges_of(system, sums, {}, kQuiet);
    ASSERT_EQ(ranges.has_value(), !slow.empty()) << round;
    if (!ranges) {
      ++contradictions;
      continue;
    }
    for (size_t i = 0; i < sums.size(); ++i) {
      ASSERT_TRUE((*ranges)[i].exact);
      ASSERT_EQ((*ranges)[i].least, slow[i].least) << round;
      ASSERT_EQ((*ranges)[i].most, slow[i].most) << round;
    }
  }
  EXPECT_GT(contradictions, 20u);
}

// Of the statements a message names each is needed, and together they are enough.
TEST(RangesOf, ConflictsOfRandomSystemsAreSmallest) {
  Dice dice(77);
  size_t seen = 0;
  for (int round = 0; round < 600; ++round) {
    const CountSystem system = random_system(dice, true);
    const std::string message = error_of(system);
    if (message == "no error") continue;
    ++seen;
    CountSystem named = system;
    std::erase_if(named.statements, [&](const CountStatement& statement) {
      return message.find("'" + statement.source + "'") == std::string::npos;
    });
    EXPECT_TRUE(testing::slow_ranges(named, {{}}, system.most).empty()) << message;
    for (size_t i = 0; i < named.statements.size(); ++i) {
      CountSystem fewer = named;
      fewer.statements.erase(fewer.statements.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_FALSE(testing::slow_ranges(fewer, {{}}, system.most).empty()) << message;
    }
  }
  EXPECT_GT(seen, 20u);
}

// A two-way table whose margins alone are shown: Fréchet's bounds of each cell.
TEST(RangesOf, FrechetBoundsOfALargeTable) {
  constexpr size_t kSize = 30;
  Dice dice(5);
  std::vector<int64_t> counts;
  for (size_t i = 0; i < kSize * kSize; ++i) counts.push_back(dice.roll(0, 9));
  const SuppressionProblem table =
      table_problem({dimension_of(kSize), dimension_of(kSize)}, counts);
  CountSystem system{kSize * kSize, {}, {}};
  std::vector<LinearSum> inner;
  for (const SuppressibleCell& cell : table.cells) {
    if (cell.sum.terms.size() == 1) {
      inner.push_back(cell.sum);
    } else {
      system.statements.push_back(says(cell.sum, cell.value, cell.value));
    }
  }
  const auto ranges = ranges_of(system, inner, {}, kQuiet);
  ASSERT_TRUE(ranges);
  const auto margin = [&](size_t row, size_t column) {
    return table.cells[row * (kSize + 1) + column].value;
  };
  const int64_t all = margin(kSize, kSize);
  for (size_t i = 0; i < kSize; ++i) {
    for (size_t j = 0; j < kSize; ++j) {
      const SumRange range = (*ranges)[i * kSize + j];
      ASSERT_TRUE(range.exact);
      ASSERT_EQ(range.least, std::max<int64_t>(0, margin(i, kSize) + margin(kSize, j) - all));
      ASSERT_EQ(range.most, std::min(margin(i, kSize), margin(kSize, j)));
    }
  }
}

}  // namespace
}  // namespace barometer
