// Which base do printed figures share, and what does a count beside its percentage say of it?
//
// Each percentage rules out the bases at which it is impossible; together they may leave one. Of
// 73.7, 4, 5, 60 and 39 per cent only 57 respondents in 50 … 60 can give all, although the report
// said 60: the item was not answered by three. Where no base is left, the fewest figures that
// already leave none are named. That is a smallest hitting set: every base of the range must be
// ruled out by one of the figures chosen (Karp 1972); it is found by search from one figure up.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/printed/printed.h"

namespace barometer {

// A percentage said to share a base with others, and the count printed beside it, if any.
struct BaseClaim {
  Decimal percent;
  std::optional<int64_t> count;
};

struct JointBases {
  std::vector<int64_t> bases;    // each n of the range that all figures fit
  std::vector<size_t> conflict;  // when there is none: the fewest figures that fit no n together
  struct Without {
    size_t claim;
    std::vector<int64_t> bases;
  };
  std::vector<Without> without;  // when there is none: what is left without this one figure
};
// Bases from … to, at most 100,000 of them; at most 200 figures.
Result<JointBases> joint_bases(std::span<const BaseClaim> claims, int64_t from, int64_t to,
                               RoundingRule rule = {});
// Do the figures fit the base stated for them? If not, which of from … stated do they fit?
Verdict joint_base_verdict(std::span<const BaseClaim> claims, int64_t from, int64_t stated,
                           RoundingRule rule = {});

// Bases n, at most 10^9, of which this count prints as this percentage: 104 is 50% of 206…210.
WholeRange possible_denominators(int64_t count, const Decimal& percent, RoundingRule rule = {});
// "104 trusts, or 50% of the sector (206 trusts)"
Verdict count_percent_verdict(int64_t count, const Decimal& percent, std::optional<int64_t> n,
                              RoundingRule rule = {});

// A population that a sentence may mean: "all groups" 211, "leads contacted" 261.
struct NamedBase {
  std::string name;
  int64_t n = 0;
};
// The share of the population named; where it is not that, the mend names those that would fit.
Verdict coverage_verdict(int64_t count, const Decimal& percent, const NamedBase& named,
                         std::span<const NamedBase> others, RoundingRule rule = {});

// Was a count printed as a percentage? Impossible (as a percentage) where the value is a whole
// number of people at the base, and either no such percentage exists there, or `elsewhere` prints
// the same share as the percentage that so many people are.
Verdict count_as_percent_verdict(const Decimal& printed, int64_t n,
                                 const std::optional<Decimal>& elsewhere, RoundingRule rule = {});
// The same of all parts of a question: as counts they sum to the base, as percentages not to 100.
Verdict counts_as_percents_verdict(std::span<const Decimal> parts, int64_t n,
                                   RoundingRule rule = {});

}  // namespace barometer
