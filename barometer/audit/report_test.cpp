// The four forms of a report: places are code points, words of the text cannot become markup.
#include "barometer/audit/report.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "barometer/audit/report_internal.h"
#include "barometer/base/file.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

// The no-break space and the curly quotes stand before what is found: bytes are not code points.
constexpr const char* kText =
    "Leaders’ survey\n\n"
    "Forty-six\u00A0leaders answered the “survey” <b>online</b>. Sharing was “likely” for 45 per "
    "cent & rising.\n";

Audit audit_of(const std::vector<std::string>& texts, const AuditOptions& options = {},
               DocumentFormat format = DocumentFormat::kText) {
  std::vector<Article> articles;
  for (const std::string& text : texts) {
    articles.push_back(read_claims(
        *read_document(text, format, "a b" + std::to_string(articles.size()) + ".txt")));
  }
  return audit_articles(std::move(articles), options);
}

std::string code_points(const std::string& utf8, size_t begin, size_t end) {
  return std::string(TextPlaces(utf8).slice(begin, end));
}

TEST(JsonReport, HasTheKeysOfTheContractAndSpansInCodePoints) {
  const Json json = Json::parse(audit_json(audit_of({kText})));
  ASSERT_FALSE(json["claims"].empty());
  for (const Json& claim : json["claims"]) {
    for (const char* key :
         {"start", "end", "quote", "value", "kind", "bound", "base", "base_source", "negative"}) {
      EXPECT_TRUE(claim.contains(key)) << key;
    }
    EXPECT_EQ(code_points(kText, claim["start"], claim["end"]), claim["quote"].get<std::string>());
  }
  ASSERT_FALSE(json["findings"].empty());
  for (const Json& finding : json["findings"]) {
    for (const char* key : {"rule", "grade", "claims", "message", "arithmetic", "fix"}) {
      EXPECT_TRUE(finding.contains(key)) << key;
    }
    for (const Json& claim : finding["claims"])
      EXPECT_LT(claim.get<size_t>(), json["claims"].size());
  }
  const auto found = std::ranges::find_if(
      json["findings"], [](const Json& finding) { return finding["rule"] == "percent-possible"; });
  ASSERT_NE(found, json["findings"].end());
  EXPECT_EQ((*found)["grade"], "error");
  const Json& claim = json["claims"][(*found)["claims"][0].get<size_t>()];
  EXPECT_EQ(claim["quote"], "45 per cent");
  EXPECT_EQ(claim["value"], 45);
  EXPECT_EQ(claim["kind"], "percent");
  EXPECT_EQ(claim["base"], 46);
  EXPECT_EQ(claim["negative"], false);
  EXPECT_EQ(json["file"], "a b0.txt");
  EXPECT_FALSE(json.contains("text"));
}

TEST(JsonReport, OfSeveralFilesIsAListOfDocuments) {
  const Json json = Json::parse(audit_json(audit_of({kText, "We spent £25 per head.\n"})));
  ASSERT_EQ(json["documents"].size(), 2U);
  EXPECT_EQ(json["documents"][1]["file"], "a b1.txt");
  EXPECT_EQ(json["documents"][1]["survey"], false);
  EXPECT_TRUE(json["documents"][1]["findings"].empty());
}

TEST(JsonReport, OfHtmlHoldsTheTextThatSpansPointInto) {
  const Json json = Json::parse(audit_json(
      audit_of({"<html><body><h1>Survey</h1><p>Forty-six leaders answered the survey.</p>"
                "<p>Sharing was likely for 45 per cent.</p></body></html>"},
               {}, DocumentFormat::kHtml)));
  const std::string text = json["text"];
  for (const Json& claim : json["claims"]) {
    EXPECT_EQ(code_points(text, claim["start"], claim["end"]), claim["quote"].get<std::string>());
  }
  EXPECT_FALSE(json["claims"].empty());
}

TEST(JsonReport, SaysWhatWasCheckedAndHow) {
  const Json json = Json::parse(audit_json(audit_of({kText}, {.rounding = Rounding::kHalfUp})));
  EXPECT_EQ(json["rounding"], "half up");
  EXPECT_EQ(json["against"], "arithmetic");
  ASSERT_FALSE(json["checks"].empty());
  EXPECT_EQ(json["checks"][0]["rule"], "percent-possible");
  EXPECT_EQ(json["checks"][0]["outcome"], "impossible");
  EXPECT_EQ(json["checks"][0]["arithmetic"], "45% of 46: 20/46 = 43.48, 21/46 = 45.65");
}

