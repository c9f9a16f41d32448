#include "barometer/meaning/lexicon.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <ranges>
#include <span>

#include "barometer/base/text.h"
#include "barometer/wording/normalise.h"

namespace barometer {
namespace {

constexpr auto kDenying = std::to_array<std::string_view>(
    {"against", "avoid", "avoided", "cannot",    "dismiss", "dismissed", "fail",  "failed",
     "fails",   "lack",  "lacked",  "lacks",     "neither", "never",     "no",    "none",
     "nor",     "not",   "prevent", "prevented", "refuse",  "refused",   "ruled", "without"});
static_assert(std::ranges::is_sorted(kDenying));

// Verbs of people's answers that leave open nothing of what follows.
constexpr auto kReporting = std::to_array<std::string_view>(
    {"admitted",  "anticipate", "anticipated", "called",   "claimed",   "claims",     "considered",
     "described", "estimated",  "feel",        "forecast", "hope",      "hoped",      "hoping",
     "intend",    "intended",   "intending",   "judged",   "mean",      "meant",      "plan",
     "planned",   "planning",   "plans",       "predict",  "predicted", "predicting", "regarded",
     "same",      "saw",        "see",         "seen",     "think",     "thinking",   "view",
     "viewed",    "want",       "wanted",      "wanting",  "wants"});
static_assert(std::ranges::is_sorted(kReporting));

constexpr auto kTurning = std::to_array<std::string_view>({"dis", "im", "in", "mis", "non", "un"});

// Common elsewhere; here they tell "some would leave" from "all would leave".
constexpr auto kCounting =
    std::to_array<std::string_view>({"all", "another", "every", "fewer", "less", "more", "most",
                                     "neither", "no", "none", "nor", "not", "other", "some"});
static_assert(std::ranges::is_sorted(kCounting));

// What reports say for the words of a question.
struct Synonym {
  std::string_view said;
  std::string_view meant;
};
constexpr auto kSynonyms =
    std::to_array<Synonym>({{"another", "other"},      {"certain", "sure"},
                            {"depart", "leave"},       {"every", "all"},
                            {"fewer", "less"},         {"themselves", "personally"},
                            {"job", "position"},       {"jobs", "position"},
                            {"left", "leave"},         {"none", "no"},
                            {"merger", "merge"},       {"mergers", "merge"},
                            {"post", "position"},      {"posts", "position"},
                            {"positions", "position"}, {"understood", "understand"},
                            {"decide", "decision"},    {"quit", "leave"},
                            {"quitting", "leave"},     {"resign", "leave"},
                            {"somewhat", "fairly"},    {"quite", "fairly"}});

// The scales on which answers and questions stand; a word of the other end turns a sentence round.
struct Scale {
  std::string_view above;
  std::string_view below;
};
constexpr auto kScales = std::to_array<Scale>({
    {"likely probable", "unlikely improbable"},
    {"agree support back favour endorse welcome accept",
     "disagree oppose doubt reject deny dispute fault"},
    {"yes", "no"},
    {"good positive favourable excellent", "poor bad negative unfavourable terrible"},
    {"strong robust", "weak feeble"},
    {"large big substantial great", "little small minor negligible"},
    {"satisfied", "dissatisfied unsatisfied unhappy"},
    {"confident optimistic", "unconfident pessimistic"},
    {"increase rise grow expand", "decrease reduce cut fall shrink"},
    {"better improve more", "worse worsen less deteriorate"},
    {"leave", "stay remain"},
    {"effective", "ineffective"},
    {"important", "unimportant"},
    {"easy", "difficult"},
    {"adequate sufficient enough", "inadequate insufficient"},
    {"fair", "unfair"},
    {"willing", "unwilling reluctant"},
    {"safe", "unsafe"},
    {"win", "lose"},
    {"help", "hinder"},
    {"approve", "disapprove"},
});

constexpr std::string_view kNotKnowing = "don't know";
constexpr auto kUnknowing =
    std::to_array<std::string_view>({"uncertain", "undecided", "unknown", "unsure"});
constexpr auto kKnowing =
    std::to_array<std::string_view>({"decided", "idea", "know", "opinion", "sure", "view"});

bool is_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

template <class Table>
bool is_in(const Table& table, std::string_view word) {
  return std::ranges::binary_search(table, word);
}

// "don't" is two words, "CCG's" one.
void add_word(std::string_view word, std::vector<std::string>& words) {
  const size_t mark = word.find('\'');
  const std::string_view head = word.substr(0, mark);
  const bool denied =
      mark != std::string_view::npos && word.substr(mark).starts_with("'t") && head.ends_with('n');
  if (denied) {
    if (head != "can" && head.size() > 1) words.emplace_back(head.substr(0, head.size() - 1));
    words.emplace_back("not");
  } else if (!head.empty()) {
    words.emplace_back(head);
  }
}

std::vector<std::string> cut_words(std::string_view plain) {
  constexpr size_t kLongest = 40;
  std::vector<std::string> words;
  for (size_t at = 0; at < plain.size();) {
    if (!is_of_word(plain[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < plain.size() &&
           (is_of_word(plain[end]) ||
            (plain[end] == '\'' && end + 1 < plain.size() && is_of_word(plain[end + 1])))) {
      ++end;
    }
    if (end - at <= kLongest) add_word(plain.substr(at, end - at), words);
    at = end;
  }
  return words;
}

// "Did not know", "had no view", "were undecided": one word of that meaning.
void join_unknowing(std::vector<std::string>& words) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (is_in(kUnknowing, words[i])) words[i] = kNotKnowing;
    const bool denies = words[i] == "not" || words[i] == "no";
    if (!denies || i + 1 >= words.size()) continue;
    const size_t next = words[i + 1] == "yet" && i + 2 < words.size() ? i + 2 : i + 1;
    if (!is_in(kKnowing, words[next])) continue;
    words[i] = kNotKnowing;
    words.erase(words.begin() + static_cast<ptrdiff_t>(i) + 1,
                words.begin() + static_cast<ptrdiff_t>(next) + 1);
  }
}

}  // namespace

Lexicon::Lexicon(Stemmer& stemmer) : stemmer_(&stemmer) {
  for (size_t i = 0; i < kScales.size(); ++i) {
    for (const std::string& word : split(kScales[i].above, ' ')) poles_[stem(word)] = {i + 1, 1};
    for (const std::string& word : split(kScales[i].below, ' ')) poles_[stem(word)] = {i + 1, -1};
  }
}

// "Likely" has the stem of "like", and is no such word.
uint64_t Lexicon::stem(std::string_view word) const {
  if (word == "likely" || word == kNotKnowing) return std::hash<std::string_view>{}(word);
  const auto synonym = std::ranges::find(kSynonyms, word, &Synonym::said);
  return stemmer_->stem(synonym == kSynonyms.end() ? word : synonym->meant);
}

LexiconWord Lexicon::word_of(std::string_view word) const {
  LexiconWord out;
  out.stem = stem(word);
  out.denies = is_in(kDenying, word);
  const bool number = std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
  out.counts = number || is_in(kCounting, word);
  out.common = word == "don" || (word.size() < 2 && !(word[0] >= '0' && word[0] <= '9')) ||
               (is_common_word(word) && !out.counts && !out.denies && word != "very");
  out.reports = is_in(kReporting, word);
  for (const std::string_view turning : kTurning) {
    constexpr size_t kShortest = 4;  // of what is turned: "effective", not "to" of "into"
    if (word.starts_with(turning) && word.size() >= turning.size() + kShortest) {
      out.rest = stem(word.substr(turning.size()));
      break;
    }
  }
  if (const auto pole = poles_.find(out.stem); pole != poles_.end()) out.pole = pole->second;
  return out;
}

void Lexicon::learn_initials(std::string_view text) {
  constexpr size_t kFewest = 3;  // two letters begin too many pairs of words
  constexpr size_t kMost = 6;
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && is_capital(text[end])) ++end;
    const bool whole = at == 0 || !is_of_word(text[at - 1]);
    if (whole && end - at >= kFewest && end - at <= kMost) {
      std::string word = lowered(std::string(text.substr(at, end - at)));
      if (std::ranges::find(initials_, word) == initials_.end()) {
        initials_.push_back(std::move(word));
      }
    }
    at = std::max(end, at + 1);
  }
}

