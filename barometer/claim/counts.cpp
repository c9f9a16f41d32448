// What a number of people or things is: respondents, organisations, those asked, an answer, or
// nothing a survey found.
#include <algorithm>
#include <array>
#include <string>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"

namespace barometer::claims {
namespace {

using wording::Counted;

constexpr size_t kNear = 8;  // words that may stand between a verb and its number

class Counter {
 public:
  Counter(const Prose& prose, size_t mention, const Before& before)
      : prose_(prose),
        index_(mention),
        m_(prose.mentions()[mention]),
        before_(before.last),
        sizes_(before.sizes),
        sentence_(prose.sentence(m_.sentence)),
        np_(prose.noun_phrase(m_.words.end, sentence_.end)) {
    head_ = np_.words.empty() ? Counted::kUnknown : prose_.at(np_.head).noun;
  }

  Candidate run() {
    if (is_quoted()) return negative("quotation");
    if (m_.phrase->has_upper) return negative("range");
    if (previous().is("not")) return negative("none of them");
    if (previous().is("but") && previous(2).is("all")) return negative("all but them");
    if (const auto kind = after_equals()) return size(*kind);
    if (is_score()) return positive(ClaimKind::kMean);
    if (is_no_one())
      return answers_of_none() ? positive(ClaimKind::kCount) : negative("none of them");
    if (is_wanted()) return negative("target");
    if (is_choice()) return negative("choices");
    if (is_thing()) return negative("count of things");
    if (is_panel()) return size(ClaimKind::kNInvited);
    if (is_frame() || is_out_of_all()) return size(ClaimKind::kFrameN);
    if (is_more_than_replied()) return size(ClaimKind::kNInvited);
    if (is_invited()) return size(ClaimKind::kNInvited);
    if (is_of_a_frame()) return size(ClaimKind::kNOrganisations);
    if (follows_respondents()) return size(ClaimKind::kNOrganisations);
    if (is_part_of_owned()) return size(ClaimKind::kN);
    if (is_doer()) return positive(ClaimKind::kCount);
    if (is_of_them()) return size(ClaimKind::kNSub);
    if (is_respondents()) return size(is_smaller_part() ? ClaimKind::kNSub : ClaimKind::kN);
    if (is_part()) return size(ClaimKind::kNSub);
    if (const auto part = part_from()) return *part;
    if (is_answer()) return positive(ClaimKind::kCount);
    return negative(head_ == Counted::kOrganisations ? "count of organisations" : "other count");
  }

 private:
  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }
  [[nodiscard]] const Word& previous(size_t back = 1) const { return prose_.before(m_, back); }
  [[nodiscard]] size_t back(uint64_t classes, size_t count = kNear) const {
    return prose_.find_back(m_, m_.words.begin, classes, count);
  }
  [[nodiscard]] bool has_n() const {
    return std::ranges::any_of(sizes_, [](const Candidate& f) {
      return !f.claim.negative && f.claim.kind == ClaimKind::kN && !f.of_organisations;
    });
  }

