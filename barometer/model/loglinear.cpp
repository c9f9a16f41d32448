#include "barometer/model/loglinear.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <Eigen/Dense>

#include "barometer/base/text.h"
#include "barometer/hypothesis/quadratic_form.h"
#include "barometer/model/glm_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr size_t kMaxCells = 2000;
constexpr size_t kMaxIndicators = size_t{1} << 28;

struct Table {
  std::vector<std::string> variables;
  std::vector<std::vector<std::string>> categories;
  std::vector<int32_t> cell;  // of each case; -1 outside or missing
  size_t cells = 1;
};

// The variable's categories among the cases of the domain, and each case's place.
Result<Levels> levels_in(const Dataset& data, const std::string& name, Domain domain) {
  Levels levels = TRY(levels_of(data, name));
  std::vector<int32_t> place(levels.labels.size(), -1);
  for (size_t i = 0; i < levels.codes.size(); ++i) {
    if (!in_domain(domain, static_cast<Index>(i))) levels.codes[i] = -1;
    if (levels.codes[i] >= 0) place[static_cast<size_t>(levels.codes[i])] = 0;
  }
  Levels made;
  for (size_t k = 0; k < place.size(); ++k) {
    if (place[k] < 0) continue;
    place[k] = static_cast<int32_t>(made.labels.size());
    made.labels.push_back(levels.labels[k]);
  }
  for (const int32_t code : levels.codes) {
    made.codes.push_back(code < 0 ? -1 : place[static_cast<size_t>(code)]);
  }
  if (made.labels.size() < 2) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' has fewer than two categories among the cases", printable(name)));
  }
  return made;
}

Result<Table> table_of(const Dataset& data, const Formula& formula, Domain domain) {
  Table table;
  table.variables = formula.variables();
  table.cell.assign(data.case_count(), 0);
  for (const std::string& name : table.variables) {
    const Levels levels = TRY(levels_in(data, name, domain));
    for (size_t i = 0; i < table.cell.size(); ++i) {
      int32_t& cell = table.cell[i];
      if (cell >= 0) {
        cell =
            levels.codes[i] < 0 ? -1 : cell + static_cast<int32_t>(table.cells) * levels.codes[i];
      }
    }
    table.cells *= levels.labels.size();
    if (table.cells > kMaxCells || table.cells * data.case_count() > kMaxIndicators) {
      return fail(ErrorCode::kLimit, fmt::format("a table of {} cells or more for {} cases",
                                                 table.cells, data.case_count()));
    }
    table.categories.push_back(levels.labels);
  }
  return table;
}

// p̂ with the design's covariance.
Result<Estimated> proportions_of(const Sample& sample, const Table& table,
                                 const Progress& progress) {
  Matrix indicators =
      Matrix::Zero(static_cast<Index>(table.cell.size()), static_cast<Index>(table.cells));
  std::vector<uint8_t> known(table.cell.size(), 0);
  for (size_t i = 0; i < table.cell.size(); ++i) {
    if (table.cell[i] < 0) continue;
    indicators(static_cast<Index>(i), table.cell[i]) = 1;
    known[i] = 1;
  }
  return estimate(sample, *mean_of(std::move(indicators), std::move(known)), progress);
}

// The variables of each term, by index.
using TermVariables = std::vector<size_t>;

Result<std::vector<TermVariables>> terms_of(const Formula& formula) {
  const std::vector<std::string> names = formula.variables();
  std::vector<TermVariables> terms;
  for (const std::string& term : formula.terms()) {
    TermVariables parts;
    for (size_t at = 0; at <= term.size();) {
      const size_t end = std::min(term.find(':', at), term.size());
      const auto found = std::ranges::find(names, term.substr(at, end - at));
      if (found == names.end()) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' is no variable: a log-linear model takes variables of "
                                "categories, joined by +, : and *",
                                printable(term.substr(at, end - at))));
      }
      parts.push_back(static_cast<size_t>(found - names.begin()));
      at = end + 1;
    }
    std::ranges::sort(parts);
    terms.push_back(parts);
  }
  return terms;
}

// Every interaction's parts are in the model.
Status check_hierarchy(const std::vector<TermVariables>& terms,
                       const std::vector<std::string>& labels) {
  for (size_t t = 0; t < terms.size(); ++t) {
    if (terms[t].size() == 1) continue;
    for (const size_t left_out : terms[t]) {
      TermVariables part;
      std::ranges::copy_if(terms[t], std::back_inserter(part),
                           [&](size_t v) { return v != left_out; });
      if (std::ranges::count(terms, part) > 0) continue;
      return fail(ErrorCode::kInvalid,
                  fmt::format("'{}' is in the model without all of its parts; write *",
                              printable(labels[t])));
    }
  }
  return {};
}

