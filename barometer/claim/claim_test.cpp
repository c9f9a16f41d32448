#include "barometer/claim/claim.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace barometer {
namespace {

Article article_of(std::string_view text, const ClaimOptions& options = {},
                   DocumentFormat format = DocumentFormat::kText) {
  return read_claims(*read_document(text, format, "article"), options);
}

std::vector<Claim> positive(const Article& article) {
  std::vector<Claim> claims;
  for (const Claim& claim : article.claims) {
    if (!claim.negative) claims.push_back(claim);
  }
  return claims;
}

constexpr std::string_view kSurvey = "The survey of 94 CCG leaders was carried out in May.\n\n";
std::string about(std::string_view text) { return std::string(kSurvey) + std::string(text); }

TEST(Claims, SpansPointIntoTheOriginal) {
  const Article article = article_of(
      "# A “survey” of *94* leaders\n\nSome **42%** said\n[a third](http://x.org/12) did.\n", {},
      DocumentFormat::kMarkdown);
  const std::vector<Claim> claims = positive(article);
  ASSERT_EQ(claims.size(), 3U);
  EXPECT_EQ(claims[0].quote, "94");
  EXPECT_EQ(claims[1].quote, "Some **42%");
  EXPECT_EQ(claims[2].quote, "a third");
  EXPECT_EQ(claims[1].base, 94);
}

TEST(Claims, HtmlIsReadAsItIsSeen) {
  const Article article = article_of(
      "<h1>Poll</h1><p>We surveyed <b>1,004</b> adults. <span>Forty-one</span> per&nbsp;cent "
      "agreed.</p><script>'99%'</script>",
      {}, DocumentFormat::kHtml);
  const std::vector<Claim> claims = positive(article);
  ASSERT_EQ(claims.size(), 2U);
  EXPECT_EQ(claims[1].value, (Decimal{41, 0}));
  EXPECT_EQ(claims[1].base, 1004);
}

TEST(Claims, PartsOfAQuestionAreOne) {
  const Article article = article_of(
      about("The largest group − 41 per cent − said they did. Thirty-one per cent said they did "
            "not, 17 per cent that they did not know, and 11 per cent that they already had one. "
            "Sixty per cent of leaders wanted “more money”."));
  const std::vector<Claim> claims = positive(article);
  ASSERT_EQ(claims.size(), 6U);
  for (size_t i = 2; i < 5; ++i) EXPECT_EQ(claims[i].question, claims[1].question);
  EXPECT_NE(claims[5].question, claims[1].question);
  EXPECT_TRUE(claims[1].exhaustive);
  EXPECT_FALSE(claims[5].exhaustive);
}

TEST(Claims, PlacesOnOneScaleAreOneQuestion) {
  struct Case {
    std::string_view text;
    bool same;
  };
  for (const Case& c : std::vector<Case>{
           {"Asked about it, 55 per cent disagreed and only 19 per cent agreed.", true},
           {"43% of CCG leads disagreed and only 31% agreed.", true},
           {"Yes 42%, No 58%.", true},
           {"Forty per cent were satisfied and 35 per cent dissatisfied.", true},
           {"Forty per cent thought it likely. Thirty per cent said this was unlikely.", true},
           {"Forty per cent supported it, and 35 per cent were opposed.", true},
           {"Forty per cent blamed pay, and 35 per cent blamed workload.", false},
           {"Forty per cent of chairs agreed, and 35 per cent of officers disagreed.", false},
           {"Sixty per cent agreed on pay, and 55 per cent agreed on pensions.", false},
           {"Sixty per cent wanted more beds.\n\nThirty per cent wanted fewer.", false},
       }) {
    const std::vector<Claim> claims = positive(article_of(about(c.text)));
    ASSERT_EQ(claims.size(), 3U) << c.text;
    EXPECT_EQ(claims[1].question == claims[2].question, c.same) << c.text;
  }
}

TEST(Claims, TheRemainderIsWhatThePartsLeave) {
  struct Case {
    std::string_view text;
    std::string_view value;
  };
  for (const Case& c : std::vector<Case>{
           {"Sixty per cent agreed, 39 per cent did not, and the remainder did not know.", "1"},
           {"Sixty per cent agreed. The rest did not.", "40"},
           {"73.7 per cent agreed. Four per cent did not. The others did not know.", "22.3"},
           {"Half agreed, a third did not, and the rest were undecided.", "16.7"},
           {"Ninety per cent said yes and 20 per cent no. The rest did not know.", "80"},
       }) {
    const std::vector<Claim> claims = positive(article_of(about(c.text)));
    ASSERT_FALSE(claims.empty());
    EXPECT_EQ(claims.back().kind, ClaimKind::kPercentImplied) << c.text;
    EXPECT_EQ(claims.back().value->text(), c.value) << c.text;
    EXPECT_TRUE(claims.back().exhaustive);
  }
  EXPECT_EQ(positive(article_of(about("The rest of the money is lost."))).size(), 1U);
  EXPECT_EQ(positive(article_of(about("The others did not know."))).size(), 1U);
}

TEST(Claims, BasesSayWhereTheyWereFound) {
  const Article article = article_of(
      "We surveyed 94 leaders, and 60 per cent agreed.\n\nIn all 53 of the 94 leaders said no. Of "
      "the 40 chairs who merged, 55 per cent said yes. Sixty per cent of those in deficit did. "
      "Ten per cent said no.");
  const std::vector<Claim> claims = positive(article);
  ASSERT_EQ(claims.size(), 8U);
  EXPECT_EQ(claims[1].base_source, BaseSource::kSentence);
  EXPECT_EQ(claims[1].base_claim, 0U);
  EXPECT_EQ(claims[2].kind, ClaimKind::kCount);
  EXPECT_EQ(claims[2].base_source, BaseSource::kClaim);
  EXPECT_EQ(claims[5].base, 40);
  EXPECT_TRUE(claims[5].subgroup);
  EXPECT_FALSE(claims[6].base.has_value());
  EXPECT_TRUE(claims[6].subgroup);
  EXPECT_EQ(claims[6].base_phrase, "those in deficit did");
  EXPECT_EQ(claims[7].base, 94);
  EXPECT_EQ(claims[7].base_source, BaseSource::kArticle);
}

TEST(Claims, WhatTheCallerKnowsIsUsedWhereTheArticleIsSilent) {
  const std::string text =
      "The survey found that 42 per cent agreed. It had answers from 41 per "
      "cent of all CCGs.";
  const std::vector<Claim> silent = positive(article_of(text));
  ASSERT_GE(silent.size(), 1U);
  EXPECT_EQ(silent[0].base_source, BaseSource::kNone);
  const std::vector<Claim> given = positive(article_of(text, {.base = 94, .frame = 211}));
  EXPECT_EQ(given[0].base, 94);
  EXPECT_EQ(given[0].base_source, BaseSource::kGiven);
  const std::vector<Claim> stated =
      positive(article_of(about("42% agreed."), {.base = 7, .frame = {}}));
  EXPECT_EQ(stated[1].base, 94);
}

TEST(Claims, ChangesKnowTheirLevels) {
  const Article article = article_of(
      about("Sixty-eight per cent were satisfied, five points down on 73 per cent in January."));
  const std::vector<Claim>& claims = article.claims;
  ASSERT_EQ(claims.size(), 4U);
  EXPECT_EQ(claims[2].kind, ClaimKind::kChange);
  EXPECT_EQ(claims[2].value, (Decimal{-5, 0}));
  EXPECT_EQ(claims[2].level, 1U);
  EXPECT_EQ(claims[2].earlier, 3U);
  EXPECT_EQ(claims[1].earlier, 3U);
  EXPECT_EQ(claims[3].wave, "in January");
  EXPECT_FALSE(claims[3].base.has_value());
}

TEST(Claims, OtherSurveysAreNamed) {
  const Article article = article_of(
      about("Forty per cent agreed.\n\nIn a BMA poll of hospital doctors last year, 44 per cent "
            "did."));
  ASSERT_EQ(article.surveys.size(), 2U);
  EXPECT_TRUE(article.surveys[0].own);
  EXPECT_EQ(article.surveys[0].n, 0U);
  EXPECT_FALSE(article.surveys[1].own);
  const std::vector<Claim> claims = positive(article);
  EXPECT_EQ(claims[1].survey, 0U);
  EXPECT_EQ(claims[2].survey, 1U);
  EXPECT_FALSE(claims[2].base.has_value());
}

TEST(Claims, GlossesStandBesideTheirNumbers) {
  const Article article = article_of(about("A majority, 57 per cent, were opposed."));
  ASSERT_EQ(article.claims.size(), 3U);
  EXPECT_TRUE(article.claims[1].negative);
  EXPECT_EQ(article.claims[1].negative_reason, "gloss");
  EXPECT_EQ(article.claims[1].gloss_of, 2U);
}

TEST(Claims, WhatIsNoFindingSaysWhatItIs) {
  struct Case {
    std::string_view text;
    std::string_view reason;
  };
  for (const Case& c : std::vector<Case>{
           {"It cost £60bn.", "money"},
           {"It began on 5 October 2012.", "date"},
           {"It took 24-36 months.", "measure"},
           {"It was scored on a scale of 1 to 10.", "scale"},
           {"The target is 95 per cent.", "target"},
           {"Spending fell by 20 per cent.", "change of an amount"},
           {"It takes 60 per cent of the budget.", "share of an amount"},
           {"It covered 12 areas.", "count of things"},
           {"Three CCGs have merged.", "count of organisations"},
           {"He said: “We lost 15 per cent.”", "quotation"},
           {"Where a group had under ten answers, nothing is shown.", "threshold"},
           {"The margin of error is plus or minus 3 per cent.", "precision"},
           {"Official figures show that 12 per cent of trusts failed.", "official figures"},
           {"It was 120 per cent of last year.", "over a hundred"},
       }) {
    const Article article = article_of(about(c.text));
    ASSERT_EQ(article.claims.size(), 2U) << c.text;
    EXPECT_TRUE(article.claims[1].negative) << c.text;
    EXPECT_EQ(article.claims[1].negative_reason, c.reason) << c.text;
  }
}

// The base of each share and count of the text, in its order.
std::string bases_of(std::string_view text) {
  std::string out;
  for (const Claim& claim : positive(article_of(text))) {
    const bool figure = claim.kind <= ClaimKind::kCount || claim.kind == ClaimKind::kMean;
    if (!figure) continue;
    out += claim.quote + " @" + (claim.base ? std::to_string(*claim.base) : "-") + "; ";
  }
  return out;
}

TEST(Claims, ACountAndItsShareChooseAmongSizes) {
  struct Case {
    std::string_view text, bases;
  };
  for (const Case& c : std::vector<Case>{
           // Words that put the size into an earlier wave, or take another for all.
           {"Forms went to 1,860 nurses last autumn and 407 completed the survey. Of these, 163 "
            "(40%) would go. A group of 61 (15%) would stay and 124 (30%) were unsure. Another "
            "study, of 529 doctors, is older.",
            "163 @407; 40% @407; 15% @407; 124 @407; 30% @407; "},
           // Said behind the share itself.
           {"The survey of 402 heads found that 31% had a vacancy, and in small schools 14 per "
            "cent of 138 had.",
            "31% @402; 14 per cent @138; "},
           {"The survey of 402 heads found that 163 (41%) had cut posts, 71% of the 163 for lack "
            "of money and 44% for lack of pupils.",
            "163 @402; 41% @402; 71% @163; 44% @163; "},
           {"In the survey of 286 heads, 97 (34%) had a pantry. Of those 97, only 12 had money.",
            "97 @286; 34% @286; only 12 @97; "},
           {"The survey had 3,412 replies. We put some more questions to the 1,204 with a paid "
            "job. Of these, 46% have cut hours and 17% have left.",
            "46% @1204; 17% @1204; "},
           // A slip stays a slip: no size of the text makes it right.
           {"The survey of 94 leaders found that 31 (48%) would go.", "31 @94; 48% @94; "},
           {"In a survey of 94 leaders of 58 groups, 42 (45%) agreed.", "42 @94; 45% @94; "},
       }) {
    EXPECT_EQ(bases_of(c.text), c.bases) << c.text;
  }
}

TEST(Claims, NothingIsReadOfNothing) {
  for (const std::string_view text :
       {"", "\n\n", "No numbers here.", "per cent", "%", "of the of"}) {
    EXPECT_TRUE(article_of(text).claims.empty()) << text;
  }
}

// Long texts of one kind take no more than their length.
TEST(Claims, LongTextsAreRead) {
  for (const std::string_view part :
       {"42 per cent of leaders said, ", "the rest ", "94 of the 211 ", "most leaders said ",
        "(42 per cent) ", "survey ", "“42% ", "from 40 to 45 per cent ", "five points down ",
        "163 (40%) ", "40% of the 163 ", "among chairs ", "94 chairs, 94 chairs and ", "a third. ",
        "1 of 2 of 3 of "}) {
    std::string text = "The survey of 94 leaders. ";
    while (text.size() < 200'000) text += part;
    const Article article = article_of(text);
    size_t end = 0;
    for (const Claim& claim : article.claims) {
      ASSERT_GE(claim.span.begin, end) << part;
      end = claim.span.end;
    }
  }
}

}  // namespace
}  // namespace barometer
