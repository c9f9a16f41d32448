// Is a share the finding of a survey? A percentage is one unless something shows that it is not: a
// target, a cut of so much, a share of a budget. A fraction or "most" must show that it is.
#include <algorithm>
#include <optional>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"

namespace barometer::claims {
namespace {

using wording::Counted;
using wording::Form;

class Share {
 public:
  Share(const Prose& prose, const Mention& m)
      : prose_(prose), m_(m), sentence_(prose.sentence(m.sentence)) {}

  [[nodiscard]] std::string_view reason() const {
    if (is_quoted()) return "quotation";
    if (Ratio{100, 1} < m_.phrase->percent()) return "over a hundred";
    if (is_precision()) return "precision";
    if (is_rounding_note() || is_key_to_sign()) return "rounding";
    if (is_spread() || is_answer_in_bands()) return "range";
    if (is_signed()) return "net rating";
    const bool answer = lists_answers();
    if (!answer && is_target()) return "target";
    if (!answer && is_change()) return "change of an amount";
    const bool of_what = next().is("of") && next(1).is("what");  // "10 per cent of what they spend"
    if (of_what || is_of_resource() || opens_with_money()) return "share of an amount";
    if (is_object()) return "share of something";
    if (is_of_things()) return "share of something";
    if (is_treatment()) return "share of cases";
    if (previous().is("first") || previous().is("last")) return "share of something";
    if (is_bar()) return "threshold";
    if (is_stated_rate() || is_rate_of_something() || is_chance()) return "rate";
    return {};
  }

 private:
  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }
  [[nodiscard]] const Word& previous(size_t back = 1) const { return prose_.before(m_, back); }
  [[nodiscard]] const Word& next(size_t ahead = 0) const { return word(m_.words.end + ahead); }

