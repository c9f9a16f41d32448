// Everything of a book for programs. Keys are never renamed; new ones may come.
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/layout/numbers_internal.h"
#include "barometer/layout/print_internal.h"

namespace barometer {
namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) {
  if (!value || std::isnan(*value)) return nullptr;
  if (std::isinf(*value)) return *value > 0 ? "Inf" : "-Inf";
  return *value;
}

using Numbers = std::vector<std::pair<const char*, std::optional<double>>>;

void put(Json& json, const Numbers& numbers) {
  for (const auto& [key, value] : numbers) json[key] = number(value);
}

Json settings_of(const BookPlan& plan) {
  const SignificancePlan& tests = plan.significance;
  Json settings = {{"percent", name_of(plan.percent)},
                   {"weights", plan.weights},
                   {"filter", plan.filter},
                   {"interval_level", plan.print.level}};
  settings["tests"] = nullptr;
  if (tests.on) {
    settings["tests"] = {
        {"convention", name_of(tests.convention)}, {"levels", tests.levels},
        {"adjustment", name_of(tests.adjustment)}, {"against_rest", tests.against_rest},
        {"against_total", tests.against_total},    {"least_base", tests.least_base}};
  }
  settings["print"] = {{"note_base_under", plan.print.note_base_under},
                       {"bracket_base_under", plan.print.bracket_base_under},
                       {"percent_base_under", plan.print.percent_base_under},
                       {"suppress_base_under", plan.print.suppress_base_under},
                       {"suppress_count_under", plan.print.suppress_count_under}};
  return settings;
}

Json matrix_json(const Matrix& matrix) {
  Json rows = Json::array();
  for (const auto& row : matrix.rowwise()) {
    Json line = Json::array();
    for (const double value : row) line.push_back(number(value));
    rows.push_back(std::move(line));
  }
  return rows;
}

class TableJson {
 public:
  TableJson(const PrintedTable& printed, const BookTable& table, const BookPlan& plan)
      : printed_(printed),
        table_(table),
        rules_(plan.print),
        rows_(printed_rows(printed, table)),
        columns_(printed_columns(printed, table)) {}

  Json all() const {
    Json json = {{"id", printed_.id},
                 {"title", printed_.title},
                 {"question", printed_.question},
                 {"base", printed_.base},
                 {"filter", printed_.filter},
                 {"weight", printed_.weight},
                 {"shown", printed_.percent_base},
                 {"variable", table_.variable.id},
                 {"variable_kind", name_of(table_.variable.kind)},
                 {"grid", table_.grid},
                 {"dont_know_in_base", table_.dont_know_in_base}};
    if (!table_.missing_withheld) {
      json["not_asked"] = table_.not_asked;
      json["no_answer"] = table_.no_answer;
      json["refused"] = table_.refused;
      json["dont_know"] = table_.dont_know;
    }
    json["columns"] = columns();
    json["rows"] = rows();
    json["tests"] = tests();
    json["group_tests"] = group_tests();
    if (!table_.covariances.empty()) json["covariances"] = covariances();
    json["notes"] = printed_.notes;
    return json;
  }

 private:
  [[nodiscard]] const std::string& column_id(size_t c) const {
    return printed_.columns[columns_.at(c)].id;
  }

  [[nodiscard]] Json columns() const {
    Json all = Json::array();
    for (size_t c = 0; c < columns_.size(); ++c) {
      const BookColumn& column = table_.columns[c];
      Json json = {{"id", column_id(c)},
                   {"kind", name_of(column.kind)},
                   {"headings", printed_.columns[columns_[c]].headings},
                   {"letter", column.letter},
                   {"codes", column.codes}};
      if (column.kind == ColumnKind::kCategory || column.kind == ColumnKind::kRest) {
        json["group"] = column.group;
      }
      if (!column.merged.empty()) json["merged"] = column.merged;
      if (is_base_unknown(table_, c)) {
        json["n"] = nullptr;
      } else if (column.withheld) {
        json["suppressed"] = true;
      } else if (!table_.grid) {
        put(json, {{"n", column.n},
                   {"weighted_base", column.weighted_base},
                   {"effective_base", column.effective_base}});
      } else {
        json["row_kind"] = name_of(column.figure);
      }
      all.push_back(std::move(json));
    }
    return all;
  }

