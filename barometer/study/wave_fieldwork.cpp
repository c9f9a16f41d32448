// wave.yaml `fieldwork:`: when, and how a wave is collected.
#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "barometer/base/moment.h"
#include "barometer/base/text.h"
#include "barometer/study/study_internal.h"

namespace barometer {
namespace {

constexpr int kLongestFieldworkDays = 366;
constexpr long long kMostGraceDays = 60;
constexpr long long kMostRetentionDays = 3660;
constexpr long long kMostReminderDays = 366;

int64_t midnight_ms(const Date& date) {
  return std::chrono::sys_days(date).time_since_epoch().count() * kDayMs;
}

void read_dates(const YamlNode& node, Wave& wave) {
  wave.dates_text = node.optional_text("text").value_or("");
  wave.fieldwork_start = node.optional_date("start");
  wave.fieldwork_end = node.optional_date("end");
  if (node.is_map() && node.has("start") != node.has("end")) {
    node.error("fieldwork-dates", "fieldwork has a start or an end, but not both",
               "when exact dates are not known, write them in words as 'text'");
  } else if (node.is_map() && !node.has("start") && !node.has("text")) {
    node.error("fieldwork-dates", "fieldwork says neither start and end nor 'text'");
  }
  if (!wave.fieldwork_start || !wave.fieldwork_end) return;
  const auto days =
      std::chrono::sys_days(*wave.fieldwork_end) - std::chrono::sys_days(*wave.fieldwork_start);
  if (days.count() < 0) {
    node.child("end").error(
        "fieldwork-dates",
        fmt::format("fieldwork ends on {}, before it starts on {}", iso_text(*wave.fieldwork_end),
                    iso_text(*wave.fieldwork_start)));
  } else if (days.count() > kLongestFieldworkDays) {
    node.child("end").warning(
        "fieldwork-long",
        fmt::format("fieldwork from {} to {} lasts {} days", iso_text(*wave.fieldwork_start),
                    iso_text(*wave.fieldwork_end), days.count()),
        "is the year right?");
  }
}

// "09:30" in minutes.
std::optional<int64_t> minutes_in(std::string_view text) {
  int hours = -1;
  int minutes = -1;
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const char* start = text.data();
  const auto first = std::from_chars(start, start + 2, hours);
  const auto second = std::from_chars(start + 3, start + 5, minutes);
  const bool whole = first.ptr == start + 2 && second.ptr == start + 5;
  if (!whole || hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  return int64_t{hours} * 60 + minutes;
}

// "2026-11-02 09:30", UTC; a day alone is its first moment, or with `last` its last.
std::optional<int64_t> read_moment(const YamlNode& node, bool last) {
  const std::string text = node.as_text();
  const auto date = parse_date(std::string_view(text).substr(0, 10));
  const auto minutes =
      text.size() > 11 && text[10] == ' ' ? minutes_in(text.substr(11)) : std::nullopt;
  if (!date || (text.size() > 10 && !minutes)) {
    if (node.is_scalar()) {
      node.error("fieldwork-moment", fmt::format("'{}' is not a day or a moment", printable(text)),
                 "2026-11-02, or \"2026-11-02 09:30\" (UTC)");
    }
    return std::nullopt;
  }
  if (minutes) return midnight_ms(*date) + *minutes * kMinuteMs;
  return midnight_ms(*date) + (last ? kDayMs - 1 : 0);
}

void read_opening(const YamlNode& node, const Wave& wave, FieldworkSettings& settings) {
  if (wave.fieldwork_start) settings.opens_ms = midnight_ms(*wave.fieldwork_start);
  if (wave.fieldwork_end) settings.closes_ms = midnight_ms(*wave.fieldwork_end) + kDayMs - 1;
  if (node.has("opens")) settings.opens_ms = read_moment(node.child("opens"), false);
  if (node.has("closes")) settings.closes_ms = read_moment(node.child("closes"), true);
  const bool given = node.has("opens") || node.has("closes");
  if (given && settings.opens_ms && settings.closes_ms &&
      *settings.closes_ms <= *settings.opens_ms) {
    node.child(node.has("closes") ? "closes" : "opens")
        .error("fieldwork-moment", "fieldwork closes before it opens");
  }
}

// A whole number between two; `otherwise` when it is not there or wrong.
int read_bounded(const YamlNode& node, std::string_view key, long long least, long long most,
                 int otherwise) {
  const auto value = node.optional_integer(key);
  if (!value) return otherwise;
  if (*value >= least && *value <= most) return static_cast<int>(*value);
  node.child(key).error("fieldwork-number",
                        fmt::format("'{}' is {}, not between {} and {}", key, *value, least, most));
  return otherwise;
}

void read_thresholds(const YamlNode& node, FieldworkSettings& settings) {
  const YamlNode thresholds = node.child("thresholds");
  if (!thresholds.exists()) return;
  thresholds.only_keys({"complete", "partial", "sent", "partials_in_data"});
  settings.complete_percent =
      read_bounded(thresholds, "complete", 1, 100, settings.complete_percent);
  settings.partial_percent = read_bounded(thresholds, "partial", 0, 100, settings.partial_percent);
  settings.submit_to_complete = thresholds.optional_bool("sent").value_or(false);
  settings.partials_in_data = thresholds.optional_bool("partials_in_data").value_or(true);
  if (settings.partial_percent <= settings.complete_percent) return;
  thresholds.error("fieldwork-thresholds",
                   fmt::format("partial from {} per cent is more than complete from {}",
                               settings.partial_percent, settings.complete_percent));
  settings.partial_percent = settings.complete_percent;
}

void read_duplicates(const YamlNode& node, FieldworkSettings& settings) {
  const YamlNode duplicates = node.child("duplicates");
  if (!duplicates.exists()) return;
  duplicates.only_keys({"rule", "roles"});
  const std::string rule = duplicates.choice("rule", {"all", "senior", "average"});
  settings.senior_roles = duplicates.child("roles").as_text_list();
  if (rule == "average") settings.duplicates = DuplicateRule::kAverage;
  if (rule == "senior") settings.duplicates = DuplicateRule::kSeniorFirst;
  if (rule == "senior" && settings.senior_roles.empty()) {
    duplicates.error("missing-key", "the rule 'senior' needs the 'roles', the most senior first",
                     "duplicates: {rule: senior, roles: [Accountable officer, Chair]}");
  } else if (rule != "senior" && !settings.senior_roles.empty()) {
    duplicates.child("roles").error("fieldwork-duplicates",
                                    "'roles' are for the rule 'senior' only");
  }
}

Audience audience_named(const std::string& name) {
  if (name == "everyone") return Audience::kEveryone;
  return name == "not-started" ? Audience::kNotStarted : Audience::kUnfinished;
}

void read_contacts(const YamlNode& node, FieldworkSettings& settings) {
  settings.contacts.push_back({.id = "invitation",
                               .after_days = 0,
                               .audience = Audience::kEveryone,
                               .text = node.optional_text("invitation").value_or("invitation"),
                               .place = node.place()});
  for (const YamlNode& element : node.list("reminders")) {
    element.only_keys({"after", "to", "text"});
    ContactStep step;
    step.id = fmt::format("reminder-{}", settings.contacts.size());
    step.place = element.place();
    if (!element.has("after")) {
      element.error("missing-key", "a reminder says 'after' how many days it is sent",
                    "{after: 7, to: not-started}");
    }
    step.after_days = read_bounded(element, "after", 1, kMostReminderDays, 7);
    step.audience = audience_named(element.choice("to", {"unfinished", "not-started", "everyone"}));
    step.text = element.optional_text("text").value_or("reminder");
    if (step.after_days <= settings.contacts.back().after_days && element.has("after")) {
      element.child("after").error(
          "fieldwork-reminders", fmt::format("a reminder after {} days does not come after the "
                                             "step before it, after {}",
                                             step.after_days, settings.contacts.back().after_days));
    }
    settings.contacts.push_back(std::move(step));
  }
}

void read_operators(const YamlNode& node, FieldworkSettings& settings) {
  const std::string see = node.choice("operators_see", {"own", "entered", "all"});
  if (see == "entered") settings.operators_see = OperatorsSee::kEntered;
  if (see == "all") settings.operators_see = OperatorsSee::kAll;
  if (settings.privacy != PrivacyMode::kUnlinked || see == "own") return;
  node.child("operators_see")
      .error("fieldwork-operators",
             "nobody of the team opens a case of an unlinked wave: who did would know whose "
             "answers those are",
             "leave it out, or make the wave confidential");
}

void check_address(const YamlNode& node, const std::string& address) {
  const size_t at = address.find('@');
  const bool sound = at != std::string::npos && at > 0 && at + 1 < address.size() &&
                     address.find('@', at + 1) == std::string::npos &&
                     address.find_first_of(" \t\r\n<>\"',;") == std::string::npos;
  if (sound || address.empty()) return;
  node.error("fieldwork-address", fmt::format("'{}' is not a mail address", printable(address)));
}

void read_contact(const YamlNode& node, FieldworkSettings& settings) {
  const YamlNode contact = node.child("contact");
  if (!contact.exists()) return;
  contact.only_keys(
      {"from", "address", "reply_to", "help_email", "help_telephone", "privacy", "site"});
  ContactDetails& out = settings.contact;
  out.from_name = contact.optional_text("from").value_or("");
  out.from_address = contact.optional_text("address").value_or("");
  out.reply_to = contact.optional_text("reply_to").value_or("");
  out.help_email = contact.optional_text("help_email").value_or("");
  out.help_telephone = contact.optional_text("help_telephone").value_or("");
  out.privacy_notice = contact.optional_text("privacy").value_or("");
  out.address = contact.optional_text("site").value_or("");
  check_address(contact.child("address"), out.from_address);
  check_address(contact.child("reply_to"), out.reply_to);
  check_address(contact.child("help_email"), out.help_email);
  const bool web = out.address.starts_with("https://") || out.address.starts_with("http://");
  if (!out.address.empty() && !web) {
    contact.child("site").error(
        "fieldwork-address",
        fmt::format("'{}' is not the address of a site", printable(out.address)),
        "https://survey.example.org");
  }
  while (out.address.ends_with('/')) out.address.pop_back();
}

void read_quotas(const YamlNode& node, FieldworkSettings& settings) {
  for (const YamlNode& element : node.list("quotas")) {
    element.only_keys({"group", "value", "target"});
    QuotaTarget quota;
    quota.group = element.choice("group", {"role", "region", "area_team"});
    quota.value = element.text("value");
    quota.target = read_bounded(element, "target", 1, 1'000'000, 1);
    quota.place = element.place();
    settings.quotas.push_back(std::move(quota));
  }
}

// Values of a group of the frame.
std::vector<std::string> group_values(const Frame& frame, const std::string& group) {
  std::set<std::string> values;
  for (const Person& person : frame.people()) {
    if (group == "role") values.insert(person.role);
  }
  for (const Organisation& organisation : frame.organisations()) {
    if (group == "region") values.insert(organisation.region);
    if (group == "area_team") values.insert(organisation.area_team);
  }
  values.erase("");
  return {values.begin(), values.end()};
}

void check_quotas(const YamlNode& node, const Frame& frame, const FieldworkSettings& settings) {
  const auto elements = node.list("quotas");
  for (size_t i = 0; i < settings.quotas.size() && i < elements.size(); ++i) {
    const QuotaTarget& quota = settings.quotas[i];
    const auto values = group_values(frame, quota.group);
    if (quota.value.empty() || std::ranges::count(values, quota.value) > 0) continue;
    elements[i].child("value").error(
        "fieldwork-quotas",
        fmt::format("the frame has no {} '{}'", quota.group, printable(quota.value)),
        suggestion(quota.value, values));
  }
}

}  // namespace

std::string_view name_of(PrivacyMode mode) {
  return mode == PrivacyMode::kUnlinked ? "unlinked" : "confidential";
}

std::string_view name_of(DuplicateRule rule) {
  if (rule == DuplicateRule::kSeniorFirst) return "senior";
  return rule == DuplicateRule::kAverage ? "average" : "all";
}

std::string_view name_of(Audience audience) {
  if (audience == Audience::kEveryone) return "everyone";
  return audience == Audience::kNotStarted ? "not-started" : "unfinished";
}

std::string_view name_of(OperatorsSee which) {
  if (which == OperatorsSee::kAll) return "all";
  return which == OperatorsSee::kEntered ? "entered" : "own";
}

void read_fieldwork(const YamlNode& root, Wave& wave) {
  const YamlNode node = root.child("fieldwork");
  if (!node.exists()) {
    root.error("missing-key", "'fieldwork' is missing",
               "fieldwork: {start: 2012-10-01, end: 2012-10-19}, or {text: \"October 2012\"}");
    return;
  }
  node.only_keys({"start", "end", "text", "opens", "closes", "grace", "privacy", "thresholds",
                  "languages", "duplicates", "retention", "invitation", "reminders", "contact",
                  "quotas", "mails", "operators_see"});
  read_dates(node, wave);
  FieldworkSettings& settings = wave.fieldwork;
  read_opening(node, wave, settings);
  settings.grace_days = read_bounded(node, "grace", 0, kMostGraceDays, 0);
  settings.retention_days = read_bounded(node, "retention", 1, kMostRetentionDays, 365);
  settings.languages = node.child("languages").as_text_list();
  if (node.choice("privacy", {"confidential", "unlinked"}) == "unlinked") {
    settings.privacy = PrivacyMode::kUnlinked;
  }
  settings.mails_by_date = node.choice("mails", {"on-request", "by-date"}) == "by-date";
  read_operators(node, settings);
  read_thresholds(node, settings);
  read_duplicates(node, settings);
  read_contacts(node, settings);
  read_contact(node, settings);
  read_quotas(node, settings);
}

void check_fieldwork(const Study& study, std::vector<WaveSource>& waves) {
  for (WaveSource& source : waves) {
    if (!source.yaml) continue;
    const YamlNode node = source.yaml->child("fieldwork");
    FieldworkSettings& settings = source.wave.fieldwork;
    const std::vector<std::string>& known = source.wave.questionnaire.languages;
    for (const YamlNode& language : node.list("languages")) {
      if (std::ranges::count(known, language.as_text()) > 0) continue;
      language.error(
          "fieldwork-languages",
          fmt::format("'{}' is not a language of the questionnaire", printable(language.as_text())),
          suggestion(language.as_text(), known));
    }
    if (settings.languages.empty()) settings.languages = known;
    const bool by_organisation = settings.duplicates != DuplicateRule::kAll;
    if (settings.privacy == PrivacyMode::kUnlinked && by_organisation) {
      node.child("duplicates")
          .error("fieldwork-duplicates",
                 fmt::format("the rule '{}' needs to know the organisations, which an unlinked "
                             "wave does not",
                             name_of(settings.duplicates)));
    }
    const auto frame = study.frames.find(source.wave.frame_version);
    if (frame == study.frames.end()) continue;
    check_quotas(node, frame->second, settings);
  }
}

}  // namespace barometer
