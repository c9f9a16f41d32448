// Which question, answer and group of a ledger some words mean, whatever the number beside them is.
// Nothing here is shared: one index, and one stemmer, a thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "barometer/meaning/ledger_index.h"

namespace barometer {

// The words of a claim, and of what stands round it.
struct Spoken {
  LexiconWords before;  // of its clause, less the words for whose answers
  LexiconWords behind;
  bool leads = false;               // the answer stands before the number: "good (68 per cent)"
  bool first = false;               // of its sentence
  LexiconWords item;                // what was asked, where the sentence says it apart
  std::vector<LexiconWords> wider;  // its sentence, the one before, …: nearer ones first
  // Answers said before: in its sentence, else in the one before: "85 per cent said so of quality".
  LexiconWords earlier;
  LexiconWords so_far;  // of a later claim: its sentence up to the next one

  [[nodiscard]] LexiconWords clause() const;
};

struct ItemChoice {
  const LedgerIndex::Question* question = nullptr;
  double alike = 0;       // of the wording, 0 … 1
  bool by_own = false;    // the words of its own clause fit
  bool by_wider = false;  // and words round it decided
  bool surely = false;    // they name the question: enough to call a figure wrong
  // Others that the words fit as well; the first is `question`.
  std::vector<const LedgerIndex::Question*> tied;
};
// Of these questions. A question of `wave` goes before the same of another wave.
ItemChoice choose_item(const LedgerIndex& index, const Spoken& spoken,
                       std::span<const LedgerIndex::Question* const> among,
                       const std::string& wave);

struct AnswerChoice {
  // Best first; several where a word fits a NET and its part: "good". Empty: the words leave open
  // which, or name one that the ledger has no figure for.
  std::vector<const LedgerIndex::Answer*> meant;
  // The answer whose contrary is meant, and the ledger has none: "were not chairs".
  const LedgerIndex::Answer* denied = nullptr;
  bool said = false;      // by the claim's own words, not those of the sentence before
  bool asserted = false;  // no answer is named: "would leave" means that it is likely
};
AnswerChoice choose_answer(const Spoken& spoken, const LedgerIndex::Question& question,
                           FigureKind kind);

// The group of respondents that these words name; nullptr where they name none.
const LedgerIndex::Group* choose_group(const LedgerIndex& index, const WordSet& words);

}  // namespace barometer