  // Numbers people say are no results, unless they speak of a survey.
  [[nodiscard]] bool is_quoted() const {
    if (!m_.phrase->quoted) return false;
    if (!prose_.sentence_has(m_.sentence, kSurveyNoun | kRespondent)) return true;
    constexpr size_t kFar = 60;
    const size_t first = m_.words.begin - std::min(m_.words.begin - sentence_.begin, kFar);
    const size_t last = std::min(sentence_.end, m_.words.end + kFar);
    if (first > sentence_.begin || last < sentence_.end) return false;
    for (size_t at = first; at < last; ++at) {
      if (!word(at).is(kSurveyNoun | kRespondent)) continue;
      const Word& one = prose_.before(at);  // "one respondent wrote"
      const bool speaker = word(at).is(kRespondent) &&
                           (one.is("one") || one.is("a") || one.is("another") || one.is("third"));
      if (!speaker) return false;
    }
    return true;
  }
  // "95 per cent confidence", "a margin of error of plus or minus 3 per cent"
  [[nodiscard]] bool is_precision() const {
    if (next().is("confidence") || next().is("certainty") || next().is("ci")) return true;
    if (previous().is("of") && previous(2).is("interval")) return true;
    const bool at_level = next().is("level") && previous().is("the") && previous(2).is("at");
    if (at_level && m_.phrase->form == Form::kPercent) return true;  // "at the 95% level"
    const bool signed_off = previous().is("+") || previous().is("-") || previous().is("±");
    if (signed_off &&
        prose_.sentence_has(m_.sentence, kTarget | kSurveyNoun | kFindings) == false) {
      for (size_t at = sentence_.begin; at < m_.words.begin && m_.words.begin - at < 24; ++at) {
        if (word(at).is("margin") && word(at + 2).is("error")) return true;
      }
    }
    for (size_t i = m_.words.begin; i > sentence_.begin && m_.words.begin - i < 7; --i) {
      const bool error = word(i - 1).is("margin") && word(i + 1).is("error");
      if (error || word(i - 1).is("±")) return true;
      const bool stands_by = i == m_.words.begin || m_.words.begin - i < 3;
      if (word(i - 1).is("minus") && stands_by && word(i - 2).is("or")) return true;
    }
    return false;
  }
  // "Figures may not sum to 100 per cent"
  [[nodiscard]] bool is_rounding_note() const {
    if (m_.phrase->value != Ratio{100, 1}) return false;
    for (size_t i = m_.words.begin; i > sentence_.begin && m_.words.begin - i < 5; --i) {
      const Word& w = word(i - 1);
      if (w.is("sum") || w.is("add") || w.is("adds") || w.is("total") || w.is("equal") ||
          w.is("exceed") || w.is("sums")) {
        return true;
      }
    }
    return false;
  }
  // "An asterisk denotes less than 0.5 per cent"
  [[nodiscard]] bool is_key_to_sign() const {
    const Word& p = previous();
    return p.is("denotes") || p.is("denote") || p.is("signifies") || p.is("=") ||
           (p.is("means") && m_.words.begin - sentence_.begin < 7) ||
           (p.is("represents") && previous(2).is("asterisk"));
  }
  // "ranging from 2 to 9 per cent": of many values, and no share of people
  [[nodiscard]] bool is_spread() const { return m_.phrase->has_upper && previous().is("from"); }
  // "41 per cent said fewer forms, 33 per cent more doctors and 14 per cent pay": the next of a
  // list of answers, whatever its noun.
  [[nodiscard]] bool lists_answers() const {
    const Word& p = previous();
    if (m_.phrase->form != Form::kPercent || !(p.is(",") || p.is("and") || p.is(";"))) return false;
    if (next(1).is("than") || next().text.size() < 2 || !m_.phrase->hedge->words.empty())
      return false;
    const auto& mentions = prose_.mentions();
    const Mention* other = &m_;
    while (other != mentions.data() && other[-1].sentence == m_.sentence) {
      --other;
      if (!other->phrase->is_share()) return false;
      const Word& verb = word(other->words.end);
      const bool chosen = verb.is(kOpinion) || verb.is("blamed") || verb.is("chose");
      if (chosen && m_.words.begin - other->words.end < 30) return true;
    }
    return false;
  }
  // "50% said 25-50%, while just over 30% said up to 25%": what was answered, not how many.
  [[nodiscard]] bool is_answer_in_bands() const {
    const bool open = m_.phrase->has_upper || m_.phrase->hedge->words == "up to";
    if (!open || m_.phrase->form != Form::kPercent) return false;
    const Word& verb = previous();
    const bool said = verb.is("said") || verb.is("say") || verb.is("it") || verb.is("answered") ||
                      (verb.is("to") && previous(2).is("came"));
    return said && m_.words.begin > sentence_.begin + 2;
  }
  // "rated at -92% for net confidence"
  [[nodiscard]] bool is_signed() const {
    const Word& sign = previous();
    return m_.phrase->form == Form::kPercent && sign.is("-") &&
           sign.end == word(m_.words.begin).begin && previous(2).end < sign.begin &&
           previous(2).is(kFunction | kCopula);
  }
  [[nodiscard]] bool is_after_determiner() const {
    const Word& p = previous();
    return p.is("a") || p.is("an") || p.is("the") || p.is("their") || p.is("its") || p.is("this") ||
           p.is("that") || p.is("planned") || p.is("annual") || p.is("proposed") ||
           p.is("further") || p.is("of") || p.is("by") || p.is("with") || p.is("recent") ||
           p.is("than") || p.is("'s") || p.is("another") || p.is("our") || p.is("his") ||
           p.is("for") || p.is("to") || p.is("average");
  }
  // "a 20 per cent cut", "95 per cent target"
  [[nodiscard]] bool names(uint64_t classes) const {
    if (m_.phrase->form != Form::kPercent) return false;
    for (size_t ahead = 0; ahead < 2; ++ahead) {
      const Word& w = next(ahead);
      if (w.is("response") || w.is(kFunction | kCopula | kAuxiliary) || w.names_group())
        return false;
      if (w.is(classes)) {
        const bool verb = ahead > 0 || w.is(kChangeVerb | kOpinion);
        return !verb || is_after_determiner() || m_.phrase->hedge->words == "a further";
      }
      if (w.is(kOpinion) || w.text.empty() || w.text[0] < 'a' || w.text[0] > 'z') return false;
    }
    return false;
  }
  [[nodiscard]] bool is_target() const {
    if (names(kTarget)) return true;
    const size_t target = prose_.find_back(m_, m_.words.begin, kTarget, 4);
    if (target != SIZE_MAX && !word(target + 1).is(kOpinion)) {
      const Word& p = previous();
      if (p.is("of") || p.is("at") || p.is(kCopula) || p.is("to") || target + 1 == m_.words.begin) {
        return true;
      }
    }
    const Word& p = previous();
    if (p.is("recommends") || p.is("recommended")) return true;
    const bool reach = p.is("reach") || p.is("hit") || p.is("achieve") || p.is("meet") ||
                       p.is("exceed") || p.is("deliver");
    if (reach && previous(2).is("to")) return true;
    if (p.is(kOpinion) && next().is("of") && word(of().words.end).is("to")) return true;
    if (is_needed()) return true;
    const bool wished = p.is("be") && previous(2).is("to") && !previous(3).is("found") &&
                        !previous(3).is("used") && !previous(3).is("reported") &&
                        !previous(3).is("estimated");
    if (wished) return true;  // "wants it to be 12 per cent"
    const bool must = p.is(kMust) || previous(2).is(kMust) || previous(3).is(kMust);
    if (!must || previous(2).is(",")) return false;
    const size_t opinion = prose_.find_back(m_, m_.words.begin, kOpinion, 3);
    return opinion == SIZE_MAX && !p.is(",");
  }
  // "A strike needs 50 per cent"; "few of their needs, while 27 per cent say" needs nothing.
  [[nodiscard]] bool is_needed() const {
    for (size_t at = m_.words.begin; at > sentence_.begin && m_.words.begin - at < 6; --at) {
      const Word& w = word(at - 1);
      if (w.is("needs") || w.is("requires")) {
        return !prose_.before(at - 1).is(kDeterminer) && !prose_.before(at - 1).is("few");
      }
      if (w.is(",") || w.is(";") || w.is("and") || w.is("while")) return false;
    }
    return false;
  }
  // "the drop would be between 50% and 75%", "to be down on plans by more than 75%"
  [[nodiscard]] bool is_size_of_change() const {
    const Word& p = previous();
    size_t noun = 2;
    while (noun < 4 && previous(noun).is(kAuxiliary)) ++noun;
    const bool open = m_.phrase->has_upper || m_.phrase->hedge->words == "up to";
    if (open && p.is(kCopula) && previous(noun).is(kChangeNoun)) return true;
    if (!p.is("by")) return false;
    for (size_t back = 2; back < 9; ++back) {
      if (previous(back).is(",") || previous(back).is_number()) return false;
      if (previous(back).is("down") || previous(back).is("up")) {
        return previous(back + 1).is(kCopula) || previous(back + 1).is("go");
      }
    }
    return false;
  }
  [[nodiscard]] bool is_change() const {
    if (names(kChangeNoun) || is_size_of_change()) return true;
    const Word& p = previous();
    if (p.is("by") && prose_.find_back(m_, m_.words.begin, kChangeVerb, 14) != SIZE_MAX) {
      return !is_passive_answer() && !is_doing();
    }
    if (p.is(kChangeVerb) && !p.is(kCopula)) return !is_label_of_line();
    const Word& n = next();
    if (n.is("less") || n.is("more") || n.is("lower") || n.is("higher") || n.is("fewer") ||
        n.is("cheaper") || n.is("off") || n.is("below") || n.is("above")) {
      const Word& than = next(2);  // "and 4 per cent more than a year"
      const bool time =
          p.is("and") && next(1).is("than") && (than.is("a") || than.is("an") || than.is_number());
      const bool listed =
          (p.is("and") || p.is(",")) && (next(1).is(".") || next(1).is(",") || time);
      return !compares_answers(next(1)) &&
             !listed;  // "27 per cent four hours, and 20 per cent less"
    }
    if (p.is("to") && (previous(2).is("amounts") || previous(2).is("amounted"))) return true;
    if (p.is("by") && (previous(2).is("up") || previous(2).is("down"))) return true;
    const Word& amount = previous(previous(2).is(",") ? 3 : 2);  // "by £1.1bn, or 71%"
    if (p.is("or") && amount.is_number()) {
      const Form form = prose_.mentions()[amount.number].phrase->form;
      if (form == Form::kMoney || form == Form::kMeasure) return true;
    }
    const bool average = previous(2).is(kChangeNoun) && previous(3).is("average");
    if (p.is(kCopula) && average) return true;  // "the average cut was 9 per cent"
    const bool made_up = p.is("up") && (previous(2).is("made") || previous(2).is("make") ||
                                        previous(2).is("makes") || previous(2).is("making"));
    if (made_up) return false;  // "chairs made up 29 per cent of the sample"
    if ((p.is("up") || p.is("down")) && !next().is(kOpinion)) return true;
    const bool linked = p.is("of") || p.is("at") || p.is("around") || p.is("about");
    if (!linked) return false;
    const Word& noun = previous(2);
    return noun.is(kChangeNoun) && !noun.is("rate");
  }
  // "Cut posts: 41%", "grow   22%": what the line says, and its number.
  [[nodiscard]] bool is_label_of_line() const {
    if (!prose_.ends_line(m_.words.end - 1)) return false;
    for (size_t at = m_.words.begin; at > sentence_.begin && m_.words.begin - at < 8; --at) {
      if (prose_.starts_line(at - 1)) return true;
    }
    return false;
  }
  // "services were reduced by 55 per cent of directors, clinics by 38 per cent": who did so.
  [[nodiscard]] bool is_doing() const {
    if (of().named && next().is("of")) return true;
    const auto& mentions = prose_.mentions();
    for (const Mention* other = &m_;
         other != mentions.data() && other[-1].sentence == m_.sentence;) {
      --other;
      if (!other->phrase->is_share()) continue;
      const size_t end = other->words.end;
      const bool by = prose_.before(other->words.begin).is("by") && word(end).is("of");
      if (by && prose_.noun_phrase(end + 1, sentence_.end).named) return true;
    }
    return false;
  }
  // "8 per cent less often", "20 per cent more confident": degrees of an answer.
  [[nodiscard]] static bool compares_answers(const Word& degree) {
    return degree.is("often") || degree.is("frequently") || degree.is("likely") ||
           degree.is("regularly") || degree.is(kAttitude) || pole_of(degree.text).scale > 0 ||
           degree.text.ends_with("ly") || degree.is("so");
  }
  // "an increase was expected by 40 per cent"
  [[nodiscard]] bool is_passive_answer() const {
    return previous(2).is(kOpinion) && !previous(2).is(kChangeVerb);
  }

