#include "barometer/weights/response.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include <fmt/format.h>
#include <Eigen/Dense>

#include "barometer/base/text.h"
#include "barometer/weights/adjustments_internal.h"
#include "barometer/weights/cells_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr size_t kMaxSteps = 50;
constexpr double kSettled = 1e-12;  // of the deviance, relative
constexpr double kCertain = 1e-10;  // a fitted probability this near to 0 or 1

struct Classes {
  std::vector<std::string> labels;
  std::vector<int32_t> class_of_case;  // -1: weight 0
};

// 1 or 0 for each case; 0 where the weight is 0.
Result<std::vector<uint8_t>> read_answered(const Dataset& data, std::span<const double> weights,
                                           const std::string& written) {
  const std::string id = TRY(written_variable(data, written));
  const Column& column = **data.find(id);
  const auto* numbers = std::get_if<Numbers>(&column);
  const bool codes =
      std::holds_alternative<NarrowCodes>(column) || std::holds_alternative<WideCodes>(column);
  if (numbers == nullptr && !codes) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' is not a number or a single answer, so it does not say who "
                            "answered",
                            id));
  }
  std::vector<uint8_t> answered(weights.size(), 0);
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    if (missing_at(column, i) != Missing::kNone) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("row {} has no value of '{}', which says who answered", i + 1, id));
    }
    const double value = numbers != nullptr ? numbers->values[i] : code_at(column, i);
    if (value != 0 && value != 1) {
      return fail(
          ErrorCode::kInvalid,
          fmt::format("row {}: '{}' is {:.10g}, neither 1 (answered) nor 0", i + 1, id, value));
    }
    answered[i] = value == 1 ? 1 : 0;
  }
  return answered;
}

Result<Classes> cross_classes(const Dataset& data, std::span<const double> weights,
                              const std::vector<std::string>& variables) {
  Classes classes;
  classes.labels = {variables.empty() ? "everyone" : ""};
  classes.class_of_case.resize(weights.size());
  std::ranges::transform(weights, classes.class_of_case.begin(),
                         [](double w) { return w == 0 ? -1 : 0; });
  for (const std::string& written : variables) {
    const std::string id = TRY(written_variable(data, written));
    const Levels levels = TRY(levels_of(data, id));
    std::unordered_map<int64_t, int32_t> place;
    std::vector<std::string> labels;
    for (size_t i = 0; i < weights.size(); ++i) {
      int32_t& of_case = classes.class_of_case[i];
      if (of_case < 0) continue;
      if (levels.codes[i] < 0) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("row {} has no value of '{}', which makes the weighting classes",
                                i + 1, id));
      }
      const int64_t key = of_case * static_cast<int64_t>(levels.labels.size()) + levels.codes[i];
      const auto [found, added] = place.emplace(key, static_cast<int32_t>(labels.size()));
      if (added) {
        const std::string& before = classes.labels[static_cast<size_t>(of_case)];
        labels.push_back(before + (before.empty() ? "" : ", ") +
                         levels.labels[static_cast<size_t>(levels.codes[i])]);
      }
      of_case = found->second;
    }
    classes.labels = std::move(labels);
  }
  return classes;
}

Result<Matrix> class_factors(const Matrix& all, const Matrix& answering, const Classes& classes,
                             const std::string& what) {
  Matrix factors(all.rows(), all.cols());
  for (Index c = 0; c < all.rows(); ++c) {
    for (Index j = 0; j < all.cols(); ++j) {
      if (all(c, j) == 0) {
        factors(c, j) = 1;  // a replicate without the class
        continue;
      }
      if (answering(c, j) == 0) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}nobody answered in the class '{}' of {}: join it with another",
                                j == 0 ? "" : fmt::format("replicate {}: ", j),
                                classes.labels[static_cast<size_t>(c)], what));
      }
      factors(c, j) = all(c, j) / answering(c, j);
    }
  }
  return factors;
}

// Column j of the weights, times `factors`, of those who answered.
void raise(const Classes& classes, const std::vector<uint8_t>& answered, const Vector& factors,
           std::span<double> weights) {
  for (size_t i = 0; i < weights.size(); ++i) {
    const int32_t c = classes.class_of_case[i];
    if (c >= 0) weights[i] *= answered[i] != 0 ? factors[c] : 0.0;
  }
}

