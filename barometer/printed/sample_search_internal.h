// Whole scores 0 … top of n people with a given sum and sum of squares, found or shown not to be.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace barometer {

class SampleSearch {
 public:
  explicit SampleSearch(int64_t top) : top_(top) {}

  // People with each score; nothing where there are none.
  std::optional<std::vector<int64_t>> find(int64_t n, int64_t sum, int64_t squares);

  // The greatest sum of squares with this sum: as many at the top as it takes, one person the rest.
  static int64_t most_squares(int64_t sum, int64_t top) {
    const int64_t rest = sum % top;
    return (sum / top) * top * top + rest * rest;
  }
  // The least: all the same, or one apart. n > 0.
  static int64_t least_squares(int64_t sum, int64_t n) {
    const int64_t each = sum / n;
    const int64_t over = sum % n;
    return (n - over) * each * each + over * (each + 1) * (each + 1);
  }

  [[nodiscard]] size_t dead_ends() const { return dead_.size(); }

 private:
  // Scores 0 … score for n people.
  bool place(int64_t score, int64_t n, int64_t sum, int64_t squares);

  int64_t top_;
  std::vector<int64_t> counts_;
  std::set<std::array<int64_t, 4>> dead_;  // states from which no way leads on
};

}  // namespace barometer
