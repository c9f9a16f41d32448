// What a user gets wrong, through the command line: a sentence with the place and the value, exit
// code 2, and nothing written.
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/command.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::run_command;
using testing::TempFolder;

const std::string kProgram = std::string(BUILD_DIR) + "/cli/barometer";

struct DataCase {
  const char* situation;
  const char* csv;
  const char* arguments;
  std::vector<const char*> said;
};

TEST(BadData, EachIsASentenceWithThePlaceAndExitTwo) {
  const DataCase cases[] = {
      {"a filter with a typo",
       "role,w,y\nchair,1,2\nofficer,1,3\n",
       "--weight w --where \"rol = 'chair'\" mean y",
       {"rol", "did you mean 'role'?", "column 1"}},
      {"a filter with an unknown label",
       "role,w,y\nchair,1,2\nofficer,1,3\n",
       "--where \"role = 'chiar'\" mean y",
       {"chiar", "did you mean 'chair'?"}},
      {"a filter that stops early",
       "role,w,y\nchair,1,2\nofficer,1,3\n",
       "--where 'y >' mean y",
       {"column 4"}},
      {"an unknown variable", "role,w,y\nchair,1,2\nofficer,1,3\n", "mean yy", {"yy"}},
      {"an unknown weight", "role,wt,y\nchair,1,2\nofficer,1,3\n", "--weight w mean y", {"'w'"}},
      {"a missing weight", "w,y\n1,2\n,3\n", "--weight w mean y", {"row 2", "weight"}},
      {"a negative weight", "w,y\n1,2\n-1.5,3\n", "--weight w mean y", {"row 2", "-1.5"}},
      {"weights that are all zero", "w,y\n0,2\n0,3\n", "--weight w mean y", {"every weight is 0"}},
      {"a population below the sample",
       "w,f,y\n1,2,2\n1,2,3\n1,2,4\n",
       "--weight w --fpc f mean y",
       {"2", "3"}},
      {"an empty file", "", "mean y", {"data.csv"}},
      {"a header without rows", "y\n", "mean y", {"data.csv", "no cases"}},
      {"a header without rows, with levels", "y\n", "prop y", {"no cases"}},
      {"weights whose sum is no number",
       "w,y\n1e308,1\n1e308,2\n1e308,3\n",
       "--weight w mean y",
       {"1e+308", "too large"}},
      {"text where a number is due", "w,y\n1,2\nx,3\n", "--weight w mean y", {"w"}},
      {"a row of another width", "w,y\n1,2\n1,2,3\n", "mean y", {"data.csv"}},
  };
  for (const DataCase& c : cases) {
    TempFolder folder;
    const auto file = folder.write("data.csv", c.csv);
    const auto result = run_command(kProgram + " estimate " + file.string() + " " + c.arguments);
    EXPECT_EQ(result.exit, 2) << c.situation << "\n" << result.output;
    for (const char* words : c.said) EXPECT_THAT(result.output, HasSubstr(words)) << c.situation;
  }
}

