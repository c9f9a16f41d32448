// "53 of the 94", "from 64 of the 211 CCGs": two numbers, where "four in five" is one.
#include <algorithm>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"

namespace barometer::claims {
namespace {

using wording::Counted;

// A number, and nothing that the survey found.
void deny(const char* reason, Candidate& candidate) {
  candidate.claim.negative = true;
  candidate.claim.negative_reason = reason;
}

class Portion {
 public:
  Portion(const Prose& prose, const Mention& m, const Before& before)
      : prose_(prose),
        m_(m),
        sentence_(prose.sentence(m.sentence)),
        np_(prose.noun_phrase(m.words.end, sentence_.end)),
        before_(before) {
    head_ = np_.words.empty() ? Counted::kUnknown : prose_.at(np_.head).noun;
    replied_ = participation(prose_, np_.words.end, sentence_.end);
    part_ = claim_of_words(prose_, m_, ClaimKind::kCount, part_words(), m_.phrase->value.numerator);
    all_ = claim_of_words(prose_, m_, ClaimKind::kNSub, all_words(), m_.phrase->out_of);
  }

  std::vector<Candidate> run() {
    if (!np_.words.empty()) all_.of = np_;
    part_.of = all_.of;
    const bool organisations = head_ == Counted::kOrganisations;
    if (head_ == Counted::kThings || (m_.phrase->quoted && !organisations)) {
      const char* reason = head_ == Counted::kThings ? "count of things" : "quotation";
      for (Candidate* f : {&part_, &all_}) deny(reason, *f);
      return {part_, all_};
    }
    const Word& before = prose_.before(m_.words.begin);
    const bool every = before.is("every") || before.is("each");
    if (of_those_who_replied()) {
      set(ClaimKind::kCount, is_less_than_n() ? ClaimKind::kNSub : ClaimKind::kN);
      all_.of_organisations = organisations;
    } else if ((organisations || head_ == Counted::kUnknown) && (covers(before) || replied())) {
      set(ClaimKind::kNOrganisations, ClaimKind::kFrameN);
    } else if (const bool came = came_from(before); !came && restates_n()) {
      set(ClaimKind::kN, follows_coverage() ? ClaimKind::kNInvited : ClaimKind::kFrameN);
    } else if (came || is_of_doers() || replied()) {
      set(ClaimKind::kN, placed() ? ClaimKind::kFrameN : ClaimKind::kNInvited);
    }
    if (all_.claim.kind == ClaimKind::kNSub && !is_less_than_n() && !np_.words.empty() &&
        !np_.narrowed && prose_.at(np_.head).is(kRespondent | kResponse)) {
      all_.claim.kind = ClaimKind::kN;  // "84 of the 129 replies"
    }
    deny_unsaid(every);
    return {part_, all_};
  }

 private:
  [[nodiscard]] size_t of() const {
    size_t at = m_.words.begin;
    while (at < m_.words.end && !prose_.at(at).is("of")) ++at;
    return at;
  }
  [[nodiscard]] WordRange part_words() const {
    size_t end = of();
    while (end > m_.words.begin && prose_.at(end - 1).is("out")) --end;
    return {m_.words.begin, end};
  }
  [[nodiscard]] WordRange all_words() const {
    size_t begin = of();
    while (begin < m_.words.end &&
           (prose_.at(begin).is("of") || prose_.at(begin).is(kDeterminer))) {
      ++begin;
    }
    return {begin, m_.words.end};
  }
  void set(ClaimKind part, ClaimKind all) {
    part_.claim.kind = part;
    part_.of_organisations = part == ClaimKind::kNOrganisations;
    all_.claim.kind = all;
  }

