// Charts of data files and of waves by groups: their marks are the cells of `barometer table`.
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "barometer/base/file.h"
#include "tests/support/command.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using testing::run_command;
using testing::TempFolder;
using Json = nlohmann::json;

const std::string kProgram = BUILD_DIR "/cli/barometer";
const std::string kSchools = SOURCE_DIR "/barometer/estimate/testdata/apistrat.csv";
const std::string kDesign = " --weight pw --strata stype --fpc fpc ";

testing::CommandResult run(const std::string& words) { return run_command(kProgram + " " + words); }

Json chart_of(const std::string& words) {
  TempFolder folder;
  const auto file = folder / "c.json";
  const auto result = run("chart " + words + " --out " + file.string());
  EXPECT_EQ(result.exit, 0) << words << "\n" << result.output;
  const auto text = read_file(file);
  return text ? Json::parse(*text, nullptr, false) : Json();
}

// "North, yes 63%; …" of every mark.
std::string marks_of(const Json& chart) {
  std::string all;
  for (const Json& row : chart["rows"]) {
    for (const Json& mark : row["marks"]) {
      all += std::string(row["label"]) + ", " + std::string(mark["label"]) + " " +
             std::string(mark["printed"]) + "; ";
    }
  }
  return all;
}

TEST(ChartOfData, MarksAreTheCellsOfTheTable) {
  const Json book = Json::parse(
      run("table " + kSchools + kDesign + "--rows awards --banner stype --format json").output);
  const Json chart = chart_of(kSchools + kDesign + "--item awards --by stype --kind share");
  ASSERT_EQ(chart["rows"].size(), 3U);
  for (size_t g = 0; g < 3; ++g) {
    for (size_t r = 0; r < 2; ++r) {
      const Json& cell = book["tables"][0]["rows"][r]["cells"][g + 1];
      const Json& mark = chart["rows"][g]["marks"][r];
      EXPECT_EQ(mark["printed"], std::string(cell["printed"]) + "%");
      EXPECT_NEAR(mark["value"].get<double>(), 100 * cell["value"].get<double>(), 1e-9);
    }
  }
  EXPECT_THAT(std::string(chart["source"]), HasSubstr("Weighted"));
}

TEST(ChartOfData, EveryKindOfAnItemIsDrawn) {
  for (const char* words :
       {"--item awards --kind pie", "--item awards --kind stacked", "--item awards --kind dot",
        "--item awards --kind heat --by stype", "--item awards --by stype --answer 2 --kind tiles",
        "--item 'api00[mean]' --by stype --kind dot", "--item 'awards, both' --kind share"}) {
    TempFolder folder;
    const std::string out = (folder / "c.svg").string();
    const auto result = run("chart " + kSchools + kDesign + words + " --out " + out);
    EXPECT_EQ(result.exit, 0) << words << "\n" << result.output;
    const auto svg = read_file(out);
    ASSERT_TRUE(svg) << words;
    EXPECT_THAT(*svg, ::testing::ContainsRegex("data-figure=\"(awards|api00):")) << words;
  }
}

TEST(ChartOfData, TitlesSayTheFinding) {
  EXPECT_EQ(chart_of(kSchools + kDesign + "--item awards")["title"], "awards: 64% yes");
  EXPECT_EQ(chart_of(kSchools + kDesign + "--item awards --by stype --answer Yes")["title"],
            "awards: from 32% (H) to 73% (E) yes");
  EXPECT_EQ(chart_of(kSchools + kDesign + "--item awards --title Mine")["title"], "Mine");
}

