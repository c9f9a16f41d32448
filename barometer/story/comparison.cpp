#include "barometer/story/comparison_internal.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

namespace barometer {
namespace {

double two_sided_p(double z) { return std::erfc(std::abs(z) / std::numbers::sqrt2); }

std::string level_words(double level) {
  return fmt::format("{} per cent", round(level * 100, 1).text());
}

// "68 of 94 (…) and 30 of 94 (…)"
std::string both(const StorySources& sources, const Figure& a, const Figure& b) {
  const Rounding rounding = sources.study.print.rounding;
  return fmt::format("{} against {}", value_words(a, rounding), value_words(b, rounding));
}

bool is_simple(const Wave& wave) {
  return wave.design.kind == "simple" && wave.design.stratum.empty() && wave.design.weight.empty();
}

bool is_disjoint(const std::vector<int>& a, const std::vector<int>& b) {
  return std::ranges::none_of(a, [&](int code) { return std::ranges::count(b, code) > 0; });
}

// Two answers of one question, of the same people, of whom each gave one.
std::optional<double> multinomial_se(const CellFigure& a, const CellFigure& b) {
  const bool same = a.item == b.item && a.wave == b.wave && a.figure->group == b.figure->group &&
                    !a.codes.empty() && !b.codes.empty() && is_disjoint(a.codes, b.codes);
  if (!same || a.item->kind() == VariableKind::kMulti || !is_simple(*a.wave)) return std::nullopt;
  const double pa = *a.figure->value / 100;
  const double pb = *b.figure->value / 100;
  const bool from_a = pa > 0 && pa < 1;
  const double p = from_a ? pa : pb;
  const double se = (from_a ? *a.figure->se : *b.figure->se) / 100;
  if (p <= 0 || p >= 1) return std::nullopt;
  const double factor = se * se / (p * (1 - p));
  return 100 * std::sqrt(factor * (pa + pb - (pa - pb) * (pa - pb)));
}

// "role-1" and "role-2": of one variable, not nested.
std::optional<double> independent_se(const CellFigure& a, const CellFigure& b) {
  const std::string& first = a.figure->group;
  const std::string& second = b.figure->group;
  if (first.empty() || second.empty() || first == second || !is_simple(*a.wave))
    return std::nullopt;
  const bool nested = first.find('.') != std::string::npos || second.find('.') != std::string::npos;
  const size_t sign = first.rfind('-');
  if (nested || sign == std::string::npos ||
      first.substr(0, sign) != second.substr(0, second.rfind('-')))
    return std::nullopt;
  return std::hypot(*a.figure->se, *b.figure->se);
}

void test_with(double se, const char* kind, double level, StoryComparison& out) {
  out.tested = true;
  if (se <= 0) {
    out.tested = false;
    out.words = "neither of them has a standard error above 0";
    return;
  }
  out.z = out.difference / se;
  out.p = two_sided_p(*out.z);
  out.significant = *out.p < 1 - level;
  out.words = fmt::format(
      "{}: a difference of {:+.1f} points, SE {:.1f}, z = {:.2f}, p {} {:.3f}, "
      "at the level of {}",
      kind, out.difference, se, *out.z, out.exact ? "=" : "<=", std::max(*out.p, 0.001),
      level_words(level));
}

void test_intervals(const Figure& a, const Figure& b, StoryComparison& out) {
  out.tested = true;
  out.significant = *a.lower > *b.upper || *b.lower > *a.upper;
  out.words = fmt::format("the {} intervals, {:.1f} to {:.1f} and {:.1f} to {:.1f}, {}",
                          level_words(*a.level), *a.lower, *a.upper, *b.lower, *b.upper,
                          out.significant ? "do not meet" : "meet");
}

Found<bool> comparable(const CellFigure& a, const CellFigure& b) {
  const Figure& first = *a.figure;
  const Figure& second = *b.figure;
  if (a.wave != b.wave) {
    return problem(b.at, "story-comparison",
                   fmt::format("{} and {} are of two waves", first.id, second.id),
                   "{{ change ITEM ANSWER since WAVE }} compares waves");
  }
  if (first.unit != second.unit) {
    return problem(b.at, "story-comparison",
                   fmt::format("one is of {}, the other of {}: two different estimates", first.unit,
                               second.unit));
  }
  if (first.kind != second.kind) {
    return problem(b.at, "story-comparison",
                   fmt::format("{} is a {}, {} a {}", first.id, name_of(first.kind), second.id,
                               name_of(second.kind)));
  }
  const bool means = first.kind == FigureKind::kMean;
  if (means &&
      (a.item->scale_low != b.item->scale_low || a.item->scale_high != b.item->scale_high)) {
    return problem(b.at, "story-comparison",
                   fmt::format("the scales of {} and {} differ", a.item->id, b.item->id));
  }
  return true;
}

}  // namespace

Found<StoryComparison> compare(const StorySources& sources, const CellFigure& a,
                               const CellFigure& b) {
  TRY_DONE(comparable(a, b));
  const Figure& first = *a.figure;
  const Figure& second = *b.figure;
  const double level = sources.study.print.level;
  StoryComparison out;
  if (first.value && second.value) out.difference = *first.value - *second.value;
  const bool has_se = first.se && second.se && first.value && second.value;
  if (has_se) {
    auto se = multinomial_se(a, b);
    const char* kind = "two answers to one question";
    if (!se) {
      se = independent_se(a, b);
      kind = "two groups of a simple sample";
    }
    out.exact = se.has_value();
    test_with(se.value_or(*first.se + *second.se),
              out.exact ? kind : "whatever the correlation of the two", level, out);
  } else if (first.lower && first.upper && second.lower && second.upper) {
    test_intervals(first, second, out);
  } else {
    out.words = "the ledger has neither standard errors nor intervals of both";
  }
  out.words = both(sources, first, second) + "; " + out.words;
  return out;
}

StoryComparison compare_waves(const StorySources& sources, const ChangeFigures& figures) {
  const Figure& change = *figures.change;
  StoryComparison out;
  out.difference = change.value.value_or(0);
  if (change.se && *change.se > 0) {
    out.exact = true;
    test_with(*change.se, "independent samples", change.level.value_or(sources.study.print.level),
              out);
  } else {
    out.words = "it cannot be tested, " + (change.interval_method.starts_with("none: ")
                                               ? change.interval_method.substr(6)
                                               : change.interval_method);
  }
  out.words = both(sources, *figures.now.figure, *figures.then.figure) + "; " + out.words;
  return out;
}

}  // namespace barometer
