#include "barometer/model/ordinal.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/model/model_test_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using testing::expected;
using testing::formula_of;
using ::testing::HasSubstr;
using testing::near_rel;
using testing::test_sample;
using testing::TestSample;

// R's optimiser ends where its own differences end, at some 1e-8; its Hessian, and so its standard
// errors, come from differences of the gradient.
constexpr double kOptimiser = 1e-6;
// R fits each replicate again with its optimiser's standard stop, 1e-8 of the deviance.
constexpr double kReplicates = 2e-3;

Result<OrdinalFit> ordinal(const std::string& design, const std::string& formula,
                           Domain domain = {}, OrdinalLink link = OrdinalLink::kLogit) {
  const TestSample& from = test_sample(design);
  return fit_ordinal(from.sample, from.data, formula_of(formula), domain, {.link = link});
}

// The answers of NHANES 2009-10 on cholesterol, weights summed by unit and answer.
const TestSample& nhanes() {
  static const TestSample kNhanes = [] {
    Dataset data = testing::model_data("nhanes_chol");
    DesignSpec spec;
    spec.case_count = data.case_count();
    spec.ids = {testing::codes_of(data, "SDMVPSU")};
    spec.strata = {testing::codes_of(data, "SDMVSTRA")};
    spec.nest = true;
    spec.weights = testing::numbers_of(data, "w");
    return TestSample{data, testing::sample_of(std::move(spec))};
  }();
  return kNhanes;
}

void expect_fit(const OrdinalFit& fit, const std::string& name, double tolerance) {
  const auto& values = expected().of(name, "coef").numbers;
  const auto& errors = expected().of(name, "se").numbers;
  ASSERT_EQ(static_cast<size_t>(fit.coefficients.value.size()), values.size());
  for (size_t j = 0; j < values.size(); ++j) {
    const auto at = static_cast<Eigen::Index>(j);
    EXPECT_TRUE(near_rel(fit.coefficients.value(at), values[j], kOptimiser, name)) << name << j;
    EXPECT_TRUE(near_rel(fit.coefficients.se(at), errors[j], tolerance, name)) << name << j;
  }
  EXPECT_EQ(fit.df_residual, expected().one(name, "df_residual")) << name;
}

TEST(Ordinal, ProportionalOddsOfNhanesAreRs) {
  const auto fit = fit_ordinal(nhanes().sample, nhanes().data,
                               formula_of("factor(age) ~ RIAGENDR + HI_CHOL"), {}, {});
  ASSERT_TRUE(fit) << fit.error().message;
  expect_fit(*fit, "olr_nhanes", kOptimiser);
  EXPECT_THAT(fit->labels, ElementsAre("RIAGENDR", "HI_CHOL", "1|2", "2|3", "3|4"));
}

// R survey 4.1.1 with its standard stop, on the 7,846 people themselves.
TEST(Ordinal, ProportionalOddsOfNhanesAreThoseOfTheUsualCall) {
  const auto fit = fit_ordinal(nhanes().sample, nhanes().data,
                               formula_of("factor(age) ~ RIAGENDR + HI_CHOL"), {}, {});
  ASSERT_TRUE(fit);
  const std::vector<std::pair<double, double>> printed = {
      {0.11197491324355383, 0.035955939896155774},
      {0.952410933479479, 0.07357886433148736},
      {-1.204395444769197, 0.05657654849494513},
      {0.2328962872812832, 0.08787862346247383},
      {1.7024911010134625, 0.1006968495995729}};
  for (size_t j = 0; j < printed.size(); ++j) {
    const auto at = static_cast<Eigen::Index>(j);
    EXPECT_TRUE(near_rel(fit->coefficients.value(at), printed[j].first, 1e-4, "its stop"));
    EXPECT_TRUE(near_rel(fit->coefficients.se(at), printed[j].second, 1e-4, "its stop"));
  }
}

TEST(Ordinal, ProbitOfNhanesIsRs) {
  const auto fit =
      fit_ordinal(nhanes().sample, nhanes().data, formula_of("factor(age) ~ RIAGENDR + HI_CHOL"),
                  {}, {.link = OrdinalLink::kProbit});
  ASSERT_TRUE(fit) << fit.error().message;
  expect_fit(*fit, "olr_nhanes_probit", kOptimiser);
}

TEST(Ordinal, SchoolsBySizeUnderEachDesignAreRs) {
  for (const std::string& design : testing::kSampleNames) {
    const auto fit = ordinal(design, "grade ~ I(meals/100) + comp_imp");
    ASSERT_TRUE(fit) << design << ": " << fit.error().message;
    expect_fit(*fit, "olr_" + design, design == "jk" ? kReplicates : kOptimiser);
    if (design == "jk") continue;  // R divides by another mean weight there
    EXPECT_TRUE(near_rel(fit->deviance, expected().one("olr_" + design, "deviance"), 1e-9,
                         "flat at the maximum"));
  }
}

