#include "barometer/chart/tile_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/file.h"
#include "barometer/chart/samples_tables_internal.h"

namespace barometer {
namespace {

using testing::HasSubstr;

Chart three_tiles() {
  Chart chart = samples::organisation_tiles();
  chart.rows.resize(3);
  return chart;
}

TEST(TileLayout, GivesEachTileItsPlace) {
  const auto chart = placed(three_tiles(),
                            "name,short,column,row,group\nGroup 003,G3,2,1,\nGroup 001,,0,0,North\n"
                            "Group 002,G2,1,0,\nGroup 004,G4,5,5,\n");
  ASSERT_TRUE(chart) << chart.error().message;
  EXPECT_EQ(chart->rows[0].place, (TilePlace{0, 0}));
  EXPECT_EQ(chart->rows[1].place, (TilePlace{1, 0}));
  EXPECT_EQ(chart->rows[2].place, (TilePlace{2, 1}));
  EXPECT_EQ(chart->rows[0].short_label, "");
  EXPECT_EQ(chart->rows[2].short_label, "G3");
  EXPECT_EQ(chart->rows[0].group, "North");
}

struct WrongLayout {
  const char* csv;
  const char* words;
};

TEST(TileLayout, SaysWhatIsWrong) {
  for (const auto& [csv, words] : std::vector<WrongLayout>{
           {"", "no header row"},
           {"name,column\nGroup 001,1\n", "row"},
           {"name,column,row\nGroup 001,1,x\n", "whole numbers from 0, not '1' and 'x'"},
           {"name,column,row\nGroup 001,-1,0\n", "not '-1' and '0'"},
           {"name,column,row\nGroup 001,0,0\nGroup 001,1,0\n", "'Group 001' has a place already"},
           {"name,column,row\nGroup 001,0,0\nGroup 02,1,0\nGroup 003,2,0\n",
            "no place for 'Group 002'; did you mean"},
           {"name,column,row\nGroup 001,0,0\nGroup 002,0,0\nGroup 003,2,0\n", "lies on another"}}) {
    const auto chart = placed(three_tiles(), csv);
    ASSERT_FALSE(chart) << csv;
    EXPECT_THAT(chart.error().message, HasSubstr(words));
  }
  EXPECT_FALSE(placed(samples::issue_heat(), "name,column,row\n"));
}

// The layout that comes with the frame of 2012-14 has a place for each area team of the sample,
// which was typed by hand.
TEST(TileLayout, TheFramesAreaTeamsHaveTheirPlaces) {
  const auto csv = read_file(SOURCE_DIR "/studies/ccg-barometer/frame/2012-14/tiles.csv");
  ASSERT_TRUE(csv);
  Chart chart = samples::response_tiles();
  const Chart by_hand = chart;
  for (Row& row : chart.rows) row.place.reset();
  const auto drawn = placed(chart, *csv);
  ASSERT_TRUE(drawn) << drawn.error().message;
  for (size_t i = 0; i < chart.rows.size(); ++i) {
    EXPECT_EQ(drawn->rows[i].place, by_hand.rows[i].place) << by_hand.rows[i].label;
    EXPECT_EQ(drawn->rows[i].group, by_hand.rows[i].group);
  }
}

}  // namespace
}  // namespace barometer
