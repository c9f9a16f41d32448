// Articles that report one survey against each other: its size, and equal questions.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "barometer/audit/page_internal.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

// How alike two claims must be. To show, with equal figures, that the survey is one: of the words
// of the shorter, how much both have. To be held against each other when the figures differ: of the
// words of both together.
constexpr double kSameItem = 0.45;
constexpr size_t kSameWords = 3;
constexpr double kSurelySameItem = 0.6;

struct PrintedClaim {
  Decimal value{};
  size_t claim = 0;
};

struct Side {
  Page* page;
  size_t document;
  std::vector<PrintedClaim> figures;  // that another article may print too, by value
  std::optional<size_t> n;            // the claim that states the size of the survey
  std::vector<std::string> months;    // that it names with a year
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
std::vector<Likeness> likenesses(const Side& a, const Side& b, const WordWeights& weights) {
  std::vector<Likeness> out;
  for (const PrintedClaim& one : a.figures) {
    const WordSet& words = a.page->words(one.claim);
    for (const PrintedClaim& two : b.figures) {
      const WordSet& others = b.page->words(two.claim);
      if (common_count(words, others) < 2) continue;
      out.push_back({one.claim, two.claim, weights.similarity(words, others)});
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
  if (!a.n || !b.n) return;
  const int64_t n = a.page->claim(*a.n).value->digits;
  const int64_t m = b.page->claim(*b.n).value->digits;
  if (n == m || !nearly_equal(n, m)) return;
  find_both(a, b, *a.n, *b.n,
            {.rule = "conflict-n",
             .claims = {},
             .message = fmt::format("{} and {} are said of one survey: both report {} of the same "
                                    "question",
                                    quoted(a.page->claim(*a.n)), quoted(b.page->claim(*b.n)),
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

bool sizes_agree(const Side& a, const Side& b) {
  if (!a.n || !b.n) return true;
  return nearly_equal(a.page->claim(*a.n).value->digits, b.page->claim(*b.n).value->digits);
}

// An equal figure of an equal question: that the two report one survey.
std::optional<Likeness> shared_figure(const Side& a, const Side& b, const WordWeights& weights) {
  std::optional<Likeness> best;
  auto from = b.figures.begin();
  for (const PrintedClaim& one : a.figures) {
    const WordSet& words = a.page->words(one.claim);
    while (from != b.figures.end() && from->value.ratio() < one.value.ratio()) ++from;
    for (auto two = from; two != b.figures.end() && two->value.ratio() == one.value.ratio();
         ++two) {
      const WordSet& others = b.page->words(two->claim);
      if (common_count(words, others) < kSameWords) continue;
      const double alike =
          std::max(weights.containment(words, others), weights.containment(others, words));
      if (alike >= kSameItem && (!best || alike > best->alike)) {
        best = Likeness{one.claim, two->claim, alike};
      }
    }
  }
  return best;
}

// "february 2019" and others: the months that the article names with their year.
std::vector<std::string> months_of(std::string_view plain) {
  constexpr auto kMonths = std::to_array<std::string_view>(
      {"january", "february", "march", "april", "may", "june", "july", "august", "september",
       "october", "november", "december"});
  std::vector<std::string> out;
  for (const std::string_view month : kMonths) {
    for (size_t at = find_words(plain, month); at != std::string_view::npos;
         at = find_words(plain, month, at + 1)) {
      const std::string_view year = plain.substr(at + month.size()).substr(0, 5);
      const bool is_year = year.size() == 5 && year[0] == ' ' &&
                           (year.substr(1, 2) == "19" || year.substr(1, 2) == "20");
      if (is_year) out.push_back(std::string(month) + std::string(year));
    }
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Each says one month, the same, and the same number of answers, which is no round one.
bool same_size_and_month(const Side& a, const Side& b) {
  if (!a.n || !b.n) return false;
  const int64_t n = a.page->claim(*a.n).value->digits;
  if (n != b.page->claim(*b.n).value->digits || n % 50 == 0) return false;
  return a.months.size() == 1 && a.months == b.months;
}

// Says whether the two report one survey.
bool compare(const Side& a, const Side& b, const WordWeights& weights) {
  if (!sizes_agree(a, b)) return false;
  const std::optional<Likeness> shared = shared_figure(a, b, weights);
  if (!shared) {
    // Without an equal figure: the same number of people in the same month.
    if (!same_size_and_month(a, b)) return false;
    compare_items(a, b, likenesses(a, b, weights));
    return true;
  }
  compare_sizes(a, b, *shared);
  compare_items(a, b, likenesses(a, b, weights));
  return true;
}

Side side_of(Page& page, size_t document) {
  Side side{&page, document, {}, stated_n(page), months_of(page.plain())};
  for (size_t i = 0; i < page.claims().size(); ++i) {
    if (is_comparable(page, i)) side.figures.push_back({*page.claim(i).value, i});
  }
  // An article prints some dozens: of a longer text the first.
  constexpr size_t kMostFigures = 400;
  if (side.figures.size() > kMostFigures) side.figures.resize(kMostFigures);
  std::ranges::stable_sort(side.figures, {},
                           [](const PrintedClaim& one) { return one.value.ratio(); });
  return side;
}

}  // namespace

// Each article is held against the first few that report its survey, so that a thousand of them
// are not half a million pairs.
void check_across(std::span<Page> pages) {
  constexpr size_t kMostPeers = 8;
  if (pages.size() < 2) return;
  std::vector<Side> sides;
  WordWeights weights;
  for (size_t i = 0; i < pages.size(); ++i) {
    if (!pages[i].has_survey()) continue;
    sides.push_back(side_of(pages[i], i));
    for (const PrintedClaim& one : sides.back().figures) weights.add(pages[i].words(one.claim));
  }
  std::vector<std::vector<const Side*>> surveys;
  for (const Side& side : sides) {
    bool known = false;
    for (std::vector<const Side*>& peers : surveys) {
      bool joins = false;
      for (size_t k = 0; k < std::min(peers.size(), kMostPeers); ++k) {
        joins = compare(*peers[k], side, weights) || joins;
      }
      if (joins) peers.push_back(&side);
      known = known || joins;
    }
    if (!known) surveys.push_back({&side});
  }
}

}  // namespace barometer
