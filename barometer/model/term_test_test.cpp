#include "barometer/model/term_test.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/model/criteria.h"
#include "barometer/model/model_test_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using testing::expected;
using testing::fit_of;
using ::testing::HasSubstr;
using testing::near_rel;
using testing::test_sample;
using testing::with_family;

constexpr double kR = 1e-9;
constexpr double kDeviance = 1e-8;  // a difference of two deviances, to R's stop of each
constexpr double kTail = 1e-6;      // R finds the saddlepoint to 1e-8
constexpr double kInfinity = std::numeric_limits<double>::infinity();

GlmFit logit_fit(const std::string& design, const std::string& terms = "ell + meals + stype") {
  return fit_of(design, "sch_wide ~ " + terms, with_family(GlmFamily::kBinomial)).value();
}
GlmFit linear_fit(const std::string& design, const std::string& terms = "ell + meals + stype") {
  return fit_of(design, "api00 ~ " + terms).value();
}

void expect_test(const Result<TermTest>& test, const std::string& name) {
  ASSERT_TRUE(test) << name << ": " << test.error().message;
  const bool wald = test->method == TermTestMethod::kWald;
  const bool f = wald && std::isfinite(test->denominator_df);
  const double statistic = f ? test->f : test->statistic;
  const double theirs = expected().one(name, f ? "F" : "chisq");
  const bool ratio = test->method == TermTestMethod::kLikelihoodRatio;
  EXPECT_TRUE(near_rel(statistic, theirs, ratio ? kDeviance : kR, name)) << name;
  EXPECT_EQ(static_cast<double>(test->df), expected().one(name, "df")) << name;
  EXPECT_EQ(test->denominator_df, expected().one(name, "ddf")) << name;
  EXPECT_TRUE(near_rel(test->p, expected().one(name, "p"), kTail, name)) << name;
  if (wald) return;
  const std::vector<double>& lambda = expected().of(name, "lambda").numbers;
  ASSERT_EQ(test->lambda.size(), lambda.size());
  for (size_t i = 0; i < lambda.size(); ++i) {
    EXPECT_TRUE(near_rel(test->lambda[i], lambda[i], kR, name)) << name;
  }
}

TEST(TermTest, EachMethodUnderEachDesignIsRs) {
  for (const std::string& design : testing::kSampleNames) {
    for (const bool logit : {true, false}) {
      const GlmFit fit = logit ? logit_fit(design) : linear_fit(design);
      const std::string id = (logit ? "logit_" : "linear_") + design;
      expect_test(test_terms(fit, {"stype"}, {}), "wald_F_" + id);
      expect_test(test_terms(fit, {"ell", "meals"}, {}), "wald_two_" + id);
      TermTestOptions options;
      options.df = kInfinity;
      const auto chi = test_terms(fit, {"stype"}, options);
      ASSERT_TRUE(chi);
      EXPECT_TRUE(near_rel(chi->statistic, expected().one("wald_chisq_" + id, "chisq"), kR, id));
      EXPECT_TRUE(near_rel(chi->p, expected().one("wald_chisq_" + id, "p"), kTail, id));
      expect_test(test_terms(fit, {"stype"}, {.method = TermTestMethod::kWorkingWald}),
                  "working_" + id);
      for (const TailMethod tail : {TailMethod::kSaddlepoint, TailMethod::kSatterthwaite}) {
        const std::string word =
            tail == TailMethod::kSaddlepoint ? "saddlepoint_" : "satterthwaite_";
        options = {.method = TermTestMethod::kLikelihoodRatio, .tail = tail};
        expect_test(test_terms(fit, {"stype"}, options), "lrt_" + word + id);
        options.df = kInfinity;
        expect_test(test_terms(fit, {"stype"}, options), "lrtchisq_" + word + id);
      }
    }
  }
}

TEST(TermTest, TermsInOrderAreRsAnova) {
  for (const std::string& design : testing::kSampleNames) {
    const Sample& sample = test_sample(design).sample;
    for (const bool logit : {true, false}) {
      const GlmFit fit = logit ? logit_fit(design) : linear_fit(design);
      for (const auto method : {TermTestMethod::kLikelihoodRatio, TermTestMethod::kWald}) {
        const auto tests = test_terms_in_order(sample, fit, {.method = method});
        ASSERT_TRUE(tests) << tests.error().message;
        ASSERT_EQ(tests->size(), 3U);
        for (size_t i = 0; i < 3; ++i) {
          expect_test((*tests)[i],
                      std::string("anova_") + (method == TermTestMethod::kWald ? "Wald" : "LRT") +
                          (logit ? "_logit_" : "_linear_") + design + "_" + std::to_string(i + 1));
        }
      }
    }
  }
}

