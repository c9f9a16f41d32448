// What came back: from rows of sums to cells.
#include "barometer/sql/sql_answer_internal.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/engine/moments.h"

namespace barometer {
namespace {

constexpr double kNoValue = std::numeric_limits<double>::infinity();  // after every value

using Eigen::Index;

void add_to(std::vector<double>& to, const std::vector<double>& from) {
  to.resize(from.size());
  for (size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

}  // namespace

void SqlAnswer::Moments::add(const Moments& other) {
  n += other.n;
  live += other.live;
  w += other.w;
  w2 += other.w2;
  add_to(wv, other.wv);
  add_to(wvv, other.wvv);
  add_to(w2v, other.w2v);
  add_to(w2vv, other.w2vv);
}

void SqlAnswer::begin() {
  seen_ = 0;
  entries_.clear();
  sums_.clear();
  cells_.clear();
  values_.clear();
  begin_replicates();
}

// `cells`: keys, flags of missing numbers and, where asked for, whether it is outside.
Result<uint32_t> SqlAnswer::cell_of(SqlRow cells) {
  std::vector<double> values{flags_outside() ? static_cast<double>(cells.back().whole) : 0.0};
  for (size_t k = 0; k < keys_.size(); ++k) {
    const Key& key = keys_[k];
    double value = kNoValue;
    if (cells[k].known && table_.columns()[key.column].type == FileType::kText) {
      const auto code = key.codes.find(std::string(cells[k].text));
      if (code == key.codes.end()) {
        return fail(ErrorCode::kIo, fmt::format("{}: '{}' has a new value; was the data changed?",
                                                table_.name(), key.variable->id));
      }
      value = code->second;
    } else if (cells[k].known) {
      value = cells[k].number + 0.0;  // no -0
      if (!std::isfinite(value)) {
        return fail(ErrorCode::kInvalid, fmt::format("column '{}' holds {}, which is no amount",
                                                     key.variable->label, value));
      }
    }
    values.push_back(value);
  }
  for (size_t j = 0; j < numbers_.size(); ++j) {
    values.push_back(static_cast<double>(cells[keys_.size() + j].whole));
  }
  std::string bytes(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double));
  const auto [found, is_new] =
      cells_.try_emplace(std::move(bytes), static_cast<uint32_t>(cells_.size()));
  if (is_new) values_.insert(values_.end(), values.begin(), values.end());
  return found->second;
}

tl::unexpected<Error> SqlAnswer::too_many() const {
  return fail(ErrorCode::kLimit,
              fmt::format("more than {} sums by row of the design and cell; ask for fewer keys",
                          with_thousands(static_cast<long long>(query_.most_entries))));
}

Status SqlAnswer::add(SqlRow row) {
  const size_t groups = place_columns_ + keys_.size() + numbers_.size() + (flags_outside() ? 1 : 0);
  Entry entry{.n = static_cast<uint64_t>(row[groups].whole)};
  if (entry.n == 0) return {};  // of no cases, without a group
  seen_ += entry.n;
  const bool outside = flags_outside() && row[groups - 1].whole != 0;
  if (outside && !query_.outside) return {};
  if (entries_.size() == query_.most_entries) return too_many();
  if (by_place()) {
    std::string key;
    for (size_t i = 0; i < place_columns_; ++i) append_key(key, row[i]);
    const auto place = design_.places.find(key);
    if (place == design_.places.end()) {
      return fail(
          ErrorCode::kIo,
          fmt::format("{}: there is a new stratum or unit; was the data changed?", table_.name()));
    }
    entry.row = query_.by_row ? place->second.row : 0;
    entry.weight = place->second.weight;
  }
  entry.cell = TRY(cell_of(row.subspan(place_columns_, groups - place_columns_)));
  size_t at = groups + 1;
  entry.live = has_live_ ? static_cast<uint64_t>(row[at++].whole) : entry.n;
  entries_.push_back(entry);
  for (size_t i = 0; i < shifts_.size(); ++i) {
    if (is_fine(i)) {
      sums_.push_back(joined(FineLimbs{row[at].whole, row[at + 1].whole, row[at + 2].whole}));
    } else {
      sums_.push_back(joined(Limbs{row[at].whole, row[at + 1].whole}));
    }
    at += is_fine(i) ? size_t{3} : size_t{2};
  }
  return {};
}

void SqlAnswer::begin_replicates() {
  replicate_sums_.clear();
  replicate_n_.clear();
}

Status SqlAnswer::add_replicates(SqlRow row) {
  const size_t groups = keys_.size() + (flags_outside() ? 1 : 0);
  if (row.back().whole == 0) return {};
  if (flags_outside() && row[groups - 1].whole != 0 && !query_.outside) return {};
  const uint32_t cell = TRY(cell_of(row.first(groups)));
  if (cells_.size() > query_.most_entries) return too_many();
  const size_t count = design_.replicates.size();
  if (cell >= replicate_n_.size()) {
    replicate_n_.resize(cells_.size());
    replicate_sums_.resize(cells_.size() * count);
  }
  replicate_n_[cell] += static_cast<uint64_t>(row.back().whole);
  for (size_t r = 0; r < count; ++r) {
    replicate_sums_[cell * count + r] +=
        joined(Limbs{row[groups + 2 * r].whole, row[groups + 2 * r + 1].whole});
  }
  return {};
}

// Both statements summed the same cases.
Status SqlAnswer::check_replicates() const {
  std::vector<uint64_t> n(cells_.size(), 0);
  for (const Entry& entry : entries_) n[entry.cell] += entry.n;
  if (std::ranges::find(n, uint64_t{0}) == n.end() && n == replicate_n_) return {};
  return fail(ErrorCode::kIo,
              fmt::format("{}: the weights and their replicates are of different cases: is a shard "
                          "down, or was the data changed?",
                          table_.name()));
}

Status SqlAnswer::check_count() const {
  const bool every_case = inside_.empty() || flags_outside();
  if (!every_case || seen_ == design_.case_count) return {};
  if (seen_ < design_.case_count) {
    return fail(ErrorCode::kIo, fmt::format("{}: {} rows are missing: is a shard down?",
                                            table_.name(), design_.case_count - seen_));
  }
  return fail(ErrorCode::kIo, fmt::format("{}: the table had {} rows and now has {}; open it anew",
                                          table_.name(), design_.case_count, seen_));
}

// The place of each cell by its values.
std::vector<uint32_t> SqlAnswer::rank_cells() {
  const size_t width = key_count();
  std::vector<uint32_t> order(cells_.size()), rank(cells_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, [&](uint32_t a, uint32_t b) {
    const auto left = values_.begin() + static_cast<std::ptrdiff_t>(a * width);
    const auto right = values_.begin() + static_cast<std::ptrdiff_t>(b * width);
    return std::lexicographical_compare(left, left + static_cast<std::ptrdiff_t>(width), right,
                                        right + static_cast<std::ptrdiff_t>(width));
  });
  for (size_t i = 0; i < order.size(); ++i) rank[order[i]] = static_cast<uint32_t>(i);
  std::vector<double> sorted;
  sorted.reserve(values_.size());
  for (const uint32_t cell : order) {
    const auto from = values_.begin() + static_cast<std::ptrdiff_t>(cell * width);
    sorted.insert(sorted.end(), from, from + static_cast<std::ptrdiff_t>(width));
  }
  values_ = std::move(sorted);
  return rank;
}

// Renames the cells, and orders the entries. Those of one place become one.
void SqlAnswer::sort_entries(const std::vector<uint32_t>& rank) {
  for (Entry& entry : entries_) entry.cell = rank[entry.cell];
  order_.resize(entries_.size());
  std::iota(order_.begin(), order_.end(), size_t{0});
  const auto place = [&](size_t i) {
    const Entry& entry = entries_[i];
    return std::tuple(entry.row, entry.cell, entry.weight);
  };
  std::ranges::sort(order_, {}, place);
  size_t kept = 0;
  for (size_t i = 0; i < order_.size(); ++i) {
    if (i > 0 && place(order_[kept - 1]) == place(order_[i])) {
      Entry& into = entries_[order_[kept - 1]];
      into.n += entries_[order_[i]].n;
      into.live += entries_[order_[i]].live;
      for (size_t m = 0; m < shifts_.size(); ++m) {
        sums_[order_[kept - 1] * shifts_.size() + m] += sums_[order_[i] * shifts_.size() + m];
      }
    } else {
      order_[kept++] = order_[i];
    }
  }
  order_.resize(kept);
}

SqlAnswer::Moments SqlAnswer::moments(size_t entry) const {
  return moments_of(entries_[entry],
                    std::span(sums_).subspan(entry * shifts_.size(), shifts_.size()));
}

SqlAnswer::Moments SqlAnswer::moments_of(const Entry& entry,
                                         std::span<const LongWhole> sums) const {
  size_t at = 0;
  const auto take = [&](double factor) {
    const double value = factor * value_of_limbs(sums[at], shifts_[at]);
    ++at;
    return value;
  };
  const auto take_many = [&](size_t count, double factor) {
    std::vector<double> many;
    for (size_t i = 0; i < count; ++i) many.push_back(take(factor));
    return many;
  };
  const size_t p = numbers_.size();
  Moments found{.n = entry.n, .live = entry.live};
  const double weight = entry.weight;
  const auto n = static_cast<double>(entry.n);
  found.w = design_.weighted ? take(1) : weight * n;
  found.w2 = design_.weighted ? take(1) : weight * weight * n;
  const size_t first = at;
  found.wv = take_many(p, weight);
  found.wvv = take_many(triangle_size(p), weight);
  if (!design_.design.elements()) return found;
  if (!design_.weighted) at = first;
  found.w2v = take_many(p, weight * weight);
  found.w2vv = take_many(triangle_size(p), weight * weight);
  return found;
}

void SqlAnswer::fill_totals(CellSums& sums) const {
  sums.n.assign(sums.cell_count, 0);
  sums.live.assign(sums.cell_count, 0);
  sums.w.assign(sums.cell_count, 0);
  sums.w2.assign(sums.cell_count, 0);
  std::vector<LongWhole> whole(sums.cell_count * shifts_.size(), 0);
  for (const size_t i : order_) {
    const Entry& entry = entries_[i];
    sums.n[entry.cell] += entry.n;
    sums.live[entry.cell] += entry.live;
    if (design_.weighted) {
      for (size_t m = 0; m < shifts_.size(); ++m) {
        whole[entry.cell * shifts_.size() + m] += sums_[i * shifts_.size() + m];
      }
    } else {
      const auto n = static_cast<double>(entry.n);
      sums.w[entry.cell] += entry.weight * n;
      sums.w2[entry.cell] += entry.weight * entry.weight * n;
    }
  }
  for (size_t cell = 0; design_.weighted && cell < sums.cell_count; ++cell) {
    sums.w[cell] = value_of_limbs(whole[cell * shifts_.size()], shifts_[0]);
    sums.w2[cell] = value_of_limbs(whole[cell * shifts_.size() + 1], shifts_[1]);
  }
}

void SqlAnswer::add_entry(CellSums& sums, uint32_t cell, const Moments& found) const {
  sums.cell.push_back(cell);
  sums.row_n.push_back(static_cast<uint32_t>(found.n));
  sums.row_w.push_back(found.w);
  if (!design_.design.elements()) return;
  sums.row_live.push_back(static_cast<uint32_t>(found.live));
  sums.row_w2.push_back(found.w2);
}

void SqlAnswer::fill_entries(CellSums& sums) const {
  sums.row_begin.assign(sums.row_count + 1, 0);
  for (size_t i = 0; i < order_.size();) {
    const Entry& entry = entries_[order_[i]];
    add_entry(sums, entry.cell, merged(i));
    ++sums.row_begin[entry.row + 1];
  }
  std::partial_sum(sums.row_begin.begin(), sums.row_begin.end(), sums.row_begin.begin());
}

Result<Cells> SqlAnswer::of_keys(std::vector<uint32_t> rank) {
  Cells cells;
  cells.sums.cell_count = cells_.size();
  cells.sums.row_count = design_.design.row_count();
  fill_totals(cells.sums);
  if (query_.by_row) fill_entries(cells.sums);
  if (query_.replicates) {
    const size_t count = design_.replicates.size();
    cells.replicates.resize(static_cast<Index>(rank.size()), static_cast<Index>(count));
    for (size_t cell = 0; cell < rank.size(); ++cell) {
      for (size_t r = 0; r < count; ++r) {
        cells.replicates(static_cast<Index>(rank[cell]), static_cast<Index>(r)) =
            value_of_limbs(replicate_sums_[cell * count + r], replicate_shift_);
      }
    }
  }
  std::vector<uint32_t> found(cells_.size());
  std::iota(found.begin(), found.end(), 0U);
  return with_data(found, {}, std::move(cells));
}

// Those of the numbers that are known in the cell.
std::vector<Representative> SqlAnswer::points_of(const Moments& group, uint32_t cell) const {
  std::vector<size_t> known;
  for (size_t j = 0; j < numbers_.size(); ++j) {
    if (values_[cell * key_count() + 1 + keys_.size() + j] == 0) known.push_back(j);
  }
  const auto first = [&](const std::vector<double>& of) {
    std::vector<double> picked;
    for (const size_t j : known) {
      if (!of.empty()) picked.push_back(of[j]);
    }
    return picked;
  };
  const auto second = [&](const std::vector<double>& of) {
    std::vector<double> picked;
    for (const size_t j : known) {
      for (const size_t k : known) {
        if (k <= j && !of.empty()) picked.push_back(of[triangle_at(j, k)]);
      }
    }
    return picked;
  };
  const std::vector<double> wv = first(group.wv), w2v = first(group.w2v);
  const std::vector<double> wvv = second(group.wvv), w2vv = second(group.w2vv);
  return representatives({group.n, group.live, group.w, group.w2, wv, wvv, w2v, w2vv});
}

// Of the entries of one row and cell, which differ in weight only; `at` moves past them.
SqlAnswer::Moments SqlAnswer::merged(size_t& at) const {
  const Entry& entry = entries_[order_[at]];
  Moments found = moments(order_[at]);
  for (++at; at < order_.size() && entries_[order_[at]].row == entry.row &&
             entries_[order_[at]].cell == entry.cell;
       ++at) {
    found.add(moments(order_[at]));
  }
  return found;
}

Result<Cells> SqlAnswer::of_numbers() {
  Cells cells;
  cells.sums.row_count = design_.design.row_count();
  std::vector<size_t> begins(cells.sums.row_count + 1, 0);
  std::vector<uint32_t> found;
  std::vector<std::vector<double>> points;
  for (size_t i = 0; i < order_.size();) {
    const Entry& entry = entries_[order_[i]];
    for (const Representative& point : points_of(merged(i), entry.cell)) {
      const auto cell = static_cast<uint32_t>(found.size());
      cells.sums.n.push_back(point.n);
      cells.sums.live.push_back(point.live);
      cells.sums.w.push_back(point.w);
      cells.sums.w2.push_back(point.w2);
      found.push_back(entry.cell);
      points.push_back(point.v);
      if (!query_.by_row) continue;
      ++begins[entry.row + 1];
      add_entry(cells.sums, cell, {.n = point.n, .live = point.live, .w = point.w, .w2 = point.w2});
    }
  }
  cells.sums.cell_count = found.size();
  if (query_.by_row) {
    std::partial_sum(begins.begin(), begins.end(), begins.begin());
    cells.sums.row_begin = std::move(begins);
  }
  return with_data(found, points, std::move(cells));
}

// `found`: the values of each cell, as places in values_; `points`: the known numbers of each.
Result<Cells> SqlAnswer::with_data(const std::vector<uint32_t>& found,
                                   const std::vector<std::vector<double>>& points,
                                   Cells cells) const {
  Codebook codebook;
  std::vector<Column> columns;
  const auto value = [&](size_t cell, size_t k) { return values_[found[cell] * key_count() + k]; };
  for (size_t k = 0; k < keys_.size(); ++k) {
    TRY_DONE(codebook.add(*keys_[k].variable));
    Numbers numbers;
    std::vector<int> codes;
    for (size_t cell = 0; cell < found.size(); ++cell) {
      const double here = value(cell, 1 + k);
      const bool known = here != kNoValue;
      numbers.values.push_back(known ? here : 0);
      numbers.missing.push_back(known ? Missing::kNone : Missing::kSystem);
      codes.push_back(known ? static_cast<int>(std::clamp(here, 0.0, double{kMaxCode}))
                            : file_code(Missing::kSystem));
    }
    const bool number = keys_[k].variable->kind == VariableKind::kNumber;
    columns.push_back(number ? Column(std::move(numbers)) : make_codes(codes));
  }
  std::vector<size_t> next(found.size(), 0);
  for (size_t j = 0; j < numbers_.size(); ++j) {
    TRY_DONE(codebook.add(table_.codebook().variables()[numbers_[j].column]));
    Numbers numbers;
    for (size_t cell = 0; cell < found.size(); ++cell) {
      const bool known = value(cell, 1 + keys_.size() + j) == 0;
      numbers.missing.push_back(known ? Missing::kNone : Missing::kSystem);
      numbers.values.push_back(known ? numbers_[j].centre + points[cell][next[cell]++] : 0);
    }
    columns.emplace_back(std::move(numbers));
  }
  if (query_.outside) {
    for (size_t cell = 0; cell < found.size(); ++cell) {
      cells.inside.push_back(value(cell, 0) == 0 ? 1 : 0);
    }
  }
  cells.data = TRY(Dataset::make(std::move(codebook), std::move(columns)));
  return cells;
}

Result<Cells> SqlAnswer::take() {
  TRY_DONE(check_count());
  if (query_.replicates) TRY_DONE(check_replicates());
  for (size_t row = 0; row < design_.design.row_count() && query_.by_row; ++row) {
    if (design_.design.cases_in_row(row) > std::numeric_limits<uint32_t>::max()) {
      return fail(ErrorCode::kLimit,
                  "a unit or stratum of the design has over 4,294,967,295 cases");
    }
  }
  std::vector<uint32_t> rank = rank_cells();
  sort_entries(rank);
  return query_.numbers.empty() ? of_keys(std::move(rank)) : of_numbers();
}

}  // namespace barometer
