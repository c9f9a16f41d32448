// Which entries of a cross table each cell of an engine's answer adds to.
//
// A sheet is the numbers of one table, row by row: its rows, then one row for the base; in each its
// columns, then one column for the total.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/design/cell_sums.h"
#include "barometer/engine/engine.h"

namespace barometer {

struct CrossLayout {
  size_t rows = 0, columns = 0;  // without the base, without the total
  std::vector<std::string> row_reasons;
  // Every cell is in one row and one column at most: then `slot` has one slot a cell, the row of
  // the base and the column of the total take what is in no row or column, and fold() sums them up.
  bool exclusive = false;
  std::vector<uint32_t> begin;  // slots of cell c: slot[begin[c], begin[c + 1]); none outside
  std::vector<uint32_t> slot;
  std::vector<uint32_t> used;  // cells with a case in the base

  [[nodiscard]] size_t width() const { return columns + 1; }
  [[nodiscard]] size_t entries() const { return rows * width(); }
  [[nodiscard]] size_t sheet_size() const { return (rows + 1) * width(); }
  [[nodiscard]] std::span<const uint32_t> slots_of(size_t cell) const {
    return std::span(slot).subspan(begin[cell], begin[cell + 1] - begin[cell]);
  }

  void fold(double* sheet) const;
  // Of a value a cell.
  template <class T>
  [[nodiscard]] std::vector<double> sheet_of(const T& by_cell) const {
    std::vector<double> sheet(sheet_size(), 0.0);
    for (const uint32_t cell : used) {
      for (const uint32_t at : slots_of(cell)) sheet[at] += static_cast<double>(by_cell[cell]);
    }
    if (exclusive) fold(sheet.data());
    return sheet;
  }
};

// `rows` and `columns`: places of the variables among those of the cells.
Result<CrossLayout> cross_layout(const Cells& cells, size_t rows, size_t columns);

// Of one cell: rows and columns that it is in, the total among the columns.
struct CrossPlace {
  std::vector<uint32_t> rows, columns;
};
CrossPlace place_of(const CrossLayout& layout, size_t cell);

}  // namespace barometer