  [[nodiscard]] static bool covers(const Word& before) {
    return before.is("from") || before.is("in") || before.is("at") || before.is("across") ||
           before.is(kCovers);
  }
  [[nodiscard]] bool replied() const { return replied_ != SIZE_MAX; }
  // "Forty of the 63 trusts that answered said": those who answered are all.
  [[nodiscard]] bool of_those_who_replied() const {
    const Word& relative = prose_.at(np_.words.end);
    const bool participle = replied_ == np_.words.end && relative.is(kSurveyed);
    const bool opens =
        participle || relative.is("that") || relative.is("who") || relative.is("which");
    if (!replied() || !opens) return false;
    const Word& verb = prose_.at(replied_ + 1);  // "who replied lead associations …"
    if (verb.text.size() > 2 && !verb.is(kFunction | kDeterminer | kAdverb | kSurveyNoun) &&
        !verb.is_number()) {
      return true;
    }
    const size_t behind = past_asides(prose_, replied_ + 1, sentence_.end);  // ", or 44%,"
    return prose_.has_predicate(replied_ + 1, sentence_.end, 10) ||
           (behind > replied_ + 1 && prose_.has_predicate(behind, sentence_.end, 4));
  }
  // Were more counted before?
  [[nodiscard]] bool is_less_than_n() const {
    return std::ranges::any_of(before_.sizes, [&](const Candidate& f) {
      return f.claim.kind == ClaimKind::kN && f.claim.value &&
             f.claim.value->digits > m_.phrase->out_of;
    });
  }
  // "was returned by 71 of the 118 archdeacons"
  [[nodiscard]] bool is_of_doers() const {
    const size_t at = m_.words.begin;
    return at > sentence_.begin + 1 && prose_.before(at).is("by") &&
           prose_.at(at - 2).is(kTakesPart);
  }
  // "Responses were received from 77 of the 152 directors"
  [[nodiscard]] bool came_from(const Word& before) const {
    if (!before.is("from") || head_ != Counted::kPeople) return false;
    const size_t begin = m_.words.begin - std::min<size_t>(m_.words.begin - sentence_.begin, 8);
    for (size_t at = begin; at < m_.words.begin; ++at) {
      if (prose_.at(at).is(kResponse)) return true;
    }
    return false;
  }
  [[nodiscard]] bool follows_coverage() const {
    if (before_.last.empty()) return false;
    const Candidate& last = before_.last.back();
    return last.coverage && !last.claim.negative && last.claim.sentence == m_.sentence &&
           m_.words.begin - last.words.end < 3;
  }
  // "185 chairs (185 of 480 members)", "a response rate of 41 per cent (412 of 1,005)"
  [[nodiscard]] bool restates_n() const {
    if (!prose_.before(m_.words.begin).is("(")) return false;
    if (follows_coverage()) return true;
    for (const Candidate& f : before_.last) {
      if (f.claim.negative || f.claim.kind != ClaimKind::kN || !f.claim.value) continue;
      if (f.claim.sentence == m_.sentence && f.claim.value->digits == m_.phrase->value.numerator) {
        return true;
      }
    }
    return false;
  }
  // "of the 41 commissioners in England": all there are, and not only those who were asked.
  [[nodiscard]] bool placed() const {
    const size_t end = std::min(sentence_.end, np_.words.end + 8);
    for (size_t at = np_.words.end; at < end; ++at) {
      if (prose_.at(at).is(",") || prose_.at(at).is(kTakesPart)) return false;
      const bool in = prose_.at(at).is("in") || prose_.at(at).is("across");
      if (in && (prose_.at(at + 1).is(kPlace) || prose_.at(at + 2).is(kPlace))) return true;
    }
    return false;
  }
  // Is the number, or its noun, one of those that answered?
  [[nodiscard]] bool is_of_respondents_kind() const {
    return std::ranges::any_of(before_.sizes, [&](const Candidate& f) {
      if (f.claim.value && f.claim.value->digits == m_.phrase->out_of) return true;
      return f.of && !f.of->words.empty() &&
             same_kind(stem(prose_.at(f.of->words.end - 1).text),
                       stem(prose_.at(np_.words.end - 1).text));
    });
  }
  // "drawn on by 71 of the 112 treasurers", "among them 21 of the 24 London landlords": of those
  // who were counted, or of the kind that was asked.
  [[nodiscard]] bool is_of_respondents(const Word& before) const {
    if (!before.is("by") && !before.is("them") && !before.is("including")) return false;
    for (const Candidate& f : before_.sizes) {
      if (f.claim.value && f.claim.value->digits == m_.phrase->out_of) return true;
      if (!f.of || f.of->words.empty() || np_.words.empty()) continue;
      if (same_kind(stem(prose_.at(f.of->words.end - 1).text),
                    stem(prose_.at(np_.words.end - 1).text))) {
        return true;
      }
    }
    return false;
  }
  // "Thirty-seven of the 88 respondents (42 per cent) had been asked"
  [[nodiscard]] bool says_behind_aside() const {
    const size_t at = past_asides(prose_, np_.words.end, sentence_.end);
    if (at == np_.words.end) return false;
    return prose_.has_predicate(at, sentence_.end, 4) || acts(prose_, at);
  }
  // Numbers that nobody says anything of: "three of its 31 libraries".
  void deny_unsaid(bool every) {
    const Word& next = prose_.at(m_.words.end);
    const bool aside = next.is(")") || next.is("-") || next.is("--") || next.is(",");
    const Word& before = prose_.before(m_.words.begin);
    const bool compared = before.is("with") || before.is("against") || before.is("than");
    const bool said = head_ == Counted::kOrganisations || aside || compared || np_.narrowed ||
                      replied() || prose_.has_predicate(np_.words.end, sentence_.end, 10) ||
                      says_behind_aside() || is_of_respondents(before);
    // "Eight of the ten largest cities have such a zone": none of those asked
    const bool others = head_ == Counted::kUnknown && !np_.words.empty() && !np_.named &&
                        m_.phrase->out_of <= 12 && !is_of_respondents_kind();
    if (others) {
      deny("other count", part_);
      return deny("other count", all_);
    }
    if (every || (!said && part_.claim.kind == ClaimKind::kCount)) {
      deny(every ? "every one" : "other count", part_);
    }
    if (!said && !every && all_.claim.kind == ClaimKind::kNSub) deny("other count", all_);
  }

