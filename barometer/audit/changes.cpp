// Levels, changes between them, the verbs that say so; a total and its subgroups.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "barometer/audit/page_internal.h"
#include "barometer/printed/levels.h"
#include "barometer/printed/two_proportions.h"
#include "barometer/wording/hedge.h"

namespace barometer {
namespace {

struct Levels {
  PrintedLevel now;
  PrintedLevel before;
  size_t now_claim;
  size_t before_claim;
};

bool is_level(const Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  return page.is_live(claim) && claim.value && is_testable(*claim.value) &&
         (claim.kind == ClaimKind::kPercent || claim.kind == ClaimKind::kMean);
}

std::optional<Levels> levels_of(const Page& page, const Claim& change) {
  if (!change.level || !change.earlier || *change.level >= page.claims().size() ||
      *change.earlier >= page.claims().size()) {
    return std::nullopt;
  }
  if (!is_level(page, *change.level) || !is_level(page, *change.earlier)) return std::nullopt;
  const Claim& now = page.claim(*change.level);
  const Claim& before = page.claim(*change.earlier);
  if (now.kind != before.kind) return std::nullopt;
  const auto level = [&](const Claim& claim) -> PrintedLevel {
    // The base of another wave is not this article's.
    const bool own = claim.wave.empty() || claim.base_source == BaseSource::kClaim ||
                     claim.base_source == BaseSource::kSentence;
    const bool shares = claim.kind == ClaimKind::kPercent;
    return {*claim.value, own && shares ? page.counted_base(claim) : std::nullopt};
  };
  return Levels{level(now), level(before), *change.level, *change.earlier};
}

void check_points(Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  const std::optional<Levels> levels = levels_of(page, claim);
  if (!levels || !claim.value || !is_testable(*claim.value)) return;
  Decimal change = *claim.value;
  // "fell five points": the sign is the verb's.
  if (change.digits > 0 && claim.number.direction < 0) change.digits = -change.digits;
  const Verdict verdict = change_verdict(levels->now, change, levels->before, page.rounding());
  page.check("change", {i, levels->now_claim, levels->before_claim}, verdict);
  if (!verdict.fails()) return;
  page.find({.rule = "change",
             .claims = {i, levels->now_claim, levels->before_claim},
             .message = fmt::format("{} is not the way from {} to {}", quoted(claim),
                                    quoted(page.claim(levels->before_claim)),
                                    quoted(page.claim(levels->now_claim))),
             .arithmetic = verdict.arithmetic,
             .fix = verdict.mend});
}

const wording::ChangeWord* change_word(const Page& page, const Claim& claim) {
  for (const wording::ChangeWord& row : wording::change_words()) {
    if (find_words(page.plain(claim.span), row.word) != std::string_view::npos) return &row;
  }
  return nullptr;
}

// "rose from 45 to 40", "rose from 40 to 43" of 94.
void check_verb(Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  const std::optional<Levels> levels = levels_of(page, claim);
  const wording::ChangeWord* word = levels ? change_word(page, claim) : nullptr;
  if (word == nullptr) return;
  const auto order = levels->now.value.ratio() <=> levels->before.value.ratio();
  const bool wrong_way = (word->change == wording::Change::kUp && order < 0) ||
                         (word->change == wording::Change::kDown && order > 0);
  const std::vector<size_t> all{i, levels->now_claim, levels->before_claim};
  if (wrong_way) {
    page.find({.rule = "direction",
               .claims = all,
               .message = fmt::format("{} goes the other way", quoted(claim)),
               .arithmetic = fmt::format("from {} to {}", levels->before.value.text(),
                                         levels->now.value.text()),
               .fix = order < 0 ? "fell" : "rose"});
    return;
  }
  if (page.claim(levels->now_claim).kind != ClaimKind::kPercent) return;
  const ChangeTest test = change_test(levels->now, levels->before, {196, 2}, page.rounding());
  page.check("change-test", all, test.verdict);
  if (!test.verdict.fails() || word->change == wording::Change::kSame) return;
  page.find({.rule = "change-test",
             .grade = Grade::kWording,
             .claims = all,
             .message = fmt::format("{} says more than the figures: the difference is within noise",
                                    quoted(claim)),
             .arithmetic = test.verdict.arithmetic,
             .fix = "a neutral verb: “was …, compared with …”"});
}

struct Halves {
  std::string_view one;
  std::string_view other;
};
// Subgroups that are all there is.
constexpr auto kHalves = std::to_array<Halves>({
    {"men", "women"},
    {"male", "female"},
    {"clinical", "non-clinical"},
    {"clinicians", "managers"},
    {"gps", "non-gps"},
    {"provider", "commissioner"},
    {"providers", "commissioners"},
    {"urban", "rural"},
    {"public", "private"},
    {"members", "non-members"},
});

bool are_halves(std::string_view a, std::string_view b) {
  const auto has = [](std::string_view text, std::string_view word) {
    return find_words(text, word) != std::string_view::npos;
  };
  return std::ranges::any_of(kHalves, [&](const Halves& row) {
    return (has(a, row.one) && has(b, row.other)) || (has(a, row.other) && has(b, row.one));
  });
}

// Subgroups with a base each that together are the total's, or two halves by name.
bool are_all(const Page& page, const Claim& total, const std::vector<size_t>& groups) {
  int64_t sum = 0;
  for (const size_t i : groups) sum += page.claim(i).base ? *page.claim(i).base : kLargestNumber;
  if (total.base && sum == *total.base) return true;
  return groups.size() == 2 &&
         are_halves(page.claim(groups[0]).base_phrase + " " +
                        std::string(page.sentence(page.claim(groups[0]).sentence)),
                    page.claim(groups[1]).base_phrase);
}

bool same_answer(const Page& page, size_t a, size_t b) {
  const WordSet& one = page.answer_words(a);
  const WordSet& other = page.answer_words(b);
  return one.empty() || other.empty() || one == other;
}

// "60 per cent in all, 64 of providers and 66 of commissioners"
void check_bracket(Page& page, const std::vector<size_t>& question) {
  std::vector<size_t> totals, groups;
  for (const size_t i : question) {
    const Claim& claim = page.claim(i);
    if (!page.is_percent(claim) || !claim.wave.empty()) continue;
    (claim.subgroup ? groups : totals).push_back(i);
  }
  if (totals.size() != 1 || groups.size() < 2) return;
  const Claim& total = page.claim(totals[0]);
  std::vector<PrintedLevel> levels;
  for (const size_t i : groups) {
    if (!same_answer(page, totals[0], i)) return;
    levels.push_back({*page.claim(i).value, std::nullopt});
  }
  const bool all = are_all(page, total, groups);
  if (all && std::ranges::all_of(
                 groups, [&](size_t i) { return page.counted_base(page.claim(i)).has_value(); })) {
    for (size_t k = 0; k < groups.size(); ++k)
      levels[k].n = page.counted_base(page.claim(groups[k]));
  }
  const Verdict verdict = bracket_verdict(*total.value, levels, page.rounding());
  std::vector<size_t> claims = totals;
  claims.insert(claims.end(), groups.begin(), groups.end());
  page.check("subgroups", claims, verdict);
  if (!verdict.fails()) return;
  page.find({.rule = "subgroups",
             .grade = all ? Grade::kError : Grade::kNote,
             .claims = std::move(claims),
             .message = fmt::format("{} is not between its subgroups{}", quoted(total),
                                    all ? "" : "; there may be others"),
             .arithmetic = verdict.arithmetic,
             .fix = verdict.mend});
}

}  // namespace

void check_changes(Page& page) {
  for (size_t i = 0; i < page.claims().size(); ++i) {
    if (!page.is_live(page.claim(i))) continue;
    if (page.claim(i).kind == ClaimKind::kChange) check_points(page, i);
    if (page.claim(i).kind == ClaimKind::kComparative) check_verb(page, i);
  }
  for (const std::vector<size_t>& question : page.questions()) check_bracket(page, question);
}

}  // namespace barometer
