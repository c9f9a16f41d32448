#include "barometer/publish/page_parts_internal.h"

#include <fmt/format.h>

namespace barometer {
namespace {

constexpr const char* kPolicy = "default-src 'none'; img-src 'self'; style-src 'self'";
// Files of the bundle only, and no code made from text.
constexpr const char* kPolicyWithScript =
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'";

Html head_of(const std::string& title, const std::string& script, const std::string& root) {
  Html head;
  head += element("meta", {{"charset", "utf-8"}});
  head += labelled("title", title);
  head +=
      element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  head += element("meta", {{"http-equiv", "Content-Security-Policy"},
                           {"content", script.empty() ? kPolicy : kPolicyWithScript}});
  head += element("link", {{"rel", "stylesheet"}, {"href", root + "site.css"}});
  if (!script.empty()) head += element("script", {{"src", script}, {"defer", ""}});
  return head;
}

}  // namespace

Html page_of(const std::string& title, const Html& header, const Html& main,
             const std::string& script, const std::string& root) {
  const Html skip =
      element("a", {{"class", "skip"}, {"href", "#main"}}, {text("Skip to the results")});
  return document(
      "en-GB", head_of(title, script, root),
      element("div", {{"class", "page"}},
              {skip, element("header", {}, {header}), element("main", {{"id", "main"}}, {main})}));
}

Html header_row(const std::vector<std::string>& headings) {
  std::vector<Html> cells;
  for (const std::string& heading : headings) {
    cells.push_back(element("th", {{"scope", "col"}}, {text(heading)}));
  }
  return element("thead", {}, {element("tr", {}, cells)});
}

Html scrolling_table(const std::string& caption, const Html& head, const std::vector<Html>& rows) {
  return element(
      "div", {{"class", "scroll"}, {"role", "region"}, {"tabindex", "0"}, {"aria-label", caption}},
      {element("table", {}, {labelled("caption", caption), head, element("tbody", {}, rows)})});
}

Html picture_of(const SectionChart& entry) {
  const std::string stem = "charts/" + entry.chart.id;
  return element(
      "picture", {},
      {element("source", {{"media", "(max-width: 40rem)"}, {"srcset", stem + "-narrow.svg"}}),
       element("img", {{"src", stem + ".svg"},
                       {"width", entry.width},
                       {"height", entry.height},
                       {"alt", entry.chart.alt},
                       {"loading", "lazy"}})});
}

Html downloads_of(const SectionChart& entry, bool to_table) {
  const std::string stem = "charts/" + entry.chart.id;
  Html out;
  out += text("Chart as ");
  out += link(stem + ".svg", "SVG");
  for (const auto& [suffix, name] : {std::pair{".png", "PNG"}, {".pdf", "PDF"}}) {
    out += text(", ");
    out += link(stem + suffix, name);
  }
  out += text(", ");
  out += link(stem + ".vl.json", "Vega-Lite");
  if (to_table) {
    out += text(", ");
    out += link("charts.html#chart-" + entry.chart.id, "table and interactive chart");
  }
  out += text(fmt::format(" – {}", entry.chart.title));
  return element("figcaption", {}, {out});
}

}  // namespace barometer
