#include "barometer/contact/campaign.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/moment.h"
#include "barometer/base/text.h"
#include "barometer/contact/message.h"
#include "barometer/fieldwork/disposition.h"
#include "barometer/fieldwork/monitor.h"
#include "barometer/fieldwork/wave_end.h"

namespace barometer {
namespace {

constexpr std::string_view kShareText =
    "Subject: {{colleague|A colleague}} asks you to answer for {{organisation}}: {{study}}\n\n"
    "Dear {{name|colleague}},\n\n"
    "{{colleague|A colleague}} has passed the survey \"{{study}}\" on to you. If you would like "
    "to\n"
    "answer for {{organisations}}, please start here:\n\n{{link}}\n\n"
    "If not, you need not do anything.\n\n{{from_name|The survey team}}\n";

std::string day_text(std::optional<int64_t> at_ms) {
  if (!at_ms) return {};
  const std::chrono::sys_time<std::chrono::milliseconds> at{std::chrono::milliseconds(*at_ms)};
  return long_text(Date(std::chrono::floor<std::chrono::days>(at)));
}

std::string_view privacy_words(PrivacyMode mode) {
  return mode == PrivacyMode::kConfidential
             ? "Your answers are confidential: they are kept apart from your name, and nothing is "
               "published from which you could be recognised."
             : "Your answers are kept without anything that joins them to you or your "
               "organisation. The link above is the only way back to them: no other mail has it.";
}

// Not by the thresholds of completeness: whom a reminder goes to would tell what was asked of them
// (CaseProgress).
bool is_meant(Audience audience, CaseProgress progress) {
  switch (audience) {
    case Audience::kEveryone:
      return true;
    case Audience::kNotStarted:
      return progress == CaseProgress::kNotBegun;
    case Audience::kUnfinished:
      return progress != CaseProgress::kSent;
  }
  return false;
}

// Why nobody writes to this person, from what they or others have told us; empty: somebody may.
std::string said_no(const std::vector<ContactEvent>& events) {
  switch (final_disposition(events, InterviewStatus::kNew).disposition) {
    case DispositionClass::kRefusal:
      return "declined";
    case DispositionClass::kOther:
      return "cannot take part";
    case DispositionClass::kNotEligible:
      return "not eligible";
    default:
      return {};
  }
}

// What the mails of a person say of the next one.
struct MailHistory {
  std::optional<int64_t> last_ms{};  // when the last one of ours left
  bool waiting = false;              // one has not left yet
  bool has_step = false;             // the step in question is among them
  bool lacked_address = false;       // the step came up when there was no address yet
};

using Histories = std::map<std::string, MailHistory>;

Histories histories_of(const MailStep& step, const StepFacts& facts) {
  Histories out;
  for (const ContactEvent& event : facts.events) {
    if (event.kind != ContactKind::kInvited && event.kind != ContactKind::kReminded) continue;
    auto& last = out[event.person].last_ms;
    last = std::max(last.value_or(event.at_ms), event.at_ms);
  }
  for (const MailRow& row : facts.mails) {
    MailHistory& history = out[row.person];
    const bool to_nowhere = row.state == MailState::kSkipped && row.said == kNoAddressSkip;
    if (row.step == step.id) (to_nowhere ? history.lacked_address : history.has_step) = true;
    const bool waits = row.state == MailState::kQueued || row.state == MailState::kSending ||
                       row.state == MailState::kEnding;
    history.waiting = history.waiting || waits;
  }
  return out;
}

// Why a reminder is too much, or reminds of nothing; empty: it is due.
std::string spacing_between(const MailHistory& history, int64_t now_ms) {
  if (history.waiting) return "have a mail waiting";
  if (!history.last_ms) return "have had no invitation";
  return *history.last_ms > now_ms - kDayMs ? "had a mail within the last day" : "";
}

// The address, as far as is known, leads nowhere: the last mail came back and no other address has
// been given since.
bool is_dead_end(const std::vector<ContactEvent>& events) {
  bool dead = false;
  for (const ContactEvent& event : events) {
    if (event.kind == ContactKind::kBounced) dead = true;
    if (event.kind == ContactKind::kImported || event.kind == ContactKind::kInvited ||
        event.kind == ContactKind::kReminded) {
      dead = false;
    }
  }
  return dead;
}

std::string host_of(const std::string& address) { return address.substr(address.find('@') + 1); }

std::string without_slash(std::string site) {
  while (site.ends_with('/')) site.pop_back();
  return site;
}

}  // namespace

struct Campaign::Texts {
  const Study* study = nullptr;
  const Wave* wave = nullptr;
  std::map<std::string, MailTemplate> templates;  // by file name without ".md": "reminder.cy"

