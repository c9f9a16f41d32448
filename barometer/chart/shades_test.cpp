#include "barometer/chart/shades_internal.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/chart/samples_tables_internal.h"

namespace barometer {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;

struct Shown {
  const char* printed;
  double value, number;
};

TEST(Shades, TheNumberIsTheOneAReaderSees) {
  for (const auto& [printed, value, number] : std::vector<Shown>{{"63%", 62.6, 63},
                                                                 {"[42]", 41.7, 42},
                                                                 {"[42]%", 41.7, 42},
                                                                 {"7.2", 7.24, 7.2},
                                                                 {"+5", 5.4, 5},
                                                                 {"-5", -5.4, -5},
                                                                 {"−5", -5.4, -5},
                                                                 {"1,204", 1204.2, 1204},
                                                                 {"*", 0.2, 0.2},
                                                                 {"12 of 25", 48, 48},
                                                                 {"", 3, 3},
                                                                 {"+", 3, 3},
                                                                 {"inf%x", 3, 3}}) {
    EXPECT_EQ(shown_number(printed, value), number) << printed;
  }
}

Chart with(const std::vector<double>& values, const Shades& shades) {
  Chart chart;
  chart.kind = ChartKind::kHeat;
  chart.shades = shades;
  for (const double v : values) {
    Mark mark;
    mark.value = v;
    chart.rows.push_back({.label = "r", .marks = {mark}});
  }
  return chart;
}

struct Chosen {
  std::vector<double> values;
  std::vector<double> cuts;
};

TEST(Shades, CutsAreRoundAndAtMostFour) {
  for (const auto& [values, cuts] : std::vector<Chosen>{{{7, 93}, {20, 40, 60, 80}},
                                                        {{0, 100}, {20, 40, 60, 80}},
                                                        {{19, 101}, {25, 50, 75, 100}},
                                                        {{6.1, 7.4}, {6.5, 7}},
                                                        {{-20, 80}, {0, 20, 40, 60}},
                                                        {{33, 35}, {33.5, 34, 34.5}},
                                                        {{50, 50}, {}},
                                                        {{}, {}}}) {
    EXPECT_THAT(shade_cuts(with(values, {})), ElementsAreArray(cuts));
  }
}

TEST(Shades, DivergingCutsLieAboutTheMiddle) {
  const auto about = [](double middle) {
    return Shades{.scale = ShadeScale::kDiverging, .middle = middle};
  };
  EXPECT_THAT(shade_cuts(with({-19, 3}, about(0))), ElementsAre(-15, -5, 5, 15));
  EXPECT_THAT(shade_cuts(with({0, 100}, about(50))), ElementsAre(20, 40, 60, 80));
  EXPECT_THAT(shade_cuts(with({4, 4}, about(4))), IsEmpty());
}

TEST(Shades, EveryNumberLiesInTheClassItsWordsSay) {
  const Theme theme = standard_theme().value();
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::uniform_real_distribution<double> low(-50, 50);
    std::vector<double> values;
    for (int i = 0; i < 8; ++i) values.push_back(low(random) * std::pow(10, round % 3));
    Shades shades{.scale = round % 2 == 0 ? ShadeScale::kSequential : ShadeScale::kDiverging};
    const Chart chart = with(values, shades);
    const auto cuts = shade_cuts(chart);
    const auto key = shade_key(chart, theme);
    ASSERT_TRUE(key) << key.error().message;
    ASSERT_EQ(key->size(), cuts.size() + 1);
    EXPECT_GE(key->size(), 2U);
    for (const double v : values) {
      const size_t at = shade_class(cuts, v);
      EXPECT_TRUE(at == 0 || v >= cuts[at - 1]);
      EXPECT_TRUE(at == cuts.size() || v < cuts[at]);
    }
    // No two classes share a colour, and their order is the theme's.
    const auto& scale = round % 2 == 0 ? theme.sequential : theme.diverging;
    auto next = scale.begin();
    for (const auto& entry : *key) {
      next = std::find(next, scale.end(), entry.colour);
      ASSERT_NE(next, scale.end()) << entry.label;
      ++next;
    }
  }
}

TEST(Shades, TheWordsNameTheCuts) {
  const Theme theme = standard_theme().value();
  const auto key = shade_key(with({7, 93}, {.cuts = {20, 62.5}}), theme).value();
  std::vector<std::string> words;
  for (const auto& entry : key) words.push_back(entry.label);
  EXPECT_THAT(words, ElementsAre("under 20%", "20% to under 62.5%", "62.5% or more"));
  EXPECT_EQ(shade_key(with({-9, 9}, {.cuts = {-5}}), theme).value().front().label, "under −5%");
}

TEST(Shades, AFigureThatIsRoundedUpToACutIsOfTheClassAbove) {
  EXPECT_EQ(shade_class({20, 40}, shown_number("40%", 39.6)), 2U);
  EXPECT_EQ(shade_class({20, 40}, shown_number("40%", 40.4)), 2U);
  EXPECT_EQ(shade_class({20, 40}, shown_number("39%", 39.4)), 1U);
}

TEST(Shades, MoreClassesThanColoursAreRefused) {
  const auto key = shade_key(with({1, 9}, {.cuts = {1, 2, 3, 4, 5}}), standard_theme().value());
  ASSERT_FALSE(key);
  EXPECT_THAT(key.error().message, HasSubstr("6 classes of colour, at most 5"));
}

}  // namespace
}  // namespace barometer
