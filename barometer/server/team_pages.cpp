#include "barometer/server/team_pages.h"

#include <algorithm>
#include <cctype>
#include <chrono>

#include <fmt/format.h>

#include "barometer/base/decimal.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

PageLayout layout_of(const TeamFrame& frame, const std::string& title) {
  PageLayout layout;
  layout.title = title;
  layout.service = frame.survey;
  layout.service_href = "/team";
  layout.assets = frame.assets;
  layout.has_errors = !frame.error.empty();
  layout.wide = true;
  layout.navigation = {{"/team", "Response"},
                       {"/team/organisations", "Organisations"},
                       {"/team/rates", "Outcome rates"},
                       {"/team/toplines", "Interim results"}};
  if (frame.role != TeamRole::kViewer) {
    layout.navigation.push_back({"/team/contact", "Contact"});
    layout.navigation.push_back({"/team/entry", "Telephone and paper"});
  }
  layout.navigation.push_back({"/team/audit", "Audit log"});
  layout.navigation.push_back({"/team/sign-ins", "Sign-ins"});
  return layout;
}

std::string page_of(const TeamFrame& frame, const std::string& title,
                    const std::vector<Html>& body) {
  std::vector<Html> main;
  if (!frame.error.empty()) {
    main.push_back(element(
        "div", {{"class", "govuk-error-summary"}, {"role", "alert"}},
        {element("h2", {{"class", "govuk-error-summary__title"}}, {text("There is a problem")}),
         paragraph(frame.error)}));
  }
  if (!frame.notice.empty()) {
    main.push_back(
        element("div", {{"class", "govuk-inset-text"}, {"role", "status"}}, {text(frame.notice)}));
  }
  main.push_back(element("span", {{"class", "govuk-caption-l"}}, {text(frame.wave)}));
  main.push_back(heading(title));
  main.insert(main.end(), body.begin(), body.end());
  return page_html(layout_of(frame, title), main);
}

Html tile(int64_t number, const std::string& words, bool approximate = false) {
  return element("li", {},
                 {element("span", {{"class", "number"}},
                          {text((approximate ? "about " : "") + with_thousands(number))}),
                  element("span", {{"class", "words"}}, {text(words)})});
}

struct TableCell {
  TableCell(std::string what, std::string also = {})
      : words(std::move(what)), aside(std::move(also)) {}
  std::string words;
  std::string aside;  // said after the words, less loudly
};
using TableRows = std::vector<std::vector<TableCell>>;

// Columns of numbers, counted from 0: aligned so that they can be compared.
struct NumberColumns {
  size_t first = 0, end = 0;
  [[nodiscard]] bool has(size_t column) const { return column >= first && column < end; }
};

Html table_of(const std::string& caption, const std::vector<std::string>& head,
              const TableRows& rows, NumberColumns numbers = {}) {
  std::vector<Html> cells;
  for (size_t i = 0; i < head.size(); ++i) {
    cells.push_back(
        element("th",
                {{"scope", "col"},
                 {"class", numbers.has(i) ? "govuk-table__header govuk-table__header--numeric"
                                          : "govuk-table__header"}},
                {text(head[i])}));
  }
  std::vector<Html> body;
  for (const auto& row : rows) {
    std::vector<Html> line;
    for (size_t i = 0; i < row.size(); ++i) {
      std::vector<Html> words = {text(row[i].words)};
      if (!row[i].aside.empty()) {
        words.push_back(element("span", {{"class", "aside"}}, {text(", " + row[i].aside)}));
      }
      line.push_back(
          element("td",
                  {{"class", numbers.has(i) ? "govuk-table__cell govuk-table__cell--numeric"
                                            : "govuk-table__cell"}},
                  words));
    }
    body.push_back(element("tr", {{"class", "govuk-table__row"}}, line));
  }
  return element(
      "div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", caption}},
      {element("table", {{"class", "govuk-table numbers"}},
               {element("caption", {{"class", "govuk-table__caption"}}, {text(caption)}),
                element("thead", {{"class", "govuk-table__head"}},
                        {element("tr", {{"class", "govuk-table__row"}}, cells)}),
                element("tbody", {{"class", "govuk-table__body"}}, body)})});
}

