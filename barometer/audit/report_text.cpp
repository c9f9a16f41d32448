// The audit on a terminal.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "barometer/audit/report.h"
#include "barometer/audit/report_internal.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

using wording::TextSpan;

constexpr std::string_view kPlainInk = "\x1b[0m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kYellow = "\x1b[1;33m";
constexpr std::string_view kBlue = "\x1b[1;34m";

std::string_view ink_of(Grade grade) {
  switch (grade) {
    case Grade::kError:
      return kRed;
    case Grade::kBaseMismatch:
    case Grade::kWording:
      return kYellow;
    default:
      return kBlue;
  }
}

// One line of the text round the spans: controls become spaces, so that a column is a code point.
struct Excerpt {
  std::string text;
  std::string carets;
};

// Code points that a terminal draws in no column, or that move its cursor.
bool is_drawn(std::string_view code_point) {
  if (code_point.size() == 1) return code_point[0] >= ' ' && code_point[0] != 0x7F;
  const auto first = static_cast<unsigned char>(code_point[0]);
  const auto second = static_cast<unsigned char>(code_point[1]);
  if (first == 0xC2 && second < 0xA1) return false;  // C1 controls and the no-break space
  if (first == 0xCC || (first == 0xCD && second < 0xB0)) return false;  // combining marks
  if (first == 0xE2 && code_point.size() == 3) {
    const auto third = static_cast<unsigned char>(code_point[2]);
    const bool format = second == 0x80 && (third <= 0x8F || (third >= 0xA8 && third <= 0xAF));
    if (format || (second == 0x81 && third >= 0xA0)) return false;  // widths, directions
  }
  return code_point != "\xEF\xBB\xBF";
}

Excerpt excerpt_of(const TextPlaces& places, TextSpan window, const std::vector<TextSpan>& spans) {
  Excerpt out;
  for (size_t at = window.begin; at < window.end; ++at) {
    const std::string_view point = places.slice(at, at + 1);
    out.text += is_drawn(point) ? std::string(point) : std::string(" ");
    const bool marked = std::ranges::any_of(
        spans, [&](const TextSpan& span) { return span.begin <= at && at < span.end; });
    out.carets += marked ? '^' : ' ';
  }
  out.carets.resize(out.carets.find_last_not_of(' ') + 1);
  return out;
}

// The part of a sentence that a line has room for, with the first span in it.
TextSpan window_of(const TextSpan& sentence, const TextSpan& first, size_t room) {
  TextSpan out = sentence;
  if (out.end - out.begin <= room) return out;
  const size_t length = std::min(first.end - first.begin, room);
  const size_t lead = (room - length) / 2;
  out.begin = first.begin > sentence.begin + lead ? first.begin - lead : sentence.begin;
  out.end = std::min(out.begin + room, sentence.end);
  out.begin = out.end > sentence.begin + room ? out.end - room : sentence.begin;
  return out;
}

TextSpan sentence_at(const Document& document, const TextSpan& span) {
  const auto next = std::ranges::upper_bound(document.sentences, span.begin, {},
                                             [](const Sentence& s) { return s.span.begin; });
  if (next == document.sentences.begin()) return span;
  const TextSpan last = std::prev(next)->span;
  return span.begin < last.end ? last : span;
}

// ":9:41"; of text that was taken out of a file, whose lines are not the file's, ", block 5".
std::string place_of(const Document& document, const TextPlaces& places, size_t code_point) {
  const bool lines =
      document.format != DocumentFormat::kPdf && document.format != DocumentFormat::kHtml;
  if (lines) return fmt::format(":{}:{}", places.line(code_point), places.column(code_point));
  const auto next = std::ranges::upper_bound(document.blocks, code_point, {},
                                             [](const Block& block) { return block.span.begin; });
  return fmt::format(", block {}", std::max<std::ptrdiff_t>(1, next - document.blocks.begin()));
}

class TextReport {
 public:
  TextReport(const Audit& audit, const ReportStyle& style) : audit_(audit), style_(style) {}

  std::string run() {
    for (const ArticleAudit& document : audit_.documents) {
      if (&document != audit_.documents.data()) out_ += "\n";
      write(document);
    }
    return std::move(out_);
  }

 private:
  std::string inked(std::string_view ink, std::string_view text) const {
    if (!style_.colours) return std::string(text);
    return fmt::format("{}{}{}", ink, text, kPlainInk);
  }

  static std::string shown_name(const Document& document) { return printable(document.name, 200); }

  void write(const ArticleAudit& document) {
    const TextPlaces places(document.article.document.text);
    if (document.article.surveys.empty()) {
      out_ += fmt::format("{}: no survey is reported here; {} numbers read, none checked\n",
                          shown_name(document.article.document), document.article.claims.size());
      return;
    }
    for (const Finding& finding : document.findings) {
      if (finding.grade != Grade::kDisclosureGap || !finding.claims.empty()) {
        write(document, places, finding);
      }
    }
    write_gaps(document);
    write_summary(document);
  }

  void write(const ArticleAudit& document, const TextPlaces& places, const Finding& finding) {
    const Document& source = document.article.document;
    const std::vector<TextSpan> spans = spans_of(document.article, finding);
    std::string where = shown_name(source);
    if (!spans.empty()) where += place_of(source, places, spans[0].begin);
    out_ += fmt::format("{}: {}: {} [{}]\n", inked(kBold, where),
                        inked(ink_of(finding.grade), name_of(finding.grade)),
                        printable(finding.message, 400), finding.rule);
    write_excerpts(source, places, spans);
    if (finding.elsewhere) write_elsewhere(*finding.elsewhere);
    if (!finding.arithmetic.empty()) out_ += fmt::format("  {}\n", finding.arithmetic);
    if (!finding.fix.empty()) out_ += fmt::format("  mend: {}\n", finding.fix);
  }

  // The sentences that the finding speaks of, the first few of them.
  void write_excerpts(const Document& source, const TextPlaces& places,
                      const std::vector<TextSpan>& spans) {
    constexpr size_t kMostLines = 4;
    constexpr size_t kIndent = 4;
    std::vector<size_t> seen;
    for (const TextSpan& span : spans) {
      const TextSpan sentence = sentence_at(source, span);
      if (std::ranges::find(seen, sentence.begin) != seen.end()) continue;
      if (seen.size() == kMostLines) return;
      seen.push_back(sentence.begin);
      const size_t room = std::max<size_t>(style_.width, 40) - kIndent - 2;
      const Excerpt excerpt = excerpt_of(places, window_of(sentence, span, room), spans);
      out_ += fmt::format("    {}\n    {}\n", excerpt.text, inked(kRed, excerpt.carets));
    }
  }

  void write_elsewhere(const Elsewhere& other) {
    const Document& source = audit_.documents[other.document].article.document;
    const TextPlaces places(source.text);
    out_ += fmt::format("  {}{}: “{}”\n", shown_name(source),
                        place_of(source, places, other.span.begin), printable(other.quote, 200));
  }

  void write_gaps(const ArticleAudit& document) {
    bool any = false;
    for (const Finding& finding : document.findings) {
      constexpr std::string_view kOpening = "the article does not say ";
      if (finding.grade != Grade::kDisclosureGap || !finding.claims.empty()) continue;
      if (!any) {
        out_ +=
            fmt::format("{}: {}: the article does not say\n", shown_name(document.article.document),
                        inked(ink_of(finding.grade), name_of(finding.grade)));
      }
      any = true;
      std::string_view what = finding.message;
      if (what.starts_with(kOpening)) what.remove_prefix(kOpening.size());
      out_ += fmt::format("  - {} [{}]\n", what, finding.rule);
    }
  }

  static std::string tally(const ArticleAudit& document) {
    std::vector<std::string> words;
    for (const Grade grade : {Grade::kError, Grade::kBaseMismatch, Grade::kWording,
                              Grade::kDisclosureGap, Grade::kNote}) {
      const auto count = std::ranges::count(document.findings, grade, &Finding::grade);
      if (count == 0) continue;
      const bool plural = count > 1 && grade != Grade::kWording;
      words.push_back(fmt::format("{} {}{}", count, name_of(grade),
                                  !plural                         ? ""
                                  : grade == Grade::kBaseMismatch ? "es"
                                                                  : "s"));
    }
    return words.empty() ? "nothing found" : join(words, ", ");
  }

  void write_summary(const ArticleAudit& document) {
    const auto live = std::ranges::count(document.article.claims, false, &Claim::negative);
    std::map<Possibility, size_t> outcomes;
    for (const CheckMade& check : document.checks) ++outcomes[check.outcome];
    std::vector<std::string> words;
    for (const Possibility outcome : {Possibility::kPossible, Possibility::kImpossible,
                                      Possibility::kNoPower, Possibility::kNoBase}) {
      if (outcomes.contains(outcome)) {
        words.push_back(fmt::format("{} {}", outcomes[outcome], name_of(outcome)));
      }
    }
    out_ += fmt::format("{}: {} claims; {}\n", inked(kBold, shown_name(document.article.document)),
                        live, tally(document));
    out_ += fmt::format("  {} checks{}{}; rounding {}; {}\n", document.checks.size(),
                        words.empty() ? "" : ": ", join(words, ", "), audit_.rounding,
                        audit_.with_ledger ? "against a ledger" : "arithmetic alone, no ledger");
    if (document.weighted) {
      out_ += "  answers were weighted: whole counts were not asked of the figures\n";
    }
    if (audit_.with_ledger) write_matches(document);
  }

  void write_matches(const ArticleAudit& document) {
    std::vector<std::string> words;
    for (const LedgerGrade grade :
         {LedgerGrade::kConfirmed, LedgerGrade::kWrong, LedgerGrade::kOtherBase,
          LedgerGrade::kNotPublished, LedgerGrade::kSuppressed, LedgerGrade::kUnclear}) {
      const auto count = std::ranges::count(document.matches, grade, &LedgerMatch::grade);
      if (count > 0) words.push_back(fmt::format("{} {}", count, name_of(grade)));
    }
    out_ += fmt::format("  ledger: {}\n", words.empty() ? "no claim matched" : join(words, ", "));
  }

  const Audit& audit_;
  ReportStyle style_;
  std::string out_;
};

}  // namespace

std::string audit_text(const Audit& audit, const ReportStyle& style) {
  return TextReport(audit, style).run();
}

}  // namespace barometer
