// What was before: "63 per cent, up from 58", "7.2, where the same item produced 6.5 in January",
// "five percentage points down on January"; and comparisons in words.
#include <algorithm>
#include <iterator>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"
#include "barometer/wording/hedge.h"

namespace barometer::claims {
namespace {

constexpr size_t kMostBack = 40;  // claims that are looked back at

bool is_level(const Candidate& f) {
  const bool kind = f.claim.kind <= ClaimKind::kPercentImplied || f.claim.kind == ClaimKind::kMean;
  return !f.claim.negative && kind && f.claim.value;
}
bool is_mean(const Candidate& f) { return f.claim.kind == ClaimKind::kMean; }

class Changes {
 public:
  Changes(const Prose& prose, std::vector<Candidate>& found) : prose_(prose), found_(found) {}

  void run() {
    mark_earlier_sentences();
    for (size_t i = 0; i < found_.size(); ++i) {
      if (is_level(found_[i])) mark_previous(i);
      follow_negative(i);
    }
    for (size_t i = 0; i < found_.size(); ++i) {
      if (found_[i].claim.kind == ClaimKind::kChange && !found_[i].claim.negative) bind_points(i);
    }
    for (Candidate& f : found_) {
      mark_size_of_previous(f);
      if (f.claim.kind == ClaimKind::kChange && f.claim.level && !f.claim.earlier) {
        f.claim.earlier = found_[*f.claim.level].claim.earlier;
      }
    }
  }

 private:
  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }
  [[nodiscard]] size_t sentence_begin(const Candidate& f) const {
    return prose_.sentence(f.claim.sentence).begin;
  }
  [[nodiscard]] size_t sentence_end(const Candidate& f) const {
    return prose_.sentence(f.claim.sentence).end;
  }
  // The level said before i in its sentence, of the same sort.
  [[nodiscard]] std::optional<size_t> level_before(size_t i) const {
    for (size_t k = i; k > 0;) {
      --k;
      if (!(i - k < kMostBack)) break;
      if (found_[k].claim.sentence != found_[i].claim.sentence) break;
      if (is_level(found_[k]) && is_mean(found_[k]) == is_mean(found_[i]) &&
          !found_[k].is_previous) {
        const size_t whole = whole_of_brackets(k);
        return in_bracket(i) ? k : whole;
      }
    }
    return std::nullopt;
  }
  [[nodiscard]] bool in_bracket(size_t i) const {
    return found_[i].words.begin > 0 && prose_.before(found_[i].words.begin).is("(") &&
           word(found_[i].words.end).is(")");
  }
  // "57 per cent rate it as excellent (17%) or good (40%), down from 64": two parts in brackets are
  // of the level before them.
  [[nodiscard]] size_t whole_of_brackets(size_t last) const {
    size_t k = last;
    while (k > 0 && last - k < 6 && in_bracket(k) && is_level(found_[k - 1]) &&
           found_[k - 1].claim.sentence == found_[last].claim.sentence) {
      --k;
    }
    return !in_bracket(k) && last - k > 1 ? k : last;
  }
  [[nodiscard]] std::optional<size_t> level_after(size_t i) const {
    for (size_t k = i + 1; k < found_.size() && k - i < kMostBack; ++k) {
      if (found_[k].claim.sentence != found_[i].claim.sentence) break;
      if (is_level(found_[k]) && is_mean(found_[k]) == is_mean(found_[i])) return k;
    }
    return std::nullopt;
  }

