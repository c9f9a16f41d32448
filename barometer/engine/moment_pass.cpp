#include <algorithm>

#include "barometer/engine/kernels.h"
#include "barometer/engine/passes_internal.h"

namespace barometer {
namespace {

// Cases that are read at once: with cells so few that their quads stay nearest to the processor, of
// numbers without keys so many that each column is read in long stretches.
constexpr size_t kTileOfCells = 256;
constexpr size_t kTileOfNumbers = 4096;
// As in dense_pass.cpp.
constexpr size_t kCasesForCopies = 8;

size_t slots_of(const MomentTask& task) { return task.cells + (task.plan->masked ? 1 : 0); }

bool have_cells(std::span<const MomentTask> tasks) {
  return std::any_of(tasks.begin(), tasks.end(),
                     [](const MomentTask& task) { return slots_of(task) > 1; });
}

std::vector<const CellPlan*> plans_of(std::span<const MomentTask> tasks) {
  std::vector<const CellPlan*> plans;
  for (const MomentTask& task : tasks) plans.push_back(task.plan);
  return plans;
}

// Of the row that is being summed, one a cell.
struct RowSums {
  std::vector<Quad> weights;
  std::vector<MomentQuad> moments;
};

class MomentWorker {
 public:
  // found[task][part]
  MomentWorker(const PassInput& input, std::span<const MomentTask> tasks,
               std::vector<std::vector<Groups>>& found)
      : input_(input),
        tasks_(tasks),
        found_(found),
        tile_cases_(have_cells(tasks) ? kTileOfCells : kTileOfNumbers),
        run_cases_(std::min(input.run_cases, tile_cases_)),
        cells_(plans_of(tasks), tile_cases_),
        rows_(tasks.size()) {
    size_t slots = 1;
    for (size_t t = 0; t < tasks.size(); ++t) {
      rows_[t].weights.resize(tasks[t].cells);
      rows_[t].moments.resize(tasks[t].cells);
      slots = std::max(slots, slots_of(tasks[t]));
      any_of_one_ = any_of_one_ || slots_of(tasks[t]) == 1;
    }
    weights_.folded.resize(slots);
    moments_.folded.resize(slots);
    if (slots == 1) return;
    offsets_.resize(tile_cases_);
    weights_.cases.resize(tile_cases_);
    weights_.sums.resize(4 * slots);
    moments_.cases.resize(tile_cases_);
    moments_.sums.resize(4 * slots);
  }

  void operator()(size_t part) {
    part_ = part;
    const PartRange& range = input_.parts[part];
    for (size_t t = 0; t < tasks_.size(); ++t) {
      found_[t][part].moments = input_.design.elements() ? 4 : 2;
    }
    for_each_row(range, input_.design.row_begin(), [&](size_t first, size_t last, size_t) {
      while (first < last) {
        const size_t end = std::min(last, first + run_cases_);
        gather({first, end, end == last});
        first = end;
      }
    });
    sum_tile();
    for (size_t t = 0; t < tasks_.size(); ++t) {
      if (!tasks_[t].by_row) end_row(t);
    }
  }

 private:
  struct Run {
    size_t first, last;
    bool ends_row;
  };
  // Of the cases of a tile, and of the cells of a run.
  template <class AnyQuad>
  struct Buffers {
    std::vector<AnyQuad> cases, sums, folded;
  };

  // Runs are gathered until they fill a tile.
  void gather(const Run& run) {
    if (!runs_.empty() && run.last - runs_.front().first > tile_cases_) sum_tile();
    runs_.push_back(run);
  }

  void sum_tile() {
    if (runs_.empty()) return;
    const size_t first = runs_.front().first;
    const size_t count = runs_.back().last - first;
    if (!offsets_.empty()) {
      make_quads(input_.weights.subspan(first, count), weights_.cases);
      cells_.load(first, count);
    }
    run_weights_.clear();
    for (const Run& run : runs_) {
      if (!any_of_one_) break;
      run_weights_.push_back(sum_of(input_.weights.subspan(run.first, run.last - run.first)));
    }
    for (size_t t = 0; t < tasks_.size(); ++t) sum_tile(t, first, count);
    runs_.clear();
  }

