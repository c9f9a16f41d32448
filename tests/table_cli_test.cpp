// The command line of tables: its numbers are those of `barometer estimate`, whatever the engine
// and the format; words and a plan file say the same; and what is refused.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/command.h"
#include "tests/support/near.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using testing::near_rel;
using ::testing::Not;
using testing::run_command;
using testing::TempFolder;
using Json = nlohmann::json;

const std::string kProgram = BUILD_DIR "/cli/barometer";
const std::string kSchools = SOURCE_DIR "/barometer/estimate/testdata/apistrat.csv";
const std::string kDesign = " --weight pw --strata stype --fpc fpc ";

testing::CommandResult table(const std::string& arguments) {
  return run_command(kProgram + " table " + kSchools + arguments);
}

Json json_of(const std::string& command) {
  const auto result = run_command(kProgram + " " + command + " --format json 2>/dev/null");
  EXPECT_EQ(result.exit, 0) << result.output;
  return Json::parse(result.output, nullptr, false);
}

// "awards|1|region:2" -> the cell.
std::map<std::string, Json> cells_of(const Json& book) {
  std::map<std::string, Json> cells;
  for (const Json& table : book["tables"]) {
    for (const Json& row : table["rows"]) {
      for (const Json& cell : row["cells"]) {
        cells[row["variable"].get<std::string>() + "|" + row["answer"].get<std::string>() + "|" +
              cell["column"].get<std::string>()] = cell;
      }
    }
  }
  return cells;
}

void expect_same(const Json& cell, const Json& estimate, const std::string& what) {
  EXPECT_TRUE(near_rel(cell["value"].get<double>(), estimate["estimate"].get<double>(), 1e-12,
                       "the same sums by another road"))
      << what;
  EXPECT_TRUE(near_rel(cell["se"].get<double>(), estimate["se"].get<double>(), 1e-9,
                       "the same sums by another road"))
      << what;
  EXPECT_EQ(cell["n"].get<double>(), estimate["n"].get<double>()) << what;
}

// Levels of text are coded in byte order: E 1, H 2, M 3; No 1, Yes 2.
TEST(TableCommand, CellsAreTheEstimatesOfEveryDomain) {
  const auto cells = cells_of(
      json_of("table " + kSchools + kDesign + "--rows 'awards, api00[mean]' --banner sch_wide"));
  const Json shares = json_of("estimate " + kSchools + kDesign + "prop awards --by sch_wide");
  const Json means = json_of("estimate " + kSchools + kDesign + "mean api00 --by sch_wide");
  size_t compared = 0;
  for (const auto& [level, column] : {std::pair("No", "sch_wide:1"), {"Yes", "sch_wide:2"}}) {
    for (const Json& line : shares["estimates"]) {
      if (line["by"] != level) continue;
      const std::string answer = line["level"] == "No" ? "1" : "2";
      expect_same(cells.at("awards|" + answer + "|" + column), line, answer + column);
      ++compared;
    }
    for (const Json& line : means["estimates"]) {
      if (line["by"] != level) continue;
      expect_same(cells.at(std::string("api00|mean|") + column), line, column);
      ++compared;
    }
  }
  EXPECT_EQ(compared, 6U);
}

TEST(TableCommand, EveryEngineGivesTheSameBook) {
  const std::string words =
      kDesign +
      "--rows 'awards, both, stype' --banner 'sch_wide, comp_imp > yr_rnd' --show "
      "percent,n,se,letters";
  const auto memory = cells_of(json_of("table " + kSchools + words));
  const auto duckdb = cells_of(json_of("table " + kSchools + words + " --engine duckdb"));
  ASSERT_EQ(memory.size(), duckdb.size());
  for (const auto& [key, cell] : memory) {
    const Json& other = duckdb.at(key);
    EXPECT_EQ(cell["printed"], other["printed"]) << key;
    if (cell["value"].is_null()) continue;
    EXPECT_TRUE(near_rel(cell["value"].get<double>(), other["value"].get<double>(), 1e-10, "sums"))
        << key;
  }
}

