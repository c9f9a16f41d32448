// Counts that only what stands round them explains: the number beside a share of the same answers,
// the next of a list of counts, the subject of what some of those asked say or do.
#include <algorithm>
#include <cmath>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"

namespace barometer::claims {
namespace {

using wording::Counted;
using wording::Form;

constexpr size_t kMostKnown = 64;
constexpr size_t kMostBetween = 3;  // numbers between a count and its earlier one
constexpr size_t kListReach = 40;   // words between counts of one list

class Settler {
 public:
  Settler(const Prose& prose, std::vector<Candidate>& found) : prose_(prose), found_(found) {
    for (const Candidate& f : found_) {
      const bool size = !f.claim.negative && f.claim.survey == 0 && f.claim.value &&
                        (f.claim.kind == ClaimKind::kN || f.claim.kind == ClaimKind::kNSub ||
                         f.claim.kind == ClaimKind::kNOrganisations);
      if (f.is_size()) learn_asked(f);
      if (!size || known_.size() == kMostKnown) continue;
      known_.push_back(f.claim.value->digits);
      most_ = std::max(most_, f.claim.value->digits);
    }
  }

  void run() {
    if (most_ == 0) return;
    for (size_t i = 0; i < found_.size(); ++i) {
      if (!is_loose(found_[i])) continue;
      if (stands_beside_share(i) || follows_share(i) || is_subject(i) || is_in_brackets(i) ||
          is_earlier_count(i) || is_authority(found_[i]) || is_of_others(i) ||
          is_of_mentions(found_[i])) {
        accept(found_[i]);
      }
    }
    for (size_t i = 0; i < found_.size(); ++i) {
      if (is_loose(found_[i]) && goes_on_list(i)) accept(found_[i]);
    }
  }

