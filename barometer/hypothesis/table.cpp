#include "barometer/hypothesis/table_test.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <Eigen/Eigenvalues>

#include "barometer/base/text.h"
#include "barometer/formula/formula.h"
#include "barometer/hypothesis/cells_internal.h"
#include "barometer/sample/functional.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr std::array<std::pair<TableStatistic, std::string_view>, 6> kNames{{
    {TableStatistic::kF, "F"},
    {TableStatistic::kChisq, "Chisq"},
    {TableStatistic::kWald, "Wald"},
    {TableStatistic::kAdjWald, "adjWald"},
    {TableStatistic::kLincom, "lincom"},
    {TableStatistic::kSaddlepoint, "saddlepoint"},
}};

// A two-way table of the cases with both answers; the rows run fastest.
struct Crossing {
  std::string row_name, column_name;
  Levels rows, columns;
  std::vector<int32_t> cell;
  double n = 0;   // cases of the base, answers or not
  double nu = 0;  // degrees of freedom of the base
  size_t complete = 0;

  [[nodiscard]] Index r() const { return static_cast<Index>(rows.labels.size()); }
  [[nodiscard]] Index c() const { return static_cast<Index>(columns.labels.size()); }
  [[nodiscard]] size_t cells() const { return rows.labels.size() * columns.labels.size(); }
  [[nodiscard]] double departures() const { return static_cast<double>((r() - 1) * (c() - 1)); }
  [[nodiscard]] std::string text() const {
    return fmt::format("table of '{}' by '{}'", printable(row_name), printable(column_name));
  }
};

Status need_two_levels(const std::string& name, const Levels& levels) {
  if (levels.labels.size() >= 2) return {};
  if (levels.labels.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("no case of the base has an answer to '{}' together with the other "
                            "variable of the table",
                            printable(name)));
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' has one level in the base, '{}'; a test needs at least two",
                          printable(name), printable(levels.labels.front())));
}

Result<Crossing> crossing(const Sample& sample, const Dataset& data, const std::string& row,
                          const std::string& column, Domain domain) {
  Crossing table{row, column, TRY(levels_of(data, row)), TRY(levels_of(data, column)), {}};
  std::vector<uint8_t> both = known_in(domain, table.rows.codes);
  both = known_in(both, table.columns.codes);
  table.rows = levels_within(table.rows, sample, both);
  table.columns = levels_within(table.columns, sample, both);
  TRY_DONE(need_two_levels(row, table.rows));
  TRY_DONE(need_two_levels(column, table.columns));
  TRY_DONE(check_size(table.text(), table.cells(), both.size()));
  const auto r = static_cast<int32_t>(table.r());
  for (size_t i = 0; i < both.size(); ++i) {
    const bool in = table.rows.codes[i] >= 0 && table.columns.codes[i] >= 0;
    table.cell.push_back(in ? table.rows.codes[i] + r * table.columns.codes[i] : -1);
    table.complete += in ? sample.cases_at(i) : 0;
  }
  table.n = static_cast<double>(sample.cases(domain));
  table.nu = TRY(enough_df(sample, domain, sample.df(domain)));
  return table;
}

Matrix as_table(const Vector& cells, const Crossing& table) {
  return Eigen::Map<const Matrix>(cells.data(), table.r(), table.c());
}

Matrix independent(const Matrix& table) {
  return table.rowwise().sum() * table.colwise().sum() / table.sum();
}

// The interaction contrasts: one column a departure from independence, each a table whose rows and
// columns sum to 0.
Matrix interactions(Index r, Index c) {
  Matrix columns(r * c, (r - 1) * (c - 1));
  for (Index b = 1; b < c; ++b) {
    for (Index a = 1; a < r; ++a) {
      Vector row = Vector::Constant(r, -1.0 / static_cast<double>(r));
      Vector column = Vector::Constant(c, -1.0 / static_cast<double>(c));
      row(a) += 1;
      column(b) += 1;
      const Matrix contrast = row * column.transpose();
      columns.col((b - 1) * (r - 1) + a - 1) = contrast.reshaped();
    }
  }
  return columns;
}

// λ: eigenvalues of (Cᵀ D⁻¹ C / n)⁻¹ (Cᵀ D⁻¹ V D⁻¹ C), D the shares; 0 stands for 1/0.
Result<std::vector<double>> design_effects(const Crossing& table, const Estimated& shares) {
  const Vector inverse =
      shares.value.unaryExpr([](double share) { return share == 0 ? 0 : 1 / share; });
  const Matrix c = interactions(table.r(), table.c());
  const Matrix scaled = inverse.asDiagonal() * c;
  const Matrix simple = c.transpose() * scaled / table.n;
  const Matrix design = scaled.transpose() * shares.covariance * scaled;
  const Eigen::SelfAdjointEigenSolver<Matrix> check(simple, Eigen::EigenvaluesOnly);
  if (!(check.eigenvalues()(0) > 1e-13 * check.eigenvalues().maxCoeff())) {
    const auto empty = (shares.value.array() == 0).count();
    return fail(ErrorCode::kInvalid,
                fmt::format("the {} has {} empty cells of {}, too many for a test of association; "
                            "merge levels",
                            table.text(), empty, table.cells()));
  }
  const Eigen::GeneralizedSelfAdjointEigenSolver<Matrix> solver(design, simple,
                                                                Eigen::EigenvaluesOnly);
  const Vector lambda = solver.eigenvalues().reverse();
  if (!(lambda.sum() > 1e-13)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the {} has no sampling variance, so there is nothing to test it by",
                            table.text()));
  }
  return std::vector<double>(lambda.begin(), lambda.end());
}