  // "in January", "last year", "a year ago", "in the previous survey": the words of a time gone by
  // at `at`; empty when there are none.
  [[nodiscard]] WordRange time_at(size_t at, size_t end) const {
    const size_t first = at;
    if (word(at).is(",") && word(at + 1).is("recorded")) ++at;
    const bool measured = word(at).is("recorded") || word(at).is("reported") ||
                          word(at).is("seen") || word(at).is("found") ||
                          word(at).is("registered") || word(at).is("measured");
    if (measured) ++at;  // "the 30 per cent recorded in 2015"
    if (word(at).is("in") || word(at).is("at") || word(at).is("on")) ++at;
    while (at < end && (word(at).is("the") || word(at).is("a") || word(at).is("our") ||
                        word(at).is("its") || word(at).is("same"))) {
      ++at;
    }
    const bool preposition = at > first;
    if (preposition && word(at).is(kSurveyNoun | kWave) && word(at + 1).is(kPast)) ++at;
    const Word& w = word(at);
    const bool year = w.is_number() && w.text.size() == 4 &&
                      (w.text.starts_with("20") || w.text.starts_with("19"));
    const bool season = w.is("spring") || w.is("summer") || w.is("autumn") || w.is("winter");
    const bool month = w.is(kMonth) && (w.capital || season);
    // "stayed at 3% since 2005 and fell to 2% in 2015": the latest of the text's years is its own
    const bool own = year && w.text == prose_.latest_year() && prose_.earliest_year() < w.text &&
                     !prose_.sentence_has(prose_.sentence_of(at), kPast);
    if (own) return {};
    if ((month || year) && preposition) return {first, at + 1};
    const Word& next = word(at + 1);  // "in the last three years" is no time gone by
    const bool period = w.is("last") && at > first && prose_.before(at).is("the") &&
                        (next.is_number() || next.is("year") || next.is("month") ||
                         next.is("decade") || next.is("few"));
    if (period) return {};
    if (w.is("last") || w.is("previous") || w.is("previously") || w.is("preceding") ||
        w.is("earlier")) {
      return {first, std::min(end, at + 2)};
    }
    for (size_t i = at; i < std::min(end, at + 7); ++i) {
      const bool back = word(i).is("back") && prose_.before(i).is("years");
      if (word(i).is("ago") || word(i).is("earlier") || word(i).is("before") ||
          word(i).is("previously") || back) {
        return {first, i + 1};
      }
      if (word(i).is(",") || word(i).is("and") || word(i).is(kOpinion)) break;
    }
    return {};
  }

  // "In the previous wave, 58 per cent …": all of the sentence, up to what it compares with.
  void mark_earlier_sentences() {
    size_t sentence = SIZE_MAX;
    WordRange opening;
    for (size_t i = 0; i < found_.size(); ++i) {
      Candidate& f = found_[i];
      if (f.claim.sentence != sentence) {
        sentence = f.claim.sentence;
        opening = earlier_opening(prose_, prose_.sentence(sentence));
      }
      if (opening.empty() || f.words.begin < opening.begin || turns_to_now(f, opening)) continue;
      if (f.is_size()) {
        f.is_previous = true;
        f.claim.wave = prose_.text({opening.begin, opening.end - 1});
      } else if (is_level(f) && is_of_event(opening)) {
        f.claim.negative = true;
        f.claim.negative_reason = "another time";
      } else if (is_level(f)) {
        set_previous(i, level_in_block(i), {opening.begin, opening.end - 1});
      }
    }
  }
  // "When the deal was struck in 2015, 55 per cent voted for it": what happened, and no wave.
  [[nodiscard]] bool is_of_event(WordRange opening) const {
    if (!word(opening.begin).is("when")) return false;
    for (size_t at = opening.begin; at < opening.end; ++at) {
      const Word& w = word(at);
      if (w.is(kSurveyNoun | kSurveyed | kFindings | kResponse) || w.is("asked") || w.is("we") ||
          w.is("question") || w.is("questions")) {
        return false;
      }
    }
    return true;
  }
  // "Last year 38 per cent said so, compared with 45 per cent now"
  [[nodiscard]] bool turns_to_now(const Candidate& f, WordRange opening) const {
    for (size_t at = opening.end; at < f.words.begin; ++at) {
      const Word& w = word(at);
      if (w.is("now") || w.is("compared") || w.is("against") || w.is(";") || w.is("to"))
        return true;
      if (w.is("this") && (word(at + 1).is("time") || word(at + 1).is("year"))) return true;
    }
    const Word& next = word(f.words.end);
    return next.is("now") || (next.is("this") && word(f.words.end + 1).is("year"));
  }
  // "A year earlier the figure was 59 per cent, when 104 took part"
  void mark_size_of_previous(Candidate& f) const {
    if (!f.is_size() || f.is_previous || !prose_.before(f.words.begin).is("when")) return;
    for (const Candidate& level : found_) {
      if (level.claim.sentence == f.claim.sentence && is_level(level) && level.is_previous) {
        f.is_previous = true;
        f.claim.wave = level.claim.wave;
      }
    }
  }
  // "In April the figures were 68 per cent and nine per cent."
  [[nodiscard]] bool continues_previous(size_t i) const {
    if (i == 0) return false;
    const Candidate& last = found_[i - 1];
    const Candidate& f = found_[i];
    if (!last.is_previous || !is_level(last) || last.claim.sentence != f.claim.sentence)
      return false;
    // "5.9 in the spring and 6.8 in autumn 2016"
    const WordRange time = time_at(last.words.end, f.words.begin);
    const size_t joint = time.empty() ? last.words.end : past_year(time.end);
    if (!time.empty() && time_at(f.words.end, sentence_end(f)).empty()) return false;
    if (f.words.begin < joint || f.words.begin - joint > 2) return false;
    for (size_t at = joint; at < f.words.begin; ++at) {
      if (!word(at).is("and") && !word(at).is(",") && !word(at).is("to")) return false;
    }
    return !prose_.before(last.words.begin).is("from");
  }

