// Columns of a book put together: coarser groups in place of fine ones.
//
// Counts, bases and weighted sums of columns that share nobody add up, so that shares, means and
// NPS of the sum are exact, and Kish's base follows from Σw² = (Σw)² / base. Standard errors,
// intervals and tests need the data, medians and standard deviations every value: merged columns
// have none, and say so.
#pragma once

#include <string>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/book/book.h"

namespace barometer {

// Why a merged column lacks what it lacks.
inline constexpr const char* kMergedColumn = "not computed for merged columns";

struct MergedColumn {
  std::vector<std::vector<int>> from{};  // codes of the columns, each of one group
  std::vector<int> codes{};              // of the new column
  std::vector<std::string> labels{};
};

// The book with the columns of a banner group in place of which these stand, in every table. A
// column in none of them leaves; so do the rests of the group. Letters begin again at A.
// kInvalid: no such group, a code that no column has, a column in two of them, a group whose
// columns overlap (they sum to more than the total, as answers to a multi variable may).
Result<Book> with_merged_columns(const Book& book, size_t group,
                                 const std::vector<MergedColumn>& merged);

// Only the columns of one banner group, and of a nested one only its first `depth` variables; the
// total stays. Errors as above; kInvalid: a depth of none, or beyond the group's variables.
Result<Book> with_one_banner(const Book& book, size_t group, size_t depth);

}  // namespace barometer
