// Everything that could be asked of a release, as sums of atoms.
#pragma once

#include <string>
#include <vector>

#include "barometer/disclosure/release_system.h"

namespace barometer {

struct AskedOfRelease {
  enum class Role { kBase, kAnswer, kOutside, kMissing };
  Role role = Role::kAnswer;
  size_t group = 0, question = 0;
  std::string answer;
  std::string about;
  LinearSum sum;
  size_t beyond = kNowhere;  // organisations that were taken off their people
};

std::vector<AskedOfRelease> asked_of(const Release& release, const ReleaseSystem& system);

}  // namespace barometer
