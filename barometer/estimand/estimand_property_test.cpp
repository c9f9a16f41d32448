// What must hold of any sample: generated ones, and the public ones turned about.
#include <algorithm>
#include <numeric>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "barometer/estimand/contrast.h"
#include "barometer/estimand/deff.h"
#include "barometer/estimand/domains.h"
#include "barometer/estimand/proportion_interval.h"
#include "barometer/estimand/quantile.h"
#include "barometer/estimand/reference_test_internal.h"
#include "barometer/estimand/spread.h"

namespace barometer {
namespace {

using testing::near_rel;

// A stratified cluster sample with two measures and an event.
struct Small {
  DesignSpec spec;
  std::vector<double> x, y, event;

  [[nodiscard]] Sample sample() const { return Sample::of(Design::make(spec).value()); }
  [[nodiscard]] Matrix both() const {
    Matrix columns(static_cast<Eigen::Index>(x.size()), 2);
    for (size_t i = 0; i < x.size(); ++i) {
      columns.row(static_cast<Eigen::Index>(i)) << x[i], y[i];
    }
    return columns;
  }
};

Small drawn() {
  const int strata = *rc::gen::inRange(1, 4);
  Small small;
  small.spec.ids.resize(1);
  small.spec.strata.resize(1);
  int unit = 0;
  for (int h = 0; h < strata; ++h) {
    for (int u = 0, units = *rc::gen::inRange(2, 5); u < units; ++u, ++unit) {
      for (int i = 0, cases = *rc::gen::inRange(1, 5); i < cases; ++i) {
        small.spec.ids[0].push_back(unit);
        small.spec.strata[0].push_back(h);
        small.spec.weights.push_back(*rc::gen::inRange(1, 9));
        small.x.push_back(*rc::gen::inRange(-20, 20));
        small.y.push_back(*rc::gen::inRange(1, 50));
        small.event.push_back(*rc::gen::inRange(0, 2));
      }
    }
  }
  small.spec.case_count = small.x.size();
  return small;
}

template <class T>
std::vector<T> picked(const std::vector<T>& values, const std::vector<size_t>& places) {
  std::vector<T> result;
  for (const size_t place : places) result.push_back(values[place]);
  return result;
}

Small rearranged(const Small& small, const std::vector<size_t>& places) {
  Small result;
  result.spec = small.spec;
  result.spec.case_count = places.size();
  result.spec.ids = {picked(small.spec.ids[0], places)};
  result.spec.strata = {picked(small.spec.strata[0], places)};
  result.spec.weights = picked(small.spec.weights, places);
  result.x = picked(small.x, places);
  result.y = picked(small.y, places);
  result.event = picked(small.event, places);
  return result;
}

// Everything that is estimated, one number after another.
std::vector<double> everything(const Small& small, bool with_cases) {
  const Sample sample = small.sample();
  std::vector<double> numbers;
  const auto add = [&](const FunctionalPtr& functional) {
    const auto estimated = estimate(sample, *functional, Progress());
    RC_ASSERT(estimated.has_value());
    for (Eigen::Index j = 0; j < estimated->value.size(); ++j) {
      numbers.push_back(estimated->value(j));
      numbers.push_back(estimated->se(j));
    }
  };
  add(mean_of(small.both(), {}));
  if (with_cases) add(covariances_of(small.both(), {}, spread_cases(sample, {})));
  const std::vector<double> probs{0.5, 0.75};
  for (const QuantileRule rule : {QuantileRule::kMath, QuantileRule::kSchool}) {
    if (!with_cases) break;
    QuantileOptions options;
    options.rule = rule;
    const auto found = quantiles(sample, small.x, {}, probs, options);
    RC_ASSERT(found.has_value());
    for (const QuantileEstimate& quantile : *found) {
      numbers.push_back(quantile.value.value());
      numbers.push_back(quantile.se.value_or(-1));
    }
  }
  for (const ProportionMethod method :
       {ProportionMethod::kLogit, ProportionMethod::kXlogit, ProportionMethod::kAsin,
        ProportionMethod::kMean, ProportionMethod::kWilson}) {
    ProportionOptions options;
    options.method = method;
    const auto found = proportion_interval(sample, small.event, {}, options);
    RC_ASSERT(found.has_value());
    const bool at_an_end = found->value == 0.0 || found->value == 1.0;
    if (!at_an_end && found->ci) {
      numbers.push_back(found->ci->lower);
      numbers.push_back(found->ci->upper);
    }
  }
  return numbers;
}

void expect_same(const std::vector<double>& a, const std::vector<double>& b) {
  RC_ASSERT(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    RC_ASSERT(std::abs(a[i] - b[i]) <= 1e-9 * std::max(1.0, std::abs(a[i])));
  }
}

RC_GTEST_PROP(EstimandProperty, WeightsTimesAPowerOfTwoChangeNothing, ()) {
  const Small small = drawn();
  Small scaled = small;
  for (double& w : scaled.spec.weights) w *= 8;
  expect_same(everything(small, true), everything(scaled, true));
}

RC_GTEST_PROP(EstimandProperty, TheOrderOfCasesDoesNotMatter, ()) {
  const Small small = drawn();
  std::vector<size_t> places(small.x.size());
  std::iota(places.begin(), places.end(), size_t{0});
  std::mt19937 random(*rc::gen::arbitrary<uint32_t>());
  std::shuffle(places.begin(), places.end(), random);
  expect_same(everything(small, true), everything(rearranged(small, places), true));
}

RC_GTEST_PROP(EstimandProperty, NamesOfStrataAndUnitsDoNotMatter, ()) {
  const Small small = drawn();
  Small renamed = small;
  for (int32_t& stratum : renamed.spec.strata[0]) stratum = 900 - 7 * stratum;
  for (int32_t& unit : renamed.spec.ids[0]) unit = 5000 - 3 * unit;
  expect_same(everything(small, true), everything(renamed, true));
}

// What the number of cases enters by itself is left out: n/(n-1), and quantiles below the first
// case.
RC_GTEST_PROP(EstimandProperty, EachCaseTwiceInItsClusterIsNoMoreKnowledge, ()) {
  const Small small = drawn();
  std::vector<size_t> places;
  for (size_t i = 0; i < small.x.size(); ++i) places.insert(places.end(), {i, i});
  expect_same(everything(small, false), everything(rearranged(small, places), false));
}

RC_GTEST_PROP(EstimandProperty, VarianceIsThatOfSquaresAndMeans, ()) {
  const Small small = drawn();
  const Sample sample = small.sample();
  const auto n = static_cast<double>(small.x.size());
  Matrix squares(static_cast<Eigen::Index>(small.x.size()), 2);
  for (size_t i = 0; i < small.x.size(); ++i) {
    squares.row(static_cast<Eigen::Index>(i)) << small.x[i] * small.x[i], small.x[i];
  }
  const Estimated means = estimate(sample, *mean_of(squares, {}), Progress()).value();
  const Estimated v =
      estimate(sample, *variances_of(squares.rightCols(1), {}, small.x.size()), Progress()).value();
  const std::vector<std::string> labels{"s", "m"};
  const Estimated again = contrast(means, labels, std::vector<std::string>{"s - m^2"}).value();
  const double factor = n / (n - 1);
  RC_ASSERT(std::abs(v.value(0) - factor * again.value(0)) <= 1e-9 * (1 + v.value(0)));
  RC_ASSERT(std::abs(v.se(0) - factor * again.se(0)) <= 1e-7 * (1 + v.se(0)));
}

// A domain mean is a ratio of totals, and the slope of y on the domain's indicator without
// intercept: Σwdy / Σwd², whose influence is that of the ratio.
TEST(EstimandIdentity, DomainMeanIsARatioAndARegressionCoefficient) {
  for (const char* design : {"srs", "strat", "clus1", "clus2", "jk1", "brr"}) {
    SCOPED_TRACE(design);
    const testing::NamedSample named = testing::sample_named(design);
    const bool generated = std::string(design) == "brr";
    const std::vector<uint8_t> domain = named.domain(generated ? "group=b" : "stype=E");
    const Matrix y = named.column(generated ? "income" : "api00");
    Matrix d(y.rows(), 1);
    for (Eigen::Index i = 0; i < d.rows(); ++i) d(i, 0) = domain[static_cast<size_t>(i)];
    const Matrix dy = y.cwiseProduct(d), dd = d.cwiseProduct(d);
    const auto made = [&](const FunctionalPtr& functional) {
      return estimate(named.sample, *functional, Progress()).value();
    };
    const Estimated mean = made(mean_of(y, domain));
    const Estimated ratio = made(ratio_of(dy, d, {}));
    Matrix sums(y.rows(), 2);
    sums << dy, dd;
    const std::vector<std::string> labels{"dy", "dd"};
    const Smooth quotient = contrast_function(labels, std::vector<std::string>{"dy / dd"}).value();
    const Estimated slope = made(derived(total_of(sums, {}), quotient));
    EXPECT_TRUE(near_rel(mean.value(0), ratio.value(0), 1e-12, "identity"));
    EXPECT_TRUE(near_rel(mean.value(0), slope.value(0), 1e-12, "identity"));
    EXPECT_TRUE(near_rel(mean.se(0), ratio.se(0), 1e-10, "identity"));
    EXPECT_TRUE(near_rel(mean.se(0), slope.se(0), 1e-10, "identity"));
  }
}

// The middle of the distribution of -x is that of x, turned about (weights are equal here).
TEST(EstimandIdentity, MedianOfNegatedValuesIsTheNegatedMedian) {
  const testing::NamedSample named = testing::sample_named("clus1");
  const std::vector<uint8_t> known = named.complete("", {"enroll"});
  std::vector<double> y = named.survey.numbers("enroll"), negative = y;
  for (double& value : negative) value = -value;
  const std::vector<double> low{0.3}, high{0.7};
  for (const QuantileRule rule : {QuantileRule::kHf5, QuantileRule::kHf8, QuantileRule::kHf9}) {
    const WeightedValues values(y, named.sample.weights(), known);
    const WeightedValues turned(negative, named.sample.weights(), known);
    EXPECT_TRUE(near_rel(values.quantile(0.5, QuantileRule::kHf5),
                         -turned.quantile(0.5, QuantileRule::kHf5), 1e-12, "symmetry"));
    EXPECT_LE(values.quantile(low[0], rule), values.quantile(high[0], rule));
  }
}

}  // namespace
}  // namespace barometer
