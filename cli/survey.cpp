// Opens a data file as a survey: the draw first, then each weighting step.
#include "cli/survey.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/io/io.h"
#include "barometer/weights/calibrate.h"
#include "barometer/weights/margins.h"
#include "barometer/weights/poststratify.h"
#include "barometer/weights/rake.h"
#include "barometer/weights/response.h"
#include "barometer/weights/trim.h"
#include "cli/survey_internal.h"

namespace barometer::cli {
namespace {

// lower,upper of an option.
Result<std::pair<double, double>> bounds_in(const std::string& text, const std::string& option) {
  const auto numbers = TRY(numbers_in(text, option));
  if (numbers.size() != 2 || !(numbers[0] < numbers[1])) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} {}: a lower and a higher bound are needed, as in 0.5,2 (-Inf and "
                            "Inf for none)",
                            option, text));
  }
  return std::pair(numbers[0], numbers[1]);
}

// term,total of --population.
Result<std::map<std::string, double>> totals_in(const std::string& file) {
  Diagnostics problems;
  const CsvTable table = CsvTable::parse(TRY(read_file(file)), file, problems);
  table.require_columns({"term", "total"}, {}, problems);
  std::map<std::string, double> totals;
  for (size_t row = 0; problems.ok() && row < table.row_count(); ++row) {
    const CsvCell& term = table.cell(row, "term");
    const CsvCell& total = table.cell(row, "total");
    const auto number = number_in(total.text, "total");
    if (!number) {
      problems.error("population-number", total.place,
                     fmt::format("'{}' is not a number", total.text));
    } else if (!totals.emplace(term.text, *number).second) {
      problems.error("population-twice", term.place,
                     fmt::format("the term '{}' is here twice", term.text));
    }
  }
  if (!problems.ok()) return fail(ErrorCode::kInvalid, problems.text());
  return totals;
}

Result<CalibrateOptions> calibrate_options(const SurveyOptions& options) {
  CalibrateOptions calibrate;
  calibrate.distance = TRY(parse_calibration_distance(options.calfun));
  if (!options.bounds.empty()) {
    std::tie(calibrate.lower, calibrate.upper) = TRY(bounds_in(options.bounds, "--bounds"));
  }
  if (options.epsilon) calibrate.epsilon = *options.epsilon;
  if (options.max_iterations) calibrate.max_iterations = *options.max_iterations;
  calibrate.aggregate = names_in(options.aggregate);
  calibrate.variance = options.calibrate_variance;
  return calibrate;
}

Result<Weighted> calibrated(const Sample& sample, const Dataset& data,
                            const SurveyOptions& options) {
  if (options.population.empty()) {
    return fail(ErrorCode::kInvalid,
                "--calibrate needs --population, a CSV file of term,total, as (Intercept),6194");
  }
  const Formula formula = TRY(Formula::parse(options.calibrate));
  return calibrate(sample, data, formula, TRY(totals_in(options.population)),
                   TRY(calibrate_options(options)));
}

Result<Weighted> raked(const Sample& sample, const Dataset& data, const SurveyOptions& options) {
  std::vector<Margin> margins;
  for (const std::string& file : options.rake) {
    for (Margin& margin : TRY(read_margins(file))) margins.push_back(std::move(margin));
  }
  RakeOptions rake_options;
  if (!options.rake_bounds.empty()) {
    std::tie(rake_options.lower, rake_options.upper) =
        TRY(bounds_in(options.rake_bounds, "--rake-bounds"));
  }
  if (options.epsilon) rake_options.epsilon = *options.epsilon;
  if (options.max_iterations) rake_options.max_rounds = *options.max_iterations;
  return rake(sample, data, margins, rake_options);
}

Result<Weighted> responded(const Sample& sample, const Dataset& data,
                           const SurveyOptions& options) {
  if (!options.propensity.empty()) {
    return adjust_by_propensity(sample, data, TRY(Formula::parse(options.propensity)),
                                {.respondent = options.respondents});
  }
  return adjust_for_response(
      sample, data,
      {.respondent = options.respondents, .classes = names_in(options.response_classes)});
}

Result<Weighted> trimmed_weights(const Sample& sample, const SurveyOptions& options) {
  const auto [lower, upper] = TRY(bounds_in(options.trim, "--trim"));
  return trim(sample, {.lower = lower, .upper = upper, .strict = options.trim_strict});
}

Status apply(std::vector<WeightStep>& steps, Sample& sample, Weighted weighted) {
  sample = std::move(weighted.sample);
  steps.push_back(std::move(weighted.step));
  return {};
}

// A step whose weights miss their totals is said on the error stream, whatever the output.
void warn(const std::vector<WeightStep>& steps, const Io& io) {
  for (const WeightStep& step : steps) {
    if (step.trouble.empty()) continue;
    io.err << fmt::format("barometer: {}: {}\n", step.kind, step.trouble);
  }
}

