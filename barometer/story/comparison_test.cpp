// The tests of story sentences, by a second road: the same answers case by case.
#include "barometer/story/comparison_internal.h"

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "barometer/story/story_test_internal.h"

namespace barometer {
namespace {

using story_testing::Maker;

// SE in points of the mean of x: the naive estimate.
double naive_se(const std::vector<double>& x) {
  const auto n = static_cast<double>(x.size());
  double mean = 0;
  for (const double value : x) mean += value / n;
  double squares = 0;
  for (const double value : x) squares += (value - mean) * (value - mean);
  return 100 * std::sqrt(squares / (n - 1) / n);
}

CellFigure cell_of(const Maker& maker, const std::string& id, std::vector<int> codes) {
  CellFigure out;
  out.figure = maker.ledger.find(id);
  out.wave = &maker.study.waves[1];
  out.item = out.wave->questionnaire.find(out.figure->item);
  out.codes = std::move(codes);
  return out;
}

StoryComparison compared(const Maker& maker, const CellFigure& a, const CellFigure& b) {
  return compare({maker.study, maker.ledger, maker.study.waves[1]}, a, b).value();
}

// z of two answers of one question is that of +1 for one, -1 for the other, 0 for the rest.
TEST(Comparison, TwoAnswersOfOneQuestionAreTestedAsCasesAre) {
  for (const auto& [yes, no, rest] : std::vector<std::array<int, 3>>{
           {39, 29, 26}, {10, 60, 24}, {30, 30, 0}, {1, 50, 200}, {90, 3, 1}}) {
    Maker maker;
    const int n = yes + no + rest;
    maker.ledger.figures.clear();
    maker.share("2013-04", "pool", "1", "Yes", yes, n);
    maker.share("2013-04", "pool", "2", "No", no, n);
    std::vector<double> cases(static_cast<size_t>(yes), 1.0);
    cases.insert(cases.end(), static_cast<size_t>(no), -1.0);
    cases.insert(cases.end(), static_cast<size_t>(rest), 0.0);
    const StoryComparison found = compared(maker, cell_of(maker, "2013-04.pool.1.respondents", {1}),
                                           cell_of(maker, "2013-04.pool.2.respondents", {2}));
    ASSERT_TRUE(found.tested && found.exact);
    const double difference = 100.0 * (yes - no) / n;
    EXPECT_NEAR(found.difference, difference, 1e-9);
    EXPECT_NEAR(*found.z, difference / naive_se(cases), 1e-9);
    // p by the area under the density, in steps.
    double area = 0;
    const double z = std::abs(*found.z);
    constexpr int kSteps = 40'000;
    for (int step = 0; step < kSteps; ++step) {
      const double x = z * ((step + 0.5) * 2 / kSteps - 1);
      area += std::exp(-x * x / 2) * (2 * z / kSteps);
    }
    EXPECT_NEAR(*found.p, 1 - area / std::sqrt(2 * std::numbers::pi), 1e-6);
    EXPECT_EQ(found.significant, *found.p < 0.05);
  }
}

// Two questions to the same people: whatever the people answered, the true SE is at most ours.
TEST(Comparison, TheWorstCaseHoldsForEveryCorrelation) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const size_t n = 20 + random() % 200;
    std::vector<double> difference;
    int64_t first = 0;
    int64_t second = 0;
    const double same = static_cast<double>(random() % 101) / 100;
    for (size_t i = 0; i < n; ++i) {
      const bool a = random() % 3 == 0;
      const bool copy = static_cast<double>(random() % 100) / 100 < same;
      const bool b = copy ? (round % 2 == 0) == a : random() % 2 == 0;
      first += a ? 1 : 0;
      second += b ? 1 : 0;
      difference.push_back((a ? 1.0 : 0.0) - (b ? 1.0 : 0.0));
    }
    Maker maker;
    maker.ledger.figures.clear();
    maker.share("2013-04", "leave", "1", "A", first, static_cast<int64_t>(n));
    maker.share("2013-04", "stay", "1", "B", second, static_cast<int64_t>(n));
    const StoryComparison found =
        compared(maker, cell_of(maker, "2013-04.leave.1.respondents", {1}),
                 cell_of(maker, "2013-04.stay.1.respondents", {1}));
    if (naive_se(difference) == 0) continue;  // the same answers to both
    ASSERT_TRUE(found.tested);
    EXPECT_FALSE(found.exact);
    const double z = found.difference / naive_se(difference);
    EXPECT_LE(std::abs(*found.z), std::abs(z) + 1e-9);
    const double p = std::erfc(std::abs(z) / std::numbers::sqrt2);
    EXPECT_TRUE(!found.significant || p < 0.05) << p;
  }
}

