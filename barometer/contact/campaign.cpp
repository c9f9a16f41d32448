#include "barometer/contact/campaign.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/contact/message.h"
#include "barometer/fieldwork/disposition.h"
#include "barometer/fieldwork/monitor.h"

namespace barometer {
namespace {

constexpr int64_t kDayMs = 86'400'000;
// A link outlives its wave, so that it can say that the survey is closed.
constexpr int64_t kLinkDaysAfterEnd = 30;
constexpr int64_t kStopLinkDays = int64_t{3} * 366;
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

bool is_meant(Audience audience, InterviewStatus status) {
  switch (audience) {
    case Audience::kEveryone:
      return true;
    case Audience::kNotStarted:
      return status == InterviewStatus::kNew;
    case Audience::kUnfinished:
      return status != InterviewStatus::kComplete;
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
  [[nodiscard]] int64_t links_end_ms(int64_t now_ms) const {
    const int64_t end = settings().closes_ms.value_or(now_ms + kStopLinkDays * kDayMs);
    return end + (settings().grace_days + kLinkDaysAfterEnd) * kDayMs;
  }
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

std::vector<std::string> Campaign::audience(const MailStep& step,
                                            const std::vector<FieldPerson>& people,
                                            const std::vector<ContactEvent>& events,
                                            const StatusOf& status) const {
  std::map<std::string, std::vector<ContactEvent>> by_person;
  for (const ContactEvent& event : events) by_person[event.person].push_back(event);
  const ContactStep* known = texts_->find(step.id);
  std::vector<std::string> meant;
  for (const FieldPerson& person : people) {
    const PersonState wanted = known == nullptr ? PersonState::kPending : PersonState::kActive;
    if (person.state != wanted || person.opted_out || !said_no(by_person[person.id]).empty()) {
      continue;
    }
    if (known != nullptr && !is_meant(known->audience, status(person.id))) continue;
    if (is_dead_end(by_person[person.id])) continue;
    // A reminder reminds of something.
    if (step.number > 0 && person.email.empty()) continue;
    meant.push_back(person.id);
  }
  return meant;
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
                            const StatusOf& status) {
  if (person.state == PersonState::kErased) return "asked to be forgotten";
  if (person.state == PersonState::kTransferred) return "a colleague answers";
  if (person.opted_out) return "opted out";
  const bool pending = person.state == PersonState::kPending;
  if (pending && step != nullptr) return "has not accepted yet";
  if (!pending && step == nullptr) return "has accepted";
  const auto events = TRY(people.events(person.id));
  if (std::string no = said_no(events); !no.empty()) return no;
  if (is_dead_end(events)) return "the address does not work";
  if (step != nullptr && !is_meant(step->audience, status(person.id))) return "has answered";
  if (person.email.empty()) return std::string(kNoAddressSkip);
  return "";
}

}  // namespace

RenderMail Campaign::render(Tokens& tokens, People& people, StatusOf status,
                            const std::function<int64_t()>& now_ms) const {
  return [texts = texts_, &tokens, &people, status = std::move(status), now_ms](
             const FieldPerson& person, const MailRow& row) -> Result<RenderedMail> {
    const ContactStep* step = texts->find(row.step);
    RenderedMail made;
    made.skip = TRY(why_not(person, step, people, status));
    if (!made.skip.empty()) return made;
    const Wave& wave = *texts->wave;
    const int64_t now = now_ms();
    const int64_t end = texts->links_end_ms(now);
    MergeValues values = values_for(*texts->study, wave, person);
    const std::string site = values["site"];
    const auto issue = [&](TokenPurpose purpose, int64_t until) {
      return tokens.issue(purpose, wave.id, person.id, until);
    };
    if (step == nullptr) {
      values["link"] = site + "/a/" + TRY(issue(TokenPurpose::kAccept, end));
      const auto from = TRY(people.find(person.shared_by));
      if (from) values["colleague"] = from->name;
    } else {
      // Where answers and people are not linked, no link is made twice, nor a code that stands for
      // one.
      const bool unlinked = wave.fieldwork.privacy == PrivacyMode::kUnlinked;
      values["link"] = site + "/i/" +
                       (unlinked ? TRY(tokens.issue_unlinked(wave.id, person.id, end))
                                 : TRY(issue(TokenPurpose::kAnswer, end)));
      if (!unlinked) values["code"] = TRY(issue(TokenPurpose::kCode, end));
    }
    values["stop_link"] =
        site + "/s/" + TRY(issue(TokenPurpose::kStop, now + kStopLinkDays * kDayMs));
    const MailText text = TRY(texts->text_of({row.step, row.number}, person.language).fill(values));
    const ContactDetails& contact = wave.fieldwork.contact;
    MailHeaders headers{.from = {contact.from_name, contact.from_address},
                        .to = {person.name, person.email},
                        .message_id = row.message_id + "@" + host_of(contact.from_address)};
    headers.reply_to = contact.reply_to;
    headers.stop_link = values["stop_link"];
    headers.at_ms = now;
    made.mail = {contact.from_address, person.email, TRY(mail_message(headers, text))};
    return made;
  };
}

}  // namespace barometer
