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
    ASSERT_TRUE(found->ci.has_value()) << found->reason;
    const double tolerance = tolerance_of(options.method);
    EXPECT_TRUE(near_rel(found->ci->lower, number_in(row, "lower"), tolerance, kSource));
    EXPECT_TRUE(near_rel(found->ci->upper, number_in(row, "upper"), tolerance, kSource));
    ++seen[row.at("method")];
  }
  EXPECT_EQ(seen.size(), 6U);
}

}  // namespace
}  // namespace barometer
