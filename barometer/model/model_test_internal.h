// The samples and the expected values of this module's tests (testdata/model.R).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "barometer/model/glm.h"
#include "tests/support/csv_dataset.h"
#include "tests/support/near.h"

namespace barometer::testing {

struct TestSample {
  Dataset data;
  Sample sample;
};

inline std::string model_testdata(const std::string& name) {
  return SOURCE_DIR "/barometer/model/testdata/" + name;
}

inline Dataset model_data(const std::string& name) {
  return read_csv_dataset(model_testdata(name + ".csv"));
}

inline Sample sample_of(DesignSpec spec) {
  return Sample::of(std::move(Design::make(std::move(spec)).value()));
}

// California's schools: stratified, one-stage clusters, two-stage clusters, and the clusters'
// jackknife (JK1 with finite population correction, as R's as.svrepdesign).
inline TestSample strat_sample() {
  Dataset data = model_data("apistrat");
  DesignSpec spec;
  spec.case_count = data.case_count();
  spec.strata = {codes_of(data, "stype")};
  spec.ids = {std::vector<int32_t>(data.case_count())};
  for (size_t i = 0; i < data.case_count(); ++i) spec.ids[0][i] = static_cast<int32_t>(i);
  spec.fpc = {numbers_of(data, "fpc")};
  spec.weights = numbers_of(data, "pw");
  return {data, sample_of(std::move(spec))};
}

inline TestSample clus1_sample() {
  Dataset data = model_data("apiclus1");
  DesignSpec spec;
  spec.case_count = data.case_count();
  spec.ids = {codes_of(data, "dnum")};
  spec.fpc = {numbers_of(data, "fpc")};
  spec.weights = numbers_of(data, "pw");
  return {data, sample_of(std::move(spec))};
}

inline TestSample clus2_sample() {
  Dataset data = model_data("apiclus2");
  DesignSpec spec;
  spec.case_count = data.case_count();
  spec.ids = {codes_of(data, "dnum"), codes_of(data, "snum")};
  spec.fpc = {numbers_of(data, "fpc1"), numbers_of(data, "fpc2")};
  spec.weights_from_fpc = true;
  return {data, sample_of(std::move(spec))};
}

inline TestSample jackknife_sample() {
  Dataset data = model_data("apiclus1");
  const std::vector<int32_t> units = codes_of(data, "dnum");
  const std::vector<double> weights = numbers_of(data, "pw");
  const std::vector<int32_t> distinct = [&] {
    std::vector<int32_t> sorted = units;
    std::ranges::sort(sorted);
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    return sorted;
  }();
  const auto n = static_cast<double>(distinct.size());
  Replicates replicates;
  replicates.type = ReplicateType::kJk1;
  replicates.scale = (n - 1) / n * (1 - n / 757);
  replicates.rscales.assign(distinct.size(), 1);
  replicates.weights.resize(static_cast<Eigen::Index>(weights.size()),
                            static_cast<Eigen::Index>(distinct.size()));
  for (size_t r = 0; r < distinct.size(); ++r) {
    for (size_t i = 0; i < weights.size(); ++i) {
      replicates.weights(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(r)) =
          units[i] == distinct[r] ? 0 : weights[i] * n / (n - 1);
    }
  }
  return {data, std::move(Sample::replicated(weights, std::move(replicates)).value())};
}

// Numbers, each case drawn by itself.
inline TestSample made_sample(
    const std::vector<std::pair<std::string, std::vector<double>>>& columns,
    const std::vector<double>& weights) {
  Codebook codebook;
  std::vector<Column> made;
  for (const auto& [id, values] : columns) {
    Variable variable;
    variable.id = id;
    variable.kind = VariableKind::kNumber;
    CHECK(codebook.add(std::move(variable)).has_value(), "an id");
    made.emplace_back(Numbers{values, std::vector<Missing>(values.size(), Missing::kNone)});
  }
  DesignSpec spec;
  spec.case_count = weights.size();
  spec.weights = weights;
  return {Dataset::make(std::move(codebook), std::move(made)).value(), sample_of(std::move(spec))};
}

inline const std::vector<std::string> kSampleNames = {"strat", "clus1", "clus2", "jk"};

inline const TestSample& test_sample(const std::string& name) {
  static const std::map<std::string, TestSample> kSamples = [] {
    std::map<std::string, TestSample> all;
    all.emplace("strat", strat_sample());
    all.emplace("clus1", clus1_sample());
    all.emplace("clus2", clus2_sample());
    all.emplace("jk", jackknife_sample());
    return all;
  }();
  return kSamples.at(name);
}

inline Formula formula_of(const std::string& text) {
  const auto formula = Formula::parse(text);
  CHECK(formula.has_value(), formula ? "" : formula.error().message);
  return *formula;
}

inline GlmOptions with_family(GlmFamily family, std::optional<GlmLink> link = std::nullopt) {
  GlmOptions options;
  options.family = family;
  options.link = link;
  return options;
}

inline Result<GlmFit> fit_of(const std::string& sample, const std::string& formula,
                             const GlmOptions& options = {}, Domain domain = {}) {
  const TestSample& from = test_sample(sample);
  return fit_glm(from.sample, from.data, formula_of(formula), domain, options);
}

inline std::vector<uint8_t> cases_where(const Dataset& data, const std::string& variable,
                                        const std::string& label) {
  const auto levels = levels_of(data, variable);
  CHECK(levels.has_value(), "the variable is there");
  std::vector<uint8_t> cases;
  for (const int32_t code : levels->codes) {
    cases.push_back(code >= 0 && levels->labels[static_cast<size_t>(code)] == label ? 1 : 0);
  }
  return cases;
}

// Values by case of the R script, quantity and label, in the order written.
class ModelValues {
 public:
  ModelValues() {
    Diagnostics problems;
    const std::string path = model_testdata("model.csv");
    const CsvTable table = CsvTable::parse(read_file(path).value(), path, problems);
    CHECK(problems.ok(), problems.text());
    for (size_t row = 0; row < table.row_count(); ++row) {
      const auto cell = [&](const char* name) { return table.cell(row, name).text; };
      Values& values = values_[cell("case") + "/" + cell("quantity")];
      values.labels.push_back(cell("label"));
      values.numbers.push_back(std::strtod(cell("value").c_str(), nullptr));
    }
  }

