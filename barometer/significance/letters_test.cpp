// From tests to letters: families, levels, least bases.
#include "barometer/significance/letters.h"

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/near.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::near_rel;

TEST(ColumnLetter, GoesOnAfterZ) {
  const std::vector<std::pair<size_t, const char*>> letters = {
      {0, "A"},   {1, "B"},   {25, "Z"},   {26, "AA"},  {27, "AB"},
      {51, "AZ"}, {52, "BA"}, {701, "ZZ"}, {702, "AAA"}};
  for (const auto& [index, letter] : letters) EXPECT_EQ(column_letter(index), letter);
}

ColumnFigure share_of(double answers, double base) {
  return figure_of({base, base, base, answers, answers, answers, answers}, true);
}

Overlap none(const ColumnPair&) { return {}; }

// A to D: 60, 40, 45 and 20 of 100. Pooled z: AB 2.828 (p 0.0047), AC 2.121 (0.034), AD 5.774,
// BC -0.716 (0.474), BD 3.086 (0.0020), CD 3.785 (0.0002).
const std::vector<ColumnFigure>& four() {
  static const std::vector<ColumnFigure> columns = {share_of(60, 100), share_of(40, 100),
                                                    share_of(45, 100), share_of(20, 100)};
  return columns;
}
constexpr size_t kFour[] = {0, 1, 2, 3};
const std::vector<std::string> kNames = {"A", "B", "C", "D"};

std::vector<std::string> letters(const std::vector<ColumnFigure>& columns, const TestRules& rules,
                                 const std::vector<double>& levels) {
  const auto tests = compare_row(columns, pairs_of(kFour), none, rules);
  std::vector<std::string> out;
  for (const Letters& each : letters_of(columns.size(), tests, levels)) {
    out.push_back(each.text(kNames));
  }
  return out;
}

TEST(Letters, StandInTheHigherColumn) {
  const TestRules rules{.convention = Convention::kSpss};
  EXPECT_THAT(letters(four(), rules, {0.05}), ElementsAre("BCD", "D", "D", ""));
  EXPECT_THAT(letters(four(), rules, {0.01}), ElementsAre("BD", "D", "D", ""));
}

TEST(Letters, OfTheSecondLevelAreSmall) {
  const TestRules rules{.convention = Convention::kSpss};
  EXPECT_THAT(letters(four(), rules, {0.01, 0.05}), ElementsAre("BD c", "D", "D", ""));
  EXPECT_THAT(letters(four(), rules, {0.001, 0.5}), ElementsAre("D bc", "d", "D b", ""));
}

TEST(Letters, AreFewerWhenAdjusted) {
  TestRules rules{.convention = Convention::kSpss, .adjustment = PAdjustment::kBonferroni};
  EXPECT_THAT(letters(four(), rules, {0.05}), ElementsAre("BD", "D", "D", ""));  // 6 × 0.034
  rules.adjustment = PAdjustment::kHolm;
  EXPECT_THAT(letters(four(), rules, {0.05}), ElementsAre("BD", "D", "D", ""));
  rules.adjustment = PAdjustment::kBenjaminiHochberg;
  EXPECT_THAT(letters(four(), rules, {0.05}), ElementsAre("BCD", "D", "D", ""));
}

// R 4.2.2: pairwise.t.test(y, g, p.adjust.method): pooled over all columns, as SPSS's means.
TEST(AdjustedMeans, AreThoseOfPairwiseTTest) {
  const auto mean_of = [](const std::vector<double>& y) {
    ColumnSums sums;
    for (const double each : y) sums += {1, 1, 1, each, each * each, each, each * each};
    return figure_of(sums, false);
  };
  const std::vector<ColumnFigure> columns = {mean_of({7, 5, 8, 6, 9, 4, 7, 8, 6}),
                                             mean_of({5, 3, 6, 4, 7, 2, 5, 4}),
                                             mean_of({8, 9, 6, 7, 9, 5, 8})};
  constexpr size_t kThree[] = {0, 1, 2};
  const auto expect = [&](PAdjustment adjustment, double ab, double ac, double bc) {
    const TestRules rules{
        .convention = Convention::kSpss, .adjustment = adjustment, .least_base = 0};
    const auto tests = compare_row(columns, pairs_of(kThree), none, rules);
    EXPECT_TRUE(near_rel(tests[0].p_adjusted, ab, 1e-10, "R pairwise.t.test"));
    EXPECT_TRUE(near_rel(tests[1].p_adjusted, ac, 1e-10, "R pairwise.t.test"));
    EXPECT_TRUE(near_rel(tests[2].p_adjusted, bc, 1e-10, "R pairwise.t.test"));
  };
  using enum PAdjustment;
  expect(kNone, 0.00977571588194198, 0.34630085091852114, 0.00166036535776217);
  expect(kBonferroni, 0.0293271476458259, 1, 0.0049810960732865);
  expect(kHolm, 0.019551431763884, 0.346300850918521, 0.0049810960732865);
  expect(kBenjaminiHochberg, 0.014663573822913, 0.346300850918521, 0.0049810960732865);
}

