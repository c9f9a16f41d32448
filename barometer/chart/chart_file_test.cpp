#include "barometer/chart/chart_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/text.h"
#include "barometer/chart/samples_tables_internal.h"

namespace barometer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ChartFile, EverySampleComesBackTheSame) {
  for (const auto& chart : samples::all_kinds()) {
    const std::string text = chart_json(chart);
    const auto read = parse_chart(text);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(chart_json(*read), text);
    EXPECT_EQ(read->kind, chart.kind);
    EXPECT_EQ(read->rows.size(), chart.rows.size());
    EXPECT_EQ(read->shades.cuts, chart.shades.cuts);
    EXPECT_EQ(read->shades.middle, chart.shades.middle);
    for (size_t i = 0; i < chart.rows.size(); ++i) {
      EXPECT_EQ(read->rows[i].place, chart.rows[i].place);
      EXPECT_EQ(read->rows[i].group, chart.rows[i].group);
      ASSERT_EQ(read->rows[i].marks.size(), chart.rows[i].marks.size());
      for (size_t k = 0; k < chart.rows[i].marks.size(); ++k) {
        const Mark& mark = read->rows[i].marks[k];
        EXPECT_EQ(mark.value, chart.rows[i].marks[k].value);
        EXPECT_EQ(mark.lower, chart.rows[i].marks[k].lower);
        EXPECT_EQ(mark.new_wording, chart.rows[i].marks[k].new_wording);
      }
    }
  }
}

constexpr const char* kPlain = R"({"id": "a", "kind": "bar", "title": "T", "subtitle": "Q",
  "rows": [{"label": "R", "marks": [{"label": "Yes", "value": 63.4}, {"label": "No", "value": 36.6,
  "printed": "37%", "figure": "w1.no"}]}]})";

TEST(ChartFile, SaysForAPersonWhatAPersonLeavesOut) {
  const Chart chart = parse_chart(kPlain).value();
  EXPECT_EQ(chart.rows[0].marks[0].figure_id, "1.1");
  EXPECT_EQ(chart.rows[0].marks[0].printed, "63.4%");
  EXPECT_EQ(chart.rows[0].marks[1].figure_id, "w1.no");
  EXPECT_EQ(chart.alt, "T. R, Yes 63.4%; R, No 37%");
}

struct WrongFile {
  const char* from;
  const char* to;
  const char* words;
};

TEST(ChartFile, NamesThePlaceOfAMistake) {
  for (const auto& [from, to, words] : std::vector<WrongFile>{
           {"{\"id\"", "[\"id\"", "not a JSON text"},
           {"\"id\": \"a\", ", "", "id is missing"},
           {"\"id\": \"a\"", "\"id\": 7", "id is not a text"},
           {"\"bar\"", "\"barr\"", "'barr' is not a kind of chart; did you mean 'bar'?"},
           {"\"title\"", "\"titel\"", "the chart: 'titel' is not known; did you mean 'title'?"},
           {"63.4", "\"63\"", "rows[0].marks[0].value is not a number"},
           {"\"label\": \"No\"", "\"lable\": \"No\"",
            "rows[0].marks[1]: 'lable' is not known; did you mean 'label'?"},
           {"\"figure\": \"w1.no\"", "\"interval\": [1]",
            "rows[0].marks[1].interval is not a list of 2 numbers"},
           {"\"printed\": \"37%\"", "\"new_wording\": \"yes\"",
            "rows[0].marks[1].new_wording is neither true nor false"},
           {"{\"label\": \"R\"", "{\"place\": [0.5, 1], \"label\": \"R\"",
            "rows[0].place is not a column and a row"},
           {"\"rows\": [", "\"shades\": {\"scale\": \"red\"}, \"rows\": [",
            "'red' is not a scale of colours"},
           {"\"rows\": [", "\"shades\": {\"cuts\": [\"x\"]}, \"rows\": [",
            "shades.cuts is not a list of numbers"},
           {"\"marks\": [", "\"marks\": 3, \"x\": [", "rows[0]: 'x' is not known"},
           {"63.4", "163.4", "chart 'a': 'R', 'Yes': 163.4 is not a percentage"}}) {
    ASSERT_THAT(kPlain, HasSubstr(from));
    const auto chart = parse_chart(replaced(kPlain, from, to));
    ASSERT_FALSE(chart) << to;
    EXPECT_THAT(chart.error().message, HasSubstr(words));
  }
  for (const char* text : {"", "null", "[]", "{}", "\xFF", "3", "{\"rows\": [[]]}"}) {
    EXPECT_FALSE(parse_chart(text)) << text;
  }
}

TEST(ChartFile, AnAlternativeOfManyFiguresIsCutBetweenThem) {
  Chart chart = samples::organisation_tiles();
  while (chart.rows.size() < 1'000) chart.rows.push_back(chart.rows.front());
  const std::string alt = listed_figures(chart);
  EXPECT_LT(alt.size(), 10'000U);
  EXPECT_THAT(alt, testing::EndsWith(" of 3; and more, in the table."));
}

TEST(DataTable, HoldsEveryFigureAsPrinted) {
  for (const auto& chart : samples::all_kinds()) {
    const ChartTable table = data_table(chart);
    std::string all;
    for (const auto& row : table.rows) {
      EXPECT_EQ(row.size(), table.headings.size()) << chart.id;
      for (const auto& cell : row) all += "|" + cell;
    }
    for (const auto& heading : table.headings) EXPECT_NE(heading, "") << chart.id;
    for (const auto& row : chart.rows) {
      for (const auto& mark : row.marks) EXPECT_THAT(all, HasSubstr("|" + mark.printed));
    }
  }
}

TEST(DataTable, IsARowForARow) {
  const ChartTable heat = data_table(samples::issue_heat());
  EXPECT_THAT(heat.headings, ElementsAre("Item", "North of England", "Midlands and East", "London",
                                         "South of England"));
  EXPECT_THAT(heat.rows.back(), ElementsAre("Something else", "3%", "[c]", "7%", "0%"));
  const ChartTable trend = data_table(samples::confidence_trend());
  EXPECT_THAT(trend.headings, ElementsAre("Wave", "Mean", "Base"));
  EXPECT_THAT(trend.rows[1], ElementsAre("April 2013", "6.5 (6.2 to 6.8)", "n = 107"));
  const ChartTable tiles = data_table(samples::response_tiles());
  EXPECT_THAT(tiles.headings, ElementsAre("Name", "Group", "Answered"));
  const ChartTable pie = data_table(samples::pooled_budget_pie());
  EXPECT_THAT(pie.rows.front(), ElementsAre("Yes", "41%"));
}

}  // namespace
}  // namespace barometer
