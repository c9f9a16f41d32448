// The test samples by name, and the values of R survey 4.1.1 (testdata/estimands.R) as rows.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "barometer/sample/functional.h"
#include "tests/support/near.h"
#include "tests/support/survey.h"

namespace barometer::testing {

inline constexpr const char* kSource = "R survey 4.1.1, R 4.2.2";
inline constexpr double kTolerance = 1e-9;

struct NamedSample {
  Survey survey;
  Sample sample;

  [[nodiscard]] Matrix column(const std::string& id) const { return survey.columns({id}); }
  // "" for all, else "variable=label".
  [[nodiscard]] std::vector<uint8_t> domain(const std::string& written) const {
    const size_t split = written.find('=');
    if (split == std::string::npos) return {};
    return survey.where(written.substr(0, split), written.substr(split + 1));
  }
  // The domain, without the cases that miss one of the variables.
  [[nodiscard]] std::vector<uint8_t> complete(const std::string& written,
                                              const std::vector<std::string>& ids) const {
    std::vector<uint8_t> mask = domain(written);
    if (mask.empty()) mask.assign(survey.data->case_count(), 1);
    for (const std::string& id : ids) {
      const Column& cells = **survey.data->find(id);
      for (size_t i = 0; i < mask.size(); ++i) {
        if (missing_at(cells, i) != Missing::kNone) mask[i] = 0;
      }
    }
    return mask;
  }
};

inline Dataset with_number(const Dataset& data, const std::string& id,
                           const std::vector<double>& values) {
  Variable variable;
  variable.id = id;
  variable.kind = VariableKind::kNumber;
  return std::move(
      data.with(variable, Numbers{values, std::vector<Missing>(values.size())}).value());
}

// With no_ell (ell == 0) and wide (sch_wide == "Yes"), as estimands.R makes them.
inline Survey with_events(Survey survey) {
  std::vector<double> wide;
  for (const uint8_t yes : survey.where("sch_wide", "Yes")) wide.push_back(yes);
  Dataset data = with_number(*survey.data, "wide", wide);
  if (data.codebook().find("ell") != nullptr) {
    std::vector<double> none;
    for (const double ell : survey.numbers("ell")) none.push_back(ell == 0 ? 1 : 0);
    data = with_number(data, "no_ell", none);
  }
  survey.data = std::make_shared<const Dataset>(std::move(data));
  return survey;
}

// testdata/brr.csv: eight strata of two clusters, twelve balanced replicates.
inline NamedSample brr_sample() {
  Survey survey;
  survey.data = std::make_shared<const Dataset>(
      read_csv_dataset(std::string(SOURCE_DIR) + "/barometer/estimand/testdata/brr.csv"));
  survey.spec.case_count = survey.data->case_count();
  survey.spec.ids = {codes_of(*survey.data, "unit")};
  survey.spec.strata = {codes_of(*survey.data, "stratum")};
  survey.spec.weights = survey.numbers("w");
  Replicates replicates;
  replicates.type = ReplicateType::kBrr;
  std::vector<std::string> columns;
  for (int r = 1; r <= 12; ++r) columns.push_back("r" + std::to_string(r));
  replicates.weights = survey.columns(columns);
  replicates.scale = 1.0 / 12;
  replicates.rscales.assign(12, 1.0);
  Sample sample = std::move(Sample::replicated(survey.numbers("w"), replicates).value());
  return {std::move(survey), std::move(sample)};
}

inline NamedSample sample_named(const std::string& name) {
  if (name == "brr") return brr_sample();
  Survey survey = with_events(name == "srs"     ? apisrs()
                              : name == "strat" ? apistrat()
                              : name == "clus2" ? apiclus2()
                                                : apiclus1());
  Sample sample = name == "jk1" ? jackknifed(survey) : survey.sample();
  return {std::move(survey), std::move(sample)};
}

using ReferenceRow = std::map<std::string, std::string>;

inline std::vector<ReferenceRow> reference_rows(const std::string& file) {
  const std::string path = std::string(SOURCE_DIR) + "/barometer/estimand/testdata/" + file;
  Diagnostics problems;
  const CsvTable table = CsvTable::parse(read_file(path).value(), path, problems);
  CHECK(problems.ok(), problems.text());
  std::vector<ReferenceRow> rows(table.row_count());
  for (size_t i = 0; i < rows.size(); ++i) {
    for (const CsvCell& name : table.header()) rows[i][name.text] = table.cell(i, name.text).text;
  }
  return rows;
}

inline double number_in(const ReferenceRow& row, const std::string& column) {
  return as_number(row.at(column)).value();
}

inline std::span<const double> span_of(const Matrix& column) {
  return {column.data(), static_cast<size_t>(column.rows())};
}

}  // namespace barometer::testing
