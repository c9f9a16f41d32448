// Values of a table's entries and the influence of each cell on them; spread_internal.h makes
// variances of these.
//
// Entry (r, g) is A / B with A = Σ_g w z, and B = Σ_g w b (of its column), Σ w z over the total (of
// its row) or Σ w b over the total (of the table): the influence of a cell is (z [in g] - p d) / B
// with d what it adds to B for each unit of weight. A standard deviation is √V,
// V = n/(n-1) Σ w (y - ȳ)² / Σ w (estimand/spread.h), with the influence
// (n/(n-1) (y - ȳ)² - V) / (2 √V Σ w).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "barometer/book/columns_internal.h"
#include "barometer/design/cell_sums.h"

namespace barometer {

// Who is in the base of a row: one a cell. Of responses b is the number of answers, else 1 or 0.
struct RowBase {
  std::vector<uint8_t> in;
  std::vector<double> b;
  bool operator==(const RowBase&) const = default;
};

struct RowForm {
  RowKind kind = RowKind::kCategory;
  PercentBase of = PercentBase::kColumn;
  std::vector<double> z;  // one a cell; 0 outside the base
  size_t base = 0;        // among RowForms::bases

  [[nodiscard]] bool share() const { return is_share(kind); }
};

struct RowForms {
  std::vector<RowBase> bases;  // the first is that of the table
  std::vector<RowForm> rows;
};

// Of a cell, on the rows of each column that it bears on: u[at * rows, (at + 1) * rows) for at in
// [begin[c], begin[c + 1]), on column[at].
struct Influence {
  size_t rows = 0, columns = 0;
  std::vector<uint32_t> begin, column;
  std::vector<double> u;
};

// Sums of a base by column: entries base * columns + column.
struct BaseSums {
  std::vector<double> n, live, w, w2, b;  // w: Σw of cases in the base; b: Σ w b
};

// Entries row * columns + column.
struct Figures {
  size_t rows = 0, columns = 0;
  std::vector<double> value;
  std::vector<std::string> reason;  // why there is no value; empty where there is one
  std::vector<double> n, count, weighted_count, weighted_base, effective_base;
  BaseSums bases;
  std::vector<double> inverse;  // of what an entry is divided by; 0 where it has no value
  std::vector<double> centre;   // the mean that a deviation is from

  [[nodiscard]] size_t at(size_t row, size_t column) const { return row * columns + column; }
};

// The last column is the total. Medians are left without value.
Figures figures_of(const CellSums& sums, const RowForms& forms, const Places& places);
Influence influence_of(const CellSums& sums, const RowForms& forms, const Places& places,
                       const Figures& figures);
// Whether the cell stands for anything.
bool is_used(const CellSums& sums, size_t cell);

}  // namespace barometer
