#include "barometer/meaning/ledger_index.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/wording/normalise.h"

namespace barometer {
namespace {

constexpr uint64_t kOwnScale = uint64_t{1} << 63U;  // of a label that no scale knows

std::string plain(const std::string& text) { return lowered(wording::normalise(text).text); }

// Bytes that two questions share, up to the last mark that ends a part of a sentence.
size_t shared_stem(std::string_view a, std::string_view b) {
  const auto differs = std::ranges::mismatch(a, b);
  const auto length = static_cast<size_t>(differs.in1 - a.begin());
  const size_t mark = a.substr(0, length).find_last_of("?.,:;");
  return mark == std::string_view::npos ? 0 : mark + 1;
}

std::vector<std::string> parts_of(const std::string& label) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t at = label.find(" or "); at != std::string::npos; at = label.find(" or ", begin)) {
    parts.push_back(label.substr(begin, at - begin));
    begin = at + 4;
  }
  parts.push_back(label.substr(begin));
  return parts;
}

bool shares_head(const LedgerIndex::Answer& answer) {
  for (size_t i = 1; i < answer.parts.size(); ++i) {
    if (answer.head(i) != answer.head(0)) return false;
  }
  return !answer.parts.empty();
}

// Where a part stands: by its last word of a scale, else for or against its own last word.
WordPole pole_of(const LexiconWords& words) {
  WordPole pole;
  bool denies = false;
  for (const LexiconWord& word : words) {
    if (word.pole.scale == 0) {
      denies = denies || word.denies;
      continue;
    }
    // Neither good nor poor.
    if (word.pole.scale == pole.scale && word.pole.sign != pole.sign) return {};
    pole = word.pole;
  }
  if (pole.scale == 0) pole = {words.back().stem | kOwnScale, 1};
  if (denies) pole.sign = -pole.sign;
  return pole;
}

WordPole pole_of(const LedgerIndex::Answer& answer) {
  if (answer.parts.empty()) return {};
  const WordPole first = pole_of(answer.parts.front());
  for (const LexiconWords& part : answer.parts) {
    const WordPole pole = pole_of(part);
    if (pole.scale != first.scale || pole.sign != first.sign) return {};
  }
  return first;
}

}  // namespace

std::string wave_in_words(std::string_view wave) {
  constexpr auto kMonths = std::to_array<std::string_view>(
      {"January", "February", "March", "April", "May", "June", "July", "August", "September",
       "October", "November", "December"});
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool dated = wave.size() == 7 && wave[4] == '-' &&
                     std::ranges::all_of(wave.substr(0, 4), is_digit) && is_digit(wave[5]) &&
                     is_digit(wave[6]);
  if (!dated) return std::string(wave);
  const int month = (wave[5] - '0') * 10 + (wave[6] - '0');
  if (month < 1 || month > 12) return std::string(wave);
  return fmt::format("{} {}", kMonths.at(static_cast<size_t>(month) - 1), wave.substr(0, 4));
}

const Figure* LedgerIndex::Answer::of_group(std::string_view group) const {
  const auto found = std::ranges::find(figures, group, &Figure::group);
  return found == figures.end() ? nullptr : *found;
}

LedgerIndex::LedgerIndex(const Ledger& ledger, Stemmer& stemmer)
    : ledger_(&ledger), lexicon_(stemmer) {
  for (const Figure& figure : ledger.figures) lexicon_.learn_initials(figure.question);
  for (const Figure& figure : ledger.figures) add(figure);
  std::map<std::string, std::set<std::string>> items_of_label;
  for (Question& question : questions_) {
    for (const Answer& answer : question.answers) {
      items_of_label[answer.label].insert(question.item);
    }
    const LexiconWords item = lexicon_.read(plain(replaced(question.item, "_", " ")));
    question.words = joined(question.words, telling_words(item));
    weights_.add(question.words);
    known_ = joined(known_, question.words);
  }
  for (Question& question : questions_) {
    read_answers(question);
    for (Answer& answer : question.answers) {
      answer.label_is_unique = !answer.parts.empty() && items_of_label[answer.label].size() == 1;
    }
  }
}

