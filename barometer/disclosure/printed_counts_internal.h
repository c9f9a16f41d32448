// Counts and sums of scores that a printed figure allows, as plain pairs.
#pragma once

#include <cstdint>
#include <utility>

#include "barometer/base/decimal.h"

namespace barometer {

std::pair<int64_t, int64_t> counts_printed_as(const Decimal& percent, int64_t base, Rounding rule);
std::pair<int64_t, int64_t> sums_printed_as(const Decimal& mean, int64_t base, Rounding rule);

}  // namespace barometer