// Without slopes the cutpoints are the logits of the cumulative shares.
TEST(Ordinal, WithoutTermsTheCutpointsAreLogitsOfTheShares) {
  for (const std::string& design : testing::kSampleNames) {
    const auto& [data, sample] = test_sample(design);
    const auto fit = ordinal(design, "grade ~ 1");
    ASSERT_TRUE(fit) << fit.error().message;
    const Levels levels = levels_of(data, "grade").value();
    std::vector<uint8_t> known;
    Matrix small(static_cast<Eigen::Index>(data.case_count()), 1);
    for (size_t i = 0; i < data.case_count(); ++i) {
      known.push_back(levels.codes[i] >= 0 ? 1 : 0);
      small(static_cast<Eigen::Index>(i), 0) = levels.codes[i] <= 1 ? 1 : 0;
    }
    const Smooth logit{
        1, [](const Vector& p) { return Vector(Vector::Constant(1, std::log(p(0) / (1 - p(0))))); },
        [](const Vector& p) { return Matrix(Matrix::Constant(1, 1, 1 / (p(0) * (1 - p(0))))); }};
    const auto share = estimate(sample, *derived(mean_of(small, known), logit), Progress());
    EXPECT_TRUE(near_rel(fit->coefficients.value(1), share->value(0), 1e-11, design));
    EXPECT_TRUE(near_rel(fit->coefficients.se(1), share->se(0), 1e-10, design));
  }
}

TEST(Ordinal, ProbabilitiesOfACaseSumToOne) {
  const auto fit = ordinal("strat", "grade ~ meals + stype");
  ASSERT_TRUE(fit);
  EXPECT_LT((fit->fitted.rowwise().sum().array() - 1).abs().maxCoeff(), 1e-12);
  EXPECT_GT(fit->fitted.minCoeff(), 0);
}

TEST(Ordinal, AShiftedOrScaledColumnIsTheSameModel) {
  const auto fit = ordinal("strat", "grade ~ meals");
  ASSERT_TRUE(fit);
  const auto shifted = ordinal("strat", "grade ~ I(meals - 50)");
  const auto scaled = ordinal("strat", "grade ~ I(meals / -7)");
  ASSERT_TRUE(shifted && scaled);
  const Vector& b = fit->coefficients.value;
  EXPECT_TRUE(near_rel(shifted->coefficients.value(0), b(0), 1e-11, "a shift"));
  EXPECT_TRUE(near_rel(shifted->coefficients.value(1), b(1) - 50 * b(0), 1e-10, "a shift"));
  EXPECT_TRUE(near_rel(scaled->coefficients.value(0), -7 * b(0), 1e-11, "a scale"));
  EXPECT_TRUE(near_rel(scaled->coefficients.se(0), 7 * fit->coefficients.se(0), 1e-11, "a scale"));
  EXPECT_TRUE(near_rel(scaled->deviance, fit->deviance, 1e-12, "the same model"));
}

TEST(Ordinal, ATestOfOneSlopeIsItsTSquared) {
  const auto fit = ordinal("clus1", "grade ~ meals + comp_imp");
  ASSERT_TRUE(fit);
  const auto test = test_ordinal_terms(*fit, {"comp_imp"});
  ASSERT_TRUE(test) << test.error().message;
  const double t = fit->coefficients.value(1) / fit->coefficients.se(1);
  EXPECT_TRUE(near_rel(test->f, t * t, 1e-12, "identity"));
  EXPECT_EQ(test->denominator_df, 12);
}

TEST(Ordinal, ADomainIsTheCasesInIt) {
  const auto cases = testing::cases_where(test_sample("strat").data, "poor", "yes");
  const auto fit = ordinal("strat", "grade ~ ell", cases);
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->n, static_cast<size_t>(std::ranges::count(cases, 1)));
  EXPECT_EQ(fit->cases, cases);
}

TEST(Ordinal, WhatCannotBeFittedSaysWhy) {
  const auto message = [](const std::string& formula, Domain domain = {}) {
    const auto fit = ordinal("strat", formula, domain);
    return fit ? "" : fit.error().message;
  };
  EXPECT_THAT(message("~ meals"), HasSubstr("no response"));
  EXPECT_THAT(message("grade ~ meals - 1"), HasSubstr("leave - 1 or + 0 out"));
  EXPECT_THAT(message("poor ~ meals"), HasSubstr("levels no, yes; an ordinal model needs three"));
  EXPECT_THAT(message("grade ~ meals + I(2 * meals)"),
              HasSubstr("'I(2 * meals)' is a combination"));
  EXPECT_THAT(message("grade ~ meals + I(meals * 0)"), HasSubstr("'I(meals * 0)' is constant"));
  EXPECT_THAT(message("grade ~ enroll"), HasSubstr("'enroll' grows without bound"));
  EXPECT_THAT(message("nothing ~ meals"), HasSubstr("nothing"));
  const std::vector<uint8_t> nobody(200, 0);
  EXPECT_THAT(message("grade ~ meals", nobody), ::testing::Not(""));
  const auto fit = ordinal("strat", "grade ~ meals");
  EXPECT_THAT(test_ordinal_terms(*fit, {"ell"}).error().message,
              HasSubstr("no term 'ell'; its terms are meals"));
}

TEST(Ordinal, AReplicateWithoutALevelSaysWhich) {
  const Dataset& data = test_sample("strat").data;
  const Levels levels = levels_of(data, "grade").value();
  Replicates replicates;
  replicates.weights.resize(200, 2);
  for (Eigen::Index i = 0; i < 200; ++i) {
    replicates.weights(i, 0) = 1;
    replicates.weights(i, 1) = levels.codes[static_cast<size_t>(i)] == 3 ? 0 : 1;
  }
  replicates.rscales = {1, 1};
  const Sample two = Sample::replicated(std::vector<double>(200, 1), replicates).value();
  const auto fit = fit_ordinal(two, data, formula_of("grade ~ meals"), {}, {});
  EXPECT_THAT(fit.error().message,
              HasSubstr("replicate 2: no case with a weight has the level 'd'"));
}

}  // namespace
}  // namespace barometer
