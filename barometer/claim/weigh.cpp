// Whose answers, by arithmetic: "163 (40%)" is of the 407 who replied and of no other size of the
// text, whatever words stand between; "14 per cent of 638" says it itself. What the words chose is
// kept unless its own numbers refute it and another size of the article fits them.
#include <algorithm>
#include <cmath>
#include <map>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"

namespace barometer::claims {
namespace {

using wording::Form;

constexpr size_t kMostSizes = 64;
constexpr size_t kBracketReach = 8;  // words from a count to the bracket with its share
constexpr double kRoughly = 12;      // points between a fraction and the figure it stands for
constexpr size_t kReach = 16;        // claims of one sentence

// A count and the share that it is.
struct Pair {
  size_t count = 0, share = 0;
};

class Weigher {
 public:
  Weigher(const Prose& prose, std::vector<Candidate>& found) : prose_(prose), found_(found) {
    for (size_t i = 0; i < found_.size() && sizes_.size() < kMostSizes; ++i) {
      if (may_be_size(found_[i])) sizes_.push_back(i);
    }
  }

  void run() {
    drop_refuted();
    for (size_t i = 1; i + 1 < found_.size(); ++i) take_split(i);
    for (size_t i = 1; i < found_.size(); ++i) take_bracket(i);
    for (size_t i = 0; i + 1 < found_.size(); ++i) take_named(i);
    for (size_t i = 0; i < found_.size(); ++i) take_opening(i);
    for (size_t i = 1; i < found_.size(); ++i) take_these(i);
    const std::optional<int64_t> said = said_whole();
    std::vector<Pair> pairs;
    for (size_t i = 0; i < found_.size(); ++i) {
      if (const auto pair = pair_at(i)) pairs.push_back(*pair);
    }
    for (const Pair& pair : pairs) settle(pair);
    if (said) choose_whole(*said, pairs);
    prefer_exact();
    for (size_t i = 1; i < found_.size(); ++i) copy_to_gloss(i);
  }

 private:
  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }
  [[nodiscard]] int64_t value(size_t i) const { return found_[i].claim.value->digits; }

  [[nodiscard]] static bool is_whole_number(const Candidate& f) {
    return f.claim.value && f.claim.value->places == 0 && f.claim.number.form == Form::kCount &&
           !f.claim.number.has_upper && !f.claim.number.quoted && f.claim.value->digits > 4;
  }
  // Also of an earlier wave or another survey, as far as the words tell: numbers may know better.
  [[nodiscard]] static bool may_be_size(const Candidate& f) {
    if (!f.claim.value) return false;
    return f.is_size() && f.claim.kind != ClaimKind::kFrameN &&
           f.claim.kind != ClaimKind::kNInvited && f.claim.value->digits > 4;
  }
  [[nodiscard]] static bool is_of_now(const Candidate& f) {
    return f.claim.survey == 0 && !f.is_previous;
  }
  [[nodiscard]] static bool is_loose(const Candidate& f) {
    return f.is_unexplained() && f.claim.value->digits > 4;
  }
  [[nodiscard]] static bool is_answer(const Candidate& f) {
    return !f.claim.negative && f.claim.kind == ClaimKind::kCount && f.claim.value &&
           f.claim.value->places == 0 && f.claim.survey == 0;
  }
  [[nodiscard]] static bool is_percent(const Candidate& f) {
    return f.is_share() && f.claim.kind == ClaimKind::kPercent && !f.coverage && !f.is_previous &&
           f.claim.number.form == Form::kPercent && f.claim.survey == 0;
  }

