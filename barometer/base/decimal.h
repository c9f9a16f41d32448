// Exact numbers as people print them.
//
// A Ratio is an exact fraction; a Decimal is what stood in print ("7.2", "6.00": trailing zeros
// are kept, they say the precision). Printing rounds once, from the exact value. A double never
// decides a rounding where the exact value is known: 29/200 is 14.5 % and prints as 15.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "barometer/base/result.h"

namespace barometer {

enum class Rounding { kHalfUp, kHalfEven, kTruncate };

std::string_view name_of(Rounding rule);  // "half up"

// An exact fraction; denominator > 0. |numerator| and denominator stay below 2^62.
struct Ratio {
  int64_t numerator = 0;
  int64_t denominator = 1;

  [[nodiscard]] double value() const;
};

// Compares exactly (128-bit cross products).
std::strong_ordering operator<=>(const Ratio& a, const Ratio& b);
bool operator==(const Ratio& a, const Ratio& b);

// `digits` / 10^`places`, e.g. {72, 1} is 7.2.
struct Decimal {
  int64_t digits = 0;
  int places = 0;

  bool operator==(const Decimal&) const = default;
  [[nodiscard]] std::string text() const;  // "7.2", "-5", "6.00"
  [[nodiscard]] double value() const;
  [[nodiscard]] Ratio ratio() const;
};

// Reads "7.2", "-5", "+3", "6.00"; at most 15 digits. Anything else is kInvalid.
Result<Decimal> parse_decimal(std::string_view text);

// The exact value rounded to `places` decimals. Half up rounds halves away from zero.
Decimal round(const Ratio& exact, int places, Rounding rule = Rounding::kHalfUp);
// For values that are only known as a double (weighted estimates). Values within 1e-9 (relative,
// and at most 0.0001 of the last printed place) of a half or a whole are taken as that, so that
// binary noise cannot turn 14.5 into 14.
Decimal round(double value, int places, Rounding rule = Rounding::kHalfUp);

// All exact values that print as `printed`: lower <= v <= upper, with each end in or out.
struct RoundingInterval {
  Ratio lower;
  Ratio upper;
  bool lower_in = true;
  bool upper_in = false;

  [[nodiscard]] bool contains(const Ratio& v) const;
};
RoundingInterval rounding_interval(const Decimal& printed, Rounding rule = Rounding::kHalfUp);

}  // namespace barometer
