// Which cases an estimate is of.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "barometer/data/expression.h"

namespace barometer {

// All, those for which an expression is true, or those with a byte of 1.
struct CaseFilter {
  std::optional<Expression> where = std::nullopt;
  std::span<const uint8_t> mask = {};  // a case, in case order; engines in memory only
};

}  // namespace barometer
