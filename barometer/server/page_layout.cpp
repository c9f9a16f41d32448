#include "barometer/server/page_layout.h"

#include <fmt/format.h>

#include "barometer/server/phrases.h"

namespace barometer {
namespace {

Html head_of(const PageLayout& layout) {
  const std::string_view prefix =
      layout.has_errors ? phrase(Phrase::kErrorPrefix, layout.language) : std::string_view();
  const std::string title = fmt::format(
      "{}{}{}", prefix, layout.title,
      layout.service.empty() || layout.title == layout.service ? "" : " – " + layout.service);
  return all_of(
      {element("meta", {{"charset", "utf-8"}}),
       element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}),
       element("meta", {{"name", "robots"}, {"content", "noindex"}}), labelled("title", title),
       element("link", {{"rel", "icon"}, {"href", layout.assets + "/icon.svg"}}),
       element("link", {{"rel", "stylesheet"}, {"href", layout.assets + "/site.css"}})});
}

Html list_of_links(std::string_view css_class, const std::vector<FooterLink>& links) {
  std::vector<Html> items;
  items.reserve(links.size());
  for (const FooterLink& one : links) {
    items.push_back(element("li", {}, {text_link(one.href, one.words)}));
  }
  return element("ul", {{"class", std::string(css_class)}}, items);
}

Html header_of(const PageLayout& layout) {
  std::vector<Html> parts;
  const Html name = layout.service_href.empty()
                        ? element("span", {{"class", "site-name"}}, {text(layout.service)})
                        : element("a", {{"class", "site-name"}, {"href", layout.service_href}},
                                  {text(layout.service)});
  parts.push_back(name);
  if (!layout.navigation.empty()) {
    parts.push_back(element("nav", {{"aria-label", "Team"}},
                            {list_of_links("site-navigation", layout.navigation)}));
  }
  return element("header", {{"class", "site-header"}},
                 {element("div", {{"class", "govuk-width-container"}}, parts)});
}

Html footer_of(const PageLayout& layout) {
  std::vector<Html> parts;
  if (!layout.help.empty()) {
    parts.push_back(element("p", {{"class", "govuk-body-s"}}, {text(layout.help)}));
  }
  if (!layout.footer.empty()) parts.push_back(list_of_links("site-footer-links", layout.footer));
  return element("footer", {{"class", "site-footer"}},
                 {element("div", {{"class", "govuk-width-container"}}, parts)});
}

}  // namespace

std::string page_html(const PageLayout& layout, const std::vector<Html>& main) {
  const std::string_view language = layout.language;
  std::vector<Html> inside;
  if (!layout.back_href.empty()) {
    const std::string words(phrase(Phrase::kBack, language));
    inside.push_back(element(
        "nav", {{"aria-label", words}},
        {element("a", {{"class", "govuk-back-link"}, {"href", layout.back_href}}, {text(words)})}));
  }
  const std::string column = layout.wide ? "wide-column" : "reading-column";
  inside.push_back(element("main", {{"class", "govuk-main-wrapper"}, {"id", "main"}},
                           {element("div", {{"class", column}}, main)}));
  const Html body =
      all_of({element("a", {{"class", "govuk-skip-link"}, {"href", "#main"}},
                      {text(phrase(Phrase::kSkipLink, language))}),
              header_of(layout), element("div", {{"class", "govuk-width-container"}}, inside),
              footer_of(layout)});
  return document(layout.language, head_of(layout), body).bytes();
}

Html all_of(const std::vector<Html>& parts) {
  Html all;
  for (const Html& part : parts) all += part;
  return all;
}

Html heading(std::string_view words) {
  return element("h1", {{"class", "govuk-heading-l"}}, {text(words)});
}

Html subheading(std::string_view words) {
  return element("h2", {{"class", "govuk-heading-m"}}, {text(words)});
}

Html paragraph(std::string_view words) {
  return element("p", {{"class", "govuk-body"}}, {text(words)});
}

Html hint_paragraph(std::string_view words) {
  return element("p", {{"class", "govuk-body-s govuk-hint"}}, {text(words)});
}

Html bullets(const std::vector<std::string>& lines) {
  std::vector<Html> items;
  items.reserve(lines.size());
  for (const std::string& line : lines) items.push_back(labelled("li", line));
  return element("ul", {{"class", "govuk-list govuk-list--bullet"}}, items);
}

Html hidden(std::string_view name, const std::string& value) {
  return element("input", {{"type", "hidden"}, {"name", std::string(name)}, {"value", value}});
}

Html submit_button(std::string_view words, std::string_view kind) {
  const std::string extra = kind.empty() ? "" : fmt::format(" govuk-button--{}", kind);
  return element("button", {{"type", "submit"}, {"class", "govuk-button" + extra}}, {text(words)});
}

Html button_link(const std::string& href, std::string_view words) {
  return element("a", {{"href", href}, {"class", "govuk-button"}}, {text(words)});
}

Html text_link(const std::string& href, std::string_view words) {
  return element("a", {{"class", "govuk-link"}, {"href", href}}, {text(words)});
}

