#include "barometer/printed/printed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/printed/test_figures_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Rounding kRules[] = {Rounding::kHalfUp, Rounding::kHalfEven, Rounding::kTruncate};

// The other road: print every k / n and compare what stands there.
std::vector<int64_t> counts_by_printing(const Decimal& percent, int64_t n, Rounding rule) {
  std::vector<int64_t> out;
  for (int64_t k = 0; k <= n; ++k) {
    if (round(Ratio{100 * k, n}, percent.places, rule) == percent) out.push_back(k);
  }
  return out;
}

std::vector<int64_t> listed(const WholeRange& range) {
  std::vector<int64_t> out;
  for (int64_t k = range.low; k <= range.high; ++k) out.push_back(k);
  return out;
}

struct PrintedAt {
  const char* source;
  const char* percent;
  int64_t n;
  std::vector<int64_t> counts;
};

// Every percentage of the founding reports at the base its report names, worked out by hand.
const std::vector<PrintedAt> kReports = {
    {"leave own post", "63", 94, {59}},
    {"some GP leaders leave", "85", 94, {80}},
    {"all GP leaders leave", "35", 94, {33}},
    {"all GP leaders leave, unlikely", "36", 94, {34}},
    {"all GP leaders leave, don't know", "29", 94, {27}},
    {"less well integrated", "42", 94, {}},
    {"better integrated", "18", 94, {17}},
    {"pooled budget, yes", "41", 94, {39}},
    {"pooled budget, no", "31", 94, {29}},
    {"pooled budget, don't know", "17", 94, {16}},
    {"pooled budget, already", "11", 94, {10}},
    {"area team effective", "64", 273, {174, 175, 176}},
    {"nationally effective", "14", 273, {37, 38, 39}},
    {"shares our vision, disagree", "43", 273, {117, 118}},
    {"shares our vision, agree", "31", 273, {84, 85}},
    {"understands our powers", "37", 273, {100, 101, 102}},
    {"primary care, disagree", "55", 272, {149, 150}},
    {"primary care, agree", "19", 272, {51, 52, 53}},
    {"area team effective", "64", 272, {173, 174, 175}},
    {"area team not effective", "21", 272, {56, 57, 58}},
    {"specialised, disagree", "54", 272, {146, 147, 148}},
    {"specialised, agree", "15", 272, {40, 41, 42}},
    {"GPs", "65", 116, {75}},
    {"chairs", "47", 116, {54, 55}},
    {"accountable officers", "38", 116, {44}},
    {"other roles", "15", 116, {17}},
    {"integration", "96", 116, {111}},
    {"competition", "50", 116, {58}},
    {"requirements to compete", "73", 116, {85}},
    {"tariff", "82", 116, {95}},
    {"too little competition", "23", 116, {27}},
    {"shared functions", "84", 116, {97, 98}},
    {"coverage, wave 3", "41", 211, {86, 87}},
    {"chairs and officers", "90", 94, {85}},
    {"other", "10", 94, {9}},
    {"area team good", "68", 94, {64}},
    {"informatics weak", "26", 94, {24}},
    {"informatics neutral", "33", 94, {31}},
    {"lift ban", "59", 46, {27}},
    {"share with councils", "45", 46, {}},
    {"mergers unlikely", "53", 46, {}},
    {"general practice", "91", 46, {42}},
    {"similar trusts", "73.7", 60, {}},
    {"many trusts", "4", 60, {}},
    {"one-off", "5", 60, {3}},
    {"all of the time", "39", 60, {}},
    {"control totals", "37", 85, {}},
    {"deficit", "44", 85, {37}},
    {"control totals of those with one", "37", 76, {28}},
    {"overspend by people", "16", 27, {}},
    {"overspend by organisations", "16", 32, {5}},
    {"sector coverage", "50", 206, {102, 103, 104}},
    {"very serious", "46", 252, {115, 116, 117}},
};

TEST(PossibleCounts, OfTheReportsAreThoseWorkedOutByHand) {
  for (const PrintedAt& row : kReports) {
    EXPECT_EQ(listed(possible_counts(decimal(row.percent), row.n)), row.counts) << row.source;
    EXPECT_EQ(counts_by_printing(decimal(row.percent), row.n, Rounding::kHalfUp), row.counts)
        << row.source;
  }
}

