// What a number of people or things is: respondents, organisations, those asked, an answer, or
// nothing a survey found.
#include <algorithm>
#include <array>
#include <string>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"
#include "barometer/claim/counts_internal.h"

namespace barometer::claims {
using wording::Counted;

class Counter : public CountWords {
 public:
  using CountWords::CountWords;

  Candidate run() {
    if (is_quoted()) return negative("quotation");
    if (m_.phrase->has_upper) return negative("range");
    if (is_day()) return negative("date");
    if (previous().is("aged") || previous().is("age")) return negative("age");
    if (previous().is("not")) return negative("none of them");
    if (previous().is("every")) return negative("every one");
    if (is_age_of_group()) return negative("age");
    if (previous().is("but") && previous(2).is("all")) return all_but();
    if (previous().is("of") && previous(2).is("size") && previous(4).is("effective")) {
      return negative("effective size");
    }
    if (const auto kind = after_equals()) return size(*kind);
    if (is_score()) return positive(ClaimKind::kMean);
    if (is_no_one())
      return answers_of_none() ? positive(ClaimKind::kCount) : negative("none of them");
    if (is_wanted()) return negative("target");
    if (is_choice()) return negative("choices");
    if (are_forms_sent(*this)) return size(ClaimKind::kNInvited);
    if (came_back()) return size(ClaimKind::kN);
    if (is_thing()) return negative("count of things");
    if (const auto kind = size_of_asked(*this)) return size(*kind);
    if (follows_respondents()) return size(ClaimKind::kNOrganisations);
    if (is_part_of_owned()) return size(ClaimKind::kN);
    if (is_doer()) return positive(ClaimKind::kCount);
    if (is_part_of_them(*this)) return size(ClaimKind::kNSub);
    if (answers_one_question()) return size(ClaimKind::kNSub);
    if (is_some_respondents()) return positive(ClaimKind::kCount);
    if (is_respondents()) return size(is_smaller_part() ? ClaimKind::kNSub : ClaimKind::kN);
    if (is_named_part(*this)) return size(ClaimKind::kNSub);
    if (const auto of = part_from(*this)) {
      Candidate found = claim_of(prose_, m_, ClaimKind::kNSub);
      found.of = of;
      return found;
    }
    if (is_answer()) return positive(ClaimKind::kCount);
    return negative(head_ == Counted::kOrganisations ? "count of organisations" : "other count");
  }