  // A handful that hardly any of the figures can be of was no number of answers.
  void drop_refuted() {
    constexpr int64_t kHandful = 20;
    for (const size_t size : sizes_) {
      const int64_t n = value(size);
      const bool small = found_[size].claim.kind == ClaimKind::kN && n <= kHandful;
      if (!small || !is_of_now(found_[size])) continue;
      size_t all = 0;
      size_t refuted = 0;
      for (const Candidate& f : found_) {
        if (!is_percent(f) || f.claim.base != n || f.claim.base_source == BaseSource::kClaim)
          continue;
        ++all;
        if (!is_possible(f, n)) ++refuted;
      }
      if (refuted < 3 || 2 * refuted <= all) continue;
      found_[size].claim.negative = true;
      found_[size].claim.negative_reason = "other count";
      for (Candidate& f : found_) {
        if (f.claim.base != n || f.claim.base_source == BaseSource::kClaim) continue;
        f.claim.base.reset();
        f.claim.base_claim.reset();
        f.claim.base_source = BaseSource::kNone;
      }
    }
    std::erase_if(sizes_, [&](size_t i) { return found_[i].claim.negative; });
  }
  // "1,352 (31.9%) of the 4,258 who replied", "58 out of 112 (52%)"
  void take_split(size_t i) {
    const bool behind = is_percent(found_[i + 1]);  // the share stands behind both
    const size_t share = behind ? i + 1 : i;
    const size_t whole = behind ? i : i + 1;
    Candidate& count = found_[i - 1];
    Candidate& of = found_[whole];
    if (!is_percent(found_[share]) || !is_whole_number(of) || !is_countable(count)) return;
    const size_t sentence = count.claim.sentence;
    if (of.claim.sentence != sentence || found_[share].claim.sentence != sentence) return;
    if (!is_loose(of) && !is_answer(of) && !may_be_size(of)) return;
    if (!prose_.before(found_[share].words.begin).is("(")) return;
    const size_t from = behind ? count.words.end : found_[share].words.end + 1;
    if (!leads_by_of(from, of.words.begin)) return;
    const double exact =
        100.0 * static_cast<double>(value(i - 1)) / static_cast<double>(value(whole));
    if (std::abs(exact - found_[share].claim.value->value()) > 2)
      return;  // errors are for the audit
    const size_t noun = of.of ? std::max(of.of->words.end, of.words.end) : of.words.end;
    const bool some = word(noun).is("who") || word(noun).is("that");
    if (!some && participation(prose_, noun, prose_.sentence(sentence).end) != SIZE_MAX) {
      of.claim.kind = ClaimKind::kNInvited;  // "18,757 (40%) of 46,700 GPs responded"
      of.claim.negative = false;
      of.claim.negative_reason.clear();
      accept_answer(count);
      count.claim.kind = ClaimKind::kN;
      found_[share].coverage = true;
      return set(found_[share], whole, BaseSource::kClaim);
    }
    if (!may_be_size(of)) make_part(of);
    if (count.is_unexplained()) accept_answer(count);
    set(count, whole, BaseSource::kClaim);
    set(found_[share], whole, BaseSource::kClaim);
  }
  // "31 per cent have done it (702 teachers)": more than the share can be, and fewer than all.
  void take_bracket(size_t i) {
    Candidate& f = found_[i];
    Candidate& share = found_[i - 1];
    if (!is_percent(share) || !is_loose(f) || share.claim.sentence != f.claim.sentence) return;
    const bool opens = prose_.before(f.words.begin).is("(") && f.of && f.of->named &&
                       word(f.of->words.end).is(")") && !f.of_organisations;
    if (!opens || !share.claim.base || value(i) >= *share.claim.base) return;
    if (f.words.begin - share.words.end > kBracketReach || fits({i, i - 1}, *share.claim.base)) {
      return;
    }
    if (std::ranges::any_of(sizes_, [&](size_t k) { return fits({i, i - 1}, value(k)); })) return;
    make_part(f);
    set(share, i, BaseSource::kSentence);
  }
  [[nodiscard]] bool leads_by_of(size_t from, size_t to) const {
    if (to <= from || to - from > 4) return false;
    for (size_t at = from; at < to; ++at) {
      const Word& w = word(at);
      const bool may = w.is("of") || w.is("out") || w.is(kDeterminer) || w.is("those");
      if (!may) return false;
    }
    return word(from).is("of") || word(from + 1).is("of");
  }
  [[nodiscard]] static bool is_countable(const Candidate& f) {
    return f.is_unexplained() || is_answer(f);
  }
  static void accept_answer(Candidate& f) {
    f.claim.kind = ClaimKind::kCount;
    f.claim.negative = false;
    f.claim.negative_reason.clear();
  }

