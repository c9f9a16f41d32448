#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "barometer/sample/pps_internal.h"

namespace barometer {
namespace {

using Index = Eigen::Index;

// Below this a stratum counts as fully sampled, as in R survey.
constexpr double kNothingUnsampled = 1e-7;

struct BrewerStage {
  StageUnits units;
  std::vector<double> probabilities;  // by unit
  std::vector<double> group_factor;   // by unit of the stage above: the product of its π and above
};

struct StageTotals {
  Matrix x;                  // by unit
  std::vector<size_t> live;  // by unit: its cases in the domain
};

class BrewerSampling final : public SamplingVariance {
 public:
  BrewerSampling(Design design, std::vector<BrewerStage> stages, LonelyPsu lonely_psu)
      : design_(std::move(design)), stages_(std::move(stages)), lonely_psu_(lonely_psu) {}

  [[nodiscard]] size_t case_count() const override { return design_.case_count(); }
  [[nodiscard]] Result<Matrix> covariance(const Matrix& x, Domain domain) const override;
  [[nodiscard]] double df(std::span<const double> weights, Domain domain) const override;
  [[nodiscard]] std::string description() const override {
    return fmt::format("{}{}unequal probabilities, Brewer's variance",
                       stages_.front().units.strata.size() > 1 ? "stratified " : "",
                       stages_.size() > 1 ? fmt::format("{}-stage ", stages_.size()) : "");
  }

  // A lonely unit that was not certain, under LonelyPsu::kFail.
  [[nodiscard]] Status check_lonely() const;

 private:
  [[nodiscard]] static bool certain(const BrewerStage& stage, const UnitStratum& stratum) {
    return std::ranges::all_of(stratum.units, [&](uint32_t unit) {
      return 1 - stage.probabilities[unit] < kNothingUnsampled;
    });
  }
  [[nodiscard]] StageTotals totals_of(const BrewerStage& stage, const Matrix& x,
                                      Domain domain) const;
  [[nodiscard]] bool add_stage(size_t k, const StageTotals& totals, Matrix& variance) const;
  // False for a lonely stratum that takes the average of the others.
  [[nodiscard]] bool add_stratum(const BrewerStage& stage, const UnitStratum& stratum,
                                 const StageTotals& totals, size_t active,
                                 const Eigen::RowVectorXd& mean, Matrix& sum) const;

