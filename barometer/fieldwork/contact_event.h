// What happened between us and one invited person: the event history of a case, as AAPOR's Standard
// Definitions want it. Answers are no contact events: they are in the journal, by pseudonym.
//
// Events are appended and never changed; a withdrawal is another event. Opening a link is no event,
// since mail gateways open links.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace barometer {

enum class ContactKind {
  kImported,          // put on the list
  kInvited,           // an invitation was handed to the mail server, or sent by post
  kReminded,          // the same of a reminder; `step` counts from 1
  kBounced,           // came back for good: the address does not work
  kDelayed,           // came back for now
  kNoAddress,         // nothing to send to
  kReplied,           // any answer by mail or telephone that is no refusal
  kNoAnswer,          // an attempt by telephone that reached nobody
  kDeclined,          // said no for themselves
  kDeclinedByOther,   // someone else said no for them (a secretary, the organisation)
  kDeclineWithdrawn,  // takes back both
  kOptedOut,          // no more mail; also a refusal
  kOptOutWithdrawn,
  kUnavailable,  // away during the whole of fieldwork
  kDied,
  kUnable,       // ill, or otherwise not able to take part
  kLanguage,     // none of the languages offered
  kNotEligible,  // holds no such role (any more)
  kDuplicate,    // is someone else on the list
  kShared,       // asked a colleague as well; `note` is the colleague's id
  kTransferred,  // handed over to a colleague, who answers instead
  kPaper,        // an operator entered what came on paper or by telephone
  kErased,       // asked to be forgotten
};

// Stable words, as stored and exported: "invited", "declined-by-other", ...
std::string_view contact_kind_name(ContactKind kind);
std::optional<ContactKind> contact_kind_named(std::string_view name);

struct ContactEvent {
  int64_t id = 0;  // in order of recording
  std::string wave{};
  std::string person{};
  int64_t at_ms = 0;  // since 1970, UTC
  ContactKind kind = ContactKind::kImported;
  int step = 0;           // of a reminder
  std::string channel{};  // "mail", "web", "telephone", "post", "team"
  std::string by{};       // who recorded it: a team member's id, "" for the program itself
  std::string note{};     // never shown to respondents; removed by erasure
  std::string form{};     // the key of the page it was entered on; "" otherwise
};

}  // namespace barometer
