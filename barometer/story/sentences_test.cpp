// Sentences as journalists write them, of one study: those that the figures bear pass, and those
// that say of a figure what it is not are refused. As many true ones as false ones, for a false
// alarm costs as much.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/text.h"
#include "barometer/story/story.h"
#include "barometer/story/story_test_internal.h"

namespace barometer {
namespace {

using story_testing::Maker;
using story_testing::story_of;
using ::testing::HasSubstr;

constexpr const char* kItems = R"(title: T
items:
  - {id: post, type: single, text: "Which best describes your post?", label: Post, options: [Chief executive, Chair]}
  - {id: schools, type: number, text: "How many schools are in your trust?", label: Schools in the trust, range: [1, 60]}
  - id: leave
    type: single
    text: "Do you expect to leave your post within a year, or stay?"
    label: Leave or stay
    options: [Leave, Stay, {label: Don't know, dont_know: true}]
  - id: why
    type: multi
    text: Why do you expect to leave?
    label: Reasons to leave
    ask_if: leave = 'Leave'
    base: Leaders who expect to leave
    options: [Workload, Pay]
  - {id: confidence, type: score, scale: {low: 1, high: 10, low_label: Bad, high_label: Good}, text: "How confident are you that your trust will balance its budget this year?", label: Confidence in the budget}
  - battery: cuts
    type: likelihood
    stem: How likely is your trust to do each of these in the next year?
    items:
      - {id: cut_ta, text: Employ fewer teaching assistants, label: Fewer assistants}
      - {id: cut_subjects, text: Drop a subject at A level, label: Drop subjects}
      - {id: merge, text: Merge with another trust, label: Merge}
  - {id: funding, type: agreement, text: FUNDING, label: Funding is fair}
)";

// Two waves of a survey of school trusts: January and April 2013. Of the first, "funding" had other
// words.
class Trusts : public Maker {
 public:
  Trusts() {
    Diagnostics problems;
    study.organisation_word = "trusts";
    study.respondent_word = "leaders";
    study.population_text = "Chief executives and chairs of school trusts";
    study.frames.clear();
    study.frames.emplace("f", Frame::parse("id,name,region\n"
                                           "t1,\"O'Brien, Ashe & Partners Trust\",North\n"
                                           "t2,Sainte-Thérèse Trust,South\nt3,Beacon Trust,South\n",
                                           "o.csv",
                                           "id,organisation,role,name\np1,t1,Chair,Zoë O'Neill\n"
                                           "p2,t2,Chief executive,Ann Example\n",
                                           "p.csv", {}, problems));
    for (Wave& wave : study.waves) {
      const std::string funding = wave.id == "2013-04"
                                      ? "How far do you agree that school funding is fair?"
                                      : "Is the money that schools get fair?";
      wave.questionnaire = read_questionnaire(
          load_yaml(replaced(kItems, "FUNDING", "\"" + funding + "\""), "q.yaml", problems),
          problems);
    }
    CHECK(problems.ok(), problems.text());
    add_verbatims();
    ledger.figures.clear();
    add_wave_figures("2013-01", 69, 26);
    add_wave_figures("2013-04", 75, 46);
    share("2013-04", "leave", "1", "Leave", 6, 18, "role-2").group_label = "Role: Chair";
    share("2013-04", "leave", "1", "Leave", 30, 40, "role-1").group_label = "Role: Chief executive";
    share("2013-04", "leave", "1", "Leave", 12, 30, "region-1").group_label = "Region: North";
    share("2013-04", "leave", "1", "Leave", 34, 45, "region-2").group_label = "Region: South";
    change("confidence", "mean", 0.1, 0.3);
    for (Figure& figure : ledger.figures) {
      const Item* item = study.wave(figure.wave)->questionnaire.find(figure.item);
      if (item == nullptr) continue;
      figure.question = item->question();
      figure.wording_hash = item->wording_hash;
    }
  }

 private:
  void add_verbatims() {
    study.waves[1].verbatims = {
        {"v1", "leave", "More money", QuoteConsent::kNo, "", "Chair", "", {}},
        {"v2",
         "leave",
         "More pay",
         QuoteConsent::kRole,
         "Zoë O'Neill",
         "Chair",
         "O'Brien, Ashe & Partners Trust",
         {}},
        {"v3", "leave", "More time", QuoteConsent::kAnonymous, "", "Chair", "", {}},
        {"v4",
         "leave",
         "More hope",
         QuoteConsent::kNamed,
         "Ann Example",
         "Chief executive",
         "Sainte-Thérèse Trust",
         {}}};
  }

  void mean(const std::string& wave, const std::string& item, double value) {
    Figure& figure = share(wave, item, "mean", "Mean", 1, 75);
    figure.kind = FigureKind::kMean;
    figure.value = value;
    figure.printed = fmt::format("{:.1f}", value);
    figure.count.reset();
  }

  void add_wave_figures(const std::string& wave, int64_t n, int64_t leaving) {
    count(wave, "n", "respondents", static_cast<size_t>(n));
    count(wave, "organisations", "organisations", 63);
    count(wave, "frame", "organisations", 64);
    count(wave, "coverage", "organisations", 98).kind = FigureKind::kCoverage;
    share(wave, "leave", "1", "Leave", leaving, n);
    share(wave, "leave", "2", "Stay", n - leaving - 7, n);
    share(wave, "leave", "3", "Don't know", 7, n);
    share(wave, "why", "1", "Workload", 19, leaving);
    share(wave, "why", "2", "Pay", 12, leaving);
    share(wave, "post", "2", "Chair", 18, n);
    for (const char* item : {"cut_ta", "cut_subjects", "merge"}) {
      share(wave, item, "likely", "Likely or very likely", 35, n);
      share(wave, item, "unlikely", "Unlikely or very unlikely", 30, n);
    }
    share(wave, "funding", "disagree", "Disagree or strongly disagree", 40, n);
    share(wave, "funding", "agree", "Agree or strongly agree", 20, n);
    mean(wave, "schools", 18.7);
    mean(wave, "confidence", 5.4);
  }
};

const Trusts& trusts() {
  static const Trusts kTrusts;
  return kTrusts;
}

Diagnostics problems_of(const std::string& text) {
  Diagnostics problems;
  story_of(trusts(), text, problems);
  return problems;
}

struct False {
  const char* text;
  const char* code;
};

void expect_refused(const std::vector<False>& sentences) {
  for (const False& sentence : sentences) {
    const Diagnostics problems = problems_of(sentence.text);
    EXPECT_FALSE(problems.ok()) << sentence.text;
    EXPECT_THAT(problems.text(), HasSubstr(std::string("[") + sentence.code + "]"))
        << sentence.text;
  }
}

void expect_sound(const std::vector<const char*>& sentences) {
  for (const char* sentence : sentences) {
    const Diagnostics problems = problems_of(sentence);
    EXPECT_TRUE(problems.ok()) << sentence << "\n" << problems.text();
  }
}

void expect_noted(const std::vector<const char*>& sentences) {
  for (const char* sentence : sentences) {
    EXPECT_THAT(problems_of(sentence).text(), HasSubstr("[story-")) << sentence;
  }
}

TEST(StorySentences, AQuestionAskedOfSomeIsSaidOfThem) {
  expect_refused({
      {"{{ pct why Workload }} of leaders gave workload as their reason to leave.", "story-base"},
      {"{{ pct why Workload }} of all leaders gave workload.", "story-base"},
      {"{{ pct why Workload }} of respondents named workload.", "story-base"},
      {"Of all leaders, {{ pct why Workload }} named workload.", "story-base"},
      {"Among leaders, {{ pct why Pay }} named pay.", "story-base"},
      {"{{ pct leave Leave }} of younger leaders expect to leave.", "story-base"},
      {"{{ pct leave Leave }} of the leaders who voted Labour expect to leave.", "story-base"},
      {"{{ pct leave Leave }} of those who are unhappy expect to leave.", "story-base"},
  });
  expect_sound({
      "{{ pct why Workload }} of leaders who expect to leave gave workload as their reason.",
      "{{ pct why Workload }} of those who expect to leave named workload.",
      "{{ pct why Workload }} of them named workload.",
      "Of those who expect to leave, {{ pct why Pay }} named pay.",
      "Of the {{ base why Pay }} leaders who expect to leave, {{ pct why Pay }} named pay.",
      "Among leaders who expect to leave, {{ pct why Pay }} named pay.",
      "Asked why they expect to leave, {{ pct why Workload }} named workload.",
      "{{ count why Workload }} of {{ base why Workload }} gave workload.",
      "{{ pct leave Leave }} of England's school leaders expect to leave.",
      "{{ pct leave Leave }} of the leaders who answered expect to leave.",
      "{{ pct leave Leave }} of all leaders expect to leave.",
  });
}

TEST(StorySentences, WhatIsDeniedIsAnotherAnswer) {
  expect_refused({
      {"{{ pct leave Leave }} of leaders do not expect to leave.", "story-answer"},
      {"{{ pct leave Leave }} of leaders don't expect to leave.", "story-answer"},
      {"{{ pct leave Leave }} never expect to leave.", "story-answer"},
      {"{{ pct leave Leave }} refuse to leave.", "story-answer"},
      {"{{ pct why Pay }} of them did not name workload.", "story-answer"},
      {"{{ pct leave Stay }} expect to go.", "story-answer"},
      {"{{ pct leave Stay }} of leaders expect to quit.", "story-answer"},
      {"{{ pct leave Leave }} of leaders expect to stay.", "story-label"},
      {"{{ pct cut_ta likely }} of leaders think it unlikely.", "story-label"},
      {"{{ pct funding disagree }} do not disagree that funding is fair.", "story-answer"},
      {"{{ pct funding agree }} do not agree that school funding is fair.", "story-answer"},
  });
  expect_sound({
      "{{ pct leave Leave }} of leaders expect to leave.",
      "{{ pct leave Leave }} expect to go.",
      "{{ pct leave Leave }} do not expect to stay.",
      "{{ pct leave Stay }} of leaders do not expect to leave.",
      "{{ pct leave Leave }} expect to leave, not because of pay but of workload.",
      "{{ pct leave Leave }} expect to leave and {{ pct leave Stay }} to stay.",
      "{{ pct leave \"Don't know\" }} did not know.",
      "{{ pct cut_ta unlikely }} think it unlikely that they employ fewer teaching assistants.",
      "{{ pct funding disagree }} do not agree that school funding is fair.",
      "Not one reason stood out: {{ pct leave Leave }} expect to leave.",
  });
}

TEST(StorySentences, AGroupNamedHasItsOwnFigure) {
  expect_refused({
      {"Among chairs, {{ pct leave Leave }} expect to leave.", "story-base"},
      {"Among the chief executives, {{ pct leave Leave }} expect to leave.", "story-base"},
      {"In the South, {{ pct leave Leave }} expect to leave.", "story-base"},
      {"{{ pct leave Leave }} of northern leaders expect to leave.", "story-base"},
      {"Northern leaders are unhappy: {{ pct leave Leave }} expect to leave.", "story-base"},
      {"Chairs want out: {{ pct leave Leave }} expect to leave.", "story-base"},
      {"{{ pct leave Leave }} expect to leave in the South.", "story-base"},
      {"{{ pct leave Leave }} in the North expect to leave.", "story-base"},
      {"The South is gloomiest: {{ pct leave Leave }} expect to leave.", "story-base"},
      {"Across the North, {{ pct leave Leave of \"South\" }} expect to leave.", "story-base"},
      {"{{ n }} chairs took part.", "story-base"},
      {"## In the South, {{ pct leave Leave }} would go", "story-base"},
  });
  expect_sound({
      "Among chairs, {{ pct leave Leave of chairs }} expect to leave.",
      "Among chief executives, {{ pct leave Leave of \"Chief executive\" }} expect to leave.",
      "In the South, {{ pct leave Leave of South }} expect to leave.",
      "Northern leaders are calmer: {{ pct leave Leave of North }} expect to leave.",
      "{{ pct leave Leave of North }} of northern leaders expect to leave.",
      "{{ pct leave Leave of North }} expect to leave in the North, {{ pct leave Leave of South }} "
      "in "
      "the South.",
      "Among chairs, {{ pct leave Leave of chairs }} expect to leave; of all leaders {{ pct leave "
      "Leave }} do.",
      "Chairs and chief executives were asked: {{ pct leave Leave }} expect to leave.",
      "{{ pct post Chair }} of leaders described their post as chair.",
      "Asked whether their chair should go, {{ pct leave Leave }} had an answer.",
      "The survey began in the South, and {{ pct leave Leave }} of all leaders expect to leave.",
  });
}

TEST(StorySentences, TheWordsAreThoseOfTheQuestion) {
  expect_refused({
      {"{{ pct cut_ta likely }} will merge with another trust.", "story-item"},
      {"{{ pct merge likely }} are likely to employ fewer teaching assistants.", "story-item"},
      {"{{ pct cut_subjects likely }} are likely to merge with another trust.", "story-item"},
      {"{{ pct leave Leave }} agree that school funding is fair.", "story-item"},
  });
  expect_sound({
      "{{ pct merge likely }} will merge with another trust.",
      "{{ pct cut_ta likely }} are likely to employ fewer teaching assistants.",
      "{{ pct cut_subjects likely }} are likely to drop a subject at A level.",
      "{{ pct funding agree }} agree that school funding is fair.",
  });
}

TEST(StorySentences, AFigureIsOfItsTime) {
  expect_refused({
      {"In January, {{ pct leave Leave }} expected to leave.", "story-wave"},
      {"In 2012, {{ pct leave Leave }} of leaders expected to leave.", "story-wave"},
      {"{{ pct leave Leave }} in January 2013 expected to leave.", "story-wave"},
      {"{{ pct leave Leave }} of leaders expected to leave in January.", "story-wave"},
      {"Last year, {{ pct leave Leave }} expected to leave.", "story-wave"},
      {"Now {{ pct leave Leave in 2013-01 }} expect to leave.", "story-wave"},
      {"{{ pct leave Leave in 2013-01 }} expect to leave.", "story-wave"},
      {"In April, {{ pct leave Leave in 2013-01 }} expected to leave.", "story-wave"},
  });
  expect_sound({
      "In April, {{ pct leave Leave }} expected to leave.",
      "In 2013, {{ pct leave Leave }} of leaders expected to leave.",
      "In January, {{ pct leave Leave in 2013-01 }} expected to leave.",
      "{{ pct leave Leave }} expect to leave, compared with {{ pct leave Leave in 2013-01 }} in "
      "January.",
      "In January the minister spoke. {{ pct leave Leave }} expect to leave.",
      "{{ pct leave Leave }} expect to leave before the election of May 2015.",
      "The reform was announced in January, and {{ pct leave Leave }} expect to leave.",
      "A year ago it was {{ pct leave Leave in 2013-01 }}.",
      "Now {{ pct leave Leave }} expect to leave.",
  });
}

TEST(StorySentences, ChangedWordingStandsNotSideBySide) {
  expect_refused({
      {"{{ pct funding disagree }} disagree, compared with {{ pct funding disagree in 2013-01 }} "
       "in "
       "January 2013.",
       "story-no-trend"},
      {"In January it was {{ pct funding disagree in 2013-01 }}, in April {{ pct funding disagree "
       "}}.",
       "story-no-trend"},
  });
  expect_sound({
      "{{ pct leave Leave }} leave, compared with {{ pct leave Leave in 2013-01 }} in January "
      "2013.",
      "{{ pct funding disagree }} disagree; asked in other words in January 2013, {{ pct funding "
      "disagree in 2013-01 }} did.",
  });
}

TEST(StorySentences, ANumberIsOfItsKind) {
  expect_refused({
      {"{{ mean schools }} leaders expect to leave.", "story-kind"},
      {"{{ mean confidence }} per cent of leaders are confident.", "story-number"},
      {"{{ mean confidence }} of leaders are confident.", "story-kind"},
      {"Their mean is {{ mean confidence }} out of 5.", "story-kind"},
      {"{{ count leave Leave }} of {{ base leave Leave in 2013-01 }} leaders.", "story-kind"},
      {"{{ count leave Leave }} of {{ frame }} leaders.", "story-kind"},
      {"{{ n }} of the {{ frame }} trusts.", "story-kind"},
      {"{{ coverage }} of leaders took part in the survey.", "story-kind"},
      {"The response rate was {{ coverage }}.", "story-kind"},
      {"{{ coverage }} of trusts expect to lose their leader.", "story-kind"},
      {"{{ n }} leaders expect to leave.", "story-kind"},
      {"{{ n }} of them want to merge.", "story-kind"},
      {"{{ base leave Leave }} leaders would leave.", "story-kind"},
      {"{{ organisations }} trusts will close.", "story-kind"},
  });
  expect_sound({
      "A mean of {{ mean schools }} schools is usual.",
      "Their mean is {{ mean confidence }} out of 10.",
      "{{ count leave Leave }} of {{ base leave Leave }} leaders expect to leave.",
      "{{ count leave Leave }} of the {{ n }} leaders expect to leave.",
      "{{ coverage }} of trusts took part.",
      "{{ n }} leaders took part.",
      "{{ n }} leaders from {{ organisations }} of {{ frame }} trusts answered.",
      "{{ base why Pay }} leaders expect to leave.",
      "{{ organisations }} of the {{ frame }} trusts answered.",
      "{{ count leave Leave }} leaders expect to leave.",
      "{{ count why Workload }} of {{ count leave Leave }} named workload.",
  });
}

TEST(StorySentences, NobodyIsSingledOut) {
  expect_refused({
      {"A single leader thought a merger very likely.", "story-unbound"},
      {"A lone leader thought so.", "story-unbound"},
      {"A solitary southern chair answered.", "story-unbound"},
      {"Not a single leader thought so.", "story-unbound"},
      {"The only chair to say so was sad.", "story-unbound"},
      {"Exactly a pair of leaders thought so.", "story-unbound"},
      {"Sainte-Thérèse Trust's leader expects to leave.", "story-name"},
      {"Sainte-Therese Trust is the gloomiest.", "story-name"},
      {"Zoë O'Neill expects to leave.", "story-name"},
      {"## Zoë O'Neill would go", "story-name"},
      {"\"More money\", said a chair.", "story-quote"},
      {"> More money", "story-quote"},
      {"{{ quote v2 }}, said the chair of O'Brien, Ashe & Partners Trust.", "story-quote"},
      {"{{ quote v2 }}, said Zoë O'Neill.", "story-quote"},
      {"{{ quote v2 }}, said a chair in the North.", "story-quote"},
      {"{{ quote v2 }}, said a northern chair.", "story-quote"},
      {"{{ quote v3 }}, said a chair.", "story-quote"},
      {"{{ quote v2 }}, said Ms O'Neill.", "story-quote"},
      {"O'Neill was blunt. {{ quote v2 }}.", "story-quote"},
      {"{{ quote v2 }}. So wrote O'Neill.", "story-quote"},
  });
  expect_sound({
      "Every single leader was asked.",
      "A single currency for schools is no plan.",
      "The sole aim is a lone one.",
      "{{ outside \"Zoë O'Neill, who was not asked, leads a trust\" source=\"Interview\" }}.",
      "{{ quote v2 }}, said a chair.",
      "Chairs in the North were gloomy. {{ quote v2 }}.",
      "Chairs answered, and {{ pct leave Leave }} of leaders expect to leave.",
      "More money was the only answer.",
      "{{ quote v3 }}, said one of them.",
      "{{ quote v4 }}, said Ann Example of Sainte-Thérèse Trust.",
      "\"No comment\", a minister said.",
      "The northern lights are like a beacon.",
  });
  expect_noted({"> I am tired of this and will go", "Beacon is gloomy, and Beacon knows.",
                "He said “we are all tired of this”."});
}

TEST(StorySentences, WordsOfSizeAreTrueOrNotWritten) {
  expect_refused({
      {"Hardly anyone, {{ pct leave Leave }}, expects to leave.", "story-untrue"},
      {"An overwhelming {{ pct cut_ta likely }} think cuts likely.", "story-untrue"},
      {"Nearly all of those asked, {{ pct leave Leave }}, would leave.", "story-untrue"},
      {"Few leaders, {{ pct leave Leave }}, expect to leave.", "story-untrue"},
      {"Every second leader wants to go.", "story-unbound"},
      {"Every other leader wants to go.", "story-unbound"},
      {"Leaders are split fifty-fifty.", "story-unbound"},
      {"Almost everyone wants to go.", "story-unbound"},
      {"Confidence in the budget has fallen, leaders say.", "story-untrue"},
  });
  expect_noted({
      "## Leaders leave as confidence collapses",
      "## Exodus of leaders soars",
      "## Leaders' morale worsens",
      "There was a surge, to {{ pct leave Leave }}.",
      "An ever larger group, {{ pct leave Leave }}, expects to leave.",
      "{{ pct leave Leave }} expect to leave. That is a leap since the winter.",
      "Leavers outnumber stayers by {{ pct leave Leave }} to {{ pct leave Stay }}.",
      "It is {{ plain \"a record\" why=\"x\" }} {{ pct leave Leave }}.",
      "{{ pct leave Leave }} of leaders expect a merger.",
      "More leaders expect to leave than in January.",
      "Leaders are less confident than they were.",
      "Morale has fallen, leaders say.",
  });
  // Neither a mistake nor a note.
  for (const char* plain :
       {"Leaders of every trust were asked.", "The other leaders were calm.",
        "{{ pct leave Leave }} of leaders expect to leave.",
        "The trust board meets every other week.",
        "{{ pct cut_ta likely }} are likely to employ fewer teaching assistants.",
        "{{ pct cut_subjects likely }} are likely to drop a subject at A level.",
        "## Trusts may drop a subject at A level",
        "Leaders were asked whether they would drop a subject at A level."}) {
    EXPECT_THAT(problems_of(plain).text(), ::testing::Not(HasSubstr("[story-"))) << plain;
  }
}

// The words that a question is made of are no comparison; the same words elsewhere are.
TEST(StorySentences, WordsOfTheQuestionAreNoClaim) {
  expect_refused({
      {"Fewer leaders, {{ pct cut_ta likely }}, would go.", "story-unguarded"},
      {"The share is to drop, to {{ pct cut_subjects likely }}.", "story-unguarded"},
      {"{{ pct leave Leave }} employ fewer teaching assistants.", "story-unguarded"},
  });
  expect_sound({
      "{{ pct cut_ta likely }} are likely to employ fewer teaching assistants.",
      "{{ pct cut_ta likely }} expect fewer assistants.",
      "{{ pct cut_subjects likely }} are likely to drop subjects.",
      "{{ pct cut_subjects unlikely }} think it unlikely that they drop a subject at A level.",
  });
}

TEST(StorySentences, AnAnswerBesideAnotherIsNamedRightly) {
  const std::string text =
      problems_of("{{ pct leave Leave }} expect to leave, and the remaining 39 per cent stay.")
          .text();
  EXPECT_THAT(text, HasSubstr("39 per cent' comes from no figure"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("story-label"))) << text;
  EXPECT_THAT(problems_of("{{ pct leave Leave }} expect to leave or to stay.").text(),
              HasSubstr("the sentence says “stay”"));
}

}  // namespace
}  // namespace barometer
