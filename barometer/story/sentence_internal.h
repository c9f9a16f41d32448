// A finished passage as words, marks and references, for the checks that read it word by word.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/story/passage_internal.h"

namespace barometer {

// A word in small letters, a mark (one byte, or "--" for dashes), or what a reference wrote.
struct Token {
  std::string text;  // empty for a reference
  size_t begin = 0, end = 0;
  bool capital = false;
  const Segment* segment = nullptr;  // of a reference

  [[nodiscard]] bool is(std::string_view word) const { return segment == nullptr && text == word; }
  // A number of the ledger, or words about one.
  [[nodiscard]] const Segment* finding() const {
    return segment != nullptr && segment->is_finding() && !segment->figures.empty() ? segment
                                                                                    : nullptr;
  }
  [[nodiscard]] bool is_mark() const;
};
using Tokens = std::span<const Token>;

bool is_any_of(const Token& token, std::span<const std::string_view> words);
// The words from `at` on, each a token: "took part".
bool says_at(Tokens tokens, size_t at, std::string_view words);
inline constexpr size_t kNoToken = static_cast<size_t>(-1);
// The next finding from `at` on, the last one before it; kNoToken.
size_t finding_from(Tokens tokens, size_t at);
size_t finding_before(Tokens tokens, size_t at);

class TokenChecker : protected PassageChecker {
 protected:
  TokenChecker(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
               Diagnostics& problems);
  // As the text has it.
  [[nodiscard]] std::string said(Tokens tokens) const;
  // "leaders" of "CCG leaders".
  [[nodiscard]] std::string head() const;
  // Who answers, in any form: "leader", "leaders", "respondents".
  [[nodiscard]] bool is_respondent(const Token& token) const;
  // Stems that tell something, of text as printed; empty without an index.
  [[nodiscard]] WordSet stems(std::string_view printed) const;
  [[nodiscard]] WordSet stems(Tokens tokens) const;
  [[nodiscard]] const Item* item_of(const Figure& figure) const;

  // The word stands beside a word that it stands beside in a question too: "drop a subject". Of the
  // findings of the sentence, or without any, of the wave.
  [[nodiscard]] bool is_said_by_question(Tokens sentence, size_t at) const;

  std::vector<Token> tokens_;
  std::vector<Tokens> sentences_;
};

// All that the questionnaire says of an item: stem, text, label, answers, base.
std::string words_of(const Item& item);
// Asked of some only.
bool is_of_some(const Item& item);

}  // namespace barometer
