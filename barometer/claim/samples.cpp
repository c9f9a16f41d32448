// Sizes that only the rest of the article explains: those of earlier waves, of parts that a
// sentence introduces ("The other 513 respondents were asked"), of groups that shares are of
// elsewhere ("the 1,214 registered voters"); and which of several sizes is the whole.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"

namespace barometer::claims {
namespace {

using wording::Counted;
using wording::Form;

constexpr size_t kMostSizes = 64;
constexpr size_t kReachBack = 12;  // words
constexpr size_t kMostParts = 8;

class Samples {
 public:
  Samples(const Prose& prose, std::vector<Candidate>& found) : prose_(prose), found_(found) {
    for (const Candidate& f : found_) {
      const bool phrase = f.is_share() && f.of && !f.of->pronoun && !f.of->words.empty();
      if (phrase && phrases_.size() < kMostSizes) phrases_.push_back(prose_.lower(f.of->words));
    }
  }

  void run() {
    for (Candidate& f : found_) {
      const bool filled = f.is_size() && f.claim.kind == ClaimKind::kNInvited &&
                          word(f.words.end).is("filled") && f.claim.survey == 0;
      if (filled) f.claim.kind = ClaimKind::kN;  // "All 136 were contacted, and 64 filled it in"
    }
    for (Candidate& f : found_) {  // "is based on the 1,291 who said they were likely to vote"
      const bool based = before(f).is("the") && before(f, 2).is("on") && before(f, 3).is("based");
      const bool count = f.claim.number.form == Form::kCount && f.claim.value &&
                         !f.claim.number.quoted && word(f.words.end).is("who");
      if (based && count) accept_part({}, f);
    }
    find_missing_sample();
    mark_earlier();
    for (size_t i = 0; i < found_.size(); ++i) {
      if (is_loose(found_[i])) promote(i);
      const Candidate& f = found_[i];
      const bool count = !f.claim.negative && f.claim.kind == ClaimKind::kCount &&
                         f.claim.number.form == Form::kCount && f.claim.survey == 0;
      if (!count) continue;  // "half of the sample, 503 adults, was asked"
      const NounPhrase np = noun_behind(f);
      if (np.named && is_asked(f, np)) accept_part(np, found_[i]);
    }
    mark_parts_of_all();
    mark_answers_of_part();
    choose_whole();
  }

 private:
  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }
  [[nodiscard]] size_t begin_of(const Candidate& f) const {
    return prose_.sentence(f.claim.sentence).begin;
  }
  [[nodiscard]] size_t end_of(const Candidate& f) const {
    return prose_.sentence(f.claim.sentence).end;
  }
  [[nodiscard]] const Word& before(const Candidate& f, size_t back = 1) const {
    static const Word none;
    return f.words.begin >= begin_of(f) + back ? word(f.words.begin - back) : none;
  }
  [[nodiscard]] static bool is_sample(const Candidate& f) {
    return f.is_size() && f.claim.value && f.claim.survey == 0 &&
           (f.claim.kind == ClaimKind::kN || f.claim.kind == ClaimKind::kNSub);
  }
  [[nodiscard]] bool is_share_at(size_t at) const {
    return word(at).is_number() && prose_.mentions()[word(at).number].phrase->is_share();
  }

