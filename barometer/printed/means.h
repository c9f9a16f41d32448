// Means and standard deviations of whole scores, as printed: can n answers have given them?
//
// n people answer i items each in whole scores; t is one person's sum over the items, and what is
// averaged is t / i. With S = Σ t and Q = Σ t², both whole,
//   mean = S / (n i),  variance = (n Q - S²) / (n m i²),  m = n - 1 (sample) or n (population).
//
// GRIM (Brown and Heathers 2017): some S prints as the mean. GRIMMER (Anaya 2016, PeerJ Preprints
// 4:e2400v1; in closed form by Allard 2018, "Analytic-GRIMMER"): moreover some Q gives a variance
// that prints as the SD, Q is odd when S is (t and t² are odd together), and Q is at least what the
// most even answers give. Here every S that prints as the mean is tried, where Allard takes the one
// nearest to it: with several, his parity test rejects possible figures. Items are taken exactly:
// the parity is that of the sums of persons. From 5 answers on these conditions are also enough.
//
// DEBIT (Heathers and Brown 2019): answers 0 and 1 only, so that k ones give both the mean k / n
// and the SD, √(k (n - k) / (n m)); each k that prints as the mean is tried.
//
// On a scale with ends, answers either exist or do not, and one set of them is a proof (SPRITE:
// Heathers and others 2018; CLOSURE lists all). The search here goes through the scores from the
// top, leaves each branch where Q is outside what the rest can still give, and never visits a
// state twice.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "barometer/printed/printed.h"

namespace barometer {

// The scores an item allows, e.g. 1 to 10.
struct ScoreRange {
  int64_t low = 1;
  int64_t high = 10;
};

// A mean and SD said of n people's averages over `items` whole scores.
struct MeanAndSd {
  Decimal mean;
  Decimal sd;
  int64_t n = 0;  // n · items up to 10^6
  int64_t items = 1;
  bool population = false;  // the SD has the divisor n, not n - 1
};

// GRIM; with scores, the mean lies between their ends too.
Verdict mean_verdict(const Decimal& mean, std::optional<int64_t> n, int64_t items = 1,
                     const std::optional<ScoreRange>& scores = {}, RoundingRule rule = {});
// GRIMMER.
Verdict mean_sd_verdict(const MeanAndSd& stated, RoundingRule rule = {});
// DEBIT; the mean is a share between 0 and 1. `population` as in MeanAndSd.
Verdict binary_sd_verdict(const Decimal& mean, const Decimal& sd, int64_t n,
                          bool population = false, RoundingRule rule = {});

// The least and greatest SD that answers with this mean can have, with `places` decimals; nothing
// where no answers have the mean.
struct SdRange {
  Decimal low;
  Decimal high;
  bool operator==(const SdRange&) const = default;
};
std::optional<SdRange> possible_sds(const MeanAndSd& stated, const ScoreRange& scores, int places,
                                    RoundingRule rule = {});

// How many people have each sum of scores, from n · lowest up, in one set of answers that prints
// so; nothing where no answers do. items · (high - low) up to 1000.
std::optional<std::vector<int64_t>> answers_with(const MeanAndSd& stated, const ScoreRange& scores,
                                                 RoundingRule rule = {});
Verdict answers_verdict(const MeanAndSd& stated, const ScoreRange& scores, RoundingRule rule = {});

}  // namespace barometer
