// The figures of a ledger by the words of their questions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "barometer/audit/word_set_internal.h"
#include "barometer/ledger/ledger.h"

namespace barometer {

class LedgerIndex {
 public:
  // The ledger outlives the index.
  LedgerIndex(const Ledger& ledger, Stemmer& stemmer);

  struct Answer {
    const Figure* figure;
    WordSet label;
    bool label_is_unique = false;  // no other item has such an answer
  };
  // One item of one wave.
  struct Question {
    std::string wave;
    std::string item;
    WordSet words;  // of the question as asked
    std::vector<Answer> answers;
  };

  [[nodiscard]] const std::vector<Question>& questions() const { return questions_; }
  [[nodiscard]] const std::vector<std::string>& waves() const { return waves_; }
  // "n", "organisations", "frame", "coverage" of a wave.
  [[nodiscard]] const Figure* of_wave(const std::string& wave, std::string_view name) const;
  // Of the claim's words that the ledger knows, how much the question has: 0 … 1; 0 where they
  // share fewer than two.
  [[nodiscard]] double likeness(const WordSet& claim, const Question& question) const;
  // The claim has enough of the question's words to mean it and no other.
  [[nodiscard]] bool names(const WordSet& claim, const Question& question) const;

 private:
  const Ledger* ledger_;
  std::vector<Question> questions_;
  std::vector<std::string> waves_;
  WordWeights weights_;
  WordSet known_;
};

}  // namespace barometer
