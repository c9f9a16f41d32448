// Tables of a study keep its rules as its bundle does: what gives something away goes with it, a
// filter is no way around them, and whoever sets them aside reads so.
#include <map>
#include <string>

#include <fmt/format.h>
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

const std::string kProgram = BUILD_DIR "/cli/barometer";

// "view|1|role:2" -> what is printed.
std::map<std::string, std::string> cells_of(const std::string& words) {
  const auto result = run_command(kProgram + " " + words + " --format json 2>/dev/null");
  EXPECT_EQ(result.exit, 0) << result.output;
  std::map<std::string, std::string> cells;
  const auto book = nlohmann::json::parse(result.output, nullptr, false);
  for (const auto& table : book["tables"]) {
    for (const auto& row : table["rows"]) {
      for (const auto& cell : row["cells"]) {
        cells[fmt::format("{}|{}|{}", std::string(row["variable"]), std::string(row["answer"]),
                          std::string(cell["column"]))] = cell["printed"];
      }
    }
  }
  return cells;
}

// Chairs 28 of 43 yes, officers 26 of 42, others 5 of 9; without `last` the last of the others.
std::string write_study(const TempFolder& folder, const std::string& name, const std::string& print,
                        bool last = true) {
  const std::string root = name + "/";
  folder.write(root + "study.yaml",
               "title: Small\nseries: Small\nsponsor: S\nconducted_by: C\ngeography: G\n"
               "population: leaders\nprint: {" +
                   print + "}\n");
  folder.write(root + "frame/f1/frame.yaml",
               "date: 2020-01-01\nsource: a list\ncoverage_gaps: none\nexclusions: none\n");
  std::string organisations = "id,name,region,population\n", people = "id,organisation,role,name\n";
  std::string answers = "respondent,organisation,role,view,stay,go\n";
  int at = 0;
  const auto add = [&](int count, const char* role, const char* view) {
    for (int i = 0; i < count; ++i, ++at) {
      organisations += fmt::format("o{0},Organisation {0},North,1000\n", at);
      people += fmt::format("p{0},o{0},Chair,Person {0}\n", at);
      if (last || at < 93) answers += fmt::format("r{0},o{0},{1},{2},Yes,No\n", at, role, view);
    }
  };
  add(28, "Chair", "Yes");
  add(15, "Chair", "No");
  add(26, "Officer", "Yes");
  add(16, "Officer", "No");
  add(5, "Other", "Yes");
  add(4, "Other", "No");
  folder.write(root + "frame/f1/organisations.csv", organisations);
  folder.write(root + "frame/f1/people.csv", people);
  folder.write(root + "waves/2020-01/wave.yaml",
               "title: Wave\nfieldwork: {start: 2020-01-01, end: 2020-01-20}\nmode: web\n"
               "frame: f1\npopulation: leaders\nweighting: Not weighted.\n"
               "design: {kind: simple, population: none}\n");
  folder.write(root + "waves/2020-01/questionnaire.yaml",
               "title: Small\nitems:\n"
               "  - {id: role, type: single, text: \"Role?\", options: [Chair, Officer, Other]}\n"
               "  - {id: view, type: single, text: \"Will you go?\", options: [\"Yes\", \"No\"]}\n"
               "  - battery: plans\n    type: single\n    stem: Will you\n"
               "    options: [\"Yes\", \"No\"]\n"
               "    items: [{id: stay, text: stay}, {id: go, text: go}]\n");
  folder.write(root + "waves/2020-01/responses.csv", answers);
  return (folder / name).string();
}

// With a pencil: what is hidden is neither the total less the columns that are shown nor beside its
// rest and the total.
TEST(TableOfStudy, NothingGivesBackAColumnThatIsTooSmall) {
  TempFolder folder;
  const std::string study = write_study(folder, "s", "suppress_base_under: 10");
  for (const char* banner : {"role", "role+rest"}) {
    const auto cells =
        cells_of("table " + study + " --wave 2020-01 --rows view --show n --banner " + banner);
    for (const char* answer : {"view|1|", "view|2|"}) {
      const auto shown = [&](const std::string& column) {
        const auto cell = cells.find(answer + column);
        return cell != cells.end() && cell->second != "[c]";
      };
      EXPECT_FALSE(shown("role:3")) << banner;
      EXPECT_FALSE(shown("role:3:rest") && shown("total")) << banner;
      EXPECT_FALSE(shown("role:1") && shown("role:2") && shown("total")) << banner;
      EXPECT_TRUE(shown("role:1") || shown("role:2") || shown("total")) << banner;
    }
  }
  const auto data = run_command(kProgram + " table " + study +
                                "/waves/2020-01/responses.csv --rows view --banner role");
  EXPECT_THAT(data.output, HasSubstr("and not protected: what they hold"));
  EXPECT_THAT(data.output, HasSubstr("note: columns on a base under 10 are not shown, and may"));
}

