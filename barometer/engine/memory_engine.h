// The engine that reads columns in memory.
//
// Columns are brought into design order when they are first used as a key, and kept. The design
// order is cut into parts that depend on the design alone; threads take parts, and what they found
// is put together in order. The answer is therefore the same to the last bit at any number of
// threads. May be asked from several threads at once.
//
// Cells are ordered by values of the keys, the first key leading: codes and numbers ascending, then
// the kinds of missing; those inside before those outside. Of a query with numbers they are ordered
// by row, then so. A query without a key and without a number has one cell, and data without a
// column.
#pragma once

#include <memory>

#include <Eigen/Core>

#include "barometer/engine/engine.h"

namespace barometer {

struct MemoryEngineOptions {
  using CaseMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  size_t threads = 1;
  // Replicate weights, a row a case in case order; a query without them is kUnsupported when it
  // asks for sums of replicates. Such a query has no `numbers`: their representatives have the sums
  // of the design's weights only.
  std::shared_ptr<const CaseMatrix> replicates{};
  // Cases of one row, and of several rows, that are summed together at most; for tests.
  size_t run_cases = 512;
  size_t part_cases = size_t{1} << 14;
};

class MemoryEngine final : public Engine {
  class Columns;
  class Request;
  struct Token {};

 public:
  // kInvalid: a design or replicates of another number of cases than the data.
  static Result<std::shared_ptr<const MemoryEngine>> make(std::shared_ptr<const Dataset> data,
                                                          std::shared_ptr<const Design> design,
                                                          MemoryEngineOptions options = {});
  // Takes the data over and puts its cases in design order, a column at a time, so that nothing is
  // held twice. Case order is then design order, for masks and `options.replicates` too.
  static Result<std::shared_ptr<const MemoryEngine>> make_sorted(Dataset&& data, Design&& design,
                                                                 MemoryEngineOptions options = {});
  // For make() only.
  MemoryEngine(Token token, std::unique_ptr<const Columns> columns, MemoryEngineOptions options);
  ~MemoryEngine() override;

  [[nodiscard]] const Design& design() const& override;
  [[nodiscard]] uint64_t case_count() const override;
  [[nodiscard]] const Codebook& codebook() const& override;
  [[nodiscard]] const Dataset& data() const&;

  Status answer(std::span<const CellQuery> queries, const Progress& progress,
                const std::function<Status(size_t query, Cells cells)>& use) const override;

 private:
  std::unique_ptr<const Columns> columns_;
  MemoryEngineOptions options_;
};

}  // namespace barometer
