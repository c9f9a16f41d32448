// Words in their order, as answers are said: which deny, which stand at an end of a scale, which
// say that somebody does not know.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "barometer/meaning/word_set.h"

namespace barometer {

// The end of a scale that a word stands for: "agree" +1, "disagree" -1 of one scale.
struct WordPole {
  uint64_t scale = 0;  // 0: none
  int sign = 0;
};

struct LexiconWord {
  uint64_t stem = 0;
  bool common = false;   // tells nothing
  bool denies = false;   // not, never, fail
  bool counts = false;   // all, some, other, less: tells questions apart that share their words
  bool reports = false;  // wanted, planned: what follows is what they say
  uint64_t rest = 0;     // of "misunderstood" the stem without "mis"; 0: no such beginning
  WordPole pole;
};
using LexiconWords = std::vector<LexiconWord>;

class Lexicon {
 public:
  // The stemmer outlives it.
  explicit Lexicon(Stemmer& stemmer);

  // Capitals such as CCG: words that begin so are read as the one word.
  void learn_initials(std::string_view text);
  // Of plain lower-case text (wording::normalise). "Did not know" is one word.
  [[nodiscard]] LexiconWords read(std::string_view plain) const;
  // Of a label or question as printed.
  [[nodiscard]] LexiconWords read_printed(std::string_view text) const;
  [[nodiscard]] uint64_t stem(std::string_view word) const;

 private:
  [[nodiscard]] LexiconWord word_of(std::string_view word) const;
  void join_initials(std::vector<std::string>& words) const;

  Stemmer* stemmer_;
  std::vector<std::string> initials_;
  std::unordered_map<uint64_t, WordPole> poles_;
};

// The telling words: not common ones.
WordSet telling_words(const LexiconWords& words);
bool has_stem(const LexiconWords& words, uint64_t stem);
// The words stand one behind another from place `at`.
bool stands_at(const LexiconWords& words, size_t at, const LexiconWords& phrase);
LexiconWords without_common(const LexiconWords& words);

}  // namespace barometer
