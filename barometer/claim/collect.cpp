// A claim for every number of the article.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"

namespace barometer::claims {
namespace {

using wording::Counted;
using wording::Form;
using wording::Part;
using wording::Relation;

constexpr size_t kMostSizes = 64;
constexpr size_t kMostLast = 12;
constexpr size_t kMostLead = 40;  // words between "Of those …" and its number
constexpr int64_t kLargestShown = 1'000'000'000'000;

std::optional<Decimal> value_of(const wording::NumberPhrase& phrase) {
  if (phrase.value.denominator == 0) return std::nullopt;
  if (phrase.is_share()) {
    const Ratio percent = phrase.percent();
    const int places = phrase.form == Form::kPercent                  ? phrase.places
                       : percent.numerator % percent.denominator == 0 ? 0
                                                                      : 1;
    return round(percent, places);
  }
  if (std::abs(phrase.value.numerator) > kLargestShown) return std::nullopt;
  Decimal value = round(phrase.value, phrase.places);
  if (phrase.form == Form::kPoints && phrase.direction < 0) value.digits = -value.digits;
  return value;
}

bool is_half(const wording::NumberPhrase& phrase) {
  return phrase.form == Form::kFraction && phrase.value == Ratio{1, 2};
}

// Does the hedge bound the number, or only say that it is rough?
bool is_bound(const wording::NumberPhrase& phrase) {
  return phrase.hedge->relation != Relation::kIs && phrase.hedge->relation != Relation::kAbout;
}

ClaimKind share_kind(const wording::NumberPhrase& phrase) {
  const Relation relation = phrase.hedge->relation;
  const bool about = relation == Relation::kAbout && phrase.form != Form::kPercent;
  const bool near = relation == Relation::kNearly || relation == Relation::kJustOver || about;
  const bool bound = is_bound(phrase) || phrase.has_upper || about;
  // "More than half" says 50, as "a majority" does; "just over half" says a fraction.
  if (phrase.form == Form::kPercent || (bound && is_half(phrase) && !near)) {
    return bound ? ClaimKind::kPercentBound : ClaimKind::kPercent;
  }
  return bound ? ClaimKind::kPercentFractionBound : ClaimKind::kPercentFraction;
}

class Collector {
 public:
  Collector(const Prose& prose, const Surveys& surveys) : prose_(prose), surveys_(surveys) {}

  std::vector<Candidate> run() {
    for (size_t i = 0; i < prose_.mentions().size(); ++i) add(i);
    for (const Candidate& found : found_) {
      if (found.is_share() && found.claim.number.form != Form::kQuantifier) {
        last_share_block_ = found.block;
      }
    }
    for (Candidate& found : found_) finish(found);
    return std::move(found_);
  }

 private:
  void add(size_t index) {
    const Mention& m = prose_.mentions()[index];
    if (m.words.begin < taken_) return;
    if (prose_.document().blocks[m.block].kind == BlockKind::kSource) {
      return push(negative_of(prose_, m, ClaimKind::kCount, "no prose"));
    }
    if (auto found = claim_by_place(prose_, index, before_)) {
      const bool mean = !found->claim.negative && found->claim.kind == ClaimKind::kMean;
      if (mean &&
          (is_said_by_another(prose_, m, surveys_) || surveys_.sentences[m.sentence].counted)) {
        return push(negative_of(prose_, m, ClaimKind::kMean, "said by another"));
      }
      return push(std::move(*found));
    }
    if (auto found = elliptical_points(prose_, index, before_)) return push(std::move(*found));
    if (auto found = elliptical_share(prose_, index, before_)) return push(std::move(*found));
    switch (m.phrase->form) {
      case Form::kPercent:
      case Form::kFraction:
        return add_share(m);
      case Form::kShare:
        if (is_portion(prose_, m)) return push(claims_of_portion(prose_, index, before_));
        return add_share(m);
      case Form::kCount:
        if (add_one_in(index)) return;
        return push(said_of(m, claims_of_count(prose_, index, before_)));
      case Form::kPoints:
        return add_points(m);
      case Form::kScore:
      case Form::kDecimal:
        return add_score(m);
      case Form::kMultiple:
        return add_multiple(m);
      case Form::kQuantifier:
        return add_quantifier(m);
      case Form::kOrdinal:
        return;  // "first" is no number a reader would check
      default:
        push(negative_of(prose_, m, ClaimKind::kCount, wording::name_of(m.phrase->form)));
    }
  }
  // "The mayor said nobody liked it"
  [[nodiscard]] std::vector<Candidate> said_of(const Mention& m,
                                               std::vector<Candidate> found) const {
    for (Candidate& f : found) {
      const bool answer = !f.claim.negative && f.claim.kind == ClaimKind::kCount;
      if (!answer || !is_said_by_another(prose_, m, surveys_)) continue;
      f.claim.negative = true;
      f.claim.negative_reason = "said by another";
    }
    return found;
  }
  void push(Candidate found) {
    before_.scaled = before_.scaled || found.claim.negative_reason == "scale";
    if (found.is_size() && before_.sizes.size() < kMostSizes) before_.sizes.push_back(found);
    if (before_.last.size() == kMostLast) before_.last.erase(before_.last.begin());
    before_.last.push_back(found);
    found_.push_back(std::move(found));
  }
  void push(std::vector<Candidate> several) {
    for (Candidate& found : several) push(std::move(found));
  }

