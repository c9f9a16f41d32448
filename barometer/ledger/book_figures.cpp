// Figures of a wave's tables by group.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/ledger/ledger.h"
#include "barometer/ledger/ledger_internal.h"

namespace barometer {
namespace {

struct Place {
  const BookTable& numbers;
  const PrintedTable& printed;
  size_t row, column;  // of the printed table
};

void copy_numbers(const BookPlan& plan, const BookRow& row, const BookCell& cell, Figure& figure) {
  figure.interval_method = "none: " + (cell.reason.empty() ? cell.no_interval : cell.reason);
  if (cell.suppressed || !cell.value) return;
  const double scale = is_share(row.kind) ? 100 : 1;
  figure.value = *cell.value * scale;
  if (cell.se) figure.se = *cell.se * scale;
  if (cell.lower && cell.upper) {
    figure.lower = *cell.lower * scale;
    figure.upper = *cell.upper * scale;
    figure.level = plan.print.level;
    figure.interval_method = is_share(row.kind) ? "logit" : "t";
  }
  figure.n = static_cast<size_t>(std::llround(cell.n));
  figure.weighted_base = cell.weighted_base;
  figure.effective_base = cell.effective_base;
  // A weighted share is no count over a base.
  const bool counted = is_share(row.kind) && cell.weighted_base == cell.n;
  if (counted) figure.count = static_cast<size_t>(std::llround(cell.count));
}

Figure group_figure(const WaveContext& context, const WaveBook& tables, const Place& at) {
  const PrintedColumn& column = at.printed.columns[at.column];
  const PrintedRow& printed = at.printed.rows[at.row];
  const BookRow& row = at.numbers.rows.at(*printed.row);
  const PrintedCell& shown = printed.cells.at(at.column);
  const bool share = is_share(row.kind);
  Figure figure = wave_figure(context, "", share ? FigureKind::kPercent : FigureKind::kMean);
  figure.id = group_figure_id(context.wave.id, row, column);
  figure.unit = std::string(name_of(Unit::kRespondent));
  figure.answer = row.answer;
  figure.label = row.label;
  figure.group = group_word(column);
  figure.group_label = join(column.headings, ": ");
  figure.printed = shown.text;
  figure.marker = shown.marker;
  const ItemTable* item = context.tables.find(row.variable);
  CHECK(item != nullptr, "tables by group are of the wave's items");
  copy_item(*item, figure);
  figure.base = fmt::format("{}; {}", figure.base, figure.group_label);
  figure.method = tables.book.method;
  copy_numbers(tables.book.plan, row, at.numbers.at(*printed.row, *column.column), figure);
  return figure;
}

}  // namespace

std::string group_word(const PrintedColumn& column) {
  std::string word = column.id;
  std::ranges::replace(word, ':', '-');
  std::ranges::replace(word, '/', '.');
  return word;
}

std::string group_figure_id(const std::string& wave, const BookRow& row,
                            const PrintedColumn& column) {
  return fmt::format("{}.{}.{}.respondents.{}", wave, row.variable, row.answer, group_word(column));
}

namespace {

// Every cell of a group that is printed: use(table, printed row, printed column).
template <class Use>
void each_group_cell(const WaveBook& tables, Use use) {
  for (size_t t = 0; t < tables.printed.tables.size(); ++t) {
    const PrintedTable& printed = tables.printed.tables[t];
    const BookTable& numbers = tables.book.tables.at(t);
    for (size_t r = 0; r < printed.rows.size(); ++r) {
      const PrintedRow& row = printed.rows[r];
      if (!row.row || row.kind == PrintedRow::Kind::kMeasure) continue;
      for (size_t c = 0; c < printed.columns.size(); ++c) {
        const auto& column = printed.columns[c].column;
        if (column && numbers.columns[*column].kind != ColumnKind::kTotal) use(t, r, c);
      }
    }
  }
}

}  // namespace

void name_figures(WaveBook& book) {
  for (size_t t = 0; t < book.printed.tables.size(); ++t) {
    PrintedTable& printed = book.printed.tables[t];
    const BookTable& numbers = book.book.tables.at(t);
    for (PrintedRow& row : printed.rows) {
      if (!row.row || row.kind == PrintedRow::Kind::kMeasure) continue;
      const BookRow& answer = numbers.rows.at(*row.row);
      for (size_t c = 0; c < printed.columns.size(); ++c) {
        const PrintedColumn& column = printed.columns[c];
        if (!column.column) continue;
        const bool total = numbers.columns[*column.column].kind == ColumnKind::kTotal;
        row.cells.at(c).figure =
            total ? fmt::format("{}.{}.{}.respondents", book.wave, answer.variable, answer.answer)
                  : group_figure_id(book.wave, answer, column);
      }
    }
  }
}

std::optional<GroupCell> find_group_cell(const WaveBook& book, std::string_view figure) {
  std::optional<GroupCell> found;
  each_group_cell(book, [&](size_t t, size_t r, size_t c) {
    const PrintedTable& printed = book.printed.tables[t];
    const size_t row = *printed.rows[r].row;
    const BookRow& answer = book.book.tables[t].rows.at(row);
    if (group_figure_id(book.wave, answer, printed.columns[c]) != figure) return;
    found = GroupCell{t, row, *printed.columns[c].column};
  });
  return found;
}

void add_group_figures(const WaveContext& context, const WaveBook& tables,
                       std::vector<Figure>& figures) {
  each_group_cell(tables, [&](size_t t, size_t r, size_t c) {
    figures.push_back(
        group_figure(context, tables, {tables.book.tables[t], tables.printed.tables[t], r, c}));
  });
}

}  // namespace barometer
