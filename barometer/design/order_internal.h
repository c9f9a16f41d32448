// A stable order of cases by several codes, the first code leading.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace barometer {

// 0 … n-1 sorted by keys[0], then keys[1], …; equal cases keep their order. Counting sort from the
// last key to the first where the codes are dense, comparison sort where they are not.
std::vector<uint32_t> stable_order(size_t n, const std::vector<std::span<const int32_t>>& keys);

}  // namespace barometer
