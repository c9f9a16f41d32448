#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/decimal.h"
#include "barometer/server/team_pages.h"

namespace barometer {
namespace {

// A drawing without words, as wide as its place: words stand beside it, in the size of the page.
Html drawing(const char* css, const std::string& box, const std::vector<Html>& marks) {
  return element("svg",
                 {{"class", css},
                  {"viewbox", box},
                  {"preserveaspectratio", "none"},
                  {"aria-hidden", "true"},
                  {"focusable", "false"}},
                 marks);
}

Html rectangle(const char* css, double x, double y, double width, double height) {
  const auto units = [](double value) { return fmt::format("{:.2f}", value); };
  return element("rect", {{"class", css},
                          {"x", units(x)},
                          {"y", units(y)},
                          {"width", units(width)},
                          {"height", units(height)}});
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

Html chart(const std::string& title, const std::vector<Html>& parts) {
  std::vector<Html> all = {element("figcaption", {{"class", "govuk-heading-m"}}, {text(title)})};
  all.insert(all.end(), parts.begin(), parts.end());
  return element("figure", {{"class", "chart"}}, all);
}

std::string number(int64_t value) { return fmt::format("{}", value); }

// "50 of 171, 29%"
std::string share_words(const ShareBar& bar) {
  std::string counts = fmt::format("{} of {}", bar.part, bar.whole);
  if (bar.whole == 0) return counts;
  return fmt::format("{}, {}%", counts, round(Ratio{bar.part * 100, bar.whole}, 0).text());
}

}  // namespace

Html share_bars(const std::vector<ShareBar>& bars) {
  int64_t most = 1;
  for (const ShareBar& bar : bars) most = std::max({most, bar.whole, bar.part});
  const double scale = 100.0 / static_cast<double>(most);
  std::vector<Html> rows;
  for (const ShareBar& bar : bars) {
    rows.push_back(
        element("li", {},
                {element("span", {{"class", "label"}}, {text(bar.label)}),
                 drawing("bar-box", "0 0 100 10",
                         {rectangle("rest", 0, 0, static_cast<double>(bar.whole) * scale, 10),
                          rectangle("bar", 0, 0, static_cast<double>(bar.part) * scale, 10)}),
                 element("span", {{"class", "value"}}, {text(share_words(bar))})}));
  }
  return element("ul", {{"class", "bars"}}, rows);
}

Html response_bars(const std::string& title, const std::vector<ResponseRow>& rows) {
  std::vector<ShareBar> bars;
  std::vector<std::vector<std::string>> table;
  for (const ResponseRow& row : rows) {
    const std::string group = row.group.empty() ? "(none)" : row.group;
    bars.push_back({group, row.people.complete, row.people.total()});
    table.push_back({group, number(row.people.total()), number(row.people.complete),
                     number(row.people.partial), number(row.people.refusal)});
  }
  return chart(title,
               {share_bars(bars),
                numbers_table({"Group", "People", "Sent", "Begun", "Refused"}, table, title)});
}

Html organisation_bars(const std::string& title, const OutcomeCounts& counts) {
  const int64_t all = counts.total();
  const int64_t unknown = counts.unknown_household + counts.unknown_other;
  return chart(title, {share_bars({{"Answers sent", counts.complete, all},
                                   {"Begun, not sent", counts.partial, all},
                                   {"Refused", counts.refusal, all},
                                   {"Cannot take part", counts.other, all},
                                   {"No answer yet", counts.non_contact, all},
                                   {"Not asked, or mail came back", unknown, all},
                                   {"Not eligible", counts.not_eligible, all}})});
}

Html quota_bars(const std::string& title, const std::vector<QuotaRow>& quotas) {
  std::vector<ShareBar> bars;
  std::vector<std::vector<std::string>> table;
  for (const QuotaRow& row : quotas) {
    const std::string group = fmt::format("{} ({})", row.quota.value, row.quota.group);
    bars.push_back({group, row.complete, row.quota.target});
    const long long left = std::max(row.quota.target - row.complete, 0LL);
    table.push_back({group, number(row.quota.target), number(row.complete), number(left)});
  }
  return chart(
      title, {share_bars(bars), numbers_table({"Group", "Target", "Sent", "To go"}, table, title)});
}

Html response_line(const std::string& title, const std::vector<DayRow>& days) {
  constexpr double kWide = 300;
  constexpr double kHigh = 100;
  size_t most = 1;
  for (const DayRow& day : days) most = std::max(most, day.completed_so_far);
  const double step = kWide / static_cast<double>(std::max<size_t>(days.size(), 1));
  const auto height = [&](size_t count) {
    return static_cast<double>(count) / static_cast<double>(most) * (kHigh - 4);
  };
  std::string points;
  std::vector<Html> marks;
  std::vector<std::vector<std::string>> table;
  for (size_t i = 0; i < days.size(); ++i) {
    const double left = step * static_cast<double>(i);
    const double high = height(days[i].completed);
    if (days[i].completed > 0) {
      marks.push_back(rectangle("bar", left + step * 0.15, kHigh - high, step * 0.7, high));
    }
    points += fmt::format("{}{:.2f},{:.2f}", i == 0 ? "" : " ", left + step / 2,
                          kHigh - height(days[i].completed_so_far));
    table.push_back({days[i].day, fmt::format("{}", days[i].invited),
                     fmt::format("{}", days[i].completed), fmt::format("{}", days[i].declined),
                     fmt::format("{}", days[i].completed_so_far)});
  }
  marks.push_back(element("polyline", {{"class", "line"}, {"points", points}}));
  const size_t last = days.empty() ? 0 : days.back().completed_so_far;
  std::vector<Html> parts;
  if (last == 0) {
    parts.push_back(paragraph("None were sent yet."));
  } else {
    parts.push_back(paragraph(
        fmt::format("The line is all that were sent, {} by now; a bar is one day.", last)));
    parts.push_back(drawing("days", fmt::format("0 0 {} {}", kWide, kHigh), marks));
    parts.push_back(
        element("p", {{"class", "axis-ends"}},
                {labelled("span", days.front().day), labelled("span", days.back().day)}));
  }
  parts.push_back(numbers_table({"Day", "Mails sent", "Answers sent", "Declined", "Answers so far"},
                                table, title));
  return chart(title, parts);
}

}  // namespace barometer
