// What the words right beside a number decide, whatever it counts: a label, the reading of an
// index, a net rating, those a form was sent to, those who answered, an answer of some of them.
#include <algorithm>
#include <string>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"

namespace barometer::claims {
namespace {

using wording::Counted;
using wording::Form;

constexpr size_t kClause = 14;  // words of a clause that are looked at

// What a number after it is the name of.
bool names_label(const Word& word) {
  return word.is("section") || word.is("article") || word.is("clause") || word.is("schedule") ||
         word.is("chapter") || word.is("table") || word.is("chart") || word.is("figure") ||
         word.is("page");
}

class Place {
 public:
  Place(const Prose& prose, const Mention& m, const Before& before)
      : prose_(prose),
        m_(m),
        before_(before),
        sentence_(prose.sentence(m.sentence)),
        np_(prose.noun_phrase(m.words.end, sentence_.end)) {}

  std::optional<Candidate> run() {
    if (is_label()) return negative_of(prose_, m_, ClaimKind::kCount, "label");
    if (is_scale_end()) return negative_of(prose_, m_, ClaimKind::kMean, "scale");
    if (m_.phrase->form == Form::kMeasure) return mean_with_unit();
    if (is_signed() && !m_.phrase->quoted) return signed_rating();
    if (m_.phrase->form != Form::kCount || m_.phrase->quoted || m_.phrase->has_upper) return {};
    if (auto net = net_rating()) return net;
    if (is_index() || is_earlier_mean() || is_reading())
      return claim_of(prose_, m_, ClaimKind::kMean);
    if (prose_.sentence_has(m_.sentence, kComment)) return {};
    if (is_sent_to()) return sized(ClaimKind::kNInvited);
    if (is_owned_whole() || is_membership()) return sized(ClaimKind::kFrameN);
    if (is_source_of_all()) return sized(ClaimKind::kNOrganisations);
    if (auto part = numbering()) return part;
    if (is_some_of_them()) return sized(ClaimKind::kCount);
    return {};
  }

 private:
  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }
  [[nodiscard]] const Word& previous(size_t back = 1) const { return prose_.before(m_, back); }
  [[nodiscard]] size_t clause_first() const {
    return std::max(sentence_.begin, m_.words.begin - std::min(m_.words.begin, kClause));
  }
  [[nodiscard]] Candidate sized(ClaimKind kind) const {
    Candidate found = claim_of(prose_, m_, kind);
    if (!np_.words.empty()) found.of = np_;
    found.of_organisations = !np_.words.empty() && word(np_.head).noun == Counted::kOrganisations;
    return found;
  }
  // The respondents that were counted before this number, the most of them.
  [[nodiscard]] const Candidate* most() const {
    const Candidate* found = nullptr;
    for (const Candidate& f : before_.sizes) {
      if (f.claim.kind != ClaimKind::kN || !f.claim.value) continue;
      if (found == nullptr || found->claim.number.value < f.claim.number.value) found = &f;
    }
    return found;
  }

