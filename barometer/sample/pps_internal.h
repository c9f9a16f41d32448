// What the variances of unequal probabilities share.
#pragma once

#include <string>
#include <vector>

#include "barometer/sample/pps.h"
#include "barometer/sample/stage_units_internal.h"

namespace barometer {

// kInvalid: not a number above 0 and at most 1.
Status check_probabilities(std::span<const double> probabilities, size_t case_count);

// The probability of each unit. kInvalid: it varies within a unit.
Result<std::vector<double>> unit_probabilities(const StageUnits& units,
                                               std::span<const double> of_cases, size_t stage);

// Row sums of x by unit.
Matrix unit_totals(const StageUnits& units, const Matrix& x);

// kInvalid when a variance is below 0 by more than rounding; `size` is Σ x² of each column.
Result<Matrix> checked_covariance(Matrix covariance, const Matrix& x, const char* estimator);

const char* name_of(JointEstimator estimator);  // "Horvitz-Thompson", "Yates-Grundy"

// -1/2 Σ Δ_ij (x_i - x_j)² from Σ Δ_ij x_i x_j and the row sums of Δ.
Matrix yates_grundy(Matrix horvitz_thompson, const Matrix& x, const Vector& row_sums);

}  // namespace barometer
