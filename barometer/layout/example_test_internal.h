// A small book by hand for the tests of the layout: 200 cases, two regions and a size within one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "barometer/book/book.h"

namespace barometer::testing {

inline BookColumn total_column(double n) {
  BookColumn column;
  column.n = column.weighted_base = column.effective_base = n;
  return column;
}

inline BookColumn column_of(size_t group, std::vector<int> codes, std::vector<std::string> labels,
                            const std::string& letter, double n) {
  BookColumn column = total_column(n);
  column.kind = ColumnKind::kCategory;
  column.group = group;
  column.codes = std::move(codes);
  column.labels = std::move(labels);
  column.letter = letter;
  return column;
}

// Of cases that each count 1.
inline BookCell share_cell(double count, double n) {
  BookCell cell;
  cell.n = cell.weighted_base = cell.effective_base = n;
  cell.count = cell.weighted_count = count;
  if (n > 0) {
    cell.value = count / n;
    cell.se = 0.03;
    cell.lower = *cell.value - 0.06;
    cell.upper = *cell.value + 0.06;
    cell.df = n - 1;
  }
  return cell;
}

inline BookCell mean_cell(double mean, double n) {
  BookCell cell = share_cell(0, n);
  cell.value = mean;
  cell.se = 0.25;
  cell.lower = mean - 0.5;
  cell.upper = mean + 0.5;
  return cell;
}

inline BookRow row_of(RowKind kind, const std::string& answer, const std::string& label,
                      std::vector<int> codes, int level = 0) {
  BookRow row;
  row.kind = kind;
  row.variable = "trust";
  row.answer = answer;
  row.label = label;
  row.codes = std::move(codes);
  row.level = level;
  return row;
}

// Total 200; Region: North 120 (A), South 80 (B).
inline BookTable trust_table() {
  BookTable table;
  table.id = "trust";
  table.title = "Trust in the new plans";
  table.question = "How far do you trust the new plans?";
  table.base_text = "All leaders";
  table.variable.id = "trust";
  table.variable.kind = VariableKind::kSingle;
  table.variable.categories = {
      {1, "A great deal"}, {2, "Somewhat"}, {3, "Not at all"}, {8, "Don't know", true}};
  table.columns = {total_column(200), column_of(0, {1}, {"North"}, "A", 120),
                   column_of(0, {2}, {"South"}, "B", 80)};
  table.rows = {row_of(RowKind::kNet, "any", "NET: any trust", {1, 2}),
                row_of(RowKind::kCategory, "1", "A great deal", {1}, 1),
                row_of(RowKind::kCategory, "2", "Somewhat", {2}, 1),
                row_of(RowKind::kCategory, "3", "Not at all", {3}),
                row_of(RowKind::kCategory, "8", "Don't know", {8}),
                row_of(RowKind::kMean, "mean", "Mean", {})};
  table.cells = {share_cell(130, 200), share_cell(90, 120), share_cell(40, 80),
                 share_cell(29, 200),  share_cell(20, 120), share_cell(9, 80),
                 share_cell(101, 200), share_cell(70, 120), share_cell(31, 80),
                 share_cell(69, 200),  share_cell(30, 120), share_cell(39, 80),
                 share_cell(1, 200),   share_cell(0, 120),  share_cell(1, 80),
                 mean_cell(1.85, 199), mean_cell(1.7, 120), mean_cell(2.04, 79)};
  table.at(0, 1).above = {2};
  table.at(3, 2).above = {1};
  PairTest test;
  test.a = 1;
  test.b = 2;
  test.difference = 0.25;
  test.se = 0.0625;
  test.statistic = 4;
  test.df = 198;
  test.p = test.p_adjusted = 0.0001;
  table.tests.push_back(test);
  table.no_answer = 3;
  table.dont_know = 1;
  return table;
}

inline Book book_of(std::vector<BookTable> tables) {
  Book book;
  book.plan.title = "Leaders, spring";
  RowsPlan rows;
  rows.variables = {"trust"};
  book.plan.rows = {rows};
  BannerGroup region;
  region.variables = {"region"};
  region.title = "Region";
  book.plan.banner = {region};
  book.plan.significance.on = true;
  book.method = "simple random sample";
  book.tables = std::move(tables);
  return book;
}

}  // namespace barometer::testing