TEST(TextReport, PutsCaretsUnderTheWords) {
  const std::string text = audit_text(audit_of({kText}), {.colours = false, .width = 120});
  std::istringstream in(text);
  bool found = false;
  for (std::string line, before; std::getline(in, line); before = line) {
    const size_t caret = line.find('^');
    if (caret == std::string::npos) continue;
    const size_t length = line.find_last_of('^') + 1 - caret;
    found = found || code_points(before, caret, caret + length) == "45 per cent";
  }
  EXPECT_TRUE(found) << text;
  EXPECT_THAT(text, HasSubstr("a b0.txt:3:"));
  EXPECT_THAT(text, HasSubstr("mend: 43% or 46%"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(TextReport, IsColouredWhenAskedAndKeepsToItsWidth) {
  EXPECT_THAT(audit_text(audit_of({kText}), {.colours = true, .width = 80}),
              HasSubstr("\x1b[1;31m"));
  std::string words;
  while (words.size() < 3000) words += "and so on ";
  const std::string text = audit_text(audit_of({"Survey\n\nForty-six leaders answered. " + words +
                                                "likely for 45 per cent " + words + "\n"}),
                                      {.colours = false, .width = 60});
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    EXPECT_TRUE(!line.starts_with("    ") || TextPlaces(line).size() <= 60U) << line;
  }
  EXPECT_THAT(text, HasSubstr("45 per cent"));
}

TEST(TextReport, ShowsNoControlBytesOfTheText) {
  const std::string text = audit_text(audit_of(
      {"Survey\n\nForty-six leaders answered.\x1b[2J Sharing was \x07likely for 45 per cent.\n"}));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\x07")));
}

TEST(TextReport, SaysThatThereIsNoSurvey) {
  EXPECT_THAT(audit_text(audit_of({"We spent £25 per head in 2012/13.\n"})),
              HasSubstr("a b0.txt: no survey is reported here"));
}

TEST(SarifReport, HasTheStructureOfTheStandard) {
  const Json json = Json::parse(audit_sarif(audit_of({kText, kText})));
  EXPECT_EQ(json["version"], "2.1.0");
  const Json& run = json["runs"][0];
  EXPECT_EQ(run["columnKind"], "unicodeCodePoints");
  const Json& rules = run["tool"]["driver"]["rules"];
  std::set<std::string> ids;
  for (const Json& rule : rules) EXPECT_TRUE(ids.insert(rule["id"].get<std::string>()).second);
  ASSERT_FALSE(run["results"].empty());
  bool regions = false;
  for (const Json& result : run["results"]) {
    EXPECT_EQ(rules[result["ruleIndex"].get<size_t>()]["id"], result["ruleId"]);
    EXPECT_TRUE(result["level"] == "error" || result["level"] == "warning" ||
                result["level"] == "note");
    EXPECT_FALSE(result["message"]["text"].get<std::string>().empty());
    const Json& place = result["locations"][0]["physicalLocation"];
    EXPECT_TRUE(place["artifactLocation"]["uri"].get<std::string>().starts_with("a%20b"));
    if (!place.contains("region")) continue;
    regions = true;
    EXPECT_GE(place["region"]["startLine"], 1);
    EXPECT_GE(place["region"]["endColumn"], 1);
    if (result["ruleId"] != "percent-possible") continue;
    EXPECT_EQ(place["region"]["snippet"]["text"], "45 per cent");
    EXPECT_EQ(place["region"]["startLine"], 3);
    // Counted by hand: code points before it in its line, and one.
    const std::string line = std::string(kText).substr(std::string(kText).find("Forty"));
    EXPECT_EQ(place["region"]["startColumn"],
              TextPlaces(line.substr(0, line.find("45"))).size() + 1);
  }
  EXPECT_TRUE(regions);
}

TEST(Rules, AreAllListedOnce) {
  std::set<std::string_view> ids;
  for (const RuleText& rule : audit_rules()) EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
}

TEST(Rules, AreInTheDocumentation) {
  const std::string page = *read_file(std::filesystem::path(SOURCE_DIR) / "docs/audit.md");
  for (const RuleText& rule : audit_rules()) {
    const std::string id(rule.id);
    const bool gap = id.starts_with("disclosure-");
    EXPECT_THAT(page, HasSubstr("`" + (gap ? id.substr(11) : id) + "`")) << id;
  }
}

TEST(HtmlReport, MarksClaimsAndEscapesTheText) {
  const std::string page = audit_html(audit_of({kText}));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;online&lt;/b&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("<b>online")));
  EXPECT_THAT(page, HasSubstr("<mark class=\"error\">45 per cent<sup>"));
  EXPECT_THAT(page, HasSubstr("id=\"d1-f"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("<html lang=\"en\">"));
}

TEST(HtmlReport, LinksEachFindingToWhereItIsSaid) {
  const std::string page = audit_html(audit_of({kText, kText}));
  size_t links = 0;
  for (size_t at = page.find("href=\"#"); at != std::string::npos;
       at = page.find("href=\"#", at + 1)) {
    const size_t end = page.find('"', at + 7);
    const std::string id = page.substr(at + 7, end - at - 7);
    EXPECT_THAT(page, HasSubstr("id=\"" + id + "\"")) << id;
    ++links;
  }
  EXPECT_GE(links, 2U);
}

}  // namespace
}  // namespace barometer
