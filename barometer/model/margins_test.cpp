#include "barometer/model/margins.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/model/model_test_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using testing::expect_matches;
using testing::expected;
using testing::fit_of;
using ::testing::HasSubstr;
using testing::near_rel;
using testing::test_sample;
using testing::with_family;

constexpr double kR = 1e-9;

GlmFit logit_fit(const std::string& design, const std::string& terms = "ell + stype") {
  return fit_of(design, "sch_wide ~ " + terms, with_family(GlmFamily::kBinomial)).value();
}

const std::vector<CovariatePoint>& points() {
  static const std::vector<CovariatePoint> kPoints = {{{"ell", 0.0}, {"stype", "H"}},
                                                      {{"ell", 10.0}, {"stype", "E"}},
                                                      {{"ell", 40.0}, {"stype", "M"}}};
  return kPoints;
}

TEST(Margins, PredictionsAtStatedCovariatesAreRs) {
  for (const std::string& design : testing::kSampleNames) {
    const GlmFit fit = logit_fit(design);
    for (const auto scale : {PredictionScale::kLink, PredictionScale::kResponse}) {
      const std::string name =
          std::string(scale == PredictionScale::kLink ? "predict_link_" : "predict_response_") +
          design;
      const auto made = predict_at(fit, test_sample(design).data, points(), scale);
      ASSERT_TRUE(made) << made.error().message;
      expect_matches(made->estimated.value, name, "value", kR, "R");
      expect_matches(made->estimated.covariance, name, "vcov", kR, "R");
    }
  }
}

TEST(Margins, MeansOfTheGroupsAreRsSvypredmeans) {
  for (const std::string& design : testing::kSampleNames) {
    const auto& [data, sample] = test_sample(design);
    const auto made = marginal_means(sample, data, logit_fit(design), "stype", {});
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_THAT(made->labels, ElementsAre("E", "H", "M"));
    expect_matches(made->estimated.value, "predmeans_" + design, "value", kR, "R");
    expect_matches(made->estimated.covariance, "predmeans_" + design, "vcov", kR, "R");
  }
}

TEST(Margins, AverageEffectsAreThoseOfTheirDefinition) {
  for (const std::string& design : testing::kSampleNames) {
    const auto& [data, sample] = test_sample(design);
    const GlmFit fit = logit_fit(design);
    const auto slope = average_effects(sample, data, fit, "ell");
    ASSERT_TRUE(slope) << slope.error().message;
    const auto expect = [&](const Margins& made, Eigen::Index at, const std::string& name) {
      EXPECT_TRUE(near_rel(made.estimated.value(at), expected().one(name, "value"), kR, name));
      EXPECT_TRUE(near_rel(made.estimated.se(at), expected().one(name, "se"), kR, name));
    };
    expect(*slope, 0, "ame_ell_" + design);
    const auto types = average_effects(sample, data, fit, "stype");
    ASSERT_TRUE(types);
    EXPECT_THAT(types->labels, ElementsAre("H", "M"));
    expect(*types, 0, "ame_H_" + design);
    expect(*types, 1, "ame_M_" + design);
  }
}

TEST(Margins, TheEffectInALinearModelIsItsCoefficient) {
  const auto& [data, sample] = test_sample("clus1");
  const GlmFit fit = fit_of("clus1", "api00 ~ ell + stype").value();
  for (const auto variance : {MarginVariance::kCovariatesFixed, MarginVariance::kJoint}) {
    const auto slope = average_effects(sample, data, fit, "ell", variance);
    ASSERT_TRUE(slope);
    EXPECT_TRUE(near_rel(slope->estimated.value(0), fit.coefficients.value(1), 1e-11, "identity"));
    EXPECT_TRUE(near_rel(slope->estimated.se(0), fit.coefficients.se(1), 1e-10, "identity"));
  }
}

// A quadratic's derivative at each case is b + 2 c x.
TEST(Margins, TheEffectOfASquareIsThatOfBothItsColumns) {
  const auto& [data, sample] = test_sample("strat");
  const GlmFit fit = fit_of("strat", "api00 ~ meals + I(meals^2) + ell:meals").value();
  const auto slope = average_effects(sample, data, fit, "meals");
  ASSERT_TRUE(slope);
  const auto meals = testing::numbers_of(data, "meals");
  const auto ell = testing::numbers_of(data, "ell");
  double mean_meals = 0, mean_ell = 0;
  for (size_t i = 0; i < meals.size(); ++i) {
    mean_meals += sample.weights()[i] * meals[i] / fit.weight_sum;
    mean_ell += sample.weights()[i] * ell[i] / fit.weight_sum;
  }
  const Vector& b = fit.coefficients.value;
  const Vector g = (Vector(4) << 0, 1, 2 * mean_meals, mean_ell).finished();
  EXPECT_TRUE(near_rel(slope->estimated.value(0), g.dot(b), 1e-10, "by hand"));
  EXPECT_TRUE(near_rel(slope->estimated.se(0), std::sqrt(g.dot(fit.coefficients.covariance * g)),
                       1e-10, "by hand"));
}

