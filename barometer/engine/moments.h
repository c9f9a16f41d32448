// A few representative cases in place of many, with the same sums.
//
// A group of cases with weights w_i and p numbers v_i is replaced by at most 4p + 1 cases that have
// the same n, Σw, Σwv, Σwvvᵀ and Σw², Σw²v, Σw²vvᵀ. An estimate that is linear in the numbers
// (mean, total, ratio, regression on the keys) and its variance under any design are then the same,
// and so is what is quadratic in them (a population variance, a design effect). The points are the
// ends of the axes of an ellipsoid, as in Julier & Uhlmann, Proc. IEEE 92 (2004), eq. 12, once for
// the measure w and once for w².
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace barometer {

// Entries (j, k), k ≤ j, of a symmetric p × p matrix, row by row.
inline size_t triangle_size(size_t p) { return p * (p + 1) / 2; }
inline size_t triangle_at(size_t j, size_t k) { return j * (j + 1) / 2 + k; }

// Of one group. Numbers count from a centre that is the caller's: choose it near their means.
struct GroupSums {
  uint64_t n = 0, live = 0;
  double w = 0, w2 = 0;
  std::span<const double> wv;    // p
  std::span<const double> wvv;   // triangle_size(p)
  std::span<const double> w2v;   // p, or empty where second moments of single cases do not matter
  std::span<const double> w2vv;  // triangle_size(p), or empty
};

struct Representative {
  uint64_t n = 0, live = 0;
  double w = 0, w2 = 0;
  std::vector<double> v;  // p, from the centre
};

// In doubles the spread of a number is known to about 2^-52 (mean / spread)² of itself: a centre
// far from the group, or values that hardly differ, cost digits.
//
// At least one; n and live stand with the first. With w2v empty, w2 is spread as w is. A group
// whose weights are all 0 becomes one case at the centre.
std::vector<Representative> representatives(const GroupSums& group);

// The same of one number, without a vector; n and live stand with the first here too.
struct PointsOfOne {
  size_t count = 0;
  std::array<double, 4> v{}, w{}, w2{};
};
PointsOfOne points_of_one(const GroupSums& group);

}  // namespace barometer
