#include <algorithm>

#include "barometer/engine/kernels.h"
#include "barometer/engine/passes_internal.h"

namespace barometer {
namespace {

// Of one task in one part.
struct PartSums {
  std::vector<Quad> totals;
  std::vector<Quad> head;  // of a row that began in an earlier part
};

// Cases that are read at once: few, to stay nearest to the processor; for many tasks more, so that
// each writes several rows at a time.
constexpr size_t kTileOfOne = 512;
constexpr size_t kTileOfMany = 4096;
// A run of so many cases for each cell is summed in four copies.
constexpr size_t kCasesForCopies = 8;

size_t slots_of(const DenseTask& task) { return task.cells + (task.plan->masked ? 1 : 0); }

void add_to_row(const DenseTask& task, std::span<const Quad> quads, size_t row) {
  const size_t at = row * task.cells;
  CellSums& sums = *task.sums;
  add_to_row(quads, std::span(sums.row_w).subspan(at, task.cells),
             std::span(sums.row_n).subspan(at, task.cells));
  if (sums.row_w2.empty()) return;
  for (size_t cell = 0; cell < task.cells; ++cell) {
    sums.row_w2[at + cell] += quads[cell].w2;
    sums.row_live[at + cell] += static_cast<uint32_t>(quads[cell].live);
  }
}

std::vector<const CellPlan*> plans_of(std::span<const DenseTask> tasks) {
  std::vector<const CellPlan*> plans;
  for (const DenseTask& task : tasks) plans.push_back(task.plan);
  return plans;
}

class DenseWorker {
 public:
  DenseWorker(const PassInput& input, std::span<const DenseTask> tasks,
              std::vector<std::vector<PartSums>>& found)
      : input_(input),
        tasks_(tasks),
        found_(found),
        tile_cases_(std::max(input.run_cases, tasks.size() == 1 ? kTileOfOne : kTileOfMany)),
        cells_(plans_of(tasks), tile_cases_) {
    size_t slots = 0;
    for (const DenseTask& task : tasks) slots = std::max(slots, slots_of(task));
    quads_.resize(tile_cases_);
    offsets_.resize(tile_cases_);
    sums_.resize(4 * slots);
    folded_.resize(slots);
  }

  void operator()(size_t part) {
    const PartRange& range = input_.parts[part];
    std::vector<PartSums>& found = found_[part];
    for (const DenseTask& task : tasks_) {
      PartSums& sums = found.emplace_back();
      sums.totals.resize(task.cells);
      if (task.by_row && range.continues_row) sums.head.resize(task.cells);
    }
    runs_.clear();
    for_each_row(range, input_.design.row_begin(), [&](size_t first, size_t last, size_t row) {
      for (; first < last; first = std::min(last, first + input_.run_cases)) {
        gather({first, std::min(last, first + input_.run_cases), row}, found, range);
      }
    });
    sum_tile(found, range);
  }

 private:
  struct Run {
    size_t first, last, row;
  };

  // Runs are gathered until they fill a tile.
  void gather(const Run& run, std::vector<PartSums>& found, const PartRange& range) {
    if (!runs_.empty() && run.last - runs_.front().first > tile_cases_) {
      sum_tile(found, range);
    }
    runs_.push_back(run);
  }

  void sum_tile(std::vector<PartSums>& found, const PartRange& range) {
    if (runs_.empty()) return;
    const size_t first = runs_.front().first;
    const size_t count = runs_.back().last - first;
    make_quads(input_.weights.subspan(first, count), quads_);
    cells_.load(first, count);
    for (size_t t = 0; t < tasks_.size(); ++t) {
      cells_.find(t, std::span(offsets_).first(count));
      if (tasks_[t].by_row) {
        for (const Run& run : runs_) add_run(tasks_[t], run, range, found[t]);
      } else {
        add_to(folded(tasks_[t], first, first + count), found[t].totals);
      }
    }
    runs_.clear();
  }

  void add_run(const DenseTask& task, const Run& run, const PartRange& range, PartSums& found) {
    const std::span<const Quad> sums = folded(task, run.first, run.last);
    add_to(sums, found.totals);
    if (range.continues_row && run.row == range.row) {
      add_to(sums, found.head);
    } else {
      add_to_row(task, sums, run.row);
    }
  }

  // The sums of each cell over some places of the tile.
  std::span<const Quad> folded(const DenseTask& task, size_t first, size_t last) {
    const size_t slots = slots_of(task);
    const size_t count = last - first;
    const size_t at = first - runs_.front().first;
    const size_t copies = count >= kCasesForCopies * slots ? 4 : 1;
    const auto sums = std::span(sums_).first(copies * slots);
    add_quads(std::span(quads_).subspan(at, count), std::span(offsets_).subspan(at, count), copies,
              sums);
    const auto folded = std::span(folded_).first(task.cells);
    fold_copies(sums, copies, folded);
    return folded;
  }

  const PassInput& input_;
  std::span<const DenseTask> tasks_;
  std::vector<std::vector<PartSums>>& found_;
  size_t tile_cases_;
  TileCells cells_;
  std::vector<Run> runs_;
  std::vector<Quad> quads_, sums_, folded_;
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
  std::vector<Quad> totals(task.cells);
  for (size_t part = 0; part < found.size(); ++part) {
    add_to(found[part][t].totals, totals);
    const std::vector<Quad>& head = found[part][t].head;
    if (!head.empty()) add_to_row(task, head, input.parts[part].row);
  }
  CellSums& sums = *task.sums;
  for (const Quad& total : totals) {
    sums.w.push_back(total.w);
    sums.w2.push_back(total.w2);
    sums.n.push_back(static_cast<uint64_t>(total.n));
    sums.live.push_back(static_cast<uint64_t>(total.live));
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
