#include "barometer/engine/book_engine.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <fmt/format.h>

namespace barometer {
namespace {

TableSums empty_sums(const BookTable& table, size_t rows, bool second_moments) {
  TableSums sums;
  sums.row_count = rows;
  sums.cell_count = table.cell_count;
  sums.centre = table.centre;
  sums.has_y = !table.y.empty();
  const size_t size = rows * table.cell_count;
  sums.n.assign(size, 0);
  sums.live.assign(size, 0);
  sums.w.assign(size, 0);
  sums.w2.assign(size, 0);
  if (sums.has_y) {
    sums.wv.assign(size, 0);
    sums.wv2.assign(size, 0);
    if (second_moments) {
      sums.w2v.assign(size, 0);
      sums.w2v2.assign(size, 0);
    }
  }
  return sums;
}

template <class T>
void add_range(std::vector<T>& to, size_t to_first, const std::vector<T>& from, size_t from_first,
               size_t count) {
  if (from.empty()) return;
  for (size_t i = 0; i < count; ++i) to[to_first + i] += from[from_first + i];
}

// Adds one row of `from` to one row of `to`.
void add_row(TableSums& to, size_t to_row, const TableSums& from, size_t from_row) {
  const size_t count = to.cell_count;
  const size_t at = to_row * count;
  const size_t begin = from_row * count;
  add_range(to.n, at, from.n, begin, count);
  add_range(to.live, at, from.live, begin, count);
  add_range(to.w, at, from.w, begin, count);
  add_range(to.w2, at, from.w2, begin, count);
  add_range(to.wv, at, from.wv, begin, count);
  add_range(to.wv2, at, from.wv2, begin, count);
  add_range(to.w2v, at, from.w2v, begin, count);
  add_range(to.w2v2, at, from.w2v2, begin, count);
}

// Adds the places [first, last) to row `row` of `sums`. Returns false at a cell out of range.
bool add_cases(const BookEngine::Columns& cases, const BookTable& table, size_t first, size_t last,
               TableSums& sums, size_t row) {
  bool in_range = true;
  const size_t base = row * table.cell_count;
  for (size_t place = first; place < last; ++place) {
    const uint32_t i = cases.order[place];
    const uint16_t cell = table.cells[i];
    if (cell >= table.cell_count) {
      in_range = in_range && cell == kNoCell;
      continue;
    }
    if (!cases.mask.empty() && cases.mask[i] == 0) continue;
    const double w = cases.weights[place];
    const size_t at = base + cell;
    ++sums.n[at];
    sums.live[at] += static_cast<size_t>(w > 0);
    sums.w[at] += w;
    sums.w2[at] += w * w;
    if (!sums.has_y) continue;
    const double v = table.y[i] - table.centre;
    sums.wv[at] += w * v;
    sums.wv2[at] += w * v * v;
    if (sums.w2v.empty()) continue;
    sums.w2v[at] += w * w * v;
    sums.w2v2[at] += w * w * v * v;
  }
  return in_range;
}

void check_book(const Book& book, size_t case_count, std::span<const uint8_t> mask) {
  CHECK(mask.empty() || mask.size() == case_count, "one mask byte a case");
  for (const BookTable& table : book.tables) {
    CHECK(table.cells.size() == case_count, "one cell a case");
    CHECK(table.y.empty() || table.y.size() == case_count, "one y a case");
    CHECK(table.cell_count < kNoCell, "cells fit beside kNoCell");
  }
}

}  // namespace

TableSums TableSums::over_rows() const {
  TableSums total = *this;
  total.row_count = 1;
  total.w.assign(cell_count, 0);
  total.w2.assign(cell_count, 0);
  for (auto* sums : {&total.wv, &total.wv2}) sums->assign(has_y ? cell_count : 0, 0);
  for (auto* sums : {&total.w2v, &total.w2v2}) sums->assign(sums->empty() ? 0 : cell_count, 0);
  total.n.assign(cell_count, 0);
  total.live.assign(cell_count, 0);
  for (size_t row = 0; row < row_count; ++row) add_row(total, 0, *this, row);
  return total;
}

BookEngine::BookEngine(std::shared_ptr<const Design> design, size_t threads, size_t block_cases)
    : design_(std::move(design)), threads_(std::max<size_t>(1, threads)) {
  CHECK(block_cases > 0, "a block holds cases");
  weights_.reserve(design_->case_count());
  for (const uint32_t i : design_->order()) weights_.push_back(design_->weights()[i]);
  blocks_ = cut_blocks(block_cases);
}

// A block ends with the row it reaches into, unless that row alone is longer than a block.
std::vector<BookEngine::Block> BookEngine::cut_blocks(size_t block_cases) const {
  std::vector<Block> blocks;
  const auto begins = design_->row_begin();
  size_t row = 0;
  for (size_t first = 0; first < design_->case_count();) {
    size_t last = std::min(first + block_cases, design_->case_count());
    size_t end_row = row;
    while (begins[end_row + 1] < last) ++end_row;
    const size_t length = begins[end_row + 1] - begins[end_row];
    if (length <= block_cases) last = begins[end_row + 1];
    blocks.push_back({first, last, row, begins[row] < first});
    row = begins[end_row + 1] == last ? end_row + 1 : end_row;
    first = last;
  }
  return blocks;
}

bool BookEngine::sum_block(const Columns& cases, const Block& block, const BookTable& table,
                           TableSums& answer, TableSums& head) const {
  const auto begins = design_->row_begin();
  bool in_range = true;
  size_t row = block.row;
  for (size_t first = block.first; first < block.last; ++row) {
    const size_t last = std::min(block.last, begins[row + 1]);
    const bool is_head = row == block.row && block.continues_row;
    in_range &= add_cases(cases, table, first, last, is_head ? head : answer, is_head ? 0 : row);
    first = last;
  }
  return in_range;
}

Result<std::vector<TableSums>> BookEngine::sum(const Book& book, std::span<const uint8_t> mask,
                                               const Progress& progress) const {
  check_book(book, design_->case_count(), mask);
  const Columns cases{design_->order(), weights_, mask};
  std::vector<TableSums> answer;
  for (const BookTable& table : book.tables) {
    answer.push_back(empty_sums(table, design_->row_count(), design_->elements()));
  }
  // What a block adds to a row that began in an earlier block, for each table.
  std::vector<std::vector<TableSums>> heads(blocks_.size());
  std::atomic<size_t> next{0};
  std::atomic<bool> in_range{true};
  const auto work = [&](bool reports) {
    for (size_t b = next++; b < blocks_.size() && !progress.stopped(); b = next++) {
      const Block& block = blocks_[b];
      for (size_t t = 0; t < book.tables.size(); ++t) {
        const BookTable& table = book.tables[t];
        TableSums head = empty_sums(table, block.continues_row ? 1 : 0, design_->elements());
        if (!sum_block(cases, block, table, answer[t], head)) in_range = false;
        if (block.continues_row) heads[b].push_back(std::move(head));
      }
      if (reports) progress.report("summing cases", block.last, design_->case_count());
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (size_t i = 1; i < std::min(threads_, blocks_.size()); ++i)
      helpers.emplace_back(work, false);
    work(true);
  }
  if (progress.stopped()) return fail(ErrorCode::kLimit, "stopped while summing cases");
  CHECK(in_range, "cells are below the cell count");
  for (size_t b = 0; b < blocks_.size(); ++b) {
    for (size_t t = 0; t < heads[b].size(); ++t) add_row(answer[t], blocks_[b].row, heads[b][t], 0);
  }
  return answer;
}

}  // namespace barometer