  // "the section 151 officer", "year 9 pupils"
  [[nodiscard]] bool is_label() const {
    const Word& first = word(m_.words.begin);
    const Word& p = previous();
    if (first.text.empty() || first.text[0] < '0' || first.text[0] > '9') return false;
    if (p.is("ftse") || p.is("fortune")) return m_.phrase->form == Form::kCount;
    if (names_label(p)) {
      return m_.phrase->value.denominator == 1 && !m_.phrase->is_share();
    }
    const bool stage = p.is("year") || p.is("grade") || p.is("band") || p.is("tier") ||
                       p.is("level") || p.is("stage");
    return stage && !word(m_.words.end).is("per") && m_.phrase->value < Ratio{20, 1} &&
           m_.phrase->form != Form::kPercent && word(m_.words.end).text.size() > 1 &&
           !word(m_.words.end).is(kFunction | kCopula | kAuxiliary | kOpinion);
  }
  // "where 1 is 'no confidence' and 10 is 'total confidence'", "with 10 being best"
  [[nodiscard]] bool is_named_end() const {
    const Word& is = word(m_.words.end);
    if (!is.is("is") && !is.is("means") && !is.is("being") && !is.is("meant")) return false;
    if (previous().is("where") || (previous().is("with") && is.is("being"))) return true;
    if (!previous().is("and") || before_.last.empty()) return false;
    const Candidate& last = before_.last.back();
    return last.claim.sentence == m_.sentence && last.claim.negative_reason == "scale";
  }
  // "7.8 marks out of ten"
  [[nodiscard]] bool is_scale_end() const {
    if (is_named_end()) return true;
    const bool scores = previous().is("to") && previous(2).is_number() && previous(3).is("of") &&
                        (previous(4).is("score") || previous(4).is("scores"));
    if (scores && m_.phrase->value.denominator == 1) return true;  // "a score of one to 10"
    if (!previous().is("of") || !previous(2).is("out")) return false;
    for (size_t at = m_.words.begin - 2; at > sentence_.begin && m_.words.begin - at < 6; --at) {
      const Word& w = word(at - 1);
      if (!w.is_number()) continue;
      const Form form = prose_.mentions()[w.number].phrase->form;
      return form == Form::kDecimal || form == Form::kScore;
    }
    return false;
  }
  // "work an average of 55 hours a week", "The average chair was 63 years old": what those asked
  // said of themselves.
  [[nodiscard]] std::optional<Candidate> mean_with_unit() const {
    if (m_.phrase->quoted || m_.phrase->has_upper) return {};
    if (is_length_of_interview() || word(m_.words.end).is("ago")) return {};
    if (continues_mean() || averages_behind() || is_said_of_week())
      return claim_of(prose_, m_, ClaimKind::kMean);
    for (size_t at = m_.words.begin; at > clause_first(); --at) {
      const Word& w = word(at - 1);
      if (w.is(";") || w.is_number() || w.is(kTarget)) return {};
      const bool counted = w.is("wait") || w.is("waits") || w.is("stay") || w.is("price") ||
                           w.is("rent") || w.is("delay") || w.is("salary");
      if (counted && !prose_.sentence_has(m_.sentence, kRespondent | kOpinion)) return {};
      const bool mean = w.is("mean") && w.is(kMeanWord);
      if (mean || w.is("average") || w.is("median") || w.is("averaged") ||
          (w.is("typical") && !word(at).is("week"))) {
        // "the average stay rose by three days" is a change
        if (previous().is("by") || previous().is("for") || previous().is("after")) return {};
        return claim_of(prose_, m_, ClaimKind::kMean);
      }
    }
    return {};
  }
  // "17.6 hours a month on average"
  [[nodiscard]] bool averages_behind() const {
    for (size_t at = m_.words.end; at < std::min(sentence_.end, m_.words.end + 7); ++at) {
      if (word(at).is(",") || word(at).is(";") || word(at).is_number()) return false;
      if (word(at).is("on") && word(at + 1).is("average")) return true;
    }
    return false;
  }
  // "Academics said they worked 50.3 hours in a typical week"
  [[nodiscard]] bool is_said_of_week() const {
    const Word& verb = previous();
    const bool work = verb.is("worked") || verb.is("work") || verb.is("working") ||
                      verb.is("spent") || verb.is("spend") || verb.is("slept");
    if (!work) return false;
    const bool typical = word(m_.words.end + 2).is("typical") ||
                         word(m_.words.end + 2).is("normal") ||
                         word(m_.words.end + 2).is("average");
    const bool they = previous(2).is("they") || previous(3).is("they");
    return typical && (they || prose_.sentence_has(m_.sentence, kRespondent | kGeneric));
  }
  // "Mean interview length was 11 minutes", "The form took an average of 14 minutes"
  [[nodiscard]] bool is_length_of_interview() const {
    if (!word(m_.words.end - 1).text.starts_with("minute")) return false;
    const size_t most = std::min(sentence_.end, m_.words.end + 2 * kClause);
    for (size_t at = clause_first(); at < most; ++at) {
      const Word& w = word(at);
      if (w.is("interview") || w.is("interviews") || w.is("questionnaire") || w.is("form") ||
          (w.is("survey") && word(at + 1).is("took"))) {
        return true;
      }
    }
    return false;
  }
  // "The average chair was 63 years old, had served for 3.9 years and …"
  [[nodiscard]] bool continues_mean() const {
    if (before_.last.empty()) return false;
    const Candidate& last = before_.last.back();
    if (last.claim.negative || last.claim.kind != ClaimKind::kMean) return false;
    if (last.claim.sentence != m_.sentence || m_.words.begin - last.words.end > 12) return false;
    for (size_t at = last.words.end; at < m_.words.begin; ++at) {
      if (word(at).is(";") || word(at).is("while") || word(at).is("after")) return false;
    }
    return last.claim.number.form == Form::kMeasure;
  }