// What else statisticians bring, and get wrong. Files of margins and totals stand beside the data.
TEST(BadSurvey, EachIsASentenceThatNamesTheThingAndExitTwo) {
  const char* data = "w,g,u,n,y,z,k\n1,a,1,4,1,2,0\n2,a,2,4,3,6,0\n1,b,3,4,2,4,1\n2,b,3,4,5,10,1\n";
  struct SurveyCase {
    const char* arguments;
    std::vector<const char*> said;
  };
  const SurveyCase cases[] = {
      {"--weight w --strata g --id u mean y", {"stratum 'b'", "only one sampled unit"}},
      {"--weight w --strata z --id g mean y", {"the unit 'a'", "in stratum '2'", "nested"}},
      {"--weight w --replicates 'r*' mean y", {"no column is called 'r*'"}},
      {"--weight w --replicates y,z --rep-type brr --rscales 1,2,3 mean y", {"3 rscales"}},
      {"--weight w --poststratify m1.csv mean y", {"'g'", "2 cases", "g = b"}},
      {"--weight w --rake m2.csv,m3.csv mean y", {"'g' sums to 15", "'k' to 18"}},
      {"--weight w --calibrate '~y+z' --population t.csv mean y", {"'z'", "determined"}},
      {"--weight w glm 'k ~ y + z'", {"'z'", "aliased"}},
      {"--weight w glm 'k ~ g' --family binomial", {"'gb'", "separation"}},
      {"--by g,zz mean y", {"'zz'", "did you mean 'z'?"}},
      {"contrast 'y - q'", {"column 5", "'q'"}},
      {"quantile y --probs 2", {"2", "between 0 and 1"}},
      {"chisq g g2", {"'g2'", "did you mean 'g'?"}},
      {"--pps brewer total y", {"--fpc"}},
      {"--pps yg:none.csv total y", {"none.csv"}},
      {"ranktest 'y ~ g' --test foo", {"'foo'", "wilcoxon"}},
      {"standardize y --standard-by g", {"--population"}},
      {"--organisation g --organisation-rule senior mean y", {"--roles"}},
      {"--phase2 y mean y", {"row 2", "neither 1 nor 0"}},
      {"glm 'y ~'", {"column 4"}},
      {"alpha y y", {"'y'", "twice"}},
  };
  const TempFolder folder;
  const auto file = folder.write("d.csv", data);
  folder.write("m1.csv", "g,population\na,10\nc,5\n");
  folder.write("m2.csv", "g,population\na,10\nb,5\n");
  folder.write("m3.csv", "k,population\n0,9\n1,9\n");
  folder.write("t.csv", "term,total\n(Intercept),15\ny,40\nz,80\n");
  for (const SurveyCase& c : cases) {
    const auto result = run_command("cd " + folder.path().string() + " && " + kProgram +
                                    " estimate d.csv " + c.arguments);
    EXPECT_EQ(result.exit, 2) << c.arguments << "\n" << result.output;
    for (const char* words : c.said) EXPECT_THAT(result.output, HasSubstr(words)) << c.arguments;
  }
}

TEST(BadSurvey, WhatCannotBeMadeIsAValueWithItsReason) {
  const TempFolder folder;
  const auto file = folder.write("d.csv", "g,y,k\na,1,1\na,2,1\nb,3,1\n");
  const std::string estimate = kProgram + " estimate " + file.string() + " ";
  const auto nobody = run_command(estimate + "mean y --where 'y > 9' --format json");
  EXPECT_EQ(nobody.exit, 0);
  EXPECT_THAT(nobody.output, AllOf(HasSubstr("\"estimate\": null"),
                                   HasSubstr("\"reason\": \"no one is in the base\"")));
  EXPECT_THAT(run_command(estimate + "ciprop 'k == 1'").output, HasSubstr("("));
  for (const char* all : {"mean y --by g", "prop k", "quantile y", "var y", "cor y k"}) {
    const auto result = run_command(estimate + std::string(all) + " --format json");
    EXPECT_THAT(result.output, ::testing::Not(HasSubstr("nan"))) << all;
  }
}

TEST(BadSurvey, WeightWritesNothingWhenItCannotAdjust) {
  const TempFolder folder;
  const auto file = folder.write("d.csv", "g,y\na,1\nb,2\n");
  const auto margin = folder.write("m.csv", "g,population\na,5\n");
  const auto result = run_command(kProgram + " weight " + file.string() + " --poststratify " +
                                  margin.string() + " --out " + (folder / "out.csv").string());
  EXPECT_EQ(result.exit, 2) << result.output;
  EXPECT_FALSE(std::filesystem::exists(folder / "out.csv"));
}

TEST(BadSurvey, TrendsNeedTwoWavesThatFit) {
  const TempFolder folder;
  const auto file = folder.write("d.csv", "id,y\n1,1\n2,2\n").string();
  const std::string trend = kProgram + " trend mean y --wave a=" + file;
  EXPECT_THAT(run_command(trend).output, HasSubstr("two waves"));
  EXPECT_THAT(run_command(trend + " --wave b").output, HasSubstr("a name and a file"));
  EXPECT_THAT(run_command(trend + " --wave b=" + file + " --link no").output, HasSubstr("'no'"));
  EXPECT_THAT(run_command(trend + " --wave a=" + file).output, HasSubstr("'a'"));
}

TEST(BadData, TruncatedParquetIsRefusedByName) {
  TempFolder folder;
  const auto csv = folder.write("data.csv", "w,y\n1,2\n1,3\n");
  const std::string parquet = (folder / "data.parquet").string();
  ASSERT_EQ(run_command(kProgram + " convert " + csv.string() + " " + parquet).exit, 0);
  for (const char* cut : {"truncate -s -5", "truncate -s 7", "truncate -s 0"}) {
    ASSERT_EQ(run_command("cp " + parquet + " " + parquet + ".bad.parquet; " + cut + " " + parquet +
                          ".bad.parquet")
                  .exit,
              0);
    const auto result = run_command(kProgram + " estimate " + parquet + ".bad.parquet mean y");
    EXPECT_EQ(result.exit, 2) << cut << "\n" << result.output;
    EXPECT_THAT(result.output, HasSubstr("data.parquet.bad.parquet"));
  }
}

