// p-values of several tests, adjusted so that the whole set keeps its level.
//
//   Bonferroni           n · p
//   Holm                 the largest (n - j + 1) · p_(j) among p and those below it; never above
//                        Bonferroni's, and under no more assumptions (Scand. J. Statist. 6, 1979)
//   Benjamini-Hochberg   the smallest n / j · p_(j) among p and those above it: the share of false
//                        findings among the findings (JRSS B 57, 1995)
// all cut at 1. As R's p.adjust.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

enum class PAdjustment { kNone, kBonferroni, kHolm, kBenjaminiHochberg };
std::string_view name_of(PAdjustment adjustment);  // "none", "bonferroni", "holm", "BH"
Result<PAdjustment> parse_p_adjustment(std::string_view word);

// In the order given. kInvalid: a p outside 0 … 1 (says which).
Result<std::vector<double>> adjust_p(std::span<const double> p, PAdjustment adjustment);

}  // namespace barometer
