// A number of people or things with the words round it: what counts.cpp and asked.cpp share.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"

namespace barometer::claims {

class Counter;
class Asked;
class Subgroup;

class CountWords {
 public:
  CountWords(const Prose& prose, size_t mention, const Before& before)
      : prose_(prose),
        index_(mention),
        m_(prose.mentions()[mention]),
        before_(before.last),
        sizes_(before.sizes),
        sentence_(prose.sentence(m_.sentence)),
        np_(prose.noun_phrase(m_.words.end, sentence_.end)) {
    head_ = np_.words.empty() ? wording::Counted::kUnknown : prose_.at(np_.head).noun;
  }

 private:
  // The three that read counts, each in its own file.
  friend class Counter;
  friend class Asked;
  friend class Subgroup;

  static constexpr size_t kFar = 40;
  static constexpr size_t kNear = 8;  // words that may stand between a verb and its number

  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }
  [[nodiscard]] const Word& previous(size_t back = 1) const { return prose_.before(m_, back); }
  [[nodiscard]] size_t back(uint64_t classes, size_t count = kNear) const {
    return prose_.find_back(m_, m_.words.begin, classes, count);
  }
  [[nodiscard]] size_t first_near() const {  // of the words that may say what the number is
    return std::max(sentence_.begin, m_.words.begin - std::min(m_.words.begin, kFar));
  }
  [[nodiscard]] bool has_n() const {
    return std::ranges::any_of(sizes_, [](const Candidate& f) {
      return !f.claim.negative && f.claim.kind == ClaimKind::kN && !f.of_organisations;
    });
  }

  [[nodiscard]] bool is_plural_noun() const {
    return !np_.words.empty() &&
           (word(np_.words.end - 1).text.ends_with('s') || word(np_.words.end - 1).is("staff"));
  }

  [[nodiscard]] bool followed_by_answer() const {
    return word(np_.words.end).is(kOpinion) && !word(np_.words.end).is("had");
  }

  // Words after the people: "who responded", "took part", "were surveyed", with asides between.
  [[nodiscard]] bool takes_part() const {
    return participation(prose_, np_.words.end, sentence_.end) != SIZE_MAX;
  }
  static bool stem_is_place(std::string_view word) {  // "England's", "Wales'"
    const std::string_view name = word.substr(0, word.find('\''));
    return (classes_of(name) & kPlace) != 0;
  }

  // The respondents counted last, where they are more than this number.
  [[nodiscard]] const Candidate* last_n() const {
    for (size_t k = sizes_.size(); k-- > 0;) {
      const Candidate& f = sizes_[k];
      if (f.claim.kind != ClaimKind::kN || f.of_organisations || !f.claim.value) continue;
      return m_.phrase->value < f.claim.number.value ? &f : nullptr;
    }
    return nullptr;
  }
  // A number beside an n of the paragraph, and smaller: "Of 412 residents …, 29 were in favour".
  [[nodiscard]] bool is_within_n() const {
    for (size_t k = before_.size(); k > 0;) {
      --k;
      if (!(before_[k].block == m_.block)) break;
      const Candidate& f = before_[k];
      const bool part = f.claim.kind == ClaimKind::kNSub && f.claim.sentence == m_.sentence;
      if (f.claim.negative || (f.claim.kind != ClaimKind::kN && !part)) continue;
      return f.claim.sentence == m_.sentence && m_.phrase->value < f.claim.number.value;
    }
    return false;
  }

  const Prose& prose_;
  size_t index_;
  const Mention& m_;
  const std::vector<Candidate>& before_;  // the last claims
  const std::vector<Candidate>& sizes_;
  WordRange sentence_;
  NounPhrase np_;
  wording::Counted head_ = wording::Counted::kUnknown;
};

// Those who were asked, or all there are: n_invited, frame_n, or organisations of a frame; nothing
// for any other count.
std::optional<ClaimKind> size_of_asked(const CountWords& count);
// "260 of whom run small charities", "Of the respondents, 838 worked in …": who some of them are.
bool is_part_of_them(const CountWords& count);
// "Of the 76 trusts that …, 12 per cent": those whom a figure is of.
bool is_named_part(const CountWords& count);
// "119 leaders responded: 45 from acute trusts": of whom.
std::optional<NounPhrase> part_from(const CountWords& count);
// "We handed out 420 questionnaires"
bool are_forms_sent(const CountWords& count);

}  // namespace barometer::claims
