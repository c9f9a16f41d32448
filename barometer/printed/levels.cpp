#include "barometer/printed/levels.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "barometer/printed/exact_internal.h"

namespace barometer {
namespace {

using exact::Ticks;
using exact::TickScale;
using exact::Wide;

bool has_base(const PrintedLevel& level) {
  return level.n && *level.n > 0 && *level.n <= exact::kMaxBase;
}

std::string level_text(const PrintedLevel& level) {
  return level.value.text() + (level.n ? fmt::format(" of {}", *level.n) : "");
}

// Do counts of the two levels have a difference that prints as the change?
bool counts_agree(const PrintedLevel& now, const Ticks& change, const PrintedLevel& before,
                  const TickScale& scale, RoundingRule rule) {
  const WholeRange nows = possible_counts(now.value, *now.n, rule);
  const WholeRange befores = possible_counts(before.value, *before.n, rule);
  if (nows.empty() || befores.empty()) return false;
  // 100 one (k n' - k' n) / (n n') in ticks, compared with the ends of the change.
  const Wide bottom = Wide{*now.n} * *before.n;
  const Ticks ends{change.low * bottom, change.high * bottom, change.low_in, change.high_in};
  const Wide unit = 100 * scale.one();
  for (int64_t k = nows.low; k <= nows.high; ++k) {
    const Wide high = unit * (Wide{k} * *before.n - Wide{befores.low} * *now.n);
    const Wide step = unit * *now.n;
    const Wide low = high - step * (befores.high - befores.low);
    // The greatest difference at this k that is not over the upper end.
    const Wide over = std::max<Wide>(0, high - ends.high);
    Wide best = high - exact::ceil_divide(over, step) * step;
    if (best == ends.high && !ends.high_in) best -= step;
    if (best >= low && ends.contains(best)) return true;
  }
  return false;
}

// 100 (now - before) / before, as if "points" had been meant to be per cent.
bool relative_change(const Ticks& now, const Ticks& change, const Ticks& before,
                     const TickScale& scale) {
  if (before.low <= 0) return false;
  const Wide whole = 100 * scale.one();
  // (100 one + change) · before = 100 one · now, at the ends that are farthest apart.
  return (whole + change.low) * before.low <= whole * now.high &&
         (whole + change.high) * before.high >= whole * now.low;
}

std::string change_mend(const TickScale& scale, const Ticks& now, const Ticks& change,
                        const Ticks& before, RoundingRule rule) {
  std::vector<std::string> ways;
  if (relative_change(now, change, before, scale)) {
    ways.push_back("per cent of the level before, not points");
  }
  ways.push_back("a change of " + scale.printed(now - before, rule).text());
  ways.push_back("a level now of " + scale.printed(before + change, rule).text());
  ways.push_back("a level before of " + scale.printed(now - change, rule).text());
  return exact::list_text(ways, "or");
}

// Values that a relation holds for, as far as a percentage goes; ends may be missing.
struct Truth {
  std::optional<Ratio> low;
  std::optional<Ratio> high;
  bool low_in = true;
  bool high_in = true;

