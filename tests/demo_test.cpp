// The main job on the real surveys, through the command line: reconstruct, publish, compare, and
// what must hold of a bundle whoever looks at it.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/command.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::run_command;
using testing::TempFolder;

const std::string kProgram = std::string(BUILD_DIR) + "/cli/barometer";
const std::string kStudies = std::string(SOURCE_DIR) + "/studies";

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::map<std::string, std::string> files_of(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      files[fs::relative(entry.path(), folder).string()] = bytes_of(entry.path());
    }
  }
  return files;
}

// A copy of the real studies, reconstructed once for all tests.
class RealStudies : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempFolder>();
    demo_ = run_command(kProgram + " demo --studies " + kStudies + " --out " + at("demo"));
  }
  static void TearDownTestSuite() { folder_.reset(); }
  static std::string at(const std::string& name) { return (*folder_ / name).string(); }
  static std::string study() { return at("demo/studies/ccg-barometer"); }
  static std::string copy_of_study(const std::string& name) {
    fs::create_directories(fs::path(at(name)).parent_path());
    fs::copy(study(), at(name), fs::copy_options::recursive);
    return at(name);
  }

  static inline std::unique_ptr<TempFolder> folder_;
  static inline testing::CommandResult demo_;
};

// Tables and charts print what the bundle prints, and nothing that the solution made up.
TEST_F(RealStudies, TablesShowWhatTheBundleShows) {
  std::map<std::string, std::string> published;  // "2013-04|leave_self|1" -> "[x]"
  std::istringstream ledger(bytes_of(at("demo/site/ccg-barometer/ledger.json")));
  const auto figures = nlohmann::json::parse(ledger)["figures"];
  for (const auto& figure : figures) {
    if (figure.value("unit", "") != "respondents" || !figure.contains("item")) continue;
    const std::string id = figure.value("id", "");
    if (id.find(".change.") != std::string::npos) continue;
    published[fmt::format("{}|{}|{}", figure.value("wave", ""), figure.value("item", ""),
                          figure.value("answer", ""))] = figure.value("printed", "");
  }
  size_t compared = 0;
  for (const char* wave : {"2012-10", "2013-01", "2013-04"}) {
    const auto book = run_command(kProgram + " table " + study() + " --wave " + wave +
                                  " --rows '*' --format json 2>/dev/null");
    ASSERT_EQ(book.exit, 0) << book.output;
    const auto tables = nlohmann::json::parse(book.output);
    for (const auto& one : tables["tables"]) {
      for (const auto& row : one["rows"]) {
        const auto same = published.find(
            fmt::format("{}|{}|{}", wave, row.value("variable", ""), row.value("answer", "")));
        if (same == published.end()) continue;
        EXPECT_EQ(row["cells"][0]["printed"], same->second) << same->first;
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 100U);
  const std::string table = kProgram + " table " + study();
  const auto bases = run_command(table + " --wave 2013-01,2013-04 --rows area_team");
  EXPECT_THAT(bases.output, ::testing::ContainsRegex("Base +\\[x\\] "));
  EXPECT_THAT(bases.output, HasSubstr("[x]: the published figures do not fix it."));
  for (const std::string& made_up :
       {table + " --wave 2013-04 --rows leave_self --banner role",
        table + " --wave 2013-04 --rows leave_self --filter \"role = 'Chair'\"",
        kProgram + " chart " + study() + " --wave 2013-04 --item leave_self --by role --out " +
            at("x.svg")}) {
    const auto refused = run_command(made_up);
    EXPECT_EQ(refused.exit, 2) << refused.output;
    EXPECT_THAT(refused.output, HasSubstr("would be made up"));
  }
}

TEST_F(RealStudies, EveryPublishedFigureIsReproduced) {
  EXPECT_EQ(demo_.exit, 0) << demo_.output;
  // 13 + 2 + 37 of the CCG Barometer, 11 + 11 of the NHS Clinical Commissioners survey.
  EXPECT_THAT(demo_.output, HasSubstr("74 of 74 published figures reproduced"));
}

TEST_F(RealStudies, TheLedgerCheckSaysTheSameOfOneStudy) {
  const auto check = run_command(kProgram + " ledger check --published " + study());
  EXPECT_EQ(check.exit, 0);
  EXPECT_THAT(check.output, HasSubstr("52 of 52 published figures reproduced"));
}

TEST_F(RealStudies, AFigureThatDiffersIsAFinding) {
  const std::string copy = copy_of_study("differs");
  ASSERT_EQ(run_command("sed -i 's/,leave_self,likely,63,/,leave_self,likely,64,/' " + copy +
                        "/waves/2013-04/published.csv")
                .exit,
            0);
  const auto check = run_command(kProgram + " ledger check --published " + copy);
  EXPECT_EQ(check.exit, 1);
  EXPECT_THAT(check.output, HasSubstr("51 of 52 published figures reproduced"));
  EXPECT_THAT(check.output, HasSubstr("printed elsewhere as 64, computed 63"));
}

TEST_F(RealStudies, PublishingTwiceGivesTheSameBytes) {
  ASSERT_EQ(run_command(kProgram + " publish " + study() + " --out " + at("once")).exit, 0);
  std::this_thread::sleep_for(
      std::chrono::milliseconds(2100));  // past the two seconds of a zip date
  ASSERT_EQ(run_command(kProgram + " publish " + study() + " --out " + at("twice")).exit, 0);
  const auto once = files_of(at("once"));
  EXPECT_GT(once.size(), 80U);
  EXPECT_EQ(once, files_of(at("twice")));
}

TEST_F(RealStudies, ChecksumsHold) {
  const auto sums = run_command("cd " + at("demo/site/ccg-barometer") +
                                " && sha256sum --check --quiet SHA256SUMS");
  EXPECT_EQ(sums.exit, 0) << sums.output;
  const auto count = run_command("cd " + at("demo/site/ccg-barometer") +
                                 " && find . -type f | wc -l; wc -l < SHA256SUMS");
  std::istringstream numbers(count.output);
  int files = 0;
  int lines = 0;
  numbers >> files >> lines;
  EXPECT_EQ(files, lines + 1);
}

TEST_F(RealStudies, EverythingSaysThatItIsAReconstruction) {
  const fs::path site = at("demo/site/ccg-barometer");
  EXPECT_THAT(bytes_of(site / "index.html"), HasSubstr("Reconstruction from published figures"));
  EXPECT_THAT(bytes_of(site / "ledger.json"), HasSubstr("reconstruction from published figures"));
  EXPECT_THAT(bytes_of(site / "ledger.csv"), HasSubstr("reconstruction from published figures"));
  EXPECT_THAT(bytes_of(site / "method.md"), HasSubstr("Reconstruction from published figures"));
  for (const auto& [name, bytes] : files_of(site)) {
    const bool table = name.starts_with("tables/") && name.ends_with(".csv");
    const bool chart = name.ends_with(".svg");
    if (table || chart) {
      EXPECT_THAT(bytes, HasSubstr("econstruction from published figures")) << name;
    }
  }
}

TEST_F(RealStudies, WhatThePublishedFiguresDoNotFixIsNotShown) {
  const std::string ledger = bytes_of(fs::path(at("demo/site/ccg-barometer")) / "ledger.csv");
  // The NET is published, its two options are not.
  EXPECT_THAT(
      ledger,
      HasSubstr("2013-04.leave_self.likely.respondents,percent,2013-04,leave_self,likely,"));
  std::istringstream lines(ledger);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("2013-04.leave_self.1.respondents")) {
      EXPECT_THAT(line, HasSubstr(",[x],[x],,"));
    }
    // Nothing of the second wave's base, which nobody published.
    if (line.starts_with("2013-01.wave.n,")) {
      EXPECT_THAT(line, HasSubstr("[x]"));
    }
  }
}

