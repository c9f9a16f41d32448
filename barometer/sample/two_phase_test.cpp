#include "barometer/sample/two_phase.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/sample/testdata_test_internal.h"

namespace barometer {
namespace {

using testing::estimated;
using testing::expect_statistics_of_r;
using testing::Expected;
using ::testing::HasSubstr;
using testing::near_rel;
using testing::outcome;
using testing::read_expected;
using testing::TestTable;
using enum TwoPhaseMethod;

const TestTable& cohort() {
  static const TestTable table("two_phase.csv");
  return table;
}

// By the columns of the cohort; "" for none.
struct PhaseColumns {
  std::vector<std::string> ids;
  std::string strata;
  std::vector<std::string> fpc;
  std::string weights;
};

DesignSpec phase(const PhaseColumns& columns) {
  DesignSpec spec;
  spec.case_count = cohort().size();
  for (const std::string& id : columns.ids) spec.ids.push_back(cohort().codes(id));
  if (!columns.strata.empty()) spec.strata = {cohort().codes(columns.strata)};
  for (const std::string& size : columns.fpc) spec.fpc.push_back(cohort().numbers(size));
  if (!columns.weights.empty()) spec.weights = cohort().numbers(columns.weights);
  return spec;
}

TwoPhaseSpec two_phases(const PhaseColumns& first, const PhaseColumns& second,
                        const std::string& selection, TwoPhaseMethod method) {
  return {phase(first), phase(second), cohort().mask(selection), method};
}

void expect_r(const std::string& name, const TwoPhaseSpec& spec) {
  SCOPED_TRACE(name);
  static const Expected expected = read_expected("two_phase_expected.csv");
  const auto sample = two_phase(spec);
  ASSERT_TRUE(sample.has_value()) << sample.error().message;
  expect_statistics_of_r(*sample, cohort(), expected.at(name));
}

TEST(TwoPhase, BothMethodsAreThoseOfR) {
  struct Row {
    const char* name;
    PhaseColumns first, second;
    const char* selection;
  };
  const Row rows[] = {
      {"case-cohort", {}, {{}, "stratum", {}, ""}, "in2"},
      {"case-cohort fpc", {{}, "", {"N"}, ""}, {{}, "stratum", {}, ""}, "in2"},
      {"case-cohort unstratified", {{}, "", {"N"}, ""}, {}, "srs2"},
      {"case-cohort strata", {{}, "region", {"Nregion"}, ""}, {{}, "stratum", {}, ""}, "in2"},
      {"weighted", {{}, "", {}, "w"}, {{}, "stratum", {}, ""}, "in2"},
      {"clusters", {{"cluster"}, "", {"Nclusters"}, ""}, {{"cluster"}, "", {}, ""}, "clusters2"},
      {"people of clusters", {{"cluster"}, "", {"Nclusters"}, ""}, {{}, "stratum", {}, ""}, "in2"},
  };
  for (const Row& row : rows) {
    const std::string name = row.name;
    expect_r(name + " full", two_phases(row.first, row.second, row.selection, kFull));
    expect_r(name + " approx", two_phases(row.first, row.second, row.selection, kApproximate));
  }
}

TEST(TwoPhase, ProbabilitiesOfPhaseTwoThatVaryWithinStrataAreThoseOfR) {
  for (const auto& [name, method] : {std::pair{"full", kFull}, {"approx", kApproximate}}) {
    TwoPhaseSpec spec = two_phases({{}, "", {"N"}, ""}, {{}, "stratum", {}, ""}, "in2", method);
    for (const double p : cohort().numbers("p2")) spec.phase2.weights.push_back(1 / p);
    expect_r(std::string("probabilities of phase 2 ") + name, spec);
  }
}

TEST(TwoPhase, TwoStagesInPhaseOneAreThoseOfR) {
  const PhaseColumns first{{"cluster", "person"}, "", {"Nclusters", "Npersons"}, ""};
  const PhaseColumns second{{}, "stratum", {}, ""};
  expect_r("two stages full", two_phases(first, second, "in2", kFull));
  for (const LonelyPsu rule : {LonelyPsu::kRemove, LonelyPsu::kCertainty, LonelyPsu::kAdjust}) {
    TwoPhaseSpec spec = two_phases(first, second, "in2", kApproximate);
    spec.phase1.lonely_psu = rule;
    expect_r("two stages approx " + std::string(name_of(rule)), spec);
  }
  TwoPhaseSpec spec = two_phases(first, second, "in2", kApproximate);
  EXPECT_THAT(outcome(two_phase(spec)), HasSubstr("phase 1, stage 2: the stratum of row"));
  spec.phase1.lonely_psu = LonelyPsu::kAverage;
  const Matrix y = cohort().matrix({"y1"});
  const auto sample = two_phase(spec);
  ASSERT_TRUE(sample.has_value());
  EXPECT_THAT(outcome(estimate(*sample, *total_of(y, {}), Progress())),
              HasSubstr("no variance to average"));
}

// The Horvitz-Thompson sum over all pairs of cases, with Δ as the header has it.
double slow_full(const std::vector<double>& x, const std::vector<size_t>& rows,
                 const std::function<double(size_t, size_t)>& kept1,
                 const std::function<double(size_t, size_t)>& kept2) {
  double sum = 0;
  for (const size_t i : rows) {
    for (const size_t j : rows) sum += (1 - kept1(i, j) * kept2(i, j)) * x[i] * x[j];
  }
  return sum;
}

double one_minus_delta(bool same_unit, bool same_stratum, double n, double p) {
  if (same_unit) return p;
  return same_stratum ? 1 + (1 - p) / (n - 1) : 1;
}

// Strata of unequal size in phase 1, where R 4.1 takes the wrong n, and clusters in both phases.
TEST(TwoPhase, FullVarianceIsTheSumOverAllPairs) {
  TwoPhaseSpec spec = two_phases({{"cluster"}, "", {}, ""}, {{}, "stratum", {}, ""}, "in2", kFull);
  std::vector<int32_t> half;  // strata of 10 and 14 clusters
  std::vector<double> sizes;
  for (const int32_t cluster : cohort().codes("cluster")) {
    half.push_back(cluster <= 10 ? 1 : 2);
    sizes.push_back(cluster <= 10 ? 40 : 100);
  }
  spec.phase1.strata = {half};
  spec.phase1.fpc = {sizes};
  const Sample sample = two_phase(spec).value();

  const std::vector<int32_t> cluster = cohort().codes("cluster");
  const std::vector<int32_t> stratum = cohort().codes("stratum");
  std::map<int32_t, double> all, drawn;
  std::vector<size_t> rows;
  for (size_t i = 0; i < cluster.size(); ++i) {
    ++all[stratum[i]];
    if (spec.in_phase2[i] == 0) continue;
    ++drawn[stratum[i]];
    rows.push_back(i);
  }
  std::vector<double> x = cohort().numbers("y1");
  for (size_t i = 0; i < x.size(); ++i) x[i] *= sample.weights()[i];
  const double slow = slow_full(
      x, rows,
      [&](size_t i, size_t j) {
        const double n = half[i] == 1 ? 10 : 14;
        return one_minus_delta(cluster[i] == cluster[j], half[i] == half[j], n, n / sizes[i]);
      },
      [&](size_t i, size_t j) {
        const double n = drawn[stratum[i]];
        return one_minus_delta(i == j, stratum[i] == stratum[j], n, n / all[stratum[i]]);
      });
  const double fast = estimated(sample, total_of(cohort().matrix({"y1"}), {})).covariance(0, 0);
  EXPECT_TRUE(near_rel(fast, slow, 1e-9, "one sum, grouped and not"));
}

// A phase 2 of everybody adds nothing, by either method.
TEST(TwoPhase, PhaseTwoOfAllCasesIsPhaseOne) {
  for (const TwoPhaseMethod method : {kFull, kApproximate}) {
    TwoPhaseSpec spec =
        two_phases({{"cluster"}, "", {"Nclusters"}, ""}, {{}, "stratum", {}, ""}, "in2", method);
    spec.in_phase2.assign(cohort().size(), 1);
    spec.phase2.lonely_psu = LonelyPsu::kRemove;
    DesignSpec alone = spec.phase1;
    alone.weights_from_fpc = true;
    const Sample one = Sample::of(Design::make(alone).value());
    const Sample two = two_phase(spec).value();
    const Matrix y = cohort().matrix({"y1", "y2"});
    const std::vector<uint8_t> d = cohort().mask("d");
    for (const FunctionalPtr& of : {total_of(y, d), mean_of(y, d)}) {
      const Estimated expected = estimated(one, of);
      const Estimated found = estimated(two, of);
      EXPECT_TRUE(near_rel(found.value(1), expected.value(1), 1e-12, "one sample"));
      EXPECT_TRUE(near_rel(found.se(1), expected.se(1), 1e-9, "one sample"));
    }
  }
}

// Cochran, "Sampling Techniques" 1977, 12.2: simple random samples in both phases are one simple
// random sample, N²(1 - n/N)s²/n, and the full method knows it.
TEST(TwoPhase, SimpleRandomSampleOfASimpleRandomSampleIsOne) {
  const TwoPhaseSpec spec = two_phases({{}, "", {"N"}, ""}, {}, "srs2", kFull);
  DesignSpec direct;
  std::vector<double> y;
  for (size_t i = 0; i < cohort().size(); ++i) {
    if (spec.in_phase2[i] == 1) y.push_back(cohort().numbers("y1")[i]);
  }
  direct.case_count = y.size();
  direct.fpc = {std::vector<double>(y.size(), 5000)};
  direct.weights_from_fpc = true;
  const Matrix values = Eigen::Map<const Matrix>(y.data(), static_cast<Eigen::Index>(y.size()), 1);
  const Estimated expected =
      estimated(Sample::of(Design::make(direct).value()), total_of(values, {}));
  const Estimated found = estimated(two_phase(spec).value(), total_of(cohort().matrix({"y1"}), {}));
  EXPECT_TRUE(near_rel(found.value(0), expected.value(0), 1e-12, "one sample"));
  EXPECT_TRUE(near_rel(found.se(0), expected.se(0), 1e-9, "one sample"));
}

TEST(TwoPhase, CasesOutsidePhaseTwoWeighNothing) {
  const TwoPhaseSpec spec =
      two_phases({{}, "", {"N"}, ""}, {{}, "stratum", {}, ""}, "in2", kApproximate);
  const Sample sample = two_phase(spec).value();
  double sum = 0;
  for (size_t i = 0; i < cohort().size(); ++i) {
    EXPECT_EQ(sample.weights()[i] > 0, spec.in_phase2[i] == 1);
    sum += sample.weights()[i];
  }
  EXPECT_TRUE(near_rel(sum, 5000, 1e-12, "strata of phase 2 are expanded to phase 1"));
  EXPECT_THAT(sample.description(), HasSubstr("two-phase design: 240 cases by a simple random"));
}

TEST(TwoPhase, WrongSpecificationsAreRefused) {
  const auto message = [](auto change) {
    TwoPhaseSpec spec;
    spec.phase1.case_count = spec.phase2.case_count = 6;
    spec.phase1.fpc = {std::vector<double>(6, 60.0)};
    spec.phase2.strata = {{0, 0, 0, 1, 1, 1}};
    spec.in_phase2 = {1, 1, 0, 1, 1, 0};
    spec.method = kApproximate;
    change(spec);
    return outcome(two_phase(spec));
  };
  using Spec = TwoPhaseSpec;
  EXPECT_EQ(message([](Spec&) {}), "accepted");
  EXPECT_THAT(message([](Spec& s) { s.in_phase2.pop_back(); }), HasSubstr("its selection 5"));
  EXPECT_THAT(message([](Spec& s) { s.phase2.case_count = 4; }), HasSubstr("codes for 4"));
  EXPECT_THAT(message([](Spec& s) { s.in_phase2[2] = 3; }), HasSubstr("row 3: the selection"));
  EXPECT_THAT(message([](Spec& s) { s.in_phase2.assign(6, 0); }), HasSubstr("no case is in"));
  EXPECT_THAT(message([](Spec& s) { s.phase2.strata[0][5] = 7; }),
              HasSubstr("nothing was drawn from the stratum '7' (row 6)"));
  EXPECT_THAT(message([](Spec& s) { s.phase2.strata[0][5] = -1; }),
              HasSubstr("phase 2: row 6 has no stratum"));
  EXPECT_THAT(message([](Spec& s) { s.phase2.strata[0] = {0, 0}; }), HasSubstr("phase 2: stage 1"));
  EXPECT_THAT(message([](Spec& s) { s.phase1.fpc[0][0] = 3; }), HasSubstr("phase 1: "));
  EXPECT_THAT(message([](Spec& s) { s.phase1.fpc[0].assign(6, 3.0); }),
              HasSubstr("the population size is 3, but 6 were sampled"));
  EXPECT_THAT(message([](Spec& s) { s.phase1.weights = {1, 1, 1, 0, 1, 1}; }),
              HasSubstr("row 4 is in phase 2 with the weight 0"));
  EXPECT_THAT(message([](Spec& s) { s.phase1.weights = {1, 1}; }), HasSubstr("2 weights for 6"));
  EXPECT_THAT(message([](Spec& s) { s.phase2.weights = {1, 1}; }), HasSubstr("2 weights for 6"));
  EXPECT_THAT(message([](Spec& s) { s.phase2.fpc = {{3, 3}}; }), HasSubstr("2 population sizes"));
  EXPECT_THAT(message([](Spec& s) { s.in_phase2 = {1, 1, 0, 1, 0, 0}; }),
              HasSubstr("phase 2: stratum '1' has only one sampled unit"));
  EXPECT_THAT(message([](Spec& s) {
                s.phase1.strata = {{0, 0, 0, 1, 1, 1}};
                s.phase2.strata = {{0, 0, 0, 0, 0, 0}};
                s.in_phase2 = {1, 1, 0, 1, 0, 0};
              }),
              HasSubstr("phase 1, stage 1: the stratum of row 4 has only one unit in phase 2"));
}

}  // namespace
}  // namespace barometer
