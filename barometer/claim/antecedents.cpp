#include "barometer/claim/antecedents_internal.h"

#include <cmath>

namespace barometer::claims {
namespace {

constexpr size_t kReach = 80;  // words of a sentence, back from a figure, that are looked at

bool is_people(const Candidate& f) {
  return f.is_size() && f.claim.value && f.claim.kind != ClaimKind::kFrameN &&
         f.claim.kind != ClaimKind::kNInvited;
}
bool is_count(const Candidate& f) {
  return !f.claim.negative && f.claim.kind == ClaimKind::kCount && f.claim.value;
}
bool is_dash(const Word& word) { return word.is("-") || word.is("--"); }

// "94 leaders in 86 groups": organisations beside the people who answered.
bool is_where_they_work(const std::vector<Candidate>& found, size_t k) {
  if (found[k].claim.kind != ClaimKind::kNOrganisations || k == 0) return false;
  const Candidate& last = found[k - 1];
  return is_people(last) && last.claim.kind != ClaimKind::kNOrganisations &&
         last.claim.sentence == found[k].claim.sentence;
}

// The beginning of the sentence, past "but", or behind its last colon or semicolon; the figure
// itself where that is too far.
size_t opening_of(const Prose& prose, const Candidate& f) {
  size_t begin = prose.sentence(f.claim.sentence).begin;
  size_t at = f.words.begin;
  while (at > begin && f.words.begin - at < kReach && !prose.before(at).is(":") &&
         !prose.before(at).is(";")) {
    --at;
  }
  if (f.words.begin - at >= kReach) return f.words.begin;
  begin = at;
  while (begin < f.words.begin && (prose.at(begin).is("but") || prose.at(begin).is("and") ||
                                   prose.at(begin).is("yet") || prose.at(begin).is("only"))) {
    ++begin;
  }
  return begin;
}

// "against 46 per cent elsewhere", ", while among smaller firms it was half": of others than the
// opening's.
bool turns_to_others(const Prose& prose, const Candidate& f, size_t begin) {
  for (size_t at = f.words.begin; at > begin && f.words.begin - at < 3; --at) {
    const Word& w = prose.before(at);
    if (w.is("against") || w.is("versus") || w.is("than")) return true;
    if (w.is("with") && prose.at(at - 2).is("compared")) return true;
  }
  for (size_t at = f.words.begin; at > begin + 1; --at) {
    const Word& w = prose.before(at);
    const bool among = w.is("among") || w.is("amongst");
    const Word& joint = prose.at(at - 2);
    const bool turns = (w.is("in") || w.is("at") || w.is("for")) &&
                       (joint.is("while") || joint.is("whereas") || joint.is("but"));
    if (among || turns) return true;
  }
  return false;
}

bool opens_group(const Word& word) {
  return word.is("of") || word.is("among") || word.is("amongst");
}

bool is_share_of_base(const Candidate& f, const Candidate& count) {
  const auto base = static_cast<double>(*count.claim.base);
  const double percent = 100.0 * static_cast<double>(count.claim.value->digits) / base;
  return base > 0 && f.claim.value && std::abs(percent - f.claim.value->value()) < 1.5;
}

// Does the share say in per cent what the count before it said?
bool says_again(const Prose& prose, const Candidate& f, const Candidate& count) {
  const size_t begin = prose.sentence(f.claim.sentence).begin;
  const Word& last = prose.before(f.words.begin);
  const size_t gap = f.words.begin - count.words.end;
  if (count.claim.sentence != f.claim.sentence) {
    const Word& first = prose.at(begin);
    const bool that =
        f.words.begin == begin + 2 && last.is(kCopula) && (first.is("that") || first.is("this"));
    const bool thats = f.words.begin == begin + 1 && first.is("that's");
    return (that || thats) && count.claim.sentence + 1 == f.claim.sentence;
  }
  if (last.is("or")) return gap < 14;
  const Word& which = prose.at(f.words.begin - 2);
  if (last.is(kCopula) && (which.is("that") || which.is("which"))) return true;
  if (f.of && !f.leads) return last.is("(") && gap < 4;
  const bool mark = last.is("(") || last.is(",") || is_dash(last) || last.is(".");
  return mark && (is_share_of_base(f, count) || (gap < 6 && last.is("(")));
}

}  // namespace

namespace {

// "of this group", "of that number", from `at` on
bool is_this_group(const Prose& prose, size_t at) {
  const Word& this_one = prose.at(at + 1);
  const Word& group = prose.at(at + 2);
  return prose.at(at).is("of") && (this_one.is("this") || this_one.is("that")) &&
         (group.is("group") || group.is("number") || group.is("cohort"));
}

}  // namespace

bool says_of_them(const Prose& prose, const Candidate& f) {
  if (is_this_group(prose, f.words.end)) return true;
  if (f.leads || !prose.at(f.words.end).is("of")) return false;
  const size_t at = f.words.end + 1;
  const Word& next = prose.at(at);
  if (next.is("them") || next.is("whom")) return !prose.at(at + 1).is("who");
  if (!next.is("these") && !next.is("those")) return false;
  const Word& behind = prose.at(at + 1);
  const bool bare = behind.text.empty() || behind.is(",") || behind.is(".") || behind.is(")");
  return bare || (next.is("these") && !prose.noun_phrase(at, at + 8).narrowed);
}

bool opens_with_them(const Prose& prose, const Candidate& f) {
  if (!f.of && is_this_group(prose, opening_of(prose, f))) return true;
  if (!f.leads || !f.of || !f.of->pronoun || f.of->narrowed) return false;
  const Word& next = prose.at(f.of->words.end);
  const bool figure = next.is_number() && f.of->words.end == f.words.begin;
  return next.is(",") || figure || !f.of->words.empty();
}

Antecedent counted_before(const Prose& prose, const std::vector<Candidate>& found, size_t i) {
  const Candidate& f = found[i];
  for (size_t k = i; k > 0;) {
    --k;
    const Candidate& last = found[k];
    if (last.block != f.block || last.claim.sentence + 1 < f.claim.sentence) break;
    if (last.claim.negative || !last.claim.value || last.coverage || last.is_previous) continue;
    if (last.is_size() && (!is_people(last) || is_where_they_work(found, k))) continue;
    if (last.is_size() || is_count(last)) {
      const bool more =
          f.claim.kind == ClaimKind::kCount && f.claim.value->digits > last.claim.value->digits;
      if (!more) return {k, false};
      continue;
    }
    // "Nineteen chief executives – 22 per cent – had frozen posts, three of whom …"
    const bool aside = k > 0 && is_count(found[k - 1]) &&
                       last.words.begin - found[k - 1].words.end < 5 &&
                       !prose.before(last.words.begin).is(kOpinion);
    // "Half are content. Two-thirds of them would stay": of all again, or of that half.
    const bool open =
        last.claim.sentence != f.claim.sentence && prose.at(f.words.end + 1).is("them") && !f.leads;
    if (last.is_share() && !aside) return {std::nullopt, !open};
  }
  return {};
}

std::optional<size_t> restated_count(const Prose& prose, const std::vector<Candidate>& found,
                                     size_t i) {
  const Candidate& f = found[i];
  if (f.claim.kind > ClaimKind::kPercentFractionBound || i == 0) return std::nullopt;
  size_t k = i - 1;
  if (k > 0 && found[k].is_size() && found[k - 1].claim.base_claim == k) --k;
  const Candidate& count = found[k];
  if (!is_count(count) || !count.claim.base || count.block != f.block) return std::nullopt;
  if (!says_again(prose, f, count)) return std::nullopt;
  return k;
}

std::optional<size_t> asked_of_share(const Prose& prose, const std::vector<Candidate>& found,
                                     size_t i) {
  const Candidate& f = found[i];
  if (i == 0 || f.claim.kind > ClaimKind::kPercentFractionBound || !f.claim.value) {
    return std::nullopt;
  }
  const Candidate& replies = found[i - 1];
  const bool beside = replies.is_size() && replies.claim.kind == ClaimKind::kN &&
                      replies.claim.value && replies.claim.sentence == f.claim.sentence;
  const Word& mark = prose.before(f.words.begin);
  if (!beside || !(mark.is("(") || mark.is("or") || mark.is(",") || is_dash(mark))) {
    return std::nullopt;
  }
  for (size_t k = i - 1; k > 0; --k) {
    const Candidate& asked = found[k - 1];
    if (asked.block != f.block || asked.claim.sentence + 1 < f.claim.sentence) break;
    const bool whole =
        asked.claim.kind == ClaimKind::kNInvited || asked.claim.kind == ClaimKind::kFrameN;
    if (!asked.is_size() || !whole || !asked.claim.value || asked.claim.value->digits <= 0)
      continue;
    const double percent = 100.0 * static_cast<double>(replies.claim.value->digits) /
                           static_cast<double>(asked.claim.value->digits);
    if (std::abs(percent - f.claim.value->value()) < 1) return k - 1;
  }
  return std::nullopt;
}

std::optional<size_t> portion_behind(const Prose& prose, const std::vector<Candidate>& found,
                                     size_t i) {
  const Candidate& f = found[i];
  if (i + 2 >= found.size() || f.claim.kind > ClaimKind::kPercentFractionBound) return std::nullopt;
  const Candidate& count = found[i + 1];
  const Candidate& all = found[i + 2];
  const bool portion = is_count(count) && is_people(all) &&
                       count.claim.number.span == all.claim.number.span &&
                       count.claim.sentence == f.claim.sentence;
  if (!portion || count.words.begin != f.words.end + 1) return std::nullopt;
  const Word& mark = prose.at(f.words.end);
  if (!is_dash(mark) && !mark.is("(") && !mark.is(",")) return std::nullopt;
  return i + 2;
}

bool speaks_of_the_others(const Prose& prose, const Candidate& f) {
  const size_t begin = prose.sentence(f.claim.sentence).begin;
  const size_t first = opening_of(prose, f);
  const size_t end = std::min(f.words.begin, std::max(begin, first) + 6);
  const Word& preposition = prose.at(first);
  const bool of = preposition.is("among") || preposition.is("amongst") ||
                  preposition.is("across") || preposition.is("in") || preposition.is("for") ||
                  preposition.is("at");
  if (!of) return false;
  for (size_t at = first + 1; at + 1 < end; ++at) {
    const Word& w = prose.at(at);
    const bool all_other = w.is("all") && prose.at(at + 1).is("other");
    const bool else_ = (w.is("everybody") || w.is("everyone")) && prose.at(at + 1).is("else");
    const bool rest = w.is("the") && (prose.at(at + 1).is("rest") || prose.at(at + 1).is("others"));
    if (all_other || else_ || rest) return true;
    if (w.is(",") || w.is_number()) return false;
  }
  return false;
}

std::optional<size_t> opening_size(const Prose& prose, const std::vector<Candidate>& found,
                                   size_t i) {
  const Candidate& f = found[i];
  if (f.of && !f.leads) return std::nullopt;
  const size_t begin = opening_of(prose, f);
  if (!opens_group(prose.at(begin)) || turns_to_others(prose, f, begin + 1)) return std::nullopt;
  std::optional<size_t> size;
  for (size_t k = i; k > 0 && found[k - 1].words.begin > begin; --k) {
    if (is_people(found[k - 1])) size = k - 1;
  }
  if (!size || *size + 1 == i) return size;
  for (size_t at = begin + 1; at < found[*size].words.begin; ++at) {
    if (prose.at(at).is(",") || prose.at(at).is_number()) return std::nullopt;
  }
  return size;
}

std::optional<NounPhrase> opening_group(const Prose& prose, const Candidate& f) {
  if (f.of && !f.leads) return std::nullopt;
  const size_t begin = opening_of(prose, f);
  if (!opens_group(prose.at(begin)) || turns_to_others(prose, f, begin + 1)) return std::nullopt;
  const NounPhrase np = prose.noun_phrase(begin + 1, f.words.begin);
  if (!np.named && !np.pronoun) return std::nullopt;
  return np;
}

}  // namespace barometer::claims
