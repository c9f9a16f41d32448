// barometer weight: adjusts sampling weights, says what that did, and writes them beside the data.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/base/version.h"
#include "barometer/io/io.h"
#include "barometer/io/sav.h"
#include "cli/survey.h"

namespace barometer::cli {
namespace {

constexpr const char* kHelp =
    R"(Adjusts the weights of a data file, shows what that did, and writes the file with a new column.

  barometer weight answers.csv --weight w --rake role.csv,region.csv --out weighted.csv
  barometer weight answers.csv --weight w --poststratify role.csv --trim 0.3,3 --out weighted.csv

A margin is a CSV file: one or more variables of the data, and a last column of population counts
(population, count, total or freq) or shares. Steps are done in this order: response classes,
post-strata, raking, calibration, trimming. With replicate weights every replicate is adjusted too
and written as column replicate_1, replicate_2, … Without --out only the report is made.)";

struct WeightArguments {
  SurveyOptions survey;
  std::string out;
  std::string name = "weight_adjusted";
  std::string format = "text";
};

using Json = nlohmann::ordered_json;

Json json_of(const WeightSummary& summary) {
  return {{"cases", summary.cases},
          {"sum", summary.sum},
          {"smallest", summary.smallest},
          {"largest", summary.largest},
          {"design_effect", summary.design_effect},
          {"effective_base", summary.effective_base}};
}

Json json_of(const WeightStep& step) {
  Json margins = Json::array();
  for (const MarginLine& line : step.lines) {
    margins.push_back({{"variable", line.variable},
                       {"level", line.level},
                       {"population", line.population},
                       {"before", line.before},
                       {"after", line.after}});
  }
  Json row = {{"kind", step.kind},
              {"description", step.description},
              {"converged", step.converged},
              {"iterations", step.iterations}};
  if (!step.trouble.empty()) row["trouble"] = step.trouble;
  row["margins"] = std::move(margins);
  return row;
}

std::string json_text(const OpenSurvey& survey) {
  Json steps = Json::array();
  for (const WeightStep& step : survey.report.steps) steps.push_back(json_of(step));
  Json weights = Json::array();
  for (const double weight : survey.sample.weights()) weights.push_back(weight);
  const Json all = {{"steps", std::move(steps)},
                    {"before", json_of(survey.report.before)},
                    {"after", json_of(survey.report.after)},
                    {"smallest_ratio", survey.report.smallest_ratio},
                    {"largest_ratio", survey.report.largest_ratio},
                    {"design", survey.sample.description()},
                    {"software", fmt::format("barometer {}", kVersion)},
                    {"weights", std::move(weights)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string margins_csv(const OpenSurvey& survey) {
  std::string text = "step,variable,level,population,before,after\n";
  for (const WeightStep& step : survey.report.steps) {
    for (const MarginLine& line : step.lines) {
      text += fmt::format("{},{},{},{},{},{}\n", csv_quoted(step.kind),
                          csv_spreadsheet_safe(line.variable), csv_spreadsheet_safe(line.level),
                          line.population, line.before, line.after);
    }
  }
  return text;
}

std::string cell_text(const Variable& variable, const Column& column, size_t row) {
  if (const auto* sets = std::get_if<OptionSets>(&column)) {
    return fmt::format("{}", sets->bits[row]);
  }
  if (missing_at(column, row) != Missing::kNone) return "";
  if (const auto* numbers = std::get_if<Numbers>(&column)) {
    return fmt::format("{}", numbers->values[row]);
  }
  if (const auto* texts = std::get_if<Texts>(&column)) return texts->values[row];
  const int code = code_at(column, row);
  const Category* category = variable.category(code);
  return category == nullptr ? std::to_string(code) : category->label;
}

// The data as it was read, labels as they are, with a column of weights and one a replicate.
std::string weighted_csv(const OpenSurvey& survey, const std::string& name) {
  const Dataset& data = *survey.data;
  std::string text;
  const auto& variables = data.codebook().variables();
  for (const Variable& variable : variables) {
    text += csv_quoted(variable.label.empty() ? variable.id : variable.label) + ",";
  }
  text += csv_quoted(name);
  const Replicates* replicates = survey.sample.replicates();
  for (size_t r = 0; replicates && r < replicates->count(); ++r) {
    text += fmt::format(",replicate_{}", r + 1);
  }
  text += "\n";
  for (size_t row = 0; row < data.case_count(); ++row) {
    for (size_t v = 0; v < variables.size(); ++v) {
      text += csv_spreadsheet_safe(cell_text(variables[v], data.column(v), row)) + ",";
    }
    text += fmt::format("{}", survey.sample.weights()[row]);
    for (size_t r = 0; replicates && r < replicates->count(); ++r) {
      text += fmt::format(
          ",{}", replicates->weights(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(r)));
    }
    text += "\n";
  }
  return text;
}

Status write_weighted(const OpenSurvey& survey, const WeightArguments& arguments) {
  const auto& codebook = survey.data->codebook();
  if (codebook.index_of_written(arguments.name)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the data has a column '{}' already; choose another with --name",
                            arguments.name));
  }
  if (survey.sample.replicates() != nullptr && codebook.index_of_written("replicate_1")) {
    return fail(ErrorCode::kInvalid,
                "the data has a column 'replicate_1' already, and the replicates would be called "
                "so");
  }
  const std::filesystem::path out = arguments.out;
  TRY_DONE(not_onto(arguments.survey.data, arguments.out));
  const std::string text = weighted_csv(survey, arguments.name);
  const std::string ending = lowered(out.extension().string());
  if (ending != ".parquet" && !is_sav_name(out)) return write_file(out, text);
  const std::filesystem::path csv = out.string() + ".partial.csv";
  TRY_DONE(write_file(csv, text));
  const auto converted = convert_file(csv, out);
  std::error_code unknown;
  std::filesystem::remove(csv, unknown);
  if (!converted) return tl::unexpected(converted.error());
  return {};
}

Result<int> run(const WeightArguments& arguments, const Io& io) {
  const OpenSurvey survey =
      TRY(open_survey(arguments.survey, {.single_cases = "weights of cases"}, io));
  const bool replicates = survey.sample.replicates() != nullptr;
  if (survey.report.steps.empty() && !replicates) {
    return fail(ErrorCode::kInvalid,
                "nothing to do: ask for --poststratify, --rake, --calibrate, --trim, "
                "--response-classes or --make-replicates");
  }
  if (!arguments.out.empty()) TRY_DONE(write_weighted(survey, arguments));
  io.out << (arguments.format == "json"  ? json_text(survey)
             : arguments.format == "csv" ? margins_csv(survey)
                                         : report_text(survey.report));
  if (!arguments.out.empty() && arguments.format == "text") {
    io.out << fmt::format("Written: {}, column {}.\n", arguments.out, arguments.name);
  }
  const bool converged = std::ranges::all_of(survey.report.steps,
                                             [](const WeightStep& step) { return step.converged; });
  return converged ? kFine : kFindings;
}

}  // namespace

void add_weight(CLI::App& app, Action& chosen) {
  auto arguments = std::make_shared<WeightArguments>();
  CLI::App* verb = app.add_subcommand("weight", kHelp);
  verb->add_option("data", arguments->survey.data, "CSV, TSV, Parquet or SPSS file")->required();
  verb->add_option("--out", arguments->out, "file to write, CSV, Parquet or SPSS by its ending");
  verb->add_option("--name", arguments->name, "name of the new column")->capture_default_str();
  add_draw_options(*verb, arguments->survey);
  add_weighting_options(*verb, arguments->survey);
  verb->add_option("--format", arguments->format, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}))
      ->capture_default_str();
  verb->callback(
      [arguments, &chosen] { chosen = [arguments](const Io& io) { return run(*arguments, io); }; });
}

}  // namespace barometer::cli
