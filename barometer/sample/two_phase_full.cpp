// The sum over all pairs of cases without a matrix of pairs: 1 - Δ of a phase is 1 plus a step for
// each class (stratum or unit, stage by stage) that both cases of the pair are in. The product of
// two phases is a sum over pairs of classes, and the pairs of cases in both are a product of sums.
#include <unordered_map>
#include <utility>

#include "barometer/sample/pps_internal.h"
#include "barometer/sample/two_phase_internal.h"

namespace barometer {
namespace {

using Index = Eigen::Index;

// One class a kept case, and its step. The first level of a phase holds all, with the step 1.
struct Level {
  std::vector<uint32_t> of_case;
  std::vector<double> step;
};

struct PhaseInput {
  const Design& design;
  std::vector<uint32_t> rows;  // cases of the design, in kept order
  const std::vector<double>& probability;
  bool given_weights;
  bool with_replacement;
  bool unit_weights;
};

// A stage's classes of the kept cases.
struct StageClasses {
  std::vector<uint32_t> stratum, unit;  // of kept cases
  std::vector<double> probability;      // of the case's unit
  std::vector<double> sampled;          // units drawn in its stratum
};

StageClasses stage_classes(const PhaseInput& phase, size_t stage) {
  const StageUnits units = units_of_stage(phase.design, stage);
  // With several stages the probability of each is n/N; else the inverse weight, that of a unit
  // being its first case's.
  const bool by_weight =
      phase.with_replacement || (phase.given_weights && phase.design.stages().size() == 1);
  std::vector<uint32_t> stratum_of(units.unit_count);
  std::vector<double> probability(units.unit_count, -1.0);
  for (size_t s = 0; s < units.strata.size(); ++s) {
    const UnitStratum& stratum = units.strata[s];
    for (const uint32_t u : stratum.units) {
      stratum_of[u] = static_cast<uint32_t>(s);
      if (!by_weight) {
        probability[u] = static_cast<double>(stratum.units.size()) / stratum.population;
      }
    }
  }
  StageClasses classes;
  for (size_t i = 0; i < phase.rows.size(); ++i) {
    const uint32_t unit = units.unit_of_case[phase.rows[i]];
    if (probability[unit] < 0) probability[unit] = phase.probability[i];
    classes.unit.push_back(unit);
    classes.stratum.push_back(stratum_of[unit]);
    classes.probability.push_back(probability[unit]);
    classes.sampled.push_back(static_cast<double>(units.strata[stratum_of[unit]].units.size()));
  }
  return classes;
}

std::vector<Level> levels_of(const PhaseInput& phase) {
  const size_t n = phase.rows.size();
  std::vector<Level> levels{{std::vector<uint32_t>(n, 0), std::vector<double>(n, 1.0)}};
  std::vector<double> above(n, 1.0);  // 1 - Δ of two cases in one unit of the stages above
  for (size_t k = 0; k < phase.design.stages().size(); ++k) {
    StageClasses classes = stage_classes(phase, k);
    Level strata{std::move(classes.stratum), std::vector<double>(n)};
    Level units{std::move(classes.unit), std::vector<double>(n)};
    for (size_t i = 0; i < n; ++i) {
      double p = classes.probability[i];
      const double others = classes.sampled[i] - 1;
      const bool apart = others == 0 || phase.with_replacement;
      strata.step[i] = apart ? 0 : above[i] * (1 - p) / others;
      if (phase.with_replacement && phase.unit_weights) p = 0;
      units.step[i] = above[i] * (p - 1) - strata.step[i];
      above[i] *= p;
    }
    if (!phase.with_replacement) levels.push_back(std::move(strata));
    levels.push_back(std::move(units));
  }
  return levels;
}

// Σ step_i x_i x_j over the pairs of cases that share both classes.
Matrix shared(const Level& one, const Level& two, const Matrix& x) {
  std::unordered_map<uint64_t, Index> group_of;
  std::vector<Index> group(one.of_case.size());
  for (size_t i = 0; i < group.size(); ++i) {
    const uint64_t key = (uint64_t{one.of_case[i]} << 32) | two.of_case[i];
    group[i] = group_of.emplace(key, static_cast<Index>(group_of.size())).first->second;
  }
  const auto groups = static_cast<Index>(group_of.size());
  Matrix sums = Matrix::Zero(groups, x.cols());
  Matrix stepped = Matrix::Zero(groups, x.cols());
  for (size_t i = 0; i < group.size(); ++i) {
    const auto row = x.row(static_cast<Index>(i));
    sums.row(group[i]) += row;
    stepped.row(group[i]) += one.step[i] * two.step[i] * row;
  }
  return stepped.transpose() * sums;
}

class FullTwoPhase final : public TwoPhaseVariance {
 public:
  FullTwoPhase(TwoPhases phases, std::vector<Level> first, std::vector<Level> second)
      : TwoPhaseVariance(std::move(phases)), first_(std::move(first)), second_(std::move(second)) {}

  [[nodiscard]] Result<Matrix> covariance(const Matrix& x, Domain /*domain*/) const override {
    const Matrix kept = kept_rows(x);
    Matrix sum = Matrix::Zero(x.cols(), x.cols());
    for (size_t a = 0; a < first_.size(); ++a) {
      for (size_t b = a == 0 ? 1 : 0; b < second_.size(); ++b) {
        sum -= shared(first_[a], second_[b], kept);
      }
    }
    return checked_covariance(std::move(sum), kept, "full two-phase");
  }

 private:
  std::vector<Level> first_, second_;
};

}  // namespace

SamplingVariancePtr full_two_phase(TwoPhases phases) {
  std::vector<uint32_t> places(phases.kept.size());
  for (size_t i = 0; i < places.size(); ++i) places[i] = static_cast<uint32_t>(i);
  std::vector<Level> first =
      levels_of({phases.phase1, phases.kept, phases.probability1, phases.given_weights1,
                 phases.with_replacement1, phases.unit_weights1});
  std::vector<Level> second = levels_of(
      {phases.phase2, std::move(places), phases.probability2, phases.given_weights2, false, false});
  return std::make_shared<FullTwoPhase>(std::move(phases), std::move(first), std::move(second));
}

}  // namespace barometer