Html check_box(const std::string& name, const std::string& id, const std::string& words) {
  return element(
      "div", {{"class", "govuk-form-group"}},
      {element("div", {{"class", "govuk-checkboxes govuk-checkboxes--small"}},
               {element("div", {{"class", "govuk-checkboxes__item"}},
                        {element("input", {{"class", "govuk-checkboxes__input"},
                                           {"id", id},
                                           {"name", name},
                                           {"type", "checkbox"},
                                           {"value", "yes"}}),
                         element("label",
                                 {{"class", "govuk-label govuk-checkboxes__label"}, {"for", id}},
                                 {text(words)})})})});
}

std::string percent(const Ratio& share) {
  return round(Ratio{share.numerator * 100, share.denominator}, 1, Rounding::kHalfUp).text() + "%";
}

std::string response_text(const ResponseRow& row) {
  return row.response ? percent(*row.response) : "–";
}

Html counts_table(const std::vector<const OutcomeRates*>& units) {
  std::vector<std::string> head = {"Outcome"};
  for (const OutcomeRates* rates : units) {
    head.push_back(rates->unit);
    head.back()[0] = static_cast<char>(std::toupper(head.back()[0]));
  }
  TableRows rows;
  for (const OutcomeClass& one : kOutcomeClasses) {
    std::vector<TableCell> cells = {fmt::format("{}, {}", one.letters, one.words)};
    for (const OutcomeRates* rates : units) {
      cells.emplace_back(fmt::format("{}", rates->counts.*one.count));
    }
    rows.push_back(std::move(cells));
  }
  return table_of("How many of each", head, rows, {1, head.size()});
}

Html rates_table(const OutcomeRates& rates) {
  TableRows rows;
  for (const OutcomeRate& rate : rates.rates) {
    rows.push_back({rate.name, rate.value ? percent(*rate.value) : rate.reason, rate.formula});
  }
  return table_of(fmt::format("Of {}; e = {}", rates.unit, rates.e.text()),
                  {"Rate", "Value", "Formula"}, rows, {1, 2});
}

// Counts of people move at once; answers do not, so that none can be read off a difference.
Html held_back_words(const InterimFacts& interim) {
  const std::string shown =
      interim.shown ? fmt::format("are of the first {} complete interviews", *interim.shown)
                    : std::string("are not shown yet");
  return element(
      "p", {{"class", "govuk-body"}},
      {text_link("/team/toplines", "Interim results"),
       text(fmt::format(" {}, and move when {} are complete: a table that moved with each "
                        "interview would tell the answers of the last.",
                        shown, interim.next))});
}

// Which share of what was asked somebody answered would tell what was asked of them, and so what
// they answered before.
Html counted_by_sending(const FieldworkSettings& settings) {
  return paragraph(fmt::format(
      "Here an interview that was sent counts as complete, and one that was begun as partial. In "
      "the export, complete is an interview with answers to at least {} per cent of what was "
      "asked{}, partial one with at least {}.",
      settings.complete_percent, settings.submit_to_complete ? " that was sent" : "",
      settings.partial_percent));
}

Html unlinked_words() {
  return paragraph(
      "Answers of this wave are not linked to people. Groups and organisations count who has "
      "begun, so they are approximate; how many are complete is known in all only.");
}

}  // namespace

std::string team_page(const TeamFrame& frame, const std::string& title,
                      const std::vector<Html>& body) {
  return page_of(frame, title, body);
}

std::string team_form_page(const TeamFrame& frame, const std::string& title,
                           const std::vector<Html>& body, bool has_errors) {
  PageLayout layout = layout_of(frame, title);
  layout.has_errors = has_errors;
  return page_html(layout, body);
}

