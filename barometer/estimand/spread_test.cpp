#include "barometer/estimand/spread.h"

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

TEST(Spread, CovariancesAndCorrelationsAreThoseOfR) {
  for (const ReferenceRow& row : testing::reference_rows("spread.csv")) {
    SCOPED_TRACE(row.at("design") + " " + row.at("domain"));
    const NamedSample named = sample_named(row.at("design"));
    const std::vector<std::string> ids{row.at("a"), row.at("b")};
    const std::vector<uint8_t> domain = named.complete(row.at("domain"), ids);
    const size_t n = spread_cases(named.sample, domain);
    const Matrix y = named.survey.columns(ids);
    const auto of = [&](const FunctionalPtr& functional) {
      return std::move(estimate(named.sample, *functional, Progress()).value());
    };
    const auto same = [&](double found, const char* column) {
      EXPECT_TRUE(near_rel(found, number_in(row, column), kTolerance, kSource)) << column;
    };
    const Estimated v = of(covariances_of(y, domain, n));
    same(v.value(0), "vaa");
    same(v.value(1), "vab");
    same(v.value(2), "vab");
    same(v.value(3), "vbb");
    same(v.se(0), "se_aa");
    same(v.se(1), "se_ab");
    same(v.se(3), "se_bb");
    same(v.covariance(0, 1), "cov_aa_ab");
    same(v.covariance(0, 3), "cov_aa_bb");
    const Estimated rho = of(correlations_of(y, domain, n));
    same(rho.value(1), "rho");
    same(rho.se(1), "se_rho");
    same(rho.se(2), "se_rho");
    EXPECT_EQ(rho.value(0), 1);
    EXPECT_EQ(rho.se(3), 0);
    const Estimated alone = of(variances_of(y.leftCols(1), domain, n));
    same(alone.value(0), "alone");
    same(alone.se(0), "se_alone");
  }
}

TEST(Spread, SoManyVariablesThatTheirCovariancesHaveNoRoomAreRefused) {
  struct Row {
    Eigen::Index cases, variables;
    const char* message;
  };
  const Row rows[] = {
      {200, 900, "900 variables have 810000 covariances, too many for 200 cases"},
      {10, 91, "91 variables have 8281 covariances, too many for 10 cases"},
      {40'000, 90, "90 variables have 8100 covariances, too many for 40000 cases"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.message);
    const Matrix y = Matrix::Zero(row.cases, row.variables);
    const std::vector<double> weights(static_cast<size_t>(row.cases), 1);
    for (const auto& make : {covariances_of, correlations_of}) {
      const FunctionalPtr functional = make(y, {}, weights.size());
      const auto value = functional->value(weights);
      ASSERT_FALSE(value.has_value());
      EXPECT_EQ(value.error().code, ErrorCode::kLimit);
      EXPECT_THAT(value.error().message, HasSubstr(row.message));
      EXPECT_FALSE(functional->influence(weights, Vector()).has_value());
    }
    EXPECT_TRUE(variances_of(y, {}, weights.size())->value(weights).has_value());
  }
  const std::vector<double> ten(10, 1);
  EXPECT_TRUE(covariances_of(Matrix::Zero(10, 90), {}, 10)->value(ten).has_value());
}

}  // namespace
}  // namespace barometer