  void take_wave(size_t i, size_t size) {
    found_[i].claim.wave = found_[size].claim.wave;
    found_[i].is_previous = true;
  }
  // "An earlier poll, to which 77 replied, put the share at 11 per cent": no number of now is in
  // the sentence before it.
  [[nodiscard]] std::optional<size_t> only_earlier_size(size_t i) const {
    const Candidate& f = found_[i];
    std::optional<size_t> size;
    for (size_t k = i; k > 0 && i - k < kMostBack; --k) {
      const Candidate& last = found_[k - 1];
      if (last.claim.sentence != f.claim.sentence) break;
      if (last.claim.negative) continue;
      if (!last.is_size() || !last.is_previous) return std::nullopt;
      size = k - 1;
    }
    const Word& next = word(f.words.end);
    if (next.is("now") || next.is("this") || !size) return std::nullopt;
    return prose_.before(f.words.begin).is("now") ? std::nullopt : size;
  }
  // "… the 2021 exercise, when 1,176 people took part and the figure was 64"
  [[nodiscard]] bool follows_earlier_size(const Candidate& size, const Candidate& f) const {
    const bool beside = size.is_size() && size.is_previous &&
                        size.claim.sentence == f.claim.sentence &&
                        f.words.begin - size.words.end < 9;
    const bool clause = beside && prose_.before(size.words.begin).is("when");
    const Word& verb = prose_.before(f.words.begin);
    return clause && (verb.is("was") || verb.is("were") || verb.is("at"));
  }
  [[nodiscard]] size_t past_year(size_t at) const {
    return word(at).is_number() && word(at).text.size() == 4 ? at + 1 : at;
  }
  // "It was 5.9 in the spring": of what the sentence before it gave.
  [[nodiscard]] bool says_earlier_level(const Candidate& f, WordRange time, size_t begin) const {
    if (time.empty() || f.words.begin - begin > 5 || f.words.begin < begin + 2) return false;
    const Word& verb = prose_.before(f.words.begin);
    const bool was = verb.is("was") || verb.is("were") || (verb.is("at") && f.words.begin > begin);
    const Word& first = word(begin);
    if ((first.is("it") || first.is("they")) && f.words.begin == begin + 2) return true;
    const bool figure = first.is("it") || first.is("that") || first.is("this") ||
                        (first.is("the") && word(begin + 1).is(kAttitude | kMeanWord));
    return was && figure;
  }

  // "since the winter edition, when it stood at 26 per cent", "since 2021, when 61 per cent were",
  // "though in 2019 they scored 45 per cent": a clause of its own at an earlier time.
  [[nodiscard]] WordRange earlier_clause(const Candidate& f, size_t begin) const {
    for (size_t at = f.words.begin; at > begin + 1 && f.words.begin - at < 7; --at) {
      const Word& w = prose_.before(at);
      if (w.is_number() && !(w.text.size() == 4 && w.text.starts_with("20"))) return {};
      if (w.is("when") && word(at).is_number() && at != f.words.begin) return {};
      if (w.is("when")) return time_before(at - 1, begin);
      const bool joins =
          w.is("though") || w.is("although") || w.is("but") || w.is("while") || w.is("whereas");
      if (!joins) continue;
      const WordRange time = time_at(at, f.words.begin);
      const Word& subject = word(time.end);
      const bool says =
          subject.is("it") || subject.is("they") || subject.is("that") || subject.is("the");
      return !time.empty() && says ? time : WordRange{};
    }
    return {};
  }
  // The time gone by that stands right before `end`: "since the winter edition,", "2021,"
  [[nodiscard]] WordRange time_before(size_t end, size_t begin) const {
    for (size_t at = end; at > begin && end - at < 7; --at) {
      const Word& w = prose_.before(at);
      if (w.is("since") || w.is("in") || w.is("from") || w.is("on")) {
        for (size_t k = at; k < end; ++k) {
          const Word& t = word(k);
          const bool year = t.is_number() && t.text.size() == 4 && t.text.starts_with("20");
          const bool month = w.is("since") && t.is(kMonth) && t.capital;
          if (year || month || t.is(kPast | kWave | kSurveyNoun)) return {at, end};
        }
        return {};
      }
    }
    return {};
  }

