// Whose answers a share is of: the group its own words name, the group its paragraph speaks of,
// else the respondents of the survey.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include "barometer/claim/antecedents_internal.h"
#include "barometer/claim/article_internal.h"
#include "barometer/claim/groups_internal.h"

namespace barometer::claims {
namespace {

using wording::Counted;

constexpr size_t kMostEarlier = 16;

class Bases {
 public:
  Bases(const Prose& prose, const ClaimOptions& options, std::vector<Candidate>& found)
      : prose_(prose), options_(options), found_(found), groups_(prose, found) {
    for (size_t i = 0; i < found_.size() && earlier_sizes_.size() < kMostEarlier; ++i) {
      const Candidate& f = found_[i];
      const bool n = f.is_size() && f.claim.kind == ClaimKind::kN && f.claim.value;
      if (n && f.is_previous && f.claim.survey == 0) earlier_sizes_.push_back(i);
    }
  }

  void run() {
    size_t block = SIZE_MAX;
    for (size_t i = 0; i < found_.size(); ++i) {
      if (found_[i].block != block) {
        block = found_[i].block;
        current_.reset();
      }
      note_group(i);
      if (needs_base(found_[i])) bind(i);
    }
  }

 private:
  [[nodiscard]] static bool needs_base(const Candidate& f) {
    const Claim& c = f.claim;
    if (!c.negative && c.kind == ClaimKind::kComparative) return true;
    if (c.negative || !c.value) return false;
    return c.kind <= ClaimKind::kCount || c.kind == ClaimKind::kMean ||
           c.kind == ClaimKind::kChange;
  }
  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }

  // A size that was just said is what the paragraph speaks of.
  void note_group(size_t i) {
    const Candidate& f = found_[i];
    if (f.claim.negative) return;
    if (f.claim.kind != ClaimKind::kN && f.claim.kind != ClaimKind::kNSub) return;
    if (const auto group = groups_.of_claim(i)) current_ = group;
  }

