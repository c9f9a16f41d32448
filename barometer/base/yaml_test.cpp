#include "barometer/base/yaml.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

std::string repeated(std::string_view part, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += part;
  return out;
}

// What loading (and nothing else) reports.
std::string problems_of(std::string_view bytes) {
  Diagnostics problems;
  const YamlNode root = load_yaml(bytes, "f.yaml", problems);
  EXPECT_TRUE(root.is_map());
  return problems.text();
}

class Yaml : public ::testing::Test {
 protected:
  YamlNode load(std::string_view bytes) {
    YamlNode root = load_yaml(bytes, "f.yaml", problems);
    EXPECT_EQ(problems.text(), "");
    return root;
  }
  Diagnostics problems;
};

TEST_F(Yaml, ReadsTextsNumbersDatesAndLists) {
  const YamlNode root = load(
      "title: '  CCG Barometer '\nwave: 3\nrate: 0.5\ndate: 2012-10-05\nweighted: yes\n"
      "items:\n  - q1\n  - q2\n");
  EXPECT_EQ(root.text("title"), "CCG Barometer");
  EXPECT_EQ(root.child("wave").as_integer(), 3);
  EXPECT_EQ(root.optional_number("rate"), 0.5);
  EXPECT_EQ(iso_text(root.date("date").value()), "2012-10-05");
  EXPECT_EQ(root.optional_bool("weighted"), true);
  EXPECT_THAT(root.child("items").as_text_list(), ElementsAre("q1", "q2"));
  EXPECT_EQ(problems.text(), "");
}

TEST_F(Yaml, PathsAndPlacesCountAsPeopleDo) {
  const YamlNode root = load("items:\n  - stem: How?\n  - stem: Why?\n    options: [a, b]\n");
  const std::vector<YamlNode> items = root.list("items");
  ASSERT_EQ(items.size(), 2U);
  const YamlNode options = items[1].child("options");
  EXPECT_EQ(options.path(), "items[2].options");
  EXPECT_EQ(options.place().text(), "f.yaml:4:14");
  EXPECT_EQ(options.elements()[1].place().text(), "f.yaml:4:18");
}

TEST_F(Yaml, EntriesKeepTheOrderOfTheFile) {
  const YamlNode root = load("z: 1\na: 2\nm:\n");
  std::string order;
  for (const auto& [key, value] : root.entries()) order += key + (value.exists() ? "+" : "-");
  EXPECT_EQ(order, "z+a+m-");
}

TEST_F(Yaml, AbsentAndNullAreAlike) {
  const YamlNode root = load("empty:\ntilde: ~\n");
  for (const char* key : {"empty", "tilde", "nowhere"}) {
    EXPECT_FALSE(root.has(key)) << key;
    EXPECT_EQ(root.optional_text(key), std::nullopt);
    EXPECT_EQ(root.optional_integer(key), std::nullopt);
    EXPECT_EQ(root.optional_date(key), std::nullopt);
    EXPECT_TRUE(root.list(key).empty());
    EXPECT_TRUE(root.child(key).entries().empty());
    EXPECT_EQ(root.choice(key, {"default", "other"}), "default");
  }
  EXPECT_EQ(problems.text(), "");
}

TEST_F(Yaml, QuotedScalarsAndCommentsWithBracketsAreText) {
  const YamlNode root = load("a: '[[ {'\n# " + repeated("[", 100) + "\nb: 1\n");
  EXPECT_EQ(root.text("a"), "[[ {");
  EXPECT_TRUE(root.has("b"));
}

TEST_F(Yaml, RequiredKeysAreReportedWhenMissing) {
  const YamlNode root = load("wave:\n  dates:\n    open: 2012-10-05\n  title: ''\n");
  const YamlNode wave = root.child("wave");
  EXPECT_EQ(wave.text("name"), "");
  EXPECT_EQ(wave.text("title"), "");
  EXPECT_EQ(wave.child("dates").date("close"), std::nullopt);
  EXPECT_EQ(problems.text(),
            "f.yaml:2:3: error: 'wave.name' is missing [missing-key]\n"
            "f.yaml:2:3: error: 'wave.title' is missing [missing-key]\n"
            "f.yaml:3:5: error: 'wave.dates.close' is missing [missing-key]\n");
}

