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
  struct Given {  // everyone in the group gave one of these answers
    std::string group;
    std::string item;
    std::vector<int> codes;
    bool alone = false;  // and who did not is in no such group
  };
  struct Wave {
    std::map<std::string, ReleasedQuestion> items;
    std::vector<std::string> contains;
    std::vector<Partition> partitions;
    std::vector<Given> given;
  };
  ReleaseRules rules;
  Rounding rounding = Rounding::kHalfUp;
  std::map<std::string, Wave> waves;
};

Result<DisclosureNote> read_disclosure_note(const std::string& json, const std::string& file);

}  // namespace barometer
