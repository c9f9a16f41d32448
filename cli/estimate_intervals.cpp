// Quantiles, and shares with the interval one names.
#include <cmath>

#include <fmt/format.h>

#include "barometer/data/expression.h"
#include "barometer/estimand/domains.h"
#include "barometer/estimand/proportion_interval.h"
#include "barometer/estimand/quantile.h"
#include "cli/estimate_request.h"

namespace barometer::cli {
namespace {

// Cases of the base with a value, in a cell.
std::vector<uint8_t> with_values(const DomainCell& cell, const std::vector<double>& values) {
  std::vector<uint8_t> mask = cell.mask;
  for (size_t i = 0; i < mask.size(); ++i) {
    if (std::isnan(values[i])) mask[i] = 0;
  }
  return mask;
}

Result<std::vector<double>> probs_of(const std::string& text) {
  if (text.empty()) return std::vector<double>{0.25, 0.5, 0.75};
  return numbers_in(text, "--probs");
}

AnswerLine line_of(const QuantileEstimate& quantile) {
  AnswerLine line;
  line.estimate = quantile.value;
  line.se = quantile.se;
  line.lower = quantile.lower;
  line.upper = quantile.upper;
  line.df = quantile.df;
  (quantile.value ? line.no_interval : line.reason) = quantile.reason;
  return line;
}

// Numbers as they are, of any expression over the data.
Result<std::vector<double>> values_of(const Dataset& data, const std::string& name) {
  return TRY(NumberExpression::parse(name)).numbers(data);
}

// 1 where the event holds, NaN where that is unknown: R's way, I(ell == 0), or that of --where.
Result<std::vector<double>> event_of(const Dataset& data, const std::string& text) {
  const auto formula = NumberExpression::parse(text);
  if (formula) {
    auto numbers = formula->numbers(data);
    if (numbers) return numbers;
  }
  const auto holds = Expression::parse(text);
  const auto fails = Expression::parse("not (" + text + ")");
  if (!holds || !fails) {
    if (!formula) return tl::unexpected(formula.error());
    return tl::unexpected(formula->numbers(data).error());
  }
  const auto yes = TRY(holds->evaluate(data));
  const auto no = TRY(fails->evaluate(data));
  std::vector<double> event(yes.size());
  for (size_t i = 0; i < event.size(); ++i) {
    event[i] = yes[i] != 0 ? 1 : no[i] != 0 ? 0 : std::nan("");
  }
  return event;
}

// Of a variable each of its levels; else the one event.
Result<std::vector<std::pair<std::string, std::vector<double>>>> events_of(
    const EstimateRequest& request) {
  std::vector<std::pair<std::string, std::vector<double>>> events;
  for (const std::string& name : request.names()) {
    if (!request.data().codebook().index_of_written(name)) {
      events.emplace_back(name, TRY(event_of(request.data(), name)));
      continue;
    }
    const Levels levels = TRY(levels_of(request.data(), name));
    for (size_t level = 0; level < levels.labels.size(); ++level) {
      std::vector<double> event(levels.codes.size(), std::nan(""));
      for (size_t i = 0; i < event.size(); ++i) {
        if (levels.codes[i] >= 0) event[i] = static_cast<size_t>(levels.codes[i]) == level ? 1 : 0;
      }
      events.emplace_back(fmt::format("{}={}", name, levels.labels[level]), std::move(event));
    }
  }
  return events;
}

}  // namespace

Result<Answer> answer_quantiles(const EstimateRequest& request) {
  const EstimateArguments& arguments = request.arguments;
  QuantileOptions options;
  options.rule = TRY(parse_quantile_rule(arguments.rule));
  options.interval = TRY(parse_quantile_interval(arguments.interval));
  options.level = arguments.level;
  options.df = request.df;
  const auto probs = TRY(probs_of(arguments.probs));
  const auto cells = TRY(domains_of(request.data(), names_in(arguments.by), request.mask));
  Answer answer = request.answer();
  for (const std::string& name : request.names()) {
    const auto values = TRY(values_of(request.data(), name));
    std::vector<std::vector<AnswerLine>> by_cell;
    for (const DomainCell& cell : cells) {
      if (request.io.progress.stopped()) return fail(ErrorCode::kLimit, "stopped");
      const auto mask = with_values(cell, values);
      by_cell.emplace_back();
      for (const QuantileEstimate& found :
           TRY(quantiles(request.sample(), values, mask, probs, options))) {
        AnswerLine line = line_of(found);
        line.variable = name;
        line.domain = cell.label;
        line.label = domain_label(cell.label, fmt::format("{}.{}", name, found.prob));
        line.more.insert(line.more.begin(), {"prob", found.prob});
        set_base(line, request, mask);
        line.method = fmt::format("{}; quantile rule {}, {} interval; df {:g}",
                                  request.sample().description(), name_of(options.rule),
                                  name_of(options.interval), found.df);
        by_cell.back().push_back(std::move(line));
      }
    }
    for (size_t p = 0; p < probs.size(); ++p) {
      for (auto& lines : by_cell) answer.lines.push_back(std::move(lines[p]));
    }
  }
  return answer;
}

Result<Answer> answer_proportion_intervals(const EstimateRequest& request) {
  const EstimateArguments& arguments = request.arguments;
  ProportionOptions options;
  options.method =
      TRY(parse_proportion_method(arguments.method.empty() ? "logit" : arguments.method));
  options.level = arguments.level;
  options.df = request.df;
  const auto cells = TRY(domains_of(request.data(), names_in(arguments.by), request.mask));
  Answer answer = request.answer();
  for (const auto& [label, event] : TRY(events_of(request))) {
    for (const DomainCell& cell : cells) {
      const auto mask = with_values(cell, event);
      const ProportionEstimate found =
          TRY(proportion_interval(request.sample(), event, mask, options));
      AnswerLine line;
      line.variable = label;
      line.domain = cell.label;
      line.label = domain_label(cell.label, label);
      line.estimate = found.value;
      if (found.value) {
        line.se = found.se;
        line.df = found.df;
      }
      if (found.ci) {
        line.lower = found.ci->lower;
        line.upper = found.ci->upper;
      }
      (found.value ? line.no_interval : line.reason) = found.reason;
      set_base(line, request, mask);
      line.method = fmt::format("{}; {} interval; df {:g} = {}", request.sample().description(),
                                name_of(options.method), found.df,
                                request.df ? "as given" : request.sample().df_rule());
      answer.lines.push_back(std::move(line));
    }
  }
  return answer;
}

}  // namespace barometer::cli
