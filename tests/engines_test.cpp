// One question to every engine that needs no server: the answers are the same, and where one road
// would look at values that another has only sums of, it does not take it.
#include <cmath>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "barometer/base/text.h"
#include "tests/support/command.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using Json = nlohmann::json;

// Strata, clusters, weights of very different sizes, a number with many zeros, a small number
// beside a large one, a scale, missing values.
std::string survey_csv() {
  std::mt19937_64 random(11);
  std::lognormal_distribution<double> wide(0, 1.5);
  std::uniform_real_distribution<double> share(0, 0.1);
  std::string csv = "stratum,psu,w,region,likert,zeros,income,share,y\n";
  for (size_t i = 0; i < 600; ++i) {
    const auto below = [&](size_t n) { return random() % n; };
    csv += fmt::format(
        "{},{},{},{},{},{},{},{},{}\n", i / 150, i / 15, wide(random),
        below(3) == 0 ? "North" : "South-East", below(12) == 0 ? "" : std::to_string(1 + below(5)),
        below(10) < 6 ? 0 : static_cast<int>(below(9)), 1e8 * wide(random), share(random),
        below(15) == 0 ? "" : fmt::format("{}", 50 + 20 * wide(random)));
  }
  return csv;
}

std::vector<double> numbers_of(const Json& answer) {
  std::vector<double> numbers;
  const auto add = [&](const Json& value) {
    numbers.push_back(value.is_number() ? value.get<double>() : -1);
  };
  for (const char* key : {"statistic", "p"}) add(answer.value(key, Json()));
  for (const Json& line : answer.at("estimates")) {
    for (const char* key :
         {"estimate", "se", "df", "n", "weighted_base", "effective_base", "deff"}) {
      add(line.value(key, Json()));
    }
  }
  return numbers;
}

class Engines : public ::testing::TestWithParam<const char*> {};

TEST_P(Engines, AnswerAlike) {
  testing::TempFolder folder;
  const std::string file = folder.write("survey.csv", survey_csv()).string();
  std::vector<std::vector<double>> found;
  for (const char* engine : {"cases", "memory", "duckdb"}) {
    const auto result =
        testing::run_command(fmt::format("{}/cli/barometer estimate '{}' --strata stratum --id psu "
                                         "--nest --engine {} {} --format json",
                                         BUILD_DIR, file, engine, GetParam()));
    ASSERT_EQ(result.exit, 0) << engine << ": " << result.output;
    found.push_back(numbers_of(Json::parse(result.output.substr(result.output.find("{\n")))));
  }
  for (size_t other : {1U, 2U}) {
    ASSERT_EQ(found[other].size(), found[0].size());
    for (size_t i = 0; i < found[0].size(); ++i) {
      const double size = std::max(1e-6, std::abs(found[0][i]));
      EXPECT_NEAR(found[other][i], found[0][i], 1e-8 * size) << GetParam() << ", number " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Questions, Engines,
    ::testing::Values(
        "--weight w mean y income --by region --deff", "--weight w mean 'I(y > 60)'",
        "--weight w mean 'y > 60' 'likert != 3'", "--weight w total income share",
        "--weight w ratio 'likert > 2' 'y > 55'", "--weight w ratio y income --deff", "mean y",
        "--weight w mean income share --listwise", "--weight w ttest 'likert > 2' --mu 0.5",
        "--weight w ttest 'y ~ region'", "--weight w glm 'y ~ region'",
        "--weight w glm 'y > 60 ~ likert'", "--weight w quantile zeros --probs 0,.1,.25,.5,.75,1",
        "--weight w quantile likert --probs .05,.1,.2,.9 --rule school",
        "--weight w mean y --where \"region = 'South-East' and y < 90\"",
        "--weight w contrast 'North:y - `South-East:y`' --by region",
        "--weight w chisq region likert", "--weight w var y share --where 'zeros = 0'",
        "--weight w mean share --by likert --cv", "--weight w mean share --by region,likert,zeros",
        "--weight w mean y --where 'y > 1000000'"));

}  // namespace
}  // namespace barometer