TEST(TableOfStudy, AFilterThatTellsOfFewIsForOwnEyes) {
  TempFolder folder;
  const std::string study = write_study(folder, "s", "suppress_count_under: 5");
  const std::string words = kProgram + " table " + study + " --wave 2020-01 --rows view ";
  for (const auto& [filter, said] : {std::pair("respondent != 'r3'", "keeps 93 of the 94"),
                                     {"organisation != 'o3'", "93 of the"},
                                     {"role in ('Chair', 'Officer')", "what the other 9 said"},
                                     {"role = 'Other'", "so few said"},
                                     {"role = 'Chair'", "the group 'Other' of 9"}}) {
    const std::string asked = words + "--filter \"" + filter + "\"";
    const auto refused = run_command(asked);
    EXPECT_EQ(refused.exit, 2) << refused.output;
    EXPECT_THAT(refused.output, HasSubstr(said));
    EXPECT_THAT(refused.output, HasSubstr("the rules protect groups under 10. --own-eyes"));
    const auto made = run_command(asked + " --own-eyes 2>/dev/null");
    EXPECT_EQ(made.exit, 0);
    EXPECT_THAT(made.output, HasSubstr("For an analyst's own eyes, not to be passed on"));
    EXPECT_THAT(run_command(asked + " --own-eyes >/dev/null").output, HasSubstr("own eyes"));
  }
  EXPECT_EQ(run_command(words + "--filter \"view = 'Yes'\"").exit, 0);
}

TEST(TableOfStudy, RulesThatAreSetAsideOrReplacedAreSaid) {
  TempFolder folder;
  const std::string study = write_study(folder, "s", "suppress_count_under: 5");
  const std::string words = kProgram + " table " + study + " --wave 2020-01 --rows view ";
  const auto plan = folder.write("plan.yaml", "rows: [view]\nprint: {suppress_base_under: 0}\n");
  for (const std::string& weaker :
       {words + "--suppress-count 0", words + "--suppress-count 4", words + "--suppress-base 9",
        words + "--plan " + plan.string()}) {
    for (const char* only : {" 2>/dev/null", " >/dev/null"}) {
      EXPECT_THAT(run_command(weaker + only).output,
                  HasSubstr("The study's rules of disclosure were set aside: suppress_"));
    }
  }
  EXPECT_THAT(run_command(words + "--suppress-count 6").output, Not(HasSubstr("set aside")));
  EXPECT_EQ(run_command(words + "--round-counts 5").exit, 0);
  const auto fine = run_command(words + "--round-counts 3");
  EXPECT_EQ(fine.exit, 2);
  EXPECT_THAT(fine.output, HasSubstr("study.yaml asks that no count under 5 can be told"));
}

TEST(TableOfStudy, ABatteryIsNamedByItsItems) {
  TempFolder folder;
  const std::string study = write_study(folder, "s", "");
  const auto refused = run_command(kProgram + " table " + study + " --wave 2020-01 --rows plans");
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.output, HasSubstr("'plans' is a battery: name its items, 'stay, go'"));
}

TEST(TableOfStudy, AnEditionIsAttackedWithTheOneThatItReplaces) {
  TempFolder folder;
  const std::string before = write_study(folder, "a/s", "suppress_count_under: 5", false);
  const std::string after = write_study(folder, "b/s", "suppress_count_under: 5");
  const std::string site = (folder / "site").string();
  const auto publish = [&](const std::string& study, const std::string& options) {
    return run_command(kProgram + " publish " + study + " --out " + site + options);
  };
  EXPECT_EQ(publish(before, "").exit, 0);
  EXPECT_EQ(publish(before, "").exit, 0);  // the same says nothing more
  const auto refused = publish(after, "");
  EXPECT_EQ(refused.exit, 2) << refused.output;
  EXPECT_THAT(refused.output, HasSubstr("nothing was published"));
  EXPECT_THAT(refused.output, HasSubstr("--replace-anyway"));
  const auto replaced = publish(after, " --replace-anyway");
  EXPECT_EQ(replaced.exit, 0) << replaced.output;
}

}  // namespace
}  // namespace barometer
