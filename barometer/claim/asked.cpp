// Counts of those who were asked, and of all there are.
#include "barometer/claim/counts_internal.h"

namespace barometer::claims {
using wording::Counted;

class Asked : public CountWords {
 public:
  explicit Asked(const CountWords& count) : CountWords(count) {}

  [[nodiscard]] std::optional<ClaimKind> run() const {
    if (is_panel() || is_all_in_bracket()) return ClaimKind::kNInvited;
    if (is_list()) return ClaimKind::kFrameN;
    if (is_frame() || is_out_of_all()) return ClaimKind::kFrameN;
    if (is_more_than_replied() || is_invited() || (previous().is("all") && is_asked_behind()))
      return ClaimKind::kNInvited;
    if (is_of_a_frame()) return ClaimKind::kNOrganisations;
    return std::nullopt;
  }

  // "We handed out 420 questionnaires", "Of the 600 forms sent out to tenants"
  [[nodiscard]] bool are_forms_sent() const {
    size_t noun = m_.words.end;  // "600 paper forms"
    if (!word(noun).is(kSurveyNoun | kResponse) && !word(noun).is("forms")) {
      noun = np_.words.empty() ? m_.words.end : np_.words.end - 1;
    }
    const Word& forms = word(noun);
    const bool named = forms.is("questionnaires") || forms.is("forms") || forms.is("surveys") ||
                       forms.is("invitations") || forms.is("ballots") || forms.is("letters") ||
                       forms.is("emails") || forms.is("links") || forms.is("papers") ||
                       forms.is("cards") || forms.is("leaflets");
    if (!named) return false;
    for (size_t i = 1; i < 4; ++i) {
      if (is_sending(previous(i))) return true;
      if (previous(i).is(kFunction) && !previous(i).is("out")) break;
    }
    size_t at = noun + 1;
    while (word(at).is(kCopula | kAuxiliary | kAdverb) || word(at).is("that")) ++at;
    return is_sending(word(at)) || (word(at).is("went") && word(at + 1).is("out"));
  }

