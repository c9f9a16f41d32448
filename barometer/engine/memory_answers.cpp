#include "barometer/engine/memory_answers_internal.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "barometer/engine/moments.h"
#include "barometer/engine/shared_points_internal.h"

namespace barometer {
namespace {

// indices[k]: of the value of key k, a cell; keys as in CellPlan.
Status add_data(const Dataset& data, const QueryPlan& plan,
                const std::vector<std::vector<uint32_t>>& indices, std::vector<Column> numbers,
                Cells& cells) {
  const auto& variables = data.codebook().variables();
  const bool flagged = plan.cells.inside && !plan.cells.masked;  // keys[0] says what is outside
  Codebook codebook;
  std::vector<Column> columns;
  for (size_t k = 0; k < plan.key_columns.size(); ++k) {
    TRY_DONE(codebook.add(variables[plan.key_columns[k]]));
    const size_t at = k + (flagged ? 1 : 0);
    columns.push_back(picked(plan.cells.keys[at]->values, indices[at]));
  }
  for (size_t k = 0; k < numbers.size(); ++k) {
    TRY_DONE(codebook.add(variables[plan.number_columns[k]]));
    columns.push_back(std::move(numbers[k]));
  }
  if (flagged) {
    for (const uint32_t index : indices[0]) cells.inside.push_back(index == 0 ? 1 : 0);
  } else if (plan.query->outside) {
    cells.inside.assign(cells.sums.cell_count, 1);
  }
  cells.data = TRY(Dataset::make(std::move(codebook), std::move(columns)));
  return {};
}

// The index of the value of each key in a cell.
class CellNames {
 public:
  CellNames(const CellPlan& plan, const CellIds* ids)
      : plan_(plan), ids_(ids), strides_(plan.strides()) {}

  [[nodiscard]] uint32_t index(size_t key, size_t cell) const {
    const KeyColumn& column = *plan_.keys[key];
    return static_cast<uint32_t>(ids_ != nullptr ? column.index_at(ids_->example[cell])
                                                 : cell / strides_[key] % column.count);
  }
  // By key, of all cells.
  [[nodiscard]] std::vector<std::vector<uint32_t>> of(std::span<const uint32_t> cells) const {
    std::vector<std::vector<uint32_t>> indices(plan_.keys.size());
    for (size_t k = 0; k < indices.size(); ++k) {
      indices[k].reserve(cells.size());
      for (const uint32_t cell : cells) indices[k].push_back(index(k, cell));
    }
    return indices;
  }

 private:
  const CellPlan& plan_;
  const CellIds* ids_;
  std::vector<size_t> strides_;
};

std::vector<uint32_t> each_cell(size_t count) {
  std::vector<uint32_t> cells(count);
  std::iota(cells.begin(), cells.end(), 0U);
  return cells;
}

// Grows the columns and sums of representative cells.
class RepresentativeCells {
 public:
  RepresentativeCells(const Design& design, const QueryPlan& plan, const CellIds* ids,
                      const Groups& groups)
      : design_(design),
        plan_(plan),
        names_(plan.cells, ids),
        groups_(groups),
        numbers_(plan.numbers.size()) {
    sums_.row_count = design.row_count();
    const size_t points = (design.elements() ? 4 : 2) * std::max<size_t>(1, numbers_.size());
    for (auto* counts : {&sums_.n, &sums_.live}) counts->reserve(points * groups.size());
    for (auto* sums : {&sums_.w, &sums_.w2}) sums->reserve(points * groups.size());
    for (Numbers& column : numbers_) column.values.reserve(points * groups.size());
    named_.reserve(points * groups.size());
  }

  void add(size_t group) {
    const uint32_t cell = groups_.id[group];
    const size_t keys = plan_.cells.keys.size() - numbers_.size();
    kinds_.clear();
    known_.clear();
    for (size_t k = 0; k < numbers_.size(); ++k) {
      const KeyColumn& key = *plan_.cells.keys[keys + k];
      kinds_.push_back(missing_at(key.values, names_.index(keys + k, cell)));
      if (kinds_.back() == Missing::kNone) known_.push_back(k);
    }
    if (numbers_.size() == 1 && !known_.empty()) {
      add_points_of_one(group, cell);
      return;
    }
    for (const Representative& point : points_of(group)) {
      add_point({point.n, point.live, point.w, point.w2}, point.v, cell);
    }
  }
  void end_row() {
    if (plan_.query->by_row) sums_.row_begin.push_back(sums_.cell_count);
  }
  void begin_rows() { end_row(); }

  Result<Cells> take(const Dataset& data) {
    Cells cells;
    cells.sums = std::move(sums_);
    std::vector<Column> numbers;
    for (Numbers& column : numbers_) numbers.emplace_back(std::move(column));
    TRY_DONE(add_data(data, plan_, names_.of(named_), std::move(numbers), cells));
    return cells;
  }

