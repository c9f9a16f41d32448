#include "barometer/model/imputation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace barometer {
namespace {

using Eigen::Index;

struct Parts {
  Vector mean;
  Matrix within;
  Matrix between;
};

Parts parts_of(const std::vector<Estimated>& results) {
  const auto m = static_cast<double>(results.size());
  const Index size = results[0].value.size();
  Parts parts{Vector::Zero(size), Matrix::Zero(size, size), Matrix::Zero(size, size)};
  for (const Estimated& result : results) {
    parts.mean += result.value / m;
    parts.within += result.covariance / m;
  }
  for (const Estimated& result : results) {
    const Vector distance = result.value - parts.mean;
    parts.between += distance * distance.transpose() / (m - 1);
  }
  return parts;
}

double df_of(double within, double between, double m, const ImputationOptions& options) {
  const double r = (1 + 1 / m) * between / within;
  const double df =
      r > 0 ? (m - 1) * (1 + 1 / r) * (1 + 1 / r) : std::numeric_limits<double>::infinity();
  if (!options.complete_df || std::isinf(*options.complete_df)) return df;
  const double complete = *options.complete_df;
  const double total = within + between * (options.published_df ? 1 + 1 / m : 1);
  const double observed = (complete + 1) / (complete + 3) * complete * within / total;
  return 1 / (1 / observed + 1 / df);
}

Status check(const std::vector<Estimated>& results, const ImputationOptions& options) {
  if (results.size() < 2) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} result(s): the variance between imputations needs at least two",
                            results.size()));
  }
  for (size_t k = 0; k < results.size(); ++k) {
    const Index size = results[k].value.size();
    if (size != results[0].value.size()) {
      return fail(ErrorCode::kInvalid, fmt::format("imputation {} has {} values, the first has {}",
                                                   k + 1, size, results[0].value.size()));
    }
    const Matrix& covariance = results[k].covariance;
    if (covariance.rows() == size && covariance.cols() == size) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("the covariance of imputation {} is {} × {}, of {} values", k + 1,
                            covariance.rows(), covariance.cols(), size));
  }
  if (options.complete_df && !(*options.complete_df > 0)) {
    return fail(ErrorCode::kInvalid, fmt::format("the complete data's degrees of freedom, {}, are "
                                                 "not above 0",
                                                 *options.complete_df));
  }
  return {};
}

}  // namespace

Result<Imputed> combine_imputations(const std::vector<Estimated>& results,
                                    const ImputationOptions& options) {
  TRY_DONE(check(results, options));
  const auto m = static_cast<double>(results.size());
  const Parts parts = parts_of(results);
  Imputed made;
  made.imputations = results.size();
  made.estimated.value = parts.mean;
  made.estimated.covariance = parts.within + parts.between * (m + 1) / m;
  for (Index j = 0; j < parts.mean.size(); ++j) {
    const double within = parts.within(j, j);
    if (!(within > 0)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("value {} has no variance within the imputations", j + 1));
    }
    const double df = df_of(within, parts.between(j, j), m, options);
    const double r = (1 + 1 / m) * parts.between(j, j) / within;
    made.df.push_back(df);
    made.missing_information.push_back((r + 2 / (df + 3)) / (r + 1));
  }
  made.estimated.df = made.df.empty() ? 0 : *std::ranges::min_element(made.df);
  return made;
}

}  // namespace barometer