  void mark_previous(size_t i) {
    Candidate& f = found_[i];
    if (f.is_previous) return;
    const size_t begin = sentence_begin(f);
    const Word& before = f.words.begin > begin ? prose_.before(f.words.begin) : word(SIZE_MAX - 1);
    const WordRange time = time_at(f.words.end, sentence_end(f));
    if (i > 0 && follows_earlier_size(found_[i - 1], f)) return take_wave(i, i - 1);
    if (const auto size = only_earlier_size(i)) return take_wave(i, *size);
    if (continues_previous(i)) {
      f.is_previous = true;
      f.claim.wave = time.empty() ? found_[i - 1].claim.wave : prose_.text(time);
      return;
    }
    const std::optional<size_t> level = level_before(i);
    if (in_bracket_of_time(f, begin)) {
      const size_t named = f.words.begin - (before.is(":") ? 2U : 1U);
      return set_previous(i, level, {named, named + 1});
    }
    const size_t mark = f.words.end + (word(f.words.end).is(",") ? 1U : 0U);
    const bool recorded = !time.empty() && (word(mark).is("recorded") || word(mark).is("seen"));
    if (recorded) return set_previous(i, level, time);  // "74%, recorded in 2010"
    if (const WordRange clause = earlier_clause(f, begin); !clause.empty()) {
      return set_previous(i, level ? level : level_in_block(i), clause);
    }
    if (!level && (is_earlier_alone(f, time, begin) || says_earlier_level(f, time, begin))) {
      return set_previous(i, level_in_block(i), time.empty() ? opening_time(f) : time);
    }
    const bool from = before.is("from");
    if (from && level_is_now(i, level)) return set_previous(i, level_of_from(i, level), time);
    const bool compared = compares(f, begin);
    if (level && !time.empty()) {
      const bool level_timed = !time_at(found_[*level].words.end, sentence_end(f)).empty();
      if (!level_timed || compared) return set_previous(i, level, time);
    }
    if (!level && opens_with_time(f)) set_previous(i, level_in_block(i), opening_time(f));
  }
  // "44 per cent (Q1: 33 per cent)", "5.8 (2022: 6.4)"
  [[nodiscard]] bool in_bracket_of_time(const Candidate& f, size_t begin) const {
    if (f.words.begin < begin + 2) return false;
    const Word& last = prose_.before(f.words.begin);
    if ((last.is("previously") || last.is("formerly")) && word(f.words.begin - 2).is("(")) {
      return true;  // "17.6 hours (previously 16.9)"
    }
    if (f.words.begin < begin + 3 || !last.is(":")) return false;
    const Word& time = word(f.words.begin - 2);
    const bool quarter = time.text.size() == 2 && time.text[0] == 'q';
    const bool year = time.is_number() && time.text.size() == 4;
    if (f.words.begin > begin + 3 && word(f.words.begin - 4).is("(")) {  // "(last year: 68%)"
      return word(f.words.begin - 3).is(kPast);
    }
    const Word& opens = word(f.words.begin - 3);  // "(2015: 64 per cent; 2013: 60 per cent)"
    const bool bracket = opens.is("(") || opens.is(";") || opens.is(",");
    return bracket && (quarter || year || time.is(kMonth));
  }
  // "That was down from 52 per cent", "This compares with 38 per cent in the previous survey",
  // "Last year just 38 per cent said this"
  [[nodiscard]] bool is_earlier_alone(const Candidate& f, WordRange time, size_t begin) const {
    const Word& before = f.words.begin > begin ? prose_.before(f.words.begin) : word(SIZE_MAX - 1);
    const bool moved = before.is("from") && f.words.begin > begin + 1 &&
                       (word(f.words.begin - 2).is("up") || word(f.words.begin - 2).is("down"));
    if (moved) return true;
    const bool compared =
        before.is("with") && f.words.begin > begin + 1 && word(f.words.begin - 2).is("compares");
    if (!time.empty() && compared) return true;
    const WordRange opening = opening_time(f);
    if (opening.empty() || f.words.begin - opening.end > 2) return false;
    for (size_t at = opening.begin; at < opening.end; ++at) {
      if (word(at).is("last") || word(at).is("ago") || word(at).is("previous")) return true;
    }
    return false;
  }
  // "11 per cent of the budget, up from 8.3 per cent": the same sort of number.
  void follow_negative(size_t i) {
    Candidate& f = found_[i];
    if (i == 0 || f.claim.negative || !f.is_previous) return;
    for (size_t k = i; k > 0;) {
      --k;
      if (!(i - k < 4 && found_[k].claim.sentence == f.claim.sentence)) break;
      if (found_[k].claim.kind > ClaimKind::kPercentFractionBound) continue;
      if (!found_[k].claim.negative || found_[k].claim.negative_reason == "gloss") return;
      f.claim.negative = true;
      f.claim.negative_reason = found_[k].claim.negative_reason;
      return;
    }
  }
  // "up from 58", "rose from 40 to 45"; "from 40 per cent of trusts" is whose.
  [[nodiscard]] bool level_is_now(size_t i, std::optional<size_t> level) const {
    const Candidate& f = found_[i];
    const bool moved = f.words.begin > 1 &&
                       (word(f.words.begin - 2).is("up") || word(f.words.begin - 2).is("down"));
    if (moved) return level.has_value();
    const bool to = level_after_to(i);
    bool verb = false;
    const size_t reach = to ? 25 : 8;  // "… a fall in …: from 67 per cent to 55"
    for (size_t k = f.words.begin; k > sentence_begin(f);) {
      --k;
      if (!(f.words.begin - k < reach)) break;
      const auto* change = wording::find_change_word(word(k).text);
      verb = verb || change != nullptr || word(k).is(kChangeVerb);
    }
    return verb && (to || level.has_value());
  }
  [[nodiscard]] bool level_after_to(size_t i) const {
    const auto next = level_after(i);
    return next && found_[*next].words.begin > 0 &&
           prose_.before(found_[*next].words.begin).is("to");
  }
  [[nodiscard]] std::optional<size_t> level_of_from(size_t i, std::optional<size_t> level) const {
    const bool beside = level && found_[i].words.begin - found_[*level].words.end < 4;
    return level_after_to(i) && !beside ? level_after(i) : level;
  }
  [[nodiscard]] bool compares(const Candidate& f, size_t begin) const {
    for (size_t k = f.words.begin; k > begin && f.words.begin - k < 4; --k) {
      const Word& w = word(k - 1);
      if (w.is("compared") || w.is("against") || w.is("versus") || w.is("than") || w.is("vs")) {
        return true;
      }
      if (w.is_number() || w.is(kOpinion)) return false;
    }
    return false;
  }
  // "In January the figure was 65 per cent."
  [[nodiscard]] bool opens_with_time(const Candidate& f) const {
    const WordRange time = opening_time(f);
    if (time.empty() || f.words.begin - time.end > 7) return false;
    const Word& before = prose_.before(f.words.begin);
    return before.is(kCopula) || before.is("at") || before.is("only") || before.is("just");
  }
  [[nodiscard]] WordRange opening_time(const Candidate& f) const {
    return time_at(sentence_begin(f), f.words.begin);
  }
  [[nodiscard]] std::optional<size_t> level_in_block(size_t i) const {
    for (size_t k = i; k > 0;) {
      --k;
      if (!(found_[k].block == found_[i].block && i - k < kMostBack)) break;
      if (is_level(found_[k]) && !found_[k].is_previous) return k;
    }
    return std::nullopt;
  }
  void set_previous(size_t i, std::optional<size_t> level, WordRange time) {
    Candidate& f = found_[i];
    f.is_previous = true;
    f.claim.wave = time.empty() ? "before" : prose_.text(time);
    if (level && !found_[*level].claim.earlier) found_[*level].claim.earlier = i;
  }