// A line through the three types' places is within their three means, under no common name.
TEST(TermTest, ModelsNestedOtherwiseThanByNameAreRsAnova) {
  const GlmFit large = logit_fit("strat", "ell + stype");
  const GlmFit small = logit_fit("strat", "ell + I((stype == 'M') + 2 * (stype == 'H'))");
  for (const auto method : {TermTestMethod::kLikelihoodRatio, TermTestMethod::kWald}) {
    const std::string word = method == TermTestMethod::kWald ? "Wald" : "LRT";
    expect_test(compare_models(small, large, {.method = method}), "nested_" + word + "_F");
    const auto chi = compare_models(small, large, {.method = method, .df = kInfinity});
    ASSERT_TRUE(chi);
    EXPECT_TRUE(near_rel(chi->p, expected().one("nested_" + word + "_Chisq", "p"), kTail, word));
  }
}

TEST(TermTest, TwoModelsCompareAsTheirTermIsTested) {
  for (const auto method : {TermTestMethod::kWald, TermTestMethod::kLikelihoodRatio}) {
    const auto both =
        compare_models(logit_fit("clus1", "ell + meals"), logit_fit("clus1"), {.method = method});
    const auto term = test_terms(logit_fit("clus1"), {"stype"}, {.method = method});
    ASSERT_TRUE(both);
    ASSERT_TRUE(term);
    EXPECT_THAT(both->terms, ElementsAre("stype"));
    EXPECT_TRUE(near_rel(both->statistic, term->statistic, 1e-10, "the same hypothesis"));
    EXPECT_TRUE(near_rel(both->p, term->p, 1e-8, "the same hypothesis"));
  }
}

TEST(TermTest, AWaldTestOfOneCoefficientIsItsTSquared) {
  const GlmFit fit = logit_fit("clus1");
  const auto test = test_terms(fit, {"ell"}, {});
  const auto table = coefficient_table(fit);
  ASSERT_TRUE(test && table);
  EXPECT_TRUE(near_rel(test->f, *(*table)[1].t * *(*table)[1].t, 1e-12, "identity"));
  EXPECT_TRUE(near_rel(test->p, *(*table)[1].p, 1e-10, "identity"));
}

TEST(TermTest, AWaldTestOfTheInterceptIsItsTSquared) {
  const GlmFit fit = linear_fit("strat");
  const auto test = test_terms(fit, {"(Intercept)"}, {});
  const auto table = coefficient_table(fit);
  ASSERT_TRUE(test && table);
  EXPECT_TRUE(near_rel(test->f, *(*table)[0].t * *(*table)[0].t, 1e-12, "identity"));
}

TEST(TermTest, AWaldTestAgainstTheEstimateItselfIsZero) {
  const GlmFit fit = linear_fit("strat");
  const Matrix all = Matrix::Identity(5, 5);
  const auto test = wald_test(fit.coefficients, all, fit.coefficients.value, 10);
  ASSERT_TRUE(test);
  EXPECT_EQ(test->statistic, 0);
  EXPECT_EQ(test->p, 1);
}

TEST(TermTest, ATestOfAllTermsAsksWhetherTheModelIsBetterThanItsMean) {
  const GlmFit fit = logit_fit("strat");
  const auto test =
      test_terms(fit, {"ell", "meals", "stype"}, {.method = TermTestMethod::kLikelihoodRatio});
  ASSERT_TRUE(test);
  EXPECT_TRUE(near_rel(test->statistic, *fit.null_deviance - fit.deviance, 1e-10, "identity"));
}

TEST(TermTest, WhatCannotBeTestedSaysWhy) {
  const GlmFit fit = logit_fit("clus1");
  EXPECT_THAT(test_terms(fit, {"awards"}, {}).error().message,
              HasSubstr("no term 'awards'; its terms are ell, meals, stype"));
  EXPECT_THAT(test_terms(fit, {}, {}).error().message, HasSubstr("no term to test"));
  EXPECT_THAT(test_terms(fit, {"ell"}, {.df = 0}).error().message,
              HasSubstr("leaves 0 degrees of freedom"));
  EXPECT_THAT(compare_models(fit, fit, {}).error().message,
              HasSubstr("the smaller model has 5 coefficients, the larger 5"));
  EXPECT_THAT(compare_models(logit_fit("clus1", "mobility"), fit, {}).error().message,
              HasSubstr("not nested: 'mobility'"));
  EXPECT_THAT(compare_models(linear_fit("clus1", "ell"), fit, {}).error().message,
              HasSubstr("different families"));
  EXPECT_THAT(compare_models(logit_fit("strat", "ell"), fit, {}).error().message,
              HasSubstr("different cases (200 and 183)"));
  const auto probit = fit_of("clus1", "awards ~ ell", with_family(GlmFamily::kBinomial));
  EXPECT_THAT(compare_models(*probit, fit, {}).error().message, HasSubstr("different responses"));
  const auto mean = fit_of("clus1", "api00 ~ 1");
  EXPECT_THAT(test_terms_in_order(test_sample("clus1").sample, *mean, {}).error().message,
              HasSubstr("no term to test"));
}

