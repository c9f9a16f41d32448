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

TEST(Quantile, EveryRuleAndIntervalIsThatOfR) {
  std::map<std::string, NamedSample> samples;
  size_t seen = 0, at_the_end = 0;
  for (const ReferenceRow& row : testing::reference_rows("quantiles.csv")) {
    const std::string& design = row.at("design");
    const NamedSample& named = samples.try_emplace(design, sample_named(design)).first->second;
    SCOPED_TRACE(design + " " + row.at("variable") + " " + row.at("domain") + " " + row.at("rule") +
                 " " + row.at("interval") + " df " + row.at("df") + " p " + row.at("prob"));
    const Matrix y = named.column(row.at("variable"));
    const std::vector<double> prob{number_in(row, "prob")};
    const auto found =
        quantiles(named.sample, span_of(y), named.complete(row.at("domain"), {row.at("variable")}),
                  prob, options_in(row));
    ASSERT_TRUE(found.has_value()) << found.error().message;
    EXPECT_TRUE(
        near_rel(found->front().value.value(), number_in(row, "value"), kTolerance, kSource));
    ++seen;
    const QuantileEstimate& estimate = found->front();
    if (row.at("se") == "0") {
      // R says that the end is sure, from a share of 0 or 1 whose variance is 0.
      if (estimate.se) {
        EXPECT_EQ(*estimate.se, 0);
      } else {
        EXPECT_THAT(estimate.reason, AnyOf(HasSubstr("every case is at or below"),
                                           HasSubstr("at a proportion of 0")));
        ++at_the_end;
      }
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
  EXPECT_GT(seen, 1500U);
  EXPECT_LT(at_the_end, 30U);
}

}  // namespace
}  // namespace barometer
