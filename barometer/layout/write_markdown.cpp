// Markdown with the tables of GitHub: one row of headings.
#include <fmt/format.h>

#include "barometer/layout/writers_internal.h"

namespace barometer {
namespace {

// Text that Markdown takes for nothing but text, on one line and within a table.
std::string markdown_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      if (std::string_view("\\`*_{}[]#|~$").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  // A line that starts so would be a list.
  const bool starts_list = !out.empty() && (out[0] == '+' || out[0] == '-' || out[0] == '=');
  return starts_list ? "\\" + out : out;
}

std::string label_of(const PrintedRow& row) {
  std::string indent;
  for (int level = 0; level < row.level; ++level) indent += "&nbsp;&nbsp;";
  const std::string label = markdown_text(row.label);
  if (row.label.empty()) return "";
  return indent + (row.kind == PrintedRow::Kind::kNet ? "**" + label + "**" : label);
}

std::string table_text(const PrintedTable& table) {
  const bool measures = table.has_measures();
  std::string head = measures ? "| Answer | Shown |" : "| Answer |";
  std::string rule = measures ? "|:--|:--|" : "|:--|";
  for (const PrintedColumn& column : table.columns) {
    head += fmt::format(" {} |", markdown_text(whole_heading(column)));
    rule += "--:|";
  }
  std::string out = head + "\n" + rule + "\n";
  for (const PrintedRow& row : table.rows) {
    out += fmt::format("| {} |", label_of(row));
    if (measures) out += fmt::format(" {} |", markdown_text(row.measure));
    for (const PrintedCell& cell : row.cells) {
      out += fmt::format(" {} |", markdown_text(text_with_letters(cell)));
    }
    out += "\n";
  }
  return out;
}

}  // namespace

std::string markdown_of(const PrintedBook& book) {
  std::string out = fmt::format("# {}\n\n", markdown_text(book.title));
  for (const auto& [label, text] : facts_of(book)) {
    out += fmt::format("**{}:** {}\n\n", label, markdown_text(text));
  }
  for (const PrintedTable& table : book.tables) {
    out += fmt::format("## {}\n\n", markdown_text(name_of_table(table)));
    for (const auto& [label, text] : facts_of(table)) {
      out += fmt::format("**{}:** {}\n\n", label, markdown_text(text));
    }
    out += table_text(table) + "\n";
    for (const std::string& note : table.notes) {
      out += fmt::format("- {}\n", markdown_text(note));
    }
    if (!table.notes.empty()) out += "\n";
  }
  if (!book.symbols.empty()) out += "## Symbols\n\n";
  for (const auto& [symbol, meaning] : book.symbols) {
    out += fmt::format("- {}: {}\n", markdown_text(symbol), markdown_text(meaning));
  }
  return out;
}

}  // namespace barometer