Status pearson(const Sample& sample, const Crossing& table, TableStatistic statistic,
               TableTest& test, const Progress& progress) {
  const Estimated shares = TRY(estimate(sample, *cell_shares(table.cell, table.cells()), progress));
  test.deffs = TRY(design_effects(table, shares));
  const Matrix gap = test.observed - test.expected;
  const double x2 = gap.cwiseAbs2().cwiseQuotient(test.expected).sum();
  double sum = 0, squares = 0;
  for (const double lambda : test.deffs) {
    sum += lambda;
    squares += lambda * lambda;
  }
  const double d = sum * sum / squares;
  TestResult& result = test.result;
  result.statistic_name = "X-squared";
  result.statistic = x2;
  switch (statistic) {
    case TableStatistic::kF:
      result.method = "Pearson's X² with Rao and Scott's second-order correction";
      result.statistic_name = "F";
      result.statistic = x2 / sum;
      result.df = {d, d * table.nu};
      result.p = f_tail(result.statistic, d, d * table.nu);
      return {};
    case TableStatistic::kChisq:
      result.method = "Pearson's X² with Rao and Scott's first-order correction";
      result.df = {table.departures()};
      result.p = chi_square_tail(x2 * table.departures() / sum, table.departures());
      return {};
    default: {
      const bool exact = statistic == TableStatistic::kLincom;
      result.method = exact ? "Pearson's X² against its sum of weighted chi-squares"
                            : "Pearson's X² by saddlepoint approximation";
      const auto method = exact ? TailMethod::kIntegration : TailMethod::kSaddlepoint;
      result.p = sample.replicates() != nullptr
                     ? TRY(chi_square_sum_tail(x2, test.deffs, method))
                     : TRY(f_sum_tail(x2, test.deffs, d * table.nu, method));
      return {};
    }
  }
}

// T_ij - T_i+ T_+j / T_++ of all but the first row and column; rows of the Jacobian likewise.
Smooth departures(Index r, Index c) {
  Smooth smooth;
  smooth.size = static_cast<size_t>((r - 1) * (c - 1));
  smooth.value = [r, c](const Vector& totals) -> Result<Vector> {
    const Matrix table = totals.reshaped(r, c);
    const Matrix gap = table - independent(table);
    return Vector(gap.bottomRightCorner(r - 1, c - 1).reshaped());
  };
  smooth.jacobian = [r, c](const Vector& totals) {
    const Matrix table = totals.reshaped(r, c);
    const Vector rows = table.rowwise().sum();
    const Vector columns = table.colwise().sum();
    const double all = table.sum();
    Matrix jacobian((r - 1) * (c - 1), r * c);
    for (Index j = 1; j < c; ++j) {
      for (Index i = 1; i < r; ++i) {
        Matrix slope = Matrix::Constant(r, c, rows(i) * columns(j) / (all * all));
        slope.row(i).array() -= columns(j) / all;
        slope.col(j).array() -= rows(i) / all;
        slope(i, j) += 1;
        jacobian.row((j - 1) * (r - 1) + i - 1) = slope.reshaped().transpose();
      }
    }
    return jacobian;
  };
  return smooth;
}

Status wald_test(const Sample& sample, const Crossing& table, TableStatistic statistic,
                 TableTest& test, const Progress& progress) {
  const Estimated totals = TRY(estimate(sample, *cell_totals(table.cell, table.cells()), progress));
  const Estimated gap = TRY(delta_method(totals, departures(table.r(), table.c())));
  const double x2 = TRY(wald(gap.value, gap.covariance, table.text()));
  const double numerator = table.departures();
  const bool adjusted = statistic == TableStatistic::kAdjWald;
  const double denominator = adjusted ? table.nu - numerator + 1 : table.nu;
  if (!(denominator > 0)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the {} needs more than {} degrees of freedom for the adjusted Wald "
                            "test, and the sample has {} in the base",
                            table.text(), numerator - 1, table.nu));
  }
  test.result.method =
      adjusted ? "Wald's test of association, adjusted" : "Wald's test of association";
  test.result.statistic_name = "F";
  test.result.statistic = adjusted ? x2 * denominator / (numerator * table.nu) : x2 / numerator;
  test.result.df = {numerator, denominator};
  test.result.p = f_tail(test.result.statistic, numerator, denominator);
  return {};
}

}  // namespace

std::string_view name_of(TableStatistic statistic) {
  return std::ranges::find(kNames, statistic, &decltype(kNames)::value_type::first)->second;
}

Result<TableStatistic> parse_table_statistic(std::string_view word) {
  for (const auto& [statistic, name] : kNames) {
    if (name == word) return statistic;
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' is no statistic of a table; known: F, Chisq, Wald, adjWald, "
                          "lincom, saddlepoint",
                          printable(word)));
}

Result<TableTest> table_test(const Sample& sample, const Dataset& data, const std::string& row,
                             const std::string& column, Domain domain, TableStatistic statistic,
                             const Progress& progress) {
  const Crossing table = TRY(crossing(sample, data, row, column, domain));
  TableTest test;
  test.row_levels = table.rows.labels;
  test.column_levels = table.columns.labels;
  const Vector totals = TRY(cell_totals(table.cell, table.cells())->value(sample.weights()));
  test.weighted = as_table(totals, table);
  test.observed = test.weighted * (table.n / totals.sum());
  test.expected = independent(test.observed);
  const bool wald = statistic == TableStatistic::kWald || statistic == TableStatistic::kAdjWald;
  TRY_DONE(wald ? wald_test(sample, table, statistic, test, progress)
                : pearson(sample, table, statistic, test, progress));
  test.result.cases = table.complete;
  return test;
}

}  // namespace barometer