// The survey after each weighting step.
Result<OpenSurvey> weighted(Result<OpenSurvey> opened, const SurveyOptions& options, const Io& io) {
  OpenSurvey survey = TRY(std::move(opened));
  const Dataset& data = *survey.data;
  const Sample drawn = survey.sample;
  Sample& sample = survey.sample;
  std::vector<WeightStep> steps;
  if (!options.respondents.empty()) {
    TRY_DONE(apply(steps, sample, TRY(responded(sample, data, options))));
  }
  for (const std::string& file : options.poststratify) {
    const Margin margin = TRY(read_margin(file));
    TRY_DONE(apply(steps, sample,
                   TRY(poststratify(sample, data, margin, {.partial = options.partial}))));
  }
  if (!options.rake.empty()) TRY_DONE(apply(steps, sample, TRY(raked(sample, data, options))));
  if (!options.calibrate.empty()) {
    TRY_DONE(apply(steps, sample, TRY(calibrated(sample, data, options))));
  }
  if (!options.trim.empty()) {
    TRY_DONE(apply(steps, sample, TRY(trimmed_weights(sample, options))));
  }
  warn(steps, io);
  survey.report = weight_report(drawn, sample, std::move(steps));
  return survey;
}

}  // namespace

// Responses of a study are few, and each is looked at for codes of missing answers.
bool are_responses(const Dataset& data) {
  return data.codebook().index_of("respondent") && data.codebook().index_of("organisation");
}

bool says_weighting(const SurveyOptions& s) {
  return !s.poststratify.empty() || !s.rake.empty() || !s.calibrate.empty() || !s.trim.empty() ||
         !s.respondents.empty();
}

bool says_design(const SurveyOptions& s) {
  const std::string* words[] = {
      &s.weight,         &s.strata,         &s.ids, &s.fpc, &s.pps, &s.phase2, &s.replicates,
      &s.replicate_file, &s.make_replicates};
  return s.unweighted || says_weighting(s) ||
         std::ranges::any_of(words, [](const std::string* word) { return !word->empty(); });
}

std::string why_single_cases(const SurveyOptions& s) {
  if (!s.pps.empty()) return "a draw with unequal probabilities (--pps)";
  if (!s.phase2.empty()) return "a two-phase design";
  if (!s.make_replicates.empty()) return "replicates that are to be made";
  if (!s.trim.empty()) return "trimmed weights";
  if (!s.respondents.empty()) return "an adjustment for response";
  if (!s.aggregate.empty()) return "a calibration by clusters";
  return "";
}

bool is_database(const std::string& engine) { return engine != "memory" && engine != "cases"; }

Result<OpenSurvey> open_survey(const SurveyOptions& options, const Asked& asked, const Io& io) {
  TRY_DONE(check_draw(options));
  if (is_database(options.engine)) {
    return weighted(survey_in_database(options, asked, io), options, io);
  }
  const auto data = std::make_shared<const Dataset>(TRY(read_data(options.data)));
  if (data->case_count() == 0) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' holds no cases", options.data));
  }
  const bool by_cells = options.engine == "memory" && asked.single_cases.empty() &&
                        !asked.prefer_cases && !are_responses(*data);
  if (by_cells) {
    auto survey = survey_in_memory(data, options, asked, io);
    const bool too_many = !survey && survey.error().code == ErrorCode::kLimit;
    if (!too_many || io.progress.stopped()) return TRY(weighted(std::move(survey), options, io));
  }
  OpenSurvey survey{data, TRY(drawn_sample(*data, options))};
  if (asked.where) survey.where = TRY(asked.where->evaluate(*data));
  return weighted(std::move(survey), options, io);
}

Status not_onto(const std::string& data, const std::string& out) {
  std::error_code unknown;
  if (!std::filesystem::equivalent(data, out, unknown)) return {};
  return fail(ErrorCode::kInvalid, fmt::format("'{}' is both the data and --out", printable(out)));
}

std::string note_of_data(const std::string& data) {
  const std::filesystem::path file(data);
  std::error_code ignored;
  const bool reconstructed =
      file.stem() == "responses" &&
      std::filesystem::exists(file.parent_path() / "reconstruction.json", ignored);
  return reconstructed ? "these answers are reconstructed from published figures: which answers go "
                         "together, and so every spread and standard error, is made up"
                       : "";
}

Result<Dataset> with_levels(const Dataset& data, const std::vector<std::string>& names) {
  std::vector<Variable> variables = data.codebook().variables();
  std::vector<Column> columns;
  for (size_t v = 0; v < variables.size(); ++v) columns.push_back(data.column(v));
  for (const std::string& name : names) {
    const size_t v = *data.codebook().index_of(TRY(variable_named(data, name)));
    if (variables[v].kind != VariableKind::kNumber) continue;
    const Levels levels = TRY(levels_of(data, variables[v].id));
    std::vector<int> codes;
    for (const int32_t code : levels.codes) {
      codes.push_back(code < 0 ? file_code(Missing::kSystem) : code + 1);
    }
    variables[v].kind = VariableKind::kSingle;
    for (size_t k = 0; k < levels.labels.size(); ++k) {
      variables[v].categories.push_back({static_cast<int>(k) + 1, levels.labels[k], false});
    }
    columns[v] = make_codes(codes);
  }
  Codebook codebook;
  for (Variable& variable : variables) TRY_DONE(codebook.add(std::move(variable)));
  return Dataset::make(std::move(codebook), std::move(columns));
}

}  // namespace barometer::cli
