// Sums by design row and cell: the one kind of question an engine answers.
//
// A book is a list of tables over the same cases. A table gives each case at most one cell, and
// may give it a number y. For the cases whose mask byte is 1 and whose cell is not kNoCell, the
// answer holds for every row of the design (Design::row_begin) and every cell the sums below.
// Every estimate and its variance is a small function of these; nothing else reads the cases.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/design/design.h"

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

class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  [[nodiscard]] virtual const Design& design() const& = 0;
  // One answer a table, in order. `mask` is empty (all cases) or one byte a case.
  // kLimit when `progress` was told to stop.
  [[nodiscard]] virtual Result<std::vector<TableSums>> sum(const Book& book,
                                                           std::span<const uint8_t> mask,
                                                           const Progress& progress) const = 0;
};

}  // namespace barometer
