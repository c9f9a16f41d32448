// Changes whose levels stand behind them: "rose by 10 points, from 61 to 73", "increased by 20 per
// cent, from 50 to 70", "doubled, from 47 to 73"; and a total that its groups were said before.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "barometer/audit/page_internal.h"
#include "barometer/base/text.h"
#include "barometer/printed/levels.h"

namespace barometer {
namespace {

std::optional<Decimal> level_at(const Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  const bool amount = claim.negative_reason == "change of an amount";
  if (claim.negative && !amount) return std::nullopt;
  if (claim.kind != ClaimKind::kPercent || !claim.value || !is_testable(*claim.value)) {
    return std::nullopt;
  }
  return claim.value;
}

struct Steps {
  Decimal from;
  Decimal to;
};

// The two levels right behind a claim: ", from 61 to 73".
std::optional<Steps> steps_behind(const Page& page, size_t i) {
  if (i + 2 >= page.claims().size()) return std::nullopt;
  const Claim& claim = page.claim(i);
  if (page.claim(i + 2).sentence != claim.sentence) return std::nullopt;
  const std::string_view joint = trimmed(page.between(claim, page.claim(i + 1)));
  if (joint != "from" && joint != ", from" && joint != "- from") return std::nullopt;
  if (page.between(page.claim(i + 1), page.claim(i + 2)) != " to ") return std::nullopt;
  const auto from = level_at(page, i + 1);
  const auto to = level_at(page, i + 2);
  if (!from || !to || from->places != to->places || from->digits <= 0 || to->digits <= 0) {
    return std::nullopt;
  }
  return Steps{*from, *to};
}

void find_step(Page& page, size_t i, Grade grade, const Steps& steps, std::string arithmetic,
               std::string fix) {
  page.find({.rule = "change",
             .grade = grade,
             .claims = {i, i + 1, i + 2},
             .message = fmt::format("from {} to {} is not {}", steps.from.text(), steps.to.text(),
                                    quoted(page.claim(i))),
             .arithmetic = std::move(arithmetic),
             .fix = std::move(fix)});
}

bool is_points(const Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  return page.is_live(claim) && claim.kind == ClaimKind::kChange && claim.value &&
         is_testable(*claim.value) && !(claim.level && claim.earlier);
}

// "rose by 10 points, from 61 to 73"
void check_points_before(Page& page, size_t i, const Steps& steps) {
  Decimal change = *page.claim(i).value;
  const bool falls = steps.to.ratio() < steps.from.ratio();
  if ((change.digits < 0) != falls) change.digits = -change.digits;
  const Verdict verdict =
      change_verdict({steps.to, std::nullopt}, change, {steps.from, std::nullopt}, page.rounding());
  page.check("change", {i, i + 1, i + 2}, verdict);
  if (verdict.fails()) find_step(page, i, Grade::kError, steps, verdict.arithmetic, verdict.mend);
}

// Points and per cent between two levels, as figures of their decimals allow: lowest, highest.
double points_of(const Steps& steps) { return steps.to.value() - steps.from.value(); }
double growth_of(const Steps& steps) { return 100 * points_of(steps) / steps.from.value(); }

// "increased by 20 per cent, from 50 to 70": 40 per cent, or 20 points.
void check_growth(Page& page, size_t i, const Steps& steps) {
  const Claim& claim = page.claim(i);
  if (claim.negative_reason != "change of an amount" || claim.kind != ClaimKind::kPercent ||
      !claim.value || claim.value->digits <= 0 || claim.number.hedge == nullptr ||
      claim.number.hedge->relation != wording::Relation::kIs) {
    return;
  }
  const double said = claim.value->value();
  const double points = std::abs(points_of(steps));
  const double growth = std::abs(growth_of(steps));
  // What half a unit of each level moves the growth by, and half a unit of the growth itself.
  const double unit = steps.from.places == 0 ? 0.5 : 0.05;
  const double slack =
      100 * unit * (1 + steps.to.value() / steps.from.value()) / (steps.from.value() - unit) + 0.5;
  if (std::abs(said - growth) <= slack) return;
  const bool in_points = std::abs(said - points) <= 2 * unit + 1e-9;
  find_step(page, i, in_points ? Grade::kWording : Grade::kError, steps,
            fmt::format("{} - {} = {:.4g} points, which is {:.3g} per cent of {}", steps.to.text(),
                        steps.from.text(), points_of(steps), growth_of(steps), steps.from.text()),
            fmt::format("“{:.4g} percentage points” or “{:.3g} per cent”", points, growth));
}

struct Multiple {
  std::string_view word;
  double low;
  double high;
};
// What the words allow: "doubled" of 47 to 85 is said, of 47 to 73 it is not.
constexpr auto kMultiples = std::to_array<Multiple>({
    {"doubled", 1.75, 2.5},
    {"more than doubled", 1.9, 4.0},
    {"trebled", 2.6, 3.8},
    {"tripled", 2.6, 3.8},
    {"quadrupled", 3.5, 5.0},
    {"halved", 0.35, 0.6},
});

void check_multiple(Page& page, size_t i, const Steps& steps) {
  const Claim& claim = page.claim(i);
  if (claim.negative_reason != "multiple") return;
  const auto row = std::ranges::find(kMultiples, lowered(claim.quote), &Multiple::word);
  if (row == kMultiples.end()) return;
  const double times = steps.to.value() / steps.from.value();
  if (times >= row->low && times <= row->high) return;
  find_step(page, i, Grade::kError, steps,
            fmt::format("{} / {} = {:.3g}", steps.to.text(), steps.from.text(), times),
            "the two figures alone, or a word that is true of them");
}

// The only share of the sentence before, in the same paragraph.
std::optional<size_t> share_before(const Page& page, size_t sentence) {
  const std::vector<Sentence>& sentences = page.article().document.sentences;
  if (sentence == 0 || sentences[sentence - 1].block != sentences[sentence].block) {
    return std::nullopt;
  }
  std::optional<size_t> found;
  const Page::ClaimRange range = page.claims_in(sentence - 1);
  for (size_t i = range.begin; i < range.end; ++i) {
    const ClaimKind kind = page.claim(i).kind;
    const bool share = kind != ClaimKind::kCount && kind != ClaimKind::kN &&
                       kind != ClaimKind::kNSub && page.is_live(page.claim(i));
    if (share && found) return std::nullopt;
    if (share) found = i;
  }
  return found && page.is_percent(page.claim(*found)) ? found : std::nullopt;
}

// "… 73 per cent. That is up from 76": the level is the one before.
void check_that_is(Page& page, size_t i) {
  const Claim& before = page.claim(i);
  if (!page.is_percent(before)) return;
  const auto now = share_before(page, before.sentence);
  if (!now) return;
  const size_t begin = page.article().document.sentences[before.sentence].span.begin;
  const std::string_view words = page.plain({begin, before.span.begin});
  for (const std::string_view start : {"that is ", "that was ", "this is ", "this was ", ""}) {
    const bool up = words == fmt::format("{}up from ", start);
    const bool down = words == fmt::format("{}down from ", start);
    if (!up && !down) continue;
    const auto order = page.claim(*now).value->ratio() <=> before.value->ratio();
    if ((up && order > 0) || (down && order < 0) || order == 0) return;
    page.find({.rule = "direction",
               .claims = {*now, i},
               .message = fmt::format("“{}”, but the figures go from {} to {}", up ? "up" : "down",
                                      before.value->text(), page.claim(*now).value->text()),
               .arithmetic = fmt::format("from {} to {}", before.value->text(),
                                         page.claim(*now).value->text()),
               .fix = up ? "“down”, or the figures the other way round"
                         : "“up”, or the figures the other way round"});
    return;
  }
}

bool are_men_and_women(std::string_view one, std::string_view other) {
  constexpr auto kHalves = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{" of men ", " of women "},
       {" of the men ", " of the women "},
       {" among men ", " among women "},
       {" of males ", " of females "}});
  const auto begins = [](std::string_view text, std::string_view words) {
    return text.starts_with(words) || text.starts_with(words.substr(0, words.size() - 1));
  };
  return std::ranges::any_of(kHalves, [&](const auto& row) {
    return (begins(one, row.first) && begins(other, row.second)) ||
           (begins(one, row.second) && begins(other, row.first));
  });
}

