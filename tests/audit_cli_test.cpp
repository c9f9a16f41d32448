// The audit through the command line: exit codes, forms, several files, a ledger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/command.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::run_command;
using testing::TempFolder;

const std::string kProgram = std::string(BUILD_DIR) + "/cli/barometer audit ";
constexpr const char* kRight =
    "Leaders split\n\nForty-six leaders answered the survey. Fifty-nine per cent said yes.\n";
constexpr const char* kWrong =
    "Leaders split\n\nForty-six leaders answered the survey. Forty-five per cent said yes.\n";
constexpr const char* kBare = "Leaders split\n\nIn the survey, 42 per cent of leaders said yes.\n";

TEST(AuditCommand, ExitsByTheGradeOfItsFindings) {
  struct Row {
    const char* situation;
    const char* text;
    const char* options;
    int exit;
    const char* said;
  };
  const Row rows[] = {
      {"a figure that can be", kRight, "", 0, "0 errors"},
      {"a figure that cannot be", kWrong, "", 1, "45% of 46: 20/46 = 43.48"},
      {"no base", kBare, "", 0, "no base"},
      {"a base given", kBare, "--base 94", 1, "39/94 = 41.49, 40/94 = 42.55"},
      {"a rounding that makes it possible", kBare, "--base 94 --rounding truncation", 0,
       "truncated"},
      {"a base of nothing", kBare, "--base 0", 2, "--base"},
      {"an unknown rounding", kBare, "--rounding up", 2, "--rounding"},
      {"an unknown form", kBare, "--format pdf", 2, "--format"},
      {"a ledger that is not there", kBare, "--ledger nowhere", 2, "nowhere"},
      {"a file that is not there", kBare, "nowhere.txt", 2, "nowhere.txt"},
      {"an empty file", "", "", 2, "is empty"},
      {"a spreadsheet", "PK\x03\x04", "", 2, "Office document"},
  };
  for (const Row& row : rows) {
    TempFolder folder;
    const auto file = folder.write("a.txt", row.text);
    const auto result = run_command(kProgram + file.string() + " " + row.options);
    EXPECT_EQ(result.exit, row.exit) << row.situation << "\n" << result.output;
    if (std::string(row.said) != "0 errors") {
      EXPECT_THAT(result.output, HasSubstr(row.said)) << row.situation;
    } else {
      EXPECT_THAT(result.output, Not(HasSubstr("error"))) << row.situation;
    }
    EXPECT_THAT(result.output, Not(HasSubstr("\x1b"))) << "a pipe has no colours";
  }
}

TEST(AuditCommand, ReadsEachFormatOfAnArticle) {
  TempFolder folder;
  folder.write("a.md",
               "# Leaders split\n\n**Forty-six** leaders answered the survey.\n\n"
               "- *45%* said yes\n");
  folder.write("a.html",
               "<h1>Leaders split</h1><p>Forty-six leaders answered the survey.</p><p>Forty-five "
               "per cent said yes.<script>var x = '53 per cent';</script></p>");
  for (const char* name : {"a.md", "a.html"}) {
    const auto result = run_command(kProgram + (folder / name).string() + " --format json");
    EXPECT_EQ(result.exit, 1) << name << result.output;
    const auto json = nlohmann::json::parse(result.output);
    EXPECT_EQ(json["findings"][0]["rule"], "percent-possible") << name;
    EXPECT_EQ(json.contains("text"), std::string(name) == "a.html");
    EXPECT_THAT(result.output, Not(HasSubstr("53 per cent\","))) << name;
  }
}

