#include "barometer/model/loglinear.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/model/model_test_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using testing::expect_matches;
using testing::expected;
using testing::formula_of;
using ::testing::HasSubstr;
using testing::near_rel;
using testing::test_sample;

constexpr double kR = 1e-9;
constexpr double kDifference = 1e-7;  // of two deviances, and of squares of small differences

Result<LoglinearFit> loglin(const std::string& design, const std::string& formula,
                            Domain domain = {}) {
  const auto& [data, sample] = test_sample(design);
  return fit_loglinear(sample, data, formula_of(formula), domain);
}

struct Named {
  std::string name;
  std::string formula;
};
const std::vector<Named>& models() {
  static const std::vector<Named> kModels = {
      {"a", "~ size + comp_imp + poor"},
      {"b", "~ size + comp_imp + poor + size:comp_imp"},
      {"c", "~ size + comp_imp + poor + size:comp_imp + comp_imp:poor"},
      {"sat", "~ stype * comp_imp"}};
  return kModels;
}

TEST(Loglinear, CoefficientsUnderEachDesignAreRs) {
  for (const std::string& design : testing::kSampleNames) {
    for (const auto& [model, formula] : models()) {
      const std::string name = "loglin_" + model + "_" + design;
      const auto fit = loglin(design, formula);
      ASSERT_TRUE(fit) << name << ": " << fit.error().message;
      EXPECT_EQ(fit->labels, expected().of(name, "coef").labels);
      expect_matches(fit->coefficients.value, name, "coef", kR, "R refitted to the end");
      expect_matches(fit->coefficients.covariance, name, "vcov", kR, "R refitted to the end");
      EXPECT_TRUE(near_rel(fit->intercept, expected().one(name, "intercept"), kR, name));
      EXPECT_EQ(static_cast<double>(fit->n), expected().one(name, "n"));
      EXPECT_EQ(fit->coefficients.df, expected().one(name, "df_null"));
      if (model == "sat") {
        EXPECT_NEAR(fit->deviance, 0, 1e-10) << "a saturated model";
      } else {
        EXPECT_TRUE(near_rel(fit->deviance, expected().one(name, "deviance"), kR, name));
      }
    }
  }
}

void expect_comparison(const std::string& design, const std::string& pair, const std::string& small,
                       const std::string& large) {
  const std::string name = "loglin_anova_" + pair + "_" + design;
  const auto test = compare_loglinear(loglin(design, small).value(), loglin(design, large).value());
  ASSERT_TRUE(test) << name << ": " << test.error().message;
  const auto expect = [&](double actual, const std::string& label, double tolerance) {
    EXPECT_TRUE(near_rel(actual, expected().one(name, label), tolerance, name)) << label;
  };
  EXPECT_EQ(static_cast<double>(test->df), expected().one(name, "df"));
  expect(test->deviance.statistic, "deviance", kDifference);
  expect(test->deviance.first_order, "deviance_chisq_p", kDifference);
  expect(test->deviance.as_printed_by_r, "deviance_f_p", kDifference);
  expect(test->deviance.saddlepoint, "deviance_saddlepoint_p", 1e-6);
  expect(test->score.statistic, "score", kDifference);
  expect(test->score.first_order, "score_chisq_p", kDifference);
  expect(test->score.as_printed_by_r, "score_f_p", kDifference);
  // For the score R takes the eigenvalues of Δ as if it were symmetric; of one column it is.
  if (test->df == 1) expect(test->score.saddlepoint, "score_saddlepoint_p", 1e-6);
  EXPECT_TRUE(near_rel(test->score.integration, test->score.saddlepoint, 0.15,
                       "a saddlepoint is near the exact tail"));
}

TEST(Loglinear, ComparisonsUnderEachDesignAreRsAnova) {
  for (const std::string& design : testing::kSampleNames) {
    expect_comparison(design, "ab", models()[0].formula, models()[1].formula);
    expect_comparison(design, "ac", models()[0].formula, models()[2].formula);
    expect_comparison(design, "bc", models()[1].formula, models()[2].formula);
    expect_comparison(design, "two", "~ stype + comp_imp", models()[3].formula);
  }
}

// The model of two margins alone has the product of its margins.
TEST(Loglinear, IndependenceIsTheProductOfTheMargins) {
  const auto fit = loglin("clus1", "~ poor + size");
  ASSERT_TRUE(fit);
  const Vector& p = fit->proportions.value;
  EXPECT_THAT(fit->categories[0], ElementsAre("no", "yes"));
  const double first = p(0) + p(2), row = p(0) + p(1);
  EXPECT_NEAR(fit->fitted(0), first * row, 1e-12);
  EXPECT_NEAR(fit->fitted.sum(), 1, 1e-12);
}

