// A part of a table: one answer of the engine made into cells with their errors and tests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "barometer/book/columns_internal.h"
#include "barometer/book/forms_internal.h"
#include "barometer/book/spread_internal.h"

namespace barometer {

// What is asked of an answer. `rows` are those of the table, once they are known.
struct PartQuestion {
  const BookPlan& plan;
  const BookOptions& options;
  const RowsPlan& rows_plan;
  std::string variable;                // of the rows
  const BannerGroup* group = nullptr;  // none: the total alone
  const std::vector<BookRow>* rows = nullptr;
  const Sample* sample = nullptr;  // of the cases, in place of the engine's design
};

struct Part {
  Variable variable;  // with the categories of the data
  std::vector<BookRow> rows;
  GroupColumns group;
  std::vector<BookCell> cells;  // row * columns + column of the group
  std::vector<PairTest> tests;  // columns as in the group
  std::vector<Matrix> covariances;
  std::optional<GroupTest> group_test;
  MissingCases missing;
};

Result<Part> make_part(const Design& design, const Cells& cells, const PartQuestion& question);

// Medians of each column, with Woodruff's intervals, into the cells of a row.
Status add_medians(const PartSample& part, const CellSums& sums, const RowVariable& variable,
                   const RowsPlan& plan, const Places& places, const BookOptions& options,
                   double level, std::span<BookCell> cells);

// Rao and Scott's test of the rows by the group's columns; `reason` where there is none.
GroupTest rao_scott(const PartSample& part, const Cells& cells, const Variable& rows,
                    const std::vector<std::string>& group);

}  // namespace barometer
