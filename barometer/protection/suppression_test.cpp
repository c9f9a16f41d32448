#include "barometer/protection/suppression.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/protection/protection_testing_internal.h"

namespace barometer {
namespace {

using testing::Dice;
using ::testing::HasSubstr;

const Progress kQuiet;

SuppressionResult suppressed(const SuppressionProblem& problem) {
  const auto out = suppress_cells(problem, {}, kQuiet);
  EXPECT_TRUE(out) << (out ? "" : out.error().message);
  return out ? *out : SuppressionResult{};
}

std::string error_of(const SuppressionProblem& problem) {
  const auto out = suppress_cells(problem, {}, kQuiet);
  return out ? "no error" : out.error().message;
}

// Whether a choice is safe, by the words of the header.
bool safe(const SuppressionProblem& problem, const std::vector<uint8_t>& hidden,
          const std::function<std::vector<SumRange>(const CountSystem&,
                                                    const std::vector<LinearSum>&)>& ranges) {
  CountSystem system = problem.known;
  std::vector<LinearSum> sums;
  std::vector<const SuppressibleCell*> cells;
  for (size_t i = 0; i < problem.cells.size(); ++i) {
    const SuppressibleCell& cell = problem.cells[i];
    if (hidden[i] == 0) {
      if (cell.sensitive) return false;
      system.statements.push_back({cell.sum, cell.value, cell.value, ""});
    } else if (cell.fixed) {
      return false;
    }
    if (!cell.sensitive) continue;
    sums.push_back(cell.sum);
    cells.push_back(&cell);
  }
  const std::vector<SumRange> found = ranges(system, sums);
  for (size_t i = 0; i < cells.size(); ++i) {
    const SuppressibleCell& cell = *cells[i];
    const int64_t least = found[i].least;
    const int64_t most = found[i].most;
    if (least > std::max<int64_t>(0, cell.value - cell.lower)) return false;
    if (most != kNoLimit && most < cell.value + cell.upper) return false;
    if (most != kNoLimit && most - least < cell.slide) return false;
  }
  return true;
}

bool safe_by_ranges(const SuppressionProblem& problem, const std::vector<uint8_t>& hidden) {
  return safe(problem, hidden, [](const CountSystem& system, const std::vector<LinearSum>& sums) {
    return *ranges_of(system, sums, {}, kQuiet);
  });
}

// The attacker tries every table of counts.
bool safe_by_trying(const SuppressionProblem& problem, const std::vector<uint8_t>& hidden,
                    int64_t most) {
  return safe(problem, hidden, [&](const CountSystem& system, const std::vector<LinearSum>& sums) {
    return testing::slow_ranges(system, sums, std::vector<int64_t>(system.atoms, most));
  });
}

double cost_of(const SuppressionProblem& problem, const std::vector<uint8_t>& hidden) {
  double cost = 0;
  for (size_t i = 0; i < hidden.size(); ++i) cost += hidden[i] != 0 ? problem.cells[i].cost : 0;
  return cost;
}

// Whether a choice that costs less than `limit` is safe: every choice, one after the other. What
// costs nothing is hidden in all of them, and a choice that hides less than one that leaks leaks.
bool cheaper_exists(const SuppressionProblem& problem, double limit) {
  std::vector<uint8_t> hidden(problem.cells.size(), 0);
  std::vector<size_t> free;
  for (size_t i = 0; i < problem.cells.size(); ++i) {
    const SuppressibleCell& cell = problem.cells[i];
    hidden[i] = cell.sensitive || (!cell.fixed && cell.cost == 0) ? 1 : 0;
    if (!cell.fixed && hidden[i] == 0) free.push_back(i);
  }
  std::vector<uint32_t> leaky;
  const std::function<bool(size_t, uint32_t)> any = [&](size_t at, uint32_t set) {
    if (cost_of(problem, hidden) >= limit - 1e-6) return false;
    const uint32_t most = set | ((1u << free.size()) - (1u << at));
    if (std::ranges::any_of(leaky, [&](uint32_t more) { return (most & ~more) == 0; }))
      return false;
    if (at == free.size()) {
      if (safe_by_ranges(problem, hidden)) return true;
      leaky.push_back(set);
      return false;
    }
    hidden[free[at]] = 1;
    const bool found = any(at + 1, set | 1u << at);
    hidden[free[at]] = 0;
    return found || any(at + 1, set);
  };
  return any(0, 0);
}

void expect_cheapest(const SuppressionProblem& problem, const SuppressionResult& out) {
  ASSERT_EQ(out.hidden.size(), problem.cells.size());
  EXPECT_TRUE(out.optimal);
  EXPECT_TRUE(safe_by_ranges(problem, out.hidden));
  EXPECT_NEAR(out.cost, cost_of(problem, out.hidden), 1e-9);
  EXPECT_NEAR(out.bound, out.cost, 1e-6);
  EXPECT_FALSE(cheaper_exists(problem, out.cost));
}

TEST(SuppressCells, NothingSensitiveHidesNothing) {
  const auto problem = table_problem({dimension_of(3), dimension_of(2)}, {1, 2, 3, 4, 5, 6});
  const SuppressionResult out = suppressed(problem);
  EXPECT_EQ(std::ranges::count(out.hidden, 1), 0);
  EXPECT_EQ(out.cost, 0);
  EXPECT_TRUE(out.optimal);
}

TEST(SuppressCells, OneOfAQuestionNeedsAnother) {
  // 30, 12, 2 of 44, all of it known: with 2 the cheaper of the others goes.
  auto problem = table_problem({dimension_of(3)}, {30, 12, 2});
  problem.cells[3].fixed = true;
  problem.cells[2].sensitive = true;
  problem.cells[2].slide = 5;
  for (SuppressibleCell& cell : problem.cells) cell.cost = static_cast<double>(cell.value);
  const SuppressionResult out = suppressed(problem);
  EXPECT_EQ(out.hidden, (std::vector<uint8_t>{0, 1, 1, 0}));
  EXPECT_EQ(out.cost, 14);
  EXPECT_EQ(out.ranges[2].least, 0);
  EXPECT_EQ(out.ranges[2].most, 14);
  EXPECT_EQ(out.ranges[0].least, 30);
}

// A zero that stays visible cannot hide anything; one that may go can.
TEST(SuppressCells, VisibleZeros) {
  auto problem = table_problem({dimension_of(3)}, {30, 0, 2});
  problem.cells[3].fixed = true;
  problem.cells[2].sensitive = true;
  problem.cells[2].slide = 2;
  problem.cells[0].cost = 30;
  EXPECT_EQ(suppressed(problem).hidden, (std::vector<uint8_t>{0, 1, 1, 0}));
  problem.cells[1].fixed = true;
  EXPECT_EQ(suppressed(problem).hidden, (std::vector<uint8_t>{1, 0, 1, 0}));
}

TEST(SuppressCells, LowerProtectionEndsAtZero) {
  auto problem = table_problem({dimension_of(3)}, {30, 20, 2});
  problem.cells[3].fixed = true;
  problem.cells[2].sensitive = true;
  problem.cells[2].lower = 100;
  EXPECT_EQ(suppressed(problem).ranges[2].least, 0);
}

TEST(SuppressCells, WhatIsKnownAnywayCounts) {
  // That the first answer is at most 31 was printed elsewhere: hiding it gives 2 room to 1 … 3.
  auto problem = table_problem({dimension_of(3)}, {30, 12, 2});
  problem.cells[3].fixed = true;
  problem.cells[2].sensitive = true;
  problem.cells[2].slide = 4;
  problem.cells[1].cost = 10;
  EXPECT_EQ(suppressed(problem).hidden, (std::vector<uint8_t>{1, 0, 1, 0}));
  problem.known.statements.push_back({{{{0, 1}}}, 29, 31, "elsewhere"});
  EXPECT_EQ(suppressed(problem).hidden, (std::vector<uint8_t>{0, 1, 1, 0}));
}

TEST(SuppressCells, Refusals) {
  auto problem = table_problem({dimension_of(3)}, {30, 12, 2});
  problem.cells[3].fixed = true;
  problem.cells[2].sensitive = true;
  problem.cells[2].name = "2013.leave.unlikely";
  problem.cells[2].upper = 100;
  EXPECT_THAT(error_of(problem), HasSubstr("'2013.leave.unlikely' cannot be protected: with "
                                           "everything hidden that may be, its value 2 still lies "
                                           "between 0 and 44"));
  problem.cells[2].upper = 1;
  problem.cells[0].value = 29;
  EXPECT_THAT(error_of(problem), HasSubstr("no counts of people meet these together"));
  problem.cells[0].value = 30;
  problem.cells[1].cost = -1;
  EXPECT_THAT(error_of(problem), HasSubstr("cell 2: the cost -1"));
  problem.cells[1].cost = 1;
  problem.cells[2].fixed = true;
  EXPECT_THAT(error_of(problem), HasSubstr("is sensitive and must be shown"));
  problem.cells[2].fixed = false;
  problem.cells[2].slide = -1;
  EXPECT_THAT(error_of(problem), HasSubstr("protection below 0"));
}

TEST(SuppressCells, StopsWhenAsked) {
  auto problem = table_problem({dimension_of(3)}, {30, 12, 2});
  problem.cells[2].sensitive = true;
  problem.cells[2].slide = 1;
  Progress progress;
  progress.stop();
  const auto out = suppress_cells(problem, {}, progress);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, ErrorCode::kLimit);
}

SuppressionProblem small_cells_hidden(const std::vector<TableDimension>& dimensions, Dice& dice) {
  size_t size = 1;
  for (const TableDimension& dimension : dimensions) size *= dimension.size;
  std::vector<int64_t> counts;
  for (size_t i = 0; i < size; ++i) counts.push_back(dice.roll(0, 12));
  SuppressionProblem problem = table_problem(dimensions, counts);
  for (SuppressibleCell& cell : problem.cells) {
    cell.sensitive = cell.value == 1 || cell.value == 2;
    cell.slide = cell.sensitive ? 3 : 0;
    cell.cost = std::log(2 + static_cast<double>(cell.value));
  }
  return problem;
}

TEST(SuppressCells, StopsInTheMiddle) {
  Dice dice(6);
  const auto problem = small_cells_hidden({dimension_of(6), dimension_of(6)}, dice);
  Progress* stopping = nullptr;
  Progress progress([&](const std::string& what, size_t, size_t) {
    if (what == "cells to hide: bound") stopping->stop();
  });
  stopping = &progress;
  const auto out = suppress_cells(problem, {}, progress);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, ErrorCode::kLimit);
}

