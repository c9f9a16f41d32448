// Buckets against the full sort, which is the slow road.
#include "barometer/estimand/weighted_steps_internal.h"

#include <random>

#include <gtest/gtest.h>

namespace barometer {
namespace {

struct Values {
  std::vector<double> y, weights;
  std::vector<uint8_t> domain;
};

Values random_values(uint64_t seed, size_t n, int shape) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> wide(0, 3);
  Values made;
  for (size_t i = 0; i < n; ++i) {
    const double signed_value = (random() % 3 == 0 ? -1 : 1) * wide(random);
    made.y.push_back(shape == 0   ? signed_value
                     : shape == 1 ? static_cast<double>(random() % 7)
                                  : std::round(100 * signed_value) / 100);
    const double w = shape == 1 ? 44.21 : wide(random);
    made.weights.push_back(random() % 9 == 0 ? 0 : w);
    made.domain.push_back(random() % 5 == 0 ? 0 : 1);
  }
  return made;
}

TEST(WeightedSteps, EqualTheSortedValues) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const Values v =
        random_values(seed, seed % 4 == 0 ? 1 + seed / 4 : 1000 + seed, static_cast<int>(seed % 3));
    for (const Domain domain : {Domain(), Domain(v.domain)}) {
      const WeightedValues sorted(v.y, v.weights, domain);
      WeightedSteps steps(v.y, v.weights, domain);
      ASSERT_EQ(steps.empty(), sorted.empty());
      if (sorted.empty()) continue;
      EXPECT_EQ(steps.largest(), sorted.sorted().back());
      if (sorted.sorted().size() < 2) continue;
      for (const auto rule :
           {QuantileRule::kMath, QuantileRule::kSchool, QuantileRule::kHf1, QuantileRule::kHf2}) {
        for (int k = 0; k <= 40; ++k) {
          const double p = k / 40.0;
          EXPECT_EQ(steps.quantile(p, rule), sorted.quantile(p, rule))
              << "seed " << seed << ", p " << p << ", rule " << name_of(rule);
        }
      }
    }
  }
}

// Half of an even number of equal weights is a step itself.
TEST(WeightedSteps, FindTies) {
  std::vector<double> y(100'000), weights(100'000, 1 / (1 / 44.21));
  for (size_t i = 0; i < y.size(); ++i) y[i] = static_cast<double>((i * 7919) % y.size());
  WeightedSteps steps(y, weights, {});
  EXPECT_EQ(steps.quantile(0.5, QuantileRule::kMath), 49'999);
  EXPECT_EQ(steps.quantile(0.5, QuantileRule::kSchool), 49'999.5);
  EXPECT_EQ(steps.quantile(1, QuantileRule::kMath), 99'999);
}

}  // namespace
}  // namespace barometer
