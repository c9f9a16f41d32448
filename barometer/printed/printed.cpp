#include "barometer/printed/printed.h"

#include <algorithm>

#include <fmt/format.h>

namespace barometer {
namespace {

__extension__ using Wide = __int128;

constexpr int64_t kMaxBase = 1'000'000'000;

// Floor of a / b, b > 0.
Wide floor_divide(Wide a, Wide b) {
  const Wide quotient = a / b;
  return quotient * b > a ? quotient - 1 : quotient;
}

// Whole numbers k with interval.lower <= k · unit / n <= interval.upper (each end in or out),
// cut to least … most.
WholeRange whole_numbers(const RoundingInterval& interval, int64_t n, int64_t unit, Wide least,
                         Wide most) {
  const Wide low_top = Wide{interval.lower.numerator} * n;
  const Wide low_bottom = Wide{interval.lower.denominator} * unit;
  const Wide high_top = Wide{interval.upper.numerator} * n;
  const Wide high_bottom = Wide{interval.upper.denominator} * unit;
  Wide low = -floor_divide(-low_top, low_bottom);
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

class PartitionSearch {
 public:
  PartitionSearch(std::span<const WholeRange> parts, size_t limit) : parts_(parts), limit_(limit) {
    rest_.assign(parts.size() + 1, WholeRange{0, 0});
    for (size_t i = parts.size(); i-- > 0;) {
      rest_[i] = {rest_[i + 1].low + parts[i].low, rest_[i + 1].high + parts[i].high};
    }
  }

  Partitions run(int64_t n) {
    if (std::none_of(parts_.begin(), parts_.end(), [](const auto& p) { return p.empty(); })) {
      extend(0, n);
    }
    return std::move(found_);
  }

 private:
  // Only branches that can still reach the sum are entered, so each step leads to a solution.
  void extend(size_t part, int64_t left) {
    if (!found_.complete || !rest_[part].contains(left)) return;
    if (part == parts_.size()) {
      if (found_.solutions.size() == limit_) {
        found_.complete = false;
      } else {
        found_.solutions.push_back(chosen_);
      }
      return;
    }
    for (int64_t k = parts_[part].low; k <= parts_[part].high && found_.complete; ++k) {
      chosen_.push_back(k);
      extend(part + 1, left - k);
      chosen_.pop_back();
    }
  }

  std::span<const WholeRange> parts_;
  size_t limit_;
  std::vector<WholeRange> rest_;  // what the parts from here on can sum to
  std::vector<int64_t> chosen_;
  Partitions found_;
};

std::string share_text(int64_t k, int64_t n, int places) {
  return fmt::format("{} of {} is {} %", k, n, round(Ratio{100 * k, n}, places).text());
}

}  // namespace

std::string_view name_of(Possibility possibility) {
  switch (possibility) {
    case Possibility::kPossible:
      return "possible";
    case Possibility::kImpossible:
      return "impossible";
    case Possibility::kNoPower:
      return "no power";
    case Possibility::kNoBase:
      return "no base";
  }
  return "no base";
}

RoundingInterval permissive_interval(const Decimal& printed) {
  RoundingInterval interval = rounding_interval(printed, Rounding::kHalfUp);
  interval.lower_in = interval.upper_in = true;
  return interval;
}

WholeRange possible_counts(const RoundingInterval& percent, int64_t n) {
  CHECK(n >= 0 && n <= kMaxBase, "a base lies between 0 and 10^9");
  if (n == 0) return {};
  return whole_numbers(percent, n, 100, 0, n);
}

WholeRange possible_counts(const Decimal& percent, int64_t n, Rounding rule) {
  return possible_counts(rounding_interval(percent, rule), n);
}

Possibility possibility(const Decimal& percent, std::optional<int64_t> n, Rounding rule) {
  if (!n || *n <= 0) return Possibility::kNoBase;
  return judged(possible_counts(percent, *n, rule).empty(), *n, power_limit(percent.places, 100));
}

std::vector<int64_t> possible_bases(std::span<const Decimal> percents, int64_t from, int64_t to,
                                    Rounding rule) {
  std::vector<int64_t> bases;
  for (int64_t n = std::max<int64_t>(from, 1); n <= to; ++n) {
    const bool all = std::all_of(percents.begin(), percents.end(), [&](const Decimal& percent) {
      return !possible_counts(percent, n, rule).empty();
    });
    if (all) bases.push_back(n);
  }
  return bases;
}

Partitions partitions(std::span<const Decimal> percents, int64_t n, Rounding rule, size_t limit) {
  std::vector<WholeRange> parts;
  for (const Decimal& percent : percents) parts.push_back(possible_counts(percent, n, rule));
  return PartitionSearch(parts, limit).run(n);
}

WholeRange possible_sums(const Decimal& mean, int64_t n, int64_t items, Rounding rule) {
  CHECK(n >= 0 && items >= 1 && n <= kMaxBase / items, "a base lies between 0 and 10^9");
  if (n == 0) return {};
  const Wide bound = Wide{1} << 62;
  return whole_numbers(rounding_interval(mean, rule), n * items, 1, -bound, bound);
}

Possibility mean_possibility(const Decimal& mean, std::optional<int64_t> n, int64_t items,
                             Rounding rule) {
  if (!n || *n <= 0) return Possibility::kNoBase;
  return judged(possible_sums(mean, *n, items, rule).empty(), *n * items,
                power_limit(mean.places, 1));
}

std::string nearest_shares_text(const Decimal& percent, int64_t n) {
  CHECK(n >= 1 && n <= kMaxBase, "a base lies between 1 and 10^9");
  const Ratio exact = percent.ratio();
  const Wide below = floor_divide(Wide{exact.numerator} * n, Wide{exact.denominator} * 100);
  const int places = std::min(percent.places + 2, 6);
  if (below < 0) return share_text(0, n, places);
  if (below >= n) return share_text(n, n, places);
  const auto k = static_cast<int64_t>(below);
  return fmt::format("{}, {}", share_text(k, n, places), share_text(k + 1, n, places));
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
