#include "barometer/server/respondent_pages.h"

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/interview/language.h"
#include "barometer/server/phrases.h"
#include "barometer/server/question_page.h"

namespace barometer {
namespace {

std::string_view language_of(const LinkPage& page) { return language_of_phrases(page.language); }
std::string say(const LinkPage& page, Phrase which) {
  return std::string(phrase(which, language_of(page)));
}

// An address of this link that stays in its language.
std::string href(const LinkPage& page, const std::string& path) {
  return page.base + path +
         (page.site.languages.size() > 1 ? "?language=" + page.language : std::string());
}

std::string help_line(const SurveySite& site, std::string_view language) {
  std::vector<std::string> ways;
  if (!site.help_email.empty()) ways.push_back(site.help_email);
  if (!site.help_telephone.empty()) ways.push_back(site.help_telephone);
  if (ways.empty()) return {};
  return fmt::format("{}: {}", phrase(Phrase::kHelp, language), join(ways, ", "));
}

PageLayout layout_of(const LinkPage& page, std::string title) {
  PageLayout layout;
  layout.language = language_of(page);
  layout.title = std::move(title);
  layout.service = page.site.title_in(page.language);
  layout.service_href = page.base;
  layout.assets = page.site.assets;
  layout.help = help_line(page.site, layout.language);
  layout.has_errors = !page.error.empty();
  if (!page.base.empty()) {
    layout.footer.push_back({href(page, "/decline"), say(page, Phrase::kDecline)});
  }
  layout.footer.push_back({href(page, "/privacy"), say(page, Phrase::kPrivacy)});
  layout.footer.push_back({href(page, "/accessibility"), say(page, Phrase::kAccessibility)});
  return layout;
}

// "a, b and c"; in Welsh "ac" comes before a vowel.
std::string list_in_words(const std::vector<std::string>& names, std::string_view language) {
  std::string out;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0 && i + 1 < names.size()) out += ", ";
    if (i > 0 && i + 1 == names.size()) {
      const std::string first = lowered(names[i].substr(0, 1));
      const bool vowel =
          language == "cy" && std::string_view("aeiouwy").find(first) != std::string_view::npos;
      out += fmt::format(" {}{} ", phrase(Phrase::kAnd, language), vowel ? "c" : "");
    }
    out += names[i];
  }
  return out;
}

Html errors_of(const LinkPage& page, const std::string& target) {
  if (page.error.empty()) return {};
  return error_summary(say(page, Phrase::kProblem), {{target, page.error}});
}

std::string confidence(const LinkPage& page) {
  std::string words = say(page, page.site.unlinked ? Phrase::kUnlinked : Phrase::kConfidential);
  if (page.site.operators_see_all) words += " " + say(page, Phrase::kOperatorsSee);
  return words;
}

// How long answers can be changed.
std::string change_words(const LinkPage& page) {
  if (!page.site.closes) return say(page, Phrase::kSendHint);
  return phrase_with(Phrase::kSendHintUntil, language_of(page),
                     spoken_date(*page.site.closes, page.language));
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
  return element("nav", {{"aria-label", say(page, Phrase::kLanguage)}},
                 {element("ul", {{"class", "languages"}}, items)});
}

Html link_line(const std::string& href, const std::string& words) {
  return element("p", {{"class", "govuk-body"}}, {text_link(href, words)});
}

struct Choice {
  const char* value;
  Phrase words;
  std::optional<Phrase> hint{};
};

// Asks once more, with nothing chosen.
std::string confirm_page(const LinkPage& page, Phrase title, const std::string& action,
                         Phrase words, const std::vector<Choice>& choices) {
  PageLayout layout = layout_of(page, say(page, title));
  layout.back_href = href(page, "");
  std::vector<RadioChoice> radios;
  for (const Choice& one : choices) {
    radios.push_back({one.value, say(page, one.words), one.hint ? say(page, *one.hint) : ""});
  }
  return page_html(
      layout, {errors_of(page, "answer"), heading(say(page, title)),
               post_form(action, page.ticket,
                         {hidden("language", page.language), paragraph(say(page, words)),
                          radio_group("answer", say(page, Phrase::kConfirm), LegendKind::kMedium,
                                      radios, page.error),
                          submit_button(say(page, Phrase::kContinue))})});
}

