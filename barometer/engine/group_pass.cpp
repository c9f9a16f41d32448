#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "barometer/engine/kernels.h"
#include "barometer/engine/moments.h"
#include "barometer/engine/passes_internal.h"

namespace barometer {
namespace {

constexpr uint32_t kNoSlot = 0xFFFFFFFF;

size_t moment_count(const GroupTask& task) {
  const size_t p = task.numbers.size();
  return (p + triangle_size(p)) * (task.squares ? 2 : 1);
}

void append(Groups& to, const Groups& from, size_t at) {
  to.id.push_back(from.id[at]);
  to.n.push_back(from.n[at]);
  to.live.push_back(from.live[at]);
  to.w.push_back(from.w[at]);
  to.w2.push_back(from.w2[at]);
  const auto begin = from.moment.begin() + static_cast<std::ptrdiff_t>(at * from.moments);
  to.moment.insert(to.moment.end(), begin, begin + static_cast<std::ptrdiff_t>(from.moments));
}

void add_last(Groups& to, const Groups& from, size_t at) {
  to.n.back() += from.n[at];
  to.live.back() += from.live[at];
  to.w.back() += from.w[at];
  to.w2.back() += from.w2[at];
  for (size_t k = 0; k < to.moments; ++k) {
    to.moment[to.moment.size() - to.moments + k] += from.moment[at * to.moments + k];
  }
}

void multiply(std::span<const double> weights, const double* numbers, double* products) {
  const double* w = weights.data();
  for (size_t i = 0; i < weights.size(); ++i) products[i] = w[i] * numbers[i];
}

// The cells of places, by either way.
class CellFinder {
 public:
  CellFinder(const GroupTask& task, size_t run_cases)
      : task_(task),
        tile_({&task.plan, task.ids == nullptr ? size_t{1} : size_t{0}}, run_cases),
        offsets_(run_cases) {}

  void find(size_t first, std::span<uint32_t> cells) {
    if (task_.ids != nullptr) {
      std::copy_n(task_.ids->at.begin() + static_cast<std::ptrdiff_t>(first), cells.size(),
                  cells.begin());
      return;
    }
    tile_.load(first, cells.size());
    tile_.find(0, std::span(offsets_).first(cells.size()));
    for (size_t i = 0; i < cells.size(); ++i) {
      const size_t cell = offsets_[i] / kQuadDoubles;
      cells[i] = cell < task_.cells ? static_cast<uint32_t>(cell) : kInNoCell;
    }
  }

 private:
  const GroupTask& task_;
  TileCells tile_;
  std::vector<uint16_t> offsets_;
};

// One part: rows from part.row on, a run of places at a time, whose cases are brought together by
// group so that each sum is over neighbours.
class GroupWorker {
 public:
  GroupWorker(const PassInput& input, const GroupTask& task, std::vector<Groups>& found)
      : input_(input),
        task_(task),
        found_(found),
        one_cell_(task.ids == nullptr && task.cells == 1 && !task.plan->masked),
        finder_(task, input.run_cases),
        slot_(task.cells, kNoSlot),
        cells_(input.run_cases),
        weights_(input.run_cases),
        numbers_(input.run_cases * task.numbers.size()),
        products_(input.run_cases) {
    row_.moments = moment_count(task);
  }

  void operator()(size_t part) {
    Groups& found = found_[part];
    found.moments = row_.moments;
    const PartRange& range = input_.parts[part];
    if (!task_.by_row) {
      sum_row(range.first, range.last, found);
      return;
    }
    for_each_row(range, input_.design.row_begin(),
                 [&](size_t first, size_t last, size_t) { sum_row(first, last, found); });
  }

 private:
  void sum_row(size_t first, size_t last, Groups& found) {
    for (; first < last; first += std::min(last - first, input_.run_cases)) {
      sum_run(first, std::min(last - first, input_.run_cases));
    }
    sorted_ = row_.id;
    std::sort(sorted_.begin(), sorted_.end());
    for (const uint32_t id : sorted_) {
      append(found, row_, slot_[id]);
      slot_[id] = kNoSlot;
    }
    found.row_begin.push_back(found.size());
    clear();
  }

