#include <algorithm>
#include <numeric>

#include "barometer/design/order_internal.h"

namespace barometer {
namespace {

bool is_sorted_by(std::span<const uint32_t> order, std::span<const int32_t> key) {
  return std::is_sorted(order.begin(), order.end(),
                        [key](uint32_t a, uint32_t b) { return key[a] < key[b]; });
}

void counting_sort(std::vector<uint32_t>& order, std::span<const int32_t> key, int32_t low,
                   size_t width) {
  std::vector<uint32_t> next(width + 1, 0);
  for (const int32_t code : key) ++next[static_cast<size_t>(code - low) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<uint32_t> sorted(order.size());
  for (const uint32_t i : order) sorted[next[static_cast<size_t>(key[i] - low)]++] = i;
  order = std::move(sorted);
}

void sort_by(std::vector<uint32_t>& order, std::span<const int32_t> key) {
  if (order.empty() || is_sorted_by(order, key)) return;
  const auto [low, high] = std::minmax_element(key.begin(), key.end());
  const auto width = static_cast<size_t>(static_cast<int64_t>(*high) - *low + 1);
  if (width <= 4 * order.size() + 1024) {
    counting_sort(order, key, *low, width);
  } else {
    std::stable_sort(order.begin(), order.end(),
                     [key](uint32_t a, uint32_t b) { return key[a] < key[b]; });
  }
}

}  // namespace

std::vector<uint32_t> stable_order(size_t n, const std::vector<std::span<const int32_t>>& keys) {
  std::vector<uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  for (size_t k = keys.size(); k-- > 0;) sort_by(order, keys[k]);
  return order;
}

}  // namespace barometer