std::string moment_text(int64_t unix_ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> at{std::chrono::milliseconds(unix_ms)};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::minutes>(at - day));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count());
}

std::string sign_in_page(const TeamFrame& frame) {
  PageLayout layout;
  layout.title = "Sign in";
  layout.service = frame.survey;
  layout.assets = frame.assets;
  layout.has_errors = !frame.error.empty();
  std::vector<ErrorLink> errors;
  if (!frame.error.empty()) errors.push_back({"member", frame.error});
  const auto input = [](const char* name, const char* label, std::string_view type,
                        std::string_view complete, std::string_view mode) {
    return text_input({.name = name,
                       .label = label,
                       .hint = "",
                       .value = "",
                       .error = "",
                       .type = type,
                       .autocomplete = complete,
                       .inputmode = mode});
  };
  return page_html(
      layout, {error_summary("There is a problem", errors), heading("Sign in"),
               post_form("/team/sign-in", frame.ticket,
                         {input("member", "Name", "text", "username", ""),
                          input("password", "Password", "password", "current-password", ""),
                          input("code", "Code of your authenticator app", "text", "one-time-code",
                                "numeric"),
                          submit_button("Sign in")})});
}

std::string overview_page(const TeamFrame& frame, const FieldworkMonitor& monitor,
                          FieldworkPhase phase, const InterimFacts& interim) {
  const OutcomeCounts& people = monitor.people.counts;
  std::vector<Html> body = {
      paragraph(fmt::format("The wave is {}.", name_of(phase))),
      element("ul", {{"class", "tiles"}},
              {tile(people.total(), "people asked"), tile(people.complete, "answers sent"),
               tile(people.partial, "begun, not sent"), tile(people.refusal, "refused"),
               tile(static_cast<int64_t>(monitor.organisations_answering),
                    "organisations with an answer", monitor.approximate),
               tile(static_cast<int64_t>(monitor.organisations_answering_twice),
                    "of them with more than one", monitor.approximate)}),
      held_back_words(interim)};
  if (frame.unlinked) body.push_back(unlinked_words());
  body.push_back(response_line("Answers sent by day", monitor.by_day));
  body.push_back(response_bars("Response by role", monitor.by_role));
  body.push_back(response_bars("Response by region", monitor.by_region));
  body.push_back(organisation_bars("Organisations, each by the best of its people",
                                   monitor.organisations.counts));
  if (!monitor.quotas.empty()) body.push_back(quota_bars("Targets", monitor.quotas));
  if (frame.role == TeamRole::kOwner && phase != FieldworkPhase::kClosed) {
    body.push_back(subheading("Close the wave"));
    body.push_back(post_form("/team/close", frame.ticket,
                             {text_input({.name = "confirm",
                                          .label = "Type the wave's name to close it now",
                                          .hint = frame.wave,
                                          .value = "",
                                          .error = "",
                                          .autocomplete = "off",
                                          .inputmode = ""}),
                              submit_button("Close", "warning")}));
  }
  return page_of(frame, "Response", body);
}

std::string organisations_page(const TeamFrame& frame, const FieldworkMonitor& monitor,
                               const Frame& organisations) {
  TableRows rows;
  for (const ResponseRow& row : monitor.by_organisation) {
    const Organisation* organisation = organisations.organisation(row.group);
    rows.push_back({organisation == nullptr ? TableCell(row.group)
                                            : TableCell(organisation->name, organisation->region),
                    fmt::format("{}", row.people.total()), fmt::format("{}", row.people.complete),
                    fmt::format("{}", row.people.partial), response_text(row)});
  }
  std::vector<Html> body;
  if (frame.unlinked) body.push_back(unlinked_words());
  body.push_back(organisation_bars("Organisations, each by the best of its people",
                                   monitor.organisations.counts));
  body.push_back(table_of("Response by organisation", {"Name", "People", "Sent", "Begun", "Rate"},
                          rows, {1, 5}));
  return page_of(frame, "Organisations", body);
}