  bool holds(const Ratio& v) const {
    return (!low || (low_in ? *low <= v : *low < v)) &&
           (!high || (high_in ? v <= *high : v < *high));
  }
};

// a + sign · b. Words have bounds like 200/3 and tolerances of a few points.
Ratio shifted(const Ratio& a, const Ratio& b, int sign) {
  return {a.numerator * b.denominator + sign * b.numerator * a.denominator,
          a.denominator * b.denominator};
}

Truth truth_of(BoundRelation relation, const Ratio& bound, const Ratio& tolerance) {
  switch (relation) {
    case BoundRelation::kOver:
      return {bound, std::nullopt, false, true};
    case BoundRelation::kAtLeast:
      return {bound, std::nullopt, true, true};
    case BoundRelation::kUnder:
      return {std::nullopt, bound, true, false};
    case BoundRelation::kAtMost:
      return {std::nullopt, bound, true, true};
    case BoundRelation::kNearly:
      return {shifted(bound, tolerance, -1), bound, true, false};
    case BoundRelation::kAround:
      return {shifted(bound, tolerance, -1), shifted(bound, tolerance, 1), true, true};
  }
  return {};
}

bool inside(const RoundingInterval& figure, const Truth& truth) {
  const bool low = !truth.low || *truth.low < figure.lower ||
                   (*truth.low == figure.lower && (truth.low_in || !figure.lower_in));
  const bool high = !truth.high || figure.upper < *truth.high ||
                    (*truth.high == figure.upper && (truth.high_in || !figure.upper_in));
  return low && high;
}

bool outside(const RoundingInterval& figure, const Truth& truth) {
  const bool below =
      truth.low && (figure.upper < *truth.low ||
                    (figure.upper == *truth.low && !(truth.low_in && figure.upper_in)));
  const bool above =
      truth.high && (*truth.high < figure.lower ||
                     (figure.lower == *truth.high && !(truth.high_in && figure.lower_in)));
  return below || above;
}

std::string bound_text(const Ratio& bound) {
  if (bound.numerator % bound.denominator == 0) {
    return fmt::format("{}", bound.numerator / bound.denominator);
  }
  return round(bound, 2).text();
}

Possibility judged(bool all, bool none) {
  if (none) return Possibility::kImpossible;
  return all ? Possibility::kPossible : Possibility::kNoPower;
}

}  // namespace

Verdict change_verdict(const PrintedLevel& now, const Decimal& change, const PrintedLevel& before,
                       RoundingRule rule) {
  const std::array<Decimal, 3> figures{now.value, change, before.value};
  if (!exact::testable(figures)) return exact::untested();
  const TickScale scale = TickScale::of(figures);
  const Ticks level = scale.ticks(now.value, rule);
  const Ticks earlier = scale.ticks(before.value, rule);
  const Ticks stated = scale.ticks(change, rule);
  const Wide printed = scale.exact(now.value) - scale.exact(before.value);
  bool agrees = exact::touch(level - earlier, stated);
  if (agrees && has_base(now) && has_base(before)) {
    agrees = counts_agree(now, stated, before, scale, rule) || printed == scale.exact(change);
  }
  const Decimal difference{static_cast<int64_t>(printed / 2), scale.places()};
  const std::string line = fmt::format("{} - {} = {} ({} before rounding), stated {}",
                                       level_text(now), level_text(before), difference.text(),
                                       scale.text(level - earlier), change.text());
  if (agrees) return {Possibility::kPossible, line, ""};
  return {Possibility::kImpossible, line, change_mend(scale, level, stated, earlier, rule)};
}

PrintedRange implied_before(const Decimal& now, const Decimal& change, RoundingRule rule) {
  const std::array<Decimal, 2> figures{now, change};
  CHECK(exact::testable(figures), "a figure has at most six decimals");
  const TickScale scale = TickScale::of(figures);
  const TickScale::Printed before =
      scale.printed(scale.ticks(now, rule) - scale.ticks(change, rule), rule);
  return {before.low, before.high};
}

Verdict bracket_verdict(const Decimal& total, std::span<const PrintedLevel> groups,
                        RoundingRule rule) {
  std::vector<Decimal> figures{total};
  for (const PrintedLevel& group : groups) figures.push_back(group.value);
  if (!exact::testable(figures)) return exact::untested();
  if (groups.empty()) return {Possibility::kNoBase, "no subgroup is known", ""};
  const TickScale scale = TickScale::of(figures);
  Ticks between = scale.ticks(groups.front().value, rule);
  WholeRange counts{0, 0};
  int64_t n = 0;
  std::string words;
  for (const PrintedLevel& group : groups) {
    between = exact::hull(between, scale.ticks(group.value, rule));
    words += (words.empty() ? "" : ", ") + level_text(group);
    const bool known = has_base(group) && n >= 0 && n + *group.n <= exact::kMaxBase;
    const WholeRange own = known ? possible_counts(group.value, *group.n, rule) : WholeRange{};
    n = own.empty() ? -1 : n + *group.n;
    counts = {counts.low + own.low, counts.high + own.high};
  }
  bool fits = exact::touch(between, scale.ticks(total, rule));
  TickScale::Printed allowed = scale.printed(between, rule);
  std::string line = fmt::format("total {}, subgroups {}", total.text(), words);
  if (n > 0) {
    const WholeRange own = possible_counts(total, n, rule);
    fits = !own.empty() && own.low <= counts.high && counts.low <= own.high;
    allowed = {rule.print({100 * counts.low, n}, total.places),
               rule.print({100 * counts.high, n}, total.places)};
    line += fmt::format(": {} of {} = {}", exact::counts_text(counts.low, counts.high), n,
                        allowed.text());
  }
  if (fits) return {Possibility::kPossible, line, ""};
  return {Possibility::kImpossible, line, "a total of " + allowed.text()};
}

std::optional<PrintedRange> implied_share(const Decimal& total, const Decimal& first,
                                          const Decimal& second, RoundingRule rule) {
  const std::array<Decimal, 3> figures{total, first, second};
  if (!exact::testable(figures)) return std::nullopt;
  const TickScale scale = TickScale::of(figures);
  const Ticks whole = scale.ticks(total, rule);
  const Ticks one = scale.ticks(first, rule);
  const Ticks other = scale.ticks(second, rule);
  const bool first_higher = one.low > other.high;
  if (!first_higher && other.low <= one.high) return std::nullopt;
  const Ticks& high = first_higher ? one : other;
  const Ticks& low = first_higher ? other : one;
  if (!exact::touch(whole, exact::hull(low, high))) return std::nullopt;
  // Of the higher: w = (total - low) / (high - low), which falls in both low and high.
  const auto share = [&](Wide top, Wide bottom) {
    const Wide kept = std::clamp<Wide>(top, 0, bottom);
    return Decimal{static_cast<int64_t>((200 * kept + bottom) / (2 * bottom)), 0};
  };
  const Decimal least = share(whole.low - low.high, high.high - low.high);
  const Decimal most = share(whole.high - low.low, high.low - low.low);
  if (first_higher) return PrintedRange{least, most};
  return PrintedRange{{100 - most.digits, 0}, {100 - least.digits, 0}};
}

std::string_view name_of(BoundRelation relation) {
  switch (relation) {
    case BoundRelation::kOver:
      return "over";
    case BoundRelation::kAtLeast:
      return "at least";
    case BoundRelation::kUnder:
      return "under";
    case BoundRelation::kAtMost:
      return "at most";
    case BoundRelation::kNearly:
      return "nearly";
    case BoundRelation::kAround:
      return "around";
  }
  return "over";
}

Verdict bound_verdict(BoundRelation relation, const Ratio& bound, const Ratio& tolerance,
                      const PrintedLevel& figure, RoundingRule rule) {
  if (!exact::testable(figure.value)) return exact::untested();
  constexpr int64_t kLarge = 1'000'000'000;
  for (const Ratio& ratio : {bound, tolerance}) {
    if (ratio.denominator > kLarge || std::abs(ratio.numerator) > kLarge) return exact::untested();
  }
  const Truth truth = truth_of(relation, bound, tolerance);
  const RoundingInterval interval = rule.interval(figure.value);
  bool all = inside(interval, truth);
  bool none = outside(interval, truth);
  if (has_base(figure)) {
    const WholeRange counts = possible_counts(figure.value, *figure.n, rule);
    if (!counts.empty()) {  // shares rise with the count, and the relation holds for a run of them
      const bool low = truth.holds({100 * counts.low, *figure.n});
      const bool high = truth.holds({100 * counts.high, *figure.n});
      all = low && high;
      bool some = low || high;
      for (int64_t k = counts.low; k <= counts.high && !some; ++k) {
        some = truth.holds({100 * k, *figure.n});
      }
      none = !some;
    }
  }
  Verdict verdict{judged(all, none),
                  fmt::format("{} {}: the figure is {}", name_of(relation), bound_text(bound),
                              level_text(figure)),
                  ""};
  if (!verdict.fails()) return verdict;
  std::string needed =
      truth.low ? fmt::format("{}{}", truth.low_in ? "from " : "over ", bound_text(*truth.low))
                : "";
  if (truth.high) {
    needed += fmt::format("{}{}{}", needed.empty() ? "" : " ", truth.high_in ? "to " : "under ",
                          bound_text(*truth.high));
  }
  return {verdict.outcome, verdict.arithmetic, "a figure " + needed};
}

}  // namespace barometer
