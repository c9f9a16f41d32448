// barometer estimate: means, totals and proportions of a data file under a complex design.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/csv.h"
#include "barometer/base/text.h"
#include "barometer/data/expression.h"
#include "barometer/estimate/estimator.h"
#include "barometer/io/io.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

constexpr size_t kMaxLevels = 1000;

struct EstimateArguments {
  std::string data;
  std::string weight;
  bool unweighted = false;
  std::string strata, ids, fpc;  // one name a stage, separated by commas
  bool nest = false;
  std::string lonely_psu = "fail";
  std::string where;
  double level = 0.95;
  std::string df;
  std::string format = "text";
  std::vector<std::string> words;  // the estimand, then variables
};

constexpr std::array<double, 5> kCodesForMissing = {-1, -2, -7, -8, -9};
const std::vector<std::string> kEstimands = {"mean", "total", "prop", "ciprop"};

// One estimate to print.
struct Line {
  std::string variable;
  std::string level;  // of a category; empty for a number
  Estimate estimate;

  [[nodiscard]] std::string label() const {
    return level.empty() ? variable : variable + "=" + level;
  }
};

Result<std::string> variable_named(const Dataset& data, const std::string& name) {
  const auto index = data.codebook().index_of_written(name);
  if (index) return data.codebook().variables()[*index].id;
  return fail(ErrorCode::kNotFound, fmt::format("there is no variable '{}'; {}", name,
                                                suggestion(name, data.codebook().ids())));
}

// Shortest text that reads back as the number.
std::string number_text(double value) { return fmt::format("{}", value); }

struct Codes {
  std::vector<int32_t> codes;  // from 0; -1 where missing
  std::vector<std::string> labels;
};

// Codes in the sorted order of the distinct values.
template <class T, class Text>
Codes numbered(const std::vector<T>& values, const std::vector<Missing>& missing, Text text) {
  std::map<T, int32_t> code_of;
  for (size_t i = 0; i < values.size(); ++i) {
    if (missing[i] == Missing::kNone) code_of.emplace(values[i], 0);
  }
  Codes coded;
  for (auto& [value, code] : code_of) {
    code = static_cast<int32_t>(coded.labels.size());
    coded.labels.push_back(text(value));
  }
  for (size_t i = 0; i < values.size(); ++i) {
    coded.codes.push_back(missing[i] == Missing::kNone ? code_of.at(values[i]) : -1);
  }
  return coded;
}

Result<Codes> design_codes(const Dataset& data, const std::string& name) {
  const std::string id = TRY(variable_named(data, name));
  const Column* column = TRY(data.find(id));
  if (const auto* numbers = std::get_if<Numbers>(column)) {
    return numbered(numbers->values, numbers->missing, number_text);
  }
  if (const auto* texts = std::get_if<Texts>(column)) {
    return numbered(texts->values, texts->missing, [](const std::string& text) { return text; });
  }
  if (std::holds_alternative<OptionSets>(*column)) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' has several answers a case", name));
  }
  std::vector<int> values;
  std::vector<Missing> missing;
  for (size_t row = 0; row < data.case_count(); ++row) {
    values.push_back(code_at(*column, row));
    missing.push_back(missing_at(*column, row));
  }
  const Variable& variable = *data.codebook().find(id);
  return numbered(values, missing, [&](int code) {
    const Category* category = variable.category(code);
    return category == nullptr ? std::to_string(code) : category->label;
  });
}

// NaN where missing.
Result<std::vector<double>> design_numbers(const Dataset& data, const std::string& name) {
  const Column* column = TRY(data.find(TRY(variable_named(data, name))));
  const auto* numbers = std::get_if<Numbers>(column);
  if (numbers == nullptr) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is not a column of numbers", name));
  }
  std::vector<double> values = numbers->values;
  for (size_t row = 0; row < values.size(); ++row) {
    if (numbers->missing[row] != Missing::kNone) {
      values[row] = std::numeric_limits<double>::quiet_NaN();
    }
  }
  return values;
}

// The names of an option that has one for each stage.
std::vector<std::string> stage_names(const std::string& option) {
  return option.empty() ? std::vector<std::string>{} : split(option, ',');
}

