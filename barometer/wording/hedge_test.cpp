#include "barometer/wording/hedge.h"

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace barometer::wording {
namespace {

struct Case {
  const char* words;
  Measure measure;
  Ratio stated;
  Ratio actual;
  bool holds;
};
constexpr Measure kP = Measure::kPercent;
constexpr Measure kF = Measure::kFraction;
constexpr Measure kC = Measure::kCount;
constexpr Ratio kTwoThirds{200, 3};
constexpr Ratio kThird{100, 3};

TEST(Hedge, ClaimsAreJudged) {
  const std::vector<Case> cases = {
      {"", kP, {63, 1}, {6276, 100}, true},  // 59/94
      {"", kP, {42, 1}, {3900, 94}, false},
      {"over", kP, {40, 1}, {43, 1}, true},
      {"over", kP, {40, 1}, {40, 1}, false},
      {"more than", kF, {50, 1}, {53, 1}, true},
      {"nearly", kP, {60, 1}, {2700, 46}, true},  // 58.7
      {"nearly", kP, {60, 1}, {60, 1}, false},
      {"nearly", kP, {60, 1}, {5799, 100}, false},
      {"nearly", kP, {60, 1}, {58, 1}, true},
      {"nearly", kF, kTwoThirds, {63, 1}, true},
      {"nearly", kF, kTwoThirds, {62, 1}, false},
      {"nearly", kF, kTwoThirds, kTwoThirds, false},
      {"nearly", kF, {5, 1}, {44, 10}, false},  // "nearly one in 20": at most half a point below
      {"", kF, kThird, {33, 1}, true},
      {"", kF, kThird, {35, 1}, false},
      {"more than", kF, kThird, {35, 1}, true},
      {"just over", kF, {50, 1}, {50, 1}, false},
      {"just over", kF, {50, 1}, {54, 1}, true},
      {"just over", kF, {50, 1}, {541, 10}, false},
      {"about", kP, {40, 1}, {38, 1}, true},
      {"about", kP, {40, 1}, {42, 1}, true},
      {"about", kP, {40, 1}, {4201, 100}, false},
      {"about", kC, {100, 1}, {95, 1}, true},
      {"about", kC, {100, 1}, {94, 1}, false},
      {"at least", kC, {100, 1}, {100, 1}, true},
      {"at least", kC, {100, 1}, {99, 1}, false},
      {"up to", kP, {40, 1}, {40, 1}, true},
      {"up to", kP, {40, 1}, {401, 10}, false},
      {"well over", kF, {50, 1}, {54, 1}, false},
      {"well over", kF, {50, 1}, {55, 1}, true},
      {"only", kP, {14, 1}, {14, 1}, true},
  };
  for (const Case& c : cases) {
    const Hedge* hedge = find_hedge(c.words);
    ASSERT_NE(hedge, nullptr) << c.words;
    EXPECT_EQ(is_true(*hedge, c.measure, c.stated, 0, c.actual), c.holds)
        << c.words << " " << c.stated.value() << " of " << c.actual.value();
  }
}

// The other road: the definitions in whole hundredths of a percent, where no rounding can hide.
bool holds_in_hundredths(Relation relation, int64_t d, int64_t x, int64_t v) {
  switch (relation) {
    case Relation::kIs:
      return (v + 50) / 100 * 100 == x;
    case Relation::kOver:
      return v > x;
    case Relation::kUnder:
      return v < x;
    case Relation::kAtLeast:
      return v >= x;
    case Relation::kAtMost:
      return v <= x;
    case Relation::kNearly:
      return v < x && x - v <= d;
    case Relation::kJustOver:
      return v > x && v - x <= d;
    case Relation::kAbout:
      return std::abs(v - x) <= d;
    case Relation::kWellOver:
      return v - x >= d;
    case Relation::kWellUnder:
      return x - v >= d;
  }
  return false;
}

TEST(Hedge, EveryRowAgreesWithItsDefinitionInWholeHundredths) {
  for (const Hedge& hedge : hedges()) {
    const auto d = static_cast<int64_t>(std::lround(100 * hedge.percent.value()));
    for (int64_t x = 0; x <= 10'000; x += 1'000) {
      for (int64_t v = 0; v <= 10'000; v += 25) {
        const bool expected = holds_in_hundredths(hedge.relation, d, x, v);
        ASSERT_EQ(is_true(hedge, kP, {x / 100, 1}, 0, {v, 100}), expected)
            << hedge.words << " " << x << " of " << v;
      }
    }
  }
}

TEST(Hedge, LargeTermsStayExact) {
  constexpr int64_t kMany = 2'305'843'009'213'693'951;  // 2^61 - 1
  const Hedge& over = *find_hedge("over");
  EXPECT_TRUE(is_true(over, kP, {50, 1}, 0, {kMany / 2 + 1, kMany / 100}));
  EXPECT_FALSE(is_true(over, kP, {1, 1}, 0, {kMany, kMany}));
  EXPECT_TRUE(is_true(over, kP, {1, 1}, 0, {kMany, kMany - 1}));
  // A tenth of a share of 999,999,999 on each side of it.
  const Hedge& about = *find_hedge("about");
  constexpr int64_t kOf = 999'999'999;
  EXPECT_TRUE(is_true(about, Measure::kFraction, {99'900, kOf}, 0, {109'890, kOf}));
  EXPECT_FALSE(is_true(about, Measure::kFraction, {99'900, kOf}, 0, {109'891, kOf}));
  EXPECT_TRUE(is_true(about, Measure::kFraction, {99'900, kOf}, 0, {89'910, kOf}));
  EXPECT_FALSE(is_true(about, Measure::kFraction, {99'900, kOf}, 0, {89'909, kOf}));
}

TEST(Hedge, NoRowTwice) {
  std::set<std::string_view> seen;
  for (const Hedge& hedge : hedges()) EXPECT_TRUE(seen.insert(hedge.words).second) << hedge.words;
  for (const Quantifier& q : quantifiers()) EXPECT_TRUE(seen.insert(q.words).second) << q.words;
  for (const ChangeWord& w : change_words()) EXPECT_TRUE(seen.insert(w.word).second) << w.word;
  EXPECT_EQ(find_hedge("sort of"), nullptr);
  EXPECT_EQ(find_quantifier("Most"), nullptr);
}

Truth truth(std::string_view words, Ratio actual, std::vector<Ratio> others = {}) {
  return is_true(*find_quantifier(words), actual, others);
}

TEST(Hedge, APluralityIsNoMajority) {
  EXPECT_EQ(truth("a majority", {50, 1}), Truth::kFalse);
  EXPECT_EQ(truth("most", {5001, 100}), Truth::kTrue);
  EXPECT_EQ(truth("the largest group", {41, 1}, {{31, 1}, {17, 1}, {11, 1}}), Truth::kTrue);
  EXPECT_EQ(truth("a majority", {41, 1}, {{31, 1}, {17, 1}, {11, 1}}), Truth::kFalse);
  EXPECT_EQ(truth("the largest group", {41, 1}, {{41, 1}, {18, 1}}), Truth::kFalse);
  EXPECT_EQ(truth("the largest group", {41, 1}), Truth::kUnknown);
  EXPECT_EQ(truth("a significant minority", {18, 1}), Truth::kTrue);
  EXPECT_EQ(truth("a significant minority", {9, 1}), Truth::kFalse);
  EXPECT_EQ(truth("a minority", {0, 1}), Truth::kFalse);
  EXPECT_EQ(truth("many", {1, 1}), Truth::kUnknown);
  EXPECT_EQ(truth("the remainder", {2700, 94}, {{3300, 94}, {3400, 94}}), Truth::kTrue);
  EXPECT_EQ(truth("the remainder", {28, 1}, {{35, 1}, {36, 1}}), Truth::kFalse);
  EXPECT_EQ(truth("the rest", {1, 3}, {{1, 7}, {9952, 100}}), Truth::kFalse);
  EXPECT_EQ(truth("the rest", {100, 3}, {{100, 7}, {1100, 21}}), Truth::kTrue);
}

TEST(Hedge, AChangeNeedsItsTest) {
  EXPECT_TRUE(is_true(*find_change_word("rose"), {3, 1}, true));
  EXPECT_FALSE(is_true(*find_change_word("rose"), {3, 1}, false));
  EXPECT_FALSE(is_true(*find_change_word("rose"), {-3, 1}, true));
  EXPECT_TRUE(is_true(*find_change_word("fell"), {-3, 1}, true));
  EXPECT_TRUE(is_true(*find_change_word("unchanged"), {3, 1}, false));
  EXPECT_FALSE(is_true(*find_change_word("unchanged"), {3, 1}, true));
  EXPECT_FALSE(is_true(*find_change_word("significantly"), {3, 1}, false));
  EXPECT_TRUE(find_change_word("soared")->for_editor);
}

}  // namespace
}  // namespace barometer::wording