double sum_contrast(size_t category, size_t column, size_t categories) {
  if (category == categories - 1) return -1;
  return category == column ? 1 : 0;
}

struct Coded {
  Matrix columns;
  std::vector<std::string> labels;
};

// Columns of each term for each cell: the products of its variables' sum contrasts.
Coded coded(const Table& table, const std::vector<TermVariables>& terms) {
  Coded made;
  std::vector<Vector> columns;
  for (const TermVariables& term : terms) {
    size_t count = 1;
    for (const size_t v : term) count *= table.categories[v].size() - 1;
    for (size_t c = 0; c < count; ++c) {
      Vector column = Vector::Ones(static_cast<Index>(table.cells));
      std::vector<std::string> label;
      size_t rest = c;
      for (const size_t v : term) {
        const size_t categories = table.categories[v].size();
        const size_t contrast = rest % (categories - 1);
        rest /= categories - 1;
        label.push_back(table.variables[v] + std::to_string(contrast + 1));
        size_t stride = 1;
        for (size_t before = 0; before < v; ++before) stride *= table.categories[before].size();
        for (size_t cell = 0; cell < table.cells; ++cell) {
          column(static_cast<Index>(cell)) *=
              sum_contrast(cell / stride % categories, contrast, categories);
        }
      }
      columns.push_back(column);
      made.labels.push_back(join(label, ":"));
    }
  }
  made.columns.resize(static_cast<Index>(table.cells), static_cast<Index>(columns.size()));
  for (size_t j = 0; j < columns.size(); ++j) made.columns.col(static_cast<Index>(j)) = columns[j];
  return made;
}

// (diag π - ππᵀ)/n
Matrix multinomial(const Vector& p, double n) {
  return (Matrix(p.asDiagonal()) - p * p.transpose()) / n;
}

Result<Vector> poisson_fit(const Coded& model, const Vector& counts, LoglinearFit& fit) {
  GlmData data;
  data.options.family = GlmFamily::kPoisson;
  data.options.link = GlmLink::kLog;
  data.columns = {"(Intercept)"};
  data.columns.insert(data.columns.end(), model.labels.begin(), model.labels.end());
  Matrix x(model.columns.rows(), model.columns.cols() + 1);
  x << Vector::Ones(x.rows()), model.columns;
  data.y = counts;
  data.spread = column_spread(x);
  const Vector ones = Vector::Ones(x.rows());
  data.basis = TRY(column_basis(x, ones, data.columns));
  const Vector theta = TRY(solve_glm(data, ones, Vector())).beta;
  const Vector eta = data.eta_of(theta);
  fit.intercept = theta(0);
  fit.deviance = glm_deviance(data, ones, eta);
  fit.fitted = eta.array().exp() / static_cast<double>(fit.n);
  return Vector(theta.tail(theta.size() - 1));
}

Status check_formula(const Formula& formula) {
  if (formula.has_response()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("a log-linear model has no response: '{}'", formula.text()));
  }
  if (!formula.has_intercept() || formula.terms().empty()) {
    return fail(ErrorCode::kInvalid, "a log-linear model has an intercept and at least one term");
  }
  return {};
}

// R's two-moment F test: `squares` is Σλ², or what stands for it.
double f_tail_of(double statistic, double sum, double squares, double design_df) {
  const double df = sum * sum / squares;
  return f_tail(statistic / sum, df, design_df * df);
}

Result<RaoScottTails> tails_of(double statistic, const LoglinearTest& test, const Matrix& delta,
                               double design_df) {
  double squares = 0;
  for (const double lambda : test.lambda) squares += lambda * lambda;
  const double sum = delta.trace();
  const auto columns = static_cast<double>(test.df);
  RaoScottTails tails;
  tails.statistic = statistic;
  tails.first_order = chi_square_tail(statistic * columns / sum, columns);
  tails.second_order = f_tail_of(statistic, sum, squares, design_df);
  tails.as_printed_by_r = f_tail_of(statistic, sum, delta.squaredNorm(), design_df);
  tails.saddlepoint = TRY(chi_square_sum_tail(statistic, test.lambda, TailMethod::kSaddlepoint));
  tails.integration = TRY(chi_square_sum_tail(statistic, test.lambda, TailMethod::kIntegration));
  return tails;
}

