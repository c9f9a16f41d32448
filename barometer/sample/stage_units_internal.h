// The units of a design stage by stage, each with its cases.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/design/design.h"

namespace barometer {

struct UnitStratum {
  std::vector<uint32_t> units;  // in the order of their first case
  double population = 0;        // may be infinite
  double unsampled = 1;         // (N-n)/N
};

// Units of one stage with the strata they were drawn in. Stages count from 0.
struct StageUnits {
  std::vector<uint32_t> unit_of_case;
  std::vector<UnitStratum> strata;  // as Stage::strata
  size_t unit_count = 0;
};
StageUnits units_of_stage(const Design& design, size_t stage);

// The strata and units of every stage of a specification, whatever its population sizes, weights
// and rule for lonely units.
Result<Design> structure_of(DesignSpec spec);

}  // namespace barometer