  [[nodiscard]] const FieldworkSettings& settings() const { return wave->fieldwork; }
  [[nodiscard]] const ContactStep* find(const std::string& id) const {
    for (const ContactStep& step : settings().contacts) {
      if (step.id == id) return &step;
    }
    return nullptr;
  }
  [[nodiscard]] const MailTemplate& text_of(const MailStep& step,
                                            const std::string& language) const {
    const ContactStep* known = find(step.id);
    const std::string name = known == nullptr ? std::string(kShareStep) : known->text;
    const auto in_language = templates.find(name + "." + language);
    return in_language == templates.end() ? templates.at(name) : in_language->second;
  }
  void read(const std::string& name, bool required, Diagnostics& problems);
};

void Campaign::Texts::read(const std::string& name, bool required, Diagnostics& problems) {
  const std::string file = fmt::format("contact/{}.md", name);
  const auto path = wave->folder / file;
  const std::string shown = fmt::format("waves/{}/{}", wave->id, file);
  if (!std::filesystem::exists(path)) {
    if (required) {
      problems.error("no-text", {shown, 0, 0}, fmt::format("there is no file '{}'", shown),
                     "write the mail there; its first line is 'Subject: …'");
    }
    return;
  }
  const auto bytes = read_file(path, 1'000'000);
  if (!bytes) {
    problems.error("unreadable", {shown, 0, 0}, bytes.error().message);
    return;
  }
  templates.emplace(name, MailTemplate::parse(*bytes, shown, true, problems));
}

Result<Campaign> Campaign::make(const Study& study, const Wave& wave, Diagnostics& problems) {
  auto texts = std::make_shared<Texts>();
  texts->study = &study;
  texts->wave = &wave;
  const Place place{fmt::format("waves/{}/wave.yaml", wave.id), 0, 0};
  const ContactDetails& contact = wave.fieldwork.contact;
  if (!is_mail_address(contact.from_address)) {
    problems.error("no-sender", place, "fieldwork.contact.address is the address mails come from");
  }
  if (!contact.address.starts_with("https://") && !contact.address.starts_with("http://")) {
    problems.error("no-site", place, "fieldwork.contact.site is the address of the survey",
                   "https://survey.example.org");
  }
  if (wave.fieldwork.contacts.empty()) {
    problems.error("no-steps", place, "the wave has no 'fieldwork' that says when mails go out");
  }
  for (const ContactStep& step : wave.fieldwork.contacts) {
    if (texts->templates.contains(step.text)) continue;
    texts->read(step.text, true, problems);
    for (const std::string& language : wave.fieldwork.languages) {
      texts->read(step.text + "." + language, false, problems);
    }
  }
  texts->read(std::string(kShareStep), false, problems);
  if (!texts->templates.contains(std::string(kShareStep))) {
    texts->templates.emplace(kShareStep, MailTemplate::parse(kShareText, "share", true, problems));
  }
  TRY_DONE(problems.status());
  return Campaign(std::move(texts));
}

std::vector<MailStep> Campaign::due(int64_t now_ms) const {
  std::vector<MailStep> steps;
  const FieldworkSettings& settings = texts_->settings();
  const FieldworkPhase phase = phase_at(settings, now_ms);
  if (phase != FieldworkPhase::kOpen) return steps;
  int number = 0;
  for (const ContactStep& step : settings.contacts) {
    if (settings.opens_ms.value_or(now_ms) + step.after_days * kDayMs <= now_ms) {
      if (number > 1 && steps.size() > 1) steps.pop_back();  // an earlier reminder
      steps.push_back({step.id, number});
    }
    ++number;
  }
  steps.push_back({std::string(kShareStep), 0});
  return steps;
}

Result<MailStep> Campaign::step(const std::string& id) const {
  int number = 0;
  std::vector<std::string> known;
  for (const ContactStep& step : texts_->settings().contacts) {
    if (step.id == id) return MailStep{id, number};
    known.push_back(step.id);
    ++number;
  }
  if (id == kShareStep) return MailStep{id, 0};
  return fail(ErrorCode::kNotFound,
              fmt::format("there is no step '{}'; {}", printable(id), suggestion(id, known)));
}

namespace {

// Why nobody of this state gets a step, whatever its day; empty: they may.
std::string no_mail_for(const FieldPerson& person) {
  switch (person.state) {
    case PersonState::kErased:
      return "asked to be forgotten";
    case PersonState::kTransferred:
      return "have passed it on to a colleague";
    case PersonState::kPending:
      return "have not accepted yet";
    case PersonState::kActive:
      return person.opted_out ? "want no mail" : "";
  }
  return {};
}

std::string left_out_for(const FieldPerson& person, const std::vector<ContactEvent>& events,
                         const ContactStep& step, bool reminds, CaseProgress progress) {
  if (std::string no = no_mail_for(person); !no.empty()) return no;
  if (std::string no = said_no(events); !no.empty()) return no;
  if (!is_meant(step.audience, progress)) {
    return progress == CaseProgress::kSent ? "have sent their answers" : "have begun";
  }
  if (is_dead_end(events)) return "have an address that does not work";
  return reminds && person.email.empty() ? "have no address" : "";
}

// Colleagues who were named and have not accepted: nobody else gets that mail.
std::vector<std::string> named_colleagues(const StepFacts& facts, const Histories& histories,
                                          std::map<std::string, std::vector<ContactEvent>>& of) {
  std::vector<std::string> meant;
  for (const FieldPerson& person : facts.people) {
    const auto history = histories.find(person.id);
    const bool has_it = history != histories.end() && history->second.has_step;
    if (person.state != PersonState::kPending || person.opted_out || has_it) continue;
    if (person.email.empty() && history != histories.end() && history->second.lacked_address) {
      continue;
    }
    if (said_no(of[person.id]).empty() && !is_dead_end(of[person.id])) meant.push_back(person.id);
  }
  return meant;
}

}  // namespace

StepAudience Campaign::audience(const MailStep& step, const StepFacts& facts,
                                Spacing spacing) const {
  std::map<std::string, std::vector<ContactEvent>> by_person;
  for (const ContactEvent& event : facts.events) by_person[event.person].push_back(event);
  Histories histories = histories_of(step, facts);
  StepAudience out;
  const ContactStep* known = texts_->find(step.id);
  if (known == nullptr) {
    out.people = named_colleagues(facts, histories, by_person);
    return out;
  }
  const bool reminds = step.number > 0;
  const auto leave_out = [&out](const std::string& why) {
    const auto found = std::ranges::find(out.left_out, why, &std::pair<std::string, size_t>::first);
    if (found == out.left_out.end()) return out.left_out.emplace_back(why, 1), void();
    ++found->second;
  };
  for (const FieldPerson& person : facts.people) {
    const MailHistory& history = histories[person.id];
    std::string why =
        left_out_for(person, by_person[person.id], *known, reminds, facts.progress(person.id));
    if (why.empty() && history.has_step) why = "had this step before";
    if (why.empty() && history.lacked_address && person.email.empty()) why = "have no address";
    if (why.empty() && reminds && spacing == Spacing::kKept) {
      why = spacing_between(history, facts.now_ms);
      out.by_spacing += why.empty() ? 0U : 1U;
    }
    if (why.empty()) {
      out.people.push_back(person.id);
    } else {
      leave_out(why);
    }
  }
  return out;
}

std::string left_out_in_words(const StepAudience& audience) {
  std::vector<std::string> parts;
  for (const auto& [why, count] : audience.left_out) {
    parts.push_back(fmt::format("{} {}", count, why));
  }
  return join(parts, ", ");
}

namespace {

MergeValues values_for(const Study& study, const Wave& wave, const FieldPerson& person) {
  const ContactDetails& contact = wave.fieldwork.contact;
  std::vector<std::string> organisations;
  const Frame& frame = study.frame_of(wave);
  for (const std::string& id : person.organisations) {
    const Organisation* known = frame.organisation(id);
    organisations.push_back(known == nullptr ? id : known->name);
  }
  return {{"study", study.title},
          {"wave", wave.title},
          {"sponsor", study.sponsor},
          {"name", person.name},
          {"role", person.role},
          {"organisation", organisations.empty() ? "" : organisations.front()},
          {"organisations", join(organisations, ", ")},
          {"site", without_slash(contact.address)},
          {"opens", day_text(wave.fieldwork.opens_ms)},
          {"closes", day_text(wave.fieldwork.closes_ms)},
          {"from_name", contact.from_name},
          {"help_email", contact.help_email},
          {"help_telephone", contact.help_telephone},
          {"privacy_notice", contact.privacy_notice},
          {"privacy", std::string(privacy_words(wave.fieldwork.privacy))}};
}

// Why this person gets none of this step now; empty: they do.
Result<std::string> why_not(const FieldPerson& person, const ContactStep* step, People& people,
                            const ProgressOf& progress) {
  if (person.state == PersonState::kErased) return "asked to be forgotten";
  if (person.state == PersonState::kTransferred) return "a colleague answers";
  if (person.opted_out) return "opted out";
  const bool pending = person.state == PersonState::kPending;
  if (pending && step != nullptr) return "has not accepted yet";
  if (!pending && step == nullptr) return "has accepted";
  const auto events = TRY(people.events(person.id));
  if (std::string no = said_no(events); !no.empty()) return no;
  if (is_dead_end(events)) return "the address does not work";
  if (step != nullptr && !is_meant(step->audience, progress(person.id))) return "has answered";
  if (person.email.empty()) return std::string(kNoAddressSkip);
  return "";
}

// What stands for a person in the addresses of a mail: "" when a mail has none of the kind.
using IssueLink = std::function<Result<std::string>(const FieldPerson& person, TokenPurpose purpose,
                                                    int64_t until_ms)>;
constexpr const char* kNoLink = "dry-run-this-link-leads-nowhere";
constexpr const char* kNoCode = "DRY-RUN-NO-CODE";

}  // namespace

// The steps of one mail.
struct Campaign::Maker {
  std::shared_ptr<const Texts> texts;
  People* people;
  ProgressOf progress;
  std::function<int64_t()> now_ms;
  IssueLink issue;

