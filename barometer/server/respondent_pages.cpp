#include "barometer/server/respondent_pages.h"

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/server/phrases.h"
#include "barometer/server/question_page.h"

namespace barometer {
namespace {

std::string help_line(const SurveySite& site, std::string_view language) {
  std::vector<std::string> ways;
  if (!site.help_email.empty()) ways.push_back(site.help_email);
  if (!site.help_telephone.empty()) ways.push_back(site.help_telephone);
  if (ways.empty()) return {};
  return fmt::format("{}: {}", phrase(Phrase::kHelp, language), join(ways, ", "));
}

PageLayout layout_of(const LinkPage& page, std::string title) {
  PageLayout layout;
  layout.language = language_of_phrases(page.language);
  layout.title = std::move(title);
  layout.service = page.site.title;
  layout.service_href = page.base;
  layout.assets = page.site.assets;
  layout.help = help_line(page.site, layout.language);
  layout.has_errors = !page.error.empty();
  const std::string base = page.base;
  if (!base.empty()) {
    layout.footer.push_back(
        {base + "/decline", std::string(phrase(Phrase::kDecline, layout.language))});
  }
  layout.footer.push_back(
      {base + "/privacy", std::string(phrase(Phrase::kPrivacy, layout.language))});
  layout.footer.push_back(
      {base + "/accessibility", std::string(phrase(Phrase::kAccessibility, layout.language))});
  return layout;
}

// The words of these pages are English.
PageLayout english(const LinkPage& page, std::string title) {
  LinkPage copy = page;
  copy.language = "en";
  return layout_of(copy, std::move(title));
}

std::string list_in_words(const std::vector<std::string>& names) {
  std::string out;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

Html errors_of(const LinkPage& page, const std::string& target) {
  if (page.error.empty()) return {};
  return error_summary(phrase(Phrase::kProblem, language_of_phrases(page.language)),
                       {{target, page.error}});
}

std::string confidence(const SurveySite& site) {
  if (site.unlinked) {
    return "Your answers are kept without anything that could link them to you or your "
           "organisation, with the day but not the time. Nobody, ourselves included, can say which "
           "answers are yours.";
  }
  return "Your answers are confidential. They are kept apart from your name, and published only in "
         "totals from which nobody can be worked out. Words you write are quoted only as you "
         "allow." +
         std::string(site.operators_see_all ? " If you call us, whoever enters your answers for "
                                              "you sees what you have answered before."
                                            : "");
}

Html language_links(const LinkPage& page) {
  if (page.site.languages.size() < 2) return {};
  std::vector<Html> items;
  for (const std::string& language : page.site.languages) {
    if (language == page.language) continue;
    items.push_back(element("li", {},
                            {element("a",
                                     {{"class", "govuk-link"},
                                      {"lang", language},
                                      {"hreflang", language},
                                      {"href", page.base + "?language=" + language}},
                                     {text(language_name(language))})}));
  }
  return element("nav", {{"aria-label", std::string(phrase(Phrase::kLanguage, page.language))}},
                 {element("ul", {{"class", "languages"}}, items)});
}

std::string confirm_page(const LinkPage& page, const std::string& title, const std::string& action,
                         const std::vector<Html>& words, const std::vector<RadioChoice>& choices) {
  PageLayout layout = english(page, title);
  layout.back_href = page.base;
  std::vector<Html> form = words;
  form.push_back(radio_group("answer", "Please confirm", false, choices, page.error));
  form.push_back(submit_button("Continue"));
  return page_html(
      layout, {errors_of(page, "answer"), heading(title), post_form(action, page.ticket, form)});
}

std::string plain_page(const LinkPage& page, const std::string& title,
                       const std::vector<Html>& body) {
  std::vector<Html> main = {heading(title)};
  main.insert(main.end(), body.begin(), body.end());
  return page_html(english(page, title), main);
}

}  // namespace

std::string start_page(const LinkPage& page, const StartFacts& facts) {
  const SurveySite& site = page.site;
  const std::string_view language = language_of_phrases(page.language);
  std::vector<Html> main = {language_links(page), heading(site.title)};
  if (!site.introduction.empty()) main.push_back(paragraph(site.introduction));
  if (!facts.organisations.empty()) {
    main.push_back(paragraph(fmt::format("You are asked as {}{}.",
                                         facts.role.empty() ? "" : facts.role + " of ",
                                         list_in_words(facts.organisations))));
  }
  main.push_back(paragraph(confidence(site)));
  std::vector<std::string> lines = {
      fmt::format("There {} {} page{} of questions.", facts.pages == 1 ? "is" : "are", facts.pages,
                  facts.pages == 1 ? "" : "s"),
      "Your answers are saved each time you continue. You can stop, and carry on with the same "
      "link "
      "on this or another device."};
  if (!site.closes.empty()) lines.push_back(fmt::format("The survey closes on {}.", site.closes));
  main.push_back(bullets(lines));
  const Phrase go = facts.begun ? Phrase::kCarryOn : Phrase::kStart;
  std::vector<Html> form = {hidden("language", page.language), submit_button(phrase(go, language))};
  main.push_back(post_form(page.base + "/begin", page.ticket, form));
  if (facts.begun) {
    main.push_back(element("p", {{"class", "govuk-body"}},
                           {text_link(page.base + "/check", phrase(Phrase::kCheck, language))}));
  }
  main.push_back(element(
      "p", {{"class", "govuk-body"}},
      {text_link(page.base + "/colleague", "Someone else at my organisation should answer")}));
  PageLayout layout = layout_of(page, site.title);
  layout.service_href.clear();
  return page_html(layout, main);
}

std::string interview_page(const LinkPage& page, const PageView& view, const std::string& action,
                           const std::string& back, std::string_view notice) {
  PageLayout layout = layout_of(page, view.title.empty() ? view.stem : view.title);
  layout.language = page.language;
  layout.has_errors = !view.errors.empty();
  layout.back_href = back;
  std::vector<Html> main;
  if (!notice.empty()) {
    main.push_back(
        element("div", {{"class", "govuk-inset-text"}, {"role", "alert"}}, {text(notice)}));
  }
  for (Html& part : question_page(view, action, page.ticket)) main.push_back(std::move(part));
  return page_html(layout, main);
}

Html check_list(const std::vector<CheckLine>& lines, std::string_view language) {
  std::vector<Html> rows;
  for (const CheckLine& line : lines) {
    std::vector<Html> said;
    for (const std::string& answer : line.answers) {
      said.push_back(element("p", {{"class", "govuk-body"}}, {text(answer)}));
    }
    if (said.empty()) said.push_back(hint_paragraph(phrase(Phrase::kNotAnswered, language)));
    const Html change = element(
        "a", {{"class", "govuk-link"}, {"href", line.change_href}},
        {text(phrase(Phrase::kChange, language)),
         element("span", {{"class", "govuk-visually-hidden"}}, {text(": " + line.question)})});
    rows.push_back(
        element("div", {{"class", "govuk-summary-list__row"}},
                {element("dt", {{"class", "govuk-summary-list__key"}}, {text(line.question)}),
                 element("dd", {{"class", "govuk-summary-list__value"}}, said),
                 element("dd", {{"class", "govuk-summary-list__actions"}}, {change})}));
  }
  return element("dl", {{"class", "govuk-summary-list"}}, rows);
}

std::string check_page(const LinkPage& page, const std::vector<CheckLine>& lines, bool submitted) {
  const std::string_view language = language_of_phrases(page.language);
  const std::string title(phrase(Phrase::kCheck, language));
  std::vector<Html> main = {heading(title), check_list(lines, language)};
  if (submitted) main.push_back(paragraph(phrase(Phrase::kReceived, language)));
  main.push_back(post_form(
      page.base + "/check", page.ticket,
      {hidden("language", page.language), submit_button(phrase(Phrase::kSend, language))}));
  main.push_back(hint_paragraph(phrase(Phrase::kSendHint, language)));
  PageLayout layout = layout_of(page, title);
  layout.back_href = page.base;
  return page_html(layout, main);
}

std::string done_page(const LinkPage& page) {
  const std::string_view language = language_of_phrases(page.language);
  const std::string title(phrase(Phrase::kThanks, language));
  return page_html(
      layout_of(page, title),
      {element("div", {{"class", "govuk-panel govuk-panel--confirmation"}},
               {element("h1", {{"class", "govuk-panel__title"}}, {text(title)}),
                element("div", {{"class", "govuk-panel__body"}},
                        {text(phrase(Phrase::kReceived, language))})}),
       paragraph(phrase(Phrase::kSendHint, language)),
       element("p", {{"class", "govuk-body"}},
               {text_link(page.base + "/check", phrase(Phrase::kCheck, language))}),
       element("p", {{"class", "govuk-body"}},
               {text_link(page.base + "/erase", "Ask for your answers to be erased")})});
}

std::string decline_page(const LinkPage& page) {
  return confirm_page(
      page, "Do you want to take part?", page.base + "/decline",
      {paragraph("If you say no we will not ask you again in this survey. You can change your mind "
                 "with the same link until it closes.")},
      {{"no", "No, I do not want to take part", ""},
       {"stop", "No, and do not write to me again", "This holds for later surveys as well."},
       {"yes", "Yes, I want to take part", ""}});
}

std::string stop_page(const LinkPage& page, const std::string& action) {
  return confirm_page(page, "Stop mail about this survey", action,
                      {paragraph("Your link goes on working.")},
                      {{"wave", "Stop mail about this survey", ""},
                       {"all", "Stop mail about all surveys", ""},
                       {"keep", "Go on writing to me", ""}});
}

std::string erase_page(const LinkPage& page) {
  return confirm_page(page, "Erase your answers", page.base + "/erase",
                      {paragraph("Your answers and what we know of you are removed for good, and "
                                 "your link ends. That you were asked is still counted.")},
                      {{"erase", "Erase my answers", ""}, {"keep", "Keep my answers", ""}});
}

std::string declined_page(const LinkPage& page) {
  return plain_page(page, "You told us that you do not want to take part",
                    {paragraph("We will not ask you again in this survey."),
                     post_form(page.base + "/return", page.ticket,
                               {submit_button("I want to take part after all", "secondary")})});
}

std::string stopped_page(const LinkPage& page, const std::string& back_action) {
  std::vector<Html> body = {paragraph("We will not write to you again about this survey.")};
  if (!back_action.empty()) {
    body.push_back(
        post_form(back_action, page.ticket,
                  {hidden("answer", "resume"), submit_button("Write to me again", "secondary")}));
  }
  return plain_page(page, "Mail has been stopped", body);
}

std::string erased_page(const LinkPage& page) {
  LinkPage without = page;
  without.base.clear();
  return plain_page(without, "Your answers have been erased",
                    {paragraph("Your link no longer works.")});
}

std::string colleague_page(const LinkPage& page, const ColleagueForm& form) {
  std::vector<ErrorLink> errors;
  if (!form.kind_error.empty()) errors.push_back({"kind", form.kind_error});
  if (!form.name_error.empty()) errors.push_back({"name", form.name_error});
  if (!form.email_error.empty()) errors.push_back({"email", form.email_error});
  const std::string title = "Bring in a colleague";
  PageLayout layout = english(page, title);
  layout.back_href = page.base;
  layout.has_errors = !errors.empty();
  return page_html(
      layout,
      {error_summary("There is a problem", errors), heading(title),
       paragraph("We will write to your colleague and ask whether they want to take part. Your "
                 "own answers are not shown to them."),
       post_form(page.base + "/colleague", page.ticket,
                 {radio_group("kind", "Who should answer?", false,
                              {{"transfer", "My colleague instead of me", ""},
                               {"share", "My colleague as well as me", ""}},
                              form.kind_error),
                  text_input({.name = "name",
                              .label = "Name of your colleague",
                              .hint = "",
                              .value = form.name,
                              .error = form.name_error,
                              .autocomplete = "off",
                              .inputmode = ""}),
                  text_input({.name = "email",
                              .label = "Their email address at work",
                              .hint = "",
                              .value = form.email,
                              .error = form.email_error,
                              .type = "email",
                              .autocomplete = "off",
                              .inputmode = "email"}),
                  submit_button("Send the invitation")})});
}

std::string colleague_done_page(const LinkPage& page) {
  return plain_page(
      page, "Thank you",
      {paragraph("Your colleague will hear from us."),
       element("p", {{"class", "govuk-body"}}, {text_link(page.base, "Go to the survey")})});
}

std::string accept_page(const LinkPage& page, const std::vector<std::string>& organisations,
                        const std::string& action) {
  return plain_page(page, page.site.title,
                    {paragraph(fmt::format("A colleague at {} has named you to answer this survey.",
                                           list_in_words(organisations))),
                     paragraph(confidence(page.site)),
                     post_form(action, page.ticket, {submit_button("Take part")})});
}

std::string passed_on_page(const LinkPage& page) {
  return plain_page(page, "A colleague answers instead of you",
                    {paragraph("You asked us to pass this survey on. Please write to us if that "
                               "was a mistake.")});
}

std::string code_page(const LinkPage& page) {
  const std::string title = "Enter your code";
  PageLayout layout = english(page, title);
  layout.service_href.clear();
  return page_html(layout, {errors_of(page, "code"),
                            post_form("/code", page.ticket,
                                      {text_input({.name = "code",
                                                   .label = title,
                                                   .hint = "It is in our letter, for example "
                                                           "ABCD-EFGH-JKMN.",
                                                   .value = "",
                                                   .error = page.error,
                                                   .autocomplete = "off",
                                                   .inputmode = "",
                                                   .page_heading = true}),
                                       submit_button("Continue")})});
}

std::string unknown_link_page(const SurveySite& site) {
  const LinkPage page{site, "", "en", "", ""};
  return plain_page(
      page, "This link does not work",
      {paragraph("Check that you have copied the whole link from our message. A link "
                 "stops working when a survey is over, or when a newer one was sent."),
       element("p", {{"class", "govuk-body"}},
               {text_link("/", "Type the code from a letter instead")})});
}

std::string closed_page(const LinkPage& page, bool not_open_yet) {
  LinkPage without = page;
  without.base.clear();
  if (not_open_yet) {
    return plain_page(without, "This survey has not opened yet",
                      {paragraph("Please come back with the same link later.")});
  }
  return plain_page(without, "This survey is closed",
                    {paragraph("Thank you for your interest. Answers that were saved before it "
                               "closed are counted.")});
}

std::string privacy_page(const LinkPage& page) {
  const SurveySite& site = page.site;
  std::vector<Html> body = {paragraph(confidence(site))};
  const std::string asks = site.conducted_by.empty() ? site.sponsor : site.conducted_by;
  if (!asks.empty()) body.push_back(paragraph(fmt::format("The survey is run by {}.", asks)));
  if (!site.privacy_notice.empty()) body.push_back(paragraph(site.privacy_notice));
  body.push_back(subheading("What we keep"));
  body.push_back(bullets(
      {"your name, role, organisation and work address, to invite you and to count who has "
       "answered",
       "your answers, page by page, apart from your name",
       fmt::format("both for {} days after the survey closes; then names and addresses are deleted",
                   site.retention_days),
       "in our technical records neither your address on the network nor your link, only the "
       "network's first part"}));
  body.push_back(subheading("Your rights"));
  body.push_back(paragraph(
      "You can see and change your answers with your link until the survey closes, stop at any "
      "time, and ask for everything to be erased. No cookies are set and nobody else's services "
      "are used on these pages."));
  if (!page.base.empty() && !site.unlinked) {
    body.push_back(element("p", {{"class", "govuk-body"}},
                           {text_link(page.base + "/erase", "Erase your answers")}));
  }
  return plain_page(page, "Privacy", body);
}

std::string accessibility_page(const LinkPage& page) {
  return plain_page(
      page, "Accessibility statement",
      {paragraph("These pages are meant to be used by everyone: by keyboard alone, with a screen "
                 "reader, at 400% zoom, on a phone, without JavaScript. They aim to meet the Web "
                 "Content Accessibility Guidelines 2.2 at level AA, and every kind of page is "
                 "tested against them automatically."),
       paragraph("If you cannot use a page, or want to answer by telephone or on paper, please "
                 "write to us or call us; the ways are at the foot of each page.")});
}

std::string failure_page(const SurveySite& site, int status) {
  const LinkPage page{site, "", "en", "", ""};
  switch (status) {
    case 404:
      return plain_page(page, "Page not found", {paragraph("There is no such page.")});
    case 429:
      return plain_page(
          page, "Please wait a moment",
          {paragraph("There were too many requests. What you saved before is kept.")});
    case 503:
      return plain_page(
          page, "Your answer could not be saved",
          {paragraph("Nothing was recorded of the page you just sent; what you saved before is "
                     "kept. Please go back and try again in a few minutes, or write to us.")});
    case 500:
      return plain_page(page, "Something went wrong",
                        {paragraph("This is our fault. What you saved before is kept. Please try "
                                   "again with your link.")});
    default:
      return plain_page(page, "The request could not be understood",
                        {paragraph("Please go back to your link and try again.")});
  }
}

}  // namespace barometer
