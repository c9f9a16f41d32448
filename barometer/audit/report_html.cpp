// The articles as a page: claims marked, findings beside the paragraph they are in.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "barometer/audit/report.h"
#include "barometer/audit/report_internal.h"
#include "barometer/base/html.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

using wording::TextSpan;

// Without quotes, ampersands and angle brackets, which the builder would escape.
constexpr std::string_view kStyle =
    "body{margin:0 auto;max-width:76rem;padding:1rem;color:#111;background:#fff;"
    "font:1.05rem/1.55 system-ui,sans-serif}"
    "h1,h2,h3{line-height:1.25;overflow-wrap:anywhere}"
    ".row{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:1.5rem;"
    "border-top:1px solid #ddd}"
    ".row ol{margin:1rem 0;padding:0;list-style:none;font-size:.9rem}"
    ".row li{margin:0 0 .75rem;padding:.25rem .75rem;border-left:.3rem solid #555}"
    ".text{white-space:pre-line;overflow-wrap:anywhere}"
    "mark{background:#e9e9e9;color:#111;padding:0 .1em}"
    ".error{border-color:#a00}.base-mismatch,.wording{border-color:#a60}"
    "mark.error{background:#ffd6d6;border-bottom:3px solid #a00}"
    "mark.base-mismatch,mark.wording{background:#ffecc2;border-bottom:3px solid #a60}"
    "mark.no-finding{background:#e2f0e2}mark.not-ours{background:transparent;"
    "border-bottom:1px dotted #555}"
    ".grade{font-weight:bold}.sum{font-family:ui-monospace,monospace;overflow-wrap:anywhere}"
    "a{color:#0b3d91}sup a{padding:0 .15em}"
    "@media(max-width:50rem){.row{display:block}}";

std::string class_of(Grade grade) { return replaced(std::string(name_of(grade)), " ", "-"); }

// Words marked in the text: those of a claim, or of a finding that has none.
struct Mark {
  TextSpan span;
  std::optional<size_t> claim;
  std::vector<size_t> findings;  // places in ArticleAudit::findings
};

std::vector<Mark> marks_of(const ArticleAudit& document) {
  std::vector<Mark> marks;
  for (size_t i = 0; i < document.article.claims.size(); ++i) {
    marks.push_back({document.article.claims[i].span, i, {}});
  }
  for (size_t f = 0; f < document.findings.size(); ++f) {
    const Finding& finding = document.findings[f];
    for (const size_t claim : finding.claims) marks[claim].findings.push_back(f);
    if (finding.claims.empty() && finding.span && finding.grade != Grade::kDisclosureGap) {
      marks.push_back({*finding.span, std::nullopt, {f}});
    }
  }
  std::ranges::stable_sort(marks, {}, [](const Mark& mark) { return mark.span.begin; });
  return marks;
}

class PageReport {
 public:
  PageReport(const ArticleAudit& document, size_t number)
      : document_(document),
        places_(document.article.document.text),
        marks_(marks_of(document)),
        prefix_(fmt::format("d{}", number)) {}

  Html run() {
    const Document& source = document_.article.document;
    std::vector<Html> parts{labelled("h2", printable(source.name, 200)), summary()};
    for (const Block& block : source.blocks) parts.push_back(row(block));
    parts.push_back(rest());
    return element("section", {{"aria-label", printable(source.name, 200)}}, parts);
  }

 private:
  std::string id_of(size_t finding) const { return fmt::format("{}-f{}", prefix_, finding + 1); }

  Html summary() const {
    const auto errors = std::ranges::count(document_.findings, Grade::kError, &Finding::grade);
    if (document_.article.surveys.empty()) {
      return labelled("p", "No survey is reported here; nothing was checked.");
    }
    return labelled("p",
                    fmt::format("{} numbers read, {} checks made, {} findings, {} of them errors.",
                                document_.article.claims.size(), document_.checks.size(),
                                document_.findings.size(), errors));
  }

  Grade worst(const Mark& mark) const {
    Grade out = Grade::kNote;
    for (const size_t f : mark.findings) out = std::min(out, document_.findings[f].grade);
    return out;
  }

  std::string class_of_mark(const Mark& mark) const {
    if (!mark.findings.empty()) return class_of(worst(mark));
    const bool live = mark.claim && !document_.article.claims[*mark.claim].negative;
    return live ? "no-finding" : "not-ours";
  }

