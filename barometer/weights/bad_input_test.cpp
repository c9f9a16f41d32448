// Weighting that cannot be done: each time one sentence that names the thing.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/weights/response.h"
#include "barometer/weights/samples_test_internal.h"
#include "barometer/weights/trim.h"

namespace barometer {
namespace {

using ::testing::AllOf;
using testing::formula;
using ::testing::HasSubstr;
using ::testing::Not;

// Ten people: sex, role, a number, who answered.
Dataset people() {
  Codebook codebook;
  const auto single = [](const char* id, std::vector<Category> categories) {
    Variable variable;
    variable.id = id;
    variable.categories = std::move(categories);
    return variable;
  };
  const auto number = [](const char* id) {
    Variable variable;
    variable.id = id;
    variable.kind = VariableKind::kNumber;
    return variable;
  };
  const auto numbers = [](std::vector<double> values) {
    return Numbers{values, std::vector<Missing>(values.size(), Missing::kNone)};
  };
  CHECK(codebook.add(single("sex", {{1, "woman"}, {2, "man"}, {3, "other"}})).has_value(), "");
  CHECK(codebook.add(single("role", {{1, "chair"}, {2, "officer"}})).has_value(), "");
  CHECK(codebook.add(single("gap", {{1, "yes"}, {2, "no"}})).has_value(), "");
  CHECK(codebook.add(number("age")).has_value(), "");
  CHECK(codebook.add(number("months")).has_value(), "");
  CHECK(codebook.add(number("answered")).has_value(), "");
  CHECK(codebook.add(number("never")).has_value(), "");
  Numbers never = numbers({1, 1, 1, 1, 1, 0, 0, 0, 0, 2});
  Numbers age = numbers({31, 42, 38, 55, 61, 47, 50, 29, 44, 36});
  Numbers months = age;
  for (double& value : months.values) value = 12 * value + 1;
  return std::move(
      Dataset::make(codebook, {make_codes(std::vector{1, 1, 1, 1, 1, 1, 2, 2, 2, 2}),
                               make_codes(std::vector{1, 2, 1, 2, 1, 2, 1, 2, 1, 1}),
                               make_codes(std::vector{1, -2, 1, 2, 1, 2, -2, 2, 1, 1}), age, months,
                               numbers({1, 1, 0, 1, 1, 1, 0, 0, 0, 0}), never})
          .value());
}

Sample sample_of(std::vector<double> weights = std::vector<double>(10, 2)) {
  DesignSpec spec;
  spec.case_count = weights.size();
  spec.weights = std::move(weights);
  return Sample::of(Design::make(spec).value());
}

// Leaves out one case at a time.
Sample jackknifed() {
  Replicates replicates;
  replicates.weights = Matrix::Constant(10, 10, 20.0 / 9);
  replicates.weights.diagonal().setZero();
  replicates.rscales.assign(10, 0.9);
  return Sample::replicated(std::vector<double>(10, 2), replicates).value();
}

Margin sexes(std::vector<std::vector<std::string>> levels, std::vector<double> totals) {
  return {.variables = {"sex"}, .levels = std::move(levels), .totals = std::move(totals)};
}
Margin of(const char* variable, std::vector<std::vector<std::string>> levels,
          std::vector<double> totals) {
  return {.variables = {variable}, .levels = std::move(levels), .totals = std::move(totals)};
}

template <class T>
std::string message(const Result<T>& result) {
  return result ? "no error" : result.error().message;
}

TEST(BadWeighting, MarginsAndDataThatDoNotMeet) {
  const Dataset data = people();
  const auto said = [&](const Margin& margin) {
    return message(poststratify(sample_of(), data, margin));
  };
  EXPECT_THAT(said(sexes({{"woman"}, {"man"}, {"other"}}, {60, 40, 3})),
              AllOf(HasSubstr("no case with a weight is in 'other' of the margin 'sex'"),
                    HasSubstr("population is 3")));
  EXPECT_THAT(said(sexes({{"woman"}, {"men"}}, {60, 40})),
              HasSubstr("4 cases are in a category that the margin 'sex' does not have; the first, "
                        "row 7, is sex = man"));
  EXPECT_THAT(said(sexes({{"women"}, {"woman"}, {"man"}}, {1, 60, 40})),
              HasSubstr("did you mean 'woman'?"));
  EXPECT_THAT(said(sexes({{"woman"}, {"man"}}, {60, 0})),
              HasSubstr("says that the population of 'man' is 0, but 4 cases are in it"));
  EXPECT_THAT(said(of("gap", {{"yes"}, {"no"}}, {60, 40})),
              HasSubstr("2 cases have no value of 'gap', which the weights are to be adjusted by "
                        "(the first is row 2)"));
  EXPECT_THAT(said(of("sexs", {{"woman"}}, {60})), HasSubstr("did you mean 'sex'?"));
  EXPECT_THAT(said(sexes({{"woman"}, {"woman"}}, {1, 2})), HasSubstr("twice"));
}

TEST(BadWeighting, CrossedCellsAreNamed) {
  const Margin margin{.variables = {"sex", "role"},
                      .levels = {{"woman", "chair"}, {"woman", "officer"}, {"man", "chair"}},
                      .totals = {30, 30, 40}};
  EXPECT_THAT(message(poststratify(sample_of(), people(), margin)),
              HasSubstr("1 case is in a category that the margin 'sex × role' does not have; the "
                        "first, row 8, is sex = man, role = officer"));
}

TEST(BadWeighting, WordsOfACaseAreNotTold) {
  Texts why{{"a", "a", "a", "my boss", "a", "a", "a", "a", "a", "a"}, std::vector<Missing>(10)};
  const Dataset data =
      std::move(people().with({.id = "why", .kind = VariableKind::kText}, std::move(why)).value());
  EXPECT_EQ(message(poststratify(sample_of(), data, of("why", {{"a"}}, {20}))),
            "1 case is in a category that the margin 'why' does not have; the first is row 4");
  const Margin crossed{.variables = {"sex", "why"}, .levels = {{"woman", "a"}}, .totals = {20}};
  EXPECT_THAT(message(poststratify(sample_of(), data, crossed)),
              AllOf(HasSubstr("the first is row 4"), Not(HasSubstr("boss"))));
  EXPECT_THAT(message(poststratify(sample_of(), data,
                                   of("why", {{"a"}, {"my boss"}, {"my bos"}}, {10, 5, 5}))),
              AllOf(HasSubstr("no case with a weight is in 'my bos'"), Not(HasSubstr("boss"))));
}

TEST(BadWeighting, AReplicateWithoutACell) {
  const Margin margin{
      .variables = {"sex", "role"},
      .levels = {{"woman", "chair"}, {"woman", "officer"}, {"man", "chair"}, {"man", "officer"}},
      .totals = {30, 30, 30, 10}};
  EXPECT_THAT(message(poststratify(jackknifed(), people(), margin)),
              HasSubstr("replicate 8 has no weight in 'man, officer' of 'sex × role'"));
  EXPECT_THAT(message(rake(jackknifed(), people(), std::vector{margin})),
              HasSubstr("replicate 8 has no weight in 'man, officer'"));
}

TEST(BadWeighting, RakingThatCannotBe) {
  const Dataset data = people();
  const Margin sex = sexes({{"woman"}, {"man"}}, {60, 40});
  const auto said = [&](const std::vector<Margin>& margins, const RakeOptions& options = {}) {
    return message(rake(sample_of(), data, margins, options));
  };
  EXPECT_THAT(said({sex, of("role", {{"chair"}, {"officer"}}, {50, 51})}),
              HasSubstr("the margin 'sex' sums to 100, the margin 'role' to 101"));
  EXPECT_THAT(said({}), HasSubstr("at least one margin"));
  EXPECT_THAT(said({sex}, {.epsilon = 0}), HasSubstr("epsilon above 0"));
  EXPECT_THAT(said({sex}, {.max_rounds = 0}), HasSubstr("at least one round"));
  EXPECT_THAT(said({sex}, {.lower = 1.2}), HasSubstr("both sides of 1"));
  EXPECT_THAT(said({sex}, {.upper = 0.9}), HasSubstr("both sides of 1"));
  EXPECT_THAT(said({sexes({{"woman"}, {"man"}, {"other"}}, {60, 30, 10})}), HasSubstr("'other'"));
}

// Women are all chairs or all officers in turn: a cell of the margins is empty, and no weights
// have both.
TEST(BadWeighting, RakingThatDoesNotSettleNamesTheMarginFurthestOff) {
  const Dataset data = people();
  const Margin sex = sexes({{"woman"}, {"man"}}, {60, 40});
  const Margin same{.variables = {"sex"}, .levels = {{"woman"}, {"man"}}, .totals = {50, 50}};
  const auto raked = rake(sample_of(), data, std::vector{sex, same}, {.max_rounds = 20});
  ASSERT_TRUE(raked.has_value());
  EXPECT_TRUE(raked->step.converged) << "R's rule: nothing moves between rounds";
  const auto bounded = rake(sample_of(), data, std::vector{sexes({{"woman"}, {"man"}}, {95, 5})},
                            {.lower = 0.5, .upper = 2});
  ASSERT_TRUE(bounded.has_value());
  EXPECT_FALSE(bounded->step.converged);
  EXPECT_THAT(bounded->step.trouble, AllOf(HasSubstr("did not settle in 1000 rounds"),
                                           HasSubstr("of 'sex' is"), HasSubstr("off")));
}

// One round meets one margin, and nothing shows yet that a second would change nothing.
TEST(BadWeighting, RakingThatMeetsItsMarginsButStillMovesSaysHowFar) {
  const Margin sex = sexes({{"woman"}, {"man"}}, {60, 40});
  const auto raked = rake(sample_of(), people(), std::vector{sex}, {.max_rounds = 1});
  ASSERT_TRUE(raked.has_value());
  EXPECT_FALSE(raked->step.converged);
  EXPECT_EQ(raked->step.trouble,
            "Raking did not settle in 1 rounds: the margins are met, but a cell's sum of weights "
            "still moved by 48 in the last.");
}

TEST(BadWeighting, CalibrationTotalsAndColumns) {
  const Dataset data = people();
  const auto said = [&](const char* text, const std::map<std::string, double>& totals,
                        const CalibrateOptions& options = {}) {
    return message(calibrate(sample_of(), data, formula(text), totals, options));
  };
  EXPECT_THAT(said("~ sex", {{"(Intercept)", 100}}),
              HasSubstr("the population total of 'sexman' is not given (given: (Intercept))"));
  EXPECT_THAT(said("~ sex", {{"(Intercept)", 100}, {"sexman", 40}, {"sexmen", 3}}),
              AllOf(HasSubstr("'sexmen' is 3, but no case"), HasSubstr("did you mean 'sexman'?")));
  EXPECT_THAT(said("~ sex", {{"(Intercept)", 100}, {"sexman", 40}, {"sexother", 3}}),
              HasSubstr("'sexother' is 3, but no case"));
  EXPECT_EQ(said("~ sex", {{"(Intercept)", 100}, {"sexman", 40}, {"sexother", 0}}), "no error");
  EXPECT_THAT(said("~ age + months", {{"(Intercept)", 100}, {"age", 4300}, {"months", 51700}}),
              AllOf(HasSubstr("is determined by the other auxiliary variables"),
                    HasSubstr("leave it out")));
  EXPECT_THAT(said("~ gap", {{"(Intercept)", 100}, {"gapno", 40}}),
              HasSubstr("2 cases have no value of a variable of gap"));
  EXPECT_THAT(said("~ sex", {{"(Intercept)", std::nan("")}, {"sexman", 40}}),
              HasSubstr("'(Intercept)' is no number"));
}

TEST(BadWeighting, CalibrationThatMissesItsTotals) {
  const Dataset data = people();
  const std::map<std::string, double> far{{"(Intercept)", 20}, {"age", 1200}};
  const auto said = [&](const CalibrateOptions& options) {
    return message(calibrate(sample_of(), data, formula("~ age"), far, options));
  };
  for (const auto distance :
       {CalibrationDistance::kLinear, CalibrationDistance::kRaking, CalibrationDistance::kLogit}) {
    EXPECT_THAT(said({.distance = distance, .lower = 0.8, .upper = 1.2}),
                AllOf(HasSubstr("are not met after 50 iterations: '"), HasSubstr("off"),
                      HasSubstr("the bounds 0.8 and 1.2 may be too narrow")))
        << name_of(distance);
  }
  const auto forced = calibrate(sample_of(), data, formula("~ age"), far,
                                {.lower = 0.8, .upper = 1.2, .force = true});
  ASSERT_TRUE(forced.has_value()) << forced.error().message;
  EXPECT_FALSE(forced->step.converged);
  EXPECT_THAT(forced->step.trouble, HasSubstr("are not met"));
}

TEST(BadWeighting, CalibrationOptions) {
  const Dataset data = people();
  const auto said = [&](const CalibrateOptions& options) {
    return message(calibrate(sample_of(), data, formula("~ age"),
                             {{"(Intercept)", 20}, {"age", 870}}, options));
  };
  EXPECT_EQ(said({}), "no error");
  constexpr auto kLogit = CalibrationDistance::kLogit;
  EXPECT_THAT(said({.lower = 2, .upper = 1}), HasSubstr("lower bound 2 is not below the upper 1"));
  EXPECT_THAT(said({.distance = kLogit}), HasSubstr("finite bounds on both sides of 1"));
  EXPECT_THAT(said({.distance = kLogit, .lower = 1.1, .upper = 2}), HasSubstr("1.1 and 2"));
  EXPECT_THAT(said({.epsilon = -1}), HasSubstr("epsilon above 0"));
  EXPECT_THAT(said({.max_iterations = 0}), HasSubstr("at least one iteration"));
  EXPECT_THAT(said({.aggregate = {"gap"}}), HasSubstr("row 2 has no value of 'gap'"));
  EXPECT_THAT(said({.aggregate = {"gapp"}}), HasSubstr("did you mean 'gap'?"));
  EXPECT_THAT(said({.variance = "answered"}), HasSubstr("row 3: 'answered' is not above 0"));
  EXPECT_FALSE(parse_calibration_distance("ranking").has_value());
  EXPECT_EQ(parse_calibration_distance("logit").value(), kLogit);
}

TEST(BadWeighting, NegativeWeightsAreToldAndNotBuiltUpon) {
  const Dataset data = people();
  const auto linear =
      calibrate(sample_of(), data, formula("~ age"), {{"(Intercept)", 20}, {"age", 1200}});
  ASSERT_TRUE(linear.has_value()) << linear.error().message;
  EXPECT_THAT(linear->step.trouble,
              AllOf(HasSubstr("a negative weight, down to -"), HasSubstr("set a lower bound")));
  EXPECT_THAT(message(calibrate(linear->sample, data, formula("~ age"),
                                {{"(Intercept)", 20}, {"age", 1200}})),
              HasSubstr("calibration starts from weights of at least 0"));
  EXPECT_THAT(
      message(rake(linear->sample, data, std::vector{sexes({{"woman"}, {"man"}}, {60, 40})})),
      HasSubstr("raking starts from weights of at least 0"));
}

TEST(BadWeighting, MarginsThatDoNotGiveTheTotals) {
  const Dataset data = people();
  const Margin sex = sexes({{"woman"}, {"man"}}, {60, 40});
  EXPECT_THAT(message(totals_of_margins(formula("~ sex + role"), data, {sex})),
              HasSubstr("no margin gives the population of 'roleofficer'"));
  EXPECT_THAT(message(totals_of_margins(formula("~ sex + age"), data, {sex})), HasSubstr("'age'"));
  Margin shares = sexes({{"woman"}, {"man"}}, {60, 40});
  shares.shares = true;
  EXPECT_THAT(message(totals_of_margins(formula("~ sex"), data, {shares})),
              HasSubstr("calibration needs counts"));
}

TEST(BadWeighting, TrimmingThatCannotBe) {
  const Sample sample = sample_of({1, 1, 1, 1, 1, 1, 1, 1, 1, 11});  // mean 2
  const auto said = [&](const TrimOptions& options) { return message(trim(sample, options)); };
  EXPECT_THAT(said({}), HasSubstr("a lower or an upper bound"));
  EXPECT_THAT(said({.lower = 4, .upper = 3}), HasSubstr("lower bound 4 is not below the upper 3"));
  EXPECT_THAT(said({.upper = 1.5, .strict = true}),
              HasSubstr("the mean weight is 2, above the upper bound 1.5: no weights within the "
                        "bounds have the same sum"));
  EXPECT_THAT(said({.lower = 2.5, .strict = true}),
              HasSubstr("the mean weight is 2, below the lower bound 2.5"));
  EXPECT_THAT(said({.lower = 2, .upper = 3}), HasSubstr("every weight is outside the bounds"));
}

TEST(BadWeighting, ResponseThatCannotBeAdjustedFor) {
  const Dataset data = people();
  const auto said = [&](const Sample& sample, const ResponseOptions& options) {
    return message(adjust_for_response(sample, data, options));
  };
  EXPECT_THAT(said(sample_of(), {.respondent = "answered", .classes = {"sex"}}),
              HasSubstr("nobody answered in the class 'man' of sex"));
  EXPECT_THAT(said(sample_of(), {.respondent = "never"}),
              HasSubstr("row 10: 'never' is 2, neither 1 (answered) nor 0"));
  EXPECT_THAT(said(sample_of(), {.respondent = "gap"}), HasSubstr("row 2 has no value of 'gap'"));
  EXPECT_THAT(said(sample_of(), {.respondent = "answred"}), HasSubstr("did you mean 'answered'?"));
  EXPECT_THAT(said(sample_of(), {.respondent = "answered", .classes = {"gap"}}),
              HasSubstr("row 2 has no value of 'gap', which makes the weighting classes"));
  const Sample raked =
      rake(sample_of(), data, std::vector{sexes({{"woman"}, {"man"}}, {60, 40})})->sample;
  EXPECT_THAT(said(raked, {.respondent = "answered"}),
              HasSubstr("the weights are raked to 1 margin (sex) already: adjust for non-response "
                        "first"));
}

TEST(BadWeighting, ResponseModels) {
  const Dataset data = people();
  const auto said = [&](const char* text, size_t strata = 5) {
    return message(adjust_by_propensity(sample_of(), data, formula(text),
                                        {.respondent = "answered", .strata = strata}));
  };
  EXPECT_THAT(said("~ sex"), HasSubstr("answering is as good as certain")) << "no man answered";
  EXPECT_THAT(said("~ gap"), HasSubstr("row 2 has no value of a variable of the response model"));
  EXPECT_THAT(said("~ age + months"), HasSubstr("is determined by the other variables"));
  EXPECT_THAT(said("~ age", 0), HasSubstr("0 propensity strata"));
}

TEST(BadWeighting, DataOfAnotherSample) {
  const Sample other = sample_of(std::vector<double>(9, 1));
  const char* said = "the sample has 9 cases, the data 10 cases";
  const Dataset data = people();
  const Margin sex = sexes({{"woman"}, {"man"}}, {60, 40});
  EXPECT_EQ(message(poststratify(other, data, sex)), said);
  EXPECT_EQ(message(rake(other, data, std::vector{sex})), said);
  EXPECT_EQ(message(calibrate(other, data, formula("~ sex"), {})), said);
  EXPECT_EQ(message(adjust_for_response(other, data, {.respondent = "answered"})), said);
}

}  // namespace
}  // namespace barometer