TEST(BadData, ConvertWritesNothingWhenItCannotRead) {
  TempFolder folder;
  const auto csv = folder.write("data.csv", "a,a\n1,2\n");
  const auto result =
      run_command(kProgram + " convert " + csv.string() + " " + (folder / "out.parquet").string());
  EXPECT_EQ(result.exit, 2) << result.output;
  EXPECT_FALSE(std::filesystem::exists(folder / "out.parquet"));
}

// A new study with responses: rows below a header, checked.
testing::CommandResult check_with_responses(TempFolder& folder, const std::string& rows) {
  const std::string study = (folder / "s").string();
  EXPECT_EQ(run_command(kProgram + " new " + study).exit, 0);
  const auto wave = run_command("ls -d " + study + "/waves/*").output;
  std::ofstream(wave.substr(0, wave.find('\n')) + "/responses.csv") << rows;
  return run_command(kProgram + " check " + study);
}

TEST(BadResponses, AnUnknownItemIsNamedWithItsPlace) {
  TempFolder folder;
  const auto result =
      check_with_responses(folder, "respondent,organisation,no_such_item\nr1,x,1\n");
  EXPECT_EQ(result.exit, 2);
  EXPECT_THAT(result.output, AllOf(HasSubstr("responses.csv"), HasSubstr("no_such_item")));
}

TEST(BadResponses, MalformedYamlHasLineAndColumn) {
  TempFolder folder;
  const std::string study = (folder / "s").string();
  ASSERT_EQ(run_command(kProgram + " new " + study).exit, 0);
  std::ofstream(study + "/study.yaml", std::ios::app) << "\nprint: {level: 0.95\n";
  const auto result = run_command(kProgram + " check " + study);
  EXPECT_EQ(result.exit, 2);
  EXPECT_THAT(result.output, ::testing::ContainsRegex("study.yaml:[0-9]+:[0-9]+: error: "));
}

TEST(CodesForMissing, InResponsesOfAStudyAreWarnedOfAndNotChanged) {
  TempFolder folder;
  const auto file = folder.write("responses.csv", "respondent,organisation,y\na,g1,7\nb,g2,-8\n");
  const auto result = run_command(kProgram + " estimate " + file.string() + " mean y");
  EXPECT_EQ(result.exit, 0) << result.output;
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("'y' holds -1, -2, -7, -8 or -9 in 1 rows"), HasSubstr("-0.5")));
  const auto other = folder.write("weather.csv", "station,y\na,7\nb,-8\n");
  EXPECT_THAT(run_command(kProgram + " estimate " + other.string() + " mean y").output,
              ::testing::Not(HasSubstr("warning")));
}

// A study of two organisations and one wave, answered by `responses`.
std::string small_study(const TempFolder& folder, const std::string& responses) {
  folder.write("s/study.yaml", "title: T\nsponsor: S\ngeography: England\npopulation: Leaders\n");
  folder.write("s/frame/2013/frame.yaml",
               "date: 2013-01-01\nsource: A list\ncoverage_gaps: None\nexclusions: None\n");
  folder.write("s/frame/2013/organisations.csv", "id,name,region\no1,A,North\no2,B,South\n");
  folder.write("s/frame/2013/people.csv", "id,organisation\np1,o1\np2,o2\np3,o1; o2\n");
  folder.write("s/waves/2013-01/wave.yaml",
               "title: First\nfieldwork: {text: January}\nmode: Online\nframe: 2013\n");
  folder.write("s/waves/2013-01/questionnaire.yaml",
               "title: First\nitems:\n  - {id: gp, type: yes-no, text: Are you a GP}\n");
  folder.write("s/waves/2013-01/responses.csv", responses);
  return (folder / "s").string();
}

TEST(SmallStudy, WithBlanksBetweenOrganisationsIsCheckedAndPublished) {
  TempFolder folder;
  const std::string study =
      small_study(folder, "respondent,organisation,gp\nr1,o1; o2,1\nr2,o2,2\n");
  EXPECT_EQ(run_command(kProgram + " check " + study).exit, 0);
  const auto published = run_command(kProgram + " publish " + study + " --out " + study + "-site");
  EXPECT_EQ(published.exit, 0) << published.output;
}