TEST(AuditCommand, TakesAFolderForTheArticlesInIt) {
  TempFolder folder;
  folder.write("articles/b.txt", kWrong);
  folder.write("articles/a.md", kRight);
  folder.write("articles/notes.csv", "45 per cent\n");
  folder.write("articles/.hidden.txt", kWrong);
  folder.write("articles/older/c.txt", kWrong);
  const auto result = run_command(kProgram + (folder / "articles").string() + " --format json");
  EXPECT_EQ(result.exit, 1) << result.output;
  const auto documents = nlohmann::json::parse(result.output)["documents"];
  ASSERT_EQ(documents.size(), 2U) << result.output;
  EXPECT_THAT(documents[0]["file"].get<std::string>(), ::testing::EndsWith("articles/a.md"));
  EXPECT_THAT(documents[1]["file"].get<std::string>(), ::testing::EndsWith("articles/b.txt"));

  folder.write("empty/notes.csv", "x\n");
  const auto none = run_command(kProgram + (folder / "empty").string());
  EXPECT_EQ(none.exit, 2);
  EXPECT_THAT(none.output, HasSubstr("has no article"));
}

TEST(AuditCommand, SetsFilesBesideALedger) {
  TempFolder folder;
  const auto file = folder.write(
      "a.txt",
      "Leaving\n\nThe survey had 94 replies. Sixty-four per cent said they personally were "
      "likely to leave their position.\n");
  folder.write("ledger.csv",
               "id,kind,wave,item,answer,label,printed,value,n,count,question\n"
               "w.wave.n,count,w,,,Respondents,94,94,,94,\n"
               "w.leave.likely,percent,w,leave,likely,Likely,63,62.765957446808514,94,59,"
               "How likely is it that you personally would leave your position?\n");
  const auto result = run_command(kProgram + file.string() + " --format json --ledger " +
                                  (folder / "ledger.csv").string());
  EXPECT_EQ(result.exit, 1) << result.output;
  const auto json = nlohmann::json::parse(result.output);
  EXPECT_EQ(json["against"], "ledger");
  EXPECT_THAT(result.output, HasSubstr("59/94 = 62.77, prints as 63"));
}

// The words say which figure is meant; its value does not.
TEST(AuditCommand, ConfirmsNoSentenceThatSaysTheContrary) {
  struct Row {
    const char* sentence;
    int exit;
    const char* grade;
    const char* said;
  };
  const Row rows[] = {
      {"Sixty-three per cent said they personally were likely to leave their position.", 0,
       "confirmed", "59/94 = 62.77"},
      {"Sixty-three per cent said it was unlikely that they personally would leave their position.",
       1, "wrong", "for “Unlikely” (w.leave.unlikely) the ledger has 26"},
      {"Sixty-two per cent would leave their position.", 1, "wrong", "59/94 = 62.77"},
      {"Seventy-one per cent said they personally were likely to leave their position.", 0,
       "right figure of another base", "is the figure of January 2013"},
      {"In January 2013, 71 per cent said they were likely to leave their position.", 0,
       "confirmed", "2013-01.leave.likely"},
      {"Fifty-one per cent wanted more money for hospitals.", 0, "not published",
       "is not in the ledger"},
  };
  for (const Row& row : rows) {
    TempFolder folder;
    const auto file = folder.write(
        "a.txt", std::string("Leaving\n\nThe survey had 94 replies.\n\n") + row.sentence + "\n");
    const std::string question =
        "How likely is it that you personally would leave your position?\n";
    folder.write(
        "ledger.csv",
        "id,kind,wave,item,answer,label,printed,value,n,count,question\n"
        "w.wave.n,count,w,,,Respondents,94,94,,94,\n"
        "w.leave.likely,percent,w,leave,likely,Likely,63,62.765957446808514,94,59," +
            question +
            "w.leave.unlikely,percent,w,leave,unlikely,Unlikely,26,25.53191489361702,94,24," +
            question + "2013-01.leave.likely,percent,2013-01,leave,likely,Likely,71,71,,," +
            question);
    const auto result = run_command(kProgram + file.string() + " --format json --ledger " +
                                    (folder / "ledger.csv").string());
    EXPECT_EQ(result.exit, row.exit) << row.sentence << result.output;
    const auto matches = nlohmann::json::parse(result.output)["matches"];
    ASSERT_FALSE(matches.empty()) << result.output;
    EXPECT_EQ(matches.back()["grade"], row.grade) << row.sentence << result.output;
    EXPECT_THAT(result.output, HasSubstr(row.said)) << row.sentence;
  }
}

}  // namespace
}  // namespace barometer
