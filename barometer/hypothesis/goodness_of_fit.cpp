#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <Eigen/Eigenvalues>

#include "barometer/base/text.h"
#include "barometer/formula/formula.h"
#include "barometer/hypothesis/cells_internal.h"
#include "barometer/hypothesis/table_test.h"

namespace barometer {
namespace {

using Eigen::Index;

// Shares that sum to 1.
Result<Vector> checked(const std::string& name, const std::vector<ExpectedShare>& expected) {
  if (expected.size() < 2) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} shares are expected of '{}'; a test needs at least two",
                            expected.size(), printable(name)));
  }
  Vector shares(static_cast<Index>(expected.size()));
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto& [level, share] = expected[i];
    if (!(share > 0) || std::isinf(share)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the share {} expected of '{}' in '{}' is not above 0", share,
                              printable(level), printable(name)));
    }
    if (std::ranges::count(expected, level, &ExpectedShare::level) > 1) {
      return fail(ErrorCode::kInvalid, fmt::format("'{}' of '{}' has two expected shares",
                                                   printable(level), printable(name)));
    }
    shares(static_cast<Index>(i)) = share;
  }
  return Vector(shares / shares.sum());
}

// Codes by the place among the expected; every level of the base must have one.
Result<std::vector<int32_t>> placed(const std::string& name, const Levels& levels,
                                    const std::vector<ExpectedShare>& expected) {
  std::vector<int32_t> place;
  for (const std::string& label : levels.labels) {
    const auto found = std::ranges::find(expected, label, &ExpectedShare::level);
    if (found == expected.end()) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("'{}' has the level '{}' in the base, of which no share is expected",
                              printable(name), printable(label)));
    }
    place.push_back(static_cast<int32_t>(found - expected.begin()));
  }
  std::vector<int32_t> cell;
  for (const int32_t code : levels.codes) {
    cell.push_back(code < 0 ? -1 : place[static_cast<size_t>(code)]);
  }
  return cell;
}

// (T_i - p_i N) / √(p_i N), N = ΣT; their squares sum to Pearson's X².
Smooth residuals(const Vector& p) {
  Smooth smooth;
  smooth.size = static_cast<size_t>(p.size());
  smooth.value = [p](const Vector& totals) -> Result<Vector> {
    const Vector expected = p * totals.sum();
    return Vector((totals - expected).cwiseQuotient(expected.cwiseSqrt()));
  };
  smooth.jacobian = [p](const Vector& totals) {
    Matrix jacobian(p.size(), p.size());
    const double all = totals.sum();
    for (Index i = 0; i < p.size(); ++i) {
      const double expected = p(i) * all;
      const double root = std::sqrt(expected);
      jacobian.row(i).setConstant(-p(i) / root -
                                  (totals(i) - expected) * p(i) / (2 * expected * root));
      jacobian(i, i) += 1 / root;
    }
    return jacobian;
  };
  return smooth;
}

void add_tail_names(TailMethod method, double scale, GoodnessOfFit& fit) {
  fit.scale = scale;
  fit.result.statistic_name = "X-squared";
  fit.result.method =
      fmt::format("Pearson's X² of expected shares, {}",
                  method == TailMethod::kSatterthwaite ? "Satterthwaite's approximation"
                  : method == TailMethod::kSaddlepoint ? "saddlepoint approximation"
                                                       : "by integration");
}

}  // namespace

Result<GoodnessOfFit> goodness_of_fit(const Sample& sample, const Dataset& data,
                                      const std::string& name,
                                      const std::vector<ExpectedShare>& expected, Domain domain,
                                      TailMethod method, const Progress& progress) {
  const Vector p = TRY(checked(name, expected));
  const Levels levels = levels_within(TRY(levels_of(data, name)), sample, domain);
  if (levels.labels.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("no case of the base has an answer to '{}'", printable(name)));
  }
  TRY_DONE(check_size("table of '" + printable(name) + "'", expected.size(), sample.case_count()));
  const std::vector<int32_t> cell = TRY(placed(name, levels, expected));
  TRY(enough_df(sample, domain, sample.df(domain)));
  const Estimated totals = TRY(estimate(sample, *cell_totals(cell, expected.size()), progress));
  if (!(totals.value.sum() > 0)) {
    return fail(ErrorCode::kInvalid, fmt::format("the weights of the cases with an answer to '{}' "
                                                 "sum to {}",
                                                 printable(name), totals.value.sum()));
  }
  const Estimated gap = TRY(delta_method(totals, residuals(p)));
  GoodnessOfFit fit;
  for (const auto& share : expected) fit.levels.push_back(share.level);
  fit.weighted = totals.value;
  fit.expected = p * totals.value.sum();
  const Eigen::SelfAdjointEigenSolver<Matrix> spectrum(gap.covariance, Eigen::EigenvaluesOnly);
  const Vector lambda = spectrum.eigenvalues().reverse();
  fit.lambda.assign(lambda.begin(), lambda.end());
  fit.result.statistic = gap.value.squaredNorm();
  // λ are of the size of a weight.
  const double mean_weight = totals.value.sum() / static_cast<double>(sample.cases({}));
  if (!(lambda.sum() > 1e-13 * mean_weight)) {
    return fail(ErrorCode::kInvalid, fmt::format("the shares of '{}' have no sampling variance, so "
                                                 "there is nothing to test them by",
                                                 printable(name)));
  }
  add_tail_names(method, lambda.squaredNorm() / lambda.sum(), fit);
  fit.result.df = {lambda.sum() * lambda.sum() / lambda.squaredNorm()};
  fit.result.p = TRY(chi_square_sum_tail(fit.result.statistic, fit.lambda, method));
  for (size_t i = 0; i < cell.size(); ++i)
    fit.result.cases += cell[i] >= 0 ? sample.cases_at(i) : 0;
  return fit;
}

}  // namespace barometer
