#include "barometer/chart/vega_lite.h"

#include <fmt/format.h>

#include "barometer/chart/sheet_internal.h"

namespace barometer {
namespace {

constexpr double kTallest = 16'000;

Status draw(DrawingSheet& sheet) {
  switch (sheet.chart().kind) {
    case ChartKind::kPie:
      return draw_pie(sheet);
    case ChartKind::kDiverging:
      return draw_diverging(sheet);
    case ChartKind::kTrend:
      return draw_trend(sheet);
    case ChartKind::kStacked:
    case ChartKind::kShare:
      return draw_stacks(sheet);
    case ChartKind::kHeat:
      return draw_heat(sheet);
    case ChartKind::kTiles:
      return draw_tiles(sheet);
    case ChartKind::kBar:
    case ChartKind::kDot:
      return draw_rows(sheet);
  }
  CHECK(false, "a chart of no kind");
}

}  // namespace

Result<std::string> vega_lite_spec(const Chart& chart, const Theme& theme,
                                   const Typesetter& typesetter) {
  TRY_DONE(check(chart));
  DrawingSheet sheet(chart, theme, typesetter);
  sheet.heading();
  TRY_DONE(draw(sheet));
  sheet.footing();
  if (sheet.pen() > kTallest) {
    return fail(ErrorCode::kLimit,
                fmt::format("chart '{}' would be {:.0f} px tall, over {:.0f}: draw fewer rows",
                            chart.id, sheet.pen(), kTallest));
  }
  return sheet.specification().dump(1);
}

}  // namespace barometer