  [[nodiscard]] NounPhrase of() const {
    const size_t at = m_.words.end;
    if (word(at).is("of") || word(at).is("in")) return prose_.noun_phrase(at + 1, sentence_.end);
    return m_.phrase->form == Form::kPercent ? NounPhrase{} : prose_.noun_phrase(at, sentence_.end);
  }
  [[nodiscard]] bool answers_follow(size_t from) const {
    for (size_t i = from; i < std::min(sentence_.end, from + 4); ++i) {
      if (word(i).is(kOpinion)) return true;
      if (word(i).is(",") || word(i).is("who")) continue;
      if (!word(i).is(kAdverb | kAuxiliary)) return false;
    }
    return false;
  }
  // "of plastic waste is recycled", "of electricity comes from wind": what is one, and no people.
  [[nodiscard]] bool is_mass(const NounPhrase& np) const {
    const Word& last = word(np.words.end - 1);
    const Word& verb = word(np.words.end);
    const bool one = verb.is("is") || verb.is("comes") || verb.is("goes") || verb.is("has");
    if (!one || np.named || last.text.ends_with('s') || last.capital) return false;
    return !last.is(kGeneric | kRespondent | kWhole | kSurveyNoun) && !last.is("sample") &&
           !last.is("staff") && !last.is("workforce") && !last.is("profession") &&
           !last.is("panel") && !last.is("electorate");
  }
  // "would re-hire 75 per cent of their workforce": what somebody does with part of their own.
  [[nodiscard]] bool is_own_part(const NounPhrase& np) const {
    const Word& whose = next(1);
    const Word& p = previous();
    const bool own = whose.is("their") || whose.is("its") || whose.is("your");
    const bool ends = word(np.words.end).text.size() < 2 || word(np.words.end).is("in");
    const bool object = p.text.size() > 2 && !p.is(kFunction) && !p.is_number();
    return own && ends && object && m_.words.begin > sentence_.begin + 2 &&
           !answers_follow(np.words.end);
  }
  // "20 per cent of their budget", "half of the £60bn"
  [[nodiscard]] bool is_of_resource() const {
    if (!next().is("of")) return false;
    size_t at = m_.words.end + 1;
    while (word(at).is(kDeterminer)) ++at;
    if (word(at).is_number()) {
      const Form form = prose_.mentions()[word(at).number].phrase->form;
      return form == Form::kMoney || form == Form::kMeasure || form == Form::kTime;
    }
    const NounPhrase np = of();
    if (np.words.empty()) return word(at).is(kResource);  // "of the vote"
    const Word& last = word(np.words.end - 1);
    if (is_mass(np) || is_own_part(np)) return true;
    if (last.is(kSurveyNoun | kRespondent | kResponse) || last.names_group()) return false;
    for (size_t i = np.words.begin; i + 1 < np.words.end;
         ++i) {  // "of next year's turnover secured"
      const bool owned = i > np.words.begin && word(i - 1).text.ends_with("'s");
      if (owned && word(i).is(kResource)) return true;
    }
    return last.is(kResource) && !answers_follow(np.words.end);
  }
  // "Of the £2bn, 30 per cent will go to councils"
  [[nodiscard]] bool opens_with_money() const {
    if (!word(sentence_.begin).is("of")) return false;
    size_t at = sentence_.begin + 1;
    while (word(at).is(kDeterminer)) ++at;
    return word(at).is_number() && prose_.mentions()[word(at).number].phrase->form == Form::kMoney;
  }
  // "two million calls, 40 per cent of them at weekends"
  [[nodiscard]] bool is_of_things() const {
    const Word& them = word(m_.words.end + 1);
    if (!next().is("of") || !(them.is("them") || them.is("these"))) return false;
    for (size_t i = m_.words.begin; i > sentence_.begin;) {
      --i;
      if (!(m_.words.begin - i < 12)) break;
      if (!word(i).is_number()) continue;
      const wording::NumberPhrase& count = *prose_.mentions()[word(i).number].phrase;
      return count.form == Form::kCount && count.counted != Counted::kPeople &&
             count.hedge->words != "over" && count.hedge->words != "under" &&
             count.counted != Counted::kOrganisations && count.counted != Counted::kAnswers &&
             !word(i + 1).names_group() && !word(i + 1).is(kTakesPart);
    }
    return false;
  }
  // "The regulator rated 60 per cent of homes good": somebody else's doing.
  [[nodiscard]] bool is_object() const {
    const Word& p = previous();
    return p.is("rated") || p.is("judged") || p.is("rates") || p.is("judges") || p.is("graded") ||
           p.is("inspected") || p.is("fined") || p.is("closed") || p.is("treated") ||
           p.is("spends") || p.is("spent") || p.is("employs") || p.is("handle") ||
           p.is("handles") || p.is("handled") || p.is("control") || p.is("controls") ||
           p.is("supply") || p.is("supplies") || p.is("produce") || p.is("produces") ||
           p.is("hold") || p.is("holds") || p.is("own") || p.is("paid") || p.is("owns") ||
           p.is("pays") ||
           (next().is("of") && (next(1).is("its") || next(1).is("their")) &&
            (p.is("lost") || p.is("gained") || p.is("shed")));
  }
  // "95 per cent of patients were seen within four hours"
  [[nodiscard]] bool is_treatment() const {
    const NounPhrase np = of();
    if (np.words.empty() || !word(np.words.end - 1).is(kPatient)) return false;
    for (size_t i = np.words.end; i < std::min(sentence_.end, np.words.end + 5); ++i) {
      if (word(i).is(kTreated) || word(i).is(kMust)) return true;
      if (word(i).is(kOpinion)) return false;
    }
    return next().is("in") || word(np.words.end - 1).is("cases") ||
           prose_.sentence_has(m_.sentence, kTarget);
  }
  // "12 trusts below 80 per cent": what they are sorted by
  [[nodiscard]] bool is_bar() const {
    using enum wording::Relation;
    const wording::Relation relation = m_.phrase->hedge->relation;
    const bool bounded = relation == kOver || relation == kUnder;
    const bool words = m_.phrase->hedge->words == "below" || m_.phrase->hedge->words == "above" ||
                       m_.phrase->hedge->words == "under" || m_.phrase->hedge->words == "over";
    return bounded && words && previous().noun == Counted::kOrganisations;
  }
  // "put the chance of a recession at 56 per cent"
  [[nodiscard]] bool is_chance() const {
    if (!previous().is("at") && !previous().is(kCopula)) return false;
    for (size_t back = 2; back < 9; ++back) {
      const Word& w = previous(back);
      if (w.is("chance") || w.is("chances") || w.is("probability") || w.is("likelihood") ||
          w.is("odds")) {
        return true;
      }
      if (w.is_number() || w.is(",")) return false;
    }
    return false;
  }
  // "inflation at 3 per cent", "turnout was 12 per cent"
  [[nodiscard]] bool is_stated_rate() const {
    const Word& p = previous();
    if (previous(2).is("figure") && previous(3).is("national") && p.is("of")) return true;
    const bool linked = p.is(kCopula) || p.is("at") || p.is("hit") || p.is("reached") ||
                        p.is("exceeded") || p.is("to") || p.is("from");
    if (!linked) return false;
    if (previous(2).is("rate") && (previous(3).is("bank") || previous(3).is("interest") ||
                                   previous(3).is("base") || previous(3).is("vacancy"))) {
      return true;
    }
    for (size_t back = 2; back < 6; ++back) {
      const Word& w = previous(back);
      if (w.is("response") || w.is(kRespondent) || previous(back + 1).is("response")) return false;
      if (w.is("proportion") || w.is("share") || w.is("figure") || w.names_group()) return false;
      if (w.is(kRate)) {
        return true;
      }
    }
    return false;
  }

