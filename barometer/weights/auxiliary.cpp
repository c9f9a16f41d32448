#include "barometer/weights/auxiliary_internal.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_map>

#include <fmt/format.h>
#include <Eigen/Dense>

#include "barometer/base/text.h"

namespace barometer {
namespace {

using Eigen::Index;

// Below this part of its length a column counts as determined by the others, as in R's qr.
constexpr double kDependent = 1e-7;
// Rows are gathered by their bytes while that saves at least half of this many.
constexpr size_t kTrialRows = 20'000;

struct Columns {
  Matrix x;  // cases × columns
  std::vector<std::string> names;
  Vector population;
};

Status check_complete(const ModelMatrix& model, std::span<const double> weights,
                      const Formula& formula) {
  size_t missing = 0;
  size_t first = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0 || model.complete[i] != 0) continue;
    if (missing++ == 0) first = i + 1;
  }
  if (missing == 0) return {};
  return fail(
      ErrorCode::kInvalid,
      fmt::format("{} no value of a variable of {}, which the weights are calibrated on (the "
                  "first is row {})",
                  missing == 1 ? "1 case has" : fmt::format("{} cases have", missing),
                  join(formula.variables(), ", "), first));
}

Status check_names(const ModelMatrix& model, const std::map<std::string, double>& population) {
  for (const std::string& column : model.columns) {
    if (population.contains(column)) continue;
    std::vector<std::string> given;
    for (const auto& [name, total] : population) given.push_back(name);
    return fail(ErrorCode::kInvalid,
                fmt::format("the population total of '{}' is not given ({})", column,
                            given.empty() ? "none is" : "given: " + join(given, ", ")));
  }
  for (const auto& [name, total] : population) {
    if (!std::isfinite(total)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the population total of '{}' is no number", name));
    }
    if (total == 0 || std::ranges::find(model.columns, name) != model.columns.end()) continue;
    const std::string hint = suggestion(name, model.columns);
    return fail(ErrorCode::kInvalid,
                fmt::format("the population total of '{}' is {:.10g}, but no case with a weight "
                            "makes such a column{}{}",
                            printable(name), total, hint.empty() ? "" : ": ", hint));
  }
  return {};
}

// Columns of zeros whose total is 0 are dropped, as R does.
Result<Columns> kept_columns(const ModelMatrix& model, std::span<const double> weights,
                             const std::map<std::string, double>& population) {
  Columns kept;
  std::vector<Index> places;
  std::vector<double> totals;
  for (Index j = 0; j < model.x.cols(); ++j) {
    const std::string& name = model.columns[static_cast<size_t>(j)];
    bool zero = true;
    for (size_t i = 0; i < weights.size() && zero; ++i) {
      zero = weights[i] == 0 || model.x(static_cast<Index>(i), j) == 0;
    }
    const double total = population.at(name);
    if (zero && total != 0) {
      return fail(
          ErrorCode::kInvalid,
          fmt::format("'{}' is 0 for each case, but its population total is {:.10g}", name, total));
    }
    if (zero) continue;
    places.push_back(j);
    totals.push_back(total);
    kept.names.push_back(name);
  }
  if (places.empty()) return fail(ErrorCode::kInvalid, "there is nothing to calibrate on");
  kept.x = model.x(Eigen::all, places);
  kept.population = Eigen::Map<const Vector>(totals.data(), static_cast<Index>(totals.size()));
  return kept;
}

Result<Vector> read_variance(const Dataset& data, const std::string& written,
                             std::span<const double> weights) {
  Vector variance = Vector::Ones(static_cast<Index>(weights.size()));
  if (written.empty()) return variance;
  const std::string id = TRY(written_variable(data, written));
  const std::vector<double> values = TRY(numbers_of_variable(data, id));
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    if (!(values[i] > 0) || std::isinf(values[i])) {
      return fail(
          ErrorCode::kInvalid,
          fmt::format("row {}: '{}' is not above 0, so it cannot be a variance", i + 1, id));
    }
    variance[static_cast<Index>(i)] = values[i];
  }
  return variance;
}

// Codes of the clusters; -1 where the weight is 0.
Result<std::vector<int32_t>> read_clusters(const Dataset& data, std::span<const double> weights,
                                           const std::vector<std::string>& variables) {
  std::vector<int32_t> clusters(weights.size(), 0);
  for (const std::string& written : variables) {
    const std::string id = TRY(written_variable(data, written));
    const Levels levels = TRY(levels_of(data, id, weights.size() + 1));
    std::unordered_map<int64_t, int32_t> place;
    for (size_t i = 0; i < weights.size(); ++i) {
      if (weights[i] == 0) {
        clusters[i] = -1;
        continue;
      }
      if (levels.codes[i] < 0) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("row {} has no value of '{}', which names its cluster", i + 1, id));
      }
      const auto levels_count = static_cast<int64_t>(levels.labels.size());
      const int64_t key = clusters[i] * levels_count + levels.codes[i];
      clusters[i] = place.emplace(key, static_cast<int32_t>(place.size())).first->second;
    }
  }
  return clusters;
}