 private:
  struct PointSums {
    uint64_t n = 0, live = 0;
    double w = 0, w2 = 0;
  };

  [[nodiscard]] std::vector<double> first_moments(const double* from) const {
    std::vector<double> moments;
    for (const size_t j : known_) moments.push_back(from[j]);
    return moments;
  }
  [[nodiscard]] std::vector<double> second_moments(const double* from) const {
    std::vector<double> moments;
    for (const size_t j : known_) {
      for (const size_t k : known_) {
        if (k <= j) moments.push_back(from[numbers_.size() + triangle_at(j, k)]);
      }
    }
    return moments;
  }

  void add_points_of_one(size_t group, uint32_t cell) {
    const auto moments = std::span(groups_.moment).subspan(group * groups_.moments);
    GroupSums sums{groups_.n[group],
                   groups_.live[group],
                   groups_.w[group],
                   groups_.w2[group],
                   moments.first(1),
                   moments.subspan(1, 1),
                   {},
                   {}};
    if (design_.elements()) {
      sums.w2v = moments.subspan(2, 1);
      sums.w2vv = moments.subspan(3, 1);
    }
    const PointsOfOne points = points_of_one(sums);
    for (size_t k = 0; k < points.count; ++k) {
      const auto n = k == 0 ? sums.n : 0;
      const auto live = k == 0 ? sums.live : 0;
      add_point({n, live, points.w[k], points.w2[k]}, {&points.v[k], 1}, cell);
    }
  }

  [[nodiscard]] std::vector<Representative> points_of(size_t group) const {
    const double* moments = groups_.moment.data() + group * groups_.moments;
    const std::vector<double> wv = first_moments(moments);
    const std::vector<double> wvv = second_moments(moments);
    std::vector<double> w2v;
    std::vector<double> w2vv;
    if (design_.elements()) {
      w2v = first_moments(moments + groups_.moments / 2);
      w2vv = second_moments(moments + groups_.moments / 2);
    }
    return representatives({groups_.n[group], groups_.live[group], groups_.w[group],
                            groups_.w2[group], wv, wvv, w2v, w2vv});
  }

  // `v` holds the numbers that are known.
  void add_point(const PointSums& point, std::span<const double> v, uint32_t cell) {
    size_t next = 0;
    for (size_t k = 0; k < numbers_.size(); ++k) {
      const bool known = kinds_[k] == Missing::kNone;
      numbers_[k].missing.push_back(kinds_[k]);
      numbers_[k].values.push_back(known ? plan_.numbers[k]->centre + v[next++] : 0);
    }
    named_.push_back(cell);
    if (plan_.query->by_row) {
      sums_.cell.push_back(static_cast<uint32_t>(sums_.cell_count));
      sums_.row_n.push_back(static_cast<uint32_t>(point.n));
      sums_.row_w.push_back(point.w);
      if (design_.elements()) {
        sums_.row_live.push_back(static_cast<uint32_t>(point.live));
        sums_.row_w2.push_back(point.w2);
      }
    }
    ++sums_.cell_count;
    sums_.n.push_back(point.n);
    sums_.live.push_back(point.live);
    sums_.w.push_back(point.w);
    sums_.w2.push_back(point.w2);
  }