  void bind(size_t i) {
    Candidate& f = found_[i];
    if (f.of) f.claim.base_phrase = phrase_of(f);
    // "Response rates were 19.4 per cent (n = 145)": what came back, and no base.
    const bool came = f.coverage && word(f.words.end).is("(") && word(f.words.end + 1).is("n");
    if (came) return bind_coverage(i);
    if (bind_own(i)) return;
    if (f.column_base) return take(i, *f.column_base, BaseSource::kSentence);
    if (f.is_previous) return bind_sentence(i);
    if (restates_count(i) || restates_reply(i)) return;
    if (f.coverage) return bind_coverage(i);
    const bool them = says_of_them(prose_, f) || opens_with_them(prose_, f);
    if (them && bind_pronoun(i)) return;
    if (const auto opening = opening_size(prose_, found_, i)) {
      return take(i, *opening, BaseSource::kSentence);
    }
    const Word& opening = word(prose_.sentence(f.claim.sentence).begin);
    if (opening.is("overall") && !f.of && f.claim.survey == 0 && !speaks_of_part(prose_, f)) {
      return set(i, groups_.main());
    }
    if (f.claim.survey != 0) return bind_other_survey(i);
    if (speaks_of_the_others(prose_, f)) return bind_others(i);
    if (opens_with_part(f)) return set_part(i);
    if (speaks_of_part(prose_, f) && !(f.of && !f.leads && f.of->narrowed)) return set_part(i);
    if (follows_whom(i)) return;
    if (f.claim.kind == ClaimKind::kPercentImplied || !f.of) {
      if (inherit(i)) return;
    }
    if (is_count_of_share(i) || goes_on_by(i)) return;
    if (is_headline_of_organisations(f) || is_headline_of_one_role(f)) {
      return set(i, groups_.main());
    }
    if (f.of && !f.of->pronoun) return bind_named(i);
    if (f.of && f.of->narrowed) return set_part(i);
    if (continues_part(i)) return set_part(i);
    if (const auto part = f.of ? std::nullopt : part_in_place(f)) return set(i, part);
    if (f.of) {  // "of them": whoever was spoken of last
      return set(i, current_ ? current_ : groups_.main());
    }
    set(i, current_ && !is_part_elsewhere(i) ? current_ : groups_.main());
  }
  // "of them": whoever was counted last; those of a share ("Half had. Of these, a third …") nobody
  // counted.
  bool bind_pronoun(size_t i) {
    const Antecedent last = counted_before(prose_, found_, i);
    if (last.uncounted) set_part(i);
    if (last.claim) {
      take(i, *last.claim, BaseSource::kSentence);
      found_[i].claim.subgroup = found_[i].claim.subgroup || !found_[*last.claim].is_size();
    }
    return last.uncounted || last.claim;
  }
  // "16 of the 47 who replied are leaving (34 per cent)": the base of that count.
  bool restates_count(size_t i) {
    const std::optional<size_t> k = restated_count(prose_, found_, i);
    if (!k) return false;
    copy_base(found_[*k].claim, found_[i].claim);
    return true;
  }
  // "sent to 9,000 members; 2,754 came back (30.6 per cent)": of those asked, where it is so.
  bool restates_reply(size_t i) {
    const std::optional<size_t> asked = asked_of_share(prose_, found_, i);
    if (asked) take(i, *asked, BaseSource::kSentence);
    return asked.has_value();
  }
  // "Chairs were asked about pay. Half thought it fair."
  [[nodiscard]] bool asks_part(const Candidate& f) const {
    const std::optional<NounPhrase> np = asked_before(f);
    return np && groups_.is_part(*np) && !groups_.best(*np);
  }
  // Who "were asked", in the sentence before.
  [[nodiscard]] std::optional<NounPhrase> asked_before(const Candidate& f) const {
    if (f.claim.sentence == 0) return std::nullopt;
    const size_t last = f.claim.sentence - 1;
    if (prose_.document().sentences[last].block != f.block) return std::nullopt;
    const WordRange before = prose_.sentence(last);
    const NounPhrase np = prose_.noun_phrase(before.begin, before.end);
    const bool asked = word(np.words.end).is("were") && word(np.words.end + 1).is("asked");
    if (!np.named || !asked) return std::nullopt;
    return np;
  }
  // "Labour voters give 5.9", "Smaller groups fared worse: 61 per cent had a deficit"
  [[nodiscard]] bool is_said_by_part(const Candidate& f) const {
    const size_t begin = prose_.sentence(f.claim.sentence).begin;
    const bool colon = f.words.begin > begin && prose_.before(f.words.begin).is(":");
    if (f.words.begin - begin > (colon ? 10U : 5U)) return false;
    if (!colon && f.claim.kind != ClaimKind::kMean) return false;
    const NounPhrase np = prose_.noun_phrase(begin, f.words.begin);
    return np.named && np.words.end - np.words.begin > 1 && np.words.end < f.words.begin &&
           groups_.is_part(np) && !groups_.best(np);
  }
  // "Across all other types of trust it was 46 per cent", after the 52 acute leaders of 87: those
  // who are left.
  void bind_others(size_t i) {
    const Candidate& f = found_[i];
    std::optional<size_t> part;
    for (size_t k = i; k > 0 && found_[k - 1].block == f.block; --k) {
      const Candidate& last = found_[k - 1];
      if (last.claim.sentence + 1 < f.claim.sentence) break;
      const bool size = last.is_size() && last.claim.kind == ClaimKind::kNSub && last.claim.value;
      if (size && part) return set_part(i);
      if (size) part = k - 1;
    }
    set_part(i);
    if (!part || !groups_.main()) return;
    const int64_t left = groups_.at(*groups_.main()).size - found_[*part].claim.value->digits;
    if (left <= 0) return;
    found_[i].claim.base = left;
    found_[i].claim.base_claim = groups_.at(*groups_.main()).claim;
    found_[i].claim.base_source = BaseSource::kSentence;
  }
  // "The average caseload in children's services was 18.9": of those counted there.
  [[nodiscard]] std::optional<size_t> part_in_place(const Candidate& f) const {
    constexpr size_t kNear = 12;
    const size_t begin = prose_.sentence(f.claim.sentence).begin;
    for (size_t at = f.words.begin; at > begin && f.words.begin - at < kNear; --at) {
      const Word& w = prose_.before(at);
      if (w.is_number() || w.is(";")) return std::nullopt;
      if (!w.is("in") && !w.is("among") && !w.is("at")) continue;
      const NounPhrase np = prose_.noun_phrase(at, f.words.begin);
      if (const auto part = groups_.part_of_words(np)) return part;
    }
    return std::nullopt;
  }
  // "Among respondents who were thinking of leaving - 38 per cent of the total - three in four …"
  [[nodiscard]] bool opens_with_part(const Candidate& f) const {
    if (f.of) return false;
    if (is_said_by_part(f) || asks_part(f)) return true;
    const std::optional<NounPhrase> np = opening_group(prose_, f);
    return np && (np->narrowed || (np->named && groups_.is_part(*np) && !groups_.best(*np)));
  }
  // The figure of an earlier wave is of that wave's respondents, where its sentence counts them:
  // of several, the one right before "when 103 took part", or those behind it.
  void bind_sentence(size_t i) {
    const size_t sentence = found_[i].claim.sentence;
    size_t first = i;
    while (first > 0 && found_[first - 1].claim.sentence == sentence) --first;
    for (size_t k = first; k < found_.size() && found_[k].claim.sentence == sentence; ++k) {
      const Candidate& size = found_[k];
      const bool n =
          size.claim.kind == ClaimKind::kN || size.claim.kind == ClaimKind::kNOrganisations;
      if (!size.is_previous || !size.is_size() || !n || !size.claim.value) continue;
      const bool other_between =
          k > i &&
          std::any_of(found_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                      found_.begin() + static_cast<std::ptrdiff_t>(k), [&](const Candidate& f) {
                        return f.is_previous && needs_base(f) &&
                               f.claim.wave != found_[i].claim.wave;
                      });
      if (other_between) return;
      return take(i, k, BaseSource::kSentence);
    }
    bind_wave(i);
  }
  // "5.6 last year", where "the 91 who took part last year" were counted elsewhere.
  void bind_wave(size_t i) {
    const std::string wave = wave_key(found_[i].claim.wave);
    if (wave.empty()) return;
    std::optional<size_t> only;
    for (const size_t k : earlier_sizes_) {
      if (wave_key(found_[k].claim.wave) != wave) continue;
      if (only && found_[*only].claim.value != found_[k].claim.value) return;
      only = k;
    }
    if (only) take(i, *only, source_of(found_[i], found_[*only]));
  }
  // The year of a wave's name, or "last".
  [[nodiscard]] static std::string wave_key(const std::string& wave) {
    const size_t year = wave.find("20");
    if (year != std::string::npos && year + 4 <= wave.size()) return wave.substr(year, 4);
    const bool last = wave.find("last year") != std::string::npos ||
                      wave.find("Last year") != std::string::npos ||
                      wave.find("year ago") != std::string::npos ||
                      wave.find("year earlier") != std::string::npos;
    return last ? "last" : "";
  }
  // The same of another survey, wherever it was counted.
  void bind_other_survey(size_t i) {
    if (speaks_of_part(prose_, found_[i]) || asks_others(i)) return set_part(i);
    std::optional<size_t> only;
    for (size_t k = 0; k < std::min(found_.size(), i + 8); ++k) {
      const Candidate& size = found_[k];
      const bool people = size.claim.kind == ClaimKind::kN || size.claim.kind == ClaimKind::kNSub;
      const bool counts = size.is_size() && people && size.claim.survey == found_[i].claim.survey &&
                          size.claim.value;
      if (!counts) continue;
      if (only && found_[*only].claim.value != size.claim.value) return;
      only = k;
    }
    if (only) take(i, *only, source_of(found_[i], found_[*only]));
  }
  // "Heads were asked in the same poll …", where it counted teachers; "single parents" of parents.
  [[nodiscard]] bool asks_others(size_t i) const {
    const Candidate& f = found_[i];
    if (f.of && !f.of->pronoun && (f.leads || f.of->words.end - f.of->words.begin > 1)) {
      return !is_of_size(i, *f.of);
    }
    const std::optional<NounPhrase> np = f.of ? std::nullopt : asked_before(f);
    return np && !is_of_size(i, *np);
  }
  // Do the words name those that the survey of this figure counted?
  [[nodiscard]] bool is_of_size(size_t i, const NounPhrase& of) const {
    for (size_t k = 0; k < std::min(found_.size(), i + 8); ++k) {
      const Candidate& size = found_[k];
      if (!size.is_size() || size.claim.survey != found_[i].claim.survey || !size.of) continue;
      const std::vector<std::string> counted = groups_.stems(*size.of);
      return std::ranges::all_of(groups_.stems(of), [&](const std::string& w) {
        return std::ranges::find(counted, w) != counted.end() ||
               (classes_of(w + "s") & (kGeneric | kRespondent)) != 0;
      });
    }
    return false;
  }
  void take(size_t i, size_t size, BaseSource source) {
    Claim& claim = found_[i].claim;
    claim.base = found_[size].claim.value->digits;
    claim.base_source = source;
    claim.base_claim = size;
    claim.subgroup = found_[size].claim.kind == ClaimKind::kNSub;
  }
  // "29 per cent (119 charities)": of those the share is of.
  bool is_count_of_share(size_t i) {
    Candidate& f = found_[i];
    const bool beside = f.claim.kind == ClaimKind::kCount && i > 0 && found_[i - 1].is_share() &&
                        found_[i - 1].claim.sentence == f.claim.sentence && f.words.begin > 0 &&
                        prose_.before(f.words.begin).is("(");
    if (!beside || !found_[i - 1].claim.base) return false;
    const Claim& share = found_[i - 1].claim;
    f.claim.base = share.base;
    f.claim.base_claim = share.base_claim;
    f.claim.base_source = share.base_source;
    f.claim.subgroup = share.subgroup;
    return true;
  }
  // "named by 18 of the 29 firms concerned. Groundworkers were mentioned by 11 and roofers by
  // four."
  bool goes_on_by(size_t i) {
    const Candidate& f = found_[i];
    if (f.claim.kind != ClaimKind::kCount || f.of || !prose_.before(f.words.begin).is("by")) {
      return false;
    }
    for (size_t k = i; k > 0 && found_[k - 1].block == f.block; --k) {
      const Candidate& last = found_[k - 1];
      if (last.claim.sentence + 1 < f.claim.sentence) return false;
      if (last.claim.negative || last.claim.kind != ClaimKind::kCount) continue;
      if (!prose_.before(last.words.begin).is("by") || !last.claim.base) return false;
      copy_base(found_[k - 1].claim, found_[i].claim);
      return true;
    }
    return false;
  }
  // "partners, of whom 44 per cent": of the number before it, or of some whose number is not said.
  bool follows_whom(size_t i) {
    const Candidate& f = found_[i];
    if (f.words.begin < 2 ||
        !(prose_.before(f.words.begin).is("whom") || prose_.before(f.words.begin).is("which"))) {
      return false;
    }
    if (!word(f.words.begin - 2).is("of")) return false;
    const bool counted = i > 0 && (found_[i - 1].is_size() || is_answer(found_[i - 1]));
    if (counted && found_[i - 1].claim.value && found_[i - 1].claim.sentence == f.claim.sentence) {
      take(i, i - 1, BaseSource::kSentence);
    } else {
      set_part(i);
    }
    return true;
  }
  // "Fewer than half of CCGs back …": a headline says CCGs of the leaders who answered.
  [[nodiscard]] bool is_headline_of_organisations(const Candidate& f) const {
    const BlockKind kind = prose_.document().blocks[f.block].kind;
    const bool headline = kind == BlockKind::kTitle || kind == BlockKind::kHeading;
    if (!headline || !f.of || f.of->narrowed || f.of->words.empty() || !groups_.main())
      return false;
    if (groups_.at(*groups_.main()).organisations) return false;
    if (std::ranges::any_of(groups_.stems(*f.of), is_part_word)) return false;
    return word(f.of->head).noun == Counted::kOrganisations;
  }
  // "Three in four governors want …", where governors and trustees answered, and nothing is said of
  // governors alone.
  [[nodiscard]] bool is_headline_of_one_role(const Candidate& f) const {
    const bool headline = prose_.document().blocks[f.block].kind == BlockKind::kTitle;
    if (!headline || !f.of || f.of->narrowed || f.of->words.empty() || !groups_.main())
      return false;
    const Group& all = groups_.at(*groups_.main());
    const std::string head(stem(word(f.of->head).text));
    if (f.of->words.end - f.of->words.begin > 1 || all.heads.size() < 2) return false;
    if (std::ranges::find(all.heads, head) == all.heads.end()) return false;
    return std::ranges::none_of(found_, [&](const Candidate& other) {
      return !other.claim.negative && other.block != f.block && other.of &&
             !other.of->words.empty() && !other.whole && stem(word(other.of->head).text) == head;
    });
  }
  // "provider respondents"; "those getting interim support" up to the verb or comma that ends it.
  [[nodiscard]] std::string phrase_of(const Candidate& f) const {
    WordRange words = f.of->words;
    if (!f.of->narrowed) return prose_.text(words);
    const size_t end = std::min(prose_.sentence(f.claim.sentence).end, words.end + 10);
    size_t at = words.end + 1;
    while (at < end && !word(at).is(kOpinion | kCopula) && word(at).text.size() > 1) ++at;
    if (words.empty() && words.begin > 0) --words.begin;
    return prose_.text({words.begin, at});
  }
  // "Managers at multi-site practices were gloomier. Thirty-eight per cent of them …", "Among the
  // smallest charities the picture is worse. Sixty-one per cent …": a part whose size nobody said.
  [[nodiscard]] bool continues_part(size_t i) const {
    const Candidate& f = found_[i];
    if (f.claim.sentence == 0 || current_) return false;
    const size_t last = f.claim.sentence - 1;
    if (prose_.document().sentences[last].block != f.block) return false;
    for (size_t k = i; k > 0;) {
      --k;
      if (found_[k].claim.sentence < last) break;
      const bool counted = found_[k].is_size() || found_[k].is_share();
      if (found_[k].claim.sentence == last && counted) return false;
    }
    const WordRange sentence = prose_.sentence(last);
    const Word& first = word(sentence.begin);
    const bool among =
        first.is("among") || first.is("amongst") || first.is("at") || first.is("for");
    const NounPhrase np = prose_.noun_phrase(sentence.begin + (among ? 1U : 0U), sentence.end);
    if (!np.named || np.all) return false;
    const Word& next = word(np.words.end);
    const bool placed = next.is("at") || next.is("in") || next.is("from") || next.is("of");
    const bool part = np.narrowed || groups_.is_part(np) || (placed && !f.of);
    const bool them = f.of && f.of->pronoun;
    return among ? part || np.narrowed : them && (part || placed);
  }
  // A part named in an earlier sentence is not what a sentence without a group speaks of.
  [[nodiscard]] bool is_part_elsewhere(size_t i) const {
    const Group& g = groups_.at(*current_);
    return g.part && found_[g.claim].claim.sentence != found_[i].claim.sentence &&
           !is_announced(g.claim, i);
  }
  // "The 88 associations with a programme answered some extra questions. Thirty-seven have …": a
  // sentence that asks a part, and says no figure, is about the figures behind it.
  [[nodiscard]] bool is_announced(size_t size, size_t i) const {
    const size_t sentence = found_[size].claim.sentence;
    const bool figures =
        (size > 0 && found_[size - 1].claim.sentence == sentence && is_figure(found_[size - 1])) ||
        (found_[size + 1].claim.sentence == sentence && is_figure(found_[size + 1]));
    if (figures || found_[i].block != found_[size].block) return false;
    const WordRange words = prose_.sentence(sentence);
    for (size_t at = words.begin; at < words.end; ++at) {
      if (word(at).is("asked") || word(at).is("answered")) return true;
    }
    return false;
  }
  [[nodiscard]] static bool is_answer(const Candidate& f) {
    return !f.claim.negative && f.claim.kind == ClaimKind::kCount;
  }
  [[nodiscard]] static bool is_figure(const Candidate& f) {
    return (f.is_share() && f.claim.number.form != wording::Form::kFraction) || is_answer(f);
  }