Status check_testable(const Matrix& delta, double design_df) {
  if (!(design_df > 0)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the design leaves {:.10g} degrees of freedom, and the comparison of "
                            "two models needs at least one",
                            design_df));
  }
  if (!(delta.trace() > 0)) {
    return fail(ErrorCode::kInvalid,
                "the larger model's further columns have no variance, so there is no test of them");
  }
  return {};
}

Status check_same_table(const LoglinearFit& small, const LoglinearFit& large) {
  if (small.variables != large.variables || small.categories != large.categories) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the models are of different tables: {} and {}",
                            join(small.variables, ", "), join(large.variables, ", ")));
  }
  const double apart = (small.proportions.value - large.proportions.value).cwiseAbs().maxCoeff();
  if (small.n != large.n || apart > 1e-12) {
    return fail(ErrorCode::kInvalid, "the models are of different cases");
  }
  if (small.labels.size() >= large.labels.size()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the smaller model has {} coefficients, the larger {}",
                            small.labels.size(), large.labels.size()));
  }
  for (const std::string& label : small.labels) {
    if (std::ranges::count(large.labels, label) > 0) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("the models are not nested: the larger has no '{}'", label));
  }
  return {};
}

}  // namespace

Result<LoglinearFit> fit_loglinear(const Sample& sample, const Dataset& data,
                                   const Formula& formula, Domain domain,
                                   const Progress& progress) {
  CHECK(data.case_count() == sample.case_count(), "the data are of the sample's cases");
  TRY_DONE(check_formula(formula));
  const std::vector<TermVariables> terms = TRY(terms_of(formula));
  TRY_DONE(check_hierarchy(terms, formula.terms()));
  const Table table = TRY(table_of(data, formula, domain));
  const Coded model = coded(table, terms);
  LoglinearFit fit;
  fit.n = sample.cases(domain);
  fit.variables = table.variables;
  fit.categories = table.categories;
  fit.terms = formula.terms();
  fit.labels = model.labels;
  fit.columns = model.columns;
  fit.proportions = TRY(proportions_of(sample, table, progress));
  const auto n = static_cast<double>(fit.n);
  fit.coefficients.value = TRY(poisson_fit(model, n * fit.proportions.value, fit));
  const Matrix& x = model.columns;
  const Matrix a = (x.transpose() * multinomial(fit.fitted, n) * x).llt().solve(x.transpose());
  fit.coefficients.covariance = a * fit.proportions.covariance * a.transpose() / (n * n);
  fit.coefficients.df = sample.df(domain);
  return fit;
}

Result<LoglinearTest> compare_loglinear(const LoglinearFit& small, const LoglinearFit& large) {
  TRY_DONE(check_same_table(small, large));
  const auto n = static_cast<double>(large.n);
  const Matrix p = multinomial(large.fitted, n);
  const Matrix& x = small.columns;
  Matrix extra(x.rows(), static_cast<Index>(large.labels.size() - small.labels.size()));
  Index at = 0;
  for (size_t j = 0; j < large.labels.size(); ++j) {
    if (std::ranges::count(small.labels, large.labels[j]) > 0) continue;
    extra.col(at++) = large.columns.col(static_cast<Index>(j));
  }
  const Matrix z = extra - x * (x.transpose() * p * x).llt().solve(x.transpose() * p * extra);
  const Matrix saturated = z.transpose() * multinomial(large.proportions.value, n) * z;
  if (weak_pivot(saturated) >= 0) {
    return fail(ErrorCode::kInvalid,
                "empty cells leave no covariance of the larger model's further columns");
  }
  const Matrix v = z.transpose() * large.proportions.covariance * z;
  const Matrix delta = saturated.llt().solve(v);
  const double df = large.coefficients.df;
  TRY_DONE(check_testable(delta, df));
  const Eigen::GeneralizedSelfAdjointEigenSolver<Matrix> solver(
      v, saturated, Eigen::EigenvaluesOnly | Eigen::Ax_lBx);
  LoglinearTest test;
  test.df = static_cast<size_t>(extra.cols());
  test.lambda.assign(solver.eigenvalues().begin(), solver.eigenvalues().end());
  std::ranges::reverse(test.lambda);
  const double score =
      n * ((large.fitted - small.fitted).array().square() / small.fitted.array()).sum();
  test.deviance = TRY(tails_of(small.deviance - large.deviance, test, delta, df));
  test.score = TRY(tails_of(score, test, delta, df));
  return test;
}

}  // namespace barometer
