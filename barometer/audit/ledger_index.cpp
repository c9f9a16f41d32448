#include "barometer/audit/ledger_index_internal.h"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/wording/normalise.h"

namespace barometer {
namespace {

std::string plain(const std::string& text) { return lowered(wording::normalise(text).text); }

}  // namespace

LedgerIndex::LedgerIndex(const Ledger& ledger, Stemmer& stemmer) : ledger_(&ledger) {
  std::map<std::pair<std::string, std::string>, size_t> places;
  std::map<WordSet, std::set<std::string>> items_of_label;
  for (const Figure& figure : ledger.figures) {
    if (std::ranges::find(waves_, figure.wave) == waves_.end()) waves_.push_back(figure.wave);
    if (figure.item.empty()) continue;
    const auto [place, is_new] = places.try_emplace({figure.wave, figure.item}, questions_.size());
    if (is_new) {
      Question question{figure.wave, figure.item, stemmer.words(plain(figure.question)), {}};
      stemmer.add(plain(replaced(figure.item, "_", " ")), question.words);
      questions_.push_back(std::move(question));
    }
    Question& question = questions_[place->second];
    question.answers.push_back({&figure, stemmer.words(plain(figure.label))});
    items_of_label[question.answers.back().label].insert(figure.item);
  }
  for (Question& question : questions_) {
    for (Answer& answer : question.answers) {
      answer.label_is_unique = !answer.label.empty() && items_of_label[answer.label].size() == 1;
    }
    weights_.add(question.words);
    known_ = joined(known_, question.words);
  }
}

const Figure* LedgerIndex::of_wave(const std::string& wave, std::string_view name) const {
  return ledger_->find(fmt::format("{}.wave.{}", wave, name));
}

double LedgerIndex::likeness(const WordSet& claim, const Question& question) const {
  WordSet spoken;
  std::ranges::set_intersection(claim, known_, std::back_inserter(spoken));
  const size_t shared = common_count(spoken, question.words);
  if (shared < 2 && !is_part_of(question.words, claim)) return 0;
  return weights_.containment(spoken, question.words);
}

bool LedgerIndex::names(const WordSet& claim, const Question& question) const {
  const size_t shared = common_count(claim, question.words);
  const double of_question = weights_.containment(question.words, claim);
  return (shared >= 3 && of_question >= 0.25) || (shared == 2 && of_question >= 0.5);
}

}  // namespace barometer
