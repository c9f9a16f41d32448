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
  // How it is answered, and with which others in one pass.
  enum class Way {
    kDense,    // every combination is a cell
    kMoments,  // one number, and few combinations
    kWhole,    // no rows: combinations are counted, and those with a case are cells
    kGrouped,
  };
  Way way = Way::kGrouped;
};

// Values of the keys of every combination.
Status add_dense_data(const Dataset& data, const QueryPlan& plan, Cells& cells);
// Values of the keys of the combinations that occur.
Status add_grouped_data(const Dataset& data, const QueryPlan& plan, const CellIds& ids,
                        Cells& cells);

// kLimit: more than most_entries.
Status check_combinations(size_t combinations, const CellQuery& query);
// Of the sums of every combination: cells are those with a case. kLimit as above.
Result<Cells> whole_cells(const Dataset& data, const Design& design, const QueryPlan& plan,
                          std::span<const Quad> sums);

CellSums sums_of_groups(const Design& design, const Groups& groups, size_t cell_count, bool by_row);
// `ids` is null where every combination is a cell.
Result<Cells> representative_cells(const Dataset& data, const Design& design, const QueryPlan& plan,
                                   const CellIds* ids, const Groups& groups);

}  // namespace barometer
