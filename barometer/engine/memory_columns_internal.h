// The columns of the memory engine, brought into design order at their first use.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "barometer/engine/cell_plan_internal.h"
#include "barometer/engine/memory_engine.h"

namespace barometer {

class MemoryEngine::Columns {
 public:
  Columns(std::shared_ptr<const Dataset> data, std::shared_ptr<const Design> design);

  [[nodiscard]] const Dataset& data() const { return *data_; }
  [[nodiscard]] const Design& design() const { return *design_; }
  [[nodiscard]] std::span<const double> weights() const { return weights_; }  // in design order

  // Of the column at an index of the codebook. From any thread.
  [[nodiscard]] std::shared_ptr<const KeyColumn> key(size_t column) const;
  [[nodiscard]] std::shared_ptr<const NumberColumn> number(size_t column) const;
  // From case order.
  [[nodiscard]] std::vector<uint8_t> sorted(std::span<const uint8_t> mask) const;

 private:
  std::shared_ptr<const Dataset> data_;
  std::shared_ptr<const Design> design_;
  std::span<const uint32_t> order_;  // empty when the cases stand in design order
  std::vector<double> own_weights_;
  std::span<const double> weights_;
  mutable std::mutex mutex_;
  mutable std::map<size_t, std::shared_ptr<const KeyColumn>> keys_;
  mutable std::map<size_t, std::shared_ptr<const NumberColumn>> numbers_;
};

}  // namespace barometer
