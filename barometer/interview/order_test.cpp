// Random orders: decided by the seed alone, recorded, fair, and leaving in place what has one.
#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/interview/interview_testing_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kItems = R"(
  - {id: a, type: single, text: Q, randomise: options, options: [A, B, {label: Fixed, fixed: true}, C, {label: Other, specify: true}, {label: Don't know, dont_know: true}]}
  - {id: b, type: likelihood, text: Q, randomise: reverse}
  - {id: c, type: single, text: Q, options: [A, B, C]}
  - {battery: d, type: agreement, stem: S, randomise: reverse, randomise_items: true, items: [{id: d1, text: One}, {id: d2, text: Two}, {id: d3, text: Three}]}
)";

TEST(RandomOrder, TurnsUpEachOrderEquallyOften) {
  const Interview interview = interview_of(kItems);
  std::map<std::vector<int>, int> orders;
  constexpr int kCases = 6000;
  for (uint64_t seed = 0; seed < kCases; ++seed) {
    const auto order = interview.option_order(0, seed);
    EXPECT_EQ(order[2], 3);
    EXPECT_EQ(order[4], 5);
    EXPECT_EQ(order[5], 6);
    ++orders[order];
  }
  ASSERT_EQ(orders.size(), 6U);
  // Chi-squared of 6 equally likely orders, 5 degrees of freedom: 20.5 has a chance of 0.001.
  double chi_squared = 0;
  for (const auto& [order, count] : orders) {
    chi_squared += (count - kCases / 6.0) * (count - kCases / 6.0) / (kCases / 6.0);
  }
  EXPECT_LT(chi_squared, 20.5);
}

TEST(RandomOrder, IsTheSameForTheSameSeedAndOtherForOthers) {
  const Interview interview = interview_of(kItems);
  std::set<std::vector<int>> seen;
  for (uint64_t seed = 1; seed < 50; ++seed) {
    EXPECT_EQ(interview.option_order(0, seed), interview.option_order(0, seed));
    seen.insert(interview.option_order(0, seed));
  }
  EXPECT_GT(seen.size(), 4U);
  EXPECT_EQ(seed_of("subject"), seed_of("subject"));
  EXPECT_NE(seed_of("subject"), seed_of("subjecu"));
}

TEST(RandomOrder, ReversesForAboutHalfOfTheCasesAndLeavesDontKnowLast) {
  const Interview interview = interview_of(kItems);
  int reversed = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    const auto order = interview.option_order(1, seed);
    EXPECT_EQ(order.back(), 5);
    if (order == std::vector{4, 3, 2, 1, 5}) {
      ++reversed;
    } else {
      EXPECT_THAT(order, ElementsAre(1, 2, 3, 4, 5));
    }
  }
  EXPECT_NEAR(reversed, 500, 60);
  EXPECT_THAT(interview.option_order(2, 7), ElementsAre(1, 2, 3));
}

TEST(RandomOrder, IsSharedByTheStatementsOfABattery) {
  const Interview interview = interview_of(kItems);
  std::set<std::vector<size_t>> statements;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    EXPECT_EQ(interview.option_order(3, seed), interview.option_order(5, seed));
    statements.insert(interview.statement_order(3, seed));
  }
  EXPECT_EQ(statements.size(), 6U);
}

TEST(RandomOrder, IsRecordedAsItWasShown) {
  const Interview interview = interview_of(kItems);
  for (uint64_t seed = 1; seed < 20; ++seed) {
    const auto view = interview.show(3, interview.start(seed)).value();
    std::string items;
    for (const FieldView& field : view.fields)
      items += (items.empty() ? "\"" : ",\"") + field.item + "\"";
    std::string codes;
    for (const ChoiceView& choice : view.fields[0].choices) {
      codes += (codes.empty() ? "" : ",") + choice.value;
    }
    const auto outcome = posted(interview, "d", "d1=1", interview.start(seed));
    const std::string& body = std::get<PostAccepted>(outcome).body;
    EXPECT_THAT(body, HasSubstr("\"d\":[" + items + "]"));
    EXPECT_THAT(body, HasSubstr("\"d2\":[" + codes + "]"));
  }
}

}  // namespace
}  // namespace barometer