 private:
  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }
  // The groups that the sentence of a size names.
  void learn_asked(const Candidate& size) {
    const WordRange all = sentence(size);
    for (size_t at = all.begin; at < std::min(all.end, all.begin + kListReach); ++at) {
      if (asked_.size() == kMostKnown) return;
      if (word(at).names_group()) asked_.push_back(stem(word(at).text));
    }
  }
  static void accept(Candidate& f) {
    f.claim.kind = ClaimKind::kCount;
    f.claim.negative = false;
    f.claim.negative_reason.clear();
  }
  [[nodiscard]] bool is_loose(const Candidate& f) const {
    return f.is_unexplained() && f.claim.value->digits < most_;
  }
  [[nodiscard]] WordRange sentence(const Candidate& f) const {
    return prose_.sentence(f.claim.sentence);
  }
  // "blamed cost", "no", "closed": a verb or an answer, and no noun that is counted.
  [[nodiscard]] bool stands_alone(const Candidate& f) const {
    const Word& next = word(f.words.end);
    if (next.names_group()) return false;
    if (next.is("more")) return word(f.words.end + 1).is(kAuxiliary | kCopula | kOpinion);
    if (pole_of(next.text).scale > 0) return true;
    const Word& object = word(f.words.end + 1);
    const bool has_object = object.is(kDeterminer) || object.is_number() || object.is("no");
    return (next.text.ends_with("ed") || has_object) && acts(prose_, f.words.end);
  }
  // Behind the number and what it counts.
  [[nodiscard]] size_t past_noun(const Candidate& f) const {
    if (word(f.words.end).is("of")) {
      if (word(f.words.end + 1).is(kPronoun) || word(f.words.end + 1).is("you")) {
        return f.words.end + 2;
      }
      const NounPhrase of = prose_.noun_phrase(f.words.end + 1, sentence(f).end);
      if (!of.words.empty()) return of.words.end;
    } else if (stands_alone(f)) {
      return f.words.end;
    }
    const NounPhrase np = prose_.noun_phrase(f.words.end, sentence(f).end);
    return np.words.empty() ? f.words.end : np.words.end;
  }
  // "pay (43)", and not "Smith (43)"
  [[nodiscard]] bool in_bracket(const Candidate& f) const {
    if (f.words.begin < sentence(f).begin + 2 || !word(f.words.end).is(")")) return false;
    const Word& noun = word(f.words.begin - 2);
    const bool letter = !noun.text.empty() && noun.text[0] >= 'a' && noun.text[0] <= 'z';
    return prose_.before(f.words.begin).is("(") && letter && !noun.capital &&
           f.claim.value->digits > 1;
  }
  // "The causes named most often were pay (43), workload (37) and hours (22)"
  [[nodiscard]] bool is_in_brackets(size_t i) const {
    if (!in_bracket(found_[i])) return false;
    size_t brackets = 0;
    const size_t first = i - std::min<size_t>(i, 8);
    for (size_t k = first; k < std::min(found_.size(), i + 8); ++k) {
      const bool same = found_[k].claim.sentence == found_[i].claim.sentence;
      const bool count = found_[k].claim.number.form == Form::kCount && found_[k].claim.value;
      if (same && count && in_bracket(found_[k])) ++brackets;
    }
    return brackets > 1 || follows_most(found_[i]);
  }
  // "Nearly all of the former (39) had turned people away", "Most nurses (52) said"
  [[nodiscard]] bool follows_most(const Candidate& f) const {
    const size_t begin = sentence(f).begin;
    for (size_t at = f.words.begin - 1; at > begin && f.words.begin - at < 9; --at) {
      const Word& w = word(at - 1);
      if (w.is("most") || w.is("majority") || w.is("all") || w.is("many") || w.is("minority") ||
          w.is("handful") || w.is("several")) {
        return has_predicate(f.words.end + 1, sentence(f).end);
      }
      if (w.is(",") || w.is(kOpinion | kCopula)) return false;
    }
    return false;
  }
  // "against 12 of the latter", "and six of the others"
  [[nodiscard]] bool is_of_others(size_t i) const {
    const Candidate& f = found_[i];
    const size_t at = f.words.end;
    const Word& them = word(at + 2);
    const bool others = word(at).is("of") && word(at + 1).is("the") &&
                        (them.is("latter") || them.is("former") || them.is("others") ||
                         them.is("rest") || them.is("remainder"));
    return others && i > 0 && !found_[i - 1].claim.negative &&
           found_[i - 1].claim.sentence == f.claim.sentence;
  }
  // "Eight said yes, compared with 14 last time"
  [[nodiscard]] bool is_earlier_count(size_t i) const {
    const Candidate& f = found_[i];
    size_t k = i;  // past "six out of 10", a threshold
    while (k > 0 && found_[k - 1].claim.negative &&
           found_[k - 1].claim.sentence == f.claim.sentence && i - k < kMostBetween) {
      --k;
    }
    if (k == 0 || found_[k - 1].claim.negative || found_[k - 1].is_share()) return false;
    const Candidate& last = found_[k - 1];
    if (last.claim.kind != ClaimKind::kCount || last.claim.sentence != f.claim.sentence) {
      return false;
    }
    const Word& p = prose_.before(f.words.begin);
    const Word& q = word(f.words.begin - 2);
    const bool compared = p.is("against") || (p.is("with") && q.is("compared")) ||
                          (p.is("to") && q.is("compared")) ||
                          (p.is("from") && (q.is("up") || q.is("down")));
    const Word& next = word(f.words.end);
    return compared && (next.is(kPast) || next.text.size() < 2 || next.is("in"));
  }
  // "Pay topped the list with 44 mentions"
  [[nodiscard]] bool is_of_mentions(const Candidate& f) const {
    const Word& noun = word(f.words.end);
    const Word& with = prose_.before(f.words.begin);
    const bool votes = noun.is("votes") && with.is("with");
    return (votes || noun.is("mentions") || noun.is("nominations")) && f.claim.value->digits > 1;
  }
  // "According to 31 of the leaders"
  [[nodiscard]] bool is_authority(const Candidate& f) const {
    const size_t at = f.words.begin;
    return at > sentence(f).begin + 1 && prose_.before(at).is("to") &&
           word(at - 2).is("according") && of_the_asked(f) && past_noun(f) > f.words.end;
  }
  // Nobody, "of them", "others", respondents, or people of the kind that was asked.
  [[nodiscard]] bool of_the_asked(const Candidate& f) const {
    const bool of = word(f.words.end).is("of");
    if (!of && stands_alone(f)) return true;
    const NounPhrase np = prose_.noun_phrase(f.words.end + (of ? 1 : 0), sentence(f).end);
    if (of && (np.pronoun || word(f.words.end + 1).is("whom") || word(f.words.end + 1).is("you"))) {
      return true;
    }
    if (np.words.empty()) return !of;
    const Word& head = word(np.head);
    if (head.is("others") || head.is(kRespondent) || word(f.words.end).is("others")) return true;
    if (!np.named) return false;
    if (head.is(kGeneric)) return true;
    return std::ranges::any_of(
        asked_, [&](std::string_view group) { return same_kind(group, stem(head.text)); });
  }
  [[nodiscard]] bool is_share_of_known(const Candidate& share, int64_t count) const {
    return std::ranges::any_of(known_, [&](int64_t n) {
      if (n <= 0 || count > n) return false;
      const Ratio exact{100 * std::min<int64_t>(count, 1'000'000'000), n};
      if (share.claim.number.form != Form::kPercent) {
        return is_true(share.claim.number, exact) == wording::Truth::kTrue ||
               std::abs(exact.value() - share.claim.exact.value()) < 2;
      }
      return round(exact, share.claim.value->places) ==
             round(share.claim.exact, share.claim.value->places);
    });
  }
  [[nodiscard]] bool opens_aside(size_t at) const {
    const Word& w = word(at);
    return w.is("(") || w.is("-") || w.is("--") || w.is(",");
  }
  // Is what stands at `at`, behind asides and adverbs, what people say or do?
  [[nodiscard]] bool has_predicate(size_t at, size_t end) const {
    at = past_asides(prose_, at, end);
    if (word(at).is(",")) ++at;
    while (at < end && word(at).is(kAdverb | kNegation)) ++at;
    const Word& verb = word(at);
    if (verb.is(kAuxiliary | kCopula) || acts(prose_, at)) return true;
    return verb.is(kOpinion) && !(verb.text.ends_with('s') && !word(at + 1).is("that"));
  }
  // "12 (30%) had frozen …", "Twenty – 40 per cent – run …", "Eleven, or 37 per cent,"
  [[nodiscard]] bool stands_beside_share(size_t i) const {
    const Candidate& f = found_[i];
    if (i + 1 >= found_.size()) return false;
    const Candidate& share = found_[i + 1];
    if (!share.is_share() || share.claim.sentence != f.claim.sentence) return false;
    const size_t at = past_noun(f);
    const size_t number = word(at + 1).is("or") ? at + 2 : at + 1;
    if (!opens_aside(at) || share.words.begin != number) return false;
    if (word(at).is(",") && number == at + 1) return false;
    if (is_share_of_known(share, f.claim.value->digits)) return true;
    return of_the_asked(f) && has_predicate(at, sentence(f).end);
  }
  // "A quarter – 23 leaders – had refused", "One in ten (nine leaders)", "42% (39) said"
  [[nodiscard]] bool follows_share(size_t i) const {
    const Candidate& f = found_[i];
    if (i == 0 || f.words.begin == 0) return false;
    const bool dated = i > 1 && found_[i - 1].claim.number.form == Form::kDate;
    const Candidate& share = found_[dated ? i - 2 : i - 1];  // "means to leave by 2027: 32 in all"
    if (!share.is_share() || share.claim.sentence != f.claim.sentence) return false;
    size_t mark = f.words.begin - 1;
    if (word(mark).is("or")) --mark;
    const bool near = mark >= share.words.end && mark - share.words.end < 12;
    const bool in_all = word(f.words.end).is("in") &&
                        (word(f.words.end + 1).is("all") || word(f.words.end + 1).is("total"));
    if (near && in_all && (opens_aside(mark) || word(mark).is(":"))) {
      return is_share_of_known(share, f.claim.value->digits);
    }
    if (!near || !opens_aside(mark)) return false;
    const Word& close = word(past_noun(f));
    const bool closes = word(mark).is("(") ? close.is(")") : close.is(word(mark).text);
    return closes && is_share_of_known(share, f.claim.value->digits);
  }

  // At the beginning of its clause: of the sentence, or behind a mark or a word that joins clauses.
  [[nodiscard]] bool opens_clause(const Candidate& f) const {
    const size_t begin = sentence(f).begin;
    size_t at = f.words.begin;
    while (at > begin && (prose_.before(at).is("the") || prose_.before(at).is(kAdverb))) --at;
    if (at == begin) return true;
    const Word& p = prose_.before(at);
    return p.is(",") || p.is(";") || p.is(":") || p.is("and") || p.is("but") || p.is("while") ||
           p.is("with") || p.is("whereas") || p.is("or") || p.is("-") || p.is("--");
  }
  // A number of things, or of other people, to which this one may belong.
  [[nodiscard]] bool follows_things(size_t i) const {
    for (size_t k = i; k > 0 && i - k < kListReach;) {
      --k;
      if (found_[k].claim.sentence != found_[i].claim.sentence) return false;
      const Claim& claim = found_[k].claim;
      if (claim.negative && claim.number.form == Form::kCount && !of_the_asked(found_[k])) {
        return true;
      }
    }
    return false;
  }
  // "Only 14 people had a named nurse", "The other nine had not read it", "Twelve have cut teams"
  [[nodiscard]] bool is_subject(size_t i) const {
    const Candidate& f = found_[i];
    if (f.claim.negative_reason == "count of organisations" || !opens_clause(f)) return false;
    const bool one = f.claim.value->digits == 1 && f.claim.number.hedge->words.empty();
    if (one && !word(f.words.end).is("of")) return false;  // "One nurse told the magazine"
    if (!of_the_asked(f) || follows_things(i)) return false;
    const bool some =
        word(f.words.end).is("of") && i > 0 && found_[i - 1].claim.sentence == f.claim.sentence;
    if (some && found_[i - 1].claim.negative) return false;  // "12 members, seven of whom are GPs"
    if (word(f.words.end).is(",") && f.words.begin > sentence(f).begin &&
        prose_.before(f.words.begin).is(",")) {
      return false;  // "Kyle, 16, from Rotherham"
    }
    const size_t end = sentence(f).end;
    const size_t at = past_noun(f);
    if (!has_predicate(at, end) || participation(prose_, at, end) != SIZE_MAX) return false;
    const NounPhrase np = prose_.noun_phrase(f.words.end, end);
    if (np.words.empty() || stands_alone(f) || word(np.head).is(kRespondent))
      return f.claim.value->digits > 1;
    const bool judged = f.claim.number.hedge->for_editor || f.claim.number.is_remainder;
    const Word& verb = word(past_asides(prose_, at, end));
    const bool others = word(np.head).is("others");
    const bool people = np.named && word(np.head).noun == Counted::kPeople;
    const bool perfect = verb.is("have") || (people && (verb.is("had") || verb.is("would")));
    return judged || others || perfect || (verb.is(kOpinion) && !verb.is(kReach));
  }
  // "Six said yes, 70 no", "and five others are thinking about it", "with four undecided"
  [[nodiscard]] bool goes_on_list(size_t i) const {
    const Candidate& f = found_[i];
    if (!opens_clause(f) || f.words.begin == sentence(f).begin || !of_the_asked(f)) return false;
    const Word& next = word(f.words.end);
    if (next.text.empty() || next.is(".") || next.is(kResource | kTarget)) return false;
    if (next.is(",") && prose_.before(f.words.begin).is(",")) return false;  // "Kyle, 16, from"
    const bool things = f.claim.number.counted == Counted::kThings && !next.is("others");
    if (things && !next.is(kPronoun) && !pole_of(next.text).scale) return false;
    for (size_t k = i; k > 0 && i - k < kListReach;) {
      --k;
      if (found_[k].claim.sentence != f.claim.sentence) return false;
      if (found_[k].is_share()) continue;
      return !found_[k].claim.negative && found_[k].claim.kind == ClaimKind::kCount &&
             f.words.begin - found_[k].words.end < kListReach;
    }
    return false;
  }

  const Prose& prose_;
  std::vector<Candidate>& found_;
  std::vector<int64_t> known_;
  std::vector<std::string_view> asked_;
  int64_t most_ = 0;
};

}  // namespace

void settle_counts(const Prose& prose, std::vector<Candidate>& found) {
  Settler(prose, found).run();
}

}  // namespace barometer::claims
