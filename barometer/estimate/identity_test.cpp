// Identities on a stratified cluster sample: what must not change an estimate does not.
#include <algorithm>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "barometer/estimate/items_test_internal.h"
#include "tests/support/engines.h"
#include "tests/support/near.h"

namespace barometer {
namespace {

using testing::near_rel;

class Identity : public testing::OnEveryEngine {};
INSTANTIATE_TEST_SUITE_P(Engines, Identity, ::testing::ValuesIn(testing::engine_makers()),
                         Identity::label);

struct Random {
  std::mt19937 engine{20130401};
  int below(int limit) { return static_cast<int>(engine() % static_cast<unsigned>(limit)); }
};

struct RandomSample {
  DesignSpec spec;
  std::vector<int> answers;
  std::vector<double> x;
  std::vector<uint8_t> mask;

  [[nodiscard]] std::shared_ptr<const Dataset> data() const {
    std::vector<int> inside;
    for (const uint8_t byte : mask) inside.push_back(byte != 0 ? 1 : 2);
    return dataset({{single("q"), make_codes(answers)},
                    {number("x"), numbers(x)},
                    {single("inside"), make_codes(inside)}});
  }
  [[nodiscard]] ItemEstimates of(const testing::EngineMaker& maker, const std::string& id) const {
    const auto from = Estimator::make(maker.make(data(), spec), {});
    return item(*from, id, Unit::kRespondent, where("inside = 1"));
  }
};

RandomSample sample() {
  Random random;
  RandomSample s;
  s.spec = simple(240);
  s.spec.ids.resize(1);
  s.spec.strata.resize(1);
  for (int i = 0; i < 240; ++i) {
    const int unit = random.below(30);
    s.spec.ids[0].push_back(unit);
    s.spec.strata[0].push_back(unit % 4);
    s.spec.weights.push_back(0.5 + random.below(8));
    s.answers.push_back(random.below(8) == 0 ? kBlank : 1 + random.below(2));
    s.x.push_back(50 + random.below(100) / 7.0);
    s.mask.push_back(random.below(3) > 0 ? 1 : 0);
  }
  return s;
}

void expect_same(const testing::EngineMaker& maker, const RandomSample& a, const RandomSample& b,
                 double tolerance, const char* why) {
  for (const std::string& id : {std::string("q"), std::string("x")}) {
    const ItemEstimates one = a.of(maker, id);
    const ItemEstimates other = b.of(maker, id);
    const Estimate& left = one.mean ? *one.mean : one.options[0];
    const Estimate& right = other.mean ? *other.mean : other.options[0];
    EXPECT_TRUE(near_rel(*left.value, *right.value, tolerance, why));
    EXPECT_TRUE(near_rel(*left.se, *right.se, tolerance, why));
    EXPECT_TRUE(near_rel(left.interval->upper, right.interval->upper, tolerance, why));
    EXPECT_TRUE(near_rel(left.effective_base, right.effective_base, tolerance, why));
    EXPECT_EQ(left.df, right.df);
    EXPECT_EQ(left.n, right.n);
  }
}

TEST_P(Identity, WeightsInAnotherUnit) {
  RandomSample scaled = sample();
  for (double& w : scaled.spec.weights) w *= 1234.5;
  expect_same(GetParam(), sample(), scaled, 1e-11, "weights times a constant");
}

TEST_P(Identity, CasesInAnotherOrder) {
  RandomSample shuffled = sample();
  std::vector<size_t> order(240);
  std::iota(order.begin(), order.end(), size_t{0});
  std::shuffle(order.begin(), order.end(), std::mt19937(3));
  const RandomSample original = sample();
  for (size_t i = 0; i < 240; ++i) {
    shuffled.spec.ids[0][i] = original.spec.ids[0][order[i]];
    shuffled.spec.strata[0][i] = original.spec.strata[0][order[i]];
    shuffled.spec.weights[i] = original.spec.weights[order[i]];
    shuffled.answers[i] = original.answers[order[i]];
    shuffled.x[i] = original.x[order[i]];
    shuffled.mask[i] = original.mask[order[i]];
  }
  expect_same(GetParam(), original, shuffled, 1e-12, "order of the cases");
}

TEST_P(Identity, StrataAndUnitsUnderOtherNames) {
  RandomSample renamed = sample();
  for (int32_t& stratum : renamed.spec.strata[0]) stratum = 900 - 7 * stratum;
  for (int32_t& unit : renamed.spec.ids[0]) unit = 1'000'000'000 - 31 * unit;
  expect_same(GetParam(), sample(), renamed, 1e-12, "names");
}

TEST_P(Identity, EachCaseItsOwnUnitIsASampleOfElements) {
  RandomSample named = sample();
  std::iota(named.spec.ids[0].begin(), named.spec.ids[0].end(), 17);
  RandomSample elements = sample();
  elements.spec.ids.clear();
  expect_same(GetParam(), named, elements, 1e-12, "the shortcut");
}

// Two people in each unit, twins in everything: the same as one person of twice the weight.
TEST_P(Identity, TwinsAreOneCaseOfTwiceTheWeight) {
  RandomSample once = sample();
  std::iota(once.spec.ids[0].begin(), once.spec.ids[0].end(), 0);
  RandomSample twice = once;
  const auto again = [](auto& list) {
    const auto copy = list;
    list.insert(list.end(), copy.begin(), copy.end());
  };
  twice.spec.case_count = 480;
  again(twice.spec.ids[0]);
  again(twice.spec.strata[0]);
  again(twice.spec.weights);
  again(twice.answers);
  again(twice.x);
  again(twice.mask);
  for (double& w : once.spec.weights) w *= 2;
  const Estimate one = *once.of(GetParam(), "x").mean;
  const Estimate two = *twice.of(GetParam(), "x").mean;
  EXPECT_EQ(two.n, 2 * one.n);
  EXPECT_TRUE(near_rel(*one.value, *two.value, 1e-12, "elements against clusters"));
  EXPECT_TRUE(near_rel(*one.se, *two.se, 1e-11, "elements against clusters"));
  EXPECT_EQ(one.df, two.df);
}

// The mean of a domain is the ratio of two totals, which are 0 outside it.
TEST_P(Identity, DomainMeanIsARatioOfTotals) {
  const RandomSample s = sample();
  double above = 0, below = 0;
  for (size_t i = 0; i < 240; ++i) {
    if (s.mask[i] == 0) continue;
    above += s.spec.weights[i] * s.x[i];
    below += s.spec.weights[i];
  }
  const double ratio = above / below;
  RandomSample residuals = s;
  for (size_t i = 0; i < 240; ++i) {
    residuals.x[i] = s.mask[i] == 0 ? 0 : (s.x[i] - ratio) / below;
  }
  const auto data = dataset({{number("x"), numbers(residuals.x)}});
  const std::vector<std::string> ids{"x"};
  const auto total = Estimator::make(GetParam().make(data, residuals.spec), {})
                         ->totals(ids, {}, Progress())
                         ->front()
                         .mean;
  const Estimate mean = *s.of(GetParam(), "x").mean;
  EXPECT_TRUE(near_rel(*mean.value, ratio, 1e-12, "ratio"));
  EXPECT_TRUE(near_rel(*mean.se, *total->se, 1e-11, "variance of the residuals' total"));
}

TEST_P(Identity, SharesSumToOneAndTheirNetHasNoError) {
  const ItemEstimates q = sample().of(GetParam(), "q");
  EXPECT_TRUE(near_rel(*q.options[0].value + *q.options[1].value, 1, 1e-12, "a partition"));
  EXPECT_TRUE(near_rel(*q.options[0].se, *q.options[1].se, 1e-12, "p and 1 - p"));
  EXPECT_EQ(*q.nets[0].value, 1);
  EXPECT_NEAR(*q.nets[0].se, 0, 1e-15);
}

}  // namespace
}  // namespace barometer
