// Counts of some of the respondents: who they are, or the part that a figure is of.
#include <algorithm>

#include "barometer/claim/counts_internal.h"

namespace barometer::claims {
using wording::Counted;

class Subgroup : public CountWords {
 public:
  explicit Subgroup(const CountWords& count) : CountWords(count) {}

  // "412 chief officers, 260 of whom run small charities", "203 owners, 158 of them independents"
  [[nodiscard]] bool is_of_them() const {
    const Word& them = word(m_.words.end + 1);
    const bool some = word(m_.words.end).is("of") &&
                      (them.is("whom") || them.is("which") || them.is("them") || them.is("these"));
    if (!some || before_.empty()) return false;
    const Claim& last = before_.back().claim;
    return !last.negative && last.sentence == m_.sentence && last.kind == ClaimKind::kN &&
           m_.phrase->value < last.number.value;
  }
  // "Of the respondents, 838 worked in children's services, 702 in adults'", "of whom 487 were
  // parents", "157 of the forms came from Eastgate": who they are, and no answer.
  [[nodiscard]] bool is_profile() const {
    const bool whom = (previous().is("whom") || previous().is("which")) && previous(2).is("of");
    const bool listed = !before_.empty() && before_.back().claim.kind == ClaimKind::kNSub &&
                        !before_.back().claim.negative &&
                        before_.back().claim.sentence == m_.sentence;
    const Word& next = word(m_.words.end);
    if (listed && is_within_n() && (previous().is(",") || previous().is("and"))) {
      // "including 326 social workers and 52 service users"
      const size_t first = before_.back().words.begin;
      if (prose_.before(first).is("including") && !np_.words.empty()) return true;
      return is_who_they_are(m_.words.end);
    }
    const bool people = head_ == Counted::kPeople || (next.is("of") && np_.words.empty());
    if (previous().is("including") && people && is_within_n()) return true;
    if (whom) {
      return is_within_n() && !next.is(kOpinion | kAuxiliary | kTakesPart) &&
             (!next.is(kCopula) || is_who_they_are(m_.words.end));
    }
    if (previous().is(",") && word(np_.words.end).is(",") && np_.named &&
        word(np_.words.end + 1).is(kCopula) && word(np_.words.end + 2).is("asked")) {
      return true;  // "A random half of the sample, 503 adults, was asked"
    }
    const size_t forms = m_.words.end + (word(m_.words.end + 1).is("the") ? 2 : 1);
    if (next.is("of") && (word(forms).is("forms") || word(forms).is(kResponse))) {
      return word(forms + 1).is("came") && word(forms + 2).is("from");
    }
    if (next.is("of") && last_n() != nullptr) {
      const NounPhrase of = prose_.noun_phrase(m_.words.end + 1, sentence_.end);
      const Word& head = word(of.head);
      return (head.is(kRespondent | kResponse) || head.is("forms") || head.is("sample")) &&
             is_who_they_are(of.words.end);
    }
    const bool opens = previous().is(",") && word(sentence_.begin).is("of");
    if (!opens || last_n() == nullptr) return false;
    const NounPhrase all = prose_.noun_phrase(sentence_.begin + 1, m_.words.begin);
    const bool repliers = all.pronoun && previous(2).is(kTakesPart | kSurveyed);
    if (repliers) return is_who_they_are(m_.words.end);  // "Of those who replied, 52 were women"
    return all.words.end + 1 == m_.words.begin && word(all.head).is(kRespondent | kResponse) &&
           is_who_they_are(m_.words.end);
  }
  // "worked in schools", "came from Leeds", "were women", "are based in London"
  [[nodiscard]] bool is_who_they_are(size_t verb) const {
    const Word& next = word(verb + 1);
    if (word(verb).is("worked") || word(verb).is("work") || word(verb).is("came")) {
      return next.is("in") || next.is("from") || next.is("for") || next.is("at");
    }
    if (!word(verb).is("were") && !word(verb).is("are")) return false;
    if (next.is("from") || next.is("in") || next.is("based") || next.is("aged")) {
      return !word(verb + 2).is("favour") && !word(verb + 2).is("agreement");
    }
    return (next.names_group() || next.is(kPartWord)) && !next.is(kOpinion);
  }
  // "119 leaders responded: 45 from acute trusts, 28 from primary care"
  [[nodiscard]] std::optional<NounPhrase> part_from() const {
    const bool listed = !before_.empty() && before_.back().claim.kind == ClaimKind::kNSub &&
                        before_.back().claim.sentence == m_.sentence &&
                        (previous().is(",") || previous().is("and"));
    const Word& preposition = word(m_.words.end);
    const bool from =
        np_.words.empty() &&
        (preposition.is("from") || (listed && (preposition.is("in") || preposition.is("at"))));
    if (!from || !is_within_n()) return std::nullopt;
    const NounPhrase of = prose_.noun_phrase(m_.words.end + 1, sentence_.end);
    if (of.words.empty()) return std::nullopt;
    return of;
  }
  // "Of the 76 trusts that …, 12 per cent", "among the 45 chairs"
  [[nodiscard]] bool is_part() const {
    if (is_definite_part()) return true;
    const bool the = previous().is("the") || previous().is("those") || previous().is("these");
    if ((the ? previous(3) : previous(2)).is("list")) return false;
    const Word& of = the ? previous(2) : previous();
    const bool opens = of.is("of") || of.is("among") || of.is("amongst") || of.is("for");
    const size_t clause = clause_begin(prose_, sentence_, m_.words.begin);
    const size_t place = m_.words.begin - std::min(clause, m_.words.begin);
    if (!opens || place > 4 || !(np_.named || is_plural_noun() || np_.words.empty())) return false;
    const auto& mentions = prose_.mentions();
    for (size_t i = index_ + 1; i < mentions.size(); ++i) {
      const Mention& other = mentions[i];
      if (other.words.begin >= sentence_.end) break;
      if (other.phrase->is_share() || other.phrase->form == wording::Form::kCount) return true;
    }
    return false;
  }

