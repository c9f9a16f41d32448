// Whatever the text: claims and findings stand inside it, and each report can be written.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "barometer/audit/audit.h"
#include "barometer/audit/report.h"
#include "barometer/base/result.h"
#include "barometer/ledger/read.h"

namespace {

const barometer::Ledger& ledger() {
  static const barometer::Ledger read = *barometer::ledger_from_csv(
      "id,kind,wave,item,answer,label,printed,value,n,count,question,marker\n"
      "w.wave.n,count,w,,,Respondents,94,94,,94,,\n"
      "w.wave.frame,count,w,,,Groups,211,211,,211,,\n"
      "w.wave.coverage,coverage,w,,,Share,41,40.75829383886256,211,86,,\n"
      "w.leave.likely.respondents,percent,w,leave,likely,Likely,63,62.765957446808514,94,59,"
      "How likely is it that you would leave your position?,\n"
      "w.leave.unlikely.respondents,percent,w,leave,unlikely,Unlikely,[c],,94,,"
      "How likely is it that you would leave your position?,[c]\n",
      "l.csv");
  return read;
}

void check(const barometer::Audit& audit) {
  for (const barometer::ArticleAudit& document : audit.documents) {
    size_t length = 0;
    for (const char c : document.article.document.text) {
      if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++length;
    }
    for (const barometer::Finding& finding : document.findings) {
      for (const size_t claim : finding.claims) {
        CHECK(claim < document.article.claims.size(), "a finding names claims that are there");
      }
      if (finding.span) CHECK(finding.span->end <= length, "a span stands in the text");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const auto format = static_cast<barometer::DocumentFormat>(bytes[0] % 3);
  auto document = barometer::read_document(text, format, "a.txt");
  if (!document) return 0;
  const int64_t base = bytes[0];
  barometer::Article article =
      barometer::read_claims(*document, {base > 0 ? std::optional(base) : std::nullopt, 211});
  barometer::Article twin = article;
  barometer::AuditOptions options;
  if (base % 2 == 1) options.ledger = &ledger();
  const barometer::Audit audit = audit_articles({std::move(article), std::move(twin)}, options);
  check(audit);
  for (const std::string& report :
       {audit_text(audit, {true, 60}), audit_json(audit), audit_sarif(audit), audit_html(audit)}) {
    CHECK(!report.empty(), "every report says something");
  }
  return 0;
}
