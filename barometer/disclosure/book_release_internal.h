// The release of a book, for who hides cells of it.
#pragma once

#include <string>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/book/book.h"
#include "barometer/disclosure/release.h"

namespace barometer {

// The bases of the columns before anything was hidden, table by table.
using BookBases = std::vector<std::vector<double>>;
BookBases bases_of(const Book& book);

Release release_of_book(const Book& book, const ReleaseRules& rules, const BookBases& bases);

// Sets BookTable::whole_to of numbers that are not weighted, whose sums are whole and whose means
// are from 0 to 10: the least of 1, 3, 5 and 10 that goes with all of them. What is known of such a
// mean is known of counts: of 0 and 1 its sum is a count.
Status find_whole_numbers(Book& book, const ReleaseRules& rules, const Progress& progress);

// Whether the cell is of a share: in a grid its column says so, the rows there are the items.
bool is_share(const BookTable& table, size_t row, size_t column);

// Shown answers, and means that say something of counts.
inline bool is_cell(const ReleasedFigure& figure) {
  return figure.count && (figure.role == FigureRole::kCount || figure.role == FigureRole::kMean);
}

// Those who do not know, where they are not in the base.
inline bool is_dont_know(const ReleasedFigure& figure) {
  return figure.count && figure.role == FigureRole::kMissing;
}

// A cell behind a figure of the release.
struct BookPlace {
  size_t table = 0, row = 0, column = 0;
};
std::string cell_id(const BookPlace& place);
BookPlace place_of_cell(const std::string& id);

}  // namespace barometer
