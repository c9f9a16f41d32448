// Two-phase designs: a first sample in which little is asked, and from it, by what it told, a
// second.
//
// Strata and units of phase 2 are known for every case of phase 1 (their codes are given for all);
// weights are 1/(π1 π2) for the cases of phase 2 and 0 for the others. Variance of a weighted total
// Σ x_i over phase 2:
//   full    Σ_ij Δ_ij x_i x_j with 1 - Δ = (1 - Δ1)(1 - Δ2), the Horvitz-Thompson variance of both
//           phases (Särndal, Swensson & Wretman 1992, 9.3). Within a phase and stage 1 - Δ is π for
//           the same unit, 1 + (1-π)/(n-1) for two units of a stratum, 1 for other pairs. A phase 1
//           without population sizes counts with Δ1 = 1 - π1 for the same PSU and 0 for others, or
//           1 when it has no weights either
//   approx  phase 1 as if its clusters were seen with the probability p of phase 2,
//           (N-n)/N n/(n-1) Σ_i (p x_i - x̄)²/p, and phase 2 as the nested variance of x (or of
//           x √π1, where phase 2 draws several PSUs from one unit of phase 1); exact for
//           stratified sampling from a simple random sample
// As R survey's twophase(), whose methods "approx" and "simple" are one; but R 4.1's "full" takes n
// from the wrong strata where those of phase 1 differ in size, and forgets the clusters of a phase
// 1 without population sizes and weights; its "approx" takes p of another unit where labels are not
// in the order of the rows, and p = 1 for units outside a domain.
#pragma once

#include <cstdint>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/design/design.h"
#include "barometer/sample/sample.h"

namespace barometer {

enum class TwoPhaseMethod { kFull, kApproximate };

struct TwoPhaseSpec {
  // Of all cases. Without weights these follow from the fpc; without both they are 1.
  DesignSpec phase1;
  // Codes of all cases, as of those drawn. Without fpc the population of a stratum is its units in
  // phase 1; without weights these follow from the fpc.
  DesignSpec phase2;
  std::vector<uint8_t> in_phase2;  // one a case, 1 or 0
  TwoPhaseMethod method = TwoPhaseMethod::kFull;
};

// A sample of all cases; those outside phase 2 have the weight 0, and nothing of theirs counts in a
// variance. df are those of phase 2 (PSUs - strata). The lonely rules of the specs count in the
// approximate method; lonely units of the full one need none. kInvalid: as Design::make, in a
// phase; in_phase2 of another length or with other values, or all 0; a phase-2 stratum from which
// nothing was drawn; a weight of 0.
Result<Sample> two_phase(const TwoPhaseSpec& spec);

}  // namespace barometer
