// From text to findings: articles of our own, right and wrong, and the founding ones.
#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/audit/audit.h"
#include "barometer/audit/report_internal.h"
#include "barometer/base/file.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string name;
  ClaimOptions claims;
  AuditOptions audit;
  std::string text;
  std::vector<std::string> findings;
};

void read_option(const std::string& word, Case& row) {
  const size_t sign = word.find('=');
  if (sign == std::string::npos) return;
  const std::string value = word.substr(sign + 1);
  if (word.starts_with("base=")) row.claims.base = std::stoll(value);
  if (word.starts_with("frame=")) row.claims.frame = row.audit.frame = std::stoll(value);
  if (value == "truncation") row.audit.rounding = Rounding::kTruncate;
  if (value == "half-up") row.audit.rounding = Rounding::kHalfUp;
}

std::vector<Case> cases() {
  std::vector<Case> out;
  bool in_findings = true;
  std::istringstream in(*read_file(fs::path(SOURCE_DIR) / "barometer/audit/testdata/articles.txt"));
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("%% article ")) {
      const std::vector<std::string> parts = split(line.substr(11), '|');
      out.emplace_back().name = trimmed(parts[0]);
      for (const std::string& word : split(parts.size() > 1 ? parts[1] : "", ' ')) {
        read_option(word, out.back());
      }
      in_findings = false;
    } else if (line == "%% finds") {
      in_findings = true;
    } else if (!in_findings) {
      out.back().text += line + "\n";
    } else if (!line.empty() && !line.starts_with('#')) {
      out.back().findings.push_back(line);
    }
  }
  return out;
}

ArticleAudit audited(const std::string& text, const ClaimOptions& claims = {},
                     const AuditOptions& options = {}) {
  std::vector<Article> articles;
  articles.push_back(read_claims(*read_document(text, DocumentFormat::kText, "a.txt"), claims));
  return std::move(audit_articles(std::move(articles), options).documents[0]);
}

ArticleAudit audited_file(const std::string& name, const ClaimOptions& claims = {}) {
  const fs::path folder = fs::path(SOURCE_DIR) / "barometer/audit/testdata/retold";
  return audited(*read_file(folder / name), claims);
}

std::string line_of(const ArticleAudit& document, const Finding& finding) {
  const auto spans = spans_of(document.article, finding);
  const TextPlaces places(document.article.document.text);
  return fmt::format("{} | {} | {}", name_of(finding.grade), finding.rule,
                     spans.empty() ? "" : places.slice(spans[0].begin, spans[0].end));
}

// What the tables list.
std::vector<std::string> lines_of(const ArticleAudit& document) {
  std::vector<std::string> out;
  for (const Finding& finding : document.findings) {
    if (finding.rule.starts_with("disclosure-") || finding.rule == "judgement") continue;
    out.push_back(line_of(document, finding));
  }
  return out;
}

// The values of claims that a rule found, in text order.
std::vector<std::string> values_of(const ArticleAudit& document, std::string_view rule) {
  std::vector<std::string> out;
  for (const Finding& finding : document.findings) {
    if (finding.rule == rule) {
      out.push_back(document.article.claims[finding.claims[0]].value->text());
    }
  }
  return out;
}

const Finding* find(const ArticleAudit& document, std::string_view rule) {
  const auto found = std::ranges::find(document.findings, rule, &Finding::rule);
  return found == document.findings.end() ? nullptr : &*found;
}

using ::testing::HasSubstr;
using Values = std::vector<std::string>;

