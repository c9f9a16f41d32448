#include "barometer/base/find_word.h"

#include <string>

#include <gtest/gtest.h>

namespace barometer {
namespace {

constexpr size_t kNone = std::string_view::npos;

struct Situation {
  const char* text;
  const char* word;
  size_t found;
  const char* joining = "";
};

constexpr Situation kSituations[] = {
    {"all of them", "all", 0},
    {"not all", "all", 4},
    {"small, all", "all", 7},
    {"small", "all", kNone},
    {"allow", "all", kNone},
    {"all2", "all", kNone},
    {"2all", "all", kNone},
    {"", "all", kNone},
    {"all", "", kNone},
    {"All", "all", kNone},  // letter case is the caller's
    {"(all)", "all", 1},
    {"all-in", "all", 0},
    {"\u201Call\u201D said", "all", 3},  // curly quotes
    {"all\u2019s well", "all", 0},       // and the apostrophe
    {"none\u2013all", "all", 7},         // a dash
    {"none\u00A0all", "all", 6},         // a fixed space
    {"\u00E9all", "all", kNone},         // a letter with an accent
    {"all\u00E9", "all", kNone},
    {"\u65E5all", "all", kNone},
    {"\xFF\xFE all \xFF", "all", 3},  // no UTF-8 at all
    {"all\xE2\x80", "all", 0},        // cut in the middle
    {"q.1 is hidden", "q.1", 0},
    {"q.12 is hidden", "q.1", kNone},
    {"q.1.b is hidden", "q.1", 0},
    {"q.1.b is hidden", "q.1", kNone, "._-"},
    {"a.q.1 is hidden", "q.1", kNone, "._-"},
    {"see q.1.", "q.1", 4, "._-"},
    {"see q.1...", "q.1", 4, "._-"},
    {"q.1_x, q.1", "q.1", 7, "._-"},
    {"-q.1-", "q.1", 1, "._-"},
    {"50%", "50%", 0},  // its end is no letter: whatever follows
    {"50%x", "50%", 0},
    {"150%", "50%", kNone},
};

TEST(FindWord, StandsAsAWordOfItsOwn) {
  for (const Situation& one : kSituations) {
    EXPECT_EQ(find_word(one.text, one.word, 0, one.joining), one.found)
        << "'" << one.word << "' in '" << one.text << "'";
  }
}

TEST(FindWord, FromAPlaceOn) {
  const std::string text = "all small all";
  EXPECT_EQ(find_word(text, "all", 0), 0U);
  EXPECT_EQ(find_word(text, "all", 1), 10U);
  EXPECT_EQ(find_word(text, "all", 11), kNone);
  EXPECT_EQ(find_word(text, "all", 99), kNone);
}

// Round every word of every text that is cut anywhere: in bounds, and true to the words.
TEST(FindWord, OfEveryCutOfATextIsAWordOfIt) {
  const std::string text = "Caf\u00E9 all\u2019s \u201Call\u201D all.x \xE2 all";
  for (size_t begin = 0; begin < text.size(); ++begin) {
    for (size_t length = 0; begin + length <= text.size(); ++length) {
      const std::string cut = text.substr(begin, length);
      const size_t found = find_word(cut, "all", 0, ".");
      if (found == kNone) continue;
      EXPECT_EQ(cut.substr(found, 3), "all");
    }
  }
}

}  // namespace
}  // namespace barometer