TEST_F(Yaml, WrongTypesAreReportedWithTheValue) {
  const YamlNode root = load(
      "n: three\nhuge: 99999999999999999999\nx: 1e999\ny: nan\nb: maybe\nd: 5 October\n"
      "list: [1]\nmap: {a: 1}\nplus: 3 \n");
  EXPECT_EQ(root.optional_integer("n"), std::nullopt);
  EXPECT_EQ(root.optional_integer("huge"), std::nullopt);
  EXPECT_EQ(root.optional_number("x"), std::nullopt);
  EXPECT_EQ(root.optional_number("y"), std::nullopt);
  EXPECT_EQ(root.optional_bool("b"), std::nullopt);
  EXPECT_EQ(root.optional_date("d"), std::nullopt);
  EXPECT_EQ(root.text("list"), "");
  EXPECT_EQ(root.optional_integer("map"), std::nullopt);
  EXPECT_TRUE(root.list("map").empty());
  EXPECT_TRUE(root.child("list").entries().empty());
  EXPECT_EQ(problems.text(),
            "f.yaml:1:4: error: 'n' is 'three', not a whole number [yaml-type]\n"
            "f.yaml:2:7: error: 'huge' is '99999999999999999999', not a whole number [yaml-type]\n"
            "f.yaml:3:4: error: 'x' is '1e999', not a number [yaml-type]\n"
            "f.yaml:4:4: error: 'y' is 'nan', not a number [yaml-type]\n"
            "f.yaml:5:4: error: 'b' is 'maybe', not true or false [yaml-type]\n"
            "f.yaml:6:4: error: 'd': '5 October' is not a date like 2012-10-05 [date]\n"
            "f.yaml:7:7: error: 'list' must be a text [yaml-type]\n"
            "f.yaml:8:6: error: 'map' must be a text [yaml-type]\n"
            "f.yaml:8:6: error: 'map' must be a list [yaml-type]\n"
            "f.yaml:7:7: error: 'list' must be a map of keys and values [yaml-type]\n");
}

TEST_F(Yaml, AListOrMapWhereADateBelongsIsReported) {
  const YamlNode root = load("d: [2012-10-05]\n");
  EXPECT_EQ(root.optional_date("d"), std::nullopt);
  EXPECT_EQ(problems.text(), "f.yaml:1:4: error: 'd' must be a text [yaml-type]\n");
}

TEST_F(Yaml, UnknownKeysAndValuesSuggestTheNearest) {
  const YamlNode root = load("titel: x\nmode: onlin\n");
  root.only_keys({"title", "mode"});
  EXPECT_EQ(root.choice("mode", {"online", "phone"}), "online");
  EXPECT_EQ(problems.text(),
            "f.yaml:1:1: error: unknown key 'titel' [unknown-key]\n"
            "  hint: did you mean 'title'?\n"
            "f.yaml:2:7: error: 'onlin' is not a value of 'mode' [unknown-value]\n"
            "  hint: did you mean 'online'?\n");
}

TEST(YamlFile, DoubledKeysAreReportedWhereverTheyStand) {
  EXPECT_EQ(problems_of("a: 1\nb: {c: 1, c: 2}\nlist:\n  - e: 1\n    'e': 2\na: 3\n"),
            "f.yaml:2:11: error: the key 'c' is there twice [doubled-key]\n"
            "f.yaml:5:5: error: the key 'e' is there twice [doubled-key]\n"
            "f.yaml:6:1: error: the key 'a' is there twice [doubled-key]\n");
}

TEST(YamlFile, EqualKeysOfDifferentMapsAndKeysLikeValuesAreFine) {
  EXPECT_EQ(problems_of("a: b\nb: {a: a, b: {a: 1}}\nc: [a, a, {a: 1}, {a: 2}]\n"), "");
}

TEST_F(Yaml, TheFirstOfDoubledKeysCounts) {
  const YamlNode root = load_yaml("a: 1\na: 2\n", "f.yaml", problems);
  EXPECT_EQ(root.optional_integer("a"), 1);
}

TEST(YamlFile, BrokenFilesAreOneErrorWithItsPlace) {
  struct Row {
    std::string_view situation;
    std::string bytes;
    std::string_view expected;
  };
  const std::vector<Row> rows = {
      {"empty", "", "f.yaml:1:1: error: the file must be a map of keys and values"},
      {"a list", "- a\n", "the file must be a map of keys and values"},
      {"a word", "hello\n", "the file must be a map of keys and values"},
      {"unclosed list", "a: [1, 2\nb: 3\n", "f.yaml:2:2: error: this is not YAML"},
      {"unclosed quote", "a: 'x\n", "this is not YAML"},
      {"unclosed quote over lines", "a: \"x\nb: 1\n\n", "this is not YAML"},
      {"bad escape", "a: \"\\xZZ\"\n", "f.yaml:1:9: error: this is not YAML"},
      {"colon within a text", "title: Tables: by role\nb: 1\n",
       "hint: a text with a colon stands in quotes: title: \"Tables: by role\""},
      {"colon within a text of a list", "a:\n  - title: T: U\n",
       "hint: a text with a colon stands in quotes: - title: \"T: U\""},
      {"question mark within braces", "a: {b: 1, specify: Which post?}\n",
       "hint: inside {…} a text with a question mark stands in quotes"},
      {"a line one space too far left", "a:\n   - b: 1\n  - b: 2\n",
       "hint: lines that belong together start in the same column"},
      {"tab as indent", "a:\n\tb: 1\n", "hint: indent with spaces, not tabs"},
      {"Latin-1", "a: caf\xE9\n", "f.yaml: error: the file is not UTF-8 text"},
      {"NUL", std::string("a: 1\0\nb: 2\n", 11), "f.yaml: error: the file is not UTF-8 text"},
      {"UTF-16",
       std::string("\xFF\xFE"
                   "a\0:\0",
                   6),
       "f.yaml: error: the file is not UTF-8 text"},
      {"alias", "a: &x 1\nb: *x\n", "f.yaml:2:4: error: aliases (*name) are not used here"},
      {"unknown alias", "a: *x\n", "this is not YAML"},
      {"tag", "a: !!binary aGk=\n", "tags (tag:yaml.org,2002:binary) are not used here"},
      {"own tag", "a: !run 'rm -rf'\n", "tags (!run) are not used here"},
      {"tag on a map", "a: !x {b: 1}\n", "tags (!x) are not used here"},
      {"two documents", "a: 1\n---\nb: 2\n", "f.yaml:2:1: error: a second document starts here"},
      {"too large", std::string((size_t{16} << 20) + 1, ' '),
       "f.yaml: error: 16777217 bytes are more than the 16 MiB this reads"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.situation);
    const std::string found = problems_of(row.bytes);
    EXPECT_THAT(found, HasSubstr(std::string(row.expected)));
    EXPECT_EQ(found.find("error:"), found.rfind("error:")) << found;
  }
}

