// A chart as a Vega-Lite 6 specification: the same text draws the static picture and, in a
// browser with vega-embed, the interactive one.
//
// Positions of rows, keys and lines of text are worked out here, from real text widths; scales,
// axes and marks are Vega's. Every mark of a figure is described as "statement, category: 63%
// (figure ID)", its interval as "... (interval ID)", its visible label as "63% (label ID)".
#pragma once

#include <string>

#include "barometer/base/result.h"
#include "barometer/chart/chart.h"
#include "barometer/chart/theme.h"
#include "barometer/chart/typesetter.h"

namespace barometer {

// The same bytes for the same input. kInvalid as check(chart); kLimit when the picture would be
// over 16,000 px tall or the theme is too narrow to draw in.
Result<std::string> vega_lite_spec(const Chart& chart, const Theme& theme,
                                   const Typesetter& typesetter);

}  // namespace barometer
