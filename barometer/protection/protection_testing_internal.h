// Slow, obvious answers for tests: all systems of counts of a small system, one after the other.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <vector>

#include "barometer/protection/cross_table.h"

namespace barometer::testing {

inline int64_t value_of(const LinearSum& sum, std::span<const int64_t> counts) {
  int64_t value = 0;
  for (const auto& [atom, coefficient] : sum.terms) value += coefficient * counts[atom];
  return value;
}

inline bool meets(const CountSystem& system, std::span<const int64_t> counts) {
  for (const CountStatement& statement : system.statements) {
    const int64_t value = value_of(statement.sum, counts);
    if (value < statement.least || value > statement.most) return false;
  }
  return true;
}

// Every vector of counts from 0 to `most` (one a atom) that meets the system.
inline void for_each_count(const CountSystem& system, const std::vector<int64_t>& most,
                           const std::function<void(std::span<const int64_t>)>& visit) {
  std::vector<int64_t> counts(system.atoms, 0);
  while (true) {
    if (meets(system, counts)) visit(counts);
    size_t at = 0;
    while (at < counts.size() && counts[at] == most[at]) counts[at++] = 0;
    if (at == counts.size()) return;
    ++counts[at];
  }
}

// The ranges of the sums, or none at all where nothing meets the system.
inline std::vector<SumRange> slow_ranges(const CountSystem& system,
                                         const std::vector<LinearSum>& sums,
                                         const std::vector<int64_t>& most) {
  std::vector<SumRange> ranges;
  for_each_count(system, most, [&](std::span<const int64_t> counts) {
    const bool first = ranges.empty();
    ranges.resize(sums.size());
    for (size_t i = 0; i < sums.size(); ++i) {
      const int64_t value = value_of(sums[i], counts);
      ranges[i].least = first ? value : std::min(ranges[i].least, value);
      ranges[i].most = first ? value : std::max(ranges[i].most, value);
    }
  });
  return ranges;
}

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  // From `least` to `most`; the same on every machine.
  int64_t roll(int64_t least, int64_t most) {
    return least + static_cast<int64_t>(engine_() % static_cast<uint64_t>(most - least + 1));
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace barometer::testing
