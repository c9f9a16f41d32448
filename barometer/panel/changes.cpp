#include "barometer/panel/changes.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/student_t.h"
#include "barometer/panel/answers_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

// A variance of a difference below this share of the two variances is rounding, and so is one
// below this share of the square of what is estimated.
constexpr double kRounding = 1e-12;
constexpr double kRoundingOfValue = 1e-26;

// Half the width of an interval; none where it is no number.
std::optional<double> reach_of(double level, double df, double se) {
  if (!(df > 0)) return std::nullopt;
  const double reach = t_quantile(level, df) * se;
  return std::isfinite(reach) ? std::optional(reach) : std::nullopt;
}

constexpr const char* kNoDegrees = "the base has no degrees of freedom";
constexpr const char* kFewDegrees = "the degrees of freedom are too few for an interval";

Status check(const ChangeOptions& options) {
  if (!(options.level > 0 && options.level < 1)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the level {} is not between 0 and 1", options.level));
  }
  if (options.df && !(*options.df >= kLeastDegreesOfFreedom)) {
    return fail(ErrorCode::kInvalid, fmt::format("{} degrees of freedom; there must be at least {}",
                                                 *options.df, kLeastDegreesOfFreedom));
  }
  return {};
}

// The waves' functionals of one estimand, estimated together.
struct Joint {
  std::vector<FunctionalPtr> parts;  // by wave
  Estimated estimated;
  size_t width = 0;

  [[nodiscard]] Index at(size_t wave, size_t entry) const {
    return static_cast<Index>(wave * width + entry);
  }
};

std::vector<uint8_t> either(Domain a, Domain b) {
  if (a.empty() || b.empty()) return {};
  std::vector<uint8_t> both(a.begin(), a.end());
  for (size_t i = 0; i < both.size(); ++i) both[i] |= b[i];
  return both;
}

class TrendMaker {
 public:
  TrendMaker(const StackedWaves& waves, const Joint& joint, const ChangeOptions& options)
      : waves_(waves), joint_(joint), options_(options) {
    for (size_t w = 0; w < waves.names.size(); ++w) {
      wave_df_.push_back(df(joint.parts[w]->domain()));
    }
    for (size_t to = 1; to < waves.names.size(); ++to) {
      const size_t from = options.compare == CompareWith::kFirst ? 0 : to - 1;
      pairs_.push_back({from, to});
      pair_df_.push_back(df(either(joint.parts[from]->domain(), joint.parts[to]->domain())));
    }
  }

  [[nodiscard]] WaveTrend trend(size_t entry) const {
    WaveTrend trend;
    const size_t count = waves_.names.size();
    trend.covariance.resize(static_cast<Index>(count), static_cast<Index>(count));
    for (size_t a = 0; a < count; ++a) {
      trend.waves.push_back(wave(a, entry));
      for (size_t b = 0; b < count; ++b) {
        trend.covariance(static_cast<Index>(a), static_cast<Index>(b)) =
            joint_.estimated.covariance(joint_.at(a, entry), joint_.at(b, entry));
      }
    }
    for (size_t i = 0; i < pairs_.size(); ++i) {
      trend.changes.push_back(change(trend, pairs_[i].first, pairs_[i].second, pair_df_[i]));
    }
    return trend;
  }

 private:
  [[nodiscard]] double df(Domain domain) const {
    return options_.df ? *options_.df : waves_.sample.df(domain);
  }

  [[nodiscard]] WaveEstimate wave(size_t w, size_t entry) const {
    WaveEstimate estimate;
    estimate.wave = waves_.names[w];
    estimate.value = joint_.estimated.value(joint_.at(w, entry));
    estimate.se = joint_.estimated.se(joint_.at(w, entry));
    estimate.df = wave_df_[w];
    const Domain domain = joint_.parts[w]->domain();
    for (size_t i = 0; i < waves_.sample.case_count(); ++i) {
      if (!in_domain(domain, static_cast<Index>(i))) continue;
      ++estimate.n;
      estimate.weighted_n += waves_.sample.weights()[i];
    }
    if (const auto reach = reach_of(options_.level, estimate.df, estimate.se)) {
      estimate.lower = estimate.value - *reach;
      estimate.upper = estimate.value + *reach;
    } else {
      estimate.no_interval = estimate.df > 0 ? kFewDegrees : kNoDegrees;
    }
    return estimate;
  }

