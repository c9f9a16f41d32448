// The passes over the cases that the memory engine makes.
#pragma once

#include <span>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/design/cell_sums.h"
#include "barometer/engine/cell_plan_internal.h"
#include "barometer/engine/kernels.h"
#include "barometer/engine/memory_engine.h"
#include "barometer/engine/parts_internal.h"

namespace barometer {

// What every pass reads.
struct PassInput {
  const Design& design;
  std::span<const double> weights;  // in design order
  const std::vector<PartRange>& parts;
  size_t threads = 1;
  size_t run_cases = 0;
  const Progress& progress;
};

// Every combination a cell, at most kMaxKernelCells less one. `sums` is filled.
struct DenseTask {
  const CellPlan* plan = nullptr;
  size_t cells = 0;
  bool by_row = true;
  CellSums* sums = nullptr;
};
// All tasks at once, a few cases at a time, so that these stay near the processor.
Status sum_dense(const PassInput& input, std::span<const DenseTask> tasks);

// Sums of the cells that occur in each row. Without `by_row` the whole is one row.
struct Groups {
  std::vector<size_t> row_begin{0};
  std::vector<uint32_t> id;  // of the cell; ascending within a row
  std::vector<uint32_t> n, live;
  std::vector<double> w, w2;
  // Of each group, from the centres: Σwv, Σwvv and, if asked for, Σw²v, Σw²vv (moments.h). Sums of
  // numbers that are missing in the group have no meaning.
  size_t moments = 0;
  std::vector<double> moment;

  [[nodiscard]] size_t size() const { return id.size(); }
};
struct GroupTask {
  const CellPlan* plan = nullptr;
  size_t cells = 0;
  const CellIds* ids = nullptr;  // null: every combination is a cell, at most kMostCells
  bool by_row = true;
  bool squares = false;  // with the moments of w²
  std::vector<const NumberColumn*> numbers{};
  size_t most_entries = 0;
};
// What was found in the parts, one after the other; `found` is emptied.
Result<Groups> joined(const PassInput& input, std::vector<Groups>& found, bool by_row,
                      size_t most_entries);
// kLimit: more groups than most_entries.
Result<Groups> sum_groups(const PassInput& input, const GroupTask& task);

// Sums of one number by row and cell: every combination is a cell, at most kMostCells. Appends the
// groups with a case. kLimit: more of them than most_entries.
struct MomentTask {
  const CellPlan* plan = nullptr;
  size_t cells = 0;
  bool by_row = true;
  const NumberColumn* number = nullptr;
  size_t most_entries = 0;
};
// All tasks at once, as sum_dense; one answer a task.
Result<std::vector<Groups>> sum_moments(const PassInput& input, std::span<const MomentTask> tasks);

// Sums over the whole sample of every combination, at most kMostWholeCells.
inline constexpr size_t kMostWholeCells = 0xFFFE;
Result<std::vector<Quad>> sum_whole(const PassInput& input, const CellPlan& plan);

// Sums of each replicate weight by cell, for any number of queries.
struct ReplicateTask {
  const CellPlan* plan = nullptr;
  size_t cells = 0;
  const CellIds* ids = nullptr;  // null: every combination is a cell
  Matrix* sums = nullptr;
};
Status sum_replicates(const PassInput& input, const MemoryEngineOptions::CaseMatrix& replicates,
                      std::span<const ReplicateTask> tasks);

}  // namespace barometer
