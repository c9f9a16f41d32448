// What may not be written, with the reason and what would be true.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/story/story.h"
#include "barometer/story/story_test_internal.h"

namespace barometer {
namespace {

using story_testing::Maker;
using story_testing::story_of;
using ::testing::HasSubstr;

const Maker& maker() {
  static const Maker kMaker;
  return kMaker;
}

struct Mistake {
  const char* source;
  const char* code;  // of the error
  const char* says;  // in message or hint
};

void expect_mistakes(const std::vector<Mistake>& mistakes, const Maker& from = maker()) {
  for (const Mistake& mistake : mistakes) {
    Diagnostics problems;
    story_of(from, mistake.source, problems);
    EXPECT_FALSE(problems.ok()) << mistake.source;
    EXPECT_THAT(problems.text(), HasSubstr(std::string("[") + mistake.code + "]"))
        << mistake.source;
    EXPECT_THAT(problems.text(), HasSubstr(mistake.says)) << mistake.source;
  }
}

TEST(StoryMistakes, OfTheLanguage) {
  expect_mistakes({
      {"{{ }}", "story-syntax", "expected a verb"},
      {"{{ pct leave likely", "story-syntax", "never closed"},
      {"{{ pct \"leave }}", "story-syntax", "this quote is never closed"},
      {"{{ pct leave | likely }}", "story-syntax", "expected a name"},
      {"{{ pct leave }}", "story-syntax", "says too little"},
      {"{{ pct leave likely really }}", "story-syntax", "one word too many"},
      {"{{ pct leave likely of }}", "story-syntax", "'of' is followed by nothing"},
      {"{{ pct leave likely in 2013-01 in 2013-04 }}", "story-syntax", "a second 'in'"},
      {"{{ pct leave likely since 2013-01 }}", "story-syntax", "'pct' has no 'since'"},
      {"{{ change leave likely }}", "story-syntax", "needs 'since'"},
      {"{{ compare leave likely }}", "story-syntax", "needs 'with'"},
      {"{{ n of chairs }}", "story-syntax", "'n' has no 'of'"},
      {"{{ pct leave likely colour=\"red\" }}", "story-syntax", "has no 'colour='"},
      {"{{ outside \"44 per cent\" source= }}", "story-syntax", "expected a text in quotes"},
      {"{{ outside \"44 per cent\" }}", "story-source", "needs source"},
      {"{{ outside \"44 per cent\" source=\" \" }}", "story-source", "needs source"},
      {"{{ outside \"44 per cent\" source=\"This survey\" }}", "story-source", "is a reference"},
      {"{{ plain \"up\" }}", "story-source", "needs why"},
      {"{{ percent leave likely }}", "story-unknown-verb", "there is no reference 'percent'"},
      {"{{ percent leave likely }}", "story-unknown-verb", "did you mean 'pct'?"},
      {"{{ chance leave likely since 2013-01 }}", "story-unknown-verb", "did you mean 'change'?"},
      {"`code`", "story-markdown", "no code"},
      {"a&#54;b", "story-markdown", "not understood"},
      {"[x](javascript:alert)", "story-link", "javascript"},
  });
}

TEST(StoryMistakes, OfNames) {
  expect_mistakes({
      {"{{ pct leav likely }}", "story-unknown-item", "did you mean 'leave'?"},
      {"{{ pct leave likly }}", "story-unknown-answer", "did you mean 'likely'?"},
      {"{{ pct leave likely of charis }}", "story-unknown-group", "no figures of 'charis'"},
      {"{{ pct leave likely in 2013-03 }}", "story-unknown-wave", "did you mean '2013-0"},
      {"{{ pct leave likely by people }}", "story-unknown-unit", "no unit 'people'"},
      {"{{ share_of_organisations leave likely }}", "story-not-available",
       "no figures of organisations"},
      {"{{ pct leave 2 }}", "story-not-available", "the ledger has no figure"},
      {"{{ mean leave }}", "story-not-available", "the ledger has no figure"},
      {"{{ scale leave }}", "story-kind", "has no scale"},
      {"{{ quote v9 }}", "story-quote", "no verbatim 'v9'"},
      {"{{ quote v2 }}", "story-quote", "did not agree to be quoted"},
      {"{{ quote v5 }}", "story-quote", "'v5' says 'Airedale', and its consent is 'anonymous'"},
      {"{{ quote v5 }}", "story-quote", "with […] in place of the name"},
      {"{{ quote v7 }}", "story-quote", "'v7' says 'Barnet', and its consent is 'role'"},
      {"One said: “We in *Airedale* will\nleave soon”.", "story-quote",
       "has the words of verbatim 'v5' of wave 2013-04, which may not be quoted"},
  });
}

TEST(StoryMistakes, OfWordsThatAreNotTrue) {
  expect_mistakes({
      {"{{ majority stay likely }} would stay.", "story-untrue",
       "true would be: Just over a third would stay."},
      {"{{ most pool Yes }} leaders would.", "story-untrue", "39 of 94, 41.5 per cent"},
      {"{{ say \"nearly two-thirds\" stay likely }} would.", "story-untrue", "33 of 94, 35.1"},
      {"{{ say \"more than four in five\" leave likely }} go.", "story-untrue",
       "true would be: Just over three in five go."},
      {"{{ say \"63 per cent\" stay likely }} go.", "story-untrue", "is not true of"},
      {"{{ largest pool No }} would not.", "story-untrue", "Yes has 39 of 94"},
      {"{{ largest leave likely }} would.", "story-untested", "is not shown"},
      {"{{ say \"many\" leave likely }} would.", "story-untested", "no number can test 'many'"},
      {"{{ say \"lots\" leave likely }} would.", "story-untested",
       "says nothing that can be tested"},
      {"{{ say \"half, a third\" leave likely }} would.", "story-untested", "more than one thing"},
      {"{{ say most leave likely }} would.", "story-syntax", "stands in quotes"},
      {"So nearly {{ pct pool Yes }} would.", "story-untrue",
       "true would be: So 41 per cent would."},
      {"So more than {{ pct leave likely }} would.", "story-untrue", "59 of 94, 62.8"},
      {"So more than {{ count leave likely }} leaders would.", "story-untrue", "59"},
  });
}

TEST(StoryMistakes, OfChangesThatNoTestFound) {
  expect_mistakes({
      {"It {{ change leave 5 since 2013-01 as \"fell\" }}.", "story-untrue", "SE 3.4, z = -1.38"},
      {"It {{ change leave 5 since 2013-01 as \"fell\" }}.", "story-untrue",
       "true would be: Five per cent of CCG leaders answered “Don't know” to “Leaving”, compared "
       "with 10 per cent in January 2013."},
      {"It {{ change leave unlikely since 2013-01 as \"fell\" }}.", "story-untested",
       "one of the waves has no standard error"},
      {"It {{ change leave likely since 2013-01 as \"fell\" }}.", "story-untrue",
       "up from 40 per cent"},
      {"It was {{ change leave likely since 2013-01 as \"unchanged\" }}.", "story-untrue",
       "p = 0.001"},
      {"It {{ change leave likely since 2013-01 as \"was blue\" }}.", "story-untested",
       "no word of change"},
      {"It {{ change stay likely since 2013-01 as \"rose\" }}.", "story-no-trend", "trend_links"},
      {"{{ compare pool Yes with pool No as \"more\" }} would.", "story-untrue", "p = 0.2"},
      {"{{ compare pool Yes with pool No as \"significantly more\" }} would.", "story-untrue",
       "compared with the 31 per cent of CCG leaders who answered “No” to “Pooled budget”."},
      {"{{ compare leave likely with stay likely as \"fewer\" }} would.", "story-untrue",
       "more than the"},
      {"{{ compare stay likely with pool Yes as \"no detectable change\" }}.", "story-untrue",
       "whatever the correlation"},
      {"{{ compare leave likely with leave likely in 2013-01 as \"more\" }}.", "story-comparison",
       "two waves"},
      {"{{ compare leave likely with rating as \"more\" }}.", "story-comparison", "is a percent"},
  });
}

TEST(StoryMistakes, OfTheRemainder) {
  expect_mistakes({
      {"{{ remainder leave 5 }} did not know.", "story-remainder", "no other answer to 'leave'"},
      {"{{ pct leave likely }}; {{ remainder leave 5 }} did not know.", "story-remainder",
       "leaves out: Fairly unlikely, Very unlikely"},
      {"{{ pct leave likely }}, {{ pct leave 1 }}, {{ pct leave unlikely }}; {{ remainder leave "
       "likely }}.",
       "story-remainder", "stated already"},
      {"{{ pct leave likely in 2013-01 }}, {{ pct leave unlikely }}; {{ remainder leave 5 }}.",
       "story-remainder", "leaves out"},
      {"{{ pct leave likely }}, {{ pct leave unlikely }}; {{ remainder leave 5 as \"most\" }}.",
       "story-remainder", "does not say the rest"},
  });
}

TEST(StoryMistakes, OfThePlainText) {
  expect_mistakes({
      {"So 63 per cent would go.", "story-unbound", "'63 per cent' comes from no figure"},
      {"So 63% would go.", "story-unbound", "63%"},
      {"Sixty-three leaders would go.", "story-unbound", "Sixty-three"},
      {"Two-thirds would go.", "story-unbound", "Two-thirds"},
      {"One in ten would go.", "story-unbound", "One in ten"},
      {"Most leaders would go.", "story-unbound", "Most"},
      {"A majority would go.", "story-unbound", "majority"},
      {"They spend £60bn.", "story-unbound", "£60bn"},
      {"He said “about 40 per cent of us”.", "story-unbound", "40 per cent"},
      {"{{ n }} per cent would go.", "story-number", "reads as a percent"},
      {"One in {{ n }} would go.", "story-number", "is a figure"},
      {"It rose to {{ pct leave likely }}.", "story-unguarded", "'rose'"},
      {"A significant {{ pct leave likely }} go.", "story-unguarded", "'significant'"},
      {"More leaders than before, {{ pct leave likely }}, go.", "story-unguarded", "compares"},
      {"Fewer, {{ pct leave likely }}, go.", "story-unguarded", "'Fewer' compares"},
      {"## Support rose\n\n{{ pct leave likely }} go.", "story-unguarded", "'rose'"},
  });
}

TEST(StoryMistakes, OfTheUnit) {
  expect_mistakes({
      {"{{ pct leave likely }} of CCGs would go.", "story-unit", "'of CCG leaders'"},
      {"{{ pct leave likely }} of the organisations would.", "story-unit", "is of respondents"},
      {"CCGs said so: {{ pct leave likely }}.", "story-unit", "CCGs did not answer"},
      {"{{ n }} CCGs took part.", "story-unit", "is a number of respondents"},
      {"{{ organisations }} leaders took part.", "story-unit", "is a number of organisations"},
      {"{{ most leave likely }} CCGs would.", "story-unit", "is of respondents"},
  });
}

TEST(StoryMistakes, OfWhomItIsSaid) {
  expect_mistakes({
      {"{{ pct leave likely }} of chairs would.", "story-base",
       "{{ pct leave likely of \"chair\" }}"},
      {"{{ pct leave likely }} of the officers would.", "story-base", "is of CCG leaders"},
      {"{{ pct leave likely }} of leaders among chairs would.", "story-base",
       "{{ pct leave likely of \"chair\" }}"},
      {"{{ pct leave likely }} of GPs would.", "story-base", "says it of 'of gps'"},
      {"{{ pct leave likely }} of the public would.", "story-base", "'of CCG leaders'"},
      {"{{ pct leave likely }} of NHS managers would.", "story-base", "plain"},
      {"{{ pct leave likely of chair }} of officers would.", "story-base", "is of chair"},
      {"{{ pct leave likely of chair }} of CCG leaders would.", "story-base", "is of chair"},
      {"{{ most leave likely }} of the chairs would.", "story-base", "says it of"},
  });
  for (const char* fine :
       {"{{ pct leave likely }} of CCG leaders would.", "{{ pct leave likely }} of leaders would.",
        "{{ pct leave likely }} of respondents would.", "{{ pct leave likely }} of them would.",
        "{{ pct leave likely }} of those who answered would.", "{{ pct leave likely }} would.",
        "{{ pct leave likely }}, of course, would.", "{{ pct leave likely }} of all those asked.",
        "{{ pct leave likely of chair }} of chairs would.",
        "{{ pct leave likely of chair }} of the chairs among CCG leaders would.",
        "Chairs are keen: {{ pct leave likely of chair }} of them would.",
        "Among chairs, {{ pct leave likely of chair }} of leaders would.",
        "{{ pct leave likely }} {{ plain \"of the bosses\" why=\"a word for leaders\" }} would."}) {
    Diagnostics problems;
    story_of(maker(), fine, problems);
    EXPECT_TRUE(problems.ok()) << fine << problems.text();
  }
}

TEST(StoryMistakes, OfTheLabel) {
  expect_mistakes({
      {"{{ pct leave likely }} said very likely.", "story-label", "narrower"},
      {"{{ pct leave 1 }} said very likely or fairly likely.", "story-label", "another answer"},
      {"{{ pct leave likely }} said unlikely.", "story-label", "another answer"},
  });
  for (const char* fine :
       {"{{ pct leave likely }} said likely or very likely.", "{{ pct leave likely }} would.",
        "{{ pct leave likely }} said fairly likely or very likely.",
        "{{ pct leave 1 }} said very likely, {{ pct leave unlikely }} unlikely."}) {
    Diagnostics problems;
    story_of(maker(), fine, problems);
    EXPECT_TRUE(problems.ok()) << problems.text();
  }
}

TEST(StoryMistakes, SuppressedFiguresAreNeverWritten) {
  Maker own;
  for (Figure& figure : own.ledger.figures) {
    if (figure.item != "leave" || figure.answer != "likely" || figure.wave != "2013-04") continue;
    figure.marker = Marker::kSuppressed;
    figure.printed = "[c]";
    figure.value.reset();
    figure.count.reset();
    figure.n.reset();
  }
  expect_mistakes(
      {
          {"{{ pct leave likely }} go.", "story-suppressed", "no sentence may say it"},
          {"{{ most leave likely }} go.", "story-suppressed", "suppressed"},
          {"{{ count leave likely }} go.", "story-suppressed", "suppressed"},
          {"{{ compare stay likely with leave likely as \"fewer\" }}.", "story-suppressed",
           "suppressed"},
          {"{{ change leave likely since 2013-01 }}.", "story-suppressed", "suppressed"},
          {"{{ remainder leave likely }}.", "story-suppressed", "suppressed"},
          {"{{ largest leave unlikely }}.", "story-untested", "is not shown"},
      },
      own);
}

TEST(StoryMistakes, WhatAReconstructionDoesNotFixIsNotWritten) {
  Maker own;
  own.share("2013-04", "stay", "unlikely", "Unlikely", 30, 94).marker = Marker::kNotAvailable;
  own.ledger.figures.back().printed = "[x]";
  expect_mistakes({{"{{ pct stay unlikely }} go.", "story-not-available", "[x]"}}, own);
}

// A printed 64 on 272 may be 173 to 175 of them.
TEST(StoryMistakes, ARangeOfCountsMustBeTrueAsAWhole) {
  Maker own;
  Figure& figure = own.share("2013-04", "stay", "unlikely", "Unlikely", 136, 272);
  figure.count.reset();
  figure.se.reset();
  figure.source = "reconstruction from published figures";
  figure.printed = "50";
  // 50 as printed: from 135 to 137 of 272, so neither more than half nor less is known.
  expect_mistakes({{"{{ majority stay unlikely }} go.", "story-untrue", "as printed"},
                   {"{{ say \"less than half\" stay unlikely }} go.", "story-untrue", "as printed"},
                   {"{{ count stay unlikely }} go.", "story-not-available", "no count"}},
                  own);
}

TEST(StoryMistakes, AStoryWithoutMethodOrHeadlineIsIncomplete) {
  Diagnostics problems;
  write_story(maker().study, maker().ledger, maker().study.waves[1],
              {"s", "s.md", "Text by {{ sponsor }}, {{ dates }}.\n"}, {}, problems);
  EXPECT_THAT(problems.text(), HasSubstr("[story-title]"));
  EXPECT_THAT(problems.text(),
              HasSubstr("does not say of its survey: method, population, number of respondents, "
                        "number of organisations, coverage, weighting, where the wording stands"));
}

TEST(StoryMistakes, TheMethodOfAnotherWaveIsNotTheStorysOwn) {
  Diagnostics problems;
  write_story(maker().study, maker().ledger, maker().study.waves[1],
              {"s", "s.md", "# T\n\n{{ method in 2013-01 }}\n"}, {}, problems);
  EXPECT_THAT(problems.text(), HasSubstr("[story-method]"));
}

TEST(StoryMistakes, HaveTheirPlaceAndACaret) {
  Diagnostics problems;
  story_of(maker(), "“Über” {{ pct leaf likely }}", problems);
  ASSERT_EQ(problems.items().size(), 1U);
  EXPECT_EQ(problems.items()[0].place.text(), "waves/2013-04/stories/s.md:3:15");
  EXPECT_THAT(problems.text(), HasSubstr("\n  “Über” {{ pct leaf likely }}\n                ^"));
}

// Markdown resolves escapes and entities; places are those of the file all the same.
TEST(StoryMistakes, BehindMarkupHaveTheirPlace) {
  struct Case {
    const char* source;
    const char* place;  // line:column
  };
  for (const Case& c : std::vector<Case>{
           {"So 63% would go.", "3:4"},
           {"A \\* B &pound; and 63% would go.", "3:20"},
           {"A &amp; B &lt; C, and 63% would go.", "3:23"},
           {"*Some*, **others** and 63% would go.", "3:24"},
           {"[63%](https://e.org/a) would go.", "3:2"},
           {"[a](https://e.org/a-b) a-b 63% would go.", "3:28"},
           {"A first line\nand 63% would go.", "4:5"},
           {"- One thing\n- and 63% would go", "4:7"},
           {"> Thus\n> 63% go.", "4:3"},
           {"<b>So</b> 63% would go.", "3:11"},
           {"<div>\nSo 63% would go.\n</div>", "4:4"},
           {"1. One\n   - and 63% would go", "4:10"},
           {"Part\n----\n\nand 63% would go.", "6:5"},
       }) {
    Diagnostics problems;
    story_of(maker(), c.source, problems);
    ASSERT_EQ(problems.items().size(), 1U) << c.source << problems.text();
    EXPECT_EQ(problems.items()[0].place.text(),
              std::string("waves/2013-04/stories/s.md:") + c.place)
        << c.source;
  }
}

TEST(StoryMistakes, OfTheFrontMatter) {
  const auto problems_of = [](const std::string& text) {
    Diagnostics problems;
    write_story(maker().study, maker().ledger, maker().study.waves[1], {"s", "s.md", text}, {},
                problems);
    return problems.text();
  };
  EXPECT_THAT(problems_of("---\nstyle: Gardian\n---\n# T\n"), HasSubstr("s.md:2"));
  EXPECT_THAT(problems_of("---\nstyle: Gardian\n---\n# T\n"),
              HasSubstr("did you mean 'Guardian'?"));
  EXPECT_THAT(problems_of("---\ncolour: red\n---\n# T\n"), HasSubstr("unknown-key"));
  EXPECT_THAT(problems_of("---\nstyle: HSJ\n# T\n"), HasSubstr("[story-front-matter]"));
  EXPECT_THAT(problems_of(std::string("# T\x01\n")), HasSubstr("[story-text]"));
  EXPECT_THAT(problems_of("# \xFF\n"), HasSubstr("not UTF-8"));
}

TEST(StoryMistakes, WhatAnEditorMustStandBehindIsANote) {
  for (const char* source :
       {"Only {{ pct leave likely }} go.", "{{ say \"just 63 per cent\" leave likely }} go.",
        "Several leaders would go.", "{{ majority leave likely of officers }}",
        "All leaders are worried.", "Every one of the other members agrees.",
        "Dr Jane Smith said: \"We will go if they do.\"",
        "It {{ plain \"fell\" why=\"I think\" }}."}) {
    Diagnostics problems;
    story_of(maker(), source, problems);
    EXPECT_THAT(problems.text(),
                ::testing::AnyOf(HasSubstr("[story-editor]"), HasSubstr("[story-untrue]")))
        << source;
  }
}

TEST(StoryMistakes, AreToldTogether) {
  Diagnostics problems;
  story_of(maker(),
           "{{ pct leave lik }} would go, and 12 per cent would stay. {{ percent leave likely }} "
           "rose. {{ pct leeve likely }} said so: {{ majority leave unlikely }} were sad.",
           problems);
  std::vector<std::string> found;
  for (const Diagnostic& problem : problems.items()) found.push_back(problem.code);
  EXPECT_THAT(found, ::testing::UnorderedElementsAre("story-unknown-answer", "story-unbound",
                                                     "story-unknown-verb", "story-unknown-item",
                                                     "story-untrue"))
      << problems.text();
  // What could not be written leaves a mark in the sentence that would be true.
  EXPECT_THAT(problems.text(), HasSubstr("… said so: ")) << problems.text();
}

TEST(StoryMistakes, ATypedNumberIsToldItsReference) {
  Diagnostics problems;
  story_of(maker(), "Of them, 63 per cent would go.", problems);
  EXPECT_THAT(problems.text(), HasSubstr("{{ pct leave likely }} prints so; else {{ pct … }}"));
  Diagnostics others;
  story_of(maker(), "Of them, 64 per cent would go.", others);
  EXPECT_THAT(others.text(), HasSubstr("hint: {{ pct … }}"));
  // What an unclosed reference swallowed is not missed.
  Diagnostics open;
  const std::string text = "# T\n\n{{ pct leave likely would go.\n\n{{ method }}\n";
  write_story(maker().study, maker().ledger, maker().study.waves[1], {"s", "s.md", text}, {}, open);
  EXPECT_THAT(open.text(), HasSubstr("never closed"));
  EXPECT_THAT(open.text(), ::testing::Not(HasSubstr("story-method"))) << open.text();
}

TEST(StoryMistakes, TwoStoriesOfOneNameAreReported) {
  Maker own;
  const std::string text = "# T\n\n{{ method }}\n";
  own.study.waves[0].stories = {{"s", "waves/2013-01/stories/s.md", text}};
  own.study.waves[1].stories = {{"s", "waves/2013-04/stories/s.md", text}};
  Diagnostics problems;
  EXPECT_EQ(write_stories(own.study, own.ledger, {}, problems).size(), 1U);
  EXPECT_THAT(problems.text(), HasSubstr("[story-name]"));
}

}  // namespace
}  // namespace barometer
