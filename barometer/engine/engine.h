// Sums by design row and cell: the one kind of question an engine answers.
//
// A query names variables. The engine answers with the distinct combinations of their values, the
// cells, as a small dataset of one row a cell, and with the sums of the weights by design row and
// cell. Every estimate and its variance is a small function of these; nothing else reads the cases.
// The same query is answered by columns in memory (memory_engine.h) and by databases in SQL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/data/dataset.h"
#include "barometer/data/expression.h"
#include "barometer/design/cell_sums.h"
#include "barometer/design/design.h"

namespace barometer {

struct CellQuery {
  // Variable ids: cases that differ in one of these (a kind of missing is a value) are in different
  // cells. Of a number, each value. Not open text.
  std::vector<std::string> keys{};
  // Number variables of which only sums of weight times value, and of its squares and products, are
  // needed: cells then hold representative values with the same sums (engine/moments.h).
  std::vector<std::string> numbers{};
  // Only cases for which this is true, and all of them when absent. With `outside` the others have
  // cells of their own (Cells::inside).
  std::optional<Expression> where{};
  bool outside = false;
  // In place of `where`: one byte a case, in case order. Engines in memory only.
  std::span<const uint8_t> mask{};
  bool by_row = true;       // false: sums over the whole sample only
  bool replicates = false;  // Cells::replicates too
  // Cells::cell_of_case too. Engines in memory only; without `numbers`.
  bool of_cases = false;
  // kLimit past so many (row, cell) entries.
  size_t most_entries = size_t{1} << 26;
};

inline constexpr uint32_t kInNoCell = 0xFFFFFFFF;

struct Cells {
  // One row a cell with a case (or, of a few keys of few categories, every combination): the keys,
  // then the numbers, as variables of the codebook. Categories are those of the whole data.
  Dataset data;
  CellSums sums;
  std::vector<uint8_t> inside;  // one a cell: 1 where `where` is true; empty unless `outside`
  Matrix replicates;            // cells × R: sums of each replicate weight; 0 × 0 unless asked for
  // The cell of each case, in case order; kInNoCell for one in none. Empty unless asked for.
  std::vector<uint32_t> cell_of_case;
};

class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  // Its rows are those of the sums. Of an engine in memory its cases are those of the data; of a
  // database they are the rows, and Design::case_count says nothing of the number of cases.
  [[nodiscard]] virtual const Design& design() const& = 0;
  [[nodiscard]] virtual uint64_t case_count() const = 0;
  // Every variable, with the categories of its columns of text where these are known beforehand.
  [[nodiscard]] virtual const Codebook& codebook() const& = 0;

  // Answers each query, handing the answers to `use` in order of the queries, one at a time, so
  // that a book of tables need not be held as a whole. An error of `use` ends the work and is
  // returned. kNotFound: no such variable, with the nearest names; kUnsupported: open text as a
  // key; kInvalid: an expression that does not fit; kLimit: too many entries, or `progress` was
  // told to stop; kIo: a server that cannot be reached, with its name and what it said.
  virtual Status answer(std::span<const CellQuery> queries, const Progress& progress,
                        const std::function<Status(size_t query, Cells cells)>& use) const = 0;

  // Of one query.
  [[nodiscard]] Result<Cells> cells(const CellQuery& query, const Progress& progress) const;
};

}  // namespace barometer