 private:
  // "On 26 and 27 May 2020"
  [[nodiscard]] bool is_day() const {
    const Word& next = word(m_.words.end);
    const Word& day = word(m_.words.end + 1);
    const bool joined = next.is("and") || next.is("to") || next.is("or") || next.is("until");
    return joined && day.is_number() && m_.phrase->value < Ratio{32, 1} &&
           prose_.mentions()[day.number].phrase->form == wording::Form::kDate;
  }
  // "Leaders over 55 were the gloomiest"
  [[nodiscard]] bool is_age_of_group() const {
    const std::string_view words = m_.phrase->hedge->words;
    const bool bound = words == "over" || words == "under" || words == "above" || words == "below";
    return bound && previous().names_group() && Ratio{15, 1} < m_.phrase->value &&
           m_.phrase->value < Ratio{100, 1} && np_.words.empty();
  }
  // "All but two had lent officers to a neighbour": so many fewer than answered.
  [[nodiscard]] Candidate all_but() const {
    const Candidate* n = last_n();
    size_t verb = word(m_.words.end).is("of")
                      ? prose_.noun_phrase(m_.words.end + 1, sentence_.end).words.end
                      : np_.words.end;
    while (word(verb).is(kAdverb)) ++verb;
    const bool asked = np_.words.empty() || is_of_the_survey();
    if (n == nullptr || !asked || !word(verb).is(kAuxiliary | kCopula | kOpinion)) {
      return negative("all but them");
    }
    const int64_t rest = n->claim.value->digits - m_.phrase->value.numerator;
    Candidate found =
        claim_of_words(prose_, m_, ClaimKind::kCount, {m_.words.begin - 2, m_.words.end}, rest);
    found.claim.number.value = {rest, 1};
    return with_group(std::move(found));
  }
  // "We posted 600 forms; 212 came back", "were returned"
  [[nodiscard]] bool came_back() const {
    const Word& noun = word(m_.words.end);
    size_t at =
        noun.is(kSurveyNoun | kResponse) || noun.is("forms") ? m_.words.end + 1 : m_.words.end;
    if (before_.empty() || m_.phrase->value < Ratio{2, 1}) return false;
    const bool asked = std::ranges::any_of(before_, [&](const Candidate& f) {
      return !f.claim.negative && f.claim.kind == ClaimKind::kNInvited &&
             f.claim.sentence + 1 >= m_.sentence && m_.phrase->value < f.claim.number.value;
    });
    if (!asked) return false;
    if (word(at).is("of") && word(at + 1).is(kPronoun | kFunction)) at += 2;
    while (word(at).is(kCopula | kAuxiliary | kAdverb)) ++at;
    const bool back = word(at + 1).is("back") || word(at + 1).is("in") || word(at + 2).is("back");
    return word(at).is("returned") || word(at).is("completed") ||
           (back && (word(at).is("came") || word(at).is("sent") || word(at).is("handed") ||
                     word(at).is("filled") || word(at).is("got")));
  }
  [[nodiscard]] bool is_quoted() const {
    return m_.phrase->quoted && !prose_.sentence_has(m_.sentence, kSurveyNoun | kRespondent);
  }
  // "(n=94)", "Base: all respondents (94)", "base size 94"
  [[nodiscard]] std::optional<ClaimKind> after_equals() const {
    if (previous().is("=") && (previous(2).is("n") || previous(2).is("base"))) {
      const Word& first = word(sentence_.begin);  // "At band 5 (n = 1,096), 58 per cent …"
      const bool part = first.is("at") || first.is("in") || first.is("for") || first.is("within");
      return of_all_equals() && !part ? ClaimKind::kN : ClaimKind::kNSub;
    }
    if (follows_sample_size()) return ClaimKind::kN;
    if (const auto base = base_in_bracket()) return base;
    if (previous().is("aged") || previous().is("over") || previous().is("under")) return {};
    size_t first = sentence_.begin;  // "*Base: …", "† Base: …", "(Base: …"
    while (first < m_.words.begin && word(first).text.size() == 1) ++first;
    const bool base_line = word(first).is("base") || word(first).is("bases") ||
                           (word(first).is("unweighted") && word(first + 1).is("base"));
    if (!base_line && !previous().is("base")) return std::nullopt;
    if (m_.phrase->form != wording::Form::kCount) return std::nullopt;
    return part_of_base_line() ? ClaimKind::kNSub : ClaimKind::kN;
  }
  // "(base: 146)", "(2017: 5.7; base 498)"
  [[nodiscard]] std::optional<ClaimKind> base_in_bracket() const {
    const bool colon = previous().is(":");
    const Word& base = previous(colon ? 2 : 1);
    if (!base.is("base") && !(colon && base.is("n"))) return {};
    const size_t noun = m_.words.begin - (colon ? 2 : 1);
    for (size_t at = noun; at > sentence_.begin && noun - at < 8; --at) {
      if (word(at - 1).is(")")) return {};
      if (!word(at - 1).is("(")) continue;
      const bool wave = word(at).is_number() && word(at).text.size() == 4;
      return wave || !has_n() ? ClaimKind::kN : ClaimKind::kNSub;
    }
    return {};
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
    const bool opens = previous().is("the") && (previous(2).is("of") || previous(2).is("among"));
    const bool bracketed =
        previous().is("(") && word(np_.words.end).is(")") && !previous(2).is_number();
    const bool rest = m_.phrase->is_remainder || (previous().is("other") && previous(2).is("the"));
    const bool filled = previous().is("by") && np_.named && np_.words.end < sentence_.end &&
                        word(np_.words.end).is(kFunction) && !word(np_.words.end).is("and");
    const bool there = (previous().is(kCopula) && previous(2).is("there") && np_.narrowed) ||
                       previous().is("where");  // "In manufacturing, where 9 firms answered"
    if (!opens && !bracketed && !rest && !filled && !there) return false;
    return std::ranges::any_of(sizes_, [&](const Candidate& f) {
      return !f.claim.negative && f.claim.kind == ClaimKind::kN &&
             m_.phrase->value < f.claim.number.value;
    });
  }
  [[nodiscard]] bool part_of_base_line() const {
    if (np_.narrowed) return true;
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
    if (word(m_.words.end).is_number()) return false;  // "11½ minutes"
    const bool direct = previous().is("of") || previous().is(kCopula) || previous().is("at");
    const bool opens =
        word(sentence_.begin).is(kMeanWord) || word(sentence_.begin + 1).is(kMeanWord);
    const Word& ends = word(m_.words.end);  // "The median caseload of our 815 respondents was 25."
    if (opens && previous().is(kCopula) && np_.words.empty() && ends.text.size() < 2) {
      return m_.words.begin - sentence_.begin < kFar && Ratio{1, 1} < m_.phrase->value;
    }
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
    const bool held = done.is("given") || done.is("held") || done.is("shared") ||
                      done.is("offered");  // "an answer given by 38 leaders"
    if (held && (np_.words.empty() || is_of_the_survey())) return true;
    if (done.is(kOpinion) && !done.is(kReach | kTakesPart) && !done.is("voted")) return true;
    if (before_.empty()) return false;  // the last of the same list
    const Candidate& f = before_.back();
    return f.claim.sentence == m_.sentence && !f.claim.negative &&
           f.claim.kind == ClaimKind::kCount && prose_.before(f.words.begin).is("by");
  }
  // "the 337 charities that answered the question on income": not all did.
  [[nodiscard]] bool answers_one_question() const {
    const size_t at = participation(prose_, np_.words.end, sentence_.end);
    return at != SIZE_MAX && last_n() != nullptr &&
           (word(at + 1).is("the") || word(at + 1).is("a")) && word(at + 2).is("question");
  }
  // "In all, 412 respondents left comments": fewer than answered, with a verb of their own.
  [[nodiscard]] bool is_some_respondents() const {
    if (!word(np_.head).is(kRespondent) || np_.words.empty()) return false;
    if (m_.phrase->value == Ratio{1, 1} && m_.phrase->hedge->words.empty()) return false;
    if (word(np_.words.end).is("scoring") || word(np_.words.end).is("giving")) return true;
    const bool beside = previous().is("(") && previous(2).is_number() &&
                        prose_.mentions()[previous(2).number].phrase->is_share();
    if (beside && word(np_.words.end).is(")")) return true;  // "Nearly half (62 respondents)"
    const Word& share = word(np_.words.end + 1);             // "Just 301 respondents (16 per cent)"
    const bool shown = word(np_.words.end).is("(") && share.is_number() &&
                       prose_.mentions()[share.number].phrase->form == wording::Form::kPercent;
    if (shown && m_.phrase->hedge->for_editor) return true;
    if (last_n() == nullptr) return false;
    if (previous().is("has")) return true;  // "Africa has 24 respondents"
    if (m_.phrase->is_remainder || takes_part() || np_.narrowed) return false;
    const Word& next = word(np_.words.end);
    const size_t first = word(m_.words.begin).is_number() ? m_.words.begin : m_.words.begin + 1;
    const bool opens = first == sentence_.begin || previous().is(",") || previous().is("and") ||
                       previous().is("but") || previous().is("while");
    if (next.text.size() < 3 || next.is(kFunction) || next.is_number()) return false;
    return opens && !(next.is(kCopula) && word(np_.words.end + 1).is("asked"));
  }
  [[nodiscard]] bool is_thing() const {
    if (head_ == Counted::kThings || previous().is("top")) return true;
    if (previous().is("of") && previous(2).is("ratio")) return true;
    if (!np_.words.empty() && word(np_.words.end - 1).is("questions")) return true;
    const Word& degree = word(m_.words.end);  // "one of the seven largest groups"
    const bool most = degree.text.size() > 5 && degree.text.ends_with("est");
    if (most && previous().is("the")) return true;
    const bool found = !np_.words.empty() && !np_.named &&
                       word(np_.words.end - 1).is(kFindings | kSource);  // "six key findings"
    if (found && previous().is(kShows | kOpinion | kDeterminer | kReach)) return true;
    const Word& next = word(m_.words.end);
    const bool of_list = previous().is("last") || previous().is("first") || previous().is("next");
    if (of_list && previous(2).is("the")) return true;
    return next.is(kSurveyNoun) || (next.is(kTarget) && !np_.named);
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
  // "116 leaders from 101 organisations", "(covering 32 CCGs)"
  [[nodiscard]] bool follows_respondents() const {
    const bool organisations =
        head_ == Counted::kOrganisations || (np_.words.empty() && !before_.empty());
    if (!organisations || before_.empty()) return false;
    const Candidate& last = before_.back();
    const bool covered = previous().is("covered") || previous().is("represented") ||
                         previous().is("covering") || previous().is("representing") ||
                         (previous().is("for") && previous(2).is("answered"));
    if (covered && head_ == Counted::kOrganisations && has_n()) return true;
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

  [[nodiscard]] bool is_respondents() const {
    if (m_.phrase->value.denominator != 1 || m_.phrase->value < Ratio{2, 1}) return false;
    if (prose_.sentence_has(m_.sentence, kComment)) return false;
    const Word& head = word(np_.head);
    const bool named = !np_.words.empty() && (np_.named || head.is(kResponse) || is_plural_noun());
    if (!np_.words.empty() && head.is(kRespondent | kResponse) && !followed_by_answer()) {
      const Word& done = word(np_.words.end + 1);  // "12 interviews were discarded"
      return !(done.is("discarded") || done.is("excluded") || done.is("removed") ||
               done.is("rejected"));
    }
    const bool votes = word(m_.words.end).is("votes") && previous().is(kReach);
    if (votes && prose_.sentence_has(m_.sentence, kSurveyNoun)) return true;
    if (named && takes_part()) return true;
    if (follows_invitation() || replied_of_them()) return true;
    const Word& whom = word(m_.words.end + 1);  // "its secretaries, 57 of whom replied"
    if (word(m_.words.end).is("of") && (whom.is("whom") || whom.is("which"))) {
      return participation(prose_, m_.words.end + 2, sentence_.end) != SIZE_MAX;
    }
    const Word& after = word(np_.words.end);
    if (np_.words.empty() && takes_part() &&
        (after.is(kTakesPart | kSurveyed) || after.is("who") || after.is("that"))) {
      return true;
    }
    if (np_.words.empty() && takes_part() && word(m_.words.end).is("(")) return true;
    const bool heard =
        previous().is("from") && (previous(2).is("heard") || previous(3).is("heard"));
    if (heard && (np_.words.empty() || named) && sentence_speaks_of_us()) return true;
    if (np_.words.empty() && takes_part() && (previous().is("when") || after.is("agreed")))
      return true;
    if (np_.words.empty() && after.is(kCopula) && word(m_.words.end + 1).is(kSurveyed)) return true;
    if (previous().is(kSurveyed) && word(m_.words.end).is("of")) return true;
    if (is_filled_in_by(named) || is_smaller_there() || (named && is_in_our_survey())) return true;
    const bool asked = word(np_.words.end).is("asked") || word(np_.words.end).is(kSurveyed);
    if (previous().is("of") && named && asked && m_.words.begin == sentence_.begin + 1) {
      return true;  // "Of 8,914 teachers asked in June, 37 per cent"
    }
    if (np_.words.empty() && word(m_.words.end).is("of")) return false;
    if (follows_preposition()) return true;
    if (follows_verb(named)) return named;
    return follows_another(named);
  }
  // "Only a handful of the 57 leaders in our survey"
  [[nodiscard]] bool is_in_our_survey() const {
    const size_t at = np_.words.end;
    return previous().is("the") && previous(2).is("of") && word(at).is("in") &&
           word(at + 1).is(kDeterminer) && word(at + 2).is(kSurveyNoun);
  }
  // "The form was filled in by just 34 people", "answered by 212 heads"
  [[nodiscard]] bool is_filled_in_by(bool named) const {
    if (!previous().is("by") || !named) return false;
    const Word& verb = previous(2).is("in") || previous(2).is("out") ? previous(3) : previous(2);
    return verb.is(kTakesPart) && !verb.is("taken");
  }
  // "There were 1,405 people who had paid for a ticket": of more who answered.
  [[nodiscard]] bool is_smaller_there() const {
    return previous().is(kCopula) && previous(2).is("there") && np_.narrowed &&
           head_ == Counted::kPeople && last_n() != nullptr;
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
    const bool people = p.is("of") && head_ == Counted::kPeople;
    const size_t far = p.is("among") || p.is("amongst") || people ? 9 : 6;
    const size_t noun = back(kSurveyNoun | kFindings | kResponse, far);
    if (noun == SIZE_MAX) {
      return previous(2).is("views") || previous(2).is("sample") || previous(2).is("opinions") ||
             previous(2).is("experience") || previous(2).is("experiences");
    }
    for (size_t i = noun + 1; i < m_.words.begin; ++i) {
      const Word& w = word(i);
      if (w.is("views") && !word(i + 1).is_number()) continue;  // "the views of 73,000 people"
      if (w.is_number() || w.is(kOpinion & ~kReach) || w.is("that")) {
        if (!w.is(kReach | kTakesPart) && !w.is("came")) return false;
      }
      const bool client = head_ == Counted::kPeople && p.is("of") && prose_.before(i).is("the");
      const bool name = w.capital && prose_.before(i).capital;  // "by Practice Weekly of 87 GPs"
      const bool named_after = w.capital && word(i + 1).capital;
      const bool other = w.noun == Counted::kOrganisations && !client && !name && !named_after;
      if (other || w.is(";")) return false;
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
  [[nodiscard]] bool follows_verb(bool named) const {
    const size_t surveyed = back(kSurveyed, 3);
    const Word& p = previous();
    if (surveyed != SIZE_MAX && (surveyed + 1 == m_.words.begin || p.is("of"))) return true;
    const Word& behind = word(np_.words.end);
    if (p.is("asked") && named &&
        (behind.is("about") || behind.is("whether") || behind.is("if") || behind.is("how") ||
         behind.is("what"))) {
      return true;
    }
    const bool spoke = ((previous(2).is("spoke") || previous(2).is("talked")) && p.is("to")) ||
                       (previous(2).is("heard") && p.is("from"));
    if (spoke && (named || head_ == Counted::kPeople) && researchers_speak()) return true;
    if (spoke && head_ == Counted::kPeople) {
      for (size_t at = m_.words.end; at < std::min(sentence_.end, m_.words.end + kFar); ++at) {
        const Word& w = word(at);
        if (w.is("phone") || w.is("telephone") || w.is("online") || w.is("face")) return true;
      }
    }
    if (p.is("asked") || spoke) {
      return prose_.sentence_has(m_.sentence, kSurveyNoun | kFindings) || surveyed != SIZE_MAX ||
             sentence_speaks_of_us();
    }
    const size_t verb = back(kReach, 4);
    if (verb == SIZE_MAX) return false;
    for (size_t i = verb + 1; i < m_.words.begin; ++i) {
      if (word(i).is_number() || word(i).is("that")) return false;
    }
    const bool involves = word(verb).is("involved") || word(verb).is("covered");
    for (size_t i = sentence_.begin; i < verb; ++i) {
      if (word(i).is(involves ? kSurveyNoun | kFindings : kSurveyNoun)) return true;
    }
    return (word(sentence_.begin).is("it") && word(np_.head).is(kResponse)) ||
           back(kResponse, 3) != SIZE_MAX;
  }
  // "Pollsters talked to", "The researchers spoke to", "when we heard from"
  [[nodiscard]] bool researchers_speak() const {
    const Word& who = previous(3);
    return who.is("we") || who.is("pollsters") || who.is("researchers") || who.is("interviewers") ||
           who.is("authors") || who.is("team");
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

  // "Thirty-three said", "only one respondent thought", "None of the leaders agreed"
  [[nodiscard]] bool is_answer() const {
    // "640 beds, 40 of them closed"
    const bool them = word(m_.words.end).is("of") && word(m_.words.end + 1).is(kPronoun);
    if (them && !before_.empty() && before_.back().claim.negative &&
        before_.back().claim.sentence == m_.sentence &&
        before_.back().claim.number.form == wording::Form::kCount) {
      return false;
    }
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
    const bool those = word(from).is("taking") && word(from + 1).is("part");
    if (those) from += 2;  // "33 of those taking part were confident"
    if (word(from).is("told")) return false;
    if (np_.words.empty() && !word(m_.words.end).is("of")) {
      const bool noun = word(from).text.ends_with('s') && word(from).is(kOpinion);  // "calls"
      if (noun && m_.phrase->quantifier == nullptr) return false;
      return word(from).is(kOpinion | kCopula | kAuxiliary) && (is_within_n() || said_at(from));
    }
    const bool alone = np_.words.empty();
    const bool asked_people = !alone && np_.named && head_ == Counted::kPeople;
    const bool negated = word(from).is("did") && word(from + 1).is("not");
    const bool said = said_at(from) || (negated && (alone || asked_people)) ||
                      (alone && word(from).text.size() > 4 && word(from).text.ends_with("ed"));
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
};

std::vector<Candidate> claims_of_count(const Prose& prose, size_t mention, const Before& before) {
  return {Counter(prose, mention, before).run()};
}

}  // namespace barometer::claims