  const Design& design_;
  const QueryPlan& plan_;
  CellNames names_;
  const Groups& groups_;
  CellSums sums_;
  std::vector<Numbers> numbers_;
  std::vector<uint32_t> named_;  // the combination of keys of each cell
  std::vector<Missing> kinds_;   // of the numbers of the group that is added
  std::vector<size_t> known_;
};

}  // namespace

Status add_dense_data(const Dataset& data, const QueryPlan& plan, Cells& cells) {
  const CellNames names(plan.cells, nullptr);
  return add_data(data, plan, names.of(each_cell(cells.sums.cell_count)), {}, cells);
}

Status add_grouped_data(const Dataset& data, const QueryPlan& plan, const CellIds& ids,
                        Cells& cells) {
  const CellNames names(plan.cells, &ids);
  return add_data(data, plan, names.of(each_cell(ids.count)), {}, cells);
}

Status check_combinations(size_t combinations, const CellQuery& query) {
  if (combinations <= query.most_entries) return {};
  return fail(ErrorCode::kLimit, fmt::format("{} combinations of values, more than {}",
                                             combinations, query.most_entries));
}

Result<Cells> whole_cells(const Dataset& data, const Design& design, const QueryPlan& plan,
                          std::span<const Quad> sums) {
  Cells cells;
  cells.sums.row_count = design.row_count();
  std::vector<uint32_t> found;
  for (size_t cell = 0; cell < sums.size(); ++cell) {
    if (sums[cell].n == 0) continue;
    found.push_back(static_cast<uint32_t>(cell));
    cells.sums.n.push_back(static_cast<uint64_t>(sums[cell].n));
    cells.sums.live.push_back(static_cast<uint64_t>(sums[cell].live));
    cells.sums.w.push_back(sums[cell].w);
    cells.sums.w2.push_back(sums[cell].w2);
  }
  cells.sums.cell_count = found.size();
  TRY_DONE(check_combinations(found.size(), *plan.query));
  TRY_DONE(add_data(data, plan, CellNames(plan.cells, nullptr).of(found), {}, cells));
  return cells;
}

CellSums sums_of_groups(const Design& design, const Groups& groups, size_t cell_count,
                        bool by_row) {
  CellSums sums;
  sums.cell_count = cell_count;
  sums.row_count = design.row_count();
  sums.n.assign(cell_count, 0);
  sums.live.assign(cell_count, 0);
  sums.w.assign(cell_count, 0);
  sums.w2.assign(cell_count, 0);
  for (size_t at = 0; at < groups.size(); ++at) {
    const uint32_t cell = groups.id[at];
    sums.n[cell] += groups.n[at];
    sums.live[cell] += groups.live[at];
    sums.w[cell] += groups.w[at];
    sums.w2[cell] += groups.w2[at];
  }
  if (!by_row) return sums;
  sums.row_begin = groups.row_begin;
  if (groups.size() < cell_count * sums.row_count) sums.cell = groups.id;
  sums.row_n = groups.n;
  sums.row_w = groups.w;
  if (design.elements()) {
    sums.row_live = groups.live;
    sums.row_w2 = groups.w2;
  }
  return sums;
}

namespace {

// By combination of keys, 1 where the only number of the plan is known.
std::vector<uint8_t> numbers_known(const QueryPlan& plan, const CellNames& names,
                                   const Groups& groups) {
  const size_t key = plan.cells.keys.size() - 1;
  const KeyColumn& kinds = *plan.cells.keys[key];
  uint32_t most = 0;
  for (const uint32_t id : groups.id) most = std::max(most, id);
  std::vector<uint8_t> known(size_t{most} + 1, 2);
  for (const uint32_t id : groups.id) {
    if (known[id] != 2) continue;
    known[id] = missing_at(kinds.values, names.index(key, id)) == Missing::kNone ? 1 : 0;
  }
  return known;
}

Result<Cells> shared_point_cells(const Dataset& data, const Design& design, const QueryPlan& plan,
                                 const CellIds* ids, const Groups& groups) {
  const CellNames names(plan.cells, ids);
  const std::vector<uint8_t> known = numbers_known(plan, names, groups);
  const SharedPoints shared(groups, known);
  Cells cells;
  CellSums& sums = cells.sums;
  Numbers values;
  std::vector<uint32_t> named;
  const size_t key = plan.cells.keys.size() - 1;
  for (const SharedPoints::Point& point : shared.points()) {
    sums.n.push_back(point.n);
    sums.live.push_back(point.live);
    sums.w.push_back(point.w);
    sums.w2.push_back(point.w2);
    named.push_back(point.id);
    values.missing.push_back(missing_at(plan.cells.keys[key]->values, names.index(key, point.id)));
    values.values.push_back(known[point.id] != 0 ? plan.numbers[0]->centre + point.v : 0);
  }
  sums.cell_count = shared.points().size();
  sums.row_count = design.row_count();
  sums.row_begin.push_back(0);
  SharedPoints::reserve(groups, sums);
  for (size_t row = 0; row + 1 < groups.row_begin.size(); ++row) {
    for (size_t at = groups.row_begin[row]; at < groups.row_begin[row + 1]; ++at) {
      shared.add_row(groups, at, sums);
    }
    sums.row_begin.push_back(sums.cell.size());
  }
  std::vector<Column> numbers;
  numbers.emplace_back(std::move(values));
  TRY_DONE(add_data(data, plan, names.of(named), std::move(numbers), cells));
  return cells;
}

}  // namespace

Result<Cells> representative_cells(const Dataset& data, const Design& design, const QueryPlan& plan,
                                   const CellIds* ids, const Groups& groups) {
  if (plan.numbers.size() == 1 && plan.query->by_row && !design.elements()) {
    return shared_point_cells(data, design, plan, ids, groups);
  }
  RepresentativeCells cells(design, plan, ids, groups);
  cells.begin_rows();
  for (size_t row = 0; row + 1 < groups.row_begin.size(); ++row) {
    for (size_t at = groups.row_begin[row]; at < groups.row_begin[row + 1]; ++at) cells.add(at);
    cells.end_row();
  }
  return cells.take(data);
}

}  // namespace barometer
