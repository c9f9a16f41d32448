#include "barometer/estimate/hypergeometric.h"

#include <cmath>

#include <gmock/gmock.h>

#include "tests/support/near.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;
using testing::near_rel;

struct Vector {
  int64_t population, n, k, lower, upper;
};

// Requirements D4: exact 95 % intervals of leaders' surveys.
TEST(Hypergeometric, IntervalsOfSurveysOfClinicalCommissioningGroups) {
  for (const Vector& v : {Vector{211, 101, 97, 194, 207}, Vector{211, 101, 51, 91, 122},
                          Vector{211, 93, 29, 51, 82}, Vector{209, 99, 49, 88, 119}}) {
    EXPECT_EQ(*hypergeometric_interval(v.population, v.n, v.k, 0.95),
              (CountInterval{v.lower, v.upper}))
        << v.k << " of " << v.n << " of " << v.population;
  }
}

// Requirements D5: 46.0 to 98.1 % and 24.2 to 76.3 %.
TEST(NoAssumption, RangeHoldsAllThatDidNotAnswer) {
  EXPECT_EQ(*no_assumption_range(211, 101, 97), (CountInterval{97, 207}));
  EXPECT_EQ(*no_assumption_range(211, 101, 51), (CountInterval{51, 161}));
}

double choose(int64_t n, int64_t k) {
  double product = 1;
  for (int64_t i = 1; i <= k; ++i)
    product *= static_cast<double>(n - k + i) / static_cast<double>(i);
  return product;
}

TEST(Hypergeometric, TailIsTheSumOfProductsOfBinomials) {
  for (const int64_t having : {0, 1, 7, 20, 33, 40}) {
    for (int64_t k = 0; k <= 15; ++k) {
      double sum = 0;
      for (int64_t x = 0; x <= k; ++x) {
        if (x > having || 15 - x > 40 - having) continue;
        sum += choose(having, x) * choose(40 - having, 15 - x) / choose(40, 15);
      }
      EXPECT_TRUE(near_rel(hypergeometric_at_most(k, 40, 15, having), sum, 1e-12, "two roads"))
          << k << " " << having;
    }
  }
}

// By enumeration: an interval holds a K just when neither tail is at most α/2.
TEST(Hypergeometric, IntervalHoldsJustWhatNeitherTailRejects) {
  for (const int64_t n : {1, 5, 11, 23}) {
    for (int64_t k = 0; k <= n; ++k) {
      const CountInterval interval = *hypergeometric_interval(23, n, k, 0.9);
      for (int64_t having = 0; having <= 23; ++having) {
        const bool kept = hypergeometric_at_most(k, 23, n, having) > 0.05 &&
                          1 - hypergeometric_at_most(k - 1, 23, n, having) > 0.05;
        EXPECT_EQ(interval.lower <= having && having <= interval.upper, kept)
            << n << " " << k << " " << having;
      }
    }
  }
}

TEST(Hypergeometric, CensusKnowsTheCount) {
  EXPECT_EQ(*hypergeometric_interval(211, 211, 97, 0.95), (CountInterval{97, 97}));
}

TEST(Hypergeometric, MirrorsWhenYesBecomesNo) {
  for (int64_t k = 0; k <= 93; k += 7) {
    const CountInterval yes = *hypergeometric_interval(211, 93, k, 0.95);
    const CountInterval no = *hypergeometric_interval(211, 93, 93 - k, 0.95);
    EXPECT_EQ(no, (CountInterval{211 - yes.upper, 211 - yes.lower})) << k;
  }
}

TEST(Hypergeometric, LargePopulationsStayFinite) {
  const CountInterval interval = *hypergeometric_interval(50'000'000, 2'000, 1'000, 0.95);
  EXPECT_NEAR(static_cast<double>(interval.lower) / 5e7, 0.5 - 0.0222, 5e-4);
  EXPECT_NEAR(static_cast<double>(interval.upper) / 5e7, 0.5 + 0.0222, 5e-4);
}

TEST(Hypergeometric, ImpossibleCountsAreRefusedWithTheirValues) {
  EXPECT_THAT(hypergeometric_interval(211, 101, 102, 0.95).error().message,
              HasSubstr("102 of 101 answers in a population of 211"));
  EXPECT_THAT(hypergeometric_interval(99, 101, 3, 0.95).error().message, HasSubstr("of 99"));
  EXPECT_THAT(hypergeometric_interval(211, 101, -1, 0.95).error().message, HasSubstr("-1 of 101"));
  EXPECT_THAT(hypergeometric_interval(211, 0, 0, 0.95).error().message, HasSubstr("at least one"));
  EXPECT_THAT(hypergeometric_interval(211, 101, 3, 95).error().message, HasSubstr("level 95"));
  EXPECT_THAT(hypergeometric_interval(211, 101, 3, 0).error().message, HasSubstr("level 0"));
  EXPECT_THAT(no_assumption_range(10, 11, 3).error().message, HasSubstr("3 of 11"));
}

}  // namespace
}  // namespace barometer
