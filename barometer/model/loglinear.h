// Log-linear models of a table of proportions, and their comparison: R survey's svyloglin.
//
//   n π = exp(Xθ) for every combination of the categories, fitted by Poisson likelihood to n p̂,
// where p̂ are the estimated proportions and n the cases of the domain. With P = (diag π - ππᵀ)/n
//   Var(θ) = (XᵀPX)⁻¹ XᵀVX (XᵀPX)⁻¹ / n², V the design's covariance of p̂.
// Categories are coded by sum contrasts, R's contr.sum (names "a1", "a1:b2"); cases with a missing
// category count in n, as in R, but not in p̂.
//
// Comparison (Rao & Scott, Ann. Statist. 12, 1984; J. Am. Stat. Assoc. 76, 1981): with Z the larger
// model's further columns, made orthogonal to the smaller's under P, and P̂ that of p̂,
//   Δ = (ZᵀP̂Z)⁻¹ ZᵀVZ, with eigenvalues λ;
// G² = D₀ - D₁ (deviance) and X² = n Σ (π₁ - π₀)²/π₀ (score) are about Σ λ_j χ²_1.
#pragma once

#include <string>
#include <vector>

#include "barometer/data/dataset.h"
#include "barometer/formula/formula.h"
#include "barometer/sample/functional.h"
#include "barometer/sample/sample.h"

namespace barometer {

struct LoglinearFit {
  std::vector<std::string> variables{};
  std::vector<std::vector<std::string>> categories{};  // of each
  std::vector<std::string> terms{};
  std::vector<std::string> labels{};  // of the coefficients, without the intercept
  Estimated coefficients{};           // of them; df: of the design in the domain
  double intercept = 0;
  double deviance = 0;
  size_t n = 0;

  // Of the cells: every combination, the first variable running fastest.
  Matrix columns{};  // without the intercept
  Estimated proportions{};
  Vector fitted{};  // π
};

// kInvalid: a formula with a response, without intercept, with anything but variables of categories
// joined by + : *, or with an interaction whose parts are not all in the model; a variable of one
// category; a term that empty cells leave without a value, named. kLimit: over 2,000 cells, or 2^28
// cases × cells.
Result<LoglinearFit> fit_loglinear(const Sample& sample, const Dataset& data,
                                   const Formula& formula, Domain domain,
                                   const Progress& progress = Progress());

// P-values of one statistic.
struct RaoScottTails {
  double statistic = 0;
  double first_order = 0;   // χ² with the mean of λ divided out
  double second_order = 0;  // F with Satterthwaite's df: (Σλ)²/Σλ² and that times the design's
  // The same with Σ Δ_ij² in place of Σλ²: what R prints. It depends on the coding of the
  // categories; the two are equal for one column.
  double as_printed_by_r = 0;
  double saddlepoint = 0;  // of the score R's has the eigenvalues of Δ's lower triangle instead
  double integration = 0;  // exact
};

struct LoglinearTest {
  size_t df = 0;  // columns of Z
  std::vector<double> lambda{};
  RaoScottTails deviance{};
  RaoScottTails score{};
};
// kInvalid: models of other variables or cases, not nested, or equal; empty cells that leave no
// covariance to compare with; no degrees of freedom of the design, or no variance.
Result<LoglinearTest> compare_loglinear(const LoglinearFit& small, const LoglinearFit& large);

}  // namespace barometer
