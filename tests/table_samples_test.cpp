// Tables of any sample, and of waves: their cells are those of `barometer estimate`, their arrows
// the changes of `barometer trend`; a wording that changed has no arrow unless the study says so.
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/command.h"
#include "tests/support/near.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;
using testing::near_rel;
using ::testing::Not;
using testing::run_command;
using testing::TempFolder;
using Json = nlohmann::json;

const std::string kProgram = BUILD_DIR "/cli/barometer";
const std::string kSchools = SOURCE_DIR "/barometer/estimate/testdata/apistrat.csv ";
const std::string kClusters = SOURCE_DIR "/barometer/estimate/testdata/apiclus1.csv ";
const std::string kExamples = SOURCE_DIR "/docs/examples/";

Json json_of(const std::string& command) {
  const auto result = run_command(kProgram + " " + command + " --format json 2>/dev/null");
  EXPECT_EQ(result.exit, 0) << command << "\n" << run_command(kProgram + " " + command).output;
  return Json::parse(result.output, nullptr, false);
}

testing::CommandResult run(const std::string& arguments) {
  return run_command(kProgram + " " + arguments);
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
  EXPECT_TRUE(near_rel(cell["value"].get<double>(), estimate["estimate"].get<double>(), 1e-10,
                       "the same weights"))
      << what;
  // Of a margin that was raked nothing is left but rounding.
  const double se = estimate["se"];
  EXPECT_NEAR(cell["se"].get<double>(), se, 1e-8 * se + 1e-10 * estimate["estimate"].get<double>())
      << what;
}

