// Regressions that are something else, too: means, differences of means, log odds.
#include <cmath>

#include <gtest/gtest.h>

#include "barometer/model/glm.h"
#include "barometer/model/model_test_internal.h"

namespace barometer {
namespace {

using testing::cases_where;
using testing::fit_of;
using testing::formula_of;
using testing::near_rel;
using testing::test_sample;
using testing::with_family;

Matrix column_of(const Dataset& data, const std::string& response) {
  const auto y = formula_of(response + " ~ 1").response(data);
  CHECK(y.has_value(), "a response");
  Matrix column(static_cast<Eigen::Index>(y->size()), 1);
  for (size_t i = 0; i < y->size(); ++i) {
    column(static_cast<Eigen::Index>(i), 0) = std::isnan((*y)[i]) ? 0 : (*y)[i];
  }
  return column;
}

std::vector<uint8_t> known(const Dataset& data, const std::string& response) {
  std::vector<uint8_t> cases;
  const auto y = formula_of(response + " ~ 1").response(data);
  CHECK(y.has_value(), "a response");
  for (const double value : *y) cases.push_back(std::isnan(value) ? 0 : 1);
  return cases;
}

std::vector<uint8_t> both(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b) {
  std::vector<uint8_t> cases(a.size());
  for (size_t i = 0; i < a.size(); ++i) cases[i] = a[i] & b[i];
  return cases;
}

// Means of the response in the categories of a variable, one after another.
FunctionalPtr domain_means(const Dataset& data, const std::string& response,
                           const std::string& variable) {
  std::vector<FunctionalPtr> parts;
  const Levels levels = levels_of(data, variable).value();
  for (const std::string& label : levels.labels) {
    parts.push_back(mean_of(column_of(data, response),
                            both(cases_where(data, variable, label), known(data, response))));
  }
  return stacked(std::move(parts));
}

void expect_same(const Estimated& a, const Estimated& b, const std::string& why) {
  ASSERT_EQ(a.value.size(), b.value.size());
  const double scale = a.covariance.diagonal().maxCoeff();
  for (Eigen::Index j = 0; j < a.value.size(); ++j) {
    EXPECT_TRUE(near_rel(a.value(j), b.value(j), 1e-10, why));
    for (Eigen::Index k = 0; k < a.value.size(); ++k) {
      EXPECT_NEAR(a.covariance(j, k), b.covariance(j, k), 1e-9 * scale) << why;
    }
  }
}

TEST(GlmIdentity, TheInterceptAloneIsTheMean) {
  for (const std::string& design : testing::kSampleNames) {
    const auto& [data, sample] = test_sample(design);
    const auto fit = fit_of(design, "api00 ~ 1");
    const auto mean = estimate(sample, *mean_of(column_of(data, "api00"), {}), Progress());
    ASSERT_TRUE(fit && mean);
    expect_same(fit->coefficients, *mean, design);
  }
}

TEST(GlmIdentity, CategoriesAloneAreTheirDomainMeans) {
  for (const std::string& design : testing::kSampleNames) {
    const auto& [data, sample] = test_sample(design);
    const auto fit = fit_of(design, "api00 ~ stype - 1");
    const auto means = estimate(sample, *domain_means(data, "api00", "stype"), Progress());
    ASSERT_TRUE(fit && means);
    expect_same(fit->coefficients, *means, design);
  }
}

TEST(GlmIdentity, AnIndicatorsCoefficientIsADifferenceOfDomainMeans) {
  const Smooth difference{
      2, [](const Vector& m) { return Vector((Vector(2) << m(0), m(1) - m(0)).finished()); },
      [](const Vector&) { return Matrix((Matrix(2, 2) << 1, 0, -1, 1).finished()); }};
  for (const std::string& design : testing::kSampleNames) {
    const auto& [data, sample] = test_sample(design);
    const auto fit = fit_of(design, "api00 ~ poor");
    const auto means =
        estimate(sample, *derived(domain_means(data, "api00", "poor"), difference), Progress());
    ASSERT_TRUE(fit && means);
    expect_same(fit->coefficients, *means, design);
  }
}

TEST(GlmIdentity, APoissonInterceptIsTheLogarithmOfTheMean) {
  const Smooth log_of{1, [](const Vector& m) { return Vector(m.array().log()); },
                      [](const Vector& m) { return Matrix(m.cwiseInverse().asDiagonal()); }};
  for (const std::string& design : testing::kSampleNames) {
    const auto& [data, sample] = test_sample(design);
    const auto fit = fit_of(design, "api_stu ~ 1", with_family(GlmFamily::kPoisson));
    const auto mean = estimate(
        sample, *derived(mean_of(column_of(data, "api_stu"), known(data, "api_stu")), log_of),
        Progress());
    ASSERT_TRUE(fit && mean);
    expect_same(fit->coefficients, *mean, design);
  }
}

TEST(GlmIdentity, ABinaryCovariatesLogitIsTheLogOddsRatioByHand) {
  const auto logit = [](double p) { return std::log(p / (1 - p)); };
  const Smooth odds{
      2,
      [&](const Vector& m) {
        return Vector((Vector(2) << logit(m(0)), logit(m(1)) - logit(m(0))).finished());
      },
      [](const Vector& m) {
        const double a = 1 / (m(0) * (1 - m(0))), b = 1 / (m(1) * (1 - m(1)));
        return Matrix((Matrix(2, 2) << a, 0, -a, b).finished());
      }};
  for (const std::string& design : testing::kSampleNames) {
    const auto& [data, sample] = test_sample(design);
    const auto fit = fit_of(design, "sch_wide ~ poor", with_family(GlmFamily::kBinomial));
    const auto means =
        estimate(sample, *derived(domain_means(data, "sch_wide", "poor"), odds), Progress());
    ASSERT_TRUE(fit && means);
    expect_same(fit->coefficients, *means, design);
  }
}

TEST(GlmIdentity, LargerWeightsChangeNothing) {
  const auto& [data, sample] = test_sample("strat");
  std::vector<double> weights(sample.weights().begin(), sample.weights().end());
  for (double& weight : weights) weight *= 1e6;
  DesignSpec spec;
  spec.case_count = data.case_count();
  spec.strata = {testing::codes_of(data, "stype")};
  spec.ids = {std::vector<int32_t>(data.case_count())};
  for (size_t i = 0; i < data.case_count(); ++i) spec.ids[0][i] = static_cast<int32_t>(i);
  spec.fpc = {testing::numbers_of(data, "fpc")};
  spec.weights = weights;
  const GlmOptions options = with_family(GlmFamily::kBinomial);
  const auto fit = fit_of("strat", "sch_wide ~ ell", options);
  const auto larger =
      fit_glm(testing::sample_of(std::move(spec)), data, formula_of("sch_wide ~ ell"), {}, options);
  ASSERT_TRUE(fit && larger);
  expect_same(fit->coefficients, larger->coefficients, "weights × k");
  EXPECT_TRUE(near_rel(fit->deviance, larger->deviance, 1e-12, "weights × k"));
  EXPECT_TRUE(near_rel(fit->dispersion, larger->dispersion, 1e-12, "weights × k"));
}

// Columns that lean on each other: a calendar year, its square, and a large shift.
TEST(GlmIdentity, AYearAndItsSquareAreFittedAsTheCentredOnesAre) {
  const std::string near = "sch_wide ~ meals + I(meals^2)";
  const std::string far = "sch_wide ~ I(meals + 2000) + I((meals + 2000)^2)";
  const GlmOptions options = with_family(GlmFamily::kBinomial);
  const auto a = fit_of("strat", near, options);
  const auto b = fit_of("strat", far, options);
  ASSERT_TRUE(a && b);
  EXPECT_TRUE(near_rel(a->coefficients.value(2), b->coefficients.value(2), 1e-7, "2000² cancels"));
  EXPECT_TRUE(near_rel(a->coefficients.se(2), b->coefficients.se(2), 1e-7, "2000² cancels"));
  EXPECT_TRUE(near_rel(a->deviance, b->deviance, 1e-10, "the same model"));
}

// Post-stratified to one total in each category: what is left of an influence is its distance from
// the category's mean.
class Poststratified final : public Adjustment {
 public:
  Poststratified(std::vector<int32_t> codes, std::vector<double> weights)
      : codes_(std::move(codes)), weights_(std::move(weights)) {}
  void apply(Matrix& x) const override {
    Matrix totals = Matrix::Zero(3, x.cols());
    Vector sums = Vector::Zero(3);
    for (size_t i = 0; i < codes_.size(); ++i) {
      totals.row(codes_[i]) += x.row(static_cast<Eigen::Index>(i));
      sums(codes_[i]) += weights_[i];
    }
    for (size_t i = 0; i < codes_.size(); ++i) {
      x.row(static_cast<Eigen::Index>(i)) -= weights_[i] * totals.row(codes_[i]) / sums(codes_[i]);
    }
  }
  [[nodiscard]] std::string description() const override { return "post-stratified"; }