void Lexicon::join_initials(std::vector<std::string>& words) const {
  for (const std::string& initials : initials_) {
    for (size_t i = 0; i + initials.size() <= words.size(); ++i) {
      const bool fits = std::ranges::all_of(
          std::views::iota(size_t{0}, initials.size()),
          [&](size_t k) { return words[i + k].size() > 2 && words[i + k][0] == initials[k]; });
      if (!fits) continue;
      words[i] = initials;
      words.erase(words.begin() + static_cast<ptrdiff_t>(i) + 1,
                  words.begin() + static_cast<ptrdiff_t>(i + initials.size()));
    }
  }
}

LexiconWords Lexicon::read(std::string_view plain) const {
  std::vector<std::string> words = cut_words(plain);
  join_initials(words);
  join_unknowing(words);
  LexiconWords out;
  out.reserve(words.size());
  std::string_view last;
  for (const std::string& word : words) {
    // "Not only", "not just" deny nothing.
    if ((word == "only" || word == "just") && !out.empty()) out.back().denies = false;
    out.push_back(word_of(word));
    // "In this area" speaks of what was named before.
    if (out.size() > 1 && (last == "this" || last == "these") && out.back().pole.scale == 0) {
      out.back().common = true;
    }
    last = word;
  }
  return out;
}

LexiconWords Lexicon::read_printed(std::string_view text) const {
  return read(lowered(wording::normalise(text).text));
}

WordSet telling_words(const LexiconWords& words) {
  WordSet out;
  for (const LexiconWord& word : words) {
    if (!word.common && !word.counts && !word.denies) out.push_back(word.stem);
  }
  make_set(out);
  return out;
}

bool has_stem(const LexiconWords& words, uint64_t stem) {
  return std::ranges::find(words, stem, &LexiconWord::stem) != words.end();
}

bool stands_at(const LexiconWords& words, size_t at, const LexiconWords& phrase) {
  return at + phrase.size() <= words.size() &&
         std::ranges::equal(phrase, std::span(words).subspan(at, phrase.size()), {},
                            &LexiconWord::stem, &LexiconWord::stem);
}

LexiconWords without_common(const LexiconWords& words) {
  LexiconWords out;
  std::ranges::copy_if(words, std::back_inserter(out),
                       [](const LexiconWord& word) { return !word.common; });
  return out;
}

}  // namespace barometer
