// barometer trend: estimates of several waves and the changes between them, in one stacked design.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "barometer/data/expression.h"
#include "barometer/io/io.h"
#include "barometer/panel/changes.h"
#include "barometer/panel/organisations.h"
#include "barometer/panel/waves.h"
#include "cli/organisation.h"
#include "cli/survey.h"
#include "cli/survey_internal.h"
#include "cli/trend.h"
#include "cli/waves.h"

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

struct GivenOption {
  std::string name, group;
};

struct TrendArguments {
  SurveyOptions survey;
  std::vector<std::string> words, waves;
  std::string link;
  bool link_repeats = false, independent = false, first = false;
  OrganisationOptions organisation;
  std::string where, df, format = "text";
  double level = 0.95;
  std::vector<GivenOption> given;  // on the command line

  [[nodiscard]] bool organisations() const { return !organisation.variable.empty(); }
  [[nodiscard]] bool has(std::string_view name) const {
    return std::ranges::count(given, name, &GivenOption::name) > 0;
  }
};

// ---- what was asked for ----------------------------------------------------------------------

Result<ChangeEstimand> estimand_of(const TrendArguments& arguments) {
  const std::string& word = arguments.words.front();
  if (word == "total" && arguments.organisations()) {
    return fail(ErrorCode::kInvalid, "total: of organisations, mean and prop can be followed");
  }
  if (word == "mean") return ChangeEstimand::kMean;
  if (word == "prop") return ChangeEstimand::kProportion;
  if (word == "total") return ChangeEstimand::kTotal;
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' is no estimand of a trend; mean, prop and total are", word));
}

// Why this option cannot count in a trend; empty: it can.
std::string refusal_of(const GivenOption& option, const TrendArguments& arguments) {
  const auto& [name, group] = option;
  const bool replicates = group == "Replicate weights";
  if (arguments.organisations()) {
    if (group == "The draw" || group == "Two phases" || replicates) {
      return "with --organisation every organisation counts once, as a simple random sample; "
             "options of the draw of respondents do not count";
    }
    if (name == "--link" || name == "--link-repeats") {
      return "with --organisation the waves are linked by organisation (or --independent)";
    }
    if (name == "--roles" && arguments.organisation.rule != "senior") {
      return "roles belong to --organisation-rule senior";
    }
  } else if (name == "--organisation-rule" || name == "--roles") {
    return "it belongs to --organisation, the column of organisations";
  }
  if (name == "--frame") return "the share of a frame is told by estimate, wave by wave";
  if (name == "--pps" || group == "Two phases") {
    return "waves are designs of strata, units and population sizes, or have replicate weights; "
           "other draws cannot be stacked";
  }
  if (name == "--make-replicates" || name == "--replicate-count" || name == "--seed") {
    return "a trend makes no replicates: make them with weight, and give them with --replicates";
  }
  if (replicates && !arguments.has("--replicates") && !arguments.has("--replicate-file")) {
    return "it belongs to replicate weights, which --replicates or --replicate-file name";
  }
  if (name == "--link-repeats" && arguments.link.empty()) return "it belongs to --link";
  if (name == "--independent" && !arguments.link.empty())
    return "--link says that the waves are not";
  if (name == "--unweighted" && arguments.has("--weight")) return "--weight excludes it";
  return "";
}

Status check_options(const TrendArguments& arguments) {
  for (const GivenOption& option : arguments.given) {
    const std::string refusal = refusal_of(option, arguments);
    if (!refusal.empty()) {
      return fail(ErrorCode::kInvalid, fmt::format("{}: {}", option.name, refusal));
    }
  }
  return {};
}

Result<ChangeOptions> change_options(const TrendArguments& arguments) {
  ChangeOptions options;
  options.level = arguments.level;
  options.compare = arguments.first ? CompareWith::kFirst : CompareWith::kPrevious;
  if (arguments.df.empty()) return options;
  options.df = TRY(number_in(arguments.df, "--df"));
  if (!(*options.df >= kLeastDegreesOfFreedom)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--df {}: at least {} degrees of freedom are needed", arguments.df,
                            kLeastDegreesOfFreedom));
  }
  return options;
}

// ---- the waves -------------------------------------------------------------------------------

