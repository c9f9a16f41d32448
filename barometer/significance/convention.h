// The conventions by which tables print that one column is higher than another.
//
// kDesign is ours: z = d / SE(d) with the covariance of the two columns under the survey's design,
// t with the design's degrees of freedom. The others exist so that old tables can be reproduced;
// compare.h has the formula and the source of each.
#pragma once

#include <string_view>

#include "barometer/base/result.h"
#include "barometer/hypothesis/multiple_comparison.h"

namespace barometer {

enum class Convention { kDesign, kSpss, kQuantum, kQ };
std::string_view name_of(Convention convention);  // "design", "spss", "quantum", "q"
Result<Convention> parse_convention(std::string_view word);
// What the program does to the p-values of a row unless told otherwise: SPSS Bonferroni, Q
// Benjamini-Hochberg (its "False Discovery Rate"), Quantum nothing; ours nothing.
PAdjustment usual_adjustment(Convention convention);

}  // namespace barometer
