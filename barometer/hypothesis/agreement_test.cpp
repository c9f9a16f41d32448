#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/hypothesis/agreement.h"
#include "barometer/hypothesis/surveys_test_internal.h"
#include "tests/support/near.h"

namespace barometer {
namespace {

using testing::Case;
using testing::cases;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::independent_cases;
using testing::labelled;
using testing::near_rel;

constexpr const char* kSource = "R survey 4.1.1";

TEST(Kappa, IsThatOfR) {
  const auto surveys = cases();
  size_t seen = 0;
  for (const auto& row : testing::expected_of("others.csv")) {
    if (row.text("test") != "kappa") continue;
    ++seen;
    SCOPED_TRACE(row.where());
    const Case& survey = surveys.at(row.text("design"));
    const std::string& pair = row.text("formula");
    const size_t space = pair.find(' ');
    const auto kappa = cohen_kappa(survey.sample, *survey.data, pair.substr(0, space),
                                   pair.substr(space + 1), survey.base(row.text("base")));
    ASSERT_TRUE(kappa.has_value()) << kappa.error().message;
    EXPECT_TRUE(near_rel(kappa->kappa.value, row.number("value"), 1e-9, kSource));
    EXPECT_TRUE(near_rel(kappa->kappa.se, row.number("se"), 1e-9, kSource));
  }
  EXPECT_EQ(seen, 12u);
}

// Fleiss, Cohen & Everitt, Psychol. Bull. 72 (1969) 323, 200 subjects: P_o = 0.70, P_e = 0.475,
// κ = 0.429. Their large-sample variance, times n / (n - 1), is ours of single draws.
TEST(Kappa, OfFleissCohenAndEveritt) {
  const double n[3][3] = {{106, 10, 4}, {22, 28, 10}, {2, 12, 6}};
  std::vector<std::string> first, second;
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) {
      first.insert(first.end(), static_cast<size_t>(n[i][j]), std::string(1, "xyz"[i]));
      second.insert(second.end(), static_cast<size_t>(n[i][j]), std::string(1, "xyz"[j]));
    }
  }
  const Dataset data = labelled({{"a", first}, {"b", second}});
  const Sample sample = independent_cases(std::vector<double>(200, 1.5));
  const Kappa kappa = cohen_kappa(sample, data, "a", "b", {}).value();
  EXPECT_NEAR(kappa.observed, 0.70, 1e-12);
  EXPECT_NEAR(kappa.expected, 0.475, 1e-12);
  EXPECT_NEAR(kappa.kappa.value, 0.429, 5e-4);
  EXPECT_THAT(kappa.levels, ElementsAre("x", "y", "z"));
  const double row[3] = {0.6, 0.3, 0.1}, column[3] = {0.65, 0.25, 0.1}, po = 0.7, pe = 0.475;
  double sum = -std::pow(po * pe - 2 * pe + po, 2);
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) {
      const double p = n[i][j] / 200;
      sum += i == j ? p * std::pow(1 - pe - (row[i] + column[i]) * (1 - po), 2)
                    : p * std::pow((1 - po) * (column[i] + row[j]), 2);
    }
  }
  const double variance = sum / (200 * std::pow(1 - pe, 4));
  EXPECT_TRUE(near_rel(kappa.kappa.se, std::sqrt(variance * 200 / 199), 1e-10, "1969, formula 13"));
  EXPECT_TRUE(kappa.kappa.interval.has_value());
  EXPECT_EQ(kappa.kappa.df, 199);
  // The raters change places.
  const Kappa turned = cohen_kappa(sample, data, "b", "a", {}).value();
  EXPECT_TRUE(near_rel(turned.kappa.value, kappa.kappa.value, 1e-12, "symmetric"));
  EXPECT_TRUE(near_rel(turned.kappa.se, kappa.kappa.se, 1e-12, "symmetric"));
}

TEST(Kappa, PerfectAgreementIsOneWithoutError) {
  const Case strat = cases().at("strat");
  const Kappa kappa = cohen_kappa(strat.sample, *strat.data, "band", "band", {}).value();
  EXPECT_NEAR(kappa.kappa.value, 1, 1e-12);
  EXPECT_NEAR(kappa.kappa.se, 0, 1e-7) << "the root of a variance of rounding";
}

TEST(Kappa, ALevelOfOneRaterOnlyCounts) {
  const Dataset data =
      labelled({{"a", {"x", "y", "z", "x", "y", "x"}}, {"b", {"x", "y", "y", "y", "", "x"}}});
  const Kappa kappa =
      cohen_kappa(independent_cases({1, 1, 1, 1, 1, 1}), data, "a", "b", {}).value();
  EXPECT_THAT(kappa.levels, ElementsAre("x", "y", "z"));
  EXPECT_EQ(kappa.kappa.cases, 5u);
  EXPECT_NEAR(kappa.observed, 3.0 / 5, 1e-12);
  EXPECT_NEAR(kappa.expected, (3 * 2 + 1 * 3) / 25.0, 1e-12);
}

TEST(Kappa, RatingsThatCannotBeComparedSayWhy) {
  const Dataset data = labelled({{"a", {"x", "y", "z", "x"}},
                                 {"b", {"x", "y", "y", "x"}},
                                 {"none", {"", "", "", "p"}},
                                 {"same", {"x", "x", "x", "x"}},
                                 {"other", {"p", "q", "p", "q"}}});
  const Sample sample = independent_cases({1, 1, 1, 1});
  const auto said = [&](const char* first, const char* second, Domain base = {}) {
    return cohen_kappa(sample, data, first, second, base).error().message;
  };
  EXPECT_THAT(said("a", "z"), HasSubstr("'z'"));
  EXPECT_THAT(said("same", "same"), HasSubstr("have one level in the base, 'x'"));
  EXPECT_THAT(said("a", "other"), HasSubstr("'a' and 'other' have no level in common"));
  EXPECT_THAT(said("none", "a", std::vector<uint8_t>{1, 1, 1, 0}),
              HasSubstr("no case of the base is rated by both 'none' and 'a'"));
  EXPECT_THAT(cohen_kappa(sample, data, "a", "b", {}, 1.5).error().message,
              HasSubstr("confidence level 1.5"));
}

