// The release of a book, for who hides cells of it.
#pragma once

#include <string>
#include <vector>

#include "barometer/book/book.h"
#include "barometer/disclosure/release.h"

namespace barometer {

// The bases of the columns before anything was hidden, table by table.
using BookBases = std::vector<std::vector<double>>;
BookBases bases_of(const Book& book);

Release release_of_book(const Book& book, const ReleaseRules& rules, const BookBases& bases);

// Whether the cell is of a share: in a grid its column says so, the rows there are the items.
bool is_share(const BookTable& table, size_t row, size_t column);

// A cell behind a figure of the release.
struct BookPlace {
  size_t table = 0, row = 0, column = 0;
};
std::string cell_id(const BookPlace& place);
BookPlace place_of_cell(const std::string& id);

}  // namespace barometer
