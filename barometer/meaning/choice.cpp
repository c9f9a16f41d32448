#include "barometer/meaning/choice.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace barometer {
namespace {

using Answer = LedgerIndex::Answer;
using Question = LedgerIndex::Question;

constexpr double kAlike = 0.45;   // below, no question is meant
constexpr double kSurely = 0.7;   // of its own words: the question is meant, and no other
constexpr double kOfWider = 0.9;  // what words round the claim weigh beside its own
constexpr double kMargin = 0.06;  // questions nearer than this are not told apart
constexpr double kOfCoverage = 0.25;
constexpr double kOfCounting = 0.1;   // all, some, not: said or missing
constexpr double kOfContrary = 0.25;  // "better" where the question has "less well"
constexpr double kOfWave = 0.1;

void append(LexiconWords& to, const LexiconWords& words) {
  to.insert(to.end(), words.begin(), words.end());
}

bool answers_on_scale(const Question& question, uint64_t scale) {
  return std::ranges::any_of(question.answers,
                             [&](const Answer& answer) { return answer.pole.scale == scale; });
}

// A word of the other end of one of the question's own, which is not said itself.
bool is_contrary(const LexiconWord& word, const LexiconWords& said, const Question& question) {
  if (word.rest != 0 && has_stem(question.order, word.rest) &&
      !has_stem(question.order, word.stem) && !has_stem(said, word.rest)) {
    return true;
  }
  if (word.pole.scale == 0 || answers_on_scale(question, word.pole.scale)) return false;
  if (has_stem(question.order, word.stem)) return false;
  return std::ranges::any_of(question.order, [&](const LexiconWord& own) {
    return own.pole.scale == word.pole.scale && own.pole.sign == -word.pole.sign &&
           !has_stem(said, own.stem);
  });
}

// "Not" of the question, by the word behind it: "not enough".
bool is_owned(const LexiconWords& words, size_t at, const Question& question) {
  const auto next_of = [](const LexiconWords& in, size_t place) {
    return place + 1 < in.size() ? in[place + 1].stem : 0;
  };
  const uint64_t next = next_of(words, at);
  for (size_t k = 0; k < question.order.size(); ++k) {
    if (question.order[k].denies && next != 0 && next_of(question.order, k) == next) return true;
  }
  return false;
}

// All, some, other, not: said as in the question, or missing.
double counting_points(const LexiconWords& said, const Question& question) {
  double points = 0;
  for (size_t k = 0; k < question.order.size(); ++k) {
    const LexiconWord& word = question.order[k];
    if (!word.counts && !word.denies) continue;
    bool found = false;
    for (size_t at = 0; at < said.size() && !found; ++at) {
      if (said[at].stem != word.stem) continue;
      const bool loose = !word.denies;
      found = loose || (at + 1 < said.size() && k + 1 < question.order.size() &&
                        said[at + 1].stem == question.order[k + 1].stem);
    }
    points += found ? kOfCounting : -kOfCounting;
  }
  return points;
}

// An answer that only this question has names the question too, where little else is said: "were
// chairs". How much of the words its label has: 0 … 1.
double likeness_of_label(const LexiconWords& said, const WordSet& telling,
                         const Question& question) {
  double most = 0;
  for (const Answer& answer : question.answers) {
    if (!answer.label_is_unique) continue;
    WordSet words;
    for (const LexiconWords& part : answer.parts) {
      for (size_t at = 0; at < said.size(); ++at) {
        if (stands_at(said, at, part)) words = joined(words, telling_words(part));
      }
    }
    if (words.empty()) continue;
    most = std::max(most, static_cast<double>(common_count(words, telling)) /
                              static_cast<double>(telling.size()));
  }
  return most >= 0.5 ? most : 0;
}

struct Scored {
  const Question* question = nullptr;
  double score = 0;
  double alike = 0;
};

class ItemChooser {
 public:
  ItemChooser(const LedgerIndex& index, const std::string& wave) : index_(index), wave_(wave) {}

  // The questions that these words fit best; those that they do not tell apart.
  [[nodiscard]] std::vector<Scored> best(const LexiconWords& words,
                                         std::span<const Question* const> among) const {
    const LexiconWords said = without_common(words);
    const WordSet telling = telling_words(said);
    std::vector<Scored> found;
    for (const Question* question : among) {
      const double alike = std::max(index_.likeness(telling, *question),
                                    likeness_of_label(said, telling, *question));
      if (alike < kAlike) continue;
      double score = alike + kOfCoverage * index_.coverage(telling, *question) +
                     counting_points(said, *question);
      const bool contrary = std::ranges::any_of(
          said, [&](const LexiconWord& word) { return is_contrary(word, said, *question); });
      if (contrary) score -= kOfContrary;
      if (question->wave == wave_) score += kOfWave;
      found.push_back({question, score, alike});
    }
    return nearest(std::move(found));
  }