TEST(SuppressCells, OutOfStepsIsSafeButNotProven) {
  Dice dice(6);
  const auto problem = small_cells_hidden({dimension_of(6), dimension_of(6)}, dice);
  SuppressionOptions none;
  none.steps = 0;
  const auto out = suppress_cells(problem, none, kQuiet);
  ASSERT_TRUE(out);
  EXPECT_FALSE(out->optimal);
  EXPECT_TRUE(safe_by_ranges(problem, out->hidden));
  const SuppressionResult best = suppressed(problem);
  EXPECT_LE(out->bound, best.cost + 1e-6);
  EXPECT_GE(out->cost, best.cost - 1e-6);
  EXPECT_LE(out->cost, 1.5 * best.cost);  // not simply everything hidden
}

TEST(SuppressCells, SameAnswerEveryTimeAndNothingPrinted) {
  Dice dice(14);
  const auto problem =
      small_cells_hidden({dimension_of(3), dimension_of(3), dimension_of(2)}, dice);
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  const SuppressionResult first = suppressed(problem);
  const SuppressionResult second = suppressed(problem);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(first.hidden, second.hidden);
}

// In fractions 2a + 3b = 7 leaves a and b open; in whole numbers only a = 2, b = 1 meet it.
TEST(SuppressCells, WhatOnlyFractionsHideIsNotHidden) {
  SuppressionProblem problem;
  problem.known.atoms = 3;
  problem.known.statements.push_back({{{{0, 2}, {1, 3}, {2, 1}}}, 7, 7, "points"});
  // Known: 2a + 3b + c = 7. Truth a = 2, b = 1, c = 0.
  for (const int64_t value : {2, 1, 0}) {
    problem.cells.push_back({{{{problem.cells.size(), 1}}}, value});
  }
  problem.cells[1].sensitive = true;
  problem.cells[1].slide = 1;
  problem.cells[2].cost = 5;
  // With c shown as 0: 2a + 3b = 7 has in whole numbers only a = 2, b = 1.
  const SuppressionResult out = suppressed(problem);
  EXPECT_EQ(out.hidden[2], 1);
  expect_cheapest(problem, out);
}