std::string plain_page(const LinkPage& page, const std::string& title,
                       const std::vector<Html>& body) {
  std::vector<Html> main = {heading(title)};
  main.insert(main.end(), body.begin(), body.end());
  return page_html(layout_of(page, title), main);
}
// A title and a paragraph.
std::string words_page(const LinkPage& page, Phrase title, Phrase words) {
  return plain_page(page, say(page, title), {paragraph(say(page, words))});
}

const std::string& in_language(const std::map<std::string, std::string, std::less<>>& all,
                               std::string_view language, const std::string& first) {
  const auto found = all.find(language);
  return found == all.end() || found->second.empty() ? first : found->second;
}

}  // namespace

const std::string& SurveySite::title_in(std::string_view language) const {
  return in_language(titles, language, title);
}
const std::string& SurveySite::introduction_in(std::string_view language) const {
  return in_language(introductions, language, introduction);
}

std::string start_page(const LinkPage& page, const StartFacts& facts) {
  const SurveySite& site = page.site;
  const std::string_view language = language_of(page);
  const std::string& title = site.title_in(page.language);
  std::vector<Html> main = {language_links(page), heading(title)};
  const std::string& introduction = site.introduction_in(page.language);
  if (!introduction.empty()) main.push_back(paragraph(introduction));
  if (!facts.organisations.empty()) {
    const std::string places = list_in_words(facts.organisations, language);
    main.push_back(paragraph(facts.role.empty()
                                 ? phrase_with(Phrase::kAskedOf, language, places)
                                 : phrase_with(Phrase::kAskedAs, language, facts.role, places)));
  }
  main.push_back(paragraph(confidence(page)));
  if (site.unlinked) main.push_back(paragraph(say(page, Phrase::kKeepLink)));
  std::vector<std::string> lines = {phrase_with(Phrase::kPageCount, language, facts.pages),
                                    say(page, Phrase::kSavedAndResumed)};
  if (site.closes) {
    lines.push_back(phrase_with(Phrase::kCloses, language, spoken_date(*site.closes, language)));
  }
  main.push_back(bullets(lines));
  const Phrase go = facts.begun ? Phrase::kCarryOn : Phrase::kStart;
  main.push_back(post_form(page.base + "/begin", page.ticket,
                           {hidden("language", page.language), submit_button(say(page, go))}));
  if (facts.begun) main.push_back(link_line(href(page, "/check"), say(page, Phrase::kCheck)));
  main.push_back(link_line(href(page, "/colleague"), say(page, Phrase::kSomeoneElse)));
  PageLayout layout = layout_of(page, title);
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
  const std::string_view language = language_of(page);
  const std::string title(phrase(Phrase::kCheck, language));
  std::vector<Html> main = {heading(title), check_list(lines, language)};
  if (submitted) main.push_back(paragraph(phrase(Phrase::kReceived, language)));
  main.push_back(post_form(
      page.base + "/check", page.ticket,
      {hidden("language", page.language), submit_button(phrase(Phrase::kSend, language))}));
  main.push_back(hint_paragraph(change_words(page)));
  PageLayout layout = layout_of(page, title);
  layout.back_href = href(page, "");
  return page_html(layout, main);
}

std::string done_page(const LinkPage& page) {
  const std::string title = say(page, Phrase::kThanks);
  return page_html(
      layout_of(page, title),
      {element("div", {{"class", "govuk-panel govuk-panel--confirmation"}},
               {element("h1", {{"class", "govuk-panel__title"}}, {text(title)}),
                element("div", {{"class", "govuk-panel__body"}},
                        {text(say(page, Phrase::kReceived))})}),
       paragraph(change_words(page)), link_line(href(page, "/check"), say(page, Phrase::kCheck)),
       link_line(href(page, "/erase"), say(page, Phrase::kAskErasure))});
}

