#include <libstemmer.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iterator>

#include "barometer/base/result.h"
#include "barometer/meaning/word_set.h"

namespace barometer {
namespace {

// Words of English that carry no meaning here, and words of reports: who answered, that they did.
constexpr auto kCommon = std::to_array<std::string_view>(
    {"a",           "about",      "across",   "added",   "after",      "all",       "also",
     "among",       "an",         "and",      "another", "any",        "are",       "around",
     "as",          "asked",      "asking",   "at",      "be",         "because",   "been",
     "being",       "believe",    "believed", "between", "but",        "by",        "called",
     "can",         "cent",       "could",    "did",     "do",         "does",      "doing",
     "don",         "each",       "eight",    "eighty",  "else",       "every",     "expect",
     "expected",    "felt",       "few",      "fifty",   "figure",     "figures",   "five",
     "following",   "for",        "forty",    "found",   "four",       "from",      "further",
     "given",       "group",      "groups",   "had",     "half",       "has",       "have",
     "he",          "her",        "his",      "how",     "however",    "hundred",   "i",
     "if",          "in",         "into",     "is",      "it",         "its",       "just",
     "leader",      "leaders",    "leads",    "less",    "majority",   "many",      "may",
     "might",       "more",       "most",     "my",      "named",      "nearly",    "nine",
     "ninety",      "no",         "number",   "of",      "on",         "one",       "only",
     "or",          "other",      "our",      "out",     "over",       "people",    "per",
     "percent",     "percentage", "poll",     "polled",  "proportion", "quarter",   "question",
     "rated",       "remaining",  "replied",  "report",  "reported",   "reporting", "respondent",
     "respondents", "result",     "results",  "said",    "saw",        "say",       "saying",
     "says",        "scored",     "seven",    "seventy", "she",        "should",    "showed",
     "shows",       "six",        "sixty",    "so",      "some",       "such",      "survey",
     "surveyed",    "surveys",    "ten",      "than",    "that",       "the",       "their",
     "them",        "there",      "these",    "they",    "third",      "thirds",    "thirty",
     "this",        "those",      "thought",  "three",   "to",         "told",      "twenty",
     "two",         "under",      "us",       "very",    "was",        "we",        "were",
     "what",        "when",       "whether",  "which",   "while",      "who",       "will",
     "with",        "within",     "would",    "year",    "you",        "your"});
static_assert(std::ranges::is_sorted(kCommon));

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

}  // namespace

bool is_common_word(std::string_view word) { return std::ranges::binary_search(kCommon, word); }

void Stemmer::Free::operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }

Stemmer::Stemmer() : stemmer_(sb_stemmer_new("english", "UTF_8")) {
  CHECK(stemmer_ != nullptr, "libstemmer has English");
}

namespace {

// The stemmer keeps "ccgs" and "gps": a plural without a vowel is none to it.
std::string_view without_plural(std::string_view word) {
  const bool initials = word.size() > 2 && word.ends_with('s') &&
                        word.find_first_of("aeiouy") == std::string_view::npos;
  return initials ? word.substr(0, word.size() - 1) : word;
}

}  // namespace

void Stemmer::add(std::string_view text, WordSet& words) {
  const size_t before = words.size();
  for (size_t at = 0; at < text.size();) {
    if (!is_letter(text[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < text.size() && is_letter(text[end])) ++end;
    const std::string_view word = without_plural(text.substr(at, end - at));
    at = end;
    if (word.size() < 2 || word.size() > 40 || is_common_word(word)) continue;
    words.push_back(stem(word));
  }
  if (words.size() != before) make_set(words);
}

uint64_t Stemmer::stem(std::string_view word) {
  const std::string_view singular = without_plural(word);
  const sb_symbol* stem =
      sb_stemmer_stem(stemmer_.get(), reinterpret_cast<const sb_symbol*>(singular.data()),
                      static_cast<int>(singular.size()));
  CHECK(stem != nullptr, "a word has a stem");
  const auto length = static_cast<size_t>(sb_stemmer_length(stemmer_.get()));
  return std::hash<std::string_view>{}({reinterpret_cast<const char*>(stem), length});
}

WordSet Stemmer::words(std::string_view text) {
  WordSet words;
  add(text, words);
  return words;
}

void make_set(WordSet& words) {
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
}

WordSet joined(const WordSet& a, const WordSet& b) {
  WordSet out;
  std::ranges::set_union(a, b, std::back_inserter(out));
  return out;
}

void WordWeights::add(const WordSet& words) {
  ++sets_;
  for (const uint64_t word : words) ++uses_[word];
}

double WordWeights::weight(uint64_t word) const {
  const auto found = uses_.find(word);
  const double uses = found == uses_.end() ? 0.5 : static_cast<double>(found->second);
  return std::log1p(static_cast<double>(sets_ + 1) / uses);
}

double WordWeights::of(const WordSet& words) const {
  double sum = 0;
  for (const uint64_t word : words) sum += weight(word);
  return sum;
}

double WordWeights::common(const WordSet& a, const WordSet& b) const {
  double sum = 0;
  auto other = b.begin();
  for (const uint64_t word : a) {
    while (other != b.end() && *other < word) ++other;
    if (other != b.end() && *other == word) sum += weight(word);
  }
  return sum;
}

double WordWeights::similarity(const WordSet& a, const WordSet& b) const {
  const double shared = common(a, b);
  const double all = of(a) + of(b) - shared;
  return all > 0 ? shared / all : 0;
}

double WordWeights::containment(const WordSet& a, const WordSet& b) const {
  const double all = of(a);
  return all > 0 ? common(a, b) / all : 0;
}

bool is_part_of(const WordSet& part, const WordSet& whole) {
  return !part.empty() && std::ranges::includes(whole, part);
}

size_t common_count(const WordSet& a, const WordSet& b) {
  WordSet out;
  std::ranges::set_intersection(a, b, std::back_inserter(out));
  return out.size();
}

}  // namespace barometer
