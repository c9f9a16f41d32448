// Whose answers a share is of: the group its own words name, the group its paragraph speaks of,
// else the respondents of the survey.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include "barometer/claim/article_internal.h"

namespace barometer::claims {
namespace {

using wording::Counted;

// A number of people or organisations, with the words for them.
struct Group {
  size_t claim = 0;  // place among the found
  int64_t size = 0;
  std::vector<std::string> words;  // stems
  std::vector<std::string> heads;  // of those that name people or organisations
  bool narrowed = false;
  bool part = false;  // n_sub
  bool organisations = false;
};

// Of a stem: does it, or its plural, make a part of the respondents?
bool is_part_word(const std::string& word) {
  return ((classes_of(word) | classes_of(word + "s") | classes_of(word + "y")) & kPartWord) != 0;
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::any_of(words, [&](const std::string& w) { return same_kind(w, word); });
}

class Bases {
 public:
  Bases(const Prose& prose, const ClaimOptions& options, std::vector<Candidate>& found)
      : prose_(prose), options_(options), found_(found) {
    for (size_t i = 0; i < found_.size() && groups_.size() < kMostGroups; ++i) add_group(i);
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
  static constexpr size_t kMostGroups = 64;

  [[nodiscard]] static bool needs_base(const Candidate& f) {
    const Claim& c = f.claim;
    if (!c.negative && c.kind == ClaimKind::kComparative) return true;
    if (c.negative || !c.value) return false;
    return c.kind <= ClaimKind::kCount || c.kind == ClaimKind::kMean ||
           c.kind == ClaimKind::kChange;
  }
  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }

  void add_group(size_t i) {
    const Candidate& f = found_[i];
    if (!f.is_size() || !f.claim.value || f.claim.survey != 0 || f.is_previous) return;

    Group group;
    group.claim = i;
    group.size = f.claim.value->digits;
    group.part = f.claim.kind == ClaimKind::kNSub;
    group.organisations = f.claim.kind == ClaimKind::kNOrganisations;
    if (f.of) {
      group.narrowed = f.of->narrowed;
      for (size_t at = f.of->words.begin; at < f.of->words.end; ++at) add_word(at, *f.of, group);
    }
    const bool frame = f.claim.kind == ClaimKind::kFrameN;
    if (frame || f.claim.kind == ClaimKind::kNInvited) {
      std::optional<size_t>& place = frame ? frame_ : invited_;
      if (!place) place = i;
      wholes_.push_back(i);
      if (asked_.size() < kMostGroups) std::ranges::move(group.words, std::back_inserter(asked_));
      return;
    }
    if (f.of && word(f.of->head).is(kResponse)) add_source(f.of->words.end, group);
    if (f.claim.kind == ClaimKind::kN && (!main_ || groups_[*main_].organisations)) {
      main_ = groups_.size();
    }
    if (group.organisations && !main_) main_ = groups_.size();  // nobody else was counted
    groups_.push_back(std::move(group));
  }
  // "230 responses from directors at 118 trusts": directors are who answered.
  void add_source(size_t at, Group& group) const {
    if (!word(at).is("from") && !word(at).is("by")) return;
    const NounPhrase from = prose_.noun_phrase(at + 1, at + 12);
    if (!from.named) return;
    group.words.clear();
    group.heads.clear();
    for (size_t k = from.words.begin; k < from.words.end; ++k) add_word(k, from, group);
  }
  void add_word(size_t at, const NounPhrase& of, Group& group) const {
    const Word& w = word(at);
    if (w.text[0] < 'a' || w.is("and") || w.is("or") || w.is("the")) return;
    group.words.emplace_back(stem(w.text));
    const Word& next = word(at + 1);
    const bool last = at + 1 == of.words.end || next.is("and") || next.is("or") || next.is(",");
    if (w.names_group() && last) group.heads.emplace_back(stem(w.text));
  }

