// Random draws that are the same on every machine for a seed.
//
// std::mt19937_64 is specified to the bit; the distributions of <random> are not, so these are
// ours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <unordered_map>
#include <vector>

namespace barometer {

class RandomDraws {
 public:
  explicit RandomDraws(uint64_t seed) : engine_(seed) {}

  // Uniform on 0 … count - 1; `count` is at least 1. Values above the last whole multiple of
  // `count` are drawn again, so that none is likelier.
  size_t below(size_t count) {
    const uint64_t excess = (UINT64_MAX % count + 1) % count;  // 2^64 mod count
    uint64_t value = engine_();
    while (value > UINT64_MAX - excess) value = engine_();
    return value % count;
  }

  // `size` different numbers of 0 … count - 1, in random order: the first steps of a shuffle
  // (Fisher & Yates) that remembers only what it moved.
  std::vector<size_t> choose(size_t size, size_t count) {
    std::unordered_map<size_t, size_t> moved;
    const auto at = [&](size_t place) {
      const auto found = moved.find(place);
      return found == moved.end() ? place : found->second;
    };
    std::vector<size_t> chosen;
    for (size_t i = 0; i < size; ++i) {
      const size_t j = i + below(count - i);
      chosen.push_back(at(j));
      moved[j] = at(i);
    }
    return chosen;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace barometer
