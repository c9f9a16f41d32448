// A cross table as cells: every combination of printed categories, one of each dimension, where a
// printed category is a set of base categories (one answer, a NET, a subtotal, the total).
#pragma once

#include <cstdint>
#include <vector>

#include "barometer/protection/suppression.h"

namespace barometer {

// The printed categories of a dimension, each the base categories it holds, numbered from 0.
struct TableDimension {
  size_t size = 0;  // base categories
  std::vector<std::vector<size_t>> printed;
};

// Each base category, then each of `nets`, then the total of all.
TableDimension dimension_of(size_t size, const std::vector<std::vector<size_t>>& nets = {});

// The cells of a table, the last dimension running fastest. Atoms are the combinations of base
// categories in the same order. Cells that come to the same atoms (a NET of all) come each.
std::vector<LinearSum> cells_of(const std::vector<TableDimension>& dimensions);

// A problem without sensitive cells: a value and a cost of 1 for each cell, nothing known beyond.
SuppressionProblem table_problem(const std::vector<TableDimension>& dimensions,
                                 const std::vector<int64_t>& counts);

}  // namespace barometer
