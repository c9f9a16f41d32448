#include "barometer/sql/limbs.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace barometer {
namespace {

double sum_of(const std::vector<double>& values, uint64_t cases) {
  double largest = 0;
  for (const double x : values) largest = std::max(largest, std::abs(x));
  const int shift = limb_shift(largest, cases);
  Limbs sums;
  for (const double x : values) {
    const Limbs one = limbs_of(x, shift);
    sums.high += one.high;
    sums.low += one.low;
  }
  return value_of_limbs(joined(sums), shift);
}

// Against addition in a long double, of values small enough for that to be exact or nearly so.
TEST(Limbs, SumsToTheLastBitButOne) {
  std::mt19937_64 random(1);
  std::lognormal_distribution<double> weight(0, 2);
  std::normal_distribution<double> number(0, 1e6);
  for (int round = 0; round < 20; ++round) {
    std::vector<double> values;
    long double sum = 0;
    long double size = 0;
    for (int i = 0; i < 20000; ++i) {
      values.push_back(round % 2 == 0 ? weight(random) : number(random));
      sum += values.back();
      size += std::abs(values.back());
    }
    const double found = sum_of(values, values.size());
    EXPECT_NEAR(found, static_cast<double>(sum), static_cast<double>(1e-15L * size));
    std::ranges::shuffle(values, random);
    EXPECT_EQ(sum_of(values, values.size()), found) << "whatever the order";
  }
}

TEST(Limbs, WholeNumbersAreExact) {
  EXPECT_EQ(sum_of({1, 2, 3}, 3), 6);
  EXPECT_EQ(sum_of({-1, -2, 3}, 3), 0);
  EXPECT_EQ(sum_of({0x1p52, 1, 1}, 3), 0x1p52 + 2);
  EXPECT_EQ(sum_of({0, 0}, 2), 0);
  EXPECT_EQ(sum_of({}, 0), 0);
}

TEST(Limbs, SmallAndLargeValues) {
  EXPECT_EQ(sum_of({1e300, 1e300}, 2), 2e300);
  EXPECT_EQ(sum_of({1e-250, 1e-250}, 2), 2e-250);
  EXPECT_EQ(sum_of({0.1}, 1'000'000'000), 0.1) << "a thousand million cases leave every bit";
}

// Weights from 1e-3 to 1e6: their squares go over 18 powers of ten, of both signs with a number.
TEST(Limbs, SmallProductsBesideLargeOnesKeepTheirDigits) {
  const double largest = 1e12;
  for (const uint64_t cases : {uint64_t{1000}, uint64_t{1'000'000}}) {
    const int shift = limb_shift(largest, cases);
    for (const double x : {1e-6, -1e-6, 3.7e-6, 1e-3, -0.1, 12345.678, 1e12, -1e12}) {
      const FineLimbs one = fine_limbs_of(x, shift);
      LongWhole sum = 0;
      for (int i = 0; i < 3; ++i) sum += joined(one);
      const double found = value_of_limbs(sum, fine_shift(shift)) / 3;
      EXPECT_NEAR(found, x, 1e-15 * std::abs(x) + static_cast<double>(cases) * largest * 0x1p-124)
          << x << " of " << cases << " cases";
    }
  }
}

// The largest sums there can be: each value at its limit, in as many cases as were announced.
TEST(Limbs, NeverPass63Bits) {
  for (const double largest : {1.0, 0.999, 1.0000001, 3.0, 1e-7, 12345.678, 1e200}) {
    for (const uint64_t cases : {uint64_t{1}, uint64_t{1000}, uint64_t{1} << 31U}) {
      for (const double x : {largest, -largest}) {
        const Limbs one = limbs_of(x, limb_shift(largest, cases));
        EXPECT_LE(std::abs(static_cast<double>(one.high)) * static_cast<double>(cases), 0x1p62);
        EXPECT_LE(static_cast<double>(one.low) * static_cast<double>(cases), 0x1p62);
        EXPECT_GE(one.low, 0);
        const FineLimbs fine = fine_limbs_of(x, limb_shift(largest, cases));
        for (const int64_t limb : {fine.high, fine.middle, fine.low}) {
          EXPECT_LE(std::abs(static_cast<double>(limb)) * static_cast<double>(cases), 0x1p62);
        }
      }
    }
  }
}

}  // namespace
}  // namespace barometer