TEST_F(RealStudies, CoverageOfAReconstructionIsWhatWasPublished) {
  const std::string frame = kProgram + " frame " + study() + " --wave ";
  const auto known = run_command(frame + "2013-04").output;
  EXPECT_THAT(known, HasSubstr("94 "));
  EXPECT_THAT(known, Not(HasSubstr("Answered")));
  EXPECT_THAT(known, Not(HasSubstr("of the population")));
  const auto unknown = run_command(frame + "2013-01").output;
  EXPECT_THAT(unknown, HasSubstr("(not published)"));
  EXPECT_THAT(run_command(frame + "2013-01 --format json").output,
              HasSubstr("\"respondents\": null"));
}

TEST_F(RealStudies, EstimatesOfReconstructedAnswersSayTheyAreMadeUp) {
  const std::string estimate =
      kProgram + " estimate " + study() + "/waves/2013-04/responses.parquet prop leave_self";
  const auto text = run_command(estimate);
  EXPECT_EQ(text.exit, 0) << text.output;
  EXPECT_THAT(text.output, HasSubstr("note: these answers are reconstructed"));
  EXPECT_THAT(run_command(estimate + " --format json 2>/dev/null").output,
              HasSubstr("\"note\": \"these answers are reconstructed"));
}

std::string chart(const std::string& arguments) { return kProgram + " chart " + arguments; }

