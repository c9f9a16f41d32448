#include "barometer/publish/charts_page.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/assets.h"
#include "barometer/publish/page_parts_internal.h"

namespace barometer {
namespace {

Html table_of(const Chart& chart) {
  const ChartTable table = data_table(chart);
  std::vector<Html> rows;
  for (const auto& row : table.rows) {
    std::vector<Html> cells = {element("th", {{"scope", "row"}}, {text(row.front())})};
    for (size_t i = 1; i < row.size(); ++i) cells.push_back(labelled("td", row[i]));
    rows.push_back(element("tr", {}, cells));
  }
  return scrolling_table(fmt::format("Figures of the chart: {} ({})", chart.title, chart.id),
                         header_row(table.headings), rows);
}

Html chart_of(const SectionChart& entry) {
  const Chart& chart = entry.chart;
  const std::string id = "chart-" + chart.id;
  const Html figure = element("figure", {{"id", id + "-figure"}, {"data-chart", chart.id}},
                              {picture_of(entry), downloads_of(entry, false)});
  const Html table =
      element("details", {},
              {labelled("summary", "The figures of this chart as a table"), table_of(chart)});
  return element(
      "section", {{"id", id}},
      {element("h3", {{"id", id + "-figure-title"}}, {text(chart.title)}),
       element("p", {{"class", "question"}}, {text(chart.subtitle)}), figure, table,
       element("p", {}, {link("index.html#" + entry.section, "The question and its full table")})});
}

std::string percent_encoded(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// Without the line breaks that make it readable.
std::string compact(std::string_view json) {
  const auto value = nlohmann::ordered_json::parse(json, nullptr, /*allow_exceptions=*/false);
  CHECK(!value.is_discarded(), "a specification of ours is JSON");
  return value.dump();
}

}  // namespace

std::string charts_page(const Study& study, const std::vector<WavePage>& waves) {
  Html header;
  header += labelled("h1", "Charts");
  header +=
      element("p", {{"class", "lead"}},
              {text(fmt::format("{}: every chart with its figures as a table. ", study.title)),
               link("index.html", "Back to the results")});
  Html main;
  for (const WavePage& page : waves) {
    if (page.charts.empty()) continue;
    main += labelled("h2", page.wave->title);
    for (const SectionChart& entry : page.charts) main += chart_of(entry);
  }
  return page_of("Charts – " + study.title, header, main, "charts.js").bytes();
}

std::string chart_script(std::string_view id, std::string_view wide, std::string_view narrow) {
  return fmt::format("barometerChart({},\n{},\n{});\n", nlohmann::json(id).dump(), compact(wide),
                     compact(narrow));
}

std::string chart_page(const Chart& chart, std::string_view svg) {
  const auto style = assets::find("site.css");
  CHECK(style.has_value(), "the style sheet is linked into the program");
  Html head;
  head += element("meta", {{"charset", "utf-8"}});
  head += labelled("title", chart.title);
  head +=
      element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  head += element("meta", {{"http-equiv", "Content-Security-Policy"},
                           {"content", "default-src 'none'; img-src data:; style-src data:"}});
  head += element("link",
                  {{"rel", "stylesheet"}, {"href", "data:text/css," + percent_encoded(*style)}});
  const Html picture =
      element("img", {{"src", "data:image/svg+xml," + percent_encoded(svg)}, {"alt", chart.alt}});
  const Html main = element(
      "main", {},
      {labelled("h1", chart.title), element("p", {{"class", "lead"}}, {text(chart.subtitle)}),
       element("figure", {}, {picture}), table_of(chart)});
  return document("en-GB", head, element("div", {{"class", "page"}}, {main})).bytes();
}

}  // namespace barometer