TEST(PublishedArticles, HaveTheImpossiblePercentagesOfTheTruthTable) {
  struct Row {
    const char* file;
    std::optional<int64_t> base;
    Values impossible;
  };
  const Row rows[] = {
      {"s000.txt", 94, {"42"}}, {"h07.txt", {}, {"45", "53"}}, {"h13.txt", {}, {"73.7", "4", "39"}},
      {"h17.txt", {}, {"37"}},  {"h02.txt", 94, {}},           {"s000.txt", {}, {}},
      {"s002.txt", {}, {}},     {"s003.txt", {}, {}},          {"h01.txt", {}, {}},
      {"h12.txt", {}, {}},      {"h22.txt", {}, {}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(values_of(audited_file(row.file, {row.base, {}}), "percent-possible"), row.impossible)
        << row.file;
  }
}

TEST(PublishedArticles, HaveTheBaseThatFitsAll) {
  const ArticleAudit chairs = audited_file("h13.txt");
  ASSERT_NE(find(chairs, "joint-base"), nullptr);
  EXPECT_THAT(find(chairs, "joint-base")->message, HasSubstr("only 57"));
  const ArticleAudit leaders = audited_file("s000.txt", {94, {}});
  const Finding* joint = find(leaders, "joint-base");
  ASSERT_NE(joint, nullptr);
  EXPECT_THAT(joint->message, HasSubstr("any of 88, 89, 91, 92"));
  Values figures;
  for (const size_t i : joint->claims) figures.push_back(leaders.article.claims[i].value->text());
  EXPECT_EQ(figures, (Values{"63", "85", "35", "36", "42", "18"}));
}

TEST(PublishedArticles, HaveTheFindingsAPersonFound) {
  struct Row {
    const char* file;
    std::optional<int64_t> base;
    std::vector<std::string> findings;
  };
  const Row rows[] = {
      {"s000.txt",
       94,
       {"base mismatch | joint-base | 63 per cent", "wording | missing-word | Eighty-five per",
        "error | percent-possible | 42 per cent"}},
      {"s001.txt", 94, {}},
      {"s002.txt", {}, {}},
      {"s003.txt", {}, {}},
      {"h01.txt", {}, {}},
      {"h02.txt", 94, {}},
      {"h07.txt",
       {},
       {"base mismatch | joint-base | Fifty-nine per cent",
        "error | percent-possible | 45 per cent", "error | percent-possible | 53 per cent"}},
      {"h12.txt", {}, {}},
      {"h17.txt",
       {},
       {"base mismatch | joint-base | 44 per cent", "error | percent-possible | 37 per cent"}},
      {"h20.txt", {}, {"error | exhaustive | 72%"}},
      {"h22.txt", {}, {}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(lines_of(audited_file(row.file, {row.base, {}})), row.findings) << row.file;
  }
}

TEST(PublishedArticles, CommentaryHasNoFindingsOfAnyGrade) {
  for (const std::optional<int64_t> base : {std::optional<int64_t>(), std::optional<int64_t>(94)}) {
    const ArticleAudit commentary = audited_file("s001.txt", {base, 211});
    EXPECT_TRUE(commentary.findings.empty());
    EXPECT_TRUE(commentary.checks.empty());
  }
}

TEST(PublishedArticles, OfOneSurveyDifferOnItsSize) {
  std::vector<Article> articles;
  for (const char* file : {"s002.txt", "s003.txt"}) {
    const fs::path path = fs::path(SOURCE_DIR) / "barometer/audit/testdata/retold" / file;
    articles.push_back(read_claims(*read_document_file(path)));
  }
  const Audit audit = audit_articles(std::move(articles));
  for (size_t i = 0; i < 2; ++i) {
    const ArticleAudit& document = audit.documents[i];
    EXPECT_EQ(values_of(document, "conflict-n"), Values{i == 0 ? "273" : "272"});
    EXPECT_EQ(find(document, "conflict-figure"), nullptr) << "43 and 55 are of two questions";
    const Finding* conflict = find(document, "conflict-n");
    ASSERT_NE(conflict, nullptr);
    EXPECT_EQ(conflict->elsewhere->document, 1 - i);
    EXPECT_THAT(conflict->message, HasSubstr("64"));
  }
}

TEST(Articles, EachHasTheFindingsListedAndNoOthers) {
  const std::vector<Case> rows = cases();
  ASSERT_GT(rows.size(), 45U);
  for (const Case& row : rows) {
    EXPECT_EQ(lines_of(audited(row.text, row.claims, row.audit)), row.findings) << row.name;
  }
}

}  // namespace
}  // namespace barometer
