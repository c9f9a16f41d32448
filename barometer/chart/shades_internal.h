// Figures as classes of colour: heat tables and tile maps.
#pragma once

#include <string>
#include <vector>

#include "barometer/chart/sheet_internal.h"

namespace barometer {

// The cuts the chart gives, or round ones: at most four sequential, or up to three pairs at equal
// steps from the middle.
std::vector<double> shade_cuts(const Chart& chart);

// The number a reader sees ("63%", "[42]", "-5"), which may be rounded; else the value.
double shown_number(std::string_view printed, double value);

// 0 below the first cut, 1 from the first cut on, ...
size_t shade_class(const std::vector<double>& cuts, double number);

// A colour and words for each class; kInvalid when the theme has fewer classes.
Result<std::vector<KeyEntry>> shade_key(const Chart& chart, const Theme& theme);

}  // namespace barometer
