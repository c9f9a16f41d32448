// From functionals to lines: the one way in which values, errors and intervals are made.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "barometer/estimate/interval.h"
#include "cli/estimate_request.h"

namespace barometer::cli {
namespace {

std::string df_text(double df) { return std::isinf(df) ? "infinite" : fmt::format("{:g}", df); }

// Σw and Σw² are both the number of cases only where every weight is 1.
bool is_weighted(const Sample& sample) {
  constexpr double kRounding = 1e-12;
  const auto n = static_cast<double>(sample.cases({}));
  const double sum = std::accumulate(sample.weights().begin(), sample.weights().end(), 0.0);
  return std::abs(sum - n) > kRounding * n || std::abs(sample.squares({}) - n) > kRounding * n;
}

std::string method_of(const EstimateRequest& request, bool weighted, const AnswerLine& line) {
  return fmt::format("{}; {}; {} variance; df {} = {}; {}", request.sample().description(),
                     weighted ? "weighted" : "not weighted",
                     request.sample().replicates() ? "replicate" : "linearised", df_text(*line.df),
                     request.df ? "as given" : request.sample().df_rule(),
                     line.lower ? "t interval" : "no interval");
}

// The estimate with its covariance; when only the variance fails, the value alone and the reason.
struct PartEstimate {
  std::optional<Estimated> estimated;
  Vector value;
  std::string reason, no_variance;
};

Result<PartEstimate> estimated_part(const EstimateRequest& request, const EstimatePart& part) {
  PartEstimate found;
  if (!part.make) {
    found.reason = part.reason;
    return found;
  }
  const FunctionalPtr functional = part.make();
  auto estimated = estimate(request.sample(), *functional, request.io.progress);
  if (estimated) {
    found.value = estimated->value;
    found.estimated = std::move(*estimated);
    return found;
  }
  if (estimated.error().code == ErrorCode::kLimit) {
    return tl::unexpected(std::move(estimated).error());
  }
  auto value = functional->value(request.sample().weights());
  if (value) {
    found.value = std::move(*value);
    found.no_variance = estimated.error().message;
  } else {
    found.reason = value.error().message;
  }
  return found;
}

void fill_lines(const EstimateRequest& request, bool weighted, EstimatePart& part,
                const PartEstimate& found) {
  const double df =
      request.df.value_or(found.estimated ? found.estimated->df : request.sample().df(part.base));
  AnswerLine base;
  set_base(base, request, part.base);
  for (size_t j = 0; j < part.lines.size(); ++j) {
    AnswerLine& line = part.lines[j];
    line.n = base.n;
    line.weighted_base = base.weighted_base;
    line.effective_base = base.effective_base;
    if (!found.reason.empty()) {
      line.reason = line.no_interval = found.reason;
      continue;
    }
    const auto index = static_cast<Eigen::Index>(j);
    line.estimate = found.value(index);
    line.df = df;
    if (found.estimated) line.se = found.estimated->se(index);
    line.no_interval = found.no_variance;
    const bool proportion = j < part.proportion.size() && part.proportion[j] != 0;
    if (line.se) set_t_interval(line, request.arguments.level, proportion);
    if (request.arguments.cv) {
      line.more.emplace_back("cv", line.se && *line.estimate != 0
                                       ? std::optional(*line.se / std::abs(*line.estimate))
                                       : std::nullopt);
    }
    line.method = method_of(request, weighted, line);
  }
}

Status add_design_effects(const EstimateRequest& request, EstimatePart& part,
                          const PartEstimate& found) {
  if (request.arguments.deff.empty() || !part.deff || !found.estimated) return {};
  const auto effects = TRY(part.deff(part.base, found.estimated->covariance));
  for (size_t j = 0; j < part.lines.size(); ++j) {
    part.lines[j].more.emplace_back("deff", effects[j].value);
  }
  return {};
}

// Covariance of all lines with an estimate, in the order of the parts.
Result<Matrix> covariance_of(const EstimateRequest& request, const std::vector<EstimatePart>& parts,
                             const std::vector<PartEstimate>& found) {
  std::vector<FunctionalPtr> functionals;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (found[i].reason.empty()) functionals.push_back(parts[i].make());
  }
  if (functionals.empty()) return Matrix(0, 0);
  auto all = TRY(estimate(request.sample(), *stacked(std::move(functionals)), request.io.progress));
  return std::move(all.covariance);
}

}  // namespace

Answer EstimateRequest::answer() const {
  Answer answer;
  answer.estimand = arguments.words.front();
  answer.level = arguments.level;
  answer.design = survey.sample.description();
  answer.df_rule = df ? "as given" : survey.sample.df_rule();
  return answer;
}

void set_base(AnswerLine& line, const EstimateRequest& request, Domain base) {
  const Sample& sample = request.sample();
  double sum = 0;
  for (size_t i = 0; i < sample.case_count(); ++i) {
    if (in_domain(base, static_cast<Eigen::Index>(i))) sum += sample.weights()[i];
  }
  const double squares = sample.squares(base);
  line.n = sample.live_cases(base);
  line.weighted_base = sum;
  line.effective_base = squares > 0 ? sum * sum / squares : 0;
}

std::string domain_label(const std::string& domain, const std::string& label) {
  return domain.empty() ? label : domain + ":" + label;
}

void set_t_interval(AnswerLine& line, double level, bool proportion) {
  if (!(*line.df > 0)) {
    line.no_interval = "the base has no degrees of freedom";
  } else if (proportion && (*line.estimate <= 0 || *line.estimate >= 1)) {
    line.no_interval =
        fmt::format("{} in the base has this answer, so its sampling error cannot be estimated",
                    *line.estimate <= 0 ? "no one" : "everyone");
  } else {
    const Interval interval = t_interval(*line.estimate, *line.se, *line.df, level);
    if (!std::isfinite(interval.lower) || !std::isfinite(interval.upper)) {
      line.no_interval = "the degrees of freedom are too few for an interval";
      return;
    }
    line.lower = interval.lower;
    line.upper = interval.upper;
  }
}

Result<Answer> answer_parts(const EstimateRequest& request, std::vector<EstimatePart> parts,
                            const std::vector<std::pair<size_t, size_t>>& order) {
  const bool weighted = is_weighted(request.sample());
  std::vector<PartEstimate> found;
  for (size_t i = 0; i < parts.size(); ++i) {
    request.io.progress.report("estimating", i, parts.size());
    found.push_back(TRY(estimated_part(request, parts[i])));
    fill_lines(request, weighted, parts[i], found.back());
    TRY_DONE(add_design_effects(request, parts[i], found.back()));
  }
  request.io.progress.report("estimating", parts.size(), parts.size());
  Answer answer = request.answer();
  std::vector<std::pair<size_t, size_t>> printed = order;
  std::vector<Eigen::Index> first(parts.size(), 0);  // place of each part in the covariance
  Eigen::Index next = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    first[i] = next;
    if (found[i].reason.empty()) next += static_cast<Eigen::Index>(parts[i].lines.size());
    for (size_t j = 0; order.empty() && j < parts[i].lines.size(); ++j) printed.emplace_back(i, j);
  }
  std::vector<Eigen::Index> places;
  for (const auto& [i, j] : printed) {
    answer.lines.push_back(parts[i].lines[j]);
    if (found[i].reason.empty()) places.push_back(first[i] + static_cast<Eigen::Index>(j));
  }
  if (request.arguments.covariance) {
    const Matrix all = TRY(covariance_of(request, parts, found));
    answer.covariance = all(places, places);
  }
  return answer;
}

}  // namespace barometer::cli
