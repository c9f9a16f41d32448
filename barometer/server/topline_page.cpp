#include "barometer/server/topline_page.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/server/page_layout.h"

namespace barometer {
namespace {

// Only what is printed as a share is drawn: what is hidden has no length.
Html bar_of(const Cell& cell) {
  const bool shown =
      cell.estimate.statistic == Statistic::kProportion && cell.estimate.value &&
      (cell.printed.marker == Marker::kNone || cell.printed.marker == Marker::kSmallBase);
  if (!shown) return {};
  const double share = std::clamp(*cell.estimate.value, 0.0, 1.0);
  const auto rectangle = [](const char* css, double width) {
    return element("rect", {{"class", css},
                            {"x", "0"},
                            {"y", "0"},
                            {"width", fmt::format("{:.1f}", width)},
                            {"height", "14"}});
  };
  return element("svg",
                 {{"viewbox", "0 0 200 14"},
                  {"preserveaspectratio", "none"},
                  {"aria-hidden", "true"},
                  {"class", "share"}},
                 {rectangle("rest", 200), rectangle("bar", share * 200)});
}

Html row_of(const Cell& cell) {
  return element(
      "tr", {{"class", "govuk-table__row"}},
      {element("th", {{"scope", "row"}, {"class", "govuk-table__header"}}, {text(cell.label)}),
       element("td", {{"class", "govuk-table__cell govuk-table__cell--numeric"}},
               {text(cell.printed.with_unit(cell.estimate.statistic))}),
       element("td", {{"class", "govuk-table__cell"}}, {bar_of(cell)})});
}

Html table_of(const ItemTable& table) {
  std::vector<Html> rows;
  for (const Cell& cell : table.respondents) rows.push_back(row_of(cell));
  const auto head = [](const char* words, bool numeric) {
    const char* css =
        numeric ? "govuk-table__header govuk-table__header--numeric" : "govuk-table__header";
    return element("th", {{"scope", "col"}, {"class", css}}, {text(words)});
  };
  const std::string caption = table.item.question();
  return element(
      "div",
      {{"class", "scroll chart"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", caption}},
      {element(
          "table", {{"class", "govuk-table numbers"}},
          {element("caption", {{"class", "govuk-table__caption"}}, {text(caption)}),
           element("thead", {{"class", "govuk-table__head"}},
                   {element("tr", {{"class", "govuk-table__row"}},
                            {head("Answer", false), head("Result", true), head("Share", false)})}),
           element("tbody", {{"class", "govuk-table__body"}}, rows)})});
}

}  // namespace

std::vector<Html> topline_body(const Topline& topline) {
  std::vector<Html> body = {paragraph(topline.note)};
  if (topline.suppressed > 0) {
    body.push_back(paragraph(fmt::format(
        "Hidden: {} results, as too few people stand behind them or as they would give such a "
        "result away.",
        topline.suppressed)));
  }
  for (const ItemTable& table : topline.tables.items) {
    if (!table.respondents.empty()) body.push_back(table_of(table));
  }
  body.push_back(hint_paragraph(
      "[c] hidden, as too few people stand behind it; [u] too few for a percentage; [x] not "
      "available; * more than none, rounds to none."));
  return body;
}

}  // namespace barometer