  Html marked(const Mark& mark) const {
    std::vector<Html> inside{text(places_.slice(mark.span.begin, mark.span.end))};
    for (const size_t f : mark.findings) {
      inside.push_back(element(
          "sup", {},
          {element("a",
                   {{"href", "#" + id_of(f)}, {"aria-label", fmt::format("finding {}", f + 1)}},
                   {text(fmt::to_string(f + 1))})}));
    }
    return element("mark", {{"class", class_of_mark(mark)}}, inside);
  }

  // The words of the block with its marks; findings that begin here are added to `shown`.
  Html words(const TextSpan& span, std::vector<size_t>& shown) {
    Html out;
    size_t at = span.begin;
    auto next = std::ranges::lower_bound(marks_, span.begin, {},
                                         [](const Mark& mark) { return mark.span.begin; });
    for (; next != marks_.end() && next->span.begin < span.end; ++next) {
      const Mark& mark = *next;
      if (mark.span.begin < at || mark.span.end > span.end) continue;
      out += text(places_.slice(at, mark.span.begin));
      out += marked(mark);
      at = mark.span.end;
      shown.insert(shown.end(), mark.findings.begin(), mark.findings.end());
    }
    out += text(places_.slice(at, span.end));
    return out;
  }

  static std::string_view tag_of(BlockKind kind) {
    switch (kind) {
      case BlockKind::kTitle:
      case BlockKind::kHeading:
        return "h3";
      case BlockKind::kQuotation:
        return "blockquote";
      default:
        return "p";
    }
  }

  Html row(const Block& block) {
    std::vector<size_t> shown;
    const Html inside = words(block.span, shown);
    const Html prose =
        element("div", {{"class", "text"}}, {element(tag_of(block.kind), {}, {inside})});
    return element("div", {{"class", "row"}}, {prose, list(shown)});
  }

  Html list(const std::vector<size_t>& places) {
    std::vector<Html> items;
    for (const size_t f : places) {
      const bool is_new = written_.insert(f).second;
      if (is_new) items.push_back(item(f));
    }
    if (items.empty()) return element("div", {}, {});
    return element("ol", {{"aria-label", "findings"}}, items);
  }

  Html item(size_t f) const {
    const Finding& finding = document_.findings[f];
    std::vector<Html> inside{
        element("span", {{"class", "grade"}},
                {text(fmt::format("{}. {}: ", f + 1, name_of(finding.grade)))}),
        text(finding.message + "."), element("br")};
    if (!finding.arithmetic.empty()) {
      inside.push_back(element("span", {{"class", "sum"}}, {text(finding.arithmetic)}));
      inside.push_back(element("br"));
    }
    if (!finding.fix.empty()) inside.push_back(text("Mend: " + finding.fix));
    return element("li", {{"id", id_of(f)}, {"class", class_of(finding.grade)}}, inside);
  }

  // Findings of the article as a whole.
  Html rest() {
    std::vector<size_t> left;
    for (size_t f = 0; f < document_.findings.size(); ++f) {
      if (!written_.contains(f)) left.push_back(f);
    }
    if (left.empty()) return {};
    return element("div", {{"class", "row"}},
                   {element("div", {}, {labelled("h3", "Of the article as a whole")}), list(left)});
  }

  const ArticleAudit& document_;
  TextPlaces places_;
  std::vector<Mark> marks_;
  std::string prefix_;
  std::set<size_t> written_;
};

}  // namespace

std::string audit_html(const Audit& audit) {
  std::vector<Html> body{labelled("h1", "Audit of published figures")};
  body.push_back(labelled(
      "p", fmt::format("{}; rounding {}. Green: read, nothing found. Dotted: a number that is no "
                       "finding of this survey.",
                       audit.with_ledger ? "Checked against a ledger and by arithmetic"
                                         : "Checked by arithmetic alone",
                       audit.rounding)));
  for (size_t i = 0; i < audit.documents.size(); ++i) {
    body.push_back(PageReport(audit.documents[i], i + 1).run());
  }
  Html head = element("meta", {{"charset", "utf-8"}});
  head +=
      element("meta", {{"name", "viewport"}, {"content", "width=device-width,initial-scale=1"}});
  head += labelled("title", "Audit of published figures");
  head += element("style", {}, {text(kStyle)});
  return document("en", head, element("main", {}, body)).bytes();
}

}  // namespace barometer
