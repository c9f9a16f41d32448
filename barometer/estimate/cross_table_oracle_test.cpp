// Cross tables and the covariances of their columns, as R survey's svyby and svymean have them
// (testdata/cross_table.R).
#include <charconv>
#include <map>

#include <gtest/gtest.h>

#include "barometer/estimate/cross_table.h"
#include "tests/support/engines.h"
#include "tests/support/near.h"
#include "tests/support/survey.h"

namespace barometer {
namespace {

using testing::near_rel;

constexpr const char* kSource = "R survey 4.1.1";

testing::Survey survey_of(const std::string& design) {
  if (design == "strat") return testing::apistrat();
  if (design == "clus1") return testing::apiclus1();
  testing::Survey survey = testing::apiclus2();
  survey.spec.weights.clear();
  survey.spec.weights_from_fpc = true;
  return survey;
}

double number(const std::string& text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  CHECK(problem == std::errc() && end == text.data() + text.size(), "a number: " + text);
  return value;
}

CrossTableEstimates table_of(const Engine& engine, const CrossTable& table,
                             const std::string& base) {
  CrossTableOptions options{.covariances = true};
  if (base == "upper") options.filter.where = Expression::parse("api00 >= 640").value();
  std::optional<CrossTableEstimates> found;
  const auto done = cross_tables(engine, {&table, 1}, options, {},
                                 [&](size_t, const CrossTableEstimates& estimates) -> Status {
                                   found = estimates;
                                   return {};
                                 });
  CHECK(done, done ? "" : done.error().message);
  return *found;
}

// Place of a category, or of the total after them.
Eigen::Index place(const Variable& variable, const std::string& label) {
  const Category* category = variable.category_labelled(label);
  CHECK(category != nullptr || label == "total", "a category: " + label);
  return category != nullptr ? category - variable.categories.data()
                             : static_cast<Eigen::Index>(variable.categories.size());
}

class CrossTableOracle : public testing::OnEveryEngine {};
INSTANTIATE_TEST_SUITE_P(Engines, CrossTableOracle,
                         ::testing::ValuesIn(testing::table_engine_makers()),
                         CrossTableOracle::label);

TEST_P(CrossTableOracle, SharesErrorsAndCovariances) {
  const std::string path = std::string(SOURCE_DIR) + "/barometer/estimate/testdata/cross_table.csv";
  Diagnostics problems;
  const CsvTable expected = CsvTable::parse(read_file(path).value(), path, problems);
  ASSERT_EQ(expected.row_count(), 276U);
  std::map<std::string, std::shared_ptr<const Engine>> engines;
  std::map<std::string, CrossTableEstimates> tables;
  for (size_t row = 0; row < expected.row_count(); ++row) {
    const auto text = [&](const char* name) { return expected.cell(row, name).text; };
    const std::string key = text("design") + text("base") + text("rows") + text("columns");
    SCOPED_TRACE(key + text("row") + text("column") + text("other"));
    if (!engines.contains(text("design"))) {
      const testing::Survey survey = survey_of(text("design"));
      engines[text("design")] = GetParam().make(survey.data, survey.spec);
    }
    if (!tables.contains(key)) {
      const CrossTable table{text("rows"), text("columns")};
      tables[key] = table_of(*engines.at(text("design")), table, text("base"));
    }
    const CrossTableEstimates& table = tables.at(key);
    const auto r = place(table.rows, text("row"));
    const auto g = place(table.columns, text("column"));
    const double first = number(text("value1"));
    if (text("other").empty()) {
      EXPECT_TRUE(near_rel(table.share(r, g), first, 1e-9, kSource));
      EXPECT_NEAR(table.se(r, g), number(text("value2")), 1e-9 * table.se(r, g) + 1e-16) << kSource;
    } else {
      const Matrix& v = table.covariances[static_cast<size_t>(r)];
      const auto h = place(table.columns, text("other"));
      EXPECT_NEAR(v(g, h), first, 1e-9 * std::sqrt(v(g, g) * v(h, h)) + 1e-18) << kSource;
    }
  }
}

}  // namespace
}  // namespace barometer