 private:
  // One a wave is enough of an item: of the wave asked for, else the latest.
  [[nodiscard]] static std::vector<Scored> nearest(std::vector<Scored> found) {
    std::ranges::stable_sort(found, std::greater{}, [](const Scored& one) {
      return std::pair{one.score, std::string_view(one.question->wave)};
    });
    std::vector<Scored> out;
    for (const Scored& one : found) {
      if (one.score < found.front().score - kMargin) break;
      const bool known = std::ranges::any_of(
          out, [&](const Scored& other) { return other.question->item == one.question->item; });
      if (!known) out.push_back(one);
    }
    return out;
  }

  const LedgerIndex& index_;
  const std::string& wave_;
};

bool is_named(const LedgerIndex& index, const LexiconWords& words, const Question& question) {
  constexpr double kFamiliar = 0.4;  // of the words; fewer: the ledger is not of this survey
  const WordSet telling = telling_words(words);
  if (index.familiarity(telling) < kFamiliar) return false;
  const size_t shared = common_count(telling, question.own);
  return (shared >= 2 && index.coverage(telling, question) >= 0.2) ||
         is_part_of(question.own, telling);
}

bool says_more_than_answers(const LexiconWords& words) {
  return std::ranges::any_of(words, [](const LexiconWord& word) {
    return !word.common && !word.counts && !word.denies && word.pole.scale == 0;
  });
}

// The answers of one question, read from the words of one side of the number.
class AnswerReader {
 public:
  AnswerReader(const Question& question, FigureKind kind) : question_(question) {
    for (const Answer& answer : question.answers) {
      if (answer.kind == kind && !answer.parts.empty()) answers_.push_back(&answer);
    }
  }

  [[nodiscard]] bool has_answers() const { return !answers_.empty(); }

  // By labels, words of the scale, or what is asserted; nothing where the words leave it open.
  [[nodiscard]] AnswerChoice read(const LexiconWords& words, bool may_assert) const {
    const LexiconWords said = without_common(words);
    std::vector<uint8_t> taken(said.size(), 0);
    const std::vector<LexiconWords> parts = parts_said(said, taken);
    std::vector<const Answer*> base = of_parts(parts);
    if (base.empty()) base = of_scale(said, taken);
    const bool open = base.empty();
    if (open && may_assert && parts.empty() && !is_strange(words)) base = asserted();
    if (base.empty()) return {};
    AnswerChoice out{base, nullptr, true, open};
    if (flips(said, taken) % 2 != 0) out = contrary_of(base);
    out.asserted = open;
    return out;
  }

 private:
  // "Ruled out", "complained of": a verb that is not understood says anything of what follows.
  [[nodiscard]] bool is_strange(const LexiconWords& words) const {
    if (words.empty()) return false;
    const LexiconWord& first = words.front();
    return !first.common && !first.reports && !first.counts && !first.denies &&
           first.pole.scale == 0 && !has_stem(question_.order, first.stem) &&
           !std::ranges::binary_search(question_.words, first.stem);
  }

  [[nodiscard]] const LexiconWords* longest_at(const LexiconWords& said, size_t at) const {
    const LexiconWords* longest = nullptr;
    for (const Answer* answer : answers_) {
      for (const LexiconWords& part : answer->parts) {
        if (!stands_at(said, at, part)) continue;
        if (longest == nullptr || part.size() > longest->size()) longest = &part;
      }
    }
    return longest;
  }
  static bool same(const LexiconWords& a, const LexiconWords& b) {
    return std::ranges::equal(a, b, {}, &LexiconWord::stem, &LexiconWord::stem);
  }

  // Each part of a label that is said, once.
  std::vector<LexiconWords> parts_said(const LexiconWords& said,
                                       std::vector<uint8_t>& taken) const {
    std::vector<LexiconWords> found;
    for (size_t at = 0; at < said.size(); ++at) {
      const LexiconWords* part = longest_at(said, at);
      if (part == nullptr) continue;
      const bool goes_on = at > 0 && taken[at - 1] != 0;  // "little or no contribution"
      if (!goes_on && is_of_item(said, at, *part)) continue;
      std::fill_n(taken.begin() + static_cast<ptrdiff_t>(at), part->size(), uint8_t{1});
      const bool known =
          std::ranges::any_of(found, [&](const LexiconWords& one) { return same(one, *part); });
      if (!known) found.push_back(*part);
      at += part->size() - 1;
    }
    return found;
  }

