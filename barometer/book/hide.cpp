#include "barometer/book/hide.h"

#include <algorithm>

namespace barometer {
namespace {

void forget_covariances(BookTable& table, size_t row, size_t column) {
  for (ColumnCovariances& covariances : table.covariances) {
    const auto at = std::ranges::find(covariances.columns, column);
    if (at == covariances.columns.end() || row >= covariances.of_rows.size()) continue;
    Matrix& matrix = covariances.of_rows[row];
    const auto place = at - covariances.columns.begin();
    if (place >= matrix.rows()) continue;
    matrix.row(place).setZero();
    matrix.col(place).setZero();
  }
}

}  // namespace

void hide_cell(BookTable& table, size_t row, size_t column) {
  BookCell& hidden = table.at(row, column);
  hidden = BookCell();
  hidden.suppressed = true;
  hidden.reason = kTooFewPeople;
  for (size_t c = 0; c < table.columns.size(); ++c) {
    BookCell& cell = table.at(row, c);
    std::erase(cell.above, column);
    std::erase(cell.above_second, column);
    // The rest or the total of a column, and the column after one in a sequence.
    const bool same_group = table.columns[c].group == table.columns[column].group;
    if (same_group && (c == column + 1 || table.columns[column].kind != ColumnKind::kCategory)) {
      cell.arrow = Arrow::kNone;
      cell.against = 0;
    }
  }
  std::erase_if(table.tests, [&](const PairTest& test) {
    return test.row == row && (test.a == column || test.b == column);
  });
  forget_covariances(table, row, column);
}

void withhold_bases(BookTable& table) {
  for (size_t c = 0; c < table.columns.size(); ++c) {
    bool any = false;
    bool all = true;
    for (size_t r = 0; r < table.rows.size(); ++r) {
      if (table.rows[r].hidden) continue;
      any = true;
      all = all && table.at(r, c).suppressed;
    }
    BookColumn& column = table.columns[c];
    if (!any || !all) continue;
    column.withheld = true;
    column.n = column.weighted_base = column.effective_base = 0;
  }
}

}  // namespace barometer
