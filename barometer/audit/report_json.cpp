// The audit as JSON and as SARIF.
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/audit/report.h"
#include "barometer/audit/report_internal.h"
#include "barometer/base/version.h"

namespace barometer {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string_view name_of_format(DocumentFormat format) {
  switch (format) {
    case DocumentFormat::kText:
      return "text";
    case DocumentFormat::kMarkdown:
      return "markdown";
    case DocumentFormat::kHtml:
      return "html";
    case DocumentFormat::kPdf:
      return "pdf";
  }
  return "";
}

bool is_taken_out(const Document& document) {
  return document.format == DocumentFormat::kHtml || document.format == DocumentFormat::kPdf;
}

Json number_json(const Decimal& value) {
  if (value.places == 0) return value.digits;
  return value.value();
}

Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }

Json claim_json(const Claim& claim) {
  Json out;
  out["start"] = claim.span.begin;
  out["end"] = claim.span.end;
  out["quote"] = claim.quote;
  const std::optional<Decimal> value = value_of(claim);
  out["value"] = value ? number_json(*value) : Json();
  out["kind"] = name_of(claim.kind);
  out["bound"] = text_or_null(bound_of(claim));
  out["base"] = claim.base ? Json(*claim.base) : Json();
  out["base_source"] = name_of(claim.base_source);
  out["negative"] = claim.negative;
  if (claim.negative) {
    out["negative_reason"] = claim.negative_reason;
    return out;
  }
  if (claim.base_claim) out["base_claim"] = *claim.base_claim;
  if (!claim.base_phrase.empty()) out["base_phrase"] = claim.base_phrase;
  out["subgroup"] = claim.subgroup;
  out["question"] = claim.question;
  out["survey"] = claim.survey;
  if (!claim.item.empty()) out["item"] = claim.item;
  if (!claim.answer.empty()) out["answer"] = claim.answer;
  if (!claim.wave.empty()) out["wave"] = claim.wave;
  if (!claim.attribution.empty()) out["attribution"] = claim.attribution;
  if (claim.exhaustive) out["exhaustive"] = true;
  if (claim.number.typo) out["typo"] = true;
  return out;
}

Json finding_json(const Audit& audit, const ArticleAudit& document, const Finding& finding) {
  Json out;
  out["rule"] = finding.rule;
  out["grade"] = name_of(finding.grade);
  out["claims"] = finding.claims;
  out["message"] = finding.message;
  out["arithmetic"] = finding.arithmetic;
  out["fix"] = finding.fix;
  const auto spans = spans_of(document.article, finding);
  if (!spans.empty()) {
    out["start"] = spans.front().begin;
    out["end"] = spans.front().end;
  }
  if (finding.elsewhere) {
    const Elsewhere& other = *finding.elsewhere;
    out["elsewhere"] = {{"file", audit.documents[other.document].article.document.name},
                        {"start", other.span.begin},
                        {"end", other.span.end},
                        {"quote", other.quote}};
  }
  return out;
}

Json checks_json(const ArticleAudit& document) {
  Json out = Json::array();
  for (const CheckMade& check : document.checks) {
    out.push_back({{"rule", check.rule},
                   {"claims", check.claims},
                   {"outcome", name_of(check.outcome)},
                   {"arithmetic", check.arithmetic}});
  }
  return out;
}

Json matches_json(const ArticleAudit& document) {
  Json out = Json::array();
  for (const LedgerMatch& match : document.matches) {
    out.push_back({{"claim", match.claim},
                   {"grade", name_of(match.grade)},
                   {"figure", text_or_null(match.figure)},
                   {"similarity", round(match.similarity, 3).value()},
                   {"arithmetic", match.arithmetic}});
  }
  return out;
}

Json document_json(const Audit& audit, const ArticleAudit& document) {
  Json out;
  const Document& source = document.article.document;
  out["file"] = source.name;
  out["format"] = name_of_format(source.format);
  out["survey"] = !document.article.surveys.empty();
  out["weighted"] = document.weighted;
  out["rounding"] = audit.rounding;
  out["against"] = audit.with_ledger ? "ledger" : "arithmetic";
  if (is_taken_out(source)) out["text"] = source.text;
  Json& claims = out["claims"] = Json::array();
  for (const Claim& claim : document.article.claims) claims.push_back(claim_json(claim));
  Json& findings = out["findings"] = Json::array();
  for (const Finding& finding : document.findings) {
    findings.push_back(finding_json(audit, document, finding));
  }
  out["checks"] = checks_json(document);
  if (audit.with_ledger) out["matches"] = matches_json(document);
  return out;
}