  // "Some" of "some of the GP leaders", "no" of "no longer": a word of the question, not an answer.
  [[nodiscard]] bool is_of_item(const LexiconWords& said, size_t at,
                                const LexiconWords& part) const {
    if (part.size() != 1 || !(part[0].counts || part[0].denies)) return false;
    if (has_stem(question_.order, part[0].stem)) return true;
    return part[0].denies && at + 1 < said.size();
  }

  [[nodiscard]] std::vector<const Answer*> of_parts(const std::vector<LexiconWords>& parts) const {
    if (parts.empty()) return {};
    std::vector<const Answer*> nets;
    std::vector<const Answer*> exact;
    const bool one_head = std::ranges::all_of(
        parts, [&](const LexiconWords& part) { return part.back().stem == parts[0].back().stem; });
    for (const Answer* answer : answers_) {
      const bool all_said =
          answer->parts.size() == parts.size() &&
          std::ranges::all_of(answer->parts, [&](const LexiconWords& part) {
            return std::ranges::any_of(parts, [&](const auto& one) { return same(one, part); });
          });
      if (all_said) {
        exact.push_back(answer);
      } else if (one_head && is_whole_end(*answer, parts)) {
        nets.push_back(answer);
      }
    }
    if (parts.size() > 1 && !exact.empty()) return exact;
    nets.insert(nets.end(), exact.begin(), exact.end());
    if (nets.empty() && parts.size() > 1) return of_parts({parts.front()});
    return nets;
  }

  // "Good" and "likely or very likely" mean all of that end, where the ledger has it.
  static bool is_whole_end(const Answer& answer, const std::vector<LexiconWords>& parts) {
    const bool bare =
        std::ranges::any_of(parts, [](const LexiconWords& part) { return part.size() == 1; });
    if (parts.size() == 1 && !bare) return false;
    const bool whole = answer.is_net || (parts.size() > 1 && answer.parts.size() == 1 &&
                                         answer.parts[0].size() == 1);
    return whole && answer.head(0) == parts[0].back().stem;
  }

  // The widest answer at an end of a scale.
  [[nodiscard]] std::vector<const Answer*> at_end(WordPole pole) const {
    const Answer* best = nullptr;
    const auto narrow = [](const Answer& answer) {
      return answer.is_net ? size_t{0} : answer.parts[0].size();
    };
    for (const Answer* answer : answers_) {
      if (answer->pole.scale != pole.scale || answer->pole.sign != pole.sign) continue;
      if (best == nullptr || narrow(*answer) < narrow(*best)) best = answer;
    }
    return best == nullptr ? std::vector<const Answer*>{} : std::vector{best};
  }

  [[nodiscard]] std::vector<const Answer*> of_scale(const LexiconWords& said,
                                                    const std::vector<uint8_t>& taken) const {
    for (size_t i = 0; i < said.size(); ++i) {
      if (taken[i] != 0 || said[i].pole.scale == 0 || said[i].counts) continue;
      if (has_stem(question_.order, said[i].stem)) continue;
      if (!answers_on_scale(question_, said[i].pole.scale)) continue;
      if (std::vector<const Answer*> found = at_end(said[i].pole); !found.empty()) return found;
    }
    return {};
  }

  // "63 per cent would leave": likely, agree, yes; of an end that has a contrary.
  [[nodiscard]] std::vector<const Answer*> asserted() const {
    for (const Answer* answer : answers_) {
      const WordPole pole = answer->pole;
      if (pole.scale == 0 || pole.sign < 0 || !is_assertion(*answer)) continue;
      if (!at_end({pole.scale, -pole.sign}).empty()) return at_end(pole);
    }
    return {};
  }
  // Good or strong is no assertion: such an answer must be said.
  [[nodiscard]] static bool is_assertion(const Answer& answer) {
    constexpr uint64_t kLastOfAsserting = 3;  // likely, agree, yes; or a label's own word
    constexpr uint64_t kOwn = uint64_t{1} << 63U;
    return answer.pole.scale <= kLastOfAsserting || (answer.pole.scale & kOwn) != 0;
  }

