// From sums to the answer of a query: cells with their values.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "barometer/engine/passes_internal.h"

namespace barometer {

struct QueryPlan {
  const CellQuery* query = nullptr;
  CellPlan cells;
  std::vector<size_t> key_columns, number_columns;  // of the data
  std::vector<std::shared_ptr<const NumberColumn>> numbers;
  bool dense = false;  // every combination is a cell
};

// Values of the keys of every combination.
Status add_dense_data(const Dataset& data, const QueryPlan& plan, Cells& cells);
// `example`: a place with the values of each cell; numbers: of each number of the query, its
// column.
Status add_grouped_data(const Dataset& data, const QueryPlan& plan,
                        std::span<const uint32_t> example, std::vector<Column> numbers,
                        Cells& cells);

CellSums sums_of_groups(const Design& design, const Groups& groups, size_t cell_count, bool by_row);
Result<Cells> representative_cells(const Dataset& data, const Design& design, const QueryPlan& plan,
                                   const CellIds& ids, const Groups& groups);

}  // namespace barometer
