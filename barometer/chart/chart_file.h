// A chart as a JSON text, as a person or a program writes it:
//
//   {"id": "area-teams", "kind": "tiles", "title": "...", "subtitle": "...", "source": "...",
//    "unit": "%", "shades": {"scale": "sequential", "cuts": [40, 60, 80]},
//    "rows": [{"label": "Wessex", "short": "Wx", "place": [3, 6], "base": "n = 21",
//              "marks": [{"figure": "w3.wessex", "label": "Answered", "value": 62.5,
//                         "printed": "63%", "interval": [41.2, 80.1]}]}]}
//
// Kinds: pie bar diverging trend dot stacked share heat tiles. Also: note, alt, axis [low, high],
// bands, multi_response; of a row: group; of a mark: tone, new_wording; of shades: middle. A mark
// without "printed" shows its value, one without "figure" is called after its row and place
// ("2.1"), and a chart without "alt" lists its figures.
#pragma once

#include <string>
#include <string_view>

#include "barometer/base/result.h"
#include "barometer/chart/chart.h"

namespace barometer {

// kInvalid with the place ("rows[2].marks[0].value") of what is missing, unknown or of a wrong
// type, or as check(chart).
Result<Chart> parse_chart(std::string_view json);
// The same chart as text; parse_chart() of it gives an equal chart.
std::string chart_json(const Chart& chart);

// "pie", "bar", ...
std::string_view name_of(ChartKind kind);
Result<ChartKind> chart_kind_named(std::string_view name);

// "Title. Row, category 63%; ...": a text alternative of every figure.
std::string listed_figures(const Chart& chart);

}  // namespace barometer
