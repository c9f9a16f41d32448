#include "barometer/sample/pps.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/sample/testdata_test_internal.h"

namespace barometer {
namespace {

using testing::estimated;
using testing::expect_statistics_of_r;
using testing::expect_value_and_se;
using testing::Expected;
using ::testing::HasSubstr;
using testing::near_rel;
using testing::outcome;
using testing::read_expected;
using testing::TestTable;
using enum JointEstimator;

using Index = Eigen::Index;

Sample sample_of(SamplingVariancePtr variance, const std::vector<double>& probabilities) {
  return Sample::linearised(std::move(variance), pps_weights({probabilities}).value());
}

// Of testdata/pps.R, which prints them.
constexpr double kAllSquares = 0.34846937632902436;
constexpr double kStratumSquares[] = {0.30871812929282116, 0.41030464949645157};

Matrix joint_of_file() {
  const TestTable table("pps_joint.csv");
  std::vector<std::string> names;
  for (size_t j = 1; j <= table.size(); ++j) names.push_back("V" + std::to_string(j));
  return table.matrix(names);
}

TEST(Pps, EachOneStageVarianceIsThatOfR) {
  const TestTable data("pps.csv");
  const std::vector<double> p = data.numbers("p");
  const PpsDraw cases{.probabilities = p, .ids = {}, .strata = {}};
  const PpsDraw strata{.probabilities = p, .ids = {}, .strata = data.codes("stratum")};
  const PpsDraw clusters{.probabilities = data.numbers("pc"),
                         .ids = data.codes("cluster"),
                         .strata = data.codes("stratum")};
  const std::vector<double> known(std::begin(kStratumSquares), std::end(kStratumSquares));
  const Expected expected = read_expected("pps_expected.csv");
  for (const JointEstimator estimator : {kHorvitzThompson, kYatesGrundy}) {
    const std::string variance = estimator == kHorvitzThompson ? " HT" : " YG";
    const auto expect_r = [&](const std::string& name, const PpsDraw& draw, auto made) {
      SCOPED_TRACE(name + variance);
      expect_statistics_of_r(sample_of(std::move(made.value()), draw.probabilities), data,
                             expected.at(name + variance));
    };
    expect_r("overton", cases, overton_sampling(cases, estimator));
    expect_r("overton strata", strata, overton_sampling(strata, estimator));
    expect_r("overton clusters", clusters, overton_sampling(clusters, estimator));
    expect_r("hartley-rao", cases, hartley_rao_sampling(cases, {}, estimator));
    expect_r("hartley-rao strata", strata, hartley_rao_sampling(strata, {}, estimator));
    expect_r("hartley-rao known", cases, hartley_rao_sampling(cases, {kAllSquares}, estimator));
    expect_r("hartley-rao known strata", strata, hartley_rao_sampling(strata, known, estimator));
    expect_r("joint", cases, joint_sampling(joint_of_file(), estimator));
    expect_r("joint strata", strata, joint_sampling(joint_of_file(), estimator, strata.strata));
  }
  expect_statistics_of_r(sample_of(poisson_sampling(p).value(), p), data, expected.at("poisson"));
}

TEST(Pps, BrewersVarianceIsThatOfR) {
  const TestTable data("pps.csv");
  const Expected expected = read_expected("pps_expected.csv");
  DesignSpec spec;
  spec.case_count = data.size();
  const std::vector<double> p = data.numbers("p");
  expect_statistics_of_r(sample_of(brewer_sampling(spec, {p}).value(), p), data,
                         expected.at("brewer"));
  spec.strata = {data.codes("stratum")};
  expect_statistics_of_r(sample_of(brewer_sampling(spec, {p}).value(), p), data,
                         expected.at("brewer strata"));
  spec.ids = {data.codes("cluster")};
  const std::vector<double> pc = data.numbers("pc");
  expect_statistics_of_r(sample_of(brewer_sampling(spec, {pc}).value(), pc), data,
                         expected.at("brewer clusters"));
}

TEST(Pps, BrewersVarianceOfTwoStagesIsThatOfR) {
  const TestTable data("pps_two_stage.csv");
  DesignSpec spec;
  spec.case_count = data.size();
  spec.ids = {data.codes("psu"), data.codes("ssu")};
  const std::vector<std::vector<double>> stages = {data.numbers("p1"), data.numbers("p2")};
  const Sample sample =
      Sample::linearised(brewer_sampling(spec, stages).value(), pps_weights(stages).value());
  expect_statistics_of_r(sample, data, read_expected("pps_expected.csv").at("brewer two stages"));
}

// With one π for all every method is simple random sampling: N²(1-f)s²/n. π_ij = n(n-1)/(N(N-1)).
TEST(Pps, EqualProbabilitiesGiveTheVarianceOfASimpleRandomSample) {
  const std::vector<double> y = {3, 9, 4, 1, 7, 7, 12, 2};
  const double n = 8;
  for (const double population : {8.0, 10.0, 16.0, 250.0}) {
    SCOPED_TRACE(population);
    DesignSpec spec;
    spec.case_count = y.size();
    spec.fpc = {std::vector<double>(y.size(), population)};
    spec.weights_from_fpc = true;
    const Sample simple = Sample::of(Design::make(spec).value());
    const Matrix values = Eigen::Map<const Matrix>(y.data(), static_cast<Index>(y.size()), 1);
    const double variance = estimated(simple, total_of(values, {})).covariance(0, 0);

    const std::vector<double> p(y.size(), n / population);
    Matrix joint = Matrix::Constant(8, 8, n * (n - 1) / (population * (population - 1)));
    joint.diagonal().setConstant(n / population);
    DesignSpec cases;
    cases.case_count = y.size();
    const PpsDraw draw{.probabilities = p, .ids = {}, .strata = {}};
    const std::pair<const char*, Result<SamplingVariancePtr>> methods[] = {
        {"joint HT", joint_sampling(joint, kHorvitzThompson)},
        {"joint YG", joint_sampling(joint, kYatesGrundy)},
        {"Brewer", brewer_sampling(cases, {p})},
        {"Overton", overton_sampling(draw)},
        {"Hartley-Rao YG", hartley_rao_sampling(draw, {n / population}, kYatesGrundy)},
        {"Hartley-Rao", hartley_rao_sampling(draw)},  // π_i + π_j = 1 at N = 16
    };
    for (const auto& [name, method] : methods) {
      const double found =
          estimated(sample_of(method.value(), p), total_of(values, {})).covariance(0, 0);
      if (population == 8) {
        EXPECT_NEAR(found, 0, 1e-9) << name;
      } else {
        EXPECT_TRUE(near_rel(found, variance, 1e-11, "one formula")) << name;
      }
    }
  }
}

// Lohr, "Sampling: Design and Analysis", 2nd ed. 2010, ch. 6: four supermarkets of 100, 200, 300
// and 1000 m² sell 11, 20, 24 and 245; two are drawn one after the other, by size, without
// replacement. The book prints π = .1900, .3705, .5393, .9002 and V = 4383.6. Over all samples both
// estimates average to V.
TEST(Pps, BothEstimatorsAreUnbiasedOverAllPairsOfSupermarkets) {
  const double size[] = {1 / 16.0, 2 / 16.0, 3 / 16.0, 10 / 16.0};
  const double sales[] = {11, 20, 24, 245};
  double pair[4][4] = {};
  double p[4] = {};
  for (size_t i = 0; i < 4; ++i) {
    for (size_t j = 0; j < 4; ++j) {
      if (i != j) pair[i][j] = size[i] * size[j] * (1 / (1 - size[i]) + 1 / (1 - size[j]));
      p[i] += pair[i][j];
    }
  }
  const double printed[] = {.1900, .3705, .5393, .9002};
  for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(p[i], printed[i], 5e-5);

  double truth = 0, horvitz_thompson = 0, yates_grundy = 0;
  for (size_t i = 0; i < 4; ++i) {
    for (size_t j = i + 1; j < 4; ++j) {
      const Matrix x{{sales[i] / p[i]}, {sales[j] / p[j]}};
      truth += pair[i][j] * (x.sum() - 300) * (x.sum() - 300);
      const Matrix joint{{p[i], pair[i][j]}, {pair[i][j], p[j]}};
      const auto yg = joint_sampling(joint, kYatesGrundy).value()->covariance(x, {});
      yates_grundy += pair[i][j] * yg.value()(0, 0);
      // By hand, as this estimate is below 0 in some samples, and then refused.
      const double delta = 1 - p[i] * p[j] / pair[i][j];
      const double by_hand =
          (1 - p[i]) * x(0) * x(0) + (1 - p[j]) * x(1) * x(1) + 2 * delta * x(0) * x(1);
      horvitz_thompson += pair[i][j] * by_hand;
      const auto ht = joint_sampling(joint, kHorvitzThompson).value()->covariance(x, {});
      ASSERT_EQ(ht.has_value(), by_hand >= 0);
      if (ht) {
        EXPECT_TRUE(near_rel((*ht)(0, 0), by_hand, 1e-12, "the same sum"));
      } else {
        EXPECT_THAT(ht.error().message, HasSubstr("Horvitz-Thompson estimate of a variance is be"));
      }
    }
  }
  EXPECT_NEAR(truth, 4383.6, 0.05);
  EXPECT_TRUE(near_rel(horvitz_thompson, truth, 1e-12, "unbiased"));
  EXPECT_TRUE(near_rel(yates_grundy, truth, 1e-12, "unbiased"));
}

// Särndal, Swensson & Wretman 1992, example 3.5.1 (Bernoulli, Poisson: eq. 3.5.3): V = Σ
// (1-π)(y/π)².
TEST(Pps, PoissonSamplingIsTheSumOfItsCases) {
  const std::vector<double> p = {0.5, 0.25, 1};
  const Sample sample = sample_of(poisson_sampling(p).value(), p);
  const Estimated found = estimated(sample, total_of(Matrix{{3.0}, {2.0}, {8.0}}, {}));
  EXPECT_DOUBLE_EQ(found.value(0), 6 + 8 + 8);
  EXPECT_DOUBLE_EQ(found.covariance(0, 0), 0.5 * 36 + 0.75 * 64);
  EXPECT_EQ(found.df, 2);
}

TEST(Pps, CertainUnitsAddNothing) {
  const std::vector<double> p = {1, 1, 1};
  DesignSpec spec;
  spec.case_count = 3;
  spec.strata = {{0, 1, 1}};  // a stratum of one certain unit is not lonely
  const PpsDraw draw{.probabilities = p, .ids = {}, .strata = spec.strata[0]};
  const Matrix y{{3.0}, {20.0}, {7.0}};
  for (const auto& method :
       {brewer_sampling(spec, {p}), overton_sampling(draw), hartley_rao_sampling(draw),
        poisson_sampling(p), joint_sampling(Matrix::Ones(3, 3), kYatesGrundy)}) {
    EXPECT_EQ(estimated(sample_of(method.value(), p), total_of(y, {})).covariance(0, 0), 0);
  }
}

TEST(Pps, LonelyUnitsFollowTheRuleOfTheDesign) {
  DesignSpec spec;
  spec.case_count = 5;
  spec.strata = {{0, 0, 0, 0, 1}};
  const std::vector<double> p = {0.2, 0.4, 0.3, 0.5, 0.25};
  const Matrix y{{1.0}, {4.0}, {2.0}, {7.0}, {3.0}};
  const auto variance = [&](LonelyPsu rule) {
    spec.lonely_psu = rule;
    return estimated(sample_of(brewer_sampling(spec, {p}).value(), p), total_of(y, {}))
        .covariance(0, 0);
  };
  const double others = variance(LonelyPsu::kRemove);
  const double x_mean = (1 / 0.2 + 4 / 0.4 + 2 / 0.3 + 7 / 0.5 + 3 / 0.25) / 5;
  EXPECT_GT(others, 0);
  EXPECT_EQ(variance(LonelyPsu::kCertainty), others);
  EXPECT_TRUE(near_rel(variance(LonelyPsu::kAverage), 2 * others, 1e-12, "two strata, one seen"));
  EXPECT_TRUE(near_rel(variance(LonelyPsu::kAdjust), others + 0.75 * (12 - x_mean) * (12 - x_mean),
                       1e-12, "by hand"));
  spec.lonely_psu = LonelyPsu::kFail;
  EXPECT_THAT(outcome(brewer_sampling(spec, {p})), HasSubstr("the stratum of row 5 has only one"));
}

TEST(Pps, DescriptionsNameTheMethod) {
  const PpsDraw draw{.probabilities = {0.5, 0.5, 0.5, 0.5}, .ids = {}, .strata = {0, 0, 1, 1}};
  EXPECT_EQ(hartley_rao_sampling(draw, {}, kYatesGrundy).value()->description(),
            "stratified unequal probabilities, Hartley and Rao's joint probabilities, Yates-Grundy "
            "variance");
  DesignSpec spec;
  spec.case_count = 2;
  EXPECT_EQ(brewer_sampling(spec, {{0.5, 0.5}}).value()->description(),
            "unequal probabilities, Brewer's variance");
  EXPECT_EQ(poisson_sampling({0.5}).value()->description(), "Poisson sampling");
}

TEST(PpsWeights, AreTheInverseProductOfTheProbabilities) {
  EXPECT_EQ(pps_weights({{0.5, 0.25}}).value(), (std::vector<double>{2, 4}));
  EXPECT_EQ(pps_weights({{0.5, 0.25}, {0.5, 1}}).value(), (std::vector<double>{4, 4}));
  EXPECT_EQ(pps_weights({{0.3}}, std::vector<double>{3.333}).value(), std::vector<double>{3.333})
      << "rounded weights are those of the file";
}

TEST(PpsWeights, WrongOnesAreRefusedWithTheirRow) {
  EXPECT_THAT(outcome(pps_weights({})), HasSubstr("no probabilities"));
  EXPECT_THAT(outcome(pps_weights({{}})), HasSubstr("no cases"));
  EXPECT_THAT(outcome(pps_weights({{0.5, 0}})), HasSubstr("row 2: the probability 0"));
  EXPECT_THAT(outcome(pps_weights({{0.5, 1.2}})), HasSubstr("row 2: the probability 1.2"));
  EXPECT_THAT(outcome(pps_weights({{-0.5}})), HasSubstr("row 1: the probability -0.5"));
  EXPECT_THAT(outcome(pps_weights({{std::nan("")}})), HasSubstr("row 1: the probability nan"));
  EXPECT_THAT(outcome(pps_weights({{0.5, 0.5}, {0.5}})), HasSubstr("1 probabilities for 2 cases"));
  EXPECT_THAT(outcome(pps_weights({{0.5, 0.5}}, std::vector<double>{2})),
              HasSubstr("1 weights for 2"));
  EXPECT_THAT(outcome(pps_weights({{0.5, 0.5}}, std::vector<double>{2, 3})),
              HasSubstr("row 2: the weight 3 is not the inverse 2"));
}

TEST(Pps, WrongJointProbabilitiesAreRefusedWithTheirRows) {
  const auto message = [](auto change) {
    Matrix joint = Matrix::Constant(3, 3, 0.2);
    joint.diagonal().setConstant(0.5);
    change(joint);
    return outcome(joint_sampling(joint, kYatesGrundy));
  };
  EXPECT_EQ(message([](Matrix&) {}), "accepted");
  EXPECT_THAT(message([](Matrix& m) { m.conservativeResize(3, 2); }), HasSubstr("not 3 by 2"));
  EXPECT_THAT(message([](Matrix& m) { m.resize(0, 0); }), HasSubstr("no cases"));
  EXPECT_THAT(message([](Matrix& m) { m(1, 1) = 1.5; }), HasSubstr("row 2: the probability 1.5"));
  EXPECT_THAT(message([](Matrix& m) { m(0, 2) = 0.3; }), HasSubstr("rows 1 and 3 is 0.3 on one"));
  EXPECT_THAT(message([](Matrix& m) { m(0, 1) = m(1, 0) = 0; }), HasSubstr("is 0, but both"));
  EXPECT_THAT(message([](Matrix& m) { m(0, 1) = m(1, 0) = std::nan(""); }), HasSubstr("is nan"));
  EXPECT_THAT(message([](Matrix& m) { m(1, 2) = m(2, 1) = 0.6; }),
              HasSubstr("rows 2 and 3 is 0.6, more than the probability 0.5"));
  EXPECT_THAT(outcome(joint_sampling(Matrix::Constant(2, 2, 0.5), kYatesGrundy, {0})),
              HasSubstr("1 stratum codes for 2 cases"));
}

TEST(Pps, WrongDrawsAreRefused) {
  DesignSpec spec;
  spec.case_count = 4;
  spec.ids = {{0, 0, 1, 1}};
  const std::vector<double> p = {0.5, 0.5, 0.25, 0.25};
  EXPECT_THAT(outcome(brewer_sampling(spec, {})), HasSubstr("of 0 stages for a draw of 1"));
  EXPECT_THAT(outcome(brewer_sampling(spec, {p, p})), HasSubstr("of 2 stages for a draw of 1"));
  EXPECT_THAT(outcome(brewer_sampling(spec, {{0.5}})), HasSubstr("1 probabilities for 4 cases"));
  EXPECT_THAT(outcome(brewer_sampling(spec, {{0.5, 0.5, 3, 3}})), HasSubstr("row 3: the probab"));
  EXPECT_THAT(outcome(brewer_sampling(spec, {{0.5, 0.4, 0.25, 0.25}})),
              HasSubstr("row 2: the probability of its unit at stage 1 is 0.4, but 0.5"));
  DesignSpec weighted = spec;
  weighted.weights = {2, 2, 4, 5};
  EXPECT_THAT(outcome(brewer_sampling(weighted, {p})), HasSubstr("row 4: the weight 5"));
  weighted.weights = {2, 2, 4, 4};
  EXPECT_EQ(outcome(brewer_sampling(weighted, {p})), "accepted");
  DesignSpec sized = spec;
  sized.fpc = {{10, 10, 10, 10}};
  EXPECT_THAT(outcome(brewer_sampling(sized, {p})),
              HasSubstr("population sizes are given besides"));

  PpsDraw draw{.probabilities = p, .ids = {0, 0, 1, 1}, .strata = {}};
  EXPECT_EQ(outcome(overton_sampling(draw)), "accepted");
  EXPECT_THAT(outcome(hartley_rao_sampling(draw, {0.3, 0.3})), HasSubstr("2 sums of squared"));
  EXPECT_THAT(outcome(hartley_rao_sampling(draw, {1.3})), HasSubstr("over n is 1.3"));
  draw.strata = {0, 1, 1, 1};
  EXPECT_THAT(outcome(overton_sampling(draw)), HasSubstr("ask for nested ids"));
  draw.strata = {0, 0, 1};
  EXPECT_THAT(outcome(overton_sampling(draw)), HasSubstr("3 stratum codes for 4 cases"));
  EXPECT_THAT(outcome(poisson_sampling({})), HasSubstr("no cases"));
  EXPECT_THAT(outcome(poisson_sampling({0.5, 7})), HasSubstr("row 2: the probability 7"));
}

}  // namespace
}  // namespace barometer
