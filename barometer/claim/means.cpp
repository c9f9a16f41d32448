// Which numbers are means of what people answered, and which multiples compare shares of them.
#include <algorithm>

#include "barometer/claim/article_internal.h"

namespace barometer::claims {
namespace {

using wording::Form;

constexpr size_t kFar = 40;  // words before a number that may say what it is

class Means {
 public:
  Means(const Prose& prose, const Before& before) : prose_(prose), before_(before) {}

  [[nodiscard]] bool is_score(const Mention& m) const {
    return prose_.find_back(m, m.words.begin, kMeanWord, 14) != SIZE_MAX ||
           prose_.find(m, m.words.end, kMeanWord, 6) != SIZE_MAX || follows_mean(m) ||
           is_labelled_mean(m) || is_on_scale(m) || (before_.scaled && is_of_attitude(m)) ||
           m.phrase->form == Form::kScore;
  }
  // "On average, firms predict that prices will go up by 3.4 per cent. They forecast 4.9 per cent
  // in the winter": what those asked expect, and no share of them.
  [[nodiscard]] bool is_mean_percent(const Mention& m) const {
    if (m.phrase->form != Form::kPercent || m.phrase->quoted) return false;
    const WordRange sentence = prose_.sentence(m.sentence);
    bool average = false;
    bool foreseen = false;
    const size_t near = m.words.begin - std::min(m.words.begin, kFar);
    for (size_t at = std::max(sentence.begin, near); at < m.words.begin; ++at) {
      const Word& word = prose_.at(at);
      average = average || word.is("average") || word.is("median") || word.is("mean");
      foreseen = foreseen || word.is("foresee") || word.is("estimated") || word.is("predict") ||
                 word.is("forecast") || word.is("expect") || word.is("predicted") ||
                 word.is("expected") || word.is("anticipate") || word.is("plan") ||
                 word.is("planned");
      if (word.is_number() && prose_.mentions()[word.number].phrase->is_share()) return false;
    }
    const Word& before = prose_.before(m.words.begin);
    if (prose_.at(m.words.end).is("of")) return false;
    average =
        average || (prose_.at(m.words.end).is("on") && prose_.at(m.words.end + 1).is("average"));
    if (average && foreseen) return before.is("by") || before.is("of") || before.is(kOpinion);
    if (!foreseen || !before.is(kOpinion) || before_.last.empty()) return false;
    const Claim& last = before_.last.back().claim;
    return !last.negative && last.kind == ClaimKind::kMean && last.number.form == Form::kPercent &&
           last.sentence + 1 >= m.sentence;
  }
  // "The share has more than doubled", "nearly doubled to 44 per cent"
  [[nodiscard]] bool is_verb_of_share(const Mention& m) const {
    const Word& verb = prose_.at(m.words.end - 1);
    if (!verb.text.ends_with("ed") || m.phrase->hedge->words.empty()) return false;
    const Word& to = prose_.at(m.words.end);
    const Word& level = prose_.at(m.words.end + 1);
    if ((to.is("to") || to.is("from")) && level.is_number()) return is_share(level.number);
    for (size_t at = m.words.begin; at > prose_.sentence(m.sentence).begin; --at) {
      const Word& word = prose_.at(at - 1);
      if (word.is_number() || word.is(";")) return false;
      if (word.is("share") || word.is("proportion") || word.is("percentage")) return true;
    }
    return false;
  }
  [[nodiscard]] bool is_share(size_t mention) const {
    return prose_.mentions()[mention].phrase->is_share();
  }
  // "twice as many", "three times more likely", "more than three times the proportion"
  [[nodiscard]] bool compares_shares(const Mention& m) const {
    const Word& next = prose_.at(m.words.end);
    const Word& second = prose_.at(m.words.end + 1);
    if (next.is("as")) return true;
    if (next.is("more") || next.is("less")) {
      const bool share = !before_.last.empty() && before_.last.back().is_share() &&
                         before_.last.back().claim.sentence == m.sentence;
      return second.is("likely") || second.is("often") || (second.is("than") && share);
    }
    if (is_verb_of_share(m)) return true;
    // "The share of pharmacists under stress is twice what it was", "double that in 2019"
    const bool level = next.is("what") || (next.is("that") && second.is("in"));
    if (level && prose_.sentence_has(m.sentence, kAttitude)) return true;
    if (!next.is("the") && !next.is("that")) return false;
    if (second.is_number() && is_share(second.number)) return true;  // "double the 22 per cent"
    return second.is("proportion") || second.is("share") || second.is("percentage") ||
           second.is("figure") || (second.is("rate") && prose_.at(m.words.end + 2).is("among")) ||
           (next.is("that") && second.is("of") &&
            prose_.noun_phrase(m.words.end + 2, prose_.sentence(m.sentence).end).named);
  }