// One variable: the sum contrasts of two categories are half their log odds.
TEST(Loglinear, OneVariableIsTheLogOddsOfItsShare) {
  for (const std::string& design : testing::kSampleNames) {
    const auto fit = loglin(design, "~ poor");
    ASSERT_TRUE(fit) << fit.error().message;
    const double p = fit->proportions.value(0);
    EXPECT_TRUE(near_rel(fit->coefficients.value(0), std::log(p / (1 - p)) / 2, 1e-11, design));
    EXPECT_TRUE(near_rel(fit->coefficients.se(0), fit->proportions.se(0) / (2 * p * (1 - p)), 1e-10,
                         "delta method"));
  }
}

// For one column all codings agree, and so do both F tests.
TEST(Loglinear, BothFTestsOfOneColumnAreOne) {
  const auto test = compare_loglinear(loglin("clus1", models()[0].formula).value(),
                                      loglin("clus1", models()[1].formula).value());
  ASSERT_TRUE(test);
  EXPECT_EQ(test->df, 1U);
  EXPECT_TRUE(near_rel(test->score.second_order, test->score.as_printed_by_r, 1e-12, "identity"));
}

TEST(Loglinear, ADomainCountsItsOwnCases) {
  const auto cases = testing::cases_where(test_sample("strat").data, "poor", "yes");
  const auto fit = loglin("strat", "~ size + stype", cases);
  ASSERT_TRUE(fit) << fit.error().message;
  EXPECT_EQ(fit->n, static_cast<size_t>(std::ranges::count(cases, 1)));
}

TEST(Loglinear, WhatCannotBeFittedSaysWhy) {
  const auto message = [](const std::string& formula) {
    const auto fit = loglin("strat", formula);
    return fit ? "" : fit.error().message;
  };
  EXPECT_THAT(message("poor ~ size"), HasSubstr("has no response"));
  EXPECT_THAT(message("~ poor + size - 1"), HasSubstr("has an intercept"));
  EXPECT_THAT(message("~ 1"), HasSubstr("at least one term"));
  EXPECT_THAT(message("~ poor + I(meals > 3)"), HasSubstr("'I(meals > 3)' is no variable"));
  EXPECT_THAT(message("~ poor:size"), HasSubstr("'poor:size' is in the model without all"));
  EXPECT_THAT(message("~ poor + fpc + enroll + api_stu"), HasSubstr("cells"));
  EXPECT_THAT(message("~ poor + nothing"), HasSubstr("nothing"));
  // Some combinations of the three have no school, so that the saturated model has no end.
  EXPECT_THAT(loglin("clus1", "~ stype * comp_imp * sch_wide").error().message,
              HasSubstr("grows without bound"));
  const auto rich = testing::cases_where(test_sample("strat").data, "poor", "no");
  EXPECT_THAT(loglin("strat", "~ poor + size", rich).error().message,
              HasSubstr("'poor' has fewer than two categories"));
}

TEST(Loglinear, WhatCannotBeComparedSaysWhy) {
  const LoglinearFit a = loglin("strat", models()[0].formula).value();
  const LoglinearFit b = loglin("strat", models()[1].formula).value();
  EXPECT_THAT(compare_loglinear(b, a).error().message, HasSubstr("has 4 coefficients"));
  EXPECT_THAT(compare_loglinear(loglin("strat", "~ stype + comp_imp").value(), b).error().message,
              HasSubstr("different tables: stype, comp_imp and size, comp_imp, poor"));
  EXPECT_THAT(compare_loglinear(loglin("clus1", models()[0].formula).value(), b).error().message,
              HasSubstr("different cases"));
  const LoglinearFit other = loglin("strat", "~ size + comp_imp + poor + size:poor").value();
  const LoglinearFit c = loglin("strat", models()[2].formula).value();
  EXPECT_THAT(compare_loglinear(other, c).error().message, HasSubstr("has no 'size1:poor1'"));
}

TEST(Loglinear, ComparisonsWithoutDegreesOfFreedomOrVarianceAreNoTests) {
  const auto& [data, designed] = test_sample("jk");
  const auto said = [&data = data, &designed = designed](auto change) {
    Replicates replicates = *designed.replicates();
    change(replicates);
    const Sample sample =
        Sample::replicated({designed.weights().begin(), designed.weights().end()}, replicates)
            .value();
    const auto fit = [&](size_t model) {
      return fit_loglinear(sample, data, formula_of(models()[model].formula), {}).value();
    };
    const auto test = compare_loglinear(fit(0), fit(1));
    return test ? std::string("a test") : test.error().message;
  };
  EXPECT_EQ(said([](Replicates&) {}), "a test");
  EXPECT_THAT(said([](Replicates& r) { r.weights.colwise() = Vector(r.weights.col(0)); }),
              HasSubstr("leaves 0 degrees of freedom"));
  EXPECT_THAT(said([](Replicates& r) { r.scale = 0; }), HasSubstr("have no variance"));
}

}  // namespace
}  // namespace barometer
