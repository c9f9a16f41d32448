#include "barometer/estimand/proportion_interval.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
using testing::span_of;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

ProportionOptions options_in(const ReferenceRow& row) {
  ProportionOptions options;
  options.method = parse_proportion_method(row.at("method")).value();
  options.level = number_in(row, "level");
  if (row.at("df") == "Inf") {
    options.df = kInfinity;
  } else if (!row.at("df").empty()) {
    options.df = number_in(row, "df");
  }
  return options;
}

// R fits a logistic model, which stops when the deviance settles at 1e-8 of itself; the likelihood
// is scaled by variances from the step before.
double tolerance_of(ProportionMethod method) {
  if (method == ProportionMethod::kLikelihood) return 1e-5;
  return method == ProportionMethod::kLogit ? 1e-7 : kTolerance;
}

TEST(ProportionInterval, EveryMethodIsThatOfR) {
  std::map<std::string, NamedSample> samples;
  std::map<std::string, size_t> seen;
  for (const ReferenceRow& row : testing::reference_rows("proportions.csv")) {
    const std::string& design = row.at("design");
    const NamedSample& named = samples.try_emplace(design, sample_named(design)).first->second;
    SCOPED_TRACE(design + " " + row.at("event") + " " + row.at("domain") + " " + row.at("method") +
                 " df " + row.at("df") + " level " + row.at("level"));
    const ProportionOptions options = options_in(row);
    const Matrix event = named.column(row.at("event"));
    const auto found =
        proportion_interval(named.sample, span_of(event), named.domain(row.at("domain")), options);
    ASSERT_TRUE(found.has_value()) << found.error().message;
    EXPECT_TRUE(near_rel(found->value.value(), number_in(row, "value"), kTolerance, kSource));
    EXPECT_TRUE(near_rel(found->se, number_in(row, "se"), kTolerance, kSource));
    if (design == "jk1" && row.at("event") == "no_ell" && row.at("method") == "logit") {
      // One cluster has all events: a replicate has no logit, R's fit there stops on its way to -∞.
      EXPECT_EQ(found->reason, "replicate 11: the proportion is 0");
      continue;
    }
    ASSERT_TRUE(found->ci.has_value()) << found->reason;
    const double tolerance = tolerance_of(options.method);
    EXPECT_TRUE(near_rel(found->ci->lower, number_in(row, "lower"), tolerance, kSource));
    EXPECT_TRUE(near_rel(found->ci->upper, number_in(row, "upper"), tolerance, kSource));
    ++seen[row.at("method")];
  }
  EXPECT_EQ(seen.size(), 6U);
}

TEST(ProportionInterval, ExactLikelihoodMeetsItsEquation) {
  const ProportionFacts facts{.p = 0.2,
                              .variance = 0.001,
                              .logit_variance = 0.001 / (0.16 * 0.16),
                              .cases = 300,
                              .weighted_cases = 290,
                              .design_df = 20};
  ProportionOptions options;
  options.method = ProportionMethod::kExactLikelihood;
  const ConfidenceBounds ci = proportion_bounds(facts, options).value();
  const double t = 2.085963447265837;  // qt(0.975, 20)
  for (const double end : {ci.lower, ci.upper}) {
    const double divergence = 0.2 * std::log(0.2 / end) + 0.8 * std::log(0.8 / (1 - end));
    const double scaled = 2 * 300 * divergence / (290.0 / 289);
    EXPECT_TRUE(near_rel(scaled, t * t * 300 * 0.001 / 0.16, 1e-12, "the equation of the header"));
  }
  options.method = ProportionMethod::kLikelihood;
  const ConfidenceBounds of_r = proportion_bounds(facts, options).value();
  EXPECT_TRUE(near_rel(of_r.lower, ci.lower, 1e-2, "a coarse grid"));
  EXPECT_TRUE(near_rel(of_r.upper, ci.upper, 1e-2, "a coarse grid"));
}

// binom.test(7, 50)$conf.int and prop.test(7, 50, correct = FALSE)$conf.int of R 4.2.2: with the
// variance of a binomial and many degrees of freedom both bases are the 50 cases.
TEST(ProportionInterval, SimpleRandomSampleHasTheClassicIntervals) {
  ProportionFacts facts{.p = 0.14, .variance = 0.14 * 0.86 / 50, .cases = 50, .weighted_cases = 50};
  facts.design_df = 49;
  ProportionOptions options{.method = ProportionMethod::kBeta, .df = kInfinity};
  const ConfidenceBounds exact = proportion_bounds(facts, options).value();
  EXPECT_NEAR(exact.lower, 0.05819170033997342, 1e-12);
  EXPECT_NEAR(exact.upper, 0.26739600249700846, 1e-12);
  options.method = ProportionMethod::kWilson;
  const ConfidenceBounds wilson = proportion_bounds(facts, options).value();
  EXPECT_NEAR(wilson.lower, 0.069508334270162925, 1e-12);
  EXPECT_NEAR(wilson.upper, 0.261861937105855425, 1e-12);
}

