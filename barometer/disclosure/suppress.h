// Suppression of small cells within a wave's tables.
//
// Primary (requirements E1, E2): a cell on a base under `suppress_base_under`, and where
// `suppress_count_under` is k > 1 a cell with a count from 1 to k - 1, or with so few outside it. A
// percentage with its base is a count (E4), so the rule looks at counts, whatever is printed.
// Secondary, only with k: what is left must not give a small count back.
//   one answer each    cells are hidden until the attack of attack.h finds nothing
//   any number each    a NET goes with any hidden cell, and when those with it but without one of
//                      its options (or a NET within it), or with both of its two options, are few
//   means              go with any hidden cell: scores times counts would be one more equation
//   not in the base    with any hidden cell or small number of them, how many were not asked,
//                      refused, gave no answer or don't know is not said; when few were not asked,
//                      or few don't know are out of the base, the item's bases are hidden as well
//   organisations      what is hidden of respondents is hidden of them; then the same attack, or
//                      where an organisation's answers are split, all goes with any further cell
//
// This is inside one item and unit, where hiding is cheapest to choose: cells go at the least loss
// (protection/suppression.h). What differencing items, units, banners and waves would still open is
// hidden by publish/protect.h. What weights say, and a reader who replays the choice of further
// cells, are not examined. The number of those asked who gave no answer remains the difference of
// two bases.
#pragma once

#include "barometer/table/table.h"

namespace barometer {

// Applies the rules to every unit of every item. Returns how many cells were hidden. Hidden cells
// hold no numbers afterwards: estimate and range are wiped, the text is "[c]".
size_t suppress_small_cells(WaveTables& tables, const PrintRules& rules);

// Parts of it, for who hides more (publish/protect.h).
void hide_cell(Cell& cell);
void withhold_missing(std::vector<Cell>& cells);
// A change is a second look at a cell; it goes when the cell goes.
void drop_changes_of_hidden(ItemTable& table);
inline constexpr const char* kSuppressionNote =
    "Some answers are suppressed ([c]) to protect the people behind them.";

}  // namespace barometer
