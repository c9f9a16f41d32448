// Numbers whose unit stands with a neighbour: "44 per cent; in primaries, 29", "The figure was 64
// last year", "ahead of parks on 77".
#include <algorithm>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"

namespace barometer::claims {
namespace {

using wording::Form;

constexpr size_t kSubject = 9;  // words between a figure's noun and its number

class Ellipsis {
 public:
  Ellipsis(const Prose& prose, size_t index, const Before& before)
      : prose_(prose),
        index_(index),
        m_(prose.mentions()[index]),
        before_(before.last),
        sentence_(prose.sentence(m_.sentence)) {}

  [[nodiscard]] bool is_share() const {
    const Ratio& value = m_.phrase->value;
    if (m_.phrase->quoted || m_.phrase->has_upper || m_.phrase->quantifier != nullptr) return false;
    if (Ratio{100, 1} < value || value < Ratio{1, 1} || !ends_here()) return false;
    if (previous().is("a") || previous().is("an") || previous().is("as"))
      return false;  // "rated it as a ten"
    const Candidate* last = last_figure();
    if (last == nullptr || last->claim.number.form != Form::kPercent) return false;
    const bool same = last->claim.sentence == m_.sentence;
    const bool next = last->block == m_.block && last->claim.sentence + 1 == m_.sentence;
    if (!same && !next) return false;
    if (is_level_of_figure() || is_pair() || goes_on()) return true;
    if (same && is_in_brackets(*last)) return true;
    if (previous().is("with") && previous(2).is("compares")) return true;
    return same && (is_compared() || is_listed() || is_behind_group());
  }

