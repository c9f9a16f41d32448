// What a model says in the units of its response: predictions, predictive margins, effects.
//
//   predicted    g(xβ) at stated covariates
//   mean at v    Σ w_i μ(x_i with the variable at v) / Σ w_i     over the model's cases
//                (predictive margins: Graubard & Korn, Biometrics 55, 1999; R's svypredmeans)
//   effect       Σ w_i m_i / Σ w_i with m_i = dμ_i/dv of a number v, or μ_i at a category less
//                μ_i at the base (average marginal effect)
// A derivative is that of every column the variable is in, found by central differences of fourth
// order in the columns (exact for powers up to 4; about 1e-11 relative for log).
//
// Three variances:
//   kCovariatesFixed  G V(β) Gᵀ, the cases taken as they are (Stata's margins)
//   kSummed           that, and the variance of the mean over cases with β known (svypredmeans)
//   kJoint            of the whole as a function of the weights, with the covariance of the two
//                     parts (Graubard & Korn; Stata's vce(unconditional)); replicates fit again
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "barometer/model/glm.h"

namespace barometer {

// A number, or the label of a category.
using CovariateValue = std::variant<double, std::string>;
using CovariatePoint = std::map<std::string, CovariateValue>;  // by variable id

enum class PredictionScale { kLink, kResponse };
enum class MarginVariance { kCovariatesFixed, kSummed, kJoint };

struct Margins {
  std::vector<std::string> labels;
  Estimated estimated;  // df: of the design
};

// `data` is what the model was fitted to. kInvalid: a variable of the right side without a value, a
// name it does not hold, a category or level that no case of the model has, a value for which a
// column has none.
Result<Margins> predict_at(const GlmFit& fit, const Dataset& data,
                           const std::vector<CovariatePoint>& points, PredictionScale scale);

// The mean prediction were every case at each of the values; no values: at each category of the
// variable. kInvalid: as predict_at; no values for a variable that is a number.
Result<Margins> marginal_means(const Sample& sample, const Dataset& data, const GlmFit& fit,
                               const std::string& variable, std::vector<CovariateValue> values,
                               MarginVariance variance = MarginVariance::kSummed,
                               const Progress& progress = Progress());

// Of a number one effect, labelled with its name; of categories each against the first.
// kInvalid: as predict_at; a number that the model takes as categories (use average_change).
Result<Margins> average_effects(const Sample& sample, const Dataset& data, const GlmFit& fit,
                                const std::string& variable,
                                MarginVariance variance = MarginVariance::kCovariatesFixed,
                                const Progress& progress = Progress());

// The mean change of the prediction between two values.
Result<Margins> average_change(const Sample& sample, const Dataset& data, const GlmFit& fit,
                               const std::string& variable, const CovariateValue& from,
                               const CovariateValue& to,
                               MarginVariance variance = MarginVariance::kCovariatesFixed,
                               const Progress& progress = Progress());

}  // namespace barometer
