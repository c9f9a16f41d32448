// What several estimands ask of the cases of a domain.
#pragma once

#include <span>
#include <string>

#include "barometer/base/student_t.h"
#include "barometer/sample/sample.h"

namespace barometer {

// Cases that count in n/(n-1) and in a design effect, as R survey counts them: of a linearised
// sample those with a weight, of a replicated one all of the domain.
size_t counted_cases(const Sample& sample, Domain domain);
// Σw over the domain, kept between 0 and the largest double.
double base_weight(std::span<const double> weights, Domain domain);

// kInvalid: another number of rows than cases, a domain of another length, or a value in the domain
// that is not finite (names the row, from 1).
Status check_measure(const Sample& sample, std::span<const double> y, Domain domain);
Status check_measures(const Sample& sample, const Matrix& y, Domain domain);
// kInvalid unless 0 < level < 1.
Status check_confidence(double level);

std::vector<uint8_t> mask_of(Domain domain);

}  // namespace barometer
