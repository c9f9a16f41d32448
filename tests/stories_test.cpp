// The stories of the real studies: they are sound, they carry every figure of the reports the
// studies were made from, and a bundle with them stands the attack.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "barometer/base/csv.h"
#include "barometer/wording/read.h"
#include "tests/support/command.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::run_command;
using testing::TempFolder;
using Json = nlohmann::json;

const std::string kProgram = std::string(BUILD_DIR) + "/cli/barometer";

// A copy of the real studies with their answers reconstructed, once for all tests.
class RealStories : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempFolder>();
    fs::copy(fs::path(SOURCE_DIR) / "studies", *folder_ / "studies", fs::copy_options::recursive);
    for (const std::string name : {"ccg-barometer", "nhscc-2013"}) {
      const auto solved = run_command(kProgram + " reconstruct " + study(name));
      ASSERT_EQ(solved.exit, 0) << solved.output;
      const auto written = run_command(kProgram + " write " + study(name) + " --format json 2>" +
                                       (*folder_ / "notes").string());
      ASSERT_EQ(written.exit, 0) << written.output;
      const Json root = Json::parse(written.output, nullptr, false);
      ASSERT_FALSE(root.is_discarded()) << written.output;
      for (const Json& story : root["stories"]) stories_[story["name"]] = story;
    }
  }
  static void TearDownTestSuite() {
    folder_.reset();
    stories_.clear();
  }
  static std::string study(const std::string& name) {
    return (*folder_ / "studies" / name).string();
  }

  static inline std::unique_ptr<TempFolder> folder_;
  static inline std::map<std::string, Json> stories_;
};

// Which of our stories tells what a report told.
const std::map<std::string, std::string>& story_of_report() {
  static const std::map<std::string, std::string> kStories = {{"s000", "budgets-to-councils"},
                                                              {"s002", "vision-doubted"},
                                                              {"s003", "primary-care-role"},
                                                              {"s004", "integration-first"}};
  return kStories;
}

bool reads_as(const std::string& text, const std::string& kind, const Ratio& value) {
  for (const wording::NumberPhrase& phrase : wording::read_numbers(text)) {
    const bool majority =
        phrase.quantifier != nullptr && phrase.quantifier->part == wording::Part::kMajority;
    const bool bound = phrase.hedge->relation == wording::Relation::kOver;
    if (kind == "percent_bound" && ((majority && value == Ratio{50, 1}) ||
                                    (bound && phrase.is_share() && phrase.percent() == value)))
      return true;
    const bool share = kind == "percent" || kind == "percent_fraction";
    if (share && phrase.is_share() && phrase.percent() == value) return true;
    const bool count = kind == "n" || kind == "n_orgs";
    if (count && phrase.form == wording::Form::kCount && phrase.value == value) return true;
  }
  return false;
}

bool carries(const Json& story, const std::string& kind, const Ratio& value) {
  for (const Json& sentence : story["sentences"]) {
    for (const Json& claim : sentence["claims"]) {
      const std::string text = claim["text"];
      const bool figure = !claim["figures"].empty();
      if (kind == "percent_implied") {
        const std::string reference = claim["reference"];
        if (reference.starts_with("remainder") && claim["figures"][0]["printed"] == "29")
          return true;
      } else if (kind == "comparative") {
        if (figure && claim["figures"].size() == 2) return true;
      } else if ((figure || claim["kind"] == "outside") && reads_as(text, kind, value)) {
        return true;
      }
    }
  }
  return false;
}

TEST_F(RealStories, CarryEveryFigureOfTheReports) {
  const std::string path = SOURCE_DIR "/barometer/wording/testdata/figures.csv";
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  Diagnostics problems;
  const CsvTable table = CsvTable::parse(bytes, path, problems);
  size_t looked_at = 0;
  for (size_t row = 0; row < table.row_count(); ++row) {
    const auto story = story_of_report().find(table.cell(row, "article").text);
    const std::string kind = table.cell(row, "kind").text;
    if (story == story_of_report().end() || kind.starts_with("not_") || kind.starts_with("vague"))
      continue;
    const auto value = parse_decimal(table.cell(row, "value").text);
    const Ratio wanted = value ? value->ratio() : Ratio{0, 1};
    EXPECT_TRUE(carries(stories_[story->second], kind, wanted))
        << story->second << " does not say " << kind << " " << table.cell(row, "value").text << ": "
        << table.cell(row, "phrase").text;
    ++looked_at;
  }
  EXPECT_EQ(looked_at, 41U);
}

// The headline quantifier of the first report: large numbers would leave.
TEST_F(RealStories, AHeadlineSaysOnlyWhatIsTrue) {
  EXPECT_THAT(stories_["budgets-to-councils"]["title"].get<std::string>(),
              HasSubstr("A majority of CCG leaders"));
  EXPECT_THAT(stories_["integration-first"]["title"].get<std::string>(),
              HasSubstr("significantly fewer"));
}

