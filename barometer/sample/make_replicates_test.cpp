#include "barometer/sample/make_replicates.h"

#include <cmath>
#include <numeric>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/sample/testdata_test_internal.h"
#include "tests/support/survey.h"

namespace barometer {
namespace {

using testing::estimated;
using ::testing::HasSubstr;
using testing::kSource;
using testing::kTolerance;
using testing::near_rel;
using testing::outcome;
using testing::TestTable;
using enum ReplicateType;

using Index = Eigen::Index;

Sample replicated(const Design& design, const ReplicateRequest& request) {
  const std::vector<double> weights(design.weights().begin(), design.weights().end());
  auto replicates = make_replicates(design, weights, request);
  CHECK(replicates.has_value(), replicates ? "" : replicates.error().message);
  return Sample::replicated(weights, std::move(*replicates)).value();
}

// The strata of clusters of testdata/replicates.R.
Design design_of(const TestTable& data, bool finite, LonelyPsu rule) {
  DesignSpec spec;
  spec.case_count = data.size();
  spec.ids = {data.codes("cluster")};
  spec.strata = {data.codes("stratum")};
  if (finite) spec.fpc = {data.numbers("population")};
  spec.weights = data.numbers("w");
  spec.lonely_psu = rule;
  return Design::make(spec).value();
}

struct ExpectedOfR {
  double scale, replicates, rscales, total1, total2, mean, ratio, df;
};

ExpectedOfR expected_of_r(const std::string& design) {
  const TestTable table("replicates_expected.csv");
  size_t row = 0;
  while (table.text(row, "design") != design) ++row;
  const auto number = [&](const char* column) { return table.numbers(column)[row]; };
  return {number("scale"),  number("replicates"), number("rscales"), number("total1"),
          number("total2"), number("mean"),       number("ratio"),   number("df")};
}

void expect_totals_of_r(const Sample& sample, const TestTable& data, const ExpectedOfR& expected) {
  const Estimated total = estimated(sample, total_of(data.matrix({"y1", "y2"}), {}));
  EXPECT_TRUE(near_rel(total.se(0), expected.total1, kTolerance, kSource));
  EXPECT_TRUE(near_rel(total.se(1), expected.total2, kTolerance, kSource));
}

void expect_r(const Sample& sample, const TestTable& data, const ExpectedOfR& expected) {
  const Replicates& replicates = *sample.replicates();
  EXPECT_DOUBLE_EQ(replicates.scale, expected.scale);
  EXPECT_EQ(static_cast<double>(replicates.count()), expected.replicates);
  EXPECT_TRUE(near_rel(std::accumulate(replicates.rscales.begin(), replicates.rscales.end(), 0.0),
                       expected.rscales, kTolerance, kSource));
  expect_totals_of_r(sample, data, expected);
  const Matrix y1 = data.matrix({"y1"});
  const Estimated mean = estimated(sample, mean_of(y1, {}));
  EXPECT_TRUE(near_rel(mean.se(0), expected.mean, kTolerance, kSource));
  EXPECT_EQ(mean.df, expected.df);
  const Estimated ratio = estimated(sample, ratio_of(y1, data.matrix({"y2"}), {}));
  EXPECT_TRUE(near_rel(ratio.se(0), expected.ratio, kTolerance, kSource));
}

TEST(Jackknife, StratifiedOneIsThatOfR) {
  const TestTable data("replicates.csv", "pairs");
  const Design infinite = design_of(data, false, LonelyPsu::kFail);
  expect_r(replicated(infinite, {.type = kJkn}), data, expected_of_r("pairs JKn"));
  expect_r(replicated(infinite, {.type = kJkn, .mse = true}), data, expected_of_r("pairs JKn mse"));
  expect_r(replicated(design_of(data, true, LonelyPsu::kFail), {.type = kJkn}), data,
           expected_of_r("pairs JKn fpc"));
}

TEST(Jackknife, LonelyAndFullStrataAreThoseOfR) {
  const TestTable data("replicates.csv", "lonely");
  for (const LonelyPsu rule :
       {LonelyPsu::kRemove, LonelyPsu::kCertainty, LonelyPsu::kAdjust, LonelyPsu::kAverage}) {
    const std::string name(name_of(rule));
    SCOPED_TRACE(name);
    // The rule of the request, and the design's own.
    expect_r(replicated(design_of(data, false, LonelyPsu::kRemove), {.type = kJkn, .lonely = rule}),
             data, expected_of_r("lonely JKn " + name));
    expect_r(replicated(design_of(data, true, rule), {.type = kJkn}), data,
             expected_of_r("lonely JKn fpc " + name));
  }
}

TEST(Jackknife, UnstratifiedOneIsThatOfR) {
  const TestTable data("replicates.csv", "pairs");
  for (const bool finite : {false, true}) {
    DesignSpec spec;
    spec.case_count = data.size();
    spec.ids = {data.codes("cluster")};
    spec.weights = data.numbers("w");
    if (finite) spec.fpc = {std::vector<double>(data.size(), 40)};
    expect_r(replicated(Design::make(spec).value(), {.type = kJk1}), data,
             expected_of_r(finite ? "clusters JK1 fpc" : "clusters JK1"));
  }
}

// Leaving out one PSU is linear in a total: the jackknife variance is the linearised one.
TEST(Jackknife, VarianceOfATotalIsTheLinearisedOne) {
  for (const testing::Survey& survey :
       {testing::apisrs(), testing::apistrat(), testing::apiclus1()}) {
    const Design design = Design::make(survey.spec).value();
    const Matrix y = survey.columns({"api00", "enroll"});
    const std::vector<uint8_t> domain = survey.where("stype", "E");
    const Estimated expected = estimated(survey.sample(), total_of(y, domain));
    const Estimated found = estimated(replicated(design, {.type = kJkn}), total_of(y, domain));
    for (const Index j : {0, 1}) {
      EXPECT_TRUE(near_rel(found.se(j), expected.se(j), 1e-10, "linear"));
    }
  }
}

TEST(HalfSamples, TotalsAreThoseOfR) {
  struct Row {
    const char* name;
    const char* set;
    ReplicateRequest request;
  };
  using enum HalfSampleRule;
  const Row rows[] = {
      {"pairs BRR", "pairs", {.type = kBrr}},
      {"pairs Fay", "pairs", {.type = kFay, .fay_rho = 0.3}},
      {"large BRR split", "large", {.type = kBrr}},
      {"large BRR merge", "large", {.type = kBrr, .large = kMerge}},
      {"mixed BRR split merge", "mixed", {.type = kBrr, .small = kSplit, .large = kMerge}},
      {"mixed BRR merge merge", "mixed", {.type = kBrr, .small = kMerge, .large = kMerge}},
      {"mixed Fay merge merge",
       "mixed",
       {.type = kFay, .fay_rho = 0.5, .small = kMerge, .large = kMerge}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const TestTable data("replicates.csv", row.set);
    const Sample sample = replicated(design_of(data, false, LonelyPsu::kRemove), row.request);
    const ExpectedOfR expected = expected_of_r(row.name);
    expect_totals_of_r(sample, data, expected);
    // R gives a split stratum of one PSU a row of the Hadamard matrix, which tells it nothing.
    if (row.request.small == kSplit) continue;
    EXPECT_EQ(static_cast<double>(sample.replicates()->count()), expected.replicates);
    EXPECT_DOUBLE_EQ(sample.replicates()->scale, expected.scale);
  }
}

// Two PSUs a stratum: the variance of a linear estimate is Σ (x_1 - x_2)², the linearised one.
TEST(HalfSamples, VarianceOfATotalIsTheLinearisedOneWithTwoPsusAStratum) {
  for (const size_t strata : {1U, 2U, 3U, 5U, 11U, 18U}) {
    DesignSpec spec;
    spec.case_count = 2 * strata;
    spec.strata.emplace_back();
    Matrix y(static_cast<Index>(2 * strata), 1);
    for (size_t i = 0; i < 2 * strata; ++i) {
      spec.strata[0].push_back(static_cast<int32_t>(i / 2));
      spec.weights.push_back(1 + 0.25 * static_cast<double>(i));
      y(static_cast<Index>(i), 0) = std::sin(static_cast<double>(i)) * 10;
    }
    const Design design = Design::make(spec).value();
    const double expected = estimated(Sample::of(design), total_of(y, {})).covariance(0, 0);
    for (const double rho : {0.0, 0.3, 0.9}) {
      const ReplicateRequest request{.type = rho == 0 ? kBrr : kFay, .fay_rho = rho};
      const double found = estimated(replicated(design, request), total_of(y, {})).covariance(0, 0);
      EXPECT_TRUE(near_rel(found, expected, 1e-10, "balanced")) << strata << " strata, rho " << rho;
    }
  }
}

TEST(HalfSamples, AreBalanced) {
  const Design design = design_of(TestTable("replicates.csv", "pairs"), false, LonelyPsu::kFail);
  const ReplicateFactors made = replicate_factors(design, {.type = kBrr}).value();
  EXPECT_EQ(made.factors.rows(), 14);
  EXPECT_TRUE((made.factors.array() * (made.factors.array() - 2)).isZero()) << "0 or 2";
  EXPECT_TRUE((made.factors.rowwise().sum().array() == 8).all()) << "in half of the 8 each";
}

TEST(HalfSamples, FourLonelyStrataAreTwoPairs) {
  DesignSpec spec;
  spec.case_count = 4;
  spec.strata = {{0, 1, 2, 3}};
  spec.lonely_psu = LonelyPsu::kRemove;
  const Design design = Design::make(spec).value();
  const Matrix y{{1.0}, {4.0}, {20.0}, {9.0}};
  const Sample sample = replicated(design, {.type = kBrr, .small = HalfSampleRule::kMerge});
  EXPECT_TRUE(near_rel(estimated(sample, total_of(y, {})).covariance(0, 0), 9 + 121, 1e-12,
                       "(1-4)² + (20-9)²"));
}

TEST(SuccessiveDifferences, VarianceOfATotalIsThatOfNeighbours) {
  // Two strata, of 7 and 5 units, the first from 14: in file order, which is not that of the codes.
  DesignSpec spec;
  spec.case_count = 12;
  spec.ids = {{9, 8, 7, 6, 5, 4, 3, 22, 21, 24, 23, 20}};
  spec.strata = {{1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0}};
  spec.fpc = {{14, 14, 14, 14, 14, 14, 14, 5e9, 5e9, 5e9, 5e9, 5e9}};
  const Matrix y{{1.0},  {3.0},  {4.0},  {8.0},  {7.0},  {7.0},
                 {12.0}, {30.0}, {31.0}, {35.0}, {36.0}, {33.0}};
  double expected = 0;
  for (const auto& [first, last, unsampled] : {std::tuple{0, 7, 0.5}, {7, 12, 1.0}}) {
    for (int i = first; i < last; ++i) {
      const double step = y(i) - y(i + 1 == last ? first : i + 1);
      expected += unsampled / 2 * step * step;
    }
  }
  const Design design = Design::make(spec).value();
  for (const size_t count : {13U, 50U, 80U}) {
    const Sample sample = replicated(design, {.type = kSdr, .count = count});
    EXPECT_GE(sample.replicates()->count(), count);
    EXPECT_TRUE(near_rel(estimated(sample, total_of(y, {})).covariance(0, 0), expected, 1e-8,
                         "exact, but for 5 of 5e9 sampled"));
  }
}

TEST(SuccessiveDifferences, ManyUnitsShareTheRows) {
  DesignSpec spec;
  spec.case_count = 1000;
  Matrix y(1000, 1);
  uint64_t noise = 12345;
  for (Index i = 0; i < 1000; ++i) {
    noise = noise * 6364136223846793005U + 1442695040888963407U;
    y(i) = static_cast<double>(noise >> 40U) / 16777216.0;
  }
  const Design design = Design::make(spec).value();
  const Sample sample = replicated(design, {.type = kSdr, .count = 80});
  EXPECT_EQ(sample.replicates()->count(), 80U);
  EXPECT_DOUBLE_EQ(sample.replicates()->scale, 4 / 80.0);
  const double found = estimated(sample, total_of(y, {})).covariance(0, 0);
  const double expected = estimated(Sample::of(design), total_of(y, {})).covariance(0, 0);
  // Noise without order: both estimate one variance; the relative spread with 79 rows is √(2/79).
  EXPECT_NEAR(found / expected, 1, 4 * std::sqrt(2 / 79.0));
  // No two units have the same factors.
  const ReplicateFactors made = replicate_factors(design, {.type = kSdr, .count = 80}).value();
  std::set<std::vector<double>> rows;
  for (Index u = 0; u < 1000; ++u) {
    const Eigen::RowVectorXd row = made.factors.row(u);
    rows.emplace(row.begin(), row.end());
  }
  EXPECT_EQ(rows.size(), 1000U);
}

// A stratified cluster sample with populations, and a two-stage one.
Design bootstrapped_design(bool two_stages) {
  DesignSpec spec;
  spec.ids.resize(two_stages ? 2 : 1);
  spec.strata.resize(1);
  spec.fpc.resize(two_stages ? 2 : 1);
  const int sizes[] = {4, 6, 5};
  for (int32_t s = 0; s < 3; ++s) {
    for (int32_t c = 0; c < sizes[s]; ++c) {
      for (int32_t e = 0; e < 3 + c % 2; ++e) {
        spec.ids[0].push_back(10 * s + c);
        spec.strata[0].push_back(s);
        spec.fpc[0].push_back(4.0 * sizes[s]);
        if (!two_stages) continue;
        spec.ids[1].push_back(e);
        spec.fpc[1].push_back(8);
      }
    }
  }
  spec.case_count = spec.ids[0].size();
  spec.weights_from_fpc = true;
  return Design::make(spec).value();
}

Matrix values_for(const Design& design) {
  Matrix y(static_cast<Index>(design.case_count()), 1);
  for (Index i = 0; i < y.rows(); ++i) {
    y(i) = 10 + 3 * std::sin(static_cast<double>(i)) + 0.1 * static_cast<double>(i);
  }
  return y;
}

// The bootstrap variance of a total over many replicates, by the linearised one.
double bootstrap_ratio(const Design& design, ReplicateType type) {
  const Matrix y = values_for(design);
  const Sample sample = replicated(design, {.type = type, .count = 4000, .seed = 20121005});
  return estimated(sample, total_of(y, {})).covariance(0, 0) /
         estimated(Sample::of(design), total_of(y, {})).covariance(0, 0);
}

Design without_populations(const Design& design) {
  DesignSpec spec;
  spec.case_count = design.case_count();
  spec.ids.resize(1);
  spec.strata.resize(1);
  const int sizes[] = {4, 6, 5};
  for (int32_t s = 0; s < 3; ++s) {
    for (int32_t c = 0; c < sizes[s]; ++c) {
      for (int32_t e = 0; e < 3 + c % 2; ++e) {
        spec.ids[0].push_back(10 * s + c);
        spec.strata[0].push_back(s);
      }
    }
  }
  spec.weights.assign(design.weights().begin(), design.weights().end());
  return Design::make(spec).value();
}

// A variance estimated from R replicates spreads by about √(2/R) of itself: 0.022 with 4000.
constexpr double kSpread = 0.0224;

TEST(Bootstrap, VarianceOfATotalIsTheLinearisedOneOnAverage) {
  const Design finite = bootstrapped_design(false);
  const Design infinite = without_populations(finite);
  EXPECT_NEAR(bootstrap_ratio(infinite, kSubbootstrap), 1, 3 * kSpread);
  EXPECT_NEAR(bootstrap_ratio(infinite, kMrbBootstrap), 1, 3 * kSpread);
  EXPECT_NEAR(bootstrap_ratio(finite, kMrbBootstrap), 1, 3 * kSpread);
  EXPECT_NEAR(bootstrap_ratio(bootstrapped_design(true), kMrbBootstrap), 1, 3 * kSpread);
}

// Canty and Davison's bootstrap is scaled by one n/(n-1) for all strata, and draws from N copies:
// its expectation is Σ_h m/(m-1) (n-1)/n N/(N-1) V_h, known for one stratum.
TEST(Bootstrap, VarianceOfOneStratumIsKnown) {
  for (const double population : {0.0, 16.0, 12.0}) {
    DesignSpec spec;
    spec.case_count = 8;
    if (population > 0) spec.fpc = {std::vector<double>(8, population)};
    const Design design = Design::make(spec).value();
    const Matrix y{{1.0}, {3.0}, {4.0}, {8.0}, {7.0}, {7.0}, {12.0}, {5.0}};
    const Sample sample = replicated(design, {.type = kBootstrap, .count = 4000, .seed = 7});
    const double found = estimated(sample, total_of(y, {})).covariance(0, 0);
    const double linearised = estimated(Sample::of(design), total_of(y, {})).covariance(0, 0);
    // With 12 = 8 + 4 the units that stand twice are drawn too: the copies vary.
    double expected = linearised;
    if (population == 16) expected *= 16.0 / 15.0;
    if (population == 12) {
      const double s2 = linearised / 8 / (1.0 - 8 / 12.0);
      // Each unit's copies are 1 or 2, half each; 8 of 12 are drawn without replacement.
      const double mean_square = (4 * 1 + 4 * 4) / 8.0;  // of the copies
      const double chosen = 8 / 12.0;
      const double both = chosen * 7 / 11.0;
      const double square = chosen * 1.5 + both * (mean_square - 1.5);
      expected = (8 / 7.0) * 7 * s2 * (square - (64 - 8 * square) / 56);
    }
    EXPECT_NEAR(found / expected, 1, 3 * kSpread) << population;
  }
}

TEST(Bootstrap, ScalesAreThoseOfR) {
  const TestTable lonely("replicates.csv", "lonely");
  const TestTable large("replicates.csv", "large");
  const auto made = [](const TestTable& data, bool finite, ReplicateType type) {
    return replicate_factors(design_of(data, finite, LonelyPsu::kRemove),
                             {.type = type, .count = 60})
        .value();
  };
  EXPECT_DOUBLE_EQ(made(lonely, true, kBootstrap).scale, 0.044215180545320566);
  EXPECT_DOUBLE_EQ(made(large, false, kBootstrap).scale, 0.024406779661016953);
  EXPECT_DOUBLE_EQ(made(large, false, kSubbootstrap).scale, 0.016949152542372881);
  EXPECT_DOUBLE_EQ(made(large, true, kMrbBootstrap).scale, 1);
  EXPECT_DOUBLE_EQ(made(large, true, kMrbBootstrap).rscales[0], 0.016949152542372881);
}

TEST(Bootstrap, FactorsAreNeverNegativeAndAverageOne) {
  for (const ReplicateType type : {kBootstrap, kSubbootstrap, kMrbBootstrap}) {
    SCOPED_TRACE(name_of(type));
    for (const bool two_stages : {false, true}) {
      const Design design = bootstrapped_design(two_stages);
      const ReplicateFactors made =
          replicate_factors(design, {.type = type, .count = 4000, .seed = 3}).value();
      EXPECT_GE(made.factors.minCoeff(), -1e-12);
      // A factor has a variance of about 1, so the mean of 4000 spreads by 0.016.
      for (Index u = 0; u < made.factors.rows(); ++u) {
        EXPECT_NEAR(made.factors.row(u).mean(), 1, 5 * 0.016) << "unit " << u;
      }
      if (type == kMrbBootstrap) continue;
      EXPECT_EQ(made.factors.rows(), 15) << "one row a PSU";
      // Every replicate is a sample of the same size.
      EXPECT_TRUE((made.factors.colwise().sum().array() - 15).isZero(1e-9));
    }
  }
}

TEST(Bootstrap, FullStrataDoNotVary) {
  DesignSpec spec;
  spec.ids = {{0, 0, 1, 1, 2, 2, 3, 3}, {0, 1, 2, 3, 4, 5, 6, 7}};
  spec.case_count = 8;
  spec.strata = {{0, 0, 0, 0, 1, 1, 1, 1}};
  spec.fpc = {{2, 2, 2, 2, 6, 6, 6, 6}, {2, 2, 2, 2, 2, 2, 2, 2}};
  const Design design = Design::make(spec).value();
  for (const ReplicateType type : {kMrbBootstrap, kBootstrap}) {
    const Replicates made = make_replicates(design, design.weights(), {.type = type}).value();
    EXPECT_TRUE((made.weights.topRows(4).array() == 1).all()) << name_of(type);
    EXPECT_FALSE((made.weights.bottomRows(4).array() == 1).all()) << name_of(type);
  }
  // Below PSUs that were sure to come, their own units vary: all of the variance is of stage 2.
  spec.fpc[0].assign(8, 2);
  spec.fpc[1].assign(8, 10);
  EXPECT_NEAR(bootstrap_ratio(Design::make(spec).value(), kMrbBootstrap), 1, 3 * kSpread);
}

TEST(Bootstrap, SeedDecidesTheReplicatesOnEveryMachine) {
  const Design design = bootstrapped_design(false);
  const auto factors = [&](uint64_t seed) {
    return replicate_factors(design, {.type = kBootstrap, .count = 20, .seed = seed})
        .value()
        .factors;
  };
  EXPECT_EQ(factors(1), factors(1));
  EXPECT_NE(factors(1), factors(2));
  const Eigen::RowVectorXd first = factors(1).col(0).transpose();
  EXPECT_THAT(std::vector<double>(first.begin(), first.end()),
              ::testing::ElementsAre(2, 0, 1, 1, 1, 2, 1, 0, 1, 1, 1, 0, 2, 2, 0))
      << "std::mt19937_64 is specified to the bit, and the draws made of it are ours";
}

TEST(Replicates, AreFactorsTimesWeights) {
  const Design design = bootstrapped_design(true);
  for (const ReplicateType type : {kJkn, kBootstrap, kMrbBootstrap, kSdr}) {
    const ReplicateRequest request{.type = type, .mse = true};
    const ReplicateFactors made = replicate_factors(design, request).value();
    const Replicates replicates = make_replicates(design, design.weights(), request).value();
    ASSERT_EQ(made.unit_of_case.size(), design.case_count());
    EXPECT_TRUE(replicates.mse);
    for (size_t i = 0; i < design.case_count(); ++i) {
      const Eigen::RowVectorXd expected =
          design.weights()[i] * made.factors.row(made.unit_of_case[i]);
      EXPECT_EQ(Eigen::RowVectorXd(replicates.weights.row(static_cast<Index>(i))), expected);
    }
  }
}

TEST(Replicates, WrongRequestsAreRefused) {
  const auto message = [](const std::vector<int32_t>& strata, ReplicateRequest request,
                          LonelyPsu rule = LonelyPsu::kRemove) {
    DesignSpec spec;
    spec.case_count = strata.size();
    spec.strata = {strata};
    spec.lonely_psu = rule;
    return outcome(replicate_factors(Design::make(spec).value(), request));
  };
  using enum HalfSampleRule;
  const std::vector<int32_t> pairs = {0, 0, 1, 1};
  const std::vector<int32_t> lonely = {0, 0, 1};
  EXPECT_EQ(message(pairs, {.type = kBrr}), "accepted");
  EXPECT_THAT(message(pairs, {.type = kJk1}), HasSubstr("this one has 2; use JKn"));
  EXPECT_THAT(message(pairs, {.type = kOther}), HasSubstr("'other' cannot be made"));
  EXPECT_THAT(message(pairs, {.type = kBrr, .fay_rho = 0.5}), HasSubstr("BRR replicates have no"));
  EXPECT_THAT(message(pairs, {.type = kFay, .fay_rho = 1}), HasSubstr("rho is 1"));
  EXPECT_THAT(message(pairs, {.type = kFay, .fay_rho = -1}), HasSubstr("rho is -1"));
  EXPECT_THAT(message(pairs, {.type = kFay, .fay_rho = std::nan("")}), HasSubstr("rho is nan"));
  EXPECT_THAT(message(pairs, {.type = kBootstrap, .count = 1}), HasSubstr("1 of bootstrap"));
  EXPECT_THAT(message(pairs, {.type = kMrbBootstrap, .count = 0}), HasSubstr("0 of mrbbootstrap"));
  EXPECT_THAT(message(pairs, {.type = kBootstrap, .count = size_t{1} << 40U}),
              HasSubstr("replicates of 4 units are more than"));
  EXPECT_THAT(message(pairs, {.type = kSdr, .count = size_t{1} << 40U}),
              HasSubstr("balanced replicates are more than 8192"));
  EXPECT_THAT(message({}, {.type = kJkn}), HasSubstr("no cases"));

  EXPECT_THAT(message(lonely, {.type = kBrr}), HasSubstr("the stratum of row 3 has only one PSU"));
  EXPECT_THAT(message(lonely, {.type = kBrr, .small = kMerge}), HasSubstr("none to merge it with"));
  EXPECT_THAT(message({0, 1}, {.type = kBrr, .small = kSplit}), HasSubstr("nothing varies"));
  EXPECT_THAT(message({0, 0, 0}, {.type = kBrr}), HasSubstr("row 1 has 3 PSUs, an odd number"));
  EXPECT_THAT(message({0, 0, 0, 0}, {.type = kBrr, .large = kFail}), HasSubstr("has 4 PSUs"));

  for (const ReplicateType type : {kJkn, kBootstrap, kSubbootstrap, kMrbBootstrap, kSdr}) {
    SCOPED_TRACE(name_of(type));
    EXPECT_EQ(message(lonely, {.type = type}), "accepted");
    EXPECT_THAT(message(lonely, {.type = type, .lonely = LonelyPsu::kFail}),
                HasSubstr("the stratum of row 3 has only one PSU"));
    if (type == kMrbBootstrap) continue;
    EXPECT_THAT(message({0, 1}, {.type = type}), HasSubstr("nothing varies"));
    if (type == kJkn) continue;
    EXPECT_THAT(message(lonely, {.type = type, .lonely = LonelyPsu::kAverage}),
                HasSubstr("by the rule 'average'; remove and certainty are possible"));
  }
}

}  // namespace
}  // namespace barometer
