#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "barometer/printed/exact_internal.h"

namespace barometer::exact {
namespace {

constexpr int64_t kMaxDigits = 1'000'000'000;

Wide power_of_ten(int exponent) {
  Wide power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace

Wide floor_divide(Wide a, Wide b) {
  const Wide quotient = a / b;
  return quotient * b > a ? quotient - 1 : quotient;
}

Wide ceil_divide(Wide a, Wide b) { return -floor_divide(-a, b); }

// Newton from above: the steps fall until the root is reached.
Wide floor_root(Wide value) {
  CHECK(value >= 0, "a root is taken of no negative number");
  if (value < 2) return value;
  Wide root = 1;
  while (root <= value / root) root *= 2;
  while (true) {
    const Wide next = (root + value / root) / 2;
    if (next >= root) return root;
    root = next;
  }
}

// round(r) = floor((floor(2 r) + 1) / 2) for halves that go up.
Decimal root(Wide numerator, Wide denominator, int places) {
  const Wide scale = power_of_ten(places);
  const Wide twice = floor_root(numerator * 4 * scale * scale / denominator);
  return {static_cast<int64_t>((twice + 1) / 2), places};
}

Ticks operator+(const Ticks& a, const Ticks& b) {
  return {a.low + b.low, a.high + b.high, a.low_in && b.low_in, a.high_in && b.high_in};
}

Ticks operator-(const Ticks& a, const Ticks& b) {
  return {a.low - b.high, a.high - b.low, a.low_in && b.high_in, a.high_in && b.low_in};
}

Ticks meet(const Ticks& a, const Ticks& b) {
  Ticks both;
  both.low = std::max(a.low, b.low);
  both.high = std::min(a.high, b.high);
  both.low_in = (a.low < both.low || a.low_in) && (b.low < both.low || b.low_in);
  both.high_in = (a.high > both.high || a.high_in) && (b.high > both.high || b.high_in);
  return both;
}

Ticks hull(const Ticks& a, const Ticks& b) {
  Ticks both;
  both.low = std::min(a.low, b.low);
  both.high = std::max(a.high, b.high);
  both.low_in = (a.low == both.low && a.low_in) || (b.low == both.low && b.low_in);
  both.high_in = (a.high == both.high && a.high_in) || (b.high == both.high && b.high_in);
  return both;
}

Ticks at(Wide value) { return {value, value, true, true}; }

TickScale TickScale::of(std::span<const Decimal> figures) {
  int places = 0;
  for (const Decimal& figure : figures) places = std::max(places, figure.places);
  return TickScale(places);
}

Wide TickScale::one() const { return 2 * power_of_ten(places_); }

Ticks TickScale::ticks(const Decimal& printed, RoundingRule rule) const {
  const RoundingInterval interval = rule.interval(printed);
  return {interval.lower.numerator * (one() / interval.lower.denominator),
          interval.upper.numerator * (one() / interval.upper.denominator), interval.lower_in,
          interval.upper_in};
}

Wide TickScale::exact(const Decimal& value) const {
  return value.digits * (one() / power_of_ten(value.places));
}

std::string TickScale::text(const Ticks& ticks) const {
  const auto shown = [&](Wide end) {  // a tick is five units of one place more
    const bool whole = end % 2 == 0;
    return whole ? Decimal{static_cast<int64_t>(end / 2), places_}.text()
                 : Decimal{static_cast<int64_t>(end * 5), places_ + 1}.text();
  };
  return fmt::format("{}{} to {}{}", ticks.low_in ? "" : "over ", shown(ticks.low),
                     ticks.high_in ? "" : "under ", shown(ticks.high));
}

TickScale::Printed TickScale::printed(const Ticks& ticks, RoundingRule rule) const {
  int64_t low = static_cast<int64_t>(floor_divide(ticks.low, 2)) - 1;
  while (!touch(this->ticks({low, places_}, rule), ticks)) ++low;
  int64_t high = static_cast<int64_t>(ceil_divide(ticks.high, 2)) + 1;
  while (!touch(this->ticks({high, places_}, rule), ticks)) --high;
  return {{low, places_}, {high, places_}};
}

std::string TickScale::Printed::text() const {
  return low == high ? low.text() : fmt::format("{}…{}", low.text(), high.text());
}

bool testable(const Decimal& figure) {
  return figure.places <= kMaxPlaces && figure.digits <= kMaxDigits && figure.digits >= -kMaxDigits;
}

bool testable(std::span<const Decimal> figures) {
  return std::all_of(figures.begin(), figures.end(),
                     [](const Decimal& figure) { return testable(figure); });
}

Verdict untested() {
  return {Possibility::kNoBase, "figures of more than six decimals or nine digits are not tested",
          ""};
}

std::string percent_text(const Decimal& percent) { return percent.text() + "%"; }

std::string share_text(int64_t k, int64_t n, int places) {
  return fmt::format("{}/{} = {}", k, n, round(Ratio{100 * k, n}, places).text());
}

std::string counts_text(int64_t low, int64_t high) {
  return low == high ? fmt::format("{}", low) : fmt::format("{}…{}", low, high);
}

std::string sum_text(std::span<const Decimal> parts) {
  const int places = TickScale::of(parts).places();
  int64_t sum = 0;
  std::string out;
  for (const Decimal& part : parts) {
    sum += part.digits * static_cast<int64_t>(power_of_ten(places - part.places));
    out += fmt::format("{}{}", out.empty() ? "" : " + ", part.text());
  }
  return fmt::format("{} = {}", out, Decimal{sum, places}.text());
}

std::string list_text(std::span<const std::string> words, std::string_view last) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? fmt::format(" {} ", last) : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace barometer::exact