// 42 per cent cannot be had from 94 answers: the story says on what base it can.
TEST_F(RealStories, TheImpossibleFigureHasItsOwnBase) {
  const std::string all = stories_["budgets-to-councils"].dump();
  EXPECT_THAT(all, HasSubstr("42 per cent"));
  EXPECT_THAT(all, HasSubstr("\"n\":93"));
  EXPECT_THAT(all, HasSubstr("93 is the largest"));
}

// What the data cannot test is said without a verb of change.
TEST_F(RealStories, AnUntestedChangeIsNeutral) {
  const std::string all = stories_["confidence"].dump();
  EXPECT_THAT(all, HasSubstr("was 68 per cent, compared with 73 per cent in January 2013"));
  EXPECT_EQ(all.find("fell"), std::string::npos);
}

TEST_F(RealStories, ABundleWithStoriesStandsTheAttack) {
  for (const std::string name : {"ccg-barometer", "nhscc-2013"}) {
    const std::string site = (*folder_ / "site" / name).string();
    const auto published = run_command(kProgram + " publish " + study(name) + " --out " + site);
    ASSERT_EQ(published.exit, 0) << published.output;
    const auto attacked = run_command(kProgram + " attack " + site);
    EXPECT_EQ(attacked.exit, 0) << attacked.output;
    for (const auto& [story, json] : stories_) {
      const bool ours = fs::exists(fs::path(site) / "stories" / (story + ".html"));
      EXPECT_EQ(ours, fs::exists(fs::path(site) / "stories" / (story + ".txt")));
    }
    EXPECT_TRUE(fs::exists(fs::path(site) / "stories.json"));
  }
}

// A number typed into the article is found, whoever typed it.
TEST_F(RealStories, TheAttackReadsArticles) {
  const fs::path site = *folder_ / "attacked";
  const auto published =
      run_command(kProgram + " publish " + study("nhscc-2013") + " --out " + site.string());
  ASSERT_EQ(published.exit, 0) << published.output;
  std::ofstream(site / "stories" / "primary-care-role.txt", std::ios::app)
      << "\nOf finance officers, 37 said so, and 7 of another role, 3 of the 272 leaders.\n";
  const auto attacked = run_command(kProgram + " attack " + site.string());
  EXPECT_EQ(attacked.exit, 1);
  for (const char* number : {"37", "7", "3 of the 272"}) {
    EXPECT_THAT(attacked.output,
                HasSubstr(fmt::format("primary-care-role.txt shows the number '{}'", number)));
  }
}

TEST_F(RealStories, ANumberAndItsWholeAreTwoFigures) {
  const fs::path study = *folder_ / "of-the";
  fs::copy(*folder_ / "studies" / "ccg-barometer", study, fs::copy_options::recursive);
  std::ofstream(study / "waves/2013-04/stories/of-the.md")
      << "# Who answered\n\n{{ organisations }} of the {{ frame }} groups took part, with "
         "{{ n }} leaders. {{ count leave_self likely }} out of {{ n }} would go.\n\n{{ method "
         "}}\n";
  const auto published = run_command(kProgram + " publish " + study.string() + " --out " +
                                     (*folder_ / "of-the-site").string());
  EXPECT_EQ(published.exit, 0) << published.output;
}

TEST_F(RealStories, AStoryThatIsNotTrueStopsThePublication) {
  const fs::path study = *folder_ / "wrong";
  fs::copy(*folder_ / "studies" / "ccg-barometer", study, fs::copy_options::recursive);
  fs::copy(fs::path(SOURCE_DIR) / "docs/examples/wrong-story.md",
           study / "waves/2013-04/stories/wrong.md");
  const auto published = run_command(kProgram + " publish " + study.string() + " --out " +
                                     (*folder_ / "none").string());
  EXPECT_EQ(published.exit, 2);
  EXPECT_THAT(published.output, HasSubstr("waves/2013-04/stories/wrong.md:3:"));
  EXPECT_FALSE(fs::exists(*folder_ / "none"));
  const auto checked = run_command(kProgram + " check " + study.string());
  EXPECT_EQ(checked.exit, 2);
  EXPECT_THAT(checked.output, HasSubstr("[story-untrue]"));
  EXPECT_THAT(checked.output, HasSubstr("[story-untested]"));
}

TEST_F(RealStories, AreTheSameEachTime) {
  const auto once = run_command(kProgram + " write " + study("nhscc-2013") + " --format md");
  EXPECT_EQ(once.output,
            run_command(kProgram + " write " + study("nhscc-2013") + " --format md").output);
}

}  // namespace
}  // namespace barometer