TEST(ChartOfData, SmallBasesHaveSignsInPlaceOfMarks) {
  TempFolder folder;
  std::string csv = "region,answer\n";
  for (int i = 0; i < 60; ++i) csv += i % 2 == 0 ? "north,yes\n" : "north,no\n";
  for (int i = 0; i < 20; ++i) csv += i % 4 == 0 ? "south,yes\n" : "south,no\n";
  for (int i = 0; i < 5; ++i) csv += "west,yes\n";
  const auto data = folder.write("d.csv", csv).string();
  const Json chart = chart_of(data + " --item answer --by region --answer yes");
  EXPECT_EQ(marks_of(chart), "north, yes 50%; south, yes 5 of 20; west, yes [c]; ");
  EXPECT_TRUE(chart["rows"][0]["marks"][0].contains("value"));
  EXPECT_FALSE(chart["rows"][1]["marks"][0].contains("value"));
  EXPECT_FALSE(chart["rows"][2]["marks"][0].contains("value"));
}

TEST(ChartOfData, SmallCountsAndWhatGivesThemAwayHaveSigns) {
  TempFolder folder;
  std::string csv = "region,answer\n";
  const auto add = [&csv](int times, const char* line) {
    for (int i = 0; i < times; ++i) csv += line;
  };
  add(58, "north,yes\n"), add(40, "north,no\n"), add(2, "north,perhaps\n");
  add(30, "south,yes\n"), add(30, "south,no\n"), add(40, "south,perhaps\n");
  add(40, "west,yes\n");
  const auto data = folder.write("d.csv", csv).string();
  const std::string words = data + " --item answer --by region";
  EXPECT_THAT(marks_of(chart_of(words)), HasSubstr("north, perhaps 2%"));
  const std::string hidden = marks_of(chart_of(words + " --suppress-count 5"));
  EXPECT_THAT(hidden, HasSubstr("north, perhaps [c]"));
  // 100 less one hidden count is that count: another of the North goes with it.
  EXPECT_THAT(hidden, AnyOf(HasSubstr("north, yes [c]"), HasSubstr("north, no [c]")));
  EXPECT_THAT(marks_of(chart_of(words)), HasSubstr("west, yes [100%]"));
  EXPECT_THAT(marks_of(chart_of(words + " --suppress-uniform 50")), HasSubstr("west, yes [c]"));
  // As in the table of the same options.
  const Json book = Json::parse(run("table " + data +
                                    " --rows answer --banner region --suppress-count 5 --format "
                                    "json 2>/dev/null")
                                    .output);
  for (size_t r = 0; r < 3; ++r) {
    const bool sign = book["tables"][0]["rows"][r]["cells"][1]["printed"] == "[c]";
    const Json mark = chart_of(words + " --suppress-count 5")["rows"][0]["marks"][r];
    EXPECT_EQ(mark["printed"] == "[c]", sign) << r;
    EXPECT_EQ(mark.contains("value"), !sign) << r;
  }
}

TEST(ChartOfData, WhatCannotBeDrawnIsRefused) {
  const std::pair<const char*, const char*> refusals[] = {
      {"", "which variable? --item"},
      {" --item awrads", "awards"},
      {" --item awards --kind diverging", "which answers are positive"},
      {" --item awards --kind trend", "a trend needs waves"},
      {" --item awards --kind tiles", "--by region"},
      {" --item awards --by stype --kind tiles", "which answer? --answer"},
      {" --item awards --answer Maybe", "'Maybe' is no answer of 'awards'"},
      {" --item awards --by 'stype, both'", "one group of columns, not 2"},
      {" --item 'awards, both' --by stype", "draw one by groups"},
      {" --item awards --kind pie --by stype", "a pie has one row, this has 3"},
      {" --item awards --kind donut", "donut"},
      {" --item awards --wave 1", "--wave is of a study"},
  };
  TempFolder folder;
  for (const auto& [words, said] : refusals) {
    const auto result = run("chart " + kSchools + words + " --out " + (folder / "c.svg").string());
    EXPECT_EQ(result.exit, 2) << words << "\n" << result.output;
    EXPECT_THAT(result.output, HasSubstr(said)) << words;
  }
}

}  // namespace
}  // namespace barometer
