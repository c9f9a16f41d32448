#include "barometer/estimand/contrast.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/estimand/domains.h"
#include "barometer/estimand/reference_test_internal.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;
using testing::kSource;
using testing::kTolerance;
using testing::NamedSample;
using testing::near_rel;
using testing::number_in;
using testing::ReferenceRow;
using testing::sample_named;

using Texts = std::vector<std::string>;

Estimated means(const NamedSample& named, const Texts& ids) {
  return std::move(
      estimate(named.sample, *mean_of(named.survey.columns(ids), {}), Progress()).value());
}

FunctionalPtr means_by_stype(const NamedSample& named, const Texts& ids, Texts& labels) {
  const Texts by{"stype"};
  const auto cells = domains_of(*named.survey.data, by, {}).value();
  labels = labels_over(cells, ids);
  return over_domains(cells, [&](std::vector<uint8_t> domain) {
    return mean_of(named.survey.columns(ids), std::move(domain));
  });
}

Estimated contrast_of(const std::string& name) {
  const size_t space = name.find(' ');
  const NamedSample named = sample_named(name.substr(0, space));
  const std::string kind = name.substr(space + 1);
  const Texts ids{"api00", "api99"};
  if (kind == "difference") {
    return contrast(means(named, ids), ids, Texts{"c(api00 = 1, api99 = -1)"}).value();
  }
  if (kind == "functions") {
    return contrast(means(named, ids), ids,
                    Texts{"api00 / api99", "exp((api00 - api99) / 100)",
                          "log(api00) - 2 * sqrt(api99)", "-api00^2 / (1 + api99)"})
        .value();
  }
  const bool from_replicates = kind == "domains from replicates";
  Texts labels;
  const FunctionalPtr by =
      means_by_stype(named, from_replicates ? Texts{"api00"} : Texts{"api00", "enroll"}, labels);
  if (from_replicates) {
    const Smooth smooth =
        contrast_function(labels, Texts{"E:api00/H:api00", "E:api00 - M:api00"}).value();
    return estimate(named.sample, *derived(by, smooth), Progress()).value();
  }
  const Estimated estimated = estimate(named.sample, *by, Progress()).value();
  return contrast(estimated, labels,
                  Texts{"`E:api00` / `H:api00`", "E:enroll - M:enroll", "H:api00 / H:enroll"})
      .value();
}

TEST(Contrast, ValuesAndCovariancesAreThoseOfR) {
  std::map<std::string, Estimated> made;
  size_t seen = 0;
  for (const ReferenceRow& row : testing::reference_rows("contrast.csv")) {
    const std::string& name = row.at("case");
    if (name.starts_with("clus1 cell") || name.starts_with("clus1 stacked")) continue;
    SCOPED_TRACE(name + " " + row.at("at"));
    if (!made.contains(name)) made.emplace(name, contrast_of(name));
    const Estimated& found = made.at(name);
    const auto at = static_cast<Eigen::Index>(number_in(row, "at")) - 1;
    EXPECT_TRUE(near_rel(found.value(at), number_in(row, "value"), kTolerance, kSource));
    EXPECT_TRUE(near_rel(found.se(at), number_in(row, "se"), kTolerance, kSource));
    EXPECT_TRUE(near_rel(found.covariance(0, at), number_in(row, "cov_first"), 1e-8,
                         "differences of nearly equal products"));
    ++seen;
  }
  EXPECT_EQ(seen, 30U);
}

// a = 3, b = 4, `stype=E` = 0.25, `very likely` = -2.
const Texts kLabels{"a", "b", "stype=E", "very likely", "E:a", "c"};
const Vector kAt{{3, 4, 0.25, -2, 10, 7}};

TEST(Contrast, ExpressionsMeanWhatTheySay) {
  struct Row {
    const char* text;
    double value;
  };
  const Row rows[] = {
      {"a", 3},
      {"  a - b ", -1},
      {"a - b - c", -8},
      {"a - (b - c)", 6},
      {"a / b / 2", 0.375},
      {"2 + a * b", 14},
      {"(2 + a) * b", 20},
      {"-a^2", -9},
      {"(-a)^2", 9},
      {"a^-1", 1.0 / 3},
      {"2^a^2", 512},
      {"--a", 3},
      {"+a", 3},
      {"a*-b", -12},
      {"stype=E * 4", 1},
      {"`stype=E`", 0.25},
      {"`very likely` + 2", 0},
      {"E:a/a", 10.0 / 3},
      {"c(a = 1, b = -0.5)", 1},
      {"c(`very likely`=2,E:a=1e-1) + 1", -2},
      {"c", 7},
      {"c * 2", 14},
      {"exp(a - 3)", 1},
      {"log(exp(b))", 4},
      {"log2(8) + log10(100) + log1p(0) + expm1(0)", 5},
      {"sqrt(a^2 + b^2)", 5},
      {"sin(0) + cos(0) + tan(0) + asin(0) + atan(0) + sinh(0) + cosh(0) + tanh(0)", 2},
      {"acos(1)", 0},
      {"expit(logit(stype=E))", 0.25},
      {"1.5e1", 15},
      {".5", 0.5},
      {"0^0", 1},
      {"sqrt(4) * a", 6},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const auto smooth = contrast_function(kLabels, Texts{row.text});
    ASSERT_TRUE(smooth.has_value()) << smooth.error().message;
    const auto value = smooth->value(kAt);
    ASSERT_TRUE(value.has_value()) << value.error().message;
    EXPECT_NEAR((*value)(0), row.value, 1e-14 * std::max(1.0, std::abs(row.value)));
  }
}

