#include <algorithm>

#include "barometer/estimate/coding_internal.h"
#include "barometer/estimate/cross_layout_internal.h"

namespace barometer {
namespace {

using Role = CodedStatistic::Role;

// Rows and columns of every cell; `in_base` by the rule of the row variable.
struct Membership {
  std::vector<std::vector<uint32_t>> rows, columns;
  std::vector<uint8_t> in_base;
};

void add_rows(const std::vector<CodedTable>& tables, CrossLayout& layout, Membership& found) {
  for (const CodedTable& table : tables) {
    for (const CodedStatistic& statistic : table.statistics) {
      if (statistic.role == Role::kMean) continue;
      const auto row = static_cast<uint32_t>(layout.rows++);
      layout.row_reasons.push_back(statistic.reason);
      for (size_t cell = 0; cell < table.cells.size(); ++cell) {
        const auto same = [&](const auto& term) { return term.cell == table.cells[cell]; };
        found.in_base[cell] = table.cells[cell] < statistic.form.base_cells ? 1 : 0;
        if (!statistic.reason.empty() || found.in_base[cell] == 0) continue;
        if (std::ranges::any_of(statistic.form.terms, same)) found.rows[cell].push_back(row);
      }
    }
  }
}

void add_columns(const Variable& variable, const Column& column, Membership& found) {
  for (size_t cell = 0; cell < found.columns.size(); ++cell) {
    if (missing_at(column, cell) != Missing::kNone) continue;
    for (size_t i = 0; i < variable.categories.size(); ++i) {
      const auto* sets = std::get_if<OptionSets>(&column);
      const bool in = sets != nullptr ? ((sets->bits[cell] >> i) & 1U) != 0
                                      : code_at(column, cell) == variable.categories[i].code;
      if (in) found.columns[cell].push_back(static_cast<uint32_t>(i));
    }
  }
}

// One slot a cell.
uint32_t only_slot(const CrossLayout& layout, const Membership& found, size_t cell) {
  const auto first = [](const std::vector<uint32_t>& of, size_t otherwise) {
    return of.empty() ? static_cast<uint32_t>(otherwise) : of.front();
  };
  return first(found.rows[cell], layout.rows) * static_cast<uint32_t>(layout.width()) +
         first(found.columns[cell], layout.columns);
}

void add_slots(const Membership& found, size_t cell, CrossLayout& layout) {
  std::vector<uint32_t> rows = found.rows[cell];
  std::vector<uint32_t> columns = found.columns[cell];
  rows.push_back(static_cast<uint32_t>(layout.rows));
  columns.push_back(static_cast<uint32_t>(layout.columns));
  for (const uint32_t row : rows) {
    for (const uint32_t column : columns) {
      layout.slot.push_back(row * static_cast<uint32_t>(layout.width()) + column);
    }
  }
}

}  // namespace

void CrossLayout::fold(double* sheet) const {
  const size_t width = this->width();
  double* base = sheet + rows * width;
  for (size_t row = 0; row <= rows; ++row) {
    double* values = sheet + row * width;
    double total = values[0];
    for (size_t column = 1; column < width; ++column) total += values[column];
    values[columns] = total;
  }
  for (size_t row = 0; row < rows; ++row) {
    const double* values = sheet + row * width;
    for (size_t column = 0; column < width; ++column) base[column] += values[column];
  }
}

Result<CrossLayout> cross_layout(const Cells& cells, size_t rows, size_t columns) {
  const std::vector<Variable>& variables = cells.data.codebook().variables();
  const size_t count = cells.sums.cell_count;
  CrossLayout layout;
  Membership found{std::vector<std::vector<uint32_t>>(count),
                   std::vector<std::vector<uint32_t>>(count), std::vector<uint8_t>(count, 0)};
  layout.columns = variables[columns].categories.size();
  add_rows(TRY(coded(variables[rows], cells.data.column(rows), {cells.sums.n, cells.sums.w})),
           layout, found);
  add_columns(variables[columns], cells.data.column(columns), found);
  layout.exclusive = true;
  for (size_t cell = 0; cell < count; ++cell) {
    if (cells.sums.n[cell] == 0 || found.in_base[cell] == 0) continue;
    layout.used.push_back(static_cast<uint32_t>(cell));
    if (found.rows[cell].size() > 1 || found.columns[cell].size() > 1) layout.exclusive = false;
  }
  auto next = layout.used.begin();
  for (size_t cell = 0; cell < count; ++cell) {
    layout.begin.push_back(static_cast<uint32_t>(layout.slot.size()));
    if (next == layout.used.end() || *next != cell) continue;
    ++next;
    if (layout.exclusive) {
      layout.slot.push_back(only_slot(layout, found, cell));
    } else {
      add_slots(found, cell, layout);
    }
  }
  layout.begin.push_back(static_cast<uint32_t>(layout.slot.size()));
  return layout;
}

CrossPlace place_of(const CrossLayout& layout, size_t cell) {
  CrossPlace place;
  for (const uint32_t slot : layout.slots_of(cell)) {
    const auto row = static_cast<uint32_t>(slot / layout.width());
    const auto column = static_cast<uint32_t>(slot % layout.width());
    const bool first_row = layout.exclusive || row == layout.rows;
    if (first_row && column < layout.columns) place.columns.push_back(column);
    const bool first_column = layout.exclusive || column == layout.columns;
    if (first_column && row < layout.rows) place.rows.push_back(row);
  }
  if (layout.begin[cell] != layout.begin[cell + 1]) {
    place.columns.push_back(static_cast<uint32_t>(layout.columns));
  }
  return place;
}

}  // namespace barometer