// What must be said of the data of any wave.
std::string note_of(const TrendArguments& arguments) {
  for (const std::string& text : arguments.waves) {
    const auto named = named_file(text);
    const std::string note = named ? note_of_data(named->file) : "";
    if (!note.empty()) return note;
  }
  return "";
}

// Those asked for, as people write them; then what links units or names organisations; then roles.
Result<std::vector<Variable>> needed_in(const Dataset& data, const TrendArguments& arguments) {
  std::vector<std::string> names(arguments.words.begin() + 1, arguments.words.end());
  const bool organisations = arguments.organisations();
  if (organisations) names.push_back(arguments.organisation.variable);
  if (!organisations && !arguments.link.empty()) names.push_back(arguments.link);
  if (organisations) {
    const std::string role = TRY(collapse_options(data, arguments.organisation)).role;
    if (!role.empty()) names.push_back(role);
  }
  std::vector<Variable> variables;
  for (const std::string& name : names) {
    variables.push_back(*data.codebook().find(TRY(variable_named(data, name))));
  }
  return variables;
}

// These variables alone, called as in the first wave: "y.a" may be y_a in one and y_a_2 in another.
Result<Dataset> only(const Dataset& data, std::vector<Variable> here,
                     const std::vector<Variable>& first) {
  Codebook codebook;
  std::vector<Column> columns;
  for (size_t i = 0; i < here.size(); ++i) {
    if (codebook.find(first[i].id) != nullptr) continue;
    columns.push_back(*TRY(data.find(here[i].id)));
    here[i].id = first[i].id;
    here[i].label = first[i].label;
    TRY_DONE(codebook.add(std::move(here[i])));
  }
  return Dataset::make(std::move(codebook), std::move(columns));
}

struct ReadWaves {
  std::vector<ReadWave> waves;
  std::vector<Variable> variables;  // of the first, as needed_in()
};

Status add_wave(ReadWaves& read, const NamedFile& named, const TrendArguments& arguments) {
  const Dataset data = TRY(read_data(named.file));
  auto here = TRY(needed_in(data, arguments));
  if (read.waves.empty()) read.variables = here;
  ReadWave wave{{named.name, nullptr, {}, {}, nullptr},
                TRY(only(data, std::move(here), read.variables))};
  if (!arguments.where.empty()) {
    wave.wave.mask = TRY(TRY(Expression::parse(arguments.where)).evaluate(data));
  }
  if (!arguments.organisations()) TRY_DONE(add_draw(wave.wave, data, arguments.survey));
  if (arguments.words.front() == "prop") {
    std::vector<std::string> ids;
    for (size_t i = 0; i + 1 < arguments.words.size(); ++i) ids.push_back(read.variables[i].id);
    wave.data = TRY(with_levels(wave.data, ids));
  }
  read.waves.push_back(std::move(wave));
  return {};
}

Result<ReadWaves> read_waves(const TrendArguments& arguments) {
  ReadWaves read;
  for (const std::string& text : arguments.waves) {
    const NamedFile named = TRY(named_file(text));
    if (auto added = add_wave(read, named, arguments); !added) {
      return tl::unexpected(std::move(added).error().in(fmt::format("wave '{}'", named.name)));
    }
  }
  return read;
}

// ---- estimates ---------------------------------------------------------------------------------

// What is followed, under its id in the stacked data.
struct FollowedVariable {
  std::string id, name, answer;
  bool of_option = false;  // of organisations: a number from 0 to 1
};

Status collapse_wave(ReadWave& read, const Variable& organisation, const TrendArguments& arguments,
                     const std::vector<std::string>& ids,
                     std::vector<CollapsedVariable>& variables) {
  CollapseOptions options = TRY(collapse_options(read.data, arguments.organisation));
  options.mask = std::exchange(read.wave.mask, {});
  auto collapsed = collapse(read.data, organisation.id, options, ids);
  if (!collapsed) {
    return tl::unexpected(
        std::move(collapsed).error().in(fmt::format("wave '{}'", read.wave.name)));
  }
  read.data = std::move(collapsed->data);
  read.wave.spec.case_count = read.data.case_count();
  variables = std::move(collapsed->variables);
  return {};
}