TEST(PossibleCounts, AgreeWithPrintingEveryCountByEveryRule) {
  for (const Rounding rule : kRules) {
    for (int64_t n = 1; n <= 210; n += n < 60 ? 1 : 7) {
      for (int64_t digits = -1; digits <= 101; ++digits) {
        const Decimal whole{digits, 0};
        EXPECT_EQ(listed(possible_counts(whole, n, rule)), counts_by_printing(whole, n, rule))
            << digits << " % of " << n << " " << name_of(rule);
      }
      for (int64_t digits = 0; digits <= 1000; digits += 3) {
        const Decimal tenth{digits, 1};
        EXPECT_EQ(listed(possible_counts(tenth, n, rule)), counts_by_printing(tenth, n, rule))
            << tenth.text() << " % of " << n << " " << name_of(rule);
      }
    }
  }
}

TEST(PossibleCounts, AnExactHalfBelongsToTheRule) {
  // 29 of 200 is 14.5 exactly.
  EXPECT_EQ(possible_counts(decimal("15"), 200), (WholeRange{29, 30}));
  EXPECT_EQ(possible_counts(decimal("15"), 200, Rounding::kHalfEven), (WholeRange{30, 30}));
  EXPECT_EQ(possible_counts(decimal("14"), 200), (WholeRange{27, 28}));
  EXPECT_EQ(possible_counts(decimal("14"), 200, Rounding::kHalfEven), (WholeRange{27, 29}));
  EXPECT_EQ(possible_counts(decimal("14"), 200, Rounding::kTruncate), (WholeRange{28, 29}));
  EXPECT_EQ(possible_counts(RoundingRule::permissive().interval(decimal("14")), 200),
            (WholeRange{27, 29}));
  EXPECT_EQ(possible_counts(RoundingRule::permissive().interval(decimal("15")), 200),
            (WholeRange{29, 31}));
}

TEST(PossibleCounts, NobodyAndImpossiblePercentagesHaveNone) {
  EXPECT_TRUE(possible_counts(decimal("0"), 0).empty());
  EXPECT_TRUE(possible_counts(decimal("101"), 1000).empty());
  EXPECT_TRUE(possible_counts(decimal("-1"), 1000).empty());
  EXPECT_EQ(possible_counts(decimal("0"), 1000).low, 0);
  EXPECT_EQ(possible_counts(decimal("100"), 1000).high, 1000);
}

TEST(PossibleCounts, ABaseBelowZeroIsOurOwnFault) {
  EXPECT_THROW(possible_counts(decimal("5"), -1), BrokenPromise);
}

TEST(Possibility, HasFourStates) {
  struct Row {
    const char* percent;
    std::optional<int64_t> n;
    Possibility expected;
  };
  const Row rows[] = {
      {"42", 94, Possibility::kImpossible},       {"63", 94, Possibility::kPossible},
      {"42", 99, Possibility::kPossible},         {"42", 100, Possibility::kNoPower},
      {"42", 273, Possibility::kNoPower},         {"101", 273, Possibility::kImpossible},
      {"73.7", 60, Possibility::kImpossible},     {"73.7", 57, Possibility::kPossible},
      {"29.1", 100, Possibility::kImpossible},    {"29.1", 999, Possibility::kPossible},
      {"29.1", 1000, Possibility::kNoPower},      {"29.00", 1000, Possibility::kPossible},
      {"42", std::nullopt, Possibility::kNoBase}, {"42", 0, Possibility::kNoBase},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(possibility(decimal(row.percent), row.n), row.expected)
        << row.percent << " of " << row.n.value_or(-1);
  }
}

TEST(Possibility, NoPowerIsSaidExactlyFromWhereNothingCanFail) {
  for (const Rounding rule : kRules) {
    for (int64_t n = 100; n <= 260; ++n) {
      for (int64_t digits = 0; digits < 100; ++digits) {
        EXPECT_EQ(possibility({digits, 0}, n, rule), Possibility::kNoPower) << digits << "/" << n;
      }
    }
    bool some_fail = false;
    for (int64_t digits = 0; digits < 100; ++digits) {
      some_fail |= possibility({digits, 0}, 98, rule) == Possibility::kImpossible;
    }
    EXPECT_TRUE(some_fail);
  }
}