TEST(TableCommand, APlanAndWordsSayTheSame) {
  TempFolder folder;
  const auto plan = folder.write("plan.yaml",
                                 "rows: [awards, 'api00[mean]']\nbanner: ['sch_wide+rest']\n"
                                 "cells: [percent, count, letters]\n"
                                 "significance: {levels: [0.05, 0.1], adjust: holm}\n"
                                 "percent: row\n");
  const Json by_plan = json_of("table " + kSchools + kDesign + "--plan " + plan.string());
  const Json by_words =
      json_of("table " + kSchools + kDesign +
              "--rows 'awards, api00[mean]' --banner sch_wide+rest --show percent,n,letters "
              "--level 0.05,0.1 --adjust holm --percent row");
  EXPECT_EQ(by_plan, by_words);
}

// What both say is what the option says; what only one says is there.
TEST(TableCommand, OptionsGoBeforeThePlan) {
  TempFolder folder;
  const auto plan = folder.write("plan.yaml",
                                 "title: Of the plan\nrows: [both]\nbanner: [sch_wide]\n"
                                 "filter: stype = 'E'\ncells: [percent, count]\nweights: [fpc]\n"
                                 "significance: {levels: [0.01], adjust: holm, least_base: 5}\n"
                                 "print: {suppress_base_under: 60, percent_places: 2}\n");
  const std::string words =
      " --plan " + plan.string() +
      " --rows awards --banner stype --filter \"stype in ('E', 'H')\" --show percent,letters "
      "--weight pw --level 0.05 --suppress-base 0";
  const Json book = json_of("table " + kSchools + words);
  EXPECT_EQ(book["title"], "Of the plan");
  EXPECT_EQ(book["settings"]["filter"], "stype in ('E', 'H')");
  EXPECT_EQ(book["settings"]["tests"]["levels"], Json::array({0.05}));
  EXPECT_EQ(book["settings"]["tests"]["adjustment"], "holm");
  EXPECT_EQ(book["settings"]["tests"]["least_base"], 5);
  EXPECT_EQ(book["settings"]["print"]["suppress_base_under"], 0);
  ASSERT_EQ(book["tables"].size(), 1U);
  EXPECT_EQ(book["tables"][0]["id"], "awards");
  EXPECT_EQ(book["tables"][0]["columns"][1]["id"], "stype:1");
  EXPECT_EQ(book["tables"][0]["columns"][0]["n"], 150);
  const Json own = json_of("table " + kSchools +
                           " --rows awards --banner stype --filter \"stype in ('E', 'H')\" "
                           "--weight pw --level 0.05 --adjust holm --test-base 5 --suppress-base 0 "
                           "--places 2 --show percent,letters");
  EXPECT_EQ(book["tables"][0]["rows"], own["tables"][0]["rows"]);
}

TEST(TableCommand, SeveralWeightsAreSeveralTables) {
  const Json book = json_of("table " + kSchools + " --rows awards --weights pw,fpc");
  ASSERT_EQ(book["tables"].size(), 2U);
  EXPECT_EQ(book["tables"][0]["weight"], "pw");
  EXPECT_EQ(book["tables"][1]["weight"], "fpc");
  const Json one = json_of("table " + kSchools + " --rows awards --weight fpc");
  EXPECT_EQ(book["tables"][1]["rows"], one["tables"][0]["rows"]);
}

TEST(TableCommand, ColumnsOfZeroAndOneAreOneQuestion) {
  TempFolder folder;
  const auto data = folder.write("m.csv", "m1,m2,m3\n1,0,1\n0,0,1\n1,1,1\n0,0,0\n");
  const Json book =
      json_of("table " + data.string() + " --rows media --multi 'media=m1..m3' --suppress-base 0");
  const auto cells = cells_of(book);
  std::string counts;
  for (const Json& row : book["tables"][0]["rows"]) {
    counts += std::to_string(row["cells"][0]["count"].get<int>()) + " of " +
              std::to_string(row["cells"][0]["n"].get<int>()) + ";";
  }
  EXPECT_EQ(counts, "2 of 4;1 of 4;3 of 4;");
}

TEST(TableCommand, WhatIsSuppressedIsInNoFormat) {
  for (const char* format : {"text", "csv", "json", "html", "md", "latex"}) {
    const auto result =
        table(" --rows 'both' --banner stype --suppress-base 60 --format " + std::string(format));
    EXPECT_EQ(result.exit, 0);
    EXPECT_THAT(result.output, AnyOf(HasSubstr("[c]"), HasSubstr("{[}c{]}"), HasSubstr("\\[c\\]")))
        << format;
  }
  const auto cells =
      cells_of(json_of("table " + kSchools + " --rows 'both' --banner stype --suppress-base 60"));
  EXPECT_TRUE(cells.at("both|1|stype:2")["value"].is_null());
  EXPECT_FALSE(cells.at("both|1|stype:2").contains("count"));
  EXPECT_FALSE(cells.at("both|1|stype:1")["value"].is_null());
}

