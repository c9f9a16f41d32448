// The circle closed: our stories, read by the audit as if a stranger had written them, against our
// own ledger. Every percentage and mean that a reference wrote is found again, and is the figure
// that the reference named.
#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "barometer/ledger/read.h"
#include "tests/support/command.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;
using testing::run_command;
using testing::TempFolder;
using Json = nlohmann::json;

const std::string kProgram = std::string(BUILD_DIR) + "/cli/barometer";

class RoundTrip : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempFolder>();
    const auto demo = run_command(kProgram + " demo --studies " SOURCE_DIR "/studies --out " +
                                  folder_->path().string());
    ASSERT_EQ(demo.exit, 0) << demo.output;
  }
  static void TearDownTestSuite() { folder_.reset(); }
  static fs::path site(const std::string& study) { return *folder_ / "site" / study; }

  static inline std::unique_ptr<TempFolder> folder_;
};

Json json_of(const std::string& command) {
  return Json::parse(run_command(command).output, nullptr, false);
}

// Figures that the audit found in the article, and what it objects to.
struct Read {
  std::set<std::string> figures;
  std::string objections;
};

Read audited(const fs::path& site, const std::string& story) {
  Read out;
  const fs::path text = site / "stories" / (story + ".txt");
  const Json root = json_of(kProgram + " audit " + text.string() + " --ledger " + site.string() +
                            " --format json");
  if (root.is_discarded()) return {{}, "no JSON"};
  for (const Json& match : root.value("matches", Json::array())) {
    const std::string grade = match["grade"];
    const std::string figure = match["figure"].is_string() ? match["figure"] : "";
    const std::string quote = root["claims"][match["claim"].get<size_t>()]["quote"];
    if (!figure.empty()) out.figures.insert(figure);
    if (grade == "wrong" || grade == "suppressed") {
      out.objections += quote + ": " + grade + " " + figure + "\n";
    }
  }
  return out;
}

// Percentages and means that references wrote, by the figure they named.
std::set<std::string> written(const Json& story) {
  std::set<std::string> out;
  for (const Json& sentence : story["sentences"]) {
    for (const Json& claim : sentence["claims"]) {
      if (claim["kind"] != "figure") continue;
      for (const Json& figure : claim["figures"]) {
        if (figure["kind"] == "percent" || figure["kind"] == "mean") out.insert(figure["id"]);
      }
    }
  }
  return out;
}

TEST_F(RoundTrip, TheAuditFindsEveryFigureThatAReferenceWrote) {
  size_t figures = 0;
  for (const std::string study : {"ccg-barometer", "nhscc-2013"}) {
    const Json index = json_of("cat " + (site(study) / "stories.json").string());
    ASSERT_FALSE(index.is_discarded());
    for (const Json& story : index["stories"]) {
      const std::string name = story["name"];
      const Read read = audited(site(study), name);
      EXPECT_EQ(read.objections, "") << name;
      for (const std::string& figure : written(story)) {
        EXPECT_TRUE(read.figures.contains(figure)) << name << ": " << figure;
        ++figures;
      }
    }
  }
  EXPECT_GE(figures, 40U) << "the stories carry their figures";
}

// The audit's tests of sentences stand on a copy.
TEST_F(RoundTrip, TheLedgersOfTheAuditsTestsAreThoseOfTheDemo) {
  for (const std::string study : {"ccg-barometer", "nhscc-2013"}) {
    const auto copy = read_ledger_file(SOURCE_DIR "/barometer/audit/testdata/" + study + ".csv");
    const auto demo = read_ledger_file(site(study) / "ledger.csv");
    ASSERT_TRUE(copy && demo) << study;
    EXPECT_GE(copy->figures.size(), 80U);
    for (const Figure& figure : copy->figures) {
      const Figure* same = demo->find(figure.id);
      ASSERT_NE(same, nullptr) << figure.id;
      EXPECT_EQ(same->printed, figure.printed) << figure.id;
      EXPECT_EQ(same->label, figure.label) << figure.id;
      EXPECT_EQ(same->question, figure.question) << figure.id;
    }
  }
}

}  // namespace
}  // namespace barometer
