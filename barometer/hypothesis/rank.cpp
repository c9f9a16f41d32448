#include "barometer/hypothesis/rank_test.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <boost/math/distributions/normal.hpp>

#include "barometer/base/text.h"
#include "barometer/hypothesis/cells_internal.h"
#include "barometer/hypothesis/quadratic_form.h"
#include "barometer/sample/functional.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr std::array<std::pair<RankScore, std::string_view>, 4> kNames{{
    {RankScore::kWilcoxon, "wilcoxon"},
    {RankScore::kVanDerWaerden, "vanderWaerden"},
    {RankScore::kMedian, "median"},
    {RankScore::kKruskalWallis, "KruskalWallis"},
}};

// Cases with a response, a group and a weight other than 0, in case order.
struct Ranked {
  std::vector<size_t> rows;
  std::vector<double> y, weights;
  std::vector<int32_t> group;
  std::vector<uint8_t> mask;
  double weight_sum = 0;
};

// Numbers; of ordered categories their places.
Result<std::vector<double>> rankable(const Formula& formula, const Dataset& data) {
  auto numbers = formula.response(data);
  if (numbers) return std::move(*numbers);
  const auto levels = formula.response_levels(data);
  if (!levels) return tl::unexpected(std::move(numbers).error());
  std::vector<double> places;
  for (const int32_t code : levels->codes) {
    places.push_back(code < 0 ? std::numeric_limits<double>::quiet_NaN() : code);
  }
  return places;
}

Ranked ranked(const std::vector<double>& y, const Levels& groups, const Sample& sample) {
  Ranked cases;
  cases.mask.assign(y.size(), 0);
  for (size_t i = 0; i < y.size(); ++i) {
    const double weight = sample.weights()[i];
    if (groups.codes[i] < 0 || weight == 0) continue;
    cases.rows.push_back(i);
    cases.y.push_back(y[i]);
    cases.group.push_back(groups.codes[i]);
    cases.weights.push_back(weight);
    cases.weight_sum += weight;
    cases.mask[i] = 1;
  }
  return cases;
}

// Weight of all before, and half the case's own; of ties the mean.
std::vector<double> estimated_ranks(const Ranked& cases) {
  std::vector<size_t> order(cases.y.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](size_t i) { return cases.y[i]; });
  std::vector<double> ranks(order.size());
  double before = 0;
  for (size_t first = 0, last = 0; first < order.size(); first = last) {
    double sum = 0;
    for (; last < order.size() && cases.y[order[last]] == cases.y[order[first]]; ++last) {
      sum += before + cases.weights[order[last]] / 2;
      before += cases.weights[order[last]];
    }
    const double mean = sum / static_cast<double>(last - first);
    for (size_t i = first; i < last; ++i) ranks[order[i]] = mean;
  }
  return ranks;
}

double score_of(RankScore score, double place) {
  switch (score) {
    case RankScore::kVanDerWaerden:
      return boost::math::quantile(boost::math::normal(), place);
    case RankScore::kMedian:
      return place > 0.5 ? 1 : 0;
    default:
      return place;
  }
}

struct GroupMeans {
  Vector differences;  // from the first group
  Matrix influence;    // of them: cases × (groups - 1)
};

GroupMeans compare(const Ranked& cases, const std::vector<double>& scores, size_t groups) {
  Vector means = Vector::Zero(static_cast<Index>(groups)), weights = means;
  for (size_t i = 0; i < scores.size(); ++i) {
    means(cases.group[i]) += cases.weights[i] * scores[i];
    weights(cases.group[i]) += cases.weights[i];
  }
  means = means.cwiseQuotient(weights);
  GroupMeans found;
  found.differences = means.tail(means.size() - 1).array() - means(0);
  found.influence = Matrix::Zero(static_cast<Index>(cases.mask.size()), means.size() - 1);
  for (size_t i = 0; i < scores.size(); ++i) {
    const int32_t group = cases.group[i];
    const double part = (scores[i] - means(group)) / weights(group);
    const auto row = static_cast<Index>(cases.rows[i]);
    if (group == 0) found.influence.row(row).setConstant(-part);
    if (group > 0) found.influence(row, group - 1) = part;
  }
  return found;
}

