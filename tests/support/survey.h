// The public test surveys with their designs, as a data set and a sample (estimate/testdata).
#pragma once

#include <memory>
#include <string>

#include "barometer/sample/functional.h"
#include "tests/support/csv_dataset.h"

namespace barometer::testing {

struct Survey {
  std::shared_ptr<const Dataset> data;
  DesignSpec spec;

  [[nodiscard]] Sample sample() const { return Sample::of(Design::make(spec).value()); }
  [[nodiscard]] std::vector<double> numbers(const std::string& id) const {
    return numbers_of(*data, id);
  }
  // One column a name.
  [[nodiscard]] Matrix columns(const std::vector<std::string>& ids) const {
    Matrix y(static_cast<Eigen::Index>(data->case_count()), static_cast<Eigen::Index>(ids.size()));
    for (size_t j = 0; j < ids.size(); ++j) {
      const std::vector<double> values = numbers(ids[j]);
      y.col(static_cast<Eigen::Index>(j)) =
          Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size()));
    }
    return y;
  }
  // Cases of a category.
  [[nodiscard]] std::vector<uint8_t> where(const std::string& id, const std::string& label) const {
    const Column& column = **data->find(id);
    const int code = data->codebook().find(id)->category_labelled(label)->code;
    std::vector<uint8_t> mask;
    for (size_t row = 0; row < data->case_count(); ++row) {
      mask.push_back(code_at(column, row) == code ? 1 : 0);
    }
    return mask;
  }
};

inline Survey read_survey(const std::string& name) {
  Survey survey;
  survey.data = std::make_shared<const Dataset>(
      read_csv_dataset(std::string(SOURCE_DIR) + "/barometer/estimate/testdata/" + name));
  survey.spec.case_count = survey.data->case_count();
  return survey;
}

// svydesign(ids = ~1, weights = ~pw, fpc = ~fpc)
inline Survey apisrs() {
  Survey survey = read_survey("apisrs.csv");
  survey.spec.weights = survey.numbers("pw");
  survey.spec.fpc = {survey.numbers("fpc")};
  return survey;
}

// svydesign(ids = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc)
inline Survey apistrat() {
  Survey survey = read_survey("apistrat.csv");
  survey.spec.strata = {codes_of(*survey.data, "stype")};
  survey.spec.weights = survey.numbers("pw");
  survey.spec.fpc = {survey.numbers("fpc")};
  return survey;
}

// svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc)
inline Survey apiclus1() {
  Survey survey = read_survey("apiclus1.csv");
  survey.spec.ids = {codes_of(*survey.data, "dnum")};
  survey.spec.weights = survey.numbers("pw");
  survey.spec.fpc = {survey.numbers("fpc")};
  return survey;
}

// svydesign(ids = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2)
inline Survey apiclus2() {
  Survey survey = read_survey("apiclus2.csv");
  survey.spec.ids = {codes_of(*survey.data, "dnum"), codes_of(*survey.data, "snum")};
  survey.spec.weights = survey.numbers("pw");
  survey.spec.fpc = {survey.numbers("fpc1"), survey.numbers("fpc2")};
  return survey;
}

// The jackknife of a one-stage cluster sample, as as.svrepdesign(apiclus1, type = "JK1").
inline Sample jackknifed(const Survey& survey) {
  std::map<int32_t, Eigen::Index> unit;
  for (const int32_t id : survey.spec.ids[0]) unit.emplace(id, 0);
  Eigen::Index next = 0;
  for (auto& [id, index] : unit) index = next++;
  const auto units = static_cast<double>(unit.size());
  Replicates replicates;
  replicates.type = ReplicateType::kJk1;
  replicates.scale = (units - 1) / units;
  if (!survey.spec.fpc.empty()) replicates.scale *= 1 - units / survey.spec.fpc[0][0];
  replicates.rscales.assign(unit.size(), 1.0);
  replicates.weights.resize(static_cast<Eigen::Index>(survey.spec.case_count), next);
  for (Eigen::Index i = 0; i < replicates.weights.rows(); ++i) {
    const auto row = static_cast<size_t>(i);
    replicates.weights.row(i).setConstant(survey.spec.weights[row] * units / (units - 1));
    replicates.weights(i, unit.at(survey.spec.ids[0][row])) = 0;
  }
  return std::move(Sample::replicated(survey.spec.weights, std::move(replicates)).value());
}

}  // namespace barometer::testing
