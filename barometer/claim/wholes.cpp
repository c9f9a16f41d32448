// Of what a share of coverage is: of those asked, of all there are, of all who answered.
#include <algorithm>
#include <cmath>

#include "barometer/claim/groups_internal.h"

namespace barometer::claims {
namespace {

class Wholes {
 public:
  Wholes(const Prose& prose, const std::vector<Candidate>& found, const CountedGroups& groups)
      : prose_(prose), found_(found), groups_(groups) {}

  [[nodiscard]] CoverageWhole run(size_t i) const {
    const Candidate& f = found_[i];
    const std::optional<size_t> size = size_before(i);
    std::optional<size_t> claim;
    for (const size_t k : groups_.wholes()) {
      if (size && is_share_of(f, *size, k) && (!claim || k < i)) claim = k;
    }
    if (!claim && is_of_total(f) && !(size && found_[*size].claim.sentence == f.claim.sentence)) {
      return {std::nullopt, true};
    }
    return {claim ? claim : nearest_whole(i), false};
  }

 private:
  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }
  // "Among those thinking of leaving - 38 per cent of the total -": of all who answered.
  [[nodiscard]] bool is_of_total(const Candidate& f) const {
    const size_t the = word(f.words.end + 1).is("the") ? 1 : 0;
    return word(f.words.end).is("of") && word(f.words.end + 1 + the).is("total");
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
    if (groups_.main()) return groups_.at(*groups_.main()).claim;
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
      if (std::ranges::find(groups_.wholes(), k) != groups_.wholes().end()) return k;
    }
    if (groups_.invited() && (is_response_rate(f) || !groups_.frame())) return groups_.invited();
    return groups_.frame();
  }
  [[nodiscard]] bool is_response_rate(const Candidate& f) const {
    const Word& next = word(f.words.end);
    return prose_.before(f.words.begin).is("of") || next.is("response") || next.is(kTakesPart) ||
           next.is(")");
  }

  const Prose& prose_;
  const std::vector<Candidate>& found_;
  const CountedGroups& groups_;
};

}  // namespace

CoverageWhole whole_of_coverage(const Prose& prose, const std::vector<Candidate>& found,
                                const CountedGroups& groups, size_t i) {
  return Wholes(prose, found, groups).run(i);
}

}  // namespace barometer::claims
