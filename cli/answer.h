// What an estimating verb answers, and its three forms: text, JSON and CSV.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "barometer/base/matrix.h"

namespace barometer::cli {

// One estimate. A value that cannot be made is absent, and `reason` says why; an SE or interval
// that cannot be made is absent, and `no_interval` says why.
struct AnswerLine {
  std::string label;     // "E:api00", "stype=E"
  std::string variable;  // "api00"
  std::string level;     // of a category
  std::string domain;    // of --by
  std::optional<double> estimate, se, lower, upper, df;
  std::vector<std::pair<std::string, std::optional<double>>>
      more;  // "deff", "cv", "prob", "t", "p"
  std::optional<size_t> n;
  std::optional<double> weighted_base, effective_base;
  std::string reason, no_interval;
  std::string method;
  bool in_covariance = true;  // has a row of Answer::covariance, when there is an estimate
};

struct AnswerTest {
  std::string name;  // "Rao-Scott second-order F test of independence"
  double statistic = 0;
  std::vector<double> df;
  double p = 0;
};

struct Answer {
  std::string estimand;
  double level = 0.95;
  std::string design, df_rule;
  std::optional<AnswerTest> test;
  std::vector<AnswerLine> lines;
  std::optional<Matrix> covariance;  // a row for each line with an estimate and in_covariance
  std::vector<std::pair<std::string, double>> numbers;  // "dispersion", "deviance", …
  std::vector<std::string> notes;
  bool findings = false;  // weights that miss their totals
};

std::string json_text(const Answer& answer);
// The lines; with a covariance, one column cov_<label> more for each.
std::string csv_text(const Answer& answer);
std::string plain_text(const Answer& answer);

}  // namespace barometer::cli
