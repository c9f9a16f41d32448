// The sample that a part of a table is estimated from.
//
// Where the variance needs no more than sums by unit of the design, the sample's cases are the
// cells of the engine's answer. Of any other sample (BookOptions::samples: replicate or calibrated
// weights, unequal probabilities, waves) they are the cases of the data, and every case of a cell
// has the values of its cell.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "barometer/engine/engine.h"
#include "barometer/sample/sample.h"

namespace barometer {

class PartSample {
 public:
  // Of the cells; all are borrowed.
  PartSample(const Design& design, const CellSums& sums);
  // Of the cases; `cells` know the cell of each.
  PartSample(const Sample& sample, const Cells& cells);

  [[nodiscard]] const Sample& sample() const& { return sample_; }
  [[nodiscard]] bool of_cases() const { return !cell_of_case_.empty(); }
  // One a case of the sample, from one a cell: 0 outside every cell.
  template <class T>
  [[nodiscard]] std::vector<T> each(const std::vector<T>& by_cell) const {
    if (!of_cases()) return by_cell;
    std::vector<T> values(cell_of_case_.size(), T{});
    for (size_t i = 0; i < values.size(); ++i) {
      if (cell_of_case_[i] != kInNoCell) values[i] = by_cell[cell_of_case_[i]];
    }
    return values;
  }
  // Rows of the matrix, one a cell, as rows of the cases: 0 outside every cell.
  [[nodiscard]] Matrix each(const Matrix& by_cell) const;
  // The data of the cells as data of the cases. Those outside have the values of the first cell,
  // and have no place in a domain; there is a cell.
  [[nodiscard]] Result<Dataset> data(const Dataset& cells) const;

 private:
  Sample sample_;
  std::span<const uint32_t> cell_of_case_;
};

}  // namespace barometer
