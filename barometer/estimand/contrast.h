// Any smooth function of estimates, with its covariance by the delta method.
//
//   api00 - api99        `E:api00` / H:api00        exp((a + b) / 2)        c(E = 1, H = -1)
//
// Names are the labels of the estimates. A bare name starts with a letter or "_" and goes on with
// letters, digits and _ . : = (stype=E, E:api00); any other label stands in `backticks`. c(…) is a
// linear combination, label = coefficient (in it a bare name has no "="). Operators + - * / ^ bind
// as in R, -a^2 is -(a^2), and ^ goes from the right. Functions: exp expm1 log log2 log10 log1p
// sqrt sin cos tan asin acos atan sinh cosh tanh logit expit. Depth at most 64, length at most
// 10,000.
//
// The derivatives are exact, by the chain rule along with the value (forward mode).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "barometer/sample/functional.h"

namespace barometer {

// One value an expression. kInvalid with column and a caret: what does not parse, a label that is
// used and that two estimates have. kNotFound: an unknown name, with the nearest label. value()
// then fails, kInvalid with a caret, where an expression has no value or no derivative (a division
// by 0, log(-1), sqrt(0)); a jacobian is asked for only where value() has one.
Result<Smooth> contrast_function(std::span<const std::string> labels,
                                 std::span<const std::string> expressions);
// Linear: one row of coefficients an output, one column an estimate.
Smooth linear_contrast(Matrix coefficients);

// R survey's svycontrast: J V Jᵀ, also of replicated samples. To make the function again in each
// replicate (svycontrast of a statistic with its replicates), estimate derived(…, the function).
Result<Estimated> contrast(const Estimated& estimated, std::span<const std::string> labels,
                           std::span<const std::string> expressions);

}  // namespace barometer
