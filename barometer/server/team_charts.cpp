#include <algorithm>

#include <fmt/format.h>

#include "barometer/server/team_pages.h"

namespace barometer {
namespace {

constexpr int kWidth = 640;
constexpr int kLabelWidth = 190;
constexpr int kRowHeight = 26;

std::string px(double value) { return fmt::format("{:.1f}", value); }

Html svg_text(double x, double y, const char* anchor, const std::string& words) {
  return element("text", {{"x", px(x)}, {"y", px(y)}, {"text-anchor", anchor}}, {text(words)});
}

Html rectangle(const char* css, double x, double y, double width, double height) {
  return element(
      "rect",
      {{"class", css}, {"x", px(x)}, {"y", px(y)}, {"width", px(width)}, {"height", px(height)}});
}

// A drawing with its title; the numbers are in a table beside it.
Html drawing(const std::string& title, int height, const std::vector<Html>& marks) {
  return element("svg",
                 {{"viewbox", fmt::format("0 0 {} {}", kWidth, height)},
                  {"role", "img"},
                  {"aria-label", title + ". The numbers are in the table below."}},
                 marks);
}

std::string shortened(const std::string& name) {
  size_t end = 0;
  size_t characters = 0;
  while (end < name.size() && characters < 26) {
    ++end;
    while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) ++end;
    ++characters;
  }
  return end < name.size() ? name.substr(0, end) + "…" : name;
}

Html numbers_table(const std::vector<std::string>& head,
                   const std::vector<std::vector<std::string>>& rows, const std::string& caption) {
  std::vector<Html> cells;
  for (size_t i = 0; i < head.size(); ++i) {
    cells.push_back(
        element("th",
                {{"scope", "col"},
                 {"class", i == 0 ? "govuk-table__header"
                                  : "govuk-table__header govuk-table__header--numeric"}},
                {text(head[i])}));
  }
  std::vector<Html> body;
  for (const auto& row : rows) {
    std::vector<Html> line = {
        element("th", {{"scope", "row"}, {"class", "govuk-table__header"}}, {text(row[0])})};
    for (size_t i = 1; i < row.size(); ++i) {
      line.push_back(element("td", {{"class", "govuk-table__cell govuk-table__cell--numeric"}},
                             {text(row[i])}));
    }
    body.push_back(element("tr", {{"class", "govuk-table__row"}}, line));
  }
  const Html table =
      element("table", {{"class", "govuk-table numbers"}},
              {element("caption", {{"class", "govuk-table__caption govuk-visually-hidden"}},
                       {text(caption)}),
               element("thead", {{"class", "govuk-table__head"}},
                       {element("tr", {{"class", "govuk-table__row"}}, cells)}),
               element("tbody", {{"class", "govuk-table__body"}}, body)});
  return element("details", {{"class", "govuk-details"}},
                 {element("summary", {{"class", "govuk-details__summary"}},
                          {element("span", {{"class", "govuk-details__summary-text"}},
                                   {text("Numbers: " + caption)})}),
                  element("div",
                          {{"class", "govuk-details__text scroll"},
                           {"tabindex", "0"},
                           {"role", "region"},
                           {"aria-label", caption}},
                          {table})});
}

}  // namespace

Html response_bars(const std::string& title, const std::vector<ResponseRow>& rows) {
  int64_t most = 1;
  for (const ResponseRow& row : rows) most = std::max(most, row.people.total());
  const double scale = static_cast<double>(kWidth - kLabelWidth - 70) / static_cast<double>(most);
  std::vector<Html> marks;
  std::vector<std::vector<std::string>> table;
  for (size_t i = 0; i < rows.size(); ++i) {
    const double y = static_cast<double>(i) * kRowHeight + 4;
    const auto complete = static_cast<double>(rows[i].people.complete);
    const auto all = static_cast<double>(rows[i].people.total());
    const std::string group = rows[i].group.empty() ? "(none)" : rows[i].group;
    marks.push_back(svg_text(kLabelWidth - 8, y + 13, "end", shortened(group)));
    marks.push_back(rectangle("rest", kLabelWidth, y, all * scale, 18));
    marks.push_back(rectangle("bar", kLabelWidth, y, complete * scale, 18));
    marks.push_back(
        svg_text(kLabelWidth + all * scale + 6, y + 13, "start",
                 fmt::format("{} of {}", rows[i].people.complete, rows[i].people.total())));
    table.push_back({group, fmt::format("{}", rows[i].people.total()),
                     fmt::format("{}", rows[i].people.complete),
                     fmt::format("{}", rows[i].people.partial),
                     fmt::format("{}", rows[i].people.refusal)});
  }
  const int height = static_cast<int>(rows.size()) * kRowHeight + 8;
  return element(
      "figure", {{"class", "chart"}},
      {element("figcaption", {{"class", "govuk-heading-m"}}, {text(title)}),
       drawing(title, height, marks),
       numbers_table({"Group", "People", "Complete", "Partial", "Refused"}, table, title)});
}

Html response_line(const std::string& title, const std::vector<DayRow>& days) {
  constexpr int kHeight = 240;
  constexpr double kLeft = 50;
  constexpr double kBottom = kHeight - 30;
  size_t most = 1;
  for (const DayRow& day : days) most = std::max(most, day.completed_so_far);
  const double step =
      days.size() > 1 ? (kWidth - kLeft - 20) / static_cast<double>(days.size() - 1) : 0.0;
  std::string points;
  std::vector<std::vector<std::string>> table;
  for (size_t i = 0; i < days.size(); ++i) {
    const double share = static_cast<double>(days[i].completed_so_far) / static_cast<double>(most);
    points += fmt::format("{}{:.1f},{:.1f}", i == 0 ? "" : " ",
                          kLeft + step * static_cast<double>(i), kBottom - share * (kBottom - 20));
    table.push_back({days[i].day, fmt::format("{}", days[i].invited),
                     fmt::format("{}", days[i].completed), fmt::format("{}", days[i].declined),
                     fmt::format("{}", days[i].completed_so_far)});
  }
  std::vector<Html> marks = {element("line", {{"class", "axis"},
                                              {"x1", px(kLeft)},
                                              {"x2", px(kWidth - 20)},
                                              {"y1", px(kBottom)},
                                              {"y2", px(kBottom)}}),
                             element("polyline", {{"class", "line"}, {"points", points}}),
                             svg_text(kLeft - 6, kBottom + 4, "end", "0"),
                             svg_text(kLeft - 6, 24, "end", fmt::format("{}", most))};
  if (!days.empty()) {
    marks.push_back(svg_text(kLeft, kHeight - 10, "start", days.front().day));
    if (days.size() > 1)
      marks.push_back(svg_text(kWidth - 20, kHeight - 10, "end", days.back().day));
  }
  return element("figure", {{"class", "chart"}},
                 {element("figcaption", {{"class", "govuk-heading-m"}}, {text(title)}),
                  drawing(title, kHeight, marks),
                  numbers_table({"Day", "Mails sent", "Completed", "Declined", "Completed so far"},
                                table, title)});
}

}  // namespace barometer