  void sum_run(size_t first, size_t count) {
    if (one_cell_ && row_.moments > 0) {
      take_all(first, count);
      add_group(0, 0, count);
      return;
    }
    const auto cells = std::span(cells_).first(count);
    finder_.find(first, cells);
    for (uint32_t& cell : cells) {
      if (cell == kInNoCell) continue;
      if (slot_[cell] == kNoSlot) open(cell);
      cell = slot_[cell];
    }
    if (row_.moments == 0) {
      for (size_t i = 0; i < count; ++i) {
        if (cells[i] != kInNoCell) add_case(cells[i], input_.weights[first + i]);
      }
      return;
    }
    bring_together(first, cells);
    for (size_t slot = 0; slot + 1 < begin_.size(); ++slot) {
      if (begin_[slot] < begin_[slot + 1]) add_group(slot, begin_[slot], begin_[slot + 1]);
    }
  }

  // Weights and numbers from their centres, as they stand.
  void take_all(size_t first, size_t count) {
    if (row_.size() == 0) open(0);
    const auto weights = input_.weights.subspan(first, count);
    std::copy(weights.begin(), weights.end(), weights_.begin());
    for (size_t k = 0; k < task_.numbers.size(); ++k) {
      const double* values = task_.numbers[k]->values.data() + first;
      const double centre = task_.numbers[k]->centre;
      double* to = numbers_.data() + k * input_.run_cases;
      for (size_t i = 0; i < count; ++i) to[i] = values[i] - centre;
    }
  }

  // The same, sorted by slot.
  void bring_together(size_t first, std::span<const uint32_t> slots) {
    begin_.assign(row_.size() + 1, 0);
    for (const uint32_t slot : slots) {
      if (slot != kInNoCell) ++begin_[slot + 1];
    }
    std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
    next_.assign(begin_.begin(), begin_.end());
    to_.resize(slots.size());
    for (size_t i = 0; i < slots.size(); ++i) {
      to_[i] = slots[i] == kInNoCell ? kNoSlot : next_[slots[i]]++;
    }
    scatter(input_.weights.subspan(first, slots.size()), 0, weights_.data());
    for (size_t k = 0; k < task_.numbers.size(); ++k) {
      const NumberColumn& number = *task_.numbers[k];
      scatter(number.values.subspan(first, slots.size()), number.centre,
              numbers_.data() + k * input_.run_cases);
    }
  }
  void scatter(std::span<const double> values, double centre, double* to) const {
    for (size_t i = 0; i < values.size(); ++i) {
      if (to_[i] != kNoSlot) to[to_[i]] = values[i] - centre;
    }
  }

  void add_group(size_t slot, size_t first, size_t last) {
    const auto weights = std::span(weights_).subspan(first, last - first);
    const Quad sum = sum_of(weights);
    row_.n[slot] += static_cast<uint32_t>(sum.n);
    row_.live[slot] += static_cast<uint32_t>(sum.live);
    row_.w[slot] += sum.w;
    row_.w2[slot] += sum.w2;
    double* to = row_.moment.data() + slot * row_.moments;
    add_moments(weights, first, to);
    if (!task_.squares) return;
    for (double& w : weights) w *= w;
    add_moments(weights, first, to + row_.moments / 2);
  }

  void add_moments(std::span<const double> weights, size_t first, double* to) {
    const size_t p = task_.numbers.size();
    const size_t apart = input_.run_cases;
    const std::span<const double> numbers = std::span(numbers_).subspan(first);
    sums_.resize(p);
    dot_products(weights, numbers, apart, sums_);
    for (size_t j = 0; j < p; ++j) *to++ += sums_[j];
    for (size_t j = 0; j < p; ++j) {
      const double* v = numbers.data() + j * apart;
      multiply(weights, v, products_.data());
      const auto upto = std::span(sums_).first(j + 1);
      dot_products(std::span(products_).first(weights.size()), numbers, apart, upto);
      for (const double sum : upto) *to++ += sum;
    }
  }

