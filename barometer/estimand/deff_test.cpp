#include "barometer/estimand/deff.h"

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

Matrix covariance_in(const Sample& sample, const FunctionalPtr& functional) {
  return estimate(sample, *functional, Progress()).value().covariance;
}

DesignEffect effect_in(const ReferenceRow& row, const NamedSample& named) {
  const std::string &a = row.at("a"), &b = row.at("b"), &statistic = row.at("statistic");
  std::vector<std::string> ids{a};
  if (!b.empty()) ids.push_back(b);
  const std::vector<uint8_t> domain = named.complete(row.at("domain"), ids);
  const SrsBase base =
      row.at("base") == "replace" ? SrsBase::kWithReplacement : SrsBase::kWithoutReplacement;
  const Matrix y = named.column(a);
  if (statistic == "mean") {
    const Matrix v = covariance_in(named.sample, mean_of(y, domain));
    return mean_design_effects(named.sample, y, domain, v, base).value().front();
  }
  if (statistic == "total") {
    const Matrix v = covariance_in(named.sample, total_of(y, domain));
    return total_design_effects(named.sample, y, domain, v, base).value().front();
  }
  return ratio_design_effects(named.sample, y, named.column(b), domain, base).value().front();
}

TEST(DesignEffect, OfMeansTotalsAndRatiosIsThatOfR) {
  std::map<std::string, NamedSample> samples;
  std::map<std::string, size_t> seen;
  for (const ReferenceRow& row : testing::reference_rows("deff.csv")) {
    SCOPED_TRACE(row.at("design") + " " + row.at("domain") + " " + row.at("statistic") + " " +
                 row.at("base"));
    const std::string& design = row.at("design");
    const NamedSample& named = samples.try_emplace(design, sample_named(design)).first->second;
    const DesignEffect found = effect_in(row, named);
    ASSERT_TRUE(found.value.has_value()) << found.reason;
    EXPECT_TRUE(near_rel(*found.value, number_in(row, "deff"), kTolerance, kSource));
    ++seen[row.at("statistic")];
  }
  EXPECT_EQ(seen.size(), 3U);
}

// By definition: a simple random sample is no better than itself.
TEST(DesignEffect, OfASimpleRandomSampleIsOne) {
  const NamedSample named = sample_named("srs");
  const Matrix y = named.survey.columns({"api00", "enroll"});
  const Matrix v = covariance_in(named.sample, mean_of(y, {}));
  const auto found =
      mean_design_effects(named.sample, y, {}, v, SrsBase::kWithoutReplacement).value();
  for (const DesignEffect& effect : found) {
    EXPECT_TRUE(near_rel(effect.value.value(), 1, 1e-12, "the definition"));
  }
}

TEST(DesignEffect, MissingOnesHaveAReason) {
  NamedSample named = sample_named("srs");
  const auto cases = static_cast<Eigen::Index>(named.sample.case_count());
  const Matrix y = named.column("api00"), flat = Matrix::Constant(cases, 1, 5);
  const Matrix v = Matrix::Constant(1, 1, 2);
  std::vector<uint8_t> one(named.sample.case_count(), 0), nobody = one;
  one[0] = 1;
  const auto reason = [&](const Sample& sample, const Matrix& column,
                          const std::vector<uint8_t>& domain) {
    return mean_design_effects(sample, column, domain, v, SrsBase::kWithoutReplacement)
        .value()
        .front()
        .reason;
  };
  EXPECT_EQ(reason(named.sample, flat, {}), "there is no variation in the base");
  EXPECT_EQ(reason(named.sample, y, one), "a variance needs two cases, and the base has 1");
  EXPECT_EQ(reason(named.sample, y, nobody), "the weights in the base sum to 0");
  named.survey.spec.fpc.clear();
  named.survey.spec.weights.assign(named.sample.case_count(), 1);
  EXPECT_THAT(reason(named.survey.sample(), y, {}), HasSubstr("the base is a census"));
  named.survey.spec.weights.assign(named.sample.case_count(), 0.5);
  EXPECT_THAT(reason(named.survey.sample(), y, {}),
              HasSubstr("the weights sum to 100, less than the 200 cases"));
  const auto refused =
      mean_design_effects(named.sample, y.topRows(3), {}, v, SrsBase::kWithReplacement);
  EXPECT_EQ(refused.error().message, "variable 1: 3 values for 200 cases");
}

// (Σw)²/Σw² of the weights of apistrat in base R: 168.58133128075568.
TEST(EffectiveBase, OfKishIsThatOfItsFormula) {
  const NamedSample named = sample_named("strat");
  const double found = kish_effective_base(named.sample.weights(), {}).value();
  EXPECT_TRUE(near_rel(found, 168.58133128075568, kTolerance, kSource));
  EXPECT_TRUE(near_rel(kish_effective_base(named.sample.weights(), named.domain("stype=H")).value(),
                       50, 1e-12, "equal weights count fully"));
  const std::vector<double> zero(4, 0);
  EXPECT_FALSE(kish_effective_base(zero, {}).has_value());
  EXPECT_EQ(effective_base(200, 2), 100);
  EXPECT_FALSE(effective_base(200, 0).has_value());
  EXPECT_EQ(coefficient_of_variation(-4, 1), -0.25);
  EXPECT_FALSE(coefficient_of_variation(0, 1).has_value());
}

}  // namespace
}  // namespace barometer
