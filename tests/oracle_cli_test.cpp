// The command line beside R: every case of tests/oracle/cases.json (made by tests/oracle/cases.R)
// is asked of the built `barometer`, and its answer compared with what R's package survey said.
// With BAROMETER_ORACLE=FOLDER the cases of another folder are taken: `ctest -L oracle` makes more
// of them with the R that is installed.
//
//   tests/oracle_cli_test --gtest_filter='*chisq*'
//
// With BAROMETER_ENGINE=ENGINE (cases, duckdb, duckdb:FILE, postgresql://…, clickhouse://…) the
// same is asked of another engine. Of a database the data must be there, each file a table of its
// name, but for duckdb alone; what it refuses must be what needs single cases.
//
// At the end it prints a line for each case: the R call, the command, the largest relative
// difference, and how many values were compared.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/io/io.h"
#include "barometer/sql/load.h"
#include "tests/support/command.h"
#include "tests/support/server_process.h"

namespace barometer {
namespace {

using Json = nlohmann::json;

std::string oracle_folder() {
  const char* folder = std::getenv("BAROMETER_ORACLE");
  return folder == nullptr ? SOURCE_DIR "/tests/oracle" : folder;
}

std::string engine() {
  const char* name = std::getenv("BAROMETER_ENGINE");
  return name == nullptr ? "" : name;
}
// It knows sums only, not the cases.
bool is_database() { return !engine().empty() && engine() != "cases"; }

struct Case {
  std::string id, r, design;
  std::vector<std::string> command;
  Json expected;
  double tolerance = 0;
};

std::vector<Case> read_cases() {
  const auto bytes = read_file(oracle_folder() + "/cases.json");
  if (!bytes) return {};
  std::vector<Case> cases;
  const Json all = Json::parse(*bytes);
  for (const Json& one : all["cases"]) {
    Case made{one["id"], one["r"], one["design"], {}, one["expected"], one["rel_tol"]};
    for (const std::string word : one["command"]) {
      made.command.push_back(replaced(word, "{data}", oracle_folder() + "/data"));
    }
    cases.push_back(std::move(made));
  }
  return cases;
}

const std::vector<Case>& all_cases() {
  static const std::vector<Case> cases = read_cases();
  return cases;
}

std::string quoted(const std::string& word) {
  const bool plain = std::ranges::all_of(word, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string("-_./,").find(c) != std::string::npos;
  });
  return plain ? word : "'" + replaced(word, "'", "'\\''") + "'";
}

bool has_word(const Case& one, std::initializer_list<const char*> words) {
  return std::ranges::any_of(
      words, [&](const char* word) { return std::ranges::count(one.command, word) > 0; });
}

// What sums by cell cannot answer (docs/estimate.md).
bool needs_single_cases(const Case& one) {
  const bool quantile = has_word(one, {"quantile"});
  return has_word(one, {"--pps", "--phase2", "--make-replicates", "--trim", "--respondents",
                        "--replicate-file", "ranktest", "likelihood", "score"}) ||
         (quantile && has_word(one, {"shahvaish", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"}));
}

// A fit by sums goes on to the last digit where R stops at 1e-8 of the deviance: its small p values
// are then off by up to 1e-4. Degrees of freedom of replicates are their number less 1.
Case for_database(Case one) {
  if (has_word(one, {"--family"}) && !has_word(one, {"--converged"})) {
    one.tolerance = std::max(one.tolerance, 1e-4);
  }
  if (has_word(one, {"--replicates"})) {
    for (const char* key : {"df", "ci", "p", "p_each"}) one.expected.erase(key);
  }
  return one;
}

std::string table_of(const std::string& file) {
  return std::filesystem::path(file).stem().string();
}

// A server with every data file of the cases, each a table of its name.
template <class Server>
class Loaded {
 public:
  template <class... Arguments>
  explicit Loaded(Arguments... arguments) : server_(arguments...) {
    std::set<std::string> files;
    for (const Case& one : all_cases()) files.insert(one.command.at(1));
    for (const std::string& file : files) {
      const auto source = parse_sql_source(address(), table_of(file)).value();
      const Status loaded = load_table(read_data(file).value(), source, {}, Progress());
      if (!loaded) throw std::runtime_error(loaded.error().message);
    }
  }
  [[nodiscard]] std::string address() const {
    if constexpr (std::is_same_v<Server, testing::ClickhouseServers>) {
      return server_.address(0);
    } else {
      return server_.address();
    }
  }

 private:
  Server server_;
};

// What --engine is given.
const std::string& engine_address() {
  static const std::string address = [] {
    if (engine() == "postgresql") {
      static const Loaded<testing::PostgresqlServer> server;
      return server.address();
    }
    if (engine() == "clickhouse") {
      static const Loaded<testing::ClickhouseServers> server(size_t{1});
      return server.address();
    }
    return engine();
  }();
  return address;
}

std::string shell_command(const Case& one) {
  std::string text = BUILD_DIR "/cli/barometer";
  for (const std::string& word : one.command) {
    const bool data = &word == &one.command[1];
    text += " " + quoted(data && is_database() && engine() != "duckdb" ? table_of(word) : word);
  }
  if (!engine().empty()) text += " --engine " + quoted(engine_address());
  return text + " --format json";
}

// Relative to the expected value, or to its SE where that is larger than the value, so that a
// difference of nothing is no difference. Infinite when one of them has no value.
double difference(const Json& actual, const Json& expected, double scale) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  if (expected.is_null() || actual.is_null())
    return expected.is_null() == actual.is_null() ? 0 : kFar;
  if (expected.is_string() || actual.is_string()) return actual == expected ? 0 : kFar;
  if (!expected.is_number() || !actual.is_number()) return kFar;
  const auto a = actual.get<double>();
  const auto b = expected.get<double>();
  if (a == b) return 0;
  return std::abs(a - b) / std::max(std::abs(b), scale);
}

// What the comparison of one case found.
struct Comparison {
  double largest = 0;
  size_t values = 0;
  std::vector<std::string> problems;

  void compare(const std::string& what, const Json& actual, const Json& expected, double tolerance,
               double scale = 0) {
    const double found = difference(actual, expected, scale);
    ++values;
    if (std::isfinite(found)) largest = std::max(largest, found);
    if (found <= tolerance) return;
    problems.push_back(fmt::format("{}: {} here, {} in R ({:.2g} relative, at most {:g})", what,
                                   actual.dump(), expected.dump(), found, tolerance));
  }
};

// Keys of R's answer: statistic, df and p of a test; estimate, se, ci, deff, p_each of lines, and
// covariance. The lines are in R's order.
class Comparer {
 public:
  Comparer(const Case& one, const Json& answer)
      : expected_(one.expected), tolerance_(one.tolerance), answer_(answer) {
    for (const Json& line : answer.at("estimates")) lines_.push_back(line);
  }

  Comparison run() {
    if (expected_.contains("statistic")) compare_test();
    if (expected_.contains("estimate")) compare_lines();
    if (expected_.contains("ci")) compare_intervals();
    if (expected_.contains("covariance")) compare_covariance();
    return std::move(found_);
  }

 private:
  // Below this a probability or a statistic is nothing; of an estimate, this part of it.
  static constexpr double kNothing = 1e-10;
  static constexpr double kNothingOfEstimate = 1e-5;

  // The key of line i; null when it is not there.
  [[nodiscard]] Json value(size_t i, const std::string& key) const {
    return i < lines_.size() ? lines_[i].value(key, Json()) : Json();
  }
  [[nodiscard]] double number(const std::string& key, size_t i) const {
    const Json all = expected_.value(key, Json::array());
    return i < all.size() && all[i].is_number() ? all[i].get<double>() : 0;
  }
  // Of differences in an SE: an SE of 0 is noise of the estimate.
  [[nodiscard]] double se_scale(size_t i) const {
    return std::max(number("se", i), kNothingOfEstimate * std::abs(number("estimate", i)));
  }

  void compare_test() {
    for (const char* key : {"statistic", "p"}) {
      found_.compare(key, answer_.value(key, Json()), expected_[key], tolerance_, kNothing);
    }
    if (!expected_.contains("df")) return;
    const Json df = answer_.value("df", Json());
    const Json actual = df.is_array() ? df : Json::array({df});
    for (size_t i = 0; i < expected_["df"].size(); ++i) {
      found_.compare(fmt::format("df {}", i + 1), i < actual.size() ? actual[i] : Json(),
                     expected_["df"][i], tolerance_);
    }
  }

  void compare_lines() {
    if (expected_["estimate"].size() != lines_.size()) {
      found_.problems.push_back(
          fmt::format("{} estimates here, {} in R", lines_.size(), expected_["estimate"].size()));
    }
    for (size_t i = 0; i < lines_.size(); ++i) {
      const std::string label = value(i, "label").dump();
      const auto compare = [&](const char* key, const char* ours, double scale) {
        if (!expected_.contains(key) || i >= expected_[key].size()) return;
        found_.compare(fmt::format("{} of {}", key, label), value(i, ours), expected_[key][i],
                       tolerance_, scale);
      };
      compare("estimate", "estimate", number("se", i) * 1e-3);
      compare("se", "se", se_scale(i));
      compare("deff", "deff", 0);
      compare("p_each", "p", kNothing);
      if (expected_.contains("df")) {
        found_.compare("df", value(i, "df"), expected_["df"], tolerance_);
      }
    }
  }

  // Of some quantiles one end alone is known.
  void compare_intervals() {
    for (size_t i = 0; i < expected_["ci"].size(); ++i) {
      const Json& expected = expected_["ci"][i];
      const Json actual = value(i, "ci");
      const std::string label = value(i, "label").dump();
      for (size_t end = 0; end < 2; ++end) {
        found_.compare(fmt::format("{} end of {}", end == 0 ? "lower" : "upper", label),
                       actual.is_array() ? actual[end] : Json(), expected[end], tolerance_,
                       number("se", i) * 1e-3);
      }
    }
  }

  // Relative to the two SEs.
  void compare_covariance() {
    const Json& expected = expected_["covariance"];
    const Json actual = answer_.value("covariance", Json::array());
    for (size_t i = 0; i < expected.size(); ++i) {
      for (size_t j = 0; j < expected.size(); ++j) {
        const bool there = i < actual.size() && j < actual[i].size();
        found_.compare(fmt::format("covariance {}, {}", i + 1, j + 1),
                       there ? actual[i][j] : Json(), expected[i][j], tolerance_,
                       se_scale(i) * se_scale(j));
      }
    }
  }

  const Json& expected_;
  double tolerance_;
  const Json& answer_;
  std::vector<Json> lines_;
  Comparison found_;
};

// Whether the filter of the run chose the case.
bool chosen(const std::string& id) {
  const auto& program = *::testing::UnitTest::GetInstance();
  for (int i = 0; i < program.total_test_suite_count(); ++i) {
    const auto& suite = *program.GetTestSuite(i);
    for (int j = 0; j < suite.total_test_count(); ++j) {
      const auto& test = *suite.GetTestInfo(j);
      if (std::string(test.name()).ends_with("/" + id)) return test.should_run();
    }
  }
  return false;
}

// The chosen commands, run by as many threads as there are processors, once.
const std::vector<testing::CommandResult>& all_answers() {
  static const std::vector<testing::CommandResult> answers = [] {
    const std::vector<Case>& cases = all_cases();
    std::vector<testing::CommandResult> made(cases.size());
    std::atomic<size_t> next = 0;
    const auto work = [&] {
      for (size_t i = next++; i < made.size(); i = next++) {
        if (chosen(cases[i].id)) made[i] = testing::run_command(shell_command(cases[i]));
      }
    };
    std::vector<std::jthread> threads;
    for (unsigned t = 0; t < std::max(2U, std::thread::hardware_concurrency()); ++t) {
      threads.emplace_back(work);
    }
    threads.clear();  // joins
    return made;
  }();
  return answers;
}

struct Row {
  const Case* one;
  double largest;
  size_t values, problems;
};
std::vector<Row>& rows() {
  static std::vector<Row> all;
  return all;
}

class Oracle : public ::testing::TestWithParam<size_t> {
 public:
  static void TearDownTestSuite() {
    fmt::print("{:>8}  {:>6}  case: R function | command\n", "largest", "values");
    for (const Row& row : rows()) {
      fmt::print("{:>8}  {:>6}  {}{}: {} | barometer {}\n", fmt::format("{:.1e}", row.largest),
                 row.values, row.problems == 0 ? "" : "DIFFERS ", row.one->id, row.one->r,
                 join(row.one->command, " "));
    }
  }
};

TEST_P(Oracle, AnswersAsR) {
  const Case& stored = all_cases()[GetParam()];
  const Case one = is_database() ? for_database(stored) : stored;
  const testing::CommandResult& result = all_answers()[GetParam()];
  const std::string place = fmt::format("{}\n  of {}\n  {}", one.r, one.design, shell_command(one));
  if (is_database() && needs_single_cases(one)) {
    EXPECT_EQ(result.exit, 2) << place;
    EXPECT_THAT(result.output, ::testing::HasSubstr("single cases")) << place;
    return;
  }
  if (result.exit != 0) rows().push_back({&stored, INFINITY, 0, 1});
  ASSERT_EQ(result.exit, 0) << place << "\n" << result.output;
  // Notes and warnings stand before the JSON.
  const size_t start = result.output.find("{\n");
  ASSERT_NE(start, std::string::npos) << place << "\n" << result.output;
  const Json answer = Json::parse(result.output.substr(start), nullptr, false);
  ASSERT_FALSE(answer.is_discarded()) << place << "\n" << result.output;
  const Comparison found = Comparer(one, answer).run();
  rows().push_back({&stored, found.largest, found.values, found.problems.size()});
  EXPECT_GT(found.values, 0U) << place;
  std::vector<std::string> shown = found.problems;
  if (shown.size() > 8) shown.resize(8);
  EXPECT_TRUE(found.problems.empty()) << place << "\n  " << join(shown, "\n  ");
}

std::string name_of_case(const ::testing::TestParamInfo<size_t>& info) {
  return all_cases()[info.param].id;
}

std::vector<size_t> indices() {
  std::vector<size_t> all(all_cases().size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = i;
  return all;
}

INSTANTIATE_TEST_SUITE_P(Survey, Oracle, ::testing::ValuesIn(indices()), name_of_case);

TEST(OracleCases, AreMany) { EXPECT_GE(all_cases().size(), 150U); }

}  // namespace
}  // namespace barometer
