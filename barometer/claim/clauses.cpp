#include "barometer/claim/clauses_internal.h"

#include <algorithm>

namespace barometer::claims {
namespace {

constexpr size_t kLongestAside = 24;  // words
constexpr size_t kLongestPhrase = 10;
constexpr size_t kLongestOpening = 14;
constexpr size_t kLongestClause = 120;

bool is_dash(const Word& word) { return word.is("-") || word.is("--"); }

// Behind the bracket that opens at `at`; `at` when it does not close.
size_t past_bracket(const Prose& prose, size_t at, size_t end) {
  for (size_t i = at + 1; i < std::min(end, at + kLongestAside); ++i) {
    if (prose.at(i).is(")")) return i + 1;
  }
  return at;
}

// Behind ", out of 154," and "– 42 per cent of the total –": without a verb of its own, unless it
// is a relative clause.
size_t past_marks(const Prose& prose, size_t at, size_t end) {
  const Word& first = prose.at(at + 1);
  if (first.is("and") || first.is("but") || first.is("while")) return at;
  const bool relative = first.is("who") || first.is("which") || first.is("including") ||
                        first.is("most") || first.is("all");
  const bool dash = is_dash(prose.at(at));
  for (size_t i = at + 1; i < std::min(end, at + kLongestAside); ++i) {
    const Word& word = prose.at(i);
    if (dash ? is_dash(word) : word.is(",")) return i + 1;
    if (word.is(";") || word.is(":")) return at;
    if (!relative && !word.is_number() && word.is(kOpinion | kCopula | kTakesPart)) return at;
  }
  return at;
}

// "gave up 20 minutes each to fill in the form", "found time to answer": the verb behind "to".
bool finds_time(const Prose& prose, size_t verb, size_t end) {
  const Word& word = prose.at(verb);
  if (!(word.is("gave") || word.is("found") || word.is("took") || word.is("spared"))) return false;
  for (size_t at = verb + 1; at < std::min(end, verb + 10); ++at) {
    if (!prose.at(at).is("to")) continue;
    const Word& what = prose.at(at + 1);
    return what.is("answer") || what.is("respond") || what.is("reply") || what.is("complete") ||
           what.is("fill") || what.is("take") || what.is("tell");
  }
  return false;
}

// Behind "of 88 CCGs", "from 101 organisations in the north".
size_t past_phrase(const Prose& prose, size_t at, size_t end) {
  size_t i = at + 1;
  while (i < std::min(end, at + kLongestPhrase)) {
    const Word& word = prose.at(i);
    const bool noun = prose.before(i).is(kDeterminer) || word.is_number();
    if (!noun && word.is(kTakesPart | kSurveyed | kOpinion | kCopula | kAuxiliary)) break;
    if (!noun && finds_time(prose, i, end)) break;
    if (word.is(",") || word.is("(") || word.is(";") || word.is(":") || word.is(".")) break;
    if (is_dash(word) || word.is("who") || word.is("that") || word.is("which")) break;
    ++i;
  }
  return i;
}

bool opens_phrase(const Word& word) {
  return word.is("of") || word.is("from") || word.is("in") || word.is("at") || word.is("across") ||
         word.is("within") || word.is("working") || word.is("on") || word.is(kCovers);
}

// "responded that it would", "answered yes": an answer, and no taking part.
bool says_answer(const Prose& prose, size_t verb) {
  const Word& next = prose.at(verb + 1);
  return next.is("that") || next.is("yes") || next.is("no") || next.is(":") ||
         next.is("positively") || next.is("negatively") || prose.in_quotation(verb + 1);
}

// "told us", "told this newspaper"; "told us that they would" is an answer.
bool tells_us(const Prose& prose, size_t verb) {
  if (!prose.at(verb).is("told") || !prose.at(verb + 1).is("us")) return false;
  const Word& next = prose.at(verb + 2);
  return next.text.empty() || next.text.size() == 1 || next.is("in") || next.is("about") ||
         next.is("what") || next.is("how");
}

// "sent it back", "wrote back", "got back to us", "handed in their forms", "told us"
bool is_sent_back(const Prose& prose, size_t verb, size_t end) {
  const Word& word = prose.at(verb);
  const Word& before = prose.before(verb);
  const bool passive = before.is(kCopula) && !word.is("got");
  const bool sends = word.is(kInvite) || word.is("got") || word.is("came") || word.is("handed") ||
                     word.is("gave") || word.is("posted");
  if (!sends || passive) return false;
  for (size_t at = verb + 1; at < std::min(end, verb + 5); ++at) {
    const Word& next = prose.at(at);
    if (next.is("back") || (next.is("in") && at < verb + 3)) return true;
    if (next.is_number() || next.is(",") || next.is("to")) return false;
  }
  return false;
}

}  // namespace

size_t past_asides(const Prose& prose, size_t at, size_t end) {
  for (int i = 0; i < 5 && at < end; ++i) {
    const Word& word = prose.at(at);
    size_t next = at;
    if (word.is("(")) {
      next = past_bracket(prose, at, end);
    } else if (word.is(",") || is_dash(word)) {
      next = past_marks(prose, at, end);
    } else if (opens_phrase(word)) {
      next = past_phrase(prose, at, end);
    }
    if (next == at) break;
    at = next;
  }
  return at;
}

size_t participation(const Prose& prose, size_t at, size_t end) {
  const size_t subject = at;
  at = past_asides(prose, at, end);
  // The comma that closes the last of several asides: "directors and deputies, from 64 trusts,"
  if (at > subject && prose.at(at).is(",")) ++at;
  for (size_t i = 0; i < 4 && at < end; ++i, ++at) {
    const Word& word = prose.at(at);
    const bool answer = says_answer(prose, at);
    if (finds_time(prose, at, end)) return at;
    if (word.is("agreed") && prose.at(at + 1).is("to") && prose.at(at + 2).is("take") &&
        prose.at(at + 3).is("part")) {
      return at;
    }
    if (word.is("took") || word.is("take") || word.is("taking")) {
      const bool survey = prose.at(at + 1).is(kDeterminer) && prose.at(at + 2).is(kSurveyNoun);
      return prose.at(at + 1).is("part") || survey ? at : SIZE_MAX;
    }
    if (word.is("gave") || word.is("give")) {
      const Word& what = prose.at(at + 1);
      const bool views = what.is("their") || what.is("us") || what.is("answers") ||
                         what.is("views") || what.is("an") || what.is(kResponse);
      return views ? at : SIZE_MAX;
    }
    if (is_sent_back(prose, at, end) || tells_us(prose, at)) {
      return at;
    }
    if (word.is(kTakesPart | kSurveyed)) return answer ? SIZE_MAX : at;
    const bool passes = word.is(kCopula | kAuxiliary | kAdverb | kInvite) || word.is("who") ||
                        word.is("that") || word.is("which") || word.is("we");
    if (!passes && (!word.is(kFunction) || word.is(","))) return SIZE_MAX;
  }
  return SIZE_MAX;
}

bool acts(const Prose& prose, size_t at) {
  const Word& word = prose.at(at);
  const Word& next = prose.at(at + 1);
  if (word.text.size() < 3 || word.is(kFunction | kDeterminer | kAdverb) || word.is_number() ||
      word.noun != wording::Counted::kUnknown) {
    return false;
  }
  if (word.text.size() > 4 && word.text.ends_with("ed")) return true;
  if (word.text.ends_with('s') || word.text.ends_with("ing") || word.text.ends_with("ly")) {
    return false;
  }
  return next.is(kDeterminer) || next.is_number() || next.is("on") || next.is("at") ||
         next.is("to") || next.is("with") || next.is("for") || next.is("no") || next.is("more") ||
         next.is("out") || next.is("up") || next.is("from") || next.is("in");
}

size_t clause_begin(const Prose& prose, WordRange sentence, size_t at) {
  for (size_t i = at; i > sentence.begin && at - i < kLongestClause; --i) {
    const Word& word = prose.at(i - 1);
    if (word.is(";") || word.is(":") || is_dash(word)) return i;
    const bool joins = word.is("while") || word.is("whereas") || word.is("but");
    if (joins) return i;
    if (word.is(",")) {
      const Word& next = prose.at(i);
      const bool opens = next.is("among") || next.is("amongst") || next.is("of") || next.is("for");
      if (opens || next.is("and")) return next.is("and") ? i + 1 : i;
    }
    if (word.is("and") && (prose.at(i).is("among") || prose.at(i).is("amongst"))) return i;
  }
  return sentence.begin;
}

namespace {

// "last year", "a year ago", "the previous survey" — and not "the last three years".
bool is_earlier(const Prose& prose, size_t at) {
  const Word& word = prose.at(at);
  if (word.is("last")) {
    const Word& next = prose.at(at + 1);
    const bool period =
        prose.before(at).is("the") && !next.is(kSurveyNoun | kWave) && !next.is("time");
    const bool news = next.is("week") || next.is("night") || next.is("month");
    return !period && !news && !next.is_number();
  }
  return word.is("previous") || word.is("previously") || word.is("preceding") || word.is("ago") ||
         (word.is("before") && prose.before(at).is("year") && prose.at(at + 1).is(",")) ||
         (word.is("earlier") && (prose.before(at).is_number() || prose.before(at).is("an") ||
                                 prose.before(at).is("year") || prose.before(at).is("months")));
}

// "the second survey", "our first poll"
bool is_earlier_edition(const Prose& prose, size_t at, size_t own) {
  const size_t number = ordinal_of(prose.at(at).text);
  if (number == 0 || number >= own) return false;
  for (size_t i = at + 1; i < at + 4; ++i) {
    if (prose.at(i).is(kSurveyNoun | kWave)) return true;
  }
  return false;
}

// Behind the comma that closes a clause that begins at `from`.
WordRange earlier_opening_from(const Prose& prose, size_t begin, size_t from, size_t end) {
  for (size_t at = from; at < std::min(end, from + kLongestOpening); ++at) {
    if (prose.at(at).is(",")) return {begin, at + 1};
  }
  return {};
}

}  // namespace

namespace {

// "In 2019, only 11 per cent expected this", "In September 2008, 38 per cent …; now 52": a year
// that is past, where the text names a later one.
WordRange earlier_year(const Prose& prose, WordRange sentence, size_t begin) {
  if (!prose.at(begin).is("in")) return {};
  const size_t year = begin + (prose.at(begin + 1).is(kMonth) ? 2U : 1U);
  const std::string_view text = prose.at(year).text;
  const bool past = text.size() == 4 && text.starts_with("20") && text < prose.latest_year();
  const bool ends = prose.at(year + 1).is(",") || prose.at(year + 1).is_number();
  if (!past || !ends || year + 2 >= sentence.end) return {};
  return {begin, year + 1 + (prose.at(year + 1).is(",") ? 1U : 0U)};
}

}  // namespace

WordRange earlier_opening(const Prose& prose, WordRange sentence) {
  size_t begin = sentence.begin;
  while (begin < sentence.end && (prose.at(begin).is("but") || prose.at(begin).is("and") ||
                                  prose.at(begin).is("yet") || prose.at(begin).is("only"))) {
    ++begin;
  }
  const Word& first = prose.at(begin);
  const bool opens = first.is("in") || first.is("at") || first.is("when") || first.is("a") ||
                     first.is("the") || first.is("our") || first.is("its") || first.is("just") ||
                     first.is("six") || first.is("three") || is_earlier(prose, begin);
  if (!opens) return {};
  if (const WordRange past = earlier_year(prose, sentence, begin); !past.empty()) return past;
  const size_t own = prose.survey_number();
  bool earlier = false;
  for (size_t at = begin; at < std::min(sentence.end, begin + kLongestOpening); ++at) {
    const Word& word = prose.at(at);
    const bool survey = is_earlier_edition(prose, at, own);
    const bool number = word.is_number() && word.text.size() == 4 && word.text.starts_with("20");
    const bool asked = number && at == begin + 1 && prose.at(at + 1).is(",") &&
                       prose.at(at + 2).is("when");  // "In 2019, when we last put the question,"
    if (asked) return earlier_opening_from(prose, begin, at + 2, sentence.end);
    const bool year = first.is("when") && number;
    const Word& next = prose.at(at + 1);  // "When we asked in November 2021 it was 34 per cent"
    if (year && next.is("it") && prose.at(at + 2).is(kCopula)) return {begin, at + 1};
    earlier = earlier || survey || year || is_earlier(prose, at);
    if (word.is(",") && earlier && !prose.at(at + 1).is("in")) return {begin, at + 1};
    if (word.is(kShows) && earlier) return {begin, at + 1};
    if (word.is_number() && prose.mentions()[word.number].phrase->is_share()) break;
    if (word.is(kOpinion) && !first.is("when") && !survey) break;
  }
  return {};
}

}  // namespace barometer::claims