TEST(TableCommand, FilesAreOfTheFormatThatTheirEndingTells) {
  TempFolder folder;
  const std::pair<const char*, const char*> endings[] = {
      {"b.txt", "Tables\n"},    {"b.csv", "table,weight,"}, {"b.json", "{\n"},
      {"b.html", "<!doctype "}, {"b.md", "# Tables"},       {"b.tex", "\\documentclass"},
      {"b.xlsx", "PK\x03\x04"}, {"b.ods", "PK\x03\x04"}};
  for (const auto& [name, start] : endings) {
    const std::string file = (folder / name).string();
    const auto result = table(" --rows awards --banner stype --out " + file);
    EXPECT_EQ(result.exit, 0) << result.output;
    EXPECT_EQ(result.output, file + ": 1 table\n");
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    EXPECT_TRUE(bytes.starts_with(start)) << name;
    // The same again is the same.
    EXPECT_EQ(table(" --rows awards --banner stype --out " + file).exit, 0);
    std::ifstream again(file, std::ios::binary);
    EXPECT_EQ(bytes, std::string(std::istreambuf_iterator<char>(again), {})) << name;
  }
}

TEST(TableCommand, ColoursAreForTerminalsAlone) {
  const std::string words = kDesign + "--rows awards --banner stype --show percent,letters";
  EXPECT_THAT(table(words).output, Not(HasSubstr("\x1b")));
  EXPECT_THAT(table(words + " --colour always").output, HasSubstr("\x1b[2m"));
  // script(1) gives the program a terminal.
  const std::string in_terminal = "script -qec \"" + kProgram + " table " + kSchools +
                                  " --rows awards --banner stype\" /dev/null";
  EXPECT_THAT(run_command("TERM=xterm " + in_terminal).output, HasSubstr("\x1b[2m"));
  EXPECT_THAT(run_command("TERM=xterm NO_COLOR=1 " + in_terminal).output,
              Not(HasSubstr("\x1b[2m")));
  EXPECT_THAT(run_command("TERM=dumb " + in_terminal).output, Not(HasSubstr("\x1b[2m")));
}

// Three chairs of the north said yes. Their 27 colleagues, and yes in the south beside the total,
// would tell.
TEST(TableCommand, SmallCountsGoWithWhatWouldGiveThemAway) {
  TempFolder folder;
  std::string csv = "region,answer\n";
  const auto add = [&](int count, const char* row) {
    for (int i = 0; i < count; ++i) csv += row;
  };
  add(3, "north,yes\n");
  add(27, "north,no\n");
  add(20, "south,yes\n");
  add(30, "south,no\n");
  const auto data = folder.write("data.csv", csv);
  const std::string words = "table " + data.string() + " --rows answer --banner region ";
  const auto shown = [&](const std::string& options) {
    std::map<std::string, std::string> cells;
    const auto book = json_of(words + options);
    for (const auto& row : book["tables"][0]["rows"]) {
      for (const auto& cell : row["cells"]) {
        const std::string name = std::string(row["label"]) + " of " + std::string(cell["column"]);
        cells[name] = cell["printed"];
      }
    }
    return cells;
  };
  EXPECT_EQ(shown("")["yes of region:1"], "[10]");
  auto safe = shown("--suppress-count 5");
  EXPECT_EQ(safe["yes of region:1"], "[c]");
  EXPECT_EQ(safe["no of region:1"], "[c]");
  EXPECT_TRUE(safe["yes of region:2"] == "[c]" || safe["yes of total"] == "[c]");
  EXPECT_TRUE(safe["no of region:2"] == "[c]" || safe["no of total"] == "[c]");
}

