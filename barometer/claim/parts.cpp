// Does a sentence put its figure to a part of the respondents, whose number nobody said?
#include <algorithm>

#include "barometer/claim/article_internal.h"

namespace barometer::claims {
namespace {

class Part {
 public:
  explicit Part(const Prose& prose) : prose_(prose) {}

  // "In London, 71 per cent …", "Women were more likely than men to agree (55 per cent …)"
  [[nodiscard]] bool run(const Candidate& f) const {
    const WordRange sentence = prose_.sentence(f.claim.sentence);
    const size_t begin = sentence.begin;
    if (word(begin).is("excluding") && f.words.begin - begin < 8) return true;
    if (word(begin).is("where") && !f.of && is_the_figure(f)) return true;
    if (prose_.before(f.words.begin).is("(") && f.words.begin > begin + 2 &&
        is_kind_of_people(word(f.words.begin - 2)) && !opens_profile(begin)) {
      return true;
    }
    if (is_of_kind(f, begin) || is_in_nation(f) || is_in_trade(f)) return true;
    if (word(begin).is("for") && word(begin + 1).is("those") && !f.of) {
      for (size_t at = begin + 2; at < f.words.begin && at < begin + 16; ++at) {
        if (word(at).is(",")) return true;  // "For those who do not support it, 60% say"
      }
    }
    for (size_t at = begin; at < std::min(f.words.begin, begin + 16); ++at) {
      const bool most =
          (word(at).is("most") || word(at).is("least")) && prose_.before(at).is("the");
      const Word& degree = word(at + 1);  // "the most popular way" is no group
      const bool of_things = degree.is("popular") || degree.is("common") ||
                             degree.is("important") || degree.is("frequent") ||
                             degree.is("pressing") || degree.is("cited");
      if (most && at > begin + 2 && word(at - 2).is(kCopula) && !of_things) {
        return f.words.begin - begin < 20;
      }
      if (word(at).is("as") && word(at + 1).is("likely")) return f.words.begin - begin < 25;
      const bool more =
          word(at).is("more") || word(at).is("less") || word(at).is("most") || word(at).is("least");
      if (more && word(at + 1).is("likely") && prose_.before(at).is(kCopula | kOpinion)) {
        if (compares_answers(at, sentence.end)) continue;
        return f.words.begin - begin < 26;
      }
    }
    if (in_bracket_of_part(f, begin) || in_part_of_clause(f, begin)) return true;
    if ((f.of && is_restricted(f)) || is_for_part(f) || is_in_part(f, begin)) return true;
    if (is_among_part(f, begin) || is_compared(f, begin) || opens_with_band(f, begin)) return true;
    if (!word(begin).is("in") && !word(begin).is("across")) return false;
    const size_t first = begin + (word(begin + 1).is("the") ? 2U : 1U);
    const Word& place = word(first);
    const bool part = place.is(kPartWord) || (place.capital && !place.is(kMonth) &&
                                              !place.is("england") && !place.is("britain"));
    // "Across the borough", "across the county": all of it
    const bool whole = word(begin).is("across") && word(begin + 1).is("the") &&
                       !place.text.ends_with('s') && !word(first + 1).names_group();
    if (!part || place.is_number() || whole) return false;
    for (size_t at = first; at < first + 5; ++at) {
      if (word(at).is(kSurveyNoun | kFindings) || word(at).is_number()) return false;
      if (word(at).is(",")) return at < f.words.begin;
    }
    return false;
  }

