// Waves of a survey in one stacked sample, so that a change between them has its standard error.
//
// The cases of all waves stand one under another; a wave is a domain. Three relations:
//
// Independent samples (no link). Each wave keeps its own design, and the covariance of estimates of
// two waves is 0:  Var(change) = V1 + V2, each exactly as the wave's own design gives it.
//
// Linked (panel: every unit in every wave; overlap: some units in several waves). The link is a
// person, an organisation or a primary sampling unit, known by the same name in the waves. With
// z_iw the sum of weight × influence over the cases of unit i in wave w, 0 in a wave it missed, and
// n the units of the stratum seen in any wave, the nested variance of the stacked design has
//   Cov(θ_a, θ_b) = Σ_strata (1 - n/N) n/(n-1) Σ_i (z_ia - z̄_a)(z_ib - z̄_b)
//   Var(θ_b - θ_a) = V_a + V_b - 2 Cov(θ_a, θ_b)
// For means in a full panel of one stratum and equal weights this is the paired difference:
// (1-n/N) Σ (d_i - d̄)² / (n(n-1)). It is what R survey makes of stacked data with ids = ~unit. But
// for the means z̄ only units in both waves add to the covariance (Kish, "Survey Sampling", 1965,
// 12.4; Holmes & Skinner, GSS Methodology Series 21, 2000; Wood, J. Official Statistics 24, 2008;
// Berger & Priam, JRSS A 179, 2016).
//
// Against each wave's own standard error: without population sizes, and in one stratum, V_a is the
// own variance times (n/(n-1)) / (n_a/(n_a-1)). In several strata a wave is a domain whose size in
// a stratum is random, which adds n/(n-1) (1/n_a - 1/n) (Σ z_ia)² by stratum.
//
// Population sizes with units that missed a wave: (1 - n/N) of the union would be far too small for
// each wave (76 and 103 of 211 may be 150 of 211). There, each V_a is that of the wave's own
// design, all its stages, and with n_a, n_b, m units in a, in b, in both, as drawn of N,
//   Cov(θ_a, θ_b) = Σ_strata f_ab √(n_a/(n_a-1) · n_b/(n_b-1)) Σ_{i in both} (z_ia-z̄_a)(z_ib-z̄_b)
//   f_ab = 1 - n_a n_b/(m N), at least -√((1-n_a/N)(1-n_b/N)) so that no variance is below 0
// with z̄_a the mean over the n_a (Tam, American Statistician 38, 1984: Cov of two overlapping
// simple random samples is (m/(n_a n_b) - 1/N) S_ab; Wood 2008). For full panels both
// agree.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "barometer/data/dataset.h"
#include "barometer/sample/sample.h"

namespace barometer {

struct SurveyWave {
  std::string name;
  std::shared_ptr<const Dataset> data;
  DesignSpec spec;            // of the cases of `data`
  std::vector<uint8_t> mask;  // cases to estimate from (empty: all); the others stay in the design
  // Given: these make the variance, and of the design only the weights count.
  std::shared_ptr<const Replicates> replicates;
};

struct WaveLink {
  std::string variable;  // in each wave's data; empty: independent samples
  // One value may stand in several rows of a wave: an organisation with several answers, a primary
  // sampling unit. Otherwise a value found twice is refused.
  bool repeats = false;
};

enum class WaveRelation { kIndependent, kPanel, kOverlap };
std::string_view name_of(WaveRelation relation);  // "independent", "panel", "overlap"

// Units among the cases to estimate from.
struct WaveOverlap {
  size_t from = 0, to = 0;  // waves
  size_t units_from = 0, units_to = 0;
  size_t both = 0;
};

struct StackedWaves {
  std::vector<std::string> names;
  std::shared_ptr<const Dataset> data;  // "wave" (codes from 1), then the variables
  Sample sample;
  std::vector<std::vector<uint8_t>> masks;  // by wave, over the stacked cases
  WaveRelation relation = WaveRelation::kIndependent;
  std::vector<WaveOverlap> overlaps;  // each pair of linked waves
  std::vector<std::string> reworded;  // variables whose wording hash is not that of the first wave
};

// Categories are matched by label, with the codes, NETs and texts of the first wave.
//
// Where the link stands in a design of several stages: the first stage whose units hold one link
// value each (in every wave) is the link's; stages above it are shared, strata and units matched by
// label (DesignSpec's, else by code); stages below it were drawn anew in each wave. Where no stage
// does, all are shared. Smaller units than the link (people linked by organisation) give way to it,
// which needs a design without population sizes of such units.
//
// Replicates: of linked waves, the same columns (as many, of one scale) in each; of independent
// ones, a set of columns for each wave, in which the others keep their weights, about the estimate
// itself (mse), as two waves have no common mean of replicates.
//
// kInvalid, naming the wave, variable, unit or stratum: fewer than two waves, names that are equal
// or empty; lengths that differ; nothing to estimate from; a variable missing in a wave, or of
// another kind, label (numbers), scale or set of categories; a link that is missing or, unless it
// repeats, doubled; a unit in two strata; population sizes that differ, or are below the units of
// all waves; rules for lonely units that differ; no unit in two waves; and what Design::make
// refuses. kUnsupported: overlap with population sizes below the first stage of the link.
Result<StackedWaves> stack(std::span<const SurveyWave> waves, const WaveLink& link,
                           std::span<const std::string> variables);

}  // namespace barometer
