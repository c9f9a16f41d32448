#include "barometer/engine/memory_columns_internal.h"

namespace barometer {
namespace {

bool is_identity(std::span<const uint32_t> order) {
  for (size_t i = 0; i < order.size(); ++i) {
    if (order[i] != i) return false;
  }
  return true;
}

std::vector<double> sorted_by(std::span<const uint32_t> order, std::span<const double> values) {
  std::vector<double> sorted;
  sorted.reserve(order.size());
  for (const uint32_t i : order) sorted.push_back(values[i]);
  return sorted;
}

NumberColumn number_column(const Numbers& numbers, std::span<const uint32_t> order) {
  NumberColumn column;
  double sum = 0;
  double count = 0;
  for (size_t i = 0; i < numbers.values.size(); ++i) {
    const bool known = numbers.missing[i] == Missing::kNone;
    sum += known ? numbers.values[i] : 0;
    count += known ? 1 : 0;
  }
  if (count > 0) column.centre = sum / count;
  if (!order.empty()) column.own = sorted_by(order, numbers.values);
  column.values = order.empty() ? std::span(numbers.values) : std::span(column.own);
  column.missing = std::make_shared<const KeyColumn>(missing_kinds(numbers.missing, order));
  return column;
}

}  // namespace

MemoryEngine::Columns::Columns(std::shared_ptr<const Dataset> data,
                               std::shared_ptr<const Design> design)
    : data_(std::move(data)), design_(std::move(design)) {
  if (!is_identity(design_->order())) {
    order_ = design_->order();
    own_weights_ = sorted_by(order_, design_->weights());
  }
  weights_ = order_.empty() ? design_->weights() : std::span<const double>(own_weights_);
}

std::shared_ptr<const KeyColumn> MemoryEngine::Columns::key(size_t column) const {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const KeyColumn>& key = keys_[column];
  if (!key) key = std::make_shared<const KeyColumn>(key_column(data_->column(column), order_));
  return key;
}

std::shared_ptr<const NumberColumn> MemoryEngine::Columns::number(size_t column) const {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const NumberColumn>& number = numbers_[column];
  if (!number) {
    number = std::make_shared<const NumberColumn>(
        number_column(std::get<Numbers>(data_->column(column)), order_));
  }
  return number;
}

std::vector<uint8_t> MemoryEngine::Columns::sorted(std::span<const uint8_t> mask) const {
  if (order_.empty()) return {mask.begin(), mask.end()};
  std::vector<uint8_t> sorted;
  sorted.reserve(mask.size());
  for (const uint32_t i : order_) sorted.push_back(mask[i]);
  return sorted;
}

}  // namespace barometer
