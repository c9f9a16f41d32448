// Stacked waves against R survey 4.1.1 (testdata/waves.R), each wave's own design, pairs by hand,
// the slow nested variance, and every sample that could have been drawn.
#include "barometer/panel/waves.h"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/panel/panel_test_internal.h"
#include "tests/support/naive.h"

namespace barometer {
namespace {

using Eigen::Index;
using testing::api_wave;
using testing::api_waves;
using testing::apiclus1;
using testing::apiclus2;
using testing::apisrs;
using testing::apistrat;
using testing::codes_of;
using testing::dataset_of;
using ::testing::ElementsAre;
using testing::jackknifed;
using testing::label_column;
using testing::mean_trend;
using testing::NaiveVariance;
using testing::near_rel;
using testing::numbers_of;
using testing::own_estimate;
using testing::people_waves;
using testing::rows_from;
using testing::simple_wave;
using testing::stacked_of;
using testing::Survey;
using testing::trends_of;
using testing::values_of_r;

constexpr double kTolerance = 1e-9;
constexpr const char* kSource = "R survey 4.1.1, svyby(covmat = TRUE) and svycontrast";
constexpr const char* kOrder = "the same sums in another order";

void expect_r(const WaveTrend& trend, const std::map<std::string, double>& r) {
  for (size_t i = 0; i < trend.waves.size(); ++i) {
    const std::string name = std::to_string(i + 1);
    EXPECT_TRUE(near_rel(trend.waves[i].value, r.at("value" + name), kTolerance, kSource));
    for (size_t j = 0; j <= i; ++j) {
      const double found = trend.covariance(static_cast<Index>(i), static_cast<Index>(j));
      EXPECT_TRUE(near_rel(found, r.at("cov" + name + std::to_string(j + 1)), kTolerance, kSource));
    }
    if (i == 0) continue;
    EXPECT_TRUE(
        near_rel(trend.changes[i - 1].difference, r.at("change" + name), kTolerance, kSource));
    EXPECT_TRUE(near_rel(trend.changes[i - 1].se, r.at("se" + name), kTolerance, kSource));
  }
  if (trend.waves.size() == 2) {
    EXPECT_EQ(trend.changes[0].df, r.at("df"));
  }
}

TEST(LinkedWaves, AreTheStackedDesignOfR) {
  const auto r = values_of_r();
  const Survey strat = apistrat();
  const Survey srs = apisrs();
  const Survey clus = apiclus1();
  const auto without_sizes = [](Survey survey) {
    survey.spec.fpc.clear();
    return survey;
  };
  const auto strat_overlap = api_waves(without_sizes(strat), rows_from(1, 150), rows_from(41, 200));
  const auto clus_overlap =
      api_waves(without_sizes(clus), rows_from(1, 183, 2), rows_from(1, 183, 3));
  const WaveLink school{"snum", false};
  const WaveLink district{"dnum", true};
  struct Row {
    const char* name;
    std::vector<SurveyWave> waves;
    WaveLink link;
    const char* variable;
    ChangeEstimand estimand = ChangeEstimand::kMean;
  };
  const Row rows[] = {
      {"strata, overlap, mean", strat_overlap, school, "api"},
      {"strata, overlap, share", strat_overlap, school, "high"},
      {"strata, overlap, total", strat_overlap, school, "high", ChangeEstimand::kTotal},
      {"strata, panel, sizes, mean", api_waves(strat, rows_from(1, 200), rows_from(1, 200)), school,
       "api"},
      {"simple, panel, sizes, mean", api_waves(srs, rows_from(1, 200), rows_from(1, 200)), school,
       "api"},
      {"simple, overlap, mean",
       api_waves(without_sizes(srs), rows_from(1, 130), rows_from(71, 200)), school, "api"},
      {"organisations, overlap, mean", clus_overlap, district, "api"},
      {"organisations, panel, sizes, mean", api_waves(clus, rows_from(1, 183), rows_from(1, 183)),
       district, "api"},
      {"two stages, panel of schools, sizes, mean",
       api_waves(apiclus2(), rows_from(1, 126), rows_from(1, 126)), school, "api"},
      {"three waves, mean", people_waves(false), {"id", false}, "score"},
      {"three waves, strata, mean", people_waves(true), {"id", false}, "score"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const StackedWaves waves = stacked_of(row.waves, row.link, {row.variable});
    expect_r(trends_of(waves, row.estimand, {row.variable})[0], r.at(row.name));
  }
}

TEST(LinkedWaves, SharesOfCategoriesAreThoseOfR) {
  const StackedWaves waves = stacked_of(people_waves(false), {"id", false}, {"view"});
  const std::vector<WaveTrend> trends = trends_of(waves, ChangeEstimand::kProportion, {"view"});
  ASSERT_EQ(trends.size(), 3U);
  EXPECT_EQ(trends[0].answer, "good");
  expect_r(trends[0], values_of_r().at("three waves, share"));
}

TEST(LinkedWaves, OfReplicatesShareTheirColumns) {
  const Survey survey = apiclus1();
  std::vector<SurveyWave> waves = api_waves(survey, rows_from(1, 183), rows_from(1, 183));
  const auto replicates = std::make_shared<const Replicates>(*jackknifed(survey).replicates());
  for (SurveyWave& wave : waves) wave.replicates = replicates;
  const StackedWaves stacked = stacked_of(waves, {"dnum", true}, {"api"});
  EXPECT_EQ(stacked.sample.replicates()->count(), 15U);
  expect_r(trends_of(stacked, ChangeEstimand::kMean, {"api"})[0],
           values_of_r().at("organisations, panel, jackknife, mean"));
}

// People drawn by themselves and linked by organisation: the organisation is the unit.
TEST(LinkedWaves, PeopleLinkedByOrganisationAreClustersOfIt) {
  Survey survey = apiclus1();
  survey.spec.fpc.clear();
  survey.spec.ids.clear();
  const auto waves = api_waves(survey, rows_from(1, 183, 2), rows_from(1, 183, 3));
  expect_r(mean_trend(waves, {"dnum", true}, "api"),
           values_of_r().at("organisations, overlap, mean"));
}

TEST(IndependentWaves, AddTheVariancesOfTheirOwnDesigns) {
  Survey lonely = apistrat();
  for (size_t i = 0; i < 2; ++i) lonely.spec.strata[0][i] = static_cast<int32_t>(10 + i);
  const Survey other[] = {apisrs(), apistrat(), apiclus1(), apiclus2()};
  for (const LonelyPsu rule : {LonelyPsu::kRemove, LonelyPsu::kAdjust, LonelyPsu::kAverage}) {
    for (const Survey& second : other) {
      Survey first = lonely;
      first.spec.lonely_psu = rule;
      const std::vector<SurveyWave> waves = {
          api_wave("99", first, "api99", rows_from(1, 200)),
          api_wave("00", second, "api00", rows_from(1, second.spec.case_count))};
      const StackedWaves stacked = stacked_of(waves, {}, {"api"});
      EXPECT_EQ(stacked.relation, WaveRelation::kIndependent);
      for (const bool total : {false, true}) {
        const auto estimand = total ? ChangeEstimand::kTotal : ChangeEstimand::kMean;
        const WaveTrend trend = trends_of(stacked, estimand, {"api"})[0];
        const Estimated a = own_estimate(waves[0], "api", total);
        const Estimated b = own_estimate(waves[1], "api", total);
        EXPECT_TRUE(near_rel(trend.waves[0].value, a.value(0), 1e-12, kOrder));
        EXPECT_TRUE(near_rel(trend.covariance(0, 0), a.covariance(0, 0), 1e-12, kOrder));
        EXPECT_TRUE(near_rel(trend.covariance(1, 1), b.covariance(0, 0), 1e-12, kOrder));
        EXPECT_EQ(trend.covariance(0, 1), 0);
        const double sum = a.covariance(0, 0) + b.covariance(0, 0);
        EXPECT_TRUE(near_rel(trend.changes[0].se, std::sqrt(sum), 1e-12, kOrder));
        EXPECT_EQ(trend.changes[0].df, a.df + b.df);
        EXPECT_EQ(trend.changes[0].correlation, 0.0);
      }
    }
  }
}

TEST(IndependentWaves, OfReplicatesAddTheirVariances) {
  const Survey survey = apiclus1();
  Replicates about_the_estimate = *jackknifed(survey).replicates();
  about_the_estimate.mse = true;
  std::vector<SurveyWave> waves = api_waves(survey, rows_from(1, 183), rows_from(1, 183));
  for (SurveyWave& wave : waves) {
    wave.replicates = std::make_shared<const Replicates>(about_the_estimate);
  }
  const WaveTrend trend = mean_trend(waves, {}, "api");
  const Estimated a = own_estimate(waves[0], "api");
  const Estimated b = own_estimate(waves[1], "api");
  EXPECT_TRUE(near_rel(trend.covariance(0, 0), a.covariance(0, 0), 1e-12, kOrder));
  EXPECT_TRUE(near_rel(trend.changes[0].se, std::hypot(a.se(0), b.se(0)), 1e-12, kOrder));
  EXPECT_NEAR(trend.covariance(0, 1), 0, 1e-12);
  EXPECT_EQ(trend.changes[0].df, 28) << "14 of each wave";
}

TEST(Panel, IsThePairedDifference) {
  const std::vector<double> before = {3, 7, 4, 9, 6, 2}, after = {5, 7, 6, 8, 9, 6};
  const std::vector<std::string> ids = {"a", "b", "c", "d", "e", "f"};
  for (const double population : {0.0, 10.0}) {
    const WaveTrend trend = mean_trend(
        {simple_wave("1", ids, before, population), simple_wave("2", ids, after, population)},
        {"id", false}, "x");
    double mean = 0, squares = 0;
    for (size_t i = 0; i < 6; ++i) mean += (after[i] - before[i]) / 6;
    for (size_t i = 0; i < 6; ++i) squares += std::pow(after[i] - before[i] - mean, 2);
    const double fpc = population > 0 ? 1 - 6 / population : 1;
    EXPECT_TRUE(near_rel(trend.changes[0].difference, mean, 1e-12, "paired mean"));
    EXPECT_TRUE(
        near_rel(trend.changes[0].se, std::sqrt(fpc * squares / 5 / 6), 1e-12, "paired se"));
    EXPECT_EQ(trend.changes[0].df, 5);
  }
}

TEST(Panel, RowsInAnotherOrderGiveTheSame) {
  const Survey survey = apistrat();
  std::vector<size_t> shuffled = rows_from(41, 200);
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(7));
  const WaveLink link{"snum", false};
  const WaveTrend sorted =
      mean_trend(api_waves(survey, rows_from(1, 150), rows_from(41, 200)), link, "api");
  const WaveTrend mixed = mean_trend(api_waves(survey, rows_from(1, 150), shuffled), link, "api");
  EXPECT_TRUE(near_rel(sorted.changes[0].difference, mixed.changes[0].difference, 1e-12, kOrder));
  EXPECT_TRUE(near_rel(sorted.changes[0].se, mixed.changes[0].se, 1e-12, kOrder));
}

// Σ over the union, as the head of waves.h writes it.
TEST(Overlap, WithoutSizesIsTheFormulaOfTheHeader) {
  const WaveTrend trend = mean_trend({simple_wave("1", {"a", "b", "c", "d"}, {1, 4, 2, 7}),
                                      simple_wave("2", {"c", "d", "e"}, {3, 9, 5})},
                                     {"id", false}, "x");
  // Influences: (x - mean) / n; n = 5 units in all; the mean influence is 0 in each wave.
  const double z1[] = {-2.5 / 4, 0.5 / 4, -1.5 / 4, 3.5 / 4, 0};
  const double z2[] = {0, 0, (3 - 17.0 / 3) / 3, (9 - 17.0 / 3) / 3, (5 - 17.0 / 3) / 3};
  double v11 = 0, v22 = 0, v12 = 0;
  for (size_t i = 0; i < 5; ++i) {
    v11 += 1.25 * z1[i] * z1[i];
    v22 += 1.25 * z2[i] * z2[i];
    v12 += 1.25 * z1[i] * z2[i];
  }
  EXPECT_TRUE(near_rel(trend.covariance(0, 0), v11, 1e-12, kOrder));
  EXPECT_TRUE(near_rel(trend.covariance(1, 1), v22, 1e-12, kOrder));
  EXPECT_TRUE(near_rel(trend.covariance(1, 0), v12, 1e-12, kOrder));
  EXPECT_TRUE(near_rel(trend.changes[0].se, std::sqrt(v11 + v22 - 2 * v12), 1e-12, kOrder));
  EXPECT_TRUE(near_rel(*trend.changes[0].correlation, v12 / std::sqrt(v11 * v22), 1e-12, kOrder));
}

TEST(Overlap, WithSizesKeepsEachWavesOwnVariance) {
  for (const Survey& survey : {apisrs(), apistrat()}) {
    const auto waves = api_waves(survey, rows_from(1, 160), rows_from(21, 200));
    const WaveTrend trend = mean_trend(waves, {"snum", false}, "api");
    for (Index w = 0; w < 2; ++w) {
      const Estimated own = own_estimate(waves[static_cast<size_t>(w)], "api");
      EXPECT_TRUE(near_rel(trend.covariance(w, w), own.covariance(0, 0), 1e-12, kOrder));
    }
    EXPECT_GT(*trend.changes[0].correlation, 0.5);
  }
}

TEST(Overlap, WithSizesIsTheFormulaOfTheHeader) {
  const WaveTrend trend = mean_trend({simple_wave("1", {"a", "b", "c", "d"}, {1, 4, 2, 7}, 10),
                                      simple_wave("2", {"c", "d", "e"}, {3, 9, 5}, 10)},
                                     {"id", false}, "x");
  const double f = 1 - 4 * 3 / (2.0 * 10);
  const double products = (2 - 3.5) / 4 * (3 - 17.0 / 3) / 3 + (7 - 3.5) / 4 * (9 - 17.0 / 3) / 3;
  EXPECT_TRUE(near_rel(trend.covariance(0, 1), f * std::sqrt(4.0 / 3 * 3.0 / 2) * products, 1e-12,
                       "by hand"));
  EXPECT_EQ(trend.changes[0].df, 4) << "five units in one stratum";
}

TEST(Overlap, WithSizesOfAllUnitsIsThePanel) {
  const Survey survey = apistrat();
  const WaveLink link{"snum", false};
  const WaveTrend panel =
      mean_trend(api_waves(survey, rows_from(1, 200), rows_from(1, 200)), link, "api");
  // One unit that the other wave does not have, of weight 0, takes the other road.
  std::vector<SurveyWave> waves = api_waves(survey, rows_from(1, 200), rows_from(1, 200));
  waves[1] = api_wave("00", survey, "api00", rows_from(1, 199));
  const WaveTrend nearly = mean_trend(waves, link, "api");
  EXPECT_TRUE(near_rel(nearly.covariance(0, 0), panel.covariance(0, 0), 1e-12, kOrder));
  EXPECT_TRUE(near_rel(nearly.changes[0].se, panel.changes[0].se, 0.05, "199 of 200 schools"));
}

// All pairs of overlapping simple samples of a small population: the mean of the estimated
// variances is near the variance that the changes have, which the union's (1 - n/N) is far below.
TEST(Overlap, WithSizesIsRightOverAllSamples) {
  const std::vector<double> first = {3, 8, 5, 12, 7, 9, 4, 15};
  const std::vector<double> second = {4, 9, 9, 10, 11, 9, 7, 20};
  double sum = 0, squares = 0, estimated = 0, samples = 0;
  const auto wave_of = [](const char* name, unsigned set, const std::vector<double>& of) {
    std::vector<std::string> ids;
    std::vector<double> x;
    for (unsigned i = 0; i < 8; ++i) {
      if ((set >> i & 1) == 0) continue;
      ids.push_back(std::to_string(i));
      x.push_back(of[i]);
    }
    return simple_wave(name, ids, x, 8);
  };
  const auto bits = [](unsigned set) { return __builtin_popcount(set); };
  for (unsigned a = 0; a < 256; ++a) {
    for (unsigned b = 0; bits(a) == 5 && b < 256; ++b) {
      if (bits(b) != 5 || bits(a & b) != 4) continue;
      const WaveTrend trend =
          mean_trend({wave_of("1", a, first), wave_of("2", b, second)}, {"id", false}, "x");
      sum += trend.changes[0].difference;
      squares += std::pow(trend.changes[0].difference, 2);
      estimated += std::pow(trend.changes[0].se, 2);
      ++samples;
    }
  }
  ASSERT_EQ(samples, 840);
  const double truth = squares / samples - std::pow(sum / samples, 2);
  EXPECT_TRUE(near_rel(estimated / samples, truth, 0.06, "the covariance has a small bias"));
}

TEST(LowerStages, AreDrawnAnewInEachWave) {
  // Organisations of 12, all in both waves; people within them: others in each wave.
  std::vector<std::string> organisations;
  std::vector<int32_t> ids, people;
  std::vector<double> x1, x2, of_organisations, of_people;
  for (int32_t o = 0; o < 5; ++o) {
    for (int32_t p = 0; p < 3; ++p) {
      organisations.push_back("o" + std::to_string(o));
      ids.push_back(o);
      people.push_back(p);
      x1.push_back(2 * o + p * p);
      x2.push_back(3 * o - p);
      of_organisations.push_back(12);
      of_people.push_back(4 + o);
    }
  }
  std::vector<SurveyWave> waves = {simple_wave("1", organisations, x1),
                                   simple_wave("2", organisations, x2)};
  for (SurveyWave& wave : waves) {
    wave.spec.ids = {ids, people};
    wave.spec.fpc = {of_organisations, of_people};
  }
  const WaveTrend trend = mean_trend(waves, {"id", true}, "x");
  DesignSpec spec;
  spec.case_count = 30;
  spec.nest = true;
  spec.strata = {std::vector<int32_t>(30, 0), {}};
  spec.ids = {{}, {}};
  spec.fpc = {{}, {}};
  std::vector<double> change;
  for (size_t row = 0; row < 30; ++row) {
    const size_t i = row % 15;
    spec.strata[1].push_back(row < 15 ? 0 : 1);
    spec.ids[0].push_back(ids[i]);
    spec.ids[1].push_back(people[i]);
    spec.fpc[0].push_back(12);
    spec.fpc[1].push_back(of_people[i]);
    const double mean = trend.waves[row < 15 ? 0 : 1].value;
    change.push_back(row < 15 ? -(x1[i] - mean) / 15 : (x2[i] - mean) / 15);
  }
  const auto slow = NaiveVariance(spec, change, std::vector<bool>(30, true)).variance();
  EXPECT_TRUE(near_rel(trend.changes[0].se, std::sqrt(*slow), 1e-12, "naive and fast"));
  for (Index w = 0; w < 2; ++w) {
    const Estimated own = own_estimate(waves[static_cast<size_t>(w)], "x");
    EXPECT_TRUE(near_rel(trend.covariance(w, w), own.covariance(0, 0), 1e-12, kOrder));
  }
  // A wave that asked everyone of its organisations has no such stage.
  waves[1].spec.ids = {ids};
  waves[1].spec.fpc = {of_organisations};
  const WaveTrend whole = mean_trend(waves, {"id", true}, "x");
  const Estimated own = own_estimate(waves[1], "x");
  EXPECT_TRUE(near_rel(whole.covariance(1, 1), own.covariance(0, 0), 1e-12, kOrder));
  EXPECT_TRUE(near_rel(whole.covariance(0, 1), trend.covariance(0, 1), 1e-12, kOrder));
}

TEST(LowerStages, KeepTheirVarianceWhereOrganisationsMissWaves) {
  std::vector<SurveyWave> waves;
  for (const int first : {0, 2}) {
    std::vector<std::string> organisations;
    std::vector<int32_t> ids, people;
    std::vector<double> x;
    for (int32_t o = first; o < first + 5; ++o) {
      for (int32_t p = 0; p < 2; ++p) {
        organisations.push_back("o" + std::to_string(o));
        ids.push_back(o);
        people.push_back(p);
        x.push_back(o * o + 5 * p + first);
      }
    }
    waves.push_back(simple_wave(std::to_string(first), organisations, x));
    waves.back().spec.ids = {ids, people};
    waves.back().spec.fpc = {std::vector<double>(10, 9), std::vector<double>(10, 3)};
  }
  const StackedWaves stacked = stacked_of(waves, {"id", true}, {"x"});
  EXPECT_EQ(stacked.relation, WaveRelation::kOverlap);
  const WaveTrend trend = trends_of(stacked, ChangeEstimand::kMean, {"x"})[0];
  for (Index w = 0; w < 2; ++w) {
    const Estimated own = own_estimate(waves[static_cast<size_t>(w)], "x");
    EXPECT_TRUE(near_rel(trend.covariance(w, w), own.covariance(0, 0), 1e-12, kOrder));
  }
  // Organisations 2, 3 and 4 of waves of 5, of 9; totals 2 o² + …, centred by mean o² of 6 and 18.
  const double products = (4.0 - 6) * (4 - 18) + (9.0 - 6) * (9 - 18) + (16.0 - 6) * (16 - 18);
  EXPECT_TRUE(
      near_rel(trend.covariance(0, 1), (1 - 25.0 / 27) * 5 / 4 * products / 25, 1e-12, "by hand"));
}

TEST(Stack, FractionsAreThePopulationSizes) {
  const Survey sizes = apistrat();
  Survey fractions = sizes;
  const std::map<double, double> drawn = {{4421, 100}, {755, 50}, {1018, 50}};
  for (double& value : fractions.spec.fpc[0]) value = drawn.at(value) / value;
  const WaveLink link{"snum", false};
  const auto all = rows_from(1, 200);
  const WaveTrend mixed = mean_trend(
      {api_wave("99", sizes, "api99", all), api_wave("00", fractions, "api00", all)}, link, "api");
  const WaveTrend plain = mean_trend(api_waves(sizes, all, all), link, "api");
  EXPECT_TRUE(near_rel(mixed.changes[0].se, plain.changes[0].se, 1e-12, "n/f is N"));
}

TEST(Stack, AMaskIsADomainOfTheDesign) {
  std::vector<SurveyWave> waves = api_waves(apistrat(), rows_from(1, 200), rows_from(1, 200));
  std::vector<bool> inside;
  std::vector<double> z;
  for (SurveyWave& wave : waves) {
    for (size_t i = 0; i < 200; ++i) wave.mask.push_back(i % 3 == 0 ? 0 : 1);
  }
  const WaveTrend trend = mean_trend(waves, {"snum", false}, "api");
  DesignSpec spec = waves[0].spec;
  const auto twice = [](auto list) {
    const auto once = list;
    list.insert(list.end(), once.begin(), once.end());
    return list;
  };
  spec.case_count = 400;
  spec.nest = true;
  spec.ids = {twice(codes_of(*waves[0].data, "snum"))};
  spec.strata = {twice(spec.strata[0])};
  spec.fpc = {twice(spec.fpc[0])};
  for (size_t w = 0; w < 2; ++w) {
    const std::vector<double> x = numbers_of(*waves[w].data, "api");
    double base = 0;
    for (size_t i = 0; i < 200; ++i) base += waves[w].mask[i] * spec.weights[i];
    EXPECT_TRUE(near_rel(trend.waves[w].weighted_n, base, 1e-12, kOrder));
    EXPECT_EQ(trend.waves[w].n, 133U);
    for (size_t i = 0; i < 200; ++i) {
      const double sign = w == 0 ? -1 : 1;
      inside.push_back(waves[w].mask[i] != 0);
      z.push_back(sign * spec.weights[i] * (x[i] - trend.waves[w].value) / base);
    }
  }
  const auto slow = NaiveVariance(spec, z, inside).variance();
  EXPECT_TRUE(near_rel(trend.changes[0].se, std::sqrt(*slow), 1e-12, "naive and fast"));
}

TEST(Stack, CountsUnitsInBothWaves) {
  const StackedWaves waves = stacked_of(people_waves(false), {"id", false}, {"score"});
  EXPECT_EQ(waves.relation, WaveRelation::kOverlap);
  EXPECT_THAT(waves.names, ElementsAre("one", "two", "three"));
  ASSERT_EQ(waves.overlaps.size(), 3U);
  const size_t expected[][5] = {{0, 1, 80, 80, 50}, {0, 2, 80, 90, 50}, {1, 2, 80, 90, 60}};
  for (size_t i = 0; i < 3; ++i) {
    const WaveOverlap& found = waves.overlaps[i];
    EXPECT_THAT(
        (std::vector<size_t>{found.from, found.to, found.units_from, found.units_to, found.both}),
        ::testing::ElementsAreArray(expected[i]));
  }
  const auto all = rows_from(1, 200);
  EXPECT_EQ(stacked_of(api_waves(apisrs(), all, all), {"snum", false}, {}).relation,
            WaveRelation::kPanel);
}

TEST(Stack, MatchesCategoriesByLabel) {
  Variable multi;
  multi.id = "uses";
  multi.kind = VariableKind::kMulti;
  multi.categories = {{1, "phone", false}, {2, "post", false}};
  Variable turned = multi;
  turned.categories = {{1, "post", false}, {2, "phone", false}};
  const std::vector<Missing> here = {Missing::kNone, Missing::kNone};
  SurveyWave first, second;
  first.name = "a";
  first.data = dataset_of(
      {label_column("view", {"yes", "no"}, {"yes", "no"}), {multi, OptionSets{{1, 3}, here}}});
  second.name = "b";
  second.data = dataset_of(
      {label_column("view", {"no", "yes"}, {"yes", ""}), {turned, OptionSets{{1, 3}, here}}});
  first.spec.case_count = second.spec.case_count = 2;
  const StackedWaves waves = stacked_of({first, second}, {}, {"view", "uses"});
  const Column& view = **waves.data->find("view");
  std::vector<int> codes;
  for (size_t row = 0; row < 4; ++row) codes.push_back(code_at(view, row));
  EXPECT_THAT(codes, ElementsAre(1, 2, 1, -1));
  EXPECT_THAT(std::get<OptionSets>(**waves.data->find("uses")).bits, ElementsAre(1, 3, 2, 3));
  EXPECT_EQ(code_at(**waves.data->find("wave"), 2), 2);
  EXPECT_EQ(waves.data->codebook().find("wave")->categories[1].label, "b");
}

}  // namespace
}  // namespace barometer