Result<std::vector<Codes>> codes_of_stages(const Dataset& data, const std::string& option) {
  std::vector<Codes> stages;
  for (const std::string& name : stage_names(option))
    stages.push_back(TRY(design_codes(data, name)));
  return stages;
}

Result<Design> design_of(const Dataset& data, const EstimateArguments& arguments) {
  const bool singly = arguments.ids == "1";  // as R writes it
  const auto ids = TRY(codes_of_stages(data, singly ? "" : arguments.ids));
  const auto strata = TRY(codes_of_stages(data, arguments.strata));
  DesignSpec spec;
  spec.case_count = data.case_count();
  for (const Codes& stage : ids) spec.ids.push_back(stage.codes);
  for (const Codes& stage : strata) spec.strata.push_back(stage.codes);
  for (const std::string& name : stage_names(arguments.fpc)) {
    spec.fpc.push_back(TRY(design_numbers(data, name)));
  }
  if (!arguments.weight.empty()) spec.weights = TRY(design_numbers(data, arguments.weight));
  spec.weights_from_fpc = !spec.fpc.empty() && arguments.weight.empty() && !arguments.unweighted;
  spec.nest = arguments.nest;
  spec.lonely_psu = TRY(parse_lonely_psu(arguments.lonely_psu));
  const auto label = [](const std::vector<Codes>& stages) {
    return [&stages](size_t stage, int32_t code) {
      return stages[stage].labels[static_cast<size_t>(code)];
    };
  };
  spec.unit_label = label(ids);
  spec.stratum_label = label(strata);
  return Design::make(std::move(spec));
}

Result<double> parsed_df(const std::string& text) {
  if (lowered(text) == "inf") return std::numeric_limits<double>::infinity();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value > 0)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--df {}: a number above 0, or Inf, is needed", text));
  }
  return value;
}

// A number whose levels are asked for becomes a single variable of its distinct values.
Result<std::string> with_levels(Dataset& data, const std::string& id) {
  const Column* column = TRY(data.find(id));
  const auto* numbers = std::get_if<Numbers>(column);
  if (numbers == nullptr) return id;
  const Codes coded = numbered(numbers->values, numbers->missing, number_text);
  if (coded.labels.size() > kMaxLevels) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' has {} different values; proportions are "
                                                 "made of at most {}",
                                                 id, coded.labels.size(), kMaxLevels));
  }
  Variable levels;
  for (size_t i = 0; data.codebook().find(levels.id = fmt::format("levels_{}", i)); ++i) {
  }
  std::vector<int> codes;
  for (size_t row = 0; row < coded.codes.size(); ++row) {
    codes.push_back(coded.codes[row] >= 0 ? coded.codes[row] : file_code(numbers->missing[row]));
  }
  for (size_t i = 0; i < coded.labels.size(); ++i) {
    levels.categories.push_back({static_cast<int>(i), coded.labels[i], false});
  }
  std::string added = levels.id;
  data = TRY(data.with(std::move(levels), make_codes(codes)));
  return added;
}

std::vector<Line> lines_of(const Variable& variable, const std::string& name,
                           ItemEstimates estimates) {
  std::vector<Line> lines;
  if (estimates.mean) return {{name, "", std::move(*estimates.mean)}};
  for (size_t i = 0; i < estimates.options.size(); ++i) {
    lines.push_back({name, variable.categories[i].label, std::move(estimates.options[i])});
  }
  return lines;
}

// ---- what the file is ------------------------------------------------------------------------

// Said of the responses of a reconstruction, which lie beside its record; empty for other data.
std::string note_of(const std::string& data) {
  const std::filesystem::path file(data);
  std::error_code ignored;
  const bool reconstructed =
      file.stem() == "responses" &&
      std::filesystem::exists(file.parent_path() / "reconstruction.json", ignored);
  return reconstructed ? "these answers are reconstructed from published figures: which answers go "
                         "together, and so every spread and standard error, is made up"
                       : "";
}

