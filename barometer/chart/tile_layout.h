// Where tiles stand, as a CSV file: name,short,column,row (from 0 at the top left), and a group.
#pragma once

#include <string_view>

#include "barometer/base/result.h"
#include "barometer/chart/chart.h"

namespace barometer {

// Gives each row of a tile map the place, short name and group that the layout has for its label.
// kInvalid when a row has none, naming the nearest, or when the layout is not such a table.
Result<Chart> placed(Chart chart, std::string_view layout_csv);

}  // namespace barometer
