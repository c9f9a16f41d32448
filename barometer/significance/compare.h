// Tests between two columns of one row of a table, by four conventions. docs/significance.md has a
// worked number for each, and what each gets wrong.
//
// Of column j: p a share, m a mean, w = Σw, e = w² / Σw² (Kish), S = Σw(y - m)²; o: of the cases in
// both columns.
//
// kDesign   t = (a - b) / √(V(a) + V(b) - 2 cov(a, b)), design-based, with the design's df: the
//           contrast of two domains (Särndal, Swensson & Wretman 1992, 5.8; R's svycontrast).
// kSpss     CTABLES COMPARETEST (IBM SPSS Statistics Algorithms 20, pp. 263-267, as the R package
//           expss cites it): weights count cases.
//           shares: z = (p1 - p2) / √(p(1 - p)(1/w1 + 1/w2 - 2 wo/(w1 w2))), p = (w1 p1 + w2 p2) /
//           (w1 + w2); a column with a share of 0 or 1 is not tested.
//           means: t = (m1 - m2) / √(s²(1/w1 + 1/w2 - 2 wo/(w1 w2))). MEANSVARIANCE=ALLCATS, the
//           first keyword of IBM's syntax and so taken as its default: s² = ΣS / (Σw - k) over the
//           k columns of the group, df its divisor. TESTEDCATS, and always in groups that overlap:
//           over the two columns, df = w1 + w2 - wo - 2.
// kQuantum  Quantum's special T statistics (UNICOM Quantum 6, User Guide, "T-test on column
//           proportions", "Formulae"; Q wiki, "Quantum Column Proportions/Means Test").
//           shares: t = (p1 - p2) / √(p(1 - p)(1/e1 + 1/e2 - 2 r eo/(e1 e2))(e1 + e2)/(e1 + e2 -
//           1)) means: t = (m1 - m2) / √(s²(1/e1 + 1/e2 - 2 r eo/(e1 e2))), s² = (S1 + S2) / (w1 -
//           w1/e1 + w2 - w2/e2), which has w/e for Σw²/w. df = e1 + e2 - eo - 1 for both (UNICOM,
//           "Statistical tests compared to Quantum"). r is 1, but in grids. Columns with the same
//           value are not tested.
// kQ        Q's and Displayr's defaults for independent columns (Q wiki, "Independent Sample Tests
// -
//           Comparing Two Proportions", Proportions = Non-parametric; "Independent Complex Samples
//           t-Test - Comparing Two Means").
//           shares, not weighted: Pearson's X² of the 2x2 table, 1 df.
//           shares, weighted: Second Order Rao-Scott Test of Independence, F = X²/δ with 1 and n -
//           1 df, X² = n (p11 p22 - p12 p21)² / (row and column totals), p_j the weighted share of
//           cell j in the table, δ = n²/(n - 1) Σ_j (Σw² in j) / p_j² / (w² Σ_j 1/p_j): the design
//           effect of the log odds ratio for weights alone, as R's svychisq with ids = ~1.
//           means: t = (m1 - m2) / √(v1 + v2), v = n/(n - 1) Σw²(y - m)² / w², Welch's df with n
//           - 1. Printed as t: the root of F or X² with its sign. Columns that overlap are not
//           tested.
//
// All are two-sided. Every figure is of finite numbers; what cannot be tested has a reason.
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "barometer/significance/convention.h"

namespace barometer {

// Sums over the cases in the base of one row in one column; they add up over cells and strata. Of a
// share y is 1 with the answer and else 0.
struct ColumnSums {
  double n = 0, w = 0, ww = 0;  // cases, Σw, Σw²
  double wy = 0, wyy = 0;       // Σwy, Σwy²
  double wwy = 0, wwyy = 0;     // Σw²y, Σw²y²

  ColumnSums& operator+=(const ColumnSums& other);
};

// What a convention may look at of one row in one column.
struct ColumnFigure {
  double value = 0;  // share 0 … 1, or a mean
  bool share = true;
  double n = 0;               // unweighted base
  double weighted_base = 0;   // Σw
  double effective_base = 0;  // (Σw)² / Σw²
  double variance = 0;        // means: Σw(y - ȳ)² / Σw; each convention has its own divisor
  double wwy = 0, wwyy = 0;   // Σw²y, Σw²y²: kQ with weights
  double se = 0;              // design-based: kDesign
  double df = std::numeric_limits<double>::infinity();  // of the design
};
// All but `se` and `df`. Without cases all is 0.
ColumnFigure figure_of(const ColumnSums& sums, bool share);

// Cases in both columns (multiple response, a column and its total).
struct Overlap {
  double n = 0, weighted_base = 0;
  double effective_base = 0;  // (Σw)² / Σw² of those in both
  double covariance = 0;      // design-based, of the two values; also without cases in both
  // kQuantum in grids, where a case has another answer in each column: of the two answers, over the
  // cases in both.
  double correlation = 1;
};

struct Comparison {
  double difference = 0, se = 0, statistic = 0, df = 0, p = 1;  // df infinite: normal
  std::string reason{};  // why there is no test; then only the difference is set
};

// A variance over the columns of a group, for kSpss.
struct PooledVariance {
  double variance = 0, df = 0;
};
std::optional<PooledVariance> pooled_variance(std::span<const ColumnFigure> columns);

// `pooled`: over all columns of the group; without it over the two (TESTEDCATS).
Comparison compare(Convention convention, const ColumnFigure& a, const ColumnFigure& b,
                   const Overlap& overlap,
                   const std::optional<PooledVariance>& pooled = std::nullopt);

}  // namespace barometer
