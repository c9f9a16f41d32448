// Comparing floating-point results: relative error, with the reason for the tolerance.
#pragma once

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace barometer::testing {

// |a - b| ≤ tolerance · max(|a|, |b|); both exactly 0 is near.
inline ::testing::AssertionResult near_rel(double a, double b, double tolerance, const char* why) {
  const double scale = std::max(std::abs(a), std::abs(b));
  if (a == b || std::abs(a - b) <= tolerance * scale) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << a << " and " << b << " differ by " << std::abs(a - b) / scale << " relative, over "
         << tolerance << " (" << why << ")";
}

}  // namespace barometer::testing
