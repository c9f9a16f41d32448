// reconstruction.md: what was found and what it is worth, for a reader.
#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/reconstruct/reconstruct.h"

namespace barometer {
namespace {

// Text inside a Markdown table cell.
std::string cell(const std::string& text) {
  return replaced(replaced(replaced(text, "\n", " "), "|", "\\|"), "<", "&lt;");
}

std::string range_text(const WholeRange& range) {
  if (range.empty()) return "";
  return range.low == range.high
             ? with_thousands(range.low)
             : fmt::format("{} to {}", with_thousands(range.low), with_thousands(range.high));
}

std::string head_text(const Reconstruction& record) {
  std::string out = fmt::format(
      "# Reconstruction from published figures\n\n**{}, wave {}. These are not the original "
      "answers**, which were never public. The responses beside this page were worked out from "
      "figures printed elsewhere, so that every one of those figures comes out again. Only what "
      "the figures fix is real.\n\n",
      cell(record.title), cell(record.wave));
  out += fmt::format("- Respondents: {}, {}\n", with_thousands(record.n),
                     record.n_printed ? "as printed."
                                      : "**assumed: no number of respondents was ever printed. "
                                        "Every base and count below rests on it.**");
  out += fmt::format("- Organisations: {}, {}\n\n", with_thousands(record.organisations),
                     record.organisations_printed
                         ? "as printed."
                         : "not printed and not identified: as many as could have answered.");
  return out;
}

std::string figures_text(const Reconstruction& record) {
  std::string out =
      "## Every published figure\n\n"
      "| figure | question | answer | printed | base | count found | over all solutions | comes "
      "out as | |\n|---|---|---|---:|---:|---:|---:|---:|---|\n";
  for (const FoundFigure& figure : record.figures) {
    const std::string remark = figure.used ? figure.how : "not used: " + figure.how;
    out += fmt::format("| {} ({}{}) | {} | {} | {} | {} | {} | {} | {} | {} |\n", cell(figure.id),
                       cell(figure.source), figure.derived ? "; worked out, not printed" : "",
                       cell(figure.item.empty() ? figure.kind : figure.item), cell(figure.answer),
                       cell(figure.printed), figure.base > 0 ? with_thousands(figure.base) : "",
                       figure.used ? with_thousands(figure.count) : "",
                       figure.used ? range_text(figure.range) : "", cell(figure.recomputed),
                       remark.empty() ? "ok" : (figure.used ? "ok: " : "") + cell(remark));
  }
  return out + "\n";
}

std::string bases_text(const Reconstruction& record) {
  std::string out;
  for (const FoundItem& item : record.items) {
    if (!item.base_searched) continue;
    out += fmt::format("| {} | {} | {}{} |\n", cell(item.item), with_thousands(item.base),
                       item.bases_complete ? "" : "…, ", runs_text(item.bases));
  }
  if (out.empty()) return "";
  return "## Bases that no figure states\n\nThe largest that fits was taken: the fewest missing "
         "answers.\n\n| question | base taken | bases that fit |\n|---|---:|---|\n" +
         out + "\n";
}

std::string identified_text(const Reconstruction& record) {
  std::string out =
      "## What the figures fix\n\nThe least and most of each count over all solutions at its base. "
      "An answer that does not print alike over all of them, at every base that fits, is marked "
      "not available in anything published.\n\n"
      "| question | answer | base | least | most | prints as |\n|---|---|---:|---:|---:|---:|\n";
  for (const FoundAnswer& answer : record.identified) {
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", cell(answer.item), cell(answer.label),
                       with_thousands(answer.base), with_thousands(answer.range.low),
                       with_thousands(answer.range.high),
                       answer.printed_fixed ? answer.printed.text() : "not fixed");
  }
  return out + "\n";
}

}  // namespace

std::string reconstruction_markdown(const Reconstruction& record) {
  std::string out = head_text(record);
  out += "## What is assumed and what is made up\n\n";
  for (const std::string& note : record.notes) out += "- " + replaced(note, "<", "&lt;") + "\n";
  return out + "\n" + figures_text(record) + bases_text(record) + identified_text(record);
}

}  // namespace barometer