  [[nodiscard]] WaveChange change(const WaveTrend& trend, size_t from, size_t to,
                                  double pair_df) const {
    const auto a = static_cast<Index>(from);
    const auto b = static_cast<Index>(to);
    WaveChange change;
    change.from = from;
    change.to = to;
    change.difference = trend.waves[to].value - trend.waves[from].value;
    change.df = pair_df;
    const double va = trend.covariance(a, a);
    const double vb = trend.covariance(b, b);
    const double variance = va + vb - 2 * trend.covariance(a, b);
    const double least = std::max(kRounding * (va + vb), of_rounding(trend, from, to));
    change.se = variance <= least ? 0 : std::sqrt(variance);
    if (std::min(va, vb) > of_rounding(trend, from, to)) {
      change.correlation = std::clamp(trend.covariance(a, b) / std::sqrt(va * vb), -1.0, 1.0);
    }
    test(change);
    return change;
  }

  static double of_rounding(const WaveTrend& trend, size_t from, size_t to) {
    const double size =
        std::max(std::abs(trend.waves[from].value), std::abs(trend.waves[to].value));
    return kRoundingOfValue * size * size;
  }

  void test(WaveChange& change) const {
    if (change.se == 0 && change.difference != 0) {
      change.verdict = ChangeVerdict::kNotTested;
      change.reason = "the difference shows no variation: its standard error is 0";
      return;
    }
    if (const auto reach = reach_of(options_.level, change.df, change.se)) {
      change.lower = change.difference - *reach;
      change.upper = change.difference + *reach;
    }
    if (change.se == 0) return;
    if (!(change.df > 0)) {
      change.verdict = ChangeVerdict::kNotTested;
      change.reason = "the sample leaves no degrees of freedom";
      return;
    }
    change.t = change.difference / change.se;
    change.p = t_two_sided(*change.t, change.df);
    if (*change.p < 1 - options_.level) {
      change.verdict = change.difference > 0 ? ChangeVerdict::kRose : ChangeVerdict::kFell;
    }
  }

  const StackedWaves& waves_;
  const Joint& joint_;
  const ChangeOptions& options_;
  std::vector<double> wave_df_, pair_df_;
  std::vector<std::pair<size_t, size_t>> pairs_;
};

Result<Joint> joint_estimates(const StackedWaves& waves, const WaveEstimand& estimand, size_t width,
                              const Progress& progress) {
  Joint joint;
  joint.width = width;
  for (size_t w = 0; w < waves.names.size(); ++w) {
    auto part = estimand(waves.masks[w]);
    if (!part) {
      return tl::unexpected(std::move(part).error().in(fmt::format("wave '{}'", waves.names[w])));
    }
    CHECK((*part)->size() == width, "an estimand has one label an entry, in every wave");
    joint.parts.push_back(std::move(*part));
  }
  joint.estimated = TRY(estimate(waves.sample, *stacked(joint.parts), progress));
  return joint;
}

Result<AnswerColumns> columns_of(const Variable& variable, const Column& column,
                                 ChangeEstimand estimand) {
  if (variable.kind == VariableKind::kText) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("variable '{}' is open text, of which nothing is estimated", variable.id));
  }
  const bool numbers =
      variable.kind == VariableKind::kNumber || variable.kind == VariableKind::kScale;
  if (estimand == ChangeEstimand::kMean || (estimand == ChangeEstimand::kTotal && numbers)) {
    return quantity_of(variable, column);
  }
  return options_of(variable, column);
}

Result<FunctionalPtr> functional_of(const AnswerColumns& answers, ChangeEstimand estimand,
                                    std::vector<uint8_t> cases) {
  for (size_t i = 0; i < cases.size(); ++i) cases[i] &= answers.base[i];
  if (std::ranges::count(cases, uint8_t{1}) == 0) {
    return fail(ErrorCode::kInvalid, "nobody gave an answer");
  }
  return estimand == ChangeEstimand::kTotal ? total_of(answers.y, std::move(cases))
                                            : mean_of(answers.y, std::move(cases));
}

}  // namespace

