#include <algorithm>

#include <fmt/format.h>

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

// One part: rows from part.row on.
class GroupWorker {
 public:
  GroupWorker(const PassInput& input, const GroupTask& task, std::vector<Groups>& found)
      : input_(input), task_(task), found_(found), slot_(task.ids->count, kNoSlot) {
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
    for (size_t place = first; place < last; ++place) {
      const uint32_t id = task_.ids->at[place];
      if (id == kOutOfMask) continue;
      if (slot_[id] == kNoSlot) open(id);
      add_case(place, slot_[id]);
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

  void add_case(size_t place, size_t slot) {
    const double w = input_.weights[place];
    ++row_.n[slot];
    row_.live[slot] += w > 0 ? 1 : 0;
    row_.w[slot] += w;
    row_.w2[slot] += w * w;
    if (row_.moments == 0) return;
    double* to = row_.moment.data() + slot * row_.moments;
    add_moments(place, w, to);
    if (task_.squares) add_moments(place, w * w, to + row_.moments / 2);
  }

  void add_moments(size_t place, double w, double* to) const {
    const size_t p = task_.numbers.size();
    double* products = to + p;
    for (size_t j = 0; j < p; ++j) {
      const double wv = w * (task_.numbers[j]->values[place] - task_.numbers[j]->centre);
      to[j] += wv;
      for (size_t k = 0; k <= j; ++k) {
        *products++ += wv * (task_.numbers[k]->values[place] - task_.numbers[k]->centre);
      }
    }
  }

  const PassInput& input_;
  const GroupTask& task_;
  std::vector<Groups>& found_;
  std::vector<uint32_t> slot_;  // of each cell in row_
  Groups row_;
  std::vector<uint32_t> sorted_;
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

void append_part(Groups& to, const Groups& from, bool continues_row) {
  if (continues_row) merge_row(to, from);
  for (size_t row = continues_row ? 1 : 0; row + 1 < from.row_begin.size(); ++row) {
    for (size_t at = from.row_begin[row]; at < from.row_begin[row + 1]; ++at) append(to, from, at);
    to.row_begin.push_back(to.size());
  }
}

}  // namespace

Result<Groups> sum_groups(const PassInput& input, const GroupTask& task) {
  std::vector<Groups> found(input.parts.size());
  TRY_DONE(work_on_parts(input.parts.size(), input.threads, input.progress,
                         [&] { return GroupWorker(input, task, found); }));
  Groups all;
  all.moments = moment_count(task);
  for (size_t part = 0; part < found.size(); ++part) {
    append_part(all, found[part], task.by_row ? input.parts[part].continues_row : part > 0);
    found[part] = {};
    if (all.size() > task.most_entries) {
      return fail(ErrorCode::kLimit,
                  fmt::format("more than {} combinations of values by unit of the design",
                              task.most_entries));
    }
  }
  if (!task.by_row && found.empty()) all.row_begin.push_back(0);
  return all;
}

}  // namespace barometer