std::string decline_page(const LinkPage& page) {
  return confirm_page(page, Phrase::kDeclineTitle, page.base + "/decline", Phrase::kDeclineWords,
                      {{"no", Phrase::kDeclineNo},
                       {"stop", Phrase::kDeclineStop, Phrase::kDeclineStopHint},
                       {"yes", Phrase::kDeclineYes}});
}

std::string stop_page(const LinkPage& page, const std::string& action) {
  return confirm_page(
      page, Phrase::kStopTitle, action, Phrase::kStopWords,
      {{"wave", Phrase::kStopWave}, {"all", Phrase::kStopAll}, {"keep", Phrase::kStopKeep}});
}

std::string erase_page(const LinkPage& page) {
  return confirm_page(page, Phrase::kEraseTitle, page.base + "/erase", Phrase::kEraseWords,
                      {{"erase", Phrase::kEraseYes}, {"keep", Phrase::kEraseKeep}});
}

std::string declined_page(const LinkPage& page) {
  return plain_page(page, say(page, Phrase::kDeclinedTitle),
                    {paragraph(say(page, Phrase::kDeclinedWords)),
                     post_form(page.base + "/return", page.ticket,
                               {hidden("language", page.language),
                                submit_button(say(page, Phrase::kReturn), "secondary")})});
}

std::string stopped_page(const LinkPage& page, const std::string& back_action) {
  std::vector<Html> body = {paragraph(say(page, Phrase::kStoppedWords))};
  if (!back_action.empty()) {
    body.push_back(post_form(back_action, page.ticket,
                             {hidden("answer", "resume"), hidden("language", page.language),
                              submit_button(say(page, Phrase::kResumeMail), "secondary")}));
  }
  return plain_page(page, say(page, Phrase::kStoppedTitle), body);
}

std::string erased_page(const LinkPage& page) {
  LinkPage without = page;
  without.base.clear();
  return words_page(without, Phrase::kErasedTitle, Phrase::kErasedWords);
}

std::string colleague_page(const LinkPage& page, const ColleagueForm& form) {
  std::vector<ErrorLink> errors;
  if (!form.kind_error.empty()) errors.push_back({"kind", form.kind_error});
  if (!form.name_error.empty()) errors.push_back({"name", form.name_error});
  if (!form.email_error.empty()) errors.push_back({"email", form.email_error});
  const std::string title = say(page, Phrase::kColleagueTitle);
  PageLayout layout = layout_of(page, title);
  layout.back_href = href(page, "");
  layout.has_errors = !errors.empty();
  return page_html(
      layout, {error_summary(say(page, Phrase::kProblem), errors), heading(title),
               paragraph(say(page, Phrase::kColleagueWords)),
               post_form(page.base + "/colleague", page.ticket,
                         {hidden("language", page.language),
                          radio_group("kind", say(page, Phrase::kWhoAnswers), LegendKind::kMedium,
                                      {{"transfer", say(page, Phrase::kTransfer), ""},
                                       {"share", say(page, Phrase::kShare), ""}},
                                      form.kind_error),
                          text_input({.name = "name",
                                      .label = say(page, Phrase::kColleagueName),
                                      .hint = "",
                                      .value = form.name,
                                      .error = form.name_error,
                                      .autocomplete = "off",
                                      .inputmode = ""}),
                          text_input({.name = "email",
                                      .label = say(page, Phrase::kColleagueEmail),
                                      .hint = "",
                                      .value = form.email,
                                      .error = form.email_error,
                                      .type = "email",
                                      .autocomplete = "off",
                                      .inputmode = "email"}),
                          submit_button(say(page, Phrase::kSendInvitation))})});
}

std::string colleague_done_page(const LinkPage& page) {
  return plain_page(page, say(page, Phrase::kThanks),
                    {paragraph(say(page, Phrase::kColleagueDone)),
                     link_line(href(page, ""), say(page, Phrase::kGoToSurvey))});
}

std::string accept_page(const LinkPage& page, const std::vector<std::string>& organisations,
                        const std::string& action) {
  const std::string_view language = language_of(page);
  return plain_page(page, page.site.title_in(page.language),
                    {paragraph(phrase_with(Phrase::kAcceptWords, language,
                                           list_in_words(organisations, language))),
                     paragraph(confidence(page)),
                     post_form(action, page.ticket,
                               {hidden("language", page.language),
                                submit_button(say(page, Phrase::kTakePart))})});
}

