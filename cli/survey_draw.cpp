// The draw: strata, stages, finite populations and replicate weights of a data file.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/io/io.h"
#include "barometer/sample/given_replicates.h"
#include "barometer/sample/make_replicates.h"
#include "barometer/sample/pps.h"
#include "barometer/sample/two_phase.h"
#include "cli/survey.h"
#include "cli/survey_internal.h"

namespace barometer::cli {

namespace {

std::string no_variable(const std::string& name, const Dataset& data) {
  const std::string near = suggestion(name, data.codebook().ids());
  return fmt::format("there is no variable '{}'{}{}", name, near.empty() ? "" : "; ", near);
}

}  // namespace

Result<std::string> variable_named(const Dataset& data, const std::string& name) {
  const auto index = data.codebook().index_of_written(name);
  if (index) return data.codebook().variables()[*index].id;
  return fail(ErrorCode::kNotFound, no_variable(name, data));
}

std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> names;
  if (list.empty()) return names;
  for (const std::string& name : split(list, ',')) names.emplace_back(trimmed(name));
  return names;
}

std::vector<std::string> stage_names(const std::string& option) {
  return option == "1" ? std::vector<std::string>{} : names_in(option);
}

Result<std::vector<double>> column_of(const Dataset& data, const std::string& name) {
  return numbers_of_variable(data, TRY(variable_named(data, name)));
}

Result<double> number_in(const std::string& text, const std::string& option) {
  const std::string lower = lowered(text);
  if (lower == "inf") return std::numeric_limits<double>::infinity();
  if (lower == "-inf") return -std::numeric_limits<double>::infinity();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || std::isnan(value)) {
    return fail(ErrorCode::kInvalid, fmt::format("{}: '{}' is not a number", option, text));
  }
  return value;
}

Result<std::vector<double>> numbers_in(const std::string& list, const std::string& option) {
  std::vector<double> numbers;
  for (const std::string& name : names_in(list)) numbers.push_back(TRY(number_in(name, option)));
  return numbers;
}

namespace {

struct Stages {
  std::vector<std::vector<int32_t>> codes;
  std::vector<std::vector<std::string>> labels;

  // For messages of a design.
  [[nodiscard]] auto label() const {
    return [labels = labels](size_t stage, int32_t code) {
      return labels[stage][static_cast<size_t>(code)];
    };
  }
};

Result<Stages> stages_of(const Dataset& data, const std::string& option) {
  Stages stages;
  for (const std::string& name : stage_names(option)) {
    Levels levels =
        TRY(levels_of(data, TRY(variable_named(data, name)), std::numeric_limits<int32_t>::max()));
    stages.codes.push_back(std::move(levels.codes));
    stages.labels.push_back(std::move(levels.labels));
  }
  return stages;
}

Result<std::vector<std::vector<double>>> columns_of(const Dataset& data,
                                                    const std::string& option) {
  std::vector<std::vector<double>> columns;
  for (const std::string& name : stage_names(option)) {
    columns.push_back(TRY(column_of(data, name)));
  }
  return columns;
}

Result<DesignSpec> design_spec(const Dataset& data, const SurveyOptions& options,
                               std::vector<double> weights) {
  const Stages ids = TRY(stages_of(data, options.ids));
  const Stages strata = TRY(stages_of(data, options.strata));
  DesignSpec spec;
  spec.case_count = data.case_count();
  spec.ids = ids.codes;
  spec.strata = strata.codes;
  spec.fpc = TRY(columns_of(data, options.fpc));
  spec.weights = std::move(weights);
  spec.weights_from_fpc = !spec.fpc.empty() && spec.weights.empty() && !options.unweighted;
  spec.nest = options.nest;
  spec.lonely_psu = TRY(parse_lonely_psu(options.lonely_psu));
  spec.domain_lonely = options.domain_lonely;
  spec.unit_label = ids.label();
  spec.stratum_label = strata.label();
  return spec;
}

// ---- replicate weights -------------------------------------------------------------------------

bool has_column(const Dataset& data, const std::string& name) {
  return data.codebook().index_of_written(name).has_value();
}

struct Weighting {
  std::vector<double> weights;  // empty: none given
  std::optional<Dataset> replicate_data;
};

// The weights are a column of the data or, with a file of replicates, of that.
Result<Weighting> weights_of(const Dataset& data, const SurveyOptions& options) {
  Weighting weighting;
  if (!options.replicate_file.empty()) {
    weighting.replicate_data = TRY(read_data(options.replicate_file));
    if (weighting.replicate_data->case_count() != data.case_count()) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("'{}' has {} rows, but the data {}", options.replicate_file,
                              weighting.replicate_data->case_count(), data.case_count()));
    }
  }
  if (options.weight.empty()) return weighting;
  const bool beside = weighting.replicate_data && !has_column(data, options.weight) &&
                      has_column(*weighting.replicate_data, options.weight);
  weighting.weights = TRY(column_of(beside ? *weighting.replicate_data : data, options.weight));
  return weighting;
}

