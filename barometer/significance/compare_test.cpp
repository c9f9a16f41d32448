// The four conventions against printed numbers, R, identities, and sums done slowly.
#include "barometer/significance/compare.h"

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/near.h"

namespace barometer {
namespace {

using testing::near_rel;

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr double kR = 1e-12;  // R prints 15 digits

// Three columns; as in the R code of docs/significance.md.
struct Cases {
  std::vector<char> group;
  std::vector<double> y, w;
};
Cases cases() {
  Cases out;
  out.group.assign(9, 'A');
  out.group.insert(out.group.end(), 8, 'B');
  out.group.insert(out.group.end(), 7, 'C');
  out.y = {7, 5, 8, 6, 9, 4, 7, 8, 6, 5, 3, 6, 4, 7, 2, 5, 4, 8, 9, 6, 7, 9, 5, 8};
  out.w = {1, 2, .5, 1.5, 1, 3, 1, .5, 2, 1, 1, 2, .5, 1.5, 1, 2.5, 1, 1, .5, 2, 1, 1, 1.5, 2};
  return out;
}

// Of a group, or of all with '*'. Shares are of the answers 7 and over.
ColumnFigure figure(char group, bool share, bool weighted) {
  const Cases all = cases();
  ColumnSums sums;
  for (size_t i = 0; i < all.y.size(); ++i) {
    if (group != '*' && all.group[i] != group) continue;
    const double w = weighted ? all.w[i] : 1;
    const double y = share ? (all.y[i] >= 7 ? 1 : 0) : all.y[i];
    sums += {1, w, w * w, w * y, w * y * y, w * w * y, w * w * y * y};
  }
  return figure_of(sums, share);
}

ColumnFigure share_of(double answers, double base) {
  return figure_of({base, base, base, answers, answers, answers, answers}, true);
}

Overlap overlap_of(const ColumnFigure& part) {
  return {.n = part.n, .weighted_base = part.weighted_base, .effective_base = part.effective_base};
}

void expect(const Comparison& test, double statistic, double df, double p, const char* source) {
  ASSERT_EQ(test.reason, "") << source;
  EXPECT_TRUE(near_rel(test.statistic, statistic, kR, source));
  EXPECT_TRUE(near_rel(test.df, df, kR, source));
  EXPECT_TRUE(near_rel(test.p, p, 1e-10, source));
  EXPECT_TRUE(near_rel(test.se, test.difference / test.statistic, kR, "t is d / SE"));
}

// UNICOM Quantum 6, User Guide, "Checking how Quantum calculated your statistics": the file
// tstat.dmp of the row "Brand A" has SUM(W) 125 and 312, SUM(WX) 16 and 128, P1 0.128000,
// P2 0.410256, S.E. 0.049813, D.O.F. 436, TVAL 5.666362, PVAL 0.000000.
TEST(Quantum, GivesTheNumbersOfItsManual) {
  const Comparison test = compare(Convention::kQuantum, share_of(128, 312), share_of(16, 125), {});
  ASSERT_EQ(test.reason, "");
  EXPECT_NEAR(test.se, 0.049813, 5e-7);
  EXPECT_EQ(test.df, 436);
  EXPECT_NEAR(test.statistic, 5.666362, 5e-7);
  EXPECT_LT(test.p, 5e-7);
}

// The formula written out in R 4.2.2, on unequal weights.
TEST(Quantum, UsesEffectiveBases) {
  const auto test = [](bool share, char a, char b, const Overlap& overlap) {
    return compare(Convention::kQuantum, figure(a, share, true), figure(b, share, true), overlap);
  };
  expect(test(true, 'A', 'B', {}), 0.732506396952396, 12.4502214203707, 0.477423975666594, "R");
  expect(test(false, 'A', 'B', {}), 1.2050673454995, 12.4502214203707, 0.250583519786139, "R");
  const Overlap part = overlap_of(figure('A', true, true));
  expect(test(true, 'A', '*', part), -0.160847344028165, 18.3207547169811, 0.873973997394333, "R");
  expect(test(false, 'A', '*', part), 0.0260666572196793, 18.3207547169811, 0.979486006762925, "R");
}

// A part against its whole: 1/e1 + 1/e - 2 e1/(e1 e) is 1/e1 - 1/e.
TEST(Quantum, OverlapOfAPartLeavesTheDifferenceOfTheBases) {
  const ColumnFigure part = figure('A', true, false);
  const ColumnFigure whole = figure('*', true, false);
  const Comparison test = compare(Convention::kQuantum, part, whole, overlap_of(part));
  const double p = (9 * part.value + 24 * whole.value) / 33;
  const double variance = p * (1 - p) * (1.0 / 9 - 1.0 / 24) * 33 / 32;
  EXPECT_TRUE(near_rel(test.se * test.se, variance, kR, "by hand"));
  EXPECT_TRUE(near_rel(test.df, 23, kR, "9 + 24 - 9 - 1"));
}

TEST(Quantum, DoesNotTestEqualColumns) {
  const ColumnFigure column = figure('A', true, true);
  EXPECT_EQ(compare(Convention::kQuantum, column, column, {}).reason, "the same value");
}

// R 4.2.2: sqrt of prop.test(c(128, 16), c(312, 125), correct = FALSE)$statistic.
TEST(Spss, SharesAreThePooledZ) {
  const Comparison test = compare(Convention::kSpss, share_of(128, 312), share_of(16, 125), {});
  expect(test, 5.67285626232, kInfinite, 1.40436059145502e-08, "R prop.test");
}

// Weights count cases: doubled weights are doubled cases, which is what is wrong with it.
TEST(Spss, TakesWeightsForCases) {
  const Comparison once = compare(Convention::kSpss, share_of(30, 80), share_of(20, 90), {});
  const Comparison twice = compare(Convention::kSpss, share_of(60, 160), share_of(40, 180), {});
  EXPECT_TRUE(near_rel(twice.statistic, std::sqrt(2) * once.statistic, kR, "z grows with √n"));
}

TEST(Spss, DoesNotTestSharesOfNoughtAndOne) {
  for (const double answers : {0.0, 50.0}) {
    const Comparison test = compare(Convention::kSpss, share_of(answers, 50), share_of(20, 50), {});
    EXPECT_EQ(test.reason, "a share of 0 or 1 is not tested");
    EXPECT_EQ(test.statistic, 0);
    EXPECT_EQ(test.p, 1);
  }
}

// R 4.2.2: contrasts of lm(y ~ 0 + g), whose residual variance is that of all three columns.
TEST(Spss, MeansPoolTheVarianceOfAllColumns) {
  const std::vector<ColumnFigure> all = {figure('A', false, false), figure('B', false, false),
                                         figure('C', false, false)};
  const auto pooled = pooled_variance(all);
  const auto test = [&](size_t a, size_t b) {
    return compare(Convention::kSpss, all[a], all[b], {}, pooled);
  };
  expect(test(0, 1), 2.84143857151111, 21, 0.00977571588194198, "R lm");
  expect(test(0, 2), -0.963419324894467, 21, 0.346300850918521, "R lm");
  expect(test(1, 2), -3.6058577266375, 21, 0.00166036535776217, "R lm");
}

// R 4.2.2: t.test(a, b, var.equal = TRUE).
TEST(Spss, MeansPoolTheVarianceOfTheTwoTestedWhenToldSo) {
  expect(compare(Convention::kSpss, figure('A', false, false), figure('B', false, false), {}),
         2.801481253484, 15, 0.0134195596393403, "R t.test");
}

TEST(Spss, MeansThatOverlapNeverUseTheOtherColumns) {
  const ColumnFigure part = figure('A', false, false);
  const ColumnFigure whole = figure('*', false, false);
  const PooledVariance other{.variance = 1000, .df = 1000};
  const Comparison test = compare(Convention::kSpss, part, whole, overlap_of(part), other);
  EXPECT_EQ(test.df, 9 + 24 - 9 - 2);
  EXPECT_LT(test.se, 2);
}

// R 4.2.2: chisq.test(table(g, x), correct = FALSE), of columns A and B.
TEST(Q, SharesWithoutWeightsArePearsonsChiSquare) {
  expect(compare(Convention::kQ, figure('A', true, false), figure('B', true, false), {}),
         std::sqrt(3.43792087542088), kInfinite, 0.0637158266052212, "R chisq.test");
}

// R survey 4.1.1: svychisq(~g + x, svydesign(ids = ~1, weights = ~w), statistic = "F").
TEST(Q, SharesWithWeightsAreTheRaoScottTest) {
  const auto test = [](char a, char b) {
    return compare(Convention::kQ, figure(a, true, true), figure(b, true, true), {});
  };
  expect(test('A', 'B'), std::sqrt(0.637538292529216), 16, 0.436295715987187, "R svychisq");
  expect(test('A', 'C'), -std::sqrt(1.13990047290503), 15, 0.302555825535039, "R svychisq");
  expect(test('B', 'C'), -std::sqrt(2.7824611594702), 14, 0.117504065830964, "R svychisq");
}

// Weights that are all alike are none; those that differ between columns alone still are weights.
TEST(Q, SeesWeightsThatDifferBetweenColumnsOnly) {
  const ColumnFigure a = share_of(30, 80);
  const ColumnFigure heavy = figure_of({90, 180, 360, 40, 40, 80, 80}, true);
  EXPECT_EQ(compare(Convention::kQ, a, share_of(20, 90), {}).df, kInfinite);
  EXPECT_EQ(compare(Convention::kQ, a, heavy, {}).df, 169);
}

// R 4.2.2: t.test(a, b); weighted: svymean of each column alone, and Welch's df.
TEST(Q, MeansAreWelchsTest) {
  expect(compare(Convention::kQ, figure('A', false, false), figure('B', false, false), {}),
         2.79900644623994, 14.7123565469881, 0.0136827194070173, "R t.test");
  expect(compare(Convention::kQ, figure('A', false, true), figure('B', false, true), {}),
         1.31137145727749, 14.9731780891025, 0.209486437725381, "R survey");
}

TEST(Q, DoesNotTestWhatItsManualsDoNotExplain) {
  const ColumnFigure part = figure('A', true, true);
  EXPECT_NE(compare(Convention::kQ, part, figure('*', true, true), overlap_of(part)).reason, "");
  EXPECT_EQ(compare(Convention::kQ, share_of(0, 50), share_of(0, 60), {}).reason,
            "both shares are 0, or both 1");
}

// R survey 4.1.1, apiclus1 (15 districts): svycontrast(svyby(~api00, ~stype, covmat = TRUE),
// c(1, 0, -1)); and, another road there, the coefficient of svyglm(api00 ~ I(stype == "E")).
TEST(Design, IsTheContrastOfTwoDomains) {
  const ColumnFigure elementary{.value = 648.868055555556,
                                .share = false,
                                .n = 144,
                                .weighted_base = 144,
                                .effective_base = 144,
                                .se = std::sqrt(500.077331534932),
                                .df = 14};
  ColumnFigure middle = elementary;
  middle.value = 631.44;
  middle.n = middle.weighted_base = middle.effective_base = 25;
  middle.se = std::sqrt(999.158291952444);
  const Overlap clusters{.covariance = 646.837432379581};
  const Comparison test = compare(Convention::kDesign, elementary, middle, clusters);
  EXPECT_TRUE(near_rel(test.se, 14.3373902342168, 1e-11, "R svycontrast"));
  EXPECT_TRUE(near_rel(test.statistic, 1.21556679917679, 1e-11, "R svycontrast, svyglm"));
  EXPECT_TRUE(near_rel(test.p, 0.244251162379977, 1e-10, "R pt with degf"));
  // Without the covariance of columns that share districts, the SE is three times as long.
  const Comparison apart = compare(Convention::kDesign, elementary, middle, {});
  EXPECT_GT(apart.se, 2.6 * test.se);
}

TEST(Design, HasNoTestWithoutVariance) {
  const ColumnFigure column{
      .value = 0.5, .n = 9, .weighted_base = 9, .effective_base = 9, .se = 0.1, .df = 8};
  const Overlap same{.n = 9, .covariance = 0.01};
  EXPECT_EQ(compare(Convention::kDesign, column, column, same).reason, "no variance");
}

// ---- all conventions ----

constexpr Convention kAll[] = {Convention::kDesign, Convention::kSpss, Convention::kQuantum,
                               Convention::kQ};

TEST(EveryConvention, SaysWhyItDoesNotTestAnEmptyColumn) {
  for (const Convention convention : kAll) {
    const Comparison test = compare(convention, figure_of({}, true), share_of(5, 10), {});
    EXPECT_EQ(test.reason, "an empty column") << name_of(convention);
  }
}

ColumnFigure random_figure(std::mt19937& random, bool share) {
  ColumnSums sums;
  for (size_t i = 0, n = random() % 40; i < n; ++i) {
    const double w = static_cast<double>(random() % 4) / 2;
    const double y = share ? static_cast<double>(random() % 2) : static_cast<double>(random() % 9);
    sums += {1, w, w * w, w * y, w * y * y, w * w * y, w * w * y * y};
  }
  ColumnFigure out = figure_of(sums, share);
  out.se = static_cast<double>(random() % 5) / 10;
  out.df = static_cast<double>(random() % 3 + 1);
  return out;
}

TEST(EveryConvention, IsAntisymmetricAndFiniteOnAnyColumns) {
  std::mt19937 random(11);
  for (int i = 0; i < 4000; ++i) {
    const bool share = random() % 2 == 0;
    const ColumnFigure a = random_figure(random, share);
    const ColumnFigure b = random_figure(random, share);
    for (const Convention convention : kAll) {
      const Comparison there = compare(convention, a, b, {});
      const Comparison back = compare(convention, b, a, {});
      EXPECT_EQ(there.reason, back.reason);
      ASSERT_TRUE(std::isfinite(there.statistic) && there.p >= 0 && there.p <= 1)
          << name_of(convention);
      EXPECT_TRUE(near_rel(there.statistic, -back.statistic, 1e-9, "the other way round"));
      EXPECT_TRUE(near_rel(there.p, back.p, 1e-9, "two-sided"));
      EXPECT_TRUE(there.reason.empty() || (there.p == 1 && there.statistic == 0));
    }
  }
}

// Without weights, and but for its (e1 + e2)/(e1 + e2 - 1), Quantum's t of shares is SPSS's z, and
// Q's X² is its square.
TEST(EveryConvention, ButTheDesignIsOneZWithoutWeights) {
  const ColumnFigure a = share_of(33, 76);
  const ColumnFigure b = share_of(30, 103);
  const double z = compare(Convention::kSpss, a, b, {}).statistic;
  EXPECT_NEAR(z, 1.979, 5e-4);  // the textbook number of 33/76 against 30/103
  EXPECT_TRUE(near_rel(compare(Convention::kQuantum, a, b, {}).statistic,
                       z / std::sqrt(179.0 / 178), kR, "the factor of Quantum"));
  EXPECT_TRUE(near_rel(compare(Convention::kQ, a, b, {}).statistic, z, kR, "X² = z²"));
}

TEST(EveryConvention, ButSpssIgnoresTheUnitOfWeights) {
  for (const bool share : {true, false}) {
    for (const Convention convention : {Convention::kQuantum, Convention::kQ}) {
      const auto scaled = [&](char group) {
        ColumnFigure column = figure(group, share, true);
        column.weighted_base *= 1000;
        column.wwy *= 1e6;
        column.wwyy *= 1e6;
        return column;
      };
      const Comparison test =
          compare(convention, figure('A', share, true), figure('B', share, true), {});
      const Comparison heavy = compare(convention, scaled('A'), scaled('B'), {});
      EXPECT_TRUE(near_rel(test.statistic, heavy.statistic, kR, "weights × 1000"));
      EXPECT_TRUE(near_rel(test.df, heavy.df, kR, "weights × 1000"));
    }
  }
}

TEST(Conventions, AreNamed) {
  for (const Convention convention : kAll) {
    EXPECT_EQ(parse_convention(name_of(convention)).value(), convention);
  }
  EXPECT_EQ(parse_convention("spps").error().message,
            "'spps' is no convention of tests; did you mean 'spss'?");
}

}  // namespace
}  // namespace barometer
