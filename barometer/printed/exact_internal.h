// Whole-number arithmetic of this module: 128-bit quotients and roots, and intervals of printed
// figures counted in ticks.
//
// A figure with p decimals stands for an interval whose ends are multiples of half a unit of its
// last place. With P the most decimals of the figures in a sum, one tick is 1 / (2 · 10^P): all
// ends are whole numbers of ticks, so sums and differences of intervals are exact.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include "barometer/base/decimal.h"
#include "barometer/printed/verdict.h"

namespace barometer::exact {

__extension__ using Wide = __int128;

constexpr int64_t kMaxBase = 1'000'000'000;
constexpr int kMaxPlaces = 6;  // figures with more decimals are not tested

Wide floor_divide(Wide a, Wide b);  // b > 0
Wide ceil_divide(Wide a, Wide b);   // b > 0
Wide floor_root(Wide value);        // value >= 0

// The square root of numerator / denominator, half up; numerator · 4 · 10^(2 places) < 2^126.
Decimal root(Wide numerator, Wide denominator, int places);

// Low … high in ticks, each end in or out.
struct Ticks {
  Wide low = 0;
  Wide high = 0;
  bool low_in = true;
  bool high_in = true;

  [[nodiscard]] bool empty() const { return low > high || (low == high && !(low_in && high_in)); }
  [[nodiscard]] bool contains(Wide value) const {
    return (low_in ? low <= value : low < value) && (high_in ? value <= high : value < high);
  }
};
Ticks operator+(const Ticks& a, const Ticks& b);
Ticks operator-(const Ticks& a, const Ticks& b);
Ticks meet(const Ticks& a, const Ticks& b);  // what both hold; may be empty
Ticks hull(const Ticks& a, const Ticks& b);
inline bool touch(const Ticks& a, const Ticks& b) { return !meet(a, b).empty(); }
Ticks at(Wide value);

// The unit of a calculation: 2 · 10^places ticks make one.
class TickScale {
 public:
  explicit TickScale(int places) : places_(places) {}
  static TickScale of(std::span<const Decimal> figures);

  [[nodiscard]] int places() const { return places_; }
  [[nodiscard]] Wide one() const;
  [[nodiscard]] Ticks ticks(const Decimal& printed, RoundingRule rule) const;
  [[nodiscard]] Wide exact(const Decimal& value) const;      // value itself, as ticks
  [[nodiscard]] std::string text(const Ticks& ticks) const;  // "57.5 to under 58.5"
  // The lowest and the highest figure that a value in the interval prints as.
  struct Printed {
    Decimal low;
    Decimal high;
    [[nodiscard]] std::string text() const;  // "28…30", "29"
  };
  [[nodiscard]] Printed printed(const Ticks& ticks, RoundingRule rule) const;

 private:
  int places_;
};

// Within the reach of these types: at most six decimals and nine digits.
bool testable(const Decimal& figure);
bool testable(std::span<const Decimal> figures);
Verdict untested();

std::string percent_text(const Decimal& percent);          // "42%"
std::string share_text(int64_t k, int64_t n, int places);  // "39/94 = 41.49"
std::string counts_text(int64_t low, int64_t high);        // "174…176", "39"
std::string sum_text(std::span<const Decimal> parts);      // "72 + 18 = 90"
std::string list_text(std::span<const std::string> words, std::string_view last);  // "a, b or c"

}  // namespace barometer::exact