TEST(LeastBase, TakesColumnsOutOfTheFamily) {
  std::vector<ColumnFigure> columns = four();
  columns[3] = share_of(2, 10);
  const TestRules rules{
      .convention = Convention::kSpss, .adjustment = PAdjustment::kBonferroni, .least_base = 30};
  const auto tests = compare_row(columns, pairs_of(kFour), none, rules);
  ASSERT_EQ(tests.size(), 6u);
  for (const PairComparison& test : tests) {
    const bool small = test.pair.b == 3;
    EXPECT_EQ(test.comparison.reason, small ? "a base under the least that is tested" : "");
    // Three tests are left, not six.
    const double p = small ? 1 : std::min(1.0, 3 * test.comparison.p);
    EXPECT_TRUE(near_rel(test.p_adjusted, p, 1e-14, "three in the family"));
  }
  EXPECT_THAT(letters(columns, rules, {0.05}), ElementsAre("B", "", "", ""));
}

TEST(SharesOfNought, AreNotInTheFamilyOfSpss) {
  std::vector<ColumnFigure> columns = four();
  columns[3] = share_of(0, 100);
  const TestRules rules{.convention = Convention::kSpss, .adjustment = PAdjustment::kBonferroni};
  const auto tests = compare_row(columns, pairs_of(kFour), none, rules);
  EXPECT_TRUE(near_rel(tests[0].p_adjusted, 3 * tests[0].comparison.p, 1e-14, "three of six"));
  EXPECT_NE(tests[2].comparison.reason, "");
}

TEST(Rest, IsComparedWithItsColumn) {
  // Columns 0, 1, each followed by its rest.
  const std::vector<ColumnFigure> columns = {share_of(60, 100), share_of(85, 200),
                                             share_of(40, 100), share_of(105, 200)};
  constexpr size_t kColumns[] = {0, 2};
  constexpr size_t kRests[] = {1, 3};
  const auto tests =
      compare_row(columns, pairs_with(kColumns, kRests), none, {.convention = Convention::kSpss});
  ASSERT_EQ(tests.size(), 2u);
  EXPECT_EQ(direction_of(tests[0], std::vector{0.01, 0.05}), 2);
  EXPECT_EQ(direction_of(tests[1], std::vector{0.01, 0.05}), -1);
  EXPECT_EQ(direction_of(tests[1], std::vector{0.01}), 0);
}

ColumnFigure mean_of(double n, double mean, double variance) {
  return {.value = mean,
          .share = false,
          .n = n,
          .weighted_base = n,
          .effective_base = n,
          .variance = variance};
}

// The variance over "all columns" would count the cases of each column again in the rests.
TEST(Rest, IsComparedByTheVarianceOfTheTwo) {
  const std::vector<ColumnFigure> columns = {mean_of(40, 5, 2), mean_of(100, 4, 3),
                                             mean_of(60, 6, 1), mean_of(80, 5, 4)};
  constexpr size_t kColumns[] = {0, 2};
  constexpr size_t kRests[] = {1, 3};
  const TestRules rules{.convention = Convention::kSpss};
  for (const PairComparison& test :
       compare_row(columns, pairs_with(kColumns, kRests), none, rules)) {
    const Comparison two =
        compare(Convention::kSpss, columns[test.pair.a], columns[test.pair.b], {});
    EXPECT_EQ(test.comparison.df, 138);
    EXPECT_EQ(test.comparison.statistic, two.statistic);
  }
  EXPECT_EQ(compare_row(columns, pairs_of(kFour), none, rules)[0].comparison.df, 276);
  EXPECT_EQ(compare_row(columns, steps_of(kFour), none, rules)[0].comparison.df, 276);
}

// As CTABLES does for multiple response: one pair with cases in both is enough.
TEST(Overlap, AnywhereInTheFamilyEndsPooling) {
  const std::vector<ColumnFigure> columns = {mean_of(40, 5, 2), mean_of(100, 4, 3),
                                             mean_of(60, 6, 1), mean_of(80, 5, 4)};
  const auto one = [](const ColumnPair& pair) {
    const bool both = pair == ColumnPair{2, 3};
    return Overlap{.n = both ? 9.0 : 0, .weighted_base = both ? 9.0 : 0};
  };
  const auto tests = compare_row(columns, pairs_of(kFour), one, {.convention = Convention::kSpss});
  EXPECT_EQ(tests[0].comparison.df, 138);
  EXPECT_EQ(tests[5].comparison.df, 138 - 9);
}

