// The public surveys, with the variables that testdata/surveys.R makes of them, and what R said.
#pragma once

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "barometer/formula/formula.h"
#include "tests/support/survey.h"

namespace barometer::testing {

inline Variable made_variable(const std::string& id, const std::vector<std::string>& labels) {
  Variable variable;
  variable.id = id;
  for (const std::string& label : labels) {
    variable.categories.push_back({static_cast<int>(variable.categories.size()) + 1, label, false});
  }
  return variable;
}

// Levels of a number by its upper bounds (the last has none); missing where the number is.
inline Dataset cut(const Dataset& data, const std::string& from, const std::string& to,
                   const std::vector<double>& bounds, const std::vector<std::string>& labels) {
  const auto& numbers = std::get<Numbers>(**data.find(from));
  std::vector<int> codes;
  for (size_t i = 0; i < numbers.values.size(); ++i) {
    int code = 1;
    for (const double bound : bounds) code += numbers.values[i] > bound ? 1 : 0;
    codes.push_back(numbers.missing[i] == Missing::kNone ? code : file_code(Missing::kSystem));
  }
  return data.with(made_variable(to, labels), make_codes(codes)).value();
}

inline Survey made(Survey survey) {
  Dataset data = cut(*survey.data, "api00", "band", {550, 650, 750}, {"a", "b", "c", "d"});
  data = cut(data, "api99", "past", {550, 650, 750}, {"a", "b", "c", "d"});
  data = cut(data, "api00", "high", {650}, {"no", "yes"});
  data = cut(data, "target", "hope", {8, 14}, {"low", "mid", "top"});
  data = cut(data, "meals", "rank3", {30, 60}, {"few", "some", "most"});
  survey.data = std::make_shared<const Dataset>(std::move(data));
  return survey;
}

// "strat", "clus1", "clus2", "jk1" of the scripts; the base "upper" is api99 > 600.
struct Case {
  std::shared_ptr<const Dataset> data;
  Sample sample;
  std::vector<uint8_t> upper;

  [[nodiscard]] Domain base(const std::string& name) const {
    return name == "upper" ? Domain(upper) : Domain();
  }
};

inline std::map<std::string, Case> cases() {
  std::map<std::string, Case> all;
  const auto add = [&](const std::string& name, const Survey& survey, const Sample& sample) {
    std::vector<uint8_t> upper;
    for (const double api99 : survey.numbers("api99")) upper.push_back(api99 > 600 ? 1 : 0);
    all.emplace(name, Case{survey.data, sample, upper});
  };
  const Survey strat = made(apistrat()), clus1 = made(apiclus1()), clus2 = made(apiclus2());
  add("strat", strat, strat.sample());
  add("clus1", clus1, clus1.sample());
  add("clus2", clus2, clus2.sample());
  add("jk1", clus1, jackknifed(clus1));
  return all;
}

// A line of a table that R made.
struct Expected {
  std::map<std::string, std::string> cells;

  [[nodiscard]] const std::string& text(const std::string& column) const {
    return cells.at(column);
  }
  [[nodiscard]] bool has(const std::string& column) const { return !cells.at(column).empty(); }
  [[nodiscard]] double number(const std::string& column) const {
    return as_number(cells.at(column)).value();
  }
  [[nodiscard]] std::string where() const {
    std::string all;
    for (const auto& [column, cell] : cells) all += column + "=" + cell + " ";
    return all;
  }
};

inline std::vector<Expected> expected_of(const std::string& file) {
  Diagnostics problems;
  const std::string path = std::string(SOURCE_DIR) + "/barometer/hypothesis/testdata/" + file;
  const CsvTable table = CsvTable::parse(read_file(path).value(), path, problems);
  CHECK(problems.ok(), problems.text());
  std::vector<Expected> rows;
  for (size_t r = 0; r < table.row_count(); ++r) {
    Expected row;
    for (const CsvCell& name : table.header()) {
      row.cells[name.text] = table.cell(r, name.text).text;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// A small data set of single variables and numbers, written by hand: labels, "" is missing.
inline Dataset labelled(const std::map<std::string, std::vector<std::string>>& columns) {
  Codebook codebook;
  std::vector<Column> made_columns;
  for (const auto& [id, cells] : columns) {
    auto [variable, column] = csv_column(id, cells);
    CHECK(codebook.add(std::move(variable)).has_value(), "column names are ids");
    made_columns.push_back(std::move(column));
  }
  return Dataset::make(std::move(codebook), std::move(made_columns)).value();
}

// Each case drawn by itself, with replacement.
inline Sample independent_cases(const std::vector<double>& weights) {
  DesignSpec spec;
  spec.case_count = weights.size();
  spec.weights = weights;
  return Sample::of(Design::make(spec).value());
}

}  // namespace barometer::testing