  struct Values {
    std::vector<std::string> labels;
    std::vector<double> numbers;
  };
  [[nodiscard]] const Values& of(const std::string& name, const std::string& quantity) const {
    return values_.at(name + "/" + quantity);
  }
  [[nodiscard]] double one(const std::string& name, const std::string& label) const {
    const Values& values = of(name, "one");
    for (size_t i = 0; i < values.labels.size(); ++i) {
      if (values.labels[i] == label) return values.numbers[i];
    }
    CHECK(false, "no expected value " + name + "/" + label);
    return 0;
  }

 private:
  std::map<std::string, Values> values_;
};

inline const ModelValues& expected() {
  static const ModelValues kExpected;
  return kExpected;
}

// Every number of a vector or matrix (column by column) beside R's.
inline void expect_matches(const Matrix& actual, const std::string& name,
                           const std::string& quantity, double tolerance, const std::string& why) {
  const std::vector<double>& numbers = expected().of(name, quantity).numbers;
  ASSERT_EQ(static_cast<size_t>(actual.size()), numbers.size()) << name << " " << quantity;
  // Entries of a matrix that cancel are compared on the scale of the matrix.
  const double floor = tolerance * actual.cwiseAbs().maxCoeff() * 1e-3;
  for (Eigen::Index i = 0; i < actual.size(); ++i) {
    const double a = actual.data()[i];
    const double b = numbers[static_cast<size_t>(i)];
    if (std::abs(a - b) <= floor) continue;
    EXPECT_TRUE(near_rel(a, b, tolerance, why)) << name << " " << quantity << " " << i;
  }
}

}  // namespace barometer::testing
