// How a wave is collected: wave.yaml `fieldwork:`. docs/study-format.md documents each key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "barometer/base/yaml.h"

namespace barometer {

enum class PrivacyMode {
  kConfidential,  // answers by pseudonym; the team sees no name beside them
  kUnlinked,      // no key joins answers and people; times by day; organisations unknown
};
std::string_view name_of(PrivacyMode mode);  // "confidential", "unlinked"

// Several answers of one organisation (requirement C8).
enum class DuplicateRule {
  kAll,          // every answer counts
  kSeniorFirst,  // one an organisation: the role that stands first in `senior_roles`
  kAverage,      // all in the data; organisations count once, with their mean answer
};
std::string_view name_of(DuplicateRule rule);  // "all", "senior", "average"

enum class Audience { kEveryone, kNotStarted, kUnfinished };
std::string_view name_of(Audience audience);  // "everyone", "not-started", "unfinished"

// Which answers an operator sees who enters what is said by telephone or came on paper.
enum class OperatorsSee {
  kOwn,      // those that this operator entered
  kEntered,  // those that any operator entered
  kAll,      // those that the person gave on the web as well
};
std::string_view name_of(OperatorsSee which);  // "own", "entered", "all"

// One mail to send: the invitation is step 0.
struct ContactStep {
  std::string id{};    // "invitation", "reminder-1": part of the key by which a mail is sent once
  int after_days = 0;  // since opening
  Audience audience = Audience::kUnfinished;
  std::string text{};  // name of the template: contact/NAME.md in the wave's folder
  Place place{};
};

struct ContactDetails {
  std::string from_name{}, from_address{};  // of the mails
  std::string reply_to{};
  std::string help_email{}, help_telephone{};  // printed on every page
  std::string privacy_notice{};                // a few sentences, or a link
  std::string address{};                       // of the site: "https://survey.example.org"
};

// A target, monitored only: a census has no quota that stops anybody.
struct QuotaTarget {
  std::string group{};  // "role", "region" or "area_team"
  std::string value{};
  long long target = 0;  // complete answers
  Place place{};
};

struct FieldworkSettings {
  // Milliseconds since 1970, UTC. From fieldwork's start and end when `opens` and `closes` are not
  // given: from the start's first to the end's last moment.
  std::optional<int64_t> opens_ms, closes_ms;
  std::vector<std::string> languages{};  // offered; all of the questionnaire by default
  int grace_days = 0;                    // who has started may finish
  PrivacyMode privacy = PrivacyMode::kConfidential;
  int complete_percent = 80, partial_percent = 50;  // interview.h, CompletionThresholds
  bool submit_to_complete = false;  // complete only when the last page was sent as well
  DuplicateRule duplicates = DuplicateRule::kAll;
  std::vector<std::string> senior_roles{};
  bool partials_in_data = true;         // partial interviews are exported with the complete ones
  int retention_days = 365;             // after closing, personal data goes
  std::vector<ContactStep> contacts{};  // the invitation first
  bool mails_by_date = false;           // `barometer serve` sends each when its day has come
  OperatorsSee operators_see = OperatorsSee::kOwn;
  ContactDetails contact;
  std::vector<QuotaTarget> quotas{};
};

}  // namespace barometer