  [[nodiscard]] Json cell(size_t r, size_t c) const {
    Json json = {{"column", column_id(c)}};
    if (rows_[r]) {
      const PrintedCell& printed = printed_.rows[*rows_[r]].cells.at(columns_[c]);
      json["printed"] = printed.text;
      json["marker"] = symbol_of(printed.marker);
      if (!printed.letters.empty()) json["letters"] = printed.letters;
      if (!printed.figure.empty()) json["figure"] = printed.figure;
    }
    const BookCell& numbers = table_.at(r, c);
    json["value"] = nullptr;
    if (is_withheld(numbers, rules_)) {
      json["suppressed"] = true;
      return json;
    }
    put(json, {{"value", numbers.value},
               {"se", numbers.se},
               {"lower", numbers.lower},
               {"upper", numbers.upper},
               {"df", numbers.df}});
    if (!is_count_unknown(numbers)) {
      put(json, {{"count", numbers.count}, {"weighted_count", numbers.weighted_count}});
    }
    if (!is_base_unknown(table_, c)) {
      put(json, {{"n", numbers.n},
                 {"weighted_base", numbers.weighted_base},
                 {"effective_base", numbers.effective_base}});
    }
    if (!numbers.reason.empty()) json["reason"] = numbers.reason;
    if (!numbers.no_interval.empty()) json["no_interval"] = numbers.no_interval;
    if (!numbers.above.empty()) json["above"] = ids(numbers.above);
    if (!numbers.above_second.empty()) json["above_second"] = ids(numbers.above_second);
    if (numbers.against != 0) json["against"] = numbers.against;
    if (numbers.arrow != Arrow::kNone) json["arrow"] = name_of(numbers.arrow);
    return json;
  }

  [[nodiscard]] Json ids(const std::vector<size_t>& columns) const {
    Json all = Json::array();
    for (const size_t c : columns) all.push_back(column_id(c));
    return all;
  }

  [[nodiscard]] Json rows() const {
    Json all = Json::array();
    for (size_t r = 0; r < rows_.size(); ++r) {
      const BookRow& row = table_.rows[r];
      Json json = {{"variable", row.variable},
                   {"answer", row.answer},
                   {"kind", name_of(row.kind)},
                   {"label", row.label},
                   {"level", row.level},
                   {"codes", row.codes},
                   {"printed", rows_[r].has_value()}};
      json["rank"] = nullptr;
      if (row.rank) json["rank"] = *row.rank;
      Json cells = Json::array();
      for (size_t c = 0; c < columns_.size(); ++c) cells.push_back(cell(r, c));
      json["cells"] = std::move(cells);
      all.push_back(std::move(json));
    }
    return all;
  }

  [[nodiscard]] Json tests() const {
    Json all = Json::array();
    for (const PairTest& test : table_.tests) {
      if (is_withheld(table_, test, rules_)) continue;
      Json json = {{"variable", table_.rows.at(test.row).variable},
                   {"answer", table_.rows[test.row].answer},
                   {"a", column_id(test.a)}};
      json["b"] = test.a == test.b ? Json(name_of(test.with)) : Json(column_id(test.b));
      json["with"] = name_of(test.with);
      put(json, {{"difference", test.difference},
                 {"se", test.se},
                 {"statistic", test.statistic},
                 {"df", test.df},
                 {"p", test.p},
                 {"p_adjusted", test.p_adjusted}});
      all.push_back(std::move(json));
    }
    return all;
  }

  [[nodiscard]] Json group_tests() const {
    Json all = Json::array();
    for (const GroupTest& test : table_.group_tests) {
      Json json = {{"group", test.group}, {"name", test.name}};
      if (is_withheld(table_, test, rules_)) {
        json["reason"] = "cells are suppressed";
      } else if (!test.reason.empty()) {
        json["reason"] = test.reason;
      } else {
        put(json, {{"statistic", test.statistic},
                   {"df", test.df},
                   {"df_denominator", test.df_denominator},
                   {"p", test.p}});
      }
      all.push_back(std::move(json));
    }
    return all;
  }

  [[nodiscard]] bool row_is_told(size_t r, const std::vector<size_t>& columns) const {
    for (const size_t c : columns) {
      if (is_withheld(table_.at(r, c), rules_)) return false;
    }
    return true;
  }

  [[nodiscard]] Json covariances() const {
    Json all = Json::array();
    for (const ColumnCovariances& group : table_.covariances) {
      Json rows = Json::array();
      for (size_t r = 0; r < group.of_rows.size(); ++r) {
        rows.push_back(row_is_told(r, group.columns) ? matrix_json(group.of_rows[r]) : nullptr);
      }
      all.push_back({{"group", group.group}, {"columns", ids(group.columns)}, {"rows", rows}});
    }
    return all;
  }

  const PrintedTable& printed_;
  const BookTable& table_;
  const PrintRules& rules_;
  std::vector<std::optional<size_t>> rows_;
  std::vector<size_t> columns_;
};

}  // namespace

std::string json_of(const PrintedBook& book, const Book& numbers) {
  CHECK(book.tables.size() == numbers.tables.size(), "the numbers are of the book that is printed");
  Json all = {{"title", book.title},
              {"source", book.source},
              {"method", book.method},
              {"weighting", book.weighting},
              {"rounding", book.rounding}};
  all["settings"] = settings_of(numbers.plan);
  Json symbols = Json::array();
  for (const auto& [symbol, meaning] : book.symbols) {
    symbols.push_back({{"symbol", symbol}, {"meaning", meaning}});
  }
  all["symbols"] = std::move(symbols);
  Json tables = Json::array();
  for (size_t t = 0; t < book.tables.size(); ++t) {
    tables.push_back(TableJson(book.tables[t], numbers.tables[t], numbers.plan).all());
  }
  all["tables"] = std::move(tables);
  return all.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace barometer
