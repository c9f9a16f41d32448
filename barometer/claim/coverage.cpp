// Is a share one of those asked, or of all there are, rather than of the answers?
#include <algorithm>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"

namespace barometer::claims {
namespace {

class Coverage {
 public:
  Coverage(const Prose& prose, const std::vector<Candidate>& found)
      : prose_(prose), found_(found) {}

  // "41 per cent of all 211", "50% of the sector", "a response rate of 41 per cent"
  [[nodiscard]] bool run(const Mention& m, const Candidate& found) const {
    const Word& before = prose_.before(m.words.begin);
    const size_t sentence_begin = prose_.sentence(m.sentence).begin;
    for (size_t i = m.words.begin; i > sentence_begin && m.words.begin - i < 5; --i) {
      if (prose_.at(i - 1).is("rate") && prose_.before(i - 1).is("response")) return true;
    }
    for (size_t i = m.words.begin; i > sentence_begin && m.words.begin - i < 14; --i) {
      // "Response rates were 19.4% for … and 24.4% for"
      if (prose_.at(i - 1).is("rates") && prose_.before(i - 1).is("response")) return true;
      if (prose_.at(i - 1).is(kOpinion)) break;
    }
    if (before.is("(") && found.of && !found.leads && !found_.empty()) {  // "61 CCGs (29% of CCGs)"
      const Candidate& last = found_.back();
      const bool covered = last.is_size() && last.claim.kind == ClaimKind::kNOrganisations &&
                           last.claim.sentence == m.sentence && last.of &&
                           last.of->words.end + 1 == m.words.begin;
      if (covered && prose_.at(last.of->head).text == prose_.at(found.of->head).text) return true;
    }
    if (before.is("of") && prose_.at(m.words.begin - 2).is("response")) return true;
    if (prose_.at(m.words.end).is("response") || prose_.at(m.words.end).is("turnout")) return true;
    if (before.is(kCovers) && found.of) return true;
    const bool equals = before.is("to") && (prose_.at(m.words.begin - 2).is("equivalent") ||
                                            prose_.at(m.words.begin - 2).is("amounting"));
    if (is_heard_from(m) || comes_back(m) || is_of_those_sent_to(m)) return true;
    if ((equals && found.of) || is_which_is(m) || is_of_owned(m)) return true;
    if (is_aside_of_size(m) || took_part(m, found)) return true;
    if (!prose_.at(m.words.end).is("of")) return false;
    if (is_of_whole(m.words.end + 1)) return true;
    const Word& those = prose_.at(m.words.end + 1);  // "of those invited"
    if ((those.is("those") || those.is("them")) && prose_.at(m.words.end + 2).is(kInvite))
      return true;
    size_t at = m.words.end + 1;
    while (prose_.at(at).is(kDeterminer)) ++at;
    const bool covers = before.is(kCovers) || before.is("or") || before.is("-") ||
                        before.is("--") || before.is("(") || before.is(",");
    if (found.of && found.of->all && covers && !found_.empty() &&
        found_.back().claim.kind == ClaimKind::kNOrganisations) {
      return found_.back().claim.sentence == m.sentence;
    }
    if (!prose_.at(at).is_number()) return false;
    const bool after_size =
        !found_.empty() && found_.back().is_size() && found_.back().claim.sentence == m.sentence;
    return prose_.at(at - 1).is("all") || (before.is(",") && after_size) || before.is("(") ||
           before.is("or") || before.is(kCovers) || before.is("is");
  }

