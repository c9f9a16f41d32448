#include "barometer/claim/groups_internal.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace barometer::claims {
namespace {

using wording::Counted;

constexpr size_t kMostGroups = 64;

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::any_of(words, [&](const std::string& w) { return same_kind(w, word); });
}

}  // namespace

bool is_part_word(const std::string& word) {
  return ((classes_of(word) | classes_of(word + "s") | classes_of(word + "y")) & kPartWord) != 0;
}

CountedGroups::CountedGroups(const Prose& prose, const std::vector<Candidate>& found)
    : prose_(prose), found_(found) {
  for (size_t i = 0; i < found_.size() && groups_.size() < kMostGroups; ++i) add_group(i);
}

std::optional<size_t> CountedGroups::part_of_words(const NounPhrase& of) const {
  std::optional<size_t> found;
  const std::vector<std::string> words = stems(of);
  if (words.empty()) return std::nullopt;
  for (size_t g = 0; g < groups_.size(); ++g) {
    const Group& group = groups_[g];
    const bool fits = group.part && !group.narrowed && !group.words.empty() &&
                      std::ranges::all_of(words, [&](const std::string& w) {
                        return std::ranges::find(group.words, w) != group.words.end();
                      });
    if (!fits) continue;
    if (found) return std::nullopt;
    found = g;
  }
  return found;
}

std::optional<size_t> CountedGroups::of_claim(size_t claim) const {
  for (size_t g = 0; g < groups_.size(); ++g) {
    if (groups_[g].claim == claim) return g;
  }
  return std::nullopt;
}

void CountedGroups::add_group(size_t i) {
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
  if (group.part && f.of) add_place(f.of->words.end, group);
  const Word& shown = prose_.before(f.words.begin);  // "these 38 leaders" are not all leaders
  group.narrowed = group.narrowed || shown.is("these") || shown.is("those");
  const bool frame = f.claim.kind == ClaimKind::kFrameN;
  if (frame || f.claim.kind == ClaimKind::kNInvited) {
    std::optional<size_t>& place = frame ? frame_ : invited_;
    if (!place) place = i;
    wholes_.push_back(i);
    add_asked(f);
    if (asked_.size() < kMostGroups) std::ranges::move(group.words, std::back_inserter(asked_));
    return;
  }
  if (f.of && word(f.of->head).is(kResponse)) add_source(f.of->words.end, group);
  if (f.claim.kind == ClaimKind::kN &&
      (!main_ || f.whole ||
       (groups_[*main_].organisations && !found_[groups_[*main_].claim].whole))) {
    main_ = groups_.size();
  }
  if (group.organisations && !main_) main_ = groups_.size();  // nobody else was counted
  groups_.push_back(std::move(group));
}

// "including 1,500 employees in the UK": "UK respondents" are these.
void CountedGroups::add_place(size_t at, Group& group) const {
  if (!word(at).is("in")) return;
  at += word(at + 1).is("the") ? 2U : 1U;
  if (word(at).capital && !word(at).is_number()) group.places.emplace_back(stem(word(at).text));
}

void CountedGroups::add_asked(const Candidate& f) {
  const size_t begin = prose_.sentence(f.claim.sentence).begin;
  size_t at = f.words.begin;
  while (at > begin && f.words.begin - at < 9 && !word(at - 1).is("to") &&
         !word(at - 1).is(kSurveyed | kInvite)) {
    --at;
  }
  if (at == begin || !(word(at - 1).is("to") || word(at - 1).is(kSurveyed | kInvite))) return;
  for (; at < f.words.begin; ++at) {
    const bool group = word(at).names_group() && asked_.size() < kMostGroups;
    if (group) asked_.emplace_back(stem(word(at).text));
  }
}

// "230 responses from directors at 118 trusts": directors are who answered.
void CountedGroups::add_source(size_t at, Group& group) const {
  if (!word(at).is("from") && !word(at).is("by")) return;
  const NounPhrase from = prose_.noun_phrase(at + 1, at + 12);
  if (!from.named) return;
  group.words.clear();
  group.heads.clear();
  for (size_t k = from.words.begin; k < from.words.end; ++k) add_word(k, from, group);
}

void CountedGroups::add_word(size_t at, const NounPhrase& of, Group& group) const {
  const Word& w = word(at);
  if (w.text[0] < 'a' || w.is("and") || w.is("or") || w.is("the")) return;
  group.words.emplace_back(stem(w.text));
  if (const size_t hyphen = w.text.find('-'); hyphen != std::string_view::npos) {
    group.words.emplace_back(stem(w.text.substr(0, hyphen)));  // "small-business owners"
    group.words.emplace_back(stem(w.text.substr(hyphen + 1)));
  }
  const Word& next = word(at + 1);
  const bool last = at + 1 == of.words.end || next.is("and") || next.is("or") || next.is(",");
  if (w.names_group() && last) group.heads.emplace_back(stem(w.text));
}

