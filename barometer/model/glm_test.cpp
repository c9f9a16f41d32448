#include "barometer/model/glm.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/model/model_test_internal.h"

namespace barometer {
namespace {

using testing::cases_where;
using testing::expect_matches;
using testing::expected;
using testing::fit_of;
using testing::formula_of;
using ::testing::HasSubstr;
using testing::made_sample;
using testing::near_rel;
using testing::test_sample;
using testing::TestSample;
using testing::with_family;

constexpr double kR = 1e-9;

struct Model {
  std::string name;
  std::string formula;
  GlmOptions options;
  std::string only = {};  // a category of comp_imp
};

const std::vector<Model>& models() {
  static const std::vector<Model> kModels = {
      {"gaussian", "api00 ~ ell + meals + mobility", {}},
      {"factor", "api00 ~ stype * ell + log(enroll)", {}},
      {"logit", "sch_wide ~ ell + meals", with_family(GlmFamily::kBinomial)},
      {"probit", "sch_wide ~ ell + meals", with_family(GlmFamily::kBinomial, GlmLink::kProbit)},
      {"cloglog", "sch_wide ~ ell + meals", with_family(GlmFamily::kBinomial, GlmLink::kCloglog)},
      {"poisson", "api_stu ~ stype + meals", with_family(GlmFamily::kPoisson)},
      {"gammainverse", "api_stu ~ stype + meals", with_family(GlmFamily::kGamma)},
      {"gammalog", "api_stu ~ stype + meals", with_family(GlmFamily::kGamma, GlmLink::kLog)},
      {"domain", "api00 ~ ell + meals", {}, "Yes"},
  };
  return kModels;
}

void expect_table(const GlmFit& fit, const std::string& name) {
  const auto table = coefficient_table(fit);
  ASSERT_TRUE(table) << table.error().message;
  for (size_t j = 0; j < table->size(); ++j) {
    const GlmCoefficient& row = (*table)[j];
    EXPECT_EQ(row.label, expected().of(name, "t").labels[j]);
    const auto value = [&](const char* quantity) {
      return expected().of(name, quantity).numbers[j];
    };
    EXPECT_TRUE(near_rel(*row.t, value("t"), kR, name));
    EXPECT_TRUE(near_rel(*row.p, value("p"), 1e-7, "the tail magnifies t's rounding"));
    EXPECT_TRUE(near_rel(row.low, value("low"), kR, name));
    EXPECT_TRUE(near_rel(row.high, value("high"), kR, name));
  }
}

// R scales the residuals by weights of mean 1 over all cases, then over the complete ones; here
// each is over the complete ones. (For replicated designs its weights sum to 1, or to n.)
void expect_dispersion(const GlmFit& fit, const std::string& name) {
  const double scale = fit.mean_weight / (fit.weight_sum / static_cast<double>(fit.n));
  EXPECT_TRUE(near_rel(fit.dispersion, expected().one(name, "dispersion") * scale, kR, name));
}

TEST(Glm, EachFamilyAndLinkUnderEachDesignIsRs) {
  for (const std::string& design : testing::kSampleNames) {
    for (const Model& model : models()) {
      const std::string name = model.name + "_" + design;
      std::vector<uint8_t> only;
      if (!model.only.empty()) {
        only = cases_where(test_sample(design).data, "comp_imp", model.only);
      }
      const auto fit = fit_of(design, model.formula, model.options, only);
      ASSERT_TRUE(fit) << name << ": " << fit.error().message;
      EXPECT_EQ(fit->labels, expected().of(name, "coef").labels);
      expect_matches(fit->coefficients.value, name, "coef", kR, "R refitted to the end");
      expect_matches(fit->coefficients.covariance, name, "vcov", kR, "R refitted to the end");
      EXPECT_EQ(fit->df_residual, expected().one(name, "df_residual")) << name;
      if (design != "jk") expect_dispersion(*fit, name);
      EXPECT_TRUE(near_rel(fit->deviance, expected().one(name, "deviance"), kR, name)) << name;
      EXPECT_TRUE(near_rel(*fit->null_deviance, expected().one(name, "null_deviance"), kR, name))
          << name;
      expect_table(*fit, name);
    }
  }
}

TEST(Glm, WithRsOwnStopItsOwnDigitsAreMet) {
  for (const std::string& design : testing::kSampleNames) {
    for (const Model& model : models()) {
      if (model.name != "logit" && model.name != "cloglog" && model.name != "poisson" &&
          model.name != "gammalog") {
        continue;
      }
      const std::string name = "usual_" + model.name + "_" + design;
      GlmOptions options = model.options;
      options.stop_as_r = true;
      const auto fit = fit_of(design, model.formula, options);
      ASSERT_TRUE(fit) << name << ": " << fit.error().message;
      expect_matches(fit->coefficients.value, name, "coef", kR, "R's steps");
      expect_matches(fit->coefficients.covariance, name, "vcov", kR, "R's steps");
      EXPECT_TRUE(near_rel(fit->deviance, expected().one(name, "deviance"), kR, name)) << name;
      expect_table(*fit, name);
    }
  }
}

// R survey 4.1.1's usual calls.
TEST(Glm, TheUsualCallsAreRs) {
  struct Printed {
    const char* design;
    const char* formula;
    GlmOptions options;
    std::vector<std::pair<double, double>> values;  // with standard errors
    double df;
  };
  const std::vector<Printed> all = {{"clus1",
                                     "I(sch_wide == 'Yes') ~ ell + meals + mobility",
                                     with_family(GlmFamily::kBinomial),
                                     {{1.7261001737154829, 0.7011348598754185},
                                      {0.04009480176282736, 0.012573071573524431},
                                      {-0.020788310850582917, 0.009210754902153808},
                                      {0.01458036553544567, 0.025829979908448267}},
                                     11},
                                    {"strat",
                                     "api00 ~ stype + ell",
                                     {},
                                     {{775.7306583868208, 11.849649018573942},
                                      {-94.30409173057073, 13.762882733480252},
                                      {-59.75026975434784, 15.858481996302075},
                                      {-4.029461351902187, 0.3094400140647094}},
                                     194}};
  for (const Printed& printed : all) {
    GlmOptions options = printed.options;
    options.stop_as_r = true;
    const auto fit = fit_of(printed.design, printed.formula, options);
    ASSERT_TRUE(fit) << fit.error().message;
    EXPECT_EQ(fit->df_residual, printed.df);
    for (size_t j = 0; j < printed.values.size(); ++j) {
      const auto at = static_cast<Eigen::Index>(j);
      const auto& [value, se] = printed.values[j];
      EXPECT_TRUE(near_rel(fit->coefficients.value(at), value, kR, "R's steps"));
      EXPECT_TRUE(near_rel(fit->coefficients.se(at), se, kR, "R's steps"));
    }
  }
}

TEST(Glm, AMissingCovariateLeavesTheDomainOfCompleteCases) {
  const auto fit = fit_of("strat", "api00 ~ meals + acs_46");
  ASSERT_TRUE(fit) << fit.error().message;
  for (const char* name : {"missing_strat", "missing_strat_R"}) {
    expect_matches(fit->coefficients.value, name, "coef", kR, name);
    expect_matches(fit->coefficients.covariance, name, "vcov", kR, name);
    EXPECT_EQ(fit->df_residual, expected().one(name, "df_residual"));
  }
  EXPECT_TRUE(near_rel(fit->deviance, expected().one("missing_strat_R", "deviance"), kR, "R"));
  EXPECT_LT(fit->n, 200U);
}

// Textbooks: each case counts its weight; the naive covariance at the weights themselves.

struct Textbook {
  GlmFamily family;
  GlmLink link;
  std::string formula;
  std::vector<double> values, errors;
  double deviance;
  double printed;  // half a unit of the last digit
};

void expect_textbook(const TestSample& from, const Textbook& book) {
  const auto fit = fit_glm(from.sample, from.data, formula_of(book.formula), {},
                           with_family(book.family, book.link));
  ASSERT_TRUE(fit) << fit.error().message;
  for (size_t j = 0; j < book.values.size(); ++j) {
    const auto at = static_cast<Eigen::Index>(j);
    EXPECT_NEAR(fit->coefficients.value(at), book.values[j], book.printed);
    if (book.errors.empty()) continue;
    EXPECT_NEAR(std::sqrt(fit->naive_covariance(at, at) / fit->mean_weight), book.errors[j],
                book.printed);
  }
  EXPECT_NEAR(fit->deviance * fit->mean_weight, book.deviance, book.printed);
}

// Bliss, Ann. Appl. Biol. 22 (1935): beetles killed by gas. Dobson, "An Introduction to Generalized
// Linear Models", 2nd ed. 2002, section 7.3: logistic, probit and extreme value models.
TEST(Glm, BeetleMortalityIsDobsons) {
  const std::vector<double> beetles = {59, 60, 62, 56, 63, 59, 62, 60};
  const std::vector<double> killed = {6, 13, 18, 28, 52, 53, 61, 60};
  std::vector<double> share;
  for (size_t i = 0; i < 8; ++i) share.push_back(killed[i] / beetles[i]);
  const TestSample from =
      made_sample({{"dose", {1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.8610, 1.8839}},
                   {"share", share}},
                  beetles);
  const GlmFamily binomial = GlmFamily::kBinomial;
  const std::string formula = "share ~ dose";
  expect_textbook(
      from, {binomial, GlmLink::kLogit, formula, {-60.72, 34.27}, {5.18, 2.91}, 11.23, 0.006});
  expect_textbook(
      from, {binomial, GlmLink::kProbit, formula, {-34.94, 19.73}, {2.64, 1.48}, 10.12, 0.011});
  expect_textbook(
      from, {binomial, GlmLink::kCloglog, formula, {-39.57, 22.04}, {3.23, 1.79}, 3.45, 0.011});
}

// McCullagh & Nelder 1989, section 8.4.2: clotting times of plasma, in two lots.
TEST(Glm, ClottingTimesAreMcCullaghAndNelders) {
  const std::vector<double> u = {5, 10, 15, 20, 30, 40, 60, 80, 100};
  const TestSample from = made_sample({{"u", u},
                                       {"lot1", {118, 58, 42, 35, 27, 25, 21, 19, 18}},
                                       {"lot2", {69, 35, 26, 21, 18, 16, 13, 12, 12}}},
                                      std::vector<double>(9, 1));
  expect_textbook(from, {GlmFamily::kGamma,
                         GlmLink::kInverse,
                         "lot1 ~ log(u)",
                         {-0.01655, 0.01534},
                         {},
                         0.01673,
                         0.0000051});
  expect_textbook(from, {GlmFamily::kGamma,
                         GlmLink::kInverse,
                         "lot2 ~ log(u)",
                         {-0.02391, 0.02360},
                         {},
                         0.01267,
                         0.0000051});
}

// Dobson 1990, p. 93: a trial's counts by outcome and treatment, as in R's help of glm.
TEST(Glm, CountsOfATrialAreDobsons) {
  const TestSample from = made_sample({{"counts", {18, 17, 15, 20, 10, 20, 25, 13, 12}},
                                       {"outcome", {1, 2, 3, 1, 2, 3, 1, 2, 3}},
                                       {"treatment", {1, 1, 1, 2, 2, 2, 3, 3, 3}}},
                                      std::vector<double>(9, 1));
  expect_textbook(from, {GlmFamily::kPoisson,
                         GlmLink::kLog,
                         "counts ~ factor(outcome) + factor(treatment)",
                         {3.0445, -0.4543, -0.2930, 0, 0},
                         {0.1709, 0.2022, 0.1927, 0.2, 0.2},
                         5.1291,
                         0.000051});
}

TEST(Glm, FittedValuesStandBesideTheirCases) {
  const auto cases = cases_where(test_sample("strat").data, "poor", "yes");
  const auto fit = fit_of("strat", "sch_wide ~ ell", with_family(GlmFamily::kBinomial), cases);
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->cases, cases);
  double observed = 0, predicted = 0;
  for (size_t i = 0; i < cases.size(); ++i) {
    const double weight = test_sample("strat").sample.weights()[i];
    observed += cases[i] * weight * fit->response[i];
    predicted += weight * fit->fitted[i];
    EXPECT_EQ(fit->fitted[i] > 0, cases[i] == 1);
  }
  EXPECT_TRUE(near_rel(observed, predicted, 1e-12, "the intercept's score equation"));
}

// What is refused.

TEST(GlmRefusal, ResponsesThatTheFamilyCannotHave) {
  const auto message = [](const std::string& formula, GlmFamily family) {
    const auto fit = fit_of("strat", formula, with_family(family));
    return fit ? "" : fit.error().message;
  };
  EXPECT_THAT(message("stype ~ ell", GlmFamily::kBinomial), HasSubstr("stype"));
  EXPECT_THAT(message("stype ~ ell", GlmFamily::kGaussian), HasSubstr("stype"));
  EXPECT_THAT(message("api00 ~ ell", GlmFamily::kBinomial),
              HasSubstr("lies between 0 and 1; that of row 1 is 840"));
  EXPECT_THAT(message("I(-ell) ~ meals", GlmFamily::kPoisson),
              HasSubstr("a poisson response is at least 0; that of row 1 is -25"));
  EXPECT_THAT(message("ell ~ meals", GlmFamily::kGamma),
              HasSubstr("a gamma response is above 0; that of row"));
  EXPECT_THAT(message("~ ell", GlmFamily::kGaussian), HasSubstr("no response left of its ~"));
  EXPECT_THAT(message("api00 ~ nothing", GlmFamily::kGaussian), HasSubstr("nothing"));
}

TEST(GlmRefusal, LinksThatTheFamilyDoesNotHave) {
  EXPECT_THAT(fit_of("strat", "api00 ~ ell", with_family(GlmFamily::kGaussian, GlmLink::kLogit))
                  .error()
                  .message,
              HasSubstr("the gaussian family has no logit link"));
  EXPECT_THAT(parse_glm_family("normal").error().message, HasSubstr("'normal' is no family"));
  EXPECT_THAT(parse_glm_link("cauchit").error().message, HasSubstr("'cauchit' is no link"));
  EXPECT_EQ(*parse_glm_family("quasibinomial"), GlmFamily::kBinomial);
  EXPECT_EQ(*parse_glm_family("Gamma"), GlmFamily::kGamma);
}

TEST(GlmRefusal, ColumnsThatCannotBeToldApart) {
  const auto message = [](const std::string& formula) {
    const auto fit = fit_of("strat", formula);
    return fit ? "" : fit.error().message;
  };
  EXPECT_THAT(message("api00 ~ ell + I(3 - 2 * ell)"),
              HasSubstr("'I(3 - 2 * ell)' is a combination"));
  EXPECT_THAT(message("api00 ~ ell + I(0 * ell)"), HasSubstr("'I(0 * ell)' is 0 for every case"));
  EXPECT_THAT(message("api00 ~ stype + factor(fpc)"), HasSubstr("'factor(fpc)1018' is a"));
  const auto schools = cases_where(test_sample("strat").data, "grade", "a");
  EXPECT_THAT(
      fit_of("strat", "api00 ~ ell + factor(meals) + factor(mobility) + factor(api99)", {}, schools)
          .error()
          .message,
      HasSubstr("cannot tell"));
}

TEST(GlmRefusal, AnEmptyDomain) {
  const std::vector<uint8_t> nobody(200, 0);
  const auto fit = fit_of("strat", "api00 ~ ell", {}, nobody);
  EXPECT_THAT(fit.error().message, HasSubstr("no case"));
}

struct Separated {
  std::string what;
  std::vector<double> x, y;
  GlmFamily family;
  std::optional<GlmLink> link;
  std::string column;
};

TEST(GlmRefusal, CoefficientsThatGrowWithoutBound) {
  const std::vector<double> line = {1, 2, 3, 4, 5, 6, 7, 8};
  const std::vector<double> group = {0, 0, 0, 0, 0, 1, 1, 1};
  const std::vector<Separated> all = {
      {"complete", line, {0, 0, 0, 0, 1, 1, 1, 1}, GlmFamily::kBinomial, {}, "x"},
      {"the other way", line, {1, 1, 1, 1, 0, 0, 0, 0}, GlmFamily::kBinomial, {}, "x"},
      {"touching",
       {1, 2, 3, 4, 4, 5, 6, 7},
       {0, 0, 0, 0, 1, 1, 1, 1},
       GlmFamily::kBinomial,
       {},
       "x"},
      {"a category of ones", group, {0, 1, 0, 1, 0, 1, 1, 1}, GlmFamily::kBinomial, {}, "x"},
      {"a category of zeros", group, {0, 1, 0, 1, 0, 0, 0, 0}, GlmFamily::kBinomial, {}, "x"},
      {"a base of zeros", group, {0, 0, 0, 0, 0, 0, 1, 1}, GlmFamily::kBinomial, {}, "x"},
      {"only zeros", line, {0, 0, 0, 0, 0, 0, 0, 0}, GlmFamily::kBinomial, {}, "(Intercept)"},
      {"probit", group, {0, 1, 0, 1, 0, 1, 1, 1}, GlmFamily::kBinomial, GlmLink::kProbit, "x"},
      {"cloglog up", group, {0, 1, 0, 1, 0, 1, 1, 1}, GlmFamily::kBinomial, GlmLink::kCloglog, "x"},
      {"cloglog down",
       group,
       {0, 1, 0, 1, 0, 0, 0, 0},
       GlmFamily::kBinomial,
       GlmLink::kCloglog,
       "x"},
      {"no counts", group, {2, 1, 0, 3, 1, 0, 0, 0}, GlmFamily::kPoisson, {}, "x"},
  };
  for (const Separated& one : all) {
    const TestSample from = made_sample({{"x", one.x}, {"y", one.y}}, std::vector<double>(8, 2));
    const auto fit =
        fit_glm(from.sample, from.data, formula_of("y ~ x"), {}, with_family(one.family, one.link));
    ASSERT_FALSE(fit) << one.what << " " << fit->coefficients.value.transpose();
    EXPECT_THAT(fit.error().message,
                HasSubstr("the coefficient of '" + one.column + "' grows without bound"))
        << one.what;
  }
}

// Steep, with one case on the wrong side: large coefficients, and an end.
TEST(Glm, ANearlySeparatedModelIsFitted) {
  std::vector<double> x, y;
  for (int i = 0; i < 400; ++i) {
    x.push_back(i);
    y.push_back(i >= 200 ? 1 : 0);
  }
  y[199] = 1;
  y[200] = 0;
  const TestSample from = made_sample({{"x", x}, {"y", y}}, std::vector<double>(400, 1));
  for (const GlmLink link : {GlmLink::kLogit, GlmLink::kProbit, GlmLink::kCloglog}) {
    const auto fit = fit_glm(from.sample, from.data, formula_of("y ~ x"), {},
                             with_family(GlmFamily::kBinomial, link));
    ASSERT_TRUE(fit) << fit.error().message;
    EXPECT_GT(fit->coefficients.value(1), 0.5);
  }
}

TEST(GlmRefusal, AReplicateThatSeparatesSaysWhich) {
  const std::vector<double> x = {0, 0, 0, 0, 1, 1, 1, 1};
  const std::vector<double> y = {0, 1, 0, 1, 1, 1, 1, 0};
  const TestSample from = made_sample({{"x", x}, {"y", y}}, std::vector<double>(8, 1));
  Replicates replicates;
  replicates.weights = Matrix::Ones(8, 3);
  replicates.weights(7, 2) = 0;
  replicates.rscales = {1, 1, 1};
  const auto fit_with = [&](const Replicates& of) {
    const Sample sample = Sample::replicated(std::vector<double>(8, 1), of).value();
    return fit_glm(sample, from.data, formula_of("y ~ x"), {}, with_family(GlmFamily::kBinomial));
  };
  EXPECT_THAT(fit_with(replicates).error().message,
              HasSubstr("replicate 3: the coefficient of 'x' grows without bound"));
  replicates.weights.col(2).tail(4).setZero();
  EXPECT_THAT(fit_with(replicates).error().message, HasSubstr("replicate 3: the column 'x'"));
  replicates.weights.col(2).setZero();
  EXPECT_THAT(fit_with(replicates).error().message, HasSubstr("replicate 3: the weights"));
  replicates.weights.col(2).setConstant(-1);
  EXPECT_THAT(fit_with(replicates).error().message,
              HasSubstr("replicate 3: row 1 has the weight -1"));
}

TEST(GlmRefusal, AGammaModelWithoutValidStart) {
  const TestSample from = made_sample({{"x", {-1, -2, 3, 4}}, {"y", {1, 2, 3, 4}}}, {1, 1, 1, 1});
  EXPECT_THAT(
      fit_glm(from.sample, from.data, formula_of("y ~ x - 1"), {}, with_family(GlmFamily::kGamma))
          .error()
          .message,
      HasSubstr("no coefficients give every case a mean"));
}

TEST(GlmRefusal, IntervalsWithoutDegreesOfFreedom) {
  const auto fit = fit_of("clus1", "api00 ~ ell");
  ASSERT_TRUE(fit);
  EXPECT_THAT(coefficient_table(*fit, 0.95, 0).error().message,
              HasSubstr("2 coefficients leave 0 degrees of freedom"));
  EXPECT_THAT(coefficient_table(*fit, 1).error().message, HasSubstr("level 1"));
  EXPECT_THAT(coefficient_table(*fit, 0).error().message, HasSubstr("level 0"));
  const auto normal = coefficient_table(*fit, 0.95, std::numeric_limits<double>::infinity());
  ASSERT_TRUE(normal);
  EXPECT_NEAR(((*normal)[0].high - (*normal)[0].value) / (*normal)[0].se, 1.959964, 1e-6);
}

}  // namespace
}  // namespace barometer
