#include "barometer/base/decimal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

__extension__ using Wide = __int128;

constexpr int kMaxDigits = 15;
constexpr double kNoise = 1e-9;     // relative
constexpr double kNoiseMax = 1e-4;  // absolute, in units of the last printed place

int64_t power_of_ten(int exponent) {
  CHECK(exponent >= 0 && exponent <= kMaxDigits, "a printed figure has at most 15 digits");
  int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// numerator / denominator (denominator > 0) to the nearest integer by the rule.
int64_t divide(Wide numerator, Wide denominator, Rounding rule) {
  CHECK(denominator > 0, "a ratio has a positive denominator");
  const bool negative = numerator < 0;
  const Wide magnitude = negative ? -numerator : numerator;
  Wide quotient = magnitude / denominator;
  const Wide twice_rest = 2 * (magnitude % denominator);
  const bool is_half = twice_rest == denominator;
  const bool up =
      rule != Rounding::kTruncate &&
      (twice_rest > denominator || (is_half && (rule == Rounding::kHalfUp || quotient % 2 == 1)));
  if (up) ++quotient;
  CHECK(quotient <= std::numeric_limits<int64_t>::max(), "a rounded figure fits 64 bits");
  return static_cast<int64_t>(negative ? -quotient : quotient);
}

}  // namespace

std::string_view name_of(Rounding rule) {
  switch (rule) {
    case Rounding::kHalfUp:
      return "half up";
    case Rounding::kHalfEven:
      return "half to even";
    case Rounding::kTruncate:
      return "truncated";
  }
  return "half up";
}

double Ratio::value() const {
  return static_cast<double>(numerator) / static_cast<double>(denominator);
}

std::strong_ordering operator<=>(const Ratio& a, const Ratio& b) {
  const Wide left = Wide{a.numerator} * b.denominator;
  const Wide right = Wide{b.numerator} * a.denominator;
  if (left < right) return std::strong_ordering::less;
  return left > right ? std::strong_ordering::greater : std::strong_ordering::equal;
}

bool operator==(const Ratio& a, const Ratio& b) { return (a <=> b) == 0; }

std::string Decimal::text() const {
  const int64_t scale = power_of_ten(places);
  const int64_t magnitude = digits < 0 ? -digits : digits;
  std::string out = fmt::format("{}{}", digits < 0 ? "-" : "", magnitude / scale);
  if (places > 0) out += fmt::format(".{:0{}}", magnitude % scale, places);
  return out;
}

double Decimal::value() const { return ratio().value(); }

Ratio Decimal::ratio() const { return {digits, power_of_ten(places)}; }

Result<Decimal> parse_decimal(std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  std::string digits;
  int places = 0;
  bool point = false;
  for (const char c : rest) {
    if (c == '.' && !point && !digits.empty()) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      digits += c;
      if (point) ++places;
    } else {
      return fail(ErrorCode::kInvalid, fmt::format("'{}' is not a number", printable(text)));
    }
  }
  if (digits.empty() || (point && places == 0) || digits.size() > kMaxDigits) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is not a number", printable(text)));
  }
  int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return Decimal{negative ? -value : value, places};
}

Decimal round(const Ratio& exact, int places, Rounding rule) {
  return {divide(Wide{exact.numerator} * power_of_ten(places), exact.denominator, rule), places};
}

Decimal round(double value, int places, Rounding rule) {
  const double scaled = value * static_cast<double>(power_of_ten(places));
  CHECK(std::abs(scaled) < 1e15, "a printed figure has at most 15 digits");
  // Halves hold the whole numbers too: 28.999999999999996 is 29, also when truncated.
  const double halves = std::round(scaled * 2);
  const double noise = std::min(kNoiseMax, kNoise * std::max(1.0, std::abs(scaled)));
  if (std::abs(scaled - halves / 2) <= noise) {
    return {divide(static_cast<Wide>(halves), 2, rule), places};
  }
  const double whole = rule == Rounding::kTruncate ? std::trunc(scaled) : std::round(scaled);
  return {static_cast<int64_t>(whole), places};
}

bool RoundingInterval::contains(const Ratio& v) const {
  return (lower_in ? lower <= v : lower < v) && (upper_in ? v <= upper : v < upper);
}

RoundingInterval rounding_interval(const Decimal& printed, Rounding rule) {
  const int64_t scale = power_of_ten(printed.places);
  if (rule == Rounding::kTruncate) {
    if (printed.digits == 0) return {{-1, scale}, {1, scale}, false, false};
    if (printed.digits > 0)
      return {{printed.digits, scale}, {printed.digits + 1, scale}, true, false};
    return {{printed.digits - 1, scale}, {printed.digits, scale}, false, true};
  }
  const Ratio lower{2 * printed.digits - 1, 2 * scale};
  const Ratio upper{2 * printed.digits + 1, 2 * scale};
  if (rule == Rounding::kHalfEven) {
    const bool even = printed.digits % 2 == 0;
    return {lower, upper, even, even};
  }
  // Half up, away from zero: the half nearer to zero is in.
  return {lower, upper, printed.digits > 0, printed.digits < 0};
}

}  // namespace barometer
