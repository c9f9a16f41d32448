#include "barometer/panel/changes.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/panel/panel_test_internal.h"

namespace barometer {
namespace {

using testing::api_wave;
using testing::api_waves;
using testing::apistrat;
using testing::dataset_of;
using ::testing::HasSubstr;
using testing::label_column;
using testing::mean_trend;
using testing::near_rel;
using testing::number_column;
using testing::numbers_of;
using testing::people_waves;
using testing::rows_from;
using testing::simple_wave;
using testing::stacked_of;
using testing::Survey;
using testing::text_column;
using testing::trends_of;

const WaveLink kById{"id", false};

SurveyWave renamed(SurveyWave wave, const std::string& name) {
  wave.name = name;
  return wave;
}

std::string mistake(const StackedWaves& waves, ChangeEstimand estimand, const std::string& variable,
                    const ChangeOptions& options = {}) {
  const auto found =
      changes(waves, estimand, std::vector<std::string>{variable}, options, Progress());
  return found ? "it was estimated" : found.error().message;
}

TEST(Changes, OfAWaveWithItselfCorrelateFully) {
  const SurveyWave wave = api_wave("99", apistrat(), "api99", rows_from(1, 200));
  const WaveTrend trend = mean_trend({wave, renamed(wave, "again")}, {"snum", false}, "api");
  const WaveChange& change = trend.changes[0];
  EXPECT_EQ(change.difference, 0);
  EXPECT_EQ(change.se, 0);
  EXPECT_NEAR(*change.correlation, 1, 1e-12);
  EXPECT_EQ(change.verdict, ChangeVerdict::kNoDetectableChange);
  EXPECT_FALSE(change.t);
}

TEST(Changes, ThatAreAlikeForEveryoneHaveNoTest) {
  const WaveTrend trend = mean_trend({simple_wave("1", {"a", "b", "c"}, {0.1, 0.2, 0.7}),
                                      simple_wave("2", {"a", "b", "c"}, {1.1, 1.2, 1.7})},
                                     kById, "x");
  EXPECT_NEAR(trend.changes[0].difference, 1, 1e-12);
  EXPECT_EQ(trend.changes[0].se, 0);
  EXPECT_EQ(trend.changes[0].verdict, ChangeVerdict::kNotTested);
  EXPECT_THAT(trend.changes[0].reason, HasSubstr("its standard error is 0"));
  EXPECT_FALSE(trend.changes[0].lower || trend.changes[0].upper);
}

TEST(Changes, OfSharesThatAreAllOrNoneHaveNoTest) {
  const WaveTrend trend = mean_trend(
      {simple_wave("1", {"a", "b"}, {1, 1}), simple_wave("2", {"a", "b"}, {0, 0})}, kById, "x");
  EXPECT_EQ(trend.changes[0].difference, -1);
  EXPECT_FALSE(trend.changes[0].correlation);
  EXPECT_EQ(trend.changes[0].verdict, ChangeVerdict::kNotTested);
}

TEST(Changes, OfSharesThatNoOneOrEveryoneHasHaveNoInterval) {
  const std::vector<std::string> ids = {"a", "b", "c", "d"};
  std::vector<SurveyWave> waves;
  for (const auto& answers : {std::vector<std::string>{"yes", "yes", "yes", "yes"},
                              {"yes", "yes", "yes", "yes"},
                              {"yes", "no", "yes", "no"}}) {
    SurveyWave wave = simple_wave(std::to_string(waves.size() + 1), ids, {1, 2, 3, 4});
    wave.data = dataset_of(
        {text_column("id", ids), label_column("view", {"yes", "no", "unsure"}, answers)});
    waves.push_back(wave);
  }
  const auto trends =
      trends_of(stacked_of(waves, kById, {"view"}), ChangeEstimand::kProportion, {"view"});
  const WaveTrend& yes = trends[0];
  EXPECT_FALSE(yes.waves[0].lower || yes.waves[0].upper);
  EXPECT_EQ(yes.waves[0].no_interval,
            "everyone in the base has this answer, so its sampling error cannot be estimated");
  EXPECT_THAT(trends[1].waves[0].no_interval, HasSubstr("no one in the base"));
  EXPECT_TRUE(yes.waves[2].lower && yes.waves[2].upper);
  EXPECT_EQ(yes.waves[2].no_interval, "");
  EXPECT_EQ(yes.changes[0].verdict, ChangeVerdict::kNotTested) << "all, and all again";
  EXPECT_FALSE(yes.changes[0].lower || yes.changes[0].p);
  EXPECT_THAT(yes.changes[0].reason, HasSubstr("in both waves"));
  EXPECT_TRUE(yes.changes[1].lower && yes.changes[1].p) << "two of four say yes no more";
  EXPECT_EQ(trends[2].changes[1].verdict, ChangeVerdict::kNotTested) << "none, and none again";
}

TEST(Changes, WithoutDegreesOfFreedomHaveNoTest) {
  std::vector<SurveyWave> waves = {simple_wave("1", {"a"}, {1}), simple_wave("2", {"a"}, {3})};
  for (SurveyWave& wave : waves) wave.spec.lonely_psu = LonelyPsu::kRemove;
  const WaveTrend trend = mean_trend(waves, kById, "x");
  EXPECT_EQ(trend.changes[0].df, 0);
  EXPECT_FALSE(trend.changes[0].lower);
  EXPECT_FALSE(trend.waves[0].upper);
  EXPECT_EQ(trend.waves[0].no_interval, "the base has no degrees of freedom");
  EXPECT_EQ(trend.changes[0].verdict, ChangeVerdict::kNotTested);
}

TEST(Changes, OfTooFewDegreesOfFreedomHaveNoIntervalOrAreRefused) {
  const StackedWaves waves = stacked_of(
      {simple_wave("1", {"a", "b"}, {1, 2}), simple_wave("2", {"a", "b"}, {3, 5})}, kById, {"x"});
  const ChangeOptions few{0.9999999, kLeastDegreesOfFreedom, CompareWith::kPrevious};
  const WaveTrend trend = trends_of(waves, ChangeEstimand::kMean, {"x"}, few)[0];
  EXPECT_FALSE(trend.waves[0].lower || trend.changes[0].upper);
  EXPECT_THAT(trend.waves[0].no_interval, HasSubstr("too few"));
  EXPECT_TRUE(trend.changes[0].p);
  EXPECT_THAT(mistake(waves, ChangeEstimand::kMean, "x", {0.95, 1e-300, CompareWith::kPrevious}),
              HasSubstr("1e-300 degrees of freedom; there must be at least 0.01"));
}

TEST(Changes, AreAPairedTTest) {
  // Student's sleep data: R's t.test(extra ~ group, paired = TRUE) has t = -4.0621, df = 9,
  // p = 0.002833, interval -2.4598858 to -0.7001142 (of first less second).
  const std::vector<std::string> ids = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"};
  const WaveTrend trend =
      mean_trend({simple_wave("1", ids, {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}),
                  simple_wave("2", ids, {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4})},
                 kById, "x");
  const WaveChange& change = trend.changes[0];
  EXPECT_NEAR(*change.t, 4.0621, 5e-5);
  EXPECT_EQ(change.df, 9);
  EXPECT_NEAR(*change.p, 0.002833, 5e-7);
  EXPECT_NEAR(*change.lower, 0.7001142, 5e-8);
  EXPECT_NEAR(*change.upper, 2.4598858, 5e-8);
  EXPECT_EQ(change.verdict, ChangeVerdict::kRose);
  EXPECT_EQ(name_of(change.verdict), "rose");
}

TEST(Changes, TakeTheLevelAndTheDistributionAskedFor) {
  const std::vector<std::string> ids = {"1", "2", "3", "4"};
  const StackedWaves waves = stacked_of(
      {simple_wave("1", ids, {5, 6, 7, 8}), simple_wave("2", ids, {4, 6, 4, 6})}, kById, {"x"});
  // d = -1, 0, -3, -2: mean -1.5, se √(5/3/4) = 0.6455, t = -2.324, p(3 df) = 0.1027.
  const auto verdict = [&](double level, std::optional<double> df) {
    return trends_of(waves, ChangeEstimand::kMean, {"x"}, {level, df, CompareWith::kPrevious})[0]
        .changes[0];
  };
  EXPECT_EQ(verdict(0.95, {}).verdict, ChangeVerdict::kNoDetectableChange);
  EXPECT_NEAR(*verdict(0.95, {}).p, 0.1027, 5e-5);
  EXPECT_EQ(verdict(0.8, {}).verdict, ChangeVerdict::kFell);
  const WaveChange normal = verdict(0.95, std::numeric_limits<double>::infinity());
  EXPECT_EQ(normal.verdict, ChangeVerdict::kFell);
  EXPECT_NEAR(*normal.p, 0.02014, 5e-6);
  EXPECT_NEAR(*normal.upper, -1.5 + 1.959964 * 0.6454972, 1e-6);
}

TEST(Changes, CompareWithThePreviousWaveOrTheFirst) {
  const StackedWaves waves = stacked_of(people_waves(false), kById, {"score"});
  const WaveTrend previous = trends_of(waves, ChangeEstimand::kMean, {"score"})[0];
  const WaveTrend first =
      trends_of(waves, ChangeEstimand::kMean, {"score"}, {0.95, {}, CompareWith::kFirst})[0];
  ASSERT_EQ(first.changes.size(), 2U);
  EXPECT_EQ(first.changes[0].se, previous.changes[0].se);
  EXPECT_EQ(previous.changes[1].from, 1U);
  EXPECT_EQ(first.changes[1].from, 0U);
  EXPECT_TRUE(near_rel(first.changes[1].difference,
                       previous.changes[0].difference + previous.changes[1].difference, 1e-12,
                       "steps add up"));
  EXPECT_EQ(previous.changes[1].df, 109) << "110 people in the second and third wave";
  EXPECT_EQ(first.changes[1].df, 119) << "120 people in the first and third wave";
}

TEST(Changes, OfOptionsNetsAndScales) {
  auto view = label_column("view", {"good", "fair", "poor", "unsure"},
                           {"good", "fair", "poor", "unsure", "good", ""});
  view.first.categories[3].dont_know = true;
  view.first.dont_know_in_base = false;
  view.first.nets = {{"fine", "Good or fair", {1, 2}}};
  auto scale = number_column("q", {});
  scale.first.kind = VariableKind::kScale;
  scale.first.scale_low = 1;
  scale.first.scale_high = 10;
  scale.first.categories = {{99, "Not relevant", false}};
  scale.second = make_codes(std::vector<int>{3, 10, 99, -1, 5, 6});
  SurveyWave wave;
  wave.name = "a";
  wave.data = dataset_of({view, scale});
  wave.spec.case_count = 6;
  wave.spec.weights = {1, 2, 1, 5, 1, 1};
  const StackedWaves waves = stacked_of({wave, renamed(wave, "b")}, {}, {"view", "q"});
  const auto shares = trends_of(waves, ChangeEstimand::kProportion, {"view"});
  ASSERT_EQ(shares.size(), 5U);
  EXPECT_EQ(shares[0].waves[0].n, 4U) << "neither unsure nor missing";
  EXPECT_EQ(shares[0].waves[0].value, 0.4);
  EXPECT_EQ(shares[3].waves[1].value, 0);
  EXPECT_EQ(shares[4].answer, "fine");
  EXPECT_EQ(shares[4].label, "Good or fair");
  EXPECT_EQ(shares[4].waves[1].value, 0.8);
  EXPECT_EQ(trends_of(waves, ChangeEstimand::kTotal, {"view"})[4].waves[0].value, 4);
  const WaveTrend mean = trends_of(waves, ChangeEstimand::kMean, {"q"})[0];
  EXPECT_EQ(mean.waves[0].n, 4U) << "on the scale";
  EXPECT_EQ(mean.waves[0].value, (3 + 20 + 5 + 6) / 5.0);
}

TEST(Changes, OfAnythingEstimated) {
  const Survey survey = apistrat();
  const auto all = rows_from(1, 200);
  const StackedWaves waves =
      stacked_of(api_waves(survey, all, all), {"snum", false}, {"api", "high"});
  Matrix api(400, 1), high(400, 1);
  const std::vector<double> a = numbers_of(*waves.data, "api");
  const std::vector<double> h = numbers_of(*waves.data, "high");
  for (size_t i = 0; i < 400; ++i) {
    api(static_cast<Eigen::Index>(i), 0) = a[i] * h[i];
    high(static_cast<Eigen::Index>(i), 0) = h[i];
  }
  // The mean of high schools as a ratio, and as a mean where high is 1.
  const auto ratio = [&](std::vector<uint8_t> cases) -> Result<FunctionalPtr> {
    return ratio_of(api, high, std::move(cases));
  };
  const auto mean = [&](std::vector<uint8_t> cases) -> Result<FunctionalPtr> {
    for (size_t i = 0; i < cases.size(); ++i) cases[i] = cases[i] != 0 && h[i] == 1 ? 1 : 0;
    return mean_of(api, std::move(cases));
  };
  const std::vector<std::string> labels = {"high schools"};
  const auto one = changes_of(waves, ratio, labels, {}, Progress());
  const auto other = changes_of(waves, mean, labels, {}, Progress());
  ASSERT_TRUE(one && other);
  EXPECT_EQ((*one)[0].label, "high schools");
  EXPECT_TRUE(near_rel((*one)[0].changes[0].difference, (*other)[0].changes[0].difference, 1e-12,
                       "a mean is a ratio"));
  EXPECT_TRUE(
      near_rel((*one)[0].changes[0].se, (*other)[0].changes[0].se, 1e-12, "a mean is a ratio"));
}

TEST(Changes, RefuseWhatCannotBeEstimated) {
  std::vector<SurveyWave> waves = {simple_wave("1", {"a", "b"}, {1, 2}),
                                   simple_wave("2", {"a", "b"}, {3, 2})};
  for (SurveyWave& wave : waves) {
    const bool first = wave.name == "1";
    wave.data = dataset_of({text_column("id", {"a", "b"}), number_column("x", {1, 2}),
                            label_column("view", {"yes", "no"},
                                         first ? std::vector<std::string>{"yes", "no"}
                                               : std::vector<std::string>{"", ""})});
  }
  const StackedWaves stacked = stacked_of(waves, kById, {"id", "x", "view"});
  EXPECT_EQ(mistake(stacked, ChangeEstimand::kMean, "y"),
            "there is no variable 'y'; known: wave, "
            "id, x, view");
  EXPECT_EQ(mistake(stacked, ChangeEstimand::kMean, "id"),
            "variable 'id' is open text, of which nothing is estimated");
  EXPECT_THAT(mistake(stacked, ChangeEstimand::kMean, "view"), HasSubstr("holds no numbers"));
  EXPECT_THAT(mistake(stacked, ChangeEstimand::kProportion, "x"),
              HasSubstr("variable 'x' has no answer options"));
  EXPECT_EQ(mistake(stacked, ChangeEstimand::kProportion, "view"),
            "variable 'view': wave '2': nobody gave an answer");
  EXPECT_EQ(mistake(stacked, ChangeEstimand::kMean, "x", {1.5, {}, CompareWith::kFirst}),
            "variable 'x': the level 1.5 is not between 0 and 1");
  EXPECT_THAT(mistake(stacked, ChangeEstimand::kMean, "x", {0.95, 0.0, CompareWith::kFirst}),
              HasSubstr("0 degrees of freedom"));
}

TEST(PooledZ, IsThatOfTheTextbook) {
  struct Row {
    long long k1, n1, k2, n2;
    double z, p;
  };
  const Row rows[] = {{33, 76, 30, 103, 1.979, 0.0478},
                      {20, 77, 20, 102, 1.012, 0.3114},
                      {30, 103, 33, 76, -1.979, 0.0478},
                      {5, 10, 50, 100, 0, 1}};
  for (const Row& row : rows) {
    const auto found = pooled_z(row.k1, row.n1, row.k2, row.n2);
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->z, row.z, 5e-4);
    EXPECT_NEAR(found->p, row.p, 5e-5);
    // Its square is Pearson's chi-squared of the 2 × 2 table.
    const auto a = static_cast<double>(row.k1), b = static_cast<double>(row.n1) - a;
    const auto c = static_cast<double>(row.k2), d = static_cast<double>(row.n2) - c;
    const double chi =
        (a + b + c + d) * std::pow(a * d - b * c, 2) / ((a + b) * (c + d) * (a + c) * (b + d));
    EXPECT_TRUE(near_rel(found->z * found->z, chi, 1e-12, "the square of z"));
  }
}

TEST(PooledZ, RefusesWhatIsNoShare) {
  const auto message = [](long long k1, long long n1, long long k2, long long n2) {
    const auto found = pooled_z(k1, n1, k2, n2);
    return found ? "it was tested" : found.error().message;
  };
  EXPECT_EQ(message(3, 2, 1, 2), "3 of 2 is no share of a sample");
  EXPECT_EQ(message(1, 2, -1, 2), "-1 of 2 is no share of a sample");
  EXPECT_EQ(message(0, 0, 1, 2), "0 of 0 is no share of a sample");
  EXPECT_THAT(message(0, 5, 0, 9), HasSubstr("are none, which leaves nothing to test"));
  EXPECT_THAT(message(5, 5, 9, 9), HasSubstr("are all, which leaves nothing to test"));
}

}  // namespace
}  // namespace barometer