 private:
  // "We heard back from more than 60 per cent of you", "replies came from a third of members"
  [[nodiscard]] bool is_heard_from(const Mention& m) const {
    const size_t at = m.words.begin;
    if (!prose_.before(at).is("from") || at < prose_.sentence(m.sentence).begin + 2) return false;
    const Word& verb = prose_.at(at - 2);
    const bool heard = verb.is("heard") || (verb.is("back") && prose_.at(at - 3).is("heard"));
    const bool came = verb.is("came") && prose_.at(at - 3).is(kResponse);
    return heard || came || verb.is(kResponse);
  }
  // "It went to all 1,080 members, so that's a shade under a quarter of you (22.5%)"
  [[nodiscard]] bool is_of_those_sent_to(const Mention& m) const {
    constexpr size_t kNear = 14;
    const size_t begin = prose_.sentence(m.sentence).begin;
    for (size_t at = m.words.begin; at > begin && m.words.begin - at < kNear; --at) {
      const Word& w = prose_.before(at);
      if (w.is(kOpinion) || w.is(";")) return false;
      const bool equals = w.is("that's") || (w.is("is") && prose_.at(at - 2).is("that")) ||
                          (w.is("is") && prose_.at(at - 2).is("which"));
      if (!equals) continue;
      return std::ranges::any_of(
          found_.rbegin(), found_.rend() - skipped(), [&](const Candidate& f) {
            return f.claim.sentence == m.sentence && f.is_size() && f.words.end < at &&
                   (f.claim.kind == ClaimKind::kNInvited || f.claim.kind == ClaimKind::kFrameN);
          });
    }
    return false;
  }
  // All but the last few of those found.
  [[nodiscard]] std::ptrdiff_t skipped() const {
    constexpr size_t kLast = 6;
    return static_cast<std::ptrdiff_t>(found_.size() - std::min(found_.size(), kLast));
  }
  // "The 34 per cent that came back", "41 per cent were returned"
  [[nodiscard]] bool comes_back(const Mention& m) const {
    size_t at = m.words.end;
    if (prose_.at(at).is("that") || prose_.at(at).is("which")) ++at;
    if (prose_.at(at).is("came") && prose_.at(at + 1).is("back")) return true;
    return prose_.at(at).is("were") && prose_.at(at + 1).is("returned");
  }
  [[nodiscard]] bool follows_size(const Mention& m) const {
    if (found_.empty()) return false;
    const Candidate& last = found_.back();
    return last.claim.sentence == m.sentence &&
           (last.coverage || last.claim.kind == ClaimKind::kN) && !last.claim.negative;
  }
  // "Seventy-seven obliged us, which is 36 per cent"
  [[nodiscard]] bool is_which_is(const Mention& m) const {
    const size_t at = m.words.begin;
    return follows_size(m) && at > prose_.sentence(m.sentence).begin + 3 &&
           prose_.before(at).is(kCopula) &&
           (prose_.at(at - 2).is("which") || prose_.at(at - 2).is("that")) &&
           (prose_.at(at - 3).is(",") || prose_.at(at - 3).is("-"));
  }
  // "- just under half (47 per cent) of Universities UK's 136 members -"
  [[nodiscard]] bool is_of_owned(const Mention& m) const {
    if (!follows_size(m)) return false;
    const Word& mark = prose_.before(m.words.begin);
    if (!mark.is("-") && !mark.is("--") && !mark.is("(") && !mark.is(",")) return false;
    size_t at = m.words.end;
    while (prose_.at(at).is("(") || prose_.at(at).is(")") ||
           (prose_.at(at).is_number() && at < m.words.end + 5)) {
      ++at;
    }
    if (!prose_.at(at).is("of")) return false;
    for (size_t k = at + 1; k < at + 7; ++k) {
      if (prose_.at(k).is_number()) return prose_.before(k).text.ends_with("'s");
      if (prose_.at(k).is(",") || prose_.at(k).is(kOpinion | kCopula)) return false;
    }
    return false;
  }
  // "the total", "the provider sector", "England's trusts" is not
  [[nodiscard]] bool is_of_whole(size_t at) const {
    const size_t most = at + 4;
    for (; at < most; ++at) {
      const Word& word = prose_.at(at);
      const bool whole = word.is(kWhole) && !word.is("all") && !word.is("whole");
      if (whole) return !word.is(kPronoun) && !word.is("members");
      const bool adjective = word.is(kDeterminer | kPartWord) || word.is("health") ||
                             word.is("possible") || word.is("entire");
      if (!adjective || word.is_number()) return false;
    }
    return false;
  }
  // Beside a number of respondents or organisations: "75 responded (30 per cent)", "Fifty-eight (43
  // per cent) replied", "88 CCGs - 42 per cent of the total -", "97 trusts (46 per cent)".
  [[nodiscard]] bool is_aside_of_size(const Mention& m) const {
    if (found_.empty() || m.words.begin < 2) return false;
    const Candidate& size = found_.back();
    if (!size.is_size() || size.claim.kind == ClaimKind::kNSub) return false;
    if (size.claim.sentence != m.sentence) return false;
    size_t mark = m.words.begin - 1;
    if (prose_.at(mark).is("or")) --mark;
    const Word& open = prose_.at(mark);
    const bool bracket = open.is("(");
    if (!(bracket || open.is(",") || open.is("-") || open.is("--"))) return false;
    const size_t named = size.of ? std::max(size.of->words.end, size.words.end) : size.words.end;
    const Word& last = prose_.before(mark);
    const bool again = bracket || prose_.before(m.words.begin).is("or");
    const bool replied = again && mark > named && mark - named < 4 &&
                         (last.is(kTakesPart | kInvite) || last.is("part"));
    if (replied) return true;
    // "2,318 passengers filled in the form, or 37 per cent,"
    const size_t verb = mark > named ? participation(prose_, named, mark) : SIZE_MAX;
    const bool form = again && verb != SIZE_MAX && mark - named < 8 &&
                      (last.is(kSurveyNoun | kResponse) || last.is("form") || last.is("back") ||
                       last.is("forms") || last.is("it"));
    if (form) return true;
    const size_t end = prose_.sentence(m.sentence).end;
    if (mark < named || past_asides(prose_, named, mark) != mark) return false;
    const Word& close = prose_.at(m.words.end);
    const bool closes = bracket ? close.is(")") : close.is(open.text) || close.is(",");
    if (closes && participation(prose_, m.words.end + 1, end) != SIZE_MAX) return true;
    const bool asked =
        again && std::ranges::any_of(found_, [&](const Candidate& f) {
          return f.claim.sentence == m.sentence && f.is_size() &&
                 (f.claim.kind == ClaimKind::kNInvited || f.claim.kind == ClaimKind::kFrameN);
        });
    if (asked && mark == named && !bracket)
      return true;  // "asked 142 and had replies from 98, or 69%"
    const bool ends = close.is(")") || close.is(".") || close.text.empty();
    return ends && size.claim.kind != ClaimKind::kN;
  }
  // "44 per cent took part", "just under 18 per cent replied"
  [[nodiscard]] bool took_part(const Mention& m, const Candidate& found) const {
    if (m.phrase->quoted) return false;
    const bool grouped = found.of && !found.leads;
    if (grouped && (found.of->narrowed || found.of->pronoun)) return false;
    size_t at = grouped ? found.of->words.end : m.words.end;
    while (prose_.at(at).is(kAuxiliary | kAdverb)) ++at;
    const Word& verb = prose_.at(at);
    const bool part = verb.is("took") && prose_.at(at + 1).is("part");
    const bool replied = verb.is("responded") || verb.is("replied") || verb.is("participated");
    return part || (replied && participation(prose_, at, at + 1) == at);
  }

  const Prose& prose_;
  const std::vector<Candidate>& found_;
};

}  // namespace

bool is_coverage(const Prose& prose, const Mention& m, const Candidate& found,
                 const std::vector<Candidate>& before) {
  return Coverage(prose, before).run(m, found);
}

}  // namespace barometer::claims