// A weighted total beside the weights of its columns, or a standard error of strata, would tell.
TEST(TableCommand, WholesOfHiddenCellsHaveNeitherWeightedFiguresNorErrors) {
  TempFolder folder;
  std::string csv = "region,answer,w\n";
  const auto add = [&](int count, const char* row) {
    for (int i = 0; i < count; ++i) csv += row;
  };
  add(2, "north,rare,10\n");
  add(60, "north,often,10\n");
  add(38, "north,never,10\n");
  add(3, "south,rare,20\n");
  add(40, "south,often,20\n");
  add(57, "south,never,20\n");
  const auto data = folder.write("data.csv", csv);
  const std::string words = "table " + data.string() +
                            " --rows answer --banner region --strata region --suppress-count 5 "
                            "--show percent,se ";
  for (const char* weight : {"", "--weight w"}) {
    const Json book = json_of(words + weight);
    for (const Json& row : book["tables"][0]["rows"]) {
      bool hidden = false;
      for (const Json& cell : row["cells"]) hidden = hidden || cell["printed"] == "[c]";
      for (const Json& cell : row["cells"]) {
        if (cell["column"] != "total" || !hidden) continue;
        EXPECT_TRUE(!cell.contains("se") || cell["se"].is_null()) << cell;
        EXPECT_EQ(cell["printed"] == "[c]", *weight != '\0' || cell["value"].is_null()) << cell;
      }
    }
  }
}

TEST(TableCommand, RoundedAndMergedTablesSayTheirLossBesideThatOfSuppression) {
  const std::string words = " --rows awards --banner 'stype, comp_imp' ";
  const auto rounded = table(words + "--round-counts 10");
  EXPECT_EQ(rounded.exit, 0);
  EXPECT_THAT(rounded.output, HasSubstr("note: Counts are rounded to multiples of 10: "));
  EXPECT_THAT(rounded.output, HasSubstr("note: Suppression (--suppress-count 10) would hide "));
  const auto cells = cells_of(json_of("table " + kSchools + words + "--round-counts 10"));
  const auto count = [&](const std::string& cell) {
    return cells.at("awards|" + cell)["count"].get<double>();
  };
  for (const char* answer : {"1", "2"}) {
    const std::string of = std::string(answer) + "|";
    EXPECT_EQ(count(of + "total"),
              count(of + "stype:1") + count(of + "stype:2") + count(of + "stype:3"));
    EXPECT_EQ(count(of + "total"), count(of + "comp_imp:1") + count(of + "comp_imp:2"));
    for (const char* column : {"total", "stype:1", "stype:2", "stype:3"}) {
      EXPECT_EQ(static_cast<int>(count(of + column)) % 10, 0);
    }
  }
  const auto merged = table(" --rows awards --banner stype --recode --suppress-count 27");
  EXPECT_EQ(merged.exit, 0);
  EXPECT_THAT(merged.output, HasSubstr("'stype' has 2 columns in place of 3"));
  EXPECT_THAT(merged.output, HasSubstr("note: Suppression (--suppress-count 27) would hide "));
  const auto whole =
      table(" --rows awards --banner 'stype, comp_imp' --recode --suppress-count 60");
  EXPECT_THAT(whole.output, HasSubstr("'stype' has 1 column in place of 3"));
  EXPECT_THAT(whole.output, HasSubstr("says no more than the total and is left out"));
  EXPECT_THAT(whole.output, HasSubstr("Not shown by 'stype': "));
  EXPECT_THAT(whole.output, HasSubstr("      Total\nBase    200\n"));
}

// Of everybody a region, a size within it, an answer and an amount, with weights; few in some.
struct Survey {
  std::vector<std::string> region, size, rest;
};

Survey made_survey() {
  Survey out;
  unsigned draw = 12345;
  const auto next = [&](unsigned below) {
    draw = draw * 1103515245U + 12345U;
    return draw / 65536U % below;
  };
  for (int i = 0; i < 420; ++i) {
    const unsigned region = next(10);
    out.region.push_back(region < 5 ? "East" : region < 9 ? "North" : "West");
    const unsigned size = next(16);
    out.size.push_back(size < 1 ? "1 tiny" : size < 3 ? "2 small" : size < 9 ? "3 mid" : "4 large");
    const unsigned stratum = next(4), weight = next(100), score = next(90);
    out.rest.push_back(fmt::format("{},{},{:.2f},s{}", next(3) == 0 ? "No" : "Yes", 10 + score,
                                   0.5 + 0.01 * weight, stratum));
  }
  return out;
}

std::filesystem::path write_survey(const TempFolder& folder, const std::string& name,
                                   const Survey& survey, const std::vector<std::string>& group) {
  std::string csv = "region,size,group,q,score,w,stratum\n";
  for (size_t i = 0; i < survey.region.size(); ++i) {
    csv += fmt::format("{},{},{},{}\n", survey.region[i], survey.size[i], group[i], survey.rest[i]);
  }
  return folder.write(name, csv);
}

