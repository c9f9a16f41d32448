#include "barometer/sql/limbs.h"

#include <algorithm>
#include <cmath>

#include "barometer/base/result.h"

namespace barometer {
namespace {

constexpr int kSumBits = 62;
constexpr int kLowBits = 31;
// Scales are doubles themselves.
constexpr int kMostShift = 1000;

}  // namespace

int limb_shift(double largest, uint64_t cases) {
  CHECK(std::isfinite(largest) && largest >= 0, "the largest value is known");
  int of_value = 0;
  std::frexp(largest, &of_value);  // largest < 2^of_value
  int of_count = 0;
  while (of_count < 64 && (uint64_t{1} << of_count) < cases) ++of_count;
  if (largest == 0) return 0;
  return std::clamp(kSumBits - of_value - of_count, -kMostShift, kMostShift);
}

double value_of_limbs(LongWhole sum, int shift) {
  return std::ldexp(static_cast<double>(sum), -(shift + kLowBits));
}

Limbs limbs_of(double x, int shift) {
  const double scaled = x * std::ldexp(1.0, shift);
  const double high = std::floor(scaled);
  const double low = std::floor((scaled - high) * 0x1p31 + 0.5);
  return {static_cast<int64_t>(high), static_cast<int64_t>(low)};
}

// Towards zero: the rest of a small number below zero would not fit a double after floor.
FineLimbs fine_limbs_of(double x, int shift) {
  const double scaled = x * std::ldexp(1.0, shift);
  const double high = std::trunc(scaled);
  const double rest = (scaled - high) * 0x1p31;
  const double middle = std::trunc(rest);
  const double low = std::floor((rest - middle) * 0x1p31 + 0.5);
  return {static_cast<int64_t>(high), static_cast<int64_t>(middle), static_cast<int64_t>(low)};
}

}  // namespace barometer