Result<Sample> given_replicates(const Dataset& data, const SurveyOptions& options,
                                Weighting weighting) {
  if (options.replicate_factors && weighting.weights.empty() && !options.unweighted) {
    return fail(ErrorCode::kInvalid,
                "--replicate-factors multiply a sampling weight: give --weight, or --unweighted");
  }
  const Dataset& columns = weighting.replicate_data ? *weighting.replicate_data : data;
  const auto ids = TRY(replicate_columns(columns.codebook(), options.replicates, options.weight,
                                         weighting.replicate_data.has_value()));
  std::vector<double> weights = std::move(weighting.weights);
  if (weights.empty() && options.unweighted) weights.assign(data.case_count(), 1.0);
  return replicated_sample(options, TRY(replicate_matrix(columns, ids)), std::move(weights));
}

// ---- unequal probabilities -----------------------------------------------------------------

// "hr:0.3" -> "hr" and "0.3".
std::pair<std::string, std::string> at_colon(const std::string& text) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return {lowered(text), ""};
  return {lowered(text.substr(0, colon)), text.substr(colon + 1)};
}

// A square matrix of numbers, with or without a row of names above it.
Result<Matrix> square_matrix(const std::string& file, size_t case_count) {
  const std::string bytes = TRY(read_file(file));
  std::vector<std::vector<double>> rows;
  size_t line_number = 0;
  for (const std::string& line : split(bytes, '\n')) {
    ++line_number;
    if (trimmed(line).empty()) continue;
    auto numbers = numbers_in(line, fmt::format("{}, line {}", file, line_number));
    if (!numbers && rows.empty() && line_number == 1) continue;  // names
    if (!numbers) return tl::unexpected(numbers.error());
    rows.push_back(std::move(*numbers));
    if (rows.size() > case_count || rows.back().size() != case_count) {
      return fail(
          ErrorCode::kInvalid,
          fmt::format("'{}', line {}: a matrix of {} rows and columns is needed, one a case", file,
                      line_number, case_count));
    }
  }
  if (rows.size() != case_count) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' has {} rows for {} cases", file, rows.size(), case_count));
  }
  const auto n = static_cast<Eigen::Index>(rows.size());
  Matrix matrix(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto& row = rows[static_cast<size_t>(i)];
    matrix.row(i) = Eigen::Map<const Eigen::RowVectorXd>(row.data(), n);
  }
  return matrix;
}

Result<SamplingVariancePtr> joint_draw(const DesignSpec& spec, const std::string& word,
                                       const std::string& file) {
  if (file.empty()) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("--pps {0}: a file of joint probabilities is needed, {0}:JOINT.csv", word));
  }
  return joint_sampling(
      TRY(square_matrix(file, spec.case_count)),
      word == "ht" ? JointEstimator::kHorvitzThompson : JointEstimator::kYatesGrundy,
      spec.strata.empty() ? std::vector<int32_t>{} : spec.strata[0]);
}

Result<Sample> pps_sample(const Dataset& data, const SurveyOptions& options,
                          std::vector<double> weights) {
  SurveyOptions without = options;
  without.fpc.clear();
  DesignSpec spec = TRY(design_spec(data, without, weights));
  const auto probabilities = TRY(columns_of(data, options.fpc));
  const auto [word, rest] = at_colon(options.pps);
  if (word == "ht" || word == "yg") {
    SamplingVariancePtr joint = TRY(joint_draw(spec, word, rest));
    if (weights.empty()) weights = TRY(pps_weights(probabilities));
    return Sample::linearised(std::move(joint), std::move(weights));
  }
  if (probabilities.empty()) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("--pps {}: the probabilities of being drawn are needed in --fpc", word));
  }
  weights = TRY(pps_weights(probabilities, weights));
  const PpsDraw draw{probabilities[0], spec.ids.empty() ? std::vector<int32_t>{} : spec.ids[0],
                     spec.strata.empty() ? std::vector<int32_t>{} : spec.strata[0], spec.nest};
  SamplingVariancePtr variance;
  if (word == "brewer") {
    variance = TRY(brewer_sampling(std::move(spec), probabilities));
  } else if (word == "overton") {
    variance = TRY(overton_sampling(draw));
  } else if (word == "hr") {
    variance = TRY(hartley_rao_sampling(draw, TRY(numbers_in(rest, "--pps hr"))));
  } else if (word == "poisson") {
    variance = TRY(poisson_sampling(probabilities[0]));
  } else {
    return fail(ErrorCode::kInvalid,
                fmt::format("--pps {}: brewer, overton, hr, poisson, ht:FILE and yg:FILE are known",
                            options.pps));
  }
  return Sample::linearised(std::move(variance), std::move(weights));
}

// ---- two phases ----------------------------------------------------------------------------