  // "42% (n=94)", "53 of the 94", "Of the 76 trusts that …, 12 per cent"
  bool bind_own(size_t i) {
    const Candidate& f = found_[i];
    if (i + 1 < found_.size() && found_[i + 1].claim.sentence == f.claim.sentence) {
      const Candidate& next = found_[i + 1];
      const size_t gap = next.words.begin - f.words.end;
      if (next.is_size() && next.claim.value && states_base(f, next, gap)) {
        take(i, i + 1, BaseSource::kClaim);
        return true;
      }
    }
    if (f.coverage) return false;
    if (const auto size = portion_behind(prose_, found_, i)) {
      take(i, *size, BaseSource::kSentence);
      return true;
    }
    // "94 of the 422 leaders invited responded (22 per cent)"
    if (i > 1 && prose_.before(f.words.begin).is("(") &&
        (found_[i - 1].claim.kind == ClaimKind::kNInvited ||
         found_[i - 1].claim.kind == ClaimKind::kFrameN) &&
        found_[i - 1].is_size() && found_[i - 2].is_size() &&
        found_[i - 2].claim.sentence == f.claim.sentence) {
      take(i, i - 1, BaseSource::kSentence);
      return true;
    }
    if (!f.leads || !f.of || i == 0) return false;
    // "Of the 76 trusts that …,", "Among those who expected a deficit (n=40),"
    size_t size = i - 1;  // past "since 2016"
    while (size > 0 && found_[size].claim.negative) --size;
    const Candidate& last = found_[size];
    const bool between = last.claim.sentence == f.claim.sentence && last.is_size() &&
                         last.claim.value && last.words.begin >= f.of->words.begin;
    if (!between) return false;
    current_.reset();
    note_group(size);
    take(i, size, BaseSource::kSentence);
    return true;
  }
  [[nodiscard]] bool states_base(const Candidate& f, const Candidate& next, size_t gap) const {
    const Word& after = word(f.words.end);
    if (f.claim.kind == ClaimKind::kCount && next.claim.span.begin > f.claim.span.end &&
        f.claim.number.span == next.claim.number.span) {
      return true;  // both numbers of "53 of the 94"
    }
    if (after.is("(") && gap < 6) return true;
    if (f.of && !f.leads && word(f.of->words.end).is("(") && next.words.begin > f.of->words.end &&
        next.words.begin - f.of->words.end < 5) {
      return true;
    }
    if (f.coverage && next.claim.kind == ClaimKind::kFrameN) return gap < 6;
    return after.is("of") && gap < 4;
  }

