#include "barometer/hypothesis/agreement.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/student_t.h"
#include "barometer/base/text.h"
#include "barometer/formula/formula.h"
#include "barometer/hypothesis/cells_internal.h"
#include "barometer/hypothesis/quadratic_form.h"
#include "barometer/sample/functional.h"

namespace barometer {
namespace {

using Eigen::Index;

AgreementValue finished(const Estimated& estimated, double level, size_t cases) {
  AgreementValue found{estimated.value(0), estimated.se(0), estimated.df, {}, {}, cases};
  if (found.df > 0) {
    const double reach = t_quantile(level, found.df) * found.se;
    found.interval = TestInterval{found.value - reach, found.value + reach, level};
  } else {
    found.reason = fmt::format("the sample leaves {} degrees of freedom", found.df);
  }
  return found;
}

struct Ratings {
  std::vector<std::string> levels;
  std::vector<int32_t> cell;  // first + K · second
  size_t cases = 0;
};

// The labels of both, in the order of the first, then those of the second alone.
std::vector<std::string> joined(const Levels& first, const Levels& second) {
  std::vector<std::string> labels = first.labels;
  for (const std::string& label : second.labels) {
    if (std::ranges::find(labels, label) == labels.end()) labels.push_back(label);
  }
  return labels;
}

Result<Ratings> ratings(const Sample& sample, const Dataset& data, const std::string& first,
                        const std::string& second, Domain domain) {
  Levels a = TRY(levels_of(data, first));
  Levels b = TRY(levels_of(data, second));
  const std::vector<uint8_t> both = known_in(known_in(domain, a.codes), b.codes);
  a = levels_within(a, sample, both);
  b = levels_within(b, sample, both);
  if (a.labels.empty()) {
    return fail(ErrorCode::kInvalid, fmt::format("no case of the base is rated by both '{}' and "
                                                 "'{}'",
                                                 printable(first), printable(second)));
  }
  Ratings found;
  found.levels = joined(a, b);
  if (found.levels.size() == a.labels.size() + b.labels.size()) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("'{}' and '{}' have no level in common in the base: '{}' is only of the "
                    "first, '{}' only of the second",
                    printable(first), printable(second), printable(a.labels.front()),
                    printable(b.labels.front())));
  }
  if (found.levels.size() < 2) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' and '{}' have one level in the base, '{}'; "
                            "agreement by chance needs two",
                            printable(first), printable(second), printable(found.levels.front())));
  }
  TRY_DONE(check_size(fmt::format("table of '{}' by '{}'", printable(first), printable(second)),
                      found.levels.size() * found.levels.size(), both.size()));
  const auto k = static_cast<int32_t>(found.levels.size());
  for (size_t i = 0; i < both.size(); ++i) {
    if (a.codes[i] < 0 || b.codes[i] < 0) {
      found.cell.push_back(-1);
      continue;
    }
    const std::string& label = b.labels[static_cast<size_t>(b.codes[i])];
    const auto place = std::ranges::find(found.levels, label) - found.levels.begin();
    found.cell.push_back(a.codes[i] + k * static_cast<int32_t>(place));
    found.cases += sample.cases_at(i);
  }
  return found;
}

struct Chance {
  double observed = 0, expected = 0;
};
Chance chance(const Vector& shares, Index k) {
  const Matrix table = shares.reshaped(k, k);
  return {table.trace(), table.rowwise().sum().dot(table.colwise().sum().transpose())};
}

Smooth kappa_of(Index k) {
  Smooth smooth;
  smooth.size = 1;
  smooth.value = [k](const Vector& shares) -> Result<Vector> {
    const auto [observed, expected] = chance(shares, k);
    if (!(1 - expected > 1e-14)) {
      return fail(ErrorCode::kInvalid, "all agreement is by chance: both ratings are one level");
    }
    return Vector(Vector::Constant(1, (observed - expected) / (1 - expected)));
  };
  smooth.jacobian = [k](const Vector& shares) {
    const auto [observed, expected] = chance(shares, k);
    const Matrix table = shares.reshaped(k, k);
    const Vector rows = table.rowwise().sum();
    const Vector columns = table.colwise().sum();
    Matrix slope(k, k);
    for (Index j = 0; j < k; ++j) {
      for (Index i = 0; i < k; ++i) {
        slope(i, j) = -(1 - observed) * (columns(i) + rows(j)) / (1 - expected);
        if (i == j) slope(i, j) += 1;
      }
    }
    return Matrix(slope.reshaped().transpose() / (1 - expected));
  };
  return smooth;
}

// Columns: each item, its square; their sum, its square. Items about their mean, for the digits.
struct Moments {
  Matrix columns;
  std::vector<uint8_t> mask;
  size_t cases = 0;
};