Result<Weighted> adjust(const Sample& sample, const std::vector<uint8_t>& answered, Classes classes,
                        const std::string& what) {
  if (const Adjustment* earlier = first_calibration(sample)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the weights are {} already: adjust for non-response first",
                            earlier->description()));
  }
  const size_t count = classes.labels.size();
  std::vector<int32_t> answered_class = classes.class_of_case;
  for (size_t i = 0; i < answered.size(); ++i) {
    if (answered[i] == 0) answered_class[i] = -1;
  }
  const Matrix all = sums_by_cell(sample, classes.class_of_case, count);
  const Matrix answering = sums_by_cell(sample, answered_class, count);
  const Matrix factors = TRY(class_factors(all, answering, classes, what));
  WeightStep step{.kind = "response",
                  .description = fmt::format("adjusted for non-response by {} ({} {})", what, count,
                                             count == 1 ? "class" : "classes")};
  for (size_t c = 0; c < count; ++c) {
    const auto row = static_cast<Index>(c);
    step.lines.push_back({.variable = what,
                          .level = classes.labels[c],
                          .population = all(row, 0),
                          .before = answering(row, 0),
                          .after = answering(row, 0) * factors(row, 0)});
  }
  std::vector<double> weights(sample.weights().begin(), sample.weights().end());
  raise(classes, answered, factors.col(0), weights);
  if (sample.replicates() == nullptr) {
    auto adjustment = std::make_shared<ResponseAdjusted>(
        std::move(classes.class_of_case), answered,
        std::vector(sample.weights().begin(), sample.weights().end()), all.col(0), answering.col(0),
        step.description);
    Sample weighted =
        sample.adjusted(std::move(weights), before_response(sample, std::move(adjustment)));
    return Weighted{std::move(weighted), std::move(step)};
  }
  Matrix replicates = sample.replicates()->weights;
  for (Index j = 0; j < replicates.cols(); ++j) {
    raise(classes, answered, factors.col(j + 1),
          {replicates.col(j).data(), static_cast<size_t>(replicates.rows())});
  }
  Sample weighted = sample.reweighted(std::move(weights), std::move(replicates), step.description);
  return Weighted{std::move(weighted), std::move(step)};
}

// The rows of the cases with a weight: x, y and weight (over their mean).
struct Regression {
  Matrix x;
  Vector y, w;
  std::vector<size_t> cases;
};

// Newton's steps on the weighted likelihood (McCullagh & Nelder 1989, §2.5), from 0.
Result<Vector> fitted_probabilities(const Regression& regression,
                                    const std::vector<std::string>& columns) {
  const Matrix& x = regression.x;
  Vector beta = Vector::Zero(x.cols());
  double deviance = std::numeric_limits<double>::infinity();
  for (size_t step = 0; step < kMaxSteps; ++step) {
    Vector p = (1 / (1 + (-(x * beta).array()).exp())).matrix();
    if (p.minCoeff() < kCertain || p.maxCoeff() > 1 - kCertain) break;
    const double now =
        -2 * (regression.w.array() * (regression.y.array() * p.array().log() +
                                      (1 - regression.y.array()) * (1 - p.array()).log()))
                 .sum();
    if (std::abs(now - deviance) <= kSettled * (std::abs(now) + 0.1)) return p;
    deviance = now;
    const Vector root = (regression.w.array() * p.array() * (1 - p.array())).sqrt();
    const Vector gap = (regression.w.array() * (regression.y - p).array()) / root.array();
    Eigen::ColPivHouseholderQR<Matrix> qr(root.asDiagonal() * x);
    qr.setThreshold(1e-10);
    if (qr.rank() < x.cols()) {
      const Index column = qr.colsPermutation().indices()[qr.rank()];
      return fail(ErrorCode::kInvalid,
                  fmt::format("'{}' is determined by the other variables of the response model",
                              columns[static_cast<size_t>(column)]));
    }
    beta += qr.solve(gap);
  }
  return fail(ErrorCode::kInvalid,
              "the response model does not settle: for some cases answering is as good as certain");
}

