#include "barometer/layout/writers_internal.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/layout/print_internal.h"

namespace barometer {
namespace {

// Whether both columns stand under the same headings down to `level`.
bool same_down_to(const PrintedColumn& a, const PrintedColumn& b, size_t level) {
  if (a.headings.size() != b.headings.size() || a.headings.size() <= level + 1) return false;
  return std::equal(a.headings.begin(), a.headings.begin() + static_cast<ptrdiff_t>(level) + 1,
                    b.headings.begin());
}

void add_fact(std::vector<std::pair<std::string, std::string>>& facts, const char* label,
              const std::string& text) {
  if (!text.empty()) facts.emplace_back(label, text);
}

}  // namespace

size_t heading_levels(const PrintedTable& table, ColumnRange columns) {
  size_t levels = 1;
  for (size_t c = columns.first; c < columns.last; ++c) {
    levels = std::max(levels, table.columns[c].headings.size());
  }
  return levels;
}

std::vector<HeadingSpan> heading_spans(const PrintedTable& table, ColumnRange columns) {
  const size_t levels = heading_levels(table, columns);
  std::vector<HeadingSpan> spans;
  for (size_t c = columns.first; c < columns.last; ++c) {
    const PrintedColumn& column = table.columns[c];
    const size_t own = column.headings.size();
    for (size_t h = 0; h < own; ++h) {
      const bool leaf = h + 1 == own;
      const bool joins =
          !leaf && c > columns.first && same_down_to(table.columns[c - 1], column, h);
      if (joins) continue;
      HeadingSpan span = {.first = c, .last = c + 1, .leaf = leaf, .text = column.headings[h]};
      span.level = h == 0 ? 0 : levels - own + h;
      span.levels = h == 0 ? levels - own + 1 : 1;
      while (!leaf && span.last < columns.last &&
             same_down_to(table.columns[span.last - 1], table.columns[span.last], h)) {
        ++span.last;
      }
      if (leaf && !column.letter.empty()) span.text += fmt::format(" ({})", column.letter);
      spans.push_back(std::move(span));
    }
  }
  return spans;
}

std::string whole_heading(const PrintedColumn& column) {
  const std::string name = name_of_column(column);
  return column.letter.empty() ? name : fmt::format("{} ({})", name, column.letter);
}

std::string name_of_table(const PrintedTable& table) {
  return table.title == table.id ? table.id : fmt::format("{}: {}", table.id, table.title);
}

std::string text_with_letters(const PrintedCell& cell) {
  return cell.letters.empty() ? cell.text : cell.text + " " + cell.letters;
}

bool is_base(const PrintedRow& row) {
  return row.kind == PrintedRow::Kind::kBase || row.kind == PrintedRow::Kind::kWeightedBase ||
         row.kind == PrintedRow::Kind::kEffectiveBase;
}

std::vector<std::pair<std::string, std::string>> facts_of(const PrintedTable& table) {
  std::vector<std::pair<std::string, std::string>> facts;
  if (table.question != table.title) add_fact(facts, "Question", table.question);
  add_fact(facts, "Base", table.base);
  add_fact(facts, "Filter", table.filter);
  add_fact(facts, "Weight", table.weight);
  add_fact(facts, "Shown", table.percent_base);
  return facts;
}

std::vector<std::pair<std::string, std::string>> facts_of(const PrintedBook& book) {
  std::vector<std::pair<std::string, std::string>> facts;
  add_fact(facts, "Source", book.source);
  add_fact(facts, "Weighting", book.weighting);
  add_fact(facts, "Rounding", book.rounding);
  add_fact(facts, "Method", book.method);
  return facts;
}

}  // namespace barometer
