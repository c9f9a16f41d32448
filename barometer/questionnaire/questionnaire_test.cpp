#include "barometer/questionnaire/questionnaire.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/file.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Questionnaire read(const std::string& yaml, Diagnostics& problems) {
  const YamlNode root = load_yaml(yaml, "q.yaml", problems);
  return read_questionnaire(root, problems);
}

// Reads one item, given as the lines of a flow map without braces; it must be sound.
Item sound_item(const std::string& keys) {
  Diagnostics problems;
  const auto all = read(fmt::format("title: T\nitems:\n  - {{{}}}\n", keys), problems);
  EXPECT_EQ(problems.text(), "") << keys;
  EXPECT_EQ(all.items.size(), 1U) << keys;
  return all.items.empty() ? Item{} : all.items.front();
}

std::vector<std::string> labels(const Item& item) {
  std::vector<std::string> out;
  for (const Category& option : item.options) {
    out.push_back(
        fmt::format("{} {}{}", option.code, option.label, option.dont_know ? " (dk)" : ""));
  }
  return out;
}

std::vector<std::string> nets(const Item& item) {
  std::vector<std::string> out;
  for (const Net& net : item.nets) {
    out.push_back(fmt::format("{} “{}” {}", net.id, net.label, fmt::join(net.codes, "+")));
  }
  return out;
}

// What each type brings along. One row a type: options, NETs, neutral codes, chart.
struct TypeDefault {
  ItemType type;
  const char* extra;  // keys without which the type cannot be used
  VariableKind kind;
  std::vector<std::string> options;
  std::vector<std::string> nets;
  std::vector<int> neutral;
  const char* chart;
};
class ItemTypeDefaults : public testing::TestWithParam<TypeDefault> {};

TEST_P(ItemTypeDefaults, ComeWithTheType) {
  const TypeDefault& expected = GetParam();
  const Item item =
      sound_item(fmt::format("id: q, text: Q, type: {}{}", name_of(expected.type), expected.extra));
  EXPECT_EQ(item.type, expected.type);
  EXPECT_EQ(item.kind(), expected.kind);
  EXPECT_EQ(labels(item), expected.options);
  EXPECT_EQ(nets(item), expected.nets);
  EXPECT_EQ(item.neutral, expected.neutral);
  EXPECT_EQ(item.chart, expected.chart);
}

INSTANTIATE_TEST_SUITE_P(
    Questionnaire, ItemTypeDefaults,
    testing::Values(
        TypeDefault{ItemType::kSingle,
                    ", options: [A, B]",
                    VariableKind::kSingle,
                    {"1 A", "2 B"},
                    {},
                    {},
                    "bar"},
        TypeDefault{ItemType::kMulti,
                    ", options: [A, B]",
                    VariableKind::kMulti,
                    {"1 A", "2 B"},
                    {},
                    {},
                    "bar"},
        TypeDefault{ItemType::kLikelihood,
                    "",
                    VariableKind::kSingle,
                    {"1 Very likely", "2 Fairly likely", "3 Fairly unlikely", "4 Very unlikely",
                     "5 Don't know (dk)"},
                    {"likely “Likely” 1+2", "unlikely “Unlikely” 3+4"},
                    {},
                    "diverging"},
        TypeDefault{ItemType::kAgreement,
                    "",
                    VariableKind::kSingle,
                    {"1 Strongly agree", "2 Tend to agree", "3 Neither agree nor disagree",
                     "4 Tend to disagree", "5 Strongly disagree", "6 Don't know (dk)"},
                    {"agree “Agree” 1+2", "disagree “Disagree” 4+5"},
                    {3},
                    "diverging"},
        TypeDefault{ItemType::kStrength,
                    "",
                    VariableKind::kSingle,
                    {"1 Very strong", "2 Strong", "3 Neutral", "4 Weak", "5 Very weak"},
                    {"strong “Strong or very strong” 1+2", "weak “Weak or very weak” 4+5"},
                    {3},
                    "diverging"},
        TypeDefault{ItemType::kContribution,
                    "",
                    VariableKind::kSingle,
                    {"1 Large", "2 Some", "3 Little or none"},
                    {},
                    {},
                    "bar"},
        TypeDefault{ItemType::kBetterWorse,
                    "",
                    VariableKind::kSingle,
                    {"1 Much better", "2 Better", "3 About the same", "4 Worse", "5 Much worse",
                     "6 Don't know (dk)"},
                    {"better “Better or much better” 1+2", "worse “Worse or much worse” 4+5"},
                    {3},
                    "diverging"},
        TypeDefault{ItemType::kBarrier,
                    "",
                    VariableKind::kSingle,
                    {"1 A major barrier", "2 A barrier", "3 Not a barrier", "4 Don't know (dk)"},
                    {"barrier “A barrier or major barrier” 1+2"},
                    {},
                    "bar"},
        TypeDefault{ItemType::kScore,
                    ", scale: {low: 0, high: 2}",
                    VariableKind::kScale,
                    {"0 0", "1 1", "2 2"},
                    {},
                    {},
                    "bar"},
        TypeDefault{ItemType::kYesNo,
                    "",
                    VariableKind::kSingle,
                    {"1 Yes", "2 No", "3 Already", "4 Don't know (dk)"},
                    {},
                    {},
                    "bar"},
        TypeDefault{ItemType::kBanded,
                    ", options: [Under 50, 50 or more]",
                    VariableKind::kSingle,
                    {"1 Under 50", "2 50 or more"},
                    {},
                    {},
                    "bar"},
        TypeDefault{ItemType::kNumber, "", VariableKind::kNumber, {}, {}, {}, "none"},
        TypeDefault{ItemType::kOpen, "", VariableKind::kText, {}, {}, {}, "none"}));

