// Values of R survey 4.1.1, R 4.2.2 (2022-11-10 r83330), on public data (estimate/testdata).
#include "barometer/sample/sample.h"

#include <cmath>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/sample/functional.h"
#include "tests/support/near.h"
#include "tests/support/survey.h"

namespace barometer {
namespace {

using testing::apiclus1;
using testing::apiclus2;
using testing::apistrat;
using ::testing::HasSubstr;
using testing::jackknifed;
using testing::near_rel;
using testing::Survey;

constexpr double kTolerance = 1e-9;
constexpr const char* kSource = "R survey 4.1.1, R 4.2.2";

Estimated estimated(const Sample& sample, const FunctionalPtr& functional) {
  return std::move(estimate(sample, *functional, Progress()).value());
}

TEST(Estimate, MeanUnderEachDesignIsThatOfR) {
  struct Row {
    const char* name;
    Survey survey;
    double mean, se, df;
  };
  const Row rows[] = {
      {"strata", apistrat(), 662.2873631593208, 9.40894080278458, 197},
      {"clusters", apiclus1(), 644.1693989071039, 23.54224069378104, 14},
      {"two stages", apiclus2(), 670.8118081180812, 30.0990273768366, 39},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Estimated found =
        estimated(row.survey.sample(), mean_of(row.survey.columns({"api00"}), {}));
    EXPECT_TRUE(near_rel(found.value(0), row.mean, kTolerance, kSource));
    EXPECT_TRUE(near_rel(found.se(0), row.se, kTolerance, kSource));
    EXPECT_EQ(found.df, row.df);
  }
}

TEST(Estimate, JackknifedMeanAndTotalAreThoseOfR) {
  const Survey survey = apiclus1();
  const Sample sample = jackknifed(survey);
  const Estimated mean = estimated(sample, mean_of(survey.columns({"api00", "enroll"}), {}));
  EXPECT_TRUE(near_rel(mean.se(0), 26.32936058952761, kTolerance, kSource));
  EXPECT_TRUE(near_rel(mean.se(1), 50.461131054830126, kTolerance, kSource));
  EXPECT_EQ(mean.df, 14);
  const Estimated total = estimated(sample, total_of(survey.columns({"enroll"}), {}));
  EXPECT_TRUE(near_rel(total.value(0), 3404940.134529114, kTolerance, kSource));
  EXPECT_TRUE(near_rel(total.se(0), 932235.027041215, kTolerance, kSource));
}

TEST(Estimate, RatioIsThatOfR) {
  const Survey survey = apiclus1();
  const Estimated found = estimated(
      survey.sample(), ratio_of(survey.columns({"api99"}), survey.columns({"api00"}), {}));
  EXPECT_TRUE(near_rel(found.value(0), 0.9422647879677307, kTolerance, kSource));
  EXPECT_TRUE(near_rel(found.se(0), 0.005532124064326157, kTolerance, kSource));
}

TEST(Estimate, StackedDomainsHaveTheirCovariance) {
  const Survey survey = apiclus1();
  const Matrix y = survey.columns({"api00"});
  const Estimated both = estimated(
      survey.sample(),
      stacked({mean_of(y, survey.where("stype", "E")), mean_of(y, survey.where("stype", "H"))}));
  Smooth difference{1, [](const Vector& v) -> Result<Vector> { return Vector{{v(0) - v(1)}}; },
                    [](const Vector&) { return Matrix{{1.0, -1.0}}; }};
  const Estimated by_delta = std::move(delta_method(both, difference).value());
  const Estimated directly =
      estimated(survey.sample(), derived(stacked({mean_of(y, survey.where("stype", "E")),
                                                  mean_of(y, survey.where("stype", "H"))}),
                                         difference));
  EXPECT_TRUE(near_rel(by_delta.se(0), directly.se(0), 1e-12, "two roads to one variance"));
  EXPECT_GT(std::abs(both.covariance(0, 1)), 1.0) << "clusters hold schools of both kinds";
}

TEST(Estimate, InfluenceIsTheDerivativeByTheWeights) {
  const Survey survey = apistrat();
  const Sample sample = survey.sample();
  const Matrix y = survey.columns({"api00"});
  const Matrix z = survey.columns({"enroll"});
  const std::vector<uint8_t> domain = survey.where("awards", "Yes");
  for (const FunctionalPtr& functional :
       {total_of(y, domain), mean_of(y, domain), ratio_of(y, z, domain)}) {
    const Vector value = functional->value(sample.weights()).value();
    const Matrix influence = functional->influence(sample.weights(), value).value();
    for (const size_t i : {size_t{0}, size_t{3}, size_t{150}}) {
      std::vector<double> weights(sample.weights().begin(), sample.weights().end());
      const double step = 1e-4 * weights[i];
      weights[i] += step;
      const double above = (*functional->value(weights))(0);
      weights[i] -= 2 * step;
      const double below = (*functional->value(weights))(0);
      EXPECT_NEAR(influence(static_cast<Eigen::Index>(i), 0), (above - below) / (2 * step),
                  1e-6 * std::abs(value(0)))
          << "case " << i;
    }
  }
}

TEST(Replicated, WrongReplicatesAreRefusedByName) {
  const auto message = [](auto change) {
    Replicates replicates;
    replicates.weights = Matrix::Ones(3, 2);
    replicates.rscales = {1, 1};
    change(replicates);
    const auto made = Sample::replicated({1, 1, 1}, std::move(replicates));
    return made ? std::string("accepted") : made.error().message;
  };
  EXPECT_EQ(message([](Replicates&) {}), "accepted");
  EXPECT_THAT(message([](Replicates& r) { r.weights.resize(3, 0); }), HasSubstr("no replicate"));
  EXPECT_THAT(message([](Replicates& r) { r.weights = Matrix::Ones(2, 2); }),
              HasSubstr("2 rows for 3 cases"));
  EXPECT_THAT(message([](Replicates& r) { r.rscales = {1}; }),
              HasSubstr("1 rscales for 2 replicates"));
  EXPECT_THAT(message([](Replicates& r) { r.rscales[1] = -1; }), HasSubstr("rscale -1"));
  EXPECT_THAT(message([](Replicates& r) { r.scale = -2; }), HasSubstr("scale -2"));
  EXPECT_THAT(message([](Replicates& r) { r.weights(1, 1) = std::nan(""); }),
              HasSubstr("row 2 has no weight in replicate 2"));
}

TEST(Replicated, ReplicateWithoutAValueIsNamed) {
  Replicates replicates;
  replicates.weights = Matrix{{1, 0}, {1, 0}};
  replicates.rscales = {1, 1};
  const Sample sample = std::move(Sample::replicated({1, 1}, replicates).value());
  const auto found = estimate(sample, *mean_of(Matrix::Ones(2, 1), {}), Progress());
  ASSERT_FALSE(found.has_value());
  EXPECT_THAT(found.error().message, HasSubstr("replicate 2"));
}

TEST(Replicated, MseIsAboutTheFullSampleEstimate) {
  Replicates replicates;
  replicates.rscales = {1, 1};
  replicates.scale = 0.5;
  const Matrix thetas{{1.0}, {3.0}};
  const Vector full{{5.0}};
  EXPECT_DOUBLE_EQ(replicate_covariance(thetas, full, replicates)(0, 0), 0.5 * (1 + 1));
  replicates.mse = true;
  EXPECT_DOUBLE_EQ(replicate_covariance(thetas, full, replicates)(0, 0), 0.5 * (16 + 4));
}

// Σ over strata of (N-n)/N · n/(n-1) · Σ (x - x̄)(x - x̄)ᵀ, case by case.
TEST(Estimate, CovarianceOfSingleCasesIsThatOfTheirProductsOneByOne) {
  constexpr Eigen::Index kCases = 1500, kColumns = 5;
  DesignSpec spec;
  spec.case_count = kCases;
  spec.weights.assign(kCases, 1);
  spec.strata.resize(1);
  spec.fpc.resize(1);
  Matrix x(kCases, kColumns);
  std::vector<uint8_t> domain;
  for (Eigen::Index i = 0; i < kCases; ++i) {
    spec.strata[0].push_back(i % 7 == 0 ? 1 : 0);
    spec.fpc[0].push_back(i % 7 == 0 ? 400 : 3000);
    domain.push_back(i % 5 != 0 ? 1 : 0);
    for (Eigen::Index j = 0; j < kColumns; ++j) {
      const auto at = static_cast<double>(i * kColumns + j);
      x(i, j) = domain.back() == 0 ? 0 : 100 + std::sin(at * at);
    }
  }
  Matrix by_case = Matrix::Zero(kColumns, kColumns);
  for (const int32_t stratum : {0, 1}) {
    std::vector<Eigen::Index> rows;
    for (Eigen::Index i = 0; i < kCases; ++i) {
      if (spec.strata[0][static_cast<size_t>(i)] == stratum) rows.push_back(i);
    }
    const auto n = static_cast<double>(rows.size());
    Vector mean = Vector::Zero(kColumns);
    for (const Eigen::Index i : rows) mean += x.row(i).transpose() / n;
    const double population = stratum == 1 ? 400 : 3000;
    const double scale = (population - n) / population * n / (n - 1);
    for (const Eigen::Index i : rows) {
      const Vector distance = x.row(i).transpose() - mean;
      by_case += scale * distance * distance.transpose();
    }
  }
  const Matrix found = nested_sampling(Design::make(spec).value())->covariance(x, domain).value();
  EXPECT_LT((found - by_case).cwiseAbs().maxCoeff(), 1e-12 * by_case.cwiseAbs().maxCoeff());
  EXPECT_EQ(found, found.transpose());
}

// n × R weights of a rank, no two rows alike, and as much noise.
Matrix weights_of_rank(Eigen::Index n, Eigen::Index replicates, Eigen::Index rank, double noise) {
  const auto made = [](Eigen::Index rows, Eigen::Index columns, double start) {
    Matrix matrix(rows, columns);
    for (Eigen::Index k = 0; k < matrix.size(); ++k) {
      const double at = start + static_cast<double>(k);
      matrix.data()[k] = std::sin(at * at);
    }
    return matrix;
  };
  return made(n, rank, 0.3) * made(rank, replicates, 0.7) + noise * made(n, replicates, 0.1);
}

double df_of(const Matrix& weights, Domain domain) {
  Replicates replicates;
  replicates.weights = weights;
  replicates.rscales.assign(static_cast<size_t>(weights.cols()), 1);
  const std::vector<double> full(static_cast<size_t>(weights.rows()), 1);
  return Sample::replicated(full, std::move(replicates)).value().df(domain);
}

TEST(Replicated, DfIsTheRankLessOneHoweverManyRows) {
  struct Row {
    Eigen::Index rank;
    double noise, df;
  };
  const Row rows[] = {{7, 0, 6}, {7, 1e-9, 6}, {7, 1e-2, 11}, {12, 0, 11}, {1, 0, 0}};
  for (const Row& row : rows) {
    for (const Eigen::Index n : {Eigen::Index{40}, Eigen::Index{49}, Eigen::Index{500}}) {
      SCOPED_TRACE(::testing::Message() << "rank " << row.rank << " of " << n << " rows");
      const Matrix weights = weights_of_rank(n, 12, row.rank, row.noise);
      EXPECT_EQ(df_of(weights, {}), row.df);
      std::vector<uint8_t> all(static_cast<size_t>(n), 1);
      EXPECT_EQ(df_of(weights, all), row.df);
      std::vector<uint8_t> some(static_cast<size_t>(n), 0);
      std::fill_n(some.begin(), 3, 1);
      EXPECT_EQ(df_of(weights, some), std::min(row.df, 2.0));
      EXPECT_EQ(df_of(weights, std::vector<uint8_t>(static_cast<size_t>(n), 0)), -1);
    }
  }
}

TEST(Replicated, DfDoesNotGrowWithCasesOfTheSameWeights) {
  const Matrix units = weights_of_rank(9, 12, 9, 0);
  EXPECT_EQ(df_of(units.replicate(30, 1), {}), 8);
  EXPECT_EQ(df_of(Matrix{{0.0, 1.0}, {-0.0, 1.0}}, {}), 0);
}

TEST(Replicated, DfIsThatOfTheSamplesOwnWeightsWhoeverAsksFirst) {
  const Survey survey = apiclus1();
  const Sample sample = jackknifed(survey);
  std::vector<double> found(4, 0);
  {
    std::vector<std::jthread> threads;
    for (double& df : found) threads.emplace_back([&sample, &df] { df = Sample(sample).df({}); });
  }
  EXPECT_THAT(found, ::testing::Each(14));
  Matrix fewer = sample.replicates()->weights;
  fewer.col(0) = fewer.col(1);
  const Sample other =
      sample.reweighted({sample.weights().begin(), sample.weights().end()}, fewer, "one less");
  EXPECT_EQ(other.df({}), 13);
  EXPECT_EQ(sample.df({}), 14);
}

}  // namespace
}  // namespace barometer
