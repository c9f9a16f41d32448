// What a printed figure can mean, in exact integers and without any data.
//
// A percentage printed at a base of n stands for a count k with round(100 k / n) = printed. At a
// small base few percentages exist at all (29.1 % of 94 does not), and that is a test of the figure
// or of its base. No double takes part.
//
// Power: on n people the shares k / n lie 100 / n points apart, so that a percentage with d
// decimals can fail only where n < 100 · 10^d, and a mean of whole scores over i items only where
// n · i < 10^d (GRIM: Brown and Heathers 2017, Social Psychological and Personality Science 8,
// 363-369). At larger n everything between 0 and 100 is possible and the test says nothing.
//
// Here is the single figure. Beside it: bases.h (figures that share a base, counts beside their
// percentages, coverage), partition.h (parts and wholes), means.h (means with SDs), levels.h
// (changes, subgroups, bounds in words), two_proportions.h (is a change more than noise), and
// fieldwork_dates.h. Each check gives a Verdict (verdict.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "barometer/base/decimal.h"
#include "barometer/printed/verdict.h"

namespace barometer {

// Whole numbers low … high, both in; none when low > high.
struct WholeRange {
  int64_t low = 0;
  int64_t high = -1;

  [[nodiscard]] bool empty() const { return low > high; }
  [[nodiscard]] int64_t size() const { return empty() ? 0 : high - low + 1; }
  [[nodiscard]] bool contains(int64_t k) const { return low <= k && k <= high; }
  bool operator==(const WholeRange&) const = default;
};

// Counts k, 0 <= k <= n, that print as this percentage of n. n from 0 to 10^9; none at n = 0.
WholeRange possible_counts(const RoundingInterval& percent, int64_t n);
WholeRange possible_counts(const Decimal& percent, int64_t n, RoundingRule rule = {});

Possibility possibility(const Decimal& percent, std::optional<int64_t> n, RoundingRule rule = {});
// The same with its arithmetic, and the nearest percentages and bases where it is impossible.
Verdict percent_verdict(const Decimal& percent, std::optional<int64_t> n, RoundingRule rule = {});

// The percentages nearest to this one that n people can give; itself alone where it is possible.
std::vector<Decimal> nearest_percents(const Decimal& percent, int64_t n, RoundingRule rule = {});
// The bases nearest to n, one on each side, at which the percentage is possible.
struct NearestBases {
  std::optional<int64_t> below;
  std::optional<int64_t> above;
  bool operator==(const NearestBases&) const = default;
};
NearestBases nearest_bases(const Decimal& percent, int64_t n, RoundingRule rule = {});

// Every n in from … to at which each of the percentages is possible: the base they may share.
std::vector<int64_t> possible_bases(std::span<const Decimal> percents, int64_t from, int64_t to,
                                    RoundingRule rule = {});

// Sums of n · items whole scores whose mean prints as `mean`; trailing zeros count: 6.00 is not 6.
WholeRange possible_sums(const Decimal& mean, int64_t n, int64_t items = 1, RoundingRule rule = {});
Possibility mean_possibility(const Decimal& mean, std::optional<int64_t> n, int64_t items = 1,
                             RoundingRule rule = {});

// The two counts that come nearest, for a message: "39 of 94 is 41.49 %, 40 of 94 is 42.55 %".
std::string nearest_shares_text(const Decimal& percent, int64_t n);
// Ascending numbers with runs of three or more drawn together: "88…93", "19, 40, 42…44".
std::string runs_text(std::span<const int64_t> numbers);

}  // namespace barometer
