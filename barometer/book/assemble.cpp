#include "barometer/book/assemble_internal.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include <fmt/format.h>

namespace barometer {
namespace {

constexpr size_t kNowhere = std::numeric_limits<size_t>::max();

std::string either(const std::string& first, const std::string& second) {
  return first.empty() ? second : first;
}

std::string filter_text(const BookPlan& plan, const RowsPlan& rows) {
  if (plan.filter.empty() || rows.filter.empty()) return either(plan.filter, rows.filter);
  return fmt::format("({}) and ({})", plan.filter, rows.filter);
}

}  // namespace

Status TableAssembly::add(size_t index, const Variable& variable, const Cells& cells) {
  const bool banner = !rows_.grid && !plan_.banner.empty();
  const PartQuestion question{plan_,
                              options_,
                              rows_,
                              variable.id,
                              banner ? &plan_.banner[index] : nullptr,
                              index == 0 ? nullptr : &rows_of_table_,
                              sample_};
  Part part = TRY(make_part(design_, cells, question));
  if (index == 0) begin(part);
  if (rows_.grid) {
    add_item(variable, std::move(part));
  } else {
    add_group(index, std::move(part));
  }
  return {};
}

void TableAssembly::begin(const Part& part) {
  const Variable& variable = part.variable;
  table_.variable = variable;
  table_.title = either(rows_.title, either(variable.label, variable.id));
  table_.question = variable.question;
  table_.base_text = variable.base_text;
  table_.filter = filter_text(plan_, rows_);
  table_.grid = rows_.grid;
  table_.dont_know_in_base = variable.dont_know_in_base;
  rows_of_table_ = part.rows;
  if (rows_.grid) {
    for (const BookRow& row : part.rows) {
      BookColumn column{.kind = ColumnKind::kOption, .codes = row.codes, .labels = {row.label}};
      column.figure = row.kind;
      column.answer = row.answer;
      table_.columns.push_back(std::move(column));
    }
    return;
  }
  table_.rows = part.rows;
  table_.not_asked = part.missing.not_asked;
  table_.no_answer = part.missing.no_answer;
  table_.refused = part.missing.refused;
  table_.dont_know = part.missing.dont_know;
  cells_.resize(part.rows.size());
  if (plan_.total || plan_.banner.empty()) {
    total_ = 0;
    add_column(part, part.group.total());
  }
}

void TableAssembly::add_column(const Part& part, size_t local) {
  table_.columns.push_back(part.group.columns[local]);
  const size_t columns = part.group.columns.size();
  for (size_t row = 0; row < cells_.size(); ++row) {
    cells_[row].push_back(part.cells[row * columns + local]);
  }
}

void TableAssembly::add_group(size_t group, Part part) {
  std::vector<size_t> places(part.group.columns.size(), kNowhere);
  if (total_) places.back() = *total_;
  const bool rests = !plan_.banner.empty() && plan_.banner[group].rest;
  for (size_t g = 0; g < part.group.categories; ++g) {
    for (const size_t local : {g, part.group.rest_of(g)}) {
      if (local != g && !rests) continue;
      part.group.columns[local].group = group;
      places[local] = table_.columns.size();
      add_column(part, local);
    }
  }
  for (std::vector<BookCell>& row : cells_) {
    for (size_t g = 0; g < part.group.categories; ++g) {
      BookCell& cell = row[places[g]];
      for (auto* above : {&cell.above, &cell.above_second}) {
        for (size_t& column : *above) column = places[column];
        std::ranges::sort(*above);
      }
    }
  }
  add_tests(part, places);
  if (part.group_test) {
    part.group_test->group = group;
    table_.group_tests.push_back(*std::move(part.group_test));
  }
  if (!options_.covariances) return;
  ColumnCovariances covariances;
  covariances.group = group;
  std::vector<Eigen::Index> shown;
  for (size_t local = 0; local < places.size(); ++local) {
    if (places[local] == kNowhere) continue;
    covariances.columns.push_back(places[local]);
    shown.push_back(static_cast<Eigen::Index>(local));
  }
  for (const Matrix& matrix : part.covariances) {
    covariances.of_rows.push_back(matrix.size() == 0 ? Matrix() : Matrix(matrix(shown, shown)));
  }
  table_.covariances.push_back(std::move(covariances));
}

void TableAssembly::add_tests(const Part& part, const std::vector<size_t>& places) {
  for (PairTest test : part.tests) {
    test.a = places[test.a];
    test.b = places[test.b] == kNowhere ? test.a : places[test.b];
    table_.tests.push_back(test);
  }
}

void TableAssembly::add_item(const Variable& variable, Part part) {
  BookRow row;
  row.variable = variable.id;
  row.label = either(variable.label, variable.id);
  table_.rows.push_back(std::move(row));
  std::vector<BookCell>& cells = cells_.emplace_back();
  for (size_t column = 0; column < part.rows.size(); ++column) {
    cells.push_back(std::move(part.cells[column]));
  }
}

// Items by their first column, a NET where the options begin with one.
void TableAssembly::sort_items() {
  std::vector<size_t> order(cells_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto value = [&](size_t row) {
    return cells_[row].empty() ? 0 : cells_[row].front().value.value_or(0);
  };
  const bool down = rows_.order == RowOrder::kDescending;
  std::ranges::stable_sort(
      order, [&](size_t a, size_t b) { return down ? value(a) > value(b) : value(a) < value(b); });
  std::vector<BookRow> rows;
  std::vector<std::vector<BookCell>> cells;
  for (const size_t row : order) {
    rows.push_back(std::move(table_.rows[row]));
    cells.push_back(std::move(cells_[row]));
  }
  table_.rows = std::move(rows);
  cells_ = std::move(cells);
}

BookTable TableAssembly::finished() && {
  if (rows_.grid && rows_.order != RowOrder::kQuestionnaire) sort_items();
  for (std::vector<BookCell>& row : cells_) {
    for (BookCell& cell : row) table_.cells.push_back(std::move(cell));
  }
  return std::move(table_);
}

}  // namespace barometer
