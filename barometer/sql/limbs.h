// Exact sums of doubles in databases that add whole numbers only, each in its own order.
//
// A double x with |x| <= M is cut into two whole numbers,
//   high = floor(x 2^a),  low = floor((x 2^a - high) 2^31 + 1/2),
// whose sums are exact in 64 bits when a is the largest shift with N M 2^a < 2^62, for N cases. The
// sum of x is (Σhigh 2^31 + Σlow) 2^-(a+31), rounded once. It is the same to the last bit for any
// order, number of threads or cut into shards. What of x is lost lies below N M 2^-93: with a
// thousand million cases, every bit of an x above M / 1000, and 2^-63 M of any other.
//
// Products of weights and numbers spread wider: of weights from 1e-3 to 1e6, w² goes over 18 powers
// of ten, and a domain of small weights would keep few digits. They are cut into three,
//   high = trunc(x 2^a),  r = (x 2^a - high) 2^31,  middle = trunc(r),
//   low = floor((r - middle) 2^31 + 1/2),
// where each difference is exact, and high 2^62 + middle 2^31 + low is added in 128 bits. What of x
// is lost lies below N M 2^-124: with a thousand cases every bit of an x above 2^-61 M, with a
// thousand million of an x above 2^-41 M, and 2^-94 M of any other.
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

// The three of a product. The same shift; units of 2^-(shift + 62), so that a sum's value is
// value_of_limbs(sum, fine_shift(shift)).
struct FineLimbs {
  int64_t high = 0;
  int64_t middle = 0;
  int64_t low = 0;
};
inline LongWhole joined(const FineLimbs& sums) {
  const LongWhole upper = (static_cast<LongWhole>(sums.high) << 31) + sums.middle;
  return (upper << 31) + sums.low;
}
inline int fine_shift(int shift) { return shift + 31; }
FineLimbs fine_limbs_of(double x, int shift);

}  // namespace barometer