Html post_form(const std::string& action, const std::string& ticket,
               const std::vector<Html>& body) {
  std::vector<Html> parts = {hidden("_ticket", ticket)};
  parts.insert(parts.end(), body.begin(), body.end());
  return element("form", {{"method", "post"}, {"action", action}, {"novalidate", "novalidate"}},
                 parts);
}

Html error_summary(std::string_view title, const std::vector<ErrorLink>& errors) {
  if (errors.empty()) return {};
  std::vector<Html> items;
  items.reserve(errors.size());
  for (const ErrorLink& error : errors) {
    items.push_back(
        element("li", {}, {element("a", {{"href", "#" + error.target}}, {text(error.words)})}));
  }
  return element(
      "div",
      {{"class", "govuk-error-summary"},
       {"role", "alert"},
       {"aria-labelledby", "error-title"},
       {"tabindex", "-1"},
       {"autofocus", "autofocus"}},
      {element("h2", {{"class", "govuk-error-summary__title"}, {"id", "error-title"}},
               {text(title)}),
       element("div", {{"class", "govuk-error-summary__body"}},
               {element("ul", {{"class", "govuk-list govuk-error-summary__list"}}, items)})});
}

Html text_input(const TextInput& input) {
  std::vector<Html> parts;
  std::string described;
  Html label =
      element("label",
              {{"class", input.page_heading ? "govuk-label govuk-label--l" : "govuk-label"},
               {"for", input.name}},
              {text(input.label)});
  if (input.page_heading) {
    label = element("h1", {{"class", "govuk-label-wrapper"}}, {label});
  }
  parts.push_back(label);
  if (!input.hint.empty()) {
    described = input.name + "-hint";
    parts.push_back(
        element("div", {{"class", "govuk-hint"}, {"id", described}}, {text(input.hint)}));
  }
  if (!input.error.empty()) {
    const std::string id = input.name + "-error";
    described += (described.empty() ? "" : " ") + id;
    parts.push_back(
        element("p", {{"class", "govuk-error-message"}, {"id", id}}, {text(input.error)}));
  }
  std::vector<Attribute> attributes = {
      {"class", input.error.empty() ? "govuk-input" : "govuk-input govuk-input--error"},
      {"type", std::string(input.type)},
      {"id", input.name},
      {"name", input.name}};
  if (!input.value.empty()) attributes.push_back({"value", input.value});
  if (!described.empty()) attributes.push_back({"aria-describedby", described});
  if (!input.error.empty()) attributes.push_back({"aria-invalid", "true"});
  if (!input.autocomplete.empty()) {
    attributes.push_back({"autocomplete", std::string(input.autocomplete)});
  }
  if (!input.inputmode.empty()) attributes.push_back({"inputmode", std::string(input.inputmode)});
  parts.push_back(element("input", attributes));
  return element("div",
                 {{"class", input.error.empty() ? "govuk-form-group"
                                                : "govuk-form-group govuk-form-group--error"}},
                 parts);
}

Html radio_group(const std::string& name, std::string_view legend, LegendKind kind,
                 const std::vector<RadioChoice>& choices, std::string_view error) {
  std::vector<Html> items;
  for (size_t i = 0; i < choices.size(); ++i) {
    const std::string id = i == 0 ? name : fmt::format("{}-{}", name, i);
    std::vector<Html> parts = {
        element("input", {{"class", "govuk-radios__input"},
                          {"type", "radio"},
                          {"id", id},
                          {"name", name},
                          {"value", choices[i].value}}),
        element("label", {{"class", "govuk-label govuk-radios__label"}, {"for", id}},
                {text(choices[i].label)})};
    if (!choices[i].hint.empty()) {
      parts.push_back(
          element("div", {{"class", "govuk-hint govuk-radios__hint"}}, {text(choices[i].hint)}));
    }
    items.push_back(element("div", {{"class", "govuk-radios__item"}}, parts));
  }
  const Html title = kind == LegendKind::kHeading
                         ? element("h2", {{"class", "govuk-fieldset__heading"}}, {text(legend)})
                         : text(legend);
  std::vector<Html> inside = {element(
      "legend",
      {{"class", kind == LegendKind::kSmall ? "govuk-fieldset__legend govuk-fieldset__legend--s"
                                            : "govuk-fieldset__legend govuk-fieldset__legend--m"}},
      {title})};
  std::vector<Attribute> attributes = {{"class", "govuk-fieldset"}};
  if (!error.empty()) {
    attributes.push_back({"aria-describedby", name + "-error"});
    inside.push_back(
        element("p", {{"class", "govuk-error-message"}, {"id", name + "-error"}}, {text(error)}));
  }
  inside.push_back(element("div", {{"class", "govuk-radios"}}, items));
  return element(
      "div",
      {{"class", error.empty() ? "govuk-form-group" : "govuk-form-group govuk-form-group--error"}},
      {element("fieldset", attributes, inside)});
}

}  // namespace barometer