TEST_F(RealStudies, OneChartIsThatOfTheBundle) {
  const auto drawn =
      run_command(chart(study() + " --wave 2013-04 --item leave_self --out " + at("leave.svg")));
  EXPECT_EQ(drawn.exit, 0) << drawn.output;
  EXPECT_THAT(drawn.output, HasSubstr("diverging chart of "));
  const std::string svg = bytes_of(at("leave.svg"));
  EXPECT_THAT(svg, HasSubstr("data-figure=\"2013-04.leave_self.likely.respondents\""));
  EXPECT_EQ(svg, bytes_of(at("demo/site/ccg-barometer/charts/2013-04-policy.svg")));
}

TEST_F(RealStudies, AChartIsWrittenInTheFormOfItsName) {
  const std::string what = study() + " --wave 2013-04 --item leave_self --out ";
  for (const auto& [end, start] :
       std::map<std::string, std::string>{{".png", "\x89PNG"},
                                          {".pdf", "%PDF-1."},
                                          {".html", "<!doctype html>"},
                                          {".vl.json", "{\n \"$schema\""},
                                          {".json", "{\n \"id\""}}) {
    const auto drawn = run_command(chart(what + at("one" + end)));
    EXPECT_EQ(drawn.exit, 0) << drawn.output;
    EXPECT_TRUE(bytes_of(at("one" + end)).starts_with(start)) << end;
  }
  // The chart file draws the same picture again.
  ASSERT_EQ(run_command(chart(at("one.json") + " --out " + at("again.html"))).exit, 0);
  EXPECT_EQ(bytes_of(at("again.html")), bytes_of(at("one.html")));
}

TEST_F(RealStudies, AChartThatCannotBeDrawnIsRefusedWithItsReason) {
  const std::string out = " --out " + at("none.svg");
  const std::map<std::string, std::string> refused = {
      {study() + out, "--wave W --item ID"},
      {study() + " --wave 2013-05 --item leave_self" + out, "did you mean '2013-0"},
      {study() + " --wave 2013-04 --item leave_sell" + out, "did you mean 'leave_self'?"},
      {study() + " --wave 2013-04 --item leave_self --kind pie" + out,
       "not all of its parts are published"},
      {study() + " --wave 2013-04 --item leave_self --kind tile" + out, "did you mean 'tiles'?"},
      {study() + " --wave 2013-04 --item leave_self --kind tiles" + out, "give --by region"},
      {study() + " --wave 2013-04 --item leave_self --out " + at("x.gif"), "ends in none of"},
      {at("no.json") + out, "cannot read"},
      {at("no.json") + " --kind bar" + out, "are of a study"}};
  for (const auto& [arguments, words] : refused) {
    const auto result = run_command(chart(arguments));
    EXPECT_EQ(result.exit, 2) << arguments;
    EXPECT_THAT(result.output, HasSubstr(words)) << arguments;
    EXPECT_FALSE(fs::exists(at("none.svg"))) << arguments;
  }
}

TEST_F(RealStudies, NoMicrodataNoNamesNoVerbatimsInTheBundle) {
  for (const auto& [name, bytes] : files_of(at("demo/site/ccg-barometer"))) {
    EXPECT_EQ(bytes.find("g001-chair"), std::string::npos) << name;
    EXPECT_FALSE(name.ends_with(".parquet")) << name;
  }
}

TEST_F(RealStudies, AConflictIsNamedAndNothingIsWritten) {
  const std::string copy = copy_of_study("conflict");
  ASSERT_EQ(run_command("sed -i 's/,likely,42,solve,/,likely,42,94,/' " + copy +
                        "/waves/2013-04/published.csv")
                .exit,
            0);
  const auto before = files_of(copy);
  const auto refused = run_command(kProgram + " reconstruct " + copy + " --wave 2013-04");
  EXPECT_EQ(refused.exit, 1) << refused.output;
  EXPECT_THAT(refused.output, HasSubstr("w3-15"));
  EXPECT_THAT(refused.output, HasSubstr("94"));
  EXPECT_EQ(refused.output.find("w3-10"), std::string::npos) << "only the row in conflict is named";
  EXPECT_EQ(files_of(copy), before);
}

TEST_F(RealStudies, ReconstructingTwiceGivesTheSameBytes) {
  const std::string first = copy_of_study("again/ccg-barometer");  // the id is part of the seed
  ASSERT_EQ(run_command(kProgram + " reconstruct " + first).exit, 0);
  EXPECT_EQ(files_of(first), files_of(study()));
}