  // "14 per cent of 638", "65% of the 68 officers", "71% of the 163"
  void take_named(size_t i) {
    Candidate& f = found_[i];
    Candidate& next = found_[i + 1];
    if (!f.is_share() || f.claim.survey != 0 || next.claim.sentence != f.claim.sentence ||
        !word(f.words.end).is("of")) {
      return;
    }
    const Word& between = word(f.words.end + 1);
    const bool the = between.is("the") || between.is("those") || between.is("these");
    if (next.words.begin != f.words.end + (the ? 2U : 1U) || !is_whole_number(next)) return;
    const bool counts = is_loose(next) || is_answer(next) || may_be_size(next);
    if (!counts || next.claim.value->digits > 1'000'000) return;
    if (is_loose(next) || is_answer(next)) make_part(next);
    set(f, i + 1, BaseSource::kClaim);
    follow(i + 2, i + 1);
  }
  // "Of those 97, only 12 …", "Of these 163 trainees, 44% …"
  void take_opening(size_t i) {
    const Candidate& f = found_[i];
    const size_t begin = prose_.sentence(f.claim.sentence).begin;
    const bool these = f.words.begin == begin + 2 && word(begin).is("of") &&
                       (word(begin + 1).is("those") || word(begin + 1).is("these"));
    if (!these || !is_whole_number(f)) return;
    if (is_loose(f)) make_part(found_[i]);
    if (is_answer(f) || may_be_size(f)) follow(i + 1, i);
  }
  // "We put some extra questions to the 1,204 with a paid job. Of these, 46% …": the one number of
  // the sentence before, which nothing else explained.
  void take_these(size_t i) {
    const size_t sentence = found_[i].claim.sentence;
    const size_t last = found_[i - 1].claim.sentence;
    const bool first = last + 1 == sentence && found_[i - 1].block == found_[i].block;
    const bool only = i < 2 || found_[i - 2].claim.sentence != last;
    if (!first || !only || !is_loose(found_[i - 1])) return;
    const size_t begin = prose_.sentence(sentence).begin;
    const bool these = (word(begin).is("of") || word(begin).is("among")) &&
                       (word(begin + 1).is("these") || word(begin + 1).is("those")) &&
                       word(begin + 2).is(",");
    const bool the = prose_.before(found_[i - 1].words.begin).is("the");
    if (!these || !the) return;
    make_part(found_[i - 1]);
    follow(i, i - 1);
  }
  // The figures behind it in its sentence have no size of their own.
  void follow(size_t from, size_t size) {
    for (size_t k = from; k < std::min(found_.size(), from + kReach); ++k) {
      Candidate& f = found_[k];
      if (f.claim.sentence != found_[from].claim.sentence || f.is_size()) return;
      const bool figure = (f.is_share() && !f.coverage) || is_answer(f);
      if (!figure || f.is_previous || f.claim.base_source == BaseSource::kClaim) continue;
      if (f.claim.value->places == 0 && is_answer(f) && value(k) > value(size)) return;
      set(f, size, BaseSource::kSentence);
    }
  }
  static void make_part(Candidate& f) {
    f.claim.kind = ClaimKind::kNSub;
    f.claim.negative = false;
    f.claim.negative_reason.clear();
  }

  // The count that stands beside the share at `i`: "163 (40%)", "97 of the 286 heads (34 per
  // cent)", "44 per cent (41 leaders)".
  [[nodiscard]] std::optional<Pair> pair_at(size_t i) const {
    const Candidate& share = found_[i];
    if (!is_percent(share)) return std::nullopt;
    const bool bracket = prose_.before(share.words.begin).is("(");
    const bool again = prose_.before(share.words.begin).is("or");
    for (size_t k = i; (bracket || again) && k > 0;) {
      --k;
      const Candidate& count = found_[k];
      if (count.claim.sentence != share.claim.sentence) break;
      if (share.words.begin - count.words.end > kBracketReach) break;
      if (is_answer(count) || is_part_itself(count, share)) return Pair{k, i};
      if (!may_be_size(count) && !count.claim.negative) break;
    }
    if (i + 1 >= found_.size()) return std::nullopt;
    const Candidate& next = found_[i + 1];
    const bool behind = is_answer(next) && next.claim.sentence == share.claim.sentence &&
                        prose_.before(next.words.begin).is("(") &&
                        next.words.begin - share.words.end <= kBracketReach;
    return behind ? std::optional(Pair{i + 1, i}) : std::nullopt;
  }