bool is_own_share(const Page& page, size_t i) {
  return i < page.claims().size() && page.is_percent(page.claim(i)) && page.claim(i).wave.empty() &&
         !page.claim(i).earlier;
}

// "31 per cent of men and 33 per cent of women agreed; overall, 36 per cent agreed", and the total
// first: "In all, 61 per cent agreed: 23 per cent of men and 28 per cent of women".
void check_halves(Page& page, size_t i) {
  constexpr auto kOverall = std::to_array<std::string_view>(
      {"overall", "in all", "altogether", "in total", "all in all"});
  if (!is_own_share(page, i) || !is_own_share(page, i + 1) ||
      page.claim(i).sentence != page.claim(i + 1).sentence ||
      !are_men_and_women(page.behind(i), page.behind(i + 1)) ||
      page.between(page.claim(i), page.claim(i + 1)).size() > 24) {
    return;
  }
  std::optional<size_t> total;
  if (is_own_share(page, i + 2) && page.claim(i + 2).sentence == page.claim(i).sentence &&
      has_words(page.between(page.claim(i + 1), page.claim(i + 2)), kOverall)) {
    total = i + 2;
  } else if (i > 0 && is_own_share(page, i - 1) && !page.claim(i - 1).subgroup &&
             !page.claim(i).subgroup &&  // else check_changes has said it
             page.claim(i - 1).sentence == page.claim(i).sentence &&
             page.between(page.claim(i - 1), page.claim(i)).ends_with(": ")) {
    total = i - 1;
  }
  if (!total) return;
  const std::array<PrintedLevel, 2> levels{PrintedLevel{*page.claim(i).value, std::nullopt},
                                           PrintedLevel{*page.claim(i + 1).value, std::nullopt}};
  const Verdict verdict = bracket_verdict(*page.claim(*total).value, levels, page.rounding());
  page.check("subgroups", {*total, i, i + 1}, verdict);
  if (!verdict.fails()) return;
  page.find({.rule = "subgroups",
             .claims = {*total, i, i + 1},
             .message = fmt::format("{} for all lies outside the figures of its groups",
                                    quoted(page.claim(*total))),
             .arithmetic = verdict.arithmetic,
             .fix = verdict.mend});
}

}  // namespace

void check_steps(Page& page) {
  for (size_t i = 0; i < page.claims().size(); ++i) {
    check_that_is(page, i);
    check_halves(page, i);
    const std::optional<Steps> steps = steps_behind(page, i);
    if (!steps) continue;
    if (is_points(page, i)) check_points_before(page, i, *steps);
    check_growth(page, i, *steps);
    check_multiple(page, i, *steps);
  }
}

}  // namespace barometer
