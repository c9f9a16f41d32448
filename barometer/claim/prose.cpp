#include "barometer/claim/prose_internal.h"

#include <algorithm>
#include <unordered_map>

#include "barometer/base/text.h"

namespace barometer::claims {
namespace {

using wording::Counted;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// The end of the word that begins at `at`: letters, digits, and the apostrophes and hyphens between
// them.
size_t word_end(std::string_view text, size_t at) {
  size_t end = at;
  const bool initials = at + 3 < text.size() && is_letter(text[at]) && text[at + 1] == '.' &&
                        is_letter(text[at + 2]) && text[at + 3] == '.';
  if (initials && (at == 0 || !is_letter(text[at - 1]))) return at + 4;  // "U.S."
  while (end < text.size()) {
    const char c = text[end];
    const bool inside =
        end > at && end + 1 < text.size() && is_letter(text[end - 1]) && is_letter(text[end + 1]);
    const bool joint = (c == '-' || c == '\'') && inside;
    if (!is_letter(c) && !is_digit(c) && !joint) break;
    ++end;
  }
  return std::max(end, at + 1);
}

// The names of marks that close what stands before them.
bool is_break(const Word& word) {
  return word.is(";") || word.is("(") || word.is(")") || word.is(":");
}

// "the north", "London": where some of them are.
bool is_part_place(const Word& place) {
  if (place.is_number() || place.is(kMonth | kSurveyNoun)) return false;
  const bool whole = place.is(kPlace) && !place.is("scotland") && !place.is("wales");
  return place.is(kPartWord) || (place.capital && !whole && !place.names_group());
}

}  // namespace

bool Word::names_group() const {
  return noun == Counted::kPeople || noun == Counted::kOrganisations || is(kRespondent | kGeneric);
}

Prose::Prose(const Document& document)
    : document_(document), reading_(wording::read(document.prose)) {
  lower_ = lowered(reading_.normal.text);
  cut_words();
  number_survey();
  note_places_and_years();
  tell_verbs();
  place_mentions();
  learn_groups();
}

// A plural that no table knows: "sheriffs", "hospices".
bool Prose::may_name_group(size_t at) const {
  const Word& word = words_[at];
  const bool plural = word.text.size() > 4 && word.text.ends_with('s') &&
                      !word.text.ends_with("ss") && !word.text.ends_with("'s");
  return plural && word.classes == 0 && word.noun == Counted::kUnknown && !word.is_number();
}

// "sheriffs say", "archdeacons believed", "hospices replied", "sent to 115 sheriffs"
bool Prose::acts_as_group(size_t at) const {
  size_t verb = at + 1;
  while (verb < words_.size() && words_[verb].is(kAdverb | kAuxiliary)) ++verb;
  if (verb < words_.size() && words_[verb].is(kThinks | kSurveyed)) return true;
  const bool replied =
      verb < words_.size() && words_[verb].is(kTakesPart) && words_[verb].is(kOpinion);
  if (replied) return true;
  size_t number = at;  // "its 142 member hospices"
  while (number > 0 && at - number < 3 && !words_[number - 1].is_number()) --number;
  if (number == 0 || !words_[number - 1].is_number()) return false;
  for (size_t k = number - 1; k > 0 && number - k < 8; --k) {
    if (words_[k - 1].is(kInvite | kSurveyed | kSurveyNoun | kResponse)) return true;
    if (words_[k - 1].is(".") || words_[k - 1].is(kOpinion & ~kReach)) return false;
  }
  return false;
}

// Every trade has its own words for who is asked. A noun that answers or is asked once names a
// group wherever it stands; one that stands before people ("hospice chief executives") is where
// they work.
void Prose::learn_groups() {
  constexpr size_t kMostLearnt = 24;
  std::unordered_map<std::string_view, Counted> learnt;
  for (size_t i = 0; i < words_.size() && learnt.size() < kMostLearnt; ++i) {
    if (may_name_group(i) && acts_as_group(i)) learnt[stem(words_[i].text)] = Counted::kPeople;
  }
  if (learnt.empty()) return;
  for (size_t i = 0; i + 1 < words_.size(); ++i) {
    const auto found = learnt.find(stem(words_[i].text));
    const bool adjunct = words_[i + 1].noun == Counted::kPeople || words_[i + 1].is("chief");
    if (found != learnt.end() && adjunct && !words_[i].text.ends_with('s')) {
      found->second = Counted::kOrganisations;
    }
  }
  for (Word& word : words_) {
    if (word.noun != Counted::kUnknown || word.classes != 0) continue;
    const auto found = learnt.find(stem(word.text));
    if (found != learnt.end()) word.noun = found->second;
  }
}

void Prose::number_survey() {
  for (size_t i = 0; i < words_.size(); ++i) {
    const size_t number = ordinal_of(words_[i].text);
    if (number <= survey_number_) continue;
    for (size_t k = i + 1; k < std::min(words_.size(), i + 4); ++k) {
      if (words_[k].is(kSurveyNoun)) survey_number_ = number;
    }
  }
}

// "mean to leave", "could mean fewer posts": no mean of anything.
void Prose::tell_verbs() {
  for (size_t i = 1; i + 1 < words_.size(); ++i) {
    if (!words_[i].is("mean")) continue;
    const Word& next = words_[i + 1];
    const bool verb = next.is("to") || next.is("that") || next.is("fewer") || next.is("more") ||
                      words_[i - 1].is(kAuxiliary);
    if (verb) words_[i].classes &= ~kMeanWord;
  }
}

void Prose::note_places_and_years() {
  std::array<bool, 4> nations{};
  for (const Word& word : words_) {
    const std::string_view text = word.text;
    if (text == "england") nations[0] = true;
    if (text == "scotland" || text == "scottish") nations[1] = true;
    if (text == "wales" || text == "welsh") nations[2] = true;
    if (text == "ireland") nations[3] = true;
    const bool year = text.size() == 4 && text.starts_with("20") && text[2] >= '0' &&
                      text[2] <= '9' && text[3] >= '0' && text[3] <= '9';
    if (year && latest_year_ < text) latest_year_ = text;
    if (year && (earliest_year_.empty() || text < earliest_year_)) earliest_year_ = text;
  }
  compares_nations_ = std::ranges::count(nations, true) > 2;
}

size_t Prose::sentence_of(size_t word) const {
  const auto behind = std::ranges::upper_bound(sentences_, word, {}, &WordRange::begin);
  return behind == sentences_.begin()
             ? 0
             : static_cast<size_t>(std::distance(sentences_.begin(), behind)) - 1;
}

void Prose::cut_words() {
  const std::string_view text = lower_;
  const auto& origin = reading_.normal.origin;
  sentences_.reserve(document_.sentences.size());
  block_classes_.resize(document_.blocks.size());
  words_.reserve(text.size() / 5);
  for (const Sentence& sentence : document_.sentences) {
    const auto byte_of = [&](size_t point) {
      return static_cast<size_t>(std::ranges::lower_bound(origin, point) - origin.begin());
    };
    const size_t first = words_.size();
    const size_t end = byte_of(sentence.span.end);
    for (size_t at = byte_of(sentence.span.begin); at < end;) {
      if (is_space(text[at])) {
        ++at;
        continue;
      }
      const size_t stop = std::min(word_end(text, at), end);
      const std::string_view word = text.substr(at, stop - at);
      const char original = reading_.normal.text[at];
      words_.push_back({.begin = at,
                        .end = stop,
                        .text = word,
                        .classes = classes_of(word),
                        .noun = wording::noun_counts(word),
                        .capital = original >= 'A' && original <= 'Z'});
      at = stop;
    }
    sentences_.push_back({first, words_.size()});
    uint64_t classes = 0;
    for (size_t i = first; i < words_.size(); ++i) classes |= words_[i].classes;
    sentence_classes_.push_back(classes);
    block_classes_[sentence.block] |= classes;
  }
}

void Prose::place_mentions() {
  const auto& origin = reading_.normal.origin;
  size_t sentence = 0;
  for (size_t i = 0; i < reading_.phrases.size(); ++i) {
    const wording::NumberPhrase& phrase = reading_.phrases[i];
    while (sentence < sentences_.size() &&
           document_.sentences[sentence].span.end <= phrase.span.begin) {
      ++sentence;
    }
    if (sentence == sentences_.size()) break;
    if (document_.sentences[sentence].span.begin > phrase.span.begin) continue;
    const auto byte_of = [&](size_t point) {
      return static_cast<size_t>(std::ranges::lower_bound(origin, point) - origin.begin());
    };
    const size_t begin = byte_of(phrase.span.begin);
    const size_t end = byte_of(phrase.span.end);
    const WordRange range = sentences_[sentence];
    const auto words = std::span(words_).subspan(range.begin, range.end - range.begin);
    const auto first =
        std::ranges::partition_point(words, [&](const Word& w) { return w.end <= begin; });
    const auto last =
        std::ranges::partition_point(words, [&](const Word& w) { return w.begin < end; });
    const WordRange placed{range.begin + static_cast<size_t>(first - words.begin()),
                           range.begin + static_cast<size_t>(last - words.begin())};
    if (placed.empty()) continue;
    for (size_t w = placed.begin; w < placed.end; ++w) words_[w].number = mentions_.size();
    mentions_.push_back({&phrase, placed, sentence, document_.sentences[sentence].block});
  }
}

WordRange Prose::block(size_t index) const {
  const Block& b = document_.blocks[index];
  if (b.sentence_count == 0) return {};
  return {sentences_[b.first_sentence].begin,
          sentences_[b.first_sentence + b.sentence_count - 1].end};
}

const Word& Prose::at(size_t word) const { return word < words_.size() ? words_[word] : none_; }

const Word& Prose::before(const Mention& m, size_t back) const {
  const size_t at = m.words.begin;
  return at >= sentences_[m.sentence].begin + back ? this->at(at - back) : none_;
}

size_t Prose::find(const Mention& m, size_t from, uint64_t classes, size_t count) const {
  const size_t end = std::min(sentences_[m.sentence].end, from + count);
  for (size_t i = from; i < end; ++i) {
    if (words_[i].is(classes)) return i;
    if (is_break(words_[i])) break;
  }
  return SIZE_MAX;
}

size_t Prose::find_back(const Mention& m, size_t from, uint64_t classes, size_t count) const {
  const size_t begin = sentences_[m.sentence].begin;
  for (size_t i = from; i > begin && from - i < count; --i) {
    if (words_[i - 1].is(classes)) return i - 1;
    if (is_break(words_[i - 1])) break;
  }
  return SIZE_MAX;
}

bool Prose::sentence_has(size_t sentence, uint64_t classes) const {
  return (sentence_classes_[sentence] & classes) != 0;
}

bool Prose::block_has(size_t block, uint64_t classes) const {
  return (block_classes_[block] & classes) != 0;
}

bool Prose::in_quotation(size_t word) const {
  return word < words_.size() && reading_.normal.is_quoted(words_[word].begin);
}

bool Prose::starts_line(size_t word) const {
  if (word >= words_.size()) return false;
  size_t at = words_[word].begin;
  while (at > 0 && (lower_[at - 1] == ' ' || lower_[at - 1] == '\t')) --at;
  return at == 0 || lower_[at - 1] == '\n';
}

bool Prose::ends_line(size_t word) const {
  if (word >= words_.size()) return false;
  const size_t at = lower_.find_first_not_of(" \t\r", words_[word].end);
  return at == std::string::npos || lower_[at] == '\n';
}

std::string Prose::text(WordRange words) const {
  if (words.empty() || words.end > words_.size()) return {};
  const size_t begin = words_[words.begin].begin;
  return reading_.normal.text.substr(begin, words_[words.end - 1].end - begin);
}

std::string Prose::lower(WordRange words) const {
  if (words.empty() || words.end > words_.size()) return {};
  const size_t begin = words_[words.begin].begin;
  return lower_.substr(begin, words_[words.end - 1].end - begin);
}

// After a comma or "and": does a group's name come before any verb or number?
bool Prose::list_goes_on(size_t at, size_t end) const {
  for (size_t i = at + 1; i < std::min(end, at + 11); ++i) {
    const Word& word = words_[i];
    if (word.is_number() || word.is(kCopula | kAuxiliary)) return false;
    if (word.names_group() && !word.is(kDeterminer | kPronoun)) return true;
    const bool joins = word.is("and") || word.is(",") || word.is("or") || word.is("&");
    if (!joins && (word.is(kFunction | kOpinion) || !is_letter(word.text[0]))) return false;
  }
  return false;
}

// "who were in deficit" is some of them; "who responded" is all.
bool Prose::narrows(size_t at, size_t end) const {
  if (at >= end) return false;
  const Word& word = words_[at];
  const bool relative = word.is("who") || word.is("that") || word.is("whose") || word.is("which");
  size_t verb = relative ? at + 1 : at;
  while (verb < end && words_[verb].is(kAdverb | kAuxiliary | kCopula)) ++verb;
  if (verb >= end) return false;
  const Word& next = words_[verb];
  const bool answered = next.is("answered") || next.is("answering");
  if (answered) {  // the survey, or this question only?
    for (size_t i = verb + 1; i < std::min(end, verb + 9); ++i) {
      if (words_[i].is(kSurveyNoun) || words_[i].is(",")) return false;
    }
    return verb + 1 < end && !words_[verb + 1].is(".");
  }
  if (next.is(kTakesPart | kSurveyed) || next.is("asked") || next.is("took") || next.is("we") ||
      next.is("taking") || (next.is("voted") && verb + 1 < end && words_[verb + 1].is(","))) {
    return false;
  }
  if (relative) return true;
  if (word.is("in") || word.is("from") || word.is("across")) {
    const size_t place = at + 1 < end && words_[at + 1].is("the") ? at + 2 : at + 1;
    const bool united = place < end && (words_[place].is("great") || words_[place].is("united"));
    return place < end && !united && is_part_place(words_[place]);
  }
  const bool participle = word.text.size() > 4 && word.text.ends_with("ing");
  return word.is("with") || word.is("without") || word.is("aged") || word.is("due") || participle;
}

// "those in deficit", but "those in the survey" are all.
bool Prose::is_placed(size_t at, size_t end) const {
  if (!words_[at].is("in") && !words_[at].is("at") && !words_[at].is("from")) return false;
  for (size_t i = at; i < std::min(end, at + 5); ++i) {
    if (words_[i].is(kSurveyNoun)) return false;
  }
  return true;
}

namespace {

// "those minded to leave", but "those polled"
bool is_minded(const Word& word) {
  return word.text.size() > 4 && word.text.ends_with("ed") &&
         !word.is(kSurveyed | kTakesPart | kInvite) && !word.is("asked") &&
         word.noun == Counted::kUnknown;
}

}  // namespace

NounPhrase Prose::noun_phrase(size_t from, size_t end) const {
  NounPhrase np;
  size_t at = from;
  while (at < end && words_[at].is(kDeterminer) && !words_[at].is_number()) {
    np.all = np.all || words_[at].is("all") || words_[at].is("every");
    np.pronoun = np.pronoun || words_[at].is("those") || words_[at].is("these");
    ++at;
  }
  np.words = {at, at};
  if (at < end && words_[at].is("them")) {
    np.pronoun = true;
    np.words.end = at + 1;
    return np;
  }
  // "those due money" names nobody; "those leaders" does.
  if (np.pronoun && at < end && !words_[at].names_group() && !words_[at].capital) {
    np.narrowed = narrows(at, end) || is_placed(at, end) || is_minded(words_[at]);
    return np;
  }
  bool plural_seen = false;
  for (; at < end; ++at) {
    const Word& word = words_[at];
    if (word.is_number()) break;
    const bool joins =
        word.is(",") || word.is("and") || word.is("or") || word.is("&") || word.is("/");
    if (joins) {
      if (np.words.empty() || !list_goes_on(at, end)) break;
      // "four options and respondents": a list of people does not begin with things.
      if (!words_[at - 1].names_group() && words_[at - 1].text.ends_with('s')) break;
      if (words_[at - 1].is("sample") || words_[at - 1].is(kWhole | kRespondent)) break;
      plural_seen = false;
      continue;
    }
    const bool group = word.names_group() || (word.is(kResponse) && word.text.ends_with('s'));
    if (!is_letter(word.text[0])) break;
    if (word.is(kFunction | kCopula | kAuxiliary)) break;
    if (word.is(kDeterminer) && !np.words.empty()) break;
    // "89 returned them", but "88 completed questionnaires"
    const bool took_part =
        word.is(kTakesPart) && !(at + 1 < end && words_[at + 1].is(kResponse | kSurveyNoun));
    if (took_part && !group) break;
    if (plural_seen && !group) break;
    const bool plural = word.text.ends_with('s') && np.words.empty() && !word.is(kThinks);
    if (word.is(kOpinion) && !group && !plural) break;
    if (group) {
      np.head = at;
      np.named = true;
      plural_seen = word.text.ends_with('s') || word.is("people") || word.is("women") ||
                    word.is("men") || word.is("children");
    } else if (!np.named) {
      np.head = at;
    }
    np.words.end = at + 1;
    if (np.words.end - np.words.begin > 16) break;
  }
  np.pronoun = np.pronoun && np.words.empty();
  np.narrowed = narrows(np.words.end, end);
  return np;
}

bool Prose::has_predicate(size_t from, size_t end, size_t reach) const {
  for (size_t i = from; i < std::min(end, from + reach); ++i) {
    const Word& word = words_[i];
    if (word.is(kOpinion | kCopula | kAuxiliary)) return true;
    if (word.is("'") || word.is("\"")) continue;  // "Most people 'would pay more'"
    if (!is_letter(word.text[0]) || word.is_number()) return false;
  }
  return false;
}

}  // namespace barometer::claims