 private:
  // "On a scale of one to five, morale was put at 2.6"
  [[nodiscard]] bool is_on_scale(const Mention& m) const {
    const Word& before = prose_.before(m.words.begin);
    const bool level = before.is("at") || before.is(kCopula) || before.is("to") ||
                       before.is("scored") || before.is("got") || before.is("gave");
    const size_t begin = prose_.sentence(m.sentence).begin;
    for (size_t at = m.words.begin; level && at > begin && m.words.begin - at < kFar; --at) {
      const Word& word = prose_.at(at - 1);
      if (word.is_number() && prose_.mentions()[word.number].phrase->form == Form::kScale) {
        return true;
      }
    }
    return false;
  }
  // "Confidence rose from 6.8 to 6.1", where the article names a scale.
  [[nodiscard]] bool is_of_attitude(const Mention& m) const {
    const Word& p = prose_.before(m.words.begin);
    const size_t begin = prose_.sentence(m.sentence).begin;
    const bool linked = p.is("from") || p.is("to") || p.is("at") || p.is(kCopula);
    if (!linked) return false;
    for (size_t at = m.words.begin; at > begin && m.words.begin - at < 24; --at) {
      const Word& w = prose_.before(at);
      if (w.is(";")) return false;
      const bool attitude = w.is("confidence") || w.is("satisfaction") || w.is("morale") ||
                            w.is("trust") || w.is("optimism") || w.is("wellbeing");
      if (attitude) return true;
    }
    return false;
  }
  // "Mean score: 4.4"
  [[nodiscard]] bool is_labelled_mean(const Mention& m) const {
    return prose_.before(m, 1).is(":") &&
           (prose_.before(m, 2).is(kMeanWord) || prose_.before(m, 3).is(kMeanWord));
  }
  // In the sentence of a mean, or the next: "Confidence … slipped to 6.2", "(2022: 6.4)".
  [[nodiscard]] bool follows_mean(const Mention& m) const {
    const Candidate* last = nullptr;
    for (size_t k = before_.last.size(); k-- > 0 && last == nullptr;) {
      const bool number = before_.last[k].claim.number.is_share() ||
                          before_.last[k].claim.number.form == Form::kScore ||
                          before_.last[k].claim.number.form == Form::kDecimal;
      if (number || !before_.last[k].claim.negative) last = &before_.last[k];
    }
    if (last == nullptr || last->claim.kind != ClaimKind::kMean || last->claim.negative)
      return false;
    if (last->claim.sentence == m.sentence) return true;
    const Word& before = prose_.before(m.words.begin);
    const bool bracket = before.is("(") && prose_.at(m.words.end).is(")");  // "Women (4.4)"
    return last->block == m.block && last->claim.sentence + 1 == m.sentence &&
           (bracket || before.is("to") || before.is("at") || before.is(kCopula) ||
            before.is("only") || before.is(kOpinion) || before.is("give") || before.is("gives") ||
            before.is("got") || before.is("on") || before.is("with"));
  }

  const Prose& prose_;
  const Before& before_;
};

}  // namespace

bool says_mean(const Prose& prose, const Mention& mention, const Before& before) {
  return Means(prose, before).is_score(mention);
}
bool is_mean_percent(const Prose& prose, const Mention& mention, const Before& before) {
  return Means(prose, before).is_mean_percent(mention);
}
bool compares_shares(const Prose& prose, const Mention& mention, const Before& before) {
  return Means(prose, before).compares_shares(mention);
}

// "scoring at seven or above", "a score of four out of 10 or less"
bool is_bar_of_score(const Prose& prose, const Mention& m) {
  const Word& or_more = prose.at(m.words.end + 1);
  return prose.at(m.words.end).is("or") &&
         (or_more.is("above") || or_more.is("below") || or_more.is("less") || or_more.is("more") ||
          or_more.is("higher") || or_more.is("lower") || or_more.is("over") || or_more.is("under"));
}

}  // namespace barometer::claims