// Every option of the draw and of weighting that `estimate` has: shares and means of two domains.
TEST(TableOfSamples, CellsAreTheEstimatesWhateverTheDraw) {
  const std::string strata = kSchools + "--weight pw --strata stype --fpc fpc ";
  const std::string clusters = kClusters + "--id dnum --weight pw ";
  for (const std::string& draw :
       {strata + "--rake " + kExamples + "stype.csv," + kExamples + "sch_wide.csv",
        strata + "--poststratify " + kExamples + "stype.csv", strata + "--trim 16,40",
        strata + "--make-replicates jkn",
        clusters + "--calibrate '~stype + api99' --population " + kExamples + "totals.csv",
        clusters + "--make-replicates jk1",
        clusters + "--make-replicates bootstrap --replicate-count 30 --seed 5",
        clusters + "--make-replicates jk1 --rake " + kExamples + "stype.csv," + kExamples +
            "sch_wide.csv"}) {
    SCOPED_TRACE(draw);
    const auto cells = cells_of(json_of(
        "table " + draw + " --rows 'awards, api00[mean]' --banner sch_wide --suppress-base 0"));
    const Json shares = json_of("estimate " + draw + " prop awards --by sch_wide");
    const Json means = json_of("estimate " + draw + " mean api00 --by sch_wide");
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
}

TEST(TableOfSamples, OfUnequalProbabilitiesAndReplicatesOfTheFile) {
  TempFolder folder;
  std::string csv = "y,g,p,w,r1,r2,r3\n";
  for (int i = 0; i < 60; ++i) {
    const double p = 0.1 + 0.01 * (i % 40);
    csv += (i % 3 == 0 ? "no," : "yes,") + std::string(i % 2 == 0 ? "a," : "b,") +
           std::to_string(p) + "," + std::to_string(1 / p) + "," +
           std::to_string(i % 4 == 0 ? 0 : 2) + "," + std::to_string(i % 4 == 1 ? 0 : 2) + "," +
           std::to_string(i % 4 == 2 ? 0 : 2) + "\n";
  }
  const std::string data = folder.write("d.csv", csv).string();
  for (const std::string draw :
       {" --pps poisson --fpc p ", " --pps brewer --fpc p ", " --replicates 'r*' --rep-type jk1 ",
        " --replicates 'r*' --rep-type other --scale 0.2 --weight w "}) {
    SCOPED_TRACE(draw);
    const auto cells =
        cells_of(json_of("table " + data + draw + "--rows y --banner g --suppress-base 0"));
    const Json shares = json_of("estimate " + data + draw + "prop y --by g");
    for (const Json& line : shares["estimates"]) {
      const std::string key = std::string("y|") + (line["level"] == "no" ? "1" : "2") +
                              (line["by"] == "a" ? "|g:1" : "|g:2");
      expect_same(cells.at(key), line, key);
    }
    EXPECT_EQ(shares["estimates"].size(), 4U);
  }
}

TEST(TableOfSamples, WhatDatabasesCannotGiveIsRefused) {
  const auto result =
      run("table " + kSchools + "--weight pw --trim 16,40 --rows awards --engine duckdb");
  EXPECT_EQ(result.exit, 2);
  EXPECT_THAT(result.output, HasSubstr("trimmed weights needs single cases"));
}

// ---- waves of files
// ------------------------------------------------------------------------------

struct Waves {
  TempFolder folder;
  std::string words;  // --wave one=… --wave two=…

  Waves() {
    const auto file = [&](const char* name, int shift) {
      std::string csv = "id,role,trust,w\n";
      for (int i = 0; i < 80; ++i) {
        csv += std::to_string(i + shift) + (i % 3 == 0 ? ",chair," : ",officer,") +
               (i * 7 % 10 < 4 + shift / 10 ? "yes," : "no,") + std::to_string(1 + i % 2) + "\n";
      }
      return folder.write(name, csv).string();
    };
    words = " --wave one=" + file("a.csv", 0) + " --wave two=" + file("b.csv", 30);
  }
};

// The only test of a row, as a change of `trend`.
void expect_change(const Json& test, const Json& change) {
  EXPECT_TRUE(near_rel(test["difference"].get<double>(), change["difference"].get<double>(), 1e-10,
                       "the same sums"));
  EXPECT_TRUE(near_rel(test["se"].get<double>(), change["se"].get<double>(), 1e-8, "one design"));
  EXPECT_TRUE(near_rel(test["p"].get<double>(), change["p"].get<double>(), 1e-6, "one test"));
}

TEST(TableOfWaves, ArrowsAreTheChangesOfTrend) {
  const Waves waves;
  for (const std::string options : {"", " --weight w", " --link id", " --weight w --link id"}) {
    SCOPED_TRACE(options);
    const Json book = json_of("table" + waves.words + options + " --rows trust");
    const Json trend = json_of("trend prop trust" + waves.words + options);
    ASSERT_EQ(book["tables"].size(), 1U);
    const Json& table = book["tables"][0];
    ASSERT_EQ(table["columns"].size(), 2U);
    EXPECT_EQ(table["columns"][1]["id"], "wave:2");
    ASSERT_EQ(table["tests"].size(), 2U);
    for (size_t answer = 0; answer < 2; ++answer) {
      expect_change(table["tests"][answer], trend["trends"][answer]["changes"][0]);
    }
    const bool rose = table["tests"][1]["p"].get<double>() <= 0.05;
    EXPECT_EQ(table["rows"][1]["cells"][1].value("arrow", ""), rose ? "up" : "") << table["tests"];
  }
}

TEST(TableOfWaves, StandInEachGroupAndBesideIt) {
  const Waves waves;
  const Json book = json_of("table" + waves.words + " --rows trust --banner role --test-base 0");
  std::vector<std::string> columns;
  for (const Json& column : book["tables"][0]["columns"]) columns.push_back(column["id"]);
  EXPECT_THAT(columns, ::testing::ElementsAre("wave:1", "wave:2", "role:1/wave:1", "role:1/wave:2",
                                              "role:2/wave:1", "role:2/wave:2"));
  for (const Json& test : book["tables"][0]["tests"]) {
    const std::string a = test["a"], b = test["b"];
    EXPECT_EQ(a.substr(0, a.rfind(':')), b.substr(0, b.rfind(':')));
  }
  // As written, where the banner speaks of waves itself.
  const Json own = json_of("table" + waves.words + " --rows trust --banner 'role, wave > role'");
  EXPECT_EQ(own["tables"][0]["columns"][0]["id"], "total");
}

TEST(TableOfWaves, APlanNamesThemToo) {
  const Waves waves;
  TempFolder folder;
  const auto plan = folder.write("plan.yaml", "waves: [one=" + (waves.folder / "a.csv").string() +
                                                  ", two=" + (waves.folder / "b.csv").string() +
                                                  "]\nrows: trust\n");
  EXPECT_EQ(json_of("table --plan " + plan.string()),
            json_of("table" + waves.words + " --rows trust"));
}

TEST(TableOfWaves, WhatCannotBeComparedIsRefused) {
  const Waves waves;
  const std::string a = (waves.folder / "a.csv").string();
  const std::pair<std::string, const char*> refusals[] = {
      {" --rows trust", "which data?"},
      {" --wave one=" + a + " --rows trust", "a change needs two waves"},
      {" --wave one --wave two --rows trust", "a name and a file are needed"},
      {" " + a + waves.words + " --rows trust", "beside --wave is a study"},
      {waves.words + " --rows truts", "did you mean 'trust'?"},
      {waves.words + " --rows trust --engine duckdb", "use --engine memory"},
      {waves.words + " --rows trust --trim 1,2", "make other weights of each wave first"},
      {waves.words + " --rows trust --banner role+rest", "leave out +rest"},
      {waves.words + " --rows trust --link-repeats", "belongs to --link"},
      {waves.words + " --rows trust --link nobody", "nobody"},
      {" " + a + " --rows trust --link id", "are of waves"},
  };
  for (const auto& [arguments, said] : refusals) {
    const auto result = run("table" + arguments);
    EXPECT_EQ(result.exit, 2) << arguments << "\n" << result.output;
    EXPECT_THAT(result.output, HasSubstr(said)) << arguments;
  }
}

// ---- waves of a study
// ----------------------------------------------------------------------------

struct StudyOfWaves {
  TempFolder folder;

  explicit StudyOfWaves(const std::string& links = "") {
    folder.write("study.yaml",
                 "title: Leaders\nsponsor: A paper\ngeography: England\npopulation: Leaders\n");
    folder.write("frame/1/frame.yaml",
                 "date: 2013-01-01\nsource: A list\ncoverage_gaps: None\nexclusions: None\n");
    folder.write("frame/1/organisations.csv",
                 "id,name,region\ng1,Airedale,North\ng2,Barnet,South\n");
    wave("2013-01", "How far do you trust it?", 3, "");
    wave("2013-04", "How far do you trust the plan?", 6, links);
  }
  void wave(const std::string& id, const std::string& text, int yes,
            const std::string& links) const {
    const std::string path = "waves/" + id + "/";
    folder.write(path + "wave.yaml", "title: Wave " + id + "\nfieldwork: {start: " + id +
                                         "-07, end: " + id + "-25}\nmode: Online\nframe: '1'\n" +
                                         "design: {population: none}\n" + links);
    folder.write(path + "questionnaire.yaml",
                 "title: Q\nitems:\n  - {id: role, type: single, text: Your role, options: [Chair, "
                 "Officer]}\n  - {id: trust, type: yes-no, text: '" +
                     text + "'}\n");
    std::string csv = "respondent,organisation,role,trust\n";
    for (int i = 0; i < 90; ++i) {
      csv += "r" + std::to_string(i) + (i % 2 == 0 ? ",g1," : ",g2,") + (i % 3 == 0 ? "1," : "2,") +
             (i % 10 < yes ? "1\n" : "2\n");
    }
    folder.write(path + "responses.csv", csv);
  }
  [[nodiscard]] std::string table(const std::string& words) const {
    return "table " + folder.path().string() + " " + words;
  }
};

TEST(TableOfWavesOfAStudy, AnotherWordingIsNoColumnOfFigures) {
  const StudyOfWaves study;
  const std::string text = run(study.table("--wave 2013-01,2013-04 --rows 'role, trust'")).output;
  EXPECT_THAT(text, HasSubstr("In 2013-01 the question was asked in other words"));
  EXPECT_THAT(text, Not(HasSubstr("▲")));
  const auto cells = cells_of(json_of(study.table("--wave 2013-01,2013-04 --rows 'role, trust'")));
  EXPECT_TRUE(cells.at("trust|1|wave:1")["value"].is_null());
  EXPECT_NEAR(cells.at("trust|1|wave:2")["value"].get<double>(), 0.6, 1e-12);
  EXPECT_FALSE(cells.at("role|1|wave:1")["value"].is_null());
}

TEST(TableOfWavesOfAStudy, ATrendLinkJoinsThemAndIsPrinted) {
  const StudyOfWaves study("trend_links: {trust: 2013-01/trust}\n");
  const std::string text = run(study.table("--wave 2013-04,2013-01 --rows trust")).output;
  EXPECT_THAT(text, HasSubstr("60 ▲"));
  EXPECT_THAT(text, HasSubstr("by a trend link of the study: “How"));
  EXPECT_THAT(text, Not(HasSubstr("asked in other words")));
}

// z² of two independent shares is 0.3² / (0.3 0.7/89 + 0.6 0.4/89): as drawn with replacement.
TEST(TableOfWavesOfAStudy, TestsAreThoseOfTheWavesDesigns) {
  const StudyOfWaves study("trend_links: {trust: 2013-01/trust}\n");
  const Json book = json_of(study.table("--wave 2013-01,2013-04 --rows trust"));
  const Json& test = book["tables"][0]["tests"][0];
  EXPECT_NEAR(test["difference"].get<double>(), 0.3, 1e-12);
  EXPECT_NEAR(test["se"].get<double>(), std::sqrt((0.3 * 0.7 + 0.6 * 0.4) / 89), 1e-12);
}

TEST(TableOfWavesOfAStudy, OneWaveIsATableOfIt) {
  const StudyOfWaves study;
  const Json book = json_of(study.table("--wave 2013-04 --rows trust --banner role"));
  EXPECT_EQ(book["tables"][0]["columns"].size(), 3U);
  EXPECT_EQ(book["source"], "Leaders: Wave 2013-04");
}

TEST(TableOfWavesOfAStudy, WhatAStudyHasNotIsRefused) {
  const StudyOfWaves study;
  const std::pair<const char*, const char*> refusals[] = {
      {"--rows trust", "of which waves? --wave"},
      {"--wave 2013-01,2013-05 --rows trust", "there is no wave '2013-05'"},
      {"--wave 2013-01,2013-04 --rows trust --weight w", "are in its wave.yaml"},
      {"--wave 2013-01,2013-04 --rows turst", "did you mean 'trust'?"},
  };
  for (const auto& [words, said] : refusals) {
    const auto result = run(study.table(words));
    EXPECT_EQ(result.exit, 2) << words << "\n" << result.output;
    EXPECT_THAT(result.output, HasSubstr(said)) << words;
  }
}

}  // namespace
}  // namespace barometer
