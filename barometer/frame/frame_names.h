// Names of the frame in people's words: what a verbatim must not carry out of the house unread
// (requirement E10).
//
// Found are: the id or full name of an organisation, the name of an area team, region or person,
// whatever the letter case; a capitalised word of at least four letters from such a name, when not
// more than three names of the frame have it ("Airedale", but not "Hospital"); and anything with an
// @. Names of fewer than four letters are words; accents do not tell names apart. It finds more
// than names, on purpose: a person decides.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/frame/frame.h"

namespace barometer {

// Letters of Latin-1 without their accents, in small letters: "Thérèse" is "therese".
std::string without_accents(std::string_view text);

class FrameNames {
 public:
  enum class Of {
    kAll,      // organisations and their ids, regions, area teams, people
    kParties,  // names of organisations and people: what no article may say of an answer
  };
  explicit FrameNames(const Frame& frame, Of of = Of::kAll);

  struct Name {
    std::string_view text;  // as it stands there
    bool whole = false;     // a full name; else a telling word of one
  };
  // Every one, in the order of the text, which outlives them.
  [[nodiscard]] std::vector<Name> all_in(std::string_view text) const;

  // Each once, in the order of the text, as it stands there.
  [[nodiscard]] std::vector<std::string> found_in(std::string_view text) const;

 private:
  void add(std::string_view name);

  std::set<std::string, std::less<>> names_;          // words in small letters, joined by blanks
  size_t longest_ = 0;                                // words of a name
  std::map<std::string, size_t, std::less<>> words_;  // small letters -> names that have it
};

}  // namespace barometer
