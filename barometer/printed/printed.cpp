#include "barometer/printed/printed.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/printed/exact_internal.h"

namespace barometer {
namespace {

using exact::ceil_divide;
using exact::floor_divide;
using exact::kMaxBase;
using exact::Wide;

constexpr int64_t kFarthestBase = 100'000;  // how far a nearer base is looked for

// Whole numbers k with interval.lower <= k · unit / n <= interval.upper (each end in or out),
// cut to least … most.
WholeRange whole_numbers(const RoundingInterval& interval, int64_t n, int64_t unit, Wide least,
                         Wide most) {
  const Wide low_top = Wide{interval.lower.numerator} * n;
  const Wide low_bottom = Wide{interval.lower.denominator} * unit;
  const Wide high_top = Wide{interval.upper.numerator} * n;
  const Wide high_bottom = Wide{interval.upper.denominator} * unit;
  Wide low = ceil_divide(low_top, low_bottom);
  if (!interval.lower_in && low * low_bottom == low_top) ++low;
  Wide high = floor_divide(high_top, high_bottom);
  if (!interval.upper_in && high * high_bottom == high_top) --high;
  low = std::max(low, least);
  high = std::min(high, most);
  if (low > high) return {};
  return {static_cast<int64_t>(low), static_cast<int64_t>(high)};
}

// 100 · 10^places, capped: the base from which on a percentage of so many places has no power.
int64_t power_limit(int places, int64_t unit) {
  int64_t limit = unit;
  for (int i = 0; i < places && limit <= kMaxBase; ++i) limit *= 10;
  return limit;
}

Possibility judged(bool none, int64_t fineness, int64_t limit) {
  if (none) return Possibility::kImpossible;
  return fineness >= limit ? Possibility::kNoPower : Possibility::kPossible;
}

// The count just below the percentage of n, within 0 … n - 1, so that the next one is a count too.
int64_t count_below(const Decimal& percent, int64_t n) {
  const Ratio exact = percent.ratio();
  const Wide below = floor_divide(Wide{exact.numerator} * n, Wide{exact.denominator} * 100);
  return static_cast<int64_t>(std::clamp<Wide>(below, 0, n - 1));
}

std::string spaced_share(int64_t k, int64_t n, int places) {
  return fmt::format("{} of {} is {} %", k, n, round(Ratio{100 * k, n}, places).text());
}

std::string share_arithmetic(const Decimal& percent, int64_t n, const WholeRange& counts) {
  const int places = std::min(percent.places + 2, 6);
  if (counts.size() > 2) return fmt::format("{}…{} of {}", counts.low, counts.high, n);
  const int64_t below = counts.empty() ? count_below(percent, n) : counts.low;
  const int64_t above = counts.empty() ? below + 1 : counts.high;
  std::string out = exact::share_text(below, n, places);
  if (above != below) out += ", " + exact::share_text(above, n, places);
  return out;
}

std::string percent_mend(const Decimal& percent, int64_t n, RoundingRule rule) {
  std::vector<std::string> percents;
  for (const Decimal& near : nearest_percents(percent, n, rule)) {
    percents.push_back(exact::percent_text(near));
  }
  std::vector<std::string> bases;
  const NearestBases near = nearest_bases(percent, n, rule);
  for (const auto& base : {near.below, near.above}) {
    if (base) bases.push_back(fmt::format("{}", *base));
  }
  std::string out = exact::list_text(percents, "or");
  if (!bases.empty()) out += "; a base of " + exact::list_text(bases, "or");
  return out;
}

}  // namespace

WholeRange possible_counts(const RoundingInterval& percent, int64_t n) {
  CHECK(n >= 0 && n <= kMaxBase, "a base lies between 0 and 10^9");
  if (n == 0) return {};
  return whole_numbers(percent, n, 100, 0, n);
}

WholeRange possible_counts(const Decimal& percent, int64_t n, RoundingRule rule) {
  return possible_counts(rule.interval(percent), n);
}

Possibility possibility(const Decimal& percent, std::optional<int64_t> n, RoundingRule rule) {
  if (!n || *n <= 0) return Possibility::kNoBase;
  return judged(possible_counts(percent, *n, rule).empty(), *n, power_limit(percent.places, 100));
}

Verdict percent_verdict(const Decimal& percent, std::optional<int64_t> n, RoundingRule rule) {
  if (!exact::testable(percent)) return exact::untested();
  const std::string figure = exact::percent_text(percent);
  if (!n || *n <= 0) return {Possibility::kNoBase, figure + " of a base that is not known", ""};
  if (*n > kMaxBase) return {Possibility::kNoBase, "bases over 10^9 are not tested", ""};
  const WholeRange counts = possible_counts(percent, *n, rule);
  Verdict verdict{possibility(percent, n, rule),
                  fmt::format("{} of {}: {}", figure, *n, share_arithmetic(percent, *n, counts)),
                  ""};
  if (verdict.fails()) verdict.mend = percent_mend(percent, *n, rule);
  if (verdict.outcome == Possibility::kNoPower) {
    verdict.arithmetic += fmt::format("; from a base of {} on every such percentage is possible",
                                      power_limit(percent.places, 100));
  }
  return verdict;
}

std::vector<Decimal> nearest_percents(const Decimal& percent, int64_t n, RoundingRule rule) {
  CHECK(n >= 1 && n <= kMaxBase, "a base lies between 1 and 10^9");
  if (!possible_counts(percent, n, rule).empty()) return {percent};
  const int64_t below = count_below(percent, n);
  std::vector<Decimal> out;
  for (const int64_t k : {below, below + 1}) {
    const Decimal near = rule.print(Ratio{100 * k, n}, percent.places);
    // Outside 0 … 100 only the end is near.
    const bool past = k == below ? percent.digits > 0 && near.ratio() < Ratio{100, 1} &&
                                       percent.ratio() > Ratio{100, 1}
                                 : percent.digits < 0;
    if (!past) out.push_back(near);
  }
  return out;
}

NearestBases nearest_bases(const Decimal& percent, int64_t n, RoundingRule rule) {
  NearestBases near;
  const auto fits = [&](int64_t base) { return !possible_counts(percent, base, rule).empty(); };
  const int64_t last_above = std::min(kMaxBase, n + kFarthestBase);
  const int64_t last_below = std::max<int64_t>(1, n - kFarthestBase);
  for (int64_t base = n - 1; base >= last_below && !near.below; --base) {
    if (fits(base)) near.below = base;
  }
  for (int64_t base = n + 1; base <= last_above && !near.above; ++base) {
    if (fits(base)) near.above = base;
  }
  return near;
}

std::vector<int64_t> possible_bases(std::span<const Decimal> percents, int64_t from, int64_t to,
                                    RoundingRule rule) {
  std::vector<int64_t> bases;
  for (int64_t n = std::max<int64_t>(from, 1); n <= to; ++n) {
    const bool all = std::all_of(percents.begin(), percents.end(), [&](const Decimal& percent) {
      return !possible_counts(percent, n, rule).empty();
    });
    if (all) bases.push_back(n);
  }
  return bases;
}

WholeRange possible_sums(const Decimal& mean, int64_t n, int64_t items, RoundingRule rule) {
  CHECK(n >= 0 && items >= 1 && n <= kMaxBase / items, "a base lies between 0 and 10^9");
  if (n == 0) return {};
  const Wide bound = Wide{1} << 62;
  return whole_numbers(rule.interval(mean), n * items, 1, -bound, bound);
}

Possibility mean_possibility(const Decimal& mean, std::optional<int64_t> n, int64_t items,
                             RoundingRule rule) {
  if (!n || *n <= 0) return Possibility::kNoBase;
  return judged(possible_sums(mean, *n, items, rule).empty(), *n * items,
                power_limit(mean.places, 1));
}

std::string nearest_shares_text(const Decimal& percent, int64_t n) {
  CHECK(n >= 1 && n <= kMaxBase, "a base lies between 1 and 10^9");
  const Ratio exact = percent.ratio();
  const Wide below = floor_divide(Wide{exact.numerator} * n, Wide{exact.denominator} * 100);
  const int places = std::min(percent.places + 2, 6);
  if (below < 0) return spaced_share(0, n, places);
  if (below >= n) return spaced_share(n, n, places);
  const auto k = static_cast<int64_t>(below);
  return fmt::format("{}, {}", spaced_share(k, n, places), spaced_share(k + 1, n, places));
}

std::string runs_text(std::span<const int64_t> numbers) {
  std::string out;
  for (size_t i = 0; i < numbers.size();) {
    size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    if (last < i + 2) last = i;
    if (!out.empty()) out += ", ";
    out +=
        last == i ? fmt::format("{}", numbers[i]) : fmt::format("{}…{}", numbers[i], numbers[last]);
    i = last + 1;
  }
  return out;
}

}  // namespace barometer