// What was merged by --recode is what a data file says that was recoded before: shares, means,
// medians, standard errors, intervals and letters.
TEST(TableCommand, RecodedColumnsAreThoseOfADataFileRecodedBefore) {
  TempFolder folder;
  const Survey survey = made_survey();
  const auto data =
      write_survey(folder, "data.csv", survey, std::vector<std::string>(survey.region.size(), "x"));
  const std::string asked =
      " --weight w --strata stratum --rows 'q, score[mean,sd,median]' --show "
      "percent,n,se,interval,letters --level 0.05,0.2 --test-base 0 --suppress-base 0 ";
  const Json merged = json_of("table " + data.string() + asked +
                              "--banner 'region > size' --recode --suppress-count 6");
  // Codes are places in byte order; a merged column has the combinations that are in it.
  const std::map<std::string, int> regions = {{"East", 1}, {"North", 2}, {"West", 3}};
  std::vector<std::string> group(survey.region.size(), "none");
  std::map<std::string, std::string> other_of;  // column, by the column of the other file
  size_t merges = 0, number = 0;
  for (const Json& column : merged["tables"][0]["columns"]) {
    if (column["kind"] != "category") continue;
    const Json own = Json::array({column["codes"]});
    const Json& combinations = column.contains("merged") ? column["merged"] : own;
    merges += combinations.size() - 1;
    if (column["n"] == 0.0) continue;  // nobody to be named in the other file
    ++number;
    for (size_t i = 0; i < group.size(); ++i) {
      const Json codes = {regions.at(survey.region[i]), survey.size[i].front() - '0'};
      for (const Json& one : combinations) {
        if (one == codes) group[i] = fmt::format("g{:02}", number);
      }
    }
    other_of[column["id"].get<std::string>()] = fmt::format("group:{}", number);
  }
  ASSERT_GT(merges, 2U);
  ASSERT_EQ(std::ranges::count(group, "none"), 0);
  const auto recoded = write_survey(folder, "recoded.csv", survey, group);
  const auto expected = cells_of(json_of("table " + recoded.string() + asked + "--banner group"));
  size_t compared = 0;
  for (const auto& [key, cell] : cells_of(merged)) {
    const std::string column = key.substr(key.rfind('|') + 1);
    if (!other_of.contains(column) || cell["printed"] == "[c]") continue;
    const Json& other = expected.at(key.substr(0, key.rfind('|') + 1) + other_of.at(column));
    for (const char* exact : {"n", "count", "printed"}) {
      EXPECT_EQ(cell.value(exact, Json()), other.value(exact, Json())) << key << " " << exact;
    }
    for (const char* number_of : {"value", "se", "lower", "upper", "df"}) {
      const Json a = cell.value(number_of, Json()), b = other.value(number_of, Json());
      ASSERT_EQ(a.type(), b.type()) << key << " " << number_of;
      if (!a.is_number()) continue;
      EXPECT_TRUE(near_rel(a.get<double>(), b.get<double>(), 1e-12, "the same sums, in parts"))
          << key << " " << number_of;
    }
    ++compared;
  }
  EXPECT_GT(compared, 20U);
}

// A wave that did not ask is not available, [x]; a group of which nobody was in the base, [z].
TEST(TableCommand, AWaveThatDidNotAskIsToldFromAGroupWithNobody) {
  TempFolder folder;
  std::string old_wave = "region,view\n", new_wave = "region,view,extra\n";
  for (int i = 0; i < 60; ++i) {
    const char* region = i % 3 == 0 ? "East" : i % 3 == 1 ? "North" : "West";
    old_wave += fmt::format("{},{}\n", region, i % 2 == 0 ? "good" : "poor");
    new_wave += fmt::format("{},{},{}\n", region, i % 2 == 0 ? "good" : "poor",
                            i % 3 == 2  ? ""
                            : i % 4 < 2 ? "yes"
                                        : "no");
  }
  const auto first = folder.write("first.csv", old_wave);
  const auto second = folder.write("second.csv", new_wave);
  const auto book =
      json_of(fmt::format("table --wave 2019={} --wave 2020={} --rows extra --banner region "
                          "--suppress-base 0 --percent-base 0",
                          first.string(), second.string()));
  const auto cells = cells_of(book);
  EXPECT_EQ(cells.at("extra|1|wave:1")["printed"], "[x]");
  EXPECT_EQ(cells.at("extra|1|region:1/wave:1")["printed"], "[x]");
  EXPECT_EQ(cells.at("extra|1|region:3/wave:1")["printed"], "[x]");
  EXPECT_EQ(cells.at("extra|1|region:3/wave:2")["printed"], "[z]");
  EXPECT_THAT(cells.at("extra|1|region:1/wave:2")["printed"].get<std::string>(), HasSubstr("["));
  const auto text = run_command(kProgram + " table --wave 2019=" + first.string() +
                                " --wave 2020=" + second.string() + " --rows extra");
  EXPECT_THAT(text.output, HasSubstr("[x]: not asked in 2019, or in other words."));
  EXPECT_THAT(text.output, HasSubstr("[x]     not available"));
}