  void bind_points(size_t i) {
    Candidate& f = found_[i];
    f.claim.level = level_of_points(i);
    // "The proportion has risen by 17 points since the winter, when it stood at 26 per cent"
    const std::optional<size_t> later = level_after(i);
    if (!f.claim.level && later && found_[*later].is_previous && opens_with_figure(f)) {
      f.claim.level = level_in_block(i);
      if (f.claim.level) f.claim.earlier = later;
    }
    const WordRange time = time_at(f.words.end + 1, sentence_end(f));
    if (!time.empty()) f.claim.wave = prose_.text(time);
    if (f.claim.number.direction == 0 && f.claim.value && goes_down(f)) {
      f.claim.value->digits = -f.claim.value->digits;
      f.claim.number.direction = -1;
    }
  }
  // "up 11 points to 45 per cent" has its level behind it; "rose by nine points, from 31 to 38"
  // behind the earlier one.
  [[nodiscard]] std::optional<size_t> level_of_points(size_t i) const {
    const auto now_behind = [&]() -> std::optional<size_t> {
      for (size_t k = i + 1; k < found_.size() && k - i < kMostBack; ++k) {
        if (found_[k].claim.sentence != found_[i].claim.sentence) break;
        if (is_level(found_[k]) && !found_[k].is_previous) return k;
      }
      return std::nullopt;
    };
    const std::optional<size_t> behind = now_behind();
    const bool to = word(found_[i].words.end).is("to") && behind &&
                    found_[*behind].words.begin - found_[i].words.end < 4;
    if (to) return behind;
    const std::optional<size_t> before = level_before(i);
    return before ? before : behind;
  }
  // "The proportion", "That", "It": what the sentence before gave.
  [[nodiscard]] bool opens_with_figure(const Candidate& f) const {
    const size_t at = sentence_begin(f);
    const size_t noun = at + (word(at).is("the") || word(at).is("this") ? 1U : 0U);
    return word(noun).is(kAttitude);
  }
  [[nodiscard]] bool goes_down(const Candidate& f) const {
    const size_t begin = sentence_begin(f);
    for (size_t k = f.words.end; k < std::min(sentence_end(f), f.words.end + 3); ++k) {
      if (const auto* change = wording::find_change_word(word(k).text)) {
        return change->change == wording::Change::kDown;
      }
      if (word(k).is("fall")) return true;
    }
    for (size_t k = f.words.begin; k > begin && f.words.begin - k < 8; --k) {
      if (const auto* change = wording::find_change_word(word(k - 1).text)) {
        return change->change == wording::Change::kDown;
      }
      if (word(k - 1).is("fall")) return true;
    }
    return false;
  }