  // "Bed occupancy averaged 97 per cent." in a paragraph where nobody is asked or answers.
  [[nodiscard]] bool is_rate_of_something() const {
    const Word& p = previous();
    const bool linked = p.is(kCopula) || p.is("at") || p.is("to") || p.is("averaged") ||
                        p.is("reached") || p.is("hit") || p.is("totalled");
    const Word& n = next();
    const bool ends = n.text.empty() || n.is(".") || n.is(",") || n.is("in") || n.is("and") ||
                      n.is("this") || n.is("last") || n.is(";");
    if (!linked || !ends || m_.phrase->form != Form::kPercent) return false;
    if (previous(2).is(",") && n.is(",")) return false;  // "Independents, at 56%, fall in between"
    if (prose_.block_has(m_.block, kSurveyNoun | kRespondent | kGeneric)) return false;
    for (size_t i = sentence_.begin; i < m_.words.begin; ++i) {
      if (word(i).is(kAttitude) || word(i).names_group() || word(i).is_number()) return false;
      if (pole_of(word(i).text).scale > 0 && !word(i).is(kChangeVerb)) return false;
    }
    return m_.words.begin > sentence_.begin;
  }

  const Prose& prose_;
  const Mention& m_;
  WordRange sentence_;
};

}  // namespace

