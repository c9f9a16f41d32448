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
using testing::near_rel;
using testing::test_sample;
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

}  // namespace
}  // namespace barometer