  const Prose& prose_;
  std::vector<Candidate>& found_;
};

}  // namespace

void bind_changes(const Prose& prose, std::vector<Candidate>& found) {
  Changes(prose, found).run();
}

// "Significantly fewer leaders plan to …": a comparison in words, of people of the survey.
std::vector<Candidate> comparisons(const Prose& prose, const Surveys& surveys) {
  std::vector<Candidate> found;
  const Document& document = prose.document();
  for (size_t s = 0; s < document.sentences.size() && surveys.any; ++s) {
    if (document.blocks[document.sentences[s].block].kind == BlockKind::kSource) continue;
    const WordRange sentence = prose.sentence(s);
    for (size_t i = sentence.begin; i < sentence.end; ++i) {
      if (!(prose.at(i).is("fewer") || prose.at(i).is("more")) || prose.at(i).is_number()) continue;
      if (prose.at(i + 1).is("than") || prose.in_quotation(i)) continue;
      const NounPhrase np = prose.noun_phrase(i + 1, sentence.end);
      const bool people = np.named && np.words.begin == i + 1 &&
                          prose.at(np.head).noun == wording::Counted::kPeople;
      if (!people || !prose.at(np.words.end).is(kOpinion | kAuxiliary | kCopula)) continue;
      const bool degree =
          i > sentence.begin && (prose.before(i).text.ends_with("ly") ||
                                 prose.before(i).is("far") || prose.before(i).is("many"));
      const bool opens = i == sentence.begin || degree || prose.before(i).is(",");
      if (!opens || (i > sentence.begin && prose.before(i).is_number())) continue;
      const WordRange words{degree ? i - 1 : i, i + 1};
      Candidate f;
      f.words = words;
      f.block = document.sentences[s].block;
      f.claim.kind = ClaimKind::kComparative;
      f.claim.sentence = s;
      f.claim.number.hedge = &wording::no_hedge();
      f.claim.span = prose.normal().span(prose.at(words.begin).begin, prose.at(i).end);
      f.claim.number.span = f.claim.number.number = f.claim.span;
      f.claim.survey = surveys.of(s, words.begin);
      found.push_back(std::move(f));
    }
  }
  return found;
}

}  // namespace barometer::claims