TEST(Margins, TheEffectOfALogarithmIsItsCoefficientOverTheNumber) {
  const auto& [data, sample] = test_sample("strat");
  const GlmFit fit = fit_of("strat", "api00 ~ log(enroll)").value();
  const auto slope = average_effects(sample, data, fit, "enroll");
  ASSERT_TRUE(slope);
  double inverse = 0;
  const auto enroll = testing::numbers_of(data, "enroll");
  for (size_t i = 0; i < enroll.size(); ++i) {
    inverse += sample.weights()[i] / enroll[i] / fit.weight_sum;
  }
  EXPECT_TRUE(near_rel(slope->estimated.value(0), inverse * fit.coefficients.value(1), 1e-10,
                       "differences of fourth order"));
}

// With the group as the only variable its margin is the group's mean, whatever the link; jointly,
// with the mean's own variance.
TEST(Margins, TheMarginOfTheOnlyVariableIsItsDomainMean) {
  for (const std::string& design : testing::kSampleNames) {
    const auto& [data, sample] = test_sample(design);
    const GlmFit fit = logit_fit(design, "poor");
    const auto made = marginal_means(sample, data, fit, "poor", {}, MarginVariance::kJoint);
    ASSERT_TRUE(made) << made.error().message;
    const auto y = testing::formula_of("sch_wide ~ 1").response(data);
    const Vector response =
        Eigen::Map<const Vector>(y->data(), static_cast<Eigen::Index>(y->size()));
    for (size_t k = 0; k < 2; ++k) {
      const auto cases = testing::cases_where(data, "poor", made->labels[k]);
      const auto mean = estimate(sample, *mean_of(response, cases), Progress());
      const auto at = static_cast<Eigen::Index>(k);
      EXPECT_TRUE(near_rel(made->estimated.value(at), mean->value(0), 1e-10, design));
      EXPECT_TRUE(near_rel(made->estimated.se(at), mean->se(0), 1e-9, design));
    }
  }
}

TEST(Margins, AllThreeVariancesAgreeOnTheValue) {
  const auto& [data, sample] = test_sample("clus1");
  const GlmFit fit = logit_fit("clus1");
  const auto with = [&](MarginVariance variance) {
    return marginal_means(sample, data, fit, "stype", {}, variance).value().estimated;
  };
  const Estimated fixed = with(MarginVariance::kCovariatesFixed);
  const Estimated summed = with(MarginVariance::kSummed);
  const Estimated joint = with(MarginVariance::kJoint);
  for (Eigen::Index k = 0; k < 3; ++k) {
    EXPECT_TRUE(near_rel(fixed.value(k), joint.value(k), 1e-11, "one estimate"));
    EXPECT_LT(fixed.se(k), summed.se(k));
    EXPECT_NE(joint.se(k), summed.se(k));
  }
}

// The sample's weights with one of them moved up, then down, by a ten-thousandth.
Sample moved_weights(const Sample& sample) {
  const auto n = static_cast<Eigen::Index>(sample.case_count());
  Replicates replicates;
  replicates.weights.resize(n, 2 * n);
  for (Eigen::Index r = 0; r < 2 * n; ++r) {
    replicates.weights.col(r) = Eigen::Map<const Vector>(sample.weights().data(), n);
    replicates.weights(r / 2, r) *= r % 2 == 0 ? 1.0001 : 0.9999;
  }
  replicates.rscales.assign(static_cast<size_t>(2 * n), 1);
  return Sample::replicated({sample.weights().begin(), sample.weights().end()},
                            std::move(replicates))
      .value();
}

// The influences behind the joint variance, beside differences of refitted margins.
TEST(Margins, TheJointVarianceIsThatOfTheDerivativesByTheWeights) {
  const auto& [data, sample] = test_sample("strat");
  const Sample moved = moved_weights(sample);
  const GlmFit fit = logit_fit("strat");
  const auto refitted = fit_glm(moved, data, fit.formula, {}, fit.options);
  ASSERT_TRUE(refitted);
  const auto margins = [&](const Sample& of, const GlmFit& model) {
    return marginal_means(of, data, model, "stype", {}, MarginVariance::kJoint).value().estimated;
  };
  const Matrix thetas = margins(moved, *refitted).replicates;
  Matrix influence(thetas.rows() / 2, thetas.cols());
  for (Eigen::Index i = 0; i < influence.rows(); ++i) {
    influence.row(i) = (thetas.row(2 * i) - thetas.row(2 * i + 1)) /
                       (0.0002 * sample.weights()[static_cast<size_t>(i)]);
  }
  const Matrix slow = linearised_covariance(sample, influence, {}).value();
  const Matrix fast = margins(sample, fit).covariance;
  for (Eigen::Index k = 0; k < fast.size(); ++k) {
    EXPECT_NEAR(slow.data()[k], fast.data()[k], 1e-6 * fast.diagonal().maxCoeff());
  }
}

