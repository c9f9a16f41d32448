// The two phases, checked, and the variances made of them. "Kept" numbers the cases of phase 2.
#pragma once

#include <vector>

#include "barometer/sample/pps.h"
#include "barometer/sample/stage_units_internal.h"
#include "barometer/sample/two_phase.h"

namespace barometer {

struct TwoPhases {
  std::vector<uint32_t> kept;   // rows of the cases in phase 2
  std::vector<double> weights;  // of all cases
  Design phase1;                // of all cases
  Design phase2;                // of the kept ones
  LonelyPsu lonely1 = LonelyPsu::kFail;
  bool with_replacement1 = false;  // phase 1 has no population sizes
  bool unit_weights1 = false;      // and no weights
  // Of kept cases, in kept order: 1/weight of each phase.
  std::vector<double> probability1, probability2;
  bool given_weights1 = false, given_weights2 = false;
  // The chance of phase 2 among the units of phase 1, and whether phase 2 draws at most one PSU
  // from each of these.
  std::vector<double> seen;
  bool same_scale = true;
};

SamplingVariancePtr full_two_phase(TwoPhases phases);
Result<SamplingVariancePtr> approximate_two_phase(TwoPhases phases);

// What the two methods share: cases, degrees of freedom, the rows of phase 2.
class TwoPhaseVariance : public SamplingVariance {
 public:
  explicit TwoPhaseVariance(TwoPhases phases)
      : phases_(std::move(phases)), phase2_(nested_sampling(phases_.phase2)) {}

  [[nodiscard]] size_t case_count() const override { return phases_.weights.size(); }
  [[nodiscard]] double df(std::span<const double> weights, Domain domain) const override;
  [[nodiscard]] std::string description() const override;

 protected:
  [[nodiscard]] const TwoPhases& phases() const { return phases_; }
  [[nodiscard]] const SamplingVariance& phase2() const { return *phase2_; }
  [[nodiscard]] Matrix kept_rows(const Matrix& x) const;
  [[nodiscard]] std::vector<uint8_t> kept_domain(Domain domain) const;

 private:
  TwoPhases phases_;
  SamplingVariancePtr phase2_;
};

}  // namespace barometer