std::string_view level_of(Grade grade) {
  switch (grade) {
    case Grade::kError:
      return "error";
    case Grade::kBaseMismatch:
    case Grade::kWording:
      return "warning";
    default:
      return "note";
  }
}

// A file's name as a relative URI.
std::string uri_of(std::string_view name) {
  constexpr std::string_view kPlain = "-._~/";
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       kPlain.find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

Json location_json(const Document& document, const TextPlaces& places,
                   const std::optional<wording::TextSpan>& span) {
  Json physical;
  physical["artifactLocation"]["uri"] = uri_of(document.name);
  if (span && !is_taken_out(document)) {
    physical["region"] = {{"startLine", places.line(span->begin)},
                          {"startColumn", places.column(span->begin)},
                          {"endLine", places.line(span->end)},
                          {"endColumn", places.column(span->end)},
                          {"snippet", {{"text", places.slice(span->begin, span->end)}}}};
  }
  return {{"physicalLocation", std::move(physical)}};
}

std::string message_of(const Finding& finding) {
  std::string out = finding.message;
  if (!finding.arithmetic.empty()) out += ": " + finding.arithmetic;
  if (!finding.fix.empty()) out += fmt::format(". Mend: {}", finding.fix);
  return out;
}

size_t rule_index(const std::string& rule) {
  const auto found = std::ranges::find(audit_rules(), rule, &RuleText::id);
  CHECK(found != audit_rules().end(), "every rule has a line in audit_rules()");
  return static_cast<size_t>(found - audit_rules().begin());
}

Json result_json(const Audit& audit, const ArticleAudit& document, const TextPlaces& places,
                 const Finding& finding) {
  Json out;
  out["ruleId"] = finding.rule;
  out["ruleIndex"] = rule_index(finding.rule);
  out["level"] = level_of(finding.grade);
  out["message"]["text"] = message_of(finding);
  const auto spans = spans_of(document.article, finding);
  const Document& source = document.article.document;
  const auto first = spans.empty() ? std::nullopt : std::optional(spans.front());
  out["locations"] = Json::array({location_json(source, places, first)});
  Json related = Json::array();
  for (size_t i = 1; i < spans.size(); ++i) {
    related.push_back(location_json(source, places, spans[i]));
  }
  if (finding.elsewhere) {
    const Elsewhere& other = *finding.elsewhere;
    const Document& second = audit.documents[other.document].article.document;
    related.push_back(location_json(second, TextPlaces(second.text), other.span));
  }
  if (!related.empty()) out["relatedLocations"] = std::move(related);
  out["properties"] = {
      {"grade", name_of(finding.grade)}, {"arithmetic", finding.arithmetic}, {"fix", finding.fix}};
  return out;
}

Json driver_json() {
  Json rules = Json::array();
  for (const RuleText& rule : audit_rules()) {
    rules.push_back({{"id", rule.id},
                     {"shortDescription", {{"text", rule.text}}},
                     {"defaultConfiguration", {{"level", level_of(rule.grade)}}}});
  }
  return {{"name", "barometer audit"}, {"version", kVersion}, {"rules", std::move(rules)}};
}

}  // namespace

std::string audit_json(const Audit& audit) {
  if (audit.documents.size() == 1) return dumped(document_json(audit, audit.documents.front()));
  Json out;
  Json& documents = out["documents"] = Json::array();
  for (const ArticleAudit& document : audit.documents) {
    documents.push_back(document_json(audit, document));
  }
  return dumped(out);
}

std::string audit_sarif(const Audit& audit) {
  Json run;
  run["tool"]["driver"] = driver_json();
  run["columnKind"] = "unicodeCodePoints";
  Json& results = run["results"] = Json::array();
  for (const ArticleAudit& document : audit.documents) {
    const TextPlaces places(document.article.document.text);
    for (const Finding& finding : document.findings) {
      results.push_back(result_json(audit, document, places, finding));
    }
  }
  Json out;
  out["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
  out["version"] = "2.1.0";
  out["runs"] = Json::array({std::move(run)});
  return dumped(out);
}

}  // namespace barometer
