// The cases, levels and cells that the tests of this module read.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "barometer/formula/formula.h"
#include "barometer/hypothesis/test_result.h"
#include "barometer/sample/functional.h"

namespace barometer {

// Levels that occur in the domain with a weight other than 0; the code of all other cases is -1.
Levels levels_within(const Levels& levels, const Sample& sample, Domain domain);
// Levels of what stands after '~', as factor() makes them. kInvalid unless it is one term.
Result<Levels> levels_of_group(const Formula& formula, const Dataset& data);

// 1 where the codes are ≥ 0 / the numbers are there, inside the domain.
std::vector<uint8_t> known_in(Domain domain, std::span<const int32_t> codes);
std::vector<uint8_t> known_in(Domain domain, std::span<const double> numbers);
size_t count_of(Domain mask);

// kLimit: more cells than 1,000, or more influence values than 2^29; `what` names the table.
Status check_size(const std::string& what, size_t cells, size_t case_count);
// Weight sums of cells, or their shares of the whole. `cell` is one a case: -1 outside.
FunctionalPtr cell_totals(std::vector<int32_t> cell, size_t cells);
FunctionalPtr cell_shares(std::vector<int32_t> cell, size_t cells);

// df, if above 0; else kInvalid with what is missing: "… leaves -1 degrees of freedom …".
Result<double> enough_df(const Sample& sample, Domain domain, double df);
Status check_level(double level);

// Statistic, p and interval of estimate / se against t with `df`. kInvalid where se is 0 within
// rounding of `size`, the magnitude of what was averaged; `what` names it.
struct TQuestion {
  double estimate = 0, null = 0, se = 0, df = 0, level = 0.95, size = 0;
  std::string what;
};
Result<TestResult> t_result(const TQuestion& question);

// xᵀ V⁻¹ x. kInvalid where V is singular (by its correlations); `what` names it.
Result<double> wald(const Vector& x, const Matrix& v, const std::string& what);

}  // namespace barometer