 private:
  std::vector<int32_t> codes_;
  std::vector<double> weights_;
};

TEST(GlmIdentity, AnAdjustedSampleGivesTheInterceptItsMeansVariance) {
  const auto& [data, sample] = test_sample("clus1");
  const std::vector<double> weights(sample.weights().begin(), sample.weights().end());
  const Sample adjusted = sample.adjusted(
      weights, std::make_shared<Poststratified>(levels_of(data, "stype")->codes, weights));
  const auto fit = fit_glm(adjusted, data, formula_of("api00 ~ 1"), {}, {});
  const auto mean = estimate(adjusted, *mean_of(column_of(data, "api00"), {}), Progress());
  const auto plain = fit_of("clus1", "api00 ~ 1");
  ASSERT_TRUE(fit && mean && plain);
  expect_same(fit->coefficients, *mean, "adjusted");
  EXPECT_NE(fit->coefficients.se(0), plain->coefficients.se(0));
  // The categories explain their own means wholly.
  const auto types = fit_glm(adjusted, data, formula_of("I(stype == 'H') ~ 1"), {},
                             with_family(GlmFamily::kBinomial));
  ASSERT_TRUE(types);
  EXPECT_NEAR(types->coefficients.se(0), 0, 1e-12);
}

}  // namespace
}  // namespace barometer