TEST(Possibility, TruthTableOfTheReports) {
  struct Report {
    const char* name;
    const char* percents;
    int64_t n;
    const char* impossible;
  };
  const Report reports[] = {
      {"councils to hold budgets", "63 85 35 36 42 18 41 31 17 11", 94, "42"},
      {"mergers", "59 45 59 53 91 41", 46, "45 53"},
      {"trust chairs", "73.7 4 5 60 39", 60, "73.7 4 39"},
      {"quarterly monitoring", "44 79 37", 85, "37"},
      {"leadership battery", "41 26 33 53 16 49 11 93 85 83 94 80 62 7 9 48", 94, ""},
  };
  for (const Report& report : reports) {
    std::vector<Decimal> impossible;
    for (const Decimal& percent : decimals(report.percents)) {
      if (possibility(percent, report.n) == Possibility::kImpossible) impossible.push_back(percent);
    }
    EXPECT_EQ(impossible, decimals(report.impossible)) << report.name;
  }
}

TEST(PossibleBases, OfFiguresThatShareOne) {
  EXPECT_THAT(possible_bases(decimals("73.7 4 5 60 39"), 50, 60), ElementsAre(57));
  EXPECT_THAT(possible_bases(decimals("63 85 35 36 42 18"), 85, 94), ElementsAre(88, 89, 91, 92));
  EXPECT_THAT(possible_bases(decimals("42"), 87, 94), ElementsAre(88, 89, 90, 91, 92, 93));
  EXPECT_THAT(possible_bases(decimals("45 53"), 46, 46), IsEmpty());
  EXPECT_THAT(possible_bases(decimals("50"), -3, 4), ElementsAre(2, 4));
  EXPECT_THAT(possible_bases({}, 1, 3), ElementsAre(1, 2, 3));
}

TEST(Means, GrimByPrintingEverySum) {
  for (const char* printed : {"6.00", "3.45", "5.19", "7.2", "0.0", "-1.5"}) {
    const Decimal mean = decimal(printed);
    for (int64_t n = 1; n <= 40; ++n) {
      for (const int64_t items : {1, 3}) {
        std::vector<int64_t> sums;
        for (int64_t sum = -10 * n * items; sum <= 10 * n * items; ++sum) {
          if (round(Ratio{sum, n * items}, mean.places) == mean) sums.push_back(sum);
        }
        EXPECT_EQ(listed(possible_sums(mean, n, items)), sums) << printed << " of " << n;
      }
    }
  }
}

TEST(Means, HavePowerOnlyBelowTheirDecimals) {
  EXPECT_EQ(mean_possibility(decimal("7.2"), 94), Possibility::kNoPower);
  EXPECT_EQ(mean_possibility(decimal("7.2"), 10), Possibility::kNoPower);
  EXPECT_EQ(mean_possibility(decimal("7.2"), 9), Possibility::kPossible);    // 65 of 9 is 7.22
  EXPECT_EQ(mean_possibility(decimal("7.2"), 8), Possibility::kImpossible);  // 7.125, 7.25
  EXPECT_EQ(mean_possibility(decimal("5.19"), 28), Possibility::kImpossible);
  EXPECT_EQ(mean_possibility(decimal("5.18"), 28), Possibility::kPossible);
  EXPECT_EQ(mean_possibility(decimal("5.19"), 28, 4), Possibility::kNoPower);
  EXPECT_EQ(mean_possibility(decimal("6.00"), 28), Possibility::kPossible);
  EXPECT_EQ(mean_possibility(decimal("6"), 28), Possibility::kNoPower);
  EXPECT_EQ(mean_possibility(decimal("6"), std::nullopt), Possibility::kNoBase);
}

TEST(Messages, NameTheNearestSharesAndRuns) {
  EXPECT_EQ(nearest_shares_text(decimal("42"), 94), "39 of 94 is 41.49 %, 40 of 94 is 42.55 %");
  EXPECT_EQ(nearest_shares_text(decimal("73.7"), 60), "44 of 60 is 73.333 %, 45 of 60 is 75.000 %");
  EXPECT_EQ(nearest_shares_text(decimal("120"), 94), "94 of 94 is 100.00 %");
  EXPECT_EQ(nearest_shares_text(decimal("-4"), 94), "0 of 94 is 0.00 %");
  EXPECT_EQ(runs_text(std::vector<int64_t>{88, 89, 90, 91, 92, 93}), "88…93");
  EXPECT_EQ(runs_text(std::vector<int64_t>{19, 40, 42, 43, 44, 50, 51}), "19, 40, 42…44, 50, 51");
  EXPECT_EQ(runs_text({}), "");
}

}  // namespace
}  // namespace barometer