TEST(Margins, AChangeBetweenTwoNumbersIsTheDifferenceOfTheMeans) {
  const auto& [data, sample] = test_sample("strat");
  const GlmFit fit = logit_fit("strat");
  const auto change = average_change(sample, data, fit, "ell", 10.0, 30.0);
  const auto means =
      marginal_means(sample, data, fit, "ell", {10.0, 30.0}, MarginVariance::kCovariatesFixed);
  ASSERT_TRUE(change && means);
  const Vector c = (Vector(2) << -1, 1).finished();
  EXPECT_TRUE(
      near_rel(change->estimated.value(0), c.dot(means->estimated.value), 1e-12, "identity"));
  EXPECT_TRUE(near_rel(change->estimated.se(0), std::sqrt(c.dot(means->estimated.covariance * c)),
                       1e-10, "identity"));
}

TEST(Margins, WhatHasNoPredictionSaysWhy) {
  const auto& [data, sample] = test_sample("strat");
  const GlmFit fit = logit_fit("strat");
  const auto at = [&](CovariatePoint point) {
    return predict_at(fit, data, {std::move(point)}, PredictionScale::kLink).error().message;
  };
  EXPECT_THAT(at({{"ell", 1.0}}), HasSubstr("no value of 'stype'"));
  EXPECT_THAT(at({{"ell", 1.0}, {"stype", "X"}}), HasSubstr("'stype' cannot be X"));
  EXPECT_THAT(at({{"ell", "H"}, {"stype", "H"}}), HasSubstr("'ell' cannot be H"));
  EXPECT_THAT(at({{"ell", 1.0}, {"stype", 2.0}}), HasSubstr("'stype' cannot be 2"));
  EXPECT_THAT(at({{"ell", std::nan("")}, {"stype", "H"}}), HasSubstr("'ell' cannot be nan"));
  EXPECT_THAT(at({{"ell", 1.0}, {"stype", "H"}, {"meals", 3.0}}),
              HasSubstr("'meals' is not in the model; its variables are ell, stype"));
  EXPECT_THAT(marginal_means(sample, data, fit, "ell", {}).error().message,
              HasSubstr("state the values"));
  EXPECT_THAT(marginal_means(sample, data, fit, "meals", {}).error().message,
              HasSubstr("'meals' is not in the model"));
  const GlmFit log_fit = fit_of("strat", "api00 ~ log(enroll)").value();
  EXPECT_THAT(
      predict_at(log_fit, data, {{{"enroll", -1.0}}}, PredictionScale::kLink).error().message,
      HasSubstr("no value at these covariates"));
}

TEST(Margins, ACategoryThatNoCaseOfTheModelHasIsRefused) {
  const auto& [data, sample] = test_sample("strat");
  const auto high = testing::cases_where(data, "stype", "H");
  std::vector<uint8_t> others;
  for (const uint8_t is : high) others.push_back(is == 0 ? 1 : 0);
  const GlmFit fit = fit_of("strat", "api00 ~ stype", {}, others).value();
  EXPECT_THAT(predict_at(fit, data, {{{"stype", "H"}}}, PredictionScale::kLink).error().message,
              HasSubstr("no case of the model has one of these values"));
}

TEST(Margins, ANumberTakenAsCategoriesHasNoDerivative) {
  const auto& [data, sample] = test_sample("strat");
  const GlmFit fit = fit_of("strat", "api00 ~ factor(fpc)").value();
  EXPECT_THAT(average_effects(sample, data, fit, "fpc").error().message,
              HasSubstr("'fpc' has no derivative in this model"));
  EXPECT_TRUE(average_change(sample, data, fit, "fpc", 755.0, 4421.0));
}

TEST(Margins, AnInverseLinkHasNoMeanBelowZero) {
  const auto& [data, sample] = test_sample("strat");
  const GlmFit fit = fit_of("strat", "api_stu ~ meals", with_family(GlmFamily::kGamma)).value();
  const double away = -10 * fit.coefficients.value(0) / fit.coefficients.value(1);
  EXPECT_THAT(
      predict_at(fit, data, {{{"meals", away}}}, PredictionScale::kResponse).error().message,
      HasSubstr("point 1 has no mean"));
}

}  // namespace
}  // namespace barometer
