#include "barometer/protection/recoding.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/protection/protection_testing_internal.h"

namespace barometer {
namespace {

using testing::Dice;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(MergedAdjacent, SafeCategoriesStay) {
  const auto out = merged_adjacent({{20, {10, 10}}, {30, {0, 30}}}, {10, 5, true});
  ASSERT_TRUE(out);
  EXPECT_THAT(out->starts, ElementsAre(0u, 1u));
  EXPECT_EQ(out->categories_lost, 0u);
  EXPECT_EQ(out->entropy_lost, 0);
}

TEST(MergedAdjacent, ASmallOneGoesToTheNeighbourThatLosesLess) {
  // 4 with 40 or with 10: the pair with the smaller base loses less entropy.
  const auto out = merged_adjacent({{40, {20}}, {4, {2}}, {10, {5}}}, {5, 0, false});
  ASSERT_TRUE(out);
  EXPECT_THAT(out->starts, ElementsAre(0u, 1u));
  EXPECT_EQ(out->categories_lost, 1u);
  const double lost = (4 * std::log(14 / 4.0) + 10 * std::log(14 / 10.0)) / 54;
  EXPECT_NEAR(out->entropy_lost, lost, 1e-12);
}

TEST(MergedAdjacent, CategoriesBeforeEntropy) {
  const auto out = merged_adjacent({{3, {3}}, {90, {40}}, {90, {40}}, {3, {3}}}, {5, 0, false});
  ASSERT_TRUE(out);
  EXPECT_THAT(out->starts, ElementsAre(0u, 2u));
}

TEST(MergedAdjacent, Refusals) {
  const auto message = [](const std::vector<OrderedCategory>& categories, RecodingRule rule) {
    const auto out = merged_adjacent(categories, rule);
    return out ? "no error" : out.error().message;
  };
  EXPECT_THAT(message({{3, {1}}, {4, {1}}}, {10, 0, false}), HasSubstr("even all 2 categories"));
  EXPECT_THAT(message({{3, {1}}, {4, {1, 2}}}, {}), HasSubstr("category 2 has 2 columns"));
  EXPECT_THAT(message({{3, {4}}}, {}), HasSubstr("category 1: a count of 4 on a base of 3"));
  EXPECT_THAT(message({{3, {-1}}}, {}), HasSubstr("a count of -1"));
  EXPECT_TRUE(merged_adjacent({}, {})->starts.empty());
}

struct Loss {
  size_t lost = 0;
  double entropy = 0;
};

// The loss of one way to cut, or none where a category is too small: the rule word for word.
std::optional<Loss> loss_of(const std::vector<OrderedCategory>& categories, unsigned cuts,
                            const RecodingRule& rule) {
  Loss loss{categories.size(), 0};
  double people = 0;
  for (const OrderedCategory& category : categories) people += static_cast<double>(category.base);
  for (size_t start = 0; start < categories.size();) {
    size_t end = start + 1;
    while (end < categories.size() && (cuts >> (end - 1) & 1u) == 0) ++end;
    --loss.lost;
    OrderedCategory merged{0, std::vector<int64_t>(categories[0].counts.size(), 0)};
    for (size_t c = start; c < end; ++c) {
      merged.base += categories[c].base;
      for (size_t j = 0; j < merged.counts.size(); ++j) merged.counts[j] += categories[c].counts[j];
    }
    if (merged.base > 0 && merged.base < rule.least_base) return std::nullopt;
    for (const int64_t count : merged.counts) {
      const int64_t rest = merged.base - count;
      if (count > 0 && count < rule.least_count) return std::nullopt;
      if (rule.rest_counts && rest > 0 && rest < rule.least_count) return std::nullopt;
    }
    for (size_t c = start; c < end; ++c) {
      const auto n = static_cast<double>(categories[c].base);
      if (n > 0) loss.entropy += n / people * std::log(static_cast<double>(merged.base) / n);
    }
    start = end;
  }
  return loss;
}

TEST(MergedAdjacent, EqualsEveryWayToCutOnRandomCategories) {
  Dice dice(3);
  int possible = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<OrderedCategory> categories(static_cast<size_t>(dice.roll(1, 9)));
    const auto columns = static_cast<size_t>(dice.roll(1, 3));
    for (OrderedCategory& category : categories) {
      category.base = dice.roll(0, 12);
      for (size_t j = 0; j < columns; ++j) category.counts.push_back(dice.roll(0, category.base));
    }
    const RecodingRule rule{dice.roll(0, 12), dice.roll(0, 5), dice.roll(0, 1) == 1};
    std::optional<Loss> best;
    for (unsigned cuts = 0; cuts < 1u << (categories.size() - 1); ++cuts) {
      const std::optional<Loss> loss = loss_of(categories, cuts, rule);
      if (loss && (!best || loss->lost < best->lost ||
                   (loss->lost == best->lost && loss->entropy < best->entropy))) {
        best = loss;
      }
    }
    const auto out = merged_adjacent(categories, rule);
    ASSERT_EQ(out.has_value(), best.has_value()) << round;
    if (!out) continue;
    ++possible;
    EXPECT_EQ(out->categories_lost, best->lost) << round;
    EXPECT_NEAR(out->entropy_lost, best->entropy, 1e-9) << round;  // sums in another order
  }
  EXPECT_GT(possible, 200);
}

}  // namespace
}  // namespace barometer
