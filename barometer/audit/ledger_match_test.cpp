// Claims against a ledger: each grade, by wording and value.
#include <algorithm>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/audit/audit.h"
#include "barometer/ledger/read.h"

namespace barometer {
namespace {

// Two waves with the same question, a battery of two, a group, and a figure that is withheld.
const Ledger& ledger() {
  static const Ledger read = *ledger_from_csv(
      "id,kind,wave,item,answer,label,group,group_label,printed,marker,value,n,count,question\n"
      "b.wave.n,count,b,,,Respondents,,,94,,94,,94,\n"
      "b.wave.organisations,count,b,,,Groups with an answer,,,86,,86,,86,\n"
      "b.wave.frame,count,b,,,Groups in the frame,,,211,,211,,211,\n"
      "b.wave.coverage,coverage,b,,,Share of all groups,,,41,,40.75829383886256,211,86,\n"
      "b.leave.likely,percent,b,leave,likely,Likely,,,63,,62.765957446808514,94,59,"
      "How likely is it that you personally would leave your position?\n"
      "b.leave.unlikely,percent,b,leave,unlikely,Unlikely,,,,[c],,94,,"
      "How likely is it that you personally would leave your position?\n"
      "b.leave.likely.region:1,percent,b,leave,likely,Likely,region:1,Region: North,70,,70,30,21,"
      "How likely is it that you personally would leave your position?\n"
      "b.merge.likely,percent,b,merge,likely,Likely,,,36,,36.17021276595745,94,34,"
      "How likely is it that your group will merge with a neighbour?\n"
      "b.merge.unlikely,percent,b,merge,unlikely,Unlikely,,,53,,53.191489361702125,94,50,"
      "How likely is it that your group will merge with a neighbour?\n"
      "b.confidence.mean,mean,b,confidence,mean,Mean,,,7.2,,7.2234,94,,"
      "How confident are you of keeping within your budget without harming quality?\n"
      "a.wave.n,count,a,,,Respondents,,,116,,116,,116,\n"
      "a.merge.likely,percent,a,merge,likely,Likely,,,41,,41.37931034482759,116,48,"
      "How likely is it that your group will merge with a neighbour?\n",
      "l.csv");
  return read;
}

constexpr const char* kOpening = "Leaders would leave\n\nThe survey had 94 replies from leaders. ";

ArticleAudit audited(const std::string& text) {
  std::vector<Article> articles;
  articles.push_back(read_claims(*read_document(kOpening + text, DocumentFormat::kText, "a.txt")));
  return std::move(audit_articles(std::move(articles), {.ledger = &ledger()}).documents[0]);
}

// "grade figure" of the claim with this quote.
std::string match_of(const ArticleAudit& document, std::string_view quote) {
  for (const LedgerMatch& match : document.matches) {
    if (document.article.claims[match.claim].quote == quote) {
      return std::string(name_of(match.grade)) + " " + match.figure;
    }
  }
  return "no match made";
}

TEST(LedgerMatch, GradesEachClaim) {
  struct Row {
    const char* text;
    const char* quote;
    const char* expected;
  };
  const Row rows[] = {
      {"Sixty-three per cent said they were likely to leave their position.",
       "Sixty-three per cent", "confirmed b.leave.likely"},
      {"Sixty-five per cent said they were likely to leave their position.", "Sixty-five per cent",
       "wrong b.leave.likely"},
      {"Seventy per cent said they were likely to leave their position.", "Seventy per cent",
       "right figure of another base b.leave.likely.region:1"},
      {"Thirty-seven per cent said they were unlikely to leave their position.",
       "Thirty-seven per cent", "suppressed b.leave.unlikely"},
      {"Fifty-three per cent thought it unlikely that their group would merge with a neighbour.",
       "Fifty-three per cent", "confirmed b.merge.unlikely"},
      {"Thirty-six per cent thought it likely that their group would merge with a neighbour.",
       "Thirty-six per cent", "confirmed b.merge.likely"},
      {"Forty-one per cent thought it likely that their group would merge with a neighbour.",
       "Forty-one per cent", "right figure of another base a.merge.likely"},
      // The base that the article states is the figure's: nothing is wrong.
      {"Of the 30 leaders in the north, 70 per cent were likely to leave their position.",
       "70 per cent", "confirmed b.leave.likely.region:1"},
      {"Seventy per cent (n=30) said they were likely to leave their position.", "Seventy per cent",
       "confirmed b.leave.likely.region:1"},
      {"Of the 31 leaders in the north, 70 per cent were likely to leave their position.",
       "70 per cent", "right figure of another base b.leave.likely.region:1"},
      {"Forty-one per cent (n=116) thought it likely that their group would merge with a "
       "neighbour.",
       "Forty-one per cent", "confirmed a.merge.likely"},
      {"Fifty-one per cent wanted more money for hospitals.", "Fifty-one per cent",
       "not published "},
      {"More than half thought it unlikely that their group would merge with a neighbour.",
       "More than half", "confirmed b.merge.unlikely"},
      {"More than two-thirds thought it unlikely that their group would merge with a neighbour.",
       "More than two-thirds", "wrong b.merge.unlikely"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(match_of(audited(row.text), row.quote), row.expected) << row.text;
  }
}

TEST(LedgerMatch, ChecksTheSizeOfTheSurvey) {
  EXPECT_EQ(match_of(audited("Sixty-three per cent were likely to leave their position."), "94"),
            "confirmed b.wave.n");
}

TEST(LedgerMatch, WrongFiguresAreErrorsWithTheirArithmetic) {
  const ArticleAudit document =
      audited("Sixty-five per cent said they were likely to leave their position.");
  const auto found = std::ranges::find(document.findings, "ledger", &Finding::rule);
  ASSERT_NE(found, document.findings.end());
  EXPECT_EQ(found->grade, Grade::kError);
  EXPECT_EQ(found->arithmetic, "59/94 = 62.77, prints as 63");
  EXPECT_EQ(found->fix, "63");
}

TEST(LedgerMatch, WithheldFiguresAreErrors) {
  const ArticleAudit document =
      audited("Thirty-seven per cent said they were unlikely to leave their position.");
  const auto found = std::ranges::find(document.findings, "ledger", &Finding::rule);
  ASSERT_NE(found, document.findings.end());
  EXPECT_EQ(found->grade, Grade::kError);
  EXPECT_THAT(found->message, ::testing::HasSubstr("withheld"));
}

TEST(LedgerMatch, ConfirmedFiguresMakeNoFinding) {
  const ArticleAudit document =
      audited("Sixty-three per cent said they were likely to leave their position.");
  EXPECT_EQ(std::ranges::find(document.findings, "ledger", &Finding::rule),
            document.findings.end());
}

}  // namespace
}  // namespace barometer
