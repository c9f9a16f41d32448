#include "barometer/chart/chart.h"

#include <functional>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/chart/samples_tables_internal.h"

namespace barometer {
namespace {

using testing::HasSubstr;

TEST(ChartCheck, EverySampleMayBeDrawn) {
  for (const auto& chart : samples::all_kinds()) {
    const auto status = check(chart);
    EXPECT_TRUE(status) << status.error().message;
  }
}

struct Refusal {
  const char* situation;
  std::function<Chart()> base;
  std::function<void(Chart&)> spoil;
  const char* words;
};

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Mark& first(Chart& chart) { return chart.rows.at(0).marks.at(0); }

class ChartRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(ChartRefusal, NamesTheChartAndTheValue) {
  Chart chart = GetParam().base();
  GetParam().spoil(chart);
  const auto status = check(chart);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr(GetParam().words));
  EXPECT_THAT(status.error().message, testing::StartsWith("chart '"));
}

const auto kPie = samples::pooled_budget_pie;
const auto kBars = samples::two_wave_bars;
const auto kBattery = samples::full_scale_battery;
const auto kTrend = samples::confidence_trend;

INSTANTIATE_TEST_SUITE_P(
    Everywhere, ChartRefusal,
    testing::Values(
        Refusal{"no id", kBars, [](Chart& c) { c.id = ""; }, "its id may hold"},
        Refusal{"markup in the id", kBars, [](Chart& c) { c.id = "a\"><script>"; }, "its id may"},
        Refusal{"no finding", kBars, [](Chart& c) { c.title = " "; }, "the title is missing"},
        Refusal{"no question", kBars, [](Chart& c) { c.subtitle = ""; }, "question and base"},
        Refusal{"no alternative", kBars, [](Chart& c) { c.alt = ""; }, "text alternative"},
        Refusal{"no rows", kBars, [](Chart& c) { c.rows.clear(); }, "there are no rows"},
        Refusal{"no marks", kBars, [](Chart& c) { c.rows[1].marks.clear(); },
                "'Workload' has no marks"},
        Refusal{"not a number", kBars, [](Chart& c) { first(c).value = kNan; },
                "'Finance', 'Wave 1': the value nan cannot be drawn"},
        Refusal{"without end", kBars, [](Chart& c) { first(c).value = kInfinity; }, "value inf"},
        Refusal{"over a hundred per cent", kBars, [](Chart& c) { first(c).value = 101; },
                "101 is not a percentage"},
        Refusal{"no figure", kBars, [](Chart& c) { first(c).figure_id = ""; },
                "'' is not a figure id"},
        Refusal{"a space in the figure's id", kBars, [](Chart& c) { first(c).figure_id = "a b"; },
                "'a b' is not a figure id"},
        Refusal{"a bracket in the figure's id", kBars, [](Chart& c) { first(c).figure_id = "a)"; },
                "is not a figure id"},
        Refusal{"one figure twice", kBars,
                [](Chart& c) { first(c).figure_id = c.rows[1].marks[0].figure_id; },
                "figure r2-w1 is drawn twice"},
        Refusal{"unknown tone", kBars, [](Chart& c) { first(c).tone = "good"; },
                "'good' is not a tone"},
        Refusal{"unknown unit", kBars, [](Chart& c) { c.unit = "' + alert(1) + '"; },
                "is neither '%' nor empty"},
        Refusal{"not UTF-8", kBars, [](Chart& c) { c.rows[0].label = "caf\xE9"; },
                "is not printable UTF-8"},
        Refusal{"a control character", kBars, [](Chart& c) { c.title = std::string("a\x01z"); },
                "a\\x01z"},
        Refusal{"a character XML cannot hold", kBars, [](Chart& c) { c.note = "\xEF\xBF\xBF"; },
                "is not printable UTF-8"},
        Refusal{"a page of label", kBars,
                [](Chart& c) { c.rows[0].label = std::string(10'001, 'x'); },
                "has 10001 bytes, over 10000"},
        Refusal{"bars cut off", kBars, [](Chart& c) { c.axis_low = 30; },
                "bars start at zero, not at 30"},
        Refusal{"an axis turned round", kTrend, [](Chart& c) { c.axis_high = 0.5; },
                "the axis ends at 0.5"},
        Refusal{"a value off the axis", kTrend, [](Chart& c) { first(c).value = 11; },
                "11 lies off the axis"},
        Refusal{"half an interval", kTrend, [](Chart& c) { first(c).lower = 6; },
                "needs both its ends"},
        Refusal{"an interval turned round", kTrend,
                [](Chart& c) {
                  first(c).lower = 7;
                  first(c).upper = 6;
                },
                "the interval 7 to 6 ends before it starts"},
        Refusal{"an interval without end", kTrend,
                [](Chart& c) {
                  first(c).lower = -kInfinity;
                  first(c).upper = 7;
                },
                "the interval end -inf cannot be drawn"}));

INSTANTIATE_TEST_SUITE_P(
    Pie, ChartRefusal,
    testing::Values(Refusal{"several answers allowed", kPie,
                            [](Chart& c) { c.multi_response = true; }, "not parts of a whole"},
                    Refusal{"two rows", kPie,
                            [](Chart& c) { c.rows.push_back({"b", {samples::part("z", "b", 1)}}); },
                            "a pie has one row, this has 2"},
                    Refusal{"a part is missing", kPie, [](Chart& c) { c.rows[0].marks.pop_back(); },
                            "the parts make 89"},
                    Refusal{"parts of too much", kPie, [](Chart& c) { first(c).value = 44; },
                            "the parts make 103"},
                    Refusal{"a part is suppressed", kPie,
                            [](Chart& c) {
                              first(c).value.reset();
                              first(c).printed = "*";
                            },
                            "a pie cannot leave out a part ('*')"},
                    Refusal{"a part below nothing", kPie, [](Chart& c) { first(c).value = -1; },
                            "-1 is not a percentage of a whole"}));

INSTANTIATE_TEST_SUITE_P(
    Diverging, ChartRefusal,
    testing::Values(Refusal{"no side", kBattery, [](Chart& c) { first(c).tone = ""; },
                            "a diverging bar needs a tone"},
                    Refusal{"more than a whole", kBattery, [](Chart& c) { first(c).value = 60; },
                            "the parts make 138, more than a whole"},
                    Refusal{"four grades on one side", kBattery,
                            [](Chart& c) {
                              for (auto& mark : c.rows[0].marks) mark.tone = "positive";
                            },
                            "has 6 grades on one side"}));

const auto kShares = samples::funding_stacks;
const auto kHeat = samples::issue_heat;
const auto kTiles = samples::response_tiles;

INSTANTIATE_TEST_SUITE_P(
    Stacks, ChartRefusal,
    testing::Values(Refusal{"several answers stacked", kShares,
                            [](Chart& c) { c.multi_response = true; }, "not parts of a whole"},
                    Refusal{"a share is missing", kShares, [](Chart& c) { first(c).value.reset(); },
                            "a bar of shares cannot leave out a part"},
                    Refusal{"shares of too little", kShares, [](Chart& c) { first(c).value = 30; },
                            "the parts make 89"},
                    Refusal{"shares of nothing", kShares,
                            [](Chart& c) {
                              c.unit = "";
                              for (auto& mark : c.rows[0].marks) mark.value = 0;
                            },
                            "the parts of 'October 2012' make nothing"},
                    Refusal{"a stack of more than everyone", kShares,
                            [](Chart& c) {
                              c.kind = ChartKind::kStacked;
                              first(c).value = 60;
                            },
                            "the parts make 119, more than a whole"},
                    Refusal{"a part below nothing", kShares,
                            [](Chart& c) {
                              c.kind = ChartKind::kStacked;
                              first(c).value = -2;
                            },
                            "-2 is not a percentage of a whole"}));

INSTANTIATE_TEST_SUITE_P(
    Tables, ChartRefusal,
    testing::Values(
        Refusal{"two figures for a cell", kHeat,
                [](Chart& c) { c.rows[0].marks[1].label = c.rows[0].marks[0].label; },
                "two figures for one cell"},
        Refusal{"cuts that fall", kHeat, [](Chart& c) { c.shades.cuts = {40, 20}; },
                "the cut 20 does not lie above the cut 40"},
        Refusal{"a cut that is no number", kHeat, [](Chart& c) { c.shades.cuts = {kNan}; },
                "the cut nan cannot be drawn"},
        Refusal{"a lopsided scale", kHeat,
                [](Chart& c) { c.shades = {.scale = ShadeScale::kDiverging, .cuts = {1, 2, 3}}; },
                "as many cuts above its middle 0"},
        Refusal{"a scale beside its middle", kHeat,
                [](Chart& c) { c.shades = {.scale = ShadeScale::kDiverging, .cuts = {1, 2}}; },
                "as many cuts above its middle 0"},
        Refusal{"a heat table by names", kHeat,
                [](Chart& c) { c.shades.scale = ShadeScale::kCategories; },
                "coloured by its figures"},
        Refusal{"two marks on a tile", kTiles,
                [](Chart& c) { c.rows[0].marks.push_back(samples::part("z", "b", 1)); },
                "has 2 marks, not one"},
        Refusal{"one tile on another", kTiles, [](Chart& c) { c.rows[1].place = c.rows[0].place; },
                "lies on another"},
        Refusal{"one tile without a place", kTiles, [](Chart& c) { c.rows[1].place.reset(); },
                "either all tiles have a place or none has"},
        Refusal{"a tile off the page", kTiles, [](Chart& c) { c.rows[0].place = TilePlace{-1, 0}; },
                "lies at column -1, row 0"},
        Refusal{"a trend of nothing", kTrend,
                [](Chart& c) {
                  for (auto& row : c.rows) row.marks.clear();
                },
                "no wave has marks"}));

TEST(ChartCheck, PartsThatMissAHundredByRoundingAreAPie) {
  // 29.5, 29.5, 41 print as 30, 30, 41; thirds print as 33, 33, 33.
  for (const auto& values : {std::vector<double>{30, 30, 41}, {33, 33, 33}, {33.3, 33.3, 33.3}}) {
    Chart chart = samples::pooled_budget_pie();
    chart.rows[0].marks.clear();
    for (const double v : values) {
      const auto label = fmt::format("part {}", chart.rows[0].marks.size());
      chart.rows[0].marks.push_back(
          samples::part(fmt::format("id{}", chart.rows[0].marks.size()), label, v));
    }
    EXPECT_TRUE(check(chart)) << check(chart).error().message;
  }
}

}  // namespace
}  // namespace barometer