  const Prose& prose_;
  const Mention& m_;
  WordRange sentence_;
  NounPhrase np_;
  const Before& before_;
  Counted head_ = Counted::kUnknown;
  size_t replied_ = SIZE_MAX;  // the verb of taking part
  Candidate part_;
  Candidate all_;
};

}  // namespace

namespace {

// "one of the seven largest groups": no share of anything.
bool is_of_the_best(const Prose& prose, const Mention& m) {
  using wording::Form;
  const Word& degree = prose.at(m.words.end);
  const Word& p = prose.before(m.words.begin);
  const bool one_of = m.phrase->form == Form::kShare && m.phrase->value.numerator == 1 &&
                      prose.at(m.words.begin + 1).is("of");
  const bool there = p.is("in") || p.is("at") || p.is("from");  // "stayed in one of 137 trusts"
  return one_of && ((degree.text.size() > 5 && degree.text.ends_with("est")) ||
                    (there && m.phrase->out_of > 20));
}

}  // namespace

std::vector<Candidate> claims_of_portion(const Prose& prose, size_t mention, const Before& before) {
  const Mention& m = prose.mentions()[mention];
  if (is_of_the_best(prose, m)) {
    return {negative_of(prose, m, ClaimKind::kCount, "count of things")};
  }
  return Portion(prose, m, before).run();
}

// Is the number of the second part of "53 of the 94" a base, where that of "four in five" is none?
bool is_portion(const Prose& prose, const Mention& m) {
  using wording::Form;
  if (m.phrase->form != Form::kShare || m.phrase->out_of <= 1) return false;
  if (is_of_the_best(prose, m)) return true;
  bool of = false;
  bool out = false;
  bool article = false;
  for (size_t i = m.words.begin; i < m.words.end; ++i) {
    of = of || prose.at(i).is("of");
    out = out || prose.at(i).is("out");
    article = article || prose.at(i).is(kDeterminer);
  }
  if (!of) return false;
  const int64_t all = m.phrase->out_of;
  const bool round_base = all <= 10 || all == 20 || all == 100 || all == 1000;
  return article ? all > 10 || !out : !round_base;
}

// "the government's working majority is 148"
bool is_majority_of_seats(const Prose& prose, const Mention& m) {
  const Word& of = prose.before(m.words.begin);
  if (of.is("working") || of.is("commons") || of.is("parliamentary")) return true;
  const bool linked = prose.at(m.words.end).is("is") || prose.at(m.words.end).is("of") ||
                      prose.at(m.words.end).is("was");
  const Word& number = prose.at(m.words.end + 1);
  return linked && number.is_number() &&
         prose.mentions()[number.number].phrase->form == wording::Form::kCount;
}

}  // namespace barometer::claims