TEST(Questionnaire, OptionsWrittenReplaceTheDefaultsAndTheirNets) {
  const Item item = sound_item("id: q, text: Q, type: yes-no, options: ['Yes', 'No']");
  EXPECT_THAT(labels(item), ElementsAre("1 Yes", "2 No"));
  const Item likely = sound_item("id: q, text: Q, type: likelihood, options: [Likely, Unlikely]");
  EXPECT_THAT(nets(likely), ElementsAre());
}

TEST(Questionnaire, CodesAreThePositionUnlessWritten) {
  const Item item = sound_item(
      "id: q, text: Q, type: single, options: [Chair, {label: Other, code: 9}, {label: Don't know, "
      "dont_know: true}], nets: {any: {label: Any role, options: [Chair, 9]}}");
  EXPECT_THAT(labels(item), ElementsAre("1 Chair", "9 Other", "3 Don't know (dk)"));
  EXPECT_THAT(nets(item), ElementsAre("any “Any role” 1+9"));
}

TEST(Questionnaire, ANetMaySpanANeutralOptionWhenDeclared) {
  const Item item = sound_item(
      "id: q, text: Q, type: better-worse, nets: {no_better: {label: The same or worse, "
      "options: [About the same, Worse, Much worse], over_neutral: true}}");
  EXPECT_THAT(nets(item), ElementsAre("no_better “The same or worse” 3+4+5"));
}

TEST(Questionnaire, AScaleMayBeWrittenAsAPair) {
  const Item item = sound_item(
      "id: q, text: Q, type: score, scale: [1, 10], nets: {high: {label: 8 to 10, "
      "options: [8, 9, 10]}}");
  EXPECT_EQ(item.scale_low, 1);
  EXPECT_EQ(item.scale_high, 10);
  EXPECT_EQ(item.options.size(), 10U);
  EXPECT_THAT(nets(item), ElementsAre("high “8 to 10” 8+9+10"));
}

TEST(Questionnaire, WithoutALabelTheTextStandsForIt) {
  EXPECT_EQ(sound_item("id: q, text: 'What now?', type: open").label, "What now?");
  EXPECT_EQ(sound_item("id: q, text: 'What now?', label: Now, type: open").label, "Now");
}

constexpr auto kRouted = R"(title: T
items:
  - {id: is_gp, type: yes-no, text: "Are you a GP?", options: ["Yes", "No"]}
  - id: sessions
    type: number
    text: How many sessions a week?
    ask_if: is_gp = 'Yes'
    base: Respondents who are GPs
  - battery: views
    type: agreement
    stem: How far do you agree?
    ask_if: is_gp = 'No'
    base: Respondents who are not GPs
    dont_know_in_base: false
    wording: paraphrase
    items:
      - {id: v1, text: We are supported}
      - {id: v2, text: We are free, ask_if: v1 is agree, base: Those who feel supported, wording: verbatim}
)";

