#include "barometer/weights/trim.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/weights/adjustments_internal.h"
#include "barometer/weights/cells_internal.h"

namespace barometer {
namespace {

constexpr size_t kMaxRounds = 10'000;

bool is_outside(double w, const TrimOptions& options) {
  return w != 0 && (w < options.lower || w > options.upper);
}

size_t count_outside(const std::vector<double>& weights, const TrimOptions& options) {
  return static_cast<size_t>(
      std::ranges::count_if(weights, [&](double w) { return is_outside(w, options); }));
}

// One round; false when no weight is inside to take what is cut off.
bool cut_once(std::vector<double>& weights, const TrimOptions& options) {
  double cut_off = 0;
  size_t inside = 0;
  for (const double w : weights) {
    if (w == 0) continue;
    if (is_outside(w, options)) {
      cut_off += w - std::clamp(w, options.lower, options.upper);
    } else {
      ++inside;
    }
  }
  if (inside == 0) return false;
  const double part = cut_off / static_cast<double>(inside);
  for (double& w : weights) {
    if (w == 0) continue;
    w = is_outside(w, options) ? std::clamp(w, options.lower, options.upper) : w + part;
  }
  return true;
}

Status check_feasible(const WeightSummary& summary, const TrimOptions& options) {
  if (!(options.lower < options.upper)) {
    return fail(ErrorCode::kInvalid, fmt::format("the lower bound {} is not below the upper {}",
                                                 options.lower, options.upper));
  }
  const double mean = summary.sum / static_cast<double>(std::max<size_t>(summary.cases, 1));
  const bool above = options.upper < mean;
  if (!options.strict || (!above && options.lower <= mean)) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("the mean weight is {:.10g}, {} the {} bound {:.10g}: no weights within "
                          "the bounds have the same sum",
                          mean, above ? "above" : "below", above ? "upper" : "lower",
                          above ? options.upper : options.lower));
}

std::string describe(const TrimOptions& options) {
  const bool low = std::isfinite(options.lower);
  const bool high = std::isfinite(options.upper);
  const std::string bounds = low && high
                                 ? fmt::format("to {:.10g} … {:.10g}", options.lower, options.upper)
                             : low ? fmt::format("to at least {:.10g}", options.lower)
                                   : fmt::format("to at most {:.10g}", options.upper);
  return "weights trimmed " + bounds + (options.strict ? ", strictly" : "");
}

Sample with_weights(const Sample& sample, std::vector<double> weights,
                    const std::string& description) {
  if (sample.replicates() == nullptr) {
    return sample.adjusted(std::move(weights), std::make_shared<Trimmed>(description));
  }
  Matrix replicates = sample.replicates()->weights;
  for (Eigen::Index i = 0; i < replicates.rows(); ++i) {
    const double old = sample.weights()[static_cast<size_t>(i)];
    if (old != 0) replicates.row(i) *= weights[static_cast<size_t>(i)] / old;
  }
  return sample.reweighted(std::move(weights), std::move(replicates), description);
}

}  // namespace

Result<Weighted> trim(const Sample& sample, const TrimOptions& options) {
  if (!std::isfinite(options.lower) && !std::isfinite(options.upper)) {
    return fail(ErrorCode::kInvalid, "trimming needs a lower or an upper bound");
  }
  TRY_DONE(check_feasible(summary_of_weights(sample.weights()), options));
  std::vector<double> weights(sample.weights().begin(), sample.weights().end());
  WeightStep step{.kind = "trimming", .description = describe(options)};
  const size_t trimmed = count_outside(weights, options);
  while (count_outside(weights, options) > 0 && (options.strict || step.iterations == 0)) {
    if (!cut_once(weights, options)) {
      return fail(ErrorCode::kInvalid,
                  "every weight is outside the bounds: none can take what is cut off");
    }
    if (++step.iterations == kMaxRounds) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the weights do not come within the bounds {:.10g} and {:.10g} in {} "
                              "rounds: widen them",
                              options.lower, options.upper, kMaxRounds));
    }
  }
  step.description += fmt::format(" ({})", cases_text(trimmed));
  if (const size_t left = count_outside(weights, options); left > 0) {
    add_trouble(step, fmt::format("{} outside the bounds once what was cut off is given out; trim "
                                  "strictly to bring them in.",
                                  left == 1 ? "1 weight is" : fmt::format("{} weights are", left)));
  }
  Sample weighted = with_weights(sample, std::move(weights), step.description);
  return Weighted{std::move(weighted), std::move(step)};
}

}  // namespace barometer
