// Which cell each case is in.
//
// Of a few keys of few categories every combination is a cell, and its index is worked out where it
// is needed. Otherwise the combinations that occur are found first (CellIds).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "barometer/engine/engine.h"
#include "barometer/engine/key_column_internal.h"

namespace barometer {

inline constexpr uint32_t kOutOfMask = 0xFFFFFFFF;

// A column of numbers in design order.
struct NumberColumn {
  std::span<const double> values;
  std::vector<double> own;
  double centre = 0;  // the mean of all that are known
  std::shared_ptr<const KeyColumn> missing;
};

struct CellPlan {
  size_t places = 0;
  // Leading: whether a case is outside, when asked; then the keys of the query, then kinds of
  // missing of its numbers.
  std::vector<std::shared_ptr<const KeyColumn>> keys;
  std::shared_ptr<const std::vector<uint8_t>> inside;  // at each place; null: all
  bool masked = false;                                 // cases outside are in no cell

  // Product of the keys' counts, at most `limit` + 1.
  [[nodiscard]] size_t combinations(size_t limit) const;
  // Steps of each key in the index of a combination.
  [[nodiscard]] std::vector<size_t> strides() const;
  // Offsets of the quads of the cells of the places from `first` on, times 4; those out of the
  // mask at 4 * combinations.
  void offsets(size_t first, size_t combinations, std::span<uint16_t> offsets) const;
};

struct CellIds {
  size_t count = 0;
  std::vector<uint32_t> at;       // of each place; kOutOfMask for a case in no cell
  std::vector<uint32_t> example;  // a place in each cell
};

// Cells are the combinations that occur, in order.
CellIds cell_ids(const CellPlan& plan);

}  // namespace barometer
