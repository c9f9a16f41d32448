// The generated data of the tests of this folder and what R survey 4.1.1 makes of them
// (testdata/*.R write both).
#pragma once

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "barometer/sample/functional.h"
#include "tests/support/near.h"

namespace barometer::testing {

class TestTable {
 public:
  // Rows of `set` alone, when one is named (by the column "set").
  explicit TestTable(const std::string& name, const std::string& set = "")
      : table_(parse(std::string(SOURCE_DIR) + "/barometer/sample/testdata/" + name)) {
    for (size_t row = 0; row < table_.row_count(); ++row) {
      if (set.empty() || table_.cell(row, "set").text == set) rows_.push_back(row);
    }
  }
  [[nodiscard]] size_t size() const { return rows_.size(); }
  [[nodiscard]] const std::string& text(size_t row, const std::string& column) const {
    return table_.cell(rows_[row], column).text;
  }
  [[nodiscard]] std::vector<double> numbers(const std::string& column) const {
    std::vector<double> values;
    for (const size_t row : rows_) {
      values.push_back(std::strtod(table_.cell(row, column).text.c_str(), nullptr));
    }
    return values;
  }
  [[nodiscard]] std::vector<int32_t> codes(const std::string& column) const {
    std::vector<int32_t> codes;
    for (const double value : numbers(column)) codes.push_back(static_cast<int32_t>(value));
    return codes;
  }
  [[nodiscard]] std::vector<uint8_t> mask(const std::string& column) const {
    std::vector<uint8_t> mask;
    for (const double value : numbers(column)) mask.push_back(value == 1 ? 1 : 0);
    return mask;
  }
  // One column a name.
  [[nodiscard]] Matrix matrix(const std::vector<std::string>& columns) const {
    Matrix values(static_cast<Eigen::Index>(size()), static_cast<Eigen::Index>(columns.size()));
    for (size_t j = 0; j < columns.size(); ++j) {
      const std::vector<double> column = numbers(columns[j]);
      values.col(static_cast<Eigen::Index>(j)) =
          Eigen::Map<const Vector>(column.data(), static_cast<Eigen::Index>(column.size()));
    }
    return values;
  }

 private:
  static CsvTable parse(const std::string& path) {
    Diagnostics problems;
    const auto bytes = read_file(path);
    CHECK(bytes.has_value(), path);
    CsvTable table = CsvTable::parse(*bytes, path, problems);
    CHECK(problems.ok(), problems.text());
    return table;
  }

  CsvTable table_;
  std::vector<size_t> rows_;
};

struct ValueAndSe {
  double value = 0, se = 0;
};
// By design and statistic.
using Expected = std::map<std::string, std::map<std::string, ValueAndSe>>;

inline Expected read_expected(const std::string& name) {
  const TestTable table(name);
  const std::vector<double> values = table.numbers("value");
  const std::vector<double> ses = table.numbers("se");
  Expected expected;
  for (size_t row = 0; row < table.size(); ++row) {
    expected[table.text(row, "design")][table.text(row, "what")] = {values[row], ses[row]};
  }
  return expected;
}

constexpr double kTolerance = 1e-9;
constexpr const char* kSource = "R survey 4.1.1, R 4.2.2";

inline Estimated estimated(const Sample& sample, const FunctionalPtr& functional) {
  auto found = estimate(sample, *functional, Progress());
  CHECK(found.has_value(), found ? "" : found.error().message);
  return std::move(*found);
}

inline void expect_value_and_se(const Estimated& found, Eigen::Index j, const ValueAndSe& expected,
                                const std::string& what) {
  EXPECT_TRUE(near_rel(found.value(j), expected.value, kTolerance, kSource)) << what;
  EXPECT_TRUE(near_rel(found.se(j), expected.se, kTolerance, kSource)) << what;
}

// The statistics of testdata/pps.R and two_phase.R: of y1, y2 and the domain d = 1.
inline void expect_statistics_of_r(const Sample& sample, const TestTable& data,
                                   const std::map<std::string, ValueAndSe>& expected) {
  const Matrix y = data.matrix({"y1", "y2"});
  const Matrix y1 = y.leftCols(1);
  const std::vector<uint8_t> d = data.mask("d");
  const Estimated total = estimated(sample, total_of(y, {}));
  expect_value_and_se(total, 0, expected.at("total y1"), "total y1");
  expect_value_and_se(total, 1, expected.at("total y2"), "total y2");
  EXPECT_TRUE(near_rel(total.covariance(0, 1), expected.at("covariance of totals").se, kTolerance,
                       kSource));
  EXPECT_EQ(total.df, expected.at("df").value);
  const Estimated mean = estimated(sample, mean_of(y, {}));
  expect_value_and_se(mean, 0, expected.at("mean y1"), "mean y1");
  expect_value_and_se(mean, 1, expected.at("mean y2"), "mean y2");
  expect_value_and_se(estimated(sample, ratio_of(y1, y.rightCols(1), {})), 0, expected.at("ratio"),
                      "ratio");
  expect_value_and_se(estimated(sample, total_of(y1, d)), 0, expected.at("domain total"),
                      "domain total");
  const Estimated domain = estimated(sample, mean_of(y1, d));
  expect_value_and_se(domain, 0, expected.at("domain mean"), "domain mean");
  if (expected.contains("domain df")) {
    EXPECT_EQ(domain.df, expected.at("domain df").value);
  }
}

// "accepted" or the message.
template <class T>
std::string outcome(const Result<T>& result) {
  return result ? "accepted" : result.error().message;
}

}  // namespace barometer::testing
