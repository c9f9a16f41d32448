// What stack() refuses, and what it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/panel/panel_test_internal.h"

namespace barometer {
namespace {

using testing::api_waves;
using testing::apiclus1;
using testing::dataset_of;
using ::testing::HasSubstr;
using testing::jackknifed;
using testing::label_column;
using testing::number_column;
using testing::rows_from;
using testing::simple_wave;
using testing::Survey;
using testing::text_column;

const WaveLink kById{"id", false};

std::string mistake(const std::vector<SurveyWave>& waves, const WaveLink& link,
                    const std::vector<std::string>& variables) {
  const auto stacked = stack(waves, link, variables);
  return stacked ? "it was stacked" : stacked.error().message;
}

std::vector<SurveyWave> two_waves() {
  return {simple_wave("May", {"a", "b", "c"}, {1, 2, 3}),
          simple_wave("June", {"b", "c", "d"}, {2, 2, 5})};
}

TEST(StackMistakes, OfWaves) {
  const auto message = [](const std::function<void(std::vector<SurveyWave>&)>& spoil) {
    std::vector<SurveyWave> waves = two_waves();
    spoil(waves);
    return mistake(waves, {}, {"x"});
  };
  EXPECT_EQ(message([](auto& w) { w.pop_back(); }), "a change needs two waves, not 1");
  EXPECT_EQ(message([](auto& w) { w[1].name = "May"; }), "two waves are called 'May'");
  EXPECT_EQ(message([](auto& w) { w[1].name = " "; }), "a wave has no name");
  EXPECT_EQ(message([](auto& w) { w[1].mask = {1, 0}; }),
            "wave 'June' has 3 cases, but its mask has 2");
  EXPECT_EQ(message([](auto& w) { w[1].mask = {0, 0, 0}; }),
            "wave 'June' has no cases to estimate from");
  EXPECT_EQ(message([](auto& w) { w[0].spec.case_count = 4; }),
            "wave 'May' has 3 cases, but its design has 4");
  EXPECT_EQ(message([](auto& w) { w[1].spec.weights = {1, -2, 1}; }),
            "wave 'June': row 2: the weight -2 is not a finite number of at least 0");
}

TEST(StackMistakes, OfVariables) {
  const auto with = [](const std::pair<Variable, Column>& first,
                       const std::pair<Variable, Column>& second) {
    std::vector<SurveyWave> waves = two_waves();
    waves[0].data = dataset_of({first});
    waves[1].data = dataset_of({second});
    return mistake(waves, {}, {"q"});
  };
  const std::vector<std::string> said = {"Yes", "No", "Yes"};
  EXPECT_EQ(with(label_column("q", {"Yes", "No"}, said), label_column("r", {"Yes", "No"}, said)),
            "wave 'June' has no variable 'q'; known: r");
  EXPECT_EQ(with(label_column("q", {"Yes", "No"}, said),
                 label_column("q", {"Yes", "No", "Perhaps"}, said)),
            "variable 'q': its category 'Perhaps' is in wave 'June' only ('May' and 'June' are "
            "compared)");
  EXPECT_THAT(
      with(label_column("q", {"Yes", "No", "Never"}, said), label_column("q", {"Yes", "No"}, said)),
      HasSubstr("its category 'Never' is in wave 'May' only"));
  EXPECT_THAT(
      with(label_column("q", {"Yes", "No", "No"}, said), label_column("q", {"Yes", "No"}, said)),
      HasSubstr("of wave 'May' has two categories 'No'"));
  EXPECT_THAT(with(label_column("q", {"Yes", "No"}, said), number_column("q", {1, 2, 3})),
              HasSubstr("of one kind in wave 'May' and of another in 'June'"));
  auto relabelled = number_column("q", {1, 2, 3});
  relabelled.first.label = "No";
  EXPECT_EQ(with(number_column("q", {1, 2, 3}), relabelled),
            "variable 'q': it is '' in wave 'May' and 'No' in 'June'");
  auto scale = label_column("q", {}, {});
  scale.first.kind = VariableKind::kScale;
  scale.first.scale_low = 1;
  scale.first.scale_high = 5;
  scale.second = make_codes(std::vector<int>{1, 2, 3});
  auto longer = scale;
  longer.first.scale_high = 10;
  EXPECT_EQ(with(scale, longer),
            "variable 'q': its scale is 1 to 5 in wave 'May' and 1 to 10 in "
            "'June'");
  auto high = scale;
  high.first.categories = {{5, "Best", false}};
  auto turned = scale;
  turned.first.categories = {{1, "Best", false}};
  EXPECT_EQ(with(high, turned),
            "variable 'q': the point 'Best' of its scale is 5 in wave 'May' and 1 in 'June'");
  auto without = label_column("q", {"Yes", "No"}, said);
  without.first.dont_know_in_base = false;
  EXPECT_EQ(with(label_column("q", {"Yes", "No"}, said), without),
            "variable 'q': \"don't know\" is in its base in wave 'May' and not in 'June'");
  EXPECT_THAT(mistake(two_waves(), {}, {"x", "x"}), HasSubstr("'x'"));
}

TEST(StackMistakes, OfLinks) {
  EXPECT_EQ(mistake(two_waves(), {"person", false}, {"x"}),
            "wave 'May' has no variable 'person' to link by; known: id, x");
  std::vector<SurveyWave> waves = two_waves();
  waves[1] = simple_wave("June", {"b", "", "d"}, {2, 2, 5});
  EXPECT_EQ(mistake(waves, kById, {"x"}), "wave 'June': row 2 has no 'id' to link by");
  waves[1] = simple_wave("June", {"b", "d", "b"}, {2, 2, 5});
  EXPECT_EQ(mistake(waves, kById, {"x"}),
            "wave 'June': 'b' is the 'id' of rows 1 and 3, where each may have one row");
  EXPECT_EQ(mistake(waves, {"id", true}, {"x"}), "it was stacked");
  waves[1] = simple_wave("June", {"x", "y", "z"}, {2, 2, 5});
  EXPECT_EQ(mistake(waves, kById, {"x"}),
            "no value of 'id' is in two of the waves, so nothing links them: check that it is "
            "written alike in each, or compare them as independent samples");
}

TEST(StackMistakes, OfStrata) {
  std::vector<SurveyWave> waves = two_waves();
  for (SurveyWave& wave : waves) {
    wave.spec.strata = {{0, 0, 0}};
    wave.spec.stratum_label = [](size_t, int32_t code) { return code == 0 ? "North" : "South"; };
  }
  waves[1].spec.strata = {{1, 1, 1}};
  EXPECT_EQ(mistake(waves, kById, {"x"}),
            "'b' is in stratum 'North' in wave 'May' and in 'South' in wave 'June'; a linked unit "
            "stays where it was drawn, so give each wave the stratum of the first draw");
  // The same codes in words of another order are the same strata.
  waves[1].spec.stratum_label = [](size_t, int32_t code) { return code == 1 ? "North" : "South"; };
  EXPECT_EQ(mistake(waves, kById, {"x"}), "it was stacked");
  waves[1].spec.lonely_psu = LonelyPsu::kAdjust;
  EXPECT_THAT(
      mistake(waves, kById, {"x"}),
      HasSubstr("lonely units count by 'fail' in wave 'May' and by 'adjust' in wave 'June'"));
  EXPECT_EQ(mistake(waves, {}, {"x"}), "it was stacked") << "independent waves keep their rules";
}

TEST(StackMistakes, OfUnitsThatMoved) {
  std::vector<SurveyWave> waves = {simple_wave("May", {"a", "b", "c", "d"}, {1, 2, 3, 4}),
                                   simple_wave("June", {"a", "b", "c", "d"}, {1, 2, 3, 4})};
  for (SurveyWave& wave : waves) wave.spec.ids = {{0, 0, 1, 1}};
  EXPECT_EQ(mistake(waves, kById, {"x"}), "it was stacked");
  waves[1].spec.ids = {{0, 1, 0, 1}};
  EXPECT_THAT(mistake(waves, kById, {"x"}),
              HasSubstr("'b' is in unit '0' in wave 'May' and in '1' in wave 'June'"));
  waves[1].spec.ids = {{0, 0, 1, 1}, {0, 0, 1, 1}};
  EXPECT_EQ(mistake(waves, kById, {"x"}),
            "the waves' designs have 1 and 2 stages, all of larger units than 'id', so the waves "
            "do not share them");
}

TEST(StackMistakes, OfPopulationSizes) {
  const auto sized = [](double first, double second) {
    std::vector<SurveyWave> waves = two_waves();
    waves[0].spec.fpc = {{first, first, first}};
    if (second > 0) waves[1].spec.fpc = {{second, second, second}};
    for (SurveyWave& wave : waves) {
      wave.spec.strata = {{0, 0, 0}};
      wave.spec.stratum_label = [](size_t, int32_t) { return "England"; };
    }
    return waves;
  };
  EXPECT_EQ(mistake(sized(8, 9), kById, {"x"}),
            "stratum 'England': its population size is 8 in wave 'May' and 9 in wave 'June'; "
            "linked waves are of one population");
  EXPECT_THAT(mistake(sized(8, 0), kById, {"x"}),
              HasSubstr("is 8 in wave 'May' and unknown in wave 'June'"));
  EXPECT_EQ(mistake(sized(3, 3), kById, {"x"}),
            "stratum 'England': its population size is 3, but 4 units were in one wave or another");
  EXPECT_EQ(mistake(sized(8, 9), {}, {"x"}), "it was stacked") << "independent waves may differ";
  EXPECT_EQ(mistake(sized(8, 8), kById, {"x"}), "it was stacked");

  std::vector<SurveyWave> people = sized(8, 8);
  people[0].data = dataset_of({text_column("id", {"b", "b", "c"}), number_column("x", {1, 2, 3})});
  EXPECT_EQ(mistake(people, {"id", true}, {"x"}),
            "wave 'May': the population sizes of stage 1 count units that are smaller than 'id'; "
            "make 'id' that stage of the design, or leave the sizes out");
}

TEST(StackMistakes, OfSizesBelowTheFirstStage) {
  std::vector<SurveyWave> waves;
  for (const char* name : {"May", "June"}) {
    const bool may = std::string(name) == "May";
    waves.push_back(simple_wave(name, {"a", "b", "c", may ? "d" : "e"}, {1, 2, 3, 4}));
    waves.back().spec.ids = {{0, 0, 1, 1}, {0, 1, 0, may ? 1 : 2}};
    waves.back().spec.nest = true;
    waves.back().spec.fpc = {std::vector<double>(4, 9), std::vector<double>(4, 7)};
  }
  waves[0].spec.ids[1] = {0, 1, 2, 3};
  waves[1].spec.ids[1] = {0, 1, 2, 4};
  EXPECT_THAT(mistake(waves, kById, {"x"}),
              HasSubstr("units of stage 2 missed a wave, and their population sizes are known"));
}

TEST(StackMistakes, OfLonelyUnits) {
  std::vector<SurveyWave> waves = two_waves();
  waves[0].spec.strata = {{0, 1, 1}};
  waves[1].spec.strata = {{1, 1, 1}};
  EXPECT_THAT(mistake(waves, kById, {"x"}),
              HasSubstr("the waves together: stratum '0' has only one sampled unit"));
  EXPECT_THAT(mistake(waves, {}, {"x"}), HasSubstr("wave 'May': "));
}

TEST(StackMistakes, OfReplicates) {
  const Survey survey = apiclus1();
  const Replicates whole = *jackknifed(survey).replicates();
  const auto message = [&](const WaveLink& link, const std::function<void(Replicates&)>& spoil) {
    std::vector<SurveyWave> waves = api_waves(survey, rows_from(1, 183), rows_from(1, 183));
    Replicates second = whole;
    spoil(second);
    waves[0].replicates = std::make_shared<const Replicates>(whole);
    waves[1].replicates = std::make_shared<const Replicates>(second);
    return mistake(waves, link, {"api"});
  };
  const WaveLink district{"dnum", true};
  const auto drop = [](Replicates& r) {
    r.weights.conservativeResize(Eigen::NoChange, 14);
    r.rscales.pop_back();
  };
  EXPECT_EQ(message(district, drop), "15 and 14 replicates in wave '99' and in wave '00'");
  EXPECT_EQ(message({}, drop), "it was stacked");
  EXPECT_THAT(message(district, [](Replicates& r) { r.scale = 2; }),
              HasSubstr("replicates of another scale"));
  EXPECT_THAT(message({}, [](Replicates& r) { r.rscales[3] = -1; }),
              HasSubstr("is not at least 0"));
  EXPECT_THAT(message({}, [](Replicates& r) { r.weights.conservativeResize(100, 15); }),
              HasSubstr("wave '00': 100 rows of replicate weights"));
  std::vector<SurveyWave> waves = api_waves(survey, rows_from(1, 183), rows_from(1, 183));
  waves[1].replicates = std::make_shared<const Replicates>(whole);
  EXPECT_EQ(mistake(waves, district, {"api"}),
            "wave '00' has replicate weights and wave '99' has none");
}

}  // namespace
}  // namespace barometer
