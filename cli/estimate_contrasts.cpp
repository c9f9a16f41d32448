// Functions of estimates: differences, ratios of means, anything smooth.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/estimand/contrast.h"
#include "cli/estimate_request.h"

namespace barometer::cli {
namespace {

// Words of an expression that may be labels: names, and what stands in backticks.
std::vector<std::string> words_of(const std::string& expression) {
  std::vector<std::string> words;
  const auto in_name = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == ':' ||
           c == '=' || static_cast<unsigned char>(c) >= 0x80;
  };
  for (size_t i = 0; i < expression.size();) {
    if (expression[i] == '`') {
      const size_t end = std::min(expression.find('`', i + 1), expression.size());
      words.push_back(expression.substr(i + 1, end - i - 1));
      i = end + 1;
    } else if (in_name(expression[i])) {
      size_t end = i;
      while (end < expression.size() && in_name(expression[end])) ++end;
      words.push_back(expression.substr(i, end - i));
      i = end;
    } else {
      ++i;
    }
  }
  return words;
}

// "E:api00" -> api00; "stype=E" -> stype: the variable of the data that a label is about.
std::optional<std::string> variable_of(const Dataset& data, const std::string& label) {
  std::vector<std::string> tries = {label};
  if (const size_t colon = label.find(':'); colon != std::string::npos) {
    tries.push_back(label.substr(colon + 1));
  }
  for (const std::string& text : tries) {
    std::string name = text.substr(0, text.find('='));
    if (data.codebook().index_of_written(name)) return name;
  }
  return std::nullopt;
}

struct Basis {
  std::string estimand;
  std::vector<std::string> names;
};

// --of "mean api00 api99"; without variables, those that the expressions name.
Result<Basis> basis_of(const EstimateRequest& request) {
  Basis basis{"mean", {}};
  const auto words = split(request.arguments.of, ' ');
  if (!request.arguments.of.empty()) {
    basis.estimand = words.front();
    for (size_t i = 1; i < words.size(); ++i) {
      if (!words[i].empty()) basis.names.push_back(words[i]);
    }
  }
  const std::vector<std::string> known = {"mean", "total", "prop", "ratio"};
  if (std::ranges::count(known, basis.estimand) == 0) {
    return fail(ErrorCode::kInvalid, fmt::format("--of {}: {}", request.arguments.of,
                                                 suggestion(basis.estimand, known)));
  }
  for (const std::string& expression : request.names()) {
    if (!basis.names.empty() && !request.arguments.of.empty() && words.size() > 1) break;
    for (const std::string& word : words_of(expression)) {
      const auto name = variable_of(request.data(), word);
      if (name && std::ranges::count(basis.names, *name) == 0) basis.names.push_back(*name);
    }
  }
  if (basis.names.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("contrast '{}' names no variable of the data; say of what, as in --of "
                            "'mean api00'",
                            request.names().front()));
  }
  return basis;
}

}  // namespace

Result<Answer> answer_contrasts(const EstimateRequest& request) {
  const Basis basis = TRY(basis_of(request));
  const EstimatePlan plan = TRY(plan_of(request, basis.estimand, basis.names));
  std::vector<FunctionalPtr> functionals;
  std::vector<std::string> labels, domains;
  for (const EstimatePart& part : plan.parts) {
    if (!part.make) continue;
    functionals.push_back(part.make());
    for (const AnswerLine& line : part.lines) {
      labels.push_back(line.label);
      domains.push_back(line.domain);
    }
  }
  const Estimated all =
      TRY(estimate(request.sample(), *stacked(std::move(functionals)), request.io.progress));
  // One estimate a domain may be called by its domain, as in R: H - E.
  const std::set<std::string> different(domains.begin(), domains.end());
  const bool by_domain =
      different.size() == labels.size() && !labels.empty() && !domains.front().empty();
  const std::vector<std::string> expressions = request.names();
  auto found = contrast(all, labels, expressions);
  if (!found && by_domain) {
    if (auto again = contrast(all, domains, expressions)) found = std::move(again);
  }
  if (!found) return tl::unexpected(found.error());
  Answer answer = request.answer();
  for (size_t j = 0; j < expressions.size(); ++j) {
    AnswerLine line;
    line.label = line.variable = expressions[j];
    const auto at = static_cast<Eigen::Index>(j);
    line.estimate = found->value(at);
    line.se = found->se(at);
    line.df = request.df.value_or(found->df);
    set_t_interval(line, request.arguments.level, false);
    line.method = fmt::format("{}; delta method; df {:g} = {}", request.sample().description(),
                              *line.df, request.df ? "as given" : request.sample().df_rule());
    answer.lines.push_back(std::move(line));
  }
  if (request.arguments.covariance) answer.covariance = found->covariance;
  return answer;
}

}  // namespace barometer::cli
