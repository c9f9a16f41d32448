// Situations: textbook examples, notes of steps, who is in what row, non-response, the report.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/weights/response.h"
#include "barometer/weights/samples_test_internal.h"
#include "barometer/weights/trim.h"
#include "tests/support/golden.h"

namespace barometer {
namespace {

using ::testing::AllOf;
using testing::clus1;
using testing::clus1_jk1;
using ::testing::ElementsAre;
using testing::formula;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::near_rel;
using testing::Schools;
using testing::stypes;
using testing::wide;

// Cells of two variables, with a number of cases and a weight each.
struct Cell {
  const char* row;
  const char* column;
  int cases;
  int yes;
  double weight;
};

Schools of_cells(const std::vector<Cell>& cells, double population) {
  Variable row;
  Variable column;
  Variable yes;
  row.id = "row";
  column.id = "column";
  yes.id = "yes";
  yes.kind = VariableKind::kNumber;
  std::vector<int> rows;
  std::vector<int> columns;
  Numbers numbers;
  DesignSpec spec;
  const auto code = [](Variable& variable, const char* label) {
    if (const Category* category = variable.category_labelled(label)) return category->code;
    variable.categories.push_back({static_cast<int>(variable.categories.size()) + 1, label, false});
    return variable.categories.back().code;
  };
  for (const Cell& cell : cells) {
    const int row_code = code(row, cell.row);
    const int column_code = code(column, cell.column);
    for (int i = 0; i < cell.cases; ++i) {
      rows.push_back(row_code);
      columns.push_back(column_code);
      numbers.values.push_back(i < cell.yes ? 1 : 0);
      spec.weights.push_back(cell.weight);
    }
  }
  numbers.missing.assign(rows.size(), Missing::kNone);
  spec.case_count = rows.size();
  if (population > 0) spec.fpc = {std::vector<double>(rows.size(), population)};
  Codebook codebook;
  for (const Variable& variable : {row, column, yes}) {
    CHECK(codebook.add(variable).has_value(), "the ids are legal");
  }
  return {Dataset::make(codebook, {make_codes(rows), make_codes(columns), numbers}).value(),
          Sample::of(Design::make(spec).value())};
}

// Lohr, "Sampling: Design and Analysis", 2nd ed. 2010, example 4.9: 400 of 4,000 students, 84 of
// 240 women and 40 of 160 men plan to teach; 3,000 are women. 1,240 before, 1,300 after.
TEST(Weights, StudentsWhoPlanToTeach) {
  const Schools survey =
      of_cells({{"woman", "all", 240, 84, 10}, {"man", "all", 160, 40, 10}}, 4000);
  EXPECT_EQ(testing::total(survey, survey.sample, "yes").value[0], 1240);
  const Margin margin{.variables = {"row"}, .levels = {{"woman"}, {"man"}}, .totals = {3000, 1000}};
  const auto weighted = poststratify(survey.sample, survey.data, margin);
  ASSERT_TRUE(weighted.has_value());
  const Estimated total = testing::total(survey, weighted->sample, "yes");
  EXPECT_TRUE(near_rel(total.value[0], 1300, 1e-12, "84/240 of 3,000 and 40/160 of 1,000"));
  // Residuals within the cells: Σ (N_h / n_h)² n_h p_h (1 - p_h), for 400 of 4,000.
  const double squares = 12.5 * 12.5 * 240 * 0.35 * 0.65 + 6.25 * 6.25 * 160 * 0.25 * 0.75;
  const double by_hand = std::sqrt(0.9 * 400 / 399 * squares);
  EXPECT_TRUE(near_rel(total.se(0), by_hand, 1e-12, "the same by hand"));
}

// Lohr, 2nd ed. 2010, section 8.5.2.2: sums of weights by sex and race, and the table raked to the
// known margins, printed to 0.01. (White stands there as 1021.47 and 1098.53, where its rounds
// stopped; they end at 1021.463 and 1098.537.)
TEST(Weights, RakingToSexAndRace) {
  const Schools survey = of_cells({{"Female", "Black", 3, 0, 100},
                                   {"Female", "White", 12, 0, 100},
                                   {"Female", "Asian", 1, 0, 60},
                                   {"Female", "Native American", 1, 0, 30},
                                   {"Female", "Other", 1, 0, 30},
                                   {"Male", "Black", 3, 0, 50},
                                   {"Male", "White", 9, 0, 120},
                                   {"Male", "Asian", 3, 0, 30},
                                   {"Male", "Native American", 1, 0, 30},
                                   {"Male", "Other", 1, 0, 30}},
                                  0);
  const std::vector<Margin> margins{
      {.variables = {"row"}, .levels = {{"Female"}, {"Male"}}, .totals = {1510, 1490}},
      {.variables = {"column"},
       .levels = {{"Black"}, {"White"}, {"Asian"}, {"Native American"}, {"Other"}},
       .totals = {600, 2120, 150, 100, 30}}};
  const auto raked = rake(survey.sample, survey.data, margins);
  ASSERT_TRUE(raked.has_value());
  std::map<std::pair<int, int>, double> sums;
  for (size_t i = 0; i < survey.data.case_count(); ++i) {
    sums[{code_at(**survey.data.find("row"), i), code_at(**survey.data.find("column"), i)}] +=
        raked->sample.weights()[i];
  }
  const double printed[2][5] = {{375.59, 1021.47, 53.72, 45.56, 13.67},
                                {224.41, 1098.53, 96.28, 54.44, 16.33}};
  for (int row = 0; row < 2; ++row) {
    for (int column = 0; column < 5; ++column) {
      EXPECT_NEAR((sums[{row + 1, column + 1}]), printed[row][column], 0.01) << row << column;
    }
  }
}

TEST(Weights, SharesAreOfTheSumOfTheWeightsOrOfAPopulation) {
  const Schools survey = clus1();
  Margin shares = wide();
  shares.totals = {17.3, 82.7};
  shares.shares = true;
  const double sum = summary_of_weights(survey.sample.weights()).sum;
  const auto kept = poststratify(survey.sample, survey.data, shares);
  EXPECT_TRUE(near_rel(summary_of_weights(kept->sample.weights()).sum, sum, 1e-12, "kept"));
  EXPECT_TRUE(near_rel(kept->step.lines[0].after, 0.173 * sum, 1e-12, "a share of it"));
  const auto given =
      rake(survey.sample, survey.data, std::vector{shares, stypes()}, {.population = 6194});
  ASSERT_TRUE(given.has_value()) << given.error().message;
  EXPECT_TRUE(near_rel(summary_of_weights(given->sample.weights()).sum, 6194, 1e-12, "given"));
}

TEST(Weights, CategoriesMayBeWrittenAsCodesAndInAnyOrder) {
  const Schools survey = clus1();
  Margin codes = stypes();
  codes.levels = {{"2"}, {"3"}, {"1"}};  // csv_dataset numbers E, H, M
  codes.totals = {755, 1018, 4421};
  const auto by_code = poststratify(survey.sample, survey.data, codes);
  const auto by_label = poststratify(survey.sample, survey.data, stypes());
  ASSERT_TRUE(by_code.has_value()) << by_code.error().message;
  EXPECT_THAT(std::vector(by_code->sample.weights().begin(), by_code->sample.weights().end()),
              ::testing::ElementsAreArray(by_label->sample.weights()));
}

TEST(Weights, NumbersAreCategoriesByTheirValue) {
  const Schools survey = testing::answers();
  const Margin margin{
      .variables = {"answered"}, .levels = {{"0"}, {"1.0"}}, .totals = {2000, 4194}};
  const auto weighted = poststratify(survey.sample, survey.data, margin);
  ASSERT_TRUE(weighted.has_value()) << weighted.error().message;
  EXPECT_THAT(weighted->step.lines, ::testing::SizeIs(2));
}

TEST(Weights, CellsLeftOutAreTold) {
  const Schools survey = clus1();
  Margin extra = stypes();
  extra.levels.push_back({"X"});
  extra.totals.push_back(100);
  const auto weighted = poststratify(survey.sample, survey.data, extra, {.partial = true});
  ASSERT_TRUE(weighted.has_value());
  EXPECT_EQ(weighted->step.trouble, "No case is in X: left out of the population.");
  EXPECT_THAT(weighted->step.lines, ::testing::SizeIs(3));
}

TEST(Weights, ACategoryOfNobodyAndNoPopulationIsNoTrouble) {
  const Schools survey = clus1();
  Margin extra = stypes();
  extra.levels.push_back({"X"});
  extra.totals.push_back(0);
  const auto weighted = poststratify(survey.sample, survey.data, extra);
  ASSERT_TRUE(weighted.has_value()) << weighted.error().message;
  EXPECT_THAT(weighted->step.trouble, IsEmpty());
}

TEST(Weights, WhatWasDoneIsInTheDescriptionOfTheSample) {
  for (Schools survey : {clus1(), clus1_jk1()}) {
    survey.sample =
        rake(survey.sample, survey.data, std::vector{testing::improved(), wide()})->sample;
    survey.sample = trim(survey.sample, {.upper = 90, .strict = true})->sample;
    EXPECT_THAT(survey.sample.description(),
                AllOf(HasSubstr("; raked to 2 margins (comp_imp; sch_wide)"),
                      HasSubstr("; weights trimmed to at most 90, strictly (")));
  }
}

TEST(Weights, RsDefaultsStopEarlierThanOurs) {
  const Schools survey = clus1();
  const std::vector<Margin> margins{stypes(), wide(), testing::improved()};
  const auto ours = rake(survey.sample, survey.data, margins);
  const auto as_in_r = rake(survey.sample, survey.data, margins, RakeOptions::as_in_r());
  EXPECT_GT(ours->step.iterations, as_in_r->step.iterations);
  const auto furthest = [](const WeightStep& step) {
    double far = 0;
    for (const MarginLine& line : step.lines) {
      far = std::max(far, std::abs(line.after - line.population));
    }
    return far;
  };
  EXPECT_LT(furthest(ours->step), 1e-6);
  EXPECT_GT(furthest(as_in_r->step), 1e-3);
}

TEST(Weights, BoundedRakingMeetsMarginsThatItCanMeet) {
  const Schools survey = clus1();
  const std::vector<Margin> margins{stypes(), wide()};
  const auto bounded = rake(survey.sample, survey.data, margins, {.lower = 0.85, .upper = 1.9});
  ASSERT_TRUE(bounded.has_value());
  EXPECT_TRUE(bounded->step.converged) << bounded->step.trouble;
  const WeightReport report = weight_report(survey.sample, bounded->sample, {bounded->step});
  const double mean = report.after.sum / report.before.sum;
  EXPECT_GE(report.smallest_ratio, 0.85 * mean - 1e-9);
  EXPECT_LE(report.largest_ratio, 1.9 * mean + 1e-9);
  for (const MarginLine& line : bounded->step.lines) {
    EXPECT_TRUE(near_rel(line.after, line.population, 1e-4, "met when it is said to be"));
  }
  EXPECT_GT(testing::total(survey, bounded->sample, "enroll").se(0), 0);
}

TEST(Weights, TrimmingOnceMayLeaveWeightsOutside) {
  const Schools survey = clus1();
  const Sample raked = rake(survey.sample, survey.data, std::vector{stypes(), wide()})->sample;
  const auto once = trim(raked, {.lower = 25, .upper = 38});
  EXPECT_THAT(once->step.trouble, HasSubstr("outside the bounds once what was cut off"));
  const auto strictly = trim(raked, {.lower = 25, .upper = 38, .strict = true});
  EXPECT_THAT(strictly->step.trouble, IsEmpty());
  const auto nothing = trim(raked, {.lower = 1, .upper = 1000});
  EXPECT_EQ(nothing->step.iterations, 0U);
  EXPECT_THAT(nothing->step.description, HasSubstr("(0 cases)"));
}

TEST(Weights, TrimmingLeavesCasesWithoutWeightAlone) {
  DesignSpec spec;
  spec.case_count = 5;
  spec.weights = {0, 1, 2, 3, 10};
  const auto trimmed = trim(Sample::of(Design::make(spec).value()), {.lower = 1, .upper = 7});
  ASSERT_TRUE(trimmed.has_value());
  EXPECT_THAT(trimmed->sample.weights(), ElementsAre(0, 2, 3, 4, 7));
}

TEST(Weights, ReplicatesAreTrimmedByTheRatioOfTheirCase) {
  const Schools survey = clus1_jk1();
  const Sample raked =
      rake(survey.sample, survey.data, std::vector{testing::improved(), wide()})->sample;
  const Sample trimmed = trim(raked, {.upper = 40})->sample;
  for (Eigen::Index i = 0; i < trimmed.replicates()->weights.rows(); ++i) {
    const auto at = static_cast<size_t>(i);
    const double ratio = trimmed.weights()[at] / raked.weights()[at];
    EXPECT_TRUE(near_rel(trimmed.replicates()->weights(i, 3),
                         ratio * raked.replicates()->weights(i, 3), 1e-14, "one multiplication"));
  }
}

TEST(Response, TheSumOfTheWeightsOfAClassStays) {
  const Schools survey = testing::answers();
  const auto weighted = adjust_for_response(survey.sample, survey.data,
                                            {.respondent = "answered", .classes = {"class"}});
  ASSERT_TRUE(weighted.has_value());
  EXPECT_TRUE(near_rel(summary_of_weights(weighted->sample.weights()).sum,
                       summary_of_weights(survey.sample.weights()).sum, 1e-12, "class by class"));
  const std::vector<double> answered = testing::numbers_of(survey.data, "answered");
  for (size_t i = 0; i < answered.size(); ++i) {
    EXPECT_EQ(weighted->sample.weights()[i] > 0, answered[i] == 1) << i;
  }
}

TEST(Response, WhereEveryoneAnsweredNothingChanges) {
  Schools survey = testing::answers();
  Variable all;
  all.id = "everyone";
  all.kind = VariableKind::kNumber;
  Numbers ones;
  ones.values.assign(survey.data.case_count(), 1);
  ones.missing.assign(survey.data.case_count(), Missing::kNone);
  survey.data = survey.data.with(all, ones).value();
  const auto weighted = adjust_for_response(survey.sample, survey.data,
                                            {.respondent = "everyone", .classes = {"class"}});
  ASSERT_TRUE(weighted.has_value());
  const Estimated before = testing::total(survey, survey.sample, "enroll");
  const Estimated after = testing::total(survey, weighted->sample, "enroll");
  EXPECT_TRUE(near_rel(after.value[0], before.value[0], 1e-12, "factors of 1"));
  EXPECT_TRUE(near_rel(after.se(0), before.se(0), 1e-9, "what is added is 0"));
}

// Those who did not answer need no region afterwards, and their x is still carried.
TEST(Response, CalibratedAfterwardsAsTheJackknifeSays) {
  const Schools survey = testing::answers();
  const auto weigh = [&](Sample sample) {
    sample =
        adjust_for_response(sample, survey.data, {.respondent = "answered", .classes = {"class"}})
            ->sample;
    return calibrate(sample, survey.data, formula("~ meals"),
                     {{"(Intercept)", 6194}, {"meals", 6194 * 48.0}})
        ->sample;
  };
  const Sample linearised = weigh(survey.sample);
  const Sample jackknife = weigh(testing::jackknifed(
      testing::numbers_of(survey.data, "pw"), std::vector<int32_t>(survey.data.case_count(), 0),
      testing::codes_of(survey.data, "dnum"), testing::numbers_of(survey.data, "fpc")));
  for (const char* id : {"enroll", "api00"}) {
    const double ours = testing::total(survey, linearised, id).se(0);
    const double theirs = testing::total(survey, jackknife, id).se(0);
    EXPECT_TRUE(near_rel(ours, theirs, 0.15, "15 districts: the jackknife is a little larger"))
        << id;
  }
  EXPECT_LT(testing::total(survey, linearised, "meals").se(0), 1e-6) << "its total is known";
}

TEST(Response, MissingAuxiliariesOfThoseWhoDidNotAnswerAreNoMistake) {
  Schools survey = testing::answers();
  const std::vector<double> answered = testing::numbers_of(survey.data, "answered");
  std::vector<int> codes;
  for (size_t i = 0; i < answered.size(); ++i) {
    codes.push_back(answered[i] == 1 ? static_cast<int>(i % 2) : file_code(Missing::kNotAsked));
  }
  Variable view;
  view.id = "view";
  view.categories = {{0, "no"}, {1, "yes"}};
  survey.data = survey.data.with(view, make_codes(codes)).value();
  const Margin margin{.variables = {"view"}, .levels = {{"no"}, {"yes"}}, .totals = {3000, 3194}};
  EXPECT_FALSE(poststratify(survey.sample, survey.data, margin).has_value());
  const Sample adjusted =
      adjust_for_response(survey.sample, survey.data, {.respondent = "answered"})->sample;
  EXPECT_TRUE(poststratify(adjusted, survey.data, margin).has_value());
  EXPECT_TRUE(rake(adjusted, survey.data, std::vector{margin, stypes()}).has_value());
  const auto calibrated = calibrate(adjusted, survey.data, formula("~ view"),
                                    {{"(Intercept)", 6194}, {"viewyes", 3194}});
  ASSERT_TRUE(calibrated.has_value()) << calibrated.error().message;
  EXPECT_TRUE(near_rel(summary_of_weights(calibrated->sample.weights()).sum, 6194, 1e-12, "met"));
}

TEST(Response, PropensityStrataAreFifthsOfTheCases) {
  const Schools survey = testing::answers();
  const auto weighted = adjust_by_propensity(survey.sample, survey.data, formula("~ meals + stype"),
                                             {.respondent = "answered"});
  ASSERT_TRUE(weighted.has_value()) << weighted.error().message;
  ASSERT_EQ(weighted->step.lines.size(), 5U);
  const double fifth = summary_of_weights(survey.sample.weights()).sum / 5;
  double last_rate = 0;
  for (const MarginLine& line : weighted->step.lines) {
    EXPECT_NEAR(line.population, fifth, 0.1 * fifth);
    EXPECT_GT(line.before / line.population, last_rate * 0.8) << "likelier classes answer more";
    last_rate = line.before / line.population;
  }
}

TEST(Response, EqualPropensitiesStayTogether) {
  const Schools survey = testing::answers();
  const auto weighted = adjust_by_propensity(survey.sample, survey.data, formula("~ stype"),
                                             {.respondent = "answered", .strata = 50});
  const auto classes = adjust_for_response(survey.sample, survey.data,
                                           {.respondent = "answered", .classes = {"stype"}});
  ASSERT_TRUE(weighted.has_value()) << weighted.error().message;
  for (size_t i = 0; i < survey.data.case_count(); ++i) {
    EXPECT_TRUE(near_rel(weighted->sample.weights()[i], classes->sample.weights()[i], 1e-12,
                         "three probabilities are the three classes"));
  }
}

TEST(WeightReport, SummaryIsKishs) {
  const std::vector<double> weights{1, 1, 2, 4, 0};
  const WeightSummary summary = summary_of_weights(weights);
  EXPECT_EQ(summary.cases, 4U);
  EXPECT_EQ(summary.sum, 8);
  EXPECT_EQ(summary.smallest, 1);
  EXPECT_EQ(summary.largest, 4);
  EXPECT_DOUBLE_EQ(summary.effective_base, 64.0 / 22);
  const double cv2 = (1 + 1 + 0 + 4) / 4.0 / 4.0;  // mean squared distance from 2, over 2²
  EXPECT_DOUBLE_EQ(summary.design_effect, 1 + cv2);
  EXPECT_EQ(summary_of_weights({}).design_effect, 1);
}

TEST(WeightReport, AsText) {
  const Schools survey = clus1();
  std::vector<WeightStep> steps;
  Sample sample = survey.sample;
  const auto take = [&](Result<Weighted> weighted) {
    ASSERT_TRUE(weighted.has_value()) << weighted.error().message;
    sample = weighted->sample;
    steps.push_back(weighted->step);
  };
  take(rake(sample, survey.data, std::vector{stypes(), wide()}));
  take(trim(sample, {.lower = 25, .upper = 38}));
  take(calibrate(sample, survey.data, formula("~ stype + api99"), testing::api_totals(),
                 {.distance = CalibrationDistance::kLogit, .lower = 0.4, .upper = 2.2}));
  EXPECT_TRUE(testing::matches_golden(SOURCE_DIR "/barometer/weights/testdata/report.txt",
                                      report_text(weight_report(survey.sample, sample, steps))));
}

}  // namespace
}  // namespace barometer
