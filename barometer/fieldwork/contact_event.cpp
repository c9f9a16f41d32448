#include "barometer/fieldwork/contact_event.h"

#include <algorithm>
#include <array>

namespace barometer {
namespace {

struct Named {
  ContactKind kind;
  std::string_view name;
};

using enum ContactKind;
constexpr std::array kNames = {
    Named{kImported, "imported"},
    Named{kInvited, "invited"},
    Named{kReminded, "reminded"},
    Named{kBounced, "bounced"},
    Named{kDelayed, "delayed"},
    Named{kNoAddress, "no-address"},
    Named{kReplied, "replied"},
    Named{kNoAnswer, "no-answer"},
    Named{kDeclined, "declined"},
    Named{kDeclinedByOther, "declined-by-other"},
    Named{kDeclineWithdrawn, "decline-withdrawn"},
    Named{kOptedOut, "opted-out"},
    Named{kOptOutWithdrawn, "opt-out-withdrawn"},
    Named{kUnavailable, "unavailable"},
    Named{kDied, "died"},
    Named{kUnable, "unable"},
    Named{kLanguage, "language"},
    Named{kNotEligible, "not-eligible"},
    Named{kDuplicate, "duplicate"},
    Named{kShared, "shared"},
    Named{kTransferred, "transferred"},
    Named{kPaper, "paper"},
    Named{kErased, "erased"},
};

const Named& row_of(ContactKind kind) { return *std::ranges::find(kNames, kind, &Named::kind); }

}  // namespace

std::string_view contact_kind_name(ContactKind kind) { return row_of(kind).name; }

std::optional<ContactKind> contact_kind_named(std::string_view name) {
  const auto* const found = std::ranges::find(kNames, name, &Named::name);
  if (found == kNames.end()) return std::nullopt;
  return found->kind;
}

}  // namespace barometer