// The variables asked for; of collapsed organisations each is a number.
Result<std::vector<FollowedVariable>> followed(ReadWaves& read, const TrendArguments& arguments) {
  const size_t asked = arguments.words.size() - 1;
  std::vector<FollowedVariable> list;
  std::vector<std::string> ids;
  std::map<std::string, std::string> name_of_id;
  for (size_t i = 0; i < asked; ++i) {
    const Variable& variable = read.variables[i];
    if (!name_of_id.emplace(variable.id, variable.label).second) {
      return fail(ErrorCode::kInvalid, fmt::format("'{}' is asked for twice", variable.label));
    }
    TRY_DONE(unite_answers(read.waves, variable));
    list.push_back({variable.id, variable.label, "", false});
    ids.push_back(variable.id);
  }
  if (!arguments.organisations()) return list;
  // A role that no one has in one wave is a role all the same.
  for (size_t i = asked + 1; i < read.variables.size(); ++i) {
    TRY_DONE(unite_answers(read.waves, read.variables[i]));
  }
  std::vector<CollapsedVariable> collapsed;
  for (ReadWave& wave : read.waves) {
    TRY_DONE(collapse_wave(wave, read.variables[asked], arguments, ids, collapsed));
  }
  list.clear();
  for (const CollapsedVariable& variable : collapsed) {
    list.push_back({variable.id, name_of_id[variable.source], variable.answer, variable.of_option});
  }
  return list;
}

// Trends of `variables`, called as their files call them.
Result<std::vector<WaveTrend>> named_trends(const StackedWaves& waves, ChangeEstimand estimand,
                                            const std::vector<FollowedVariable>& variables,
                                            const ChangeOptions& options, const Io& io) {
  std::vector<WaveTrend> all;
  for (const FollowedVariable& variable : variables) {
    auto trends = TRY(changes(waves, estimand, {{variable.id}}, options, io.progress));
    for (WaveTrend& trend : trends) {
      trend.variable = variable.name;
      if (variable.of_option) {
        trend.answer = variable.answer;
        drop_intervals_of_certainty(trend);
      }
      all.push_back(std::move(trend));
    }
  }
  return all;
}

Result<Trends> trends_of(const TrendArguments& arguments, const Io& io) {
  ChangeEstimand estimand = TRY(estimand_of(arguments));
  if (arguments.words.size() < 2) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: of which variables?", arguments.words.front()));
  }
  TRY_DONE(check_options(arguments));
  const ChangeOptions options = TRY(change_options(arguments));
  ReadWaves read = TRY(read_waves(arguments));
  const auto variables = TRY(followed(read, arguments));
  std::vector<SurveyWave> waves;
  for (ReadWave& wave : read.waves) {
    wave.wave.data = std::make_shared<const Dataset>(std::move(wave.data));
    waves.push_back(std::move(wave.wave));
  }
  WaveLink link{"", arguments.link_repeats};
  const bool linked = arguments.organisations() ? !arguments.independent : !arguments.link.empty();
  if (linked) link.variable = read.variables[arguments.words.size() - 1].id;
  if (arguments.organisations()) estimand = ChangeEstimand::kMean;  // of numbers, options too
  std::vector<std::string> ids;
  for (const FollowedVariable& variable : variables) ids.push_back(variable.id);
  StackedWaves stacked = TRY(stack(waves, link, ids));
  auto trends = TRY(named_trends(stacked, estimand, variables, options, io));
  std::string df_rule = arguments.df.empty() ? std::string(stacked.sample.df_rule()) : "as given";
  return Trends{std::move(stacked), std::move(trends),  arguments.words.front(),
                arguments.level,    std::move(df_rule), note_of(arguments)};
}

Result<int> run(const TrendArguments& arguments, const Io& io) {
  const Trends found = TRY(trends_of(arguments, io));
  if (!found.note.empty()) io.err << fmt::format("barometer trend: note: {}\n", found.note);
  io.out << (arguments.format == "json"  ? trends_json(found)
             : arguments.format == "csv" ? trends_csv(found)
                                         : trends_plain(found));
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
  verb->callback([a, verb, &chosen] {
    for (const CLI::Option* option : verb->get_options()) {
      if (option->count() > 0) a->given.push_back({option->get_name(), option->get_group()});
    }
    chosen = [a](const Io& io) { return run(*a, io); };
  });
}

}  // namespace barometer::cli
