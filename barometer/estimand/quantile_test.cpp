#include "barometer/estimand/quantile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/estimand/reference_test_internal.h"

namespace barometer {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kSource;
using testing::kTolerance;
using testing::NamedSample;
using testing::near_rel;
using testing::number_in;
using testing::ReferenceRow;
using testing::sample_named;
using testing::span_of;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

QuantileOptions options_in(const ReferenceRow& row) {
  QuantileOptions options;
  options.rule = parse_quantile_rule(row.at("rule")).value();
  options.interval = parse_quantile_interval(row.at("interval")).value();
  if (row.at("df") == "Inf") {
    options.df = kInfinity;
  } else if (!row.at("df").empty()) {
    options.df = number_in(row, "df");
  }
  return options;
}

void expect_as_in(const std::optional<double>& found, const ReferenceRow& row,
                  const std::string& column) {
  SCOPED_TRACE(column);
  if (row.at(column).empty()) {
    EXPECT_FALSE(found.has_value());
    return;
  }
  ASSERT_TRUE(found.has_value());
  EXPECT_TRUE(near_rel(*found, number_in(row, column), kTolerance, kSource));
}

// The rows of one question: its probs.
using Block = std::vector<ReferenceRow>;

std::string question_of(const ReferenceRow& row) {
  return row.at("design") + " " + row.at("variable") + " " + row.at("domain") + " " +
         row.at("rule") + " " + row.at("interval") + " df " + row.at("df");
}

std::vector<Block> blocks() {
  std::vector<Block> result;
  for (ReferenceRow& row : testing::reference_rows("quantiles.csv")) {
    if (result.empty() || question_of(result.back().back()) != question_of(row)) {
      result.emplace_back();
    }
    result.back().push_back(std::move(row));
  }
  return result;
}

// True when R is sure of an end, from a share of 0 or 1 whose variance is 0, and there is a reason
// instead.
bool has_reason_where_r_is_sure(const QuantileEstimate& estimate, const ReferenceRow& row) {
  if (row.at("se") != "0" || estimate.se == 0) return false;
  EXPECT_THAT(estimate.reason,
              AnyOf(HasSubstr("every case is at or below"), HasSubstr("at a proportion of 0")));
  return true;
}

TEST(Quantile, EveryRuleAndIntervalIsThatOfR) {
  std::map<std::string, NamedSample> samples;
  size_t seen = 0, left_out = 0;
  for (const Block& block : blocks()) {
    const ReferenceRow& first = block.front();
    const std::string& design = first.at("design");
    const NamedSample& named = samples.try_emplace(design, sample_named(design)).first->second;
    SCOPED_TRACE(question_of(first));
    const Matrix y = named.column(first.at("variable"));
    std::vector<double> probs;
    for (const ReferenceRow& row : block) probs.push_back(number_in(row, "prob"));
    const auto found = quantiles(named.sample, span_of(y),
                                 named.complete(first.at("domain"), {first.at("variable")}), probs,
                                 options_in(first));
    ASSERT_TRUE(found.has_value()) << found.error().message;
    for (size_t k = 0; k < block.size(); ++k) {
      const ReferenceRow& row = block[k];
      const QuantileEstimate& estimate = (*found)[k];
      SCOPED_TRACE("p " + row.at("prob"));
      ++seen;
      EXPECT_TRUE(near_rel(estimate.value.value(), number_in(row, "value"), kTolerance, kSource));
      if (has_reason_where_r_is_sure(estimate, row)) {
        ++left_out;
        continue;
      }
      if (row.at("interval") == "beta" && row.at("se").empty()) {
        // R has no effective base at a share of 1; the cases of the base stand in for it.
        EXPECT_LE(estimate.lower.value(), *estimate.value);
        EXPECT_GE(estimate.upper.value(), *estimate.value);
        continue;
      }
      expect_as_in(estimate.lower, row, "lower");
      expect_as_in(estimate.upper, row, "upper");
      expect_as_in(estimate.se, row, "se");
      EXPECT_EQ(estimate.se.has_value(), estimate.reason.empty());
    }
  }
  EXPECT_GT(seen, 1700U);
  EXPECT_LT(left_out, 60U);
}

std::vector<double> rule_values(std::span<const double> x, std::span<const double> w, double p) {
  const WeightedValues values(x, w, {});
  std::vector<double> found;
  for (int rule = 0; rule < 12; ++rule) {
    found.push_back(values.quantile(p, static_cast<QuantileRule>(rule)));
  }
  return found;
}

// Hyndman & Fan (1996), table 1, worked for the values 1 … 10: each type's own formula.
TEST(Quantile, TypesOfHyndmanAndFanOnTenValues) {
  const std::vector<double> x{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, w(10, 1);
  const WeightedValues values(x, w, {});
  struct Row {
    QuantileRule rule;
    double quarter, median;
  };
  const Row rows[] = {
      {QuantileRule::kHf1, 3, 5},           {QuantileRule::kHf2, 3, 5.5},
      {QuantileRule::kHf4, 2.5, 5},         {QuantileRule::kHf5, 3, 5.5},
      {QuantileRule::kHf6, 2.75, 5.5},      {QuantileRule::kHf7, 3.25, 5.5},
      {QuantileRule::kHf8, 35.0 / 12, 5.5}, {QuantileRule::kHf9, 2.9375, 5.5},
  };
  for (const Row& row : rows) {
    EXPECT_TRUE(near_rel(values.quantile(0.25, row.rule), row.quarter, 1e-14, "by hand"))
        << name_of(row.rule);
    EXPECT_TRUE(near_rel(values.quantile(0.5, row.rule), row.median, 1e-14, "by hand"))
        << name_of(row.rule);
  }
}

TEST(Quantile, EndsAreTheExtremes) {
  const std::vector<double> x{3, 1, 2, 5}, w{1, 2, 1, 1};
  for (const double value : rule_values(x, w, 1)) EXPECT_EQ(value, 5);
  const std::vector<double> one{7}, weight{3};
  for (const double p : {0.0, 0.3, 1.0}) {
    for (const double value : rule_values(one, weight, p)) EXPECT_EQ(value, 7);
  }
}

// R's choice, kept for equal numbers: see the header.
TEST(Quantile, BelowTheFirstStepDiscreteRulesTakeTheSecondValueAsInR) {
  const std::vector<double> x{1, 2, 3, 4}, w(4, 1);
  const WeightedValues values(x, w, {});
  for (const QuantileRule rule : {QuantileRule::kMath, QuantileRule::kSchool, QuantileRule::kHf3}) {
    EXPECT_EQ(values.quantile(0.1, rule), 2);
  }
  EXPECT_TRUE(near_rel(values.quantile(0.1, QuantileRule::kHf4), 0.4, 1e-14, "by hand"));
  EXPECT_EQ(values.quantile(0.1, QuantileRule::kHf5), 1);
}

TEST(Quantile, WholeWeightsAreRepeatedCasesWhereTheRuleCountsWeight) {
  const std::vector<double> x{4, 1, 9, 6}, w{2, 3, 1, 2};
  const std::vector<double> repeated{4, 4, 1, 1, 1, 9, 6, 6}, ones(8, 1);
  for (const double p : {0.375, 0.5, 0.625, 0.9}) {
    for (const QuantileRule rule : {QuantileRule::kMath, QuantileRule::kSchool}) {
      EXPECT_EQ(WeightedValues(x, w, {}).quantile(p, rule),
                WeightedValues(repeated, ones, {}).quantile(p, rule))
          << p;
    }
  }
}

TEST(Quantile, OfDegenerateBasesHasAReason) {
  const NamedSample named = sample_named("clus1");
  const std::vector<double> probs{0.5};
  std::vector<double> y = named.survey.numbers("enroll");
  std::vector<uint8_t> nobody(y.size(), 0), one = nobody;
  one[3] = 1;
  const auto none = quantiles(named.sample, y, nobody, probs, {});
  EXPECT_FALSE(none->front().value.has_value());
  EXPECT_EQ(none->front().reason, "no case of the base has a weight");
  const auto single = quantiles(named.sample, y, one, probs, {});
  EXPECT_EQ(single->front().value, y[3]);
  EXPECT_EQ(single->front().reason, "there are no degrees of freedom");
  const std::vector<double> same(y.size(), 4);
  for (const char* interval : {"mean", "xlogit", "asin", "score"}) {
    QuantileOptions options;
    options.interval = parse_quantile_interval(interval).value();
    const auto constant = quantiles(named.sample, same, {}, probs, options);
    EXPECT_EQ(constant->front().value, 4);
    EXPECT_FALSE(constant->front().se.has_value()) << interval;
    EXPECT_FALSE(constant->front().reason.empty()) << interval;
  }
}

TEST(Quantile, WhatIsWrongIsSaid) {
  const NamedSample clusters = sample_named("clus1"), jackknife = sample_named("jk1");
  std::vector<double> y = clusters.survey.numbers("enroll");
  std::vector<double> gap = y;
  gap[9] = std::numeric_limits<double>::infinity();
  struct Row {
    const NamedSample* named;
    std::vector<double> y;
    double prob;
    QuantileOptions options;
    const char* message;
  };
  const Row rows[] = {
      {&clusters, y, 1.2, {}, "the share 1.2 is not between 0 and 1"},
      {&clusters, gap, 0.5, {}, "row 10 has no value"},
      {&clusters, {1, 2}, 0.5, {}, "2 values for 183 cases"},
      {&clusters, y, 0.5, {.level = 0}, "the confidence level 0 is not between 0 and 1"},
      {&clusters, y, 0.5, {.df = -1}, "-1 degrees of freedom"},
      {&clusters,
       y,
       0.5,
       {.interval = QuantileInterval::kQuantile},
       "a 'quantile' interval is made from replicates"},
      {&jackknife,
       y,
       0.5,
       {.interval = QuantileInterval::kScore},
       "replicated samples have no score interval of a quantile"},
  };
  for (const Row& row : rows) {
    const std::vector<double> probs{row.prob};
    const auto found = quantiles(row.named->sample, row.y, {}, probs, row.options);
    ASSERT_FALSE(found.has_value()) << row.message;
    EXPECT_EQ(found.error().message, row.message);
  }
  EXPECT_THAT(parse_quantile_rule("maths").error().message, HasSubstr("did you mean 'math'?"));
  EXPECT_THAT(parse_quantile_interval("woodruff").error().message, HasSubstr("known: mean, beta"));
}

}  // namespace
}  // namespace barometer
