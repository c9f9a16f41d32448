// A table put together of its parts: a group of the banner each, or an item of a grid.
#pragma once

#include <optional>
#include <vector>

#include "barometer/book/part_internal.h"

namespace barometer {

class TableAssembly {
 public:
  // `sample`: of the cases, in place of the design; or nullptr.
  TableAssembly(const Design& design, const Sample* sample, const BookPlan& plan,
                const RowsPlan& rows, const BookOptions& options)
      : design_(design), sample_(sample), plan_(plan), rows_(rows), options_(options) {}

  [[nodiscard]] BookTable& table() & { return table_; }
  // Part 0 first, then in order. `variable`: of the rows, as the cells have it.
  Status add(size_t part, const Variable& variable, const Cells& cells);
  [[nodiscard]] BookTable finished() &&;

 private:
  void begin(const Part& part);
  void add_group(size_t group, Part part);
  void add_item(const Variable& variable, Part part);
  void sort_items();
  void add_column(const Part& part, size_t local);
  void add_tests(const Part& part, const std::vector<size_t>& places);

  const Design& design_;
  const Sample* sample_;
  const BookPlan& plan_;
  const RowsPlan& rows_;
  const BookOptions& options_;
  BookTable table_;
  std::vector<BookRow> rows_of_table_;        // of a grid: its columns
  std::vector<std::vector<BookCell>> cells_;  // by row
  std::optional<size_t> total_;               // place of the total
};

}  // namespace barometer
