#include "barometer/audit/ledger_index_internal.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/wording/normalise.h"

namespace barometer {
namespace {

std::string plain(const std::string& text) { return lowered(wording::normalise(text).text); }

}  // namespace

LedgerIndex::LedgerIndex(const Ledger& ledger, Stemmer& stemmer) : ledger_(&ledger) {
  std::map<std::pair<std::string, std::string>, size_t> places;
  for (const Figure& figure : ledger.figures) {
    if (std::ranges::find(waves_, figure.wave) == waves_.end()) waves_.push_back(figure.wave);
    if (figure.item.empty()) continue;
    const auto [place, is_new] = places.try_emplace({figure.wave, figure.item}, questions_.size());
    if (is_new) {
      Question question{figure.wave, figure.item, stemmer.words(plain(figure.question)), {}, {}};
      stemmer.add(plain(replaced(figure.item, "_", " ")), question.words);
      question.all = question.words;
      questions_.push_back(std::move(question));
    }
    Question& question = questions_[place->second];
    question.answers.push_back(
        {&figure, stemmer.words(plain(figure.label)), stemmer.words(plain(figure.group_label))});
    question.all = joined(question.all, question.answers.back().label);
  }
  for (const Question& question : questions_) {
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
  if (common_count(spoken, question.words) < 2) return 0;
  return weights_.containment(spoken, question.words);
}

}  // namespace barometer
