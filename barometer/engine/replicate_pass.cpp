#include <algorithm>

#include "barometer/engine/kernels.h"
#include "barometer/engine/passes_internal.h"

namespace barometer {
namespace {

// Replicates are shared out among threads in runs of so many, whatever the number of threads.
constexpr size_t kColumns = 40;

struct Table {
  std::vector<uint32_t> cell;  // of each case of the tile
  std::vector<double> sums;    // cells × columns, and one line for cases in no cell
};

class ReplicateWorker {
 public:
  ReplicateWorker(const PassInput& input, const MemoryEngineOptions::CaseMatrix& replicates,
                  std::span<const ReplicateTask> tasks)
      : input_(input), replicates_(replicates), tasks_(tasks), offsets_(input.tile_cases) {}

  // Columns from kColumns * part on.
  void operator()(size_t part) {
    first_column_ = part * kColumns;
    columns_ = std::min(kColumns, static_cast<size_t>(replicates_.cols()) - first_column_);
    tables_.clear();
    for (const ReplicateTask& task : tasks_) {
      tables_.push_back({std::vector<uint32_t>(input_.tile_cases),
                         std::vector<double>((task.cells + 1) * columns_, 0)});
    }
    const size_t n = input_.design.case_count();
    for (size_t first = 0; first < n && !input_.progress.stopped(); first += input_.tile_cases) {
      sum_tile(first, std::min(n, first + input_.tile_cases));
    }
    for (size_t t = 0; t < tasks_.size(); ++t) store(t);
  }

 private:
  void sum_tile(size_t first, size_t last) {
    for (size_t t = 0; t < tasks_.size(); ++t) find_cells(tasks_[t], first, last, tables_[t].cell);
    for (size_t place = first; place < last; ++place) {
      const auto row = static_cast<Eigen::Index>(input_.design.order()[place]);
      const std::span<const double> weights(
          replicates_.data() + row * replicates_.cols() + static_cast<Eigen::Index>(first_column_),
          columns_);
      for (Table& table : tables_) {
        const size_t at = table.cell[place - first] * columns_;
        add_to(weights, std::span(table.sums).subspan(at, columns_));
      }
    }
  }

  void find_cells(const ReplicateTask& task, size_t first, size_t last,
                  std::vector<uint32_t>& cell) {
    if (task.ids != nullptr) {
      for (size_t place = first; place < last; ++place) {
        const uint32_t id = task.ids->at[place];
        cell[place - first] = id == kOutOfMask ? static_cast<uint32_t>(task.cells) : id;
      }
      return;
    }
    task.plan->offsets(first, task.cells, std::span(offsets_).first(last - first));
    for (size_t i = 0; i < last - first; ++i) cell[i] = offsets_[i] / kQuad;
  }

  void store(size_t t) {
    const ReplicateTask& task = tasks_[t];
    for (size_t cell = 0; cell < task.cells; ++cell) {
      for (size_t k = 0; k < columns_; ++k) {
        (*task.sums)(static_cast<Eigen::Index>(cell),
                     static_cast<Eigen::Index>(first_column_ + k)) =
            tables_[t].sums[cell * columns_ + k];
      }
    }
  }

  const PassInput& input_;
  const MemoryEngineOptions::CaseMatrix& replicates_;
  std::span<const ReplicateTask> tasks_;
  std::vector<uint16_t> offsets_;
  std::vector<Table> tables_;
  size_t first_column_ = 0, columns_ = 0;
};

}  // namespace

Status sum_replicates(const PassInput& input, const MemoryEngineOptions::CaseMatrix& replicates,
                      std::span<const ReplicateTask> tasks) {
  for (const ReplicateTask& task : tasks) {
    task.sums->resize(static_cast<Eigen::Index>(task.cells), replicates.cols());
  }
  const size_t runs = (static_cast<size_t>(replicates.cols()) + kColumns - 1) / kColumns;
  return work_on_parts(runs, input.threads, input.progress,
                       [&] { return ReplicateWorker(input, replicates, tasks); });
}

}  // namespace barometer
