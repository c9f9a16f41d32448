// What only the whole article tells of its counts: whose number an n is, which part is all, which
// count belongs to a percentage or to a list of counts.
#include <algorithm>
#include <cmath>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"

namespace barometer::claims {
namespace {

constexpr size_t kMostSizes = 64;

// "a quarter of chairs (25)", "42% (n=39)", "31 leaders (33 per cent)": the count of a share, where
// it is that share of the respondents.
void bind_count_beside(const Prose& prose, int64_t n, size_t i, std::vector<Candidate>& found) {
  Candidate& f = found[i];
  const bool count = f.claim.number.form == wording::Form::kCount && f.claim.value &&
                     !f.claim.number.quoted && f.claim.value->places == 0;
  if (!count || n <= 0) return;
  const auto is_share_of_n = [&](const Candidate& share) {
    if (!share.is_share() || share.claim.sentence != f.claim.sentence) return false;
    const Ratio exact{100 * std::min<int64_t>(f.claim.value->digits, 1'000'000'000), n};
    if (share.claim.number.form != wording::Form::kPercent) {  // "two-thirds (62 leaders)"
      return is_true(share.claim.number, exact) == wording::Truth::kTrue ||
             std::abs(exact.value() - share.claim.exact.value()) < 2;
    }
    const int places = share.claim.value->places;
    return f.claim.value->digits <= n && round(exact, places) == round(share.claim.exact, places);
  };
  const auto becomes_count = [&] {
    f.claim.kind = ClaimKind::kCount;
    f.claim.negative = false;
    f.claim.negative_reason.clear();
  };
  const auto is_loose = [&] {
    return f.claim.negative || (f.claim.kind == ClaimKind::kN && f.claim.value->digits != n);
  };
  const bool opens = prose.before(f.words.begin).is("(") || prose.before(f.words.begin).is("=");
  const bool alone = prose.at(f.of ? f.of->words.end : f.words.end).is(")");
  const bool aside =
      prose.before(f.words.begin).is(",") && f.of && prose.at(f.of->words.end).is(",");
  if (i > 0 && ((opens && alone) || aside) && is_share_of_n(found[i - 1]) &&
      f.words.begin - found[i - 1].words.end < 12) {
    return becomes_count();
  }
  const bool followed = i + 1 < found.size() && (prose.before(found[i + 1].words.begin).is("(") ||
                                                 prose.before(found[i + 1].words.begin).is("or"));
  const Word& behind = prose.at(f.words.end);
  const bool aside_of_it = behind.is("(") || (behind.is(",") && prose.at(f.words.end + 1).is("or"));
  const bool of_them = behind.is("of") && prose.at(f.words.end + 1).is(kPronoun);
  const bool of_people = f.of ? f.of->named || of_them : aside_of_it || of_them;
  if (is_loose() && followed && of_people && is_share_of_n(found[i + 1])) {
    becomes_count();
  }
}

// "34 chose workforce, 21 chose money and 15 social care", "Nineteen were against and eight in
// favour, with four undecided": the verb, or what it says, is that of the count before.
void continue_counts(const Prose& prose, int64_t n, size_t i, std::vector<Candidate>& found) {
  Candidate& f = found[i];
  const bool loose = f.claim.negative && f.claim.negative_reason == "other count" && f.claim.value;
  if (!loose || f.claim.number.quoted || (n > 0 && f.claim.value->digits > n)) return;
  const size_t begin = prose.sentence(f.claim.sentence).begin;
  const Word& before = prose.before(f.words.begin);
  const bool listed = f.words.begin > begin &&
                      (before.is("and") || before.is(",") || before.is(";") || before.is("with") ||
                       before.is("while") || before.is("but") || before.is("or"));
  const bool people = !f.of || (f.of->named && prose.at(f.of->head).is(kGeneric));
  const Word& next = prose.at(f.words.end);
  // "named by 33, ahead of acute medicine (24) and radiology (19)"
  const bool bracketed =
      before.is("(") && next.is(")") && prose.at(f.words.begin - 2).text[0] > '9';
  const bool plain = f.claim.number.counted == wording::Counted::kUnknown || people;
  const bool ends = next.text.empty() || next.is(")") || next.is(kResource | kTarget);
  if (!plain || (!bracketed && (!listed || ends))) return;
  if (f.of && !people && prose.at(f.of->head).is(kResource)) return;
  for (size_t k = i; k > 0;) {
    --k;
    if (found[k].claim.sentence != f.claim.sentence) return;
    if (found[k].is_share()) continue;
    if (found[k].claim.negative || found[k].claim.kind != ClaimKind::kCount) return;
    f.claim.kind = ClaimKind::kCount;
    f.claim.negative = false;
    f.claim.negative_reason.clear();
    return;
  }
}

// "fewer than half of these …, and 46 per cent of the 43 thought": a number of people again.
void restate_parts(const Prose& prose, std::vector<Candidate>& found) {
  std::vector<int64_t> parts;
  for (Candidate& f : found) {
    if (!f.claim.value || f.claim.negative) continue;
    if (f.claim.kind == ClaimKind::kNSub && parts.size() < kMostSizes) {
      parts.push_back(f.claim.value->digits);
    }
    const bool of_the = f.words.begin > 2 && prose.before(f.words.begin).is("the") &&
                        prose.at(f.words.begin - 2).is("of");
    const bool again = f.claim.kind == ClaimKind::kCount && of_the &&
                       std::ranges::find(parts, f.claim.value->digits) != parts.end();
    if (again) f.claim.kind = ClaimKind::kNSub;
  }
}

// "Some 12 respondents - 13 per cent - had been told": fewer than answered, who say something.
void mark_answers(const Prose& prose, const std::vector<int64_t>& sizes,
                  std::vector<Candidate>& found) {
  for (Candidate& f : found) {
    const bool n = !f.claim.negative && f.claim.kind == ClaimKind::kN && f.claim.survey == 0;
    if (!n || !f.claim.value || !f.of || f.of->narrowed) continue;
    if (std::ranges::none_of(sizes, [&](int64_t m) { return m > f.claim.value->digits; })) continue;
    const size_t end = prose.sentence(f.claim.sentence).end;
    const size_t verb = past_asides(prose, f.of->words.end, end);
    const bool says = (prose.at(verb).is(kOpinion | kAuxiliary) || prose.at(verb).is("left")) &&
                      !prose.at(verb).is(kTakesPart);
    const size_t begin =
        prose.sentence(f.claim.sentence).begin;  // "In all, 412 respondents left …"
    const bool opens = f.words.begin == begin ||
                       (f.words.begin == begin + 3 && prose.before(f.words.begin).is(","));
    if (says && opens && participation(prose, f.of->words.end, end) == SIZE_MAX) {
      f.claim.kind = ClaimKind::kCount;
    }
  }
}

// "Of 742 secondary heads …; among primary heads (462 replies) …; of the 1,204 who took part": the
// numbers that sum to another are its parts.
void mark_summands(std::vector<int64_t>& sizes, std::vector<Candidate>& found) {
  std::vector<int64_t> distinct(sizes);
  std::ranges::sort(distinct);
  const auto same = std::ranges::unique(distinct);
  distinct.erase(same.begin(), same.end());
  if (distinct.size() < 3 || distinct.size() > 8) return;
  int64_t sum = 0;
  for (size_t i = 0; i + 1 < distinct.size(); ++i) sum += distinct[i];
  if (sum != distinct.back()) return;
  for (Candidate& f : found) {
    const bool n = !f.claim.negative && f.claim.kind == ClaimKind::kN && f.claim.survey == 0;
    if (n && f.claim.value && f.claim.value->digits != sum) f.claim.kind = ClaimKind::kNSub;
  }
  sizes.assign(1, sum);
}

// "The 146 replies came from 61 counties and 85 districts": numbers that sum to n are its parts.
void mark_partitions(std::vector<Candidate>& found) {
  for (size_t i = 0; i < found.size(); ++i) {
    const Candidate& whole = found[i];
    const bool is_n =
        !whole.claim.negative && whole.claim.kind == ClaimKind::kN && whole.claim.value;
    if (!is_n) continue;
    int64_t sum = 0;
    size_t k = i + 1;
    for (; k < found.size() && sum < whole.claim.value->digits; ++k) {
      const Candidate& part = found[k];
      const bool counts = part.claim.sentence == whole.claim.sentence && part.claim.value &&
                          part.claim.number.form == wording::Form::kCount &&
                          !part.claim.number.quoted &&
                          (part.claim.negative || part.claim.kind != ClaimKind::kCount);
      if (!counts) break;
      sum += part.claim.value->digits;
    }
    if (k - i < 3 || sum != whole.claim.value->digits) continue;
    for (size_t part = i + 1; part < k; ++part) {
      found[part].claim.kind = ClaimKind::kNSub;
      found[part].claim.negative = false;
      found[part].claim.negative_reason.clear();
    }
  }
}

// "The sample included 41 acute trusts; 34 community trusts …", "It took in 408 men and 116 women":
// the counts of a sentence that sum to a size said elsewhere; of three or more, to nearly it, where
// some left it open.
void mark_parts_of_sample(std::vector<Candidate>& found) {
  constexpr size_t kMostInList = 12;
  std::vector<int64_t> sizes;
  for (const Candidate& f : found) {
    const bool n = f.is_size() && f.claim.kind == ClaimKind::kN && f.claim.value;
    if (n && sizes.size() < kMostSizes) sizes.push_back(f.claim.value->digits);
  }
  for (size_t i = 0; i < found.size();) {
    int64_t sum = 0;
    size_t end = i;
    while (end < found.size() && end - i < kMostInList && found[end].is_unexplained() &&
           found[end].claim.sentence == found[i].claim.sentence) {
      sum += found[end].claim.value->digits;
      ++end;
    }
    const size_t parts = end - i;
    const bool whole = parts > 1 && std::ranges::any_of(sizes, [&](int64_t n) {
                         return sum == n || (parts > 2 && sum < n && 50 * sum >= 49 * n);
                       });
    for (size_t part = i; whole && part < end; ++part) {
      found[part].claim.kind = ClaimKind::kNSub;
      found[part].claim.negative = false;
      found[part].claim.negative_reason.clear();
    }
    i = std::max(end, i + 1);
  }
}

// "What 80 health chiefs think": in a headline, as many as answered are who answered; so are "the
// 52" of "48 per cent of the 52 said".
void restate_sizes(const Prose& prose, const std::vector<int64_t>& sizes,
                   std::vector<Candidate>& found) {
  for (Candidate& f : found) {
    const BlockKind kind = prose.document().blocks[f.block].kind;
    const bool headline = kind == BlockKind::kTitle || kind == BlockKind::kHeading;
    const bool people = headline && f.of && f.of->named && f.claim.negative_reason == "other count";
    const bool count = (!f.claim.negative || people) && f.claim.kind == ClaimKind::kCount &&
                       f.claim.value && !f.claim.number.quoted;
    const bool of_the = f.words.begin > 2 && prose.before(f.words.begin).is("the") &&
                        prose.at(f.words.begin - 2).is("of");
    if (!(headline || of_the) || !count || f.claim.number.form != wording::Form::kCount) continue;
    if (std::ranges::find(sizes, f.claim.value->digits) != sizes.end()) {
      f.claim.kind = ClaimKind::kN;
      f.claim.negative = false;
      f.claim.negative_reason.clear();
    }
  }
}

}  // namespace

// Fewer than answered, in another sentence than all of them: a part.
void mark_parts(std::vector<int64_t>& sizes, std::vector<Candidate>& found) {
  const auto whole = std::ranges::find_if(found, &Candidate::whole);
  if (whole == found.end() || whole->claim.kind != ClaimKind::kN) return;
  const int64_t all = whole->claim.value->digits;
  for (Candidate& f : found) {
    const bool n = f.is_size() && f.claim.kind == ClaimKind::kN && f.claim.survey == 0;
    if (!n || f.is_previous || !f.claim.value || f.claim.value->digits >= all) continue;
    if (f.of_organisations && !whole->of_organisations) continue;
    if (f.claim.sentence != whole->claim.sentence) f.claim.kind = ClaimKind::kNSub;
  }
  sizes.insert(sizes.begin(), all);
}

// What only the whole article tells: whose number an n is, and which part is all.
void bind_sizes(const Prose& prose, std::vector<Candidate>& found) {
  const auto is_n = [](const Candidate& f) {
    return !f.claim.negative && f.claim.kind == ClaimKind::kN && f.claim.survey == 0 &&
           f.claim.value && !f.is_previous;
  };
  // "94 leaders from 86 CCGs": people counted before them, or beside.
  size_t first_people = SIZE_MAX;
  for (const Candidate& f : found) {
    if (is_n(f) && !f.of_organisations) first_people = std::min(first_people, f.block);
  }
  std::vector<int64_t> sizes;
  for (Candidate& f : found) {
    const bool earlier = f.is_previous && f.is_size() && f.claim.kind == ClaimKind::kN;
    if (!is_n(f) && !earlier) continue;
    if (f.of_organisations && f.block + 1 >= first_people) {
      f.claim.kind = ClaimKind::kNOrganisations;
    } else if (!earlier && sizes.size() < kMostSizes) {
      sizes.push_back(f.claim.value->digits);
    }
  }
  for (Candidate& f : found) {  // "The other 513 respondents were asked about £500"
    const bool rest = is_n(f) && f.claim.number.is_remainder;
    if (rest && std::ranges::any_of(sizes, [&](int64_t n) { return n > f.claim.value->digits; })) {
      f.claim.kind = ClaimKind::kNSub;
    }
  }
  for (size_t i = 0; i < found.size(); ++i) {
    Candidate& f = found[i];
    if (f.claim.negative || f.claim.kind != ClaimKind::kNSub || f.claim.survey != 0) continue;
    if (!f.claim.value) continue;
    const Word& behind = prose.at(f.words.end);  // "Of the 418 who had rung"
    const bool relative = (behind.is("who") || behind.is("that")) &&
                          participation(prose, f.words.end, f.words.end + 5) == SIZE_MAX;
    const bool narrowed = relative || (f.of && f.of->narrowed);
    const bool same = std::ranges::find(sizes, f.claim.value->digits) != sizes.end();
    if (same || (sizes.empty() && !narrowed && !f.of_organisations)) {
      f.claim.kind = ClaimKind::kN;
      sizes.push_back(f.claim.value->digits);
    }
  }
  mark_summands(sizes, found);
  mark_answers(prose, sizes, found);
  mark_parts(sizes, found);
  mark_partitions(found);
  mark_parts_of_sample(found);
  restate_parts(prose, found);
  restate_sizes(prose, sizes, found);
  int64_t n = 0;
  if (!sizes.empty()) n = sizes.front();
  for (size_t i = 0; i < found.size(); ++i) {
    bind_count_beside(prose, n, i, found);
    continue_counts(prose, n, i, found);
  }
  settle_counts(prose, found);
  for (size_t i = 0; i < found.size(); ++i) continue_counts(prose, n, i, found);
}

}  // namespace barometer::claims
