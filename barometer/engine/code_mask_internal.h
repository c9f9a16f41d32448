// Conditions on codes, a look-up a case, without a pass through the general evaluation.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "barometer/data/bound_expression.h"
#include "barometer/engine/key_column_internal.h"

namespace barometer {

// 1 at each place of the design order where the condition is true. None when it asks for anything
// else than codes of one byte, joined by and, or, not. `key`: of the column at an index.
std::optional<std::vector<uint8_t>> code_mask(
    const BoundCondition& condition, size_t places,
    const std::function<std::shared_ptr<const KeyColumn>(size_t)>& key);

}  // namespace barometer
