// Waves for tests: of the public test surveys, of generated people, and by hand.
#pragma once

#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "barometer/panel/changes.h"
#include "tests/support/near.h"
#include "tests/support/survey.h"

namespace barometer::testing {

inline std::string panel_data(const std::string& name) {
  return std::string(SOURCE_DIR) + "/barometer/panel/testdata/" + name;
}

template <class T>
std::vector<T> picked(const std::vector<T>& from, const std::vector<size_t>& rows) {
  std::vector<T> some;
  for (const size_t row : rows) some.push_back(from[row]);
  return some;
}

inline DesignSpec picked(const DesignSpec& from, const std::vector<size_t>& rows) {
  DesignSpec spec = from;
  spec.case_count = rows.size();
  if (!from.weights.empty()) spec.weights = picked(from.weights, rows);
  for (auto& list : spec.ids) list = picked(list, rows);
  for (auto& list : spec.strata) list = picked(list, rows);
  for (auto& list : spec.fpc) list = picked(list, rows);
  return spec;
}

inline std::pair<Variable, Column> number_column(const std::string& id,
                                                 const std::vector<double>& values) {
  Variable variable;
  variable.id = id;
  variable.kind = VariableKind::kNumber;
  return {variable, Numbers{values, std::vector<Missing>(values.size(), Missing::kNone)}};
}

inline std::pair<Variable, Column> text_column(const std::string& id,
                                               const std::vector<std::string>& values) {
  Variable variable;
  variable.id = id;
  variable.kind = VariableKind::kText;
  std::vector<Missing> missing;
  for (const std::string& value : values) {
    missing.push_back(value.empty() ? Missing::kSystem : Missing::kNone);
  }
  return {variable, Texts{values, missing}};
}

// One label a case; "" is no answer. Codes from 1 in the order given.
inline std::pair<Variable, Column> label_column(const std::string& id,
                                                const std::vector<std::string>& categories,
                                                const std::vector<std::string>& values) {
  Variable variable;
  variable.id = id;
  for (const std::string& label : categories) {
    variable.categories.push_back({static_cast<int>(variable.categories.size()) + 1, label, false});
  }
  std::vector<int> codes;
  for (const std::string& value : values) {
    const Category* category = variable.category_labelled(value);
    codes.push_back(category == nullptr ? file_code(Missing::kSystem) : category->code);
  }
  return {variable, make_codes(codes)};
}

inline std::shared_ptr<const Dataset> dataset_of(std::vector<std::pair<Variable, Column>> columns) {
  Codebook codebook;
  std::vector<Column> values;
  for (auto& [variable, column] : columns) {
    CHECK(codebook.add(variable).has_value(), "ids are sound");
    values.push_back(std::move(column));
  }
  auto data = Dataset::make(std::move(codebook), std::move(values));
  CHECK(data.has_value(), data ? "" : data.error().message);
  return std::make_shared<const Dataset>(std::move(*data));
}

// A simple sample, weights 1: "id" and "x".
inline SurveyWave simple_wave(const std::string& name, const std::vector<std::string>& ids,
                              const std::vector<double>& x, double population = 0) {
  SurveyWave wave;
  wave.name = name;
  wave.data = dataset_of({text_column("id", ids), number_column("x", x)});
  wave.spec.case_count = ids.size();
  if (population > 0) wave.spec.fpc = {std::vector<double>(ids.size(), population)};
  return wave;
}

// The rows [first, last] from 1, every `step`-th.
inline std::vector<size_t> rows_from(size_t first, size_t last, size_t step = 1) {
  std::vector<size_t> rows;
  for (size_t row = first - 1; row < last; row += step) rows.push_back(row);
  return rows;
}

// Rows of a test survey as a wave: "api" is `score`, "high" is 1 from 700, and the ids.
inline SurveyWave api_wave(const std::string& name, const Survey& survey, const std::string& score,
                           const std::vector<size_t>& rows) {
  SurveyWave wave;
  wave.name = name;
  const std::vector<double> api = picked(survey.numbers(score), rows);
  std::vector<double> high;
  for (const double value : api) high.push_back(value >= 700 ? 1 : 0);
  wave.data = dataset_of({number_column("api", api), number_column("high", high),
                          number_column("snum", picked(survey.numbers("snum"), rows)),
                          number_column("dnum", picked(survey.numbers("dnum"), rows))});
  wave.spec = picked(survey.spec, rows);
  return wave;
}
inline std::vector<SurveyWave> api_waves(const Survey& survey, const std::vector<size_t>& rows99,
                                         const std::vector<size_t>& rows00) {
  return {api_wave("99", survey, "api99", rows99), api_wave("00", survey, "api00", rows00)};
}

// The three waves of panel_people.csv; strata are regions.
inline std::vector<SurveyWave> people_waves(bool strata) {
  const Dataset all = read_csv_dataset(panel_data("panel_people.csv"));
  const Column& wave_of = **all.find("wave");
  std::vector<SurveyWave> waves;
  for (const char* name : {"one", "two", "three"}) {
    const int code = all.codebook().find("wave")->category_labelled(name)->code;
    std::vector<uint8_t> mask;
    for (size_t row = 0; row < all.case_count(); ++row) {
      mask.push_back(code_at(wave_of, row) == code ? 1 : 0);
    }
    SurveyWave wave;
    wave.name = name;
    wave.data = std::make_shared<const Dataset>(all.where(mask));
    wave.spec.case_count = wave.data->case_count();
    wave.spec.weights = numbers_of(*wave.data, "weight");
    if (strata) wave.spec.strata = {codes_of(*wave.data, "region")};
    waves.push_back(std::move(wave));
  }
  return waves;
}

// "case" -> "what" -> value, of waves.csv.
inline std::map<std::string, std::map<std::string, double>> values_of_r() {
  Diagnostics problems;
  const auto bytes = read_file(panel_data("waves.csv"));
  CHECK(bytes.has_value(), "the stored values can be read");
  const CsvTable table = CsvTable::parse(*bytes, "waves.csv", problems);
  std::map<std::string, std::map<std::string, double>> values;
  for (size_t row = 0; row < table.row_count(); ++row) {
    values[table.cell(row, "case").text][table.cell(row, "what").text] =
        *as_number(table.cell(row, "value").text);
  }
  return values;
}

inline StackedWaves stacked_of(const std::vector<SurveyWave>& waves, const WaveLink& link,
                               const std::vector<std::string>& variables) {
  auto stacked = stack(waves, link, variables);
  CHECK(stacked.has_value(), stacked ? "" : stacked.error().message);
  return std::move(*stacked);
}

inline std::vector<WaveTrend> trends_of(const StackedWaves& waves, ChangeEstimand estimand,
                                        const std::vector<std::string>& variables,
                                        const ChangeOptions& options = {}) {
  auto trends = changes(waves, estimand, variables, options, Progress());
  CHECK(trends.has_value(), trends ? "" : trends.error().message);
  return std::move(*trends);
}

inline WaveTrend mean_trend(const std::vector<SurveyWave>& waves, const WaveLink& link,
                            const std::string& variable) {
  return trends_of(stacked_of(waves, link, {variable}), ChangeEstimand::kMean, {variable})[0];
}

// A wave alone, by its own design.
inline Estimated own_estimate(const SurveyWave& wave, const std::string& variable,
                              bool total = false) {
  Matrix y(static_cast<Eigen::Index>(wave.spec.case_count), 1);
  const std::vector<double> values = numbers_of(*wave.data, variable);
  for (size_t i = 0; i < values.size(); ++i) y(static_cast<Eigen::Index>(i), 0) = values[i];
  const Sample sample = wave.replicates
                            ? Sample::replicated(wave.spec.weights, *wave.replicates).value()
                            : Sample::of(Design::make(wave.spec).value());
  return estimate(sample, total ? *total_of(y, {}) : *mean_of(y, {}), Progress()).value();
}

}  // namespace barometer::testing
