// Is one variable associated with another, under the sample's design? And: are the shares of one
// variable those that were expected?
//
// Pearson's X² of the weighted table, scaled to n cases, is under independence Σ λ_j χ²_1 with λ
// the generalised design effects (Rao & Scott, JASA 76, 1981; Ann. Statist. 12, 1984):
//   kF            X² / Σλ against F(d, d·ν), d = (Σλ)²/Σλ²     the second-order correction; default
//   kChisq        X² / mean λ against χ² of (r-1)(c-1)          the first-order correction
//   kSaddlepoint  X² against Σ λ χ²_1 (over its F, d·ν), by saddlepoint
//   kLincom       the same, integrated exactly
//   kWald         Wald's test of the table's departures from independence, over F((r-1)(c-1), ν)
//   kAdjWald      the same, corrected for estimating the covariance from ν degrees of freedom
// (Thomas & Rao, JASA 82, 1987; Koch, Freeman & Freeman 1975.) All as R survey's svychisq: ν are
// the degrees of freedom of the base, missing answers included; with replicates the last two of the
// X² kind have an infinite denominator, and Wald's covariance is that of the replicated totals.
//
// Missing: a case needs both answers. Levels that do not occur in the base are left out. A cell
// without cases counts as 0; its λ come from the others.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/base/progress.h"
#include "barometer/data/dataset.h"
#include "barometer/hypothesis/quadratic_form.h"
#include "barometer/hypothesis/test_result.h"
#include "barometer/sample/sample.h"

namespace barometer {

enum class TableStatistic { kF, kChisq, kWald, kAdjWald, kLincom, kSaddlepoint };
// R's words: "F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint".
std::string_view name_of(TableStatistic statistic);
Result<TableStatistic> parse_table_statistic(std::string_view word);

struct TableTest {
  TestResult result;
  std::vector<std::string> row_levels, column_levels;
  Matrix weighted;            // sums of weights, rows × columns
  Matrix observed, expected;  // scaled to n, the cases of the base; `expected` under independence
  std::vector<double> deffs;  // λ, largest first; empty for Wald's
};

// kInvalid, with variable and level: a variable with fewer than two levels in the base, too many
// empty cells, a singular covariance, no degrees of freedom. kNotFound: an unknown variable.
Result<TableTest> table_test(const Sample& sample, const Dataset& data, const std::string& row,
                             const std::string& column, Domain domain,
                             TableStatistic statistic = TableStatistic::kF,
                             const Progress& progress = {});

struct ExpectedShare {
  std::string level;
  double share = 0;  // above 0; shares are taken in proportion
};

struct GoodnessOfFit {
  // "X-squared", on the scale of the estimated population; df of Satterthwaite's chi-square.
  TestResult result;
  double scale = 0;  // that chi-square is multiplied with, as R survey's svygofchisq
  std::vector<std::string> levels;
  Vector weighted, expected;   // sums of weights; what was expected of them
  std::vector<double> lambda;  // largest first
};

// Levels of `name` in the base must be among the expected; an expected level may be without cases.
Result<GoodnessOfFit> goodness_of_fit(const Sample& sample, const Dataset& data,
                                      const std::string& name,
                                      const std::vector<ExpectedShare>& expected, Domain domain,
                                      TailMethod method = TailMethod::kSatterthwaite,
                                      const Progress& progress = {});

}  // namespace barometer