 private:
  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }
  [[nodiscard]] const Word& previous(size_t back = 1) const { return prose_.before(m_, back); }
  // The last number that a survey found, where no count or mean came between.
  [[nodiscard]] const Candidate* last_figure() const {
    for (size_t k = before_.size(); k-- > 0;) {
      const Candidate& f = before_[k];
      if (f.claim.negative || f.is_size() || f.claim.kind == ClaimKind::kChange) continue;
      return f.coverage ? nullptr : &f;
    }
    return nullptr;
  }
  // Is no noun counted?
  [[nodiscard]] bool ends_here() const {
    const Word& next = word(m_.words.end);
    if (next.text.empty() || m_.words.end >= sentence_.end) return true;
    const Word& inside = word(m_.words.end + 1);  // "against 11 (24 per cent)"
    if (next.is("(") && inside.is_number() && prose_.mentions()[inside.number].phrase->is_share()) {
      return false;
    }
    const bool mark = next.is(".") || next.is(",") || next.is(";") || next.is(")") ||
                      next.is("-") || next.is("--") || next.is("(");
    return mark || next.is("and") || next.is("in") || next.is("to") || next.is("for") ||
           next.is("among") || next.is("at") || next.is("when") || next.is("on") ||
           next.is("now") || next.is("this") || next.is("but") || next.is("a") || next.is("who") ||
           pole_of(next.text).scale > 0 || next.is(kPast) || next.is("the") || next.is("while");
  }
  // "Among men the figure was 79", "In 2019 it was only 41"
  [[nodiscard]] bool is_level_of_figure() const {
    size_t at = m_.words.begin;
    while (at > sentence_.begin && prose_.before(at).is(kAdverb)) --at;
    const Word& verb = prose_.before(at);
    const bool linked = verb.is(kCopula) || verb.is("stood") || verb.is("stands") ||
                        ((verb.is("at") || verb.is("to")) && moves(at - 1));
    if (!linked || at < sentence_.begin + 2) return false;
    const size_t begin = at - std::min(at - sentence_.begin, kSubject);
    for (size_t i = at - 1; i-- > begin;) {
      const Word& w = word(i);
      if (w.is_number() && !w.is(kPast) && w.text.size() != 4) return false;
      if (w.is("figure") || w.is("proportion") || w.is("share") || w.is("percentage") ||
          w.is("it") || w.is("that")) {
        return true;
      }
      if (w.is(";") || w.names_group()) return false;
    }
    return false;
  }
  // "it fell to 41", "the share stands at 41"
  [[nodiscard]] bool moves(size_t at) const {
    const Word& verb = prose_.before(at);
    return verb.is(kChangeVerb) || verb.is("stood") || verb.is("stands") || verb.is("was") ||
           verb.is("slipped") || verb.is("went") || verb.is("jumped");
  }
  // "pay (44 per cent), hours (31) and travel (12)"
  [[nodiscard]] bool is_in_brackets(const Candidate& last) const {
    if (!previous().is("(") || !word(m_.words.end).is(")")) return false;
    const bool bracketed = prose_.before(last.words.begin).is("(") && word(last.words.end).is(")");
    const bool of_count = last.words.begin > 1 && word(last.words.begin - 2).is_number();
    return bracketed && !of_count && m_.words.begin - last.words.end < 8 &&
           !previous(2).is_number();
  }
  // "the figures were 39, 41 and 20", "with 31 against and 16 undecided"
  [[nodiscard]] bool goes_on() const {
    if (before_.empty() || !(previous().is(",") || previous().is("and"))) return false;
    const Candidate& last = before_.back();
    const bool elliptical = !last.claim.negative && last.claim.number.elliptical &&
                            last.claim.number.form == Form::kPercent &&
                            last.claim.sentence == m_.sentence;
    return elliptical && m_.words.begin - last.words.end < 4;
  }
  // "only just: 47 to 44"
  [[nodiscard]] bool is_pair() const {
    const auto& mentions = prose_.mentions();
    const bool opens = previous().is(":") || previous().is("by");
    if (opens && word(m_.words.end).is("to") && index_ + 1 < mentions.size()) {
      const Mention& other = mentions[index_ + 1];
      return other.words.begin == m_.words.end + 1 && other.phrase->form == Form::kCount;
    }
    if (before_.empty() || !previous().is("to")) return false;
    const Candidate& last = before_.back();
    return last.words.end + 1 == m_.words.begin && last.claim.number.elliptical &&
           last.claim.number.form == Form::kPercent && !last.claim.negative;
  }
  // "against 31 last year", "compared with 31", "up from 22"
  [[nodiscard]] bool is_compared() const {
    const Word& p = previous();
    if (p.is("against") || p.is("versus") || p.is("v") || p.is("vs")) return true;
    if (p.is("with") && previous(2).is("compared")) return true;
    if (p.is("to") && previous(2).is("compared")) return true;
    if (p.is("from")) {
      return previous(2).is("up") || previous(2).is("down") || previous(2).is(kChangeVerb);
    }
    if (p.is("than") && previous(2).is(kPast)) return true;
    return p.is("to") && !before_.empty() && before_.back().words.end + 1 == m_.words.begin &&
           before_.back().claim.number.form == Form::kPercent;
  }
  // "ahead of parks on 77 and bin collections on 74"
  [[nodiscard]] bool is_listed() const {
    const Word& noun = previous(2);
    const bool named = (noun.capital && !noun.is_number()) ||
                       (!noun.text.empty() && noun.text[0] >= 'a' && noun.text[0] <= 'z' &&
                        !noun.is_number() && !noun.is(kFunction | kCopula | kAuxiliary));
    if (!named || !(previous().is("on") || previous().is("at"))) return false;
    const Word& next = word(m_.words.end);
    return next.text.empty() || next.is(".") || next.is(",") || next.is(";") || next.is("and") ||
           next.is(")");
  }
  // "; in primaries, 29", "and among women 31."
  [[nodiscard]] bool is_behind_group() const {
    const Word& next = word(m_.words.end);
    if (!(next.text.empty() || next.is(".") || next.is(";") || next.is(","))) return false;
    size_t at = m_.words.begin;
    if (previous().is(",")) --at;
    for (size_t i = at; i > sentence_.begin && at - i < 6; --i) {
      const Word& w = word(i - 1);
      if (w.is_number() || w.is(kOpinion | kCopula | kAuxiliary)) return false;
      const bool opens = w.is("in") || w.is("among") || w.is("amongst") || w.is("for");
      if (!opens) continue;
      const Word& mark = prose_.before(i - 1);
      return i < at &&
             (mark.is(";") || mark.is("and") || mark.is("but") || mark.is(",") || mark.is("while"));
    }
    return false;
  }

