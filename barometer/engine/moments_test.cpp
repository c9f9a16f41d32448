#include "barometer/engine/moments.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace barometer {
namespace {

struct Sums {
  double w = 0, w2 = 0;
  std::vector<double> wv, wvv, w2v, w2vv;

  explicit Sums(size_t p) : wv(p), wvv(triangle_size(p)), w2v(p), w2vv(triangle_size(p)) {}
  void add(double weight, double square, const std::vector<double>& v) {
    w += weight;
    w2 += square;
    for (size_t j = 0; j < v.size(); ++j) {
      wv[j] += weight * v[j];
      w2v[j] += square * v[j];
      for (size_t k = 0; k <= j; ++k) {
        wvv[triangle_at(j, k)] += weight * v[j] * v[k];
        w2vv[triangle_at(j, k)] += square * v[j] * v[k];
      }
    }
  }
};

Sums random_group(std::mt19937_64& random, size_t n, size_t p) {
  std::lognormal_distribution<double> weight(0, 0.6);
  std::normal_distribution<double> number(3, 2);
  Sums sums(p);
  for (size_t i = 0; i < n; ++i) {
    const double w = weight(random);
    std::vector<double> v(p);
    for (size_t j = 0; j < p; ++j) v[j] = number(random) + (j > 0 ? v[j - 1] : 0);
    sums.add(w, w * w, v);
  }
  return sums;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& wanted,
                 double tolerance) {
  ASSERT_EQ(found.size(), wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_NEAR(found[i], wanted[i], tolerance * (1 + std::abs(wanted[i]))) << i;
  }
}

class Representatives : public testing::TestWithParam<std::pair<size_t, size_t>> {};

TEST_P(Representatives, HaveTheSumsOfTheGroup) {
  const auto [n, p] = GetParam();
  std::mt19937_64 random(n * 100 + p);
  const Sums group = random_group(random, n, p);
  for (const bool squares : {false, true}) {
    const auto found = representatives(
        {n, n, group.w, group.w2, group.wv, group.wvv,
         squares ? std::span<const double>(group.w2v) : std::span<const double>(),
         squares ? std::span<const double>(group.w2vv) : std::span<const double>()});
    EXPECT_LE(found.size(), 4 * p + 1);
    Sums again(p);
    uint64_t cases = 0;
    for (const Representative& one : found) {
      EXPECT_GE(one.w, 0);
      EXPECT_GE(one.w2, 0);
      again.add(one.w, one.w2, one.v);
      cases += one.n;
    }
    EXPECT_EQ(cases, n);
    EXPECT_NEAR(again.w, group.w, 1e-13 * group.w);
    EXPECT_NEAR(again.w2, group.w2, 1e-13 * group.w2);
    expect_near(again.wv, group.wv, 1e-12);
    expect_near(again.wvv, group.wvv, 1e-12);
    if (!squares) continue;
    expect_near(again.w2v, group.w2v, 1e-12);
    expect_near(again.w2vv, group.w2vv, 1e-12);
  }
}

INSTANTIATE_TEST_SUITE_P(Groups, Representatives,
                         testing::Values(std::pair<size_t, size_t>{1, 1}, std::pair{1, 3},
                                         std::pair{2, 1}, std::pair{2, 3}, std::pair{3, 2},
                                         std::pair{50, 1}, std::pair{50, 4}, std::pair{1000, 8}));

TEST(Moments, ASmallNumberBesideALargeOneKeepsItsSpread) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  Sums group(2);
  for (int i = 0; i < 100; ++i) {
    const double w = 1 + std::abs(normal(random));
    group.add(w, w * w, {1e8 * normal(random), 0.01 * normal(random)});
  }
  for (const bool squares : {false, true}) {
    Sums again(2);
    for (const Representative& one : representatives(
             {100, 100, group.w, group.w2, group.wv, group.wvv,
              squares ? std::span<const double>(group.w2v) : std::span<const double>(),
              squares ? std::span<const double>(group.w2vv) : std::span<const double>()})) {
      again.add(one.w, one.w2, one.v);
    }
    for (size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(again.wvv[k], group.wvv[k], 1e-9 * std::abs(group.wvv[k])) << k;
      if (!squares) continue;
      EXPECT_NEAR(again.w2vv[k], group.w2vv[k], 1e-9 * std::abs(group.w2vv[k])) << k;
    }
  }
}

TEST(Moments, WithoutWeightOneCaseStandsAtTheCentre) {
  const std::vector<double> zero(2, 0.0);
  const std::vector<double> zeros(3, 0.0);
  const auto found = representatives({7, 0, 0, 0, zero, zeros, zero, zeros});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].n, 7U);
  EXPECT_EQ(found[0].live, 0U);
  EXPECT_EQ(found[0].w, 0);
  EXPECT_EQ(found[0].v, zero);
}

}  // namespace
}  // namespace barometer
