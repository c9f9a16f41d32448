// Do two ratings agree (kappa); do several items measure one thing (alpha)?
//
//   κ = (P_o - P_e) / (1 - P_e)     P_o = Σ p_ii, P_e = Σ p_i+ p_+i, of estimated shares
//   α = k/(k-1) · (1 - Σ s²_i / s²_sum)  of k items, s² their estimated population variances
// Cohen, Educ. Psychol. Meas. 20 (1960); Cronbach, Psychometrika 16 (1951). κ and its standard
// error (delta method on the shares) are R survey's svykappa. α is its svycralpha, which has no
// standard error: ours is linearised from the moments, or with replicates the spread of each
// replicate's α.
//
// Missing: a case needs all the answers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/data/dataset.h"
#include "barometer/hypothesis/test_result.h"
#include "barometer/sample/sample.h"

namespace barometer {

struct AgreementValue {
  double value = 0;
  double se = 0;
  double df = 0;
  std::optional<TestInterval> interval;  // by t
  std::string reason;                    // why there is no interval
  size_t cases = 0;
};

struct Kappa {
  AgreementValue kappa;
  double observed = 0, expected = 0;  // P_o, P_e
  std::vector<std::string> levels;    // of either rating, matched by their text
};

// kInvalid: no case with both ratings, one level only, ratings without a level in common.
Result<Kappa> cohen_kappa(const Sample& sample, const Dataset& data, const std::string& first,
                          const std::string& second, Domain domain, double level = 0.95,
                          const Progress& progress = {});

// Items are numbers or scales (by their codes). kInvalid: fewer than two items, one named twice, no
// case with all answers, a sum that does not vary.
Result<AgreementValue> cronbach_alpha(const Sample& sample, const Dataset& data,
                                      const std::vector<std::string>& items, Domain domain,
                                      double level = 0.95, const Progress& progress = {});

}  // namespace barometer
