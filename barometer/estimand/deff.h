// Design effects and effective bases.
//
//   deff = V / V_srs,  V_srs of a mean   S² (N - n)/(N n)   without replacement (R: TRUE)
//                                        S² / n             with replacement (R: "replace")
//                            of a total  N² times that
// where S² is the population variance estimated as in spread.h, N = Σw and n the cases counted in
// the domain (in a linearised sample those with a weight). The deff of a ratio R = Σwy/Σwz is that
// of the total of (y - Rz)/Σwz. A proportion is the mean of 0 and 1. By domain, N and n are the
// domain's, as in R's svyby.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "barometer/sample/functional.h"

namespace barometer {

enum class SrsBase { kWithoutReplacement, kWithReplacement };

struct DesignEffect {
  std::optional<double> value;
  std::string reason;  // why there is none
};

// One a column of y, from the covariance of their means or totals as estimated in this domain.
// kInvalid: sizes that differ, a value in the domain that is not finite.
Result<std::vector<DesignEffect>> mean_design_effects(const Sample& sample, const Matrix& y,
                                                      Domain domain, const Matrix& covariance,
                                                      SrsBase base);
Result<std::vector<DesignEffect>> total_design_effects(const Sample& sample, const Matrix& y,
                                                       Domain domain, const Matrix& covariance,
                                                       SrsBase base);
// Of the ratios of the columns of y to those of z.
Result<std::vector<DesignEffect>> ratio_design_effects(const Sample& sample, const Matrix& y,
                                                       const Matrix& z, Domain domain,
                                                       SrsBase base);

// se / value, with the sign of the value; none at 0.
std::optional<double> coefficient_of_variation(double value, double se);
// (Σw)² / Σw² (Kish, "Survey Sampling", 1965, 11.7); none where every weight is 0.
std::optional<double> kish_effective_base(std::span<const double> weights, Domain domain);
// n / deff; none where deff is not above 0.
std::optional<double> effective_base(double n, double deff);

}  // namespace barometer
