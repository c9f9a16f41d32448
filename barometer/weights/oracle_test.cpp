// Values of R survey 4.1.1, R 4.2.2: testdata/weights.R makes them, on public and generated data.
#include <algorithm>
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "barometer/weights/response.h"
#include "barometer/weights/samples_test_internal.h"
#include "barometer/weights/trim.h"

namespace barometer {
namespace {

using testing::api_totals;
using testing::clus1;
using testing::clus1_jk1;
using testing::formula;
using testing::near_rel;
using testing::read_module_data;
using testing::Schools;

constexpr double kTolerance = 1e-9;
constexpr const char* kSource = "R survey 4.1.1, R 4.2.2";

struct Value {
  double estimate, se;
};
using Values = std::map<std::string, Value>;

Values values_of(const std::string& name) {
  static const CsvTable table = [] {
    Diagnostics problems;
    const std::string file = std::string(SOURCE_DIR) + "/barometer/weights/testdata/weights.csv";
    return CsvTable::parse(read_file(file).value(), file, problems);
  }();
  Values values;
  for (size_t r = 0; r < table.row_count(); ++r) {
    if (table.cell(r, "case").text != name) continue;
    values[table.cell(r, "what").text] = {*testing::as_number(table.cell(r, "estimate").text),
                                          *testing::as_number(table.cell(r, "se").text)};
  }
  return values;
}

std::vector<uint8_t> cases_where(const Dataset& data, const std::string& id,
                                 const std::string& label) {
  return testing::Survey{std::make_shared<const Dataset>(data), {}}.where(id, label);
}

// "mean api00 where sch_wide No" and the like.
Value estimated(const Schools& survey, const Sample& sample, const std::string& what) {
  std::vector<std::string> words;
  for (size_t at = 0; at < what.size();) {
    const size_t end = std::min(what.find(' ', at), what.size());
    words.push_back(what.substr(at, end - at));
    at = end + 1;
  }
  const std::span<const double> w = sample.weights();
  if (what == "weights sum") {
    double sum = 0;
    double squares = 0;
    for (const double v : w) sum += v, squares += v * v;
    return {sum, squares};
  }
  if (what == "weights range") return {std::ranges::min(w), std::ranges::max(w)};
  std::vector<uint8_t> domain;
  if (words.size() == 5) domain = cases_where(survey.data, words[3], words[4]);
  const Matrix y = testing::column_of(survey.data, words[1]);
  FunctionalPtr functional;
  if (words[0] == "total") functional = total_of(y, domain);
  if (words[0] == "mean") functional = mean_of(y, domain);
  if (words[0] == "ratio") functional = ratio_of(y, testing::column_of(survey.data, words[2]), {});
  const auto result = estimate(sample, *functional, Progress());
  EXPECT_TRUE(result.has_value()) << what << ": " << (result ? "" : result.error().message);
  return result ? Value{result->value[0], result->se(0)} : Value{0, 0};
}

void expect_values(const std::string& name, const Schools& survey, const Result<Weighted>& weighted,
                   double tolerance = kTolerance, const char* why = kSource) {
  ASSERT_TRUE(weighted.has_value()) << name << ": " << weighted.error().message;
  const Values values = values_of(name);
  ASSERT_FALSE(values.empty()) << name;
  for (const auto& [what, expected] : values) {
    const Value ours = estimated(survey, weighted->sample, what);
    EXPECT_TRUE(near_rel(ours.estimate, expected.estimate, tolerance, why)) << name << ": " << what;
    EXPECT_TRUE(near_rel(ours.se, expected.se, tolerance, why)) << name << ": " << what;
  }
}

using Step = std::function<Result<Weighted>(const Schools&)>;
struct Row {
  const char* name;
  Step step;
};

Step post(Margin margin) {
  return [=](const Schools& s) { return poststratify(s.sample, s.data, margin); };
}
Step raked(std::vector<Margin> margins, RakeOptions options = {.epsilon = 1e-13}) {
  return [=](const Schools& s) { return rake(s.sample, s.data, margins, options); };
}
Step calibrated(const char* text, std::map<std::string, double> totals,
                CalibrateOptions options = {}) {
  return
      [=](const Schools& s) { return calibrate(s.sample, s.data, formula(text), totals, options); };
}
std::map<std::string, double> wide_totals(bool with_api99 = true) {
  std::map<std::string, double> totals{{"(Intercept)", 6194}, {"sch_wideYes", 5122}};
  if (with_api99) totals.emplace("api99", 3914069);
  return totals;
}
constexpr const char* kFormula = "~ stype + api99";

TEST(WeightsOracle, SchoolsOfFifteenDistricts) {
  const Schools survey = clus1();
  using testing::improved, testing::stypes, testing::wide, testing::crossed;
  const std::vector<Margin> two{stypes(), wide()};
  const std::vector<Margin> three{stypes(), wide(), improved()};
  constexpr auto kRaking = CalibrationDistance::kRaking;
  constexpr auto kLogit = CalibrationDistance::kLogit;
  Margin extra = stypes();
  extra.levels.push_back({"X"});
  extra.totals.push_back(100);
  const Row rows[] = {
      {"post", post(stypes())},
      {"post two", post(crossed())},
      {"post partial",
       [=](const Schools& s) { return poststratify(s.sample, s.data, extra, {.partial = true}); }},
      {"rake two", raked(two)},
      {"rake three", raked(three)},
      {"rake as in R", raked(three, RakeOptions::as_in_r())},
      {"rake crossed", raked({crossed(), improved()})},
      {"linear", calibrated(kFormula, api_totals())},
      {"linear bounded",
       calibrated(kFormula, api_totals(), {.lower = 0.5, .upper = 1.7, .epsilon = 1e-12})},
      {"linear variance", calibrated(kFormula, api_totals(), {.variance = "enroll"})},
      {"linear clusters", calibrated(kFormula, api_totals(), {.aggregate = {"dnum"}})},
      {"raking", calibrated(kFormula, api_totals(), {.distance = kRaking})},
      {"raking bounded",
       calibrated(kFormula, api_totals(),
                  {.distance = kRaking, .lower = 0.55, .upper = 1.8, .epsilon = 1e-12})},
      {"raking clusters",
       calibrated(kFormula, api_totals(), {.distance = kRaking, .aggregate = {"dnum"}})},
      {"logit",
       calibrated(kFormula, api_totals(), {.distance = kLogit, .lower = 0.4, .upper = 2.2})},
  };
  for (const Row& row : rows) expect_values(row.name, survey, row.step(survey));
}

TEST(WeightsOracle, LogitOnMargins) {
  const Schools survey = clus1();
  const Formula on = formula("~ stype + sch_wide");
  const auto totals = totals_of_margins(on, survey.data, {testing::stypes(), testing::wide()});
  ASSERT_TRUE(totals.has_value());
  expect_values(
      "logit margins", survey,
      calibrate(
          survey.sample, survey.data, on, *totals,
          {.distance = CalibrationDistance::kLogit, .lower = 0.7, .upper = 2.5, .epsilon = 1e-12}));
}

TEST(WeightsOracle, WeightsFarTooSmallAreScaledFirst) {
  Schools survey = clus1();
  testing::Survey small = testing::apiclus1();
  for (double& w : small.spec.weights) w /= 100;
  survey.sample = small.sample();
  expect_values(
      "raking of small weights", survey,
      calibrated(kFormula, api_totals(), {.distance = CalibrationDistance::kRaking})(survey));
}

// sqrt(enroll) / 25 as a variable of the data.
TEST(WeightsOracle, RakingDistanceWithVariances) {
  Schools survey = clus1();
  Numbers scaled = std::get<Numbers>(**survey.data.find("enroll"));
  for (double& value : scaled.values) value = std::sqrt(value) / 25;
  Variable variable;
  variable.id = "spread";
  variable.kind = VariableKind::kNumber;
  survey.data = survey.data.with(variable, scaled).value();
  expect_values("raking variance", survey,
                calibrated(kFormula, api_totals(),
                           {.distance = CalibrationDistance::kRaking,
                            .epsilon = 1e-12,
                            .variance = "spread"})(survey));
}

TEST(WeightsOracle, TrimmedAfterRaking) {
  Schools survey = clus1();
  survey.sample = raked({testing::stypes(), testing::wide()})(survey)->sample;
  expect_values("trim", survey, trim(survey.sample, {.lower = 25, .upper = 38}));
  expect_values("trim strict", survey,
                trim(survey.sample, {.lower = 25, .upper = 38, .strict = true}));
}

TEST(WeightsOracle, OneAdjustmentAfterAnother) {
  Schools survey = clus1();
  survey.sample = post(testing::stypes())(survey)->sample;
  expect_values("twice", survey,
                calibrated("~ api99", {{"(Intercept)", 6194}, {"api99", 3914069}})(survey));
}

TEST(WeightsOracle, StratifiedSchools) {
  const Schools survey = testing::strat();
  expect_values("strat linear", survey, calibrated("~ sch_wide + api99", wide_totals())(survey));
  expect_values("strat rake", survey, raked({testing::wide(), testing::improved()})(survey));
}

TEST(WeightsOracle, SchoolsWithinDistricts) {
  Dataset all = read_module_data("estimate/testdata/apiclus2.csv");
  std::vector<uint8_t> known;
  for (const Missing missing : std::get<Numbers>(**all.find("enroll")).missing) {
    known.push_back(missing == Missing::kNone ? 1 : 0);
  }
  Dataset data = all.where(known);
  DesignSpec spec;
  spec.case_count = data.case_count();
  spec.ids = {testing::codes_of(data, "dnum"), testing::codes_of(data, "snum")};
  spec.fpc = {testing::numbers_of(data, "fpc1"), testing::numbers_of(data, "fpc2")};
  spec.weights = testing::numbers_of(data, "pw");
  const Schools survey{std::move(data), Sample::of(Design::make(spec).value())};
  expect_values("two-stage linear", survey, calibrated(kFormula, api_totals())(survey));
}

TEST(WeightsOracle, JackknifeOfDistricts) {
  const Schools survey = clus1_jk1();
  using testing::improved, testing::wide;
  constexpr auto kRaking = CalibrationDistance::kRaking;
  constexpr auto kLogit = CalibrationDistance::kLogit;
  const Row rows[] = {
      {"jk1 post", post(wide())},
      {"jk1 post compressed", post(wide())},
      {"jk1 rake", raked({wide(), improved()})},
      {"jk1 rake as in R", raked({wide(), improved()}, RakeOptions::as_in_r())},
      {"jk1 linear", calibrated(kFormula, api_totals())},
      {"jk1 raking", calibrated(kFormula, api_totals(), {.distance = kRaking})},
      {"jk1 logit", calibrated("~ sch_wide", wide_totals(false),
                               {.distance = kLogit, .lower = 0.5, .upper = 2})},
      {"jk1 linear clusters",
       calibrated("~ sch_wide + api99", wide_totals(), {.aggregate = {"dnum"}})},
  };
  for (const Row& row : rows) expect_values(row.name, survey, row.step(survey));
}

TEST(WeightsOracle, JackknifeWithinStrata) {
  const Schools survey = testing::strat_jkn();
  expect_values("jkn rake", survey, raked({testing::wide(), testing::improved()})(survey));
  expect_values("jkn linear", survey, calibrated(kFormula, api_totals())(survey));
}

TEST(WeightsOracle, BalancedHalfSamples) {
  Dataset data = read_module_data("weights/testdata/paired.csv");
  Replicates replicates;
  replicates.type = ReplicateType::kBrr;
  replicates.weights.resize(static_cast<Eigen::Index>(data.case_count()), 20);
  for (Eigen::Index r = 0; r < 20; ++r) {
    replicates.weights.col(r) =
        testing::column_of(data, (r < 9 ? "r0" : "r") + std::to_string(r + 1));
  }
  replicates.scale = 1.0 / 20;
  replicates.rscales.assign(20, 1);
  const std::vector<double> weights = testing::numbers_of(data, "w");
  const Schools survey{std::move(data), Sample::replicated(weights, replicates).value()};
  const Margin sex{.variables = {"sex"}, .levels = {{"f"}, {"m"}}, .totals = {700, 650}};
  const Margin role{
      .variables = {"role"}, .levels = {{"chair"}, {"officer"}}, .totals = {610, 740}};
  const std::map<std::string, double> totals{{"(Intercept)", 1350}, {"sexm", 650}, {"age", 67000}};
  expect_values("brr rake", survey, raked({sex, role})(survey));
  expect_values("brr post", survey, post(sex)(survey));
  expect_values("brr linear", survey, calibrated("~ sex + age", totals)(survey));
  expect_values(
      "brr raking", survey,
      calibrated("~ sex + age", totals, {.distance = CalibrationDistance::kRaking})(survey));
}

// svycontrast of the nine totals; withReplicates.
TEST(WeightsOracle, WeightingClasses) {
  Schools survey = testing::answers();
  const ResponseOptions options{.respondent = "answered", .classes = {"class"}};
  expect_values("response", survey, adjust_for_response(survey.sample, survey.data, options));
  const std::vector<int32_t> one(survey.data.case_count(), 0);
  survey.sample = testing::jackknifed(testing::numbers_of(survey.data, "pw"), one,
                                      testing::codes_of(survey.data, "dnum"),
                                      testing::numbers_of(survey.data, "fpc"));
  expect_values("response jk1", survey, adjust_for_response(survey.sample, survey.data, options));
}

TEST(WeightsOracle, ResponsePropensity) {
  const Schools survey = testing::answers();
  const auto ours =
      response_propensity(survey.sample, survey.data, formula("~ meals + stype"), "answered");
  ASSERT_TRUE(ours.has_value()) << ours.error().message;
  const std::vector<double> expected = testing::numbers_of(survey.data, "propensity");
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_TRUE(near_rel((*ours)[i], expected[i], kTolerance, "svyglm, quasibinomial"));
  }
}

}  // namespace
}  // namespace barometer