std::vector<std::vector<TableDimension>> shapes() {
  return {
      {dimension_of(2), dimension_of(2)},
      {dimension_of(2), dimension_of(3)},
      {dimension_of(3), dimension_of(3)},
      {dimension_of(2), dimension_of(2), dimension_of(2)},
      {dimension_of(4, {{0, 1}})},
      {dimension_of(5, {{0, 1}, {3, 4}})},
      {dimension_of(4, {{0, 1}, {2, 3}}), dimension_of(2)},
      {dimension_of(3, {{0, 1}}), dimension_of(3)},
  };
}

void make_sensitive(SuppressibleCell& cell, Dice& dice) {
  cell.sensitive = true;
  switch (dice.roll(0, 3)) {
    case 0:
      cell.slide = 1;
      break;
    case 1:
      cell.slide = dice.roll(2, 4);
      break;
    case 2:
      cell.upper = dice.roll(1, 3);
      break;
    default:
      cell.lower = dice.roll(0, 2);
      cell.upper = dice.roll(0, 2);
      cell.slide = dice.roll(0, 5);
  }
}

SuppressionProblem random_problem(const std::vector<TableDimension>& dimensions, Dice& dice) {
  size_t size = 1;
  for (const TableDimension& dimension : dimensions) size *= dimension.size;
  std::vector<int64_t> counts;
  for (size_t i = 0; i < size; ++i) counts.push_back(dice.roll(0, 5));
  SuppressionProblem problem = table_problem(dimensions, counts);
  const int64_t kind = dice.roll(0, 2);
  for (SuppressibleCell& cell : problem.cells) {
    const auto value = static_cast<double>(cell.value);
    cell.cost = kind == 0 ? 1 : kind == 1 ? value : std::log(1 + value);
    if (cell.value > 0 && cell.value < 3 && dice.roll(0, 2) == 0) make_sensitive(cell, dice);
  }
  // In larger tables every other cell must be shown: there are fewer choices to try.
  for (SuppressibleCell& cell : problem.cells) {
    cell.fixed = !cell.sensitive && problem.cells.size() > 16 && dice.roll(0, 1) == 0;
  }
  if (dice.roll(0, 1) == 0) problem.cells.back().fixed = !problem.cells.back().sensitive;
  return problem;
}

