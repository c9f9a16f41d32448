#include "barometer/server/team_entry_pages.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "barometer/server/question_page.h"

namespace barometer {
namespace {

using enum ContactKind;
constexpr std::array kOutcomes = {
    EntryOutcome{"no-answer", "No answer", "The call reached nobody.", kNoAnswer},
    EntryOutcome{"callback", "Call back", "In contact, no interview yet. Say when below.",
                 kReplied},
    EntryOutcome{"refused", "Refused", "The person does not want to take part.", kDeclined},
    EntryOutcome{"refused-by-other", "Refused by someone else", "A secretary, or the organisation.",
                 kDeclinedByOther},
    EntryOutcome{"takes-part", "Takes part after all", "Takes a refusal back.", kDeclineWithdrawn},
    EntryOutcome{"unavailable", "Not available", "Away for the whole of fieldwork.", kUnavailable},
    EntryOutcome{"unable", "Unable to take part", "Ill, for instance.", kUnable},
    EntryOutcome{"language", "No language in common", "", kLanguage},
    EntryOutcome{"died", "Died", "", kDied},
    EntryOutcome{"not-eligible", "Not eligible", "Holds no such role, or no longer.", kNotEligible},
    EntryOutcome{"duplicate", "On the list twice", "", kDuplicate},
};

Html row_of(std::string_view key, const std::string& value) {
  return element("div", {{"class", "govuk-summary-list__row"}},
                 {element("dt", {{"class", "govuk-summary-list__key"}}, {text(key)}),
                  element("dd", {{"class", "govuk-summary-list__value"}},
                          {text(value.empty() ? "–" : value)})});
}

Html history_of(const std::vector<ContactEvent>& events) {
  std::vector<std::string> lines;
  for (const ContactEvent& event : events) {
    std::string line =
        fmt::format("{}: {}", moment_text(event.at_ms), contact_kind_name(event.kind));
    if (event.step > 0) line += fmt::format(" {}", event.step);
    if (!event.channel.empty()) line += fmt::format(", {}", event.channel);
    if (!event.by.empty()) line += fmt::format(", by {}", event.by);
    if (!event.note.empty()) line += fmt::format(" ({})", event.note);
    lines.push_back(std::move(line));
  }
  return lines.empty() ? paragraph("Nothing yet.") : bullets(lines);
}

Html outcome_form(const TeamFrame& frame, const EntryCaseFacts& facts) {
  std::vector<RadioChoice> choices;
  for (const EntryOutcome& outcome : kOutcomes) {
    choices.push_back(
        {std::string(outcome.word), std::string(outcome.label), std::string(outcome.hint)});
  }
  return post_form(
      facts.action, frame.ticket,
      {hidden("act", "outcome"),
       radio_group("outcome", "What became of it?", LegendKind::kHeading, choices,
                   facts.outcome_error),
       text_input({.name = "note",
                   .label = "Note",
                   .hint = "When to call back, for instance. No answers to questions: who looks "
                           "at this case reads it.",
                   .value = facts.note,
                   .error = "",
                   .autocomplete = "off",
                   .inputmode = ""}),
       submit_button("Record", "secondary")});
}

Html begin_form(const TeamFrame& frame, const EntryCaseFacts& facts) {
  return post_form(facts.action, frame.ticket,
                   {hidden("act", "begin"),
                    radio_group("mode", "How do the answers come?", LegendKind::kSmall,
                                {{"telephone", "By telephone", "Read out each question as it is."},
                                 {"paper", "On paper", ""}},
                                facts.mode_error),
                    submit_button("Enter answers")});
}

// What stands above a page of the interview.
std::vector<Html> above(const EntryFrame& entry) {
  std::vector<Html> parts = {element("p", {{"class", "govuk-caption-l"}}, {text(entry.heading)})};
  if (!entry.notice.empty()) {
    parts.push_back(
        element("div", {{"class", "govuk-inset-text"}, {"role", "status"}}, {text(entry.notice)}));
  }
  if (!entry.hidden.empty()) {
    parts.push_back(element("p", {{"class", "govuk-inset-text"}}, {text(entry.hidden)}));
  }
  return parts;
}

Html below(const EntryFrame& entry) {
  return element("p", {{"class", "govuk-body"}},
                 {text_link(entry.case_href, "Stop here and record what became of it")});
}

}  // namespace

const EntryOutcome* entry_outcome(std::string_view word) {
  const auto* const found = std::ranges::find(kOutcomes, word, &EntryOutcome::word);
  return found == kOutcomes.end() ? nullptr : found;
}

std::string entry_list_page(const TeamFrame& frame, const std::string& find,
                            const std::vector<EntryLine>& lines, bool more) {
  std::vector<Html> body = {
      paragraph("Enter what somebody says by telephone or sent on paper, and record what became "
                "of a call."),
      element("form", {{"method", "get"}, {"action", "/team/entry"}, {"novalidate", "novalidate"}},
              {text_input({.name = "find",
                           .label = "Find a person",
                           .hint = "Name, role, id, or organisation",
                           .value = find,
                           .error = "",
                           .autocomplete = "off",
                           .inputmode = ""}),
               submit_button("Find")})};
  if (find.empty()) return team_page(frame, "Telephone and paper", body);
  body.push_back(subheading(lines.empty() ? "Nobody was found" : "Found"));
  std::vector<Html> items;
  for (const EntryLine& line : lines) {
    std::string more_words = line.role.empty()
                                 ? line.organisations
                                 : fmt::format("{}, {}", line.role, line.organisations);
    if (!line.interview.empty()) more_words += fmt::format(" – {}", line.interview);
    items.push_back(element("li", {}, {text_link(line.href, line.words), text(": " + more_words)}));
  }
  if (!items.empty()) body.push_back(element("ul", {{"class", "govuk-list"}}, items));
  if (more) body.push_back(hint_paragraph("There are more: say more to find fewer."));
  return team_page(frame, "Telephone and paper", body);
}

std::string entry_case_page(const TeamFrame& frame, const EntryCaseFacts& facts) {
  const FieldPerson& person = facts.person;
  std::vector<Html> rows = {row_of("Person", person.id), row_of("Name", person.name),
                            row_of("Telephone", person.phone), row_of("Role", person.role),
                            row_of("Organisations", facts.organisations)};
  if (!frame.unlinked) rows.push_back(row_of("Interview", facts.interview));
  std::vector<Html> body = {element("dl", {{"class", "govuk-summary-list"}}, rows),
                            subheading("Enter answers")};
  if (facts.closed.empty()) {
    body.push_back(paragraph(facts.sees));
    body.push_back(begin_form(frame, facts));
  } else {
    body.push_back(paragraph(facts.closed));
  }
  body.push_back(outcome_form(frame, facts));
  body.push_back(subheading("So far"));
  body.push_back(history_of(facts.events));
  return team_page(frame, "Telephone and paper", body);
}

std::string entry_question_page(const TeamFrame& frame, const EntryFrame& entry,
                                const PageView& view, const std::string& action,
                                const std::string& ticket) {
  std::vector<Html> body = above(entry);
  for (Html& part : question_page(view, action, ticket)) body.push_back(std::move(part));
  body.push_back(below(entry));
  return team_form_page(frame, entry.heading, body, !view.errors.empty());
}

std::string entry_check_page(const TeamFrame& frame, const EntryFrame& entry,
                             const std::vector<CheckLine>& lines, const std::string& action,
                             const std::string& ticket) {
  std::vector<Html> body = above(entry);
  body.push_back(heading("Check the answers"));
  body.push_back(check_list(lines, "en"));
  body.push_back(post_form(action, ticket, {submit_button("Send the answers")}));
  body.push_back(below(entry));
  return team_form_page(frame, entry.heading, body, false);
}

}  // namespace barometer