  // A time gone by at `at`: "last year", "the previous survey", "the 2021 exercise", "a year ago".
  [[nodiscard]] bool is_earlier_at(size_t at) const {
    const Word& w = word(at);
    const Word& next = word(at + 1);
    if (w.is("earlier") && next.is(kSurveyNoun)) return true;
    if (w.is("last") || w.is("previous")) {
      const bool own = next.is("week") || next.is("month") || next.is("night") || next.is_number();
      const bool period = next.is("year") || next.is("time") || next.is("spring") ||
                          next.is("summer") || next.is("autumn") || next.is("winter") ||
                          next.is("wave") || next.is("round") || next.is("exercise") ||
                          next.is("edition") || next.is(kSurveyNoun);
      const bool owned = next.is("year's") && word(at + 2).is(kSurveyNoun);
      return !own && (period || owned);
    }
    const bool back = next.is("ago") || next.is("back") || next.is("earlier") || next.is("before");
    if (w.is("ago") || w.is("previously")) return true;
    if ((w.is("years") || w.is("months")) && back) return true;
    if (w.is("year") && (next.is("before") || next.is("earlier"))) return true;
    const bool year = w.is_number() && w.text.size() == 4 && w.text.starts_with("20");
    const bool labelled = next.is(":") && prose_.before(at).is("(");  // "(2017: 5.7; base 498)"
    return year && (next.is(kSurveyNoun | kWave) || next.is("exercise") || labelled);
  }
  // The clause of a size: back past "there were" and "when", on past who took part.
  [[nodiscard]] std::optional<size_t> earlier_near(const Candidate& f) const {
    const size_t begin = begin_of(f);
    const WordRange opening = earlier_opening(prose_, prose_.sentence(f.claim.sentence));
    const Word& next = word(f.words.end);  // "Last year 104 replied, 94 now"
    if (!opening.empty() && f.words.begin >= opening.begin && !next.is("now")) {
      return opening.begin;
    }
    for (size_t at = f.words.begin; at > begin && f.words.begin - at < kReachBack; --at) {
      const Word& w = word(at - 1);
      const bool bracket = w.is(";") && prose_.at(f.words.end).is(")");
      const bool share = is_share_at(at - 1) && !before(f).is("when");
      if (share || (w.is(";") && !bracket)) break;
      if (w.is("against") || w.is("than")) break;
      const bool year = w.is_number() && w.text.size() == 4 && w.text.starts_with("20");
      if (is_earlier_at(at - 1) || (year && before(f).is("when"))) return at - 1;
    }
    size_t at = f.of ? std::max(f.of->words.end, f.words.end) : f.words.end;
    for (const size_t most = std::min(end_of(f), at + 7); at < most; ++at) {
      const Word& w = word(at);
      if (is_earlier_at(at)) return at;
      const bool part = w.is(kTakesPart | kSurveyed | kResponse | kAuxiliary | kCopula) ||
                        w.is("who") || w.is("that") || w.is("part") || w.is("the") || w.is("in") ||
                        w.is("a") || w.is("two") || w.is("three") || w.is("years") || w.is("to");
      if (!part) break;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::string wave_at(size_t at) const {
    const bool before_it = word(at).is("ago") || word(at).is("previously");
    return before_it ? prose_.text({at - std::min<size_t>(at, 2), at + 1})
                     : prose_.text({at, at + 2});
  }
  // Where no words said how many answered, the number that stands most like it: "In all, 524
  // farmers gave us their time at shows", "the findings, which involved 123 members".
  void find_missing_sample() {
    constexpr int kLeast = 4;
    if (std::ranges::any_of(found_, is_sample)) return;
    std::optional<size_t> best;
    int most = kLeast - 1;
    for (size_t i = 0; i < found_.size(); ++i) {
      const Candidate& f = found_[i];
      if (!is_loose(f) || f.claim.survey != 0 || f.claim.value->digits < 20) continue;
      const int score = likeness_to_sample(f);
      if (score <= most) continue;
      most = score;
      best = i;
    }
    if (best) return accept(ClaimKind::kN, noun_behind(found_[*best]), found_[*best]);
    // "The survey put questions to 1,069 leaders, with 64 per cent saying": they answered.
    for (Candidate& f : found_) {
      const bool asked = f.is_size() && f.claim.kind == ClaimKind::kNInvited &&
                         before(f).is("to") && before(f, 2).is("questions");
      if (asked) f.claim.kind = ClaimKind::kN;
    }
  }
  [[nodiscard]] int likeness_to_sample(const Candidate& f) const {
    const NounPhrase np = noun_behind(f);
    const bool plural = !np.words.empty() && word(np.words.end - 1).text.ends_with('s');
    if (!np.named && !plural) return 0;
    const size_t sentence = f.claim.sentence;
    int score = np.named ? 1 : 0;
    if (prose_.sentence_has(sentence, kSurveyNoun)) score += 2;
    if (prose_.sentence_has(sentence, kFindings | kSurveyed)) score += 1;
    if (prose_.sentence_has(sentence, kRespondent | kResponse)) score += 1;
    size_t verb = np.words.end;  // "farmers and farm dwellers gave interviews"
    if (word(verb).is("and")) verb = prose_.noun_phrase(verb + 1, end_of(f)).words.end;
    if (participation(prose_, verb, end_of(f)) != SIZE_MAX) score += 2;
    for (size_t at = begin_of(f); at < f.words.begin && f.words.begin - at < 12; ++at) {
      if (word(at).is("questions")) score += 1;
    }
    for (size_t back = 1; back < 4; ++back) {
      if (before(f, back).is(kSurveyed | kReach) && !before(f, back).is(kAuxiliary)) {
        score += 1;
        break;
      }
    }
    if (prose_.sentence_has(sentence, kSurveyNoun) == false) {
      for (size_t at = begin_of(f); at < std::min(end_of(f), begin_of(f) + 40); ++at) {
        if (word(at).is("asked") || word(at).is("asking")) score += 1;
      }
    }
    if (f.claim.value->digits % 50 != 0) score += 1;  // who counted, counted exactly
    const Word& link = before(f);
    if (link.is("of") || link.is("to") || link.is("with") || link.is("from")) score += 1;
    if (link.is("by") || link.is("than") || link.is("for")) score -= 1;
    if (f.of && f.of->narrowed) score -= 1;
    return earlier_near(f) ? score - 3 : score;
  }
  // A size of an earlier time, where another size is of now.
  void mark_earlier() {
    std::vector<std::pair<size_t, size_t>> earlier;
    bool now = false;
    for (size_t i = 0; i < found_.size(); ++i) {
      const Candidate& f = found_[i];
      const bool organisations = f.is_size() && f.claim.kind == ClaimKind::kNOrganisations;
      if (!is_sample(f) && !(organisations && f.claim.survey == 0)) continue;
      const std::optional<size_t> at = f.is_previous ? std::nullopt : earlier_near(f);
      if (at && earlier.size() < kMostSizes) earlier.emplace_back(i, *at);
      now = now || !at;
    }
    if (!now) return;
    for (const auto& [i, at] : earlier) {
      found_[i].is_previous = true;
      found_[i].claim.wave = wave_at(at);
      if (found_[i].claim.kind == ClaimKind::kNSub) found_[i].claim.kind = ClaimKind::kN;
    }
  }

  [[nodiscard]] static bool is_loose(const Candidate& f) {
    return f.is_unexplained() && f.claim.value->digits > 4 &&
           f.claim.negative_reason != "count of things";
  }
  [[nodiscard]] NounPhrase noun_behind(const Candidate& f) const {
    return prose_.noun_phrase(f.words.end, end_of(f));
  }
  static void accept(ClaimKind kind, const NounPhrase& of, Candidate& f) {
    f.claim.kind = kind;
    f.claim.negative = false;
    f.claim.negative_reason.clear();
    if (!of.words.empty()) f.of = of;
  }
  // Of some whom no noun of theirs tells from the others.
  static void accept_part(NounPhrase of, Candidate& f) {
    of.narrowed = true;
    accept(ClaimKind::kNSub, of, f);
  }
  void promote(size_t i) {
    Candidate& f = found_[i];
    const NounPhrase np = noun_behind(f);
    const bool plural = !np.words.empty() && word(np.words.end - 1).text.ends_with('s');
    const bool group = np.named || plural;
    if (f.claim.survey != 0) {
      if (group && follows_poll(f)) accept(ClaimKind::kN, np, f);
      return;
    }
    if (!np.named && comes_back(f)) return accept(ClaimKind::kN, {}, f);
    if (group && (is_asked(f, np) || exists(f, np) || is_shown(f))) return accept_part(np, f);
    if (group && (follows_part_of(i) || is_named_by_share(f, np))) {
      return accept(ClaimKind::kNSub, np, f);
    }
    if (is_form_of_part(f)) accept(ClaimKind::kNSub, {}, f);
  }
  // "503 adults, was asked about", "The 88 associations with a programme answered some questions"
  [[nodiscard]] bool is_asked(const Candidate& f, const NounPhrase& np) const {
    size_t at = np.words.end;
    if (word(at).is(",")) ++at;
    if ((word(at).is("was") || word(at).is("were")) &&
        (word(at + 1).is("asked") || word(at + 1).is("shown"))) {
      return true;
    }
    const bool which = word(at).is("with") || word(at).is("who") || word(at).is("that");
    if (!which || !before(f).is("the")) return false;
    for (const size_t most = std::min(end_of(f), at + 9); at < most; ++at) {
      if (word(at).is(",")) return false;
      if (word(at).is("answered") || word(at).is("asked")) return true;
    }
    return false;
  }
  // "just over half of the 35 London boroughs"; "Of these 38 leaders,"
  [[nodiscard]] bool follows_part_of(size_t i) const {
    const Candidate& f = found_[i];
    if (!before(f).is("the") || !before(f, 2).is("of") || i == 0) return false;
    const Candidate& last = found_[i - 1];
    const bool part =
        last.is_share() || (!last.claim.negative && last.claim.kind == ClaimKind::kCount);
    return part && last.claim.sentence == f.claim.sentence && f.words.begin - last.words.end == 2;
  }
  // "Of these 38 leaders,"
  [[nodiscard]] bool is_shown(const Candidate& f) const {
    return (before(f).is("these") || before(f).is("those")) && before(f, 2).is("of");
  }
  // "a separate poll for the association of 1,001 parents", "it asked 2,100 people"
  [[nodiscard]] bool follows_poll(const Candidate& f) const {
    if (before(f).is(kSurveyed) || before(f).is("asked")) return true;
    if (!before(f).is("of")) return false;
    for (size_t back = 2; back < 9; ++back) {
      const Word& w = before(f, back);
      if (w.is(kSurveyNoun)) return true;
      if (w.text.empty() || w.is(",") || w.is(kOpinion | kCopula) || w.is_number()) return false;
    }
    return false;
  }
  // "4,500 were posted and 1,312 came back", "2,754 came back in time"
  [[nodiscard]] bool comes_back(const Candidate& f) const {
    const size_t at = participation(prose_, f.words.end, end_of(f));
    if (at == SIZE_MAX || at > f.words.end + 2) return false;
    return prose_.block_has(f.block, kSurveyNoun | kResponse | kInvite) || word(at).is(kSurveyed);
  }
  // "There were 1,405 people who had paid"
  [[nodiscard]] bool exists(const Candidate& f, const NounPhrase& np) const {
    return before(f).is("were") && before(f, 2).is("there") && np.named &&
           word(np.words.end).is("who") && word(np.head).noun == Counted::kPeople;
  }
  // "The form was filled in by just 34 people", "157 of the forms came from there"
  [[nodiscard]] bool is_form_of_part(const Candidate& f) const {
    const Word& filled = before(f, 3);
    if (before(f).is("by") && before(f, 2).is("in") && filled.is("filled")) return true;
    const bool forms = word(f.words.end).is("of") && word(f.words.end + 1).is("the") &&
                       (word(f.words.end + 2).is(kResponse) || word(f.words.end + 2).is("forms"));
    return forms && (word(f.words.end + 3).is("came") || word(f.words.end + 3).is("were"));
  }
  // "the 1,214 registered voters", where "72 per cent of registered voters" are in favour
  [[nodiscard]] bool is_named_by_share(const Candidate& f, const NounPhrase& np) const {
    if (!before(f).is("the") || !np.named) return false;
    return std::ranges::find(phrases_, prose_.lower(np.words)) != phrases_.end();
  }
  // "Of the respondents, 838 worked in children's services, 702 in adults' and 77 elsewhere": they
  // make the whole together. "of whom 487 were parents"
  void mark_parts_of_all() {
    for (const Candidate& f : found_) {
      const bool size = is_sample(f) && !f.is_previous && sizes_.size() < kMostSizes;
      if (size) sizes_.push_back(f.claim.value->digits);
    }
    for (size_t i = 0; i < found_.size(); ++i) {
      if (const Candidate& f = found_[i]; is_part_of_whom(f)) {
        accept(ClaimKind::kNSub, prose_.noun_phrase(f.words.end + 1, end_of(f)), found_[i]);
      }
    }
    for (size_t i = 0; i < found_.size();) {
      size_t end = i;
      while (end < found_.size() && found_[end].claim.sentence == found_[i].claim.sentence) ++end;
      mark_profile(i, end);
      i = end;
    }
  }
  // "Of the 26 chairs who have merged, 20 are in the unhappy camp": an answer of that part.
  void mark_answers_of_part() {
    for (size_t i = 1; i < found_.size(); ++i) {
      const Candidate& part = found_[i - 1];
      Candidate& f = found_[i];
      const bool sizes = is_sample(part) && is_sample(f) && !f.is_previous &&
                         part.claim.kind == ClaimKind::kNSub && f.claim.kind == ClaimKind::kNSub;
      if (!sizes || part.claim.sentence != f.claim.sentence) continue;
      const bool less = f.claim.value->digits < part.claim.value->digits;
      const bool opens = word(begin_of(f)).is("of") && part.words.begin - begin_of(f) < 4;
      if (less && opens && word(f.words.end).is(kCopula)) f.claim.kind = ClaimKind::kCount;
    }
  }
  [[nodiscard]] bool is_part_of_whom(const Candidate& f) const {
    const bool count = f.claim.number.form == Form::kCount && f.claim.value &&
                       !f.claim.number.quoted && f.claim.value->digits > 4;
    const bool whom = before(f).is("whom") && before(f, 2).is("of");
    if (!count || !whom || !word(f.words.end).is("were")) return false;
    const NounPhrase np = prose_.noun_phrase(f.words.end + 1, end_of(f));
    return np.named;
  }
  void mark_profile(size_t first, size_t end) {
    const size_t at = begin_of(found_[first]);
    size_t head = at + 1;
    while (word(head).is(kDeterminer)) ++head;
    if (!word(at).is("of") || !word(head).is(kRespondent | kResponse)) return;
    if (!word(head + 1).is(",")) return;
    int64_t sum = 0;
    size_t parts = 0;
    for (size_t k = first; k < end; ++k) {
      const Candidate& f = found_[k];
      const bool count = f.claim.number.form == Form::kCount && f.claim.value &&
                         f.claim.survey == 0 && f.claim.value->places == 0;
      if (!count) return;
      sum += f.claim.value->digits;
      ++parts;
    }
    if (parts < 2 || std::ranges::find(sizes_, sum) == sizes_.end()) return;
    for (size_t k = first; k < end; ++k) {
      size_t in = found_[k].words.end;
      while (in < found_[k].words.end + 3 && !word(in).is("in")) ++in;
      const NounPhrase np =
          prose_.noun_phrase(in + (word(in).is("in") ? 1U : 0U), end_of(found_[k]));
      accept(ClaimKind::kNSub, np, found_[k]);
    }
  }

  // How plainly a size says that it is the whole of the survey.
  [[nodiscard]] int plainness(const Candidate& f) const {
    int score = f.of_organisations ? -1 : 0;
    const auto is_rest = [](const Word& w) {
      return w.is("other") || w.is("remaining") || w.is("these") || w.is("those");
    };
    if (is_rest(before(f)) || is_rest(word(f.words.begin)) || is_rest(word(f.words.begin + 1))) {
      score -= 3;
    }
    const size_t at = f.of ? std::max(f.of->words.end, f.words.end) : f.words.end;
    const bool some = word(at).text.size() > 4 && word(at).text.ends_with("ing") &&
                      !word(at).is(kSurveyed | kTakesPart) && !word(at).is("living");
    if (some) score -= 2;
    const Word& of = before(f).is("the") ? before(f, 2) : before(f);
    const Word& survey = before(f).is("the") ? before(f, 3) : before(f, 2);
    if (of.is("of") && !f.of_organisations && !survey.is(kSurveyNoun)) {
      score -= 1;
    } else if (participation(prose_, at, end_of(f)) != SIZE_MAX) {
      score += 2;
    }
    const size_t the = before(f).is("the") ? 1 : 0;
    const bool of_all = before(f, 1 + the).is("of") && before(f, 2 + the).is("out");
    if (of_all && word(at).is(kSurveyed)) score += 4;
    if (prose_.sentence_has(f.claim.sentence, kSurveyNoun | kSurveyed)) score += 1;
    return score;
  }
  // "Of 742 secondary heads …; among primary heads (462 replies) …; of the 1,204 who took part"
  [[nodiscard]] bool is_sum_of_others(int64_t most) const {
    std::vector<int64_t> distinct;
    for (const Candidate& f : found_) {
      if (!is_sample(f) || f.is_previous || distinct.size() > kMostParts) continue;
      const int64_t size = f.claim.value->digits;
      if (std::ranges::find(distinct, size) == distinct.end()) distinct.push_back(size);
    }
    int64_t sum = 0;
    for (const int64_t size : distinct) sum += size;
    return distinct.size() > 2 && distinct.size() <= kMostParts && sum == 2 * most;
  }
  // Of several sizes one is the whole. "84 of the 129 replies": all replies, where none are more.
  void choose_whole() {
    std::optional<size_t> whole;
    int64_t most = 0;
    for (const Candidate& f : found_) {
      const bool now = is_sample(f) && !f.is_previous;
      if (now) most = std::max(most, f.claim.value->digits);
    }
    const bool sum = is_sum_of_others(most);
    for (size_t i = 0; i < found_.size(); ++i) {
      Candidate& f = found_[i];
      if (!is_sample(f) || f.is_previous) continue;
      const bool all = f.of && !f.of->narrowed && !f.of->words.empty() &&
                       word(f.of->head).is(kResponse | kRespondent);
      const bool largest = f.claim.value->digits == most;
      if (largest && (all || sum)) f.claim.kind = ClaimKind::kN;
      if (largest && sum) {
        f.whole = true;
        return;
      }
      if (f.claim.kind != ClaimKind::kN) continue;
      if (!whole || plainness(found_[*whole]) < plainness(f)) whole = i;
    }
    if (whole) found_[*whole].whole = true;
  }

  const Prose& prose_;
  std::vector<Candidate>& found_;
  std::vector<std::string> phrases_;  // whose the shares are, lower case
  std::vector<int64_t> sizes_;        // the first sizes of now
};

}  // namespace

void join_surveys(const Surveys& surveys, std::vector<Candidate>& found) {
  const auto counts = [](const Candidate& f) {
    return f.is_size() && f.claim.kind == ClaimKind::kN && !f.is_previous;
  };
  const auto may_be_own = [&](const Candidate& f) {
    return std::ranges::find(surveys.undecided, f.claim.survey) != surveys.undecided.end();
  };
  const bool own = std::ranges::any_of(
      found, [&](const Candidate& f) { return f.claim.survey == 0 && counts(f); });
  const bool shares = std::ranges::any_of(
      found, [](const Candidate& f) { return f.claim.survey == 0 && f.is_share(); });
  const auto first =
      std::ranges::find_if(found, [&](const Candidate& f) { return counts(f) && may_be_own(f); });
  if (own || !shares || first == found.end()) return;
  for (Candidate& f : found) {
    if (may_be_own(f)) f.claim.survey = 0;
  }
}

void find_samples(const Prose& prose, std::vector<Candidate>& found) {
  Samples(prose, found).run();
}

}  // namespace barometer::claims