  void open(uint32_t id) {
    slot_[id] = static_cast<uint32_t>(row_.size());
    row_.id.push_back(id);
    row_.n.push_back(0);
    row_.live.push_back(0);
    row_.w.push_back(0);
    row_.w2.push_back(0);
    row_.moment.resize(row_.moment.size() + row_.moments, 0);
  }

  void clear() {
    row_.id.clear();
    row_.n.clear();
    row_.live.clear();
    row_.w.clear();
    row_.w2.clear();
    row_.moment.clear();
  }

  void add_case(size_t slot, double w) {
    ++row_.n[slot];
    row_.live[slot] += w > 0 ? 1 : 0;
    row_.w[slot] += w;
    row_.w2[slot] += w * w;
  }

  const PassInput& input_;
  const GroupTask& task_;
  std::vector<Groups>& found_;
  bool one_cell_;  // for every case
  CellFinder finder_;
  std::vector<uint32_t> slot_;  // of each cell in row_
  Groups row_;
  std::vector<uint32_t> sorted_;
  // Of the cases of a run.
  std::vector<uint32_t> cells_, begin_, next_, to_;
  std::vector<double> weights_, numbers_, products_, sums_;
};

// The first row of `from` belongs to the last of `to`.
void merge_row(Groups& to, const Groups& from) {
  Groups last;
  last.moments = to.moments;
  const size_t begin = to.row_begin[to.row_begin.size() - 2];
  for (size_t at = begin; at < to.size(); ++at) append(last, to, at);
  for (auto* counts : {&to.id, &to.n, &to.live}) counts->resize(begin);
  for (auto* sums : {&to.w, &to.w2}) sums->resize(begin);
  to.moment.resize(begin * to.moments);
  size_t a = 0;
  size_t b = 0;
  while (a < last.size() || b < from.row_begin[1]) {
    const bool from_last = a < last.size() && (b == from.row_begin[1] || last.id[a] <= from.id[b]);
    const bool both = from_last && b < from.row_begin[1] && last.id[a] == from.id[b];
    append(to, from_last ? last : from, from_last ? a++ : b++);
    if (both) add_last(to, from, b++);
  }
  to.row_begin.back() = to.size();
}

template <class T>
void append_from(std::vector<T>& to, const std::vector<T>& from, size_t begin) {
  to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(begin), from.end());
}

void append_part(Groups& to, const Groups& from, bool continues_row) {
  if (continues_row) merge_row(to, from);
  const size_t row = continues_row ? 1 : 0;
  if (row >= from.row_begin.size()) return;
  const size_t begin = from.row_begin[row];
  const size_t shift = to.size() - begin;
  append_from(to.id, from.id, begin);
  append_from(to.n, from.n, begin);
  append_from(to.live, from.live, begin);
  append_from(to.w, from.w, begin);
  append_from(to.w2, from.w2, begin);
  append_from(to.moment, from.moment, begin * from.moments);
  for (size_t r = row + 1; r < from.row_begin.size(); ++r) {
    to.row_begin.push_back(from.row_begin[r] + shift);
  }
}

}  // namespace

Result<Groups> joined(const PassInput& input, std::vector<Groups>& found, bool by_row,
                      size_t most_entries) {
  Groups all;
  for (size_t part = 0; part < found.size(); ++part) {
    all.moments = found[part].moments;
    append_part(all, found[part], by_row ? input.parts[part].continues_row : part > 0);
    found[part] = {};
    if (all.size() > most_entries) {
      return fail(
          ErrorCode::kLimit,
          fmt::format("more than {} combinations of values by unit of the design", most_entries));
    }
  }
  if (!by_row && found.empty()) all.row_begin.push_back(0);
  return all;
}

Result<Groups> sum_groups(const PassInput& input, const GroupTask& task) {
  std::vector<Groups> found(input.parts.size());
  TRY_DONE(work_on_parts(input.parts.size(), input.threads, input.progress,
                         [&] { return GroupWorker(input, task, found); }));
  return joined(input, found, task.by_row, task.most_entries);
}

}  // namespace barometer