TEST(Questionnaire, RoutingGivesTheBaseItsWords) {
  Diagnostics problems;
  const Questionnaire all = read(kRouted, problems);
  ASSERT_EQ(problems.text(), "");
  EXPECT_EQ(all.find("is_gp")->base_text, "All respondents");
  EXPECT_EQ(all.find("sessions")->base_text, "Respondents who are GPs");
  EXPECT_EQ(all.find("sessions")->ask_if, "is_gp = 'Yes'");
  EXPECT_EQ(all.find("v1")->base_text, "Respondents who are not GPs");
  EXPECT_EQ(all.find("v2")->base_text, "Those who feel supported");
}

TEST(Questionnaire, BatteryItemsTakeWhatTheyDoNotSayThemselves) {
  Diagnostics problems;
  const Questionnaire all = read(kRouted, problems);
  ASSERT_EQ(problems.text(), "");
  const Item* v1 = all.find("v1");
  const Item* v2 = all.find("v2");
  EXPECT_EQ(v1->stem, "How far do you agree?");
  EXPECT_EQ(v1->question(), "How far do you agree? We are supported");
  EXPECT_FALSE(v1->wording_known);
  EXPECT_TRUE(v2->wording_known);
  EXPECT_FALSE(v2->dont_know_in_base);
  EXPECT_EQ(labels(*v1), labels(*v2));
  ASSERT_EQ(all.batteries.size(), 1U);
  EXPECT_THAT(all.batteries[0].items, ElementsAre("v1", "v2"));
  EXPECT_EQ(all.batteries[0].title, "How far do you agree?");
}

TEST(Questionnaire, CodebookHasOneVariableAnItem) {
  Diagnostics problems;
  const auto codebook = read(kRouted, problems).codebook();
  ASSERT_TRUE(codebook) << codebook.error().message;
  EXPECT_THAT(codebook->ids(), ElementsAre("is_gp", "sessions", "v1", "v2"));
  const Variable* v1 = codebook->find("v1");
  EXPECT_EQ(v1->kind, VariableKind::kSingle);
  EXPECT_EQ(v1->question, "How far do you agree? We are supported");
  EXPECT_EQ(v1->battery, "views");
  EXPECT_EQ(v1->base_text, "Respondents who are not GPs");
  EXPECT_FALSE(v1->dont_know_in_base);
  EXPECT_TRUE(v1->category_labelled("Don't know")->dont_know);
  EXPECT_THAT(v1->net("agree")->codes, ElementsAre(1, 2));
  EXPECT_EQ(v1->wording_hash.size(), 16U);
  EXPECT_EQ(codebook->find("sessions")->kind, VariableKind::kNumber);
}

TEST(Questionnaire, TheExamplesOfTheDocumentationCheckClean) {
  const auto page = read_file(std::string(SOURCE_DIR) + "/docs/study-format.md");
  ASSERT_TRUE(page) << page.error().message;
  std::string yaml;  // the questionnaire, and the battery that goes on with it
  for (const char* first_line : {"title: First wave\n", "  - battery: services\n"}) {
    const size_t start = page->find(first_line);
    ASSERT_NE(start, std::string::npos) << first_line;
    yaml += page->substr(start, page->find("```", start) - start);
  }
  Diagnostics problems;
  const Questionnaire all = read(yaml, problems);
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(all.items.size(), 7U);
}

// The identity of an item: what changes it and what does not.
struct Rewording {
  const char* situation;
  const char* keys;
  bool same;
};
class WordingHash : public testing::TestWithParam<Rewording> {};

TEST_P(WordingHash, IsTheIdentityOfTheWords) {
  const Item before = sound_item(
      "id: q, type: single, text: 'How likely is it?', options: [Very, A little, Not at all]");
  const Item after = sound_item(GetParam().keys);
  EXPECT_EQ(before.wording_hash == after.wording_hash, GetParam().same) << GetParam().situation;
}

