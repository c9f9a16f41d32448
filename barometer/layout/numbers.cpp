#include "barometer/layout/numbers_internal.h"

#include "barometer/layout/print_internal.h"

namespace barometer {

std::string_view name_of(RowKind kind) {
  switch (kind) {
    case RowKind::kCategory:
      return "category";
    case RowKind::kNet:
      return "net";
    case RowKind::kTopBoxes:
      return "top_boxes";
    case RowKind::kBottomBoxes:
      return "bottom_boxes";
    case RowKind::kMean:
      return "mean";
    case RowKind::kStandardDeviation:
      return "standard_deviation";
    case RowKind::kMedian:
      return "median";
    case RowKind::kNps:
      return "nps";
    case RowKind::kDontKnow:
      return "dont_know";
  }
  return "";
}

std::string_view name_of(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kTotal:
      return "total";
    case ColumnKind::kCategory:
      return "category";
    case ColumnKind::kRest:
      return "rest";
    case ColumnKind::kOption:
      return "option";
  }
  return "";
}

std::string_view name_of(Arrow arrow) {
  return arrow == Arrow::kUp ? "up" : arrow == Arrow::kDown ? "down" : "";
}

std::vector<std::optional<size_t>> printed_rows(const PrintedTable& table,
                                                const BookTable& numbers) {
  std::vector<std::optional<size_t>> places(numbers.rows.size());
  for (size_t r = 0; r < table.rows.size(); ++r) {
    const auto row = table.rows[r].row;
    if (row && !places.at(*row)) places[*row] = r;
  }
  return places;
}

std::vector<size_t> printed_columns(const PrintedTable& table, const BookTable& numbers) {
  std::vector<size_t> places(numbers.columns.size());
  for (size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c].column) places.at(*table.columns[c].column) = c;
  }
  return places;
}

BookCell told(const BookCell& cell, const PrintRules& rules) {
  if (!is_withheld(cell, rules)) return cell;
  BookCell empty;
  empty.suppressed = true;
  return empty;
}

}  // namespace barometer