TEST(SuppressCells, CheapestOfAllChoicesOnRandomTables) {
  Dice dice(99);
  int solved = 0, tried = 0;
  for (int round = 0; round < 320; ++round) {
    const auto all = shapes();
    const SuppressionProblem problem =
        random_problem(all[static_cast<size_t>(round) % all.size()], dice);
    const auto out = suppress_cells(problem, {}, kQuiet);
    if (!out) {  // then not even hiding everything is safe
      std::vector<uint8_t> hidden;
      for (const SuppressibleCell& cell : problem.cells) hidden.push_back(cell.fixed ? 0 : 1);
      EXPECT_FALSE(safe_by_ranges(problem, hidden)) << out.error().message;
      continue;
    }
    ++solved;
    expect_cheapest(problem, *out);
    const SuppressibleCell& all_people = problem.cells.back();
    const double tables = std::pow(static_cast<double>(all_people.value) + 1,
                                   static_cast<double>(problem.known.atoms));
    if (all_people.fixed && tables < 3e5) {
      ++tried;
      EXPECT_TRUE(safe_by_trying(problem, out->hidden, all_people.value)) << round;
    }
    if (::testing::Test::HasFailure()) FAIL() << "round " << round;
  }
  EXPECT_GT(solved, 150);
  EXPECT_GT(tried, 20);
}

TEST(SuppressCells, FourByFourWithFewSensitiveCells) {
  Dice dice(4);
  for (int round = 0; round < 4; ++round) {
    std::vector<int64_t> counts;
    for (int i = 0; i < 16; ++i) counts.push_back(dice.roll(3, 20));
    counts[static_cast<size_t>(dice.roll(0, 15))] = 1;
    SuppressionProblem problem = table_problem({dimension_of(4), dimension_of(4)}, counts);
    for (SuppressibleCell& cell : problem.cells) {
      if (cell.value == 1) cell.sensitive = true;
      if (cell.value == 1) cell.slide = 5;
      // Margins are dearer: less is to be tried.
      cell.cost = static_cast<double>(cell.sum.terms.size());
    }
    expect_cheapest(problem, suppressed(problem));
  }
}

// The cost of the cheapest choice does not depend on how the table is turned.
TEST(SuppressCells, TransposingChangesNoCost) {
  Dice dice(12);
  for (int round = 0; round < 5; ++round) {
    std::vector<int64_t> counts, turned;
    for (int i = 0; i < 5 * 7; ++i) counts.push_back(dice.roll(0, 12));
    for (size_t j = 0; j < 7; ++j) {
      for (size_t i = 0; i < 5; ++i) turned.push_back(counts[i * 7 + j]);
    }
    const auto cost = [](SuppressionProblem problem) {
      for (SuppressibleCell& cell : problem.cells) {
        cell.sensitive = cell.value > 0 && cell.value < 3;
        cell.slide = cell.sensitive ? 3 : 0;
        cell.cost = static_cast<double>(cell.value);
      }
      return suppressed(problem).cost;
    };
    EXPECT_EQ(cost(table_problem({dimension_of(5), dimension_of(7)}, counts)),
              cost(table_problem({dimension_of(7), dimension_of(5)}, turned)));
  }
}

}  // namespace
}  // namespace barometer