  void sum_tile(size_t t, size_t first, size_t count) {
    const MomentTask& task = tasks_[t];
    const bool one = slots_of(task) == 1;
    if (!one) {
      cells_.find(t, std::span(offsets_).first(count));
      make_moments(input_.weights.subspan(first, count), task.number->values.subspan(first, count),
                   task.number->centre, moments_.cases);
    }
    for (size_t r = 0; r < runs_.size(); ++r) {
      if (one) {
        add_run_of_one(task, r);
      } else {
        add_run(task, runs_[r].first - first, runs_[r].last - runs_[r].first);
      }
      add_to(std::span<const Quad>(weights_.folded).first(task.cells), rows_[t].weights);
      add_to(std::span<const MomentQuad>(moments_.folded).first(task.cells), rows_[t].moments);
      if (task.by_row && runs_[r].ends_row) end_row(t);
    }
  }

  void add_run_of_one(const MomentTask& task, size_t r) {
    const size_t first = runs_[r].first;
    const size_t count = runs_[r].last - first;
    weights_.folded[0] = run_weights_[r];
    moments_.folded[0] =
        moments_of(input_.weights.subspan(first, count), task.number->values.subspan(first, count),
                   task.number->centre, input_.design.elements());
  }

  // Places [at, at + count) of the tile.
  void add_run(const MomentTask& task, size_t at, size_t count) {
    const size_t slots = slots_of(task);
    const size_t copies = count >= kCasesForCopies * slots ? 4 : 1;
    const auto offsets = std::span<const uint16_t>(offsets_).subspan(at, count);
    const auto fold = [&]<class AnyQuad>(Buffers<AnyQuad>& buffers) {
      const auto sums = std::span(buffers.sums).first(copies * slots);
      add_quads(std::span<const AnyQuad>(buffers.cases).subspan(at, count), offsets, copies, sums);
      fold_copies(sums, copies, std::span(buffers.folded).first(task.cells));
    };
    fold(weights_);
    fold(moments_);
  }

  // Those of its cells that have a case become groups.
  void end_row(size_t t) {
    Groups& to = found_[t][part_];
    RowSums& row = rows_[t];
    for (size_t cell = 0; cell < row.weights.size(); ++cell) {
      const Quad& weights = row.weights[cell];
      if (weights.n == 0) continue;
      to.id.push_back(static_cast<uint32_t>(cell));
      to.n.push_back(static_cast<uint32_t>(weights.n));
      to.live.push_back(static_cast<uint32_t>(weights.live));
      to.w.push_back(weights.w);
      to.w2.push_back(weights.w2);
      const MomentQuad& moments = row.moments[cell];
      to.moment.insert(to.moment.end(), {moments.wv, moments.wvv});
      if (to.moments == 4) to.moment.insert(to.moment.end(), {moments.w2v, moments.w2vv});
    }
    to.row_begin.push_back(to.size());
    std::fill(row.weights.begin(), row.weights.end(), Quad());
    std::fill(row.moments.begin(), row.moments.end(), MomentQuad());
  }

  const PassInput& input_;
  std::span<const MomentTask> tasks_;
  std::vector<std::vector<Groups>>& found_;
  size_t tile_cases_, run_cases_;
  TileCells cells_;
  bool any_of_one_ = false;  // has one cell, and no mask
  size_t part_ = 0;
  std::vector<RowSums> rows_;
  std::vector<Run> runs_;
  std::vector<Quad> run_weights_;
  Buffers<Quad> weights_;
  Buffers<MomentQuad> moments_;
  std::vector<uint16_t> offsets_;
};

}  // namespace

Result<std::vector<Groups>> sum_moments(const PassInput& input, std::span<const MomentTask> tasks) {
  std::vector<std::vector<Groups>> found(tasks.size(), std::vector<Groups>(input.parts.size()));
  TRY_DONE(work_on_parts(input.parts.size(), input.threads, input.progress,
                         [&] { return MomentWorker(input, tasks, found); }));
  std::vector<Groups> all;
  for (size_t t = 0; t < tasks.size(); ++t) {
    all.push_back(TRY(joined(input, found[t], tasks[t].by_row, tasks[t].most_entries)));
  }
  return all;
}

}  // namespace barometer
