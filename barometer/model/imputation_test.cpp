#include "barometer/model/imputation.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/model/model_test_internal.h"

namespace barometer {
namespace {

using testing::expect_matches;
using testing::expected;
using ::testing::HasSubstr;
using testing::near_rel;

Estimated result(double a, double b, double va, double cov, double vb) {
  Estimated made;
  made.value = (Vector(2) << a, b).finished();
  made.covariance = (Matrix(2, 2) << va, cov, cov, vb).finished();
  return made;
}

// The four results of testdata/model.R.
const std::vector<Estimated>& four() {
  static const std::vector<Estimated> kFour = {
      result(1.2, -0.5, .04, .01, .02), result(1.5, -0.45, .05, .012, .018),
      result(1.1, -0.62, .043, .008, .021), result(1.35, -0.51, .039, .011, .025)};
  return kFour;
}

TEST(Imputation, FourResultsAreRsMIcombine) {
  for (const bool complete : {false, true}) {
    ImputationOptions options;
    if (complete) options.complete_df = 30;
    const std::string name = complete ? "mi_30" : "mi_Inf";
    const auto made = combine_imputations(four(), options);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->imputations, 4U);
    expect_matches(made->estimated.value, name, "coef", 1e-12, "R");
    expect_matches(made->estimated.covariance, name, "vcov", 1e-12, "R");
    for (size_t j = 0; j < 2; ++j) {
      EXPECT_TRUE(near_rel(made->df[j], expected().of(name, "df").numbers[j], 1e-12, name));
      EXPECT_TRUE(near_rel(made->missing_information[j], expected().of(name, "missinfo").numbers[j],
                           1e-12, name));
    }
    EXPECT_EQ(made->estimated.df, std::min(made->df[0], made->df[1]));
  }
}

// Σ by hand: θ = 2, W = 1, B = 1, T = 1 + 4/3, r = 4/3, df = 2 (1 + 3/4)².
TEST(Imputation, ThreeResultsByHand) {
  std::vector<Estimated> three;
  for (const double value : {1.0, 2.0, 3.0}) three.push_back(result(value, value, 1, 0, 1));
  auto made = combine_imputations(three);
  ASSERT_TRUE(made);
  EXPECT_DOUBLE_EQ(made->estimated.value(0), 2);
  EXPECT_DOUBLE_EQ(made->estimated.covariance(0, 0), 1 + 4.0 / 3);
  EXPECT_DOUBLE_EQ(made->df[0], 2 * 1.75 * 1.75);
  // Barnard & Rubin: d_obs = 11/13 · 10 · 3/7.
  made = combine_imputations(three, {.complete_df = 10, .published_df = true});
  EXPECT_DOUBLE_EQ(made->df[0], 1 / (1 / 6.125 + 1 / (11.0 / 13 * 10 * 3 / 7)));
}

TEST(Imputation, TheSameResultEachTimeIsThatResult) {
  const auto made = combine_imputations({four()[0], four()[0], four()[0]});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->estimated.covariance(0, 0), four()[0].covariance(0, 0));
  EXPECT_EQ(made->df[0], std::numeric_limits<double>::infinity());
  EXPECT_EQ(made->missing_information[0], 0);
  const auto complete = combine_imputations({four()[0], four()[0]}, {.complete_df = 30});
  EXPECT_TRUE(near_rel(complete->df[0], 31.0 / 33 * 30, 1e-12, "B is 0"));
}

TEST(Imputation, WhatCannotBeCombinedSaysWhy) {
  EXPECT_THAT(combine_imputations({}).error().message, HasSubstr("at least two"));
  EXPECT_THAT(combine_imputations({four()[0]}).error().message, HasSubstr("1 result(s)"));
  Estimated longer;
  longer.value = Vector::Ones(3);
  longer.covariance = Matrix::Identity(3, 3);
  EXPECT_THAT(combine_imputations({four()[0], longer}).error().message,
              HasSubstr("imputation 2 has 3 values, the first has 2"));
  Estimated narrow = four()[0];
  narrow.covariance = Matrix::Identity(2, 1);
  EXPECT_THAT(combine_imputations({four()[0], narrow}).error().message,
              HasSubstr("the covariance of imputation 2 is 2 × 1, of 2 values"));
  narrow.covariance = Matrix();
  EXPECT_THAT(combine_imputations({narrow, narrow}).error().message,
              HasSubstr("the covariance of imputation 1 is 0 × 0, of 2 values"));
  EXPECT_THAT(combine_imputations(four(), {.complete_df = 0}).error().message,
              HasSubstr("not above 0"));
  const Estimated sure = result(1, 1, 0, 0, 0);
  EXPECT_THAT(combine_imputations({sure, sure}).error().message,
              HasSubstr("value 1 has no variance"));
}

}  // namespace
}  // namespace barometer