Result<Regression> read_regression(const Sample& sample, const Dataset& data,
                                   const ModelMatrix& model, const std::vector<uint8_t>& answered) {
  Regression regression;
  const std::span<const double> weights = sample.weights();
  CHECK(model.complete.size() == data.case_count(), "a row a case");
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    if (model.complete[i] == 0) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("row {} has no value of a variable of the response model", i + 1));
    }
    regression.cases.push_back(i);
  }
  const auto n = static_cast<Index>(regression.cases.size());
  regression.x.resize(n, model.x.cols());
  regression.y.resize(n);
  regression.w.resize(n);
  for (Index r = 0; r < n; ++r) {
    const size_t i = regression.cases[static_cast<size_t>(r)];
    regression.x.row(r) = model.x.row(static_cast<Index>(i));
    regression.y[r] = answered[i];
    regression.w[r] = weights[i];
  }
  if (n > 0) regression.w /= regression.w.mean();
  return regression;
}

// Classes of nearly equal numbers of cases in order of probability; ties stay together.
Classes propensity_classes(const std::vector<double>& propensity, std::span<const double> weights,
                           size_t strata) {
  std::vector<size_t> order;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] != 0) order.push_back(i);
  }
  std::ranges::stable_sort(order, {}, [&](size_t i) { return propensity[i]; });
  // Equal to rounding: cases with the same auxiliary values must fall into one class.
  const auto same = [&](size_t a, size_t b) {
    return std::abs(propensity[a] - propensity[b]) <= 1e-12;
  };
  Classes classes;
  classes.class_of_case.assign(weights.size(), -1);
  size_t last = strata;
  for (size_t first = 0; first < order.size();) {
    size_t end = first + 1;
    while (end < order.size() && same(order[end - 1], order[end])) ++end;
    const size_t stratum = strata * (first + end) / (2 * order.size());
    if (stratum != last) {
      classes.labels.push_back(std::to_string(classes.labels.size() + 1));
      last = stratum;
    }
    for (size_t k = first; k < end; ++k) {
      classes.class_of_case[order[k]] = static_cast<int32_t>(classes.labels.size()) - 1;
    }
    first = end;
  }
  return classes;
}

}  // namespace

Result<Weighted> adjust_for_response(const Sample& sample, const Dataset& data,
                                     const ResponseOptions& options) {
  TRY_DONE(check_lengths(sample, data));
  const std::vector<uint8_t> answered =
      TRY(read_answered(data, sample.weights(), options.respondent));
  Classes classes = TRY(cross_classes(data, sample.weights(), options.classes));
  return adjust(sample, answered, std::move(classes),
                options.classes.empty() ? "everyone" : join(options.classes, " × "));
}

Result<std::vector<double>> response_propensity(const Sample& sample, const Dataset& data,
                                                const Formula& formula,
                                                const std::string& respondent) {
  TRY_DONE(check_lengths(sample, data));
  const std::vector<uint8_t> answered = TRY(read_answered(data, sample.weights(), respondent));
  std::vector<uint8_t> live(answered.size());
  std::ranges::transform(sample.weights(), live.begin(),
                         [](double w) { return static_cast<uint8_t>(w != 0 ? 1 : 0); });
  const ModelMatrix model = TRY(formula.matrix(data, live));
  const Regression regression = TRY(read_regression(sample, data, model, answered));
  const Vector fitted = TRY(fitted_probabilities(regression, model.columns));
  std::vector<double> propensity(answered.size(), 0);
  for (size_t r = 0; r < regression.cases.size(); ++r) {
    propensity[regression.cases[r]] = fitted[static_cast<Index>(r)];
  }
  return propensity;
}

Result<Weighted> adjust_by_propensity(const Sample& sample, const Dataset& data,
                                      const Formula& formula, const PropensityOptions& options) {
  if (options.strata == 0) return fail(ErrorCode::kInvalid, "0 propensity strata are none");
  const std::vector<double> propensity =
      TRY(response_propensity(sample, data, formula, options.respondent));
  const std::vector<uint8_t> answered =
      TRY(read_answered(data, sample.weights(), options.respondent));
  return adjust(sample, answered, propensity_classes(propensity, sample.weights(), options.strata),
                fmt::format("propensity strata of {}", formula.text()));
}

}  // namespace barometer
