// The words that tell one question from another: stems (Snowball), without the words that every
// report of a survey is made of.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

struct sb_stemmer;

namespace barometer {

// Hashes of stems, ascending, each once.
using WordSet = std::vector<uint64_t>;

// A word that tells no question from another: "the", "said", "respondents".
bool is_common_word(std::string_view word);

class Stemmer {
 public:
  Stemmer();
  // Adds the telling words of plain lower-case text (wording::normalise) to the set.
  void add(std::string_view text, WordSet& words);
  WordSet words(std::string_view text);
  // The stem of one plain lower-case word.
  uint64_t stem(std::string_view word);

 private:
  struct Free {
    void operator()(sb_stemmer* stemmer) const;
  };
  std::unique_ptr<sb_stemmer, Free> stemmer_;
};

WordSet joined(const WordSet& a, const WordSet& b);

// How much a word tells: the rarer among the sets it was taken from, the more.
class WordWeights {
 public:
  void add(const WordSet& words);
  [[nodiscard]] double of(const WordSet& words) const;
  [[nodiscard]] double weight(uint64_t word) const;
  [[nodiscard]] double common(const WordSet& a, const WordSet& b) const;
  // Of the weight of both together, what they share: 0 … 1.
  [[nodiscard]] double similarity(const WordSet& a, const WordSet& b) const;
  // Of the weight of a, what b has too.
  [[nodiscard]] double containment(const WordSet& a, const WordSet& b) const;

 private:
  std::unordered_map<uint64_t, size_t> uses_;
  size_t sets_ = 0;
};

// Ascending, each once.
void make_set(WordSet& words);
size_t common_count(const WordSet& a, const WordSet& b);
// The part has words, and all of them.
bool is_part_of(const WordSet& part, const WordSet& whole);

}  // namespace barometer