TEST(Kappa, OneClusterHasNoInterval) {
  const Case clus1 = cases().at("clus1");
  std::vector<uint8_t> mask;
  for (const double dnum : testing::numbers_of(*clus1.data, "dnum")) {
    mask.push_back(dnum == 637 ? 1 : 0);
  }
  const Kappa kappa = cohen_kappa(clus1.sample, *clus1.data, "sch_wide", "awards", mask).value();
  EXPECT_FALSE(kappa.kappa.interval.has_value());
  EXPECT_THAT(kappa.kappa.reason, HasSubstr("0 degrees of freedom"));
}

// R: the value of svycralpha; the error of svycontrast of the moments, and of withReplicates.
TEST(Alpha, IsThatOfR) {
  const auto surveys = cases();
  size_t seen = 0;
  for (const auto& row : testing::expected_of("others.csv")) {
    if (row.text("test") != "alpha") continue;
    ++seen;
    SCOPED_TRACE(row.where());
    const Case& survey = surveys.at(row.text("design"));
    const auto& education = std::get<Numbers>(**survey.data->find("avg_ed"));
    Numbers hundredfold = education;
    for (double& value : hundredfold.values) value *= 100;
    Variable variable;
    variable.id = "ed";
    variable.kind = VariableKind::kNumber;
    const Dataset data = survey.data->with(variable, hundredfold).value();
    const auto alpha = cronbach_alpha(survey.sample, data, {"api00", "api99", "ed"},
                                      survey.base(row.text("base")));
    ASSERT_TRUE(alpha.has_value()) << alpha.error().message;
    EXPECT_TRUE(near_rel(alpha->value, row.number("value"), 1e-9, kSource));
    EXPECT_TRUE(near_rel(alpha->se, row.number("se"), 1e-8, "R's moments are not centred"));
  }
  EXPECT_EQ(seen, 8u);
}

TEST(Alpha, OfTwoItemsByHand) {
  // Variances 2/3 and 2/3 over n, covariance 1/3: α = 2 · (1 - (4/3) / 2) = 2/3.
  const Dataset data = labelled({{"x", {"1", "2", "3"}}, {"y", {"2", "1", "3"}}});
  const Sample sample = independent_cases({5, 5, 5});
  const AgreementValue alpha = cronbach_alpha(sample, data, {"x", "y"}, {}).value();
  EXPECT_TRUE(near_rel(alpha.value, 2.0 / 3, 1e-12, "by hand"));
  EXPECT_EQ(alpha.cases, 3u);
}

TEST(Alpha, ShiftsAndACommonFactorDoNotMatter) {
  for (const auto& named : cases()) {
    const std::string& name = named.first;
    const Case& survey = named.second;
    const auto number = [&](const char* id, double factor, double shift) {
      Numbers numbers = std::get<Numbers>(**survey.data->find(id));
      for (double& value : numbers.values) value = factor * value + shift;
      return numbers;
    };
    Variable variable;
    variable.kind = VariableKind::kNumber;
    variable.id = "u";
    Dataset data = survey.data->with(variable, number("api00", 0.01, 1e5)).value();
    variable.id = "v";
    data = data.with(variable, number("api99", 0.01, -3)).value();
    const auto plain = cronbach_alpha(survey.sample, data, {"api00", "api99"}, {}).value();
    const auto moved = cronbach_alpha(survey.sample, data, {"v", "u"}, {}).value();
    EXPECT_TRUE(near_rel(plain.value, moved.value, 1e-8, "1e5 costs digits")) << name;
    EXPECT_TRUE(near_rel(plain.se, moved.se, 1e-6, "1e5 costs digits")) << name;
  }
}

TEST(Alpha, ItemsThatMakeNoScaleSayWhy) {
  const Dataset data = labelled({{"x", {"1", "2", "3"}},
                                 {"minus", {"3", "2", "1"}},
                                 {"none", {"", "", ""}},
                                 {"word", {"a", "b", "a"}},
                                 {"three", {"3", "3", "3"}},
                                 {"four", {"4", "4", "4"}}});
  const Sample sample = independent_cases({1, 1, 1});
  const auto said = [&](const std::vector<std::string>& items) {
    return cronbach_alpha(sample, data, items, {}).error().message;
  };
  EXPECT_THAT(said({"x"}), HasSubstr("at least two items, and there are 1"));
  EXPECT_THAT(said({}), HasSubstr("there are 0"));
  EXPECT_THAT(said({"x", "x"}), HasSubstr("'x' is named twice"));
  EXPECT_THAT(said({"x", "y"}), HasSubstr("'y'"));
  EXPECT_THAT(said({"x", "word"}), HasSubstr("'word'"));
  EXPECT_THAT(said({"x", "none"}), HasSubstr("no case of the base has an answer to each of the 2"));
  EXPECT_THAT(said({"three", "four"}), HasSubstr("sum of the 2 items from 'three' does not vary"));
  EXPECT_THAT(said({"x", "minus"}), HasSubstr("sum of the 2 items from 'x' does not vary"));
}

}  // namespace
}  // namespace barometer
