// Joint probabilities approximated from the single ones: Δ_ij = a + b (π_i + π_j) for the pairs of
// a stratum. Sums over all pairs are then products of two sums over units; no matrix is kept.
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "barometer/sample/pps_internal.h"

namespace barometer {
namespace {

using Index = Eigen::Index;

struct PairRule {
  double a = 0, b = 0;
};

// The sums over a set of units that all its pairs are made of.
struct PairSums {
  Eigen::RowVectorXd x, px;  // Σ x, Σ π x
  Matrix own;                // Σ (a + 2bπ) x xᵀ: what the pair of a unit with itself would count

  explicit PairSums(Index p)
      : x(Eigen::RowVectorXd::Zero(p)), px(Eigen::RowVectorXd::Zero(p)), own(Matrix::Zero(p, p)) {}

  void add(const PairRule& rule, double probability, const Eigen::RowVectorXd& row) {
    x += row;
    px += probability * row;
    own += (rule.a + 2 * rule.b * probability) * row.transpose() * row;
  }
  // Σ over pairs i ≠ j of Δ_ij x_i x_jᵀ.
  [[nodiscard]] Matrix pairs(const PairRule& rule) const {
    const Matrix crossed = px.transpose() * x;
    return rule.a * x.transpose() * x + rule.b * (crossed + crossed.transpose()) - own;
  }
};

class ApproximateSampling final : public SamplingVariance {
 public:
  ApproximateSampling(StageUnits units, std::vector<double> probabilities,
                      std::vector<PairRule> rules, JointEstimator estimator, std::string name,
                      SamplingVariancePtr structure)
      : units_(std::move(units)),
        probabilities_(std::move(probabilities)),
        rules_(std::move(rules)),
        estimator_(estimator),
        name_(std::move(name)),
        structure_(std::move(structure)) {}

  [[nodiscard]] size_t case_count() const override { return units_.unit_of_case.size(); }
  [[nodiscard]] Result<Matrix> covariance(const Matrix& x, Domain /*domain*/) const override {
    CHECK(static_cast<size_t>(x.rows()) == case_count(), "one row of influence a case");
    const Matrix totals = unit_totals(units_, x);
    Matrix sum = Matrix::Zero(x.cols(), x.cols());
    for (size_t s = 0; s < units_.strata.size(); ++s) sum += stratum_sum(s, totals);
    if (estimator_ == JointEstimator::kYatesGrundy) {
      sum = yates_grundy(std::move(sum), totals, row_sums());
    }
    return checked_covariance(std::move(sum), totals, name_of(estimator_));
  }
  [[nodiscard]] double df(std::span<const double> weights, Domain domain) const override {
    return structure_->df(weights, domain);
  }
  [[nodiscard]] std::string description() const override {
    return fmt::format("{}unequal probabilities, {} joint probabilities, {} variance",
                       units_.strata.size() > 1 ? "stratified " : "", name_, name_of(estimator_));
  }

 private:
  [[nodiscard]] double probability(uint32_t unit) const { return probabilities_[unit]; }

  [[nodiscard]] Matrix stratum_sum(size_t s, const Matrix& totals) const {
    PairSums all(totals.cols());
    PairSums certain(totals.cols());  // two certain units are no pair: Δ_ij = 0
    Matrix own = Matrix::Zero(totals.cols(), totals.cols());
    for (const uint32_t unit : units_.strata[s].units) {
      const Eigen::RowVectorXd row = totals.row(unit);
      own += (1 - probability(unit)) * row.transpose() * row;
      all.add(rules_[s], probability(unit), row);
      if (probability(unit) == 1) certain.add(rules_[s], 1, row);
    }
    return own + all.pairs(rules_[s]) - certain.pairs(rules_[s]);
  }