// Sixteen people a region, four of a role within it and about one an answer: nearly all would be
// hidden. `check` says so before anything is published, and which banner would show more.
TEST(SmallStudy, WhoseTablesAreTooFineIsToldSoByCheck) {
  TempFolder folder;
  const std::string study = small_study(folder, "");
  std::string organisations = "id,name,region\n", people = "id,organisation\n";
  std::string responses = "respondent,organisation,role,gp\n";
  for (int i = 0; i < 64; ++i) {
    organisations += fmt::format("o{0},Organisation {0},{1}\n", i, i < 32 ? "North" : "South");
    people += fmt::format("p{0},o{0}\n", i);
    responses += fmt::format("r{0},o{0},{1},{2}\n", i, 1 + i % 4, 1 + i / 4 % 4);
  }
  folder.write("s/study.yaml",
               "title: T\nsponsor: S\ngeography: England\npopulation: Leaders\n"
               "print: {suppress_count_under: 5}\n");
  folder.write("s/frame/2013/organisations.csv", organisations);
  folder.write("s/frame/2013/people.csv", people);
  folder.write("s/waves/2013-01/questionnaire.yaml",
               "title: First\nitems:\n"
               "  - {id: role, type: single, text: Your role, options: [A, B, C, D]}\n"
               "  - {id: gp, type: yes-no, text: Are you a GP}\n");
  folder.write("s/waves/2013-01/responses.csv", responses);
  const std::string wave = "title: First\nfieldwork: {text: January}\nmode: Online\nframe: 2013\n";
  folder.write("s/waves/2013-01/wave.yaml", wave + "tables: {banner: 'region > role'}\n");
  const auto fine = run_command(kProgram + " check " + study);
  EXPECT_EQ(fine.exit, 0) << fine.output;  // a warning
  EXPECT_THAT(fine.output,
              AllOf(HasSubstr("wave.yaml:1:1: warning: "),
                    HasSubstr(" cells are suppressed. The banner is too fine for these "
                              "cases. Alone would lose: 'region' "),
                    HasSubstr("[tables-too-fine]")));
  folder.write("s/waves/2013-01/wave.yaml", wave + "tables: {banner: region}\n");
  const auto coarse = run_command(kProgram + " check " + study);
  EXPECT_EQ(coarse.exit, 0) << coarse.output;
  EXPECT_THAT(coarse.output, ::testing::Not(HasSubstr("too fine")));
}

TEST(SmallStudy, WithoutPeopleInItsFrameIsRefusedInASentence) {
  TempFolder folder;
  const std::string study = small_study(folder, "respondent,organisation,gp\nr1,o1,1\nr2,o2,2\n");
  std::filesystem::remove(folder / "s/frame/2013/people.csv");
  const auto refused = run_command(kProgram + " publish " + study + " --out " + study + "-site");
  EXPECT_EQ(refused.exit, 2) << refused.output;
  EXPECT_THAT(refused.output, HasSubstr("the frame lists no people"));
}

TEST(SmallStudy, WithAHeaderButNoAnswersIsPublishedWithABaseOfNobody) {
  TempFolder folder;
  const std::string study = small_study(folder, "respondent,organisation,gp\n");
  const auto published = run_command(kProgram + " publish " + study + " --out " + study + "-site");
  EXPECT_EQ(published.exit, 0) << published.output;
  const auto frame = run_command(kProgram + " frame " + study + " --wave 2013-01");
  EXPECT_THAT(frame.output, HasSubstr("0 leaders answered, for 0 different organisations"));
}

TEST(LostOutput, IsAnError) {
  for (const char* words : {" --help", " check --help", " --version"}) {
    const auto result = run_command(kProgram + words + " > /dev/full");
    EXPECT_EQ(result.exit, 2) << words;
    EXPECT_THAT(result.output, HasSubstr("cannot write the output"));
  }
}

TEST(BadUsage, UnknownVerbsAndOptionsExitTwo) {
  EXPECT_EQ(run_command(kProgram).exit, 2);
  EXPECT_EQ(run_command(kProgram + " publsh x").exit, 2);
  EXPECT_EQ(run_command(kProgram + " publish").exit, 2);
  EXPECT_EQ(run_command(kProgram + " check /does/not/exist").exit, 2);
  EXPECT_EQ(run_command(kProgram + " --help").exit, 0);
  EXPECT_EQ(run_command(kProgram + " publish --help").exit, 0);
}

}  // namespace
}  // namespace barometer