std::string_view not_asked(const Prose& prose, const Mention& mention) {
  return Share(prose, mention).reason();
}

namespace {

// "two thirds of readers want": people whose name is no word of ours, who answer.
bool says_unnamed(const Prose& prose, const Mention& mention, const NounPhrase& of) {
  const WordRange sentence = prose.sentence(mention.sentence);
  NounPhrase np = of;
  if (np.words.empty()) {
    const bool linked = prose.at(mention.words.end).is("of");
    np = prose.noun_phrase(mention.words.end + (linked ? 1U : 0U), sentence.end);
  }
  if (np.named || np.words.empty()) return false;
  const Word& last = prose.at(np.words.end - 1);
  const bool visitors = last.is("visitors") && prose.before(np.words.end - 1).is("health");
  if (!last.text.ends_with('s') || (last.is(kResource | kPatient) && !visitors)) return false;
  size_t verb = np.words.end;
  const bool short_form = prose.at(verb).is("(") && prose.at(verb + 2).is(")");
  if (short_form && !prose.at(verb + 1).is_number()) verb += 3;  // "specialty trainees (HSTs) say"
  if (prose.at(verb).is(",") || prose.at(verb).is("(")) {  // "half of their deputies, 48 per cent"
    return prose.at(verb + 1).is_number();
  }
  while (verb < sentence.end && prose.at(verb).is(kAdverb | kAuxiliary)) ++verb;
  return prose.at(verb).is(kOpinion) || prose.at(verb).is("meant") ||
         (visitors && prose.at(verb).is("work"));
}

// "a quarter of you", "found two-thirds in favour", "pleasing fewer than one in five."
bool answers_by_words_beside(const Prose& prose, const Mention& mention) {
  const size_t end = mention.words.end;
  const WordRange sentence = prose.sentence(mention.sentence);
  const bool quantifier = mention.phrase->form == Form::kQuantifier;
  const Word& before = mention.words.begin > sentence.begin ? prose.before(mention.words.begin)
                                                            : prose.at(SIZE_MAX - 1);
  const Word& behind = prose.at(end);
  if (behind.is("of") &&
      (prose.at(end + 1).is("responding") || prose.at(end + 1).is("participating"))) {
    return true;
  }
  if (behind.is("of") && (prose.at(end + 1).is("you") || prose.at(end + 1).is("whom"))) return true;
  if ((behind.is("in") && (prose.at(end + 1).is("favour") || prose.at(end + 1).is("agreement"))) ||
      behind.is("opposed") || behind.is("against") || behind.is("opting") || behind.is("happy")) {
    return true;
  }
  const bool ends = behind.text.empty() || behind.is(".") || behind.is(",") || behind.is(";");
  const bool share = mention.phrase->form == Form::kShare;
  if (ends && share && before.text.size() > 5 && before.text.ends_with("ing")) return true;
  const bool figure = prose.at(mention.words.begin - 2).is("it") ||
                      prose.at(mention.words.begin - 2).is("figure") ||
                      prose.at(mention.words.begin - 2).is("proportion");
  if (ends && before.is(kCopula) && figure && !quantifier) return true;
  const bool first = share && mention.words.begin == sentence.begin;
  if (first && behind.text.size() > 5 && behind.text.ends_with("ally")) return true;
  const bool title = prose.document().blocks[mention.block].kind == BlockKind::kTitle;
  if (title && share && mention.words.begin == sentence.begin && !behind.is("of")) return true;
  if (behind.is("of") && (prose.at(end + 2).is("sample") || prose.at(end + 1).is("respondents"))) {
    return true;
  }
  const Word& after_verb =
      prose.at(end + 1);  // "One in four means to leave", "A third run their own"
  const bool singular = share && behind.text.size() > 3 && behind.text.ends_with('s') &&
                        !behind.is(kResource | kPatient) &&
                        (after_verb.is("to") || after_verb.is("that") ||
                         after_verb.is(kDeterminer) || after_verb.is("no"));
  return singular || (!quantifier && acts(prose, end) && !behind.is(kResource));
}

// "nearly nine in ten (88 per cent)", "more than half - 54 per cent -"; nothing when the words
// leave it open.
std::optional<bool> stands_beside_number(const Prose& prose, size_t end) {
  if (prose.at(end).is("(") && prose.at(end + 1).is_number()) return true;
  const bool dash = prose.at(end).is("-") || prose.at(end).is("--");
  const bool marked = dash || prose.at(end).is(",") || prose.at(end).is(":");
  if (!marked) return std::nullopt;
  if (prose.at(end + 1).is("at") && prose.at(end + 2).is_number()) {
    return prose.mentions()[prose.at(end + 2).number].phrase->is_share();  // "a third, at 34%,"
  }
  if (!prose.at(end + 1).is_number()) return std::nullopt;
  const wording::NumberPhrase& beside = *prose.mentions()[prose.at(end + 1).number].phrase;
  const bool people = prose.at(end).is(",") && beside.counted == Counted::kPeople;
  const bool found = beside.is_share() || ((dash || people) && beside.form == Form::kCount);
  return found ? std::optional(true) : std::nullopt;
}

}  // namespace

