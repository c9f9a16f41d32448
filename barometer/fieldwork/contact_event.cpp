#include "barometer/fieldwork/contact_event.h"

#include <algorithm>
#include <array>

namespace barometer {
namespace {

struct Named {
  ContactKind kind;
  std::string_view name;
  std::optional<CaseEventKind> means;
};

using enum ContactKind;
constexpr std::array kNames = {
    Named{kImported, "imported", std::nullopt},
    Named{kInvited, "invited", CaseEventKind::kInvited},
    Named{kReminded, "reminded", CaseEventKind::kInvited},
    Named{kBounced, "bounced", CaseEventKind::kBounced},
    Named{kDelayed, "delayed", std::nullopt},
    Named{kNoAddress, "no-address", std::nullopt},
    Named{kReplied, "replied", std::nullopt},
    Named{kNoAnswer, "no-answer", CaseEventKind::kInvited},
    Named{kDeclined, "declined", CaseEventKind::kDeclined},
    Named{kDeclinedByOther, "declined-by-other", CaseEventKind::kDeclined},
    Named{kDeclineWithdrawn, "decline-withdrawn", CaseEventKind::kReturned},
    Named{kOptedOut, "opted-out", CaseEventKind::kOptedOut},
    Named{kOptOutWithdrawn, "opt-out-withdrawn", CaseEventKind::kReturned},
    Named{kUnavailable, "unavailable", CaseEventKind::kUnable},
    Named{kDied, "died", CaseEventKind::kDied},
    Named{kUnable, "unable", CaseEventKind::kUnable},
    Named{kLanguage, "language", CaseEventKind::kLanguage},
    Named{kNotEligible, "not-eligible", CaseEventKind::kNotEligible},
    Named{kDuplicate, "duplicate", CaseEventKind::kNotEligible},
    Named{kShared, "shared", std::nullopt},
    Named{kTransferred, "transferred", CaseEventKind::kTransferred},
    Named{kPaper, "paper", std::nullopt},
    Named{kErased, "erased", std::nullopt},
};

const Named& row_of(ContactKind kind) { return *std::ranges::find(kNames, kind, &Named::kind); }

}  // namespace

std::string_view contact_kind_name(ContactKind kind) { return row_of(kind).name; }

std::optional<ContactKind> contact_kind_named(std::string_view name) {
  const auto* const found = std::ranges::find(kNames, name, &Named::name);
  if (found == kNames.end()) return std::nullopt;
  return found->kind;
}

std::vector<CaseEvent> case_events(std::span<const ContactEvent> events) {
  std::vector<CaseEvent> known;
  for (const ContactEvent& event : events) {
    if (const auto means = row_of(event.kind).means) known.push_back({*means, event.at_ms});
  }
  return known;
}

}  // namespace barometer