void LedgerIndex::add(const Figure& figure) {
  if (std::ranges::find(waves_, figure.wave) == waves_.end()) waves_.push_back(figure.wave);
  if (figure.item.empty()) return;
  const auto [place, is_new] = places_.try_emplace({figure.wave, figure.item}, questions_.size());
  if (is_new) {
    Question question;
    question.wave = figure.wave;
    question.item = figure.item;
    questions_.push_back(std::move(question));
  }
  Question& question = questions_[place->second];
  if (question.words.empty() && !figure.question.empty()) {
    question.order = without_common(lexicon_.read_printed(figure.question));
    question.words = telling_words(question.order);
  }
  if (!figure.group.empty() &&
      std::ranges::find(groups_, figure.group, &Group::code) == groups_.end()) {
    const size_t colon = figure.group_label.find(": ");
    const std::string name =
        colon == std::string::npos ? figure.group_label : figure.group_label.substr(colon + 2);
    groups_.push_back({figure.group, name, telling_words(lexicon_.read_printed(name))});
  }
  const auto same = std::ranges::find_if(question.answers, [&](const Answer& answer) {
    return answer.kind == figure.kind && answer.label == figure.label &&
           answer.figures.front()->answer == figure.answer;
  });
  if (same != question.answers.end()) {
    same->figures.push_back(&figure);
    return;
  }
  Answer answer;
  answer.kind = figure.kind;
  answer.label = figure.label;
  answer.figures.push_back(&figure);
  question.answers.push_back(std::move(answer));
}

void LedgerIndex::read_answers(Question& question) {
  std::string_view text = question.answers.front().figures.front()->question;
  size_t stem = 0;
  for (const Question& other : questions_) {
    if (&other == &question || other.wave != question.wave) continue;
    const std::string_view of_other = other.answers.front().figures.front()->question;
    if (of_other != text) stem = std::max(stem, shared_stem(text, of_other));
  }
  text.remove_prefix(stem);
  if (const LexiconWords own = without_common(lexicon_.read_printed(text)); !own.empty()) {
    question.order = own;
  }
  question.own = telling_words(question.order);
  if (question.own.empty()) question.own = question.words;
  for (Answer& answer : question.answers) {
    // "Good or very good: change since 2013-01"
    const std::string label = answer.label.substr(0, answer.label.find(": change since"));
    for (const std::string& part : parts_of(label)) {
      LexiconWords words = without_common(lexicon_.read_printed(part));
      if (!words.empty()) answer.parts.push_back(std::move(words));
    }
    answer.is_net = answer.parts.size() > 1 && shares_head(answer);
    answer.pole = pole_of(answer);
  }
}

const Figure* LedgerIndex::of_wave(const std::string& wave, std::string_view name) const {
  return ledger_->find(fmt::format("{}.wave.{}", wave, name));
}

const LedgerIndex::Question* LedgerIndex::find(std::string_view wave, std::string_view item) const {
  const auto found = places_.find({std::string(wave), std::string(item)});
  return found == places_.end() ? nullptr : &questions_[found->second];
}

double LedgerIndex::likeness(const WordSet& words, const Question& question) const {
  WordSet spoken;
  std::ranges::set_intersection(words, known_, std::back_inserter(spoken));
  const size_t shared = common_count(spoken, question.words);
  if (shared < 2 && !is_part_of(question.own, words)) return 0;
  return weights_.containment(spoken, question.words);
}

double LedgerIndex::coverage(const WordSet& words, const Question& question) const {
  return weights_.containment(question.own, words);
}

double LedgerIndex::familiarity(const WordSet& words) const {
  return words.empty()
             ? 0
             : static_cast<double>(common_count(words, known_)) / static_cast<double>(words.size());
}

}  // namespace barometer