TEST(Comparison, GroupsOfASimpleSampleAreIndependent) {
  const Maker maker;
  CellFigure chairs = cell_of(maker, "2013-04.leave.likely.respondents.role-1", {1, 2});
  CellFigure officers = cell_of(maker, "2013-04.leave.likely.respondents.role-2", {1, 2});
  const StoryComparison found = compared(maker, chairs, officers);
  const double se = std::sqrt(0.75 * 0.25 / 39 + 0.3 * 0.7 / 29) * 100;
  EXPECT_TRUE(found.exact);
  EXPECT_NEAR(*found.z, 45 / se, 1e-9);
  // In clusters two groups may be correlated: the worst case is taken.
  Maker clustered;
  clustered.study.waves[1].design.kind = "clustered";
  EXPECT_FALSE(compared(clustered,
                        cell_of(clustered, "2013-04.leave.likely.respondents.role-1", {1, 2}),
                        cell_of(clustered, "2013-04.leave.likely.respondents.role-2", {1, 2}))
                   .exact);
}

TEST(Comparison, IntervalsAloneDecideWhereTheyDoNotMeet) {
  const auto significant = [](int64_t first, int64_t second) {
    Maker maker;
    maker.ledger.figures.clear();
    maker.share("2013-04", "leave", "1", "A", first, 272).se.reset();
    maker.share("2013-04", "leave", "2", "B", second, 272).se.reset();
    const StoryComparison found =
        compared(maker, cell_of(maker, "2013-04.leave.1.respondents", {1}),
                 cell_of(maker, "2013-04.leave.2.respondents", {2}));
    EXPECT_TRUE(found.tested);
    EXPECT_FALSE(found.exact);
    return found.significant;
  };
  EXPECT_TRUE(significant(174, 57));
  EXPECT_TRUE(significant(57, 174));
  EXPECT_FALSE(significant(136, 130));
}

TEST(Comparison, WithoutErrorsAndIntervalsThereIsNoTest) {
  Maker maker;
  maker.ledger.figures.clear();
  for (const char* answer : {"1", "2"}) {
    Figure& figure = maker.share("2013-04", "leave", answer, "A", 50, 100);
    figure.se.reset();
    figure.lower.reset();
  }
  const StoryComparison found = compared(maker, cell_of(maker, "2013-04.leave.1.respondents", {1}),
                                         cell_of(maker, "2013-04.leave.2.respondents", {2}));
  EXPECT_FALSE(found.tested || found.significant);
}

TEST(Comparison, AChangeIsTestedByItsOwnStandardError) {
  const Maker maker;
  const ChangeFigures figures{cell_of(maker, "2013-04.leave.5.respondents", {5}),
                              cell_of(maker, "2013-01.leave.5.respondents", {5}),
                              maker.ledger.find("2013-04.leave.5.change.2013-01")};
  const StoryComparison found =
      compare_waves({maker.study, maker.ledger, maker.study.waves[1]}, figures);
  EXPECT_NEAR(*found.z, -4.7 / 3.4, 1e-9);
  EXPECT_FALSE(found.significant);
  EXPECT_TRUE(found.exact);
}

}  // namespace
}  // namespace barometer
