#include "barometer/significance/letters.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "barometer/base/text.h"

namespace barometer {
namespace {

bool is_tested(const ColumnFigure& a, const ColumnFigure& b, const TestRules& rules) {
  return a.n >= rules.least_base && b.n >= rules.least_base;
}

std::vector<size_t> distinct(std::vector<size_t> places) {
  std::ranges::sort(places);
  const auto repeated = std::ranges::unique(places);
  places.erase(repeated.begin(), repeated.end());
  return places;
}

// Over every column of the family, tested or not for its base, when no case is in two of them: not
// where columns overlap, nor for columns with their rests, which hold one another's cases.
std::optional<PooledVariance> pooled_over(std::span<const ColumnFigure> columns,
                                          std::span<const ColumnPair> pairs,
                                          std::span<const Overlap> overlaps,
                                          const TestRules& rules) {
  if (rules.convention != Convention::kSpss || !rules.pool_all_columns) return std::nullopt;
  if (std::ranges::any_of(overlaps, [](const Overlap& both) { return both.n > 0; })) {
    return std::nullopt;
  }
  std::vector<size_t> first;
  std::vector<size_t> second;
  for (const ColumnPair& pair : pairs) {
    first.push_back(pair.a);
    second.push_back(pair.b);
  }
  first = distinct(std::move(first));
  second = distinct(std::move(second));
  // Where each stands on one side only, they are columns and their partners.
  std::vector<size_t> both;
  std::ranges::set_intersection(first, second, std::back_inserter(both));
  if (pairs.size() > 1 && both.empty()) return std::nullopt;
  first.insert(first.end(), second.begin(), second.end());
  std::vector<ColumnFigure> family;
  for (const size_t place : distinct(std::move(first))) family.push_back(columns[place]);
  return pooled_variance(family);
}

}  // namespace

std::string column_letter(size_t index) {
  std::string letter;
  for (size_t rest = index + 1; rest > 0; rest = (rest - 1) / 26) {
    letter.insert(letter.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return letter;
}

std::vector<ColumnPair> pairs_of(std::span<const size_t> columns) {
  std::vector<ColumnPair> pairs;
  for (size_t i = 0; i < columns.size(); ++i) {
    for (size_t j = i + 1; j < columns.size(); ++j) pairs.push_back({columns[i], columns[j]});
  }
  return pairs;
}

std::vector<ColumnPair> pairs_with(std::span<const size_t> columns,
                                   std::span<const size_t> others) {
  CHECK(others.size() == 1 || others.size() == columns.size(), "one partner, or one each");
  std::vector<ColumnPair> pairs;
  for (size_t i = 0; i < columns.size(); ++i) {
    pairs.push_back({columns[i], others[others.size() == 1 ? 0 : i]});
  }
  return pairs;
}

std::vector<ColumnPair> steps_of(std::span<const size_t> columns) {
  std::vector<ColumnPair> pairs;
  for (size_t i = 1; i < columns.size(); ++i) pairs.push_back({columns[i], columns[i - 1]});
  return pairs;
}

std::vector<PairComparison> compare_row(std::span<const ColumnFigure> columns,
                                        std::span<const ColumnPair> pairs, const OverlapOf& overlap,
                                        const TestRules& rules) {
  std::vector<Overlap> overlaps(pairs.size());
  for (size_t i = 0; i < pairs.size(); ++i) {
    CHECK(pairs[i].a < columns.size() && pairs[i].b < columns.size(), "pairs are of the row");
    if (is_tested(columns[pairs[i].a], columns[pairs[i].b], rules)) overlaps[i] = overlap(pairs[i]);
  }
  const auto pooled = pooled_over(columns, pairs, overlaps, rules);
  std::vector<PairComparison> out;
  std::vector<double> p;
  std::vector<size_t> tested;
  for (size_t i = 0; i < pairs.size(); ++i) {
    const ColumnFigure& a = columns[pairs[i].a];
    const ColumnFigure& b = columns[pairs[i].b];
    PairComparison test{.pair = pairs[i]};
    if (is_tested(a, b, rules)) {
      test.comparison = compare(rules.convention, a, b, overlaps[i], pooled);
    } else {
      test.comparison.difference = a.value - b.value;
      test.comparison.reason = "a base under the least that is tested";
    }
    if (test.comparison.reason.empty()) {
      tested.push_back(out.size());
      p.push_back(test.comparison.p);
    }
    out.push_back(std::move(test));
  }
  const auto adjusted = adjust_p(p, rules.adjustment);
  CHECK(adjusted.has_value(), "a test gives a p between 0 and 1");
  for (size_t i = 0; i < tested.size(); ++i) out[tested[i]].p_adjusted = (*adjusted)[i];
  return out;
}

int direction_of(const PairComparison& test, std::span<const double> levels) {
  if (!test.comparison.reason.empty() || test.comparison.difference == 0) return 0;
  const int sign = test.comparison.difference > 0 ? 1 : -1;
  if (!levels.empty() && test.p_adjusted <= levels[0]) return 2 * sign;
  return levels.size() > 1 && test.p_adjusted <= levels[1] ? sign : 0;
}

std::string Letters::text(std::span<const std::string> letters) const {
  const bool long_ones =
      std::ranges::any_of(letters, [](const std::string& l) { return l.size() > 1; });
  const auto joined = [&](const std::vector<size_t>& places, bool small) {
    std::vector<std::string> parts;
    for (const size_t place : places) {
      parts.push_back(small ? lowered(letters[place]) : letters[place]);
    }
    return join(parts, long_ones ? " " : "");
  };
  const std::string first = joined(above, false);
  const std::string second = joined(above_second, true);
  return first + (first.empty() || second.empty() ? "" : " ") + second;
}

std::vector<Letters> letters_of(size_t columns, std::span<const PairComparison> tests,
                                std::span<const double> levels) {
  std::vector<Letters> out(columns);
  for (const PairComparison& test : tests) {
    const int direction = direction_of(test, levels);
    if (direction == 0) continue;
    const size_t higher = direction > 0 ? test.pair.a : test.pair.b;
    const size_t lower = direction > 0 ? test.pair.b : test.pair.a;
    auto& list = std::abs(direction) == 2 ? out[higher].above : out[higher].above_second;
    list.push_back(lower);
  }
  for (Letters& letters : out) {
    std::ranges::sort(letters.above);
    std::ranges::sort(letters.above_second);
  }
  return out;
}

}  // namespace barometer
