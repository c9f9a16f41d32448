// barometer trend: estimates of several waves and the changes between them, in one stacked design.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/csv.h"
#include "barometer/base/version.h"
#include "barometer/data/expression.h"
#include "barometer/io/io.h"
#include "barometer/panel/changes.h"
#include "barometer/panel/organisations.h"
#include "barometer/panel/waves.h"
#include "cli/organisation.h"
#include "cli/survey.h"
#include "cli/survey_internal.h"

namespace barometer::cli {
namespace {

constexpr const char* kHelp =
    R"(Estimates of several waves and the changes between them, with the covariance of the waves.

  barometer trend mean budget --wave 2012-10=a.csv --wave 2013-01=b.csv --weight w
  barometer trend prop leave --wave 2012-10=a.csv --wave 2013-01=b.csv --link respondent
  barometer trend prop leave --wave 1=a.csv --wave 2=b.csv --organisation ccg

Without --link the waves are independent samples. With it, a unit (person, organisation, primary
sampling unit) that is in both counts as itself: its two answers go together, and the standard error
of the change says so. The options of the draw are those of each wave. With --organisation every
organisation counts once a wave and is followed between waves.)";

struct TrendArguments {
  SurveyOptions survey;
  std::vector<std::string> words, waves;
  std::string link;
  bool link_repeats = false, independent = false, first = false;
  OrganisationOptions organisation;
  std::string where, df, format = "text";
  double level = 0.95;
};

struct NamedFile {
  std::string name, file;
};

Result<NamedFile> named_file(const std::string& text) {
  const size_t at = text.find('=');
  if (at == std::string::npos || at == 0 || at + 1 == text.size()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--wave {}: a name and a file are needed, as in 2013-01=b.csv", text));
  }
  return NamedFile{text.substr(0, at), text.substr(at + 1)};
}

Result<SurveyWave> wave_of(const NamedFile& named, const TrendArguments& arguments) {
  const std::vector<std::string> names(arguments.words.begin() + 1, arguments.words.end());
  Dataset read = TRY(read_data(named.file));
  if (arguments.words.front() == "prop") read = TRY(with_levels(read, names));
  const auto data = std::make_shared<const Dataset>(std::move(read));
  SurveyWave wave{named.name, data, {}, {}, nullptr};
  if (!arguments.where.empty()) {
    wave.mask = TRY(TRY(Expression::parse(arguments.where)).evaluate(*data));
  }
  if (!arguments.organisation.variable.empty()) {
    CollapseOptions options = TRY(collapse_options(*data, arguments.organisation));
    options.mask = std::exchange(wave.mask, {});
    auto collapsed = TRY(collapse(*data, arguments.organisation.variable, options, names));
    wave.data = std::make_shared<const Dataset>(std::move(collapsed.data));
    wave.spec.case_count = wave.data->case_count();
    return wave;
  }
  wave.spec = TRY(drawn_design(*data, arguments.survey));
  wave.replicates = TRY(drawn_replicates(*data, arguments.survey));
  return wave;
}

// What must be said of the data of any wave.
std::string note_of(const TrendArguments& arguments) {
  for (const std::string& text : arguments.waves) {
    const auto named = named_file(text);
    const std::string note = named ? note_of_data(named->file) : "";
    if (!note.empty()) return note;
  }
  return "";
}

struct Trends {
  StackedWaves waves;
  std::vector<WaveTrend> trends;
};

Result<ChangeEstimand> estimand_of(const std::string& word) {
  if (word == "mean") return ChangeEstimand::kMean;
  if (word == "prop") return ChangeEstimand::kProportion;
  if (word == "total") return ChangeEstimand::kTotal;
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' is no estimand of a trend; mean, prop and total are", word));
}

// Of collapsed organisations every variable is a number.
std::vector<std::string> followed(const TrendArguments& arguments, const Dataset& data) {
  if (arguments.organisation.variable.empty()) {
    return {arguments.words.begin() + 1, arguments.words.end()};
  }
  std::vector<std::string> ids = data.codebook().ids();
  ids.erase(ids.begin());
  return ids;
}

Result<Trends> trends_of(const TrendArguments& arguments, const Io& io) {
  std::vector<SurveyWave> waves;
  for (const std::string& text : arguments.waves) {
    waves.push_back(TRY(wave_of(TRY(named_file(text)), arguments)));
  }
  const bool organisations = !arguments.organisation.variable.empty();
  WaveLink link{arguments.link, arguments.link_repeats};
  if (organisations && !arguments.independent) {
    link.variable = waves.front().data->codebook().ids().front();
  }
  ChangeOptions options;
  options.level = arguments.level;
  options.compare = arguments.first ? CompareWith::kFirst : CompareWith::kPrevious;
  if (!arguments.df.empty()) options.df = TRY(number_in(arguments.df, "--df"));
  const auto names = followed(arguments, *waves.front().data);
  StackedWaves stacked = TRY(stack(waves, link, names));
  const ChangeEstimand estimand =
      organisations ? ChangeEstimand::kMean : TRY(estimand_of(arguments.words.front()));
  auto trends = TRY(changes(stacked, estimand, names, options, io.progress));
  return Trends{std::move(stacked), std::move(trends)};
}

// ---- output --------------------------------------------------------------------------------

using Json = nlohmann::ordered_json;

Json json_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

std::string label_of(const WaveTrend& trend) {
  if (trend.variable.empty()) return trend.label;
  return trend.answer.empty() ? trend.variable : trend.variable + "=" + trend.answer;
}

Json json_of(const WaveTrend& trend, const std::vector<std::string>& names) {
  Json estimates = Json::array();
  for (const WaveEstimate& wave : trend.waves) {
    Json row = {{"label", wave.wave + ":" + label_of(trend)},
                {"wave", wave.wave},
                {"estimate", wave.value},
                {"se", wave.se},
                {"ci", nullptr},
                {"df", wave.df},
                {"n", wave.n},
                {"weighted_base", wave.weighted_n}};
    if (wave.lower && wave.upper) row["ci"] = {*wave.lower, *wave.upper};
    estimates.push_back(std::move(row));
  }
  Json rows = Json::array();
  for (const WaveChange& change : trend.changes) {
    Json row = {{"from", names[change.from]},
                {"to", names[change.to]},
                {"difference", change.difference},
                {"se", change.se},
                {"ci", nullptr},
                {"df", change.df},
                {"t", json_or_null(change.t)},
                {"p", json_or_null(change.p)},
                {"correlation", json_or_null(change.correlation)},
                {"verdict", name_of(change.verdict)}};
    if (change.lower && change.upper) row["ci"] = {*change.lower, *change.upper};
    if (!change.reason.empty()) row["reason"] = change.reason;
    rows.push_back(std::move(row));
  }
  Json covariance = Json::array();
  for (Eigen::Index j = 0; j < trend.covariance.rows(); ++j) {
    const Eigen::RowVectorXd row = trend.covariance.row(j);
    covariance.push_back(std::vector<double>(row.begin(), row.end()));
  }
  return {{"label", label_of(trend)},
          {"estimates", std::move(estimates)},
          {"covariance", std::move(covariance)},
          {"changes", std::move(rows)}};
}

std::string json_text(const Trends& found, const TrendArguments& arguments) {
  Json overlaps = Json::array();
  for (const WaveOverlap& overlap : found.waves.overlaps) {
    overlaps.push_back({{"from", found.waves.names[overlap.from]},
                        {"to", found.waves.names[overlap.to]},
                        {"units_from", overlap.units_from},
                        {"units_to", overlap.units_to},
                        {"both", overlap.both}});
  }
  Json trends = Json::array();
  for (const WaveTrend& trend : found.trends) trends.push_back(json_of(trend, found.waves.names));
  const Json all = {{"estimand", arguments.words.front()},
                    {"level", arguments.level},
                    {"relation", name_of(found.waves.relation)},
                    {"overlaps", std::move(overlaps)},
                    {"reworded", found.waves.reworded},
                    {"trends", std::move(trends)},
                    {"note", note_of(arguments)},
                    {"design", found.waves.sample.description()},
                    {"df_rule", arguments.df.empty() ? found.waves.sample.df_rule() : "as given"},
                    {"software", fmt::format("barometer {}", kVersion)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string cell(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "";
}

std::string csv_text(const Trends& found) {
  std::string text = "label,from,to,estimate,se,lower,upper,df,n,t,p,correlation,verdict,reason\n";
  for (const WaveTrend& trend : found.trends) {
    const std::string label = csv_spreadsheet_safe(label_of(trend));
    for (const WaveEstimate& wave : trend.waves) {
      text += fmt::format("{},,{},{},{},{},{},{},{},,,,,\n", label, csv_spreadsheet_safe(wave.wave),
                          wave.value, wave.se, cell(wave.lower), cell(wave.upper), wave.df, wave.n);
    }
    for (const WaveChange& change : trend.changes) {
      text += fmt::format("{},{},{},{},{},{},{},{},,{},{},{},{},{}\n", label,
                          csv_spreadsheet_safe(found.waves.names[change.from]),
                          csv_spreadsheet_safe(found.waves.names[change.to]), change.difference,
                          change.se, cell(change.lower), cell(change.upper), change.df,
                          cell(change.t), cell(change.p), cell(change.correlation),
                          name_of(change.verdict), csv_quoted(change.reason));
    }
  }
  return text;
}

std::string shown(const std::optional<double>& value) {
  return value ? fmt::format("{:.6g}", *value) : "-";
}

std::string plain_text(const Trends& found) {
  size_t width = 14;
  for (const WaveTrend& trend : found.trends) {
    for (const WaveChange& change : trend.changes) {
      width = std::max(
          width, found.waves.names[change.from].size() + found.waves.names[change.to].size() + 4);
    }
  }
  std::string text;
  for (const WaveTrend& trend : found.trends) {
    text += fmt::format("{}\n  {:<{}} {:>12} {:>12} {:>12} {:>12} {:>6} {:>8}\n", label_of(trend),
                        "", width, "estimate", "SE", "lower", "upper", "df", "n");
    for (const WaveEstimate& wave : trend.waves) {
      text +=
          fmt::format("  {:<{}} {:>12.6g} {:>12.6g} {:>12} {:>12} {:>6g} {:>8}\n", wave.wave, width,
                      wave.value, wave.se, shown(wave.lower), shown(wave.upper), wave.df, wave.n);
    }
    for (const WaveChange& change : trend.changes) {
      text +=
          fmt::format("  {:<{}} {:>12.6g} {:>12.6g} {:>12} {:>12} {:>6g}   {}{}\n",
                      found.waves.names[change.from] + " to " + found.waves.names[change.to], width,
                      change.difference, change.se, shown(change.lower), shown(change.upper),
                      change.df, name_of(change.verdict),
                      change.p ? fmt::format(" (t {:.3f}, p {:.4f})", *change.t, *change.p) : "");
      if (!change.reason.empty()) text += fmt::format("    {}\n", change.reason);
    }
  }
  for (const WaveOverlap& overlap : found.waves.overlaps) {
    text += fmt::format("{} units in {}, {} in {}, {} in both.\n", overlap.units_from,
                        found.waves.names[overlap.from], overlap.units_to,
                        found.waves.names[overlap.to], overlap.both);
  }
  for (const std::string& variable : found.waves.reworded) {
    text += fmt::format("The wording of '{}' differs between waves.\n", variable);
  }
  return text + fmt::format("Method: waves as {} samples; {}.\n", name_of(found.waves.relation),
                            found.waves.sample.description());
}

Result<int> run(const TrendArguments& arguments, const Io& io) {
  if (arguments.words.size() < 2) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: of which variables?", arguments.words.front()));
  }
  const Trends found = TRY(trends_of(arguments, io));
  if (const std::string note = note_of(arguments); !note.empty()) {
    io.err << fmt::format("barometer trend: note: {}\n", note);
  }
  io.out << (arguments.format == "json"  ? json_text(found, arguments)
             : arguments.format == "csv" ? csv_text(found)
                                         : plain_text(found));
  return kFine;
}

}  // namespace

void add_trend(CLI::App& app, Action& chosen) {
  auto a = std::make_shared<TrendArguments>();
  CLI::App* verb = app.add_subcommand("trend", kHelp);
  verb->add_option("estimand", a->words, "mean, prop or total, and the variables")->required();
  verb->add_option("--wave", a->waves, "NAME=FILE, in order of time; at least two")->required();
  verb->add_option("--link", a->link, "variable that names the same unit in the waves");
  verb->add_flag("--link-repeats", a->link_repeats, "it may stand in several rows of a wave");
  verb->add_flag("--independent", a->independent, "organisations: as independent samples");
  verb->add_flag("--first", a->first, "compare each wave with the first, not the one before");
  verb->add_option("--where", a->where, "only cases for which this is true, in each wave");
  verb->add_option("--level", a->level, "confidence level")->capture_default_str();
  verb->add_option("--df", a->df, "degrees of freedom in place of the design's; or Inf");
  verb->add_option("--format", a->format, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}))
      ->capture_default_str();
  add_draw_options(*verb, a->survey);
  add_organisation_options(*verb, a->organisation);
  verb->callback([a, &chosen] { chosen = [a](const Io& io) { return run(*a, io); }; });
}

}  // namespace barometer::cli
