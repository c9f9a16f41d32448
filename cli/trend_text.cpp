// Trends as JSON, CSV and text.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/csv.h"
#include "barometer/base/version.h"
#include "cli/trend.h"

namespace barometer::cli {
namespace {

using Json = nlohmann::ordered_json;

Json json_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// nullptr: the waves are not linked.
const WaveOverlap* overlap_of(const StackedWaves& waves, const WaveChange& change) {
  for (const WaveOverlap& overlap : waves.overlaps) {
    if (overlap.from == change.from && overlap.to == change.to) return &overlap;
  }
  return nullptr;
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
    if (!wave.no_interval.empty()) row["no_interval"] = wave.no_interval;
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

std::string cell(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "";
}

std::string csv_of(const WaveTrend& trend, const StackedWaves& waves) {
  const std::string label = csv_spreadsheet_safe(label_of(trend));
  std::string text;
  for (const WaveEstimate& wave : trend.waves) {
    text += fmt::format("{},{},,{},{},{},{},{},{},{},,,,,,,,{}\n", label,
                        csv_spreadsheet_safe(wave.wave), wave.value, wave.se, cell(wave.lower),
                        cell(wave.upper), wave.df, wave.n, wave.weighted_n,
                        csv_quoted(wave.no_interval));
  }
  for (const WaveChange& change : trend.changes) {
    const WaveOverlap* overlap = overlap_of(waves, change);
    const std::string units = overlap == nullptr ? ",,"
                                                 : fmt::format("{},{},{}", overlap->units_from,
                                                               overlap->units_to, overlap->both);
    text += fmt::format("{},{},{},{},{},{},{},{},,,{},{},{},{},{},{}\n", label,
                        csv_spreadsheet_safe(waves.names[change.from]),
                        csv_spreadsheet_safe(waves.names[change.to]), change.difference, change.se,
                        cell(change.lower), cell(change.upper), change.df, cell(change.t),
                        cell(change.p), cell(change.correlation), units, name_of(change.verdict),
                        csv_quoted(change.reason));
  }
  return text;
}

std::string shown(const std::optional<double>& value) {
  return value ? fmt::format("{:.6g}", *value) : "-";
}

std::string change_name(const WaveChange& change, const StackedWaves& waves) {
  return waves.names[change.from] + " to " + waves.names[change.to];
}

std::string verdict_of(const WaveChange& change, bool linked) {
  std::string numbers;
  if (change.p) numbers = fmt::format("t {:.3f}, p {:.4f}", *change.t, *change.p);
  if (linked && change.correlation) {
    numbers +=
        fmt::format("{}correlation {:.3f}", numbers.empty() ? "" : ", ", *change.correlation);
  }
  const std::string verdict(name_of(change.verdict));
  return numbers.empty() ? verdict : fmt::format("{} ({})", verdict, numbers);
}

std::string plain_of(const WaveTrend& trend, const StackedWaves& waves, size_t width) {
  std::string text =
      fmt::format("{}\n  {:<{}} {:>12} {:>12} {:>12} {:>12} {:>6} {:>8} {:>13}\n", label_of(trend),
                  "", width, "estimate", "SE", "lower", "upper", "df", "n", "weighted base");
  for (const WaveEstimate& wave : trend.waves) {
    text += fmt::format("  {:<{}} {:>12.6g} {:>12.6g} {:>12} {:>12} {:>6g} {:>8} {:>13.6g}\n",
                        wave.wave, width, wave.value, wave.se, shown(wave.lower), shown(wave.upper),
                        wave.df, wave.n, wave.weighted_n);
    if (!wave.no_interval.empty()) text += fmt::format("    {}\n", wave.no_interval);
  }
  const bool linked = waves.relation != WaveRelation::kIndependent;
  for (const WaveChange& change : trend.changes) {
    text += fmt::format("  {:<{}} {:>12.6g} {:>12.6g} {:>12} {:>12} {:>6g}   {}\n",
                        change_name(change, waves), width, change.difference, change.se,
                        shown(change.lower), shown(change.upper), change.df,
                        verdict_of(change, linked));
    if (!change.reason.empty()) text += fmt::format("    {}\n", change.reason);
  }
  return text;
}

}  // namespace

std::string trends_json(const Trends& found) {
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
  const Json all = {{"estimand", found.estimand},
                    {"level", found.level},
                    {"relation", name_of(found.waves.relation)},
                    {"overlaps", std::move(overlaps)},
                    {"reworded", found.waves.reworded},
                    {"trends", std::move(trends)},
                    {"note", found.note},
                    {"design", found.waves.sample.description()},
                    {"df_rule", found.df_rule},
                    {"software", fmt::format("barometer {}", kVersion)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string trends_csv(const Trends& found) {
  std::string text =
      "label,from,to,estimate,se,lower,upper,df,n,weighted_base,t,p,correlation,units_from,"
      "units_to,both,verdict,reason\n";
  for (const WaveTrend& trend : found.trends) text += csv_of(trend, found.waves);
  return text;
}

std::string trends_plain(const Trends& found) {
  const StackedWaves& waves = found.waves;
  size_t width = 14;
  for (const WaveTrend& trend : found.trends) {
    for (const WaveChange& change : trend.changes) {
      width = std::max(width, change_name(change, waves).size());
    }
  }
  std::string text;
  for (const WaveTrend& trend : found.trends) text += plain_of(trend, waves, width);
  for (const WaveOverlap& overlap : waves.overlaps) {
    text += fmt::format("{} units in {}, {} in {}, {} in both.\n", overlap.units_from,
                        waves.names[overlap.from], overlap.units_to, waves.names[overlap.to],
                        overlap.both);
  }
  for (const std::string& variable : waves.reworded) {
    text += fmt::format("The wording of '{}' differs between waves.\n", variable);
  }
  return text + fmt::format("Method: waves as {} samples; {}; df {}; {:.10g}% t intervals.\n",
                            name_of(waves.relation), waves.sample.description(), found.df_rule,
                            100 * found.level);
}

}  // namespace barometer::cli
