// Books whose counts are rounded in place of being suppressed.
//
// Controlled rounding (protection/rounding.h): every count and base of a question goes to a
// multiple of the base beside it, such that whatever adds up still does: answers to bases and NETs,
// columns to totals. Shares are those of the rounded counts. What a reader then knows of a count is
// that it lies less than one step from what is printed, in every table at once; the attack asks
// whether that makes any count surely small.
#pragma once

#include <cstdint>
#include <string>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/book/book.h"
#include "barometer/disclosure/release.h"

namespace barometer {

// Why a rounded share has no interval, and a mean no value.
inline constexpr const char* kRoundedCounts = "not given where counts are rounded";

struct BookRounding {
  int64_t step = 0;
  size_t cells = 0, moved = 0;  // counts of answers
  int64_t distance = 0;         // Σ |rounded - true| of them
  double points = 0;            // Σ |share of rounded - true share|, in percentage points
  bool next = true;             // every count at a multiple next to it
  size_t left = 0;              // counts that are surely 1 … count_under - 1 all the same

  [[nodiscard]] std::string text() const;
};

// Rounds to multiples of `step`. Means, standard errors, tests and counts of missing go: they are
// made of true counts. kUnsupported: weighted books, percentages of rows, tables or responses (none
// of them is a share of a base that is rounded), numbers. kInvalid: a step under 2. kLimit:
// stopped, or no rounding that adds up was found.
Result<BookRounding> round_book(Book& book, int64_t step, const ReleaseRules& rules,
                                const Progress& progress);

}  // namespace barometer