  // "a net rating of minus 36"
  [[nodiscard]] std::optional<Candidate> net_rating() const {
    const bool minus = previous().is("minus");
    if (!minus && !previous().is("plus")) return {};
    for (size_t at = m_.words.begin - 1; at > sentence_.begin && m_.words.begin - at < 8; --at) {
      const Word& w = word(at - 1);
      if (w.is("or") || w.is_number()) return {};
      if (!w.is("net") && !w.is("balance")) continue;
      Candidate found =
          claim_of_words(prose_, m_, ClaimKind::kChange, {m_.words.begin - 1, m_.words.end},
                         minus ? -m_.phrase->value.numerator : m_.phrase->value.numerator);
      found.claim.number.direction = minus ? -1 : 1;
      return found;
    }
    return {};
  }
  // "at −25", "NET: +3": a sign that belongs to the number.
  [[nodiscard]] bool is_signed() const {
    const Word& sign = previous();
    if (!sign.is("-") && !sign.is("+")) return false;
    const Word& before = previous(2);
    return sign.end == word(m_.words.begin).begin && (before.end < sign.begin || before.is("("));
  }
  // Of what has a net figure; any other signed number is a temperature, a time or a grade.
  [[nodiscard]] std::optional<Candidate> signed_rating() const {
    bool net = false;
    const size_t near = m_.words.begin - std::min(m_.words.begin, 3 * kClause);
    for (size_t at = std::max(sentence_.begin, near); at < m_.words.begin; ++at) {
      const Word& w = word(at);
      net = net || w.is("net") || w.is("balance") || w.is("index") || w.is("score") ||
            w.is("rating") || w.is("ratings") || w.is("confidence") || w.is("sentiment") ||
            w.is("outlook") || w.is("optimism") || w.is("expectations") || w.is("reading") ||
            w.is("approval") || w.is("satisfaction") || w.is("trust");
    }
    for (const Candidate& f : before_.last) {
      net = net || (!f.claim.negative && f.claim.kind == ClaimKind::kChange && f.block == m_.block);
    }
    if (!before_.last.empty()) {  // "Labour 38% (-2)"
      const Candidate& last = before_.last.back();
      const bool share = last.is_share() || last.claim.kind == ClaimKind::kMean;
      net = net || (share && !last.claim.negative && previous(2).is("(") &&
                    last.words.end + 2 == m_.words.begin);
    }
    if (!net) return {};
    const bool minus = previous().is("-");
    const int64_t value = m_.phrase->value.numerator;
    Candidate found = claim_of_words(prose_, m_, ClaimKind::kChange,
                                     {m_.words.begin - 1, m_.words.end}, minus ? -value : value);
    found.claim.number.direction = minus ? -1 : 1;
    return found;
  }
  // "The farm sentiment index dropped to 118 from 132"
  [[nodiscard]] bool is_index() const {
    const Word& p = previous();
    const bool linked =
        p.is("to") || p.is("from") || p.is("at") || p.is(kCopula) || p.is("of") || p.is("reached");
    const Word& next = word(m_.words.end);
    const bool bare = next.text.empty() || next.text.size() == 1 || next.is(kFunction) ||
                      next.is(kPast) || next.is("this");
    if (!linked || !bare || m_.phrase->value.denominator != 1) return false;
    for (size_t at = m_.words.begin; at > clause_first(); --at) {
      if (!word(at - 1).is("index")) continue;
      for (size_t k = at - 1; k > sentence_.begin && at - k < 6; --k) {
        const Word& of = word(k - 1);
        if (of.is(kAttitude | kSurveyNoun) || of.is("sentiment") || of.is("climate")) return true;
      }
      return false;
    }
    return false;
  }

  // On a scale up to 100: "rated their confidence at 41 and 43", "from 48 in London to 73", "a 68
  // confidence rating"
  [[nodiscard]] bool is_reading() const {
    if (!before_.scaled || Ratio{100, 1} < m_.phrase->value || m_.phrase->value < Ratio{11, 1}) {
      return false;
    }
    const Word& p = previous();
    const Word& next = word(m_.words.end);
    const auto is_score = [](const Word& w) {
      return w.is("rating") || w.is("ratings") || w.is("score") || w.is("confidence") ||
             w.is("satisfaction") || w.is("rated") || w.is("scored");
    };
    if (p.is("a") && is_score(next)) return true;
    const bool bare = next.text.size() < 2 || next.is(kFunction | kPast);
    if (!bare || next.is("or") || next.is("of")) return false;
    if (!before_.last.empty() && (p.is("and") || p.is("to"))) {
      const Claim& last = before_.last.back().claim;
      const bool goes_on = !last.negative && last.kind == ClaimKind::kMean;
      if (goes_on && last.sentence == m_.sentence) return true;
    }
    if (!p.is("at") && !p.is("from") && !p.is("of") && !p.is("to") && !p.is("only")) return false;
    for (size_t at = m_.words.begin; at > sentence_.begin && m_.words.begin - at < 20; --at) {
      if (word(at - 1).is(";") || (word(at - 1).is_number() && word(at - 1).text != "a"))
        return false;
      if (is_score(word(at - 1))) return true;
    }
    return false;
  }
  // "55 hours a week (last year: 52)"
  [[nodiscard]] bool is_earlier_mean() const {
    if (before_.last.empty()) return false;
    const Candidate& last = before_.last.back();
    if (last.claim.number.form == Form::kMeasure && compares_mean()) return true;
    if (!previous().is(":")) return false;
    if (last.claim.negative || last.claim.kind != ClaimKind::kMean) return false;
    if (last.claim.sentence != m_.sentence || m_.words.begin - last.words.end > 8) return false;
    for (size_t at = last.words.end; at < m_.words.begin; ++at) {
      if (word(at).is("(")) return word(m_.words.end).is(")");
    }
    return false;
  }