TEST(Contrast, DerivativesAreThoseOfSmallSteps) {
  for (const char* text : {"a*b/c",
                           "a^b",
                           "b^3",
                           "2^a",
                           "exp(a/b)",
                           "log(a*b)",
                           "sqrt(c)",
                           "sin(a)*cos(b)",
                           "tan(a)",
                           "asin(stype=E)",
                           "acos(stype=E)",
                           "atan(a)",
                           "sinh(a)",
                           "cosh(a)",
                           "tanh(stype=E)",
                           "logit(stype=E)",
                           "expit(`very likely`)",
                           "log1p(a)",
                           "expm1(stype=E)",
                           "log2(a)",
                           "log10(b)",
                           "c(a=2, b=-3)",
                           "-(a - b)/(a + b)",
                           "(`very likely`)^2"}) {
    SCOPED_TRACE(text);
    const Smooth smooth = contrast_function(kLabels, Texts{text}).value();
    const Matrix exact = smooth.jacobian(kAt);
    for (Eigen::Index j = 0; j < kAt.size(); ++j) {
      const double step = 1e-6;
      Vector above = kAt, below = kAt;
      above(j) += step;
      below(j) -= step;
      const double slope =
          (smooth.value(above).value()(0) - smooth.value(below).value()(0)) / (2 * step);
      EXPECT_NEAR(exact(0, j), slope, 2e-7 * std::max(1.0, std::abs(slope)));
    }
  }
}

TEST(Contrast, WhatDoesNotParseIsShownUnderTheWord) {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"", "column 1: expected a label or a number\n  \n  ^"},
      {"a +", "column 4: expected a label or a number\n  a +\n     ^"},
      {"a + * b", "column 5: expected a label or a number"},
      {"(a + b", "column 7: expected an operator or ')'"},
      {"a b", "column 3: expected an operator or the end\n  a b\n    ^"},
      {"a)", "column 2: expected an operator or the end"},
      {"`a", "column 3: this backtick is never closed"},
      {"exq(a)", "column 1: there is no function 'exq'; did you mean 'exp'?"},
      {"d - a", "there is no estimate 'd'; "},
      {"stipe=E", "did you mean 'stype=E'?"},
      {"c(a = 1, b)", "column 11: expected label = coefficient, as in c(E = 1, H = -1)"},
      {"c(a = 1", "column 8: expected ',' or ')'"},
      {"c(a = b)", "column 7: expected label = coefficient"},
      {"1e999", "column 1: this number is too large or small"},
      {"a ^", "column 4: expected a label or a number"},
      {"a $ b", "column 3: expected an operator or the end"},
      {"\xff", "is not UTF-8"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const auto found = contrast_function(kLabels, Texts{row.text});
    ASSERT_FALSE(found.has_value());
    EXPECT_THAT(found.error().message, HasSubstr(row.message));
  }
  const auto deep = contrast_function(kLabels, Texts{std::string(80, '(') + "a"});
  EXPECT_THAT(deep.error().message, HasSubstr("nested deeper than 64"));
  const auto minuses = contrast_function(kLabels, Texts{std::string(5000, '-') + "a"});
  EXPECT_THAT(minuses.error().message, HasSubstr("nested deeper than 64"));
  const auto longest = contrast_function(kLabels, Texts{std::string(20'000, 'a')});
  EXPECT_THAT(longest.error().message, HasSubstr("20000 bytes, more than 10000"));
  const Texts twice{"a", "b", "a"};
  EXPECT_THAT(contrast_function(twice, Texts{"a - b"}).error().message,
              HasSubstr("two estimates are called 'a'"));
  EXPECT_TRUE(contrast_function(twice, Texts{"b"}).has_value());
}

TEST(Contrast, WhatHasNoValueSaysWhere) {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"a / (b - 4)", "column 8: this is 0, and something is divided by it"},
      {"log(`very likely`)", "column 1: there is no log of -2"},
      {"sqrt(a - b)", "there is no sqrt of -1"},
      {"sqrt(a - 3)", "there is no derivative here"},
      {"asin(a)", "there is no asin of 3"},
      {"logit(a)", "there is no logit of 3"},
      {"`very likely`^0.5", "this is -2, and its power is no whole number"},
      {"(a - 3)^-1", "this is 0, and its power is negative"},
      {"exp(exp(E:a))", "this is too large for a number"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const Smooth smooth = contrast_function(kLabels, Texts{row.text}).value();
    const auto value = smooth.value(kAt);
    ASSERT_FALSE(value.has_value());
    EXPECT_THAT(value.error().message, HasSubstr(row.message));
  }
}

TEST(Contrast, LinearMatrixIsTheExpression) {
  const NamedSample named = sample_named("strat");
  const Texts ids{"api00", "api99"};
  const Estimated m = means(named, ids);
  const Estimated by_matrix =
      delta_method(m, linear_contrast(Matrix{{1.0, -1.0}, {0.5, 0.5}})).value();
  const Estimated by_words =
      contrast(m, ids, Texts{"api00 - api99", "(api00 + api99) / 2"}).value();
  EXPECT_TRUE(by_matrix.value.isApprox(by_words.value, 1e-14));
  EXPECT_TRUE(by_matrix.covariance.isApprox(by_words.covariance, 1e-12));
}

}  // namespace
}  // namespace barometer
