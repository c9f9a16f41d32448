// How items are asked: what is read, that wording stays what it was, and mistakes with their
// places.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/file.h"
#include "barometer/questionnaire/questionnaire.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Questionnaire read(const std::string& yaml, Diagnostics& problems) {
  return read_questionnaire(load_yaml(yaml, "q.yaml", problems), problems);
}

Questionnaire sound(const std::string& yaml) {
  Diagnostics problems;
  auto out = read(yaml, problems);
  EXPECT_EQ(problems.text(), "") << yaml;
  return out;
}

TEST(AnAskedItem, ReadsEveryKey) {
  const auto all = sound(R"(title: T
required: soft
prefer_not_to_say: true
items:
  - {id: a, type: multi, text: Q, hint: H, required: true, randomise: options, choices: [1, 2], quote: true, options: [A, {label: B, fixed: true}, {label: C, exclusive: true}, {label: D, specify: Which}, {label: E, specify: true}]}
  - {id: b, type: number, text: Q, range: [0.5, 99], decimals: 2, unit: "£", offer_dont_know: true, prefer_not_to_say: false}
  - {id: c, type: open, text: Q, format: date, dates: [2012-04-01, 2013-03-31], required: false}
  - {id: d, type: open, text: "Why {{a|so}}", format: line, max_length: 80, quote: true}
  - {id: e, type: likelihood, text: Q, randomise: reverse}
)");
  const Asking& a = all.items[0].asking;
  EXPECT_EQ(a.hint, "H");
  EXPECT_EQ(a.need, AnswerNeed::kRequired);
  EXPECT_EQ(a.order, OptionsOrder::kRandom);
  EXPECT_EQ(a.least_choices, 1U);
  EXPECT_EQ(a.most_choices, 2U);
  EXPECT_THAT(a.fixed, ElementsAre(2));
  EXPECT_THAT(a.exclusive, ElementsAre(3));
  EXPECT_EQ(a.specify, (std::map<int, std::string>{{4, "Which"}, {5, ""}}));
  EXPECT_TRUE(a.quote && a.prefer_not_to_say);
  const Asking& b = all.items[1].asking;
  EXPECT_EQ(b.least->text() + " " + b.most->text(), "0.5 99");
  EXPECT_EQ(b.decimals, 2);
  EXPECT_EQ(b.unit, "£");
  EXPECT_TRUE(b.offer_dont_know && !b.prefer_not_to_say);
  EXPECT_EQ(b.need, AnswerNeed::kSoft);
  EXPECT_EQ(all.items[2].asking.format, TextFormat::kDate);
  EXPECT_EQ(iso_text(*all.items[2].asking.latest), "2013-03-31");
  EXPECT_EQ(all.items[2].asking.need, AnswerNeed::kOptional);
  EXPECT_EQ(all.items[3].asking.max_length, 80U);
  EXPECT_EQ(all.items[4].asking.order, OptionsOrder::kReverse);
}

TEST(AnAskedItem, IsWordedByItsFirstLanguageAlone) {
  const auto plain = sound("title: T\nitems:\n  - {id: a, type: yes-no, text: A GP}\n");
  const auto asked = sound(
      "title: {en: T, cy: T}\nlanguages: [en, cy]\nitems:\n"
      "  - {id: a, type: yes-no, text: {en: A GP, cy: Meddyg}, hint: {en: H, cy: H}, required: "
      "true, randomise: reverse, labels: {cy: [Ydw, Nac ydw, Eisoes, Ddim yn gwybod]}}\n");
  EXPECT_EQ(plain.items[0].wording_hash, asked.items[0].wording_hash);
  EXPECT_EQ(asked.items[0].text, "A GP");
  EXPECT_EQ(asked.items[0].asking.words.at("cy").text, "Meddyg");
  EXPECT_EQ(asked.items[0].asking.words.at("cy").labels.at(2), "Nac ydw");
  EXPECT_THAT(asked.languages, ElementsAre("en", "cy"));
  EXPECT_EQ(asked.titles.at("cy"), "T");
}

TEST(ABattery, MayBeARankingInAnyOrder) {
  const auto all = sound(
      "title: T\nitems:\n  - {battery: b, type: score, stem: S, scale: [1, 2], rank: true, "
      "randomise_items: true, items: [{id: x, text: X, hint: Own}, {id: y, text: Y}]}\n");
  EXPECT_TRUE(all.batteries[0].rank && all.batteries[0].randomise_items);
  EXPECT_EQ(all.items[0].asking.hint, "Own");
  EXPECT_EQ(all.items[1].asking.hint, "");
}