  // "19 months, up from 14 in the 2015 survey", "51 hours a week, against 48 last year"
  [[nodiscard]] bool compares_mean() const {
    const Candidate& last = before_.last.back();
    if (last.claim.negative || last.claim.kind != ClaimKind::kMean) return false;
    if (last.claim.sentence != m_.sentence || m_.words.begin - last.words.end > 14) return false;
    const Word& p = previous();
    const bool compared = p.is("from") || p.is("against") || p.is("than") || p.is("previously") ||
                          (p.is("with") && previous(2).is("compared"));
    const Word& next = word(m_.words.end);
    return compared && (next.text.size() < 2 || next.is(kFunction | kPast | kPronoun));
  }
  // "Forms went out to 212 landlords", "was e-mailed to each of England's 353 councils", "put three
  // questions to the heads of all 136 trusts": those a survey was put to.
  [[nodiscard]] bool is_sent_to() const {
    size_t to = SIZE_MAX;
    for (size_t at = m_.words.begin; at > clause_first() && to == SIZE_MAX; --at) {
      const Word& w = word(at - 1);
      if (w.is("to")) to = at - 1;
      if ((w.is_number() && !names_label(prose_.before(at - 1))) || w.is(",") || w.is(";") ||
          w.is(kOpinion | kCopula | kAuxiliary)) {
        return false;
      }
    }
    if (to == SIZE_MAX || to == sentence_.begin) return false;
    const bool group = np_.named || (previous().is("all") && np_.words.empty()) ||
                       (!np_.words.empty() && word(np_.words.end - 1).text.ends_with('s'));
    if (!group) return false;
    for (size_t at = to; at > sentence_.begin && to - at < 6; --at) {
      const Word& w = word(at - 1);
      if (w.is("put") && asks(at, to)) return true;
      if (w.is("went") || w.is("go")) return is_form(at - 1);
      if (w.is(kInvite) && !w.is("written")) return sends(at - 1);
      const bool forms = w.is("questionnaires");
      if (w.is_number() && word(at).is("questions")) continue;
      if (w.is_number() || w.is("by") || w.is("from") || (w.is(kResponse) && !forms)) return false;
    }
    return false;
  }
  // "put three questions to": the words from … to
  [[nodiscard]] bool asks(size_t from, size_t to) const {
    for (size_t at = from; at < to; ++at) {
      if (word(at).is("questions") || word(at).is("question") || word(at).is(kSurveyNoun))
        return true;
    }
    return false;
  }
  // Is what went out, before `verb`, a survey?
  [[nodiscard]] bool is_form(size_t verb) const {
    for (size_t at = verb - std::min(verb - sentence_.begin, kClause); at < verb; ++at) {
      if (word(at).is(kSurveyNoun | kResponse) || word(at).is("forms") || word(at).is("form") ||
          word(at).is("it") || word(at).is("invitations")) {
        return true;
      }
    }
    return false;
  }
  // What was sent is a survey, or nothing that the sentence names.
  [[nodiscard]] bool sends(size_t verb) const {
    return is_form(verb) || asks(verb, m_.words.begin) || word(verb).is("wrote") ||
           word(verb + 1).is("questionnaires");
  }

