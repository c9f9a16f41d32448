// Which claims answer one question, and what the remainder of its answers is.
//
// Two shares belong to one question when their answers are places on one scale ("agreed",
// "disagreed"), when the second leaves out what the first said ("17 per cent that they did not
// know", "said this was unlikely"), when both say what respondents are, or when a remainder closes
// them.
#include <algorithm>
#include <set>
#include <string>

#include "barometer/claim/article_internal.h"

namespace barometer::claims {
namespace {

constexpr int64_t kLargestTerm = 1'000'000'000;
constexpr size_t kFarthest = 400;    // words of a paragraph that are looked at
constexpr size_t kMostAnswers = 40;  // of a question

// Of exact parts of a hundred; a part with too large terms is rounded to hundredths first.
Ratio plus(const Ratio& a, const Ratio& b) {
  const auto small = [](const Ratio& r) {
    if (r.denominator < 100'000) return r;
    return round(r, 2).ratio();
  };
  const Ratio x = small(a);
  const Ratio y = small(b);
  return {x.numerator * y.denominator + y.numerator * x.denominator, x.denominator * y.denominator};
}

struct Answer {
  Pole pole;
  bool pronoun = false;   // "this was", "they did", "called it"
  bool verbless = false;  // "39 per cent all of the time"
  bool profile = false;   // "were chairs", "from trusts"
  bool known = false;     // "did not know", "unsure"
  bool adds = false;      // "an additional"
};

class Questions {
 public:
  Questions(const Prose& prose, std::vector<Candidate>& found) : prose_(prose), found_(found) {}

  void run() {
    for (size_t i = 0; i < found_.size(); ++i) {
      Candidate& f = found_[i];
      if (f.claim.kind == ClaimKind::kPercentImplied && !f.claim.negative) {
        close(i);
      } else if (f.is_share() && !f.is_previous) {
        join(i);
        if (f.claim.number.is_remainder) close_with_figure(i);
      } else if (f.claim.kind == ClaimKind::kCount || f.claim.kind == ClaimKind::kMean) {
        if (!f.claim.negative) f.claim.question = ++questions_;
      }
    }
    bind_previous();
    mark_exhaustive();
  }

 private:
  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }

  // The words that say what was answered: behind the number, or before it in "was unlikely, 53 per
  // cent said" and "was expected by 41 per cent".
  [[nodiscard]] WordRange words_of(size_t i) const {
    const Candidate& f = found_[i];
    const WordRange sentence = prose_.sentence(f.claim.sentence);
    size_t begin = f.of && !f.leads ? std::max(f.of->words.end, f.words.end) : f.words.end;
    size_t end = sentence.end;
    if (i + 1 < found_.size() && found_[i + 1].claim.sentence == f.claim.sentence) {
      end = std::max(begin, found_[i + 1].words.begin);
    }
    const Word& before = prose_.before(f.words.begin);
    const bool leads = before.is("by") || before.is("for") || before.is("(") ||
                       (word(begin).is(kOpinion) && pole_of(word(begin).text).scale == 0 &&
                        (begin + 1 >= end || word(begin + 1).is(".")));
    if (!leads && begin < end) return {begin, end};
    size_t start = sentence.begin;
    if (i > 0 && found_[i - 1].claim.sentence == f.claim.sentence) {
      start = std::min(f.words.begin, found_[i - 1].words.end);
    }
    return {start, f.words.begin};
  }

  [[nodiscard]] Answer answer_of(size_t i) const {
    Answer answer;
    const WordRange range = words_of(i);
    bool negated = false;
    bool verb = false;
    for (size_t at = range.begin; at < range.end; ++at) {
      const Word& w = word(at);
      if (w.is("and") && at + 1 == range.end) break;
      if (w.is("while") || w.is("whereas") || w.is(";")) break;
      negated = negated || w.is(kNegation) || w.text.ends_with("n't");
      verb = verb || w.is(kOpinion | kCopula | kAuxiliary) ||
             (w.text.ends_with("ing") && !w.text.ends_with("thing")) || w.text.ends_with("ed");
      if ((w.is("know") || w.is("sure")) && negated) answer.known = true;
      if (prose_.in_quotation(at)) continue;
      if (const Pole pole = pole_of(w.text); pole.scale > 0 && answer.pole.scale == 0) {
        answer.pole = pole;
        if (negated && (pole.place == 1 || pole.place == -1)) answer.pole.place = -pole.place;
      }
    }
    answer.known = answer.known || answer.pole.place == 2;
    answer.verbless = !verb && !range.empty() && !word(range.begin).is(")");
    answer.pronoun = says_pronoun(range);
    answer.profile = is_profile(range);
    const std::string_view hedge = found_[i].claim.number.hedge->words;
    answer.adds = hedge == "an additional" || hedge == "a further" || hedge == "another" ||
                  found_[i].claim.number.is_remainder;
    return answer;
  }
  [[nodiscard]] bool says_pronoun(WordRange range) const {
    for (size_t at = range.begin; at < std::min(range.end, range.begin + 5); ++at) {
      const Word& w = word(at);
      if (prose_.in_quotation(at)) return false;
      if (w.is("this") || w.is("it") || w.is("so")) {
        return word(at + 1).is(kCopula) || word(at + 1).is(kAuxiliary) ||
               prose_.before(at).is(kOpinion) || word(at + 1).is("had") || word(at + 1).is("as");
      }
      if (w.is("they")) {
        const Word& next = word(at + 1);
        const bool bare = next.is("did") || next.is("didn't") || next.is("already") ||
                          next.is("had") || next.is("were") || next.is("would") || next.is("do") ||
                          next.is("don't") || next.is("could");
        return bare;
      }
    }
    return false;
  }
  // "were GPs", "came from FTs", "sat on governing bodies"
  [[nodiscard]] bool is_profile(WordRange range) const {
    size_t at = range.begin;
    while (at < range.end && (word(at).is(kAdverb) || word(at).is("came"))) ++at;
    if (at >= range.end || !(word(at).is("were") || word(at).is("are") || word(at).is("from"))) {
      return false;
    }
    const NounPhrase np =
        prose_.noun_phrase(at + 1 + (word(at + 1).is("from") ? 1U : 0U), range.end);
    return np.named;
  }

  [[nodiscard]] Ratio sum_of_question() const {
    Ratio sum;
    for (const size_t k : members_) sum = plus(sum, found_[k].claim.exact);
    return sum;
  }
  [[nodiscard]] bool fits(size_t i) const {
    return plus(sum_of_question(), found_[i].claim.exact) <= Ratio{102, 1};
  }
  [[nodiscard]] bool same_group(size_t a, size_t b) const {
    const auto& x = found_[a].of;
    const auto& y = found_[b].of;
    if (!y || y->pronoun) return true;
    if (!x) return !y->narrowed;
    return prose_.lower(x->words) == prose_.lower(y->words);
  }

  // "Forty-seven per cent …, 18 per cent …. The remaining 35 per cent": the parts that make a
  // hundred with it are of its question.
  void close_with_figure(size_t i) {
    const std::vector<size_t> before = parts_before(i);
    Ratio sum = found_[i].claim.exact;
    size_t first = before.size();
    while (first > 0 && sum < Ratio{197, 2}) {
      sum = plus(sum, found_[before[--first]].claim.exact);
    }
    const bool whole = Ratio{197, 2} <= sum && sum <= Ratio{203, 2};
    if (first == before.size() || (!whole && before.size() < 2)) return;
    const size_t question = found_[before[first]].claim.question;
    for (size_t k = first; k < before.size(); ++k) found_[before[k]].claim.question = question;
    found_[i].claim.question = question;
  }
  void join(size_t i) {
    const bool opens = members_.empty() || members_.size() >= kMostAnswers || !belongs(i);
    if (opens) {
      members_.clear();
      ++questions_;
    }
    members_.push_back(i);
    answers_.resize(found_.size());
    answers_[i] = answer_of(i);
    found_[i].claim.question = questions_;
  }
  [[nodiscard]] bool belongs(size_t i) const {
    const size_t last = members_.back();
    const Candidate& a = found_[last];
    const Candidate& b = found_[i];
    if (a.claim.survey != b.claim.survey || a.block != b.block) return false;
    if (!same_group(last, i)) return false;
    const size_t apart = b.claim.sentence - a.claim.sentence;
    if (apart > 1) return false;
    const Answer answer = answer_of(i);
    const bool taken = std::ranges::any_of(members_, [&](size_t k) {
      const Pole& pole = answers_[k].pole;
      return pole.scale > 0 && pole.scale == answer.pole.scale && pole.place == answer.pole.place;
    });
    if (taken && !answer.adds) return false;
    const bool scale = answer.pole.scale > 0 && std::ranges::any_of(members_, [&](size_t k) {
                         return answers_[k].pole.scale == answer.pole.scale;
                       });
    if (apart == 0 && (scale || answer.adds || answer.known) && !has_own_item(i)) return true;
    const Word& joint = prose_.before(b.words.begin);  // "59 per cent chose pay, 49 per cent hours"
    const bool listed =
        apart == 0 && answer.verbless && !b.of && (joint.is(",") || joint.is("and"));
    if (listed && (fits(i) || found_[members_.front()].claim.sentence == b.claim.sentence)) {
      return true;
    }
    if (!fits(i)) return false;
    if (answer.adds || answer.known || answer.pronoun) return true;
    if (apart == 1)
      return (scale && !has_own_item(i)) || (answer.profile && answers_[last].profile);
    if (answer.profile) return answers_[last].profile;
    return answer.verbless && !prose_.before(b.words.begin).is("(") && !b.of;
  }
  // Words in quotation marks, or a long clause of its own, say what else was asked.
  [[nodiscard]] bool has_own_item(size_t i) const {
    const WordRange range = words_of(i);
    for (size_t at = range.begin; at < range.end; ++at) {
      if (prose_.in_quotation(at) && word(at).text.size() > 1) return range.end - range.begin > 8;
    }
    return false;
  }

  // "the rest, 12 per cent,", "the others (12 per cent)"
  [[nodiscard]] std::optional<size_t> share_beside(size_t i) const {
    if (i + 1 >= found_.size()) return std::nullopt;
    const Candidate& next = found_[i + 1];
    const Word& mark = word(found_[i].words.end);
    const bool beside = mark.is(",") || mark.is("(") || mark.is("-") || mark.is("--");
    const bool share = next.is_share() && next.words.begin == found_[i].words.end + 1;
    return beside && share ? std::optional<size_t>(i + 1) : std::nullopt;
  }
  [[nodiscard]] bool is_count_beside(size_t i) const {
    const Claim& last = found_[i - 1].claim;
    return !last.negative && last.kind == ClaimKind::kCount &&
           last.sentence == found_[i].claim.sentence;
  }
  // The remainder: a hundred less the parts said before it.
  void close(size_t i) {
    Candidate& f = found_[i];
    const std::vector<size_t> parts = parts_before(i);
    Ratio sum;
    int places = 0;
    for (const size_t k : parts) {
      sum = plus(sum, found_[k].claim.exact);
      places = std::max(places, found_[k].claim.value->places);
    }
    if (parts.empty() || sum >= Ratio{100, 1} || sum.denominator > kLargestTerm) {
      if (const auto beside = share_beside(i)) {  // "the rest, 12 per cent,"
        f.claim.value = found_[*beside].claim.value;
        f.claim.exact = found_[*beside].claim.exact;
        return;
      }
      if (i > 0 && is_count_beside(i)) return;  // "40 agreed and the rest did not": no share
      f.claim.negative = true;
      f.claim.negative_reason = "remainder of nothing";
      return;
    }
    const Ratio left{100 * sum.denominator - sum.numerator, sum.denominator};
    f.claim.exact = left;
    f.claim.value = round(left, places);
    const size_t question = found_[parts.front()].claim.question;
    for (const size_t k : parts) found_[k].claim.question = question;
    f.claim.question = question;
    closed_.insert(question);
    members_.clear();
  }
  // All shares of its own sentence; without any, those of the paragraph's sentences before, latest
  // first, as long as they leave something.
  [[nodiscard]] std::vector<size_t> parts_before(size_t i) const {
    std::vector<size_t> parts;
    const Candidate& f = found_[i];
    Ratio sum;
    const auto take = [&](size_t k) {
      const Ratio more = plus(sum, found_[k].claim.exact);
      if (more >= Ratio{100, 1}) return false;
      sum = more;
      parts.insert(parts.begin(), k);
      return true;
    };
    size_t question = 0;
    bool own = false;
    for (size_t k = i; k > 0;) {
      --k;
      if (!(found_[k].block == f.block && i - k < kMostAnswers)) break;
      const Candidate& part = found_[k];
      if (!part.is_share() || part.is_previous) continue;
      const bool here = part.claim.sentence == f.claim.sentence;
      const bool linked = question != 0 && part.claim.question == question;
      if (own && !here && !linked) break;
      if (!own && !here && !parts.empty() && part.claim.survey != found_[parts[0]].claim.survey) {
        break;
      }
      if (!take(k)) break;
      own = own || here;
      question = part.claim.question;
    }
    return parts;
  }

  void bind_previous() {
    for (const Candidate& f : found_) {
      if (f.claim.earlier && !found_[*f.claim.earlier].claim.question) {
        found_[*f.claim.earlier].claim.question = ++questions_;
      }
    }
  }
  // Answers that are all there are: closed by a remainder, or several that sum to a hundred.
  void mark_exhaustive() {
    std::vector<Ratio> sums(questions_ + 1);
    std::vector<int> counts(questions_ + 1);
    std::vector<uint8_t> scaled(questions_ + 1);  // an answer of a scale, or no opinion
    answers_.resize(found_.size());
    for (size_t i = 0; i < found_.size(); ++i) {
      const bool own = answers_[i].pole.scale > 0 || answers_[i].known || answers_[i].verbless ||
                       answers_[i].profile;
      if (own) scaled[found_[i].claim.question] = 1;
    }
    for (const Candidate& f : found_) {
      if (f.claim.question == 0 || !f.is_share() || f.is_previous) continue;
      sums[f.claim.question] = plus(sums[f.claim.question], f.claim.exact);
      ++counts[f.claim.question];
      if (f.claim.number.is_remainder) closed_.insert(f.claim.question);
    }
    for (Candidate& f : found_) {
      const size_t q = f.claim.question;
      if (q == 0 || !f.is_share()) continue;
      const bool hundred = counts[q] > (scaled[q] != 0 ? 1 : 2) && Ratio{99, 1} <= sums[q] &&
                           sums[q] <= Ratio{101, 1};
      const bool one = counts[q] > 2 && Ratio{102, 1} < sums[q] && asks_for_one(f.block);
      f.claim.exhaustive = hundred || one || closed_.contains(q);
    }
  }

  // "Asked to choose one reason", "Doctors could choose one", "respondents could give one answer"
  [[nodiscard]] bool asks_for_one(size_t block) const {
    const WordRange all = prose_.block(block);
    for (size_t at = all.begin; at + 1 < std::min(all.end, all.begin + kFarthest); ++at) {
      const Word& verb = prose_.at(at);
      const bool picks = verb.is("choose") || verb.is("chose") || verb.is("pick") ||
                         verb.is("give") || verb.is("select") || verb.is("tick") || verb.is("name");
      const size_t one =
          at + (prose_.at(at + 1).is("only") || prose_.at(at + 1).is("just") ? 2 : 1);
      const Word& behind = prose_.at(one + 1);
      const bool many = behind.is("or") || behind.is("in");
      if (picks && prose_.at(one).is("one") && !many) return true;
    }
    return false;
  }

  const Prose& prose_;
  std::vector<Candidate>& found_;
  std::vector<size_t> members_;  // of the question now open
  std::vector<Answer> answers_;
  std::set<size_t> closed_;
  size_t questions_ = 0;
};

}  // namespace

void bind_questions(const Prose& prose, std::vector<Candidate>& found) {
  Questions(prose, found).run();
}

}  // namespace barometer::claims