  // A size that was just said is what the paragraph speaks of.
  void note_group(size_t i) {
    const Candidate& f = found_[i];
    if (f.claim.negative) return;
    if (f.claim.kind != ClaimKind::kN && f.claim.kind != ClaimKind::kNSub) return;
    for (size_t g = 0; g < groups_.size(); ++g) {
      if (groups_[g].claim == i) current_ = g;
    }
  }

  void bind(size_t i) {
    Candidate& f = found_[i];
    if (f.of) f.claim.base_phrase = phrase_of(f);
    if (f.column_base) return take(i, *f.column_base, BaseSource::kSentence);
    if (bind_own(i)) return;
    if (f.is_previous) return bind_sentence(i);
    if (f.claim.survey != 0) return bind_other_survey(i);
    if (f.coverage) return bind_coverage(i);
    if (speaks_of_part(prose_, f) && !(f.of && !f.leads && f.of->narrowed)) return set_part(i);
    if (f.claim.kind == ClaimKind::kPercentImplied || !f.of) {
      if (inherit(i)) return;
    }
    if (follows_whom(i) || is_count_of_share(i)) return;
    if (is_headline_of_organisations(f)) return set(i, main_);
    if (f.of && !f.of->pronoun) return bind_named(i);
    if (f.of && f.of->narrowed) return set_part(i);
    if (continues_part(i)) return set_part(i);
    if (f.of) {  // "of them": whoever was spoken of last
      return set(i, current_ ? current_ : main_);
    }
    set(i, current_ && !is_part_elsewhere(i) ? current_ : main_);
  }
  // The figure of an earlier wave is of that wave's respondents, where its sentence counts them.
  void bind_sentence(size_t i) {
    const size_t sentence = found_[i].claim.sentence;
    size_t first = i;
    while (first > 0 && found_[first - 1].claim.sentence == sentence) --first;
    for (size_t k = first; k < found_.size() && found_[k].claim.sentence == sentence; ++k) {
      const Candidate& size = found_[k];
      const bool n =
          size.claim.kind == ClaimKind::kN || size.claim.kind == ClaimKind::kNOrganisations;
      if (!size.is_previous || !size.is_size() || !n || !size.claim.value) continue;
      return take(i, k, BaseSource::kSentence);
    }
  }
  // The same of another survey, wherever it was counted.
  void bind_other_survey(size_t i) {
    std::optional<size_t> only;
    for (size_t k = 0; k < std::min(found_.size(), i + 8); ++k) {
      const Candidate& size = found_[k];
      const bool counts = size.is_size() && size.claim.kind == ClaimKind::kN &&
                          size.claim.survey == found_[i].claim.survey && size.claim.value;
      if (!counts) continue;
      if (only && found_[*only].claim.value != size.claim.value) return;
      only = k;
    }
    if (only) take(i, *only, source_of(found_[i], found_[*only]));
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
  // "partners, of whom 44 per cent": of the number before it, or of some whose number is not said.
  bool follows_whom(size_t i) {
    const Candidate& f = found_[i];
    if (f.words.begin < 2 ||
        !(prose_.before(f.words.begin).is("whom") || prose_.before(f.words.begin).is("which"))) {
      return false;
    }
    if (!word(f.words.begin - 2).is("of")) return false;
    if (i > 0 && found_[i - 1].is_size() && found_[i - 1].claim.value &&
        found_[i - 1].claim.sentence == f.claim.sentence) {
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
    if (!headline || !f.of || f.of->narrowed || f.of->words.empty() || !main_) return false;
    if (groups_[*main_].organisations) return false;
    if (std::ranges::any_of(stems(*f.of), is_part_word)) return false;
    return word(f.of->head).noun == Counted::kOrganisations;
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
    const bool part = np.narrowed || is_part(np) || (placed && !f.of);
    const bool them = f.of && f.of->pronoun;
    return among ? part || np.narrowed : them && (part || placed);
  }
  // A part named in an earlier sentence is not what a sentence without a group speaks of.
  [[nodiscard]] bool is_part_elsewhere(size_t i) const {
    const Group& g = groups_[*current_];
    return g.part && found_[g.claim].claim.sentence != found_[i].claim.sentence;
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

  // A share of those asked, or of all there are. Where several numbers were said, the one that the
  // respondents are this share of.
  void bind_coverage(size_t i) {
    Candidate& f = found_[i];
    f.claim.subgroup = false;
    const std::optional<size_t> size = size_before(i);
    std::optional<size_t> claim;
    for (const size_t k : wholes_) {
      if (size && is_share_of(f, *size, k) && (!claim || k < i)) claim = k;
    }
    if (!claim) claim = nearest_whole(i);
    if (claim) {
      f.claim.base = found_[*claim].claim.value->digits;
      f.claim.base_claim = claim;
      f.claim.base_source = source_of(f, found_[*claim]);
    } else if (options_.frame) {
      f.claim.base = options_.frame;
      f.claim.base_source = BaseSource::kGiven;
    }
  }
  // The number of people or organisations that was said last, or will be said in the sentence.
  [[nodiscard]] std::optional<size_t> size_before(size_t i) const {
    const auto counts = [&](size_t k) {
      const ClaimKind kind = found_[k].claim.kind;
      return found_[k].is_size() && found_[k].claim.value && kind != ClaimKind::kFrameN &&
             kind != ClaimKind::kNInvited;
    };
    for (size_t k = i; k > 0;) {
      --k;
      if (found_[k].block != found_[i].block) break;
      if (counts(k)) return k;
    }
    if (main_) return groups_[*main_].claim;
    return std::nullopt;
  }
  [[nodiscard]] bool is_share_of(const Candidate& f, size_t part, size_t whole) const {
    const int64_t n = found_[part].claim.value->digits;
    const int64_t all = found_[whole].claim.value->digits;
    if (n > all || all <= 0 || !f.claim.value) return false;
    const double percent = 100.0 * static_cast<double>(n) / static_cast<double>(all);
    return std::abs(percent - f.claim.value->value()) < 1;
  }
  [[nodiscard]] std::optional<size_t> nearest_whole(size_t i) const {
    const Candidate& f = found_[i];
    for (size_t k = i; k > 0;) {
      --k;
      if (found_[k].claim.sentence != f.claim.sentence) break;
      if (std::ranges::find(wholes_, k) != wholes_.end()) return k;
    }
    if (invited_ && (is_response_rate(f) || !frame_)) return invited_;
    return frame_;
  }
  [[nodiscard]] bool is_response_rate(const Candidate& f) const {
    const Word& next = word(f.words.end);
    return prose_.before(f.words.begin).is("of") || next.is("response") || next.is(kTakesPart) ||
           next.is(")");
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
    if (of.narrowed || theirs) return set_part(i);  // "of their deputies"
    if (of.all && main_ && !is_part(of)) return set(i, main_);
    if (const auto group = best_group(of)) {
      current_ = group;
      return set(i, group);
    }
    if (is_part(of)) return set_part(i);
    set(i, main_);
  }
  // A part whose size is not said. Where the sentence before named one that fits, it is meant.
  void set_part(size_t i) {
    found_[i].claim.subgroup = true;
    current_.reset();
  }

  [[nodiscard]] std::vector<std::string> stems(const NounPhrase& of) const {
    std::vector<std::string> words;
    for (size_t at = of.words.begin; at < of.words.end; ++at) {
      const Word& w = word(at);
      const bool full_name = w.is("clinical") && word(at + 1).is("commissioning");
      if (w.text[0] >= 'a' && !w.is("and") && !w.is("or") && !full_name)
        words.emplace_back(stem(w.text));
    }
    return words;
  }
  // The group whose words these are: all of the phrase's words, most of the group's.
  [[nodiscard]] std::optional<size_t> best_group(const NounPhrase& of) const {
    const std::vector<std::string> words = stems(of);
    const std::string head(stem(word(of.head).text));
    std::optional<size_t> best;
    int best_score = 0;
    for (size_t g = 0; g < groups_.size(); ++g) {
      const Group& group = groups_[g];
      if (group.narrowed && group.part) continue;
      if (is_named_part(group, of)) return g;
      if (!contains(group.words, head)) continue;
      if (is_of_another_part(group, words, head)) continue;
      if (std::ranges::any_of(words, [&](const std::string& w) {
            return !contains(group.words, w) && is_part_word(w);
          })) {
        continue;
      }
      const bool one_of_several = group.heads.size() > 1 && !contains_all(words, group.heads);
      const bool is_head = contains(group.heads, head);
      if (one_of_several && (classes_of(head) & kGeneric) == 0) continue;
      int score = 1 + (is_head ? 4 : 0);
      for (const std::string& w : words) score += contains(group.words, w) ? 2 : -1;
      if (score > best_score) {
        best = g;
        best_score = score;
      }
    }
    return best;
  }
  // "senior nurses" are not the 43 "chief nurses": a part's own words must be among those said.
  [[nodiscard]] bool is_of_another_part(const Group& group, const std::vector<std::string>& words,
                                        const std::string& head) const {
    if (!group.part || !main_ || groups_[*main_].organisations || words.size() < 2) return false;
    bool own = false;
    for (const std::string& w : group.words) {
      const bool leader = (classes_of(w) & kGeneric) != 0 && contains(group.heads, w);
      if (same_kind(w, head) || leader) continue;
      if (contains(words, w)) return false;
      own = true;
    }
    return own;
  }
  // "primary care leaders" where 28 came "from primary care"
  [[nodiscard]] bool is_named_part(const Group& group, const NounPhrase& of) const {
    if (!group.part || group.words.empty() || !word(of.head).is(kGeneric)) return false;
    for (size_t at = of.words.begin; at < of.head; ++at) {
      if (!contains(group.words, stem(word(at).text))) return false;
    }
    const size_t heads = contains(group.heads, "head") ? group.heads.size() : 0;
    return of.head - of.words.begin + heads >= group.words.size() && of.head > of.words.begin;
  }
  [[nodiscard]] static bool contains_all(const std::vector<std::string>& words,
                                         const std::vector<std::string>& heads) {
    return std::ranges::all_of(heads, [&](const std::string& h) { return contains(words, h); });
  }
  // Not the respondents as a whole: "provider respondents", "primary care trusts", one of the roles
  // that answered.
  [[nodiscard]] bool is_part(const NounPhrase& of) const {
    const std::vector<std::string> words = stems(of);
    const Group* all = main_ ? &groups_[*main_] : nullptr;
    const auto known = [&](const std::string& w) {
      return all != nullptr && contains(all->words, w);
    };
    if (all != nullptr && names_all_loosely(*all, of, words)) return false;
    const bool abbreviated = all != nullptr && contains(all->heads, initials(of));
    if (abbreviated) return all->heads.size() > 1;  // "chief financial officers" of CFOs
    const bool chief = contains(words, "chief");    // "executive" is no part of "chief executive"
    for (const std::string& w : words) {
      if (is_part_word(w) && !known(w) && !(chief && w == "executive")) return true;
    }
    const Word& head = word(of.head);
    const std::string head_stem(stem(head.text));
    if (is_unknown_kind(of)) return true;
    if (head.is(kGeneric | kRespondent | kResponse)) {
      for (size_t at = of.words.begin; at < of.head; ++at) {
        const bool group = word(at).names_group() && !word(at).is(kGeneric);
        if (group && !known(std::string(stem(word(at).text))) && !is_title_word(at)) return true;
      }
      return false;
    }
    if (all == nullptr) return false;
    const bool by_part = std::ranges::any_of(  // "head teachers" of heads
        words, [&](const std::string& w) { return contains(all->heads, w); });
    if (by_part) return all->heads.size() > 1;
    // Before it is said who answered, a report calls them what it likes.
    const size_t counted = prose_.sentence(found_[all->claim].claim.sentence).begin;
    if (of.words.begin < counted) return false;
    if (known(head_stem)) return all->heads.size() > 1;
    if (contains(all->heads, "member") || contains(all->heads, "worker")) return false;
    // Another role, or organisations where people were asked.
    return !all->words.empty() && head.noun != Counted::kUnknown && head.noun != Counted::kThings;
  }
  // Before a report says who sent its "112 replies", "council finance chiefs" are all of them.
  [[nodiscard]] bool names_all_loosely(const Group& all, const NounPhrase& of,
                                       const std::vector<std::string>& words) const {
    const size_t counted = prose_.sentence(found_[all.claim].claim.sentence).begin;
    if (of.words.begin >= counted) return false;
    const bool named = std::ranges::any_of(all.words, [&](const std::string& w) {
      return wording::noun_counts(w) == Counted::kPeople ||
             wording::noun_counts(w) == Counted::kOrganisations;
    });
    const bool listed = found_[all.claim].of && word(found_[all.claim].of->words.end).is("of");
    if (named && !listed) return false;
    return std::ranges::none_of(groups_, [&](const Group& g) {
      return g.part && std::ranges::any_of(words, [&](const std::string& w) {
               return is_part_word(w) && contains(g.words, w) && g.words.size() == 1;
             });
    });
  }
  // "6 in 10 corn growers" where producers were asked: behind their number, a kind nobody counted.
  [[nodiscard]] bool is_unknown_kind(const NounPhrase& of) const {
    if (!main_ || of.words.end - of.words.begin != 2) return false;
    const Group& all = groups_[*main_];
    const Word& kind = word(of.words.begin);
    const Word& head = word(of.words.begin + 1);
    const std::optional<NounPhrase>& counted = found_[all.claim].of;
    if (!counted || counted->words.empty()) return false;
    const Word& asked = word(counted->words.end - 1);
    if (asked.is(kResponse | kRespondent | kGeneric) || all.heads.size() > 1) return false;
    if (head.classes != 0 || kind.noun != Counted::kUnknown || !head.text.ends_with('s') ||
        head.noun == Counted::kOrganisations || same_kind(stem(asked.text), stem(head.text))) {
      return false;
    }
    if (of.words.begin < prose_.sentence(found_[all.claim].claim.sentence).end) return false;
    return kind.classes == 0 && !kind.capital && !is_title_word(of.words.begin) &&
           !is_title_word(of.words.begin + 1);
  }
  [[nodiscard]] std::string initials(const NounPhrase& of) const {
    std::string out;
    for (size_t at = of.words.begin; at < of.words.end; ++at) out += word(at).text.substr(0, 1);
    return out;
  }
  // Words of the headline and of the survey's own name are no mark of a part.
  [[nodiscard]] bool is_title_word(size_t at) const {
    const std::string_view text = word(at).text;
    if (contains(asked_, stem(text))) return true;
    for (const Group& group : groups_) {
      if (contains(group.words, stem(text))) return true;
    }
    return text == "ccg" || text == "nhs" || text == "health";
  }

  void set(size_t i, std::optional<size_t> group) {
    Candidate& f = found_[i];
    if (group) {
      const Group& g = groups_[*group];
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
  std::vector<Group> groups_;
  std::optional<size_t> main_;      // the respondents of the survey
  std::optional<size_t> frame_;     // the claim that says how many there are
  std::vector<std::string> asked_;  // words of those who were invited, and of all there are
  std::optional<size_t> invited_;
  std::vector<size_t> wholes_;     // claims of the frame and of those invited
  std::optional<size_t> current_;  // the group the paragraph speaks of
};

}  // namespace

void bind_bases(const Prose& prose, const ClaimOptions& options, std::vector<Candidate>& found) {
  Bases(prose, options, found).run();
}

}  // namespace barometer::claims
