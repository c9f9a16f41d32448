// What a test says.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace barometer {

struct TestInterval {
  double lower = 0;
  double upper = 0;
  double level = 0.95;
};

struct TestResult {
  std::string method;          // "Pearson's X² with Rao & Scott's second-order correction"
  std::string statistic_name;  // "F", "X-squared", "t"
  double statistic = 0;
  std::vector<double> df;  // of the reference distribution: none (its λ are), one, or two
  double p = 1;            // of both sides where there are sides

  std::string estimate_name;  // "difference in mean: Yes - No"; empty: nothing is estimated
  std::optional<double> estimate;
  std::optional<double> se;
  std::optional<TestInterval> interval;
  std::string reason;  // why there is no interval; empty where there is one

  size_t cases = 0;  // that were tested: in the base, with every answer
};

}  // namespace barometer
