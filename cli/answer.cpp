#include "cli/answer.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/csv.h"
#include "barometer/base/text.h"
#include "barometer/base/version.h"

namespace barometer::cli {
namespace {

using Json = nlohmann::ordered_json;

Json json_number(const std::optional<double>& value) {
  if (!value) return nullptr;
  if (std::isinf(*value)) return *value > 0 ? "Inf" : "-Inf";
  return *value;
}

Json json_of(const AnswerLine& line) {
  Json row;
  row["label"] = line.label;
  row["variable"] = line.variable;
  if (!line.level.empty()) row["level"] = line.level;
  if (!line.domain.empty()) row["by"] = line.domain;
  row["estimate"] = json_number(line.estimate);
  row["se"] = json_number(line.se);
  row["ci"] = nullptr;
  if (line.lower || line.upper) row["ci"] = {json_number(line.lower), json_number(line.upper)};
  row["df"] = json_number(line.df);
  for (const auto& [name, value] : line.more) row[name] = json_number(value);
  if (line.n) row["n"] = *line.n;
  if (line.weighted_base) row["weighted_base"] = *line.weighted_base;
  if (line.effective_base) row["effective_base"] = *line.effective_base;
  if (!line.reason.empty()) row["reason"] = line.reason;
  if (!line.no_interval.empty()) row["no_interval"] = line.no_interval;
  if (!line.method.empty()) row["method"] = line.method;
  return row;
}

Json json_of(const Matrix& matrix) {
  Json rows = Json::array();
  for (Eigen::Index j = 0; j < matrix.rows(); ++j) {
    Json row = Json::array();
    for (Eigen::Index k = 0; k < matrix.cols(); ++k) row.push_back(json_number(matrix(j, k)));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string cell(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : std::string();
}

std::string shown(const std::optional<double>& value) {
  return value ? fmt::format("{:.6g}", *value) : "-";
}

// Names of the columns that any line has beside the usual ones, in order of appearance.
std::vector<std::string> more_columns(const std::vector<AnswerLine>& lines) {
  std::vector<std::string> names;
  for (const AnswerLine& line : lines) {
    for (const auto& [name, value] : line.more) {
      if (std::ranges::count(names, name) == 0) names.push_back(name);
    }
  }
  return names;
}

std::optional<double> more_of(const AnswerLine& line, const std::string& name) {
  for (const auto& [known, value] : line.more) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::string shown_df(const std::vector<double>& df) {
  std::vector<std::string> parts;
  for (const double value : df) parts.push_back(fmt::format("{:.6g}", value));
  return fmt::format("{}", fmt::join(parts, ", "));
}

bool has_row(const Answer& answer, const AnswerLine& line) {
  return answer.covariance && line.estimate && line.in_covariance;
}

std::string p_text(double p) {
  return p < 1e-4 ? fmt::format("{:.2e}", p) : fmt::format("{:.4f}", p);
}

}  // namespace

std::string json_text(const Answer& answer) {
  Json all = {{"estimand", answer.estimand}, {"level", answer.level}};
  for (const std::string& note : answer.notes) {
    if (!all.contains("note")) {
      all["note"] = note;
    } else {
      all["note"] = all["note"].get<std::string>() + "; " + note;
    }
  }
  if (answer.test) {
    all["test"] = answer.test->name;
    all["statistic"] = json_number(answer.test->statistic);
    Json df = Json::array();
    for (const double value : answer.test->df) df.push_back(json_number(value));
    all["df"] = df.size() == 1 ? df[0] : df;
    all["p"] = json_number(answer.test->p);
  }
  for (const auto& [name, value] : answer.numbers) all[name] = json_number(value);
  Json rows = Json::array();
  for (const AnswerLine& line : answer.lines) rows.push_back(json_of(line));
  all["estimates"] = std::move(rows);
  if (answer.covariance) all["covariance"] = json_of(*answer.covariance);
  all["design"] = answer.design;
  all["df_rule"] = answer.df_rule;
  all["software"] = fmt::format("barometer {}", kVersion);
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string csv_text(const Answer& answer) {
  std::string text;
  if (answer.test) {
    text = "test,statistic,df1,df2,p,design\n";
    const auto& df = answer.test->df;
    text += fmt::format("{},{},{},{},{},{}\n", csv_quoted(answer.test->name),
                        answer.test->statistic, df.empty() ? "" : fmt::format("{}", df[0]),
                        df.size() < 2 ? "" : fmt::format("{}", df[1]), answer.test->p,
                        csv_quoted(answer.design));
    if (answer.lines.empty()) return text;
    text += "\n";
  }
  const auto more = more_columns(answer.lines);
  text += "label,estimate,se,lower,upper,df,n,weighted_base,effective_base,reason,method";
  for (const std::string& name : more) text += "," + name;
  for (const AnswerLine& line : answer.lines) {
    if (has_row(answer, line)) text += "," + csv_spreadsheet_safe("cov_" + line.label);
  }
  text += "\n";
  Eigen::Index row = 0;
  for (const AnswerLine& line : answer.lines) {
    text += fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{}", csv_spreadsheet_safe(line.label), cell(line.estimate),
        cell(line.se), cell(line.lower), cell(line.upper), cell(line.df),
        line.n ? std::to_string(*line.n) : "", cell(line.weighted_base), cell(line.effective_base),
        csv_quoted(line.reason.empty() ? line.no_interval : line.reason), csv_quoted(line.method));
    for (const std::string& name : more) text += "," + cell(more_of(line, name));
    for (Eigen::Index k = 0; answer.covariance && k < answer.covariance->cols(); ++k) {
      text += has_row(answer, line) ? fmt::format(",{}", (*answer.covariance)(row, k)) : ",";
    }
    if (has_row(answer, line)) ++row;
    text += "\n";
  }
  return text;
}

namespace {

std::string table_of_lines(const std::vector<AnswerLine>& lines) {
  size_t width = 8;
  for (const AnswerLine& line : lines) width = std::max(width, printable(line.label).size());
  const auto more = more_columns(lines);
  const bool counted = std::ranges::any_of(lines, [](auto& line) { return line.n.has_value(); });
  std::string text = fmt::format("{:<{}}  {:>12} {:>12} {:>12} {:>12} {:>6}", "", width, "estimate",
                                 "SE", "lower", "upper", "df");
  if (counted) text += fmt::format(" {:>8}", "n");
  for (const std::string& name : more) text += fmt::format(" {:>10}", name);
  text += "\n";
  for (const AnswerLine& line : lines) {
    text += fmt::format("{:<{}}  {:>12} {:>12} {:>12} {:>12} {:>6}", printable(line.label), width,
                        shown(line.estimate), shown(line.se), shown(line.lower), shown(line.upper),
                        shown(line.df));
    if (counted) text += fmt::format(" {:>8}", line.n ? std::to_string(*line.n) : "-");
    for (const std::string& name : more) {
      const auto value = more_of(line, name);
      text += fmt::format(" {:>10}", name == "p" && value ? p_text(*value) : shown(value));
    }
    const std::string& why = line.reason.empty() ? line.no_interval : line.reason;
    text += why.empty() ? "\n" : fmt::format("  ({})\n", why);
  }
  return text;
}

}  // namespace

std::string plain_text(const Answer& answer) {
  std::string text;
  if (answer.test) {
    text += fmt::format("{}\n  statistic {:.6g}{}{}, p = {}\n", answer.test->name,
                        answer.test->statistic, answer.test->df.empty() ? "" : ", df ",
                        shown_df(answer.test->df), p_text(answer.test->p));
  }
  if (!answer.lines.empty()) text += table_of_lines(answer.lines);
  for (const auto& [name, value] : answer.numbers) {
    text += fmt::format("{}: {:.6g}\n", name, value);
  }
  std::vector<std::string> methods;
  for (const AnswerLine& line : answer.lines) {
    if (!line.method.empty() && std::ranges::count(methods, line.method) == 0) {
      methods.push_back(line.method);
    }
  }
  if (methods.empty()) methods.push_back(fmt::format("{}; df = {}", answer.design, answer.df_rule));
  for (const std::string& method : methods) text += "Method: " + method + ".\n";
  for (const std::string& note : answer.notes) text += "note: " + note + ".\n";
  return text;
}

}  // namespace barometer::cli
