#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include "barometer/base/student_t.h"
#include "barometer/base/text.h"
#include "barometer/hypothesis/cells_internal.h"
#include "barometer/hypothesis/quadratic_form.h"

namespace barometer {
namespace {

using Eigen::Index;

enum class CellsAs { kTotals, kShares };

class Cells final : public Functional {
 public:
  Cells(std::vector<int32_t> cell, size_t cells, CellsAs as)
      : cell_(std::move(cell)), cells_(cells), as_(as) {
    for (const int32_t c : cell_) domain_.push_back(c >= 0 ? 1 : 0);
  }
  [[nodiscard]] size_t size() const override { return cells_; }
  [[nodiscard]] Domain domain() const& override { return domain_; }
  [[nodiscard]] Result<Vector> value(std::span<const double> weights) const override {
    Vector sums = totals(weights);
    if (as_ == CellsAs::kTotals) return sums;
    if (!(std::abs(sums.sum()) > 0)) {
      return fail(ErrorCode::kInvalid, "the weights in the base sum to 0");
    }
    return Vector(sums / sums.sum());
  }
  [[nodiscard]] Result<Matrix> influence(std::span<const double> weights,
                                         const Vector& value) const override {
    const bool shares = as_ == CellsAs::kShares;
    const double sum = shares ? totals(weights).sum() : 1;
    Matrix y = Matrix::Zero(static_cast<Index>(cell_.size()), static_cast<Index>(cells_));
    for (size_t i = 0; i < cell_.size(); ++i) {
      if (cell_[i] < 0) continue;
      const auto row = static_cast<Index>(i);
      if (shares) y.row(row) = -value.transpose() / sum;
      y(row, cell_[i]) += 1 / sum;
    }
    return y;
  }

 private:
  [[nodiscard]] Vector totals(std::span<const double> weights) const {
    Vector sums = Vector::Zero(static_cast<Index>(cells_));
    for (size_t i = 0; i < cell_.size(); ++i) {
      if (cell_[i] >= 0) sums(cell_[i]) += weights[i];
    }
    return sums;
  }

  std::vector<int32_t> cell_;
  size_t cells_;
  CellsAs as_;
  std::vector<uint8_t> domain_;
};

}  // namespace

Levels levels_within(const Levels& levels, const Sample& sample, Domain domain) {
  CHECK(levels.codes.size() == sample.case_count(), "data and sample have the same cases");
  CHECK(domain.empty() || domain.size() == sample.case_count(), "one byte of the base a case");
  std::vector<uint8_t> occurs(levels.labels.size(), 0);
  const auto counts = [&](size_t i) {
    return levels.codes[i] >= 0 && (domain.empty() || domain[i] != 0);
  };
  for (size_t i = 0; i < levels.codes.size(); ++i) {
    if (counts(i) && sample.weights()[i] != 0) occurs[static_cast<size_t>(levels.codes[i])] = 1;
  }
  Levels within;
  std::vector<int32_t> place(levels.labels.size(), -1);
  for (size_t level = 0; level < occurs.size(); ++level) {
    if (occurs[level] == 0) continue;
    place[level] = static_cast<int32_t>(within.labels.size());
    within.labels.push_back(levels.labels[level]);
  }
  for (size_t i = 0; i < levels.codes.size(); ++i) {
    within.codes.push_back(counts(i) ? place[static_cast<size_t>(levels.codes[i])] : -1);
  }
  return within;
}

Result<Levels> levels_of_group(const Formula& formula, const Dataset& data) {
  if (formula.terms().size() != 1) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' has {} terms after '~'; the groups are one variable",
                            printable(formula.text()), formula.terms().size()));
  }
  const std::string& term = formula.terms().front();
  const std::string side = term.starts_with("factor(") ? term : "factor(" + term + ")";
  return TRY(Formula::parse(side + " ~ 1")).response_levels(data);
}

