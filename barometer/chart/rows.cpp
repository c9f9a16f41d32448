// Charts whose rows go down the page: bars and dots.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "barometer/chart/sheet_internal.h"

namespace barometer {
namespace {

constexpr double kRowGap = 10;
constexpr double kLaneGap = 3;
constexpr double kLabelGap = 10;      // from a label to its bar
constexpr double kLabelShare = 0.42;  // of the picture, at most
constexpr double kValueGap = 5;       // from a bar to its figure
constexpr double kDotArea = 90;

struct Lane {
  const Row* row;
  const Mark* mark;
  double top;
};

// A chart of one row is a bar for each of its marks.
bool is_flat(const Chart& chart) { return chart.rows.size() == 1; }

std::vector<RowText> row_texts(const Chart& chart) {
  std::vector<RowText> texts;
  if (is_flat(chart)) {
    for (const auto& mark : chart.rows.front().marks) texts.push_back({mark.label, "", 1});
    return texts;
  }
  for (const auto& row : chart.rows) texts.push_back({row.label, row.base, row.marks.size()});
  return texts;
}

std::vector<Lane> lanes_of(const Chart& chart, const Theme& theme,
                           const std::vector<Span>& places) {
  std::vector<Lane> lanes;
  for (size_t r = 0; r < chart.rows.size(); ++r) {
    const Row& row = chart.rows[r];
    for (size_t m = 0; m < row.marks.size(); ++m) {
      const double top = is_flat(chart)
                             ? places[m].top
                             : places[r].top + static_cast<double>(m) * lane_pitch(theme);
      lanes.push_back({&row, &row.marks[m], top});
    }
  }
  return lanes;
}

// All values and interval ends; bars also need zero.
std::pair<double, double> extent(const Chart& chart) {
  const bool has_bars = chart.kind == ChartKind::kBar;
  double low = has_bars ? 0 : 1e300;
  double high = has_bars ? 0 : -1e300;
  for (const auto& row : chart.rows) {
    for (const auto& mark : row.marks) {
      if (!mark.value) continue;
      low = std::min({low, *mark.value, mark.lower.value_or(*mark.value)});
      high = std::max({high, *mark.value, mark.upper.value_or(*mark.value)});
    }
  }
  if (low > high) return {0, 1};  // nothing to draw
  return {low, high};
}

// The figure stands outside its bar, away from zero.
void put_value(DrawingSheet& sheet, const Lane& lane, const Scale& scale) {
  const Mark& mark = *lane.mark;
  const double middle = lane.top + sheet.theme().bar_height / 2;
  const double end = mark.upper ? std::max(*mark.upper, mark.value.value_or(0))
                                : mark.value.value_or(std::max(scale.low, 0.0));
  const bool leftwards = sheet.chart().kind == ChartKind::kBar && mark.value.value_or(0) < 0;
  const double gap = kValueGap + (sheet.chart().kind == ChartKind::kDot && mark.value ? 5 : 0);
  sheet.text_on_patch(scale.px(end) + (leftwards ? -gap : gap), middle, mark.printed, sheet.value(),
                      leftwards ? Align::kRight : Align::kLeft,
                      mark.value ? sheet.theme().ink : sheet.theme().muted,
                      fmt::format("{} (label {})", mark.printed, mark.figure_id));
}

Json bar_datum(const Lane& lane, const std::string& colour, double height) {
  return {{"row", lane.row->label},
          {"category", lane.mark->label},
          {"printed", lane.mark->printed},
          {"from", 0},
          {"to", *lane.mark->value},
          {"y", px_text(lane.top)},
          {"y2", px_text(lane.top + height)},
          {"fill", colour},
          {"description",
           fmt::format("{} (figure {})", described(*lane.row, *lane.mark), lane.mark->figure_id)}};
}

void draw_bars(DrawingSheet& sheet, const std::vector<Lane>& lanes, const Scale& scale,
               const std::vector<KeyEntry>& key) {
  Json bars = Json::array();
  for (const Lane& lane : lanes) {
    put_value(sheet, lane, scale);
    if (!lane.mark->value) continue;
    bars.push_back(bar_datum(lane, colour_of(key, lane.mark->label), sheet.theme().bar_height));
  }
  sheet.layer("bars", {{"type", "rect"}}, std::move(bars),
              {{"x", along("from", scale)},
               {"x2", second("to")},
               {"y", in_pixels("y")},
               {"y2", second("y2")},
               {"fill", as_is("fill")},
               {"description", {{"field", "description"}, {"type", "nominal"}}}});
}

void draw_dots(DrawingSheet& sheet, const std::vector<Lane>& lanes, const Scale& scale,
               const std::vector<KeyEntry>& key) {
  Json dots = Json::array();
  Json intervals = Json::array();
  for (const Lane& lane : lanes) {
    put_value(sheet, lane, scale);
    const Mark& mark = *lane.mark;
    if (!mark.value) continue;
    const double middle = px_text(lane.top + sheet.theme().bar_height / 2);
    const std::string& colour = colour_of(key, mark.label);
    Json datum = {
        {"row", lane.row->label},
        {"category", mark.label},
        {"printed", mark.printed},
        {"value", *mark.value},
        {"y", middle},
        {"fill", colour},
        {"description", fmt::format("{} (figure {})", described(*lane.row, mark), mark.figure_id)}};
    dots.push_back(std::move(datum));
    if (!mark.lower) continue;
    intervals.push_back({{"lower", *mark.lower},
                         {"upper", *mark.upper},
                         {"y", middle},
                         {"fill", colour},
                         {"description", fmt::format("{} (interval {})", described(*lane.row, mark),
                                                     mark.figure_id)}});
  }
  const Json description = {{"field", "description"}, {"type", "nominal"}};
  sheet.layer("intervals", {{"type", "rule"}, {"strokeWidth", 2}}, std::move(intervals),
              {{"x", along("lower", scale)},
               {"x2", second("upper")},
               {"y", in_pixels("y")},
               {"stroke", as_is("fill")},
               {"description", description}});
  sheet.layer("dots", {{"type", "point"}, {"filled", true}, {"opacity", 1}, {"size", kDotArea}},
              std::move(dots),
              {{"x", along("value", scale)},
               {"y", in_pixels("y")},
               {"fill", as_is("fill")},
               {"description", description}});
}

// One colour when the rows are the categories, else one for each category.
Result<std::vector<KeyEntry>> row_colours(const Chart& chart, const Theme& theme) {
  if (!is_flat(chart)) return category_colours(chart, theme);
  std::vector<KeyEntry> key;
  for (const auto& mark : chart.rows.front().marks) {
    key.push_back(
        {mark.label, mark.tone == "dont_know" ? theme.dont_know : theme.categories.front()});
  }
  return key;
}

}  // namespace

double lane_pitch(const Theme& theme) { return theme.bar_height + kLaneGap; }

double label_width(const DrawingSheet& sheet, const std::vector<RowText>& rows) {
  const Theme& theme = sheet.theme();
  if (theme.narrow()) return sheet.right() - sheet.left();
  double column = 0;
  for (const auto& row : rows) {
    column = std::max({column, sheet.text_width(row.label, sheet.body()),
                       sheet.text_width(row.base, sheet.small())});
  }
  return std::min(std::ceil(column), theme.width * kLabelShare);
}

double plot_left_of(const DrawingSheet& sheet, const std::vector<RowText>& rows) {
  return sheet.left() + (sheet.theme().narrow() ? 0 : label_width(sheet, rows) + kLabelGap);
}

RowColumn place_rows(DrawingSheet& sheet, const std::vector<RowText>& rows) {
  const Theme& theme = sheet.theme();
  const double column = label_width(sheet, rows);
  RowColumn out{.plot_left = plot_left_of(sheet, rows)};
  double top = sheet.pen();
  for (const auto& row : rows) {
    const auto label = sheet.balanced(row.label, sheet.body(), column);
    const auto base = sheet.wrapped(row.base, sheet.small(), column);
    const double label_height =
        static_cast<double>(label.size()) * DrawingSheet::line_height(sheet.body()) +
        static_cast<double>(base.size()) * DrawingSheet::line_height(sheet.small());
    const double lanes_height = static_cast<double>(row.lanes) * lane_pitch(theme) - kLaneGap;
    const double height =
        theme.narrow() ? label_height + 2 + lanes_height : std::max(label_height, lanes_height);
    const double label_top = theme.narrow() ? top : top + (height - label_height) / 2;
    const double below =
        sheet.lines(label, sheet.left(), label_top, sheet.body(), Align::kLeft, theme.ink);
    sheet.lines(base, sheet.left(), below, sheet.small(), Align::kLeft, theme.muted);
    const double lanes_top =
        theme.narrow() ? top + label_height + 2 : top + (height - lanes_height) / 2;
    out.lanes.push_back({lanes_top, lanes_top + lanes_height});
    out.grid.push_back({theme.narrow() ? lanes_top : top - kRowGap / 2,
                        theme.narrow() ? top + height : top + height + kRowGap / 2});
    top += height + kRowGap;
  }
  sheet.move_pen(top - kRowGap);
  return out;
}

Status draw_rows(DrawingSheet& sheet) {
  const Chart& chart = sheet.chart();
  const auto key = TRY(row_colours(chart, sheet.theme()));
  if (!is_flat(chart)) sheet.key(key);
  const RowColumn column = place_rows(sheet, row_texts(chart));
  const auto lanes = lanes_of(chart, sheet.theme(), column.lanes);
  double value_room = 0;
  bool leftwards = false;
  for (const Lane& lane : lanes) {
    value_room = std::max(value_room, sheet.text_width(lane.mark->printed, sheet.value()));
    leftwards = leftwards || lane.mark->value.value_or(0) < 0;
  }
  value_room += 2 * kValueGap + 2;
  const auto [lowest, highest] = extent(chart);
  const Axis axis = axis_for(chart, lowest, highest, sheet.theme().narrow() ? 4 : 5);
  const Scale scale{.low = axis.low,
                    .high = axis.high,
                    .from_px = column.plot_left + (leftwards                ? value_room
                                                   : sheet.theme().narrow() ? 0.0
                                                                            : 8.0),
                    .to_px = sheet.right() - value_room};
  if (scale.to_px - scale.from_px < 40) {
    return fail(ErrorCode::kLimit, fmt::format("chart '{}' has no room for its bars in {} px",
                                               chart.id, sheet.theme().width));
  }
  sheet.x_axis(scale, axis.ticks, column.grid);
  if (chart.kind == ChartKind::kDot) {
    draw_dots(sheet, lanes, scale, key);
  } else {
    draw_bars(sheet, lanes, scale, key);
    for (const Span& span : column.grid) {
      sheet.rule(scale.px(0), span.top, scale.px(0), span.bottom, sheet.theme().ink, false);
    }
  }
  return {};
}

}  // namespace barometer