TEST(YamlFile, WordsCutByAHashAreNoticedAndCommentsAreNot) {
  const struct {
    const char* bytes;
    const char* said;  // nothing: no warning
  } kLines[] = {
      {"text: How long # years?\n",
       "f.yaml:1:7: warning: 'How long' ends before '# years?', which is read as a comment "
       "[yaml-cut]\n  hint: put the text in quotes, or two spaces before a comment\n"},
      {"a:\n  - label: Deputy #2\n", "f.yaml:2:12: warning: 'Deputy' ends before '#2'"},
      {"options:\n  - Option # 1\n", ""},  // one word, and a comment as people write it
      {"options:\n  - First choice # 1\n", "f.yaml:2:5: warning: 'First choice' ends before"},
      {"mode: Wéb and päper # both\n", "f.yaml:1:7: warning: 'Wéb and päper' ends before"},
      {"mode: Online form  # the usual\n", ""},
      {"mode: \"Online # form\"\n", ""},
      {"mode: Online # the usual\n", ""},
      {"n: 5 #five\n", ""},
      {"text: C#minor and F#\n", ""},
      {"text: |\n  How long # years?\n", ""},
      {"# a line # of comment\na: b c\n", ""},
  };
  for (const auto& [bytes, said] : kLines) {
    const std::string found = problems_of(bytes);
    EXPECT_THAT(found, HasSubstr(said)) << bytes;
    EXPECT_EQ(found.empty(), std::string(said).empty()) << bytes << found;
  }
}

// Every way to nest: brackets, braces, dashes, explicit keys, indentation.
TEST(YamlFile, HostileNestingIsRefusedAndNotFollowed) {
  std::string indented;
  for (int level = 0; level < 1000; ++level) {
    indented += std::string(static_cast<size_t>(level), ' ') + "a:\n";
  }
  for (const std::string& bytes :
       {"a: " + repeated("[", 200000), "a: " + repeated("{", 200000),
        repeated("{a: ", 100000) + "1", repeated("- ", 200000) + "a", repeated("? ", 200000) + "a",
        indented, "a: " + repeated("[", 65) + repeated("]", 65)}) {
    const std::string found = problems_of(bytes);
    EXPECT_THAT(found, HasSubstr("error: nested deeper than 64 levels [yaml]"));
    EXPECT_EQ(found.find("error:"), found.rfind("error:")) << found;
  }
}

TEST(YamlFile, SixtyFourLevelsAreRead) {
  EXPECT_EQ(problems_of("a: " + repeated("[", 63) + repeated("]", 63)), "");
}

TEST(YamlFile, AFloodOfDoubledKeysEndsInARefusal) {
  const std::string found = problems_of(repeated("a: 1\n", 50000));
  EXPECT_THAT(found, HasSubstr("more than 100 keys are there twice"));
  EXPECT_LT(found.size(), 10000U);
}

TEST(YamlFile, AfterARefusalTheRootIsAnEmptyMap) {
  Diagnostics problems;
  const YamlNode root = load_yaml("a: 1\nb: [", "f.yaml", problems);
  EXPECT_TRUE(root.is_map());
  EXPECT_TRUE(root.entries().empty());
}

TEST(YamlNode, WithoutAFileCannotReport) {
  EXPECT_THROW(YamlNode().error("x", "y"), BrokenPromise);
}

TEST_F(Yaml, AChoiceOfNothingIsABrokenPromise) {
  const YamlNode root = load("a: 1\n");
  EXPECT_THROW((void)root.choice("a", {}), BrokenPromise);
}

}  // namespace
}  // namespace barometer
