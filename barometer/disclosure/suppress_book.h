// Suppression of a whole book of tables as one system.
//
// The tables of a book share people: a total is the sum of its banner's columns and of those in
// none of them, a rest is the total of its group less its column, nested columns sum to outer ones,
// and every table of a variable has the same total whatever its banner. So one release
// (release.h) describes the book, and cells are hidden
//   first     that are small (print.suppress_count_under), leave few of their base, or stand on a
//             base under print.suppress_base_under
//   then      further ones at the least loss for each question over all its columns
//             (protection/suppression.h), totals shown where that is possible: each banner is then
//             a problem of its own, so that wide books take seconds
//   at last   whatever the attack on the whole book still opens, until it opens nothing
// Counts are unweighted. In a weighted book whoever knows the weights of a column could tell counts
// from a weighted total: there the total and the rests of a row go with any hidden cell of it. The
// standard error of a total or rest holds its parts too, and goes with them. Means,
// medians and the like go with any hidden cell of their column, tests and covariances with any
// hidden cell they use, and how many were not asked or do not know with any hidden cell of the
// table.
#pragma once

#include <vector>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/book/book.h"
#include "barometer/disclosure/release.h"
#include "barometer/protection/count_system.h"

namespace barometer {

// Why a total or a rest has no standard error then.
inline constexpr const char* kSpreadWithheld =
    "withheld: it would tell of cells that are suppressed";

struct BookSuppression {
  size_t primary = 0;    // cells hidden for themselves
  size_t secondary = 0;  // for the sake of others
  size_t others = 0;     // means, tests, covariances
  size_t left = 0;       // leaks that hiding does not help
  // Questions for which the search for the least loss ended before it was proven: what is hidden is
  // safe, and may be more than needed.
  size_t not_proven = 0;
};

struct BookSuppressionOptions {
  int64_t steps = 4 * kStepsPerSecond;  // of search for the least loss, in all
};

ReleaseRules release_rules(const PrintRules& print);

// What a reader has of the book: its unweighted counts and bases. Figure ids are
// "TABLE/ROW/COLUMN", places from 0. Columns of a grid are its options.
Release release_of_book(const Book& book, const ReleaseRules& rules);

// Hidden cells are `suppressed` and hold no numbers; a column of which every cell is hidden has no
// bases. kInvalid: a book whose counts contradict each other.
Result<BookSuppression> suppress_book(Book& book, const ReleaseRules& rules,
                                      const Progress& progress,
                                      const BookSuppressionOptions& options = {});

}  // namespace barometer