Result<Moments> moments(const Dataset& data, const std::vector<std::string>& items, Domain domain) {
  const auto k = static_cast<Index>(items.size());
  const auto n = static_cast<Index>(data.case_count());
  Moments found{Matrix::Zero(n, 2 * k + 2), {}};
  found.mask.assign(data.case_count(), 1);
  if (!domain.empty()) found.mask.assign(domain.begin(), domain.end());
  for (Index j = 0; j < k; ++j) {
    const std::vector<double> x = TRY(numbers_of_variable(data, items[static_cast<size_t>(j)]));
    found.mask = known_in(found.mask, x);
    found.columns.col(j) = Eigen::Map<const Vector>(x.data(), n);
  }
  found.cases = count_of(found.mask);
  if (found.cases == 0) {
    return fail(ErrorCode::kInvalid, fmt::format("no case of the base has an answer to each of the "
                                                 "{} items from '{}'",
                                                 k, printable(items.front())));
  }
  Eigen::RowVectorXd centre = Eigen::RowVectorXd::Zero(k);
  for (Index i = 0; i < n; ++i) {
    if (found.mask[static_cast<size_t>(i)] != 0) centre += found.columns.row(i).head(k);
  }
  centre /= static_cast<double>(found.cases);
  for (Index i = 0; i < n; ++i) {
    if (found.mask[static_cast<size_t>(i)] == 0) {
      found.columns.row(i).setZero();
      continue;
    }
    const Eigen::RowVectorXd x = found.columns.row(i).head(k) - centre;
    found.columns.row(i) << x, x.cwiseAbs2(), x.sum(), x.sum() * x.sum();
  }
  return found;
}

struct Variances {
  Vector items;
  double sum = 0;
};
Variances variances(const Vector& m, Index k) {
  return {m.segment(k, k) - m.head(k).cwiseAbs2(), m(2 * k + 1) - m(2 * k) * m(2 * k)};
}

Smooth alpha_of(Index k, const std::string& first_item) {
  const double factor = static_cast<double>(k) / static_cast<double>(k - 1);
  Smooth smooth;
  smooth.size = 1;
  smooth.value = [=](const Vector& m) -> Result<Vector> {
    const auto [items, sum] = variances(m, k);
    if (!(sum > 1e-13 * items.cwiseAbs().sum())) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the sum of the {} items from '{}' does not vary in the base", k,
                              printable(first_item)));
    }
    return Vector(Vector::Constant(1, factor * (1 - items.sum() / sum)));
  };
  smooth.jacobian = [=](const Vector& m) {
    const auto [items, sum] = variances(m, k);
    const double by_sum = items.sum() / (sum * sum);
    Matrix slope(1, 2 * k + 2);
    slope << 2 * m.head(k).transpose() / sum, Eigen::RowVectorXd::Constant(k, -1 / sum),
        -2 * m(2 * k) * by_sum, by_sum;
    return Matrix(factor * slope);
  };
  return smooth;
}

Status check_items(const std::vector<std::string>& items) {
  if (items.size() < 2) {
    return fail(ErrorCode::kInvalid,
                fmt::format("alpha needs at least two items, and there are {}", items.size()));
  }
  for (const std::string& item : items) {
    if (std::ranges::count(items, item) > 1) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("'{}' is named twice among the items", printable(item)));
    }
  }
  return {};
}

}  // namespace

Result<Kappa> cohen_kappa(const Sample& sample, const Dataset& data, const std::string& first,
                          const std::string& second, Domain domain, double level,
                          const Progress& progress) {
  TRY_DONE(check_level(level));
  const Ratings rated = TRY(ratings(sample, data, first, second, domain));
  const auto k = static_cast<Index>(rated.levels.size());
  const Estimated shares = TRY(estimate(
      sample, *cell_shares(rated.cell, rated.levels.size() * rated.levels.size()), progress));
  const Estimated estimated = TRY(delta_method(shares, kappa_of(k)));
  const auto [observed, expected] = chance(shares.value, k);
  return Kappa{finished(estimated, level, rated.cases), observed, expected, rated.levels};
}

Result<AgreementValue> cronbach_alpha(const Sample& sample, const Dataset& data,
                                      const std::vector<std::string>& items, Domain domain,
                                      double level, const Progress& progress) {
  CHECK(data.case_count() == sample.case_count(), "data and sample have the same cases");
  TRY_DONE(check_level(level));
  TRY_DONE(check_items(items));
  Moments found = TRY(moments(data, items, domain));
  const auto means = mean_of(std::move(found.columns), found.mask);
  const auto alpha = derived(means, alpha_of(static_cast<Index>(items.size()), items.front()));
  return finished(TRY(estimate(sample, *alpha, progress)), level, sample.cases(found.mask));
}

}  // namespace barometer
