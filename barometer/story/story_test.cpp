#include "barometer/story/story.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/story/render.h"
#include "barometer/story/story_test_internal.h"

namespace barometer {
namespace {

using story_testing::Maker;
using story_testing::paragraph_of;
using story_testing::story_of;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const Maker& maker() {
  static const Maker kMaker;
  return kMaker;
}

struct Case {
  const char* source;
  const char* expected;
};

void expect_written(const std::vector<Case>& cases, const std::string& style = "HSJ") {
  for (const Case& c : cases) {
    EXPECT_EQ(paragraph_of(maker(), c.source, style), c.expected) << c.source;
  }
}

TEST(Story, NumbersAreThoseOfTheLedger) {
  expect_written({
      {"Of leaders {{ pct leave likely }} would go.", "Of leaders 63 per cent would go."},
      {"{{ pct leave likely }} would go.", "Sixty-three per cent would go."},
      {"So said {{ pct leave \"Don't know\" }}.", "So said five per cent."},
      {"So said {{ pct leave likely of chairs }} of chairs.", "So said 75 per cent of chairs."},
      {"So said {{ pct leave likely of role-2 }}.", "So said 30 per cent."},
      {"Then, {{ pct leave likely in 2013-01 }} said so.", "Then, 40 per cent said so."},
      {"In all {{ count leave likely }} of {{ base leave likely }} leaders.",
       "In all 59 of 94 leaders."},
      {"{{ n }} CCG leaders from {{ organisations }} of {{ frame }} CCGs, {{ coverage }}.",
       "Ninety-four CCG leaders from 86 of 211 CCGs, 41 per cent."},
      {"The mean was {{ mean rating }} on a scale of {{ scale rating }}.",
       "The mean was 7.2 on a scale of 1 to 10."},
      {"The interval is {{ interval leave likely }}.", "The interval is 53 to 73 per cent."},
      {"A gap of {{ points leave likely since 2013-01 }}.", "A gap of 23 percentage points."},
      {"A gap of {{ points rating since 2013-01 }}.", "A gap of 0.7 points."},
  });
}

TEST(Story, EachHouseWritesItsOwnWay) {
  const char* source = "{{ n }} answered, {{ pct leave likely }} so, {{ pct leave 5 }} not.";
  expect_written({{source, "Ninety-four answered, 63 per cent so, five per cent not."}}, "HSJ");
  expect_written({{source, "Ninety-four answered, 63% so, 5% not."}}, "Guardian");
  expect_written({{source, "Ninety-four answered, 63% so, 5% not."}}, "ONS");
  expect_written({{source, "Ninety-four answered, 63% so, 5% not."}}, "AP");
  expect_written({{"{{ pct leave likely }} go.", "Sixty-three percent go."}}, "AP");
}

TEST(Story, SharesInWordsAreWrittenOnlyWhenTrue) {
  expect_written({
      {"{{ fraction leave likely }} would go.", "Just over three in five would go."},
      {"{{ fraction leave likely as \"more than three in five\" }} would go.",
       "More than three in five would go."},
      {"{{ majority leave likely }} would go.", "A majority would go."},
      {"{{ most leave likely }} leaders would go.", "Most leaders would go."},
      {"Here {{ say \"nearly two-thirds\" leave likely }} agreed.",
       "Here nearly two-thirds agreed."},
      {"{{ say \"a significant minority\" pool Already }} had one.",
       "A significant minority had one."},
      {"{{ largest pool Yes }}, {{ pct pool Yes }}, would.",
       "The largest group, 41 per cent, would."},
      {"{{ say \"more than seven\" rating }} was the mean.", "More than seven was the mean."},
  });
}

TEST(Story, TheRemainderIsEveryOtherAnswer) {
  expect_written({
      {"{{ pct leave likely }} said likely, {{ pct leave unlikely }} unlikely, and {{ remainder "
       "leave 5 }} did not know.",
       "Sixty-three per cent said likely, 32 per cent unlikely, and the remainder did not know."},
      {"Some {{ pct pool Yes }}, {{ pct pool No }} and {{ pct pool Already }}; {{ remaining pool 4 "
       "}} did not know.",
       "Some 41 per cent, 31 per cent and 11 per cent; the remaining 17 per cent did not know."},
  });
}

TEST(Story, ChangesSayWhatTheirTestFound) {
  expect_written({
      {"The share {{ change leave likely since 2013-01 }}.",
       "The share rose 23 percentage points to 63 per cent."},
      // Not significant, and not tested: the neutral form.
      {"The share {{ change leave 5 since 2013-01 }}.",
       "The share was five per cent, compared with 10 per cent in January 2013."},
      {"The share {{ change leave unlikely since 2013-01 }}.",
       "The share was 32 per cent, compared with 50 per cent in January 2013."},
      {"It {{ change leave likely since 2013-01 as \"has risen significantly\" }}.",
       "It has risen significantly."},
      {"It was {{ change leave 5 since 2013-01 as \"unchanged\" }}.", "It was unchanged."},
      {"The mean {{ change rating since 2013-01 }}.", "The mean rose 0.7 points to 7.2."},
  });
}

TEST(Story, ComparisonsSayWhatTheirTestFound) {
  expect_written({
      {"{{ compare stay likely with leave likely as \"significantly fewer\" }} would stay.",
       "Significantly fewer would stay."},
      {"There, {{ compare leave likely of chairs with leave likely of officers }} others.",
       "There, more than others."},
      {"{{ pct pool Yes }} would, {{ compare pool Yes with pool No }} those who would not.",
       "Forty-one per cent would, compared with those who would not."},
  });
}

TEST(Story, WordsOfTheStudyAndOfOthersAreSaidAsTheyAre) {
  expect_written({
      {"Asked {{ wording leave }}",
       "Asked “Would you leave?” (a paraphrase: the wording was not published)"},
      {"The item {{ label leave }} has {{ label leave likely }}.",
       "The item “Leaving” has “Likely”."},
      {"{{ outside \"44 per cent\" source=\"Another survey, 2012\" }} said so elsewhere.",
       "44 per cent said so elsewhere."},
      {"The {{ plain \"increased\" why=\"a word of the question\" }} use by {{ pct leave likely "
       "}}.",
       "The increased use by 63 per cent."},
      {"{{ quote v1 }}", "“We lost £20m and 3 of our 5 partners” (Chair)"},
      {"{{ quote v3 }}", "“Fine”"},
      {"{{ quote v4 }}", "“Good” (Ann Example, Chair, North)"},
      {"{{ quote v6 }}", "“We in […] will leave now”"},
      {"{{ quote v8 }}", "“Barnet will not” (Barnet)"},
  });
}

TEST(Story, TheMethodSaysWhatReadersMustKnow) {
  Diagnostics problems;
  const Story story = story_of(maker(), "Text.", problems);
  ASSERT_TRUE(problems.ok()) << problems.text();
  const std::string method = story.blocks.back().text();
  for (const char* part :
       {"A paper", "An agency", "Leaders of all groups.", "spring 2013", "Online questionnaire.",
        "Ninety-four CCG leaders from 86 CCGs answered, 41 per cent of all 211.",
        "Weighting: not weighted.", "questionnaire-2013-04.md"}) {
    EXPECT_THAT(method, HasSubstr(part));
  }
}

TEST(Story, SmallBasesOtherBasesAndScalesAreNoted) {
  Diagnostics problems;
  const Story story = story_of(
      maker(), "{{ pct leave likely }}, {{ pct leave likely of chairs }}, {{ mean rating }}.",
      problems);
  const std::string notes = ::testing::PrintToString(story.notes);
  EXPECT_THAT(notes, HasSubstr("n = 94, a small base"));
  EXPECT_THAT(notes,
              HasSubstr("“Leaving”, Role: Chair has a base of its own: n = 40, a small base"));
  EXPECT_THAT(notes, HasSubstr("a scale from 1 (Bad) to 10 (Good)"));
}

TEST(Story, SmallBasesPrintAsTheRulesSay) {
  Maker own;
  own.share("2013-04", "stay", "1", "Very likely", 16, 38).printed = "[42]";
  own.ledger.figures.back().marker = Marker::kSmallBase;
  own.share("2013-04", "stay", "2", "Fairly likely", 12, 25).printed = "12 of 25";
  own.ledger.figures.back().marker = Marker::kCount;
  own.share("2013-04", "stay", "3", "Fairly unlikely", 1, 400).printed = "*";
  own.ledger.figures.back().marker = Marker::kLow;
  EXPECT_EQ(paragraph_of(own, "So {{ pct stay 1 }} said."), "So [42] per cent said.");
  EXPECT_EQ(paragraph_of(own, "{{ pct stay 2 }} said."), "Twelve of 25 said.");
  EXPECT_EQ(paragraph_of(own, "So {{ pct stay 3 }} said."), "So under 0.5 per cent said.");
}

TEST(Story, EveryNumberCarriesItsFigureInEveryForm) {
  Diagnostics problems;
  const Story story = story_of(maker(), "Of them {{ pct leave likely }} *would* go.", problems);
  ASSERT_TRUE(problems.ok()) << problems.text();
  const std::string id = "2013-04.leave.likely.respondents";
  const std::string html = story_html(maker().ledger, story).bytes();
  EXPECT_THAT(html, HasSubstr("data-figure=\"" + id + "\""));
  EXPECT_THAT(html, HasSubstr("href=\"../ledger.html#" + id + "\""));
  EXPECT_THAT(html, HasSubstr("<em>would</em>"));
  EXPECT_THAT(story_markdown(story),
              HasSubstr("Of them [63 per cent](../ledger.html#" + id + ") *would* go."));
  EXPECT_THAT(story_text(story),
              AllOf(HasSubstr("Of them 63 per cent would go."), Not(HasSubstr("["))));
  const std::string json = stories_json(maker().ledger, {story});
  EXPECT_THAT(json, HasSubstr("\"text\": \"Of them 63 per cent would go.\""));
  EXPECT_THAT(json, HasSubstr("\"id\": \"" + id + "\""));
}

TEST(Story, MarkupInAStoryIsText) {
  Diagnostics problems;
  const Story story =
      story_of(maker(), "A <script>alert(\"x\")</script> & [a](https://e.org).", problems);
  ASSERT_TRUE(problems.ok()) << problems.text();
  const std::string html = story_html(maker().ledger, story).bytes();
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(html, HasSubstr("<a href=\"https://e.org\">a</a>"));
}

TEST(Story, ListsQuotationsAndHeadingsKeepTheirForm) {
  Diagnostics problems;
  const Story story = story_of(
      maker(), "## Part\n\n- {{ pct leave likely }} go\n- others stay\n\n> Well.", problems);
  ASSERT_TRUE(problems.ok()) << problems.text();
  const std::string html = story_html(maker().ledger, story).bytes();
  EXPECT_THAT(html, HasSubstr("<h2>Part</h2><ul><li>"));
  EXPECT_THAT(html, HasSubstr("<li>others stay</li></ul><blockquote><p>Well.</p></blockquote>"));
  EXPECT_THAT(story_markdown(story), HasSubstr("- others stay\n\n> Well."));
}

TEST(Story, AReconstructionSaysSo) {
  Maker own;
  for (Figure& figure : own.ledger.figures) figure.source = "reconstruction from published figures";
  Diagnostics problems;
  const Story story = story_of(own, "{{ pct leave likely }} go.", problems);
  EXPECT_TRUE(story.reconstruction);
  EXPECT_THAT(story_text(story), HasSubstr("reconstruction from published figures"));
  EXPECT_THAT(story_markdown(story), HasSubstr("reconstruction from published figures"));
  EXPECT_THAT(story_html(own.ledger, story).bytes(), HasSubstr("class=\"notice\""));
}

}  // namespace
}  // namespace barometer
