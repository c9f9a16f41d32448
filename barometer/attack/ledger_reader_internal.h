// The JSON files of a bundle as plain values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "barometer/attack/bundle.h"

namespace barometer {

// A figure as the ledger has it. Numbers keep what they are called there.
struct LedgerEntry {
  std::map<std::string, std::string> words;
  std::map<std::string, double> numbers;

  [[nodiscard]] std::string word(const std::string& key) const;
  [[nodiscard]] std::optional<double> number(const std::string& key) const;
  [[nodiscard]] std::optional<int64_t> whole(const std::string& key) const;
  [[nodiscard]] bool is_suppressed() const { return word("marker") == "[c]"; }
};

// kInvalid: no list of figures with ids.
Result<std::vector<LedgerEntry>> read_ledger(const std::string& json, const std::string& file);

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