// Responses of a study code what is missing below 0, and here such codes would count as numbers.
void warn_of_codes_for_missing(const Dataset& data, const std::string& id, const Io& io) {
  if (!data.codebook().index_of("respondent") || !data.codebook().index_of("organisation")) return;
  const auto column = data.find(id);
  const auto* numbers = column ? std::get_if<Numbers>(*column) : nullptr;
  if (numbers == nullptr) return;
  size_t found = 0;
  for (size_t row = 0; row < numbers->values.size(); ++row) {
    const bool code = std::ranges::count(kCodesForMissing, numbers->values[row]) > 0;
    if (code && numbers->missing[row] == Missing::kNone) ++found;
  }
  if (found == 0) return;
  io.err << fmt::format(
      "barometer estimate: warning: '{}' holds -1, -2, -7, -8 or -9 in {} rows, counted as "
      "numbers; "
      "if they mean a missing answer, leave them out: --where \"{} >= 0\"\n",
      id, found, id);
}

Result<std::vector<Line>> estimated_lines(const EstimateArguments& arguments, const Io& io) {
  Dataset data = TRY(read_data(arguments.data));
  if (data.case_count() == 0) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' holds no cases", arguments.data));
  }
  const std::string& estimand = arguments.words.front();
  const bool proportions = estimand == "prop" || estimand == "ciprop";
  std::vector<std::string> names(arguments.words.begin() + 1, arguments.words.end());
  std::vector<std::string> ids;
  for (const std::string& name : names) {
    std::string id = TRY(variable_named(data, name));
    warn_of_codes_for_missing(data, id, io);
    if (proportions) id = TRY(with_levels(data, id));
    ids.push_back(std::move(id));
  }
  std::vector<uint8_t> mask;
  if (!arguments.where.empty()) {
    mask = TRY(TRY(Expression::parse(arguments.where)).evaluate(data));
  }
  EstimatorOptions options;
  options.level = arguments.level;
  options.proportion_interval = estimand == "ciprop" ? IntervalMethod::kLogit : IntervalMethod::kT;
  if (!arguments.df.empty()) options.df = TRY(parsed_df(arguments.df));
  Design design = TRY(design_of(data, arguments));
  const auto shared = std::make_shared<const Dataset>(std::move(data));
  const Estimator estimator = TRY(Estimator::make(shared, std::move(design), {}, options));
  auto found =
      TRY(estimand == "total" ? estimator.totals(ids, mask, io.progress)
                              : estimator.items(ids, Unit::kRespondent, mask, io.progress));
  std::vector<Line> lines;
  for (size_t i = 0; i < ids.size(); ++i) {
    const Variable& variable = *shared->codebook().find(ids[i]);
    for (Line& line : lines_of(variable, names[i], std::move(found[i]))) {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

nlohmann::ordered_json json_number(const std::optional<double>& value) {
  if (!value) return nullptr;
  if (std::isinf(*value)) return "Inf";
  return *value;
}

std::string json_text(const std::vector<Line>& lines, const EstimateArguments& arguments) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Line& line : lines) {
    const Estimate& e = line.estimate;
    nlohmann::ordered_json row;
    row["label"] = line.label();
    row["variable"] = line.variable;
    if (!line.level.empty()) row["level"] = line.level;
    row["estimate"] = json_number(e.value);
    row["se"] = json_number(e.se);
    row["ci"] = nullptr;
    if (e.interval) row["ci"] = {e.interval->lower, e.interval->upper};
    row["df"] = json_number(e.df);
    row["n"] = e.n;
    row["weighted_base"] = e.weighted_base;
    row["effective_base"] = e.effective_base;
    if (!e.reason.empty()) row["reason"] = e.reason;
    if (!e.no_interval.empty()) row["no_interval"] = e.no_interval;
    row["method"] = e.method;
    rows.push_back(std::move(row));
  }
  nlohmann::ordered_json all = {{"estimand", arguments.words.front()}, {"level", arguments.level}};
  if (const std::string note = note_of(arguments.data); !note.empty()) all["note"] = note;
  all["estimates"] = std::move(rows);
  return all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string cell(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : std::string();
}

std::string csv_text(const std::vector<Line>& lines) {
  std::string text =
      "label,estimate,se,lower,upper,df,n,weighted_base,effective_base,reason,method\n";
  for (const Line& line : lines) {
    const Estimate& e = line.estimate;
    std::optional<double> lower, upper;
    if (e.interval) {
      lower = e.interval->lower;
      upper = e.interval->upper;
    }
    text += fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{}\n", csv_spreadsheet_safe(line.label()), cell(e.value),
        cell(e.se), cell(lower), cell(upper), cell(e.df), e.n, e.weighted_base, e.effective_base,
        csv_quoted(e.reason.empty() ? e.no_interval : e.reason), csv_quoted(e.method));
  }
  return text;
}