  // "Sixty-four heads – just under half (47 per cent) of Universities UK's 136 members –"
  [[nodiscard]] bool is_owned_whole() const {
    const bool owned = previous().text.ends_with("'s") || previous().text.ends_with("s'");
    if (!owned || !np_.named || before_.last.empty()) return false;
    const Candidate& last = before_.last.back();
    if (last.claim.sentence != m_.sentence || last.claim.negative || !last.coverage) return false;
    for (size_t at = m_.words.begin; at > last.words.end; --at) {
      if (word(at - 1).is("of")) return true;
    }
    return false;
  }
  // "(the Federation has around 120,000 members)"
  [[nodiscard]] bool is_membership() const {
    const bool members = np_.named && word(np_.head).text == "members";
    const bool has = previous().is("has") || previous().is("represents") || previous().is("have");
    if (previous().is("with") && np_.named) {  // "the country's largest union with 3m educators"
      for (size_t back = 2; back < 5; ++back) {
        if (previous(back).is("union") || previous(back).is("association")) return true;
        if (previous(back).is(",") || previous(back).is(kSurveyNoun)) break;
      }
    }
    return members && has &&
           (prose_.sentence_has(m_.sentence, kTakesPart) ||
            prose_.sentence_has(m_.sentence, kSurveyNoun | kRespondent | kResponse));
  }
  // "17,216 officers from all 43 forces took part"
  [[nodiscard]] bool is_source_of_all() const {
    if (!previous().is("all") || np_.words.empty() || before_.last.empty()) return false;
    if (word(np_.head).noun != Counted::kOrganisations) return false;
    const bool from = previous(2).is("from") || previous(2).is("at") || previous(2).is("across");
    const Candidate& last = before_.last.back();
    return from && !last.claim.negative && last.claim.kind == ClaimKind::kN &&
           last.claim.sentence == m_.sentence && m_.words.begin - last.words.end < 6;
  }
  // "The deputies, who numbered 48,"
  [[nodiscard]] std::optional<Candidate> numbering() const {
    const bool leaves = previous().is("leaves") || previous().is("leaving");  // "That leaves 132"
    const Candidate* all = most();
    if (leaves && np_.named && all != nullptr && m_.phrase->value < all->claim.number.value) {
      return sized(ClaimKind::kNSub);
    }
    const bool numbers = previous().is("numbered") || previous().is("numbering");
    const bool whom = previous().is(kCopula) && previous(2).is("there") && previous(3).is("whom");
    if ((!numbers && !whom) || most() == nullptr) return {};
    size_t end = m_.words.begin - (whom ? 4 : 1);
    if (whom && prose_.before(end).is("of")) --end;
    while (end > sentence_.begin && (prose_.before(end).is("who") || prose_.before(end).is(",")))
      --end;
    const NounPhrase np = prose_.noun_phrase(sentence_.begin, end);
    if (np.words.empty() || np.words.end != end) return {};
    Candidate found = claim_of(prose_, m_, ClaimKind::kNSub);
    found.of = np;
    found.of->narrowed = false;
    return found;
  }

  // "Fifty-nine have approval …", "73 of them (80 per cent) had left", "12 of these lost more":
  // fewer than all that answered, in a sentence that says what they do.
  [[nodiscard]] bool is_some_of_them() const {
    const Candidate* all = most();
    if (all == nullptr || all->of_organisations || !(m_.phrase->value < all->claim.number.value)) {
      return false;
    }
    const Word& first = word(m_.words.end);
    const Word& of = word(m_.words.end + 1);
    const bool them = first.is("of") && (of.is("them") || of.is("these"));
    const bool opens = m_.words.begin == sentence_.begin || previous().is(";");
    if (!them && !opens) return false;
    if (them && before_.last.empty()) return false;
    size_t verb = them ? m_.words.end + 2 : m_.words.end;
    verb = past_asides(prose_, verb, sentence_.end);
    if (!them && verb == m_.words.end && !np_.words.empty()) return false;
    if (participation(prose_, verb, sentence_.end) != SIZE_MAX) return false;
    while (word(verb).is(kAdverb)) ++verb;
    const Word& w = word(verb);
    if (them) {
      return before_.last.back().claim.sentence == m_.sentence && !follows_things() &&
             (w.is(kAuxiliary | kCopula | kOpinion) || w.text.ends_with("ed"));
    }
    return w.is(kAuxiliary) && !w.is("did") && w.text.size() > 2;
  }
  // "30 beds, 12 of them closed"
  [[nodiscard]] bool follows_things() const {
    const Candidate& last = before_.last.back();
    return last.claim.negative;
  }

  const Prose& prose_;
  const Mention& m_;
  const Before& before_;
  WordRange sentence_;
  NounPhrase np_;
};

}  // namespace

std::optional<Candidate> claim_by_place(const Prose& prose, size_t mention, const Before& before) {
  const Mention& m = prose.mentions()[mention];
  const Form form = m.phrase->form;
  const bool open = form == Form::kCount || form == Form::kMeasure || form == Form::kScore ||
                    form == Form::kDecimal;
  if (!open) return {};
  return Place(prose, m, before).run();
}

}  // namespace barometer::claims
