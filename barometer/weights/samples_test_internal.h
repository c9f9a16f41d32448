// Samples, margins and values of R for the tests of this module.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "barometer/sample/functional.h"
#include "barometer/weights/calibrate.h"
#include "barometer/weights/poststratify.h"
#include "barometer/weights/rake.h"
#include "tests/support/near.h"
#include "tests/support/survey.h"

namespace barometer::testing {

// A data set and the sample to weight.
struct Schools {
  Dataset data;
  Sample sample;
};

inline Dataset read_module_data(const std::string& file) {
  return read_csv_dataset(std::string(SOURCE_DIR) + "/barometer/" + file);
}

inline Schools schools(const Survey& survey) { return {*survey.data, survey.sample()}; }
inline Schools clus1() { return schools(apiclus1()); }
inline Schools strat() { return schools(apistrat()); }
// The schools of apiclus1, who of them answered.
inline Schools answers() {
  Survey survey;
  survey.data = std::make_shared<const Dataset>(read_module_data("weights/testdata/answers.csv"));
  survey.spec.case_count = survey.data->case_count();
  survey.spec.ids = {codes_of(*survey.data, "dnum")};
  survey.spec.fpc = {survey.numbers("fpc")};
  survey.spec.weights = survey.numbers("pw");
  return schools(survey);
}

// Leaving out one unit of a stratum at a time, the others raised: JK1 without strata, else JKn.
inline Sample jackknifed(const std::vector<double>& weights, const std::vector<int32_t>& strata,
                         const std::vector<int32_t>& units, const std::vector<double>& population) {
  std::map<int32_t, std::map<int32_t, size_t>> of_stratum;
  for (size_t i = 0; i < units.size(); ++i) of_stratum[strata[i]].emplace(units[i], i);
  Replicates replicates;
  replicates.type = of_stratum.size() == 1 ? ReplicateType::kJk1 : ReplicateType::kJkn;
  std::vector<Vector> columns;
  for (const auto& [stratum, members] : of_stratum) {
    const auto n = static_cast<double>(members.size());
    for (const auto& [unit, first] : members) {
      Vector column(static_cast<Eigen::Index>(weights.size()));
      for (size_t i = 0; i < weights.size(); ++i) {
        const double factor = strata[i] != stratum ? 1 : units[i] == unit ? 0 : n / (n - 1);
        column[static_cast<Eigen::Index>(i)] = weights[i] * factor;
      }
      columns.push_back(column);
      replicates.rscales.push_back((n - 1) / n * (1 - n / population[first]));
    }
  }
  replicates.weights.resize(columns[0].size(), static_cast<Eigen::Index>(columns.size()));
  for (size_t r = 0; r < columns.size(); ++r) {
    replicates.weights.col(static_cast<Eigen::Index>(r)) = columns[r];
  }
  return std::move(Sample::replicated(weights, std::move(replicates)).value());
}

inline Schools clus1_jk1() {
  Schools survey = clus1();
  const std::vector<int32_t> one(survey.data.case_count(), 0);
  survey.sample = jackknifed(numbers_of(survey.data, "pw"), one, codes_of(survey.data, "dnum"),
                             numbers_of(survey.data, "fpc"));
  return survey;
}

inline Schools strat_jkn() {
  Schools survey = strat();
  std::vector<int32_t> each(survey.data.case_count());
  for (size_t i = 0; i < each.size(); ++i) each[i] = static_cast<int32_t>(i);
  survey.sample = jackknifed(numbers_of(survey.data, "pw"), codes_of(survey.data, "stype"), each,
                             numbers_of(survey.data, "fpc"));
  return survey;
}

inline Margin stypes() {
  return {.variables = {"stype"}, .levels = {{"E"}, {"H"}, {"M"}}, .totals = {4421, 755, 1018}};
}
inline Margin wide() {
  return {.variables = {"sch_wide"}, .levels = {{"No"}, {"Yes"}}, .totals = {1072, 5122}};
}
inline Margin improved() {
  return {.variables = {"comp_imp"}, .levels = {{"No"}, {"Yes"}}, .totals = {1717, 4477}};
}
inline Margin crossed() {
  return {
      .variables = {"stype", "sch_wide"},
      .levels = {{"E", "No"}, {"H", "No"}, {"M", "No"}, {"E", "Yes"}, {"H", "Yes"}, {"M", "Yes"}},
      .totals = {472, 334, 266, 3949, 421, 752}};
}
inline std::map<std::string, double> api_totals() {
  return {{"(Intercept)", 6194}, {"stypeH", 755}, {"stypeM", 1018}, {"api99", 3914069}};
}
inline Formula formula(const std::string& text) { return std::move(Formula::parse(text).value()); }

inline Matrix column_of(const Dataset& data, const std::string& id) {
  const std::vector<double> values = numbers_of(data, id);
  return Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size()));
}
inline Estimated total(const Schools& survey, const Sample& sample, const std::string& id) {
  return estimate(sample, *total_of(column_of(survey.data, id), {}), Progress()).value();
}
inline Estimated mean(const Schools& survey, const Sample& sample, const std::string& id,
                      const std::vector<uint8_t>& domain = {}) {
  return estimate(sample, *mean_of(column_of(survey.data, id), domain), Progress()).value();
}

}  // namespace barometer::testing
