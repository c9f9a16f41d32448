// Sums over cases by design row and cell: all that an estimate and its variance need of the data.
//
// A cell is a set of cases with the same value of everything that is estimated from: then each of
// them has the same influence u on an estimate, and its weighted influence by row is u times the
// sums below. The rows are those of the design (Design::row_begin).
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace barometer {

struct CellSums {
  size_t cell_count = 0;
  size_t row_count = 0;

  // Over all rows, one a cell: cases, those of them with a weight above 0, Σw, Σw².
  std::vector<uint64_t> n;
  std::vector<uint64_t> live;
  std::vector<double> w;
  std::vector<double> w2;

  // By row. The entries of row r are [row_begin[r], row_begin[r + 1]), by ascending cell; a cell
  // without cases in the row may be left out. `cell` is empty when every row has an entry for every
  // cell. row_begin itself is empty when sums by row were not asked for.
  std::vector<size_t> row_begin;
  std::vector<uint32_t> cell;
  std::vector<uint32_t> row_n;
  std::vector<double> row_w;
  // For designs of single cases only (Design::elements), else empty.
  std::vector<uint32_t> row_live;
  std::vector<double> row_w2;

  [[nodiscard]] bool by_row() const { return !row_begin.empty(); }
  // Of entry `at`, which is in row `row`.
  [[nodiscard]] uint32_t cell_of(size_t row, size_t at) const {
    return cell.empty() ? static_cast<uint32_t>(at - row_begin[row]) : cell[at];
  }
};

// What Σw² of n cases has over (Σw)²/n: nothing where their weights are alike, to rounding.
inline double spread_of_weights(double n, double w, double w2) {
  constexpr double kAlike = 1e-14;
  const double spread = w2 - w * w / n;
  return std::abs(spread) <= kAlike * w2 ? 0 : spread;
}

}  // namespace barometer