// A column against the rest and against the total it is part of are one test in the design's
// convention: a - t = (1 - s)(a - r), where s is the column's part of the total.
TEST(Total, GivesTheTestOfTheRest) {
  const double s = 0.3;
  const double va = 0.0021;
  const double vr = 0.0009;
  const double c = 0.0004;  // of column and rest
  const ColumnFigure column{.value = 0.6,
                            .n = 60,
                            .weighted_base = 60,
                            .effective_base = 60,
                            .se = std::sqrt(va),
                            .df = 40};
  ColumnFigure rest = column;
  rest.value = 0.5;
  rest.se = std::sqrt(vr);
  ColumnFigure total = column;
  total.value = s * 0.6 + (1 - s) * 0.5;
  total.se = std::sqrt(s * s * va + (1 - s) * (1 - s) * vr + 2 * s * (1 - s) * c);
  const std::vector<ColumnFigure> columns = {total, column, rest};
  constexpr size_t kColumn[] = {1};
  constexpr size_t kTotal[] = {0};
  constexpr size_t kRest[] = {2};
  const TestRules rules{.convention = Convention::kDesign};
  const auto with_total = compare_row(
      columns, pairs_with(kColumn, kTotal),
      [&](const ColumnPair&) { return Overlap{.n = 60, .covariance = s * va + (1 - s) * c}; },
      rules);
  const auto with_rest = compare_row(
      columns, pairs_with(kColumn, kRest),
      [&](const ColumnPair&) { return Overlap{.covariance = c}; }, rules);
  EXPECT_TRUE(near_rel(with_total[0].comparison.statistic, with_rest[0].comparison.statistic, 1e-12,
                       "the same test"));
  EXPECT_TRUE(near_rel(with_total[0].comparison.difference,
                       (1 - s) * with_rest[0].comparison.difference, 1e-12, "a part of it"));
}

TEST(Sequence, ComparesEachWithTheOneBefore) {
  constexpr size_t kWaves[] = {2, 0, 1};
  EXPECT_THAT(steps_of(kWaves), ElementsAre(ColumnPair{0, 2}, ColumnPair{1, 0}));
  constexpr size_t kOne[] = {2};
  EXPECT_THAT(steps_of(kOne), IsEmpty());
  EXPECT_THAT(pairs_of(kOne), IsEmpty());
}

TEST(Letters, LongerThanOneAreSetApart) {
  const Letters many{.above = {0, 27}, .above_second = {26}};
  std::vector<std::string> names;
  for (size_t i = 0; i < 30; ++i) names.push_back(column_letter(i));
  EXPECT_EQ(many.text(names), "A AB aa");
}

// Whatever the columns: a letter stands in one of two columns, the higher; none without a test; and
// more adjustment never adds one.
TEST(Letters, AgreeWithTheSlowRule) {
  std::mt19937 random(3);
  const std::vector<double> levels = {0.05, 0.2};
  for (int i = 0; i < 500; ++i) {
    std::vector<ColumnFigure> columns;
    for (int c = 0; c < 4; ++c) {
      const double base = static_cast<double>(random() % 200);
      columns.push_back(
          share_of(std::min(base, static_cast<double>(random() % 200)), std::max(base, 1.0)));
    }
    const TestRules rules{.convention = Convention::kSpss};
    const auto tests = compare_row(columns, pairs_of(kFour), none, rules);
    const auto out = letters_of(4, tests, levels);
    for (size_t a = 0; a < 4; ++a) {
      for (size_t b = 0; b < 4; ++b) {
        const bool big = columns[a].n >= 30 && columns[b].n >= 30;
        const bool open = columns[a].value > 0 && columns[a].value < 1 && columns[b].value > 0 &&
                          columns[b].value < 1;
        const double p = big && open ? compare(rules.convention, columns[a], columns[b], {}).p : 1;
        const bool higher = a != b && columns[a].value > columns[b].value;
        const auto& first = out[a].above;
        const auto& second = out[a].above_second;
        EXPECT_EQ(std::ranges::count(first, b), higher && p <= 0.05 ? 1 : 0);
        EXPECT_EQ(std::ranges::count(second, b), higher && p > 0.05 && p <= 0.2 ? 1 : 0);
      }
    }
  }
}

}  // namespace
}  // namespace barometer