// Fifteen clusters give the covariance rank 14 at most.
TEST(TermTest, MoreContrastsThanClustersHaveNoWaldTest) {
  const auto fit = fit_of("clus1",
                          "api00 ~ stype * comp_imp + stype * poor + ell * size + meals * awards + "
                          "mobility + api99 + api_stu + enroll");
  ASSERT_TRUE(fit) << fit.error().message;
  ASSERT_LE(fit->df_residual, 0);
  EXPECT_THAT(coefficient_table(*fit).error().message, HasSubstr("degrees of freedom"));
  EXPECT_THAT(test_terms(*fit, {"ell"}, {}).error().message, HasSubstr("degrees of freedom"));
  const Matrix all =
      Matrix::Identity(fit->coefficients.value.size(), fit->coefficients.value.size());
  EXPECT_THAT(wald_test(fit->coefficients, all, Vector(), 14).error().message,
              HasSubstr("not full rank"));
}

TEST(Criteria, AicBicAndPseudoRSquaredAreRs) {
  for (const std::string& design : testing::kSampleNames) {
    const std::string name = "criteria_" + design;
    const GlmFit fit = logit_fit(design);
    const auto criteria = criteria_of(fit);
    ASSERT_TRUE(criteria);
    const auto value = [&](const char* label) { return expected().one(name, label); };
    EXPECT_TRUE(near_rel(criteria->effective_parameters, value("eff_p"), kR, name));
    EXPECT_TRUE(near_rel(criteria->aic, value("aic"), kR, name));
    EXPECT_TRUE(near_rel(*criteria->mean_effect, value("deltabar"), kR, name));
    const auto bic = bic_within(logit_fit(design, "ell"), fit);
    ASSERT_TRUE(bic);
    EXPECT_EQ(static_cast<double>(bic->parameters), value("bic_p"));
    EXPECT_TRUE(near_rel(bic->bic, value("bic"), kR, name));
    EXPECT_TRUE(near_rel(*bic->effective_n, value("bic_neff"), kR, name));
    const auto squared = pseudo_r_squared(fit);
    ASSERT_TRUE(squared);
    EXPECT_TRUE(near_rel(squared->cox_snell, value("cox_snell"), kR, name));
    EXPECT_TRUE(near_rel(squared->nagelkerke, value("nagelkerke"), kR, name));
  }
}

TEST(Criteria, AGaussianAicIsThatOfThePaper) {
  for (const std::string& design : testing::kSampleNames) {
    const std::string name = "criteria_linear_" + design;
    const auto criteria = criteria_of(linear_fit(design));
    ASSERT_TRUE(criteria);
    EXPECT_TRUE(near_rel(criteria->effective_parameters, expected().one(name, "eff_p"), kR, name));
    EXPECT_TRUE(near_rel(criteria->aic, expected().one(name, "aic"), kR, name));
    EXPECT_TRUE(near_rel(*criteria->mean_effect, expected().one(name, "deltabar"), kR, name));
  }
}

TEST(Criteria, WithoutTermsNothingIsPenalised) {
  const GlmFit fit = logit_fit("strat", "1");
  const auto criteria = criteria_of(fit);
  ASSERT_TRUE(criteria);
  EXPECT_EQ(criteria->effective_parameters, 0);
  EXPECT_EQ(criteria->aic, fit.deviance);
  EXPECT_FALSE(criteria->mean_effect);
  EXPECT_NEAR(pseudo_r_squared(fit)->cox_snell, 0, 1e-12);
  const GlmFit large = logit_fit("strat");
  EXPECT_FALSE(bic_within(large, large)->effective_n);
}

TEST(Criteria, WhatIsNotComparableSaysWhy) {
  const GlmFit fit = logit_fit("strat", "ell");
  EXPECT_THAT(bic_within(logit_fit("strat", "mobility"), fit).error().message,
              HasSubstr("no coefficient 'mobility'"));
  EXPECT_THAT(bic_within(logit_fit("clus1", "ell"), fit).error().message,
              HasSubstr("different cases (183 and 200)"));
  EXPECT_THAT(pseudo_r_squared(linear_fit("strat")).error().message,
              HasSubstr("not of a gaussian one"));
}

}  // namespace
}  // namespace barometer
