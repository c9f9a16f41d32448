#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "barometer/sample/two_phase_internal.h"

namespace barometer {
namespace {

using Index = Eigen::Index;

// A stage of phase 1 as phase 2 sees it.
struct SeenStage {
  StageUnits units;                            // of all cases
  std::vector<std::vector<uint32_t>> visible;  // by stratum: its units with a case in phase 2
  std::vector<double> seen;                    // by unit: its chance of phase 2
};

SeenStage seen_stage(const TwoPhases& phases, size_t stage) {
  SeenStage made;
  made.units = units_of_stage(phases.phase1, stage);
  made.seen.assign(made.units.unit_count, 0.0);
  for (size_t i = 0; i < phases.kept.size(); ++i) {
    double& seen = made.seen[made.units.unit_of_case[phases.kept[i]]];
    if (seen == 0) seen = phases.seen[i];
  }
  for (const UnitStratum& stratum : made.units.strata) {
    std::vector<uint32_t>& visible = made.visible.emplace_back();
    std::ranges::copy_if(stratum.units, std::back_inserter(visible),
                         [&](uint32_t unit) { return made.seen[unit] > 0; });
  }
  return made;
}

struct SeenTotals {
  Matrix x;                  // by unit
  std::vector<size_t> live;  // by unit: its cases of phase 2 in the domain
};

class ApproximateTwoPhase final : public TwoPhaseVariance {
 public:
  ApproximateTwoPhase(TwoPhases given, std::vector<SeenStage> stages)
      : TwoPhaseVariance(std::move(given)), stages_(std::move(stages)) {}

  [[nodiscard]] Result<Matrix> covariance(const Matrix& x, Domain domain) const override {
    const Matrix kept = kept_rows(x);
    const std::vector<uint8_t> inside = kept_domain(domain);
    Matrix first = Matrix::Zero(x.cols(), x.cols());
    for (size_t k = 0; k < stages_.size(); ++k) {
      if (add_stage(k, totals_of(stages_[k], kept, inside), first)) continue;
      return fail(ErrorCode::kInvalid,
                  "phase 1: every stratum of a stage has one unit in phase 2, so there is no "
                  "variance to average");
    }
    Matrix second = kept;
    for (Index i = 0; !phases().same_scale && i < second.rows(); ++i) {
      second.row(i) *= std::sqrt(phases().probability1[static_cast<size_t>(i)]);
    }
    return Matrix(first + TRY(phase2().covariance(second, inside)));
  }

  // A stratum seen through one unit, under LonelyPsu::kFail.
  [[nodiscard]] Status check_lonely() const {
    if (phases().lonely1 != LonelyPsu::kFail) return {};
    for (size_t k = 0; k < stages_.size(); ++k) {
      for (size_t s = 0; s < stages_[k].units.strata.size(); ++s) {
        const std::vector<uint32_t>& visible = stages_[k].visible[s];
        if (visible.size() != 1 || stages_[k].units.strata[s].unsampled == 0) continue;
        const auto& of_case = stages_[k].units.unit_of_case;
        const auto row = std::ranges::find(of_case, visible.front()) - of_case.begin() + 1;
        return fail(ErrorCode::kInvalid,
                    fmt::format("phase 1, stage {}: the stratum of row {} has only one unit in "
                                "phase 2, so it shows no variance; choose how lonely units count: "
                                "remove, certainty, adjust or average",
                                k + 1, row));
      }
    }
    return {};
  }

 private:
  [[nodiscard]] SeenTotals totals_of(const SeenStage& stage, const Matrix& kept,
                                     Domain inside) const {
    SeenTotals totals{Matrix::Zero(static_cast<Index>(stage.units.unit_count), kept.cols()),
                      std::vector<size_t>(stage.units.unit_count)};
    for (Index i = 0; i < kept.rows(); ++i) {
      const uint32_t unit = stage.units.unit_of_case[phases().kept[static_cast<size_t>(i)]];
      totals.x.row(unit) += kept.row(i);
      if (in_domain(inside, i)) ++totals.live[unit];
    }
    return totals;
  }

  bool add_stage(size_t k, const SeenTotals& totals, Matrix& variance) const {
    const Stage& tree = phases().phase1.stages()[k];
    for (size_t g = 0; g + 1 < tree.group_begin.size(); ++g) {
      Matrix sum = Matrix::Zero(totals.x.cols(), totals.x.cols());
      double visited = 0;
      double estimated = 0;
      for (size_t s = tree.group_begin[g]; s < tree.group_begin[g + 1]; ++s) {
        const auto live = std::ranges::count_if(
            stages_[k].visible[s], [&](uint32_t unit) { return totals.live[unit] > 0; });
        if (live == 0) continue;
        ++visited;
        if (add_stratum(stages_[k], s, totals, live == 1, sum)) ++estimated;
      }
      if (visited == 0) continue;
      if (estimated == 0) return false;
      variance += tree.group_factor[g] * visited / estimated * sum;
    }
    return true;
  }

  // False for a stratum that takes the average of the others.
  bool add_stratum(const SeenStage& stage, size_t s, const SeenTotals& totals, bool one_live,
                   Matrix& sum) const {
    const UnitStratum& stratum = stage.units.strata[s];
    const std::vector<uint32_t>& visible = stage.visible[s];
    const LonelyPsu rule = phases().lonely1;
    if (stratum.unsampled == 0) return true;
    const bool lonely = visible.size() == 1;
    const bool alone = lonely || (one_live && phases().phase1.domain_lonely());
    if (alone && rule == LonelyPsu::kAverage) return false;
    const auto n = static_cast<double>(stratum.units.size());
    Eigen::RowVectorXd centre = Eigen::RowVectorXd::Zero(totals.x.cols());
    if (!(alone && rule == LonelyPsu::kAdjust)) {
      for (const uint32_t unit : visible) centre += totals.x.row(unit) / n;
    }
    const double scale = stratum.unsampled * (lonely ? 1 : n / (n - 1));
    for (const uint32_t unit : visible) {
      const double seen = stage.seen[unit];
      const Eigen::RowVectorXd away = seen * totals.x.row(unit) - centre;
      sum += scale / seen * away.transpose() * away;
    }
    return true;
  }

  std::vector<SeenStage> stages_;
};

}  // namespace

Result<SamplingVariancePtr> approximate_two_phase(TwoPhases phases) {
  std::vector<SeenStage> stages;
  for (size_t k = 0; k < phases.phase1.stages().size(); ++k) {
    stages.push_back(seen_stage(phases, k));
  }
  auto variance = std::make_shared<ApproximateTwoPhase>(std::move(phases), std::move(stages));
  TRY_DONE(variance->check_lonely());
  return variance;
}

}  // namespace barometer
