// Suppression of small cells within a wave's tables.
//
// Primary (requirements E1, E2): a cell on a base under `suppress_base_under`, and where
// `suppress_count_under` is set a cell with a count from 1 to one less than that. A percentage with
// its base is a count (E4), so the rule looks at counts, whatever is printed.
// Secondary: what is left must not give a suppressed count back by subtraction. The options of a
// single-code item sum to the base, a NET is the sum of its options; while an equation has exactly
// one hidden count, its smallest other visible count is hidden too. Means are hidden with any
// option of their item, since scores times counts would be one more equation.
//
// This closes subtraction inside one item. Differencing between tables, banners and waves is not
// examined here.
#pragma once

#include "barometer/table/table.h"

namespace barometer {

// Applies the rules to every unit of every item. Returns how many cells were hidden. Hidden cells
// hold no numbers afterwards: estimate and range are wiped, the text is "[c]".
size_t suppress_small_cells(WaveTables& tables, const PrintRules& rules);

}  // namespace barometer
