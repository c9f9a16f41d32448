// Articles that report one survey against each other: its size, and equal questions.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/audit/page_internal.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

// How alike two claims must be: to show, with equal figures, that the survey is one; to be held
// against each other when the figures differ. The second also in what is rare in both.
constexpr double kSameItem = 0.3;
constexpr double kSurelySameItem = 0.6;

struct Side {
  Page* page;
  size_t document;
};

struct Likeness {
  size_t a = 0;
  size_t b = 0;
  double alike = 0;
};

bool is_comparable(const Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  return page.is_percent(claim) && claim.survey == 0 && !claim.subgroup && claim.wave.empty();
}

// For each comparable claim of a, those of b with words in common.
std::vector<Likeness> likenesses(const Page& a, const Page& b) {
  WordWeights weights;
  for (const Page* page : {&a, &b}) {
    for (size_t i = 0; i < page->claims().size(); ++i) {
      if (is_comparable(*page, i)) weights.add(page->words(i));
    }
  }
  std::vector<Likeness> out;
  for (size_t i = 0; i < a.claims().size(); ++i) {
    if (!is_comparable(a, i)) continue;
    for (size_t j = 0; j < b.claims().size(); ++j) {
      if (!is_comparable(b, j) || common_count(a.words(i), b.words(j)) < 2) continue;
      out.push_back({i, j, weights.similarity(a.words(i), b.words(j))});
    }
  }
  return out;
}

std::optional<size_t> stated_n(const Page& page) {
  std::optional<size_t> found;
  for (const Page::StatedBase& base : page.stated_bases()) {
    const Claim& claim = page.claim(base.claim);
    if (claim.kind != ClaimKind::kN || claim.survey != 0) continue;
    if (found && page.claim(*found).value != claim.value) return std::nullopt;
    if (!found) found = base.claim;
  }
  return found;
}

bool nearly_equal(int64_t a, int64_t b) {
  constexpr int64_t kPercentApart = 2;
  return std::abs(a - b) <= std::max<int64_t>(1, std::max(a, b) * kPercentApart / 100);
}

void find_both(const Side& a, const Side& b, size_t claim_a, size_t claim_b, Finding finding) {
  Finding other = finding;
  finding.claims = {claim_a};
  other.claims = {claim_b};
  const Claim& one = a.page->claim(claim_a);
  const Claim& two = b.page->claim(claim_b);
  finding.elsewhere = Elsewhere{b.document, two.span, two.quote};
  other.elsewhere = Elsewhere{a.document, one.span, one.quote};
  a.page->find(std::move(finding));
  b.page->find(std::move(other));
}

void compare_sizes(const Side& a, const Side& b, const Likeness& shared) {
  const std::optional<size_t> one = stated_n(*a.page);
  const std::optional<size_t> two = stated_n(*b.page);
  if (!one || !two) return;
  const int64_t n = a.page->claim(*one).value->digits;
  const int64_t m = b.page->claim(*two).value->digits;
  if (n == m || !nearly_equal(n, m)) return;
  find_both(a, b, *one, *two,
            {.rule = "conflict-n",
             .claims = {},
             .message = fmt::format("{} and {} are said of one survey: both report {} of the same "
                                    "question",
                                    quoted(a.page->claim(*one)), quoted(b.page->claim(*two)),
                                    quoted(a.page->claim(shared.a))),
             .arithmetic = fmt::format("{} - {} = {}", n, m, n - m),
             .fix = fmt::format("{} or {}, in both", n, m)});
}

bool best_for_both(const std::vector<Likeness>& all, const Likeness& one) {
  return std::ranges::none_of(all, [&](const Likeness& other) {
    const bool shares = (other.a == one.a) != (other.b == one.b);
    return shares && other.alike >= one.alike;
  });
}

void compare_items(const Side& a, const Side& b, const std::vector<Likeness>& all) {
  for (const Likeness& like : all) {
    const Claim& one = a.page->claim(like.a);
    const Claim& two = b.page->claim(like.b);
    if (like.alike < kSurelySameItem || one.value->places != two.value->places) continue;
    if (one.value == two.value || !best_for_both(all, like)) continue;
    if (one.base && two.base && !nearly_equal(*one.base, *two.base)) continue;
    find_both(a, b, like.a, like.b,
              {.rule = "conflict-figure",
               .claims = {},
               .message = fmt::format("{} and {} are said of the same question of one survey",
                                      quoted(one), quoted(two)),
               .arithmetic = fmt::format("{} against {}", one.value->text(), two.value->text()),
               .fix = fmt::format("{} or {}, in both", one.value->text(), two.value->text())});
  }
}

void compare(const Side& a, const Side& b) {
  const std::vector<Likeness> all = likenesses(*a.page, *b.page);
  // One survey: an equal figure of an equal question, and numbers of answers that are near.
  const Likeness* shared = nullptr;
  for (const Likeness& like : all) {
    const bool equal = a.page->claim(like.a).value == b.page->claim(like.b).value;
    if (equal && like.alike >= kSameItem && (shared == nullptr || like.alike > shared->alike)) {
      shared = &like;
    }
  }
  if (shared == nullptr) return;
  const std::optional<size_t> one = stated_n(*a.page);
  const std::optional<size_t> two = stated_n(*b.page);
  if (one && two &&
      !nearly_equal(a.page->claim(*one).value->digits, b.page->claim(*two).value->digits)) {
    return;
  }
  compare_sizes(a, b, *shared);
  compare_items(a, b, all);
}

}  // namespace

void check_across(std::span<Page> pages) {
  for (size_t i = 0; i < pages.size(); ++i) {
    for (size_t j = i + 1; j < pages.size(); ++j) {
      if (!pages[i].has_survey() || !pages[j].has_survey()) continue;
      compare({&pages[i], i}, {&pages[j], j});
    }
  }
}

}  // namespace barometer
