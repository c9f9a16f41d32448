// By which figures something leaks, and what to hide so that it does not.
#pragma once

#include <functional>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/disclosure/release_asked_internal.h"
#include "barometer/disclosure/release_attack.h"

namespace barometer {

struct ExplainedSum {
  LinearSum sum;
  std::function<bool(int64_t least, int64_t most)> holds;  // of its range: then it leaks
};

// Fills Leak::from: figures by which all of it holds, none of which can be left out.
Status explain(const Release& release, const ReleaseSystem& system,
               const std::vector<ExplainedSum>& sums, const Progress& progress, Leak& leak);

// Fills Leak::hide from Leak::from.
void choose_hiding(const Release& release, const AskedOfRelease& asked, Leak& leak);

}  // namespace barometer
