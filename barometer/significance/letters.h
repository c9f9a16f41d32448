// From the tests between the columns of one row to its letters.
//
// A family of tests is one row of one banner group: p-values are adjusted over the pairs of that
// row that were tested, as SPSS does (pairs within a row and a subtable). Columns under the least
// base are not tested, and do not count in the family; neither do pairs that have no test.
//
//   columns of one group with each other   pairs_of({1, 2, 3})          letters_of
//   each column with rest or total         pairs_with({1, 2, 3}, {0})   direction_of
//   waves, each with the one before        steps_of({1, 2, 3})          direction_of
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/hypothesis/multiple_comparison.h"
#include "barometer/significance/compare.h"

namespace barometer {

// "A" … "Z", "AA", "AB" …: of the column with this number in its group, from 0.
std::string column_letter(size_t index);

struct ColumnPair {
  size_t a = 0, b = 0;  // places in the row's columns

  bool operator==(const ColumnPair&) const = default;
};
// Each with each, once; each with its own partner (or all with the one there is); each with the one
// before, which is `b`.
std::vector<ColumnPair> pairs_of(std::span<const size_t> columns);
std::vector<ColumnPair> pairs_with(std::span<const size_t> columns, std::span<const size_t> others);
std::vector<ColumnPair> steps_of(std::span<const size_t> columns);

struct TestRules {
  Convention convention = Convention::kDesign;
  PAdjustment adjustment = PAdjustment::kNone;
  double least_base = 30;  // unweighted
  // kSpss: the variance of means over all columns of the family (ALLCATS) or the two (TESTEDCATS).
  // Over the two in any case where columns overlap, or are compared with rests or the total.
  bool pool_all_columns = true;
};

struct PairComparison {
  ColumnPair pair{};
  Comparison comparison{};
  double p_adjusted = 1;
};

// What two columns share; called for pairs that are tested.
using OverlapOf = std::function<Overlap(const ColumnPair& pair)>;

// One family. In the order of `pairs`; what is not tested has its reason, and 1 for p_adjusted.
std::vector<PairComparison> compare_row(std::span<const ColumnFigure> columns,
                                        std::span<const ColumnPair> pairs, const OverlapOf& overlap,
                                        const TestRules& rules);

// 2 higher at the first level, 1 at the second, -1 and -2 lower, 0 neither: of `a` against `b`.
// Levels are one or two, the stricter first; p equal to the level is significant, as in SPSS.
int direction_of(const PairComparison& test, std::span<const double> levels);

// The columns that a column is higher than.
struct Letters {
  std::vector<size_t> above{};         // at the first level
  std::vector<size_t> above_second{};  // at the second level only

  // "BC d", or "B AA d" where a letter is longer than one: `letters` has that of each column.
  [[nodiscard]] std::string text(std::span<const std::string> letters) const;
};
std::vector<Letters> letters_of(size_t columns, std::span<const PairComparison> tests,
                                std::span<const double> levels);

}  // namespace barometer
