// A small CSV file of test data as a data set: columns of numbers become numbers, the others single
// variables whose categories are the sorted texts. An empty cell is no answer.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "barometer/data/dataset.h"

namespace barometer::testing {

inline std::optional<double> as_number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

inline std::pair<Variable, Column> csv_column(const std::string& id,
                                              const std::vector<std::string>& cells) {
  Variable variable;
  variable.id = id;
  const bool numeric = std::ranges::all_of(
      cells, [](const std::string& cell) { return cell.empty() || as_number(cell); });
  if (numeric) {
    variable.kind = VariableKind::kNumber;
    Numbers numbers;
    for (const std::string& cell : cells) {
      numbers.values.push_back(cell.empty() ? 0 : *as_number(cell));
      numbers.missing.push_back(cell.empty() ? Missing::kSystem : Missing::kNone);
    }
    return {variable, numbers};
  }
  std::set<std::string> texts(cells.begin(), cells.end());
  texts.erase("");
  for (const std::string& text : texts) {
    variable.categories.push_back({static_cast<int>(variable.categories.size()) + 1, text, false});
  }
  std::vector<int> codes;
  for (const std::string& cell : cells) {
    codes.push_back(cell.empty()
                        ? file_code(Missing::kSystem)
                        : static_cast<int>(std::distance(texts.begin(), texts.find(cell))) + 1);
  }
  return {variable, make_codes(codes)};
}

inline Dataset read_csv_dataset(const std::string& path) {
  Diagnostics problems;
  const auto bytes = read_file(path);
  CHECK(bytes.has_value(), "the test data can be read");
  const CsvTable table = CsvTable::parse(*bytes, path, problems);
  CHECK(problems.ok(), problems.text());
  Codebook codebook;
  std::vector<Column> columns;
  for (const CsvCell& name : table.header()) {
    std::vector<std::string> cells;
    for (size_t row = 0; row < table.row_count(); ++row) {
      cells.push_back(table.cell(row, name.text).text);
    }
    auto [variable, column] = csv_column(name.text, cells);
    CHECK(codebook.add(std::move(variable)).has_value(), "column names are ids");
    columns.push_back(std::move(column));
  }
  return std::move(Dataset::make(std::move(codebook), std::move(columns)).value());
}

inline std::vector<double> numbers_of(const Dataset& data, const std::string& id) {
  return std::get<Numbers>(**data.find(id)).values;
}

// Codes ≥ 0 for a design: the codes of a single variable, the whole numbers of a number.
inline std::vector<int32_t> codes_of(const Dataset& data, const std::string& id) {
  const Column& column = **data.find(id);
  std::vector<int32_t> codes;
  for (size_t row = 0; row < data.case_count(); ++row) {
    const auto* numbers = std::get_if<Numbers>(&column);
    codes.push_back(numbers != nullptr ? static_cast<int32_t>(numbers->values[row])
                                       : code_at(column, row));
  }
  return codes;
}

}  // namespace barometer::testing
