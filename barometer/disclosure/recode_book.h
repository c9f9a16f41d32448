// Coarser columns in place of suppressed cells.
#pragma once

#include <string>
#include <vector>

#include "barometer/book/book.h"
#include "barometer/disclosure/release.h"

namespace barometer {

struct BookRecoding {
  struct Group {
    std::string words;                               // "region"
    size_t columns = 0;                              // before
    std::vector<std::vector<std::string>> merged{};  // labels of those put together, two at least
    double entropy_lost = 0;                         // nats (protection/recoding.h)
    std::string reason{};                            // why it stays as it was
  };
  std::vector<Group> groups;

  [[nodiscard]] std::string text() const;
};

// Merges neighbouring columns of each banner group of one variable, the fewest that leave no count,
// nor the rest of its base, from 1 to count_under - 1 in any table, and no base under base_under.
// Groups of nested variables, overlapping ones, and those that are too small as a whole stay as
// they are. Nothing is hidden: what other tables or filters would give away is for suppress_book,
// afterwards.
BookRecoding recode_book(Book& book, const ReleaseRules& rules);

}  // namespace barometer