Status check_groups(const Formula& formula, const Levels& groups, const Ranked& cases) {
  const std::string group = printable(formula.terms().front());
  if (groups.labels.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("no case of the base has a response and a group of '{}'", group));
  }
  if (groups.labels.size() == 1) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' has one group in the base, '{}'; a comparison needs two", group,
                            printable(groups.labels.front())));
  }
  const auto [low, high] = std::ranges::minmax(cases.y);
  if (low < high) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("the response of '{}' has one value in the base, {}; there is nothing to "
                          "rank",
                          printable(formula.text()), low));
}

std::string method_of(RankScore score, bool several) {
  switch (score) {
    case RankScore::kVanDerWaerden:
      return "Design-based van der Waerden rank test";
    case RankScore::kMedian:
      return "Design-based median test";
    default:
      return several ? "Design-based Kruskal-Wallis test" : "Design-based Wilcoxon rank-sum test";
  }
}

Result<TestResult> several_groups(const Sample& sample, const Ranked& cases,
                                  const GroupMeans& means, const Estimated& noise) {
  const auto k = static_cast<double>(means.differences.size());
  const double df = TRY(enough_df(sample, cases.mask, sample.df(cases.mask) - k));
  TestResult result;
  result.statistic_name = "Chisq";
  result.statistic = TRY(wald(means.differences, noise.covariance, "mean rank scores"));
  result.df = {k, df};
  result.p = f_tail(result.statistic / k, k, df);
  result.reason = "several groups have no single difference";
  return result;
}

}  // namespace

std::string_view name_of(RankScore score) {
  return std::ranges::find(kNames, score, &decltype(kNames)::value_type::first)->second;
}

Result<RankScore> parse_rank_score(std::string_view word) {
  for (const auto& [score, name] : kNames) {
    if (name == word) return score;
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' is no score of ranks; known: wilcoxon, vanderWaerden, median, "
                          "KruskalWallis",
                          printable(word)));
}

Result<TestResult> rank_test(const Sample& sample, const Dataset& data, const Formula& formula,
                             Domain domain, RankScore score, double level,
                             const Progress& progress) {
  CHECK(data.case_count() == sample.case_count(), "data and sample have the same cases");
  TRY_DONE(check_level(level));
  const std::vector<double> y = TRY(rankable(formula, data));
  const Levels groups =
      levels_within(TRY(levels_of_group(formula, data)), sample, known_in(domain, y));
  const Ranked cases = ranked(y, groups, sample);
  TRY_DONE(check_groups(formula, groups, cases));
  std::vector<double> scores = estimated_ranks(cases);
  for (double& s : scores) s = score_of(score, s / cases.weight_sum);
  const GroupMeans means = compare(cases, scores, groups.labels.size());
  const Estimated noise = TRY(estimate(sample, *total_of(means.influence, cases.mask), progress));
  TestResult result;
  if (groups.labels.size() > 2) {
    result = TRY(several_groups(sample, cases, means, noise));
  } else {
    const double df = TRY(enough_df(sample, cases.mask, sample.df(cases.mask) - 1));
    result = TRY(t_result({.estimate = means.differences(0),
                           .se = noise.se(0),
                           .df = df,
                           .level = level,
                           .size = 1,
                           .what = "difference in mean rank score"}));
    result.estimate_name = fmt::format("difference in mean rank score: {} - {}",
                                       printable(groups.labels[1]), printable(groups.labels[0]));
  }
  result.method = method_of(score, groups.labels.size() > 2);
  result.cases = cases.rows.size();
  return result;
}

}  // namespace barometer