 private:
  static bool is_sending(const Word& verb) {
    return (verb.is(kInvite) && verb.text.ends_with('d')) || verb.is("sent") || verb.is("handed") ||
           verb.is("gave") || verb.is("delivered") || verb.is("posted") || verb.is("mailed") ||
           verb.is("given");
  }
  // "All 136 directors of nursing in England were contacted": those a survey was put to.
  [[nodiscard]] bool is_asked_behind() const {
    const size_t most = std::min(sentence_.end, np_.words.end + 14);
    for (size_t at = np_.words.end; at < most; ++at) {
      if (word(at).is(kCopula) && word(at + 1).is(kInvite)) return true;
      if (word(at).is_number() || word(at).is(kOpinion | kAuxiliary) || word(at).is(";")) break;
    }
    return false;
  }
  // "All 42 boards have been told to break even"
  [[nodiscard]] bool is_told_behind() const {
    const size_t at = np_.words.end;
    return word(at).is(kAuxiliary | kMust) && !prose_.sentence_has(m_.sentence, kSurveyed);
  }
  // "numbers were drawn from a list of 11,400 holdings"
  [[nodiscard]] bool is_list() const {
    const bool of = previous().is("of") || previous().is("with");
    const Word& list = previous(2);
    const bool named = list.is("list") || list.is("register") || list.is("database") ||
                       list.is("directory") || list.is("population") || list.is("roll");
    if (!of || !named) return false;
    const size_t most = std::min(sentence_.end, m_.words.end + kFar);
    for (size_t at = first_near(); at < most; ++at) {
      const Word& w = word(at);
      if (w.is("drawn") || w.is("sample") || w.is("sampled") || w.is("selected") || w.is("frame") ||
          w.is("random")) {
        return true;
      }
    }
    return false;
  }
  // "All GPs (1,697) in the region"
  [[nodiscard]] bool is_all_in_bracket() const {
    const bool bracket = previous().is("(") && word(m_.words.end).is(")");
    return bracket && previous(2).names_group() &&
           (previous(3).is("all") || previous(4).is("all")) && has_n() == false;
  }
  // "its panel of 100 leaders": those who may be asked
  [[nodiscard]] bool is_panel() const {
    const bool has = previous().is("has") || previous().is("of") || previous().is("with");
    if (has && previous(2).is("panel")) return np_.named;
    const size_t at = np_.words.end;  // "(of 640 on the panel)"
    return previous().is("of") && previous(2).is("(") && word(at).is("on") &&
           word(at + 2).is("panel");
  }
  // "surveyed all of its 142 members and received replies from 98": more than those who replied.
  [[nodiscard]] bool is_more_than_replied() const {
    if (back(kSurveyed, 6) == SIZE_MAX &&
        !(previous().is("all") && back(kOpinion, 12) != SIZE_MAX)) {
      return false;
    }
    const auto& mentions = prose_.mentions();
    for (size_t i = index_ + 1; i < mentions.size(); ++i) {
      const Mention& other = mentions[i];
      if (other.sentence != m_.sentence) break;
      if (other.phrase->form != wording::Form::kCount) continue;
      if (!(other.phrase->value < m_.phrase->value)) continue;
      for (size_t at = m_.words.end; at < std::min(sentence_.end, other.words.end + 4); ++at) {
        if (word(at).is(kResponse) || (word(at).is(kTakesPart) && !word(at).is("took")))
          return true;
      }
    }
    return false;
  }
  // "sent to 400 people", "400 leaders were invited", "invitations to 422"
  [[nodiscard]] bool is_invited() const {
    const bool the = previous().is("the") || previous().is("those");
    if (the && word(m_.words.end).is(kInvite)) return true;  // "Of the 300 contacted, 88 …"
    const bool sent = previous().is("to") && previous(2).is(kInvite) && !np_.words.empty();
    if (sent && prose_.sentence_has(m_.sentence, kSurveyNoun | kResponse)) return true;
    size_t invite = back(kInvite, 7);
    if (invite != SIZE_MAX && word(invite - 1).is_number()) invite = SIZE_MAX;
    if (invite != SIZE_MAX && !is_passive_of(invite)) {
      for (size_t i = invite + 1; i < m_.words.begin; ++i) {
        if (word(i).is_number() || word(i).is("by") || word(i).is("from") || word(i).is(kResponse))
          return false;
      }
      return head_ != Counted::kUnknown || np_.named || np_.words.empty() || is_plural_noun();
    }
    if (previous().is("asked") && asks_to_take_part()) return true;
    const size_t to = previous().is("to") ? m_.words.begin - 1 : 0;  // "it went out to 353 leaders"
    const size_t went = to > 0 && word(to - 1).is("out") ? to - 2 : to - 1;
    if (to > 1 && word(went).is("went") && prose_.sentence_has(m_.sentence, kSurveyNoun))
      return true;
    size_t at = np_.words.end;
    while (at < sentence_.end && word(at).is(kCopula | kAuxiliary | kAdverb)) ++at;
    if (word(at).is("who") && word(at + 1).is(kCopula)) at += 2;
    if (word(at).is("we") || word(at).is("it")) ++at;
    return word(at).is(kInvite) && !word(np_.head).is(kResponse) && !takes_part();
  }
  // "We asked 236 directors to take part, and 83 responded"
  [[nodiscard]] bool asks_to_take_part() const {
    for (size_t at = m_.words.end; at + 1 < std::min(sentence_.end, m_.words.end + 16); ++at) {
      const Word& what = word(at + 1);
      const bool part = what.is("take") || what.is("complete") || what.is("fill") ||
                        what.is("answer") || what.is("respond") || what.is("participate");
      if (word(at).is("to") && part) return true;
      if (word(at).is(",") || word(at).is_number()) return false;
    }
    return false;
  }
  // "those contacted", where the verb belongs to a noun before it
  [[nodiscard]] bool is_passive_of(size_t verb) const {
    return verb > sentence_.begin && word(verb - 1).names_group() &&
           word(verb - 1).is(kPronoun | kGeneric);
  }
  // "all 211", "the 211 CCGs in England", "206 trusts in England"
  [[nodiscard]] bool is_frame() const {
    const bool people = head_ == Counted::kPeople || word(np_.head).is(kRespondent | kResponse);
    const bool organisations = head_ == Counted::kOrganisations && !people;
    const bool all = previous().is("all") || (previous().is("the") && previous(2).is("all"));
    const Word& next = word(np_.words.end);
    const bool placed = (next.is("in") || next.is("across") || next.is("of")) &&
                        (word(np_.words.end + 1).is(kPlace) || word(np_.words.end + 2).is(kPlace));
    const bool nationwide = next.is(kPlace) || next.is("altogether");
    const bool countrys = previous().text.ends_with("'s") && stem_is_place(previous().text);
    if (all && is_asked_behind()) return false;
    if (all && word(m_.words.end).is("of")) return false;  // "all nine of us"
    if (all && (organisations || np_.words.empty())) {
      return !followed_by_answer() && (speaks_of_coverage() || !is_told_behind());
    }
    if (all && people) return !has_n() && !takes_part() && !followed_by_answer();
    if (is_all_there_are()) return true;
    if (!organisations || (previous().is("of") && previous(2).is(kSurveyNoun))) return false;
    if (followed_by_answer() || takes_part() || !speaks_of_coverage()) return false;
    return placed || nationwide || countrys || is_of_the_whole();
  }
  // "England has 153", "79 per cent of the 42 in England"
  [[nodiscard]] bool is_all_there_are() const {
    if (!np_.words.empty()) return false;
    const bool has = (previous().is("has") || previous().is("have")) && previous(2).is(kPlace) &&
                     previous(2).capital;
    if (has) return speaks_of_coverage();
    const bool in = word(m_.words.end).is("in") &&
                    (word(m_.words.end + 1).is(kPlace) || word(m_.words.end + 1).is("post") ||
                     word(m_.words.end + 1).is("existence"));
    return in && previous().is("the") && previous(2).is("of") && previous(3).is_number();
  }
  // "There are 152 trusts in England" is no part of a survey's account of itself.
  [[nodiscard]] bool speaks_of_coverage() const {
    if (!before_.empty() && before_.back().claim.sentence == m_.sentence &&
        !before_.back().claim.negative) {
      return true;
    }
    return prose_.sentence_has(m_.sentence, kSurveyNoun | kRespondent) ||
           prose_.sentence_has(m_.sentence, kResponse | kTakesPart);
  }
  // "Fifty-two chief executives, out of 154, answered", "from 96 of England's 209 CCGs"
  [[nodiscard]] bool is_out_of_all() const {
    if (before_.empty()) return false;
    const Claim& last = before_.back().claim;
    const bool sized = !last.negative && last.sentence == m_.sentence && last.value &&
                       last.number.value < m_.phrase->value;
    if (!sized) return false;
    const bool of = previous(2).is("of") || (previous(2).is("the") && previous(3).is("of"));
    const bool owned = of && previous().text.ends_with("'s");
    if (owned && last.kind == ClaimKind::kN) return true;
    if (last.kind == ClaimKind::kNOrganisations) return of && stem_is_place(previous().text);
    const bool out_of = previous().is("of") && (previous(2).is("out") || previous(2).is("("));
    return last.kind == ClaimKind::kN && (out_of || (previous().is("a") && previous(2).is("of")));
  }
  // "86 of the 211 CCGs", "41 per cent of the 211 CCGs", "out of 211 CCGs"
  [[nodiscard]] bool is_of_the_whole() const {
    if (before_.empty()) return false;
    const Candidate& last = before_.back();
    if (last.claim.sentence != m_.sentence || m_.words.begin - last.words.end > 3) return false;
    const bool of = previous().is("of") || (previous().is("the") && previous(2).is("of"));
    return of && (last.claim.kind == ClaimKind::kNOrganisations ||
                  last.claim.kind == ClaimKind::kN || last.claim.kind == ClaimKind::kPercent);
  }
  // "leaders at 150 of England's 206 trusts"
  [[nodiscard]] bool is_of_a_frame() const {
    const size_t at = m_.words.end;
    const bool place =
        word(at).is("of") && stem_is_place(word(at + 1).text) && word(at + 2).is_number();
    const Word& p = previous();
    return place && (p.is("from") || p.is("at") || p.is("in") || p.is("across") || p.is(kCovers));
  }
};

std::optional<ClaimKind> size_of_asked(const CountWords& count) { return Asked(count).run(); }
bool are_forms_sent(const CountWords& count) { return Asked(count).are_forms_sent(); }

}  // namespace barometer::claims