TEST(AnAskedItem, OfTheDocumentationChecksClean) {
  const auto page = read_file(std::string(SOURCE_DIR) + "/docs/study-format.md");
  ASSERT_TRUE(page);
  const size_t start = page->find("title: {en: First wave");
  ASSERT_NE(start, std::string::npos);
  const auto all = sound(page->substr(start, page->find("```", start) - start));
  ASSERT_EQ(all.items.size(), 2U);
  EXPECT_EQ(all.items[1].asking.need, AnswerNeed::kSoft);
}

struct PipeCase {
  const char* text;
  const char* expected;  // literal<item|fallback>…, or ! error
};
class Piping : public testing::TestWithParam<PipeCase> {};

TEST_P(Piping, IsReadInParts) {
  const auto parts = parse_piped(GetParam().text);
  std::string out;
  if (!parts) {
    out = "! " + parts.error().message;
  } else {
    for (const PipedPart& part : *parts) {
      out += part.literal;
      if (!part.item.empty()) out += "<" + part.item + "|" + part.fallback + ">";
    }
  }
  EXPECT_EQ(out, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Piping,
    testing::Values(PipeCase{"", ""}, PipeCase{"plain {text}", "plain {text}"},
                    PipeCase{"a {{b}} c", "a <b|> c"}, PipeCase{"{{ b | the c }}", "<b|the c>"},
                    PipeCase{"{{a}}{{b}}", "<a|><b|>"}, PipeCase{"a }} b", "a }} b"},
                    PipeCase{"{{a|}}", "<a|>"},
                    PipeCase{"a {{b", "! the piped answer '{{b' has no '}}'"},
                    PipeCase{"{{}}", "! '' between '{{' and '}}' is not the id of an item"},
                    PipeCase{"{{1a}}", "! '1a' between '{{' and '}}' is not the id of an item"},
                    PipeCase{"{{a b}}", "! 'a b' between '{{' and '}}' is not the id of an item"}));

struct AskingMistake {
  const char* situation;
  const char* yaml;  // after "title: T\nitems:\n"
  const char* expected;
};
class MistakeInAsking : public testing::TestWithParam<AskingMistake> {};

TEST_P(MistakeInAsking, IsReportedWithItsPlace) {
  Diagnostics problems;
  read(std::string("title: T\nitems:\n") + GetParam().yaml, problems);
  problems.sort();
  EXPECT_THAT(problems.text(), HasSubstr(GetParam().expected)) << GetParam().situation;
}

INSTANTIATE_TEST_SUITE_P(
    Table, MistakeInAsking,
    testing::Values(
        AskingMistake{"neither true, false nor soft",
                      "  - {id: a, type: open, text: Q, required: maybe}\n",
                      "q.yaml:3:44: error: 'maybe' is not true, false or soft"},
        AskingMistake{"a random number", "  - {id: a, type: number, text: Q, randomise: options}\n",
                      "'randomise' means nothing for an item of type 'number'"},
        AskingMistake{"an order that is none",
                      "  - {id: a, type: yes-no, text: Q, randomise: shuffle}\n",
                      "'shuffle' is not a value of 'items[1].randomise'"},
        AskingMistake{"choices of one answer",
                      "  - {id: a, type: yes-no, text: Q, choices: [1, 2]}\n",
                      "'choices' means nothing for an item of type 'yes-no'"},
        AskingMistake{"more choices than options",
                      "  - {id: a, type: multi, text: Q, options: [A, B], choices: [1, 3]}\n",
                      "'choices' must be the least and the most of 2 options [choices]"},
        AskingMistake{"choices turned round",
                      "  - {id: a, type: multi, text: Q, options: [A, B], choices: [2, 1]}\n",
                      "[choices]"},
        AskingMistake{"one end", "  - {id: a, type: number, text: Q, range: [1]}\n",
                      "a range is two numbers from 0 up, the lower first [range]"},
        AskingMistake{"a range below zero", "  - {id: a, type: number, text: Q, range: [-5, 5]}\n",
                      "numbers below zero stand for kinds of missing"},
        AskingMistake{"a range of words",
                      "  - {id: a, type: number, text: Q, range: [low, high]}\n", "[range]"},
        AskingMistake{"an empty range", "  - {id: a, type: number, text: Q, range: [5, 5]}\n",
                      "[range]"},
        AskingMistake{"too many decimals", "  - {id: a, type: number, text: Q, decimals: 9}\n",
                      "9 decimals are not between 0 and 6"},
        AskingMistake{"dates of words",
                      "  - {id: a, type: open, text: Q, dates: [2012-01-01, 2013-01-01]}\n",
                      "'dates' means nothing for an item of type 'open'"},
        AskingMistake{
            "dates turned round",
            "  - {id: a, type: open, text: Q, format: date, dates: [2013-01-01, 2012-01-01]}\n",
            "'dates' must be the earliest and the latest day [dates]"},
        AskingMistake{"a length of nothing", "  - {id: a, type: open, text: Q, max_length: 0}\n",
                      "0 is not a length between 1 and 100000"},
        AskingMistake{"a quoted date",
                      "  - {id: a, type: open, text: Q, format: date, quote: true}\n",
                      "'quote' means nothing for an item of type 'open'"},
        AskingMistake{
            "exclusive of one answer",
            "  - {id: a, type: single, text: Q, options: [A, {label: B, exclusive: true}]}\n",
            "'exclusive' means nothing for an item of type 'single'"},
        AskingMistake{"a don't know offered twice",
                      "  - {id: a, type: yes-no, text: Q, offer_dont_know: true}\n",
                      "'offer_dont_know' means nothing for an item of type 'yes-no'"},
        AskingMistake{
            "a ranking of agreement",
            "  - {battery: b, type: agreement, stem: S, rank: true, items: [{id: a, text: Q}]}\n",
            "a ranking is a battery of scores from 1"},
        AskingMistake{
            "more places than statements",
            "  - {battery: b, type: score, stem: S, scale: [1, 3], rank: true, items: [{id: a, "
            "text: Q}, {id: c, text: R}]}\n",
            "type: score, scale: [1, 2]"},
        AskingMistake{"a language that is not declared",
                      "  - {id: a, type: open, text: {en: Q, fr: Q}}\n",
                      "'fr' is not a language of the questionnaire [language]"},
        AskingMistake{"no words in the first language", "  - {id: a, type: open, text: {cy: Q}}\n",
                      "'items[1].text.en' is missing [missing-key]"},
        AskingMistake{"a pipe to nothing", "  - {id: a, type: open, text: \"Q {{rule}}\"}\n",
                      "the text of 'a' pipes 'rule', which is no item [pipe]"},
        AskingMistake{
            "a pipe to a later item",
            "  - {id: a, type: open, text: \"Q {{b}}\"}\n  - {id: b, type: open, text: Q}\n",
            "the text of 'a' pipes 'b', which is not on an earlier page [pipe]"},
        AskingMistake{"a pipe to itself", "  - {id: a, type: open, text: \"Q {{a}}\"}\n",
                      "which is not on an earlier page"},
        AskingMistake{
            "a pipe within the page",
            "  - {battery: b, type: yes-no, stem: S, items: [{id: a, text: Q}, {id: c, text: "
            "\"R {{a}}\"}]}\n",
            "the text of 'c' pipes 'a', which is not on an earlier page"},
        AskingMistake{"a pipe without its end", "  - {id: a, type: open, text: \"Q {{b\"}\n",
                      "the piped answer '{{b' has no '}}' [pipe]"}));

TEST(ALanguageOfAQuestionnaire, ThatLacksWordsIsRefused) {
  Diagnostics problems;
  read("title: T\nlanguages: [en, cy]\nitems:\n  - {id: a, type: yes-no, text: {en: Q, cy: C}}\n",
       problems);
  EXPECT_EQ(problems.error_count(), 2U);
  EXPECT_THAT(problems.text(), HasSubstr("'title' has no words in 'cy' [untranslated]"));
  EXPECT_THAT(problems.text(), HasSubstr("not every option has words in 'cy' [untranslated]"));
  Diagnostics wrong;
  read("title: T\nlanguages: [english, en, en]\nitems:\n  - {id: a, type: open, text: Q}\n", wrong);
  EXPECT_THAT(wrong.text(), HasSubstr("'english' is not the code of a language"));
  EXPECT_THAT(wrong.text(), HasSubstr("the language 'en' is there twice"));
  Diagnostics labels;
  read(
      "title: {en: T, cy: T}\nlanguages: [en, cy]\nitems:\n"
      "  - {id: a, type: yes-no, text: {en: Q, cy: C}, labels: {cy: [Ydw]}}\n",
      labels);
  EXPECT_THAT(labels.text(), HasSubstr("one label for each of the 4 options"));
}

}  // namespace
}  // namespace barometer