  // "A group of 61 (15%)": a part, and its share of all, not of itself.
  [[nodiscard]] static bool is_part_itself(const Candidate& count, const Candidate& share) {
    return may_be_size(count) && count.claim.kind == ClaimKind::kNSub &&
           share.claim.base == count.claim.value->digits && share.words.begin - count.words.end < 3;
  }

  [[nodiscard]] bool fits(const Pair& pair, int64_t n) const {
    const int64_t count = value(pair.count);
    if (n < count || n <= 0) return false;
    const Decimal& share = *found_[pair.share].claim.value;
    const double exact = 100.0 * static_cast<double>(count) / static_cast<double>(n);
    const double half = 0.5 * std::pow(10.0, -share.places);
    return std::abs(exact - share.value()) <= half + 1e-9;
  }

  // "Over half of workers (53.2%)": one figure said twice has one base.
  void copy_to_gloss(size_t i) {
    Candidate& f = found_[i];
    const Candidate& words = found_[i - 1];
    const bool pair =
        is_percent(f) && words.is_share() && words.claim.survey == 0 &&
        words.claim.number.form != Form::kPercent && words.claim.sentence == f.claim.sentence &&
        prose_.before(f.words.begin).is("(") && f.words.begin - words.words.end <= kBracketReach;
    if (!pair || f.claim.base_source == BaseSource::kClaim) return;
    if (std::abs(words.claim.exact.value() - f.claim.value->value()) > kRoughly) return;
    for (size_t at = words.words.end; at < f.words.begin; ++at) {
      if (word(at).is(kOpinion | kCopula | kAuxiliary)) return;
    }
    copy_base(words.claim, f.claim);
  }
  // "almost 3,000 farmers", and 2,921 further down: figures are of the exact number.
  void prefer_exact() {
    for (const size_t rough : sizes_) {
      const Candidate& f = found_[rough];
      const bool about = f.claim.kind == ClaimKind::kN && is_of_now(f) &&
                         !f.claim.number.hedge->words.empty() && !f.claim.number.hedge->for_editor;
      if (!about) continue;
      const auto exact = std::ranges::find_if(sizes_, [&](size_t k) {
        const bool n = found_[k].claim.kind == ClaimKind::kN && is_of_now(found_[k]) &&
                       found_[k].claim.number.hedge->words.empty();
        return n && value(k) != value(rough) &&
               20 * std::abs(value(k) - value(rough)) < value(rough);
      });
      if (exact == sizes_.end()) continue;
      for (Candidate& of : found_) {
        if (!of.is_size() && of.claim.base == value(rough) &&
            of.claim.base_source != BaseSource::kClaim) {
          set(of, *exact, of.claim.base_source);
        }
      }
    }
  }
  // Keeps what the words chose where the numbers agree with it.
  void settle(const Pair& pair) {
    Candidate& count = found_[pair.count];
    Candidate& share = found_[pair.share];
    for (const auto& [from, to] : {std::pair(&share, &count), std::pair(&count, &share)}) {
      if (!from->claim.base || count.is_size() || !fits(pair, *from->claim.base)) continue;
      if (to->claim.base == from->claim.base) return;
      copy_base(from->claim, to->claim);
      return;
    }
    const std::optional<size_t> size = size_that_fits(pair);
    if (!size) return;
    const BaseSource source = found_[*size].claim.sentence == share.claim.sentence
                                  ? BaseSource::kSentence
                                  : BaseSource::kArticle;
    if (is_loose(found_[*size])) make_part(found_[*size]);
    if (!count.is_size()) set(count, *size, source);
    set(share, *size, source);
  }
  // In its sentence, else the last that was said before it, else the first behind it.
  [[nodiscard]] std::optional<size_t> size_that_fits(const Pair& pair) const {
    const size_t sentence = found_[pair.share].claim.sentence;
    for (size_t k = pair.count; k > pair.count - std::min(pair.count, kReach);) {
      --k;
      if (found_[k].claim.sentence != sentence) break;
      if (is_said_size(k) && fits(pair, value(k))) return k;
    }
    for (size_t k = pair.count + 1; k < std::min(found_.size(), pair.count + kReach); ++k) {
      if (found_[k].claim.sentence != sentence) break;
      if (is_said_size(k) && fits(pair, value(k))) return k;
    }
    std::optional<size_t> best;
    for (const bool now : {true, false}) {
      for (const size_t k : sizes_) {
        if (is_of_now(found_[k]) != now || !fits(pair, value(k))) continue;
        if (best && k > pair.count) break;
        best = k;
      }
      if (best) break;
    }
    return best;
  }
  // In the sentence of the pair a number that nobody explained may be its size: "of the 295
  // without"
  [[nodiscard]] bool is_said_size(size_t k) const {
    if (may_be_size(found_[k])) return true;
    const Word& before = prose_.before(found_[k].words.begin);
    return is_loose(found_[k]) && (before.is("the") || before.is("of"));
  }

