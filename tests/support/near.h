// Comparison of numbers with a stated tolerance and its reason.
//
//   EXPECT_TRUE(near_rel(fast, naive, 1e-12, "the same sums in another order"));
#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>

#include <gtest/gtest.h>

namespace barometer::testing {

// |a - b| <= tolerance * max(|a|, |b|). Equal values pass (also 0 = 0 and equal infinities); a NaN
// never passes.
inline ::testing::AssertionResult near_rel(double a, double b, double tolerance,
                                           std::string_view why) {
  if (a == b) return ::testing::AssertionSuccess();
  const double scale = std::max(std::abs(a), std::abs(b));
  const double difference = std::abs(a - b);
  if (std::isfinite(scale) && difference <= tolerance * scale) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure()
         << ::testing::PrintToString(a) << " and " << ::testing::PrintToString(b) << " differ by "
         << difference / scale << " relative, more than " << tolerance << " (" << why << ")";
}

}  // namespace barometer::testing