// Each row becomes the mean of its cluster, to the bit the same for all of its cases.
void average(const std::vector<int32_t>& clusters, Eigen::Ref<Vector> column) {
  const auto count = static_cast<Index>(*std::ranges::max_element(clusters)) + 1;
  Vector sums = Vector::Zero(count);
  Vector sizes = Vector::Zero(count);
  for (size_t i = 0; i < clusters.size(); ++i) {
    if (clusters[i] < 0) continue;
    sums[clusters[i]] += column[static_cast<Index>(i)];
    sizes[clusters[i]] += 1;
  }
  for (size_t i = 0; i < clusters.size(); ++i) {
    if (clusters[i] >= 0) column[static_cast<Index>(i)] = sums[clusters[i]] / sizes[clusters[i]];
  }
}

// The distinct rows of x and σ²; every case a row of its own where most differ.
void gather(const Matrix& x, const Vector& variance, std::span<const double> weights,
            Auxiliary& auxiliary) {
  const auto width = static_cast<size_t>(x.cols()) + 1;
  std::unordered_map<std::string, int32_t> seen;
  std::vector<Index> first;
  std::vector<double> row(width);
  auxiliary.cell_of_case.assign(weights.size(), -1);
  size_t live = 0;
  bool by_value = true;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    const auto at = static_cast<Index>(i);
    ++live;
    auto cell = static_cast<int32_t>(first.size());
    if (by_value) {
      for (size_t j = 0; j + 1 < width; ++j) row[j] = x(at, static_cast<Index>(j));
      row.back() = variance[at];
      std::string bytes(width * sizeof(double), '\0');
      std::memcpy(bytes.data(), row.data(), bytes.size());
      const auto [found, added] = seen.emplace(std::move(bytes), cell);
      cell = found->second;
      if (added) first.push_back(at);
      by_value = live < kTrialRows || first.size() * 2 < live;
    } else {
      first.push_back(at);
    }
    auxiliary.cell_of_case[i] = cell;
  }
  auxiliary.x = x(first, Eigen::all);
  auxiliary.variance = variance(first);
}

}  // namespace

Result<Auxiliary> read_auxiliary(const Sample& sample, const Dataset& data, const Formula& formula,
                                 const std::map<std::string, double>& population,
                                 const CalibrateOptions& options) {
  TRY_DONE(check_lengths(sample, data));
  const std::span<const double> weights = sample.weights();
  TRY_DONE(check_not_negative(weights, "calibration"));
  std::vector<uint8_t> live(weights.size());
  std::ranges::transform(weights, live.begin(),
                         [](double w) { return static_cast<uint8_t>(w != 0 ? 1 : 0); });
  const ModelMatrix model = TRY(formula.matrix(data, live));
  TRY_DONE(check_complete(model, weights, formula));
  TRY_DONE(check_names(model, population));
  Columns columns = TRY(kept_columns(model, weights, population));
  Vector variance = TRY(read_variance(data, options.variance, weights));
  Auxiliary auxiliary{.columns = std::move(columns.names),
                      .population = std::move(columns.population),
                      .case_weights = {weights.begin(), weights.end()}};
  if (!options.aggregate.empty()) {
    const std::vector<int32_t> clusters = TRY(read_clusters(data, weights, options.aggregate));
    for (Index j = 0; j < columns.x.cols(); ++j) average(clusters, columns.x.col(j));
    average(clusters, variance);
    average(clusters, Eigen::Map<Vector>(auxiliary.case_weights.data(), variance.size()));
  }
  gather(columns.x, variance, weights, auxiliary);
  return auxiliary;
}

Result<AuxiliaryBasis> orthonormal_basis(const Auxiliary& auxiliary, const Vector& w,
                                         const Vector& variance) {
  const Vector root = (w.array() / variance.array()).sqrt();
  const Matrix scaled = root.asDiagonal() * auxiliary.x;
  Vector lengths = scaled.colwise().norm();
  for (double& length : lengths) length = length > 0 ? length : 1;
  const Matrix unit = scaled * lengths.cwiseInverse().asDiagonal();
  Eigen::ColPivHouseholderQR<Matrix> qr(unit);
  qr.setThreshold(kDependent);
  const Index p = unit.cols();
  if (qr.rank() < p) {
    const Index column = qr.colsPermutation().indices()[qr.rank()];
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' is determined by the other {} among the cases with a weight: "
                            "leave it out of the formula",
                            auxiliary.columns[static_cast<size_t>(column)],
                            p == 2 ? "auxiliary variable" : "auxiliary variables"));
  }
  const Matrix r = qr.matrixR().topLeftCorner(p, p).triangularView<Eigen::Upper>();
  const Matrix r_inverse = r.triangularView<Eigen::Upper>().solve(Matrix::Identity(p, p));
  AuxiliaryBasis basis;
  basis.to_basis = lengths.cwiseInverse().asDiagonal() * (qr.colsPermutation() * r_inverse);
  basis.basis = auxiliary.x * basis.to_basis;
  return basis;
}

}  // namespace barometer