  // Whose share: "of the CCG leaders" behind it, "leaders" right behind a fraction, "Of those due
  // money," before it.
  [[nodiscard]] std::optional<NounPhrase> group_of(const Mention& m, bool& leads) const {
    const size_t end = prose_.sentence(m.sentence).end;
    const Word& next = prose_.at(m.words.end);
    if (next.is("of") || next.is("among") || next.is("amongst")) {
      const NounPhrase np = prose_.noun_phrase(m.words.end + 1, end);
      const bool gerund = !np.named && !np.words.empty() &&  // "and 9% of moving"
                          prose_.at(np.words.begin).text.ends_with("ing");
      if (gerund) return std::nullopt;
      if (!np.words.empty() || np.pronoun || prose_.at(np.words.end).is_number()) return np;
    }
    const Word& other = prose_.at(m.words.end + 1);
    if (next.is("and") && other.is_number() && is_share_form(other.number)) {
      const size_t of = prose_.mentions()[other.number].words.end;
      if (prose_.at(of).is("of")) {
        const NounPhrase np = prose_.noun_phrase(of + 1, end);
        if (np.named) return np;
      }
    }
    if (m.phrase->form != Form::kPercent) {
      const NounPhrase np = prose_.noun_phrase(m.words.end, end);
      const bool half = m.phrase->form == Form::kFraction && m.phrase->value == Ratio{1, 2};
      if (np.named && (half || !prose_.at(m.words.end).is("the"))) return np;
    }
    if (next.is(")") &&
        prose_.before(m.words.begin).is("(")) {  // "The majority (64%) of charities"
      const NounPhrase np = prose_.noun_phrase(m.words.end + 2, end);
      const Word& gloss = prose_.at(m.words.begin - 2);
      if (prose_.at(m.words.end + 1).is("of") && np.named && gloss.is_number()) return np;
    }
    leads = true;
    if (prose_.before(m.words.begin).is("(")) {
      if (auto np = group_before_bracket(m)) return np;
    }
    return leading_group(m);
  }
  // "between chairs (58 per cent) and chief officers (48 per cent)"
  [[nodiscard]] std::optional<NounPhrase> group_before_bracket(const Mention& m) const {
    const size_t begin = prose_.sentence(m.sentence).begin;
    const size_t end = m.words.begin - 1;
    size_t from = end;
    while (from > begin && end - from < 5) {
      const Word& word = prose_.at(from - 1);
      if (word.is_number() || word.is(kFunction | kOpinion | kCopula | kAuxiliary | kDeterminer)) {
        break;
      }
      if (word.text.size() == 1 && !word.is_number()) break;
      --from;
    }
    const Word& noun = prose_.at(end - 1);
    if (from == end || !noun.names_group()) return std::nullopt;
    // "fishmongers (17%)", "their patients (62%)": what was answered, not who.
    const bool learned = noun.classes == 0 && wording::noun_counts(noun.text) == Counted::kUnknown;
    const Word& whose = prose_.before(from);
    if (learned || whose.is("their") || whose.is("its") || whose.is("our")) return std::nullopt;
    const NounPhrase np = prose_.noun_phrase(from, end);
    if (!np.named) return std::nullopt;
    return np;
  }
  // "Of …,", "Among …," between the last number, or the beginning of the sentence, and this one.
  [[nodiscard]] std::optional<NounPhrase> leading_group(const Mention& m) const {
    const size_t begin = prose_.sentence(m.sentence).begin;
    for (size_t i = m.words.begin; i > begin && m.words.begin - i < kMostLead; --i) {
      const Word& word = prose_.at(i - 1);
      if (word.is_number() && is_share_form(word.number)) return std::nullopt;
      const bool opens = word.is("among") || word.is("amongst") || word.is("of") || word.is("for");
      if (!opens || (prose_.at(i).is("the") && prose_.at(i + 1).is("top"))) continue;
      const bool first = i - 1 == begin || !prose_.at(i - 2).names_group();
      const bool starts = i - 1 == begin || prose_.at(i - 2).is(",") || prose_.at(i - 2).is(";") ||
                          prose_.at(i - 2).is("and") || prose_.at(i - 2).is("but") ||
                          word.is("among") || word.is("amongst") ||
                          (word.is("for") && names_figure(i - 2));
      if (!first || !starts) continue;
      const NounPhrase np = prose_.noun_phrase(i, m.words.begin);
      if (word.is("for") && !(np.named && prose_.at(np.head).text.ends_with('s'))) continue;

      const bool counted = prose_.at(np.words.end).is_number() && np.words.empty();
      if (np.named || np.pronoun || counted) return np;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool names_figure(size_t at) const {
    const Word& word = prose_.at(at);
    return word.is("figure") || word.is("proportion") || word.is("share") || word.is("score") ||
           word.is("level");
  }
  [[nodiscard]] bool is_share_form(size_t mention) const {
    return prose_.mentions()[mention].phrase->is_share();
  }

  void add_share(const Mention& m) {
    Candidate found = claim_of(prose_, m, share_kind(*m.phrase));
    if (goes_up_to(prose_, m)) {
      found.claim.kind =
          m.phrase->form == Form::kPercent ? ClaimKind::kPercent : ClaimKind::kPercentFraction;
      found.claim.number.hedge = &wording::no_hedge();
    }
    found.of = group_of(m, found.leads);
    const Word& as = prose_.at(m.words.end);  // "half as likely"
    const Word& likely = prose_.at(m.words.end + 1);
    if (m.phrase->form == Form::kFraction && as.is("as") && !m.phrase->quoted &&
        (likely.is("likely") || likely.is("often"))) {
      Candidate compared = claim_of(prose_, m, ClaimKind::kComparative);
      compared.claim.value.reset();
      return push(std::move(compared));
    }
    if (continues_negative(m)) {
      return push(
          negative_of(prose_, m, found.claim.kind, before_.last.back().claim.negative_reason));
    }
    if (is_mean_percent(prose_, m, before_)) return push(claim_of(prose_, m, ClaimKind::kMean));
    if (const int direction = moves_by(prose_, m, before_); direction != 0) {
      Candidate change = claim_of(prose_, m, ClaimKind::kChange);
      change.claim.number.direction = direction;
      if (direction < 0) change.claim.value->digits = -change.claim.value->digits;
      return push(std::move(change));
    }
    if (const std::string_view reason = not_asked(prose_, m); !reason.empty()) {
      return push(negative_of(prose_, m, found.claim.kind, reason));
    }
    if (goes_on_target(m)) return push(negative_of(prose_, m, found.claim.kind, "target"));
    if (is_said_by_another(prose_, m, surveys_)) {
      return push(negative_of(prose_, m, found.claim.kind, "said by another"));
    }
    if (surveys_.sentences[m.sentence].counted) {
      return push(negative_of(prose_, m, found.claim.kind, "official figures"));
    }
    const bool needs_people = m.phrase->form != Form::kPercent;
    const NounPhrase of = found.of && !found.leads ? *found.of : NounPhrase{};
    if (needs_people && !speaks_of_answers(prose_, m, of) && !(found.leads && found.of) &&
        !is_paired(m)) {
      return push(negative_of(prose_, m, found.claim.kind, "share of something"));
    }
    if (is_of_what_was_counted(found)) {
      return push(negative_of(prose_, m, found.claim.kind, "share of something"));
    }
    found.coverage = is_coverage(prose_, m, found, found_);
    push(std::move(found));
  }
  // "89% of Democrats and nearly half of Republicans": the next of a list of shares of people.
  [[nodiscard]] bool is_paired(const Mention& m) const {
    if (before_.last.empty() || m.phrase->quoted) return false;
    const Candidate& last = before_.last.back();
    const bool share = last.is_share() && last.claim.sentence == m.sentence;
    if (!share || m.words.begin - last.words.end > 8) return false;
    const Word& p = prose_.before(m.words.begin);
    const bool joined = p.is("and") || p.is(",") || p.is("with") || p.is("than") ||
                        p.is("against") || p.is("to") || p.is("but") || p.is("or");
    const Word& next = prose_.at(m.words.end);
    if (!joined) return false;
    if (next.is("among") || next.is("amongst")) return true;
    const NounPhrase of = prose_.noun_phrase(m.words.end + 1, prose_.sentence(m.sentence).end);
    if (!next.is("of") || of.words.empty()) return false;
    const Word& head = prose_.at(of.words.end - 1);
    return head.text.ends_with('s') && !head.is(kResource | kPatient) &&
           head.noun != Counted::kThings;
  }
  // "Interest rates have risen from 0.1 per cent to 5.25 per cent"
  [[nodiscard]] bool continues_negative(const Mention& m) const {
    if (before_.last.empty() || !prose_.before(m.words.begin).is("to")) return false;
    const Candidate& last = before_.last.back();
    return last.claim.negative && last.claim.number.form == Form::kPercent &&
           m.phrase->form == Form::kPercent && last.words.end + 1 == m.words.begin &&
           last.claim.sentence == m.sentence;
  }
  // "a quota of 80% mobile respondents and 20% landline respondents"
  [[nodiscard]] bool goes_on_target(const Mention& m) const {
    if (before_.last.empty() || !prose_.before(m.words.begin).is("and")) return false;
    const Candidate& last = before_.last.back();
    if (!last.claim.negative || last.claim.negative_reason != "target") return false;
    if (last.claim.sentence != m.sentence || m.words.begin - last.words.end > 4) return false;
    return !prose_.at(m.words.end).is(kOpinion);
  }
  // "Around 1.5 million people have diabetes; 90 per cent of them …"
  [[nodiscard]] bool is_of_what_was_counted(const Candidate& found) const {
    if (!found.of || found.leads || !found.of->pronoun || found.of->narrowed) return false;
    if (before_.last.empty() || prose_.at(found.words.end + 1).is("those")) return false;
    const Candidate& last = before_.last.back();
    return last.claim.negative && last.claim.negative_reason != "age" &&
           last.claim.sentence == found.claim.sentence && last.claim.number.form == Form::kCount &&
           last.claim.negative_reason != "quotation";
  }
  // "one leader in five", "two chairs out of three": the noun stands inside the fraction.
  bool add_one_in(size_t index) {
    const Mention& m = prose_.mentions()[index];
    if (index + 1 >= prose_.mentions().size() || m.phrase->quoted) return false;
    const Mention& next = prose_.mentions()[index + 1];
    const NounPhrase np = prose_.noun_phrase(m.words.end, prose_.sentence(m.sentence).end);
    size_t at = np.words.end;
    if (!np.named || next.sentence != m.sentence || next.phrase->form != Form::kCount) return false;
    const bool in = prose_.at(at).is("in");
    const bool out_of = prose_.at(at).is("out") && prose_.at(at + 1).is("of");
    if (!in && !out_of) return false;
    at += in ? 1U : 2U;
    const Ratio part = m.phrase->value;
    const Ratio all = next.phrase->value;
    if (at != next.words.begin || !(part < all) || Ratio{100, 1} < all) return false;
    const bool bound = is_bound(*m.phrase);
    Candidate found = claim_of_words(
        prose_, m, bound ? ClaimKind::kPercentFractionBound : ClaimKind::kPercentFraction,
        {m.words.begin, next.words.end}, part.numerator);
    found.claim.number.form = Form::kShare;
    found.claim.number.value = {part.numerator, all.numerator};
    found.claim.number.out_of = all.numerator;
    found.claim.value = value_of(found.claim.number);
    found.claim.exact = found.claim.number.percent();
    found.of = np;
    taken_ = next.words.end;
    push(std::move(found));
    return true;
  }

  void add_points(const Mention& m) {
    const WordRange sentence = prose_.sentence(m.sentence);
    for (size_t i = sentence.begin; i < std::min(m.words.begin, sentence.begin + 12); ++i) {
      const Word& word = prose_.at(i);
      const Word& of = prose_.before(i);  // "The confidence index fell by three points"
      const bool survey = of.is("headline") || of.is("confidence") || of.is("sentiment") ||
                          of.is("climate") || of.is("optimism") || of.is("expectations");
      if (word.is("index") && survey) continue;
      if (word.is("margin") || word.is("index") || word.is("shares") || word.is("ftse") ||
          word.is("stock")) {
        return push(negative_of(prose_, m, ClaimKind::kChange, "index"));
      }
    }
    if (prose_.before(m.words.begin).is("within")) {
      return push(negative_of(prose_, m, ClaimKind::kChange, "precision"));
    }
    if (m.phrase->quoted && !prose_.sentence_has(m.sentence, kSurveyNoun)) {
      return push(negative_of(prose_, m, ClaimKind::kChange, "quotation"));
    }
    push(claim_of(prose_, m, ClaimKind::kChange));
  }
  void add_score(const Mention& m) {
    const bool mean = says_mean(prose_, m, before_);
    // "31 per cent gave a score of 8 or more" is an answer, no mean.
    const bool answer = m.phrase->hedge->relation == Relation::kAtLeast ||
                        (!found_.empty() && found_.back().is_share() &&
                         found_.back().claim.sentence == m.sentence &&
                         prose_.find_back(m, m.words.begin, kMeanWord, 14) == SIZE_MAX);
    const Word& scored = prose_.before(m.words.begin);  // "those scoring under 4"
    if (is_bar_of_score(prose_, m))
      return push(negative_of(prose_, m, ClaimKind::kMean, "threshold"));
    const bool sorted = is_bound(*m.phrase) && (scored.is("scoring") || scored.is("giving"));
    if (!mean || m.phrase->quoted || answer || sorted) {
      return push(negative_of(prose_, m, ClaimKind::kMean, "other number"));
    }
    const bool put = scored.is("at") && prose_.before(m, 2).is("it") &&
                     (prose_.before(m, 3).is("puts") || prose_.before(m, 3).is("put"));
    if (put || is_said_by_another(prose_, m, surveys_)) {
      return push(negative_of(prose_, m, ClaimKind::kMean, "said by another"));
    }
    // "was 5.2 out of ten, down 0.9 since 2016"
    const Word& move = prose_.before(m.words.begin);
    if (m.phrase->form == Form::kDecimal && (move.is("up") || move.is("down"))) {
      Candidate change = claim_of(prose_, m, ClaimKind::kChange);
      change.claim.number.direction = move.is("up") ? 1 : -1;
      if (move.is("down")) change.claim.value->digits = -change.claim.value->digits;
      return push(std::move(change));
    }
    push(claim_of(prose_, m, ClaimKind::kMean));
  }
  void add_multiple(const Mention& m) {
    if (!compares_shares(prose_, m, before_) || m.phrase->quoted) {
      return push(negative_of(prose_, m, ClaimKind::kComparative, "multiple"));
    }
    Candidate found = claim_of(prose_, m, ClaimKind::kComparative);
    found.claim.value.reset();
    push(std::move(found));
  }

  void add_quantifier(const Mention& m) {
    const Part part = m.phrase->quantifier->part;
    const bool rest = part == Part::kRest;
    if (part == Part::kVague || part == Part::kAll) return;  // no number to find or test
    Candidate found =
        claim_of(prose_, m, rest ? ClaimKind::kPercentImplied : ClaimKind::kPercentBound);
    found.of = group_of(m, found.leads);
    if (found.leads) found.of.reset();
    if (m.phrase->quoted && part != Part::kMajority) return;
    if (is_majority_of_seats(prose_, m)) {
      return push(negative_of(prose_, m, ClaimKind::kPercentBound, "share of something"));
    }
    if (const size_t number = number_beside(m); number != SIZE_MAX && !rest && !m.phrase->quoted) {
      found.claim.negative = true;
      found.claim.negative_reason = "gloss";
      found.claim.value.reset();
      return push(std::move(found));
    }
    if (part != Part::kMajority && !rest) return;
    if (rest) return add_rest(m, std::move(found));
    found.claim.value = Decimal{50, 0};
    found.claim.exact = {50, 1};
    const NounPhrase of = found.of ? *found.of : NounPhrase{};
    const bool answers = speaks_of_answers(prose_, m, of);
    if (m.phrase->quoted || !answers) {
      return push(negative_of(prose_, m, ClaimKind::kPercentBound,
                              m.phrase->quoted ? "quotation" : "share of something"));
    }
    push(std::move(found));
  }
  // "the rest of the budget" is no answer; "the remainder said" is.
  void add_rest(const Mention& m, Candidate found) {
    const bool grouped = found.of && (found.of->named || found.of->pronoun);
    const bool of = prose_.at(m.words.end).is("of");
    const Word& before = prose_.before(m.words.begin);
    const bool object = before.is("among") || before.is("amongst") || before.is("than");
    const bool flows = prose_.at(m.words.end).is("comes") || prose_.at(m.words.end).is("goes");
    if (m.phrase->quoted || object || flows || (of && !grouped)) return;
    found.claim.value.reset();
    push(std::move(found));
  }
  // The number that "a majority, 53 per cent", "a minority of 18 per cent" and "the largest group -
  // 41 per cent -" are said of: its mention.
  [[nodiscard]] size_t number_beside(const Mention& m) const {
    size_t at = m.words.end;
    const size_t end = std::min(prose_.sentence(m.sentence).end, at + 8);
    bool mark = false;
    for (; at < end; ++at) {
      const Word& word = prose_.at(at);
      if (word.is_number()) {
        const wording::NumberPhrase& next = *prose_.mentions()[word.number].phrase;
        return (mark || prose_.before(at).is("of")) && next.is_share() ? word.number : SIZE_MAX;
      }
      mark = word.is(",") || word.is("-") || word.is("--") || word.is("(") || word.is(":");
      if (word.is(kOpinion | kCopula | kAuxiliary) || word.is(";")) return SIZE_MAX;
      if (mark && !prose_.at(at + 1).is_number()) return SIZE_MAX;
    }
    return SIZE_MAX;
  }

  void finish(Candidate& found) const {
    Claim& claim = found.claim;
    if (!surveys_.any && !claim.negative) {
      claim.negative = true;
      claim.negative_reason = "commentary";
    }
    claim.survey = surveys_.of(claim.sentence, found.words.begin);
    if (!surveys_.mentions.empty() && prose_.sentence_has(claim.sentence, kSurveyNoun)) {
      claim.attribution = surveys_.mentions[claim.survey].phrase;
    }
    if (!claim.negative && !found.leads && is_of_others(found)) {
      claim.negative = true;
      claim.negative_reason = "share of something";
    }
    if (claim.negative || claim.number.form != Form::kQuantifier) return;
    // In the headline and the first paragraph such a word sums up the figures below.
    // "A majority of chairs would pay" there is a finding of its own; "most" is none.
    const bool title = prose_.document().blocks[found.block].kind == BlockKind::kTitle;
    const bool says =
        !title && prose_.at(found.words.begin).is("a") && found.of && found.of->named &&
        prose_.has_predicate(found.of->words.end, prose_.sentence(claim.sentence).end);
    if (claim.kind == ClaimKind::kPercentBound && !says && sums_up(found)) {
      claim.negative = true;
      claim.negative_reason = "summary";
    }
  }
  // "Two-thirds of the country's hospitals were built …": organisations that nobody asked, and that
  // say nothing.
  [[nodiscard]] bool is_of_others(const Candidate& found) const {
    if (found.claim.number.form == Form::kPercent || !found.of || !found.of->named) return false;
    if (found.claim.kind > ClaimKind::kPercentFractionBound) return false;
    const Word& head = prose_.at(found.of->head);
    if (head.noun != Counted::kOrganisations || found.of->narrowed) return false;
    const Word& inside =
        prose_.at(found.of->words.end + 1);  // "two thirds of trusts (67 per cent)"
    const bool beside = prose_.at(found.of->words.end).is("(") && inside.is_number() &&
                        is_share_form(inside.number);
    if (beside || prose_.at(found.of->words.begin).is(kRespondent) ||
        prose_.sentence_has(found.claim.sentence, kSurveyNoun)) {
      return false;
    }
    if (prose_.before(found.words.begin).is("by")) return false;  // "scaled back by two-thirds of"
    if (prose_.document().blocks[found.block].kind == BlockKind::kTitle) return false;
    const size_t behind =
        past_asides(prose_, found.of->words.end, prose_.sentence(found.claim.sentence).end);
    for (const size_t from : {found.of->words.end, behind}) {
      for (size_t at = from; at < from + 3; ++at) {
        if (prose_.at(at).is(kOpinion)) return false;
      }
    }
    for (const Candidate& size : before_.sizes) {
      if (!size.of) continue;
      if (same_kind(stem(prose_.at(size.of->head).text), stem(head.text))) return false;
    }
    return true;
  }
  [[nodiscard]] bool sums_up(const Candidate& found) const {
    const auto& blocks = prose_.document().blocks;
    const auto first = std::ranges::find(blocks, BlockKind::kParagraph, &Block::kind);
    const auto paragraph = static_cast<size_t>(first - blocks.begin());
    return found.block <= paragraph && last_share_block_ > found.block;
  }

  const Prose& prose_;
  const Surveys& surveys_;
  std::vector<Candidate> found_;
  Before before_;
  size_t last_share_block_ = 0;
  size_t taken_ = 0;  // words before this one belong to claims already
};

}  // namespace

bool Candidate::is_share() const {
  return !claim.negative && !coverage && claim.value && claim.kind <= ClaimKind::kPercentImplied;
}
bool Candidate::is_unexplained() const {
  const std::string& reason = claim.negative_reason;
  return claim.negative && claim.value && claim.value->places == 0 &&
         claim.number.form == Form::kCount && !claim.number.has_upper && !claim.number.quoted &&
         (reason == "other count" || reason == "count of organisations" ||
          reason == "count of things");
}

bool Candidate::is_size() const {
  return !claim.negative && claim.kind >= ClaimKind::kN && claim.kind <= ClaimKind::kFrameN;
}

Candidate claim_of(const Prose& prose, const Mention& mention, ClaimKind kind) {
  Candidate found;
  found.block = mention.block;
  found.words = mention.words;
  found.claim.span = mention.phrase->span;
  found.claim.number = *mention.phrase;
  found.claim.kind = kind;
  found.claim.value = value_of(*mention.phrase);
  if (mention.phrase->is_share()) found.claim.exact = mention.phrase->percent();
  found.claim.sentence = mention.sentence;
  found.claim.quote = prose.text(mention.words);
  return found;
}

Candidate claim_of_words(const Prose& prose, const Mention& mention, ClaimKind kind,
                         WordRange words, int64_t value) {
  Candidate found = claim_of(prose, mention, kind);
  if (words.empty()) words = mention.words;
  found.words = words;
  found.claim.span = prose.normal().span(prose.at(words.begin).begin, prose.at(words.end - 1).end);
  found.claim.quote = prose.text(words);
  found.claim.value = Decimal{value, 0};
  found.claim.exact = {value, 1};
  return found;
}

Candidate negative_of(const Prose& prose, const Mention& mention, ClaimKind kind,
                      std::string_view reason) {
  Candidate found = claim_of(prose, mention, kind);
  found.claim.negative = true;
  found.claim.negative_reason = reason;
  if (mention.phrase->form == wording::Form::kQuantifier || reason == "date" || reason == "time") {
    found.claim.value.reset();
  }
  return found;
}

std::vector<Candidate> collect(const Prose& prose, const Surveys& surveys) {
  return Collector(prose, surveys).run();
}

}  // namespace barometer::claims
