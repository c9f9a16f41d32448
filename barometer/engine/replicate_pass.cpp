#include <algorithm>

#include "barometer/engine/kernels.h"
#include "barometer/engine/passes_internal.h"

namespace barometer {
namespace {

// Cases whose weights are read for one task after the other.
constexpr size_t kTileCases = 64;
// Cases whose sums are made before they are added to the rest, against rounding.
constexpr size_t kBlockCases = 8192;

using CaseMatrix = MemoryEngineOptions::CaseMatrix;

// The cell of each case, in case order; that after the last for a case in no cell.
std::vector<uint32_t> cells_of_cases(const PassInput& input, const ReplicateTask& task) {
  const std::span<const uint32_t> order = input.design.order();
  std::vector<uint32_t> cell(order.size());
  if (task.ids != nullptr) {
    for (size_t place = 0; place < order.size(); ++place) {
      cell[order[place]] = std::min(task.ids->at[place], static_cast<uint32_t>(task.cells));
    }
    return cell;
  }
  TileCells cells({&task.plan, 1}, input.run_cases);
  std::vector<uint16_t> offsets(input.run_cases);
  for (size_t first = 0; first < order.size(); first += input.run_cases) {
    const size_t count = std::min(input.run_cases, order.size() - first);
    cells.load(first, count);
    cells.find(0, std::span(offsets).first(count));
    for (size_t i = 0; i < count; ++i) {
      cell[order[first + i]] = static_cast<uint32_t>(offsets[i] / kQuadDoubles);
    }
  }
  return cell;
}

// Sums of one task by one thread: cells × columns, and a line for cases in no cell.
struct ReplicateSums {
  std::vector<Quad> block, all;
};

std::span<double> doubles(std::vector<Quad>& quads) {
  return {&quads.data()->w, quads.size() * kQuadDoubles};
}

// Reads the matrix from its first row to its last, for all tasks.
class ReplicateWorker {
 public:
  ReplicateWorker(const PassInput& input, const CaseMatrix& replicates,
                  std::span<const ReplicateTask> tasks,
                  const std::vector<std::vector<uint32_t>>& cells, size_t run_columns)
      : input_(input),
        replicates_(replicates),
        tasks_(tasks),
        cells_(cells),
        run_columns_(run_columns) {}

  // One run of columns.
  void operator()(size_t run) {
    first_column_ = run * run_columns_;
    columns_ = std::min(run_columns_, static_cast<size_t>(replicates_.cols()) - first_column_);
    sums_.clear();
    for (const ReplicateTask& task : tasks_) {
      const std::vector<Quad> none((task.cells + 1) * columns_padded(columns_) / kQuadDoubles);
      sums_.push_back({none, none});
    }
    const size_t n = input_.design.case_count();
    for (size_t first = 0; first < n && !input_.progress.stopped(); first += kBlockCases) {
      sum_block(first, std::min(n, first + kBlockCases));
    }
    for (size_t t = 0; t < tasks_.size(); ++t) store(t);
  }

 private:
  void sum_block(size_t first, size_t last) {
    const auto width = static_cast<size_t>(replicates_.cols());
    for (size_t tile = first; tile < last; tile += kTileCases) {
      const size_t count = std::min(kTileCases, last - tile);
      const std::span<const double> weights(replicates_.data() + tile * width + first_column_,
                                            (count - 1) * width + columns_);
      for (size_t t = 0; t < tasks_.size(); ++t) {
        add_rows(weights, width, columns_, std::span(cells_[t]).subspan(tile, count),
                 doubles(sums_[t].block));
      }
    }
    for (ReplicateSums& sums : sums_) {
      add_to(sums.block, sums.all);
      std::fill(sums.block.begin(), sums.block.end(), Quad());
    }
  }

  void store(size_t t) {
    const ReplicateTask& task = tasks_[t];
    for (size_t cell = 0; cell < task.cells; ++cell) {
      for (size_t k = 0; k < columns_; ++k) {
        (*task.sums)(static_cast<Eigen::Index>(cell),
                     static_cast<Eigen::Index>(first_column_ + k)) =
            doubles(sums_[t].all)[cell * columns_padded(columns_) + k];
      }
    }
  }

  const PassInput& input_;
  const CaseMatrix& replicates_;
  std::span<const ReplicateTask> tasks_;
  const std::vector<std::vector<uint32_t>>& cells_;  // of each task
  std::vector<ReplicateSums> sums_;
  size_t run_columns_;
  size_t first_column_ = 0, columns_ = 0;
};

}  // namespace

Status sum_replicates(const PassInput& input, const CaseMatrix& replicates,
                      std::span<const ReplicateTask> tasks) {
  std::vector<std::vector<uint32_t>> cells;
  for (const ReplicateTask& task : tasks) {
    task.sums->resize(static_cast<Eigen::Index>(task.cells), replicates.cols());
    cells.push_back(cells_of_cases(input, task));
  }
  if (replicates.cols() == 0) return {};
  // A column is summed by one thread, so that its sum does not depend on how many there are.
  const auto columns = static_cast<size_t>(replicates.cols());
  const size_t run_columns = columns_padded((columns + input.threads - 1) / input.threads);
  return work_on_parts(
      (columns + run_columns - 1) / run_columns, input.threads, input.progress,
      [&] { return ReplicateWorker(input, replicates, tasks, cells, run_columns); });
}

}  // namespace barometer