std::vector<std::string> CountedGroups::stems(const NounPhrase& of) const {
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
std::optional<size_t> CountedGroups::best(const NounPhrase& of) const {
  const std::vector<std::string> words = stems(of);
  const std::string head(stem(word(of.head).text));
  std::optional<size_t> best;
  int best_score = 0;
  for (size_t g = 0; g < groups_.size(); ++g) {
    const Group& group = groups_[g];
    if (group.narrowed && group.part) continue;
    if (is_named_part(group, of) || is_of_place(group, of)) return g;
    if (!contains(group.words, head)) continue;
    if (is_of_another_part(group, words, head) || is_one_of_many(g, words, head)) continue;
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
bool CountedGroups::is_of_another_part(const Group& group, const std::vector<std::string>& words,
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

// "farmers" are neither the 129 livestock farmers nor the 83 arable farmers.
bool CountedGroups::is_one_of_many(size_t group, const std::vector<std::string>& words,
                                   const std::string& head) const {
  if (!groups_[group].part || words.size() != 1 || groups_[group].words.size() < 2) return false;
  for (size_t g = 0; g < groups_.size(); ++g) {
    if (g != group && groups_[g].part && groups_[g].size != groups_[group].size &&
        groups_[g].words.size() > 1 && contains(groups_[g].heads, head)) {
      return true;
    }
  }
  return false;
}

// "primary care leaders" where 28 came "from primary care"
bool CountedGroups::is_named_part(const Group& group, const NounPhrase& of) const {
  if (!group.part || group.words.empty() || !word(of.head).is(kGeneric)) return false;
  for (size_t at = of.words.begin; at < of.head; ++at) {
    if (!contains(group.words, stem(word(at).text))) return false;
  }
  const size_t heads = contains(group.heads, "head") ? group.heads.size() : 0;
  return of.head - of.words.begin + heads >= group.words.size() && of.head > of.words.begin;
}

// "UK respondents", "UK workers"
bool CountedGroups::is_of_place(const Group& group, const NounPhrase& of) const {
  if (group.places.empty() || of.words.end != of.words.begin + 2) return false;
  return std::ranges::find(group.places, stem(word(of.words.begin).text)) != group.places.end() &&
         (word(of.head).is(kRespondent | kGeneric) || word(of.head).noun == Counted::kPeople);
}

bool CountedGroups::contains_all(const std::vector<std::string>& words,
                                 const std::vector<std::string>& heads) {
  return std::ranges::all_of(heads, [&](const std::string& h) { return contains(words, h); });
}

// Not the respondents as a whole: "provider respondents", "primary care trusts", one of the roles
// that answered.
bool CountedGroups::is_part(const NounPhrase& of) const {
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
    const bool all_of_them = words.size() == 1 && word(of.head).is(kGeneric);  // "the public"
    const bool part = is_part_word(w) && !known(w) && !all_of_them && !is_headlines(w);
    if (part && !(chief && w == "executive")) return true;
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
  if (contains(asked_, head_stem)) return false;
  if (contains(all->heads, "member") || contains(all->heads, "worker")) return false;
  if (head.noun == Counted::kOrganisations && is_loosely_all(head_stem)) return false;
  // Another role, or organisations where people were asked.
  return !all->words.empty() && head.noun != Counted::kUnknown && head.noun != Counted::kThings;
}

// "72 per cent of the Welsh public": of a headline's part that nobody else counted.
bool CountedGroups::is_headlines(const std::string& stem_of) const {
  if (std::ranges::any_of(groups_, [](const Group& g) { return g.part; })) return false;
  if (stem_of != "welsh" && stem_of != "scottish") return false;
  return !prose_.compares_nations() && is_in_title(stem_of);
}

bool CountedGroups::is_in_title(const std::string& head) const {
  const auto& blocks = prose_.document().blocks;
  for (size_t block = 0; block < blocks.size(); ++block) {
    if (blocks[block].kind != BlockKind::kTitle) continue;
    const WordRange title = prose_.block(block);
    for (size_t at = title.begin; at < title.end; ++at) {
      if (stem(word(at).text) == head) return true;
    }
  }
  return false;
}

// "charities" of a report whose headline speaks of charities, where nobody counted any and their
// leaders were asked.
bool CountedGroups::is_loosely_all(const std::string& head) const {
  return std::ranges::none_of(groups_, [](const Group& g) { return g.organisations || g.part; }) &&
         is_in_title(head);
}

// Before a report says who sent its "112 replies", "council finance chiefs" are all of them.
bool CountedGroups::names_all_loosely(const Group& all, const NounPhrase& of,
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
bool CountedGroups::is_unknown_kind(const NounPhrase& of) const {
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

std::string CountedGroups::initials(const NounPhrase& of) const {
  std::string out;
  for (size_t at = of.words.begin; at < of.words.end; ++at) out += word(at).text.substr(0, 1);
  return out;
}

// Words of the headline and of the survey's own name are no mark of a part.
bool CountedGroups::is_title_word(size_t at) const {
  const std::string_view text = word(at).text;
  if (contains(asked_, stem(text))) return true;
  for (const Group& group : groups_) {
    if (contains(group.words, stem(text))) return true;
  }
  return text == "ccg" || text == "nhs" || text == "health";
}

}  // namespace barometer::claims