void drop_intervals_of_certainty(WaveTrend& trend) {
  const auto certain = [](const WaveEstimate& wave) { return wave.value <= 0 || wave.value >= 1; };
  for (WaveEstimate& wave : trend.waves) {
    if (!certain(wave)) continue;
    wave.lower.reset();
    wave.upper.reset();
    wave.no_interval =
        fmt::format("{} in the base has this answer, so its sampling error cannot be estimated",
                    wave.value <= 0 ? "no one" : "everyone");
  }
  for (WaveChange& change : trend.changes) {
    if (!certain(trend.waves[change.from]) || !certain(trend.waves[change.to])) continue;
    change.lower.reset();
    change.upper.reset();
    change.t.reset();
    change.p.reset();
    change.verdict = ChangeVerdict::kNotTested;
    change.reason =
        "no one or everyone in the base has this answer, in both waves, so the sampling error of "
        "the "
        "change cannot be estimated";
  }
}

std::string_view name_of(ChangeVerdict verdict) {
  switch (verdict) {
    case ChangeVerdict::kRose:
      return "rose";
    case ChangeVerdict::kFell:
      return "fell";
    case ChangeVerdict::kNoDetectableChange:
      return "no detectable change";
    case ChangeVerdict::kNotTested:
      return "not tested";
  }
  return "";
}

Result<std::vector<WaveTrend>> changes_of(const StackedWaves& waves, const WaveEstimand& estimand,
                                          std::span<const std::string> labels,
                                          const ChangeOptions& options, const Progress& progress) {
  TRY_DONE(check(options));
  const Joint joint = TRY(joint_estimates(waves, estimand, labels.size(), progress));
  const TrendMaker maker(waves, joint, options);
  std::vector<WaveTrend> trends;
  for (size_t j = 0; j < labels.size(); ++j) {
    trends.push_back(maker.trend(j));
    trends.back().label = labels[j];
  }
  return trends;
}

Result<std::vector<WaveTrend>> changes(const StackedWaves& waves, ChangeEstimand estimand,
                                       std::span<const std::string> variables,
                                       const ChangeOptions& options, const Progress& progress) {
  std::vector<WaveTrend> all;
  for (size_t v = 0; v < variables.size(); ++v) {
    progress.report("changes", v, variables.size());
    const Column* column = TRY(waves.data->find(variables[v]));
    const Variable& variable = *waves.data->codebook().find(variables[v]);
    const AnswerColumns answers = TRY(columns_of(variable, *column, estimand));
    std::vector<std::string> labels;
    for (const AnswerColumn& answer : answers.columns) labels.push_back(answer.label);
    const auto of_wave = [&](std::vector<uint8_t> cases) {
      return functional_of(answers, estimand, std::move(cases));
    };
    auto trends = changes_of(waves, of_wave, labels, options, progress);
    if (!trends) {
      return tl::unexpected(
          std::move(trends).error().in(fmt::format("variable '{}'", variables[v])));
    }
    for (size_t j = 0; j < trends->size(); ++j) {
      (*trends)[j].variable = variable.id;
      (*trends)[j].answer = answers.columns[j].answer;
      if (estimand == ChangeEstimand::kProportion) drop_intervals_of_certainty((*trends)[j]);
      all.push_back(std::move((*trends)[j]));
    }
  }
  return all;
}

Result<PooledTest> pooled_z(long long k1, long long n1, long long k2, long long n2) {
  const auto check_one = [](long long k, long long n) -> Status {
    if (n >= 1 && k >= 0 && k <= n) return {};
    return fail(ErrorCode::kInvalid, fmt::format("{} of {} is no share of a sample", k, n));
  };
  TRY_DONE(check_one(k1, n1));
  TRY_DONE(check_one(k2, n2));
  const auto a = static_cast<double>(n1);
  const auto b = static_cast<double>(n2);
  const double p = (static_cast<double>(k1) + static_cast<double>(k2)) / (a + b);
  if (p == 0 || p == 1) {
    return fail(ErrorCode::kInvalid, fmt::format("{} of {} and {} of {} are {}, which leaves "
                                                 "nothing to test",
                                                 k1, n1, k2, n2, p == 0 ? "none" : "all"));
  }
  PooledTest test;
  test.z = (static_cast<double>(k1) / a - static_cast<double>(k2) / b) /
           std::sqrt(p * (1 - p) * (1 / a + 1 / b));
  test.p = t_two_sided(test.z, std::numeric_limits<double>::infinity());
  return test;
}

}  // namespace barometer
