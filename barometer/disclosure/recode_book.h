// Coarser columns in place of suppressed cells.
#pragma once

#include <string>
#include <vector>

#include "barometer/book/book.h"
#include "barometer/disclosure/release.h"

namespace barometer {

struct BookRecoding {
  struct Group {
    std::string words;                               // "region > size"
    size_t columns = 0;                              // before
    std::vector<std::vector<std::string>> merged{};  // labels of those put together, two at least
    double entropy_lost = 0;                         // nats (protection/recoding.h)
    std::vector<std::string> kept{};    // why all of it, or what is within a column, is as it was
    [[nodiscard]] size_t left() const;  // columns
    [[nodiscard]] bool is_total() const { return !merged.empty() && left() == 1; }
  };
  std::vector<Group> groups;

  [[nodiscard]] bool merges() const;
  [[nodiscard]] std::string text() const;
};

// Merges neighbouring columns of each banner group in the plan (BannerGroup::merged), of nested
// variables those within the same outer columns: the fewest that leave no count, nor the rest of
// its base, from 1 to count_under - 1 in any table, and no base under base_under. `book` is what
// the plan makes so far. The book is then made again by the plan: shares, means, medians, standard
// errors, intervals and tests are those of the people of the merged columns.
//
// Waves, columns that overlap, and those that are too small as a whole stay as they are.
// Nothing is hidden: what other tables or filters would give away is for suppress_book, afterwards.
BookRecoding recode_plan(const Book& book, const ReleaseRules& rules, BookPlan& plan);

// Groups of which one column is left say no more than the total: they leave the plan, which shows
// the total when there is no other.
void leave_out_totals(const BookRecoding& recoding, BookPlan& plan);

}  // namespace barometer