std::string shown(const std::optional<double>& value) {
  return value ? fmt::format("{:.6g}", *value) : "-";
}

std::string plain_text(const std::vector<Line>& lines) {
  size_t width = 8;
  for (const Line& line : lines) width = std::max(width, line.label().size());
  std::string text = fmt::format("{:<{}}  {:>12} {:>12} {:>12} {:>12} {:>6} {:>8}\n", "", width,
                                 "estimate", "SE", "lower", "upper", "df", "n");
  std::vector<std::string> methods;
  for (const Line& line : lines) {
    const Estimate& e = line.estimate;
    const bool has = e.interval.has_value();
    text += fmt::format("{:<{}}  {:>12} {:>12} {:>12} {:>12} {:>6} {:>8}", line.label(), width,
                        shown(e.value), shown(e.se), has ? shown(e.interval->lower) : "-",
                        has ? shown(e.interval->upper) : "-", shown(e.df), e.n);
    const std::string& why = e.reason.empty() ? e.no_interval : e.reason;
    text += why.empty() ? "\n" : fmt::format("  ({})\n", why);
    if (std::ranges::count(methods, e.method) == 0) methods.push_back(e.method);
  }
  for (const std::string& method : methods) text += "Method: " + method + ".\n";
  return text;
}

Result<int> run(const EstimateArguments& arguments, const Io& io) {
  if (std::ranges::count(kEstimands, arguments.words.front()) == 0) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is no estimand; {}", arguments.words.front(),
                                                 suggestion(arguments.words.front(), kEstimands)));
  }
  if (arguments.words.size() < 2) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: of which variables?", arguments.words.front()));
  }
  if (!arguments.weight.empty() && arguments.unweighted) {
    return fail(ErrorCode::kInvalid, "--weight and --unweighted exclude each other");
  }
  const std::vector<Line> lines = TRY(estimated_lines(arguments, io));
  if (const std::string note = note_of(arguments.data); !note.empty()) {
    io.err << fmt::format("barometer estimate: note: {}\n", note);
  }
  io.out << (arguments.format == "json"  ? json_text(lines, arguments)
             : arguments.format == "csv" ? csv_text(lines)
                                         : plain_text(lines));
  return kFine;
}

}  // namespace

void add_estimate(CLI::App& app, Action& chosen) {
  auto arguments = std::make_shared<EstimateArguments>();
  CLI::App* verb = app.add_subcommand(
      "estimate", "Means, totals and proportions of a data file, with design-based errors");
  verb->add_option("data", arguments->data, "CSV, TSV or Parquet file")->required();
  verb->add_option("estimand", arguments->words,
                   "mean, total, prop or ciprop, and the variables. A text variable gives one "
                   "estimate a level; prop and ciprop do so for numbers too")
      ->required();
  verb->add_option("--weight", arguments->weight, "column of sampling weights");
  verb->add_flag("--unweighted", arguments->unweighted,
                 "weights of 1 beside --fpc; without it they come from the population sizes");
  verb->add_option("--strata", arguments->strata, "columns of strata: stage 1[,stage 2]");
  verb->add_option("--id", arguments->ids, "columns of sampled units: stage 1[,stage 2]");
  verb->add_option("--fpc", arguments->fpc,
                   "columns of population sizes, or of sampling fractions: stage 1[,stage 2]");
  verb->add_flag("--nest", arguments->nest, "the same id in two strata is two units");
  verb->add_option("--lonely-psu", arguments->lonely_psu, "what a stratum with one unit adds")
      ->check(CLI::IsMember({"fail", "remove", "certainty", "adjust", "average"}))
      ->capture_default_str();
  verb->add_option("--where", arguments->where, "only cases for which this is true, as a domain");
  verb->add_option("--level", arguments->level, "confidence level")->capture_default_str();
  verb->add_option("--df", arguments->df, "degrees of freedom in place of PSUs - strata; or Inf");
  verb->add_option("--format", arguments->format, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}))
      ->capture_default_str();
  verb->callback(
      [arguments, &chosen] { chosen = [arguments](const Io& io) { return run(*arguments, io); }; });
}

}  // namespace barometer::cli