bool speaks_of_answers(const Prose& prose, const Mention& mention, const NounPhrase& of) {
  const WordRange sentence = prose.sentence(mention.sentence);
  const size_t end = mention.words.end;
  const bool quantifier = mention.phrase->form == Form::kQuantifier;
  const Word& before = mention.words.begin > sentence.begin ? prose.before(mention.words.begin)
                                                            : prose.at(SIZE_MAX - 1);
  if (before.is(kCovers)) return false;   // "represents the majority of CCGs"
  if (before.is("random")) return false;  // "a random half of the sample was asked"
  // Of a number: "two-thirds of the 36 trusts which replied".
  size_t at = end;
  while (prose.at(at).is("of") || prose.at(at).is("the")) ++at;
  if (at > end && prose.at(at).is_number()) {
    return prose.mentions()[prose.at(at).number].phrase->form == Form::kCount &&
           !prose.at(at).is("a");  // "a quarter of a million"
  }
  if (answers_by_words_beside(prose, mention)) return true;
  if (before.is("did") && (of.named || !of.words.empty())) return true;  // "as did a third of them"
  const bool grouped = of.named || of.pronoun;
  const size_t after = grouped ? of.words.end : end;
  if (grouped && (of.narrowed || prose.has_predicate(after, sentence.end))) return true;
  if (says_unnamed(prose, mention, of)) return true;
  if (quantifier) return prose.has_predicate(end, sentence.end, 2) && !grouped;
  if (grouped) return true;
  if (prose.at(end).is("of") || prose.at(end).is("the")) return false;
  if (const auto marked = stands_beside_number(prose, end)) return *marked;
  // "a third said", "by half", "and half once a week", "for two thirds"
  size_t verb = end;
  while (verb < end + 2 && prose.at(verb).is(kAdverb)) ++verb;
  if (prose.has_predicate(verb, sentence.end, 1)) return true;
  const Word& moved = prose.at(mention.words.begin - 2);  // "up from a third in the spring"
  if (before.is("from") && (moved.is("up") || moved.is("down"))) return true;
  return before.is("by") || before.is("for") || before.is(",") || before.is("and") ||
         before.is("but") || (before.is("or") && prose.at(mention.words.begin - 2).is(",")) ||
         before.is("while") || before.is("with") || before.is(":") || before.is("to") ||
         before.is("(") || before.is("-") || before.is("--");
}

}  // namespace barometer::claims
