// Sums by design row and cell of tables whose cells were worked out beforehand, one code a case.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace barometer {

inline constexpr uint16_t kNoCell = 0xFFFF;

struct BookTable {
  std::span<const uint16_t> cells;  // one a case: below cell_count, or kNoCell
  size_t cell_count = 0;
  std::span<const double> y;  // one finite number a case, or empty
  double centre = 0;          // sums take y - centre: choose it near the mean of y
};

struct Book {
  std::vector<BookTable> tables;
};

// Of one table; entry [row * cell_count + cell]. v stands for y - centre. The sums with v are
// empty for a table without y; the last two are kept for element designs only, where a variance
// needs second moments of single cases.
struct TableSums {
  size_t row_count = 0;
  size_t cell_count = 0;
  double centre = 0;
  bool has_y = false;
  std::vector<size_t> n;     // cases
  std::vector<size_t> live;  // cases with a weight above 0
  std::vector<double> w;     // Σw
  std::vector<double> w2;    // Σw²
  std::vector<double> wv;    // Σwv
  std::vector<double> wv2;   // Σwv²
  std::vector<double> w2v;   // Σw²v
  std::vector<double> w2v2;  // Σw²v²

  [[nodiscard]] size_t at(size_t row, size_t cell) const { return row * cell_count + cell; }
  // Sums over the rows: one entry a cell.
  [[nodiscard]] TableSums over_rows() const;
};

}  // namespace barometer