  const Prose& prose_;
  size_t index_;
  const Mention& m_;
  const std::vector<Candidate>& before_;
  WordRange sentence_;
};

// "44 per cent, up nine on last year", "narrowed from 14 points to nine"
bool are_points(const Prose& prose, const Mention& m, const Before& before) {
  if (m.phrase->quoted || m.phrase->has_upper || before.last.empty()) return false;
  const Candidate& last = before.last.back();
  if (last.claim.negative || last.claim.sentence != m.sentence) return false;
  const Word& next = prose.at(m.words.end);
  const bool ends = next.text.size() < 2 || next.is("on") || next.is("from") || next.is("since") ||
                    next.is("in") || next.is("compared") || next.is("and") || next.is(")");
  const Word& move = prose.before(m.words.begin);
  if (!ends) return false;
  if (last.is_share() && (move.is("up") || move.is("down"))) {
    const Word& opens =
        prose.at(m.words.begin - 2);  // "35% were satisfied with how he does (down 3)"
    const bool bracket = opens.is("(") && next.is(")");
    return m.words.begin - last.words.end < (bracket ? 12U : 4U);
  }
  return last.claim.kind == ClaimKind::kChange && move.is("to") &&
         last.words.end + 1 == m.words.begin;
}

}  // namespace

std::optional<Candidate> elliptical_points(const Prose& prose, size_t mention,
                                           const Before& before) {
  const Mention& m = prose.mentions()[mention];
  const bool number = m.phrase->form == Form::kCount || m.phrase->form == Form::kDecimal;
  if (!number || !are_points(prose, m, before)) return {};
  Candidate found = claim_of(prose, m, ClaimKind::kChange);
  found.claim.number.elliptical = true;
  const Word& move = prose.before(m.words.begin);
  found.claim.number.direction = move.is("up") ? 1 : move.is("down") ? -1 : 0;
  if (move.is("down") && found.claim.value) found.claim.value->digits *= -1;
  return found;
}

std::optional<Candidate> elliptical_share(const Prose& prose, size_t mention,
                                          const Before& before) {
  const Mention& m = prose.mentions()[mention];
  const bool number = m.phrase->form == Form::kCount || m.phrase->form == Form::kDecimal;
  if (!number || before.last.empty() || !Ellipsis(prose, mention, before).is_share()) return {};
  Candidate found = claim_of(prose, m, ClaimKind::kPercent);
  found.claim.number.form = Form::kPercent;
  found.claim.number.elliptical = true;
  found.claim.exact = found.claim.number.percent();
  return found;
}

// "53 per cent …, up 5 per cent from the survey before", "an increase of 7 per cent since June"
int moves_by(const Prose& prose, const Mention& m, const Before& before) {
  if (m.phrase->form != Form::kPercent || m.phrase->quoted || before.last.empty()) return 0;
  size_t back = before.last.size() - 1;  // past "over the next three months"
  while (back > 0 && before.last[back].claim.negative) --back;
  const Candidate& last = before.last[back];
  const bool near = last.is_share() && last.block == m.block && !last.coverage &&
                    last.claim.sentence + 1 >= m.sentence;
  if (!near || !(m.phrase->value < last.claim.number.value)) return 0;
  const Word& p = prose.before(m.words.begin);
  const Word& noun = p.is("of") ? prose.at(m.words.begin - 2) : p;
  const bool up = noun.is("up") || noun.is("increase") || noun.is("rise");
  const bool down = noun.is("down") || noun.is("decrease") || noun.is("drop") || noun.is("fall") ||
                    noun.is("decline");
  const bool named = noun.is("up") || noun.is("down") ? !p.is("of") : p.is("of");
  if (!named || (!up && !down)) return 0;
  const size_t end = std::min(prose.sentence(m.sentence).end, m.words.end + 5);
  for (size_t at = m.words.end; at < end; ++at) {
    const Word& w = prose.at(at);
    if (w.is("since") ||
        ((w.is("on") || w.is("from") || w.is("compared")) && !prose.at(at + 1).is_number())) {
      return up ? 1 : -1;
    }
    if (w.is(",") || w.is("to") || w.is_number()) return 0;
  }
  // "up 9% on the year before, while three-fifths (61%) …, up 10%."
  const bool again = std::ranges::any_of(before.last, [&](const Candidate& f) {
    return !f.claim.negative && f.claim.kind == ClaimKind::kChange &&
           f.claim.sentence == m.sentence;
  });
  if (again && prose.at(m.words.end).text.size() < 2) return up ? 1 : -1;
  return 0;
}

// "went up to 53 per cent": no bound.
bool goes_up_to(const Prose& prose, const Mention& m) {
  const Word& verb = prose.before(m.words.begin);
  return m.phrase->hedge->words == "up to" &&
         (verb.is("went") || verb.is("goes") || verb.is("gone") || verb.is("going") ||
          verb.is("moved") || verb.is("crept") || verb.is("edged") || verb.is(kCopula));
}

}  // namespace barometer::claims
