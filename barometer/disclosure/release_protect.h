// Hiding until the attack finds nothing: for what is not one item's table.
#pragma once

#include <vector>

#include "barometer/disclosure/release_attack.h"

namespace barometer {

// Takes the figures away, as if they had been suppressed. False when they were not there.
bool hide_in(Release& release, const HideAction& action);

struct ProtectedRelease {
  std::vector<HideAction> hidden;  // in the order in which they went
  std::vector<Leak> left;          // that no hiding helps: sizes of waves alone lead to them
};

// Attacks, hides what each leak asks for, and attacks again. Every round hides something, so that
// it ends. Errors of attack_release.
Result<ProtectedRelease> protect_release(Release& release, const AttackOptions& options,
                                         const Progress& progress);

}  // namespace barometer