// Newcombe, Statistics in Medicine 17 (1998), table I: methods 3 (Wilson) and 5 (Clopper-Pearson).
TEST(ProportionInterval, TableOfNewcombe) {
  struct Row {
    double events, n;
    ConfidenceBounds wilson, exact;
  };
  const Row rows[] = {
      {81, 263, {0.2553, 0.3662}, {0.2527, 0.3676}},
      {15, 148, {0.0624, 0.1605}, {0.0578, 0.1617}},
      {0, 20, {0.0000, 0.1611}, {0.0000, 0.1684}},
      {1, 29, {0.0061, 0.1718}, {0.0009, 0.1776}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.n);
    const double p = row.events / row.n;
    const ProportionFacts facts{.p = p,
                                .variance = p * (1 - p) / row.n,
                                .cases = row.n,
                                .weighted_cases = row.n,
                                .design_df = row.n - 1};
    const auto bounds = [&](ProportionMethod method) {
      return proportion_bounds(facts, {.method = method, .df = kInfinity}).value();
    };
    const ConfidenceBounds wilson = bounds(ProportionMethod::kWilson);
    const ConfidenceBounds exact = bounds(ProportionMethod::kBeta);
    EXPECT_NEAR(wilson.lower, row.wilson.lower, 0.00005);
    EXPECT_NEAR(wilson.upper, row.wilson.upper, 0.00005);
    EXPECT_NEAR(exact.lower, row.exact.lower, 0.00005);
    EXPECT_NEAR(exact.upper, row.exact.upper, 0.00005);
  }
}

TEST(ProportionInterval, WilsonEndsMeetTheScoreEquation) {
  const NamedSample named = sample_named("clus1");
  const Matrix event = named.column("no_ell");
  const auto found =
      proportion_interval(named.sample, span_of(event), {}, {.method = ProportionMethod::kWilson});
  ASSERT_TRUE(found.has_value() && found->ci.has_value());
  const double p = *found->value, n = found->effective_cases.value();
  EXPECT_TRUE(near_rel(n, p * (1 - p) / (found->se * found->se), 1e-12, "the definition"));
  const double t = 2.1447866879169273;  // qt(0.975, 14)
  for (const double end : {found->ci->lower, found->ci->upper}) {
    EXPECT_TRUE(
        near_rel((p - end) * (p - end), t * t * end * (1 - end) / n, 1e-11, "the equation"));
  }
}

TEST(ProportionInterval, NoCasesOrAllCasesHaveOnlyBetaAndWilson) {
  const NamedSample named = sample_named("clus1");
  for (const double constant : {0.0, 1.0}) {
    const std::vector<double> event(named.sample.case_count(), constant);
    for (const char* name :
         {"logit", "likelihood", "likelihood-exact", "asin", "xlogit", "mean", "beta", "wilson"}) {
      SCOPED_TRACE(name);
      ProportionOptions options;
      options.method = parse_proportion_method(name).value();
      const auto found = proportion_interval(named.sample, event, {}, options);
      ASSERT_TRUE(found.has_value());
      EXPECT_EQ(found->value, constant);
      const bool has_one =
          options.method == ProportionMethod::kBeta || options.method == ProportionMethod::kWilson;
      ASSERT_EQ(found->ci.has_value(), has_one);
      if (!has_one) {
        EXPECT_THAT(found->reason, HasSubstr("interval at a proportion of"));
        continue;
      }
      EXPECT_EQ(constant == 0 ? found->ci->lower : found->ci->upper, constant);
      EXPECT_GT(found->ci->upper, found->ci->lower);
      EXPECT_LT(found->ci->upper - found->ci->lower, 0.05);
    }
  }
}

TEST(ProportionInterval, CensusIsSureOfItsShare) {
  for (const char* name : {"logit", "asin", "mean", "beta", "wilson", "likelihood"}) {
    const ProportionFacts facts{.p = 0.3, .cases = 10, .weighted_cases = 10, .design_df = 9};
    ProportionOptions options;
    options.method = parse_proportion_method(name).value();
    const ConfidenceBounds ci = proportion_bounds(facts, options).value();
    EXPECT_EQ(ci.lower, 0.3) << name;
    EXPECT_EQ(ci.upper, 0.3) << name;
  }
}

TEST(ProportionInterval, WhatIsWrongIsSaid) {
  const NamedSample named = sample_named("clus1");
  const std::vector<double> good(named.sample.case_count(), 1);
  std::vector<double> two = good, none = good;
  two[4] = 2;
  none[6] = std::numeric_limits<double>::quiet_NaN();
  std::vector<uint8_t> nobody(good.size(), 0), one(good.size(), 0);
  one[0] = 1;
  struct Row {
    std::vector<double> event;
    std::vector<uint8_t> domain;
    ProportionOptions options;
    const char* message;
  };
  const Row refused[] = {
      {two, {}, {}, "row 5 is 2, where a proportion counts 0 or 1"},
      {none, {}, {}, "row 7 has no value"},
      {{1, 0}, {}, {}, "2 values for 183 cases"},
      {good, {1, 0}, {}, "a domain of 2 cases, where there are 183"},
      {good, {}, {.level = 1.5}, "the confidence level 1.5 is not between 0 and 1"},
      {good, {}, {.df = 0.0}, "0 degrees of freedom"},
  };
  for (const Row& row : refused) {
    const auto found = proportion_interval(named.sample, row.event, row.domain, row.options);
    ASSERT_FALSE(found.has_value()) << row.message;
    EXPECT_EQ(found.error().message, row.message);
  }
  const auto empty = proportion_interval(named.sample, good, nobody, {});
  EXPECT_FALSE(empty->value.has_value());
  EXPECT_THAT(empty->reason, HasSubstr("the weights in the base sum to 0"));
  const auto single =
      proportion_interval(named.sample, good, one, {.method = ProportionMethod::kBeta});
  EXPECT_EQ(single->value, 1.0);
  EXPECT_EQ(single->reason, "there are no degrees of freedom");
  EXPECT_THAT(parse_proportion_method("wilsn").error().message,
              HasSubstr("did you mean 'wilson'?"));
}

}  // namespace
}  // namespace barometer
