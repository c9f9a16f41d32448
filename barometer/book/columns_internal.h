// The columns of a banner group, and who of an engine's cells is in each.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "barometer/book/answers_internal.h"
#include "barometer/book/book.h"

namespace barometer {

// Columns that each cell is in: column[begin[c], begin[c + 1]).
struct Places {
  size_t columns = 0;
  std::vector<uint32_t> begin, column;

  [[nodiscard]] std::span<const uint32_t> of(size_t cell) const {
    return std::span(column).subspan(begin[cell], begin[cell + 1] - begin[cell]);
  }
};

// Columns in this order: the categories (combinations of nested variables, the innermost fastest),
// as many rests when these are wanted, the total.
struct GroupColumns {
  std::vector<BookColumn> columns;
  Places places;
  size_t categories = 0;
  bool rests = false;
  bool exclusive = true;  // no cell is in two categories

  [[nodiscard]] size_t total() const { return columns.size() - 1; }
  [[nodiscard]] size_t rest_of(size_t category) const { return categories + category; }
};

// `variables` and `given`: those of the group, outermost first; none: the total alone. A rest is
// all with an answer to each variable who are not in the column. kLimit: over 2,000 columns.
// `merged` is BannerGroup's. kInvalid: it leaves a combination out, or has one twice or unknown.
Result<GroupColumns> group_columns(std::span<const Variable* const> variables,
                                   std::span<const GivenAnswers> given, size_t cells, bool rests,
                                   const std::vector<std::vector<std::vector<int>>>& merged = {});

}  // namespace barometer