  [[nodiscard]] bool is_quoted() const {
    return m_.phrase->quoted && !prose_.sentence_has(m_.sentence, kSurveyNoun | kRespondent);
  }
  // "(n=94)", "Base: all respondents (94)", "base size 94"
  [[nodiscard]] std::optional<ClaimKind> after_equals() const {
    if (previous().is("=") && (previous(2).is("n") || previous(2).is("base"))) {
      return of_all_equals() ? ClaimKind::kN : ClaimKind::kNSub;
    }
    if (follows_sample_size()) return ClaimKind::kN;
    size_t first = sentence_.begin;  // "*Base: …", "† Base: …", "(Base: …"
    while (first < m_.words.begin && word(first).text.size() == 1) ++first;
    const bool base_line = word(first).is("base") || word(first).is("bases") ||
                           (word(first).is("unweighted") && word(first + 1).is("base"));
    if (!base_line && !previous().is("base")) return std::nullopt;
    if (m_.phrase->form != wording::Form::kCount) return std::nullopt;
    return part_of_base_line() ? ClaimKind::kNSub : ClaimKind::kN;
  }
  // "Sample size: 1,004 adults", "the sample size was 94", "Sample: 1,004"
  [[nodiscard]] bool follows_sample_size() const {
    const Word& p = previous();
    if (!(p.is(":") || p.is(kCopula) || p.is("of") || p.is("="))) return false;
    return previous(2).is("sample") || (previous(2).is("size") && previous(3).is("sample"));
  }
  // Where n is known, another is a part's; so is that of "those who expected a deficit (n=40)".
  [[nodiscard]] bool of_all_equals() const {
    for (size_t i = sentence_.begin; i < m_.words.begin; ++i) {
      if (word(i).is("among") || word(i).is("amongst") || word(i).is("those")) return false;
    }
    return !has_n();
  }
  // "Of the 45 chairs who answered", after "the survey of 94 leaders"
  [[nodiscard]] bool is_smaller_part() const {
    const bool opens = previous().is("the") && m_.words.begin - sentence_.begin == 2 &&
                       (previous(2).is("of") || previous(2).is("among"));
    if (!opens) return false;
    return std::ranges::any_of(sizes_, [&](const Candidate& f) {
      return !f.claim.negative && f.claim.kind == ClaimKind::kN &&
             m_.phrase->value < f.claim.number.value;
    });
  }
  [[nodiscard]] bool part_of_base_line() const {
    for (size_t i = sentence_.begin + 1; i < m_.words.begin; ++i) {
      if (word(i).is(kPartWord) || word(i).is("who") || word(i).is("those")) return true;
      if (word(i).is(kRespondent) || word(i).is("all")) return false;
    }
    return np_.named && !word(np_.head).is(kGeneric) && word(np_.head).is(kPartWord);
  }

