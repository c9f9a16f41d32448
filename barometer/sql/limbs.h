// Exact sums of doubles in databases that add whole numbers only, each in its own order.
//
// A double x with |x| <= M is cut into two whole numbers,
//   high = floor(x 2^a),  low = floor((x 2^a - high) 2^31 + 1/2),
// whose sums are exact in 64 bits when a is the largest shift with N M 2^a < 2^62, for N cases. The
// sum of x is (Σhigh 2^31 + Σlow) 2^-(a+31), rounded once. It is the same to the last bit for any
// order, number of threads or cut into shards. What of x is lost lies below N M 2^-93: with a
// thousand million cases, every bit of an x above M / 1000, and 2^-63 M of any other.
#pragma once

#include <cstdint>

namespace barometer {

__extension__ typedef __int128 LongWhole;

struct Limbs {
  int64_t high = 0;
  int64_t low = 0;
};

// `a` of the formula above. largest: M, finite and at least 0; cases: N.
int limb_shift(double largest, uint64_t cases);

// In units of 2^-(shift + 31): to be added as whole numbers are.
inline LongWhole joined(const Limbs& sums) {
  return (static_cast<LongWhole>(sums.high) << 31) + sums.low;
}
// The double nearest to sum 2^-(shift + 31).
double value_of_limbs(LongWhole sum, int shift);

// The limbs of one double, as the databases work them out.
Limbs limbs_of(double x, int shift);

}  // namespace barometer