  // A share of those asked, or of all there are.
  void bind_coverage(size_t i) {
    Candidate& f = found_[i];
    f.claim.subgroup = false;
    const CoverageWhole whole = whole_of_coverage(prose_, found_, groups_, i);
    if (whole.respondents) return set(i, groups_.main());
    if (whole.claim) {
      f.claim.base = found_[*whole.claim].claim.value->digits;
      f.claim.base_claim = whole.claim;
      f.claim.base_source = source_of(f, found_[*whole.claim]);
    } else if (options_.frame) {
      f.claim.base = options_.frame;
      f.claim.base_source = BaseSource::kGiven;
    }
  }
  [[nodiscard]] static BaseSource source_of(const Candidate& f, const Candidate& base) {
    return base.block == f.block ? BaseSource::kSentence : BaseSource::kArticle;
  }

  // The base of the claim before it that answers the same question, or stands in the same sentence.
  bool inherit(size_t i) {
    Candidate& f = found_[i];
    for (size_t k = i; k > 0;) {
      --k;
      if (!(i - k < 8 && found_[k].block == f.block)) break;
      const Candidate& last = found_[k];
      if (last.is_size()) return false;
      if (!needs_base(last) || last.coverage || last.is_previous) continue;
      const bool same_question = last.claim.question == f.claim.question && f.claim.question != 0;
      const bool same_sentence = last.claim.sentence == f.claim.sentence;
      if (!same_question && !same_sentence) return false;
      if (last.claim.base_source == BaseSource::kClaim && !same_question) return false;
      f.claim.base = last.claim.base;
      f.claim.base_source = last.claim.base_source == BaseSource::kClaim ? BaseSource::kSentence
                                                                         : last.claim.base_source;
      f.claim.base_claim = last.claim.base_claim;
      f.claim.base_phrase = last.claim.base_phrase;
      f.claim.subgroup = last.claim.subgroup;
      return true;
    }
    return false;
  }