Result<Sample> two_phase_sample(const Dataset& data, const SurveyOptions& options,
                                std::vector<double> weights) {
  TwoPhaseSpec spec;
  spec.method =
      options.two_phase_method == "full" ? TwoPhaseMethod::kFull : TwoPhaseMethod::kApproximate;
  spec.phase1 = TRY(design_spec(data, options, std::move(weights)));
  spec.phase1.weights_from_fpc = false;
  SurveyOptions second = options;
  second.strata = options.strata2;
  second.ids = options.ids2;
  second.fpc = options.fpc2;
  spec.phase2 = TRY(design_spec(data, second, {}));
  spec.phase2.weights_from_fpc = false;
  if (!options.probability2.empty()) {
    for (const double p : TRY(column_of(data, options.probability2))) {
      spec.phase2.weights.push_back(1 / p);
    }
  }
  const auto drawn = TRY(column_of(data, options.phase2));
  for (size_t i = 0; i < drawn.size(); ++i) {
    if (drawn[i] != 0 && drawn[i] != 1) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("--phase2 {}: row {} is neither 1 nor 0", options.phase2, i + 1));
    }
    spec.in_phase2.push_back(drawn[i] == 1 ? 1 : 0);
  }
  return two_phase(spec);
}

// ---- replicates to be made -----------------------------------------------------------------

Result<Sample> with_made_replicates(const Design& design, const SurveyOptions& options) {
  const auto [word, rest] = at_colon(options.make_replicates);
  ReplicateRequest request;
  request.type = TRY(parse_replicate_type(word));
  request.count = options.replicate_count;
  request.seed = options.seed;
  request.mse = options.mse;
  if (!rest.empty()) request.fay_rho = TRY(number_in(rest, "--make-replicates fay"));
  if (options.fay_rho) request.fay_rho = *options.fay_rho;
  std::vector<double> weights(design.weights().begin(), design.weights().end());
  Replicates replicates = TRY(make_replicates(design, weights, request));
  return Sample::replicated(std::move(weights), std::move(replicates));
}

}  // namespace

Result<DesignSpec> drawn_design(const Dataset& data, const SurveyOptions& options) {
  return design_spec(data, options, TRY(weights_of(data, options)).weights);
}

Result<std::shared_ptr<const Replicates>> drawn_replicates(const Dataset& data,
                                                           const SurveyOptions& options) {
  if (options.replicates.empty() && options.replicate_file.empty()) {
    return std::shared_ptr<const Replicates>();
  }
  const Sample sample = TRY(given_replicates(data, options, TRY(weights_of(data, options))));
  return std::make_shared<const Replicates>(*sample.replicates());
}

namespace {

// Ways of drawing that exclude each other, and options without the one they belong to.
Status one_draw(const SurveyOptions& options) {
  const bool given = !options.replicates.empty() || !options.replicate_file.empty();
  std::vector<std::string> ways;
  if (given) ways.emplace_back("--replicates");
  if (!options.make_replicates.empty()) ways.emplace_back("--make-replicates");
  if (!options.pps.empty()) ways.emplace_back("--pps");
  if (!options.phase2.empty()) ways.emplace_back("--phase2");
  if (ways.size() > 1) {
    return fail(ErrorCode::kInvalid, fmt::format("{} and {} exclude each other", ways[0], ways[1]));
  }
  if (!given && (options.scale || !options.rscales.empty() || !options.rep_type.empty())) {
    return fail(ErrorCode::kInvalid,
                "--rep-type, --scale and --rscales belong to replicate weights, which --replicates "
                "or --replicate-file name");
  }
  if (options.respondents.empty() &&
      (!options.response_classes.empty() || !options.propensity.empty())) {
    return fail(ErrorCode::kInvalid,
                "--response-classes and --propensity need --respondents, the column of who "
                "answered");
  }
  if (!options.response_classes.empty() && !options.propensity.empty()) {
    return fail(ErrorCode::kInvalid, "--response-classes and --propensity exclude each other");
  }
  return {};
}

}  // namespace

Result<Sample> drawn_sample(const Dataset& data, const SurveyOptions& options) {
  Weighting weighting = TRY(weights_of(data, options));
  if (!options.weight.empty() && options.unweighted) {
    return fail(ErrorCode::kInvalid, "--weight and --unweighted exclude each other");
  }
  const bool given = !options.replicates.empty() || !options.replicate_file.empty();
  TRY_DONE(one_draw(options));
  if (given) return given_replicates(data, options, std::move(weighting));
  if (!options.phase2.empty()) return two_phase_sample(data, options, weighting.weights);
  if (!options.pps.empty()) return pps_sample(data, options, std::move(weighting.weights));
  Design design = TRY(Design::make(TRY(design_spec(data, options, std::move(weighting.weights)))));
  if (!options.make_replicates.empty()) return with_made_replicates(design, options);
  return Sample::of(std::move(design));
}

}  // namespace barometer::cli
