// Values of R survey 4.1.1, R 4.2.2 (2022-11-10 r83330), on public data (testdata/README.md).
#include <cmath>

#include <gtest/gtest.h>

#include "barometer/estimate/estimator.h"
#include "barometer/estimate/interval.h"
#include "tests/support/csv_dataset.h"
#include "tests/support/engines.h"
#include "tests/support/near.h"

namespace barometer {
namespace {

using testing::codes_of;
using testing::near_rel;
using testing::numbers_of;
using testing::read_csv_dataset;

constexpr const char* kSource = "R survey 4.1.1, R 4.2.2";
constexpr double kTolerance = 1e-9;

struct Survey {
  testing::EngineMaker maker;
  std::shared_ptr<const Dataset> data;
  DesignSpec spec;

  [[nodiscard]] Estimator estimator(EstimatorOptions options = {}) const {
    return std::move(Estimator::make(maker.make(data, spec), options).value());
  }
  // The mean of a number.
  [[nodiscard]] Estimate mean(const std::string& id, const CaseFilter& filter = {}) const {
    const std::vector<std::string> ids{id};
    return *estimator().items(ids, Unit::kRespondent, filter, Progress())->front().mean;
  }
  [[nodiscard]] Estimate total(const std::string& id) const {
    const std::vector<std::string> ids{id};
    return *estimator().totals(ids, {}, Progress())->front().mean;
  }
  [[nodiscard]] std::vector<Estimate> shares(const std::string& id, EstimatorOptions options = {},
                                             const CaseFilter& filter = {}) const {
    const std::vector<std::string> ids{id};
    return estimator(options).items(ids, Unit::kRespondent, filter, Progress())->front().options;
  }
};

CaseFilter where(const std::string& text) { return {.where = Expression::parse(text).value()}; }

Survey read(const testing::EngineMaker& maker, const std::string& name) {
  const std::string path = std::string(SOURCE_DIR) + "/barometer/estimate/testdata/" + name;
  auto data = std::make_shared<const Dataset>(read_csv_dataset(path));
  DesignSpec spec;
  spec.case_count = data->case_count();
  return {maker, std::move(data), std::move(spec)};
}

// svydesign(id=~dnum, weights=~pw, data=apiclus1, fpc=~fpc)
Survey clus1(const testing::EngineMaker& maker) {
  Survey survey = read(maker, "apiclus1.csv");
  survey.spec.ids = {codes_of(*survey.data, "dnum")};
  survey.spec.fpc = {numbers_of(*survey.data, "fpc")};
  survey.spec.weights = numbers_of(*survey.data, "pw");
  return survey;
}

// svydesign(id=~dnum+snum, fpc=~fpc1+fpc2, data=apiclus2)
Survey clus2(const testing::EngineMaker& maker) {
  Survey survey = read(maker, "apiclus2.csv");
  survey.spec.ids = {codes_of(*survey.data, "dnum"), codes_of(*survey.data, "snum")};
  survey.spec.fpc = {numbers_of(*survey.data, "fpc1"), numbers_of(*survey.data, "fpc2")};
  survey.spec.weights_from_fpc = true;
  return survey;
}

// svydesign(id=~1, weights=~pw, data=apisrs, fpc=~fpc)
Survey srs(const testing::EngineMaker& maker) {
  Survey survey = read(maker, "apisrs.csv");
  survey.spec.fpc = {numbers_of(*survey.data, "fpc")};
  survey.spec.weights = numbers_of(*survey.data, "pw");
  return survey;
}

// svydesign(id=~1, strata=~stype, weights=~pw, data=apistrat, fpc=~fpc)
Survey strat(const testing::EngineMaker& maker) {
  Survey survey = read(maker, "apistrat.csv");
  survey.spec.strata = {codes_of(*survey.data, "stype")};
  survey.spec.fpc = {numbers_of(*survey.data, "fpc")};
  survey.spec.weights = numbers_of(*survey.data, "pw");
  return survey;
}

struct Expected {
  double value, se, lower, upper;
};

void expect(const Estimate& estimate, const Expected& expected, double df, const char* what) {
  ASSERT_TRUE(estimate.value && estimate.se && estimate.interval) << what << estimate.reason;
  EXPECT_TRUE(near_rel(*estimate.value, expected.value, kTolerance, kSource)) << what;
  EXPECT_TRUE(near_rel(*estimate.se, expected.se, kTolerance, kSource)) << what;
  EXPECT_TRUE(near_rel(estimate.interval->lower, expected.lower, kTolerance, kSource)) << what;
  EXPECT_TRUE(near_rel(estimate.interval->upper, expected.upper, kTolerance, kSource)) << what;
  EXPECT_EQ(estimate.df, df) << what;
}

class Oracle : public testing::OnEveryEngine {};
INSTANTIATE_TEST_SUITE_P(Engines, Oracle, ::testing::ValuesIn(testing::table_engine_makers()),
                         Oracle::label);

TEST_P(Oracle, MeansUnderEachDesign) {
  struct Row {
    const char* id;
    Survey survey;
    double df;
    Expected expected;
  };
  const Row rows[] = {
      {"api00",
       clus1(GetParam()),
       14,
       {644.1693989071039, 23.54224069378104, 593.6763144633255, 694.6624833508822}},
      {"enroll",
       clus1(GetParam()),
       14,
       {549.7158469945355, 45.19137234356045, 452.7899931833302, 646.6417008057407}},
      {"api00",
       clus2(GetParam()),
       39,
       {670.8118081180812, 30.0990273768366, 609.930778741016, 731.6928374951465}},
      {"api_stu",
       clus2(GetParam()),
       39,
       {428.369741697417, 58.82722159153558, 309.3804547332275, 547.3590286616065}},
      {"api00",
       srs(GetParam()),
       199,
       {656.585, 9.249722039282812, 638.3449500921266, 674.8250499078734}},
      {"enroll",
       srs(GetParam()),
       199,
       {584.61, 27.368365247668557, 530.6407730443877, 638.5792269556123}},
      {"api00",
       strat(GetParam()),
       197,
       {662.2873631593208, 9.40894080278458, 643.7321882720862, 680.8425380465553}},
      {"api99",
       strat(GetParam()),
       197,
       {629.3948447839612, 9.963947298666884, 609.7451532225863, 649.044536345336}},
      {"enroll",
       strat(GetParam()),
       197,
       {595.2821371355038, 18.508510958577386, 558.7818907276337, 631.782383543374}},
  };
  for (const Row& row : rows) expect(row.survey.mean(row.id), row.expected, row.df, row.id);
}

TEST_P(Oracle, TotalsOfAStratifiedSample) {
  expect(strat(GetParam()).total("enroll"),
         {3687177.532438278, 114641.7161007803, 3461095.0077195424, 3913260.057157014}, 197,
         "enroll");
  expect(strat(GetParam()).total("api_stu"),
         {3086008.629146576, 99477.39020071643, 2889831.35359674, 3282185.904696412}, 197,
         "api_stu");
}

TEST_P(Oracle, SharesOfSchoolTypesInAClusterSample) {
  const auto shares =
      clus1(GetParam()).shares("stype", {.proportion_interval = IntervalMethod::kT});
  ASSERT_EQ(shares.size(), 3U);
  expect(shares[0],
         {0.7868852459016393, 0.0463365536499119, 0.6875032224693192, 0.8862672693339595}, 14, "E");
  expect(shares[1],
         {0.07650273224043716, 0.026810219050770825, 0.019000531320183596, 0.13400493316069073}, 14,
         "H");
  expect(shares[2],
         {0.1366120218579235, 0.029649046640260197, 0.07302114131443935, 0.20020290240140767}, 14,
         "M");
}

// svydesign(id=~SDMVPSU, strata=~SDMVSTRA, weights=~WTMEC2YR, nest=TRUE, data=nhanes)
TEST_P(Oracle, SharesOfRacesInNhanes) {
  const Survey survey = read(GetParam(), "nhanes_race.csv");
  DesignSpec spec = survey.spec;
  spec.ids = {codes_of(*survey.data, "SDMVPSU")};
  spec.strata = {codes_of(*survey.data, "SDMVSTRA")};
  spec.weights = numbers_of(*survey.data, "weight_sum");
  spec.nest = true;
  Variable race;
  race.id = "race_group";
  for (const int code : {1, 2, 3, 4})
    race.categories.push_back({code, "race " + std::to_string(code), false});
  const auto codes = codes_of(*survey.data, "race");
  const Survey with_race{
      GetParam(),
      std::make_shared<const Dataset>(survey.data->with(race, make_codes(codes)).value()), spec};
  const auto shares = with_race.shares("race_group", {.proportion_interval = IntervalMethod::kT});
  const Expected expected[] = {
      {0.15055249386761022, 0.02987465301898918, 0.08722105862025882, 0.21388392911496162},
      {0.6574276166413743, 0.033747439079714524, 0.585886241701141, 0.7289689915816076},
      {0.11937914248359462, 0.009072061110435977, 0.10014723206072233, 0.13861105290646691},
      {0.07264074700742085, 0.010744244983665564, 0.04986396513041684, 0.09541752888442485}};
  for (size_t i = 0; i < 4; ++i) expect(shares[i], expected[i], 16, "race");
}

TEST_P(Oracle, MeansByDomain) {
  struct Row {
    const char* type;
    double mean, mean_se, no, no_se;
  };
  // svyby(~api00, ~stype, D, svymean) and svyby(~awards, ~stype, D, svymean)
  for (const Row& row : {Row{"E", 674.43, 12.382479793907287, 0.27, 0.04411208550124823},
                         Row{"H", 625.8199999999999, 14.937129185393081, 0.68, 0.06439505050911626},
                         Row{"M", 636.6, 16.214707308184522, 0.52, 0.06959660265817348}}) {
    const Survey survey = strat(GetParam());
    const CaseFilter type = where(std::string("stype = '") + row.type + "'");
    const Estimate mean = survey.mean("api00", type);
    EXPECT_TRUE(near_rel(*mean.value, row.mean, kTolerance, kSource)) << row.type;
    EXPECT_TRUE(near_rel(*mean.se, row.mean_se, kTolerance, kSource)) << row.type;
    const auto awards = survey.shares("awards", {}, type);
    EXPECT_TRUE(near_rel(*awards[0].value, row.no, kTolerance, kSource)) << row.type;
    EXPECT_TRUE(near_rel(*awards[1].value, 1 - row.no, kTolerance, kSource)) << row.type;
    EXPECT_TRUE(near_rel(*awards[0].se, row.no_se, kTolerance, kSource)) << row.type;
    EXPECT_TRUE(near_rel(*awards[1].se, row.no_se, kTolerance, kSource)) << row.type;
  }
}

// svymean(~api00, subset(D, sch.wide=='Yes' & comp.imp=='Yes')): a district falls out, df is 13.
TEST_P(Oracle, MeanOfASubsetOfAClusterSample) {
  const Survey survey = clus1(GetParam());
  expect(survey.mean("api00", where("sch_wide = 'Yes' and comp_imp = 'Yes'")),
         {648.406015037594, 22.47502151586458, 599.8516830013933, 696.9603470737947}, 13, "subset");
}

// A number that is 1 for the event; its mean is the share.
Estimate share_of_ell_0(const Survey& survey, EstimatorOptions options) {
  Variable event;
  event.id = "ell_0";
  event.categories = {{0, "above 0", false}, {1, "exactly 0", false}};
  std::vector<int> codes;
  for (const double ell : numbers_of(*survey.data, "ell")) codes.push_back(ell == 0 ? 1 : 0);
  const Survey with_event{
      survey.maker,
      std::make_shared<const Dataset>(survey.data->with(event, make_codes(codes)).value()),
      survey.spec};
  return with_event.shares("ell_0", options)[1];
}

TEST_P(Oracle, IntervalsOfARareAnswer) {
  const Estimate logit = share_of_ell_0(clus1(GetParam()), {});
  // svyciprop(method="xlogit"), which is the closed form
  expect(logit,
         {0.02185792349726776, std::sqrt(0.0005117752829644199), 0.002304691284135497,
          0.17774776682269952},
         14, "xlogit");
  // svyciprop(method="logit"), iterated by R to 1e-8
  EXPECT_TRUE(near_rel(logit.interval->lower, 0.0023046912985384867, 1e-7, kSource));
  EXPECT_TRUE(near_rel(logit.interval->upper, 0.17774776651355778, 1e-7, kSource));
  // svyciprop(method="mean")
  expect(share_of_ell_0(clus1(GetParam()), {.proportion_interval = IntervalMethod::kT}),
         {0.02185792349726776, std::sqrt(0.0005117752829644199), -0.026662407957766986,
          0.0703782549523025},
         14, "mean");
}

TEST_P(Oracle, LogitIntervalWithInfiniteDegreesOfFreedom) {
  const Estimate yes =
      clus1(GetParam()).shares("sch_wide", {.df = std::numeric_limits<double>::infinity()})[1];
  EXPECT_TRUE(near_rel(*yes.value, 0.8743169398870393, 1e-7, kSource));
  EXPECT_TRUE(near_rel(*yes.se, std::sqrt(0.0004145083136745021), kTolerance, kSource));
  EXPECT_TRUE(near_rel(yes.interval->lower, 0.8287144776117784, 1e-7, kSource));
  EXPECT_TRUE(near_rel(yes.interval->upper, 0.909109941447465, 1e-7, kSource));
  EXPECT_NE(yes.method.find("df infinite as given"), std::string::npos) << yes.method;
}

// Districts as strata, schools as units: district 413 has one school.
TEST_P(Oracle, LonelyUnits) {
  struct Row {
    LonelyPsu rule;
    double mean_se, total_se;
  };
  // The total under "adjust" is survey 4.5's (162001.916; 4.1.1 measures from 0: 161998.581).
  for (const Row& row : {Row{LonelyPsu::kRemove, 5.805777578276301, 161732.90244705553},
                         Row{LonelyPsu::kCertainty, 5.805777578276301, 161732.90244705553},
                         Row{LonelyPsu::kAverage, 6.0095507279558005, 167409.4586867847},
                         Row{LonelyPsu::kAdjust, 5.8280579016485285, 162001.916}}) {
    Survey survey = clus1(GetParam());
    survey.spec.strata = std::move(survey.spec.ids);
    survey.spec.ids.clear();
    survey.spec.fpc.clear();
    survey.spec.lonely_psu = row.rule;
    const double tolerance = row.rule == LonelyPsu::kAdjust ? 1e-8 : kTolerance;
    const auto name = name_of(row.rule);
    EXPECT_TRUE(near_rel(*survey.mean("api00").value, 644.1693989071039, kTolerance, kSource));
    EXPECT_TRUE(near_rel(*survey.mean("api00").se, row.mean_se, kTolerance, kSource)) << name;
    EXPECT_TRUE(near_rel(*survey.total("enroll").value, 3404940.134529114, kTolerance, kSource));
    EXPECT_TRUE(near_rel(*survey.total("enroll").se, row.total_se, tolerance, kSource)) << name;
  }
}

// sum(w)^2 / sum(w^2)
TEST_P(Oracle, KishEffectiveBase) {
  const Estimate estimate = strat(GetParam()).mean("api00");
  EXPECT_EQ(estimate.n, 200U);
  EXPECT_TRUE(near_rel(estimate.effective_base, 168.58133128075568, kTolerance, "base R"));
  EXPECT_TRUE(near_rel(200 / estimate.effective_base, 1.1863709847380408, kTolerance, "base R"));
}

// svytable(~sch.wide+stype, D)
TEST_P(Oracle, WeightedTable) {
  const double expected[2][3] = {{406.16395568847656, 101.54098892211914, 270.7759704589844},
                                 {4467.803512573242, 372.3169593811035, 575.3989372253418}};
  const Survey survey = clus1(GetParam());
  const std::vector<std::string> ids{"stype"};
  for (size_t row = 0; row < 2; ++row) {
    const CaseFilter wide = where(row == 0 ? "sch_wide = 'No'" : "sch_wide = 'Yes'");
    const auto counts = survey.estimator().totals(ids, wide, Progress())->front().options;
    for (size_t column = 0; column < 3; ++column) {
      EXPECT_TRUE(near_rel(*counts[column].value, expected[row][column], kTolerance, kSource))
          << row << " " << column;
    }
  }
}

}  // namespace
}  // namespace barometer