 private:
  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }
  // "33 per cent in manufacturing and 36 per cent in services"
  [[nodiscard]] bool is_in_trade(const Candidate& f) const {
    const Word& trade = word(f.words.end + 1);
    const Word& behind = word(f.words.end + 2);
    return word(f.words.end).is("in") && trade.is(kPartWord) && !trade.is(kPlace) &&
           (behind.text.size() < 2 || behind.is("and"));
  }
  // "57% of heads in England", "52% in Scotland", where the text compares the nations
  [[nodiscard]] bool is_in_nation(const Candidate& f) const {
    if (!prose_.compares_nations()) return false;
    size_t at = f.words.end;
    if (f.of && !f.leads && !f.of->pronoun) at = std::max(at, f.of->words.end);
    const Word& nation = word(at + 1);
    return word(at).is("in") && (nation.is("england") || nation.is("scotland") ||
                                 nation.is("wales") || nation.is("northern"));
  }
  // "Teachers are more likely to call leadership good (63%) than poor (11%)"
  [[nodiscard]] bool compares_answers(size_t from, size_t end) const {
    for (size_t at = from; at < std::min(end, from + 30); ++at) {
      if (word(at).is("than")) return pole_of(word(at + 1).text).scale > 0;
    }
    return false;
  }
  // "women (43%)", "the North (51%)", and not "demand for services (36%)"
  [[nodiscard]] static bool is_kind_of_people(const Word& word) {
    if (!word.is(kPartWord) || word.is(kGeneric)) return false;
    const bool plural = word.text.ends_with('s') && !word.is("services");
    return word.names_group() || word.capital || plural || word.text.ends_with("men") ||
           word.text.ends_with("male") || word.is("young") || word.is("older") ||
           word.is("younger") || word.text.ends_with("th") || word.text.ends_with("st");
  }
  // "Respondents were from five industries: retail (29%), banking (25%) …": of all of them
  [[nodiscard]] bool opens_profile(size_t begin) const {
    return word(begin).is(kRespondent) &&
           (word(begin + 1).is(kCopula) || word(begin + 1).is("came"));
  }
  // "Where income was below £1m the figure was 65%"
  [[nodiscard]] bool is_the_figure(const Candidate& f) const {
    const Word& noun = word(f.words.begin - 2);
    return prose_.before(f.words.begin).is(kCopula) &&
           (noun.is("figure") || noun.is("proportion") || noun.is("share") || noun.is("it"));
  }
  // "Two in three Democrats", "46 per cent elsewhere", "Independents, at 56 per cent, fall in
  // between", "Among her own party's voters"
  [[nodiscard]] bool is_of_kind(const Candidate& f, size_t begin) const {
    const auto is_kind = [](const Word& w) {
      return w.is(kPartWord) && w.text.ends_with('s') && !w.is(kGeneric);
    };
    const Word& behind = word(f.words.end);
    if ((is_kind(behind) && !f.of) || behind.is("elsewhere")) return true;
    if (is_kind(word(begin)) && word(begin + 1).is(",") && word(begin + 2).is("at")) return true;
    const bool among = word(begin).is("among") || word(begin).is("amongst");
    const size_t who = begin + (word(begin + 1).is("the") ? 2U : 1U);  // "the over-50s"
    const bool aged = word(who).text.starts_with("over") || word(who).text.starts_with("under");
    return among && (word(who).is("her") || word(who).is("his") || aged);
  }
  // "highest among the over-65s, at 71 per cent, and lowest among 18 to 24-year-olds (43 per cent)"
  [[nodiscard]] bool is_among_part(const Candidate& f, size_t begin) const {
    for (size_t at = f.words.begin; at > begin && f.words.begin - at < 8; --at) {
      const Word& w = word(at - 1);
      if (!w.is("among") && !w.is("amongst")) {
        if (w.is_number() && prose_.mentions()[w.number].phrase->is_share()) return false;
        continue;
      }
      const Word& degree = at > begin + 1 ? word(at - 2) : w;
      return degree.is("highest") || degree.is("lowest") || degree.is("strongest") ||
             degree.is("weakest") || degree.is("greatest") || degree.is("commonest");
    }
    return false;
  }
  // "Twice as many women as men said …: 34 per cent to 17"
  [[nodiscard]] bool is_compared(const Candidate& f, size_t begin) const {
    const size_t end = std::min(f.words.begin, begin + 12);
    for (size_t at = begin; at + 4 < end; ++at) {
      if (!word(at).is("many") || !prose_.before(at).is("as")) continue;
      for (size_t k = at + 2; k < std::min(end, at + 6); ++k) {
        if (word(k).is("as") && word(k + 1).names_group()) return true;
      }
    }
    return false;
  }
  // "In the middle band the proportion was 52 per cent"
  [[nodiscard]] bool opens_with_band(const Candidate& f, size_t begin) const {
    if (!word(begin).is("in") && !word(begin).is("among") && !word(begin).is("for")) return false;
    for (size_t at = begin + 1; at < std::min(f.words.begin, begin + 6); ++at) {
      const Word& w = word(at);
      if (w.is("band") || w.is("bracket") || w.is("quartile") || w.is("quintile") ||
          w.is("cohort") || w.is("tier")) {
        return true;
      }
      if (w.is_number() || w.is(",") || w.is(kCopula | kOpinion)) return false;
    }
    return false;
  }
  // "Leaders with a clinical background (55 per cent) were keener than managers (38 per cent)"
  [[nodiscard]] bool in_bracket_of_part(const Candidate& f, size_t begin) const {
    if (!prose_.before(f.words.begin).is("(")) return false;
    const size_t end = prose_.sentence(f.claim.sentence).end;
    if (prose_.noun_phrase(begin, f.words.begin).narrowed) return true;
    for (size_t at = begin; at < std::min(end, begin + 30); ++at) {
      if (word(at).is("than") && !word(at).is_number() && word(at + 1).names_group()) return true;
      // "It does best with older voters (49%), farmers (36%) and …"
      const bool degree = word(at).is("best") || word(at).is("worst") || word(at).is("highest") ||
                          word(at).is("lowest") || word(at).is("strongest");
      const bool whom = word(at + 1).is("with") || word(at + 1).is("among");
      const bool common = word(at).is("common") && prose_.before(at).is("most");
      if (common && (word(at + 1).is("in") || word(at + 1).is("among")) && at < f.words.begin) {
        return word(f.words.begin - 2).capital;  // "most common in South America (70%)"
      }
      if (degree && whom && at < f.words.begin) return !word(f.words.begin - 2).is_number();
      // "Democrats (56%) and Republicans (51%) were about equally likely to report delays"
      const bool alike = (word(at).is("equally") || word(at).is("similarly")) &&
                         (word(at + 1).is("likely") || word(at + 1).is("split"));
      if (alike && !word(f.words.begin - 2).is_number()) return true;
    }
    return false;
  }
  // "84% among Democrats", "58% for the uninsured", "one in four of those under 25"
  [[nodiscard]] bool is_for_part(const Candidate& f) const {
    size_t at = f.words.end;
    const bool for_them =
        word(at).is("for") && (word(at + 1).is("the") || word(at + 1).is("people"));
    const bool among = word(at).is("among") || word(at).is("amongst");
    const bool those = word(at).is("of") && (word(at + 1).is("those") || word(at + 1).is("people"));
    if (!for_them && !among && !those) return false;
    ++at;
    const Word& aged = word(at + 1);
    const bool limits = aged.is("under") || aged.is("over") || aged.is("below") ||
                        aged.is("aged") || aged.is_number();
    if ((word(at).is("those") || word(at).is("people")) && limits) return true;
    if (those) return false;
    while (word(at).is(kDeterminer)) ++at;
    const Word& who = word(at);
    const bool plural = who.text.size() > 4 && who.text.ends_with('s');
    if (among && plural) return !who.names_group() && who.classes == 0;
    if (for_them && who.text.size() > 5 && who.text.ends_with("est")) return true;
    return for_them && who.text.starts_with("un") && who.text.ends_with("ed") &&
           !word(at + 1).names_group();
  }
  // "In secondaries it was 44 per cent; in primaries, 29", "Former inpatients are kinder than
  // average, with 63 per cent"
  [[nodiscard]] bool is_in_part(const Candidate& f, size_t begin) const {
    size_t first = begin;
    for (size_t at = f.words.begin; at > begin && f.words.begin - at < 40; --at) {
      if (prose_.before(at).is(";")) {
        first = at;
        break;
      }
    }
    for (size_t at = first; at + 1 < f.words.begin && at < first + 12; ++at) {
      if (word(at).is("than") && word(at + 1).is("average")) return true;
    }
    if (!word(first).is("in") && !word(first).is("at")) return false;
    size_t at = first + 1;
    const Word& noun = word(at);
    if (noun.is(kDeterminer | kMonth | kPast | kSurveyNoun | kPlace) || noun.is_number())
      return false;
    if (!noun.text.ends_with('s') || noun.text.size() < 5) return false;
    ++at;
    if (word(at).is(",")) return at + 1 == f.words.begin;
    const bool it = word(at).is("it") || (word(at).is("the") && word(at + 1).is(kAttitude));
    return it && f.words.begin - at < 6;
  }
  // "4 in 10 people in households earning …", "a third of adults under 30", "staff at trusts rated
  // inadequate": behind whose share it is, which of them.
  [[nodiscard]] bool is_restricted(const Candidate& f) const {
    if (f.of->words.empty() || f.of->pronoun) return false;
    const size_t end = prose_.sentence(f.claim.sentence).end;
    size_t at = f.of->words.end;
    const Word& first = word(at);
    const bool aged = first.is("under") || first.is("over") || first.is("below");
    if (aged) return word(at + 1).is_number();
    if (!first.is("in") && !first.is("at") && !first.is("from") && !first.is("of")) return false;
    ++at;
    while (at < end && word(at).is(kDeterminer)) ++at;
    for (const size_t most = std::min(end, at + 4); at < most; ++at) {
      const Word& w = word(at);
      if (w.is_number() || w.is(kFunction | kCopula | kAuxiliary | kSurveyNoun)) return false;
      if (!w.text.ends_with('s') || w.text.ends_with("ss")) continue;
      const Word& next = word(at + 1);
      const bool participle = next.text.size() > 5 && next.text.ends_with("ing");
      const bool answers = next.is(kTakesPart | kSurveyed | kOpinion) && !next.is("rated");
      return !answers && (participle || next.is("rated") || next.is("with") || next.is("where") ||
                          next.is("without"));
    }
    return false;
  }
  // "in the south it is 44 per cent"
  [[nodiscard]] bool in_part_of_clause(const Candidate& f, size_t begin) const {
    for (size_t at = f.words.begin; at > begin && f.words.begin - at < 9; --at) {
      const Word& w = word(at - 1);
      const bool in = (w.is("in") || w.is("across")) && (at - 1 == begin || word(at - 2).is(";"));
      const size_t place = at + (word(at).is("the") ? 1U : 0U);
      const bool whole = w.is("across") && word(at).is("the") && !word(place).text.ends_with('s');
      if (in) return word(place).is(kPartWord) && !word(place + 1).names_group() && !whole;
      if (w.is_number() || w.is(";")) return false;
    }
    return false;
  }

  const Prose& prose_;
};

}  // namespace

bool speaks_of_part(const Prose& prose, const Candidate& f) { return Part(prose).run(f); }

}  // namespace barometer::claims
