// Calibration: weights as near as can be to the old ones that meet known totals of auxiliary
// variables x (columns of a model matrix), Σ w_i' x_i = X.
//
//   w_i' = w_i g_i,   g_i = F(x_iᵀλ / σ²_i)
// Deville & Särndal, JASA 87 (1992). F is 1 + u cut to the bounds (linear; without bounds this is
// the generalised regression estimator), exp u cut to the bounds (raking), or the logistic curve
// between the bounds (logit). λ is found by Newton's method from 0, with halved steps where F has
// no value, until each total is met within epsilon (1 + |X|), as in R survey's calibrate and grake.
//
// What is left of weight × influence is w_i g_i times the residual of the influence in its
// regression on x by the old weights (over σ²). For distances other than the linear without bounds
// the residual leaves σ² out, as R does. Replicates are calibrated to the same totals, each from
// λ = 0.
//
// With `aggregate`, x and the weights are replaced by their means within the clusters, so that all
// cases of a cluster get one g (R's aggregate.stage): as households or organisations need it.
#pragma once

#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/data/dataset.h"
#include "barometer/formula/formula.h"
#include "barometer/weights/margins.h"
#include "barometer/weights/report.h"

namespace barometer {

enum class CalibrationDistance { kLinear, kRaking, kLogit };
std::string_view name_of(CalibrationDistance distance);  // "linear", "raking", "logit"
Result<CalibrationDistance> parse_calibration_distance(std::string_view word);

struct CalibrateOptions {
  CalibrationDistance distance = CalibrationDistance::kLinear;
  // Of g; the logit distance needs both, with lower < 1 < upper.
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
  double epsilon = 1e-7;
  size_t max_iterations = 50;
  bool force = false;                    // keep weights that miss the totals; the step says so
  std::vector<std::string> aggregate{};  // variables whose crossing names the clusters
  std::string variance{};                // a number above 0 for each case: σ²; none: 1
};

// `population` has a total for each column of the formula's model matrix, by R's names:
// "(Intercept)" is the number of cases, "stypeH" those of category H. Cases with weight 0 keep it.
// kInvalid, one sentence: a column without total or a total without column; missing values; a
// column of zeros whose total is not 0; a column that others determine (named, by a QR
// decomposition with column pivoting); totals that are not met (names the worst, and by how much).
// Negative weights are kept, and told.
Result<Weighted> calibrate(const Sample& sample, const Dataset& data, const Formula& formula,
                           const std::map<std::string, double>& population,
                           const CalibrateOptions& options = {});

// Totals for a formula ~ a + b + a:b … from margins of counts: "(Intercept)" from the first, the
// columns of each margin's variables from its populations. kInvalid: shares, a variable of the
// formula in no margin, a column that is no category of a margin (numbers), an interaction.
Result<std::map<std::string, double>> totals_of_margins(const Formula& formula, const Dataset& data,
                                                        const std::vector<Margin>& margins);

}  // namespace barometer
