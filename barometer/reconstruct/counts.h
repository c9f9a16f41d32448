// Whole-number counts of one question that meet every figure printed of it: the solver core.
//
// Unknown are the count of each option and the base n of the item, at most the wave's respondents.
// A printed share of k at n says lower · n <= 100 · k <= upper · n with the ends of its rounding
// interval; a printed mean says the same of the sum of scores. All of it is linear in whole
// numbers, and solved as such: Z3 (MIT licence) works in exact integers and decides
// satisfiability, so that "none exist" is a proof. CBC solves in floating point, where a bound at
// an exact half may fall either way; Gecode cannot name conflicting constraints; GLPK's licence
// does not fit. Every solution is checked once more by printing it with barometer/base/decimal.h.
//
// Knows nothing of studies: reconstruct.h turns a wave into such problems. Given the respondents,
// the questions of a wave are independent of each other, so each is a problem of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/printed/printed.h"

namespace barometer {

// What a figure is about: the answers with one of these options or, when scored, their score sum.
struct CountSum {
  std::vector<size_t> options;  // indices below ItemProblem::option_count, ascending
  bool scored = false;
};

// The same figure in an earlier wave; `exact` is on the printed scale (0 to 100, or the mean).
struct EarlierFigure {
  Decimal printed;
  Ratio exact;
};

struct PublishedRow {
  enum class Kind { kShare, kMean, kCount };

  Kind kind = Kind::kShare;
  CountSum sum;
  Decimal value;
  std::optional<int64_t> base;           // the item's base is this; empty: to be found
  std::optional<EarlierFigure> earlier;  // then `value` is the change since
};

struct ItemProblem {
  int64_t respondents = 0;
  size_t option_count = 0;
  std::vector<int64_t> scores;  // one an option, for scored sums
  // One option an answer: the counts sum to the base. Else each count is at most the base, and
  // every sum has one option.
  bool single_coded = true;
  std::vector<PublishedRow> rows;
  std::vector<CountSum> asked;  // to be identified
  int percent_places = 0;       // how the asked shares print,
  int mean_places = 1;          // and means
  Rounding rounding = Rounding::kHalfUp;
};

// How far the rows identify one asked sum.
struct AskedSum {
  WholeRange range;    // least and most over all solutions at the base taken
  Decimal printed;     // as the solution taken prints: a percentage, or a mean when scored
  bool fixed = false;  // every solution, at every base that fits, prints so
};

struct ItemSolution {
  int64_t base = 0;            // the largest at which every row can hold: fewest missing answers
  std::vector<int64_t> bases;  // every base at which they can, ascending
  bool bases_complete = true;  // false: only those within kBasesSearched of the largest
  // One solution at `base`: figures as near to what was printed as they can be, what they leave
  // open spread evenly. One count an option.
  std::vector<int64_t> counts;
  std::vector<AskedSum> asked;
};
inline constexpr int64_t kBasesSearched = 2000;

// Rows that cannot all hold, and no fewer rows have that property. Ascending.
struct ItemConflict {
  std::vector<size_t> rows;
};

using ItemOutcome = std::variant<ItemSolution, ItemConflict>;

// kLimit: the solver gave up, or `progress` was stopped. The same problem has the same outcome.
Result<ItemOutcome> solve_item(const ItemProblem& problem, const Progress& progress);

// Least and most of each asked sum over all solutions: solve_item without a choice of counts, for
// rows that all hold at a base of `respondents`. kLimit as above.
Result<std::vector<WholeRange>> asked_ranges(const ItemProblem& problem, const Progress& progress);

// How a row holds for given counts, by printing them. A change may hold of the two figures as
// printed, of the figures before rounding, or of both.
struct RowCheck {
  bool printed = false;
  bool unrounded = false;  // the same as `printed` when the row is no change

  [[nodiscard]] bool holds() const { return printed || unrounded; }
};
RowCheck check_row(const PublishedRow& row, const ItemProblem& problem, int64_t base,
                   const std::vector<int64_t>& counts);

// Σ counts, or Σ score · count.
int64_t sum_of(const CountSum& sum, const ItemProblem& problem, const std::vector<int64_t>& counts);
// The sum on the printed scale at a base above 0: percentage, mean, or the count itself.
Ratio figure_of(PublishedRow::Kind kind, int64_t sum, int64_t base);

}  // namespace barometer