  Design design_;
  std::vector<BrewerStage> stages_;
  LonelyPsu lonely_psu_;
};

StageTotals BrewerSampling::totals_of(const BrewerStage& stage, const Matrix& x,
                                      Domain domain) const {
  StageTotals totals{unit_totals(stage.units, x), std::vector<size_t>(stage.units.unit_count)};
  for (size_t i = 0; i < case_count(); ++i) {
    if (in_domain(domain, static_cast<Index>(i))) ++totals.live[stage.units.unit_of_case[i]];
  }
  return totals;
}

bool BrewerSampling::add_stratum(const BrewerStage& stage, const UnitStratum& stratum,
                                 const StageTotals& totals, size_t active,
                                 const Eigen::RowVectorXd& mean, Matrix& sum) const {
  if (certain(stage, stratum)) return true;
  const auto n = static_cast<double>(stratum.units.size());
  const LonelyPsu rule = lonely_psu_;
  const bool lonely = stratum.units.size() == 1;
  const bool alone = active == 1 && design_.domain_lonely();
  if ((lonely || alone) && rule == LonelyPsu::kAverage) return false;
  if (lonely && rule != LonelyPsu::kAdjust) return true;
  Eigen::RowVectorXd centre = mean;
  if (!(lonely || (alone && rule == LonelyPsu::kAdjust))) {
    centre.setZero();
    for (const uint32_t unit : stratum.units) centre += totals.x.row(unit) / n;
  }
  for (const uint32_t unit : stratum.units) {
    const Eigen::RowVectorXd away = totals.x.row(unit) - centre;
    const double scale = (1 - stage.probabilities[unit]) * (lonely ? 1 : n / (n - 1));
    sum += scale * away.transpose() * away;
  }
  return true;
}

bool BrewerSampling::add_stage(size_t k, const StageTotals& totals, Matrix& variance) const {
  const BrewerStage& stage = stages_[k];
  const Stage& tree = design_.stages()[k];
  Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(totals.x.cols());
  if (k == 0) mean = totals.x.colwise().mean();
  for (size_t g = 0; g + 1 < tree.group_begin.size(); ++g) {
    Matrix sum = Matrix::Zero(totals.x.cols(), totals.x.cols());
    double visited = 0;
    double estimated = 0;
    for (size_t s = tree.group_begin[g]; s < tree.group_begin[g + 1]; ++s) {
      const UnitStratum& stratum = stage.units.strata[s];
      const auto active = static_cast<size_t>(std::ranges::count_if(
          stratum.units, [&](uint32_t unit) { return totals.live[unit] > 0; }));
      if (active == 0) continue;
      ++visited;
      if (add_stratum(stage, stratum, totals, active, mean, sum)) ++estimated;
    }
    if (visited == 0) continue;
    if (estimated == 0) return false;
    variance += stage.group_factor[g] * visited / estimated * sum;
  }
  return true;
}

Result<Matrix> BrewerSampling::covariance(const Matrix& x, Domain domain) const {
  CHECK(static_cast<size_t>(x.rows()) == case_count(), "one row of influence a case");
  Matrix variance = Matrix::Zero(x.cols(), x.cols());
  for (size_t k = 0; k < stages_.size(); ++k) {
    if (add_stage(k, totals_of(stages_[k], x, domain), variance)) continue;
    return fail(ErrorCode::kInvalid,
                "every stratum of a stage has one sampled unit, so there is no variance to "
                "average");
  }
  return variance;
}

double BrewerSampling::df(std::span<const double> weights, Domain domain) const {
  const StageUnits& units = stages_.front().units;
  std::vector<uint8_t> live(units.unit_count, 0);
  for (size_t i = 0; i < case_count(); ++i) {
    if (in_domain(domain, static_cast<Index>(i)) && weights[i] > 0) live[units.unit_of_case[i]] = 1;
  }
  double df = 0;
  for (const UnitStratum& stratum : units.strata) {
    double here = 0;
    for (const uint32_t unit : stratum.units) here += live[unit];
    df += here > 0 ? here - 1 : 0;
  }
  return df;
}

Status BrewerSampling::check_lonely() const {
  if (lonely_psu_ != LonelyPsu::kFail) return {};
  for (size_t k = 0; k < stages_.size(); ++k) {
    const BrewerStage& stage = stages_[k];
    for (const UnitStratum& stratum : stage.units.strata) {
      if (stratum.units.size() > 1 || certain(stage, stratum)) continue;
      const auto unit = std::ranges::find(stage.units.unit_of_case, stratum.units.front());
      return fail(ErrorCode::kInvalid,
                  fmt::format("stage {}: the stratum of row {} has only one sampled unit, of "
                              "probability {}, so it shows no variance; choose how lonely units "
                              "count: remove, certainty, adjust or average",
                              k + 1, unit - stage.units.unit_of_case.begin() + 1,
                              stage.probabilities[stratum.units.front()]));
    }
  }
  return {};
}

Result<std::vector<BrewerStage>> brewer_stages(
    const Design& design, const std::vector<std::vector<double>>& probabilities) {
  std::vector<BrewerStage> stages;
  for (size_t k = 0; k < probabilities.size(); ++k) {
    BrewerStage stage;
    stage.units = units_of_stage(design, k);
    stage.probabilities = TRY(unit_probabilities(stage.units, probabilities[k], k));
    stage.group_factor = {1.0};
    if (k > 0) {
      const std::vector<size_t>& groups = design.stages()[k - 1].group_begin;
      stage.group_factor = stages[k - 1].probabilities;
      for (size_t g = 0; g + 1 < groups.size(); ++g) {
        for (size_t s = groups[g]; s < groups[g + 1]; ++s) {
          for (const uint32_t unit : stages[k - 1].units.strata[s].units) {
            stage.group_factor[unit] *= stages[k - 1].group_factor[g];
          }
        }
      }
    }
    stages.push_back(std::move(stage));
  }
  return stages;
}

Status check_spec(const DesignSpec& spec, const std::vector<std::vector<double>>& probabilities) {
  const size_t stages = std::max<size_t>(1, spec.ids.size());
  if (probabilities.size() != stages) {
    return fail(ErrorCode::kInvalid, fmt::format("probabilities of {} stages for a draw of {}",
                                                 probabilities.size(), stages));
  }
  if (!spec.fpc.empty()) {
    return fail(ErrorCode::kInvalid,
                "population sizes are given besides the probabilities, which stand for them");
  }
  for (const std::vector<double>& stage : probabilities) {
    TRY_DONE(check_probabilities(stage, spec.case_count));
  }
  if (!spec.weights.empty()) TRY(pps_weights(probabilities, spec.weights));
  return {};
}

}  // namespace

Result<SamplingVariancePtr> brewer_sampling(DesignSpec spec,
                                            const std::vector<std::vector<double>>& probabilities) {
  TRY_DONE(check_spec(spec, probabilities));
  const LonelyPsu rule = spec.lonely_psu;
  Design design = TRY(structure_of(std::move(spec)));
  std::vector<BrewerStage> stages = TRY(brewer_stages(design, probabilities));
  auto sampling = std::make_shared<BrewerSampling>(std::move(design), std::move(stages), rule);
  TRY_DONE(sampling->check_lonely());
  return sampling;
}

}  // namespace barometer
