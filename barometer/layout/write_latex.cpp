// A LaTeX document for pdflatex, xelatex or lualatex: booktabs and longtable.
//
// pdflatex stops at letters it has no glyph for; the preamble has it set a mark in their place, so
// that a label with an emoji does not cost the whole book.
#include <algorithm>

#include <fmt/format.h>

#include "barometer/layout/writers_internal.h"

namespace barometer {
namespace {

constexpr size_t kMostColumns = 7;  // side by side on a page

constexpr const char* kPreamble = R"(\documentclass[a4paper,10pt]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[utf8]{inputenc}
  \usepackage[T1]{fontenc}
  \makeatletter
  \def\UTFviii@undefined@err#1{\textup{[?]}}
  \makeatother
\else
  \usepackage{fontspec}
\fi
\usepackage{amssymb}
\usepackage{array}
\usepackage{booktabs}
\usepackage{longtable}
\usepackage[margin=18mm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\tabcolsep}{4pt}
\begin{document}
)";

const char* replacement_of(char c) {
  switch (c) {
    case '\\':
      return "\\textbackslash{}";
    case '{':
      return "\\{";
    case '}':
      return "\\}";
    case '$':
      return "\\$";
    case '&':
      return "\\&";
    case '#':
      return "\\#";
    case '%':
      return "\\%";
    case '_':
      return "\\_";
    case '^':
      return "\\textasciicircum{}";
    case '~':
      return "\\textasciitilde{}";
    case '<':
      return "\\textless{}";
    case '>':
      return "\\textgreater{}";
    case '|':
      return "\\textbar{}";
    case '"':
      return "\\textquotedbl{}";
    case '-':
      return "{-}";  // two are not one longer
    case '[':
      return "{[}";  // nor is this an option of the command before
    case ']':
      return "{]}";
    case '*':
      return "{*}";
    default:
      return nullptr;
  }
}

std::string latex_text(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = std::string_view(text).substr(at);
    if (rest.starts_with("▲") || rest.starts_with("▼")) {
      out += rest.starts_with("▲") ? "$\\blacktriangle$" : "$\\blacktriangledown$";
      at += std::string_view("▲").size() - 1;
    } else if (const char* escaped = replacement_of(text[at])) {
      out += escaped;
    } else {
      out += text[at];
    }
  }
  return out;
}

std::string heading_rows(const PrintedTable& table, const ColumnRange& block, bool measures) {
  const std::vector<HeadingSpan> spans = heading_spans(table, block);
  const size_t before = measures ? 2 : 1;
  std::string out;
  for (size_t level = 0; level < heading_levels(table, block); ++level) {
    std::string row = measures ? " &" : "";
    std::string rules;
    size_t next = block.first;
    for (const HeadingSpan& span : spans) {
      if (span.level + span.levels - 1 != level) continue;
      for (; next < span.first; ++next) row += " &";
      const size_t count = span.last - span.first;
      if (span.leaf) {
        row += " & " + latex_text(span.text);
      } else {
        const size_t first = before + span.first - block.first + 1;
        row += fmt::format(" & \\multicolumn{{{}}}{{l}}{{{}}}", count, latex_text(span.text));
        rules += fmt::format("\\cmidrule(lr){{{}-{}}}", first, first + count - 1);
      }
      next = span.last;
    }
    for (; next < block.last; ++next) row += " &";
    out += row + " \\\\\n" + (rules.empty() ? "" : rules + "\n");
  }
  return out;
}

std::string body_row(const PrintedRow& row, const ColumnRange& block, bool measures) {
  std::string out;
  if (row.level > 0 && !row.label.empty()) out += fmt::format("\\hspace*{{{}em}}", row.level);
  const bool net = row.kind == PrintedRow::Kind::kNet && !row.label.empty();
  out += net ? fmt::format("\\textbf{{{}}}", latex_text(row.label)) : latex_text(row.label);
  if (measures) out += " & " + latex_text(row.measure);
  for (size_t c = block.first; c < block.last; ++c) {
    out += " & " + latex_text(row.cells[c].text);
    const std::string& letters = row.cells[c].letters;
    if (!letters.empty()) out += fmt::format("\\,\\textsuperscript{{{}}}", latex_text(letters));
  }
  return out + " \\\\\n";
}

std::string block_text(const PrintedTable& table, const ColumnRange& block) {
  const bool measures = table.has_measures();
  const size_t columns = block.last - block.first;
  std::string out = "\\begin{longtable}{>{\\raggedright\\arraybackslash}p{45mm}";
  if (measures) out += "l";
  for (size_t c = 0; c < columns; ++c) out += ">{\\raggedleft\\arraybackslash}p{14mm}";
  const std::string head = heading_rows(table, block, measures);
  out +=
      fmt::format("}}\n\\toprule\n{0}\\midrule\n\\endfirsthead\n\\toprule\n{0}\\midrule\n", head);
  out += "\\endhead\n\\bottomrule\n\\endfoot\n";
  bool in_bases = false;
  for (const PrintedRow& row : table.rows) {
    if (in_bases && !is_base(row)) out += "\\midrule\n";
    in_bases = is_base(row);
    out += body_row(row, block, measures);
  }
  return out + "\\end{longtable}\n";
}

std::string facts_text(const std::vector<std::pair<std::string, std::string>>& facts) {
  std::string out;
  for (const auto& [label, text] : facts) {
    out += fmt::format("\\textbf{{{}:}} {}\\par\n", label, latex_text(text));
  }
  return out;
}

}  // namespace

std::string latex_of(const PrintedBook& book) {
  std::string out = kPreamble;
  out += fmt::format("\\section*{{{}}}\n", latex_text(book.title)) + facts_text(facts_of(book));
  for (const PrintedTable& table : book.tables) {
    out += fmt::format("\n\\subsection*{{{}}}\n", latex_text(name_of_table(table)));
    out += facts_text(facts_of(table));
    for (size_t first = 0; first < table.columns.size(); first += kMostColumns) {
      out += block_text(table, {first, std::min(first + kMostColumns, table.columns.size())});
    }
    out += "{\\footnotesize\n";
    for (const std::string& note : table.notes) out += latex_text(note) + "\\par\n";
    out += "}\n";
  }
  if (!book.symbols.empty()) {
    out += "\n\\subsection*{Symbols}\n\\begin{description}\n";
    for (const auto& [symbol, meaning] : book.symbols) {
      out += fmt::format("\\item[{{{}}}] {}\n", latex_text(symbol), latex_text(meaning));
    }
    out += "\\end{description}\n";
  }
  return out + "\\end{document}\n";
}

}  // namespace barometer