  // Σ_j Δ_ij of each unit.
  [[nodiscard]] Vector row_sums() const {
    Vector sums = Vector::Zero(static_cast<Index>(probabilities_.size()));
    for (size_t s = 0; s < units_.strata.size(); ++s) {
      const auto& [a, b] = rules_[s];
      double n = 0, total = 0, certain = 0;
      for (const uint32_t unit : units_.strata[s].units) {
        ++n;
        total += probability(unit);
        if (probability(unit) == 1) ++certain;
      }
      for (const uint32_t unit : units_.strata[s].units) {
        const double p = probability(unit);
        double sum = 1 - p + a * (n - 1) + b * ((n - 2) * p + total);
        if (p == 1) sum -= (certain - 1) * (a + 2 * b);
        sums(unit) = sum;
      }
    }
    return sums;
  }

  StageUnits units_;
  std::vector<double> probabilities_;
  std::vector<PairRule> rules_;
  JointEstimator estimator_;
  std::string name_;
  SamplingVariancePtr structure_;
};

struct DrawnUnits {
  StageUnits units;
  std::vector<double> probabilities;
  SamplingVariancePtr structure;
};

Result<DrawnUnits> drawn_units(const PpsDraw& draw) {
  DesignSpec spec;
  spec.case_count = draw.probabilities.size();
  TRY_DONE(check_probabilities(draw.probabilities, spec.case_count));
  if (!draw.ids.empty()) spec.ids = {draw.ids};
  if (!draw.strata.empty()) spec.strata = {draw.strata};
  spec.nest = draw.nest;
  spec.lonely_psu = LonelyPsu::kRemove;
  Design design = TRY(Design::make(std::move(spec)));
  DrawnUnits drawn;
  drawn.units = units_of_stage(design, 0);
  drawn.probabilities = TRY(unit_probabilities(drawn.units, draw.probabilities, 0));
  drawn.structure = nested_sampling(std::move(design));
  return drawn;
}

SamplingVariancePtr approximate(DrawnUnits drawn, std::vector<PairRule> rules,
                                JointEstimator estimator, std::string name) {
  return std::make_shared<ApproximateSampling>(
      std::move(drawn.units), std::move(drawn.probabilities), std::move(rules), estimator,
      std::move(name), std::move(drawn.structure));
}

Status check_square_means(const std::vector<double>& square_means, size_t strata) {
  if (!square_means.empty() && square_means.size() != strata) {
    return fail(ErrorCode::kInvalid, fmt::format("{} sums of squared probabilities for {} strata",
                                                 square_means.size(), strata));
  }
  for (const double mean : square_means) {
    if (mean > 0 && mean <= 1) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("the sum of squared probabilities over n is {}; it lies above 0 and "
                            "is at most 1",
                            mean));
  }
  return {};
}

}  // namespace

Result<SamplingVariancePtr> overton_sampling(const PpsDraw& draw, JointEstimator estimator) {
  DrawnUnits drawn = TRY(drawn_units(draw));
  std::vector<PairRule> rules;
  for (const UnitStratum& stratum : drawn.units.strata) {
    const auto n = static_cast<double>(stratum.units.size());
    rules.push_back(n > 1 ? PairRule{1 - n / (n - 1), 0.5 / (n - 1)} : PairRule{});
  }
  return approximate(std::move(drawn), std::move(rules), estimator, "Overton's");
}

Result<SamplingVariancePtr> hartley_rao_sampling(const PpsDraw& draw,
                                                 const std::vector<double>& square_means,
                                                 JointEstimator estimator) {
  DrawnUnits drawn = TRY(drawn_units(draw));
  const std::vector<UnitStratum>& strata = drawn.units.strata;
  TRY_DONE(check_square_means(square_means, strata.size()));
  std::vector<PairRule> rules;
  for (size_t s = 0; s < strata.size(); ++s) {
    const auto n = static_cast<double>(strata[s].units.size());
    double mean = 0;
    for (const uint32_t unit : strata[s].units) mean += drawn.probabilities[unit] / n;
    if (!square_means.empty()) mean = square_means[s];
    rules.push_back(n > 1 ? PairRule{1 - (n + mean) / (n - 1), 1 / (n - 1)} : PairRule{});
  }
  return approximate(std::move(drawn), std::move(rules), estimator, "Hartley and Rao's");
}

}  // namespace barometer