std::string rates_page(const TeamFrame& frame, const FieldworkMonitor& monitor,
                       const FieldworkSettings& settings) {
  std::vector<Html> body = {
      paragraph("After AAPOR, Standard Definitions. I complete, P partial, R refusal and "
                "break-off, NC non-contact, O other, U unknown eligibility, e its eligible share."),
      counted_by_sending(settings)};
  if (frame.unlinked) body.push_back(unlinked_words());
  body.push_back(counts_table({&monitor.people, &monitor.organisations}));
  body.push_back(rates_table(monitor.people));
  body.push_back(rates_table(monitor.organisations));
  return page_of(frame, "Outcome rates", body);
}

std::string contact_page(const TeamFrame& frame, const std::vector<StepLine>& steps,
                         const std::vector<PersonLine>& people) {
  std::vector<Html> body = {
      paragraph("A step is queued for those it is meant for, once each, and sent by the server or "
                "by 'barometer remind'.")};
  for (const StepLine& step : steps) {
    body.push_back(subheading(step.id));
    body.push_back(paragraph(
        fmt::format("{} people would get it now.{}", step.audience,
                    step.left_out.empty() ? "" : fmt::format(" Left out: {}.", step.left_out))));
    std::vector<Html> form = {hidden("step", step.id)};
    if (step.by_spacing > 0) {
      form.push_back(check_box("anyway", "anyway-" + step.id,
                               fmt::format("Also the {} who had a mail within the last day, have "
                                           "one waiting, or had no invitation",
                                           step.by_spacing)));
    }
    form.push_back(submit_button("Queue " + step.id));
    body.push_back(post_form("/team/contact", frame.ticket, form));
  }
  TableRows rows;
  for (const PersonLine& line : people) {
    std::vector<TableCell> row = {line.id, line.role, line.organisations, line.contact};
    if (!frame.unlinked) row.emplace_back(line.interview);
    rows.push_back(std::move(row));
  }
  std::vector<std::string> head = {"Person", "Role", "Organisations", "Contact"};
  if (!frame.unlinked) head.emplace_back("Interview");
  // Hundreds of rows: opened by who wants them.
  body.push_back(element("details", {{"class", "govuk-details"}},
                         {element("summary", {{"class", "govuk-details__summary"}},
                                  {element("span", {{"class", "govuk-details__summary-text"}},
                                           {text(fmt::format("The {} people", people.size()))})}),
                          table_of("People", head, rows)}));
  return page_of(frame, "Contact", body);
}

std::string audit_page(const TeamFrame& frame, const std::vector<Act>& acts) {
  TableRows rows;
  for (const Act& act : acts) {
    rows.push_back({moment_text(act.at_ms), act.who, act.what, act.detail});
  }
  return page_of(
      frame, "Audit log",
      {table_of("The last acts, newest first", {"When (UTC)", "Who", "What", "Detail"}, rows)});
}

std::string sign_ins_page(const TeamFrame& frame, const std::vector<SignIn>& sign_ins) {
  TableRows rows;
  for (const SignIn& one : sign_ins) {
    rows.push_back({moment_text(one.made_at_ms), moment_text(one.seen_at_ms), one.device});
  }
  return page_of(
      frame, "Your sign-ins",
      {table_of("Sign-ins that hold", {"Since (UTC)", "Last seen", "Browser"}, rows),
       post_form("/team/sign-out", frame.ticket,
                 {hidden("which", "this"), submit_button("Sign out")}),
       post_form("/team/sign-out", frame.ticket,
                 {hidden("which", "all"), submit_button("End all my sign-ins", "secondary")})});
}

std::string team_message_page(const TeamFrame& frame, const std::string& title,
                              const std::string& words) {
  return page_of(frame, title, {paragraph(words)});
}

}  // namespace barometer
