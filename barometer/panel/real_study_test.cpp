// The three waves of the CCG Barometer (a reconstruction from published figures): changes between
// leaders, and between organisations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/panel/coverage.h"
#include "barometer/panel/panel_test_internal.h"

namespace barometer {
namespace {

using testing::dataset_of;
using testing::label_column;
using testing::mean_trend;
using testing::near_rel;
using testing::number_column;
using testing::own_estimate;
using testing::panel_data;
using testing::read_csv_dataset;
using testing::stacked_of;
using testing::text_column;
using testing::trends_of;

constexpr double kFrame = 211;

std::vector<std::string> texts_of(const Dataset& data, const std::string& id) {
  const Column& column = **data.find(id);
  std::vector<std::string> texts;
  for (size_t row = 0; row < data.case_count(); ++row) {
    const int code = code_at(column, row);
    texts.push_back(code < 0 ? "" : data.codebook().find(id)->category(code)->label);
  }
  return texts;
}

Column codes_column(const Dataset& data, const std::string& id) {
  const auto& numbers = std::get<Numbers>(**data.find(id));
  std::vector<int> codes;
  for (size_t row = 0; row < data.case_count(); ++row) {
    codes.push_back(numbers.missing[row] == Missing::kNone ? static_cast<int>(numbers.values[row])
                                                           : file_code(Missing::kNotAsked));
  }
  return make_codes(codes);
}

SurveyWave leaders(const std::string& name) {
  const Dataset all = read_csv_dataset(panel_data("ccg_waves.csv"));
  const std::vector<std::string> waves = texts_of(all, "wave");
  std::vector<uint8_t> mask;
  for (const std::string& wave : waves) mask.push_back(wave == name ? 1 : 0);
  const Dataset data = all.where(mask);
  Variable confidence = number_column("confidence", {}).first;
  confidence.kind = VariableKind::kScale;
  confidence.scale_low = 1;
  confidence.scale_high = 10;
  Variable area_team =
      label_column("area_team", {"Very good", "Good", "Neither", "Poor", "Very poor", "Don't know"},
                   {})
          .first;
  area_team.nets = {{"good", "Good or very good", {1, 2}}};
  Variable role = label_column("role", {"Chair", "Accountable officer", "Another role"}, {}).first;
  SurveyWave wave;
  wave.name = name;
  wave.data = dataset_of({text_column("organisation", texts_of(data, "organisation")),
                          {role, codes_column(data, "role")},
                          {confidence, codes_column(data, "confidence")},
                          {area_team, codes_column(data, "area_team")}});
  wave.spec.case_count = wave.data->case_count();
  return wave;
}

SurveyWave organisations(const std::string& name, const CollapseOptions& options,
                         const std::vector<std::string>& variables) {
  auto collapsed = collapse(*leaders(name).data, "organisation", options, variables);
  CHECK(collapsed.has_value(), collapsed ? "" : collapsed.error().message);
  SurveyWave wave;
  wave.name = name;
  wave.data = std::make_shared<const Dataset>(collapsed->data);
  wave.spec.case_count = wave.data->case_count();
  wave.spec.fpc = {std::vector<double>(wave.spec.case_count, kFrame)};
  return wave;
}

TEST(CcgBarometer, LeadersConfidenceRoseAsPrinted) {
  const std::vector<SurveyWave> waves = {leaders("2012-10"), leaders("2013-01"),
                                         leaders("2013-04")};
  const WaveTrend trend = mean_trend(waves, {}, "confidence");
  EXPECT_EQ(trend.waves[0].n, 116U);
  EXPECT_NEAR(trend.waves[0].value, 6.6, 0.05);
  EXPECT_NEAR(trend.waves[1].value, 6.5, 0.05);
  EXPECT_NEAR(trend.waves[2].value, 7.2, 0.05);
  EXPECT_NEAR(trend.changes[1].difference, 0.7, 0.1);
  EXPECT_EQ(trend.changes[1].df, 100 + 94 - 2);
  EXPECT_EQ(trend.changes[0].verdict, ChangeVerdict::kNoDetectableChange);
}

TEST(CcgBarometer, AreaTeamsFellByFivePointsAsPrinted) {
  const StackedWaves waves =
      stacked_of({leaders("2013-01"), leaders("2013-04")}, {}, {"area_team"});
  const WaveTrend good = trends_of(waves, ChangeEstimand::kProportion, {"area_team"})[6];
  EXPECT_EQ(good.answer, "good");
  EXPECT_NEAR(good.changes[0].difference, -0.05, 0.011);
  EXPECT_EQ(good.changes[0].verdict, ChangeVerdict::kNoDetectableChange);
}

TEST(CcgBarometer, LeadersOfTheSameOrganisationsAreNotIndependent) {
  const std::vector<SurveyWave> waves = {leaders("2012-10"), leaders("2013-04")};
  const StackedWaves linked = stacked_of(waves, {"organisation", true}, {"confidence"});
  EXPECT_EQ(linked.relation, WaveRelation::kOverlap);
  EXPECT_EQ(linked.overlaps[0].units_from, 101U);
  EXPECT_EQ(linked.overlaps[0].units_to, 86U);
  const WaveTrend trend = trends_of(linked, ChangeEstimand::kMean, {"confidence"})[0];
  const WaveTrend independent = mean_trend(waves, {}, "confidence");
  EXPECT_EQ(trend.changes[0].difference, independent.changes[0].difference);
  EXPECT_NE(trend.changes[0].se, independent.changes[0].se);
  EXPECT_LT(std::abs(*trend.changes[0].correlation), 0.5);
}

TEST(CcgBarometer, OrganisationsAreFollowedByEachRule) {
  for (const auto rule : {CollapseRule::kMean, CollapseRule::kSenior}) {
    CollapseOptions options{rule, "role", {"Chair", "Accountable officer"}, {}};
    const std::vector<SurveyWave> waves = {organisations("2012-10", options, {"confidence"}),
                                           organisations("2013-04", options, {"confidence"})};
    const WaveTrend trend = mean_trend(waves, {"organisation", false}, "confidence");
    EXPECT_EQ(trend.waves[0].n, 101U);
    EXPECT_EQ(trend.waves[1].n, 86U);
    for (Eigen::Index w = 0; w < 2; ++w) {
      const Estimated own = own_estimate(waves[static_cast<size_t>(w)], "confidence");
      EXPECT_TRUE(near_rel(trend.covariance(w, w), own.covariance(0, 0), 1e-12, "own design"));
    }
    EXPECT_GT(trend.changes[0].se, 0);
    EXPECT_LE(std::abs(*trend.changes[0].correlation), 1);
  }
}

TEST(CcgBarometer, TheFrameBoundsWhatAllGroupsWouldSay) {
  Diagnostics problems;
  const std::string folder = std::string(SOURCE_DIR) + "/studies/ccg-barometer/frame/2012-14/";
  const Frame frame =
      Frame::parse(read_file(folder + "organisations.csv").value(), "organisations.csv",
                   read_file(folder + "people.csv").value(), "people.csv", {}, problems);
  const auto collapsed = collapse(*leaders("2013-04").data, "organisation", {}, {"area_team"});
  ASSERT_TRUE(collapsed);
  const auto covered = answer_coverage(sizes_of(frame), *collapsed);
  ASSERT_TRUE(covered);
  const AnswerCoverage& good = covered->back();
  EXPECT_EQ(good.in_frame, 211U);
  EXPECT_EQ(good.answering, 86U);
  EXPECT_NEAR(good.answered.organisations, 0.41, 0.005) << "41 per cent of all 211, as printed";
  EXPECT_NEAR(good.at_most->organisations - good.at_least->organisations, 1 - 86 / kFrame, 1e-12);
  EXPECT_LT(*good.at_least->budget, *good.answered.budget);
  EXPECT_GT(*good.at_most->population, *good.at_least->population);
}

}  // namespace
}  // namespace barometer