 private:
  // "51 per cent of the 35 who have not", "The 41 chairs were keener": fewer than answered.
  [[nodiscard]] bool is_definite_part() const {
    if (last_n() == nullptr || !previous().is("the")) return false;
    const bool of_share = previous(2).is("of") && previous(3).is_number() &&
                          prose_.mentions()[previous(3).number].phrase->is_share();
    const bool people = head_ == Counted::kPeople || np_.words.empty() ||
                        (head_ == Counted::kOrganisations && (of_share || np_.narrowed)) ||
                        (of_share && is_plural_noun());
    if (!people || head_ == Counted::kThings) return false;
    const bool precise =
        previous(2).is("for") && (previous(3).is("points") || previous(4).is_number());
    const bool based = previous(2).is("on") && previous(3).is("based");
    const bool some = np_.narrowed || is_plural_noun() || np_.named ||
                      word(m_.words.end).is("who") || word(m_.words.end).is("that");
    if (of_share || precise || based) return some;
    const size_t clause = clause_begin(prose_, sentence_, m_.words.begin);
    const bool opens = clause + 1 == m_.words.begin;
    const Word& verb = word(np_.words.end);
    if (!opens) return false;
    if (!np_.named) return word(m_.words.end).is("who");
    return verb.is(kCopula | kAuxiliary | kOpinion) || verb.is("who") || verb.is("with");
  }
};

bool is_part_of_them(const CountWords& count) {
  const Subgroup part(count);
  return part.is_of_them() || part.is_profile();
}
bool is_named_part(const CountWords& count) { return Subgroup(count).is_part(); }
std::optional<NounPhrase> part_from(const CountWords& count) { return Subgroup(count).part_from(); }

}  // namespace barometer::claims