INSTANTIATE_TEST_SUITE_P(
    Questionnaire, WordingHash,
    testing::Values(
        Rewording{"more spaces",
                  "id: q, type: single, text: '  How   likely is  it? ', options: [Very, 'A  "
                  "little', Not at all]",
                  true},
        Rewording{"a no-break space",
                  "id: q, type: single, text: 'How\u00A0likely is it?', options: [Very, A little, "
                  "Not at all]",
                  true},
        Rewording{
            "id, label, NETs, chart and base are not words of the question",
            "id: other, label: L, chart: pie, base: Some, type: single, text: 'How likely is "
            "it?', options: [Very, A little, Not at all], nets: {some: {label: Some, options: "
            "[1, 2]}}",
            true},
        Rewording{"a word",
                  "id: q, type: single, text: 'How probable is it?', options: [Very, A little, Not "
                  "at all]",
                  false},
        Rewording{
            "an option",
            "id: q, type: single, text: 'How likely is it?', options: [Very, Somewhat, Not at "
            "all]",
            false},
        Rewording{"the order of the options",
                  "id: q, type: single, text: 'How likely is it?', options: [Not at all, A little, "
                  "Very]",
                  false},
        Rewording{"order on screen, with the same codes",
                  "id: q, type: single, text: 'How likely is it?', options: [{label: Not at all, "
                  "code: 3}, {label: A little, code: 2}, {label: Very, code: 1}]",
                  false},
        Rewording{
            "an option more",
            "id: q, type: single, text: 'How likely is it?', options: [Very, A little, Not at "
            "all, Never]",
            false},
        Rewording{"any number of answers",
                  "id: q, type: multi, text: 'How likely is it?', options: [Very, A little, Not at "
                  "all]",
                  false},
        Rewording{"letter case",
                  "id: q, type: single, text: 'How Likely is it?', options: [Very, A "
                  "little, Not at all]",
                  false}));

TEST(WordingHash, PartsCannotRunIntoEachOther) {
  Item a;
  a.stem = "How likely";
  a.text = "is it";
  Item b;
  b.stem = "How";
  b.text = "likely is it";
  EXPECT_NE(wording_hash(a), wording_hash(b));
}

TEST(WordingHash, ScaleEndsAndTheirLabelsBelongToIt) {
  const std::string one_to_ten =
      sound_item("id: q, text: Q, type: score, scale: {low: 1, high: 10}").wording_hash;
  EXPECT_NE(one_to_ten,
            sound_item("id: q, text: Q, type: score, scale: {low: 0, high: 10}").wording_hash);
  EXPECT_NE(one_to_ten,
            sound_item("id: q, text: Q, type: score, scale: {low: 1, high: 10, low_label: Not}")
                .wording_hash);
  EXPECT_EQ(one_to_ten, sound_item("id: q, text: Q, type: score, scale: [1, 10]").wording_hash);
}

TEST(AnswerCodes, OfNetsLabelsAndCodes) {
  const Item item = sound_item("id: q, text: Q, type: agreement");
  EXPECT_THAT(*answer_codes(item, "agree"), ElementsAre(1, 2));
  EXPECT_THAT(*answer_codes(item, "Tend to agree"), ElementsAre(2));
  EXPECT_THAT(*answer_codes(item, "6"), ElementsAre(6));
  for (const char* wrong : {"7", "Agree strongly", "", "-1", "6 "}) {
    EXPECT_FALSE(answer_codes(item, wrong)) << wrong;
  }
  EXPECT_EQ(answer_codes(item, "agreee").error().message,
            "'agreee' is not an option, code or NET of 'q'; did you mean 'agree'?");
}

TEST(Markdown, IsTheQuestionnaireAsAReaderGetsIt) {
  Diagnostics problems;
  const Questionnaire all = read(R"(title: Leaders, <wave> 1
introduction: Your answers are confidential.
items:
  - id: role
    type: single
    text: Which *role*?
    options: [Chair, Officer]
    nets: {any: {label: Either, options: [Chair, Officer]}}
  - {id: score, type: score, text: "How confident?", scale: {low: 1, high: 10, low_label: Not at all}}
  - battery: b
    type: barrier
    title: Barriers
    stem: How far is each a barrier?
    wording: paraphrase
    dont_know_in_base: false
    items: [{id: tariff, text: The tariff}, {id: rules, text: The rules}]
  - {id: why, type: open, text: "Why?", ask_if: role = 'Chair', base: Chairs}
)",
                                 problems);
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(all.markdown(), R"(# Leaders, \<wave\> 1

Your answers are confidential.

## 1. Which \*role\*?

- Chair
- Officer

NET “Either”: Chair; Officer.

Base: All respondents.

## 2. How confident?

*A score from 1 (Not at all) to 10.*

Base: All respondents.

## 3. Barriers

How far is each a barrier?

1. The tariff
2. The rules

To each:

- A major barrier
- A barrier
- Not a barrier
- Don't know

NET “A barrier or major barrier”: A major barrier; A barrier.

Base: All respondents. “Don't know” is left out of the base. The exact wording is not public; this is a paraphrase.

## 4. Why?

*In your own words.*

Base: Chairs.
)");
}

}  // namespace
}  // namespace barometer
