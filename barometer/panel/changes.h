// Changes between waves, with the covariance of the waves' estimates, and the words they allow.
//
//   d = θ_to - θ_from,   se² = V_to + V_from - 2 Cov,   t = d/se on the degrees of freedom of the
// sample in the cases of the two waves (or as asked: infinite for the normal distribution).
// A change is a rise or a fall when p < 1 - level, that is, when the interval leaves out 0.
// A share of 0 or 1 has no interval, and two of them no test: nothing shows how far they may be
// off.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "barometer/panel/waves.h"
#include "barometer/sample/functional.h"

namespace barometer {

enum class ChangeVerdict {
  kRose,
  kFell,
  kNoDetectableChange,
  kNotTested,  // a difference without a test; WaveChange::reason says why
};
std::string_view name_of(ChangeVerdict verdict);  // "rose", "fell", "no detectable change", …

struct WaveEstimate {
  std::string wave;
  double value = 0;
  double se = 0;                       // in the stacked sample (see waves.h)
  std::optional<double> lower, upper;  // t interval on the wave's df
  std::string no_interval;             // why there is none
  double df = 0;
  size_t n = 0;           // cases in the base
  double weighted_n = 0;  // their weights
};

struct WaveChange {
  size_t from = 0, to = 0;  // waves
  double difference = 0;
  double se = 0;
  double df = 0;
  std::optional<double> lower, upper;
  std::optional<double> t, p;
  std::optional<double> correlation;  // of the two estimates; none where one does not vary
  ChangeVerdict verdict = ChangeVerdict::kNoDetectableChange;
  std::string reason;  // why there is no test
};

// One estimate followed over the waves.
struct WaveTrend {
  std::string variable;
  std::string answer;  // label of the category, id of the NET; empty for a number
  std::string label;
  std::vector<WaveEstimate> waves;
  Matrix covariance;  // waves × waves
  std::vector<WaveChange> changes;
};

enum class ChangeEstimand {
  kMean,        // of numbers and scales
  kProportion,  // of each option and NET, among cases with an answer
  kTotal,       // of numbers and scales; of options the number of units that say so
};
enum class CompareWith { kPrevious, kFirst };

// With fewer, t quantiles leave the range of numbers.
inline constexpr double kLeastDegreesOfFreedom = 0.01;

struct ChangeOptions {
  double level = 0.95;
  std::optional<double> df;  // none: those of the sample; at least kLeastDegreesOfFreedom
  CompareWith compare = CompareWith::kPrevious;
};

// A trend for each answer of each variable, in their order. kInvalid, naming the variable: open
// text, an estimand that does not fit, a wave without answers, a level outside 0 … 1, too few df.
Result<std::vector<WaveTrend>> changes(const StackedWaves& waves, ChangeEstimand estimand,
                                       std::span<const std::string> variables,
                                       const ChangeOptions& options, const Progress& progress);

// The same of anything estimated: `estimand` makes it from the cases of a wave (one byte a stacked
// case), of the same size in each. Trends have `labels` (one an entry) and no variable.
using WaveEstimand = std::function<Result<FunctionalPtr>(std::vector<uint8_t> cases)>;
Result<std::vector<WaveTrend>> changes_of(const StackedWaves& waves, const WaveEstimand& estimand,
                                          std::span<const std::string> labels,
                                          const ChangeOptions& options, const Progress& progress);

// For trends of shares by changes_of() or of organisations' options: where no one or everyone in
// the base of a wave has the answer, the interval goes and the reason comes; changes() does so
// itself.
void drop_intervals_of_certainty(WaveTrend& trend);

// Two independent simple random samples, k of n each, as textbooks test them:
//   z = (p1 - p2) / √(p(1-p)(1/n1 + 1/n2)),  p = (k1+k2)/(n1+n2)
// (Fleiss, Levin & Paik, "Statistical Methods for Rates and Proportions", 2003, section 3.2,
// without continuity correction). No weights, no design, no overlap.
struct PooledTest {
  double z = 0;
  double p = 1;  // two-sided
};
// kInvalid: an empty sample, more successes than cases, all or none successful.
Result<PooledTest> pooled_z(long long k1, long long n1, long long k2, long long n2);

}  // namespace barometer
