// A sample of cells against the sample of its cases, which is the slow road.
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "barometer/sample/functional.h"

namespace barometer {
namespace {

using Eigen::Index;

struct Draw {
  const char* name;
  bool clusters, strata, second_stage, equal_weights;
};

struct Cases {
  DesignSpec spec;
  std::vector<uint32_t> cell;  // of each case
  size_t cells = 0;
};

Cases random_cases(const Draw& draw, uint64_t seed) {
  std::mt19937_64 random(seed);
  const size_t n = 240;
  Cases cases;
  cases.cells = 7;
  cases.spec.case_count = n;
  std::vector<int32_t> stratum, psu, unit;
  std::lognormal_distribution<double> weight(0, 0.7);
  for (size_t i = 0; i < n; ++i) {
    stratum.push_back(static_cast<int32_t>(i % 4));
    psu.push_back(static_cast<int32_t>(4 * (random() % 6) + i % 4));
    unit.push_back(static_cast<int32_t>(random() % 5));
    cases.cell.push_back(static_cast<uint32_t>(random() % cases.cells));
    const double w = draw.equal_weights ? 1.0 + stratum.back() : weight(random);
    cases.spec.weights.push_back(random() % 20 == 0 ? 0 : w);
  }
  if (draw.strata) {
    cases.spec.strata = {stratum};
    cases.spec.fpc = {std::vector<double>(n, draw.clusters ? 15 : 300)};
  }
  if (draw.clusters) cases.spec.ids = {psu};
  if (draw.second_stage) {
    cases.spec.ids.push_back(unit);
    cases.spec.fpc.push_back(std::vector<double>(n, 9));
  }
  cases.spec.nest = true;
  cases.spec.lonely_psu = LonelyPsu::kAdjust;
  return cases;
}

// Every row has an entry for every cell.
CellSums summed(const Cases& cases, const Design& design) {
  CellSums sums;
  const size_t count = cases.cells;
  const size_t entries = count * design.row_count();
  sums.cell_count = count;
  sums.row_count = design.row_count();
  for (auto* total : {&sums.n, &sums.live}) total->assign(count, 0);
  for (auto* total : {&sums.w, &sums.w2}) total->assign(count, 0);
  sums.row_n.assign(entries, 0);
  sums.row_w.assign(entries, 0);
  sums.row_live.assign(entries, 0);
  sums.row_w2.assign(entries, 0);
  for (size_t row = 0; row <= design.row_count(); ++row) sums.row_begin.push_back(row * count);
  for (size_t row = 0; row < design.row_count(); ++row) {
    for (size_t at = design.row_begin()[row]; at < design.row_begin()[row + 1]; ++at) {
      const uint32_t i = design.order()[at];
      const size_t c = cases.cell[i];
      const double w = design.weights()[i];
      const size_t entry = row * count + c;
      sums.n[c] += 1;
      sums.live[c] += w > 0 ? 1 : 0;
      sums.w[c] += w;
      sums.w2[c] += w * w;
      sums.row_n[entry] += 1;
      sums.row_live[entry] += w > 0 ? 1 : 0;
      sums.row_w[entry] += w;
      sums.row_w2[entry] += w * w;
    }
  }
  return sums;
}

class CellSampling : public testing::TestWithParam<Draw> {};

TEST_P(CellSampling, EqualsTheSampleOfItsCases) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const Cases cases = random_cases(GetParam(), seed);
    const auto design = std::make_shared<const Design>(*Design::make(cases.spec));
    const Sample by_case = Sample::of(*design);
    const Sample by_cell =
        Sample::of_cells(design, std::make_shared<const CellSums>(summed(cases, *design)));
    std::mt19937_64 random(seed);
    std::normal_distribution<double> number(2, 1);
    const auto k = static_cast<Index>(cases.cells);
    Matrix y(k, 3);
    for (Index c = 0; c < k; ++c) y.row(c) << 1, number(random), c == 2 ? 1 : 0;
    Matrix y_of_case(static_cast<Index>(cases.cell.size()), 3);
    std::vector<uint8_t> domain(cases.cells, 1), domain_of_case;
    domain[0] = domain[3] = 0;
    for (size_t i = 0; i < cases.cell.size(); ++i) {
      y_of_case.row(static_cast<Index>(i)) = y.row(cases.cell[i]);
      domain_of_case.push_back(domain[cases.cell[i]]);
    }
    for (const bool all : {true, false}) {
      const auto in = all ? std::vector<uint8_t>() : domain;
      const auto in_case = all ? std::vector<uint8_t>() : domain_of_case;
      const std::vector<std::pair<FunctionalPtr, FunctionalPtr>> both = {
          {total_of(y, in), total_of(y_of_case, in_case)},
          {mean_of(y, in), mean_of(y_of_case, in_case)},
          {ratio_of(y.col(1), y.col(0), in),
           ratio_of(y_of_case.col(1), y_of_case.col(0), in_case)}};
      for (const auto& [cell, plain] : both) {
        const auto found = estimate(by_cell, *cell, Progress());
        const auto wanted = estimate(by_case, *plain, Progress());
        ASSERT_TRUE(found && wanted);
        EXPECT_EQ(found->df, wanted->df);
        const double size = 1e-12 * (1 + wanted->covariance.cwiseAbs().maxCoeff());
        EXPECT_LT((found->value - wanted->value).cwiseAbs().maxCoeff(),
                  1e-12 * (1 + wanted->value.cwiseAbs().maxCoeff()));
        EXPECT_LT((found->covariance - wanted->covariance).cwiseAbs().maxCoeff(), size)
            << GetParam().name << " seed " << seed;
      }
      EXPECT_EQ(by_cell.cases(in), by_case.cases(in_case));
      EXPECT_EQ(by_cell.live_cases(in), by_case.live_cases(in_case));
      EXPECT_NEAR(by_cell.squares(in), by_case.squares(in_case), 1e-9);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Draws, CellSampling,
                         testing::Values(Draw{"elements", false, false, false, false},
                                         Draw{"stratified", false, true, false, false},
                                         Draw{"alike", false, true, false, true},
                                         Draw{"clusters", true, false, false, false},
                                         Draw{"strata_clusters", true, true, false, false},
                                         Draw{"two_stages", true, true, true, false}),
                         [](const auto& draw) { return draw.param.name; });

// A constant has no error in a stratified total: the sums must not show rounding for one.
TEST(CellSamplingDigits, WeightsThatAreAlikeGiveNoError) {
  Cases cases = random_cases({"alike", false, true, false, true}, 3);
  for (size_t i = 0; i < cases.cell.size(); ++i) {
    cases.spec.weights[i] = 1.1 + cases.spec.strata[0][i] / 3.0;
  }
  const auto design = std::make_shared<const Design>(*Design::make(cases.spec));
  const Sample sample =
      Sample::of_cells(design, std::make_shared<const CellSums>(summed(cases, *design)));
  const auto found = estimate(sample, *total_of(Matrix::Ones(7, 1), {}), Progress());
  ASSERT_TRUE(found);
  EXPECT_LT(found->se(0), 1e-12 * found->value(0));
}

}  // namespace
}  // namespace barometer