  [[nodiscard]] Status add_links(const FieldPerson& person, bool shared, int64_t now,
                                 MergeValues& values) const;
  Result<RenderedMail> operator()(const FieldPerson& person, const MailRow& row) const;
};

Status Campaign::Maker::add_links(const FieldPerson& person, bool shared, int64_t now,
                                  MergeValues& values) const {
  const int64_t end = links_end_ms(texts->settings(), now);
  const std::string site = values["site"];
  if (shared) {
    values["link"] = site + "/a/" + TRY(issue(person, TokenPurpose::kAccept, end));
    const auto from = TRY(people->find(person.shared_by));
    if (from) values["colleague"] = from->name;
  } else {
    values["link"] = site + "/i/" + TRY(issue(person, TokenPurpose::kAnswer, end));
    const std::string code = TRY(issue(person, TokenPurpose::kCode, end));
    if (!code.empty()) values["code"] = code;
  }
  values["stop_link"] =
      site + "/s/" + TRY(issue(person, TokenPurpose::kStop, now + kStopLinkDays * kDayMs));
  return {};
}

Result<RenderedMail> Campaign::Maker::operator()(const FieldPerson& person,
                                                 const MailRow& row) const {
  const ContactStep* step = texts->find(row.step);
  RenderedMail made;
  made.skip = TRY(why_not(person, step, *people, progress));
  if (!made.skip.empty()) return made;
  const int64_t now = now_ms();
  MergeValues values = values_for(*texts->study, *texts->wave, person);
  TRY_DONE(add_links(person, step == nullptr, now, values));
  const MailText text = TRY(texts->text_of({row.step, row.number}, person.language).fill(values));
  const ContactDetails& contact = texts->settings().contact;
  MailHeaders headers{.from = {contact.from_name, contact.from_address},
                      .to = {person.name, person.email},
                      .message_id = row.message_id + "@" + host_of(contact.from_address)};
  headers.reply_to = contact.reply_to;
  headers.stop_link = values["stop_link"];
  headers.at_ms = now;
  made.mail = {contact.from_address, person.email, TRY(mail_message(headers, text))};
  return made;
}

RenderMail Campaign::render(Tokens& tokens, People& people, ProgressOf progress,
                            const std::function<int64_t()>& now_ms) const {
  const auto issue = [texts = texts_, &tokens](const FieldPerson& person, TokenPurpose purpose,
                                               int64_t until_ms) -> Result<std::string> {
    const Wave& wave = *texts->wave;
    const PrivacyMode mode = wave.fieldwork.privacy;
    if (purpose == TokenPurpose::kAnswer) {
      return tokens.issue_answer(mode, wave.id, person.id, until_ms);
    }
    // No code stands for a link that is made once.
    if (purpose == TokenPurpose::kCode && mode == PrivacyMode::kUnlinked) return std::string();
    return tokens.issue(purpose, wave.id, person.id, until_ms);
  };
  return Maker{texts_, &people, std::move(progress), now_ms, issue};
}

RenderMail Campaign::preview(People& people, ProgressOf progress,
                             const std::function<int64_t()>& now_ms) const {
  const bool unlinked = texts_->settings().privacy == PrivacyMode::kUnlinked;
  const auto issue = [unlinked](const FieldPerson&, TokenPurpose purpose,
                                int64_t) -> Result<std::string> {
    if (purpose != TokenPurpose::kCode) return std::string(kNoLink);
    return std::string(unlinked ? "" : kNoCode);
  };
  return Maker{texts_, &people, std::move(progress), now_ms, issue};
}

}  // namespace barometer
