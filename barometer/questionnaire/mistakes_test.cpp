// Mistakes that people make in questionnaires, and what they are told.
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "barometer/questionnaire/questionnaire.h"

namespace barometer {
namespace {

std::string problems_of(const std::string& yaml) {
  Diagnostics problems;
  const YamlNode root = load_yaml(yaml, "q.yaml", problems);
  read_questionnaire(root, problems);
  problems.sort();
  return problems.text();
}

struct Mistake {
  const char* situation;
  const char* yaml;  // after "title: T\nitems:\n"
  const char* expected;
};
class QuestionnaireMistake : public testing::TestWithParam<Mistake> {};

TEST_P(QuestionnaireMistake, IsReportedWithPlaceValueAndHint) {
  EXPECT_EQ(problems_of(std::string("title: T\nitems:\n") + GetParam().yaml), GetParam().expected)
      << GetParam().situation;
}

INSTANTIATE_TEST_SUITE_P(
    Items, QuestionnaireMistake,
    testing::Values(
        Mistake{"misspelt key", "  - {id: a, type: open, text: Q, lable: L}\n",
                "q.yaml:3:34: error: unknown key 'items[1].lable' [unknown-key]\n"
                "  hint: did you mean 'label'?\n"},
        Mistake{"misspelt type", "  - {id: a, type: agrement, text: Q}\n",
                "q.yaml:3:19: error: 'agrement' is not an item type [unknown-type]\n"
                "  hint: did you mean 'agreement'?\n"},
        Mistake{"no type", "  - {id: a, text: Q}\n",
                "q.yaml:3:5: error: 'items[1].type' is missing [missing-key]\n"},
        Mistake{"no text", "  - {id: a, type: open}\n",
                "q.yaml:3:5: error: 'items[1].text' is missing [missing-key]\n"},
        Mistake{"no id", "  - {type: open, text: Q}\n",
                "q.yaml:3:5: error: 'items[1].id' is missing [missing-key]\n"},
        Mistake{"doubled id in another letter case",
                "  - {id: role, type: open, text: Q}\n  - {id: Role, type: open, text: Q}\n",
                "q.yaml:4:10: error: the item id 'Role' is there twice [doubled-id]\n"
                "  hint: letter case does not tell ids apart\n"},
        Mistake{"a battery with the id of an item before it",
                "  - {id: role, type: open, text: Q}\n"
                "  - {battery: Role, type: yes-no, stem: S, items: [{id: b, text: Q}]}\n",
                "q.yaml:4:15: error: the battery 'Role' has the id of an item [doubled-id]\n"
                "  hint: letter case does not tell ids apart\n"},
        Mistake{"an item with the id of its battery",
                "  - {battery: b, type: yes-no, stem: S, items: [{id: b, text: Q}]}\n",
                "q.yaml:3:54: error: the item 'b' has the id of a battery [doubled-id]\n"
                "  hint: letter case does not tell ids apart\n"},
        Mistake{"id with a blank", "  - {id: my role, type: open, text: Q}\n",
                "q.yaml:3:10: error: 'my role' cannot be an id [item-id]\n"
                "  hint: a letter, then letters, digits or '_', at most 32\n"},
        Mistake{"id of a column that every file has",
                "  - {id: Organisation, type: open, text: Q}\n",
                "q.yaml:3:10: error: the id 'Organisation' is taken by a column of every data file "
                "[item-id]\n  hint: choose another id\n"},
        Mistake{"an item that is a text", "  - what now\n",
                "q.yaml:3:5: error: 'items[1]' must be a map of keys and values [yaml-type]\n"
                "q.yaml:3:5: error: 'items[1].id' is missing [missing-key]\n"
                "q.yaml:3:5: error: 'items[1].text' is missing [missing-key]\n"
                "q.yaml:3:5: error: 'items[1].type' is missing [missing-key]\n"},
        Mistake{"wording neither verbatim nor paraphrase",
                "  - {id: a, type: open, text: Q, wording: paraphrased}\n",
                "q.yaml:3:43: error: 'paraphrased' is not a value of 'items[1].wording' "
                "[unknown-value]\n  hint: did you mean 'paraphrase'?\n"},
        Mistake{"a pie of several answers",
                "  - {id: a, type: multi, text: Q, options: [A, B], chart: pie}\n",
                "q.yaml:3:59: error: 'pie' is not a chart for an item of type 'multi' [chart]\n"
                "  hint: possible: bar, dot, tiles, none\n"}));

INSTANTIATE_TEST_SUITE_P(
    Options, QuestionnaireMistake,
    testing::Values(
        Mistake{"no options", "  - {id: a, type: single, text: Q}\n",
                "q.yaml:3:5: error: an item of type 'single' needs 'options' [missing-key]\n"
                "  hint: options: [First answer, Second answer]\n"},
        Mistake{"one option only", "  - {id: a, type: banded, text: Q, options: [A]}\n",
                "q.yaml:3:45: error: an item of type 'banded' needs at least 2 options, not 1 "
                "[options-count]\n"},
        Mistake{"options that are a text", "  - {id: a, type: single, text: Q, options: A}\n",
                "q.yaml:3:45: error: 'items[1].options' must be a list [yaml-type]\n"},
        Mistake{"doubled label", "  - {id: a, type: single, text: Q, options: [A, B, a]}\n",
                "q.yaml:3:52: error: the option 'a' is there twice [doubled-option]\n"},
        Mistake{"doubled code",
                "  - {id: a, type: single, text: Q, options: [{label: A, code: 2}, B]}\n",
                "q.yaml:3:67: error: the code 2 of 'B' is there twice [doubled-code]\n"
                "  hint: an option without a code takes its position in the list\n"},
        Mistake{"code below zero",
                "  - {id: a, type: single, text: Q, options: [A, {label: B, code: -8}]}\n",
                "q.yaml:3:66: error: the code -8 is not between 0 and 65000 [option-code]\n"
                "  hint: codes below zero are kinds of missing\n"},
        Mistake{"code in words",
                "  - {id: a, type: single, text: Q, options: [A, {label: B, code: two}]}\n",
                "q.yaml:3:66: error: 'items[1].options[2].code' is 'two', not a whole number "
                "[yaml-type]\n"},
        Mistake{"don't know without its mark",
                "  - {id: a, type: single, text: Q, options: [A, B, Don’t know]}\n",
                "q.yaml:3:52: warning: the option 'Don’t know' is not marked as a don't know "
                "[unmarked-dont-know]\n  hint: {label: Don't know, dont_know: true}\n"},
        Mistake{
            "options of an open question", "  - {id: a, type: open, text: Q, options: [A, B]}\n",
            "q.yaml:3:43: error: an item of type 'open' has no options [options-not-allowed]\n"},
        Mistake{"don't knows out of the base, where there are none",
                "  - {id: a, type: strength, text: Q, dont_know_in_base: false}\n",
                "q.yaml:3:5: warning: 'a' leaves don't knows out of its base, but no option is one "
                "[no-dont-know]\n  hint: {label: Don't know, dont_know: true}\n"}));

INSTANTIATE_TEST_SUITE_P(
    Scales, QuestionnaireMistake,
    testing::Values(
        Mistake{"score without scale", "  - {id: a, type: score, text: Q}\n",
                "q.yaml:3:5: error: a score needs its 'scale'; the ends are never guessed "
                "[missing-key]\n  hint: scale: {low: 1, high: 10}\n"},
        Mistake{"one end", "  - {id: a, type: score, text: Q, scale: {low: 1}}\n",
                "q.yaml:3:42: error: the scale has no 'high' [missing-key]\n"
                "  hint: scale: {low: 1, high: 10}\n"},
        Mistake{"ends the wrong way round", "  - {id: a, type: score, text: Q, scale: [10, 1]}\n",
                "q.yaml:3:42: error: a scale from 10 to 1 cannot be used [scale-ends]\n"
                "  hint: whole numbers from 0 up, low before high, at most 101 points\n"},
        Mistake{"three ends", "  - {id: a, type: score, text: Q, scale: [1, 5, 10]}\n",
                "q.yaml:3:42: error: a scale has two ends, not 3 [scale-ends]\n"
                "  hint: scale: [1, 10]\n"},
        Mistake{"a scale on something else", "  - {id: a, type: yes-no, text: Q, scale: [1, 10]}\n",
                "q.yaml:3:43: error: only an item of type 'score' has a scale "
                "[scale-not-allowed]\n"}));

INSTANTIATE_TEST_SUITE_P(
    Nets, QuestionnaireMistake,
    testing::Values(
        Mistake{"NET of an unknown option",
                "  - {id: a, type: agreement, text: Q, nets: {x: {label: X, options: [Tend to "
                "agre]}}}\n",
                "q.yaml:3:70: error: 'Tend to agre' is not an option [net-option]\n"
                "  hint: did you mean 'Tend to agree'?\n"},
        Mistake{"NET over the neutral option",
                "  - {id: a, type: strength, text: Q, nets: {x: {label: X, options: [Neutral, "
                "Weak]}}}\n",
                "q.yaml:3:69: error: the NET 'x' spans the neutral option 'Neutral' "
                "[net-over-neutral]\n  hint: say over_neutral: true if that is meant\n"},
        Mistake{"NET over an off-scale option",
                "  - {id: a, type: banded, text: Q, options: [A, B, {label: C, off_scale: true}], "
                "nets: {x: {label: X, options: [2, 3]}}}\n",
                "q.yaml:3:116: error: the NET 'x' spans the off-scale option '3' "
                "[net-over-neutral]\n  hint: say over_neutral: true if that is meant\n"},
        Mistake{"NET without options",
                "  - {id: a, type: yes-no, text: Q, nets: {x: {label: X}}}\n",
                "q.yaml:3:43: error: the NET 'x' holds no options [net-option]\n"},
        Mistake{"option twice in a NET",
                "  - {id: a, type: yes-no, text: Q, nets: {x: {label: X, options: ['Yes', 1]}}}\n",
                "q.yaml:3:74: error: '1' is in the NET 'x' twice [net-option]\n"},
        Mistake{
            "NET named as a word of the language",
            "  - {id: a, type: yes-no, text: Q, nets: {missing: {label: X, options: [1, 2]}}}\n",
            "q.yaml:3:43: error: 'missing' cannot be the id of a NET [net-id]\n"
            "  hint: a letter, then letters, digits or '_', at most 32; not missing, not_asked, "
            "refused, dont_know or mean\n"},
        Mistake{"a NET that would be taken for a mean",
                "  - {id: a, type: single, text: Q, options: [A, B], nets: {Mean: {label: L, "
                "options: [A, B]}}}\n",
                "q.yaml:3:60: error: 'Mean' cannot be the id of a NET [net-id]\n"
                "  hint: a letter, then letters, digits or '_', at most 32; not missing, "
                "not_asked, refused, dont_know or mean\n"},
        Mistake{"NET named as an option",
                "  - {id: a, type: single, text: Q, options: [A, B, C], nets: {A: {label: X, "
                "options: [1, 2]}}}\n",
                "q.yaml:3:63: error: the NET 'A' has the name of an option [net-id]\n"
                "  hint: a reader could not tell which is meant\n"},
        Mistake{"NET of an open question",
                "  - {id: a, type: open, text: Q, nets: {x: {label: X, options: [1]}}}\n",
                "q.yaml:3:40: error: an item of type 'open' has no options to put into a NET "
                "[nets-not-allowed]\n"}));

INSTANTIATE_TEST_SUITE_P(
    Routing, QuestionnaireMistake,
    testing::Values(
        Mistake{"routing without a base",
                "  - {id: a, type: yes-no, text: Q}\n"
                "  - {id: b, type: open, text: Q, ask_if: a = 'Yes'}\n",
                "q.yaml:4:42: error: a routed question needs 'base': who was asked, in words "
                "[missing-base]\n  hint: base: Respondents who are GPs\n"},
        Mistake{"an item of a routed battery with its own rule and no base",
                "  - {id: a, type: yes-no, text: Q}\n"
                "  - battery: b\n    type: yes-no\n    stem: S\n    ask_if: a = 'Yes'\n"
                "    base: Those who do\n"
                "    items: [{id: c, text: C, ask_if: a = 'No'}]\n",
                "q.yaml:9:38: error: a routed question needs 'base': who was asked, in words "
                "[missing-base]\n  hint: base: Respondents who are GPs\n"},
        Mistake{"routing by a later item",
                "  - {id: a, type: open, text: Q, ask_if: b = 'Yes', base: B}\n"
                "  - {id: b, type: yes-no, text: Q}\n",
                "q.yaml:3:42: error: the routing asks for 'b', which comes later [routing-later]\n"
                "  hint: a question can be routed by earlier answers only\n"},
        Mistake{"routing by itself",
                "  - {id: b, type: yes-no, text: Q, ask_if: b = 'Yes', base: B}\n",
                "q.yaml:3:44: error: the routing asks for 'b', which comes later [routing-later]\n"
                "  hint: a question can be routed by earlier answers only\n"},
        Mistake{"routing by an unknown item",
                "  - {id: is_gp, type: yes-no, text: Q}\n"
                "  - {id: b, type: open, text: Q, ask_if: is_pg = 'Yes', base: B}\n",
                "q.yaml:4:42: error: the routing asks for 'is_pg', which is no item "
                "[routing-unknown]\n  hint: did you mean 'is_gp'?\n"}));

TEST(QuestionnaireMistakes, RoutingByAnAnswerThatIsNotOneNamesTheNearest) {
  const std::string said = problems_of(
      "title: T\nitems:\n  - {id: a, type: yes-no, text: Q}\n"
      "  - {id: b, type: open, text: Q, ask_if: a = 'Yse', base: B}\n");
  EXPECT_NE(said.find("q.yaml:4:42: error: "), std::string::npos) << said;
  EXPECT_NE(said.find("Yse"), std::string::npos) << said;
  EXPECT_NE(said.find("did you mean 'Yes'?"), std::string::npos) << said;
}

TEST(QuestionnaireMistakes, RoutingThatIsNoExpressionShowsWhere) {
  const std::string said = problems_of(
      "title: T\nitems:\n  - {id: a, type: yes-no, text: Q}\n"
      "  - {id: b, type: open, text: Q, ask_if: a = = 'Yes', base: B}\n");
  EXPECT_NE(said.find("q.yaml:4:42: error: "), std::string::npos) << said;
  EXPECT_NE(said.find("^"), std::string::npos) << said;
}

TEST(QuestionnaireMistakes, ABatteryNeedsStemAndItems) {
  EXPECT_EQ(problems_of("title: T\nitems:\n  - {battery: b, type: agreement}\n"),
            "q.yaml:3:5: error: 'items[1].stem' is missing [missing-key]\n"
            "q.yaml:3:5: error: the battery 'b' has no items [missing-key]\n");
}

TEST(QuestionnaireMistakes, AMistakeInABatteryIsSaidOnceNotPerItem) {
  EXPECT_EQ(problems_of("title: T\nitems:\n  - battery: b\n    type: agreement\n    stem: S\n"
                        "    ask_if: nowhere = 1\n    base: B\n"
                        "    items: [{id: x, text: X}, {id: y, text: Y}]\n"),
            "q.yaml:6:13: error: the routing asks for 'nowhere', which is no item "
            "[routing-unknown]\n");
}

TEST(QuestionnaireMistakes, EveryMistakeInAFileIsReportedAtOnce) {
  const std::string said = problems_of(
      "titel: T\nitems:\n  - {id: 1a, type: singel, text: ''}\n  - {id: b, type: score, text: "
      "Q}\n");
  EXPECT_EQ(said,
            "q.yaml:1:1: error: unknown key 'titel' [unknown-key]\n"
            "  hint: did you mean 'title'?\n"
            "q.yaml:1:1: error: 'title' is missing [missing-key]\n"
            "q.yaml:3:5: error: 'items[1].text' is missing [missing-key]\n"
            "q.yaml:3:10: error: '1a' cannot be an id [item-id]\n"
            "  hint: a letter, then letters, digits or '_', at most 32\n"
            "q.yaml:3:20: error: 'singel' is not an item type [unknown-type]\n"
            "  hint: did you mean 'single'?\n"
            "q.yaml:4:5: error: a score needs its 'scale'; the ends are never guessed "
            "[missing-key]\n  hint: scale: {low: 1, high: 10}\n");
}

// Files that are no YAML: one error, at the place, and nothing that follows from it.
struct BadYaml {
  const char* situation;
  std::string bytes;
  const char* place;
};
class MalformedYaml : public testing::TestWithParam<BadYaml> {};

TEST_P(MalformedYaml, IsOneErrorAtItsPlace) {
  Diagnostics problems;
  const YamlNode root = load_yaml(GetParam().bytes, "q.yaml", problems);
  const Questionnaire all = read_questionnaire(root, problems);
  ASSERT_EQ(problems.items().size(), 1U) << GetParam().situation << "\n" << problems.text();
  EXPECT_EQ(problems.items()[0].code.substr(0, 4), "yaml");
  EXPECT_EQ(problems.items()[0].place.text(), GetParam().place) << GetParam().situation << "\n"
                                                                << problems.text();
  EXPECT_TRUE(all.items.empty());
}

std::string repeated(const std::string& text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

INSTANTIATE_TEST_SUITE_P(
    Questionnaire, MalformedYaml,
    testing::Values(BadYaml{"tab as indentation", "title: T\nitems:\n\t- id: a\n", "q.yaml:3:2"},
                    BadYaml{"unclosed quote", "title: \"T\nitems: []\n", "q.yaml:2:10"},
                    BadYaml{"unclosed single quote after quotes that end",
                            "title: \"a \\\" b\"\nitems: 'it''s\n", "q.yaml:2:14"},
                    BadYaml{"unclosed bracket", "title: T\nitems: [a, b\n", "q.yaml:2:1"},
                    BadYaml{"a colon too many", "title: a: b\n", "q.yaml:1:9"},
                    BadYaml{"deep brackets", repeated("[", 100'000), "q.yaml:1:33"},
                    BadYaml{"deep dashes", repeated("- ", 100'000), "q.yaml:1:129"},
                    BadYaml{"alias", "title: &t T\nitems: *t\n", "q.yaml:2:8"},
                    BadYaml{"not UTF-8", "title: caf\xE9\n", "q.yaml"},
                    BadYaml{"half a character", "title: \xC3", "q.yaml"},
                    BadYaml{"a list", "- title\n", "q.yaml:1:1"},
                    BadYaml{"a text", "title", "q.yaml:1:1"},
                    BadYaml{"nothing", "", "q.yaml:1:1"}));

}  // namespace
}  // namespace barometer
