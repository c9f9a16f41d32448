// The single percentage with its arithmetic and least mend, under four rounding rules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/printed/printed.h"
#include "barometer/printed/test_figures_internal.h"

namespace barometer {
namespace {

// Does k / n print as the percentage by the rule? Long division by hand: no interval.
bool prints_as(int64_t k, int64_t n, const Decimal& percent, RoundingRule rule) {
  int64_t scale = 2;
  for (int i = 0; i < percent.places; ++i) scale *= 10;
  const int64_t halves = scale * 100 * k;  // twice the figure times n
  const int64_t twice = 2 * percent.digits * n;
  if (rule.name() == "truncated") return halves >= twice && halves < twice + 2 * n;
  const int64_t gap = halves - twice;
  if (gap > -n && gap < n) return true;
  if (gap != n && gap != -n) return false;
  if (rule.name() == "permissive") return true;
  if (rule.name() == "half up") return gap == -n;
  return percent.digits % 2 == 0;
}

TEST(FourRules, AgreeWithLongDivisionOfEveryCount) {
  for (const RoundingRule rule : four_rules()) {
    for (int64_t n = 1; n <= 205; n += n < 50 ? 1 : 5) {
      for (int64_t digits = 0; digits <= 100; ++digits) {
        const Decimal percent{digits, 0};
        std::vector<int64_t> counts;
        for (int64_t k = 0; k <= n; ++k) {
          if (prints_as(k, n, percent, rule)) counts.push_back(k);
        }
        const WholeRange range = possible_counts(percent, n, rule);
        ASSERT_EQ(range.size(), static_cast<int64_t>(counts.size()))
            << digits << "% of " << n << " " << rule.name();
        if (!counts.empty()) {
          EXPECT_EQ(range.low, counts.front());
          EXPECT_EQ(range.high, counts.back());
        }
      }
    }
  }
}

TEST(FourRules, DecideTheExactHalf) {
  struct Row {
    const char* percent;
    int64_t n;
    const char* possible;  // by half up, half even, permissive, truncation
  };
  const Row rows[] = {
      {"13", 8, "yes no yes no"},  {"12", 8, "no yes yes yes"},   {"38", 8, "yes yes yes no"},
      {"37", 8, "no no yes yes"},  {"63", 8, "yes no yes no"},    {"62", 8, "no yes yes yes"},
      {"42", 94, "no no no yes"},  {"41", 94, "yes yes yes yes"}, {"43", 94, "yes yes yes yes"},
      {"45", 46, "no no no yes"},  {"53", 46, "no no no no"},     {"4", 60, "no no no no"},
      {"73.7", 60, "no no no no"}, {"73.6", 57, "no no no yes"},  {"100", 7, "yes yes yes yes"},
      {"0", 7, "yes yes yes yes"}, {"99", 7, "no no no no"},
  };
  for (const Row& row : rows) {
    std::string possible;
    for (const RoundingRule rule : four_rules()) {
      const bool yes = possibility(decimal(row.percent), row.n, rule) != Possibility::kImpossible;
      possible += std::string(possible.empty() ? "" : " ") + (yes ? "yes" : "no");
    }
    EXPECT_EQ(possible, row.possible) << row.percent << "% of " << row.n;
  }
}

TEST(PercentVerdict, ShowsItsArithmeticAndTheLeastMend) {
  struct Row {
    const char* percent;
    std::optional<int64_t> n;
    const char* expected;
  };
  const Row rows[] = {
      {"42", 94,
       "impossible | 42% of 94: 39/94 = 41.49, 40/94 = 42.55 | "
       "41% or 43%; a base of 93 or 95"},
      {"63", 94, "possible | 63% of 94: 59/94 = 62.77 | "},
      {"45", 46,
       "impossible | 45% of 46: 20/46 = 43.48, 21/46 = 45.65 | "
       "43% or 46%; a base of 44 or 47"},
      {"53", 46,
       "impossible | 53% of 46: 24/46 = 52.17, 25/46 = 54.35 | "
       "52% or 54%; a base of 45 or 47"},
      {"73.7", 60,
       "impossible | 73.7% of 60: 44/60 = 73.333, 45/60 = 75.000 | "
       "73.3% or 75.0%; a base of 57 or 76"},
      {"4", 60,
       "impossible | 4% of 60: 2/60 = 3.33, 3/60 = 5.00 | "
       "3% or 5%; a base of 57 or 67"},
      {"37", 85,
       "impossible | 37% of 85: 31/85 = 36.47, 32/85 = 37.65 | "
       "36% or 38%; a base of 84 or 86"},
      {"16", 27,
       "impossible | 16% of 27: 4/27 = 14.81, 5/27 = 18.52 | "
       "15% or 19%; a base of 25 or 31"},
      {"43", 273,
       "no power | 43% of 273: 117/273 = 42.86, 118/273 = 43.22; "
       "from a base of 100 on every such percentage is possible | "},
      {"64", 273,
       "no power | 64% of 273: 174…176 of 273; "
       "from a base of 100 on every such percentage is possible | "},
      {"29.1", 94,
       "impossible | 29.1% of 94: 27/94 = 28.723, 28/94 = 29.787 | "
       "28.7% or 29.8%; a base of 86 or 103"},
      {"120", 94, "impossible | 120% of 94: 93/94 = 98.94, 94/94 = 100.00 | 100%"},
      {"-3", 94, "impossible | -3% of 94: 0/94 = 0.00, 1/94 = 1.06 | 0%"},
      {"42", std::nullopt, "no base | 42% of a base that is not known | "},
      {"42", 0, "no base | 42% of a base that is not known | "},
      {"42", 7'000'000'000, "no base | bases over 10^9 are not tested | "},
      {"42.1234567", 94,
       "no base | figures of more than six decimals or nine digits are not tested | "},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(line(percent_verdict(decimal(row.percent), row.n)), row.expected) << row.percent;
  }
}

TEST(NearestPercents, AreTheNeighboursAmongAllThatCanBePrinted) {
  for (const RoundingRule rule : four_rules()) {
    for (const int64_t n : {1, 3, 7, 46, 60, 94}) {
      std::vector<int64_t> printed;
      for (int64_t digits = 0; digits <= 100; ++digits) {
        if (!possible_counts({digits, 0}, n, rule).empty()) printed.push_back(digits);
      }
      for (int64_t digits = 0; digits <= 100; ++digits) {
        const auto above = std::lower_bound(printed.begin(), printed.end(), digits);
        ASSERT_NE(above, printed.end());
        std::vector<Decimal> expected{{*above, 0}};
        if (*above != digits) expected = {{*(above - 1), 0}, {*above, 0}};
        const std::vector<Decimal> near = nearest_percents({digits, 0}, n, rule);
        if (rule.name() == "permissive" && near != expected) {
          // A half prints two ways; one of them is named.
          EXPECT_EQ(near.size(), 2U);
          continue;
        }
        EXPECT_EQ(near, expected) << digits << "% of " << n << " " << rule.name();
      }
    }
  }
}

TEST(NearestBases, AreTheFirstOnEachSide) {
  for (const char* percent : {"42", "45", "4", "73.7", "99.9"}) {
    for (const int64_t n : {1, 20, 46, 60, 94}) {
      const NearestBases near = nearest_bases(decimal(percent), n);
      const std::vector<Decimal> one{decimal(percent)};
      const std::vector<int64_t> below = possible_bases(one, 1, n - 1);
      const std::vector<int64_t> above = possible_bases(one, n + 1, n + 1000);
      EXPECT_EQ(near.below, below.empty() ? std::nullopt : std::optional(below.back()));
      EXPECT_EQ(near.above, std::optional(above.front()));
    }
  }
  EXPECT_EQ(nearest_bases(decimal("101"), 50), (NearestBases{}));
}

}  // namespace
}  // namespace barometer
