// Made-up people and the book of one question that they give, for tests.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "barometer/book/book.h"

namespace barometer::testing {

struct MadePerson {
  int region, role, answer;
};

// Few in the last region, few who give the last answer.
inline std::vector<MadePerson> made_people(unsigned seed, size_t n) {
  std::mt19937 random(seed);
  std::vector<MadePerson> out;
  for (size_t i = 0; i < n; ++i) {
    const auto draw = static_cast<int>(random() % 100);
    const int region = draw < 45 ? 1 : draw < 85 ? 2 : 3;
    const int role = random() % 3 == 0 ? 2 : 1;
    const auto said = static_cast<int>(random() % 100);
    out.push_back({region, role, said < 40 ? 1 : said < 70 ? 2 : said < 95 ? 3 : 4});
  }
  return out;
}

inline BookRow row(const std::string& answer, RowKind kind, std::vector<int> codes) {
  BookRow out;
  out.kind = kind;
  out.variable = "q";
  out.answer = answer;
  out.codes = std::move(codes);
  return out;
}

inline bool is_in(const BookColumn& column, const MadePerson& person) {
  const auto matches = [&](const std::vector<int>& codes) {
    if (codes.empty()) return true;
    if (column.group == 0) return person.region == codes[0];
    if (column.group == 1) return person.role == codes[0];
    return person.region == codes[0] && person.role == codes[1];
  };
  const bool in =
      column.merged.empty() ? matches(column.codes) : std::ranges::any_of(column.merged, matches);
  return column.kind == ColumnKind::kRest ? !in : in;
}

inline void fill(const std::vector<MadePerson>& persons, BookTable& table) {
  table.cells.assign(table.rows.size() * table.columns.size(), {});
  for (size_t c = 0; c < table.columns.size(); ++c) {
    for (const MadePerson& person : persons) {
      if (!is_in(table.columns[c], person)) continue;
      table.columns[c].n += 1;
      for (size_t r = 0; r < table.rows.size(); ++r) {
        BookCell& cell = table.at(r, c);
        cell.n += 1;
        const auto& codes = table.rows[r].codes;
        cell.count += std::ranges::count(codes, person.answer) > 0 ? 1 : 0;
      }
    }
    BookColumn& column = table.columns[c];
    column.weighted_base = column.effective_base = column.n;
    for (size_t r = 0; r < table.rows.size(); ++r) {
      BookCell& cell = table.at(r, c);
      cell.weighted_base = cell.effective_base = cell.n;
      if (cell.n > 0) cell.value = cell.count / cell.n;
      cell.se = 0.01;
    }
  }
}

// A table of one question by region (with rests), role, and region within role.
inline Book made_book(const std::vector<MadePerson>& persons, bool nested) {
  Book book;
  book.plan.banner = {{.variables = {"region"}, .rest = true}, {.variables = {"role"}}};
  if (nested) book.plan.banner.push_back({.variables = {"region", "role"}});
  BookTable table;
  table.id = "q";
  table.variable.id = "q";
  for (int code = 1; code <= 4; ++code) {
    table.variable.categories.push_back({code, fmt::format("Answer {}", code)});
    table.rows.push_back(row(std::to_string(code), RowKind::kCategory, {code}));
  }
  table.rows.push_back(row("net", RowKind::kNet, {1, 2}));
  table.rows.push_back(row("mean", RowKind::kMean, {}));
  table.columns.push_back({});
  for (int region = 1; region <= 3; ++region) {
    table.columns.push_back({.kind = ColumnKind::kCategory, .group = 0, .codes = {region}});
    table.columns.push_back({.kind = ColumnKind::kRest, .group = 0, .codes = {region}});
  }
  for (int role = 1; role <= 2; ++role) {
    table.columns.push_back({.kind = ColumnKind::kCategory, .group = 1, .codes = {role}});
  }
  for (int region = 1; nested && region <= 3; ++region) {
    for (int role = 1; role <= 2; ++role) {
      table.columns.push_back({.kind = ColumnKind::kCategory, .group = 2, .codes = {region, role}});
    }
  }
  fill(persons, table);
  table.tests.push_back({.row = 0, .a = 1, .b = 3});
  table.tests.push_back({.row = 3, .a = 1, .b = 3});
  table.covariances.push_back({.group = 0, .columns = {1, 3, 5}});
  table.covariances[0].of_rows.assign(table.rows.size(), Matrix(3, 3));
  book.tables.push_back(std::move(table));
  return book;
}

// The book of the same people made again by a plan with merged columns.
inline Book remade(const std::vector<MadePerson>& persons, Book book, const BookPlan& plan) {
  book.plan = plan;
  BookTable& table = book.tables.front();
  std::vector<BookColumn> columns{{}};
  for (size_t group = 0; group < plan.banner.size(); ++group) {
    std::vector<std::vector<std::vector<int>>> merged = plan.banner[group].merged;
    for (const BookColumn& column : table.columns) {
      const bool mine = column.kind == ColumnKind::kCategory && column.group == group;
      if (mine && plan.banner[group].merged.empty()) merged.push_back({column.codes});
    }
    for (const auto& combinations : merged) {
      BookColumn column{.kind = ColumnKind::kCategory, .group = group};
      column.codes = combinations.front();
      if (combinations.size() > 1) column.merged = combinations;
      columns.push_back(column);
      column.kind = ColumnKind::kRest;
      if (plan.banner[group].rest) columns.push_back(column);
    }
  }
  table.columns = std::move(columns);
  table.tests.clear();
  table.covariances.clear();
  fill(persons, table);
  return book;
}

}  // namespace barometer::testing