TEST(TableCommand, FiltersOfSingleTablesAndSuppressionDoNotGoTogether) {
  TempFolder folder;
  const auto plan = folder.write("plan.yaml",
                                 "rows: [awards, {variables: stype, filter: awards = 'Yes'}]\n"
                                 "print: {suppress_count_under: 5}\n");
  const auto result = table(" --plan " + plan.string());
  EXPECT_EQ(result.exit, 2);
  EXPECT_THAT(result.output, HasSubstr("a filter of its own"));
}

TEST(TableCommand, TheDataAreNotWrittenOver) {
  const TempFolder folder;
  const std::string text = "a,b\n1,2\n2,2\n";
  const std::string data = folder.write("d.csv", text).string();
  const auto run = run_command(kProgram + " table " + data + " --rows a --out " + data);
  EXPECT_EQ(run.exit, 2);
  EXPECT_THAT(run.output, HasSubstr("is both the data and --out"));
  std::ifstream kept(data);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(kept), {}), text);
}

TEST(TableCommand, WhatCannotBeDoneIsRefused) {
  const std::pair<const char*, const char*> refusals[] = {
      {"", "--rows 'q1..q40' or --plan"},
      {" --rows awrads", "awards"},
      {" --rows awards --banner stypo", "stype"},
      {" --rows awards --show percents", "percents"},
      {" --rows awards --show letters", "letters stand beside something"},
      {" --rows awards --level 0.1,0.05", "the stricter first"},
      {" --rows awards --level 2", "between 0 and 1"},
      {" --rows awards --convention excel", "excel"},
      {" --rows awards --adjust sidak", "sidak"},
      {" --rows awards --against column", "rest and total are known"},
      {" --rows awards --against total", "--against total: without a banner"},
      {" --rows awards --confidence 95", "between 0 and 1"},
      {" --rows awards --percent cells", "column, row, table are known"},
      {" --rows awards --round-counts 5 --suppress-count 5", "one of the two"},
      {" --rows awards --round-counts 5 --recode", "one of the two"},
      {" --rows awards --round-counts 1", "--round-counts"},
      {" --rows awards --round-counts 5 --weight pw", "is weighted"},
      {" --rows awards --round-counts 5 --percent row", "percentages of rows"},
      {" --rows api00[mean] --round-counts 5", "is a number"},
      {" --rows awards --format xlsx", "where to? --out book.xlsx"},
      {" --rows awards --out book.doc", "its ending tells no format"},
      {" --rows awards --weight pw --weights pw,fpc", "exclude each other"},
      {" --rows awards --weight awards", "awards"},
      {" --rows awards --multi media", "'media=m1..m3'"},
      {" --rows awards --multi m=api00..api99 --engine duckdb", "need the data in memory"},
      {" --rows awards --engine cases", "memory, duckdb"},
      {" --rows awards --filter 'stype ='", "--filter: error: "},
      {" --rows awards --filter \"stypo = 'E'\"", "--filter: error: "},
      {" --rows awards --plan nowhere.yaml", "nowhere.yaml"},
      {" --rows awards --note-base -1", "--note-base"},
  };
  for (const auto& [arguments, said] : refusals) {
    const auto result = table(arguments);
    EXPECT_EQ(result.exit, 2) << arguments << "\n" << result.output;
    EXPECT_THAT(result.output, HasSubstr(said)) << arguments;
  }
}

}  // namespace
}  // namespace barometer
