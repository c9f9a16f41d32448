#include "barometer/audit/audit.h"

#include <algorithm>
#include <array>

#include "barometer/audit/page_internal.h"
#include "barometer/meaning/ledger_index.h"

namespace barometer {
namespace {

size_t place_of(const Article& article, const Finding& finding) {
  if (!finding.claims.empty()) return article.claims[finding.claims.front()].span.begin;
  const bool of_article = finding.rule.starts_with("disclosure-") || !finding.span;
  return of_article ? article.document.text.size() : finding.span->begin;
}

constexpr auto kChecks = std::to_array<void (*)(Page&)>(
    {check_percents, check_parts, check_wholes, check_pairs, check_words, check_means,
     check_changes, check_steps, check_fieldwork, check_disclosure});

void sort_findings(ArticleAudit& audit) {
  std::ranges::stable_sort(audit.findings, {}, [&](const Finding& finding) {
    const bool last = finding.grade == Grade::kDisclosureGap;
    return std::pair{last, place_of(audit.article, finding)};
  });
}

}  // namespace

std::string_view name_of(Grade grade) {
  switch (grade) {
    case Grade::kError:
      return "error";
    case Grade::kBaseMismatch:
      return "base mismatch";
    case Grade::kWording:
      return "wording";
    case Grade::kDisclosureGap:
      return "disclosure gap";
    case Grade::kNote:
      return "note";
  }
  return "";
}

std::string_view name_of(LedgerGrade grade) {
  switch (grade) {
    case LedgerGrade::kConfirmed:
      return "confirmed";
    case LedgerGrade::kWrong:
      return "wrong";
    case LedgerGrade::kOtherBase:
      return "right figure of another base";
    case LedgerGrade::kNotPublished:
      return "not published";
    case LedgerGrade::kSuppressed:
      return "suppressed";
    case LedgerGrade::kUnclear:
      return "unclear";
  }
  return "";
}

size_t Audit::count(Grade grade) const {
  size_t count = 0;
  for (const ArticleAudit& document : documents) {
    count += static_cast<size_t>(std::ranges::count(document.findings, grade, &Finding::grade));
  }
  return count;
}

Audit audit_articles(std::vector<Article> articles, const AuditOptions& options) {
  Audit audit;
  audit.rounding = std::string(options.rounding.name());
  audit.with_ledger = options.ledger != nullptr;
  audit.documents.reserve(articles.size());
  for (Article& article : articles) audit.documents.push_back({.article = std::move(article)});
  Stemmer stemmer;
  std::optional<LedgerIndex> index;
  if (options.ledger != nullptr) index.emplace(*options.ledger, stemmer);
  const auto stopped = [&] { return options.progress != nullptr && options.progress->stopped(); };
  std::vector<Page> pages;
  pages.reserve(audit.documents.size());
  for (ArticleAudit& document : audit.documents) {
    if (stopped()) break;
    Page& page = pages.emplace_back(document, options, stemmer);
    if (!page.has_survey()) continue;
    for (const auto check : kChecks) {
      if (!stopped()) check(page);
    }
    if (index) check_ledger(page, *index, document.matches);
  }
  if (stopped()) {
    audit.stopped = true;
    return audit;
  }
  check_across(pages);
  for (ArticleAudit& document : audit.documents) sort_findings(document);
  return audit;
}

}  // namespace barometer