  void set(Candidate& f, size_t size, BaseSource source) const {
    f.claim.base = value(size);
    f.claim.base_claim = size;
    f.claim.base_source = source;
    f.claim.subgroup =
        found_[size].claim.kind == ClaimKind::kNSub || found_[size].claim.kind == ClaimKind::kCount;
  }

  // The base that most figures have from elsewhere in the article.
  [[nodiscard]] std::optional<int64_t> said_whole() const {
    std::map<int64_t, size_t> claims;
    for (const Candidate& f : found_) {
      if (is_of_whole(f)) ++claims[*f.claim.base];
    }
    const auto most =
        std::ranges::max_element(claims, {}, [](const auto& base) { return base.second; });
    return most == claims.end() ? std::nullopt : std::optional(most->first);
  }
  [[nodiscard]] static bool is_of_whole(const Candidate& f) {
    return f.claim.base && f.claim.base_source == BaseSource::kArticle && !f.claim.subgroup &&
           !f.claim.negative && is_of_now(f);
  }
  [[nodiscard]] static bool is_possible(const Candidate& f, int64_t n) {
    const double share = f.claim.value->value();
    const double half = 0.5 * std::pow(10.0, -f.claim.value->places) + 1e-9;
    const double most = std::floor((share + half) * static_cast<double>(n) / 100.0);
    return most >= std::ceil((share - half) * static_cast<double>(n) / 100.0 - 1e-9);
  }
  // Percentages said to be of `from` that so many cannot give.
  [[nodiscard]] size_t impossible(int64_t from, int64_t n) const {
    return static_cast<size_t>(std::ranges::count_if(found_, [&](const Candidate& f) {
      return is_percent(f) && is_of_whole(f) && *f.claim.base == from && !is_possible(f, n);
    }));
  }
  // The words chose a size for the whole that its own figures refute: of a larger one they can all
  // be, and its counts beside their shares are.
  void choose_whole(int64_t said, const std::vector<Pair>& pairs) {
    std::map<size_t, size_t> votes;  // size -> pairs
    for (const Pair& pair : pairs) {
      const Claim& share = found_[pair.share].claim;
      if (fits(pair, said)) return;
      const bool other = share.base_claim && share.base_source == BaseSource::kArticle &&
                         share.base && fits(pair, *share.base);
      if (other) ++votes[*share.base_claim];
    }
    const auto most =
        std::ranges::max_element(votes, {}, [](const auto& vote) { return vote.second; });
    std::optional<size_t> whole;
    if (most != votes.end() && most->second > 1) whole = most->first;
    if (!whole && impossible(said, said) > 1) whole = larger_that_fits(said);
    if (!whole || value(*whole) == said) return;
    for (Candidate& f : found_) {
      if (is_of_whole(f) && *f.claim.base == said) set(f, *whole, BaseSource::kArticle);
    }
  }
  [[nodiscard]] std::optional<size_t> larger_that_fits(int64_t said) const {
    std::optional<size_t> best;
    for (const size_t k : sizes_) {
      const bool n = found_[k].claim.kind == ClaimKind::kN && !found_[k].is_previous;
      if (!n || value(k) <= said || impossible(said, value(k)) > 0) continue;
      if (!best || value(k) < value(*best)) best = k;
    }
    return best;
  }

  const Prose& prose_;
  std::vector<Candidate>& found_;
  std::vector<size_t> sizes_;
};

}  // namespace

void weigh_bases(const Prose& prose, std::vector<Candidate>& found) { Weigher(prose, found).run(); }

}  // namespace barometer::claims
