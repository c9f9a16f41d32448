// One page that a screen reader can walk: contents, and tables with captions and scopes.
#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/html.h"
#include "barometer/layout/writers_internal.h"

namespace barometer {
namespace {

constexpr const char* kStyle =
    "body{font:1rem/1.5 sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#222}"
    ".scroll{overflow-x:auto}table{border-collapse:collapse;margin:1rem 0}"
    "caption{text-align:left;font-weight:bold;padding:.5rem 0}"
    "th,td{padding:.25rem .6rem;text-align:right;vertical-align:bottom;"
    "border-bottom:1px solid #ddd}"
    "tbody th,thead tr:first-child th:first-child{text-align:left}tbody th{font-weight:normal}"
    "thead th{border-bottom:1px solid #555}th[scope=colgroup]{text-align:center}"
    "tr.net th{font-weight:bold}tr.base th,tr.base td{color:#555}"
    ".level1{padding-left:1.6rem}.level2{padding-left:3.2rem}"
    ".letters{font-size:.8em;margin-left:.3em}.higher{color:#00622b}.lower{color:#a1141f}"
    ".notes,dl{font-size:.9rem}dt{font-weight:bold}";

using Kind = PrintedRow::Kind;

Html head_of(const PrintedTable& table, bool measures) {
  const ColumnRange all = {0, table.columns.size()};
  const size_t levels = heading_levels(table, all);
  std::vector<Html> rows;
  for (size_t level = 0; level < levels; ++level) {
    std::vector<Html> cells;
    if (level == 0) {
      const std::string span = std::to_string(levels);
      cells.push_back(element("th", {{"scope", "col"}, {"rowspan", span}}, {text("Answer")}));
      if (measures) {
        cells.push_back(element("th", {{"scope", "col"}, {"rowspan", span}}, {text("Shown")}));
      }
    }
    for (const HeadingSpan& span : heading_spans(table, all)) {
      if (span.level != level) continue;
      std::vector<Attribute> attributes = {{"scope", span.leaf ? "col" : "colgroup"}};
      if (span.last - span.first > 1) {
        attributes.push_back({"colspan", std::to_string(span.last - span.first)});
      }
      if (span.levels > 1) attributes.push_back({"rowspan", std::to_string(span.levels)});
      cells.push_back(element("th", attributes, {text(span.text)}));
    }
    rows.push_back(element("tr", {}, cells));
  }
  return element("thead", {}, rows);
}

Html cell_of(const PrintedCell& cell) {
  std::vector<Html> parts = {text(cell.text)};
  if (!cell.figure.empty()) {
    parts = {element("a", {{"href", "ledger.html#" + cell.figure}, {"id", cell.figure}},
                     {text(cell.text)})};
  }
  if (!cell.letters.empty()) {
    const char* direction = cell.direction < 0 ? "letters lower" : "letters higher";
    parts.push_back(text(" "));
    parts.push_back(element("span", {{"class", direction}}, {text(cell.letters)}));
  }
  return element("td", {}, parts);
}

std::string class_of(const PrintedRow& row) {
  if (is_base(row)) return "base";
  return row.kind == Kind::kNet ? "net" : "answer";
}

// Rows [first, last): an answer and its measures.
Html group_of(const PrintedTable& table, size_t first, size_t last, bool measures) {
  std::vector<Html> rows;
  for (size_t r = first; r < last; ++r) {
    const PrintedRow& row = table.rows[r];
    std::vector<Html> cells;
    if (r == first) {
      std::vector<Attribute> attributes = {{"scope", last - first > 1 ? "rowgroup" : "row"}};
      if (last - first > 1) attributes.push_back({"rowspan", std::to_string(last - first)});
      if (row.level > 0) {
        attributes.push_back({"class", fmt::format("level{}", std::min(row.level, 2))});
      }
      cells.push_back(element("th", attributes, {text(row.label)}));
    }
    if (measures && row.measure.empty()) cells.push_back(element("td"));
    if (measures && !row.measure.empty()) {
      cells.push_back(element("th", {{"scope", "row"}}, {text(row.measure)}));
    }
    for (const PrintedCell& cell : row.cells) cells.push_back(cell_of(cell));
    rows.push_back(element("tr", {{"class", class_of(row)}}, cells));
  }
  return element("tbody", {}, rows);
}

Html facts_html(const std::vector<std::pair<std::string, std::string>>& facts) {
  std::vector<Html> items;
  for (const auto& [label, words] : facts) {
    items.push_back(element("dt", {}, {text(label)}));
    items.push_back(element("dd", {}, {text(words)}));
  }
  return element("dl", {}, items);
}

Html table_html(const PrintedTable& table) {
  const bool measures = table.has_measures();
  const std::string caption = name_of_table(table);
  std::vector<Html> parts = {labelled("caption", caption), head_of(table, measures)};
  for (size_t first = 0; first < table.rows.size();) {
    size_t last = first + 1;
    while (last < table.rows.size() && table.rows[last].kind == Kind::kMeasure) ++last;
    parts.push_back(group_of(table, first, last, measures));
    first = last;
  }
  return element(
      "div", {{"class", "scroll"}, {"role", "region"}, {"tabindex", "0"}, {"aria-label", caption}},
      {element("table", {}, parts)});
}

Html section_html(const PrintedTable& table) {
  std::vector<Html> notes;
  for (const std::string& note : table.notes) notes.push_back(labelled("li", note));
  std::vector<Html> parts = {labelled("h2", table.title), facts_html(facts_of(table)),
                             table_html(table)};
  if (!notes.empty()) parts.push_back(element("ul", {{"class", "notes"}}, notes));
  return element("section", {{"id", "table-" + table.id}}, parts);
}

Html contents_html(const PrintedBook& book) {
  std::vector<Html> items;
  for (const PrintedTable& table : book.tables) {
    items.push_back(element("li", {}, {link("#table-" + table.id, name_of_table(table))}));
  }
  return element("nav", {{"aria-label", "Contents"}},
                 {labelled("h2", "Contents"), element("ul", {}, items)});
}

}  // namespace

std::string html_of(const PrintedBook& book, const BackLink& back) {
  Html head = element("meta", {{"charset", "utf-8"}});
  head +=
      element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  head += labelled("title", book.title);
  head += labelled("style", kStyle);
  std::vector<Html> main;
  if (!back.href.empty()) main.push_back(element("p", {}, {link(back.href, back.words)}));
  main.insert(main.end(),
              {labelled("h1", book.title), facts_html(facts_of(book)), contents_html(book)});
  for (const PrintedTable& table : book.tables) main.push_back(section_html(table));
  if (!book.symbols.empty()) {
    main.push_back(element("section", {{"id", "symbols"}},
                           {labelled("h2", "Symbols"), facts_html(book.symbols)}));
  }
  return document("en", head, element("main", {}, main)).bytes();
}

}  // namespace barometer
