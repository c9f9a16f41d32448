// The figures of a ledger by the words of their questions and answers.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "barometer/ledger/ledger.h"
#include "barometer/meaning/lexicon.h"
#include "barometer/meaning/word_set.h"

namespace barometer {

class LedgerIndex {
 public:
  // The ledger outlives the index, and so does the stemmer.
  LedgerIndex(const Ledger& ledger, Stemmer& stemmer);

  // One answer of an item in one wave: the figures of all respondents and of each group.
  struct Answer {
    FigureKind kind = FigureKind::kPercent;
    std::string label;
    std::vector<LexiconWords> parts;  // "good or very good": two
    WordPole pole;                    // where it stands; sign 0: at neither end
    bool is_net = false;              // of parts that share their last word
    bool label_is_unique = false;     // no other item has such an answer
    std::vector<const Figure*> figures;

    // Of all respondents where `group` is empty; nullptr where there is none.
    [[nodiscard]] const Figure* of_group(std::string_view group) const;
    [[nodiscard]] uint64_t head(size_t part) const { return parts[part].back().stem; }
  };
  // One item of one wave.
  struct Question {
    std::string wave;
    std::string item;
    WordSet words;       // of the question as asked
    WordSet own;         // less what the items of a battery have in common
    LexiconWords order;  // those words as they stand, without common ones
    std::vector<Answer> answers;
  };
  struct Group {
    std::string code;  // "region-1"
    std::string label;
    WordSet words;
  };

  [[nodiscard]] const std::vector<Question>& questions() const { return questions_; }
  [[nodiscard]] const std::vector<std::string>& waves() const { return waves_; }
  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  [[nodiscard]] const Lexicon& lexicon() const { return lexicon_; }
  // "n", "organisations", "frame", "coverage" of a wave.
  [[nodiscard]] const Figure* of_wave(const std::string& wave, std::string_view name) const;
  [[nodiscard]] const Question* find(std::string_view wave, std::string_view item) const;
  // Of the words that the ledger knows, how much the question has: 0 … 1; 0 where they share fewer
  // than two, and not all of its own.
  [[nodiscard]] double likeness(const WordSet& words, const Question& question) const;
  // How much of the question's own words are said: 0 … 1.
  [[nodiscard]] double coverage(const WordSet& words, const Question& question) const;
  // Of the words, how many the ledger's questions have: 0 … 1.
  [[nodiscard]] double familiarity(const WordSet& words) const;

 private:
  void add(const Figure& figure);
  void read_answers(Question& question);
  void read_own_words();

  const Ledger* ledger_;
  Lexicon lexicon_;
  std::vector<Question> questions_;
  std::map<std::pair<std::string, std::string>, size_t> places_;
  std::vector<std::string> waves_;
  std::vector<Group> groups_;
  WordWeights weights_;
  WordSet known_;
};

// "2013-04" as people write it: "April 2013"; other names as they are.
std::string wave_in_words(std::string_view wave);

}  // namespace barometer