// Publishes into `out` and kills the process after `delay`.
void publish_and_kill(const std::string& from, const std::string& out,
                      std::chrono::milliseconds delay) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::freopen("/dev/null", "w", stdout);
    ::execl(kProgram.c_str(), kProgram.c_str(), "publish", from.c_str(), "--out", out.c_str(),
            nullptr);
    ::_exit(127);
  }
  std::this_thread::sleep_for(delay);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
}

TEST_F(RealStudies, KilledWhilePublishingTheOldBundleIsWhole) {
  const std::string out = at("site");
  ASSERT_EQ(run_command(kProgram + " publish " + study() + " --out " + out).exit, 0);
  const auto before = files_of(out);
  const std::string changed = copy_of_study("changed");
  ASSERT_EQ(run_command("sed -i 's/^title: CCG Barometer/title: Another title/' " + changed +
                        "/study.yaml")
                .exit,
            0);
  for (const int delay : {5, 50, 200, 500, 900}) {
    publish_and_kill(changed, out, std::chrono::milliseconds(delay));
    const auto after = files_of(out);
    if (after == before) continue;
    // The swap had happened: then it is the new bundle, whole.
    EXPECT_EQ(run_command("cd " + out + " && sha256sum --check --quiet SHA256SUMS").exit, 0);
  }
  // Whatever a killed run left beside the bundle is cleared by the next.
  ASSERT_EQ(run_command(kProgram + " publish " + study() + " --out " + out).exit, 0);
  EXPECT_EQ(run_command("ls -d " + out + ".partial-* 2>/dev/null").output, "");
  EXPECT_EQ(files_of(out), before);
}

TEST_F(RealStudies, TheDemoNeverReplacesTheStudiesItReads) {
  const std::string study_here = copy_of_study("here/studies/ccg-barometer");
  const auto before = files_of(study_here);
  for (const char* out : {".", "studies/..", "studies/ccg-barometer/out", ""}) {
    const auto refused = run_command("cd " + at("here") + " && " + kProgram + " demo --out '" +
                                     std::string(out) + "'");
    EXPECT_EQ(refused.exit, 2) << out << "\n" << refused.output;
    EXPECT_EQ(files_of(study_here), before) << out;
  }
}

TEST_F(RealStudies, TheDemoReplacesOnlyCopiesOfItsOwn) {
  folder_->write("other/studies/ccg-barometer/study.yaml", "title: Mine\n");
  const std::string demo = kProgram + " demo --studies " + kStudies + " --out ";
  const auto refused = run_command(demo + at("other"));
  EXPECT_EQ(refused.exit, 2) << refused.output;
  EXPECT_THAT(refused.output, HasSubstr("holds other files"));
  EXPECT_EQ(bytes_of(at("other/studies/ccg-barometer/study.yaml")), "title: Mine\n");
  const auto again = run_command(demo + at("demo"));
  EXPECT_EQ(again.exit, 0) << again.output;
}

TEST_F(RealStudies, ABundleToWhichSomebodyAddedAFileIsNotReplaced) {
  const std::string publish_to = kProgram + " publish " + study() + " --out ";
  ASSERT_EQ(run_command(publish_to + at("bundle")).exit, 0);
  folder_->write("bundle/tables/notes.doc", "precious");
  const auto refused = run_command(publish_to + at("bundle"));
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.output, HasSubstr("'tables/notes.doc'"));
  EXPECT_EQ(bytes_of(at("bundle/tables/notes.doc")), "precious");
}

TEST_F(RealStudies, ABundleIsWrittenNeitherIntoTheStudyNorNowhere) {
  const auto before = files_of(study());
  const auto inside = run_command(kProgram + " publish " + study() + " --out " + study() + "/site");
  EXPECT_EQ(inside.exit, 2);
  EXPECT_THAT(inside.output, HasSubstr("lies in the study"));
  const auto nowhere = run_command(kProgram + " publish " + study() + " --out ''");
  EXPECT_EQ(nowhere.exit, 2);
  EXPECT_THAT(nowhere.output, HasSubstr("--out names no folder"));
  EXPECT_EQ(files_of(study()), before);
}

TEST_F(RealStudies, AFolderOfSomebodyElseIsNotReplaced) {
  folder_->write("home/letter.txt", "keep me");
  const auto refused = run_command(kProgram + " publish " + study() + " --out " + at("home"));
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.output, HasSubstr("holds other files"));
  EXPECT_EQ(bytes_of(at("home/letter.txt")), "keep me");
}

}  // namespace
}  // namespace barometer