std::string passed_on_page(const LinkPage& page) {
  return words_page(page, Phrase::kPassedOnTitle, Phrase::kPassedOnWords);
}

std::string other_link_page(const LinkPage& page) {
  return words_page(page, Phrase::kOtherLinkTitle, Phrase::kOtherLinkWords);
}

std::string code_page(const LinkPage& page) {
  const std::string title = say(page, Phrase::kCodeTitle);
  PageLayout layout = layout_of(page, title);
  layout.service_href.clear();
  return page_html(layout, {errors_of(page, "code"), language_links(page),
                            post_form("/code", page.ticket,
                                      {hidden("language", page.language),
                                       text_input({.name = "code",
                                                   .label = title,
                                                   .hint = say(page, Phrase::kCodeHint),
                                                   .value = "",
                                                   .error = page.error,
                                                   .autocomplete = "off",
                                                   .inputmode = "",
                                                   .page_heading = true}),
                                       submit_button(say(page, Phrase::kContinue))})});
}

std::string unknown_link_page(const LinkPage& page) {
  return plain_page(page, say(page, Phrase::kUnknownLinkTitle),
                    {paragraph(say(page, Phrase::kUnknownLinkWords)),
                     link_line("/", say(page, Phrase::kTypeCode))});
}

std::string closed_page(const LinkPage& page, bool not_open_yet) {
  LinkPage without = page;
  without.base.clear();
  if (not_open_yet) return words_page(without, Phrase::kNotOpenTitle, Phrase::kNotOpenWords);
  return words_page(without, Phrase::kClosedTitle, Phrase::kClosedWords);
}

std::string privacy_page(const LinkPage& page) {
  const SurveySite& site = page.site;
  const std::string_view language = language_of(page);
  std::vector<Html> body = {paragraph(confidence(page))};
  const std::string& asks = site.conducted_by.empty() ? site.sponsor : site.conducted_by;
  if (!asks.empty()) body.push_back(paragraph(phrase_with(Phrase::kRunBy, language, asks)));
  if (!site.privacy_notice.empty()) body.push_back(paragraph(site.privacy_notice));
  body.push_back(subheading(say(page, Phrase::kWhatWeKeep)));
  body.push_back(
      bullets({say(page, Phrase::kKeepPeople), say(page, Phrase::kKeepAnswers),
               phrase_with(Phrase::kKeepUntil, language, site.retention_days),
               say(page, site.unlinked ? Phrase::kKeepRecordsUnlinked : Phrase::kKeepRecords)}));
  body.push_back(subheading(say(page, Phrase::kYourRights)));
  body.push_back(paragraph(say(page, Phrase::kRights)));
  if (!page.base.empty()) {
    body.push_back(link_line(href(page, "/erase"), say(page, Phrase::kEraseTitle)));
  }
  return plain_page(page, say(page, Phrase::kPrivacy), body);
}

std::string accessibility_page(const LinkPage& page) {
  return plain_page(page, say(page, Phrase::kAccessibility),
                    {paragraph(say(page, Phrase::kAccessibleWords)),
                     paragraph(say(page, Phrase::kAccessibleHelp))});
}

std::string failure_page(const SurveySite& site, int status) {
  const std::string language = site.languages.empty() ? "en" : site.languages.front();
  const LinkPage page{site, "", language, "", ""};
  switch (status) {
    case 404:
      return words_page(page, Phrase::kNotFoundTitle, Phrase::kNotFoundWords);
    case 429:
      return words_page(page, Phrase::kWaitTitle, Phrase::kWaitWords);
    case 503:
      return words_page(page, Phrase::kNotSavedTitle, Phrase::kNotSavedWords);
    case 500:
      return words_page(page, Phrase::kFaultTitle, Phrase::kFaultWords);
    default:
      return words_page(page, Phrase::kBadRequestTitle, Phrase::kBadRequestWords);
  }
}

}  // namespace barometer