  void bind_named(size_t i) {
    Candidate& f = found_[i];
    const NounPhrase& of = *f.of;
    const bool theirs = of.words.begin > 0 && prose_.before(of.words.begin).is("their");
    const bool predicate = of.narrowed && says_behind(f);
    if ((of.narrowed && !predicate) || theirs) return set_part(i);  // "of their deputies"
    if (of.all && groups_.main() && !groups_.is_part(of)) return set(i, groups_.main());
    if (const auto group = groups_.best(of)) {
      current_ = group;
      return set(i, group);
    }
    if (groups_.is_part(of)) return set_part(i);
    set(i, groups_.main());
  }
  // "41 per cent of adults saying they have …": what all of them answer, and no part of them.
  [[nodiscard]] bool says_behind(const Candidate& f) const {
    size_t at = f.of->words.end;
    while (word(at).is(kAdverb)) ++at;
    if (f.leads || f.of->pronoun || !word(at).text.ends_with("ing")) return false;
    const bool says = word(at).is("saying") || word(at).is("thinking") ||
                      word(at).is("reporting") || word(at).is("believing") ||
                      word(at).is("expecting") || word(at).is("wanting") ||
                      word(at).is("feeling") || word(at).is("agreeing");
    const size_t end = std::min(prose_.sentence(f.claim.sentence).end, at + 20);
    for (size_t k = at + 1; says && k < end; ++k) {
      if (word(k).is(kThinks)) return false;
    }
    return says;
  }
  // A part whose size is not said. Where the sentence before named one that fits, it is meant.
  void set_part(size_t i) {
    found_[i].claim.subgroup = true;
    current_.reset();
  }

  void set(size_t i, std::optional<size_t> group) {
    Candidate& f = found_[i];
    if (group) {
      const Group& g = groups_.at(*group);
      f.claim.base = g.size;
      f.claim.base_claim = g.claim;
      f.claim.base_source = source_of(f, found_[g.claim]);
      f.claim.subgroup = g.part;
    } else if (options_.base) {
      f.claim.base = options_.base;
      f.claim.base_source = BaseSource::kGiven;
    }
  }

  const Prose& prose_;
  const ClaimOptions& options_;
  std::vector<Candidate>& found_;
  CountedGroups groups_;
  std::vector<size_t> earlier_sizes_;  // of earlier waves
  std::optional<size_t> current_;      // the group the paragraph speaks of
};

}  // namespace

void copy_base(const Claim& from, Claim& to) {
  to.base = from.base;
  to.base_claim = from.base_claim;
  to.base_source =
      from.base_source == BaseSource::kClaim ? BaseSource::kSentence : from.base_source;
  to.subgroup = from.subgroup;
}

void bind_bases(const Prose& prose, const ClaimOptions& options, std::vector<Candidate>& found) {
  Bases(prose, options, found).run();
}

}  // namespace barometer::claims