  // How often the words turn the answer round.
  [[nodiscard]] size_t flips(const LexiconWords& said, const std::vector<uint8_t>& taken) const {
    size_t turns = 0;
    bool contrary = false;
    for (size_t i = 0; i < said.size(); ++i) {
      if (taken[i] != 0) continue;
      const LexiconWord& word = said[i];
      if (word.denies) {
        if (!is_owned(said, i, question_)) ++turns;
      } else if (is_refusal(word)) {
        ++turns;
      } else if (!contrary && is_contrary(word, said, question_)) {
        contrary = true;
        ++turns;
      }
    }
    return turns + missing_denials(said);
  }
  // "Disagreed that it was good": a word against what follows, of another scale than the answers.
  [[nodiscard]] bool is_refusal(const LexiconWord& word) const {
    constexpr uint64_t kLastOfAttitudes = 3;
    return word.pole.sign < 0 && word.pole.scale <= kLastOfAttitudes && !word.counts &&
           !answers_on_scale(question_, word.pole.scale) && !has_stem(question_.order, word.stem);
  }
  // The question's "not" is missing before the word that it stands before.
  [[nodiscard]] size_t missing_denials(const LexiconWords& said) const {
    size_t missing = 0;
    const LexiconWords& order = question_.order;
    for (size_t k = 0; k + 1 < order.size(); ++k) {
      if (!order[k].denies || order[k + 1].denies) continue;
      bool word = false;
      bool owned = false;
      for (size_t at = 0; at < said.size(); ++at) {
        word = word || said[at].stem == order[k + 1].stem;
        owned = owned ||
                (said[at].denies && at + 1 < said.size() && said[at + 1].stem == order[k + 1].stem);
      }
      if (word && !owned) ++missing;
    }
    return missing;
  }

  [[nodiscard]] AnswerChoice contrary_of(const std::vector<const Answer*>& base) const {
    AnswerChoice out{{}, base.front(), true, false};
    for (const Answer* answer : base) {
      if (answer->pole.scale == 0) continue;
      const WordPole other{answer->pole.scale, -answer->pole.sign};
      for (const Answer* found : at_end(other)) {
        if (std::ranges::find(out.meant, found) == out.meant.end()) out.meant.push_back(found);
      }
    }
    return out;
  }

  const Question& question_;
  std::vector<const Answer*> answers_;
};

}  // namespace

LexiconWords Spoken::clause() const {
  LexiconWords out = before;
  append(out, behind);
  append(out, item);
  return out;
}

ItemChoice choose_item(const LedgerIndex& index, const Spoken& spoken,
                       std::span<const Question* const> among, const std::string& wave) {
  const ItemChooser chooser(index, wave);
  std::vector<LexiconWords> contexts;
  bool speaks = true;  // names something beside an answer: not "said it was weak"
  if (!spoken.first && !spoken.leads) {
    contexts.push_back(spoken.behind);
    append(contexts.back(), spoken.item);
    speaks = says_more_than_answers(contexts.back());
  }
  contexts.push_back(spoken.first ? spoken.clause() : spoken.so_far);
  append(contexts.back(), spoken.item);
  const size_t own = contexts.size();
  contexts.insert(contexts.end(), spoken.wider.begin(), spoken.wider.end());

  std::vector<const Question*> open(among.begin(), among.end());
  ItemChoice out;
  for (size_t c = 0; c < contexts.size(); ++c) {
    const std::vector<Scored> best = chooser.best(contexts[c], open);
    if (best.empty()) continue;
    out.question = best.front().question;
    out.alike = std::max(out.alike, best.front().alike * (c < own ? 1 : kOfWider));
    out.by_own = out.by_own || c < own;
    out.by_wider = c >= own;
    out.surely = best.size() == 1 && c < own && (c == 0 || !speaks) &&
                 best.front().alike >= kSurely && is_named(index, contexts[c], *out.question);
    out.tied.clear();
    open.clear();
    for (const Scored& one : best) {
      out.tied.push_back(one.question);
      open.push_back(one.question);
    }
    if (best.size() == 1) break;
  }
  return out;
}

AnswerChoice choose_answer(const Spoken& spoken, const Question& question, FigureKind kind) {
  AnswerChoice out;
  if (kind == FigureKind::kMean) {
    for (const Answer& answer : question.answers) {
      if (answer.kind == kind) out.meant.push_back(&answer);
    }
    out.said = true;
    return out;
  }
  const AnswerReader reader(question, kind);
  if (!reader.has_answers()) return out;
  const LexiconWords& near = spoken.leads ? spoken.before : spoken.behind;
  const LexiconWords& far = spoken.leads ? spoken.behind : spoken.before;
  const auto decided = [](const AnswerChoice& choice) {
    return !choice.meant.empty() || choice.denied != nullptr;
  };
  out = reader.read(near, !near.empty());
  if (!decided(out) && (spoken.first || near.empty())) out = reader.read(far, near.empty());
  if (!decided(out) && !spoken.earlier.empty()) {
    out = reader.read(spoken.earlier, false);
    out.said = false;
  }
  return out;
}

const LedgerIndex::Group* choose_group(const LedgerIndex& index, const WordSet& words) {
  const LedgerIndex::Group* best = nullptr;
  size_t most = 0;
  bool tied = false;
  for (const LedgerIndex::Group& group : index.groups()) {
    const size_t shared = common_count(words, group.words);
    if (shared == 0 || shared < most) continue;
    tied = shared == most;
    most = shared;
    best = &group;
  }
  return tied ? nullptr : best;
}

}  // namespace barometer