std::vector<uint8_t> known_in(Domain domain, std::span<const int32_t> codes) {
  std::vector<uint8_t> mask;
  for (size_t i = 0; i < codes.size(); ++i) {
    mask.push_back(codes[i] >= 0 && (domain.empty() || domain[i] != 0) ? 1 : 0);
  }
  return mask;
}

std::vector<uint8_t> known_in(Domain domain, std::span<const double> numbers) {
  std::vector<uint8_t> mask;
  for (size_t i = 0; i < numbers.size(); ++i) {
    mask.push_back(std::isfinite(numbers[i]) && (domain.empty() || domain[i] != 0) ? 1 : 0);
  }
  return mask;
}

size_t count_of(Domain mask) {
  return static_cast<size_t>(std::ranges::count_if(mask, [](uint8_t in) { return in != 0; }));
}

Status check_size(const std::string& what, size_t cells, size_t case_count) {
  constexpr size_t kMaxCells = 1000, kMaxInfluences = size_t{1} << 29;
  if (cells <= kMaxCells && cells * case_count <= kMaxInfluences) return {};
  return fail(ErrorCode::kLimit,
              fmt::format("the {} has {} cells for {} cases; at most {} cells, and {} over all "
                          "cases, are tested",
                          what, cells, case_count, kMaxCells, kMaxInfluences));
}

FunctionalPtr cell_totals(std::vector<int32_t> cell, size_t cells) {
  return std::make_shared<Cells>(std::move(cell), cells, CellsAs::kTotals);
}

FunctionalPtr cell_shares(std::vector<int32_t> cell, size_t cells) {
  return std::make_shared<Cells>(std::move(cell), cells, CellsAs::kShares);
}

Result<double> enough_df(const Sample& sample, Domain domain, double df) {
  if (df > 0) return df;
  return fail(ErrorCode::kInvalid,
              fmt::format("the sample has {} degrees of freedom in the base ({}), which leaves {} "
                          "for the test; it needs more than 0",
                          sample.df(domain), sample.df_rule(), df));
}

Status check_level(double level) {
  if (level > 0 && level < 1) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("the confidence level {} is not between 0 and 1", level));
}

Result<TestResult> t_result(const TQuestion& question) {
  if (!(question.se > 1e-14 * question.size)) {
    return fail(ErrorCode::kInvalid, fmt::format("the {} has no sampling variance (its standard "
                                                 "error is 0), so there is nothing to test it by",
                                                 question.what));
  }
  TestResult result;
  result.statistic_name = "t";
  result.statistic = (question.estimate - question.null) / question.se;
  result.df = {question.df};
  result.p = t_two_sided(result.statistic, question.df);
  result.estimate = question.estimate;
  result.se = question.se;
  const double reach = t_quantile(question.level, question.df) * question.se;
  result.interval =
      TestInterval{question.estimate - reach, question.estimate + reach, question.level};
  return result;
}

Result<double> wald(const Vector& x, const Matrix& v, const std::string& what) {
  const auto singular = [&] {
    return fail(ErrorCode::kInvalid,
                fmt::format("the covariance of the {} is singular: there are too few sampled units "
                            "to tell so many departures apart, or some never vary",
                            what));
  };
  const Vector diagonal = v.diagonal();
  if (!(diagonal.minCoeff() > 0)) return singular();
  const Vector scale = diagonal.cwiseSqrt().cwiseInverse();
  const Matrix correlation = scale.asDiagonal() * v * scale.asDiagonal();
  const Eigen::SelfAdjointEigenSolver<Matrix> spectrum(correlation, Eigen::EigenvaluesOnly);
  if (!(spectrum.eigenvalues()(0) > 1e-12 * spectrum.eigenvalues()(x.size() - 1))) {
    return singular();
  }
  const Vector scaled = scale.cwiseProduct(x);
  return scaled.dot(correlation.ldlt().solve(scaled));
}

}  // namespace barometer
