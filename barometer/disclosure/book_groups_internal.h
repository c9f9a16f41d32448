// The columns of a book as groups of people, and how they lie in one another.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "barometer/book/book.h"
#include "barometer/disclosure/release.h"

namespace barometer {

class BookGroups {
 public:
  BookGroups(const Book& book, Release& release) : book_(book), release_(release) {}

  // The group of a column; of a grid everyone, whatever the column. `n` is its true base there.
  size_t of(const BookTable& table, const BookColumn& column, double n);

  // Partitions, when all columns are known: a filter's people are some of the book's, the columns
  // of a banner the total, nested columns an outer one (of merged columns, those on one side that
  // are together what some on the other are), and a rest all others of its banner. Where
  // bases sum to less there is a group of those in none of them; where they sum to more (several
  // answers allowed) columns overlap, and each is only a part.
  void relate();

  // Of banners made of questions of the release: what everyone in a column answered. When the
  // questions are known, and before relate().
  void say_answers();

 private:
  struct Column {
    size_t group = kNowhere;
    std::vector<std::vector<int>> combinations{};  // of codes, that are in it
  };
  struct Banner {                                // of one filter
    std::map<std::vector<int>, Column> columns;  // by codes
    std::map<std::vector<int>, size_t> rests;
  };

  size_t made(const std::string& id, bool named);
  void leave_out(const std::vector<size_t>& parts, size_t rest);
  void divide(size_t whole, const std::vector<size_t>& parts);
  void relate_banner(const std::string& filter, size_t banner, const Banner& said);
  void relate_nested(const Banner& nested, size_t at, const Banner& outer);
  size_t all_of(const std::vector<size_t>& groups);
  [[nodiscard]] std::string name_of_column(const BookColumn& column) const;

  const Book& book_;
  Release& release_;
  std::map<std::string, size_t> totals_;               // by filter
  std::map<std::string, std::map<size_t, double>> n_;  // by table, of each group
  std::map<std::pair<std::string, size_t>, Banner> banners_;
  std::set<size_t> alone_;  // groups that are the columns of one variable
};

}  // namespace barometer
