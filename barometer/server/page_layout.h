// What every page has: head, header, main, footer; and the small parts pages are made of, in the
// markup of GOV.UK Frontend's components, whose styles they use.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/html.h"

namespace barometer {

struct FooterLink {
  std::string href;
  std::string words;
};

// What a page says round its content.
struct PageLayout {
  std::string language = "en";
  std::string title;    // of the page; "Error: " comes before it when `has_errors`
  std::string service;  // of the survey, in the header
  std::string service_href;
  std::string assets;     // "/assets/HASH": the folder of site.css and icon.svg
  std::string back_href;  // empty: no link back
  std::string help;       // in the footer: whom to ask
  std::vector<FooterLink> footer{};
  std::vector<FooterLink> navigation{};  // in the header, of the team's pages
  bool has_errors = false;
  bool wide = false;
};

std::string page_html(const PageLayout& layout, const std::vector<Html>& main);

Html all_of(const std::vector<Html>& parts);
Html heading(std::string_view words);     // h1
Html subheading(std::string_view words);  // h2
Html paragraph(std::string_view words);
Html hint_paragraph(std::string_view words);
Html bullets(const std::vector<std::string>& lines);
Html hidden(std::string_view name, const std::string& value);
Html submit_button(std::string_view words, std::string_view kind = {});  // "secondary", "warning"
Html button_link(const std::string& href, std::string_view words);
Html text_link(const std::string& href, std::string_view words);
// POST to `action`, with the ticket.
Html post_form(const std::string& action, const std::string& ticket, const std::vector<Html>& body);

struct ErrorLink {
  std::string target;  // id of the input
  std::string words;
};
// "There is a problem", with links to the inputs; nothing without errors.
Html error_summary(std::string_view title, const std::vector<ErrorLink>& errors);

// One line of text to fill in. `error` may be empty.
struct TextInput {
  std::string name, label, hint, value, error;
  std::string_view type = "text";
  std::string_view autocomplete;
  std::string_view inputmode;
  bool page_heading = false;  // the label is the page's h1
};
Html text_input(const TextInput& input);

// Radios in one fieldset, of a page of ours (questions are drawn by question_page.h).
struct RadioChoice {
  std::string value, label, hint;
};
enum class LegendKind {
  kMedium,   // as large as a heading, which it stands for
  kSmall,    // under a heading
  kHeading,  // a heading itself
};
Html radio_group(const std::string& name, std::string_view legend, LegendKind kind,
                 const std::vector<RadioChoice>& choices, std::string_view error);

}  // namespace barometer
