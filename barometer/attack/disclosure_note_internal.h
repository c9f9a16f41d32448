// disclosure.json of a bundle (docs/attack.md) as plain values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "barometer/attack/bundle.h"

namespace barometer {

struct DisclosureNote {
  struct Partition {
    std::string of;
    std::vector<std::string> parts;
    bool complete = false;
  };
  struct Wave {
    std::map<std::string, ReleasedQuestion> items;
    std::vector<std::string> contains;
    std::vector<Partition> partitions;
  };
  ReleaseRules rules;
  Rounding rounding = Rounding::kHalfUp;
  std::map<std::string, Wave> waves;
};

Result<DisclosureNote> read_disclosure_note(const std::string& json, const std::string& file);

}  // namespace barometer
