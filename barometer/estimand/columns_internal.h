// Levels as estimands write them.
#pragma once

#include <string_view>

#include "barometer/formula/formula.h"

namespace barometer {

// Of "x", "`x`" or "factor(x)". kInvalid: open text without factor(), several answers a case, over
// 1000 levels. kNotFound.
Result<Levels> levels_written(const Dataset& data, std::string_view written);

}  // namespace barometer
