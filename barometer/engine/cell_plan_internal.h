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
#include "barometer/engine/kernels.h"
#include "barometer/engine/key_column_internal.h"

namespace barometer {

// Cells that TileCells can tell apart, with one more for cases out of the mask.
inline constexpr size_t kMostCells = 0x3FFE;

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
};

// Cells of the cases of one tile, for plans whose every combination is a cell.
class TileCells {
 public:
  // A cell is told by `step` times its index.
  TileCells(std::span<const CellPlan* const> plans, size_t tile_cases, size_t step = kQuadDoubles);

  // The places [first, first + count).
  void load(size_t first, size_t count);
  // The cell of each of them by the plan of that index; of a case out of the mask, the one after
  // the last.
  void find(size_t plan, std::span<uint16_t> offsets) const;

 private:
  // A key used by any plan: its indices are looked up once a tile.
  struct Key {
    const KeyColumn* key = nullptr;
    std::vector<uint8_t> narrow{};
    std::vector<uint16_t> wide{};
    std::span<const uint8_t> narrow_indices{};  // one of these two
    std::span<const uint16_t> wide_indices{};
  };
  struct Step {
    size_t key = 0;
    size_t stride = 0;
  };
  struct Recipe {
    std::vector<Step> steps{};
    uint16_t elsewhere = 0;
    std::span<const uint8_t> mask{};
  };
  size_t key_at(const KeyColumn* key, size_t tile_cases);
  static void load(Key& key, size_t first, size_t count);

  std::vector<Key> keys_;
  std::vector<Recipe> recipes_;
  size_t first_ = 0;
};

struct CellIds {
  size_t count = 0;
  std::vector<uint32_t> at;       // of each place; kInNoCell for a case in no cell
  std::vector<uint32_t> example;  // a place in each cell
};

// Cells are the combinations that occur, in order.
CellIds cell_ids(const CellPlan& plan);

}  // namespace barometer
