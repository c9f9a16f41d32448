// Replicate weights made from a design: jackknife, balanced half-samples, bootstraps, successive
// differences.
//
// Each replicate multiplies the weights of a unit's cases by a factor. f = n/N of the stratum.
//   JK1, JKn     one PSU left out, the others of its stratum times n/(n-1);
//                V counts it with (1-f)(n-1)/n. Full strata get no replicates. Wolter 2007, ch. 4
//   BRR, Fay     one of two PSUs of each stratum times 2-rho, the other times rho, balanced by a
//                Hadamard matrix; scale 1/(R(1-rho)²); no f. Wolter 2007, ch. 3; Judkins 1990
//   bootstrap    n of the PSUs drawn with replacement or, of a finite population, n of N copies
//                without; factor = times drawn; scale m/((m-1)(R-1)), m the harmonic mean of the n.
//                Canty & Davison, The Statistician 48 (1999); Booth, Butler & Hall 1994
//   subbootstrap n-1 drawn with replacement, times n/(n-1); scale 1/(R-1); no f. Rao & Wu 1988
//   mrbbootstrap rescaled half-samples without replacement at every stage; 1/(R-1).
//                Preston, Survey Methodology 35 (2009)
//   SDR          1 + √(1-f) 2^(-3/2) (h_a - h_b), a and b neighbouring rows of a Hadamard matrix
//                along the PSUs of a stratum, which close to a loop; scale 4/R. With all rows
//                different, V of a total is Σ (1-f)/2 Σ_loop (y_i - y_(i-1))². Fay & Train 1995;
//                Ash, Survey Methodology 40 (2014)
// Scales, rscales and special rules are those of R survey's as.svrepdesign; but where a half-sample
// pairs lonely strata, neighbours are paired (R's pairs of 4 strata are not balanced), and the
// mrbbootstrap keeps all units of a stratum that was sampled in full.
//
// Only stage 1 counts, but in the mrbbootstrap. The order of units is that of their first case. One
// seed gives the same weights on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/design/design.h"
#include "barometer/sample/replicates.h"

namespace barometer {

// What half-samples make of a stratum that has not two PSUs.
enum class HalfSampleRule {
  kFail,
  kSplit,  // one PSU: it counts half in each half-sample; several: pairs, each a stratum
  kMerge,  // one PSU: strata are merged in twos; several: the first half is one PSU, the rest one
};

struct ReplicateRequest {
  ReplicateType type = ReplicateType::kBootstrap;
  size_t count = 50;   // of bootstraps; of SDR the least, raised to a Hadamard order
  uint64_t seed = 1;   // of bootstraps
  double fay_rho = 0;  // of kFay: 0 … 1, 1 excluded
  bool mse = false;    // Replicates::mse
  // Empty: the design's own. JKn knows all rules (kAverage multiplies V by PSUs over replicates,
  // the PSUs of full strata included, as in R); half-samples go by `small`; the others know neither
  // kAdjust nor kAverage.
  std::optional<LonelyPsu> lonely = std::nullopt;
  HalfSampleRule small = HalfSampleRule::kFail;   // strata of one PSU
  HalfSampleRule large = HalfSampleRule::kSplit;  // of three or more; an odd number cannot be split
};

// The compressed form.
struct ReplicateFactors {
  Matrix factors;                      // units × R
  std::vector<uint32_t> unit_of_case;  // the row of `factors` of each case
  double scale = 1;
  std::vector<double> rscales;
};

// kInvalid: JK1 of a stratified design; a lonely PSU or a stratum of the wrong size under kFail; a
// rho out of range; fewer than 2 bootstraps; nothing that varies. kUnsupported: a type that is not
// made here, or a rule for lonely PSUs that it does not know. kLimit: over 2^28 factors or weights,
// or over 8192 replicates to balance.
Result<ReplicateFactors> replicate_factors(const Design& design, const ReplicateRequest& request);
// Factor times weight of every case. CHECKs that there is a weight a case.
Result<Replicates> make_replicates(const Design& design, std::span<const double> weights,
                                   const ReplicateRequest& request);

}  // namespace barometer
