// Sums of tables whose cells are given case by case. Superseded by memory_engine.h.
//
// The design order is cut into blocks that depend on the design alone; threads take blocks, and a
// row that is longer than a block is put together from its blocks in order. The answer is therefore
// the same to the last bit at any number of threads.
#pragma once

#include <memory>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/design/design.h"
#include "barometer/engine/table_sums.h"

namespace barometer {

class BookEngine {
 public:
  // `threads` at least 1. `block_cases` is for tests.
  explicit BookEngine(std::shared_ptr<const Design> design, size_t threads = 1,
                      size_t block_cases = size_t{1} << 16);

  // What a block reads besides the table.
  struct Columns {
    std::span<const uint32_t> order;  // case at each place of the design order
    std::span<const double> weights;  // at each place
    std::span<const uint8_t> mask;    // a case; empty: all
  };

  [[nodiscard]] const Design& design() const& { return *design_; }
  [[nodiscard]] Result<std::vector<TableSums>> sum(const Book& book, std::span<const uint8_t> mask,
                                                   const Progress& progress) const;

 private:
  struct Block {
    size_t first = 0, last = 0;  // places in the design order
    size_t row = 0;              // of the first place
    bool continues_row = false;  // that row began in an earlier block
  };
  [[nodiscard]] std::vector<Block> cut_blocks(size_t block_cases) const;
  // False at a cell out of range. `head` takes the part of a row that began in an earlier block.
  bool sum_block(const Columns& cases, const Block& block, const BookTable& table,
                 TableSums& answer, TableSums& head) const;

  std::shared_ptr<const Design> design_;
  size_t threads_;
  std::vector<double> weights_;  // in design order
  std::vector<Block> blocks_;
};

}  // namespace barometer