  [[nodiscard]] bool is_score() const {
    if (m_.phrase->form == wording::Form::kScore || m_.phrase->form == wording::Form::kDecimal) {
      return false;  // collect.cpp's
    }
    if (m_.phrase->hedge->relation != wording::Relation::kIs) return false;  // "8 or more"
    if (!before_.empty() && before_.back().is_share() &&
        before_.back().claim.sentence == m_.sentence) {
      return false;  // "31 per cent gave a score of 8"
    }
    const bool direct = previous().is("of") || previous().is(kCopula) || previous().is("at");
    return direct && back(kMeanWord, 4) != SIZE_MAX && np_.words.empty();
  }
  // "No respondent", "not a single leader": nobody, where they are of those asked and answer.
  [[nodiscard]] bool is_no_one() const {
    const Word& first = word(m_.words.begin);
    const bool no = first.is("no") || first.is("not");
    return m_.phrase->quantifier != nullptr && no && np_.named &&
           !word(m_.words.begin + 1).is("one");
  }
  [[nodiscard]] bool answers_of_none() const {
    const Word& verb = word(past_asides(prose_, np_.words.end, sentence_.end));
    return is_of_the_survey() && verb.is(kOpinion | kCopula | kAuxiliary);
  }
  // "the aim is 300 replies", "a target of 500 responses"
  [[nodiscard]] bool is_wanted() const {
    if (previous().is(kCopula)) return back(kTarget, 7) != SIZE_MAX;
    return previous().is("of") && back(kTarget, 4) != SIZE_MAX;
  }
  // "Respondents could choose three answers": what each may give.
  [[nodiscard]] bool is_choice() const {
    if (!word(np_.head).is(kResponse) || np_.words.empty()) return false;
    const bool most = m_.phrase->hedge->relation == wording::Relation::kAtMost;
    const Word& verb = previous();
    return most || (verb.is(kOpinion | kAuxiliary) && !verb.is(kReach) && !verb.is(kCopula)) ||
           verb.is("give") || verb.is("tick") || verb.is("pick") || verb.is("select");
  }
  // "was mentioned by 49 respondents, pay by 41"
  [[nodiscard]] bool is_doer() const {
    if (!previous().is("by")) return false;
    const Word& done = previous(2);
    if (done.is(kOpinion) && !done.is(kReach | kTakesPart) && !done.is("voted")) return true;
    if (before_.empty()) return false;  // the last of the same list
    const Candidate& f = before_.back();
    return f.claim.sentence == m_.sentence && !f.claim.negative &&
           f.claim.kind == ClaimKind::kCount && prose_.before(f.words.begin).is("by");
  }
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
  [[nodiscard]] bool is_thing() const {
    if (head_ == Counted::kThings) return true;
    const Word& next = word(m_.words.end);
    return next.is(kSurveyNoun) || (next.is(kTarget) && !np_.named);
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
    const size_t invite = back(kInvite, 7);
    if (invite != SIZE_MAX && !is_passive_of(invite)) {
      for (size_t i = invite + 1; i < m_.words.begin; ++i) {
        if (word(i).is_number() || word(i).is("by") || word(i).is("from") || word(i).is(kResponse))
          return false;
      }
      return head_ != Counted::kUnknown || np_.named || np_.words.empty() || is_plural_noun();
    }
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
  // "those contacted", where the verb belongs to a noun before it
  [[nodiscard]] bool is_passive_of(size_t verb) const {
    return verb > sentence_.begin && word(verb - 1).names_group() &&
           word(verb - 1).is(kPronoun | kGeneric);
  }
  [[nodiscard]] bool is_plural_noun() const {
    return !np_.words.empty() && word(np_.words.end - 1).text.ends_with('s');
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
    if (all && (organisations || np_.words.empty())) return !followed_by_answer();
    if (all && people) return !has_n() && !takes_part() && !followed_by_answer();
    if (!organisations) return false;
    if (followed_by_answer() || takes_part() || !speaks_of_coverage()) return false;
    return placed || nationwide || countrys || is_of_the_whole();
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
  static bool stem_is_place(std::string_view word) {  // "England's", "Wales'"
    const std::string_view name = word.substr(0, word.find('\''));
    return (classes_of(name) & kPlace) != 0;
  }
  // "Thirty-eight of the UK's 49 chief officers completed the survey": the place of the 49.
  [[nodiscard]] size_t owned_whole() const {
    size_t at = m_.words.end;
    if (!word(at).is("of")) return SIZE_MAX;
    const size_t most = at + 5;
    for (++at; at < most && !word(at).is_number(); ++at) {
      if (word(at).is(",") || word(at).is("(")) return SIZE_MAX;
    }
    const bool owned = word(at).is_number() && word(at - 1).text.ends_with("'s");
    return owned ? at : SIZE_MAX;
  }
  [[nodiscard]] bool is_part_of_owned() const {
    const size_t whole = owned_whole();
    if (whole == SIZE_MAX) return false;
    const NounPhrase np = prose_.noun_phrase(whole + 1, sentence_.end);
    return np.named && participation(prose_, np.words.end, sentence_.end) != SIZE_MAX;
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
  [[nodiscard]] bool followed_by_answer() const {
    return word(np_.words.end).is(kOpinion) && !word(np_.words.end).is("had");
  }

  // "leaders at 150 of England's 206 trusts"
  [[nodiscard]] bool is_of_a_frame() const {
    const size_t at = m_.words.end;
    const bool place =
        word(at).is("of") && stem_is_place(word(at + 1).text) && word(at + 2).is_number();
    const Word& p = previous();
    return place && (p.is("from") || p.is("at") || p.is("in") || p.is("across") || p.is(kCovers));
  }
  // "116 leaders from 101 organisations", "(covering 32 CCGs)"
  [[nodiscard]] bool follows_respondents() const {
    const bool organisations =
        head_ == Counted::kOrganisations || (np_.words.empty() && !before_.empty());
    if (!organisations || before_.empty()) return false;
    const Candidate& last = before_.back();
    if (last.claim.sentence != m_.sentence || last.claim.negative) return false;
    if (last.claim.kind != ClaimKind::kN && last.claim.kind != ClaimKind::kNSub) return false;
    if (np_.words.empty()) return false;
    for (size_t i = m_.words.begin; i > last.words.end;) {
      --i;
      if (!(m_.words.begin - i < 6)) break;
      const Word& w = word(i);
      if (w.is("from") || w.is("in") || w.is("at") || w.is("across") || w.is("of") ||
          w.is(kCovers) || w.is("within") || w.is("working")) {
        return true;
      }
      if (w.is("and") || w.is(".")) return false;
    }
    return false;
  }

  // Words after the people: "who responded", "took part", "were surveyed", with asides between.
  [[nodiscard]] bool takes_part() const {
    return participation(prose_, np_.words.end, sentence_.end) != SIZE_MAX;
  }
  [[nodiscard]] bool is_respondents() const {
    if (m_.phrase->value.denominator != 1 || m_.phrase->value < Ratio{2, 1}) return false;
    if (prose_.sentence_has(m_.sentence, kComment)) return false;
    const Word& head = word(np_.head);
    const bool named = !np_.words.empty() && (np_.named || head.is(kResponse) || is_plural_noun());
    if (!np_.words.empty() && head.is(kRespondent | kResponse) && !followed_by_answer())
      return true;
    if (named && takes_part()) return true;
    if (follows_invitation() || replied_of_them()) return true;
    const Word& after = word(np_.words.end);
    if (np_.words.empty() && takes_part() &&
        (after.is(kTakesPart | kSurveyed) || after.is("who") || after.is("that"))) {
      return true;
    }
    if (np_.words.empty() && takes_part() && word(m_.words.end).is("(")) return true;
    if (previous().is(kSurveyed) && word(m_.words.end).is("of")) return true;
    if (np_.words.empty() && word(m_.words.end).is("of")) return false;
    if (follows_preposition()) return true;
    if (follows_verb()) return named;
    return follows_another(named);
  }
  // "sent to 150 trusts and 90 of them replied"
  [[nodiscard]] bool replied_of_them() const {
    if (before_.empty() || !word(m_.words.end).is("of")) return false;
    const Claim& last = before_.back().claim;
    const bool asked =
        !last.negative && last.sentence == m_.sentence && last.kind == ClaimKind::kNInvited;
    const bool them = word(m_.words.end + 1).is(kPronoun) || word(m_.words.end + 1).is("whom");
    return asked && them && participation(prose_, m_.words.end + 2, sentence_.end) != SIZE_MAX;
  }
  // "invited 422 leaders, and 101 did so"
  [[nodiscard]] bool follows_invitation() const {
    if (before_.empty() || !word(m_.words.end).is("did")) return false;
    const Claim& last = before_.back().claim;
    return !last.negative && last.sentence == m_.sentence && last.kind == ClaimKind::kNInvited;
  }
  // "a survey of 273 leads", "replies came from 94", "responses from 64 CCGs", "based on 94"
  [[nodiscard]] bool follows_preposition() const {
    const Word& p = previous();
    const bool preposition = p.is("of") || p.is("from") || p.is("by") || p.is("with") ||
                             p.is("among") || p.is("amongst") || p.is("on") || p.is("to") ||
                             p.is("involving") || p.is("between") || p.is("the") || p.is("for");
    if (!preposition) return false;
    const size_t far = p.is("among") || p.is("amongst") ? 9 : 6;
    const size_t noun = back(kSurveyNoun | kFindings | kResponse, far);
    if (noun == SIZE_MAX) return previous(2).is("views") || previous(2).is("sample");
    for (size_t i = noun + 1; i < m_.words.begin; ++i) {
      const Word& w = word(i);
      if (w.is_number() || w.is(kOpinion & ~kReach) || w.is("that")) {
        if (!w.is(kReach | kTakesPart) && !w.is("came")) return false;
      }
      if (w.noun == Counted::kOrganisations || w.is(";")) return false;
    }
    if (m_.phrase->hedge->relation == wording::Relation::kUnder) return false;
    if (p.is("by") && !word(noun).is(kSurveyNoun | kResponse)) return false;
    if (p.is("to") && !word(noun).is(kResponse)) return false;
    if (p.is("for") || p.is("between")) return false;
    if (np_.words.empty()) return stands_close(noun);
    return head_ == Counted::kPeople || head_ == Counted::kOrganisations || np_.named ||
           is_plural_noun();
  }
  // "replies came from 94", and not "survey in a series of six"
  [[nodiscard]] bool stands_close(size_t noun) const {
    for (size_t i = noun + 1; i < m_.words.begin; ++i) {
      const Word& w = word(i);
      const bool may = w.is(kReach | kCopula | kAuxiliary | kTakesPart) || w.is("came") ||
                       w.is("of") || w.is("from") || w.is("by") || w.is("on") || w.is("with");
      if (!may) return false;
    }
    return true;
  }
  // "surveyed 400 leaders", "The survey involved 272 chairs", "It drew 85"
  [[nodiscard]] bool follows_verb() const {
    const size_t surveyed = back(kSurveyed, 3);
    const Word& p = previous();
    if (surveyed != SIZE_MAX && (surveyed + 1 == m_.words.begin || p.is("of"))) return true;
    if (p.is("asked") || (previous(2).is("heard") && p.is("from")) ||
        (previous(2).is("spoke") && p.is("to"))) {
      return prose_.sentence_has(m_.sentence, kSurveyNoun | kFindings) || surveyed != SIZE_MAX ||
             sentence_speaks_of_us();
    }
    const size_t verb = back(kReach, 4);
    if (verb == SIZE_MAX) return false;
    for (size_t i = verb + 1; i < m_.words.begin; ++i) {
      if (word(i).is_number() || word(i).is("that")) return false;
    }
    for (size_t i = sentence_.begin; i < verb; ++i) {
      if (word(i).is(kSurveyNoun)) return true;
    }
    return (word(sentence_.begin).is("it") && word(np_.head).is(kResponse)) ||
           back(kResponse, 3) != SIZE_MAX;
  }
  [[nodiscard]] bool sentence_speaks_of_us() const {
    const Word& first = word(sentence_.begin);
    return first.is("we") || first.is("it");
  }
  // "85 trust finance directors and 27 CCG finance leads"
  [[nodiscard]] bool follows_another(bool named) const {
    if (!named || before_.empty()) return false;
    const Candidate& last = before_.back();
    if (last.claim.sentence != m_.sentence || last.claim.kind != ClaimKind::kN ||
        last.claim.negative || !last.of) {
      return false;
    }
    const size_t from = last.of->words.end;
    if (from > m_.words.begin || m_.words.begin - from > 2) return false;
    return previous().is("and") || previous().is(",") || previous().is("plus");
  }

  // "119 leaders responded: 45 from acute trusts, 28 from primary care"
  [[nodiscard]] std::optional<Candidate> part_from() const {
    const bool from = np_.words.empty() && word(m_.words.end).is("from");
    if (!from || !is_within_n()) return std::nullopt;
    Candidate found = claim_of(prose_, m_, ClaimKind::kNSub);
    found.of = prose_.noun_phrase(m_.words.end + 1, sentence_.end);
    if (found.of->words.empty()) return std::nullopt;
    return found;
  }
  // "Of the 76 trusts that …, 12 per cent", "among the 45 chairs"
  [[nodiscard]] bool is_part() const {
    const bool the = previous().is("the") || previous().is("those");
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
  // "Thirty-three said", "only one respondent thought", "None of the leaders agreed"
  [[nodiscard]] bool is_answer() const {
    // "One chair said: …" brings in a quotation.
    const bool one = m_.phrase->value == Ratio{1, 1} && m_.phrase->hedge->words.empty();
    if (one && (np_.named || quotes_next())) return false;
    size_t from = np_.words.end;
    if (word(m_.words.end).is("of") && !word(m_.words.end + 1).is_number()) {
      const NounPhrase of = prose_.noun_phrase(m_.words.end + 1, sentence_.end);
      if (!of.named && !of.pronoun) return false;
      from = past_aside(of.words.end);
    } else if (!np_.words.empty() && !np_.named) {
      return false;
    }
    while (word(from).is(kAdverb | kNegation) || word(from).is("who")) ++from;
    if (word(from).is("told")) return false;
    if (np_.words.empty() && !word(m_.words.end).is("of")) {
      const bool noun = word(from).text.ends_with('s') && word(from).is(kOpinion);  // "calls"
      if (noun && m_.phrase->quantifier == nullptr) return false;
      return word(from).is(kOpinion | kCopula | kAuxiliary) && (is_within_n() || said_at(from));
    }
    const bool them = np_.words.empty();
    const bool asked_people = !them && np_.named && head_ == Counted::kPeople;
    const bool negated = word(from).is("did") && word(from + 1).is("not");
    const bool said = said_at(from) || (negated && (them || asked_people)) ||
                      (them && word(from).text.size() > 4 && word(from).text.ends_with("ed"));
    const bool were = word(from).is(kCopula) &&
                      (word(from + 1).is("likely") || word(from + 1).is("unlikely") ||
                       pole_of(word(from + 1).text).scale > 0 || word(from + 1).is("in"));
    if (!said && !were) return false;
    if (np_.words.empty()) return true;
    return is_of_the_survey();
  }
  [[nodiscard]] bool quotes_next() const {
    for (size_t at = m_.words.end; at < std::min(sentence_.end, m_.words.end + 4); ++at) {
      if (word(at).is(":") || prose_.in_quotation(at)) return true;
    }
    return false;
  }
  [[nodiscard]] bool said_at(size_t at) const {
    return word(at).is(kOpinion) && !word(at).is(kReach);
  }
  // A number beside an n of the paragraph, and smaller: "Of 412 residents …, 29 were in favour".
  [[nodiscard]] bool is_within_n() const {
    for (size_t k = before_.size(); k > 0;) {
      --k;
      if (!(before_[k].block == m_.block)) break;
      const Candidate& f = before_[k];
      const bool part = f.claim.kind == ClaimKind::kNSub && f.claim.sentence == m_.sentence;
      if (f.claim.negative || (f.claim.kind != ClaimKind::kN && !part)) continue;
      return f.claim.sentence == m_.sentence && m_.phrase->value < f.claim.number.value;
    }
    return false;
  }
  // ", or 82 per cent," after "Eighty-nine of them"
  [[nodiscard]] size_t past_aside(size_t at) const {
    if (!(word(at).is(",") || word(at).is("(")) || at + 8 > sentence_.end) return at;
    const size_t first = word(at + 1).is("or") ? at + 2 : at + 1;
    if (!word(first).is_number()) return at;
    size_t end = first;
    while (end < at + 8 && !word(end).is(",") && !word(end).is(")")) ++end;
    return end < at + 8 ? end + 1 : at;
  }
  // Ministers who say something are no respondents; leaders of the kind that was asked are.
  [[nodiscard]] bool is_of_the_survey() const {
    const Word& head = word(np_.head);
    if (head.is(kRespondent) || head.is(kGeneric)) return true;
    const std::string_view kind = stem(head.text);
    for (const Candidate& f : sizes_) {
      if (!f.of) continue;
      for (size_t i = f.of->words.begin; i < f.of->words.end; ++i) {
        const std::string_view asked = stem(word(i).text);
        const size_t same = std::min(asked.size(), kind.size());
        if (same_kind(asked, kind)) return true;
        if (same > 4 && asked.substr(0, same) == kind.substr(0, same)) return true;
      }
    }
    return false;
  }

  [[nodiscard]] Candidate with_group(Candidate found) const {
    if (!np_.words.empty()) found.of = np_;
    found.of_organisations = head_ == Counted::kOrganisations;
    return found;
  }
  [[nodiscard]] Candidate positive(ClaimKind kind) const {
    return with_group(claim_of(prose_, m_, kind));
  }
  [[nodiscard]] Candidate size(ClaimKind kind) const { return positive(kind); }
  [[nodiscard]] Candidate negative(std::string_view reason) const {
    return with_group(negative_of(prose_, m_, ClaimKind::kCount, reason));
  }

  const Prose& prose_;
  size_t index_;
  const Mention& m_;
  const std::vector<Candidate>& before_;  // the last claims
  const std::vector<Candidate>& sizes_;
  WordRange sentence_;
  NounPhrase np_;
  Counted head_ = Counted::kUnknown;
};

}  // namespace

std::vector<Candidate> claims_of_count(const Prose& prose, size_t mention, const Before& before) {
  return {Counter(prose, mention, before).run()};
}

}  // namespace barometer::claims
