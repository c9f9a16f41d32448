#include <algorithm>

#include "barometer/engine/kernels.h"
#include "barometer/engine/passes_internal.h"

namespace barometer {
namespace {

// Of one task in one part.
struct PartSums {
  std::vector<double> totals;  // quads
  std::vector<double> head;    // quads of a row that began in an earlier part
};

// A run of so many cases for each cell is summed in four copies.
constexpr size_t kCasesForCopies = 8;

size_t slots_of(const DenseTask& task) { return task.cells + (task.plan->masked ? 1 : 0); }

void add_squares(const DenseTask& task, std::span<const double> quads, size_t row) {
  CellSums& sums = *task.sums;
  if (sums.row_w2.empty()) return;
  for (size_t cell = 0; cell < task.cells; ++cell) {
    sums.row_w2[row * task.cells + cell] += quads[kQuad * cell + 1];
    sums.row_live[row * task.cells + cell] += static_cast<uint32_t>(quads[kQuad * cell + 3]);
  }
}

// `totals` may be empty: then these quads are in the totals already.
void add_to_row(const DenseTask& task, std::span<const double> quads, size_t row,
                std::span<double> totals) {
  const size_t at = row * task.cells;
  add_row(quads, std::span(task.sums->row_w).subspan(at, task.cells),
          std::span(task.sums->row_n).subspan(at, task.cells), totals);
  add_squares(task, quads, row);
}

class DenseWorker {
 public:
  DenseWorker(const PassInput& input, std::span<const DenseTask> tasks,
              std::vector<std::vector<PartSums>>& found)
      : input_(input), tasks_(tasks), found_(found) {
    size_t slots = 0;
    for (const DenseTask& task : tasks) slots = std::max(slots, slots_of(task));
    quads_.resize(kQuad * input.tile_cases);
    offsets_.resize(input.tile_cases);
    sums_.resize(4 * kQuad * slots);
    folded_.resize(kQuad * slots);
  }

  void operator()(size_t part) {
    const PartRange& range = input_.parts[part];
    std::vector<PartSums>& found = found_[part];
    for (const DenseTask& task : tasks_) {
      PartSums& sums = found.emplace_back();
      sums.totals.assign(kQuad * task.cells, 0);
      if (task.by_row && range.continues_row) sums.head.assign(kQuad * task.cells, 0);
    }
    runs_.clear();
    for_each_row(range, input_.design.row_begin(), [&](size_t first, size_t last, size_t row) {
      for (; first < last; first = std::min(last, first + input_.tile_cases)) {
        add_run({first, std::min(last, first + input_.tile_cases), row}, found, range);
      }
    });
    sum_tile(found, range);
  }

 private:
  struct Run {
    size_t first, last, row;
  };

  // Runs are gathered until they fill a tile.
  void add_run(const Run& run, std::vector<PartSums>& found, const PartRange& range) {
    if (!runs_.empty() && run.last - runs_.front().first > input_.tile_cases) {
      sum_tile(found, range);
    }
    runs_.push_back(run);
  }

  void sum_tile(std::vector<PartSums>& found, const PartRange& range) {
    if (runs_.empty()) return;
    const size_t first = runs_.front().first;
    const size_t count = runs_.back().last - first;
    make_quads(input_.weights.subspan(first, count), quads_);
    for (size_t t = 0; t < tasks_.size(); ++t) {
      const DenseTask& task = tasks_[t];
      task.plan->offsets(first, task.cells, std::span(offsets_).first(count));
      if (!task.by_row) {
        fold(task, {first, first + count, 0}, first);
        add_to(std::span(folded_).first(kQuad * task.cells), found[t].totals);
        continue;
      }
      for (const Run& run : runs_) {
        fold(task, run, first);
        const bool is_head = range.continues_row && run.row == range.row;
        if (is_head) {
          add_to(std::span(folded_).first(kQuad * task.cells), found[t].totals);
          add_to(std::span(folded_).first(kQuad * task.cells), found[t].head);
        } else {
          add_to_row(task, folded_, run.row, found[t].totals);
        }
      }
    }
    runs_.clear();
  }

  // The quads of a run, in folded_.
  void fold(const DenseTask& task, const Run& run, size_t tile_first) {
    const size_t slots = slots_of(task);
    const size_t count = run.last - run.first;
    const size_t copies = count >= kCasesForCopies * slots ? 4 : 1;
    const auto sums = std::span(sums_).first(copies * kQuad * slots);
    const size_t at = run.first - tile_first;
    add_quads(std::span(quads_).subspan(kQuad * at, kQuad * count),
              std::span(offsets_).subspan(at, count), copies, sums);
    fold_copies(sums, copies, std::span(folded_).first(kQuad * slots));
  }

  const PassInput& input_;
  std::span<const DenseTask> tasks_;
  std::vector<std::vector<PartSums>>& found_;
  std::vector<Run> runs_;
  std::vector<double> quads_, sums_, folded_;
  std::vector<uint16_t> offsets_;
};

void set_shape(const DenseTask& task, const Design& design) {
  CellSums& sums = *task.sums;
  sums.cell_count = task.cells;
  sums.row_count = design.row_count();
  if (!task.by_row) return;
  const size_t size = sums.row_count * task.cells;
  sums.row_begin.resize(sums.row_count + 1);
  for (size_t row = 0; row <= sums.row_count; ++row) sums.row_begin[row] = row * task.cells;
  sums.row_w.assign(size, 0);
  sums.row_n.assign(size, 0);
  if (design.elements()) {
    sums.row_w2.assign(size, 0);
    sums.row_live.assign(size, 0);
  }
}

void finish(const PassInput& input, const std::vector<std::vector<PartSums>>& found, size_t t,
            const DenseTask& task) {
  std::vector<double> totals(kQuad * task.cells, 0);
  for (size_t part = 0; part < found.size(); ++part) {
    add_to(found[part][t].totals, totals);
    const std::vector<double>& head = found[part][t].head;
    if (!head.empty()) add_to_row(task, head, input.parts[part].row, {});
  }
  CellSums& sums = *task.sums;
  for (size_t cell = 0; cell < task.cells; ++cell) {
    sums.w.push_back(totals[kQuad * cell]);
    sums.w2.push_back(totals[kQuad * cell + 1]);
    sums.n.push_back(static_cast<uint64_t>(totals[kQuad * cell + 2]));
    sums.live.push_back(static_cast<uint64_t>(totals[kQuad * cell + 3]));
  }
}

}  // namespace

Status sum_dense(const PassInput& input, std::span<const DenseTask> tasks) {
  for (const DenseTask& task : tasks) set_shape(task, input.design);
  std::vector<std::vector<PartSums>> found(input.parts.size());
  TRY_DONE(work_on_parts(input.parts.size(), input.threads, input.progress,
                         [&] { return DenseWorker(input, tasks, found); }));
  for (size_t t = 0; t < tasks.size(); ++t) finish(input, found, t, tasks[t]);
  return {};
}

}  // namespace barometer
