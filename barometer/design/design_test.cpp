#include "barometer/design/design.h"

#include <cmath>
#include <numeric>

#include <gmock/gmock.h>

namespace barometer {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Six people in three organisations of two regions.
DesignSpec six() {
  DesignSpec spec;
  spec.case_count = 6;
  spec.ids = {{1, 1, 2, 2, 3, 4}};
  spec.strata = {{0, 0, 0, 0, 1, 1}};
  spec.weights = {1, 2, 1, 2, 1, 2};
  return spec;
}

std::string refusal(const DesignSpec& spec) {
  const auto design = Design::make(spec);
  return design ? "accepted" : design.error().message;
}

TEST(Design, SortsCasesByStratumAndUnit) {
  DesignSpec spec = six();
  spec.ids = {{2, 3, 1, 2, 4, 3}};
  spec.strata = {{0, 1, 0, 0, 1, 1}};
  const Design design = Design::make(spec).value();
  EXPECT_THAT(design.order(), ElementsAre(2, 0, 3, 1, 5, 4));
  EXPECT_THAT(design.row_begin(), ElementsAre(0, 1, 3, 5, 6));
  EXPECT_FALSE(design.elements());
  ASSERT_EQ(design.stages().size(), 1U);
  EXPECT_EQ(design.stages()[0].strata[0].sampled(), 2);
  EXPECT_EQ(design.stages()[0].strata[1].sampled(), 2);
}

TEST(Design, SparseCodesSortAsDenseOnesDo) {
  DesignSpec spec = six();
  spec.ids = {{2'000'000'000, 5, 1'000'000, 2'000'000'000, 7, 5}};
  spec.strata.clear();
  EXPECT_THAT(Design::make(spec)->order(), ElementsAre(1, 5, 4, 2, 0, 3));
}

TEST(Design, CasesDrawnSinglyAreKeptByStratum) {
  DesignSpec spec = six();
  spec.ids.clear();
  const Design design = Design::make(spec).value();
  EXPECT_TRUE(design.elements());
  EXPECT_THAT(design.row_begin(), ElementsAre(0, 4, 6));
}

TEST(Design, UnitsOfOneCaseAreElementsToo) {
  DesignSpec spec = six();
  spec.ids = {{11, 12, 13, 14, 15, 16}};
  EXPECT_TRUE(Design::make(spec)->elements());
}

TEST(Design, StagesWithoutAPopulationAboveThemAreDropped) {
  DesignSpec spec = six();
  spec.ids.push_back({1, 2, 1, 2, 1, 1});
  spec.lonely_psu = LonelyPsu::kRemove;
  EXPECT_EQ(Design::make(spec)->stages().size(), 1U);
  spec.fpc = {{4, 4, 4, 4, 9, 9}};
  const Design design = Design::make(spec).value();
  ASSERT_EQ(design.stages().size(), 2U);
  EXPECT_THAT(design.stages()[1].group_factor, ElementsAre(0.5, 0.5, 2.0 / 9, 2.0 / 9));
}

TEST(Design, WeightsFromPopulationSizesAreTheirProduct) {
  DesignSpec spec = six();
  spec.weights.clear();
  spec.weights_from_fpc = true;
  spec.ids.push_back({1, 2, 1, 2, 1, 1});
  spec.lonely_psu = LonelyPsu::kRemove;
  spec.fpc = {{4, 4, 4, 4, 9, 9}, {3, 3, 2, 2, 1, 5}};
  EXPECT_THAT(Design::make(spec)->weights(), ElementsAre(3, 3, 2, 2, 4.5, 22.5));
}

TEST(Design, FractionsMeanTheSameAsSizes) {
  DesignSpec spec = six();
  spec.fpc = {{0.5, 0.5, 0.5, 0.5, 0.25, 0.25}};
  const Design design = Design::make(spec).value();
  EXPECT_EQ(design.stages()[0].strata[0].population, 4);
  EXPECT_EQ(design.stages()[0].strata[1].population, 8);
}

TEST(Design, PopulationSizesDoNotWeightUnlessAsked) {
  DesignSpec spec = six();
  spec.weights.clear();
  spec.fpc = {{4, 4, 4, 4, 9, 9}};
  EXPECT_TRUE(Design::make(spec)->unweighted());
}

TEST(Design, DegreesOfFreedomArePsusLessStrataOfTheDomain) {
  const Design clusters = Design::make(six()).value();  // rows: units 1, 2 | 3, 4
  EXPECT_EQ(clusters.df(std::vector<size_t>{2, 2, 1, 1}), 2);
  EXPECT_EQ(clusters.df(std::vector<size_t>{2, 0, 1, 1}), 1);
  EXPECT_EQ(clusters.df(std::vector<size_t>{2, 2, 0, 0}), 1);
  EXPECT_EQ(clusters.df(std::vector<size_t>{0, 0, 0, 0}), 0);
  DesignSpec spec = six();
  spec.ids.clear();
  EXPECT_EQ(Design::make(spec)->df(std::vector<size_t>{4, 2}), 4);  // rows: strata of cases
  EXPECT_EQ(Design::make(spec)->df(std::vector<size_t>{3, 0}), 2);
  spec = six();
  spec.ids.push_back({1, 2, 1, 2, 1, 1});
  spec.lonely_psu = LonelyPsu::kRemove;
  spec.fpc = {{4, 4, 4, 4, 9, 9}, {3, 3, 2, 2, 1, 1}};
  // People are single cases; rows are their organisations.
  EXPECT_EQ(Design::make(spec)->df(std::vector<size_t>{2, 2, 1, 1}), 2);
  EXPECT_EQ(Design::make(spec)->df(std::vector<size_t>{0, 2, 1, 0}), 0);
}

TEST(Design, NestedIdsAreTwoUnits) {
  DesignSpec spec = six();
  spec.ids = {{1, 1, 2, 2, 1, 2}};
  spec.nest = true;
  EXPECT_EQ(Design::make(spec)->stages()[0].unit_count, 4U);
}

TEST(Design, DescribesItself) {
  DesignSpec spec = six();
  EXPECT_EQ(Design::make(spec)->description(),
            "stratified cluster design, without finite population correction");
  spec.ids.push_back({1, 2, 1, 2, 1, 1});
  spec.lonely_psu = LonelyPsu::kRemove;
  spec.fpc = {{4, 4, 4, 4, 9, 9}};
  spec.stage_words = {"organisations", "people"};
  EXPECT_EQ(Design::make(spec)->description(),
            "stratified two-stage design, organisations then people, with finite population "
            "correction");
  DesignSpec three;
  three.case_count = 3;
  EXPECT_EQ(Design::make(three)->description(),
            "simple random sample, without finite population correction");
}

TEST(Design, OfNoCasesIsSound) {
  const Design design = Design::make({}).value();
  EXPECT_EQ(design.row_count(), 0U);
  EXPECT_EQ(design.df({}), 0);
}

TEST(DesignRefuses, WeightsThatAreNone) {
  DesignSpec spec = six();
  spec.weights[3] = std::nan("");
  EXPECT_THAT(refusal(spec), HasSubstr("row 4 has no weight"));
  spec.weights[3] = -0.5;
  EXPECT_THAT(refusal(spec), AllOf(HasSubstr("row 4"), HasSubstr("-0.5")));
  spec.weights[3] = INFINITY;
  EXPECT_THAT(refusal(spec), AllOf(HasSubstr("row 4"), HasSubstr("inf")));
  spec.weights.assign(6, 0);
  EXPECT_THAT(refusal(spec), HasSubstr("every weight is 0"));
  for (const double large : {1e308, 1e200}) {  // their sum, or the sum of squares, is no number
    spec.weights.assign(6, large);
    EXPECT_THAT(refusal(spec), HasSubstr("are too large to be squared and added"));
  }
  spec.weights.assign(5, 1);
  EXPECT_THAT(refusal(spec), HasSubstr("5 weights for 6 cases"));
}

TEST(LonelyPsu, IsReadAsItIsWritten) {
  for (const char* word : {"fail", "remove", "certainty", "adjust", "average"}) {
    const auto rule = parse_lonely_psu(word);
    ASSERT_TRUE(rule) << word;
    EXPECT_EQ(name_of(*rule), word);
  }
  for (const char* word : {"", "Fail", "certain", "none"}) {
    const auto rule = parse_lonely_psu(word);
    ASSERT_FALSE(rule) << word;
    EXPECT_THAT(rule.error().message, HasSubstr("is no rule for lonely units"));
  }
}

TEST(DesignRefuses, TwoSourcesOfWeightsOrNone) {
  DesignSpec spec = six();
  spec.weights_from_fpc = true;
  EXPECT_THAT(refusal(spec), HasSubstr("there are none"));
  spec.fpc = {{4, 4, 4, 4, 9, 9}};
  EXPECT_THAT(refusal(spec), HasSubstr("choose one"));
}

TEST(DesignRefuses, APopulationBelowItsSampleByTheNameOfTheStratum) {
  DesignSpec spec = six();
  spec.fpc = {{4, 4, 4, 4, 1, 1}};
  spec.stratum_label = [](size_t, int32_t code) { return code == 0 ? "North" : "London"; };
  EXPECT_THAT(refusal(spec), AllOf(HasSubstr("stratum 'London'"), HasSubstr("size is 1"),
                                   HasSubstr("2 were sampled")));
}

TEST(DesignRefuses, APopulationThatVariesInItsStratum) {
  DesignSpec spec = six();
  spec.fpc = {{4, 4, 4, 5, 9, 9}};
  EXPECT_THAT(refusal(spec),
              AllOf(HasSubstr("stratum '0'"), HasSubstr("4 in row 1"), HasSubstr("5 in row 4")));
}

TEST(DesignRefuses, SizesBesideFractions) {
  DesignSpec spec = six();
  spec.fpc = {{4, 4, 4, 4, 0.5, 0.5}};
  EXPECT_THAT(refusal(spec), AllOf(HasSubstr("row 1"), HasSubstr("size 4"), HasSubstr("row 5"),
                                   HasSubstr("fraction 0.5")));
  spec.fpc = {{4, 4, 4, 4, -9, -9}};
  EXPECT_THAT(refusal(spec), AllOf(HasSubstr("row 5"), HasSubstr("-9")));
  spec.fpc = {{4, 4, 4, 4, std::nan(""), 9}};
  EXPECT_THAT(refusal(spec), HasSubstr("row 5, stage 1"));
}

TEST(DesignRefuses, OneUnitInTwoStrata) {
  DesignSpec spec = six();
  spec.ids = {{1, 1, 2, 2, 3, 2}};
  spec.unit_label = [](size_t, int32_t code) { return "NHS " + std::to_string(code); };
  EXPECT_THAT(refusal(spec), AllOf(HasSubstr("unit 'NHS 2' of stage 1"), HasSubstr("row 3"),
                                   HasSubstr("row 6"), HasSubstr("nested ids")));
}

TEST(DesignRefuses, MissingCodes) {
  DesignSpec spec = six();
  spec.ids[0][2] = -1;
  EXPECT_THAT(refusal(spec), HasSubstr("row 3 has no unit at stage 1"));
  spec = six();
  spec.strata[0][5] = -1;
  EXPECT_THAT(refusal(spec), HasSubstr("row 6 has no stratum at stage 1"));
}

TEST(DesignRefuses, ListsOfAnotherLength) {
  DesignSpec spec = six();
  spec.ids[0].pop_back();
  EXPECT_THAT(refusal(spec), HasSubstr("5 unit codes for 6 cases"));
  spec = six();
  spec.fpc = {{4, 4}};
  EXPECT_THAT(refusal(spec), HasSubstr("2 population sizes for 6 cases"));
  spec = six();
  spec.strata.assign(3, spec.strata[0]);
  EXPECT_THAT(refusal(spec), HasSubstr("3 stages"));
}

TEST(DesignRefuses, ALonelyUnitUnlessToldHowItCounts) {
  DesignSpec spec = six();
  spec.ids = {{1, 1, 1, 1, 3, 4}};
  EXPECT_THAT(refusal(spec),
              AllOf(HasSubstr("stratum '0' has only one sampled unit"), HasSubstr("adjust")));
  for (const LonelyPsu rule :
       {LonelyPsu::kRemove, LonelyPsu::kCertainty, LonelyPsu::kAdjust, LonelyPsu::kAverage}) {
    spec.lonely_psu = rule;
    EXPECT_EQ(refusal(spec), "accepted") << name_of(rule);
  }
  // The only unit of its stratum is not lonely, it is a census.
  spec.lonely_psu = LonelyPsu::kFail;
  spec.fpc = {{1, 1, 1, 1, 9, 9}};
  EXPECT_EQ(refusal(spec), "accepted");
}

TEST(DesignRefuses, ALonelyPersonOfAnOrganisationByItsName) {
  DesignSpec spec = six();
  spec.ids.push_back({1, 2, 1, 2, 1, 1});
  spec.fpc = {{4, 4, 4, 4, 9, 9}, {2, 2, 2, 2, 3, 3}};
  EXPECT_THAT(refusal(spec),
              AllOf(HasSubstr("stage 2, unit '3'"), HasSubstr("only one sampled unit of 3")));
}

}  // namespace
}  // namespace barometer
