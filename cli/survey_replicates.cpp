// Replicate weights that came with the data: their columns, and the scales that options say.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/sample/given_replicates.h"
#include "cli/survey_internal.h"

namespace barometer::cli {
namespace {

// `*` stands for any run of characters.
bool matches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] != '*') {
    return !name.empty() && pattern[0] == name[0] && matches(pattern.substr(1), name.substr(1));
  }
  return matches(pattern.substr(1), name) || (!name.empty() && matches(pattern, name.substr(1)));
}

std::string written_name(const Variable& variable) {
  return variable.label.empty() ? variable.id : variable.label;
}

// --rscales: numbers, or a file of them, one a line.
Result<std::vector<double>> rscales_of(const std::string& option) {
  if (option.find_first_not_of("0123456789.,eE+- ") == std::string::npos) {
    return numbers_in(option, "--rscales");
  }
  const std::string bytes = TRY(read_file(option));
  std::vector<double> scales;
  size_t line_number = 0;
  for (const std::string& line : split(bytes, '\n')) {
    ++line_number;
    const std::string text(trimmed(line));
    if (text.empty()) continue;
    scales.push_back(TRY(number_in(text, fmt::format("{}, line {}", option, line_number))));
  }
  return scales;
}

Status check_weights(const std::vector<double>& weights) {
  for (size_t i = 0; i < weights.size(); ++i) {
    if (std::isnan(weights[i])) {
      return fail(ErrorCode::kInvalid, fmt::format("row {} has no weight", i + 1));
    }
    if (weights[i] < 0 || std::isinf(weights[i])) {
      return fail(ErrorCode::kInvalid, fmt::format("row {}: the weight {} is not a finite number "
                                                   "of at least 0",
                                                   i + 1, weights[i]));
    }
  }
  return {};
}

}  // namespace

// Columns of a file by names and patterns, in the order of the file; all but `weight` when there
// are none.
Result<std::vector<std::string>> replicate_columns(const Codebook& codebook,
                                                   const std::string& patterns,
                                                   const std::string& weight, bool whole_file) {
  std::vector<std::string> ids;
  std::vector<std::string> wanted = names_in(patterns);
  if (wanted.empty() && whole_file) wanted = {"*"};
  for (const std::string& pattern : wanted) {
    const size_t before = ids.size();
    for (const Variable& variable : codebook.variables()) {
      const bool fits = matches(pattern, variable.id) || matches(pattern, written_name(variable));
      if (!fits || std::ranges::count(ids, variable.id) > 0) continue;
      if (variable.id == weight || written_name(variable) == weight) continue;
      ids.push_back(variable.id);
    }
    if (ids.size() == before) {
      return fail(ErrorCode::kNotFound,
                  fmt::format("--replicates: no column is called '{}'", pattern));
    }
  }
  return ids;
}

Result<Matrix> replicate_matrix(const Dataset& data, const std::vector<std::string>& ids) {
  Matrix weights(static_cast<Eigen::Index>(data.case_count()),
                 static_cast<Eigen::Index>(ids.size()));
  for (size_t r = 0; r < ids.size(); ++r) {
    const std::vector<double> column = TRY(column_of(data, ids[r]));
    const auto missing =
        std::ranges::find_if(column, [](double weight) { return std::isnan(weight); });
    if (missing != column.end()) {
      return fail(ErrorCode::kInvalid, fmt::format("replicate column '{}' is empty in row {}",
                                                   ids[r], missing - column.begin() + 1));
    }
    weights.col(static_cast<Eigen::Index>(r)) =
        Eigen::Map<const Vector>(column.data(), weights.rows());
  }
  return weights;
}

Result<Sample> replicated_sample(const SurveyOptions& options, Matrix replicate_weights,
                                 std::vector<double> weights) {
  Replicates replicates;
  replicates.type =
      TRY(parse_replicate_type(options.rep_type.empty() ? "other" : options.rep_type));
  replicates.weights = std::move(replicate_weights);
  if (options.fay_rho) replicates.fay_rho = *options.fay_rho;
  if (replicates.type == ReplicateType::kFay && !options.fay_rho && !options.scale) {
    return fail(ErrorCode::kInvalid,
                "--rep-type fay needs --fay-rho, or the --scale that follows from it");
  }
  replicates.mse = options.mse;
  TRY_DONE(complete(replicates,
                    {.scale = options.scale,
                     .rscales = options.rscales.empty() ? std::vector<double>{}
                                                        : TRY(rscales_of(options.rscales))}));
  // Without a weight of the whole sample each case counts as its replicates do on average.
  if (weights.empty()) {
    const Vector mean = replicates.weights.rowwise().mean();
    weights.assign(mean.begin(), mean.end());
  }
  TRY_DONE(check_weights(weights));
  if (options.replicate_factors) {
    replicates.weights.array().colwise() *=
        Eigen::Map<const Vector>(weights.data(), replicates.weights.rows()).array();
  }
  return Sample::replicated(std::move(weights), std::move(replicates));
}

}  // namespace barometer::cli
